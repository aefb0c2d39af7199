use super::*;
use crate::readback::Fate;
use crate::readback::iptables::Kind as PartKind;
use crate::readback::iptables::tests::{Read, filter, mail, v4};

/// A ruleset that drops what is in a set.
fn ruleset(sets: &str, test: &str) -> Read {
    let rules = filter(&format!("-A INPUT -m set {test} -j DROP"));
    crate::readback::iptables::tests::read(&[(PartKind::V4, &rules), (PartKind::Ipset, sets)])
}

fn drops(sets: &str, test: &str) -> bool {
    let read = ruleset(sets, test);
    assert_eq!(read.texts(), [""; 0], "{sets}");
    read.fate(&mail()) == Fate::Drop
}

#[test]
fn addresses_are_looked_up() {
    let sets = "create a hash:net family inet hashsize 1024 maxelem 65536\nadd a 10.0.0.0/8 comment \"a b\"\nadd a 11.0.0.0/8\n";
    assert!(drops(sets, "--match-set a src"));
    assert!(!drops(sets, "--match-set a dst"));
    assert!(!drops(sets, "! --match-set a src"));
    assert!(!drops(&format!("{sets}del a 10.0.0.0/8\n"), "--match-set a src"));
    assert!(!drops(&format!("{sets}flush\n"), "--match-set a src"));
    assert!(drops(
        "create a bitmap:ip range 10.0.0.0-10.0.0.255\nadd a 10.0.0.0-10.0.0.3\n",
        "--match-set a src"
    ));
    assert!(drops("create a hash:ip netmask 24\nadd a 10.0.0.0\n", "--match-set a src"));
}

#[test]
fn the_longest_prefix_says_whether_an_address_is_in() {
    let sets = "create a hash:net\nadd a 10.0.0.0/8\nadd a 10.0.0.0/24 nomatch\n";
    assert!(!drops(sets, "--match-set a src"));
    assert!(drops(&format!("{sets}add a 10.0.0.0/31\n"), "--match-set a src"));
    let read = ruleset(sets, "--match-set a src");
    let packet = crate::packet::Packet { source: v4("10.1.0.1"), ..mail() };
    assert_eq!(read.fate(&packet), Fate::Drop);
}

#[test]
fn elements_have_parts() {
    let sets =
        "create a hash:ip,port\nadd a 192.0.2.1,25\nadd a 192.0.2.1,udp:53\nadd a 192.0.2.2,tcp:80-90\n";
    assert!(drops(sets, "--match-set a dst,dst"));
    assert!(!drops(sets, "--match-set a src,dst"));
    assert!(!drops(sets, "--match-set a dst,src"));
    assert!(drops("create a bitmap:port range 0-100\nadd a 20-30\n", "--match-set a dst"));
    assert!(drops(
        "create a hash:net,port,net\nadd a 10.0.0.0/8,tcp:25,192.0.2.0/24\n",
        "--match-set a src,dst,dst"
    ));
    assert!(!drops("create a hash:net,iface\nadd a 10.0.0.0/8,eth0\n", "--match-set a src,src"));
    assert!(!drops("create a hash:ip family inet6\nadd a ::1\n", "--match-set a src"));
}

#[test]
fn sets_are_swapped_renamed_and_listed() {
    let sets =
        "create a hash:net -exist\ncreate b hash:net\nadd b 10.0.0.0/8\ncreate a hash:net -exist\nswap a b\n";
    assert!(drops(sets, "--match-set a src"));
    assert!(drops(&format!("{sets}rename a c\n"), "--match-set c src"));
    assert!(drops(&format!("{sets}create l list:set\nadd l b\nadd l a\n"), "--match-set l src"));
}

#[test]
fn what_cannot_be_looked_up_is_a_condition() {
    for (sets, test) in [
        ("", "--match-set a src"),
        ("create a hash:net timeout 60\nadd a 10.0.0.0/8 timeout 9\n", "--match-set a src"),
        ("create a hash:mac\nadd a 00:11:22:33:44:55\n", "--match-set a src"),
        ("create a hash:ip,port\nadd a 10.0.0.1,sctp:25\n", "--match-set a src,src"),
        ("create a hash:ip,port\nadd a 10.0.0.1,25\n", "--match-set a src"),
        ("create a hash:net\nadd a 10.0.0.0/8\n", "--match-set a src --bytes-gt 100"),
        ("create a hash:net\nadd a 10.0.0.0-10.0.0.9\ndel a 10.0.0.1\n", "--match-set a src"),
    ] {
        let text = match test.split_once(" --bytes-gt 100") {
            Some((member, _)) => format!("-m set --bytes-gt 100 {member}"),
            None => format!("-m set {test}"),
        };
        assert_eq!(ruleset(sets, test).texts(), [text]);
    }
}

#[test]
fn mistakes_are_pointed_at() {
    let text = "create a hash:net\nadd b 10.0.0.0/8\nadd a 10.0.0.0/40\nadd a 10.0.0.0/8,25\nmake a\ncreate a hash:ip\n\
                create c hash:net family inet7\ncreate a hash:net family inet6 -exist\n";
    let (sources, ruleset) = files(&[(Kind::Ipset, text)]);
    let told = ruleset
        .unwrap_err()
        .into_iter()
        .map(|problem| format!("{} {}", sources.place(problem.primary.site), problem.title));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "Ipset:2:5 there is no set `b` here",
            "Ipset:3:7 `10.0.0.0/40` is no prefix length and no mask",
            "Ipset:4:7 `10.0.0.0/8,25` has not 1 parts",
            "Ipset:5:1 `make` is no command with these words",
            "Ipset:6:8 set `a` is created twice",
            "Ipset:7:26 a set is of family `inet` or `inet6`",
            "Ipset:8:8 set `a` is created twice",
        ]
    );
}
