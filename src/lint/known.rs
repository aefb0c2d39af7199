//! Findings that were there when mailward came: a ratchet, since their number can only fall.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::parse::{KnownDecl, KnownFinding};
use crate::source::{Diagnostic, Edit, Effect, Fix, Severity};

/// Code of the finding about an entry of a baseline file that nothing matches any more.
pub const STALE: &str = "baseline-stale";

/// What a finding is told from others by: nothing that depends on lines.
type Key = [String; 3];

/// What a finding is told from others by, in baseline files and wherever findings of two runs are compared: the policy, the check and
/// the title, and nothing that depends on lines.
#[must_use]
pub fn identity<'f>(policy: &'f str, finding: &'f Diagnostic) -> [&'f str; 3] {
    [policy, finding.code, &finding.title]
}

/// Known findings, and how many of each are still expected.
#[derive(Debug)]
pub struct Known<'k> {
    decl: &'k KnownDecl,
    left: BTreeMap<Key, usize>,
    policies: BTreeSet<String>,
}

impl<'k> Known<'k> {
    /// What a baseline file lists.
    #[must_use]
    pub fn new(decl: &'k KnownDecl) -> Self {
        let mut left = BTreeMap::new();
        for finding in &decl.findings {
            *left.entry(key_of(finding)).or_default() += finding.count.value;
        }
        Self { decl, left, policies: BTreeSet::new() }
    }

    /// The findings of a policy that are not known, and how many are. Errors are never known.
    pub fn split(&mut self, policy: &str, findings: Vec<Diagnostic>) -> (Vec<Diagnostic>, usize) {
        self.policies.insert(policy.to_owned());
        let all = findings.len();
        let mut is_new = |finding: &Diagnostic| match self.left.get_mut(&key(policy, finding)) {
            Some(count @ 1..) if !finding.is_error() => {
                *count -= 1;
                false
            }
            _ => true,
        };
        let told: Vec<Diagnostic> = findings.into_iter().filter(|finding| is_new(finding)).collect();
        let known = all - told.len();
        (told, known)
    }

    /// A finding for each entry that is settled, all of it or in part, with a fix that takes it out. Policies that were not looked
    /// at are not judged.
    #[must_use]
    pub fn stale(mut self) -> Vec<Diagnostic> {
        let mut stale = Vec::new();
        for known in self.decl.findings.iter().filter(|known| self.policies.contains(&known.policy)) {
            let left = self.left.remove(&key_of(known)).unwrap_or(0);
            if left > 0 {
                stale.push(settled(known, left.min(known.count.value)));
            }
        }
        stale
    }
}

fn settled(known: &KnownFinding, count: usize) -> Diagnostic {
    let KnownFinding { policy, check, count: expected, site, .. } = known;
    let rest = expected.value - count;
    let title = format!("`{policy}` has {rest} of {} known findings of `{check}`", expected.value);
    let edit = match rest {
        0 => Edit::Remove(*site),
        rest => Edit::Set { mapping: *site, key: "count", value: rest.to_string() },
    };
    Diagnostic::new(STALE, Severity::Low, *site, title)
        .note("what is settled must leave the baseline, or it could come back unseen")
        .help("take it out: `mailward lint --baseline FILE --fix`")
        .fix(Fix::new("take what is settled out of the baseline", Effect::Nothing, edit))
}

fn key(policy: &str, finding: &Diagnostic) -> Key {
    identity(policy, finding).map(str::to_owned)
}

fn key_of(known: &KnownFinding) -> Key {
    [&known.policy, &known.check, &known.title].map(Clone::clone)
}

/// The findings of which there are more than before, and those of which there are fewer, by what they say and not by lines.
#[must_use]
pub fn news<'d>(old: &'d [Diagnostic], new: &'d [Diagnostic]) -> (Vec<&'d Diagnostic>, Vec<&'d Diagnostic>) {
    (beyond(new, old), beyond(old, new))
}

/// The findings of one list that the other one does not have, or not so often.
fn beyond<'d>(one: &'d [Diagnostic], other: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let mut left: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in other {
        *left.entry((finding.code, finding.title.as_str())).or_default() += 1;
    }
    let mut beyond = Vec::new();
    for finding in one {
        match left.get_mut(&(finding.code, finding.title.as_str())) {
            Some(count @ 1..) => *count -= 1,
            _ => beyond.push(finding),
        }
    }
    beyond
}

/// A baseline file with all findings of some policies, one line for those that read the same.
#[must_use]
pub fn baseline_file<'f>(findings: impl IntoIterator<Item = (&'f str, &'f Diagnostic)>) -> String {
    let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
    for (policy, finding) in findings.into_iter().filter(|(_, finding)| !finding.is_error()) {
        *counts.entry(key(policy, finding)).or_default() += 1;
    }
    let mut text = String::from(
        "# Findings that were there when this file was written: `mailward lint --baseline` tells only others.\n\
         # Their number can only fall: what is settled is a finding until `--fix` takes it out of here.\n\
         version: 1\nfindings:\n",
    );
    for ([policy, check, title], count) in counts {
        let title = title.replace('\'', "''");
        let count = if count > 1 { format!(", count: {count}") } else { String::new() };
        let _ = writeln!(text, "  - {{ policy: {policy}, check: {check}, finding: '{title}'{count} }}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use crate::source::{FileId, Site, Sources};

    fn finding(file: FileId, title: &str) -> Diagnostic {
        Diagnostic::new("some-check", Severity::High, Site::bytes(file, 0..1), title)
    }

    fn decl(text: &str, sources: &mut Sources) -> KnownDecl {
        parse::known("baseline.yaml", text.as_bytes().to_vec(), sources).unwrap()
    }

    #[test]
    fn a_baseline_hides_what_it_lists_and_nothing_else() {
        let mut sources = Sources::default();
        let file = sources.next_file();
        let [one, other] = ["it's `x`: bad", "other"].map(|title| finding(file, title));
        let all = [&one, &one, &other];
        let text = baseline_file(all.map(|finding| ("office", finding)));
        let decl = decl(&text, &mut sources);
        let mut known = Known::new(&decl);
        let found = vec![one.clone(), one.clone(), one.clone(), other.clone()];
        assert_eq!(known.split("office", found), (vec![one.clone()], 3), "one more than there was");
        assert_eq!(known.split("branch", vec![one.clone()]), (vec![one.clone()], 0), "another policy");
        assert_eq!(known.stale(), []);
    }

    #[test]
    fn what_is_settled_is_stale_in_the_policies_of_the_run() {
        let mut sources = Sources::default();
        let file = sources.next_file();
        let one = finding(file, "one");
        let both = [("office", &one), ("office", &one), ("branch", &one)];
        let decl = decl(&baseline_file(both), &mut sources);
        let mut known = Known::new(&decl);
        assert_eq!(known.split("office", vec![one.clone()]), (vec![], 1));
        let stale = known.stale();
        let titles: Vec<&str> = stale.iter().map(|finding| finding.title.as_str()).collect();
        assert_eq!(titles, ["`office` has 1 of 2 known findings of `some-check`"]);
        let changes = stale[0].fix.as_ref().unwrap().changes(&sources).unwrap();
        assert_eq!(changes[0].text, "1");
    }
}
