//! What statements do to packets.

use super::*;
use crate::model::{Rate, RatePer};
use crate::packet::UDP;

fn refused(rule: &str, packet: &Packet) -> Fate {
    table("", rule).fate(packet)
}

#[test]
fn refusals_are_those_of_the_family() {
    let error = |kind, code| Fate::Refuse { kind, code };
    assert_eq!(refused("reject", &mail()), error(3, 3));
    assert_eq!(refused("reject", &mail6()), error(1, 4));
    assert_eq!(refused("reject with icmpx admin-prohibited", &mail()), error(3, 13));
    assert_eq!(refused("reject with icmpx type admin-prohibited", &mail6()), error(1, 1));
    assert_eq!(refused("reject with icmpx host-unreachable", &mail6()), error(1, 3));
    assert_eq!(refused("reject with icmp host-prohibited", &mail()), error(3, 10));
    assert_eq!(refused("reject with icmp host-prohibited", &mail6()), Fate::Accept);
    assert_eq!(refused("reject with icmpv6 no-route", &mail6()), error(1, 0));
    assert_eq!(refused("reject with tcp reset", &mail()), Fate::Reset);
    assert_eq!(refused("reject with tcp reset", &of(UDP, 5, mail())), Fate::Accept);
}

#[test]
fn a_limit_before_a_log_limits_the_log_alone() {
    let rate = Rate { count: 3, per: RatePer::Minute, burst: 7 };
    let read =
        table("", "tcp dport 25 limit rate 3/minute burst 7 packets log prefix \"x: \" level warn\ndrop");
    assert_eq!(read.decide(&mail()), (Fate::Drop, vec![Effect::Log(Some(rate))]));
    assert!(read.texts().is_empty());
    let unlimited = table("", "log flags tcp sequence,options group 2 counter packets 3 bytes 9 drop");
    assert_eq!(unlimited.decide(&mail()), (Fate::Drop, vec![Effect::Log(None)]));
}

#[test]
fn a_limit_before_a_verdict_is_a_condition_of_that_place() {
    let read = table(
        "",
        "limit rate 5/second accept\nlimit rate 5/second log drop\nlimit rate over 1 mbytes/second drop",
    );
    assert_eq!(
        read.texts(),
        [
            "limit rate 5/second burst 5 packets",
            "limit rate 5/second burst 5 packets (no. 2)",
            "limit rate over 1 mbytes/second",
            // The other chain has places of its own.
            "limit rate 5/second burst 5 packets (no. 3)",
            "limit rate 5/second burst 5 packets (no. 4)",
            "limit rate over 1 mbytes/second (no. 2)",
        ]
    );
    let second = read.given("limit rate 5/second burst 5 packets (no. 2)", &mail());
    let rate = Rate { count: 5, per: RatePer::Second, burst: 5 };
    assert_eq!(read.decide(&second), (Fate::Drop, vec![Effect::Log(Some(rate))]));
    assert_eq!(read.fate(&mail()), Fate::Accept);
}

#[test]
fn limits_that_no_rate_can_say_stay_conditions_of_their_logs() {
    let read = table("", "limit rate over 5/second log\nlimit rate 5/week log");
    assert!(read.decide(&mail()).1.is_empty());
    let over = read.given("limit rate over 5/second burst 5 packets", &mail());
    assert_eq!(read.decide(&over).1, [Effect::Log(None)]);
}

#[test]
fn chains_are_jumped_to_and_returned_from() {
    let chains = "chain sub { tcp dport 25 return; drop; }
        chain away { tcp dport 25 goto sub; accept; }";
    assert!(!table(chains, "jump sub\naccept").drops(&mail()));
    assert!(table(chains, "jump sub\naccept").drops(&of(TCP, 26, mail())));
    assert!(
        table(chains, "jump away\ndrop").drops(&mail()),
        "a return after goto goes to the caller of the caller"
    );
    assert!(!table(chains, "jump away\ndrop").drops(&of(TCP, 26, mail())));
    assert!(table("", "tcp dport 25 jump {\nip saddr 10.0.0.1 drop\n}").drops(&mail()));
    assert!(!table("", "tcp dport 25 continue\naccept").drops(&mail()));
}

#[test]
fn what_decides_nothing_is_passed_over() {
    for aside in [
        "counter",
        "counter name c1",
        "comment \"a, b\"",
        "meta mark set 0x3",
        "ct mark set meta mark and 0xff",
        "ct helper set \"ftp\"",
        "notrack",
        "meta nftrace set 1",
        "dup to 10.0.0.9 device \"eth0\"",
        "flow add @f",
        "meta priority set 1:2",
        "tcp option maxseg size set rt mtu",
        "last used never",
        "meta mark set ip saddr map { 10.0.0.1 : 3 }",
    ] {
        let read = table("", &format!("{aside} drop"));
        assert!(read.drops(&mail()) && read.texts().is_empty(), "{aside}: {:?}", read.texts());
    }
    let marked = table("", "ip dscp set cs1 drop");
    assert!(marked.drops(&mail()) && !marked.drops(&mail6()), "there is nothing to write into");
}

#[test]
fn what_only_sometimes_lets_packets_on_is_a_condition() {
    for sometimes in [
        "ct count over 10",
        "quota over 25 mbytes",
        "limit name lim",
        "add @seen { ip saddr limit rate over 3/second burst 5 packets }",
        "numgen random mod 4 0",
    ] {
        let read = table("set seen { type ipv4_addr; flags dynamic; }", &format!("{sometimes} drop"));
        let rule = read.texts()[0].to_owned();
        assert_eq!(rule, sometimes);
        assert!(!read.drops(&mail()) && read.drops(&read.given(&rule, &mail())), "{sometimes}");
    }
    let queue = table("", "queue num 0 bypass\naccept");
    assert!(queue.drops(&mail()));
    assert!(!queue.drops(&queue.given("the program behind `queue num 0 bypass` accepts", &mail())));
    let target = table("", "xt target \"TARPIT\"\naccept");
    assert!(!target.drops(&mail()) && target.drops(&target.given("`xt target TARPIT` drops", &mail())));
    let recent = table("", "# xt\ntcp dport 25 # xt_recent drop");
    assert!(!recent.drops(&mail()) && recent.drops(&recent.given("xt_recent", &mail())));
}

#[test]
fn marks_change_where_rules_set_them() {
    let same = table("", "meta mark 1 accept\nmeta mark 1 drop");
    assert_eq!(same.texts(), ["meta mark 1"]);
    let set = table("", "meta mark 1 accept\nmeta mark set 1\nmark 0x1 drop");
    assert_eq!(set.texts().len(), 4, "each place has its own");
}

#[test]
fn base_chains_come_one_after_the_other() {
    let text = |first: &str, second: &str| {
        format!(
            "table ip a {{ chain c {{ type filter hook input priority {first}; policy drop; tcp dport 25 accept; }}\n}}
             table inet b {{ chain c {{ type filter hook input priority {second}; tcp dport 25 reject with tcp reset; }}\n}}"
        )
    };
    let read = read(&text("raw", "filter - 10"));
    assert_eq!(read.fate(&mail()), Fate::Reset, "an accept is not final");
    assert_eq!(
        (read.fate(&of(TCP, 26, mail())), read.fate(&of(TCP, 26, mail6()))),
        (Fate::Drop, Fate::Accept)
    );
    assert_eq!(read.fate(&Packet { hook: Hook::Output, ..mail() }), Fate::Accept, "no chain is there");
}

#[test]
fn what_is_not_looked_at_is_said() {
    let read = read(
        "table ip n { chain p { type nat hook prerouting priority dstnat; tcp dport 25 dnat to 10.0.0.9:25\n}\n}
         table bridge b { chain c { type filter hook forward priority 0; drop\n}\n}
         table netdev d { chain c { type filter hook ingress device \"eth0\" priority 0; drop\n}\n}
         table inet s { flags dormant\nchain c { type filter hook input priority 0; drop\n}\n}",
    );
    assert_eq!(read.meaning.remarks.len(), 4);
    assert_eq!(read.fate(&mail()), Fate::Accept);
}

#[test]
fn before_connection_tracking_every_packet_is_invalid() {
    let fate = |hook: &str, priority: &str, asked: &str, packet: &Packet| {
        let chain = format!("type filter hook {hook} priority {priority}; policy accept; {asked} drop");
        read(&format!("table inet t {{ chain c {{ {chain}\n}}\n}}")).fate(packet)
    };
    let sent = Packet { hook: Hook::Output, ..mail() };
    for priority in ["raw", "mangle - 51", "-400"] {
        assert_eq!(fate("output", priority, "ct state new", &sent), Fate::Accept, "{priority}");
        assert_eq!(fate("output", priority, "ct state invalid", &sent), Fate::Drop, "{priority}");
        assert_eq!(fate("prerouting", priority, "ct state new", &mail()), Fate::Accept, "{priority}");
        assert_eq!(fate("input", priority, "ct state new", &mail()), Fate::Drop, "tracked by then");
    }
    assert_eq!(fate("output", "mangle", "ct state new", &sent), Fate::Drop);
    assert_eq!(fate("output", "raw", "ct state != new", &sent), Fate::Drop);
    let is_syn = "tcp flags & (fin | syn | rst | ack) == syn";
    let later = Packet { state: State::Established, ..sent.clone() };
    let fates = |asked: &str| [&sent, &later].map(|packet| fate("output", "raw", asked, packet));
    assert_eq!(fates(is_syn), [Fate::Drop, Fate::Accept]);
    assert_eq!(fates(&format!("ct state invalid {is_syn}")), [Fate::Drop, Fate::Accept]);
    assert_eq!(fates(&format!("ct state established {is_syn}")), [Fate::Accept; 2]);
    assert_eq!(
        fates("ct state invalid tcp flags & (fin | syn | rst | ack) != syn"),
        [Fate::Accept, Fate::Drop]
    );
    let looped = Packet { incoming: 0, ..mail() };
    assert_eq!(fate("prerouting", "raw", "ct state new", &looped), Fate::Drop, "tracked on its way out");
}
