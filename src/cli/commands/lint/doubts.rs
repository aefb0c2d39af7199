//! What nobody looked into in a ruleset, and which findings depend on it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Policy, Verdict};
use crate::readback::{Conditions, Language};
use crate::source::{Diagnostic, Severity, Site};

/// Matches of a ruleset that were not looked into.
pub(super) struct Doubts {
    /// What rules ask for besides, by the places of those that never match without it.
    by_site: BTreeMap<Site, String>,
    /// Each match once, with the first place of a rule that decides by it.
    places: Vec<(Site, String)>,
}

/// How many matches are pointed at; nobody follows more.
const MOST_LABELS: usize = 8;

impl Doubts {
    /// Those of a ruleset.
    pub(super) fn of(policy: &Policy, conditions: &Conditions) -> Self {
        Self { by_site: by_site(policy, conditions), places: places(policy, conditions) }
    }

    /// A finding with what it depends on.
    pub(super) fn about(&self, finding: Diagnostic) -> Diagnostic {
        match self.by_site.get(&finding.primary.site) {
            Some(doubt) => finding.note(doubt.clone()),
            None => finding,
        }
    }

    /// What nobody looked into, as a finding of its own; none if there is nothing.
    pub(super) fn finding(&self, language: Language) -> Option<Diagnostic> {
        let (first, rest) = self.places.split_first()?;
        let title = match rest.len() {
            0 => "a match is not looked into, and findings may depend on it".to_owned(),
            more => format!("{} matches are not looked into, and findings may depend on them", more + 1),
        };
        let check = match language {
            Language::Nftables => "`nft -c -f FILE`",
            Language::Iptables => "`iptables-restore --test FILE`",
            Language::Pf(_) => "`pfctl -n -f FILE`",
        };
        let finding = Diagnostic::new("match-not-understood", Severity::Info, first.0, title).label(&first.1);
        let finding =
            rest.iter().take(MOST_LABELS).fold(finding, |finding, (site, text)| finding.related(*site, text));
        let finding =
            finding.note("nobody can tell whether packets meet these: what may pass counts as let through, and what may be refused as refused");
        Some(finding.help(format!("a misspelt word can be why: {check} asks the firewall itself")))
    }
}

fn places(policy: &Policy, conditions: &Conditions) -> Vec<(Site, String)> {
    let mut places: BTreeMap<u32, Site> = BTreeMap::new();
    for entry in policy.entries.iter().filter(|entry| entry.verdict != Verdict::Observe) {
        let site = policy.site_of(entry);
        for &(number, _) in entry.when.unknowns.literals() {
            places.entry(number).and_modify(|known| *known = site.min(*known)).or_insert(site);
        }
    }
    let told = |(number, site)| Some((site, format!("`{}`", conditions.text(number)?)));
    let mut told: Vec<(Site, String)> = places.into_iter().filter_map(told).collect();
    told.sort();
    told
}

/// What rules ask for besides, by the places of those that never match without it.
fn by_site(policy: &Policy, conditions: &Conditions) -> BTreeMap<Site, String> {
    let mut asked: BTreeMap<Site, Option<BTreeSet<u32>>> = BTreeMap::new();
    for entry in &policy.entries {
        let unknowns = &entry.when.unknowns;
        let numbers = unknowns.literals().iter().map(|&(number, _)| number);
        let asked = asked.entry(policy.site_of(entry)).or_insert_with(|| Some(BTreeSet::new()));
        match asked {
            Some(asked) if !unknowns.is_empty() => asked.extend(numbers),
            _ => *asked = None,
        }
    }
    let told = |(site, numbers): (Site, Option<BTreeSet<u32>>)| {
        let texts = numbers?.into_iter().filter_map(|number| conditions.text(number));
        let texts: Vec<String> = texts.map(|text| format!("`{text}`")).collect();
        Some((site, format!("it depends on {} too, which is not looked into", texts.join(", "))))
    };
    asked.into_iter().filter_map(told).collect()
}
