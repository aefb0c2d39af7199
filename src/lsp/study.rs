//! One document examined: what `lint` would say of it, and what its names are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Setup;
use super::desk::{Desk, Drawn};
use super::names::{Names, Occurrence};
use crate::lint::{self, Plan};
use crate::model::Policy;
use crate::parse::{self, Bundle, NOT_A_POLICY};
use crate::source::{Diagnostic, FileId, SourceFile, Sources};

/// A document, everything that it draws in, and what there is to say about it.
#[derive(Debug)]
pub(super) struct Study {
    /// The files that were read for it.
    pub(super) sources: Sources,
    /// The document itself.
    pub(super) main: FileId,
    /// The names in it, and in what it draws in.
    pub(super) names: Names,
    /// Names of an earlier time, if it cannot be read any more: what is being written.
    pub(super) known: Names,
    /// The policy and what it is held against, if it is valid.
    pub(super) policy: Option<(Policy, Plan)>,
    /// What there is to say.
    pub(super) diagnostics: Vec<Diagnostic>,
    paths: BTreeMap<FileId, PathBuf>,
}

impl Study {
    /// Examines a document; some texts may be others than on the desk.
    pub(super) fn of(
        path: &Path,
        desk: &Desk,
        instead: &BTreeMap<PathBuf, String>,
        setup: &Setup<'_>,
    ) -> Self {
        let drawn = Drawn::new(path, desk, instead);
        let mut sources = Sources::default();
        let bundle = parse::load_from(&drawn, path, &mut sources);
        let (main, names) = (bundle.main.file, Names::of(&bundle));
        let is_ours = sources.file(main).is_some_and(|file| parse::looks_like_a_policy(file.text()));
        let mut study = Self {
            sources: Sources::default(),
            main,
            known: names.clone(),
            names,
            policy: None,
            diagnostics: Vec::new(),
            paths: BTreeMap::new(),
        };
        if is_ours {
            study.judge(bundle, &mut sources, setup);
        }
        study.paths = paths(&sources, &drawn.into_places());
        study.sources = sources;
        study
    }

    /// The same, with names of an earlier time where none can be read.
    pub(super) fn after(self, earlier: Option<Self>) -> Self {
        match earlier {
            Some(earlier) if self.names.is_empty() => Self { known: earlier.known, ..self },
            _ => self,
        }
    }

    fn judge(&mut self, mut bundle: Bundle, sources: &mut Sources, setup: &Setup<'_>) {
        if bundle.is_fragment() {
            bundle.diagnostics.retain(|diagnostic| diagnostic.code != NOT_A_POLICY);
            self.diagnostics = bundle.diagnostics;
            return;
        }
        let (lowered, plan) = (setup.lower)(bundle, sources);
        self.diagnostics = lowered.diagnostics;
        self.policy = lowered.policy.zip(plan);
        if let Some((policy, plan)) = &self.policy {
            self.diagnostics.extend(lint::lint(policy, plan, (setup.today)()));
        }
    }

    /// Where a file is.
    pub(super) fn path(&self, file: FileId) -> Option<&Path> {
        self.paths.get(&file).map(PathBuf::as_path)
    }

    /// Whether it drew in a file.
    pub(super) fn draws_in(&self, path: &Path) -> bool {
        self.paths.values().any(|drawn| drawn == path)
    }

    /// The document itself.
    pub(super) fn document(&self) -> Option<&SourceFile> {
        self.sources.file(self.main)
    }

    /// The name that stands at a byte of the document.
    pub(super) fn name_at(&self, byte: usize) -> Option<&Occurrence> {
        let is_here = |one: &&Occurrence| {
            let span = self.sources.span(one.site);
            one.site.file == self.main && span.start <= byte && byte <= span.end
        };
        self.names.iter().find(is_here)
    }
}

/// Where the files of a run are: the profiles among them nobody asked the desk for.
fn paths(sources: &Sources, places: &BTreeMap<String, PathBuf>) -> BTreeMap<FileId, PathBuf> {
    let path = |file: &SourceFile| {
        let known = places.get(file.path()).cloned();
        known.or_else(|| std::path::absolute(file.path()).ok()).unwrap_or_default()
    };
    sources.files().map(|(id, file)| (id, path(file))).collect()
}
