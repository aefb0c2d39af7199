//! What whole rulesets mean, told by single packets.

use proptest::prelude::*;

use super::*;
use crate::model::number;
use crate::packet::{Family, Hook, ICMP, Packet, State, TCP, UDP, Unknowns, transport};
use crate::readback::{Effect, Fate};
use crate::source::{SourceFile, Sources};

const BOTH: [Dialect; 2] = [Dialect::OpenBsd, Dialect::FreeBsd];

fn read(text: &str, dialect: Dialect) -> Result<Ruleset, Vec<String>> {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("pf.conf".to_owned(), text.to_owned(), None));
    let told = |all: Vec<Diagnostic>| all.into_iter().map(|one| one.title).collect();
    parse(&[(file, text)], dialect).map_err(told)
}

fn refused(text: &str, dialect: Dialect) -> bool {
    read(text, dialect).is_err()
}

/// A ruleset with its meaning and its conditions.
struct Reading {
    meaning: Meaning,
    conditions: Conditions,
}

/// Interfaces that packets of the tests cross: 1 is `em0`, 2 is `em1`.
fn reading(text: &str, dialect: Dialect) -> Reading {
    let ruleset = read(text, dialect).unwrap();
    let named = ["em0", "em1"].map(|name| InterfacePattern::Name(name.to_owned()));
    let table = InterfaceTable::new(named.into_iter().chain(ruleset.interfaces()));
    let mut conditions = Conditions::default();
    let meaning = ruleset.meaning(&table, &mut conditions).unwrap();
    Reading { meaning, conditions }
}

impl Reading {
    fn fate(&self, packet: &Packet) -> Fate {
        let deciding = self.meaning.steps.iter().filter(|step| step.cube.contains(packet));
        let fates = deciding.filter_map(|step| match step.effect {
            Effect::Decide(fate) => Some(fate),
            Effect::Log(_) => None,
        });
        fates.into_iter().next().unwrap()
    }

    fn holding(&self, texts: &[&str]) -> Unknowns {
        let held = self.conditions.iter().filter(|(_, text)| texts.contains(text));
        let unknowns = Unknowns::of(held.map(|(number, _)| (number, true))).unwrap();
        assert_eq!(unknowns.literals().len(), texts.len(), "{:?}", self.conditions);
        unknowns
    }
}

fn packet(hook: Hook, protocol: u8, lower: u16) -> Packet {
    Packet {
        hook,
        family: Family::V4,
        state: State::New,
        incoming: 1,
        outgoing: 2,
        source: number("192.0.2.7".parse().unwrap()),
        destination: number("198.51.100.9".parse().unwrap()),
        transport: transport(protocol, lower),
        source_port: if protocol == ICMP { 0 } else { 40_000 },
        unknowns: Unknowns::none(),
    }
}

fn tcp(hook: Hook, port: u16) -> Packet {
    packet(hook, TCP, port)
}

/// The same flow the other way, as a packet of a known flow.
fn answer(packet: &Packet) -> Packet {
    let hook = match packet.hook {
        Hook::Input => Hook::Output,
        Hook::Forward => Hook::Forward,
        Hook::Output => Hook::Input,
    };
    let protocol = packet.transport & 0xff_0000;
    Packet {
        hook,
        state: State::Established,
        incoming: packet.outgoing,
        outgoing: packet.incoming,
        source: packet.destination,
        destination: packet.source,
        transport: protocol | u32::from(packet.source_port),
        source_port: u16::try_from(packet.transport & 0xffff).unwrap(),
        ..packet.clone()
    }
}

#[test]
fn the_last_match_counts_unless_one_is_quick() {
    for dialect in BOTH {
        let ruleset = reading(
            "block\npass in proto tcp to port { 25, 80 }\nblock in quick proto tcp to port 80",
            dialect,
        );
        assert_eq!(ruleset.fate(&tcp(Hook::Input, 25)), Fate::Accept);
        assert_eq!(ruleset.fate(&tcp(Hook::Input, 80)), Fate::Drop);
        assert_eq!(ruleset.fate(&tcp(Hook::Output, 25)), Fate::Drop);
        assert_eq!(reading("", dialect).fate(&tcp(Hook::Forward, 9)), Fate::Accept);
    }
}

#[test]
fn forwarded_packets_are_asked_twice_and_keep_their_tag() {
    let text = "block\npass in on em0 tag INSIDE\npass out on em1 tagged INSIDE\n";
    for dialect in BOTH {
        let ruleset = reading(text, dialect);
        let through = tcp(Hook::Forward, 25);
        assert_eq!(ruleset.fate(&through), Fate::Accept);
        assert_eq!(ruleset.fate(&Packet { outgoing: 1, ..through.clone() }), Fate::Drop);
        assert_eq!(ruleset.fate(&Packet { incoming: 2, ..through }), Fate::Drop);
        assert_eq!(ruleset.fate(&tcp(Hook::Output, 25)), Fate::Drop, "no tag without a way in");
    }
}

#[test]
fn the_last_tag_counts_whichever_rule_decides() {
    let text = "pass in tag EARLY no state\nmatch in proto tcp tag LATE\n\
        block out\npass out quick tagged LATE no state\n";
    for dialect in BOTH {
        let reading = reading(text, dialect);
        assert_eq!(reading.fate(&tcp(Hook::Forward, 25)), Fate::Accept, "tagged by a later rule");
        assert_eq!(reading.fate(&packet(Hook::Forward, UDP, 53)), Fate::Drop);
    }
}

#[test]
fn interfaces_that_are_asked_for_together_keep_their_tags() {
    let text = "match in on em0 tag INSIDE\nmatch in on em1 tag OUTSIDE\npass in quick no state\n\
        pass out quick proto tcp to port 25 tagged INSIDE no state\nblock return out quick tagged INSIDE\n\
        pass out quick proto tcp to port 993 no state\nblock drop out quick\n";
    for dialect in BOTH {
        let reading = reading(text, dialect);
        let fates =
            |port| [1, 2, 7].map(|incoming| reading.fate(&Packet { incoming, ..tcp(Hook::Forward, port) }));
        assert_eq!(fates(25), [Fate::Accept, Fate::Drop, Fate::Drop]);
        assert_eq!(fates(993), [Fate::Reset, Fate::Accept, Fate::Accept]);
    }
}

#[test]
fn tcp_in_the_middle_of_a_connection_needs_its_flags() {
    let middle = Packet { state: State::Midstream, ..tcp(Hook::Input, 25) };
    let ruleset = reading("block\npass in proto tcp", Dialect::OpenBsd);
    assert_eq!(ruleset.fate(&tcp(Hook::Input, 25)), Fate::Accept);
    assert_eq!(ruleset.fate(&middle), Fate::Drop);
    for flags in ["any", "A/A", "/S"] {
        let ruleset = reading(&format!("block\npass in flags {flags}"), Dialect::OpenBsd);
        assert_eq!(ruleset.fate(&middle), Fate::Accept, "{flags}");
        let opens = if flags == "any" { Fate::Accept } else { Fate::Drop };
        assert_eq!(ruleset.fate(&tcp(Hook::Input, 25)), opens, "{flags}");
        assert_eq!(ruleset.fate(&packet(Hook::Input, UDP, 53)), Fate::Accept, "{flags}");
    }
}

#[test]
fn answers_need_a_state_or_a_rule() {
    let asked = tcp(Hook::Input, 25);
    let fate = |text: &str, packet: &Packet| reading(text, Dialect::FreeBsd).fate(&answer(packet));
    assert_eq!(fate("block\npass in", &asked), Fate::Accept);
    assert_eq!(fate("block\npass in no state", &asked), Fate::Drop);
    assert_eq!(fate("block\npass in no state\npass out no state", &asked), Fate::Accept);
    assert_eq!(fate("block", &asked), Fate::Unsaid, "nothing is answered");
    let through = tcp(Hook::Forward, 25);
    assert_eq!(fate("block\npass in on em0\npass out on em1 no state", &through), Fate::Drop);
    assert_eq!(fate("block\npass in on em0 no state\npass out on em1", &through), Fate::Drop);
    assert_eq!(
        fate("block\npass in on em0 no state\npass out on em1\npass out on em0 flags any", &through),
        Fate::Accept
    );
    assert_eq!(fate("block\npass in on em0\npass out on em1", &through), Fate::Accept);
}

#[test]
fn the_tag_of_a_state_comes_with_the_answer() {
    let text =
        "block\npass in on em0 no state\npass out quick tagged KNOWN no state\npass out on em1 tag KNOWN";
    let ruleset = reading(text, Dialect::OpenBsd);
    assert_eq!(ruleset.fate(&answer(&tcp(Hook::Forward, 25))), Fate::Accept);
}

#[test]
fn openbsd_begins_no_state_with_an_answer() {
    let [stray, query] = [0_u16, 8].map(|kind| packet(Hook::Input, ICMP, kind << 8));
    let text = "block\npass in inet proto icmp";
    assert_eq!(reading(text, Dialect::OpenBsd).fate(&stray), Fate::Drop);
    assert_eq!(reading(text, Dialect::OpenBsd).fate(&query), Fate::Accept);
    assert_eq!(reading(text, Dialect::FreeBsd).fate(&stray), Fate::Accept);
    let sloppy = reading("block\npass in inet proto icmp keep state (sloppy)", Dialect::OpenBsd);
    assert_eq!(sloppy.fate(&stray), Fate::Accept);
}

#[test]
fn own_addresses_are_told_by_the_hook() {
    let ruleset = reading("block\npass in to (self)\npass out to ! (self)", Dialect::OpenBsd);
    assert_eq!(ruleset.fate(&tcp(Hook::Input, 25)), Fate::Accept);
    assert_eq!(ruleset.fate(&tcp(Hook::Forward, 25)), Fate::Drop, "not to this machine");
    let to_itself = Packet { unknowns: ruleset.holding(&["to (self)"]), ..tcp(Hook::Output, 25) };
    assert_eq!(ruleset.fate(&tcp(Hook::Output, 25)), Fate::Accept);
    assert_eq!(ruleset.fate(&to_itself), Fate::Drop);
    let trap = reading("block\npass in to ! self", Dialect::OpenBsd);
    assert_eq!(trap.fate(&tcp(Hook::Input, 25)), Fate::Accept, "one negated address matches all others");
}

#[test]
fn a_negated_list_matches_everything_and_a_negated_table_does_not() {
    let fate = |text: &str| reading(text, Dialect::OpenBsd).fate(&tcp(Hook::Input, 25));
    assert_eq!(fate("block\npass in from { ! 192.0.2.7, ! 203.0.113.9 }"), Fate::Accept);
    let table = "table <hosts> const { 192.0.2.7, 203.0.113.9 }\nblock\npass in from ! <hosts>";
    assert_eq!(fate(table), Fate::Drop);
}

#[test]
fn lists_of_both_families_expand_to_what_fits() {
    let text = "block\npass in from { 192.0.2.0/24, 2001:db8::/32 } to { 2001:db8::1, 198.51.100.9 }";
    let ruleset = reading(text, Dialect::FreeBsd);
    let v4 = tcp(Hook::Input, 25);
    assert_eq!(ruleset.fate(&v4), Fate::Accept);
    assert_eq!(ruleset.fate(&Packet { destination: v4.destination + 1, ..v4 }), Fate::Drop);
    assert!(refused("pass from 192.0.2.1 to 2001:db8::1", Dialect::FreeBsd));
}

#[test]
fn what_is_blocked_is_answered_as_asked() {
    let fate = |text: &str, packet: &Packet| reading(text, Dialect::OpenBsd).fate(packet);
    let (syn, datagram) = (tcp(Hook::Input, 25), packet(Hook::Input, UDP, 53));
    assert_eq!(fate("block return", &syn), Fate::Reset);
    assert_eq!(fate("block return", &datagram), Fate::Refuse { kind: 3, code: 3 });
    assert_eq!(fate("block return", &packet(Hook::Input, ICMP, 0x0300)), Fate::Drop);
    assert_eq!(fate("set block-policy return\nblock", &syn), Fate::Reset);
    assert_eq!(fate("block return-icmp(13)", &syn), Fate::Refuse { kind: 3, code: 13 });
    assert_eq!(
        fate("block return-icmp(host-prohib, admin-unr)", &datagram),
        Fate::Refuse { kind: 3, code: 10 }
    );
}

#[test]
fn rules_of_an_anchor_are_asked_where_it_matches() {
    let text = "block\nanchor \"mail\" in on em0 proto tcp {\n pass proto tcp to port 25\n}\n";
    for dialect in BOTH {
        let ruleset = reading(text, dialect);
        assert_eq!(ruleset.fate(&tcp(Hook::Input, 25)), Fate::Accept);
        assert_eq!(ruleset.fate(&Packet { incoming: 2, ..tcp(Hook::Input, 25) }), Fate::Drop);
    }
    let quick = "anchor quick {\n pass\n}\nblock";
    assert_eq!(reading(quick, Dialect::OpenBsd).fate(&tcp(Hook::Input, 25)), Fate::Accept);
    let open = reading("block\nanchor \"ftp-proxy/*\"\n", Dialect::OpenBsd);
    let decided =
        Packet { unknowns: open.holding(&["anchor \"ftp-proxy/*\" decides"]), ..tcp(Hook::Input, 25) };
    assert_eq!(open.fate(&decided), Fate::Unsaid);
    assert_eq!(open.fate(&tcp(Hook::Input, 25)), Fate::Drop);
    assert_eq!(open.meaning.remarks.len(), 1);
    let included = reading("block\ninclude \"/etc/pf.more\"\n", Dialect::OpenBsd);
    let decided =
        Packet { unknowns: included.holding(&["anchor \"/etc/pf.more\" decides"]), ..tcp(Hook::Input, 25) };
    assert_eq!(included.fate(&decided), Fate::Unsaid, "rules that were not read may decide");
}

#[test]
fn what_nobody_can_look_into_is_a_condition() {
    let text = "block\npass in proto tcp from (em0:network) to port 25 user root\npass in probability 50%";
    let ruleset = reading(text, Dialect::OpenBsd);
    let with = |texts: &[&str]| Packet { unknowns: ruleset.holding(texts), ..tcp(Hook::Input, 25) };
    assert_eq!(ruleset.fate(&with(&[])), Fate::Drop);
    assert_eq!(ruleset.fate(&with(&["from (em0:network)"])), Fate::Drop);
    assert_eq!(ruleset.fate(&with(&["from (em0:network)", "user = 0"])), Fate::Accept);
    assert_eq!(ruleset.fate(&with(&["probability 50%"])), Fate::Accept);
}

#[test]
fn translation_that_passes_asks_no_rule() {
    let text = "rdr pass on em0 inet proto tcp to port 25 -> 10.0.0.9\nno rdr on em0\nblock";
    let ruleset = reading(text, Dialect::FreeBsd);
    let with = |port| Packet {
        unknowns: ruleset.holding(&["a translation that passes decides"]),
        ..tcp(Hook::Input, port)
    };
    assert_eq!(ruleset.fate(&with(25)), Fate::Unsaid);
    assert_eq!(ruleset.fate(&tcp(Hook::Input, 25)), Fate::Drop);
    assert_eq!(ruleset.fate(&with(26)), Fate::Drop);
    let anchored = reading("rdr-anchor \"miniupnpd\" on em0\nblock", Dialect::FreeBsd);
    let open =
        Packet { unknowns: anchored.holding(&["a translation that passes decides"]), ..tcp(Hook::Input, 25) };
    assert_eq!((anchored.fate(&open), anchored.fate(&tcp(Hook::Input, 25))), (Fate::Unsaid, Fate::Drop));
    let asked = reading(&text.replace("pass ", ""), Dialect::FreeBsd);
    assert!(asked.conditions.iter().next().is_none());
    assert_eq!(asked.fate(&tcp(Hook::Input, 25)), Fate::Drop);
}

#[test]
fn several_texts_are_read_as_one() {
    let texts = [
        "table <t> { 10.0.0.1 }\nmail = 25",
        "block\npass proto tcp from <t> to port $mail # no end",
        "pass quick on em9",
    ];
    let mut sources = Sources::default();
    let files =
        texts.map(|text| (sources.add(SourceFile::new("pf.conf".to_owned(), text.to_owned(), None)), text));
    let ruleset = parse(&files, Dialect::OpenBsd).unwrap();
    assert_eq!(ruleset.config.entries.len(), 3);
    assert!(!ruleset.config.tables.get("t").unwrap().is_open);
    let problem = parse(&[(files[0].0, "anchor {\n"), files[1]], Dialect::OpenBsd).unwrap_err().remove(0);
    assert_eq!(problem.primary.site.file, files[0].0);
}

#[test]
fn skipped_interfaces_are_not_asked_about() {
    let ruleset = reading("set skip on em\nblock quick", Dialect::OpenBsd);
    assert_eq!(ruleset.fate(&tcp(Hook::Forward, 25)), Fate::Accept);
    assert_eq!(ruleset.fate(&Packet { outgoing: 0, ..tcp(Hook::Forward, 25) }), Fate::Drop);
}

#[test]
fn what_is_logged_is_told_before_it_is_decided() {
    let ruleset = reading("match in log proto tcp\nblock in log proto udp", Dialect::OpenBsd);
    let logged = |packet: &Packet| {
        let mut steps = ruleset.meaning.steps.iter().filter(|step| step.cube.contains(packet));
        steps.next().unwrap().effect == Effect::Log(None)
    };
    assert!(logged(&tcp(Hook::Input, 25)) && logged(&packet(Hook::Input, UDP, 53)));
    assert!(!logged(&packet(Hook::Input, ICMP, 0x0800)) && !logged(&tcp(Hook::Output, 25)));
}

#[test]
fn pf_and_this_refuse_the_same() {
    let long = "t".repeat(64);
    let both = [
        "pass icmp-type 8",
        "pass proto icmp icmp-type 8",
        "pass inet6 proto icmp",
        "block return-rst",
        "pass proto udp flags S/SA",
        "pass port 25",
        "pass in from $nobody",
        "pass proto tcp to port 500:100",
        "pass in from any port",
        "pass to 10.0.0.256",
        "pass on em0 nat-to 192.0.2.1",
        "block keep state",
        "pass in from any to any\r",
        "table <t> { 10.0.0.1 - 10.0.0.9 }",
        "table <t> { <u> }",
        "anchor {\n pass",
        "pass in } ",
        "set skip on ! em0",
        "pass keep state (max-src-nodes 3)",
        "pass in from { }",
    ];
    for dialect in BOTH {
        assert!(
            both.iter().all(|text| refused(text, dialect)),
            "{:?}",
            both.map(|text| refused(text, dialect))
        );
        assert!(refused(&format!("pass tag {long}"), dialect));
        assert!(!refused(&format!("pass tag {}", "t".repeat(63)), dialect));
    }
    assert!(refused("scrub in all", Dialect::OpenBsd) && !refused("scrub in all", Dialect::FreeBsd));
    assert!(
        refused("anchor \"a/b\" {\n}\n", Dialect::OpenBsd)
            && !refused("anchor \"a/b\" {\n}\n", Dialect::FreeBsd)
    );
}

#[test]
fn every_problem_has_its_place() {
    let text = "block\npass in form any\npass out proto nonsense\n";
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("pf.conf".to_owned(), text.to_owned(), None));
    let problems = parse(&[(file, text)], Dialect::OpenBsd).unwrap_err();
    let told: Vec<String> =
        problems.iter().map(|one| format!("{} {}", sources.place(one.primary.site), one.title)).collect();
    assert_eq!(
        told,
        ["pf.conf:2:9 `form` where the end of the line should be", "pf.conf:3:16 pf knows no such protocol"]
    );
}

proptest! {
    #[test]
    fn no_text_is_too_strange(words in prop::collection::vec(word(), 0..40), open in any::<bool>()) {
        let dialect = if open { Dialect::OpenBsd } else { Dialect::FreeBsd };
        if let Ok(ruleset) = read(&words.concat(), dialect) {
            let table = InterfaceTable::new(ruleset.interfaces());
            let _ = ruleset.meaning(&table, &mut Conditions::default());
        }
    }
}

/// Words that often stand in a pf.conf, and some that never do.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "pass ",
        "block ",
        "match ",
        "in ",
        "out ",
        "quick ",
        "log ",
        "on em0 ",
        "on egress ",
        "inet ",
        "proto tcp ",
        "from any ",
        "from { ",
        "to <t> ",
        "to (self) ",
        "port 25 ",
        "port { ",
        "} ",
        ", ",
        "! ",
        "tag a ",
        "tagged a ",
        "flags S/SA ",
        "no state ",
        "keep state ",
        "anchor ",
        "{\n",
        "\n",
        "}\n",
        "table <t> { ",
        "10/8 ",
        "::1 ",
        "\"",
        "$a",
        "a = ",
        "# ",
        "\\",
        "\\\n",
        "set skip on lo\n",
        "(",
        ")",
        "->",
        "><",
        "é",
        "\u{1}",
        "\r\n",
        "probability 5% ",
    ];
    prop_oneof![9 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}
