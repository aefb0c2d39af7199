//! The settings of a project: `mailward.yaml`, in the current directory or above it.

mod entry;

use std::path::{Component, Path, PathBuf};

use clap::{Args, ValueEnum as _};

use super::answer;
use super::fail_on::FailOn;
use super::failure::Failure;
use super::kept::Kept;
use super::target::{TargetName, targets};
use super::terminal::Terminal;
use crate::model::Profile;
use crate::parse::{self, FileKind, SettingsDecl, did_you_mean};
use crate::render::Target;
use crate::source::{self, Diagnostic, Site, Sources, Spanned, quoted, tidy, written};
use entry::Wanted;

/// The name of the file.
pub(super) const FILE: &str = "mailward.yaml";

/// The option that names the file.
#[derive(Clone, Debug, Args)]
pub(super) struct SettingsArguments {
    /// The settings of the project [default: the nearest `mailward.yaml`].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl SettingsArguments {
    /// The settings in the file that is named, else in the nearest one, else those of a project without one; none if
    /// something is wrong with them, which is told.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(super) fn read(&self, terminal: &mut Terminal) -> Result<Option<Settings>, Failure> {
        let Some(path) = self.config.clone().or_else(nearest) else { return Ok(Some(Settings::none())) };
        match read(&path)? {
            Ok(settings) => Ok(Some(settings)),
            Err((sources, problems)) => {
                answer::refuse(sources, problems, terminal);
                Ok(None)
            }
        }
    }
}

/// What `mailward check` guards. Paths are as the current directory sees them.
#[derive(Debug)]
pub(super) struct Settings {
    /// Policies, and directories of policies.
    pub(super) policies: Vec<PathBuf>,
    /// Files of expectations for every policy.
    pub(super) expect: Vec<PathBuf>,
    /// What policies are rendered for.
    pub(super) targets: Vec<Target>,
    /// Where the rulesets are, and the place that says so.
    pub(super) out: Option<(PathBuf, Site)>,
    /// Templates of one's own.
    pub(super) template_dir: Option<PathBuf>,
    /// Profiles, by name or file.
    pub(super) profiles: Vec<String>,
    /// Findings that are known.
    pub(super) baseline: Option<PathBuf>,
    /// The weakest severity that makes the answer no.
    pub(super) fail_on: FailOn,
    /// The file they stand in, if there is one.
    pub(super) sources: Sources,
}

impl Settings {
    /// Those of a project without a file of settings.
    pub(super) fn none() -> Self {
        Self {
            policies: vec![PathBuf::from(".")],
            expect: Vec::new(),
            targets: Vec::new(),
            out: None,
            template_dir: None,
            profiles: Vec::new(),
            baseline: None,
            fail_on: FailOn::Low,
            sources: Sources::default(),
        }
    }

    /// Whether they stand in a file.
    pub(super) fn has_file(&self) -> bool {
        self.sources.paths().next().is_some()
    }

    /// The targets that were asked for, else those of the project.
    pub(super) fn targets_or(&self, asked: &[TargetName]) -> Vec<Target> {
        if asked.is_empty() { self.targets.clone() } else { targets(asked) }
    }

    /// The files that are read because of them, besides policies.
    pub(super) fn kept(&self) -> Kept {
        let mut kept = Kept::default();
        kept.keep(self.sources.paths());
        kept.keep(&self.expect);
        kept.keep(&self.baseline);
        kept.keep(self.profiles.iter().filter(|name| Path::new(name).is_file()));
        let templates = self.template_dir.iter().filter_map(|directory| directory.read_dir().ok());
        kept.keep(templates.flatten().filter_map(Result::ok).map(|entry| entry.path()));
        kept
    }
}

/// The file of settings that is nearest: in the current directory or above it, up to the root of the repository. Whatever has
/// its name is meant to be it, and if it is no file, reading it says so.
fn nearest() -> Option<PathBuf> {
    let current = std::env::current_dir().ok()?;
    let above = current.ancestors().enumerate();
    let is_inside = |directory: &Path| !directory.join(".git").exists();
    let last = current.ancestors().position(|directory| !is_inside(directory)).unwrap_or(usize::MAX);
    let (up, _) = above
        .take_while(|&(up, _)| up <= last)
        .find(|(_, directory)| directory.join(FILE).symlink_metadata().is_ok())?;
    Some(std::iter::repeat_n(Component::ParentDir, up).collect::<PathBuf>().join(FILE))
}

/// Reads settings.
///
/// # Errors
/// A file that cannot be read; inside, what is wrong with it.
fn read(path: &Path) -> Result<Result<Settings, (Sources, Vec<Diagnostic>)>, Failure> {
    let bytes = source::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    let mut sources = Sources::default();
    let decl = match parse::settings(&written(path), bytes, &mut sources) {
        Ok(decl) => decl,
        Err(problems) => return Ok(Err((sources, problems))),
    };
    let mut resolver = Resolver { root: path.parent().unwrap_or(Path::new("")), problems: Vec::new() };
    let mut settings = resolver.settings(&decl);
    if resolver.problems.is_empty() {
        settings.sources = sources;
        Ok(Ok(settings))
    } else {
        Ok(Err((sources, resolver.problems)))
    }
}

/// Looks up what settings name.
struct Resolver<'p> {
    root: &'p Path,
    problems: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn settings(&mut self, decl: &SettingsDecl) -> Settings {
        if let (Some(out), true) = (&decl.out, decl.targets.is_empty()) {
            let problem = Diagnostic::error("missing-key", out.site, "`out` without `targets`");
            self.problems.push(problem.help("say what policies are rendered for: `targets: [nftables]`"));
        }
        let names: Vec<TargetName> = decl.targets.iter().filter_map(|name| self.target(name)).collect();
        let out = decl.out.as_ref().and_then(|out| Some((self.sound(out, Wanted::NewDirectory)?, out.site)));
        Settings {
            policies: self.paths(&decl.policies, Wanted::Policies),
            expect: self.paths(&decl.expect, Wanted::File(FileKind::Expectations)),
            targets: targets(&names),
            out,
            template_dir: decl.template_dir.as_ref().and_then(|path| self.sound(path, Wanted::Directory)),
            profiles: decl.profiles.iter().filter_map(|name| self.profile(name)).collect(),
            baseline: decl
                .baseline
                .as_ref()
                .and_then(|path| self.sound(path, Wanted::File(FileKind::Baseline))),
            fail_on: decl.fail_on.as_ref().map_or(FailOn::Low, |threshold| FailOn::of(threshold.value)),
            sources: Sources::default(),
        }
    }

    fn target(&mut self, name: &Spanned<String>) -> Option<TargetName> {
        let known = TargetName::from_str(&name.value, false).ok();
        if known.is_none() {
            let values = TargetName::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
            let words: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
            self.unknown("target", name, &words.iter().map(String::as_str).collect::<Vec<_>>());
        }
        known
    }

    /// A built-in profile by its name, or the file of one.
    fn profile(&mut self, name: &Spanned<String>) -> Option<String> {
        let mut built_in = Profile::ALL.iter().map(|(_, word)| *word);
        if built_in.any(|word| word == name.value) {
            return Some(name.value.clone());
        }
        let path = self.path(name)?;
        if path.is_file() {
            let problem = entry::problem(self.root, &path, name, Wanted::File(FileKind::Profile));
            self.problems.extend(problem);
            return Some(path.display().to_string());
        }
        let words: Vec<&str> = Profile::ALL.iter().map(|(_, word)| *word).collect();
        self.unknown("profile, and no file,", name, &words);
        None
    }

    fn unknown(&mut self, kind: &str, name: &Spanned<String>, words: &[&str]) {
        let title = format!("there is no {kind} named {}", quoted(&name.value));
        let problem = Diagnostic::error("unknown-word", name.site, title);
        self.problems.push(problem.help(did_you_mean(&name.value, words)));
    }

    fn paths(&mut self, paths: &[Spanned<String>], wanted: Wanted) -> Vec<PathBuf> {
        paths.iter().filter_map(|path| self.sound(path, wanted)).collect()
    }

    /// A path of the project to what is wanted.
    fn sound(&mut self, entry: &Spanned<String>, wanted: Wanted) -> Option<PathBuf> {
        let path = self.path(entry)?;
        self.problems.extend(entry::problem(self.root, &path, entry, wanted));
        Some(path)
    }

    /// A path of the project.
    fn path(&mut self, path: &Spanned<String>) -> Option<PathBuf> {
        let tidied = tidy(Path::new(&path.value));
        let is_inside = tidied.components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside {
            let title = format!("{} is not below the directory of `{FILE}`", quoted(&path.value));
            let problem = Diagnostic::error("outside-project", path.site, title);
            self.problems.push(problem.help("paths are relative to that directory"));
            return None;
        }
        let joined = self.root.join(tidied);
        // What is not there yet will be made below what is.
        let real = |path: &Path| path.ancestors().find_map(|path| path.canonicalize().ok());
        let root = if self.root.as_os_str().is_empty() { Path::new(".") } else { self.root };
        let leads_out = real(&joined).zip(real(root)).is_some_and(|(path, root)| !path.starts_with(root));
        if leads_out {
            let title = format!("{} leads out of the directory of `{FILE}`", quoted(&path.value));
            let problem = Diagnostic::error("outside-project", path.site, title);
            self.problems.push(problem.help("put the files themselves there, and no link to others"));
            return None;
        }
        Some(if joined.as_os_str().is_empty() { PathBuf::from(".") } else { joined })
    }
}
