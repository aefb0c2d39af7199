//! Questions, and anything else.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::parse::{KindTerm, PortTerm};

/// A question in the words of a policy, or what is wrong with it.
fn read(text: &str) -> String {
    let mut sources = Sources::default();
    match question("<question>", text, &mut sources) {
        Ok(decl) => shown(&decl),
        Err(problems) => {
            let word = |problem: &Diagnostic| {
                let column = sources.position(problem.primary.site).column;
                let help = problem.help.as_deref().unwrap_or_default();
                format!("{column} {}: {} ({help})", problem.code, problem.title)
            };
            problems.iter().map(word).collect::<Vec<_>>().join("\n")
        }
    }
}

fn shown(decl: &QuestionDecl) -> String {
    let place = |term: &Spanned<AddressTerm>| match &term.value {
        AddressTerm::Name(name) => name.clone(),
        AddressTerm::Prefix(net) => net.to_string(),
        AddressTerm::Range(first, last) => format!("{first}-{last}"),
    };
    let port = |term: &Spanned<PortTerm>| format!("{:?}", term.value);
    let kind = |term: &Spanned<KindTerm>| format!("{:?}", term.value);
    let service = |term: &Spanned<ServiceTerm>| match &term.value {
        ServiceTerm::Name(name) => name.clone(),
        ServiceTerm::Inline(spec) => {
            let ports = [("tcp", &spec.tcp), ("udp", &spec.udp)];
            let ports = ports
                .iter()
                .flat_map(|(key, list)| list.iter().map(move |one| format!("{key} {}", port(one))));
            let kinds = [("icmp", &spec.icmp), ("icmpv6", &spec.icmpv6), ("protocol", &spec.protocol)];
            let kinds = kinds
                .iter()
                .flat_map(|(key, list)| list.iter().map(move |one| format!("{key} {}", kind(one))));
            ports.chain(kinds).collect::<Vec<_>>().join("+")
        }
    };
    let all = |words: Vec<String>| words.join("+");
    format!(
        "{:?} from {} to {} on {}{}",
        decl.wanted,
        all(decl.from.iter().map(place).collect()),
        all(decl.to.iter().map(place).collect()),
        all(decl.services.iter().map(service).collect()),
        if decl.is_narrow { "" } else { " *" },
    )
}

#[test]
fn sentences_are_understood() {
    assert_snapshot!(read("who may reach dmz on smtp"), @"Some from any to dmz on smtp");
    assert_snapshot!(read("Who may reach host on ssh?"), @"Some from any to host on ssh");
    assert_snapshot!(read("who may send to internet"), @"Some from any to internet on any *");
    assert_snapshot!(read("what may 10.20.9.3 send out"), @"Some from 10.20.9.3/32 to any on any *");
    assert_snapshot!(read("what may lan send"), @"Some from lan to any on any *");
    assert_snapshot!(read("what may lan, dmz send to internet,10.0.0.0/8 on any"), @"Some from lan+dmz to internet+10.0.0.0/8 on any *");
    assert_snapshot!(read("may lan reach internet on pop3 ?"), @"Every from lan to internet on pop3");
    assert_snapshot!(read("may 10.0.0.1-10.0.0.9 send to 2001:db8::/32"), @"Every from 10.0.0.1-10.0.0.9 to 2001:db8::/32 on any *");
}

#[test]
fn packets_may_be_named_part_by_part() {
    assert_snapshot!(read("from lan"), @"Some from lan to any on any *");
    assert_snapshot!(read("on smtp, tcp 8000-8010,udp ntp to host from any"), @r#"Some from any to host on smtp+tcp Range(8000, 8010)+udp Name("ntp")"#);
    assert_snapshot!(read("on icmp 3/4, icmpv6 echo-request, protocol 50, tcp any"), @r#"Some from any to any on icmp Number(3, Some(4))+icmpv6 Name("echo-request")+protocol Number(50, None)+tcp Any"#);
}

#[test]
fn words_of_the_question_may_be_names_of_places() {
    assert_snapshot!(read("from from to to on on"), @"Some from from to to on on");
    assert_snapshot!(read("may reach reach send on may"), @"Every from reach to send on may");
}

#[test]
fn what_breaks_off_or_does_not_belong_is_said_at_its_place() {
    assert_snapshot!(read(""), @"1 no-question: there is no question here (ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or name the packets: `from lan to internet on pop3`)");
    assert_snapshot!(read(" ? "), @"2 no-question: there is no question here (ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or name the packets: `from lan to internet on pop3`)");
    assert_snapshot!(read("who"), @"4 unfinished-question: the question breaks off before `may` (ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or name the packets: `from lan to internet on pop3`)");
    assert_snapshot!(read("who can reach dmz"), @"5 unexpected-word: `can` has no place here (what may stand here is `may`)");
    assert_snapshot!(read("who may reach"), @"9 unfinished-question: the question breaks off before a place (ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or name the packets: `from lan to internet on pop3`)");
    assert_snapshot!(read("who may raech dmz"), @"9 unexpected-word: `raech` has no place here (did you mean `reach`?)");
    assert_snapshot!(read("what may lan, send out"), @"20 unexpected-word: `out` has no place here (what may stand here is `reach` or `send`)");
    assert_snapshot!(read("may lan reach internet from dmz"), @"24 unexpected-word: `from` has no place here (what may stand here is `on`)");
    assert_snapshot!(read("may lan reach internet on"), @"24 unfinished-question: the question breaks off before a service (ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or name the packets: `from lan to internet on pop3`)");
    assert_snapshot!(read("form lan to dmz"), @"1 unexpected-word: `form` has no place at the beginning of a question (did you mean `from`?)");
    assert_snapshot!(read("from lan tu dmz"), @"10 unexpected-word: `tu` has no place here (did you mean `to`?)");
    assert_snapshot!(read("from lan from dmz"), @"10 written-twice: a second `from` (write one list, with commas between its elements)");
    assert_snapshot!(read("show me everything"), @"1 unexpected-word: `show` has no place at the beginning of a question (ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or name the packets: `from lan to internet on pop3`)");
}

#[test]
fn places_and_services_that_mean_nothing_are_all_said() {
    assert_snapshot!(read("from 10.0.0.1/8, 10.0.0.300 to mail.example.net on 25, tcp/25, 53:udp, tcp 99999, tcp"), @"
    6 host-bits-set: `10.0.0.1/8` has host bits set: it names a network and an address in it (did you mean the network `10.0.0.0/8` or the address `10.0.0.1`?)
    18 not-an-address: `10.0.0.300` is not an address: `300` is more than 255 (each number of an IPv4 address is 0 to 255)
    32 not-an-address: `mail.example.net` is a host name, not an address (write its addresses)
    52 not-a-name: `25` is not a service (write `tcp 25` or `udp 25`)
    56 not-a-name: `tcp/25` is not a service (write `tcp 25`)
    64 not-a-name: `53:udp` is not a service (write `udp 53`)
    76 not-a-port: `99999` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    83 unfinished-question: `tcp` alone is no service (write `tcp 25`, or `tcp any`)
    ");
    assert_snapshot!(read("on udp, smtp"), @"4 unfinished-question: `udp` alone is no service (write `udp 53`, or `udp any`)");
    assert_snapshot!(read("from \u{1b}[31m"), @"6 control-character: control character U+001B (delete it; nothing in a policy needs it)");
}

proptest! {
    #[test]
    fn any_text_is_a_question_or_a_problem_at_a_place(text in prop_oneof![
        any::<String>(),
        "((who|what|may|reach|send|out|from|to|on|lan|,|\\?|tcp|25|10\\.0\\.0\\.1|::1|\\PC) ?){0,16}",
    ]) {
        let mut sources = Sources::default();
        if let Err(problems) = question("<question>", &text, &mut sources) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                let span = sources.span(problem.primary.site);
                let text = sources.file(problem.primary.site.file).unwrap().text();
                prop_assert!(problem.is_error() && text.get(span).is_some());
            }
        }
    }
}
