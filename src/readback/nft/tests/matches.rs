//! Which packets a match means.

use super::*;
use crate::packet::{ICMP, ICMPV6, UDP};

#[test]
fn addresses_mean_their_family_only() {
    for met in ["ip saddr 10.0.0.0/8", "ip saddr 10.0.0.0-10.0.0.9", "ip saddr { 10.0.0.1, 10.9.0.0/16 }"] {
        assert!(meets(met, &mail()) && !meets(met, &mail6()), "{met}");
    }
    for met in ["ip saddr 10.0.0.5/8", "ip saddr & 255.0.0.0 == 10.0.0.0", "ip daddr != 192.0.2.2"] {
        assert!(meets(met, &mail()) && !meets(met, &mail6()), "{met}");
    }
    for missed in ["ip saddr != 10.0.0.1", "ip saddr 10.0.0.2", "ip saddr & 255.0.0.0 != 10.0.0.0"] {
        assert!(!meets(missed, &mail()) && !meets(missed, &mail6()), "{missed}");
    }
    assert!(meets("ip6 saddr 2001:db8::/32", &mail6()) && !meets("ip6 saddr != ::1", &mail()));
}

#[test]
fn ports_mean_their_protocol_only() {
    let dns = of(UDP, 53, mail());
    assert!(meets("tcp dport smtp", &mail()) && !meets("tcp dport 25", &of(UDP, 25, mail())));
    assert!(meets("tcp dport != 26", &mail()) && !meets("tcp dport != 26", &dns));
    assert!(meets("tcp dport { 20-30, 80 }", &mail6()) && meets("tcp dport >= 25", &mail()));
    assert!(meets("tcp dport < 26", &mail()) && !meets("tcp dport > 25", &mail()));
    assert!(meets("udp sport 40000", &dns) && !meets("udp sport != 40000", &dns));
    assert!(meets("meta l4proto { tcp, udp } th dport 53", &dns));
    assert!(meets("meta l4proto . th dport { tcp . 25, udp . 53 }", &dns));
    assert!(!meets("meta l4proto . th dport != { tcp . 25, udp . 53 }", &dns));
    assert!(meets("@th,16,16 25", &mail()));
}

#[test]
fn transport_headers_of_other_protocols_are_not_looked_into() {
    let read = table("", "th dport 53 drop\nmeta l4proto . th sport { udp . 5 } drop");
    assert_eq!(read.texts(), ["th dport 53"], "where the protocol is known there is no doubt");
    let esp = of(50, 0, Packet { source_port: 0, ..mail() });
    assert!(!read.drops(&esp) && read.drops(&read.given("th dport 53", &esp)));
}

#[test]
fn protocols_are_those_behind_all_headers_or_in_the_first() {
    let ping = of(ICMP, 8 << 8, Packet { source_port: 0, ..mail() });
    let ping6 = of(ICMPV6, 128 << 8, Packet { source_port: 0, ..mail6() });
    assert!(meets("meta l4proto ipv6-icmp", &ping6) && meets("ip protocol tcp", &mail()));
    assert!(!meets("ip protocol tcp", &mail6()) && !meets("ip protocol != udp", &mail6()));
    assert!(meets("icmp type echo-request", &ping) && !meets("icmp type echo-request", &ping6));
    assert!(meets("icmpv6 type 128 icmpv6 code 0", &ping6) && !meets("icmpv6 code no-route-x", &ping));
    let refused = of(ICMP, 3 << 8 | 3, Packet { source_port: 0, ..mail() });
    assert!(meets("icmp type destination-unreachable icmp code port-unreachable", &refused));
    assert!(meets("icmp code 3", &refused) && !meets("icmp code 3", &ping));
}

#[test]
fn the_next_header_is_the_protocol_unless_extension_headers_stand_before_it() {
    let read = table("", "ip6 nexthdr tcp drop");
    let extended = read.given("IPv6 extension headers", &mail6());
    assert!(read.drops(&mail6()) && !read.drops(&extended) && !read.drops(&mail()));
    let others = table("", "ip6 nexthdr != tcp drop");
    assert!(!others.drops(&mail6()) && others.drops(&others.given("IPv6 extension headers", &mail6())));
}

#[test]
fn interfaces_are_names_and_beginnings_of_names() {
    let read =
        table("", "iifname \"eth*\" drop\niif lo drop\noifname != { \"wg0\", \"eth0\" } tcp dport 25 drop");
    let eth = read.interfaces.set(&InterfacePattern::Prefix("eth".to_owned())).intervals()[0].0;
    let wg = read.interfaces.set(&InterfacePattern::Name("wg0".to_owned())).intervals()[0].0;
    let forward = |incoming, outgoing| Packet { hook: Hook::Forward, incoming, outgoing, ..mail() };
    assert!(read.drops(&forward(eth, wg)) && read.drops(&forward(0, wg)));
    assert!(!read.drops(&forward(wg, wg)) && read.drops(&forward(wg, u16::MAX)));
}

#[test]
fn families_are_told_by_numbers_names_and_types() {
    for v4 in ["meta nfproto ipv4", "meta nfproto 2", "meta protocol ip", "meta nfproto != ipv6"] {
        assert!(meets(v4, &mail()) && !meets(v4, &mail6()), "{v4}");
    }
    assert!(meets("meta protocol { ip, ip6 }", &mail6()));
}

#[test]
fn states_are_bits_of_which_a_list_means_any() {
    let old = Packet { state: State::Established, ..mail() };
    for met in ["established,related", "{ established, related }", "& (established|related) != 0", "!= new"] {
        assert!(meets(&format!("ct state {met}"), &old), "{met}");
        assert!(!meets(&format!("ct state {met}"), &mail()), "{met}");
    }
    // Compared as one value, as `nft --debug=netlink` shows: no packet is in two states.
    assert!(
        meets("ct state != established,related", &old) && !meets("ct state == established,related", &old)
    );
    assert!(meets("ct state ! new", &old) && !meets("ct state ! established", &old));
    let read = table("", "ct state vmap { established : accept, new : drop, * : drop }");
    assert!(read.drops(&mail()) && !read.drops(&old));
}

#[test]
fn a_syn_is_known_however_it_is_written() {
    let ack = Packet { state: State::Established, ..mail() };
    for syn in [
        "& (fin|syn|rst|ack) == syn",
        "syn / fin,syn,rst,ack",
        "& (fin | syn | rst | ack) == 0x2",
        "& 0x17 == 0x02",
    ] {
        let read = table("", &format!("tcp flags {syn} drop"));
        assert!(read.drops(&mail()) && !read.drops(&ack) && read.texts().is_empty(), "{syn}");
        assert!(!read.drops(&of(UDP, 25, mail())), "{syn}");
    }
    for other in ["& (fin|syn|rst|ack) != syn", "!= syn / fin,syn,rst,ack"] {
        assert!(!meets(&format!("tcp flags {other}"), &mail()), "{other}");
        assert!(meets(&format!("tcp flags {other}"), &ack), "{other}");
    }
}

#[test]
fn other_flags_are_known_of_syns_or_left_open() {
    let ack = Packet { state: State::Established, ..mail() };
    let read =
        table("", "tcp flags syn drop\ntcp flags & syn == 0 accept\ntcp flags & (fin|syn) == fin|syn drop");
    assert_eq!(read.texts(), ["tcp flags syn", "tcp flags fin,syn / fin,syn"], "opposites are one condition");
    assert!(read.drops(&mail()) && !read.drops(&ack));
    assert!(read.drops(&read.given("tcp flags syn", &ack)));
    assert!(!meets("tcp flags & (fin|syn) == fin|syn", &mail()));
}

#[test]
fn what_is_not_understood_is_a_condition_on_what_has_it() {
    let read = table("", "ip ttl 1 drop\nip ttl != 1 tcp dport 26 drop\nsctp dport 5 drop");
    assert_eq!(read.texts(), ["ip ttl 1", "sctp dport 5"]);
    assert!(read.drops(&read.given("ip ttl 1", &mail())) && !read.drops(&mail()));
    assert!(!read.drops(&read.given("ip ttl 1", &mail6())));
    assert!(read.drops(&of(TCP, 26, mail())) && !read.drops(&of(TCP, 26, mail6())));
    assert!(!read.drops(&read.given("sctp dport 5", &mail())));
    let strange = table("", "some new thing 5 tcp dport 25 drop");
    assert!(!strange.drops(&mail()) && strange.drops(&strange.given("some new thing 5", &mail())));
}

#[test]
fn sets_hold_what_their_elements_say() {
    let sets = "set hosts { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/24, 10.0.0.7 comment \"x\" }; }
        set pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/8 . 20-30, 10.1.1.1 . 99 timeout 1h }; }
        set none { type ipv4_addr; }";
    let drops = |rule: &str| table(sets, &format!("{rule} drop")).drops(&mail());
    assert!(drops("ip saddr @hosts") && !drops("ip saddr != @hosts"));
    assert!(drops("ip saddr . tcp dport @pairs") && !drops("ip saddr . tcp dport != @pairs"));
    assert!(!drops("ip saddr @none") && drops("ip saddr != @none"));
    assert!(drops("iifname . ip saddr != { \"eth0\" . 10.0.0.1 }"));
}

#[test]
fn maps_lead_to_verdicts() {
    let map =
        "map go { type inet_service : verdict; elements = { 25 : jump sub, 26 : accept, 30-40 : drop }; }
        chain sub { ip saddr 10.0.0.1 drop; }";
    let read = table(map, "tcp dport vmap @go\nmeta nfproto vmap { ipv6 : drop }");
    assert!(read.drops(&mail()) && read.drops(&mail6()), "what the chain leaves goes on");
    assert!(!read.drops(&of(TCP, 26, mail6())) && read.drops(&of(TCP, 33, mail())));
    let rest =
        table("", "ip saddr . tcp dport vmap { 10.0.0.1 . 25 : accept, 10.0.0.2 . 25 : continue, * : drop }");
    assert!(!rest.drops(&mail()) && rest.drops(&of(TCP, 26, mail())));
}

#[test]
fn what_packets_put_into_sets_is_not_known() {
    let set = "set seen { type ipv4_addr; flags dynamic; elements = { 10.0.0.1 }; }
        set used { type ipv4_addr; size 65535; elements = { 10.0.0.1 }; }";
    let read = table(set, "ip saddr @seen drop\nip saddr @used drop\ntcp dport 22 update @used { ip saddr }");
    assert!(!read.drops(&mail()) && read.drops(&read.given("ip saddr @seen", &mail())));
    assert!(read.drops(&read.given("ip saddr @used", &mail())));
}
