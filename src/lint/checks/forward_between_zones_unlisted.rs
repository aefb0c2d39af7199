//! Flows between zones that nobody has listed.

use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::{Decider, Hit};
use crate::lint::{Check, CheckSubject, Context, Declared, Meta};
use crate::model::{Entry, Policy, Profile, Zone};
use crate::packet::{Cube, Family, Hook, States};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct ForwardBetweenZonesUnlisted;

static META: Meta = Meta {
    id: "forward-between-zones-unlisted",
    summary: "flows may open between zones that `flows` does not list",
    severity: Severity::Medium,
    profiles: &[Profile::CisControls, Profile::Iso27001, Profile::Pci],
    sources: &[
        "CIS Controls v8.1 13.4",
        "CIS Controls v8.1 3.8",
        "ISO/IEC 27001:2022 A.8.22",
        "PCI DSS 4.0.1 1.2.4",
    ],
    page: include_str!("forward_between_zones_unlisted.md"),
};

/// How many pairs of zones a finding names.
const MOST_NAMED: usize = 3;

/// Two zones by their indices: from, to.
type Pair = (usize, usize);

impl Check for ForwardBetweenZonesUnlisted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn needs(&self) -> Declared {
        Declared::Flows
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let Some(flows) = &context.policy().flows else { return };
        let pairs = flows
            .iter()
            .flat_map(|flow| flow.from.iter().flat_map(|&from| flow.to.iter().map(move |&to| (from, to))));
        let listed: BTreeSet<Pair> = pairs.collect();
        let every = context.opening(Hook::Forward);
        let mut found: BTreeMap<_, Vec<(Pair, Hit<'_>)>> = BTreeMap::new();
        for (_, index, entry) in context.candidates(&every) {
            let known = found.entry(Decider::key(entry)).or_default();
            let open = unlisted(context.policy(), &listed, entry);
            let open = open.filter_map(|pair| Some((pair, between(context, &listed, pair, index)?)));
            let fresh = open.filter(|(pair, _)| !known.iter().any(|(one, _)| one == pair));
            let fresh: Vec<(Pair, Hit<'_>)> = fresh.take(MOST_NAMED).collect();
            known.extend(fresh);
        }
        findings.extend(found.into_values().filter_map(|pairs| finding(context, &pairs)));
    }
}

/// The pairs of different zones that an entry speaks of and that are not listed.
fn unlisted<'a>(
    policy: &'a Policy,
    listed: &'a BTreeSet<Pair>,
    entry: &Entry,
) -> impl Iterator<Item = Pair> + use<'a> {
    let when = &entry.when;
    let zones = || policy.zones.iter().enumerate();
    let from = zones().filter(|(_, zone)| {
        zone.interfaces.overlaps(&when.incoming) && zone.addresses.overlaps(&when.source.addresses)
    });
    let to = zones().filter(|(_, zone)| {
        zone.interfaces.overlaps(&when.outgoing) && zone.addresses.overlaps(&when.destination.addresses)
    });
    let from: Vec<usize> = from.map(|(index, _)| index).collect();
    let to: Vec<usize> = to.map(|(index, _)| index).collect();
    let pairs = from.into_iter().flat_map(move |from| to.clone().into_iter().map(move |to| (from, to)));
    pairs.filter(|pair| pair.0 != pair.1 && !listed.contains(pair))
}

/// A packet that an entry accepts between two zones, and that is not between two listed ones as well.
fn between<'p>(context: &Context<'p>, listed: &BTreeSet<Pair>, pair: Pair, index: usize) -> Option<Hit<'p>> {
    let policy = context.policy();
    let decisions = context.decisions();
    let opening = context.opening(Hook::Forward);
    let questions = Family::ALL.into_iter().filter_map(|family| cube(policy, pair, family));
    let questions = questions.flat_map(|cube| {
        opening.cubes().iter().filter_map(move |open| open.intersect(&cube)).collect::<Vec<_>>()
    });
    for question in questions.filter(|question| decisions.hit(index, question).is_some()) {
        let others = listed.iter().filter_map(|&other| cube(policy, other, question.family));
        let others = others.filter(|other| other.overlaps(&question)).collect::<Vec<_>>();
        let rest = others
            .iter()
            .fold(vec![question], |rest, other| rest.iter().flat_map(|part| part.subtract(other)).collect());
        if let Some(hit) = rest.iter().find_map(|part| decisions.hit(index, part)) {
            return Some(hit);
        }
    }
    None
}

/// Packets of a family that open a flow between two zones.
fn cube(policy: &Policy, (from, to): Pair, family: Family) -> Option<Cube> {
    let (from, to): (&Zone, &Zone) = (policy.zones.get(from)?, policy.zones.get(to)?);
    Some(Cube {
        states: States::NEW,
        incoming: from.interfaces.clone(),
        outgoing: to.interfaces.clone(),
        source: from.addresses.of(family).clone(),
        destination: to.addresses.of(family).clone(),
        ..Cube::every(Hook::Forward, family)
    })
}

fn finding(context: &Context<'_>, pairs: &[(Pair, Hit<'_>)]) -> Option<Diagnostic> {
    let (_, hit) = pairs.first()?;
    let policy = context.policy();
    let name = |zone: usize| policy.zones.get(zone).map_or("", |zone| zone.name.value.as_str());
    let of = |&((from, to), _): &(Pair, Hit<'_>)| format!("from `{}` into `{}`", name(from), name(to));
    let named: Vec<String> = pairs.iter().take(MOST_NAMED).map(of).collect();
    let permit = Decider::new(policy, hit.clone());
    let predicate = format!("lets flows open {}, which `flows` does not list", named.join(" and "));
    Some(
        context
            .finding_about(&permit, &predicate)
            .note("the list is what the network was planned to be; what goes beyond it has not been thought through")
            .help("narrow the rule, or add the pair to `flows` if it belongs to the plan"),
    )
}
