//! Packets as people write them, and anything else.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

/// What was understood of a text, and what was wrong with it.
fn read(text: &str) -> String {
    let mut sources = Sources::default();
    let read = packets("<packet>", text, &mut sources);
    let problems = read.diagnostics.iter().map(|problem| {
        let place = sources.place(problem.primary.site);
        format!("{place} {}: {}", problem.code, problem.title)
    });
    let understood = read.packets.iter().map(|packet| {
        let end =
            |end: &EndDecl| format!("{} {:?}", end.address.value, end.port.as_ref().map(|port| &port.value));
        format!("{} > {}", end(&packet.source), end(&packet.destination))
    });
    understood.chain(problems).collect::<Vec<_>>().join("\n")
}

#[test]
fn ports_stand_behind_addresses() {
    assert_snapshot!(read("10.0.0.1:25 > 10.0.0.2:smtp"), @r#"10.0.0.1 Some(Range(25, 25)) > 10.0.0.2 Some(Name("smtp"))"#);
    assert_snapshot!(read("[2001:db8::1]:25 > 2001:db8::2"), @"2001:db8::1 Some(Range(25, 25)) > 2001:db8::2 None");
    assert_snapshot!(read("[2001:db8::1] > [::]:1"), @"2001:db8::1 None > :: Some(Range(1, 1))");
}

#[test]
fn one_packet_stands_on_a_line_and_comments_behind_it() {
    assert_snapshot!(read("# a\n10.0.0.1 > 10.0.0.2 # b\n\n 10.0.0.3 > 10.0.0.4\r\n"), @"
    10.0.0.1 None > 10.0.0.2 None
    10.0.0.3 None > 10.0.0.4 None
    ");
    assert_snapshot!(read("# nothing\n"), @"<packet>:1:1 no-packet: there is no packet here");
    assert_snapshot!(read(""), @"<packet>:1:1 no-packet: there is no packet here");
}

#[test]
fn everything_that_is_wrong_is_said_at_its_place() {
    assert_snapshot!(read("tcp 10.0.0.0/8 > 10.0.0.2:99999 in in out established new odd"), @"
    <packet>:1:5 not-one-address: `10.0.0.0/8` is not one address
    <packet>:1:27 not-a-port: `99999` is not a port
    <packet>:1:59 unexpected-word: `odd` has no place behind the destination
    ");
    assert_snapshot!(read("tcp mail 10.0.0.1:any > 10.0.0.2:1-9 in a in b in"), @"
    <packet>:1:5 unexpected-word: `mail` stands between the protocol and the source
    <packet>:1:19 not-one-port: `any` is not one port
    <packet>:1:34 not-one-port: `1-9` is not one port
    <packet>:1:43 written-twice: a second `in`
    <packet>:1:48 missing-interface: `in` without an interface
    ");
    assert_snapshot!(read("icmp 3/ 10.0.0.1 > 010.0.0.1: > x"), @"
    <packet>:1:6 not-an-icmp-type: `3/` is not an ICMP type
    <packet>:1:20 leading-zero: `010.0.0.1` has a leading zero
    <packet>:1:30 not-a-port: `` is not a port
    <packet>:1:31 unexpected-word: `>` has no place behind the destination
    <packet>:1:33 unexpected-word: `x` has no place behind the destination
    ");
    assert_snapshot!(read("tcp 10.0.0.1 10.0.0.2"), @"<packet>:1:1 no-packet: a packet goes from one address `>` to another");
    assert_snapshot!(read(">"), @"
    <packet>:1:1 missing-address: a packet comes from an address before the `>`
    <packet>:1:1 missing-address: a packet goes to an address behind the `>`
    ");
    assert_snapshot!(read("tcp 10.0.0.1 > [2001:db8::1"), @"<packet>:1:16 not-an-address: `[2001:db8::1` has brackets around an address");
    assert_snapshot!(read("tcp 10.0.0.1 > \u{1b}[31m"), @"<packet>:1:16 control-character: control character U+001B");
    assert_snapshot!(read("\n  tcp fe80::1%eth0 > ::ffff:10.0.0.1"), @"
    <packet>:2:7 zone-id: `fe80::1%eth0` has a zone id
    <packet>:2:22 mapped-address: `::ffff:10.0.0.1` is an IPv4 address written as IPv6
    ");
}

proptest! {
    #[test]
    fn any_text_is_a_packet_or_a_problem_at_a_place(text in prop_oneof![
        any::<String>(),
        "((tcp|icmp|in|out|new|>|->|:|\\[|\\]|10\\.0\\.0\\.1|::1|25|/|#|\n|\\PC) ?){0,16}",
    ]) {
        let mut sources = Sources::default();
        let read = packets("<packet>", text, &mut sources);
        prop_assert!(!read.packets.is_empty() || !read.diagnostics.is_empty());
        for problem in read.diagnostics {
            let span = sources.span(problem.primary.site);
            let text = sources.file(problem.primary.site.file).unwrap().text();
            prop_assert!(problem.is_error() && text.get(span).is_some());
        }
    }
}
