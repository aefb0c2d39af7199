//! What is no ruleset, and where.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Where the problems of a text for IPv4 are, and their titles.
fn problems(text: &str) -> Vec<String> {
    let (sources, ruleset) = files(&[(Kind::V4, text)]);
    let tell = |problem: Diagnostic| {
        let position = sources.position(problem.primary.site);
        format!("{}:{} {}", position.line, position.column, problem.title)
    };
    ruleset.err().unwrap_or_default().into_iter().map(tell).collect()
}

/// The problems of a line in a filter table.
fn line(line: &str) -> Vec<String> {
    problems(&format!("*filter\n{line}\nCOMMIT\n"))
}

#[test]
fn lines_that_do_not_load_are_pointed_at() {
    assert_eq!(line("-A INPUT -m comment --comment \"x -j DROP"), ["2:31 this quote is never closed"]);
    assert_eq!(
        line("-A INPUT -s 10.0.0.0/33 -j DROP"),
        ["2:13 `10.0.0.0/33` is no prefix length and no mask"]
    );
    assert_eq!(line("-A INPUT -s 10.0.0.1,::1"), ["2:22 `::1` is no address of this family"]);
    assert_eq!(
        line("-A INPUT ! -s 10.0.0.1,10.0.0.2"),
        ["2:12 `!` cannot stand in front of several addresses"]
    );
    assert_eq!(line("-A INPUT -p tcp --dport 70000"), ["2:25 `70000` is no port"]);
    assert_eq!(line("-A INPUT ACCEPT"), ["2:10 `ACCEPT` is no option and belongs to none"]);
    assert_eq!(line("-A input -j ACCEPT"), ["2:4 chain `input` is not declared"]);
    assert_eq!(line("-A INPUT -g elsewhere"), ["2:13 `elsewhere` is no chain of this table"]);
    assert_eq!(line(":INPUT QUEUE [0:0]"), ["2:8 `QUEUE` is no policy of such a chain"]);
    assert_eq!(line(":x - [0:0]\n:x - [0:0]"), ["3:2 chain `x` is declared twice"]);
    assert_eq!(line("-E INPUT x"), ["2:1 `-E` is no command that is read here"]);
    assert_eq!(line("-I INPUT 2 -j DROP"), ["2:4 chain `INPUT` has not so many rules"]);
    assert_eq!(
        line("-A INPUT -j REJECT --reject-with no-route"),
        ["2:20 `no-route` is no kind of refusal in IPv4"]
    );
    assert_eq!(
        line(&format!("-A INPUT {}", "x".repeat(10_239))),
        ["2:1 `iptables-restore` cuts lines after 10239 bytes"]
    );
}

#[test]
fn tables_begin_and_end() {
    assert_eq!(problems("-A INPUT -j DROP\n"), ["1:1 this line stands outside of any table"]);
    assert_eq!(problems("*filter\n"), ["1:1 table `filter` has no `COMMIT`"]);
    assert_eq!(problems("*filter\n*nat\nCOMMIT\n"), ["2:1 table `filter` has no `COMMIT` before this"]);
    assert_eq!(problems("*broute\n"), ["1:1 `broute` is no table"]);
    assert_eq!(problems("# nothing\n\n*filter\n# nothing\n\nCOMMIT\n"), [""; 0]);
}

#[test]
fn one_part_of_a_kind() {
    let text = filter("");
    assert!(files(&[(Kind::V4, &text), (Kind::V6, &text)]).1.is_ok());
    let (_, twice) = files(&[(Kind::V4, &text), (Kind::V4, &text)]);
    assert_eq!(twice.unwrap_err().first().map(|problem| problem.code), Some("iptables-parts"));
    assert!(read(&[]).meaning.steps.is_empty());
}

#[test]
fn a_table_replaces_the_one_above() {
    let text = format!("{}{}", filter("-A INPUT -j DROP"), filter(""));
    let read = read(&[(Kind::V4, &text)]);
    assert_eq!(read.fate(&mail()), Fate::Accept);
    assert_eq!(read.meaning.remarks.len(), 1);
}

#[test]
fn rules_for_the_other_family_are_passed_over() {
    let text = filter("-6 -A INPUT -j DROP");
    assert_eq!(problems(&text), ["5:1 `-6` is no command that is read here"]);
    let text = filter("-A INPUT -6 -s ::1 -j DROP\n-A INPUT -4 -p udp -j DROP");
    assert_eq!(read(&[(Kind::V4, &text)]).fate(&mail()), Fate::Accept);
}

proptest! {
    #[test]
    fn hostile_text_is_read_or_refused(words in vec(select(WORDS), 0..12), tail in "\\PC{0,20}", sets in "\\PC{0,30}") {
        let text = filter(&format!("-A INPUT {} {tail}", words.join(" ")));
        for parts in [[(Kind::V4, text.as_str()), (Kind::Ipset, sets.as_str())], [(Kind::V6, &tail), (Kind::Ipset, &text)]] {
            if let Ok(ruleset) = files(&parts).1 {
                let interfaces = InterfaceTable::new(ruleset.interfaces());
                prop_assert!(ruleset.meaning(&interfaces, &mut Conditions::default()).is_ok());
            }
        }
    }
}

/// Words that rules are made of, and some that they are not.
const WORDS: &[&str] = &[
    "-s",
    "10.0.0.0/8",
    "!",
    "-p",
    "tcp",
    "udp",
    "--dport",
    "22",
    ":1",
    "1:",
    "-m",
    "multiport",
    "--ports",
    "set",
    "--match-set",
    "src",
    "--tcp-flags",
    "SYN",
    "ALL",
    "-j",
    "LOG",
    "limit",
    "--limit",
    "1/s",
    "-g",
    "-i",
    "+",
    "\"",
    "\\",
    "--=",
    "-",
    "--",
    "icmp",
    "--icmp-type",
    "any",
    "/",
    ",",
    "-c",
    "0",
    "-4",
    "-f",
    "::",
    "REJECT",
    "--reject-with",
];
