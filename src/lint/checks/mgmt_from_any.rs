//! Administration that everybody may try.

use crate::analyze::Decider;
use crate::lint::breadth::{End, is_broad};
use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::Cube;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MgmtFromAny;

static META: Meta = Meta {
    id: "mgmt-from-any",
    summary: "administration ports are open to sources outside that are not limited to a few networks",
    severity: Severity::High,
    profiles: &[Profile::Bsi, Profile::Pci, Profile::Nist80053, Profile::CisControls, Profile::Mail],
    sources: &[
        "BSI NET.3.2.A6",
        "PCI DSS 4.0.1 1.4.2",
        "PCI DSS 4.0.1 2.2.7",
        "NIST SP 800-53r5 AC-17(3)",
        "CIS Controls v8.1 12.3",
    ],
    page: include_str!("mgmt_from_any.md"),
};

/// The way in that a bastion host is for.
const SSH: Ports = Ports { tcp: &[22], udp: &[] };
/// Telnet, Docker, remote desktop and IPMI: no encryption, no authentication, or a record of holes.
const WORST: Ports = Ports { tcp: &[23, 2375, 3389, 5900], udp: &[623, 3389] };
/// The other ports of administration and of services for one site (IANA registry; 10250 is the kubelet's).
const OTHERS: Ports = Ports {
    tcp: &[
        21, 111, 135, 137, 138, 139, 179, 445, 512, 513, 514, 873, 2049, 2376, 5985, 5986, 9100, 10050, 10250,
    ],
    udp: &[69, 111, 137, 138, 139, 161, 162, 514, 1900, 2049, 5353],
};

impl Check for MgmtFromAny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = questions(context);
        let broad = |index, cube: &Cube| is_broad(context.decisions(), index, cube, End::Source);
        let cubes = asked.cubes().iter();
        let hits = cubes.flat_map(|cube| context.hits(cube).filter(move |hit| broad(hit.index, cube)));
        for permit in context.once_each(hits) {
            let ports = exposure::opened(context, &permit, &asked, broad);
            findings.extend((!ports.is_empty()).then(|| finding(context, &permit, &ports)));
        }
    }
}

fn questions(context: &Context<'_>) -> Packets {
    let exposing = exposure::exposing(context);
    let ssh = context.not_to(&SSH.of(&exposing), &[Role::Bastion]);
    Packets::new([ssh.cubes(), WORST.of(&exposing).cubes(), OTHERS.of(&exposing).cubes()].concat())
}

fn finding(context: &Context<'_>, permit: &Decider<'_>, ports: &[u32]) -> Diagnostic {
    let predicate = format!("opens administration to everybody outside ({})", exposure::in_words(ports));
    let mut finding = context
        .finding_about(permit, &predicate)
        .note("whoever passes the login has the machine, and everybody on the Internet tries")
        .help("name the networks that administer in `from`, or go through a host with the role `bastion`");
    if ports.iter().any(|&port| WORST.transport().contains(port)) {
        finding.severity = Severity::Critical;
    }
    finding
}
