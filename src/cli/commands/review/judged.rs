//! One policy before and after a change.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::cli::difference::difference;
use crate::cli::rendering::rulesets;
use crate::cli::versions::{Pair, Version};
use crate::lint::{self, Linted, Permission, Standing, news, permissions};
use crate::render::{Artifact, Target, Templates};
use crate::report::changes::Compared;
use crate::report::review::{Permitted, Ruleset};
use crate::report::{Examined, Said};
use crate::source::{Diagnostic, Sources};

/// What both versions are held against.
pub(super) struct Judge<'j> {
    pub(super) targets: &'j [Target],
    pub(super) templates: &'j Templates,
    pub(super) today: Date,
    /// Exceptions that end within so many days are named.
    pub(super) within: i32,
}

/// What a change does to a policy.
pub(super) struct Judged<'p> {
    pub(super) compared: Option<Compared<'p>>,
    pub(super) rulesets: Vec<Ruleset>,
    old: Half<'p>,
    new: Half<'p>,
    within: i32,
}

/// A version of a policy, judged by itself; empty where there is none.
#[derive(Clone, Default)]
struct Half<'p> {
    examined: Option<&'p Examined>,
    findings: Vec<Diagnostic>,
    permissions: Vec<Permission>,
    artifacts: Vec<Artifact>,
    /// What a target cannot say, and the files that it is about.
    problems: Option<(Sources, Vec<Diagnostic>)>,
}

impl Judge<'_> {
    /// Judges both versions, and what is between them.
    pub(super) fn pair<'p>(&self, pair: &'p Pair) -> Judged<'p> {
        let (compared, (old, new)) = rayon::join(
            || pair.compare(),
            || match pair.before() {
                Some(before) if pair.is_unchanged() => {
                    let now = self.half(pair.now());
                    (Half { examined: Some(&before.examined), ..now.clone() }, now)
                }
                before => rayon::join(|| self.half(before), || self.half(pair.now())),
            },
        );
        let rulesets = differences(&old.artifacts, &new.artifacts);
        Judged { compared: Some(compared), rulesets, old, new, within: self.within }
    }

    fn half<'p>(&self, version: Option<&'p Version>) -> Half<'p> {
        let Some(Version { policy, plan, examined }) = version else { return Half::default() };
        let Linted { findings, .. } = lint::examine(policy, plan, self.today);
        let mut sources = examined.sources.clone();
        let (artifacts, problems) = match rulesets(policy, &mut sources, self.targets, self.templates) {
            Ok(artifacts) => (artifacts, None),
            Err(problems) => (Vec::new(), Some((sources, problems))),
        };
        let permissions = permissions(policy, self.today);
        Half { examined: Some(examined), findings, permissions, artifacts, problems }
    }
}

/// Every file of both versions, and how it differs.
fn differences(old: &[Artifact], new: &[Artifact]) -> Vec<Ruleset> {
    let text = |artifact: &Artifact| (artifact.name.clone(), artifact.text.clone());
    let mut before: BTreeMap<String, String> = old.iter().map(text).collect();
    let rendered = new.iter().map(|Artifact { name, text }| {
        let before = before.remove(name);
        let is_same = before.as_deref() == Some(text);
        let difference = (!is_same).then(|| difference(Path::new(name), before.as_deref(), text));
        Ruleset { name: name.clone(), digest: Some(digest(text)), difference }
    });
    let mut rulesets: Vec<Ruleset> = rendered.collect();
    rulesets.extend(before.into_iter().map(|(name, text)| {
        let difference = Some(difference(Path::new(&name), Some(&text), ""));
        Ruleset { name, digest: None, difference }
    }));
    rulesets
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

impl Judged<'_> {
    /// What a target cannot say.
    pub(super) fn problems(&self) -> Option<Examined> {
        let half = [&self.new, &self.old].into_iter().find(|half| half.problems.is_some())?;
        let (sources, problems) = half.problems.clone()?;
        let path = half.examined.map_or_else(String::new, |examined| examined.path.clone());
        Some(Examined { diagnostics: problems, ..Examined::new(path, None, sources) })
    }

    /// Findings that were not there before.
    pub(super) fn introduced(&self) -> Vec<Said<'_>> {
        self.new.said(news(&self.old.findings, &self.new.findings).0)
    }

    /// Findings that are not there any more.
    pub(super) fn fixed(&self) -> Vec<Said<'_>> {
        self.old.said(news(&self.old.findings, &self.new.findings).1)
    }

    /// Exceptions that are new, do not hold any more or end soon.
    pub(super) fn exceptions(&self) -> Vec<Permitted<'_>> {
        let Some(examined) = self.new.examined else { return Vec::new() };
        let permitted = self.new.permissions.iter().map(|permission| Permitted {
            permission,
            is_new: !self.old.permissions.iter().any(|old| is_same(old, permission)),
            sources: &examined.sources,
        });
        let is_news = |one: &Permitted<'_>| match one.permission.standing {
            Standing::Incomplete | Standing::Ended => true,
            Standing::Holds(days) => one.is_new || days <= self.within,
        };
        permitted.filter(is_news).collect()
    }
}

/// Whether an exception is the one that was there, wherever it stands now.
fn is_same(old: &Permission, new: &Permission) -> bool {
    (&old.about, &old.checks, old.expires, &old.owner) == (&new.about, &new.checks, new.expires, &new.owner)
}

impl Half<'_> {
    fn said<'s>(&'s self, findings: Vec<&'s Diagnostic>) -> Vec<Said<'s>> {
        let sources = self.examined.map(|examined| &examined.sources);
        sources.map(|sources| findings.into_iter().map(|one| (one, sources)).collect()).unwrap_or_default()
    }
}
