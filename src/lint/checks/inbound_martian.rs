//! Sources that do not exist on the Internet.

use crate::analyze::Hit;
use crate::lint::sources::block;
use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Addresses, Origin, Profile};
use crate::packet::{Cube, Family, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct InboundMartian;

static META: Meta = Meta {
    id: "inbound-martian",
    summary: "packets from outside are accepted under addresses that do not exist on the Internet",
    severity: Severity::Medium,
    profiles: &[Profile::Pci],
    sources: &["RFC 6890", "RFC 5737 §4", "RFC 1812 §5.3.7", "PCI DSS 4.0.1 1.4.3"],
    page: include_str!("inbound_martian.md"),
};

impl Check for InboundMartian {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        // One finding for all rules: one more rule in front of them mends it.
        let asked = context.entering().only_from(&martians()).not_from(&named_outside(context));
        let mut hits = asked.cubes().iter().flat_map(|cube| {
            let meant_otherwise =
                |hit: Hit<'_>| context.decisions().hit(hit.index, &unnamed(context, hit.index, cube));
            context.hits(cube).filter_map(meant_otherwise).collect::<Vec<_>>()
        });
        let hit = hits.find(|hit| hit.entry.origin != Origin::Default);
        findings.extend(context.once_each(hit).iter().map(|permit| {
            context
                .finding_about(permit, "lets packets pass from outside whose source is on no public network")
                .note("nobody on the Internet has such an address, so the packet is forged or lost")
                .help("deny `bogons` as sources, but for your own networks, before the first rule that lets packets in")
        }));
    }
}

/// The blocks that are not globally reachable, but for those with checks of their own and those that a neighbour on the
/// link may have.
fn martians() -> Addresses {
    let apart = ["loopback", "multicast", "unspecified", "link-local"];
    apart.iter().fold(block("bogons"), |rest, name| rest.subtract(&block(name)))
}

/// What untrusted zones list: a provider that hands out private addresses is named there.
fn named_outside(context: &Context<'_>) -> Addresses {
    let zones = context.policy().zones.iter().filter(|zone| zone.has_networks);
    let few = zones.filter(|zone| Family::ALL.iter().all(|&family| !zone.addresses.is_every(family)));
    few.fold(Addresses::none(), |all, zone| all.union(&zone.addresses))
}

/// The part of a box whose sources an entry does not name: those in what it says about sources that goes on beyond such
/// blocks. A rule that names nothing but a block means it.
fn unnamed(context: &Context<'_>, index: usize, cube: &Cube) -> Cube {
    let bogons = block("bogons");
    let beyond = |&interval: &(u128, u128)| {
        let one = IntervalSet::from_intervals([interval]);
        (!one.is_subset(bogons.of(cube.family))).then_some(interval)
    };
    let own = context.decisions().cubes_of(index).filter(|own| own.family == cube.family);
    let wide = own.flat_map(|own| own.source.intervals().iter().filter_map(beyond).collect::<Vec<_>>());
    Cube { source: cube.source.intersect(&IntervalSet::from_intervals(wide)), ..cube.clone() }
}
