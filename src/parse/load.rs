//! Reads a policy and every file it draws in.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::policy::{Parsed, Part};
use super::{AddressTerm, Bundle, Document, address_list, did_you_mean_file, recognise, waiver};
use crate::source::{
    self, Astray, Diagnostic, Files, LARGEST_FILE, Place, ReadError, SourceFile, Sources, Spanned, quoted,
};

/// How deep files may include each other.
const DEEPEST_INCLUDE: usize = 16;

/// The reading of one policy.
pub(super) struct Loader<'s> {
    sources: &'s mut Sources,
    files: &'s dyn Files,
    /// The files that led to the one being read, the policy first.
    chain: Vec<PathBuf>,
    seen: BTreeSet<PathBuf>,
    /// Address files by their place, with their length.
    lists: BTreeMap<PathBuf, (u64, Vec<Spanned<AddressTerm>>)>,
    /// How many more bytes may be drawn in, each file counted as often as it is asked for.
    budget: u64,
    included: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl<'s> Loader<'s> {
    /// Reads the policy in a file.
    pub(super) fn file(path: &Path, files: &'s dyn Files, sources: &'s mut Sources) -> Bundle {
        let place = files.place(path);
        match files.read(&place) {
            Ok(bytes) => Self::bytes(&place, bytes, files, sources),
            Err(error) => {
                let file = sources.add(SourceFile::new(place.shown.clone(), String::new(), None));
                let site = source::Site::bytes(file, 0..0);
                let title = format!("cannot read `{}`: {error}", place.shown);
                let problem = with_help(Diagnostic::error(error.code(), site, title), error.help());
                let problem = with_nearest(problem, &error, Path::new(""), path);
                Bundle {
                    main: Document::empty(file, site),
                    included: Vec::new(),
                    diagnostics: vec![problem],
                    seen: BTreeSet::new(),
                }
            }
        }
    }

    /// Reads the policy in bytes that stand, or would stand, in a file of that place.
    pub(super) fn bytes(
        place: &Place,
        bytes: Vec<u8>,
        files: &'s dyn Files,
        sources: &'s mut Sources,
    ) -> Bundle {
        let mut loader = Self::new(place, BTreeSet::new(), files, sources);
        let main = loader.whole(place, bytes, Part::Policy);
        loader.sort();
        let Self { included, diagnostics, seen, .. } = loader;
        Bundle { main, included, diagnostics, seen }
    }

    /// Reads a file of expectations into a bundle. It has a project of its own.
    pub(super) fn expectations(
        bundle: &mut Bundle,
        place: &Place,
        bytes: Vec<u8>,
        files: &'s dyn Files,
        sources: &'s mut Sources,
    ) {
        let mut loader = Self::new(place, std::mem::take(&mut bundle.seen), files, sources);
        if loader.seen.insert(place.real.clone()) {
            let document = loader.whole(place, bytes, Part::Expectations);
            loader.included.push(document);
            loader.sort();
        }
        bundle.seen = loader.seen;
        bundle.included.append(&mut loader.included);
        bundle.diagnostics.append(&mut loader.diagnostics);
    }

    /// Ready to read the file that somebody asked for, having seen others.
    fn new(place: &Place, seen: BTreeSet<PathBuf>, files: &'s dyn Files, sources: &'s mut Sources) -> Self {
        Self {
            sources,
            files,
            chain: vec![place.real.clone()],
            seen,
            lists: BTreeMap::new(),
            budget: LARGEST_FILE,
            included: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Reads the file that somebody asked for, and everything that it draws in.
    fn whole(&mut self, place: &Place, bytes: Vec<u8>, part: Part) -> Document {
        let Parsed { mut document, includes, lists, .. } = self.parse(place, bytes, part);
        self.fill(place, &mut document, lists);
        for path in &includes {
            self.include(place, path);
        }
        document
    }

    /// Puts what was wrong in the order of the files.
    fn sort(&mut self) {
        let sources = &*self.sources;
        self.diagnostics.sort_by_cached_key(|problem| {
            (problem.primary.site.file, sources.span(problem.primary.site).start)
        });
    }

    /// Reads one file, without what it draws in.
    fn parse(&mut self, place: &Place, bytes: Vec<u8>, part: Part) -> Parsed {
        let (text, unreadable) = source::decode(bytes);
        let file = SourceFile::new(place.shown.clone(), text, None).with_reference(place.reference.clone());
        if let Some(problem) = unreadable {
            let id = self.sources.add(file);
            self.diagnostics.push(problem.diagnostic(id));
            return Parsed::nothing(id);
        }
        if let Some(language) = recognise::ruleset(file.text()).filter(|_| part == Part::Policy) {
            let id = self.sources.add(file);
            self.diagnostics.push(ruleset(id, language));
            return Parsed::nothing(id);
        }
        let (id, mut problems) = self.sources.add_yaml(file);
        let tree = self.sources.file(id).and_then(SourceFile::tree);
        let mut parsed = tree.map_or_else(|| Parsed::nothing(id), |tree| Parsed::of(id, tree, part));
        let text = self.sources.file(id).map(SourceFile::text).unwrap_or_default();
        let comments = tree.map(|tree| waiver::in_comments(id, text, tree));
        parsed.document.waivers.extend(comments.unwrap_or_default());
        self.diagnostics.append(&mut problems);
        self.diagnostics.append(&mut parsed.problems);
        parsed
    }

    /// Adds the lines of address files to the networks that ask for them.
    fn fill(&mut self, place: &Place, document: &mut Document, lists: Vec<(usize, Spanned<String>)>) {
        for (index, path) in lists {
            let addresses = self.list(place, &path);
            if let (Some(mut addresses), Some(network)) = (addresses, document.networks.get_mut(index)) {
                network.addresses.append(&mut addresses);
            }
        }
    }

    fn list(&mut self, from: &Place, path: &Spanned<String>) -> Option<Vec<Spanned<AddressTerm>>> {
        let place = self.resolve(from, path)?;
        if let Some((length, known)) = self.lists.get(&place.real) {
            let (length, known) = (*length, known.clone());
            return self.charge(length, path).then_some(known);
        }
        let bytes = self.read(&place, path)?;
        let length = bytes.len() as u64;
        let (text, unreadable) = source::decode(bytes);
        let file = SourceFile::new(place.shown, text, None).with_reference(place.reference);
        let id = self.sources.add(file);
        if let Some(problem) = unreadable {
            self.diagnostics.push(problem.diagnostic(id));
            return None;
        }
        let text = self.sources.file(id).map(SourceFile::text).unwrap_or_default();
        let (addresses, mut problems) = address_list::addresses(id, text);
        if addresses.is_empty() && problems.is_empty() {
            let title = format!("{} holds no addresses", quoted(&path.value));
            problems.push(
                Diagnostic::error("empty-list", path.site, title)
                    .help("an empty file means nothing, not everything: fill it, or delete the line"),
            );
        }
        self.diagnostics.append(&mut problems);
        self.lists.insert(place.real, (length, addresses.clone()));
        Some(addresses)
    }

    /// Reads a fragment and what it includes, unless it was read before.
    fn include(&mut self, from: &Place, path: &Spanned<String>) {
        let Some(place) = self.resolve(from, path) else { return };
        if self.chain.contains(&place.real) {
            let title = format!("`{}` includes itself", place.shown);
            let help = "take the line out of one of the files";
            self.diagnostics.push(Diagnostic::error("include-cycle", path.site, title).help(help));
            return;
        }
        if self.chain.len() > DEEPEST_INCLUDE {
            let title = format!("files include each other more than {DEEPEST_INCLUDE} levels deep here");
            let help = "include the file that is needed from the policy itself";
            self.diagnostics.push(Diagnostic::error("too-deep", path.site, title).help(help));
            return;
        }
        if self.seen.insert(place.real.clone()) {
            self.fragment(&place, path);
        }
    }

    fn fragment(&mut self, place: &Place, path: &Spanned<String>) {
        let Some(bytes) = self.read(place, path) else { return };
        let Parsed { mut document, includes, lists, .. } = self.parse(place, bytes, Part::Fragment);
        self.fill(place, &mut document, lists);
        self.included.push(document);
        self.chain.push(place.real.clone());
        for path in &includes {
            self.include(place, path);
        }
        self.chain.pop();
    }

    /// The file of the project that a path leads to.
    fn resolve(&mut self, from: &Place, path: &Spanned<String>) -> Option<Place> {
        let problem = match self.files.resolve(from, &path.value) {
            Ok(place) => return Some(place),
            Err(Astray::Escapes) => {
                let title = format!("{} leads out of the project", quoted(&path.value));
                Diagnostic::error("include-escapes", path.site, title)
                    .note("the project is the nearest directory above the policy with `.git`, else with `mailward.yaml`, else the current one")
                    .help("write a path relative to this file that stays in the project")
            }
            Err(Astray::Io(error)) => {
                let error = ReadError::Io(error);
                let directory = from.real.parent().unwrap_or(Path::new(""));
                with_nearest(unreadable(path, &error), &error, directory, Path::new(&path.value))
            }
        };
        self.diagnostics.push(problem);
        None
    }

    /// The bytes of a file that another file asks for.
    fn read(&mut self, place: &Place, path: &Spanned<String>) -> Option<Vec<u8>> {
        match self.files.read(place) {
            Ok(bytes) => self.charge(bytes.len() as u64, path).then_some(bytes),
            Err(error) => {
                self.diagnostics.push(unreadable(path, &error));
                None
            }
        }
    }

    /// Whether so many more bytes may be drawn in.
    fn charge(&mut self, bytes: u64, path: &Spanned<String>) -> bool {
        let left = self.budget.checked_sub(bytes);
        if left.is_none() {
            let title = format!("the files of this policy are larger than {} MiB", LARGEST_FILE >> 20);
            let help = "shorten the address lists, or split the policy";
            self.diagnostics.push(Diagnostic::error("too-large", path.site, title).help(help));
        }
        self.budget = left.unwrap_or(self.budget);
        left.is_some()
    }
}

/// A ruleset where a policy is asked for.
fn ruleset(file: source::FileId, language: &str) -> Diagnostic {
    let option = match language {
        "pf-openbsd" => "`--as pf-openbsd` or `--as pf-freebsd`".to_owned(),
        language => format!("`--as {language}`"),
    };
    let help = format!(
        "`lint`, `query`, `trace` and `diff` read it with {option}; `prove` and `verify` hold it against a policy"
    );
    Diagnostic::error(
        "ruleset-as-policy",
        source::Site::bytes(file, 0..0),
        "this looks like a ruleset, and not like a policy",
    )
    .help(help)
}

fn unreadable(path: &Spanned<String>, error: &ReadError) -> Diagnostic {
    let title = format!("cannot read {}: {error}", quoted(&path.value));
    with_help(Diagnostic::error(error.code(), path.site, title), error.help())
}

/// With the nearest file that is there, for one that is not.
fn with_nearest(problem: Diagnostic, error: &ReadError, directory: &Path, path: &Path) -> Diagnostic {
    let is_missing = matches!(error, ReadError::Io(error) if error.kind() == ErrorKind::NotFound);
    match did_you_mean_file(directory, path).filter(|_| is_missing) {
        Some(question) => problem.help(question),
        None => problem,
    }
}

fn with_help(problem: Diagnostic, help: Option<&str>) -> Diagnostic {
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}
