//! Boxes in, sentences out.

use std::net::IpAddr;

use insta::assert_snapshot;
use ipnet::IpNet;

use super::*;
use crate::lower::lower;
use crate::model::number;
use crate::packet::{ICMP, ICMPV6, IntervalSet, TCP, UDP, Unknowns, every_code, transports};
use crate::parse;
use crate::source::Sources;

const POLICY: &str = "version: 1
name: branch
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16, '2001:db8:20::/48'], trust: internal }
  dmz:      { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  internet: { interfaces: [wan0, wan1] }
  guests:   { interfaces: [guest0] }
networks:
  relay:     [192.0.2.10, '2001:db8:25::10']
  mailstore: [192.0.2.11, '2001:db8:25::11']
  scanners:  10.20.9.0/28
  branches:  [10.1.0.0/24, 10.3.0.0/24, 10.5.0.0/24, 10.7.0.0/24]
services:
  mail-access: [pop3s, imaps]
  helpdesk: { tcp: [8443, 9000-9010] }
rules:
  - { id: everything, action: allow, from: lan, to: internet, services: any }
";

fn policy() -> Policy {
    let lowered = lower(parse::text("policy.yaml", POLICY, &mut Sources::default()));
    lowered.policy.unwrap_or_else(|| panic!("{:?}", lowered.diagnostics))
}

/// Numbers of the interfaces, as the zones of the policy name them.
const LAN0: u16 = 1;
const WAN: (u16, u16) = (3, 4);
const GUEST0: u16 = 5;

fn opening(hook: Hook, family: Family) -> Cube {
    Cube { states: States::NEW, ..Cube::every(hook, family) }
}

/// Addresses from prefixes and ranges as a policy writes them.
fn set(written: &[&str]) -> IntervalSet<u128> {
    let bounds = written.iter().map(|text| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let net = |text: &str| text.parse().unwrap_or_else(|_| IpNet::from(text.parse::<IpAddr>().unwrap()));
        (number(net(first).network()), number(net(last).broadcast()))
    });
    IntervalSet::from_intervals(bounds)
}

fn tcp(ports: &[(u16, u16)]) -> IntervalSet<u32> {
    transports(TCP, &IntervalSet::from_intervals(ports.iter().copied()))
}

fn udp(ports: &[(u16, u16)]) -> IntervalSet<u32> {
    transports(UDP, &IntervalSet::from_intervals(ports.iter().copied()))
}

fn on(interfaces: &[(u16, u16)]) -> IntervalSet<u16> {
    IntervalSet::from_intervals(interfaces.iter().copied())
}

/// The sentences for boxes, each with its size.
fn said(cubes: &[Cube]) -> String {
    let policy = policy();
    let portraits = Vocabulary::of(&policy).portraits(cubes);
    let lines = portraits.iter().map(|portrait| format!("{portrait} [{}]\n", portrait.size));
    lines.collect::<Vec<_>>().concat()
}

/// From the whole LAN to the internet, in both families.
fn lan_to_internet(transport: &IntervalSet<u32>) -> Vec<Cube> {
    let cube = |family, networks: &[&str]| Cube {
        incoming: on(&[(LAN0, LAN0)]),
        outgoing: on(&[WAN]),
        source: set(networks),
        transport: transport.clone(),
        ..opening(Hook::Forward, family)
    };
    vec![cube(Family::V4, &["10.20.0.0/16"]), cube(Family::V6, &["2001:db8:20::/48"])]
}

/// What is said of traffic from the LAN to the internet.
fn services(transport: &IntervalSet<u32>) -> String {
    let policy = policy();
    Vocabulary::of(&policy).portrait(&lan_to_internet(transport)[0]).services.join(" | ")
}

/// What is said of a source in the forward hook, IPv4 only.
fn sources(interfaces: &IntervalSet<u16>, addresses: &IntervalSet<u128>) -> String {
    let cube = Cube {
        incoming: interfaces.clone(),
        source: addresses.clone(),
        transport: tcp(&[(25, 25)]),
        ..opening(Hook::Forward, Family::V4)
    };
    said(&[cube]).replace("TCP 25 (smtp) ", "")
}

#[test]
fn zones_and_services_have_their_names() {
    assert_snapshot!(said(&lan_to_internet(&tcp(&[(110, 110)]))), @"TCP 110 (pop3) from lan (10.20.0.0/16, 2001:db8:20::/48) to internet [65,536 × every IPv4 address, 2^80 × every IPv6 address, 1 port]");
    assert_snapshot!(said(&lan_to_internet(&tcp(&[(110, 110)]))[..1]), @"TCP 110 (pop3) from lan (10.20.0.0/16) to internet [65,536 × every IPv4 address, 1 port]");
    let to_host = Cube {
        incoming: on(&[(LAN0, LAN0)]),
        source: set(&["10.20.9.0/28"]),
        transport: udp(&[(53, 53)]),
        ..opening(Hook::Input, Family::V4)
    };
    assert_snapshot!(said(&[to_host]), @"UDP 53 from scanners (10.20.9.0/28) via lan0 to this machine [16 addresses, 1 port]");
}

#[test]
fn everything_is_said_as_such() {
    assert_snapshot!(said(&Family::ALL.map(|family| opening(Hook::Forward, family))), @"every protocol from anywhere to anywhere [every address, every port]");
    assert_snapshot!(said(&[Cube::every(Hook::Output, Family::V6)]), @"every protocol over IPv6 from this machine to anywhere, in any state [every IPv6 address, every port]");
    assert_snapshot!(said(&Hook::ALL.map(|hook| opening(hook, Family::V4))), @"
    every protocol over IPv4 from anywhere to this machine [every IPv4 address, every port]
    every protocol over IPv4 from anywhere to anywhere [every IPv4 address, every port]
    every protocol over IPv4 from this machine to anywhere [every IPv4 address, every port]
    ");
}

#[test]
fn traffic_in_words() {
    let all = IntervalSet::range(0, 0xff_ffff);
    let but = |left_out: &IntervalSet<u32>| services(&all.subtract(left_out));
    let icmp = |kinds: &IntervalSet<u16>| services(&transports(ICMP, kinds));
    let said = [
        services(&tcp(&[(995, 995)])),
        services(&tcp(&[(993, 993), (995, 995)])),
        services(&tcp(&[(25, 25), (8000, 8010)])),
        services(&tcp(&[(25, 26), (109, 110)])),
        services(&tcp(&[(8443, 8443), (9000, 9010)])),
        services(&tcp(&[(53, 53)]).union(&udp(&[(53, 53)]))),
        services(&tcp(&[(1, u16::MAX)])),
        services(&tcp(&[(0, 24), (26, 109), (111, u16::MAX)])),
        services(&tcp(&[(0, u16::MAX)]).union(&udp(&[(0, u16::MAX)]))),
        but(&tcp(&[(25, 25)])),
        but(&tcp(&[(0, u16::MAX)])),
        but(&IntervalSet::empty()),
        icmp(&every_code(8)),
        icmp(&IntervalSet::single(0x0304)),
        icmp(&IntervalSet::range(0x0301, 0x0302)),
        icmp(&IntervalSet::range(0x0305, 0x0307)),
        icmp(&IntervalSet::range(0x0900, 0xffff)),
        icmp(&IntervalSet::full()),
        services(&transports(47, &IntervalSet::full()).union(&transports(50, &IntervalSet::full()))),
        services(&transports(200, &IntervalSet::single(0))),
        services(&tcp(&[(1, 1), (3, 3), (5, 5), (7, 7), (9, 9), (11, 11), (13, 13)])),
        services(&tcp(&[(1, 1), (3, 3), (5, 5), (7, 7), (9, 9), (11, 11)])),
    ];
    assert_snapshot!(said.join("\n"), @"
    TCP 995 (pop3s)
    mail-access (TCP 993 (imaps), TCP 995 (pop3s))
    TCP 25 (smtp) | TCP 8000-8010
    TCP 25-26 | TCP 109 (pop2) | TCP 110 (pop3)
    helpdesk (TCP 8443, TCP 9000-9010)
    dns (TCP 53, UDP 53)
    every TCP port
    every TCP port but 25 (smtp), 110 (pop3)
    every TCP port | every UDP port
    all but TCP 25 (smtp)
    all but TCP
    every protocol
    ping (ICMP echo-request)
    ICMP fragmentation-needed
    ICMP destination-unreachable codes 1-2
    ICMP destination-unreachable codes 5-7
    ICMP types 9-255
    every ICMP message
    protocol gre | protocol esp
    protocol 200
    TCP 1 | TCP 3 | TCP 5 | TCP 7 | TCP 9 | and 2 more ranges
    TCP 1 | TCP 3 | TCP 5 | TCP 7 | TCP 9 | TCP 11
    ");
}

#[test]
fn messages_of_both_families_are_one_service() {
    let mut cubes = lan_to_internet(&transports(ICMP, &every_code(8)));
    cubes[1].transport = transports(ICMPV6, &every_code(128));
    assert_snapshot!(said(&cubes), @"ping (ICMP echo-request, ICMPv6 echo-request) from lan (10.20.0.0/16, 2001:db8:20::/48) to internet [65,536 × every IPv4 address, 2^80 × every IPv6 address]");
}

#[test]
fn places_in_words() {
    let every = Family::V4.every_address();
    let lan = on(&[(LAN0, LAN0)]);
    let anywhere = IntervalSet::full();
    let network = set(&["10.20.0.0/16"]);
    let said = [
        sources(&lan, &network),
        sources(&anywhere, &network),
        sources(&on(&[WAN]), &network),
        sources(&lan, &every),
        sources(&on(&[WAN]), &every),
        sources(&on(&[WAN, (GUEST0, GUEST0)]), &every),
        sources(&on(&[(0, 0), WAN]), &every),
        sources(&on(&[(6, u16::MAX)]), &every),
        sources(&lan.complement(), &every),
        sources(&anywhere, &set(&["192.0.2.10"])),
        sources(&anywhere, &set(&["192.0.2.10", "192.0.2.11"])),
        sources(&anywhere, &set(&["192.0.2.10", "192.0.2.77"])),
        sources(&anywhere, &set(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])),
        sources(&anywhere, &set(&["10.1.0.0/24", "10.3.0.0/24", "10.5.0.0/24", "10.7.0.0/24"])),
        sources(&anywhere, &set(&["10.0.0.1-10.0.0.6"])),
        sources(&lan, &network.subtract(&set(&["10.20.9.0/28"]))),
        sources(&lan, &network.subtract(&set(&["10.20.4.0/24", "10.20.9.0/28"]))),
        sources(&on(&[WAN]), &every.subtract(&set(&["10.0.0.0/8"]))),
        sources(&anywhere, &every.subtract(&network)),
        sources(
            &anywhere,
            &set(&["10.0.0.1", "10.0.0.3", "10.0.0.5", "10.0.0.7", "10.0.0.9", "10.0.0.11", "10.0.0.13"]),
        ),
    ];
    assert_snapshot!(said.concat(), @"
    from lan (10.20.0.0/16) to anywhere [65,536 × every IPv4 address, 1 port]
    from 10.20.0.0/16 to anywhere [65,536 × every IPv4 address, 1 port]
    from 10.20.0.0/16 via wan0, wan1 to anywhere [65,536 × every IPv4 address, 1 port]
    over IPv4 from anywhere via lan0 to anywhere [every IPv4 address, 1 port]
    over IPv4 from internet to anywhere [every IPv4 address, 1 port]
    over IPv4 from internet, guests to anywhere [every IPv4 address, 1 port]
    over IPv4 from anywhere via lo, wan0, wan1 to anywhere [every IPv4 address, 1 port]
    over IPv4 from anywhere via other interfaces to anywhere [every IPv4 address, 1 port]
    over IPv4 from anywhere via any interface but lan0 to anywhere [every IPv4 address, 1 port]
    from relay (192.0.2.10) to anywhere [1 × every IPv4 address, 1 port]
    from mailstore (192.0.2.11), relay (192.0.2.10) to anywhere [2 × every IPv4 address, 1 port]
    from relay (192.0.2.10), 192.0.2.77 to anywhere [2 × every IPv4 address, 1 port]
    from rfc1918 (10.0.0.0/8, 172.16.0.0/12 and 1 more) to anywhere [17,891,328 × every IPv4 address, 1 port]
    from branches (10.1.0.0/24, 10.3.0.0/24 and 2 more) to anywhere [1,024 × every IPv4 address, 1 port]
    from 10.0.0.1-10.0.0.6 to anywhere [6 × every IPv4 address, 1 port]
    from lan (10.20.0.0/16) except scanners (10.20.9.0/28) to anywhere [65,520 × every IPv4 address, 1 port]
    from lan (10.20.0.0/16) except scanners (10.20.9.0/28), 10.20.4.0/24 to anywhere [65,264 × every IPv4 address, 1 port]
    from internet except 10.0.0.0/8 to anywhere [4,278,190,080 × every IPv4 address, 1 port]
    from anywhere except 10.20.0.0/16 to anywhere [4,294,901,760 × every IPv4 address, 1 port]
    from 10.0.0.1, 10.0.0.3, 10.0.0.5, 10.0.0.7, 10.0.0.9 and 2 more ranges to anywhere [7 × every IPv4 address, 1 port]
    ");
}

#[test]
fn what_a_rule_is_not_about_is_said_at_the_end() {
    let [mut known, _] = lan_to_internet(&tcp(&[(25, 25)])).try_into().unwrap();
    known.states = States::ESTABLISHED.union(States::RELATED);
    let from_53 = Cube {
        source_ports: IntervalSet::single(53),
        transport: IntervalSet::range(0, 0xff_ffff),
        ..opening(Hook::Forward, Family::V6)
    };
    assert_snapshot!(said(&[known, from_53]), @"
    TCP 25 (smtp) from lan (10.20.0.0/16) to internet, established or related [65,536 × every IPv4 address, 1 port]
    every TCP port, every UDP port with source port 53 over IPv6 from anywhere to anywhere [every IPv6 address, every port]
    ");
}

#[test]
fn states_and_conditions_are_said_in_full() {
    let of = |states| Cube { states, transport: tcp(&[(25, 25)]), ..opening(Hook::Input, Family::V4) };
    let dns = |states| Cube { states, transport: udp(&[(53, 53)]), ..opening(Hook::Input, Family::V4) };
    let conditions = |literals: &[(u32, bool)]| Cube {
        unknowns: Unknowns::of(literals.iter().copied()).unwrap(),
        ..of(States::NEW)
    };
    let cubes = [
        of(States::ANY.subtract(States::NEW)),
        of(States::of(&[State::EstablishedSyn, State::Related])),
        dns(States::of(&[State::Established])),
        dns(States::WITHOUT_SYN),
        conditions(&[(1, true)]),
        conditions(&[(1, true), (2, false)]),
    ];
    let all: Vec<String> = cubes.iter().map(|cube| said(std::slice::from_ref(cube))).collect();
    assert_snapshot!(all.concat(), @"
    TCP 25 (smtp) over IPv4 from anywhere to this machine, mid-stream or established or related or invalid or untracked [every IPv4 address, 1 port]
    TCP 25 (smtp) over IPv4 from anywhere to this machine, established with SYN or related without SYN [every IPv4 address, 1 port]
    UDP 53 over IPv4 from anywhere to this machine, established [every IPv4 address, 1 port]
    UDP 53 over IPv4 from anywhere to this machine, in any state [every IPv4 address, 1 port]
    TCP 25 (smtp) over IPv4 from anywhere to this machine, under a condition that mailward does not know [every IPv4 address, 1 port]
    TCP 25 (smtp) over IPv4 from anywhere to this machine, under 2 conditions that mailward does not know [every IPv4 address, 1 port]
    ");
}

#[test]
fn boxes_that_say_the_same_are_said_once() {
    let to = |address: &str, port| Cube {
        destination: set(&[address]),
        transport: tcp(&[(port, port)]),
        ..opening(Hook::Forward, Family::V4)
    };
    assert_snapshot!(said(&[to("192.0.2.10", 25), to("192.0.2.77", 25), to("192.0.2.10", 587), to("192.0.2.77", 587)]), @"TCP 25 (smtp), TCP 587 (submission) from anywhere to relay (192.0.2.10), 192.0.2.77 [every IPv4 address × 2, 2 ports]");
    assert_snapshot!(said(&[to("192.0.2.10", 25), to("192.0.2.77", 587)]), @"
    TCP 25 (smtp) from anywhere to relay (192.0.2.10) [every IPv4 address × 1, 1 port]
    TCP 587 (submission) from anywhere to 192.0.2.77 [every IPv4 address × 1, 1 port]
    ");
}

#[test]
fn messages_of_the_other_family_are_odd_and_said() {
    let odd = Cube { transport: transports(ICMPV6, &every_code(128)), ..opening(Hook::Input, Family::V4) };
    assert_snapshot!(said(&[odd]), @"ping (ICMPv6 echo-request) over IPv4 from anywhere to this machine [every IPv4 address]");
}

#[test]
fn this_machine_may_be_meant_by_an_address() {
    let cube = Cube {
        destination: set(&["192.0.2.1"]),
        transport: tcp(&[(22, 22)]),
        ..opening(Hook::Input, Family::V4)
    };
    assert_snapshot!(said(&[cube]), @"TCP 22 (ssh) from anywhere to this machine at 192.0.2.1 [every IPv4 address, 1 port]");
}
