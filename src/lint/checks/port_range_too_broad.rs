//! Ranges of ports that name no service.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::Vacant;

use crate::analyze::{Decider, Hit};
use crate::catalog::{self, Service};
use crate::lint::{Check, Context, Meta, Packets, Parameter};
use crate::model::{Entry, Origin, Profile, Term, Verdict};
use crate::packet::{Cube, IntervalSet, UDP};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct PortRangeTooBroad;

static META: Meta = Meta {
    id: "port-range-too-broad",
    summary: "a rule opens a range of ports that is too wide to be one service",
    severity: Severity::Medium,
    profiles: &[Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.5", "NIST SP 800-53r5 CM-7"],
    page: include_str!("port_range_too_broad.md"),
};

/// What may be set otherwise.
static PARAMETERS: [Parameter; 1] = [PORTS];

const PORTS: Parameter =
    Parameter { name: "ports", default: 100, meaning: "how many ports in a row may be one service" };

/// How many parts of what an entry accepts are tried one by one before the search gives up.
const MOST_PARTS: usize = 64;

impl Check for PortRangeTooBroad {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn parameters(&self) -> &'static [Parameter] {
        &PARAMETERS
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let most = context.parameter(&PORTS);
        let entries = context.policy().entries.iter();
        let wide = entries
            .map(|entry| wide_ranges(entry, most))
            .fold(IntervalSet::empty(), |all, own| all.union(&own));
        if wide.is_empty() {
            return;
        }
        let asked = crossing(context).transport(&wide);
        let mut found = BTreeMap::new();
        for (cube, index, entry) in context.candidates(&asked) {
            if let Vacant(place) = found.entry(Decider::key(entry))
                && let Some(hit) = opened(context, index, entry, cube)
            {
                place.insert(Decider::new(context.policy(), hit));
            }
        }
        findings.extend(found.values().filter_map(|permit| finding(context, permit)));
    }
}

/// Everything that the site has a part in: what two strangers say to each other through this machine is their business.
fn crossing(context: &Context<'_>) -> Packets {
    let ways = [context.inward(), context.outward(), context.internal()];
    Packets::new(ways.iter().flat_map(Packets::cubes).cloned().collect())
}

/// The ranges of an entry with more ports than one service has. What names every port is no range, and what the catalogue
/// knows by name has been identified.
fn wide_ranges(entry: &Entry, most: u64) -> IntervalSet<u32> {
    let is_rule = matches!(entry.origin, Origin::Rule(_)) && entry.verdict == Verdict::Accept;
    let terms = entry.when.traffic.terms().iter().filter(|_| is_rule);
    let ranges = terms.filter(|term| is_range(term)).flat_map(|term| term.transport().intervals().to_vec());
    let known = known();
    let is_known = |&(first, last): &(u32, u32)| IntervalSet::range(first, last).is_subset(&known);
    IntervalSet::from_intervals(ranges.filter(|range| width(*range) > most && !is_known(range)))
}

fn is_range(term: &Term) -> bool {
    match term {
        Term::Ports { destination, .. } => !IntervalSet::range(1, u16::MAX).is_subset(destination),
        Term::Any | Term::Icmp(_) | Term::Icmpv6(_) | Term::Protocol(_) => false,
    }
}

fn width((first, last): (u32, u32)) -> u64 {
    u64::from(last - first) + 1
}

/// The one range that a service of the catalogue has.
fn known() -> IntervalSet<u32> {
    let terms = catalog::service("traceroute").into_iter().flat_map(Service::terms);
    terms.fold(IntervalSet::empty(), |all, term| all.union(&term.transport()))
}

/// A part of the box with a wide range that the entry decides, earlier ones taken into account.
fn opened<'p>(context: &Context<'p>, index: usize, entry: &Entry, cube: &Cube) -> Option<Hit<'p>> {
    let most = context.parameter(&PORTS);
    let wide = wide_ranges(entry, most);
    let mut rest = Cube { transport: cube.transport.intersect(&wide), ..cube.clone() };
    for _ in 0..MOST_PARTS {
        let hit = context.decisions().hit(index, &rest)?;
        if widest(&hit).is_some_and(|range| width(range) > most) {
            return Some(hit);
        }
        rest.transport = rest.transport.subtract(&hit.part.transport);
    }
    None
}

/// The widest range of what an entry decides.
fn widest(hit: &Hit<'_>) -> Option<(u32, u32)> {
    hit.part.transport.intervals().iter().copied().max_by_key(|&range| width(range))
}

fn finding(context: &Context<'_>, permit: &Decider<'_>) -> Option<Diagnostic> {
    let (first, last) = widest(&permit.hit)?;
    let protocol = if first >> 16 == u32::from(UDP) { "UDP" } else { "TCP" };
    let ports = format!("{protocol} {} to {}", first & 0xffff, last & 0xffff);
    Some(
        context
            .finding_about(permit, &format!("opens a range of {} ports ({ports})", width((first, last))))
            .note("nobody has said which service that is, and whatever listens there is open with it")
            .help(
                "name the ports of the service; where it takes any, give it a smaller range in its settings",
            ),
    )
}
