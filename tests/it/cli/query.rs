//! `mailward query` as its users meet it.

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::program::{Run, Site};

/// A policy in which rules come before one another.
const POLICY: &str = r#"version: 1
name: branch
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16, "2001:db8:20::/48"], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  net: { interfaces: [wan0] }
networks:
  relay: [192.0.2.10]
  scanners: [10.20.9.0/28]
rules:
  - id: scanners
    action: deny
    from: scanners
    to: any
    services: any
  - id: mail
    action: allow
    from: [lan, net]
    to: relay
    services: [smtp]
  - id: read-mail
    action: allow
    from: lan
    to: net
    services: [imaps, pop3s]
  - id: admin
    action: allow
    from: lan
    to: host
    services: [ssh]
"#;

fn site() -> Site {
    Site::new().file("policy.yaml", POLICY)
}

/// Asks one question.
fn query(question: &str) -> Run {
    query_with(question, "")
}

fn query_with(question: &str, options: &str) -> Run {
    site().command(&format!("query policy.yaml {options}")).arg("--").arg(question).output().unwrap().into()
}

#[test]
fn who_may_is_yes_if_somebody_may() {
    assert_snapshot!(query("who may reach dmz on smtp"), @"
    exit 0
    --- stdout
    TCP 25 (smtp) from anywhere to dmz (192.0.2.0/27)
    TCP 25 (smtp) from this machine to dmz (192.0.2.0/27)
    yes, some of it may pass

    TCP 25 (smtp) from lan (10.20.0.0/16) to relay (192.0.2.10) via dmz0
    TCP 25 (smtp) from net to relay (192.0.2.10) via dmz0
      allowed   by rule `mail` (policy.yaml:16:9)
      size      at most 65,536 × 1 addresses, 1 port
                at most every IPv4 address × 1, 1 port
      except    what rule `scanners` (policy.yaml:11:9) refuses: TCP 25 (smtp) from scanners (10.20.9.0/28) via lan0 to relay (192.0.2.10) via dmz0
      example   tcp 10.20.0.1:49152 > 192.0.2.10:25 in lan0 out dmz0

    left out: what the baseline refuses (anti-spoofing)
    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
    assert_snapshot!(query("who may reach host on ssh"), @"
    exit 0
    --- stdout
    TCP 22 (ssh) from anywhere to this machine
    yes, some of it may pass

    TCP 22 (ssh) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine
      allowed   by rule `admin` (policy.yaml:26:9)
      size      at most 65,536 IPv4 addresses, 2^80 IPv6 addresses, 1 port
      except    what rule `scanners` (policy.yaml:11:9) refuses: TCP 22 (ssh) from scanners (10.20.9.0/28) via lan0 to this machine
      example   tcp 10.20.0.1:49152 > 198.51.100.1:22 in lan0

    left out: what the baseline refuses (anti-spoofing)
    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
    assert_snapshot!(query("what may 10.20.1.3 send out"), @"
    exit 0
    --- stdout
    every protocol from 10.20.1.3 to this machine
    every protocol from 10.20.1.3 to anywhere
    yes, some of it may pass

    TCP 25 (smtp) from 10.20.1.3 via lan0 to relay (192.0.2.10)
      allowed   by rule `mail` (policy.yaml:16:9)
      size      1 × 1 address, 1 port
      example   tcp 10.20.1.3:49152 > 192.0.2.10:25 in lan0 out dmz0

    TCP 993 (imaps), TCP 995 (pop3s) from 10.20.1.3 via lan0 to net
      allowed   by rule `read-mail` (policy.yaml:21:9)
      size      1 × every IPv4 address, 2 ports
      example   tcp 10.20.1.3:49152 > 198.51.100.1:993 in lan0 out wan0

    TCP 22 (ssh) from 10.20.1.3 via lan0 to this machine
      allowed   by rule `admin` (policy.yaml:26:9)
      size      1 address, 1 port
      example   tcp 10.20.1.3:49152 > 198.51.100.1:22 in lan0

    left out: what the baseline refuses (anti-spoofing)
    left out: what the baseline lets pass (established, icmp-errors, echo); `--baseline` shows it
    --- stderr
    ");
}

#[test]
fn nobody_may_names_who_refuses() {
    assert_snapshot!(query("who may reach lan on imap"), @"
    exit 1
    --- stdout
    TCP 143 (imap) from anywhere to lan (10.20.0.0/16, 2001:db8:20::/48)
    TCP 143 (imap) from this machine to lan (10.20.0.0/16, 2001:db8:20::/48)
    no, nothing of it may pass

    TCP 143 (imap) from scanners (10.20.9.0/28) to lan (10.20.0.0/16)
      refused   by rule `scanners` (policy.yaml:11:9)
      size      16 × 65,536 addresses, 1 port
      example   tcp 10.20.9.1:49152 > 10.20.0.1:143 in lan0 out lan0

    TCP 143 (imap) from anywhere to lan (10.20.0.0/16, 2001:db8:20::/48)
      refused   by the default of the forward hook (policy.yaml:2:7)
      size      every IPv4 address × 65,536, every IPv6 address × 2^80, 1 port
      example   tcp 10.20.0.1:49152 > 10.20.0.2:143 in lan0 out lan0

    TCP 143 (imap) from this machine to lan (10.20.0.0/16, 2001:db8:20::/48)
      refused   by the default of the output hook (policy.yaml:2:7)
      size      65,536 IPv4 addresses, 2^80 IPv6 addresses, 1 port
      example   tcp 203.0.113.1:49152 > 10.20.0.1:143 out lan0

    left out: what the baseline refuses (anti-spoofing)
    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
    assert_snapshot!(query("from scanners to net"), @"
    exit 1
    --- stdout
    every protocol from scanners (10.20.9.0/28) to net
    no, nothing of it may pass

    every protocol from scanners (10.20.9.0/28) to net
      refused   by rule `scanners` (policy.yaml:11:9)
      size      16 × every IPv4 address, every port
      example   tcp 10.20.9.1:49152 > 198.51.100.1:25 in lan0 out wan0

    left out: what the baseline refuses (anti-spoofing)
    left out: what the baseline lets pass (established, icmp-errors); `--baseline` shows it
    --- stderr
    ");
}

#[test]
fn may_is_yes_only_if_all_of_it_may() {
    assert_snapshot!(query("may 10.20.1.0/24 reach relay on smtp?"), @"
    exit 0
    --- stdout
    TCP 25 (smtp) from 10.20.1.0/24 to relay (192.0.2.10)
    yes, all of it may pass

    TCP 25 (smtp) from 10.20.1.0/24 via lan0 to relay (192.0.2.10) via dmz0
      allowed   by rule `mail` (policy.yaml:16:9)
      size      256 × 1 addresses, 1 port
      example   tcp 10.20.1.1:49152 > 192.0.2.10:25 in lan0 out dmz0

    left out: what the baseline refuses (anti-spoofing)
    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
    assert_snapshot!(query("may lan reach net on pop3s"), @"
    exit 1
    --- stdout
    TCP 995 (pop3s) from lan (10.20.0.0/16, 2001:db8:20::/48) to net
    no, some of it may pass and some may not

    TCP 995 (pop3s) from lan (10.20.0.0/16, 2001:db8:20::/48) to net
      allowed   by rule `read-mail` (policy.yaml:21:9)
      size      at most 65,536 × every IPv4 address, 2^80 × every IPv6 address, 1 port
      except    what rule `scanners` (policy.yaml:11:9) refuses: TCP 995 (pop3s) from scanners (10.20.9.0/28) via lan0 to net
      example   tcp 10.20.0.1:49152 > 198.51.100.1:995 in lan0 out wan0

    TCP 995 (pop3s) from scanners (10.20.9.0/28) via lan0 to net
      refused   by rule `scanners` (policy.yaml:11:9)
      size      16 × every IPv4 address, 1 port
      example   tcp 10.20.9.1:49152 > 198.51.100.1:995 in lan0 out wan0

    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
    assert_snapshot!(query("may lan reach net on pop3"), @"
    exit 1
    --- stdout
    TCP 110 (pop3) from lan (10.20.0.0/16, 2001:db8:20::/48) to net
    no, nothing of it may pass

    TCP 110 (pop3) from scanners (10.20.9.0/28) via lan0 to net
      refused   by rule `scanners` (policy.yaml:11:9)
      size      16 × every IPv4 address, 1 port
      example   tcp 10.20.9.1:49152 > 198.51.100.1:110 in lan0 out wan0

    TCP 110 (pop3) from lan (10.20.0.0/16, 2001:db8:20::/48) to net
      refused   by the default of the forward hook (policy.yaml:2:7)
      size      65,536 × every IPv4 address, 2^80 × every IPv6 address, 1 port
      example   tcp 10.20.0.1:49152 > 198.51.100.1:110 in lan0 out wan0

    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
}

#[test]
fn the_baseline_is_shown_where_it_is_asked_for() {
    assert_snapshot!(query("may lan reach host on ping"), @"
    exit 0
    --- stdout
    ping (ICMP echo-request, ICMPv6 echo-request) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine
    yes, all of it may pass

    ping (ICMP echo-request, ICMPv6 echo-request) from lan (10.20.0.0/16, 2001:db8:20::/48) to this machine
      allowed   by the baseline's `echo` (policy.yaml:2:7)
      size      65,536 IPv4 addresses, 2^80 IPv6 addresses
      example   icmp echo-request 10.20.0.1 > 198.51.100.1 in lan0

    left out: what the baseline lets pass (established); `--baseline` shows it
    --- stderr
    ");
    let run = query_with("from lan to host on ssh", "--baseline");
    assert!(run.exit == 0 && run.stdout.contains("the baseline's `established`"), "{run}");
    let without = query("from lan to host on ssh");
    assert!(without.stdout.contains("left out: what the baseline lets pass (established)"), "{without}");
}

#[test]
fn a_question_that_means_nothing_has_no_answer() {
    assert_snapshot!(query("who can reach dmz"), @"
    exit 2
    --- stdout
    --- stderr
    error[unexpected-word]: `can` has no place here
      ╭▸ <question>:1:5
      │
    1 │ who can reach dmz
      │     ━━━
      │
      ╰ help: what may stand here is `may`
    ");
    assert_snapshot!(query("who may reach dmzz on smpt, 25"), @"
    exit 2
    --- stdout
    --- stderr
    error[not-a-name]: `25` is not a service
      ╭▸ <question>:1:29
      │
    1 │ who may reach dmzz on smpt, 25
      │                             ━━
      │
      ╰ help: write `tcp 25` or `udp 25`
    ");
    assert_snapshot!(query("who may reach dmzz on smpt"), @"
    exit 2
    --- stdout
    --- stderr
    error[undefined-name]: there is no zone or network named `dmzz`
      ╭▸ <question>:1:15
      │
    1 │ who may reach dmzz on smpt
      ╰╴              ━━━━ did you mean `dmz`?

    error[undefined-service]: there is no service named `smpt`
      ╭▸ <question>:1:23
      │
    1 │ who may reach dmzz on smpt
      ╰╴                      ━━━━ did you mean `smtp`?
    ");
    assert_snapshot!(query("may host reach host"), @"
    exit 2
    --- stdout
    --- stderr
    error[host-to-host]: `host` to `host` is loopback traffic, which no rule decides
      ╭▸ <question>:1:1
      │
    1 │ may host reach host
      │ ━━━━━━━━━━━━━━━━━━━
      │
      ╰ help: loopback traffic is accepted by the baseline: see `baseline.loopback`
    ");
    let run = site().run("query policy.yaml");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
}

#[test]
fn an_invalid_policy_gives_no_answer() {
    let site = Site::new().file("policy.yaml", POLICY.replace("imaps", "imapz"));
    let run: Run = site.command("query policy.yaml").arg("from lan").output().unwrap().into();
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("policy.yaml:25:") && !run.stderr.contains("<question>"), "{run}");
}

#[test]
fn a_policy_comes_from_standard_input_too() {
    let site = site();
    let mut command = site.command("query -");
    command.arg("may lan reach net on pop3s").stdin(std::fs::File::open(site.path("policy.yaml")).unwrap());
    let run = Run::from(command.output().unwrap());
    assert!(run.exit == 1 && run.stdout.contains("<stdin>:21:9"), "{run}");
    let run = site.run_with("query - from_lan", POLICY.as_bytes());
    assert!(run.exit == 2 && run.stderr.contains("<question>:1:1"), "{run}");
}

/// An object with each of its values on a line.
fn lines(object: &serde_json::Value) -> String {
    let values = object.as_object().unwrap().iter().map(|(key, value)| format!("{key}: {value}"));
    values.collect::<Vec<_>>().join("\n")
}

#[test]
fn json_says_the_same_with_the_same_exit_code() {
    let question = "may lan reach net on pop3s";
    let run = query_with(question, "--json");
    assert_eq!(run, query_with(question, "--format json"));
    assert_eq!((run.exit, run.stderr.as_str()), (1, ""), "{run}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let parts =
        ["answer", "wanted", "some_pass", "all_pass", "left_out"].map(|key| document[key].to_string());
    assert_snapshot!(parts.join(" "), @r#""no" "every" true false {"allowed":["established"],"refused":[]}"#);
    assert_snapshot!(lines(&document["question"][0]), @r#"
    family: null
    from: ["lan (10.20.0.0/16, 2001:db8:20::/48)"]
    hook: "forward"
    in: []
    out: []
    services: ["TCP 995 (pop3s)"]
    size: {"ports":1,"text":"65,536 × every IPv4 address, 2^80 × every IPv6 address, 1 port","v4":{"destinations":"4294967296","sources":"65536"},"v6":{"destinations":"340282366920938463463374607431768211455","sources":"1208925819614629174706176"}}
    source_ports: []
    states: []
    text: "TCP 995 (pop3s) from lan (10.20.0.0/16, 2001:db8:20::/48) to net"
    to: ["net"]
    "#);
    assert_snapshot!(lines(&document["allowed"][0]), @r#"
    boxes: [{"family":null,"from":["lan (10.20.0.0/16, 2001:db8:20::/48)"],"hook":"forward","in":[],"out":[],"services":["TCP 995 (pop3s)"],"size":{"ports":1,"text":"65,536 × every IPv4 address, 2^80 × every IPv6 address, 1 port","v4":{"destinations":"4294967296","sources":"65536"},"v6":{"destinations":"340282366920938463463374607431768211455","sources":"1208925819614629174706176"}},"source_ports":[],"states":[],"text":"TCP 995 (pop3s) from lan (10.20.0.0/16, 2001:db8:20::/48) to net","to":["net"]}]
    by: {"column":9,"kind":"rule","line":21,"name":"read-mail","path":"policy.yaml"}
    example: {"packet":{"destination":"198.51.100.1","destination_port":995,"hook":"forward","icmp_code":null,"icmp_type":null,"in":"lan0","out":"wan0","protocol":6,"source":"10.20.0.1","source_port":49152,"state":"new"},"text":"tcp 10.20.0.1:49152 > 198.51.100.1:995 in lan0 out wan0"}
    except: [{"boxes":[{"family":null,"from":["scanners (10.20.9.0/28)"],"hook":"forward","in":["lan0"],"out":[],"services":["TCP 995 (pop3s)"],"size":{"ports":1,"text":"16 × every IPv4 address, 1 port","v4":{"destinations":"4294967296","sources":"16"},"v6":null},"source_ports":[],"states":[],"text":"TCP 995 (pop3s) from scanners (10.20.9.0/28) via lan0 to net","to":["net"]}],"by":{"column":9,"kind":"rule","line":11,"name":"scanners","path":"policy.yaml"},"proven":true}]
    proven: true
    "#);
    let nothing = query_with("who may raech lan", "--json");
    assert_eq!((nothing.exit, nothing.stdout.as_str()), (2, ""), "{nothing}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_other_text_has_no_answer_and_a_place(text in "[b-eg-lnp-sux-z0-9:./,é\u{1b}\u{202e}][a-z0-9:./,é\u{1b}\u{202e} ]{0,30}") {
        // No question begins with such a letter.
        let run = query(&text);
        prop_assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{}", run);
        prop_assert!(run.stderr.contains("<question>:1:"), "{}", run);
        prop_assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", run);
    }
}

#[test]
fn packets_to_named_addresses_arrive_where_zones_put_those() {
    let policy = "version: 1
name: office
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  net: { interfaces: [wan0], trust: untrusted }
networks:
  mailbox: 192.0.2.11
rules:
  - { id: out, action: allow, from: lan, to: net, services: [smtp], reason: Mail goes out. }
expect:
  - { deny: { from: any, to: mailbox, services: [smtp] } }
";
    let site = Site::new().file("policy.yaml", policy);
    assert_eq!(site.run("test policy.yaml").exit, 0);
    let ask = |question: &str| {
        let mut command = site.command("query policy.yaml");
        Run::from(command.arg(question).output().unwrap())
    };
    let none = ask("who may reach mailbox on smtp");
    assert!(none.exit == 1 && none.stdout.contains("no, nothing of it may pass"), "{none}");
    assert_eq!(ask("who may reach net on smtp").exit, 0);
}
