//! A ruleset that nobody has a policy for, as one: so that every question about policies can be asked about it.

use std::collections::BTreeMap;

use super::{Effect, Fate, InterfaceTable, Meaning, Step};
use crate::model::{
    AddressSet, Addresses, Baseline, Defaults, Entry, Interface, Interfaces, Log, Match, Name, Origin,
    Policy, Rule, RuleAction, Stage, Term, Traffic, Verdict,
};
use crate::packet::{Cube, Family, ICMP, ICMPV6, IntervalSet, TCP, UDP, transports};
use crate::source::{FileId, Site, Sources, Spanned};

/// The policy that a ruleset is: a rule for every place that decides or logs, called by its line, and no baseline. Packets
/// of which the ruleset says nothing are refused in it. `site` is the ruleset as a whole.
#[must_use]
pub fn as_policy(meaning: &Meaning, table: &InterfaceTable, site: Site, sources: &Sources) -> Option<Policy> {
    let mut draft = Draft {
        sources,
        rules: Vec::new(),
        by_site: BTreeMap::new(),
        files: vec![site.file],
        names: BTreeMap::new(),
    };
    let mut entries = Vec::with_capacity(meaning.steps.len());
    for step in &meaning.steps {
        if step.effect != Effect::Decide(Fate::Unsaid) {
            let origin = Origin::Rule(draft.rule(step)?);
            entries.extend(matches(&step.cube).into_iter().map(|when| entry(origin, step, when)));
        }
    }
    entries.extend(rest());
    entries.sort_by_key(|entry| entry.hook);
    Some(Policy {
        name: Spanned { value: Name::new("ruleset").ok()?, site },
        description: None,
        owner: None,
        reviewed: None,
        profiles: Vec::new(),
        interfaces: interfaces(table),
        zones: Vec::new(),
        networks: Vec::new(),
        services: Vec::new(),
        hosts: Vec::new(),
        flows: None,
        waivers: Vec::new(),
        defaults: NOTHING,
        baseline: NO_BASELINE,
        rules: draft.rules,
        entries,
        disabled: Vec::new(),
        expectations: Vec::new(),
        site,
        document: site,
    })
}

/// What happens to packets of which a ruleset says nothing.
const NOTHING: Defaults = Defaults {
    input: RuleAction::Deny,
    forward: RuleAction::Deny,
    output: RuleAction::Deny,
    log: None,
    site: None,
};

fn rest() -> impl Iterator<Item = Entry> {
    crate::packet::Hook::ALL.into_iter().map(|hook| Entry {
        origin: Origin::Default,
        hook,
        when: Match::every(crate::packet::States::ANY),
        verdict: Verdict::Drop,
        log: None,
    })
}

const NO_BASELINE: Baseline = Baseline {
    loopback: false,
    established: false,
    neighbour_discovery: false,
    anti_spoofing: false,
    icmp_errors: false,
    invalid: false,
    echo: false,
    dhcp_client: Vec::new(),
    site: None,
};

fn interfaces(table: &InterfaceTable) -> Interfaces {
    let names = (1..).map_while(|number| table.name(number));
    Interfaces::with_gaps(names.map(|name| Interface::new(&name).ok()).collect())
}

/// Rules in the making.
struct Draft<'s> {
    sources: &'s Sources,
    rules: Vec<Rule>,
    by_site: BTreeMap<Site, usize>,
    /// The files that rules stand in, in the order in which they are met.
    files: Vec<FileId>,
    /// How many rules have begun on a line of a name.
    names: BTreeMap<String, usize>,
}

impl Draft<'_> {
    /// The rule that a step is of. It allows or refuses as its first step that decides does.
    fn rule(&mut self, step: &Step) -> Option<usize> {
        let verdict = verdict(step.effect);
        if let Some(&index) = self.by_site.get(&step.site) {
            let rule = self.rules.get_mut(index)?;
            if rule.observes() && verdict != Verdict::Observe {
                (rule.action.value, rule.stage) = (verdict.action(), Stage::Enforce);
            }
            return Some(index);
        }
        let index = self.rules.len();
        let id = self.name(step.site)?;
        self.by_site.insert(step.site, index);
        self.rules.push(rule(id, verdict, step.site));
        Some(index)
    }

    /// `line-42`, `line-42-2` for the second rule on that line, and `file-2-line-42` in the second file.
    fn name(&mut self, site: Site) -> Option<Name> {
        let line = format!("line-{}", self.sources.position(site).line);
        let known = self.files.iter().position(|&file| file == site.file);
        let file = known.unwrap_or(self.files.len());
        if known.is_none() {
            self.files.push(site.file);
        }
        let line = if file == 0 { line } else { format!("file-{}-{line}", file + 1) };
        let count = self.names.entry(line.clone()).or_default();
        *count += 1;
        Name::new(&if *count == 1 { line } else { format!("{line}-{count}") }).ok()
    }
}

fn rule(id: Name, verdict: Verdict, site: Site) -> Rule {
    let stage = match verdict {
        Verdict::Observe => Stage::Observe { until: None },
        Verdict::Accept | Verdict::Drop | Verdict::Reject => Stage::Enforce,
    };
    Rule {
        id: Spanned { value: id, site },
        action: Spanned { value: verdict.action(), site },
        stage,
        disabled: None,
        log: None,
        reason: None,
        owner: None,
        ticket: None,
        exception: None,
        site,
        from: site,
        to: site,
        services: site,
    }
}

const fn verdict(effect: Effect) -> Verdict {
    match effect {
        Effect::Log(_) => Verdict::Observe,
        Effect::Decide(Fate::Accept) => Verdict::Accept,
        Effect::Decide(Fate::Drop | Fate::Unsaid) => Verdict::Drop,
        Effect::Decide(Fate::Reset | Fate::Refuse { .. }) => Verdict::Reject,
    }
}

fn entry(origin: Origin, step: &Step, when: Match) -> Entry {
    let log = match step.effect {
        Effect::Log(rate) => Some(rate.map_or(Log::UNLIMITED, |rate| Log { rate })),
        Effect::Decide(_) => None,
    };
    Entry { origin, hook: step.cube.hook, when, verdict: verdict(step.effect), log }
}

/// A box as conditions of a policy: one, unless it asks for source ports of some protocols and leaves others alone.
fn matches(cube: &Cube) -> Vec<Match> {
    let when = |traffic| Match {
        states: cube.states,
        incoming: cube.incoming.clone(),
        outgoing: cube.outgoing.clone(),
        source: of_family(cube.family, &cube.source),
        destination: of_family(cube.family, &cube.destination),
        traffic,
        unknowns: cube.unknowns.clone(),
    };
    let is_any = cube.source_ports.is_full() && cube.transport == Term::Any.transport();
    let traffic = if is_any { Some(Traffic::any()) } else { Traffic::of(terms(cube)) };
    traffic.into_iter().map(when).collect()
}

fn of_family(family: Family, set: &IntervalSet<u128>) -> AddressSet {
    let addresses = match family {
        Family::V4 => Addresses { v4: set.clone(), ..Addresses::none() },
        Family::V6 => Addresses { v6: set.clone(), ..Addresses::none() },
    };
    AddressSet { addresses, name: None }
}

/// The traffic of a box protocol by protocol.
fn terms(cube: &Cube) -> Vec<Term> {
    let lower = |protocol: u8| {
        let own = cube.transport.intersect(&transports(protocol, &IntervalSet::full()));
        let low = |number: u32| u16::try_from(number & 0xffff).unwrap_or(u16::MAX);
        IntervalSet::from_intervals(own.intervals().iter().map(|&(first, last)| (low(first), low(last))))
    };
    let with_ports = [TCP, UDP].map(|protocol| Term::Ports {
        protocol,
        source: cube.source_ports.clone(),
        destination: lower(protocol),
    });
    let mut terms: Vec<Term> = with_ports.into_iter().collect();
    if cube.source_ports.contains(0) {
        terms.push(match cube.family {
            Family::V4 => Term::Icmp(lower(ICMP)),
            Family::V6 => Term::Icmpv6(lower(ICMPV6)),
        });
        let others = (0..=u8::MAX).filter(|number| ![TCP, UDP, ICMP, ICMPV6].contains(number));
        terms.extend(others.filter(|&number| !lower(number).is_empty()).map(Term::Protocol));
    }
    terms.retain(|term| !term.transport().is_empty());
    terms
}
