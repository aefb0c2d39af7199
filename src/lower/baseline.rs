//! The baseline and the defaults: the entries that nobody writes.

use super::scope::Scope;
use crate::model::{
    AddressSet, Addresses, Baseline, BaselinePart, Defaults, Entry, Interfaces, Log, Match, Name, Origin,
    RuleAction, Term, Traffic, Verdict, Zone,
};
use crate::packet::{Hook, IntervalSet, States, UDP};
use crate::parse::BaselineDecl;

/// ICMPv6 types that must reach a host from any source on its link (RFC 4890 §4.4.1): neighbour and router
/// discovery, inverse neighbour discovery, certification path (SEND).
const DISCOVERY: [u8; 8] = [133, 134, 135, 136, 141, 142, 148, 149];
/// ICMPv6 types sent from link-local addresses only (RFC 4890 §4.4.1): multicast listener discovery and
/// multicast router discovery.
const LISTENERS: [u8; 7] = [130, 131, 132, 143, 151, 152, 153];
/// ICMP errors: destination unreachable, time exceeded, parameter problem (RFC 792; RFC 2979 §3.1.1 on 3/4).
const ERRORS_V4: [u8; 3] = [3, 11, 12];
/// ICMPv6 errors: destination unreachable, packet too big, time exceeded, parameter problem (RFC 4443 §2.1).
const ERRORS_V6: [u8; 4] = [1, 2, 3, 4];

/// Which parts are on: all but the DHCP client, unless the policy says otherwise.
pub(super) fn switches(written: Option<&BaselineDecl>, scope: &Scope<'_>) -> Baseline {
    let on = |pick: fn(&BaselineDecl) -> Option<bool>| written.and_then(pick).unwrap_or(true);
    let clients = written.iter().flat_map(|baseline| &baseline.dhcp_client);
    Baseline {
        loopback: on(|baseline| baseline.loopback),
        established: on(|baseline| baseline.established),
        neighbour_discovery: on(|baseline| baseline.neighbour_discovery),
        anti_spoofing: on(|baseline| baseline.anti_spoofing),
        icmp_errors: on(|baseline| baseline.icmp_errors),
        invalid: on(|baseline| baseline.invalid),
        echo: on(|baseline| baseline.echo),
        dhcp_client: clients.filter_map(|interface| scope.interfaces().number(&interface.value)).collect(),
        site: written.map(|baseline| baseline.site),
    }
}

/// The baseline's entries, in the order in which they decide within each hook.
pub(super) fn entries(baseline: &Baseline, zones: &[Zone], defaults: &Defaults) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |on: bool, part: Vec<Entry>| entries.extend(part.into_iter().filter(|_| on));
    add(baseline.loopback, loopback());
    add(baseline.established, established());
    add(baseline.neighbour_discovery, neighbour_discovery());
    add(baseline.anti_spoofing, anti_spoofing(zones, defaults.log));
    add(baseline.icmp_errors, icmp_errors());
    add(baseline.invalid, invalid());
    add(true, not_new(defaults.log));
    add(baseline.echo, echo());
    add(true, baseline.dhcp_client.iter().flat_map(|&interface| dhcp_client(interface)).collect());
    entries
}

/// The last entry of each hook: it matches everything.
pub(super) fn defaults(defaults: &Defaults) -> Vec<Entry> {
    let default = |hook| {
        let action = defaults.of(hook);
        let log = defaults.log.filter(|_| action != RuleAction::Allow);
        Entry {
            origin: Origin::Default,
            hook,
            when: Match::every(States::ANY),
            verdict: action.verdict(),
            log,
        }
    };
    Hook::ALL.into_iter().map(default).collect()
}

fn entry(part: BaselinePart, hook: Hook, verdict: Verdict, when: Match) -> Entry {
    Entry { origin: Origin::Baseline(part), hook, when, verdict, log: None }
}

fn accept(part: BaselinePart, hook: Hook, when: Match) -> Entry {
    entry(part, hook, Verdict::Accept, when)
}

fn loopback() -> Vec<Entry> {
    let lo = || IntervalSet::single(Interfaces::LOOPBACK);
    let incoming = Match { incoming: lo(), ..Match::every(States::ANY) };
    let outgoing = Match { outgoing: lo(), ..Match::every(States::ANY) };
    let part = BaselinePart::Loopback;
    vec![accept(part, Hook::Input, incoming), accept(part, Hook::Output, outgoing)]
}

fn established() -> Vec<Entry> {
    let known = Match::every(States::ESTABLISHED.union(States::RELATED));
    Hook::ALL.into_iter().map(|hook| accept(BaselinePart::Established, hook, known.clone())).collect()
}

fn neighbour_discovery() -> Vec<Entry> {
    let anybody = icmpv6(&DISCOVERY, States::ANY);
    let unspecified = IntervalSet::single(0);
    let v6 = Addresses::link_local().v6.union(&unspecified);
    let addresses = Addresses { v4: IntervalSet::empty(), v6 };
    let link = Match { source: AddressSet { addresses, name: None }, ..icmpv6(&LISTENERS, States::ANY) };
    let of = |hook| {
        [anybody.clone(), link.clone()].map(|when| accept(BaselinePart::NeighbourDiscovery, hook, when))
    };
    [Hook::Input, Hook::Output].into_iter().flat_map(of).collect()
}

fn icmp_errors() -> Vec<Entry> {
    let errors = |hook| {
        [icmp(&ERRORS_V4, States::ANY), icmpv6(&ERRORS_V6, States::ANY)]
            .map(|when| accept(BaselinePart::IcmpErrors, hook, when))
    };
    Hook::ALL.into_iter().flat_map(errors).collect()
}

fn invalid() -> Vec<Entry> {
    let invalid = Match::every(States::INVALID);
    Hook::ALL
        .into_iter()
        .map(|hook| entry(BaselinePart::Invalid, hook, Verdict::Drop, invalid.clone()))
        .collect()
}

fn not_new(log: Option<Log>) -> Vec<Entry> {
    let rest = Match::every(States::ANY.subtract(States::NEW));
    let drop = |hook| Entry { log, ..entry(BaselinePart::NotNew, hook, Verdict::Drop, rest.clone()) };
    Hook::ALL.into_iter().map(drop).collect()
}

fn echo() -> Vec<Entry> {
    let v4 = |hook| accept(BaselinePart::Echo, hook, icmp(&[8], States::NEW));
    let v6 = |hook| accept(BaselinePart::Echo, hook, icmpv6(&[128], States::NEW));
    [Hook::Input, Hook::Output].into_iter().map(v4).chain(Hook::ALL.into_iter().map(v6)).collect()
}

/// RFC 2131 §4.1 (ports 67 and 68) and RFC 8415 §7.2 (ports 546 and 547, from link-local addresses).
fn dhcp_client(interface: u16) -> Vec<Entry> {
    let interface = || IntervalSet::single(interface);
    let v4_only = || Addresses { v6: IntervalSet::empty(), ..Addresses::every() };
    let link_local = Addresses { v4: IntervalSet::empty(), ..Addresses::link_local() };
    let v6_only = Addresses { v4: IntervalSet::empty(), ..Addresses::every() };
    let from = |addresses| AddressSet { addresses, name: None };
    let ask = |addresses, ports| Match { outgoing: interface(), source: from(addresses), ..udp(ports) };
    let answer = |addresses, ports| Match { incoming: interface(), source: from(addresses), ..udp(ports) };
    let part = BaselinePart::DhcpClient;
    vec![
        accept(part, Hook::Input, answer(v4_only(), (67, 68))),
        accept(part, Hook::Input, answer(link_local, (547, 546))),
        accept(part, Hook::Output, ask(v4_only(), (68, 67))),
        accept(part, Hook::Output, ask(v6_only, (546, 547))),
    ]
}

fn anti_spoofing(zones: &[Zone], log: Option<Log>) -> Vec<Entry> {
    let arriving = [Hook::Input, Hook::Forward];
    let guarded = || zones.iter().filter(|zone| zone.has_networks && !zone.interfaces.is_full());
    let mut matches: Vec<(Hook, Match)> = arriving.map(|hook| (hook, loopback_source(hook))).into();
    for zone in guarded() {
        let foreign = |hook| foreign_interface(zone, zones, hook).map(|when| (hook, when));
        matches.extend(arriving.into_iter().filter_map(foreign));
    }
    for zone in guarded().filter(|zone| is_first_on_its_interfaces(zone, zones)) {
        matches.extend(foreign_source(zone, zones).map(|when| (Hook::Forward, when)));
    }
    let part = BaselinePart::AntiSpoofing;
    let drop = |(hook, when)| Entry { log, ..entry(part, hook, Verdict::Drop, when) };
    matches.into_iter().map(drop).collect()
}

/// Whether no earlier zone has the same interfaces; zones that share them also share what is foreign there.
fn is_first_on_its_interfaces(zone: &Zone, zones: &[Zone]) -> bool {
    let first = zones.iter().find(|other| other.interfaces == zone.interfaces);
    first.is_some_and(|first| first.name == zone.name)
}

/// Loopback addresses from anywhere but the loopback (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
fn loopback_source(hook: Hook) -> Match {
    let addresses =
        Addresses { v4: IntervalSet::range(0x7f00_0000, 0x7fff_ffff), v6: IntervalSet::single(1) };
    let set = AddressSet { addresses, name: Name::new("loopback").ok() };
    from_elsewhere(&IntervalSet::empty(), set, hook)
}

/// The networks of a zone on an interface that none of the zones holding them has; none if there is no such
/// interface.
fn foreign_interface(zone: &Zone, zones: &[Zone], hook: Hook) -> Option<Match> {
    let holds = |other: &&Zone| other.has_networks && !other.addresses.intersect(&zone.addresses).is_empty();
    let own =
        zones.iter().filter(holds).fold(IntervalSet::empty(), |all, other| all.union(&other.interfaces));
    let set = AddressSet { addresses: zone.addresses.clone(), name: Some(zone.name.value.clone()) };
    (!own.is_full()).then(|| from_elsewhere(&own, set, hook))
}

/// What arrives on a zone's interfaces with a source outside the networks of every zone there (BCP 38, RFC 2827
/// §3); none if some zone there has no networks.
fn foreign_source(zone: &Zone, zones: &[Zone]) -> Option<Match> {
    let there: Vec<&Zone> =
        zones.iter().filter(|other| other.interfaces.overlaps(&zone.interfaces)).collect();
    let listed = there.iter().all(|other| other.has_networks);
    let own = there.iter().fold(Addresses::none(), |all, other| all.union(&other.addresses));
    let addresses = Addresses::every().subtract(&own);
    let name = Name::new(&format!("not-{}", zone.name.value)).ok();
    let when = || Match {
        incoming: zone.interfaces.clone(),
        source: AddressSet { addresses: addresses.clone(), name },
        ..Match::every(States::ANY)
    };
    (listed && !addresses.is_empty()).then(when)
}

/// Those sources on any interface but the given ones. The loopback counts as given where packets arrive for this
/// machine, which talks to itself under all its addresses; nobody forwards from there.
fn from_elsewhere(interfaces: &IntervalSet<u16>, source: AddressSet, hook: Hook) -> Match {
    let loopback = IntervalSet::single(Interfaces::LOOPBACK);
    let own = if hook == Hook::Input { interfaces.union(&loopback) } else { interfaces.clone() };
    Match { incoming: own.complement(), source, ..Match::every(States::ANY) }
}

fn icmp(types: &[u8], states: States) -> Match {
    Match { traffic: Traffic::one(Term::Icmp(kinds(types))), ..Match::every(states) }
}

fn icmpv6(types: &[u8], states: States) -> Match {
    Match { traffic: Traffic::one(Term::Icmpv6(kinds(types))), ..Match::every(states) }
}

fn udp((source, destination): (u16, u16)) -> Match {
    let ports = Term::Ports {
        protocol: UDP,
        source: IntervalSet::single(source),
        destination: IntervalSet::single(destination),
    };
    Match { traffic: Traffic::one(ports), ..Match::every(States::NEW) }
}

fn kinds(types: &[u8]) -> IntervalSet<u16> {
    let every_code = |&number: &u8| (u16::from(number) << 8, u16::from(number) << 8 | 0xff);
    IntervalSet::from_intervals(types.iter().map(every_code))
}

#[cfg(test)]
mod tests {
    use crate::lower::lower;
    use crate::model::{BaselinePart, Interfaces, Origin};
    use crate::packet::{Hook, IntervalSet};
    use crate::source::Sources;

    #[test]
    fn zones_that_share_an_interface_forbid_foreign_sources_once() {
        let text = "version: 1
name: test
zones:
  residential: { interfaces: [cust0], networks: [10.0.0.0/16] }
  business: { interfaces: [cust0], networks: [10.1.0.0/16] }
rules:
  - { id: r, action: deny, from: business, to: residential, services: any, reason: Test. }
";
        let bundle = crate::parse::text("policy.yaml", text, &mut Sources::default());
        let policy = lower(bundle).policy.expect("a policy");
        let shared = IntervalSet::single(Interfaces::LOOPBACK + 1);
        let foreign = policy.entries(Hook::Forward).filter(|entry| {
            entry.origin == Origin::Baseline(BaselinePart::AntiSpoofing) && entry.when.incoming == shared
        });
        assert_eq!(foreign.count(), 1);
    }
}
