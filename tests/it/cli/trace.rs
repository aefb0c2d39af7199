//! `mailward trace` as its users meet it.

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::program::{Run, Site};

/// A policy with every kind of rule that a trace can name.
const POLICY: &str = r#"version: 1
name: branch
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16, "2001:db8:20::/48"], trust: internal }
  net: { interfaces: [wan0] }
defaults: { forward: reject, log: { rate: 1/second } }
rules:
  - id: old-mail
    action: allow
    from: lan
    to: net
    services: [pop3]
    disabled: Replaced by TLS, NET-7.
  - id: who-still-reads
    action: deny
    from: lan
    to: net
    services: [pop3, pop3s]
    stage: observe
  - id: mail
    action: allow
    from: lan
    to: net
    services: [pop3s]
    log: { rate: 10/minute, burst: 2 }
  - id: no-mail
    action: reject
    from: lan
    to: net
    services: [pop3, pop3s, ntp]
  - id: everything
    action: deny
    from: any
    to: net
    services: any
"#;

fn site() -> Site {
    Site::new().file("policy.yaml", POLICY)
}

/// Traces packets, each an argument of its own.
fn trace(packets: &[&str]) -> Run {
    site().command("trace policy.yaml").args(packets).output().unwrap().into()
}

#[test]
fn an_accepted_packet_is_a_yes() {
    assert_snapshot!(trace(&["tcp 10.20.1.5 > 198.51.100.7:pop3s in lan0 out wan0"]), @"
    exit 0
    --- stdout
    forward, lan0 → wan0: TCP 10.20.1.5:49152 → 198.51.100.7:995
      accepted  by rule `mail` (policy.yaml:20:9)
      logged    at most 10 a minute, 2 at once
      assumed   source port 49152: none is written
      passed    the baseline's established, anti-spoofing, icmp-errors, invalid, not-new, echo
      observed  by rule `who-still-reads` (policy.yaml:14:9), logged at most 5 a second, 10 at once
      later     rule `no-mail` (policy.yaml:26:9) would reject it with a reset
                rule `everything` (policy.yaml:31:9) would drop it
                the default of the forward hook (policy.yaml:6:11) would reject it with a reset
    --- stderr
    ");
}

#[test]
fn a_refused_packet_is_a_no() {
    assert_snapshot!(trace(&["tcp 10.20.1.5:40000 > 198.51.100.7:110"]), @"
    exit 1
    --- stdout
    forward, lan0 → wan0: TCP 10.20.1.5:40000 → 198.51.100.7:110
      rejected  with a reset by rule `no-mail` (policy.yaml:26:9)
      logged    no
      assumed   in lan0: 10.20.1.5 is in zone `lan`
                out wan0: 198.51.100.7 is in zone `net`
      passed    the baseline's established, anti-spoofing, icmp-errors, invalid, not-new, echo
      observed  by rule `who-still-reads` (policy.yaml:14:9), logged at most 5 a second, 10 at once
      later     rule `everything` (policy.yaml:31:9) would drop it
                the default of the forward hook (policy.yaml:6:11) would reject it with a reset
      disabled  rule `old-mail` (policy.yaml:8:9): it comes first and would accept it (off: Replaced by TLS, NET-7.)
    --- stderr
    ");
    assert_snapshot!(trace(&["udp 10.20.1.5:40000 > 198.51.100.7:ntp in lan0 out wan0"]), @"
    exit 1
    --- stdout
    forward, lan0 → wan0: UDP 10.20.1.5:40000 → 198.51.100.7:123
      rejected  with an ICMP error (administratively prohibited) by rule `no-mail` (policy.yaml:26:9)
      logged    no
      passed    the baseline's established, anti-spoofing, icmp-errors, invalid, not-new, echo
      later     rule `everything` (policy.yaml:31:9) would drop it
                the default of the forward hook (policy.yaml:6:11) would reject it with an ICMP error (administratively prohibited)
    --- stderr
    ");
    assert_snapshot!(trace(&["gre 10.20.1.5 > 10.20.1.6 in lan0 out lan0"]), @"
    exit 1
    --- stdout
    forward, lan0 → lan0: protocol gre 10.20.1.5 → 10.20.1.6
      rejected  with an ICMP error (administratively prohibited) by the default of the forward hook (policy.yaml:6:11)
      logged    at most 1 a second, 5 at once
      passed    the baseline's established, anti-spoofing, icmp-errors, invalid, not-new, echo
    --- stderr
    ");
}

#[test]
fn one_refused_packet_makes_the_answer_no() {
    let run = trace(&["tcp 10.20.1.5 > 198.51.100.7:995", "tcp 10.20.1.5 > 198.51.100.7:25"]);
    assert_eq!(run.exit, 1, "{run}");
    assert_eq!(run.stdout.matches("\n\n").count(), 1, "{run}");
    let run = trace(&["tcp 10.20.1.5 > 198.51.100.7:995", "icmp 8 10.20.1.5 > 10.20.0.1 in lan0"]);
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
}

#[test]
fn packets_come_from_standard_input_too() {
    let input = "# mail\ntcp 10.20.1.5 > 198.51.100.7:995\n\n10.20.1.5 > 198.51.100.7:993 # IMAP\n";
    let run = site().run_with("trace policy.yaml -", input.as_bytes());
    assert_eq!(run.exit, 1, "{run}");
    assert!(
        run.stdout.starts_with("forward, lan0 → wan0: TCP 10.20.1.5:49152 → 198.51.100.7:995\n"),
        "{run}"
    );
    assert!(
        run.stdout.contains("\n\nforward, lan0 → wan0: TCP 10.20.1.5:49152 → 198.51.100.7:993\n"),
        "{run}"
    );
    let policy = site().command("trace -").arg("tcp 10.20.1.5 > 198.51.100.7:995").output().unwrap();
    assert_eq!(Run::from(policy).exit, 2, "an empty policy");
    assert_snapshot!(site().run("trace - -"), @"
    exit 2
    --- stdout
    --- stderr
    error: `-` stands for two things, and there is one standard input
     help: write one of them to a file, and name it
    ");
}

#[test]
fn what_is_wrong_with_any_packet_is_said_and_none_is_answered() {
    let packets = [
        "tcp 10.20.1.5 > 198.51.100.7:995",
        "tcp 10.20.1.0/24 > 8.8.8.8:pop",
        "tcp 10.20.1.5 > 8.8.8.8:pop in lam0",
    ];
    assert_snapshot!(trace(&packets), @"
    exit 2
    --- stdout
    --- stderr
    error[not-one-address]: `10.20.1.0/24` is not one address
      ╭▸ <packet 2>:1:5
      │
    1 │ tcp 10.20.1.0/24 > 8.8.8.8:pop
      │     ━━━━━━━━━━━━
      │
      ╰ help: a packet comes from one address and goes to one; `mailward query` asks about many

    error[undefined-port]: there is no TCP port named `pop`
      ╭▸ <packet 3>:1:25
      │
    1 │ tcp 10.20.1.5 > 8.8.8.8:pop in lam0
      │                         ━━━ did you mean `pop3`?
      │
      ╰ help: write the port number: names of other services are not looked up

    error[undefined-interface]: the policy names no interface `lam0`
      ╭▸ <packet 3>:1:32
      │
    1 │ tcp 10.20.1.5 > 8.8.8.8:pop in lam0
      │                                ━━━━ did you mean `lan0`?
      │
      ╰ help: write `other` for an interface that the policy does not name
    ");
    let run = site().run_with("trace policy.yaml -", b"\n  tcp 10.20.1.5 > 198.51.100.7:995 in\n");
    assert!(run.exit == 2 && run.stderr.contains("<stdin>:2:36"), "{run}");
}

#[test]
fn an_invalid_policy_gives_no_answer() {
    let site = Site::new().file("policy.yaml", POLICY.replace("ntp", "nntpd"));
    let run: Run =
        site.command("trace policy.yaml").arg("tcp 10.20.1.5 > 198.51.100.7:995").output().unwrap().into();
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("undefined-service"), "{run}");
    let run: Run =
        site.command("trace gone.yaml").arg("tcp 10.20.1.5 > 198.51.100.7:995").output().unwrap().into();
    assert!(run.exit == 2 && run.stderr.contains("there is no such file"), "{run}");
}

#[test]
fn a_packet_must_be_named() {
    let run = site().run("trace policy.yaml");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
}

/// An object with each of its values on a line.
fn lines(object: &serde_json::Value) -> String {
    let values = object.as_object().unwrap().iter().map(|(key, value)| format!("{key}: {value}"));
    values.collect::<Vec<_>>().join("\n")
}

#[test]
fn json_says_the_same_with_the_same_exit_code() {
    let packet = "tcp 10.20.1.5 > 198.51.100.7:995 in lan0 out wan0";
    let ask = |format: &str, packet: &str| -> Run {
        site().command(&format!("trace policy.yaml {format}")).arg(packet).output().unwrap().into()
    };
    let accepted = ask("--json", packet);
    assert_eq!(accepted, ask("--format json", packet));
    let document: serde_json::Value = serde_json::from_str(&accepted.stdout).unwrap();
    assert_eq!(
        (accepted.exit, &document["version"], &document["policy"]["name"]),
        (0, &1.into(), &"branch".into())
    );
    assert_snapshot!(lines(&document["packets"][0]), @r#"
    assumed: ["source port 49152: none is written"]
    by: {"column":9,"kind":"rule","line":20,"name":"mail","path":"policy.yaml"}
    disabled: []
    later: [{"column":9,"kind":"rule","line":26,"log":null,"name":"no-mail","path":"policy.yaml","verdict":"reject"},{"column":9,"kind":"rule","line":31,"log":null,"name":"everything","path":"policy.yaml","verdict":"drop"},{"column":11,"kind":"default","line":6,"log":{"burst":5,"count":1,"per":"second"},"name":"forward","path":"policy.yaml","verdict":"reject"}]
    log: {"burst":2,"count":10,"per":"minute"}
    observed: [{"column":9,"kind":"rule","line":14,"log":{"burst":10,"count":5,"per":"second"},"name":"who-still-reads","path":"policy.yaml","verdict":"observe"}]
    packet: {"destination":"198.51.100.7","destination_port":995,"hook":"forward","icmp_code":null,"icmp_type":null,"in":"lan0","out":"wan0","protocol":6,"source":"10.20.1.5","source_port":49152,"state":"new"}
    passed: ["established","anti-spoofing","icmp-errors","invalid","not-new","echo"]
    text: "tcp 10.20.1.5:49152 > 198.51.100.7:995 in lan0 out wan0"
    verdict: "accept"
    "#);
    let refused = ask("--json", "tcp 10.20.1.5 > 198.51.100.7:110");
    let document: serde_json::Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!((refused.exit, &document["packets"][0]["verdict"]), (1, &"reject".into()));
    assert_snapshot!(document["packets"][0]["disabled"], @r#"[{"column":9,"comes_first":true,"kind":"rule","line":8,"log":null,"name":"old-mail","path":"policy.yaml","verdict":"accept"}]"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_other_text_has_no_answer_and_a_place(text in "[a-z0-9:./\\[\\]é\u{1b}\u{202e} ]{1,30}") {
        // Without an arrow there is no packet.
        let run: Run = site().command("trace policy.yaml --").arg(&text).output().unwrap().into();
        prop_assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{}", run);
        prop_assert!(run.stderr.contains("<packet>:1:"), "{}", run);
        prop_assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", run);
    }
}

#[test]
fn a_packet_that_the_shell_took_apart_needs_quotes() {
    for words in [
        "tcp 10.20.1.5 > 198.51.100.7:110 in lan0 out wan0",
        "tcp 10.20.1.5 in lan0 out wan0",
        "tcp 10.20.1.5",
    ] {
        let run = site().run(&format!("trace policy.yaml {words}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
        assert!(run.stderr.contains("put quotes around it"), "{run}");
    }
}

#[test]
fn a_port_that_was_taken_for_a_part_of_the_address_is_found() {
    let trace = |packet: &str| {
        let site = Site::new().file("office.yaml", POLICY);
        let mut command = site.command("trace office.yaml");
        Run::from(command.arg(packet).output().unwrap()).stderr
    };
    assert!(trace("tcp 2001:db8:20::9 > 2001:db8:25::2:25").contains("did you mean `[2001:db8:25::2]:25`?"));
    assert!(trace("tcp 2001:db8:20::9 > 2001:db8:25::ab").contains("`[2001:db8:25::ab]:25`"));
}
