//! Sensitive services for more of the inside than needs them.

use std::collections::BTreeSet;

use crate::analyze::{Decider, Hit};
use crate::lint::breadth::size;
use crate::lint::exposure::{self, Ports};
use crate::lint::{Asked, Check, CheckSubject, Context, Meta, Packets, Parameter};
use crate::model::Profile;
use crate::packet::{Cube, Family, Hook, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct SourceTooBroad;

static META: Meta = Meta {
    id: "source-too-broad",
    summary: "administration or a data store is open to more addresses inside than a list of known hosts has",
    severity: Severity::Medium,
    profiles: &[Profile::Pci, Profile::Nist80053],
    sources: &["PCI DSS 4.0.1 1.2.5", "NIST SP 800-53r5 AC-6"],
    page: include_str!("source_too_broad.md"),
};

/// What may be set otherwise.
static PARAMETERS: [Parameter; 2] = [ADDRESSES, NETWORKS];

const ADDRESSES: Parameter = Parameter {
    name: "addresses",
    default: 1 << 16,
    meaning: "how many IPv4 addresses inside may reach a sensitive service",
};

const NETWORKS: Parameter = Parameter {
    name: "networks",
    default: 1 << 8,
    meaning: "how many IPv6 networks of the size /64 inside may reach a sensitive service",
};

/// Logins of administrators, and stores. The page names them.
const SENSITIVE: Ports = Ports {
    tcp: &[
        22, 23, 1433, 1521, 2375, 2376, 2379, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 9200, 10250, 11211,
        27017,
    ],
    udp: &[161, 623, 3389],
};

/// How many pieces of sources are added up for one service.
const MOST_PIECES: usize = 256;

impl Check for SourceTooBroad {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn parameters(&self) -> &'static [Parameter] {
        &PARAMETERS
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let arriving = SENSITIVE.of(&context.internal().not_in_hook(Hook::Output));
        if context.candidates(&arriving).next().is_none() {
            return;
        }
        let mut named = BTreeSet::new();
        for port in exposure::every_port(&arriving) {
            let asked = arriving.transport(&IntervalSet::single(port));
            for anchor in asked.cubes().iter().flat_map(|cube| context.hits(cube)) {
                let is_new = !named.contains(&Decider::key(anchor.entry));
                let ways = is_new.then(|| ways(context, &asked, &anchor)).flatten().unwrap_or_default();
                named.extend(ways.iter().map(|way| Decider::key(way.entry)));
                findings.extend(finding(context, port, ways));
            }
        }
    }
}

/// Who opens some destination of the anchor to too many sources together; none if they are not too many.
fn ways<'p>(context: &Context<'p>, asked: &Packets, anchor: &Hit<'p>) -> Option<Vec<Hit<'p>>> {
    let mut destination = anchor.part.destination.clone();
    let mut sources = IntervalSet::empty();
    let mut ways = Vec::new();
    let alike = |cube: &&Cube| (cube.hook, cube.family) == (anchor.part.hook, anchor.part.family);
    for cube in asked.cubes().iter().filter(alike) {
        let mut rest = cube.clone();
        for _ in 0..MOST_PIECES {
            rest.destination = rest.destination.intersect(&destination);
            let Some(hit) = context.hits(&rest).next() else { break };
            destination = hit.part.destination.clone();
            rest.source = rest.source.subtract(&hit.part.source);
            sources = sources.union(&hit.part.source);
            ways.push(hit);
            if size(&sources) > most(context, cube.family) {
                return Some(ways);
            }
        }
    }
    None
}

/// The most addresses that may reach a service.
fn most(context: &Context<'_>, family: Family) -> u128 {
    match family {
        Family::V4 => context.parameter(&ADDRESSES).into(),
        Family::V6 => u128::from(context.parameter(&NETWORKS)) << 64,
    }
}

fn finding<'p>(context: &Context<'p>, port: u32, ways: Vec<Hit<'p>>) -> Option<Diagnostic> {
    let family = ways.first()?.part.family;
    let most = match family {
        Family::V4 => format!("{} IPv4 addresses", context.parameter(&ADDRESSES)),
        Family::V6 => format!("{} IPv6 networks of the size /64", context.parameter(&NETWORKS)),
    };
    let permits = context.once_each(ways);
    let (first, others) = permits.split_first()?;
    let opens = if others.is_empty() { "opens" } else { "has a part in opening" };
    let predicate = format!("{opens} {} to more than {most} inside", exposure::in_words(&[port]));
    let finding = others.iter().fold(context.finding_about(first, &predicate), |finding, other| {
        finding.related(other.site, "this opens it to more of them")
    });
    Some(
        finding
            .note("every one of them that is taken over may try passwords there, and holes that need none")
            .help("name the hosts or the network that need it in `from`"),
    )
}
