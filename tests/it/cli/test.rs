//! `mailward test` as its users meet it.

use std::fmt::Write as _;

use crate::program::{Site, run_in_repository};

/// A policy whose expectations hold.
const OFFICE: &str = "version: 1
name: office
zones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
rules:
  - { id: mail, action: allow, from: lan, to: internet, services: [imaps], reason: Mail is read over TLS. }
  - { id: cleartext, action: reject, from: lan, to: internet, services: [imap], log: true, reason: RFC 8314. }
expect:
  - { allow: { from: lan, to: internet, services: [imaps] }, by: mail }
  - { reject: { from: 10.20.1.1, to: 203.0.113.7, services: [imap] }, by: cleartext }
  - { deny: { from: internet, to: lan, services: any } }
";

/// The same with the rules in an order in which the first expectation fails.
fn broken() -> String {
    OFFICE.replace(
        "rules:\n",
        "rules:\n  - { id: block, action: deny, from: lan, to: 203.0.113.0/24, services: any, reason: Malware. }\n",
    )
}

/// The same without expectations.
fn untested() -> String {
    OFFICE.split("expect:").next().unwrap().to_owned()
}

#[test]
fn expectations_that_hold() {
    let site = Site::new().file("office.yaml", OFFICE);
    insta::assert_snapshot!(site.run("test office.yaml"), @"
    exit 0
    --- stdout
    3 expectations hold; every rule is exercised
    --- stderr
    ");
}

#[test]
fn an_expectation_that_fails_makes_the_answer_no() {
    let site = Site::new().file("office.yaml", broken());
    insta::assert_snapshot!(site.run("test office.yaml"), @"
    exit 1
    --- stdout
    high[expectation-failed]: expected `allow`, but rule `block` denies some of these packets
       ╭▸ office.yaml:11:5
       │
     7 │   - { id: block, action: deny, from: lan, to: 203.0.113.0/24, services: any, reason: Malware. }
       │           ───── denies some of them
     8 │   - { id: mail, action: allow, from: lan, to: internet, services: [imaps], reason: Mail is read over TLS. }
       │           ──── would allow them, but stands below
       ┆
    11 │   - { allow: { from: lan, to: internet, services: [imaps] }, by: mail }
       │     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
       │
       ├ note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 203.0.113.1:993
       ╰ help: move rule `mail` above rule `block`, or narrow rule `block`

    high[expectation-failed]: expected `reject`, but rule `block` denies some of these packets
       ╭▸ office.yaml:12:5
       │
     7 │   - { id: block, action: deny, from: lan, to: 203.0.113.0/24, services: any, reason: Malware. }
       │           ───── denies some of them
     8 │   - { id: mail, action: allow, from: lan, to: internet, services: [imaps], reason: Mail is read over TLS. }
     9 │   - { id: cleartext, action: reject, from: lan, to: internet, services: [imap], log: true, reason: RFC 8314. }
       │           ───────── would reject them, but stands below
       ┆
    12 │   - { reject: { from: 10.20.1.1, to: 203.0.113.7, services: [imap] }, by: cleartext }
       │     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
       │
       ├ note: rule `block` denies: forward, lan0 → wan0: TCP 10.20.1.1:49152 → 203.0.113.7:143
       ╰ help: move rule `cleartext` above rule `block`, or narrow rule `block`

    1 of 3 expectations hold, 2 failed; 2 of 3 rules are exercised; not exercised: `cleartext`
    --- stderr
    ");
}

/// A part of the JSON document about the policy in which an expectation fails, its keys sorted.
fn json(key: &str) -> String {
    let site = Site::new().file("office.yaml", broken());
    let run = site.run("test office.yaml --format json");
    assert_eq!((run.exit, run.stderr.as_str()), (1, ""), "{run}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["errors"], serde_json::json!([]));
    serde_json::to_string_pretty(document.pointer(key).unwrap()).unwrap()
}

#[test]
fn an_expectation_that_fails_in_json() {
    insta::assert_snapshot!(json("/expectations/0"), @r#"
    {
      "by": "mail",
      "column": 5,
      "deciders": [
        {
          "column": 11,
          "decider": "rule `block`",
          "end_column": 16,
          "end_line": 7,
          "line": 7,
          "packet": "forward, lan0 → wan0: TCP 10.20.0.1:49152 → 203.0.113.1:993",
          "path": "office.yaml",
          "rule": "block",
          "verdict": "deny"
        }
      ],
      "end_column": 72,
      "end_line": 11,
      "expected": "allow",
      "help": "move rule `mail` above rule `block`, or narrow rule `block`",
      "line": 11,
      "more_deciders": 0,
      "path": "office.yaml",
      "policy": "office.yaml",
      "result": "failed",
      "set_aside": []
    }
    "#);
}

#[test]
fn an_expectation_that_holds_in_json() {
    insta::assert_snapshot!(json("/expectations/2"), @r#"
    {
      "by": null,
      "column": 5,
      "deciders": [],
      "end_column": 57,
      "end_line": 13,
      "expected": "deny",
      "help": null,
      "line": 13,
      "more_deciders": 0,
      "path": "office.yaml",
      "policy": "office.yaml",
      "result": "holds",
      "set_aside": [
        "icmp-errors"
      ]
    }
    "#);
}

#[test]
fn coverage_and_figures_in_json() {
    insta::assert_snapshot!(json("/policies/0"), @r#"
    {
      "exercised": 2,
      "name": "office",
      "not_exercised": [
        {
          "column": 11,
          "end_column": 20,
          "end_line": 9,
          "line": 9,
          "path": "office.yaml",
          "rule": "cleartext"
        }
      ],
      "path": "office.yaml",
      "rules": 3
    }
    "#);
    insta::assert_snapshot!(json("/summary"), @r#"
    {
      "errors": 0,
      "exercised": 2,
      "expectations": 3,
      "failed": 2,
      "hold": 1,
      "rules": 3,
      "undecided": 0
    }
    "#);
}

#[test]
fn lint_leaves_expectations_alone() {
    let site = Site::new().file("office.yaml", broken());
    let lint = site.run("lint office.yaml --today 2026-11-22 --format json");
    assert!(!lint.stdout.contains("expectation"), "{lint}");
}

#[test]
fn an_invalid_policy_has_no_answer() {
    let site = Site::new().file("a.yaml", broken()).file("b.yaml", OFFICE.replace("by: mail", "by: mial"));
    let run = site.run("test a.yaml b.yaml");
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.contains("undefined-rule") && run.stdout.contains("expectation-failed"), "{run}");
    insta::assert_snapshot!(run.stdout.lines().last().unwrap(), @"1 error; 1 of 3 expectations hold, 2 failed; 2 of 3 rules are exercised; `--coverage` shows the others (2 policies)");
}

#[test]
fn nothing_to_test_is_no_answer() {
    let site = Site::new().file("p/a.yaml", untested()).file("p/b.yaml", untested());
    insta::assert_snapshot!(site.run("test p"), @"
    exit 2
    --- stdout
    --- stderr
    error: there is nothing to test: no expectation in `p/a.yaml`, `p/b.yaml`
     help: write what must hold under `expect`, or name a file with expectations: `--expect FILE`
    ");
    let site = site.file("p/c.yaml", OFFICE);
    insta::assert_snapshot!(site.run("test p"), @"
    exit 0
    --- stdout
    3 expectations hold; 2 of 6 rules are exercised; `--coverage` shows the others (3 policies)
    --- stderr
    no expectations in `p/a.yaml`, `p/b.yaml`
    ");
}

#[test]
fn coverage_is_listed_and_can_be_required() {
    let one = "expect:\n  - { allow: { from: lan, to: internet, services: [imaps] } }\n";
    let site = Site::new().file("office.yaml", untested() + one);
    insta::assert_snapshot!(site.run("test office.yaml --coverage"), @"
    exit 0
    --- stdout
    info[rule-not-exercised]: no expectation exercises rule `cleartext`
      ╭▸ office.yaml:8:11
      │
    8 │   - { id: cleartext, action: reject, from: lan, to: internet, services: [imap], log: true, reason: RFC 8314. }
      │           ━━━━━━━━━
      │
      ╰ help: expect what the rule decides, and name it in `by`

    1 expectation holds; 1 of 2 rules are exercised; not exercised: `cleartext`
    --- stderr
    ");
    let required = site.run("test office.yaml --fail-uncovered");
    assert_eq!(required.exit, 1, "{required}");
    assert!(required.stdout.contains("rule-not-exercised"), "{required}");
    assert_eq!(site.run("test office.yaml --fail-uncovered --format json").exit, 1);
}

#[test]
fn expectations_in_files_of_their_own() {
    let more = "version: 1
networks: { guests: [10.20.9.0/24] }
expect:
  - { allow: { from: guests, to: internet, services: [imaps] }, by: mail }
  - { deny: { from: guests, to: internet, services: [imaps] } }
";
    let site = Site::new().file("office.yaml", OFFICE).file("tests/more.yaml", more);
    insta::assert_snapshot!(site.run("test office.yaml --expect tests/more.yaml"), @"
    exit 1
    --- stdout
    high[expectation-failed]: expected `deny` in policy `office`, but rule `mail` allows some of these packets
      ╭▸ tests/more.yaml:5:5
      │
    5 │   - { deny: { from: guests, to: internet, services: [imaps] } }
      │     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
      │
      ⸬  office.yaml:7:11
      │
    7 │   - { id: mail, action: allow, from: lan, to: internet, services: [imaps], reason: Mail is read over TLS. }
      │           ──── allows some of them
      │
      ├ note: rule `mail` allows: forward, lan0 → wan0: TCP 10.20.9.1:49152 → 198.51.100.1:993
      ╰ help: narrow rule `mail`, since the default denies what it leaves, or deny them in a rule
              above it

    4 of 5 expectations hold, 1 failed; every rule is exercised
    --- stderr
    ");
    let other = untested().replace("name: office", "name: branch");
    let site = site.file("branch.yaml", other).file("tests/last.yaml", more.replace("guests", "visitors"));
    let run = site.run("test office.yaml branch.yaml --expect tests/more.yaml --expect tests/last.yaml");
    assert_eq!(run.stdout.matches("expected `deny` in policy `office`, but").count(), 2, "{run}");
    assert_eq!(run.stdout.matches("expected `deny` in policy `branch`, but").count(), 2, "{run}");
    assert!(run.stdout.contains("7 of 11 expectations hold, 4 failed"), "{run}");
}

#[test]
fn a_file_of_expectations_that_does_not_fit() {
    let site = Site::new()
        .file("office.yaml", OFFICE)
        .file(
            "names.yaml",
            "version: 1\nexpect: [{ deny: { from: guest, to: lan, services: any }, by: mial }]\n",
        )
        .file("rules.yaml", OFFICE);
    insta::assert_snapshot!(site.run("test office.yaml --expect names.yaml"), @"
    exit 2
    --- stdout
    error[undefined-name]: there is no zone or network named `guest`
      ╭▸ names.yaml:2:26
      │
    2 │ expect: [{ deny: { from: guest, to: lan, services: any }, by: mial }]
      ╰╴                         ━━━━━ not declared here, not included, not built in

    error[undefined-rule]: there is no rule named `mial`
      ╭▸ names.yaml:2:63
      │
    2 │ expect: [{ deny: { from: guest, to: lan, services: any }, by: mial }]
      ╰╴                                                              ━━━━ did you mean `mail`?

    2 errors
    --- stderr
    ");
    let policy = site.run("test office.yaml --expect rules.yaml");
    assert!(policy.stdout.contains("`rules` has no place in a file of expectations"), "{policy}");
    let nowhere = site.run("test office.yaml --expect nowhere.yaml");
    insta::assert_snapshot!(nowhere, @"
    exit 2
    --- stdout
    --- stderr
    error: cannot read `nowhere.yaml`: there is no such file
    ");
}

#[test]
fn standard_input_is_a_policy_or_a_file_of_expectations() {
    let site = Site::new().file("office.yaml", untested());
    assert_eq!(site.run_with("test -", OFFICE.as_bytes()).exit, 0);
    let more = "version: 1\nexpect: [{ deny: { from: internet, to: lan, services: [smtp] } }]\n";
    let run = site.run_with("test office.yaml --expect -", more.as_bytes());
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stdout.starts_with("1 expectation holds; 0 of 2 rules are exercised"), "{run}");
}

#[test]
fn fragments_with_expectations_are_included_and_not_tested_by_themselves() {
    let shared = "version: 1\nexpect: [{ deny: { from: internet, to: lan, services: [smtp] } }]\n";
    let site = Site::new()
        .file("p/office.yaml", untested().replace("zones:", "include: [shared.yaml]\nzones:"))
        .file("p/shared.yaml", shared);
    let run = site.run("test p");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    assert!(run.stdout.starts_with("1 expectation holds"), "{run}");
    let lint = site.run("lint p --today 2026-11-22 --fail-on never");
    assert_eq!(lint.exit, 0, "{lint}");
    let named = site.run("test p/shared.yaml");
    assert_eq!(named.exit, 2, "{named}");
    assert!(named.stdout.contains("not-a-policy"), "{named}");
}

/// A policy about as many zones as given, each with a network of its own, and an expectation about all of them.
fn many_zones(count: u32) -> String {
    let mut text = "version: 1\nname: many\nzones:\n".to_owned();
    for zone in 0..count {
        let _ = writeln!(
            text,
            "  z{zone}: {{ interfaces: [i{zone}], networks: [10.{}.{}.0/24] }}",
            zone >> 8,
            zone & 255
        );
    }
    let rule = "rules: [{ id: r, action: deny, from: z0, to: z1, services: [ssh], reason: Test. }]\n";
    let expect = "expect:\n  - { deny: { from: 10.0.0.0/8, to: 10.0.0.0/8, services: [smtp] } }\n";
    text + rule + expect
}

#[test]
fn what_could_not_be_decided_is_no_answer() {
    let site = Site::new().file("few.yaml", many_zones(40)).file("many.yaml", many_zones(300));
    assert_eq!(site.run("test few.yaml").exit, 0);
    insta::assert_snapshot!(site.run("test many.yaml"), @"
    exit 2
    --- stdout
    medium[expectation-undecided]: not proven: `deny`, since it is about too much at once
        ╭▸ many.yaml:306:5
        │
    306 │   - { deny: { from: 10.0.0.0/8, to: 10.0.0.0/8, services: [smtp] } }
        │     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        │
        ╰ help: expect the same of smaller sets of packets, one by one

    0 of 1 expectations hold, 1 undecided; 0 of 1 rules are exercised; not exercised: `r`
    --- stderr
    ");
    let failing = "  - { allow: { from: z0, to: z1, services: [smtp] } }\n";
    let site = site.file("both.yaml", many_zones(300) + failing);
    assert_eq!(site.run("test both.yaml").exit, 1);
}

#[cfg(unix)]
#[test]
fn names_of_files_cannot_drive_the_terminal() {
    let site = Site::new().file("a.yaml", OFFICE).file("\u{1b}[31mb.yaml", untested());
    let run = site.run("test .");
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stderr.contains("no expectations in") && !run.stderr.contains('\u{1b}'), "{run:?}");
}

#[test]
fn the_shipped_policies_do_what_they_say() {
    insta::assert_snapshot!(run_in_repository("test policies --fail-uncovered"), @"
    exit 0
    --- stdout
    122 expectations hold; every rule is exercised (6 policies)
    --- stderr
    ");
}
