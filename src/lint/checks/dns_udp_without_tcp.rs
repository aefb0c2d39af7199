//! DNS that answers only as long as the answer is short.

use crate::analyze::{Decisions, Hit};
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::{Profile, Rule};
use crate::packet::{Cube, Hook, IntervalSet, Packet, TCP, UDP, transport};
use crate::source::{Diagnostic, Edit, Effect, Fix, Severity};

/// See the page.
pub(super) struct DnsUdpWithoutTcp;

static META: Meta = Meta {
    id: "dns-udp-without-tcp",
    summary: "DNS is accepted over UDP and refused over TCP between the same addresses",
    severity: Severity::Medium,
    profiles: &[Profile::Rfc, Profile::Mail],
    sources: &["RFC 9210 §3", "RFC 7766 §5"],
    page: include_str!("dns_udp_without_tcp.md"),
};

/// The port of DNS.
const DNS: u16 = 53;

/// How many parts of what an entry accepts are tried one by one. Earlier rules must cut the addresses into that
/// many pieces before the search gives up, and then it reports the first piece.
const MOST_PARTS: usize = 1024;

impl Check for DnsUdpWithoutTcp {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let over_udp = Hook::ALL.map(|hook| context.opening(hook).udp(&[DNS]));
        let asked = over_udp.iter().flat_map(Packets::cubes);
        let decisions = context.decisions();
        let one_sided =
            asked.flat_map(|cube| context.hits(cube).filter_map(|hit| one_sided(decisions, hit, cube)));
        findings.extend(context.once_each(one_sided).iter().map(|permit| {
            let finding = context
                .finding_about(permit, "accepts DNS over UDP, and the same over TCP is refused")
                .note("an answer that does not fit into a UDP packet is asked for again over TCP")
                .help("allow TCP port 53 between the same addresses");
            let rule = context.policy().rule_of(permit.hit.entry);
            rule.into_iter().fold(finding, |finding, rule| finding.fix(with_tcp(rule)))
        }));
    }
}

/// Adds TCP to the services of a rule: more passes then, so a person decides.
fn with_tcp(rule: &Rule) -> Fix {
    let edit = Edit::Push(rule.services, "{ tcp: 53 }".to_owned());
    Fix::new(format!("allow TCP port 53 in rule `{}`", rule.id.value), Effect::Unproven, edit)
}

/// The same hit with a packet whose TCP counterpart is refused; none if every counterpart is accepted.
fn one_sided<'p>(decisions: &Decisions<'p>, hit: Hit<'p>, question: &Cube) -> Option<Hit<'p>> {
    let mut open = vec![question.clone()];
    for _ in 0..MOST_PARTS {
        let asked = open.pop()?;
        let Some(part) = decisions.hit(hit.index, &asked) else { continue };
        if let Some(packet) = refused_over_tcp(decisions, &part.part) {
            return Some(Hit { packet, ..part });
        }
        open.extend(asked.subtract(&part.part));
    }
    Some(hit)
}

/// A packet of the box whose counterpart over TCP is refused.
fn refused_over_tcp(decisions: &Decisions<'_>, accepted: &Cube) -> Option<Packet> {
    let over_tcp = Cube { transport: IntervalSet::single(transport(TCP, DNS)), ..accepted.clone() };
    let refusal = decisions.refusing(&over_tcp)?;
    Some(Packet { transport: transport(UDP, DNS), ..refusal.packet })
}
