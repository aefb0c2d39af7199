//! Policies for tests: built from a few rules, or drawn at random over so few kinds of packets that all of them
//! can be tried.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::model::{
    AddressSet, Addresses, Baseline, Defaults, Entry, Interface, Interfaces, Match, Name, Origin, Policy,
    Rule, RuleAction, Stage, Term, Traffic, Verdict,
};
use crate::packet::{
    Bounded, Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, Packet, State, States, TCP, UDP, Unknowns,
    transport,
};
use crate::source::{At, Site, SourceFile, Sources, Spanned};

/// A rule: what it does where, to which packets.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) action: RuleAction,
    pub(super) stage: Stage,
    pub(super) hooks: Vec<Hook>,
    pub(super) when: Match,
}

/// Values that no rule tells apart, by the first of them.
const ADDRESSES: [(u128, u128); 3] = [(0, 0), (1, 1), (2, u128::MAX)];
const INTERFACES: [(u16, u16); 3] = [(0, 0), (1, 1), (2, u16::MAX)];
const PORTS: [(u16, u16); 3] = [(0, 24), (25, 25), (26, u16::MAX)];
const SOURCE_PORTS: [(u16, u16); 2] = [(0, 1023), (1024, u16::MAX)];
const MESSAGES: [(u16, u16); 3] = [(0, 0x07ff), (0x0800, 0x0800), (0x0801, u16::MAX)];
const STATES: [State; 3] = [State::New, State::Midstream, State::Established];
const GRE: u8 = 47;
/// A protocol that no rule names.
const OTHER: u8 = 100;

/// A policy of these rules, with interfaces `lan0` and `wan0` (numbers 1 and 2), that denies everything else.
pub(super) fn policy(drafts: &[Draft]) -> Policy {
    let site = site();
    let interfaces = ["lan0", "wan0"].map(|name| Interface::new(name).unwrap());
    Policy {
        name: Spanned { value: Name::new("sample").unwrap(), site },
        description: None,
        owner: None,
        reviewed: None,
        profiles: Vec::new(),
        interfaces: Interfaces::new(interfaces.to_vec()),
        zones: Vec::new(),
        networks: Vec::new(),
        services: Vec::new(),
        hosts: Vec::new(),
        flows: None,
        waivers: Vec::new(),
        defaults: Defaults {
            input: RuleAction::Deny,
            forward: RuleAction::Deny,
            output: RuleAction::Deny,
            log: None,
            site: None,
        },
        baseline: no_baseline(),
        rules: (0..).zip(drafts).map(|(number, draft)| rule(number, draft, site)).collect(),
        entries: entries(drafts),
        disabled: Vec::new(),
        expectations: Vec::new(),
        site,
        document: site,
    }
}

fn site() -> Site {
    let file = Sources::default().add(SourceFile::new("sample.yaml".to_owned(), String::new(), None));
    Site { file, at: At::Bytes { start: 0, end: 0 } }
}

fn no_baseline() -> Baseline {
    Baseline {
        loopback: false,
        established: false,
        neighbour_discovery: false,
        anti_spoofing: false,
        icmp_errors: false,
        invalid: false,
        echo: false,
        dhcp_client: Vec::new(),
        site: None,
    }
}

fn rule(number: usize, draft: &Draft, site: Site) -> Rule {
    Rule {
        id: Spanned { value: Name::new(&format!("rule-{number}")).unwrap(), site },
        action: Spanned { value: draft.action, site },
        stage: draft.stage,
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

fn entries(drafts: &[Draft]) -> Vec<Entry> {
    let of_rule = |(index, draft): (usize, &Draft)| {
        let verdict = match draft.stage {
            Stage::Enforce => draft.action.verdict(),
            Stage::Observe { .. } => Verdict::Observe,
        };
        let entry =
            |hook| Entry { origin: Origin::Rule(index), hook, when: draft.when.clone(), verdict, log: None };
        draft.hooks.iter().copied().map(entry).collect::<Vec<Entry>>()
    };
    let default = |hook| Entry {
        origin: Origin::Default,
        hook,
        when: Match::every(States::ANY),
        verdict: Verdict::Drop,
        log: None,
    };
    drafts.iter().enumerate().flat_map(of_rule).chain(Hook::ALL.map(default)).collect()
}

/// Whether an entry speaks about a packet, from its words alone.
pub(super) fn speaks_of(entry: &Entry, packet: &Packet) -> bool {
    let when = &entry.when;
    entry.hook == packet.hook
        && when.states.contains(packet.state)
        && when.incoming.contains(packet.incoming)
        && when.outgoing.contains(packet.outgoing)
        && when.source.addresses.of(packet.family).contains(packet.source)
        && when.destination.addresses.of(packet.family).contains(packet.destination)
        && when.traffic.terms().iter().any(|term| means(term, packet))
}

fn means(term: &Term, packet: &Packet) -> bool {
    let message = || packet.icmp().map(|(kind, code)| u16::from_be_bytes([kind, code])).unwrap();
    match term {
        Term::Any => true,
        Term::Ports { protocol, source, destination } => {
            packet.protocol() == *protocol
                && source.contains(packet.source_port)
                && destination.contains(packet.port().unwrap())
        }
        Term::Icmp(kinds) => {
            (packet.family, packet.protocol()) == (Family::V4, ICMP) && kinds.contains(message())
        }
        Term::Icmpv6(kinds) => {
            (packet.family, packet.protocol()) == (Family::V6, ICMPV6) && kinds.contains(message())
        }
        Term::Protocol(protocol) => packet.protocol() == *protocol,
    }
}

/// The entry that decides a packet, found by trying one after the other.
pub(super) fn first_match(policy: &Policy, packet: &Packet) -> Option<usize> {
    let decides = |entry: &Entry| entry.verdict != Verdict::Observe && speaks_of(entry, packet);
    policy.entries.iter().position(decides)
}

/// One packet of every kind that a random policy can tell apart, in the input and forward hooks.
pub(super) fn packets() -> Vec<Packet> {
    let mut packets = Vec::new();
    let base = Cube::every(Hook::Input, Family::V4);
    let blank = Packet::of(&base).unwrap();
    for hook in [Hook::Input, Hook::Forward] {
        for family in Family::ALL {
            packets.extend(of_traffic(&Packet { hook, family, outgoing: 0, ..blank.clone() }));
        }
    }
    packets
}

fn of_traffic(blank: &Packet) -> Vec<Packet> {
    let mut packets = Vec::new();
    for (transport, source_port) in transports() {
        for (source, destination) in pairs(&ADDRESSES, &ADDRESSES) {
            for (incoming, state) in pairs(&INTERFACES, &STATES.map(|state| (state, ()))) {
                let blank = Packet { transport, source_port, ..blank.clone() };
                packets.push(Packet { state, incoming, source, destination, ..blank });
            }
        }
    }
    packets.retain(|packet| packet.protocol() == TCP || packet.state != State::Midstream);
    packets
}

/// Values of transport and source port.
fn transports() -> Vec<(u32, u16)> {
    let lower = |protocol: u8, values: &[(u16, u16)]| -> Vec<u32> {
        values.iter().map(|&(first, _)| transport(protocol, first)).collect()
    };
    let ports = [lower(TCP, &PORTS), lower(UDP, &PORTS)].concat();
    let with_ports = ports.iter().flat_map(|&port| SOURCE_PORTS.map(|(source, _)| (port, source)));
    let without =
        [lower(ICMP, &MESSAGES), lower(ICMPV6, &MESSAGES), lower(GRE, &[(0, 0)]), lower(OTHER, &[(0, 0)])];
    with_ports.chain(without.concat().into_iter().map(|transport| (transport, 0))).collect()
}

fn pairs<A: Copy, B: Copy, X, Y>(a: &[(A, X)], b: &[(B, Y)]) -> Vec<(A, B)> {
    a.iter().flat_map(|&(a, _)| b.iter().map(move |&(b, _)| (a, b))).collect()
}

/// Random rules. They share a few conditions, so that some are about the same packets.
pub(super) fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let action = prop_oneof![Just(RuleAction::Allow), Just(RuleAction::Deny), Just(RuleAction::Reject)];
    let stage = prop_oneof![4 => Just(Stage::Enforce), 1 => Just(Stage::Observe { until: None })];
    let hooks = subsequence(vec![Hook::Input, Hook::Forward], 1..=2);
    vec(matches(), 1..6).prop_flat_map(move |conditions| {
        let rule = (action.clone(), stage.clone(), hooks.clone(), select(conditions));
        let draft = rule.prop_map(|(action, stage, hooks, when)| Draft { action, stage, hooks, when });
        vec(draft, 0..8)
    })
}

/// A random condition.
pub(super) fn matches() -> impl Strategy<Value = Match> {
    let states = prop_oneof![Just(States::NEW), Just(States::ANY)];
    let fields = (states, some(&INTERFACES), address_sets(), address_sets(), vec(term(), 1..3));
    fields.prop_map(|(states, incoming, source, destination, terms)| Match {
        states,
        incoming,
        outgoing: IntervalSet::full(),
        source,
        destination,
        traffic: Traffic::of(terms).unwrap(),
        unknowns: Unknowns::none(),
    })
}

/// Some interfaces, often all of them.
pub(super) fn interfaces() -> impl Strategy<Value = IntervalSet<u16>> {
    some(&INTERFACES)
}

/// Some addresses, often all of them; those of IPv4 are the lower part.
pub(super) fn addresses() -> impl Strategy<Value = IntervalSet<u128>> {
    some(&ADDRESSES)
}

fn address_sets() -> impl Strategy<Value = AddressSet> {
    addresses().prop_map(|v6| {
        let v4 = v6.intersect(&Family::V4.every_address());
        AddressSet { addresses: Addresses { v4, v6 }, name: None }
    })
}

fn term() -> impl Strategy<Value = Term> {
    let ports = (prop_oneof![Just(TCP), Just(UDP)], some(&SOURCE_PORTS), some(&PORTS));
    prop_oneof![
        3 => Just(Term::Any),
        4 => ports.prop_map(|(protocol, source, destination)| Term::Ports { protocol, source, destination }),
        1 => some(&MESSAGES).prop_map(Term::Icmp),
        1 => some(&MESSAGES).prop_map(Term::Icmpv6),
        1 => Just(Term::Protocol(GRE)),
    ]
}

/// A random question about one hook and family.
pub(super) fn question() -> impl Strategy<Value = Cube> {
    let hook = prop_oneof![Just(Hook::Input), Just(Hook::Forward)];
    let family = prop_oneof![Just(Family::V4), Just(Family::V6)];
    (hook, family, matches()).prop_map(|(hook, family, when)| {
        let cubes = when.cubes(hook);
        cubes.into_iter().find(|cube| cube.family == family).unwrap_or_else(|| Cube::every(hook, family))
    })
}

/// A choice of values, often all of them, never none.
fn some<T: Bounded + 'static>(values: &[(T, T)]) -> impl Strategy<Value = IntervalSet<T>> + use<T> {
    let chosen = subsequence(values.to_vec(), 1..=values.len());
    prop_oneof![Just(IntervalSet::full()), chosen.prop_map(IntervalSet::from_intervals)]
}
