//! `lint --fix`: carries fixes out, each proven before anything is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::cli::difference::difference;
use crate::cli::discover::{Input, discover, distinct, not_linked};
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded, With};
use crate::cli::profile::Profiles;
use crate::cli::replace;
use crate::cli::terminal::{Terminal, printable};
use crate::lint::{Check, Refusal, find, lint, prove};
use crate::model::Policy;
use crate::report;
use crate::source::{
    self, Astray, Diagnostic, Effect, Files, Place, Project, ReadError, Safety, SourceFile, Sources,
};

/// How often findings are looked for again: fixes that keep making new ones end there.
const MOST_ROUNDS: usize = 50;

/// Which fixes are carried out, and whether files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orders {
    /// Those that a person has to decide, too.
    pub(super) includes_unsafe: bool,
    /// Show what would change instead of changing it.
    pub(super) is_preview: bool,
}

/// What was done to one policy.
#[derive(Debug, Default)]
struct Done {
    /// The file as it was read.
    bytes: Vec<u8>,
    /// The paths of all files that were read with it.
    read: Vec<String>,
    old: String,
    new: String,
    fixed: usize,
    refused: BTreeMap<String, Refused>,
}

/// Why a fix was not carried out.
#[derive(Clone, Copy, Debug)]
enum Refused {
    /// It could not be proven.
    Unproven(Refusal),
    /// The file would be no policy any more.
    Broken,
    /// The finding would still be there.
    Useless,
}

/// A fix that can be carried out.
struct Candidate {
    check: Option<&'static dyn Check>,
    title: String,
    effect: Effect,
    edits: Vec<(Range<usize>, String)>,
}

/// The files of a project, one of them with these bytes whatever stands in it now.
struct Overlay<'o> {
    project: Project,
    path: &'o Path,
    bytes: &'o [u8],
}

/// What is to be done to the policies of a run.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    done: Vec<(PathBuf, Done)>,
    /// Every file that was read.
    read: BTreeSet<PathBuf>,
}

impl Repairs {
    /// Works out the fixes of every policy; nothing is written yet.
    ///
    /// # Errors
    /// Nothing to check, standard input, or two names of one file.
    pub(super) fn new(
        paths: &[PathBuf],
        profiles: &Profiles,
        orders: Orders,
        today: Date,
        terminal: &mut Terminal,
    ) -> Result<Self, Failure> {
        let inputs = distinct(discover(paths, terminal)?);
        if !orders.is_preview {
            not_linked(&inputs)?;
        }
        let mut repairs = Self::default();
        for input in inputs {
            let (Input::Named(path) | Input::Found(path)) = &input else {
                return Err(Failure::NoStdin("`--fix` changes files, and the standard input is none"));
            };
            repairs.read.insert(path.clone());
            let Some(done) = repaired(&input, path, profiles, orders, today) else { continue };
            repairs.read.extend(done.read.iter().map(PathBuf::from));
            repairs.done.push((path.clone(), done));
        }
        Ok(repairs)
    }

    /// Every file that was read.
    pub(super) fn read(&self) -> &BTreeSet<PathBuf> {
        &self.read
    }

    /// Writes them, or shows what they would change; true if a file was changed, or would be.
    ///
    /// # Errors
    /// A file that somebody else has changed, or that cannot be written: then no file is.
    pub(super) fn carry_out(self, orders: Orders, terminal: &mut Terminal) -> Result<bool, Failure> {
        let changed = || self.done.iter().filter(|(_, done)| done.old != done.new);
        if !orders.is_preview {
            let staged = changed().map(|(path, done)| {
                let text = format!("{}{}", source::mark(&done.bytes), done.new);
                replace::stage_over(path, done.bytes.clone(), &text)
            });
            replace::commit(staged.collect::<Result<_, _>>()?)?;
        }
        for (path, done) in &self.done {
            tell(path, done, orders, terminal);
            if orders.is_preview && done.old != done.new {
                terminal.result(&difference(path, Some(&done.old), &done.new))?;
            }
        }
        Ok(changed().next().is_some())
    }
}

fn tell(path: &Path, done: &Done, orders: Orders, terminal: &mut Terminal) {
    let path = printable(&path.display().to_string());
    if done.fixed > 0 {
        let did = if orders.is_preview { "would settle" } else { "settled" };
        terminal.remark(&format!("{did} {} in {path}", report::count(done.fixed, "finding", "findings")));
    }
    for (title, refused) in &done.refused {
        terminal.remark(&format!("not done in {path}: {title}: {}", refused.name()));
    }
}

/// A policy with everything carried out that can be; none if it is no valid policy.
fn repaired(input: &Input, path: &Path, profiles: &Profiles, orders: Orders, today: Date) -> Option<Done> {
    let bytes = source::read(path).ok()?;
    let read = |bytes: &[u8]| Version::read(input, &Overlay::new(path, bytes), profiles, today);
    let mut at = read(&bytes)?;
    let files = at.sources.paths().map(str::to_owned).collect();
    let mut done = Done { old: at.text.clone(), read: files, ..Done::default() };
    for _ in 0..MOST_ROUNDS {
        let candidates = at.candidates(orders, &done.refused);
        if candidates.is_empty() {
            break;
        }
        let together = apart(&candidates);
        let tried = at.after(&together, |text| read(text.as_bytes()), today);
        let (next, count) = match (tried, together.as_slice()) {
            (Ok(next), _) => (next, together.len()),
            (Err(refused), [alone]) => {
                done.refused.insert(alone.title.clone(), refused);
                continue;
            }
            (Err(_), [first, ..]) => match at.after(&[first], |text| read(text.as_bytes()), today) {
                Ok(next) => (next, 1),
                Err(refused) => {
                    done.refused.insert(first.title.clone(), refused);
                    continue;
                }
            },
            (Err(_), []) => break,
        };
        done.fixed += count;
        at = next;
    }
    done.new = at.text;
    done.bytes = bytes;
    Some(done)
}

/// A policy as its file stands, or would stand.
struct Version {
    text: String,
    policy: Policy,
    sources: Sources,
    findings: Vec<Diagnostic>,
}

impl Version {
    fn read(input: &Input, overlay: &Overlay<'_>, profiles: &Profiles, today: Date) -> Option<Self> {
        let with = With { files: Some(overlay), profiles: Some(profiles), ..With::default() };
        let loaded = load::load(input, with);
        let Loaded { policy: Some(policy), plan: Some(plan), examined, .. } = loaded else { return None };
        let findings = lint(&policy, &plan, today);
        let sources = examined.sources;
        let text = sources.file(policy.document.file).map(SourceFile::text)?.to_owned();
        Some(Self { text, policy, sources, findings })
    }

    /// The fixes that are asked for and were not refused before. Files that others share are left alone.
    fn candidates(&self, orders: Orders, refused: &BTreeMap<String, Refused>) -> Vec<Candidate> {
        let wanted = |finding: &Diagnostic| {
            let fix = finding.fix.as_ref()?;
            let is_wanted = orders.includes_unsafe || fix.safety() == Safety::Safe;
            if !is_wanted || refused.contains_key(&fix.title) {
                return None;
            }
            let changes = fix.changes(&self.sources)?;
            let is_own = changes.iter().all(|change| change.file == self.policy.document.file);
            let edits = changes.into_iter().map(|change| (change.range, change.text)).collect();
            let check = find(finding.code);
            is_own.then(|| Candidate { check, title: fix.title.clone(), effect: fix.effect, edits })
        };
        self.findings.iter().filter_map(wanted).collect()
    }

    /// The version after some fixes, if they do what they say.
    fn after(
        &self,
        fixes: &[&Candidate],
        read: impl Fn(&str) -> Option<Self>,
        today: Date,
    ) -> Result<Self, Refused> {
        let next = read(&self.with(fixes)).ok_or(Refused::Broken)?;
        let effects: Vec<Effect> = fixes.iter().map(|fix| fix.effect).collect();
        if !effects.contains(&Effect::Unproven) {
            let checks: Vec<&'static dyn Check> = fixes.iter().filter_map(|fix| fix.check).collect();
            prove(&self.policy, &next.policy, &effects, &checks, today).map_err(Refused::Unproven)?;
        }
        let codes: BTreeSet<&str> =
            fixes.iter().filter_map(|fix| fix.check).map(|check| check.meta().id).collect();
        let count = |version: &Self| version.findings.iter().filter(|it| codes.contains(it.code)).count();
        if count(&next) < count(self) { Ok(next) } else { Err(Refused::Useless) }
    }

    /// The text after some fixes, whose edits do not meet.
    fn with(&self, fixes: &[&Candidate]) -> String {
        let mut edits: Vec<&(Range<usize>, String)> = fixes.iter().flat_map(|fix| &fix.edits).collect();
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = self.text.clone();
        for (range, new) in edits.into_iter().rev() {
            text.replace_range(range.clone(), new);
        }
        text
    }
}

/// As many fixes as can be carried out together: those whose edits do not meet, first come first served.
fn apart(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut chosen: Vec<&Candidate> = Vec::new();
    let mut taken: Vec<Range<usize>> = Vec::new();
    for candidate in candidates {
        let meets = |range: &Range<usize>| {
            taken.iter().any(|other| range.start <= other.end && other.start <= range.end)
        };
        if !candidate.edits.iter().any(|(range, _)| meets(range)) {
            taken.extend(candidate.edits.iter().map(|(range, _)| range.clone()));
            chosen.push(candidate);
        }
    }
    chosen
}

impl Refused {
    const fn name(self) -> &'static str {
        match self {
            Self::Unproven(refusal) => refusal.name(),
            Self::Broken => "the file would be no valid policy any more",
            Self::Useless => "the finding would still be there",
        }
    }
}

impl<'o> Overlay<'o> {
    fn new(path: &'o Path, bytes: &'o [u8]) -> Self {
        Self { project: Project::of(path), path, bytes }
    }
}

impl Files for Overlay<'_> {
    fn place(&self, path: &Path) -> Place {
        self.project.place(path)
    }

    fn resolve(&self, from: &Place, path: &str) -> Result<Place, Astray> {
        self.project.resolve(from, path)
    }

    fn read(&self, place: &Place) -> Result<Vec<u8>, ReadError> {
        if place.real == self.project.place(self.path).real {
            return Ok(self.bytes.to_vec());
        }
        self.project.read(place)
    }
}
