//! What rules ask and do.

use super::*;
use crate::model::{Rate, RatePer};
use crate::packet::{ICMP, ICMPV6, UDP};

#[test]
fn addresses_are_lists_prefixes_and_their_opposites() {
    for rule in [
        "-s 10.0.0.0/8",
        "-s 192.168.0.0/16,10.0.0.1",
        "! -s 192.168.0.0/16",
        "-s ! 192.168.0.0/16",
        "-s 0/0",
    ] {
        assert!(meets(rule, &mail()), "{rule}");
    }
    for rule in ["-s 11.0.0.0/8", "! -s 10.0.0.1", "-d 10.0.0.1", "-m iprange --src-range 10.0.0.2-10.0.0.9"]
    {
        assert!(!meets(rule, &mail()), "{rule}");
    }
    assert_eq!(rule("-s mail.example.net").texts(), ["--source mail.example.net"]);
}

#[test]
fn protocols_and_ports_are_numbers_names_and_ranges() {
    for rule in [
        "-p tcp --dport smtp",
        "-p 6 --dport 20:",
        "-p tcp -m tcp --sport 1024:65535 ! --dport 26",
        "-p all",
        "! -p udp",
        "-p tcp -m multiport --dports 22,25:30",
        "-p tcp -m multiport ! --sports 22,25:30",
        "-p tcp -m multiport --ports 25",
    ] {
        assert!(meets(rule, &mail()), "{rule}");
        assert_eq!(self::rule(rule).texts(), [""; 0], "{rule}");
    }
    for rule in
        ["-p udp --dport 25", "-p tcp --dport :24", "-p tcp ! --dport 25", "-p tcp -m multiport --sports 25"]
    {
        assert!(!meets(rule, &mail()), "{rule}");
    }
    let sctp = Packet { transport: transport(132, 0), source_port: 0, ..mail() };
    assert!(!meets("-p sctp --dport 25", &mail()));
    assert_eq!(rule("-p sctp --dport 25").texts(), ["-m sctp --dport 25"]);
    assert!(!meets("-p sctp --dport 25", &sctp), "what is not known does not hold here");
}

#[test]
fn interfaces_are_names_and_beginnings() {
    let read = rule("-i eth+ ! -i eth1");
    let with = |incoming| Packet { incoming, ..mail() };
    let number = |pattern: InterfacePattern| read.interfaces.set(&pattern).bounds().unwrap();
    let (one, _) = number(InterfacePattern::Name("eth1".to_owned()));
    let (_, others) = number(InterfacePattern::Prefix("eth".to_owned()));
    assert_eq!(read.fate(&with(one)), Fate::Accept);
    assert_eq!(read.fate(&with(others)), Fate::Drop);
    assert_eq!(read.fate(&with(0)), Fate::Accept, "loopback");
    assert!(meets("-i +", &mail()));
}

#[test]
fn syns_are_told_from_all_others() {
    let state = |state| Packet { state, ..mail() };
    for rule in ["--syn", "--tcp-flags FIN,SYN,RST,ACK SYN"] {
        let read = self::rule(&format!("-p tcp {rule}"));
        assert_eq!(read.texts(), [""; 0]);
        for each in State::ALL {
            assert_eq!(read.fate(&state(each)) == Fate::Drop, each.is_syn(), "{each:?}");
        }
    }
    let read = rule("-p tcp --tcp-flags SYN SYN");
    assert_eq!(read.fate(&state(State::New)), Fate::Drop);
    assert_eq!(read.fate(&state(State::Midstream)), Fate::Accept, "it may have SYN and ACK, or not");
    let holds = Unknowns::of([(0, true)]).unwrap();
    assert_eq!(read.fate(&Packet { unknowns: holds, ..state(State::Midstream) }), Fate::Drop);
    assert!(!meets("-p tcp --tcp-flags ALL NONE", &mail()));
    assert!(!meets("-p tcp --tcp-flags SYN,ACK ACK", &mail()));
    assert!(
        !meets("-p tcp --tcp-flags SYN SYN,ACK", &mail()),
        "no flag outside of the mask can be asked for"
    );
}

#[test]
fn states_are_those_of_connection_tracking() {
    let midstream = Packet { state: State::Midstream, ..mail() };
    let untracked = Packet { state: State::Untracked, ..mail() };
    for rule in [
        "-m state --state NEW",
        "-m conntrack --ctstate RELATED,NEW",
        "-m conntrack ! --ctstate INVALID,UNTRACKED",
    ] {
        assert!(meets(rule, &midstream) && !meets(rule, &untracked), "{rule}");
    }
    let read = rule("-m conntrack --ctstate DNAT,NEW --ctproto 6");
    assert_eq!(read.texts(), ["-m conntrack --ctstate DNAT", "-m conntrack --ctproto 6"]);
}

#[test]
fn icmp_types_are_numbers_and_names() {
    let echo = Packet { transport: transport(ICMP, 0x0800), source_port: 0, ..mail() };
    assert!(meets("-p icmp --icmp-type echo-request", &echo));
    assert!(meets("-p icmp -m icmp ! --icmp-type 3/4", &echo));
    assert!(!meets("-p icmp -m icmp --icmp-type 0", &echo));
    let v6 =
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT\nCOMMIT\n";
    let read = read(&[(Kind::V6, v6)]);
    let echo = Packet { family: Family::V6, transport: transport(ICMPV6, 0x8000), ..echo };
    assert_eq!(read.fate(&echo), Fate::Accept);
    assert_eq!(read.fate(&Packet { transport: transport(ICMPV6, 0x8100), ..echo }), Fate::Drop);
    assert_eq!(read.fate(&mail()), Fate::Unsaid, "there is no part for IPv4");
}

#[test]
fn refusals_have_their_kinds() {
    let kind = |options: &str| {
        let text = filter(&format!("-A INPUT -p tcp -j REJECT {options}"));
        read(&[(Kind::V4, &text)]).fate(&mail())
    };
    assert_eq!(kind(""), Fate::Refuse { kind: 3, code: 3 });
    assert_eq!(kind("--reject-with icmp-admin-prohibited"), Fate::Refuse { kind: 3, code: 13 });
    assert_eq!(kind("--reject-with host-prohib"), Fate::Refuse { kind: 3, code: 10 });
    assert_eq!(kind("--reject-with tcp-reset"), Fate::Reset);
}

#[test]
fn logs_have_the_first_limit_of_their_rule() {
    let log = |rule: &str| {
        let read = read(&[(Kind::V4, &filter(&format!("-A INPUT {rule}")))]);
        (read.decide(&mail()).1, read.texts().len())
    };
    let rate = |count, per, burst| Effect::Log(Some(Rate { count, per, burst }));
    assert_eq!(log("-j LOG --log-prefix \"-j DROP \""), (vec![Effect::Log(None)], 0));
    assert_eq!(log("-m limit -j LOG"), (vec![rate(3, RatePer::Hour, 5)], 0));
    assert_eq!(
        log("-m limit --limit 5/min --limit-burst 9 -j NFLOG --nflog-group 3"),
        (vec![rate(5, RatePer::Minute, 9)], 0)
    );
    assert_eq!(log("-m hashlimit --hashlimit-upto 1/sec --hashlimit-name x -j LOG"), (vec![], 1));
}

#[test]
fn what_is_not_understood_is_a_condition() {
    let texts = |rule: &str| -> Vec<String> {
        self::rule(rule).texts().iter().map(|text| (*text).to_owned()).collect()
    };
    assert_eq!(texts("-m mac ! --mac-source aa:bb:cc:dd:ee:ff"), ["-m mac --mac-source AA:BB:CC:DD:EE:FF"]);
    assert_eq!(
        texts("-m time --timestop 18:00 --timestart 8:00"),
        ["-m time --timestart 8:00 --timestop 18:00"]
    );
    assert_eq!(texts("-m novel --thing a b ! --other"), ["-m novel ! --other --thing a b"]);
    assert_eq!(texts("-m mark --mark 16/0xff"), ["-m mark --mark 0x10/0xff"]);
    assert_eq!(texts("-m limit --limit 1/s").len(), 2, "each limit has its own answer");
    assert_eq!(texts("-m string --algo bm --string \"a b\""), ["-m string --algo bm --string \"a b\""]);
    assert_eq!(texts("-m comment --comment \"! -s 10.0.0.1\""), [""; 0]);
    assert!(meets("-m mac ! --mac-source aa:bb:cc:dd:ee:ff", &mail()));
}

#[test]
fn marks_change_where_rules_set_them() {
    let marked = "-A INPUT -m mark --mark 1 -j DROP\n-A INPUT -m mark --mark 1 -j DROP";
    assert_eq!(read(&[(Kind::V4, &filter(marked))]).texts().len(), 1);
    let text = format!("{}*mangle\n-A PREROUTING -j MARK --set-mark 1\nCOMMIT\n", filter(marked));
    assert_eq!(read(&[(Kind::V4, &text)]).texts().len(), 2);
}

#[test]
fn targets_outside_of_the_kernel_may_do_two_or_three_things() {
    let decided = |target: &str, number: Option<u32>| {
        let text = filter(&format!("-A INPUT -j {target}\n-A INPUT -j REJECT"));
        let unknowns = Unknowns::of(number.map(|number| (number, true))).unwrap();
        read(&[(Kind::V4, &text)]).fate(&Packet { unknowns, ..mail() })
    };
    let refused = Fate::Refuse { kind: 3, code: 3 };
    assert_eq!(decided("NFQUEUE --queue-num 1", Some(0)), Fate::Accept);
    assert_eq!(decided("NFQUEUE --queue-num 1", None), Fate::Drop);
    assert_eq!(decided("NOVEL --how x", Some(0)), Fate::Accept);
    assert_eq!(decided("NOVEL --how x", Some(1)), Fate::Drop);
    assert_eq!(decided("NOVEL --how x", None), refused);
    assert_eq!(decided("TARPIT", Some(0)), Fate::Drop);
    assert_eq!(decided("CT --helper ftp", None), refused);
}

#[test]
fn tables_decide_one_after_the_other() {
    let text = "*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp --dport 25 -j DROP\nCOMMIT\n\
                *nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j DNAT --to-destination 10.0.0.9\nCOMMIT\n\
                *raw\n-A PREROUTING -j NOTRACK\nCOMMIT\n";
    let text = format!("{text}{}", filter("-A INPUT -p udp -j DROP"));
    let read = read(&[(Kind::V4, &text)]);
    assert_eq!(read.fate(&mail()), Fate::Drop);
    assert_eq!(read.fate(&Packet { transport: transport(TCP, 26), ..mail() }), Fate::Accept);
    assert_eq!(read.fate(&Packet { transport: transport(UDP, 25), ..mail() }), Fate::Drop);
    let remarks: Vec<&str> = read.meaning.remarks.iter().map(|remark| remark.text.as_str()).collect();
    assert_eq!(
        remarks,
        [
            "address translation is not decided",
            "which packets are exempt from connection tracking is not decided"
        ]
    );
}

#[test]
fn chains_are_jumped_to_and_come_back() {
    let text = filter(
        ":ours - [0:0]\n:end - [0:0]\n-A INPUT -j ours\n-A INPUT -j DROP\n\
         -A ours -p tcp --dport 22 -j RETURN\n-A ours -p tcp --dport 25 -g end\n-A ours -j ACCEPT\n-A end -s 10.0.0.1 -j REJECT",
    );
    let read = read(&[(Kind::V4, &text)]);
    assert_eq!(read.fate(&Packet { transport: transport(TCP, 22), ..mail() }), Fate::Drop);
    assert_eq!(read.fate(&mail()), Fate::Refuse { kind: 3, code: 3 });
    assert_eq!(read.fate(&Packet { source: v4("10.0.0.2"), ..mail() }), Fate::Drop);
    assert_eq!(read.fate(&Packet { transport: transport(TCP, 80), ..mail() }), Fate::Accept);
}
