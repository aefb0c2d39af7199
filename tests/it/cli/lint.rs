//! `mailward lint` as its users meet it.

use crate::program::{Site, run_in_repository};

const OFFICE: &str = include_str!("../../data/project/office.yaml");

/// A policy without findings.
pub(crate) const CLEAN: &str = r"version: 1
name: clean
reviewed: 2026-11-20
owner: netops@example.net
description: Reads mail over TLS.
zones:
  uplink: { interfaces: [eth0], trust: untrusted }
rules:
  - id: mail
    action: allow
    from: host
    to: uplink
    services: [imaps]
    reason: Mail is read over TLS.
";

/// A day on which [`CLEAN`] has no findings.
const TODAY: &str = "--today 2026-11-22";

fn without_reason() -> String {
    CLEAN.replace("    reason: Mail is read over TLS.\n", "")
}

#[test]
fn a_clean_policy() {
    let site = Site::new().file("clean.yaml", CLEAN);
    insta::assert_snapshot!(site.run(&format!("lint clean.yaml {TODAY}")), @r#"
    exit 0
    --- stdout
    no findings in 1 policy
    --- stderr
    "#);
}

#[test]
fn a_finding_makes_the_answer_no() {
    let site = Site::new().file("sites/a.yaml", without_reason());
    insta::assert_snapshot!(site.run(&format!("lint sites/a.yaml {TODAY}")), @r#"
    exit 1
    --- stdout
    medium[rule-no-reason]: rule `mail` does not say why it exists
      ╭▸ sites/a.yaml:9:9
      │
    9 │   - id: mail
      │         ━━━━
      │
      ├ note: a rule without a reason is never removed, and no reviewer can say whether it still fits
      ├ note: see PCI DSS 4.0.1 1.2.5, BSI NET.3.2.A2, NIST SP 800-53r5 CM-3
      ╰ help: write in `reason` which need the rule serves, and cite the ticket in `ticket`

    1 finding: 1 medium in 1 policy
    --- stderr
    "#);
}

#[test]
fn the_threshold_decides_the_answer() {
    let site = Site::new().file("a.yaml", without_reason());
    for (threshold, exit) in
        [("info", 1), ("low", 1), ("medium", 1), ("high", 0), ("critical", 0), ("never", 0)]
    {
        let run = site.run(&format!("lint a.yaml {TODAY} --fail-on {threshold}"));
        assert_eq!(run.exit, exit, "{threshold}: {run}");
        assert!(run.stdout.contains("rule-no-reason"), "{run}");
    }
}

#[test]
fn an_invalid_policy_has_no_answer_whatever_the_threshold_and_format() {
    let site = Site::new().file("a.yaml", CLEAN.replace("imaps", "imapz"));
    insta::assert_snapshot!(site.run(&format!("lint a.yaml {TODAY}")), @r#"
    exit 2
    --- stdout
    error[undefined-service]: there is no service named `imapz`
       ╭▸ a.yaml:13:16
       │
    13 │     services: [imapz]
       ╰╴               ━━━━━ did you mean `imap`?

    1 error in 1 policy
    --- stderr
    "#);
    assert_eq!(site.run(&format!("lint a.yaml {TODAY} --fail-on never --format json")).exit, 2);
}

#[test]
fn one_broken_policy_hides_no_other() {
    let site = Site::new()
        .file("a.yaml", "version: 1\nname: [\n")
        .file("b.yaml", CLEAN.replace("imaps", "imapz"))
        .file("c.yaml", without_reason());
    let run = site.run(&format!("lint a.yaml b.yaml c.yaml {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    let places: Vec<usize> =
        ["a.yaml:", "b.yaml:13", "c.yaml:9"].iter().map(|at| run.stdout.find(at).unwrap()).collect();
    assert!(places.is_sorted(), "{run}");
}

#[test]
fn json_is_one_document_with_the_same_exit_code() {
    let site = Site::new().file("a.yaml", without_reason());
    let run = site.run(&format!("lint a.yaml {TODAY} --format json"));
    assert_eq!((run.exit, run.stderr.as_str()), (1, ""), "{run}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["policies"][0]["name"], "clean");
    assert_eq!(document["findings"][0]["code"], "rule-no-reason");
    assert_eq!(document["findings"][0]["line"], 9);
}

#[test]
fn standard_input_is_a_policy() {
    let site = Site::new();
    let run = site.run_with(&format!("lint - {TODAY}"), without_reason().as_bytes());
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("<stdin>:9:"), "{run}");
}

#[test]
fn a_file_that_is_not_there() {
    insta::assert_snapshot!(Site::new().run("lint nowhere.yaml"), @r#"
    exit 2
    --- stdout
    error[unreadable]: cannot read `nowhere.yaml`: there is no such file
     ─▸ nowhere.yaml:1:1

    1 error in 1 policy
    --- stderr
    "#);
}

#[test]
fn a_directory_is_searched_for_policies() {
    let site = Site::new()
        .file("policies/b.yaml", CLEAN)
        .file("policies/deep/a.yml", without_reason())
        .file("policies/compose.yaml", "version: \"3\"\nservices: {}\n")
        .file("policies/notes.txt", "rules:\n")
        .file("policies/.hidden/c.yaml", "rules: [\n")
        .file("policies/fragment.yaml", "version: 1\nnetworks: { relay: [192.0.2.1] }\n");
    insta::assert_snapshot!(site.run(&format!("lint policies {TODAY}")), @r#"
    exit 1
    --- stdout
    medium[rule-no-reason]: rule `mail` does not say why it exists
      ╭▸ policies/deep/a.yml:9:9
      │
    9 │   - id: mail
      │         ━━━━
      │
      ├ note: a rule without a reason is never removed, and no reviewer can say whether it still fits
      ├ note: see PCI DSS 4.0.1 1.2.5, BSI NET.3.2.A2, NIST SP 800-53r5 CM-3
      ╰ help: write in `reason` which need the rule serves, and cite the ticket in `ticket`

    1 finding: 1 medium in 2 policies
    --- stderr
    skipped, not a policy: `policies/compose.yaml`
    "#);
}

#[test]
fn a_broken_policy_in_a_directory_is_not_skipped() {
    let site = Site::new().file("p/a.yaml", CLEAN).file("p/b.yaml", "version: 1\nrules:\n  - [\n");
    let run = site.run(&format!("lint p {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.contains("p/b.yaml:"), "{run}");
}

#[test]
fn a_broken_fragment_in_a_directory_is_not_skipped() {
    let site = Site::new().file("p/a.yaml", CLEAN).file("p/b.yaml", "version: 1\nnetworks: { x: [999] }\n");
    let run = site.run(&format!("lint p {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.contains("p/b.yaml:2:"), "{run}");
}

#[test]
fn a_shared_file_is_reported_once() {
    let policy = CLEAN.replace("zones:", "include: [shared.yaml]\nzones:");
    let site = Site::new()
        .file("p/a.yaml", &policy)
        .file("p/b.yaml", policy.replace("clean", "other"))
        .file("p/shared.yaml", "version: 1\nnetworks: { x: [999] }\n");
    let run = site.run(&format!("lint p {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    assert_eq!(run.stdout.matches("p/shared.yaml:2:").count(), 1, "{run}");
}

#[test]
fn without_a_path_the_current_directory_is_searched() {
    let site = Site::new().file("a.yaml", CLEAN);
    let run = site.run(&format!("lint {TODAY}"));
    assert_eq!(run.exit, 0, "{run}");
    assert_eq!(run.stderr, "no path given: looking for policies in the current directory\n");
}

#[test]
fn nothing_to_check_is_no_answer() {
    let site = Site::new().file("empty/readme.txt", "nothing here\n");
    insta::assert_snapshot!(site.run("lint empty"), @r#"
    exit 2
    --- stdout
    --- stderr
    error: there is nothing to check: no policy in `empty`
     help: a policy is a YAML file with `version: 1` and `rules`; `mailward init` writes one to start from
    "#);
}

#[test]
fn the_day_is_a_parameter() {
    let exception =
        "    exception: { owner: a@example.net, ticket: NET-1, expires: 2027-03-31 }\n    log: true\n";
    let site = Site::new().file("a.yaml", CLEAN.replace("[imaps]\n", &format!("[pop3]\n{exception}")));
    let before = site.run("lint a.yaml --today 2026-11-22");
    let after = site.run("lint a.yaml --today 2027-04-01");
    assert!(!before.stdout.contains("exception-expired"), "{before}");
    assert!(after.stdout.contains("exception-expired"), "{after}");
}

#[test]
fn a_day_that_is_none_is_wrong_usage() {
    let run = Site::new().file("a.yaml", CLEAN).run("lint a.yaml --today 2026-02-30");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("2026-02-30"), "{run}");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let site = Site::new().file("a.yaml", CLEAN);
    let styled = |words: &str, environment: &[(&str, &str)]| {
        let mut command = site.command(words);
        let output = command.envs(environment.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!styled("lint a.yaml", &[]));
    assert!(styled("lint a.yaml --color always", &[]));
    assert!(styled("lint a.yaml", &[("CLICOLOR_FORCE", "1")]));
    assert!(!styled("lint a.yaml", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!styled("lint a.yaml --color never", &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn names_of_files_cannot_drive_the_terminal() {
    let site = Site::new().file("\u{1b}[31m.yaml", "version: 1\nrules: 3\n");
    let run = site.run("lint .");
    assert_eq!(run.exit, 2, "{run}");
    assert!(!run.to_string().contains('\u{1b}'), "{run:?}");
}

#[test]
fn many_policies_come_in_the_order_of_their_paths() {
    let site = (0..50).fold(Site::new(), |site, n| site.file(&format!("p/{n:02}.yaml"), without_reason()));
    let first = site.run(&format!("lint p {TODAY}"));
    let places: Vec<usize> =
        (0..50).map(|n| first.stdout.find(&format!("p/{n:02}.yaml:9:")).unwrap()).collect();
    assert!(places.is_sorted(), "{first}");
    assert_eq!(first, site.run(&format!("lint p {TODAY}")));
}

#[test]
fn the_shipped_policies_are_clean() {
    let run = run_in_repository(&format!("lint policies {TODAY}"));
    assert_eq!(run.exit, 0, "{run}");
}

#[test]
fn a_fix_is_shown_as_the_lines_it_changes() {
    let office = OFFICE;
    let cleartext = office.replace("[imaps, pop3s", "[imaps, pop3, pop3s");
    let site = Site::new().file("office.yaml", cleartext);
    let run = site.run("lint office.yaml --only mail-pop3-cleartext-egress --today 2026-11-01");
    insta::assert_snapshot!(run, @"
    exit 1
    --- stdout
    high[mail-pop3-cleartext-egress]: rule `mail` lets POP3 without TLS leave the site
       ╭▸ office.yaml:15:9
       │
    15 │   - id: mail
       │         ━━━━
       │
       ├ note: for example: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
       ├ note: passwords and mail can be read on the way, and STLS can be stripped from the session
       ├ note: see RFC 8314 §3.1, RFC 8314 §4.1, PCI DSS 4.0.1 2.2.5, PCI DSS 4.0.1 4.2.1, NIST SP
       │       800-53r5 SC-8(1), CIS Controls v8.1 3.10, BSI APP.5.3.A1, ISO/IEC 27001:2022 A.8.21, 45
       │       CFR 164.312(e)(1)
       ╰ help: allow `pop3s` (995) instead and reject `pop3`, or put the hosts that cannot do TLS on an
               `exception` with an expiry date
    help: safe fix: reject `pop3` before rule `mail`
       ╭╴
    15 +   - id: mail-no-pop3
    16 +     action: reject
    17 +     from: lan
    18 +     to: internet
    19 +     services: [pop3]
    20 +     log: true
    21 +     reason: Clients use the port for TLS instead of `pop3`.
       ╰╴

    1 finding: 1 high in 1 policy
    --- stderr
    ");
}

#[test]
fn a_misspelt_path_has_a_nearest_one() {
    let site = Site::new().file("policies/clean.yaml", CLEAN).file("policy.yaml", CLEAN);
    for (words, help) in [
        ("lint polcy.yaml", "did you mean `policy.yaml`?"),
        ("lint policy", "did you mean `policy.yaml`?"),
        ("check ./polices", "did you mean `policies`?"),
        ("lint polices/claen.yaml", "did you mean `policies/clean.yaml`?"),
        ("test policy.yaml --expect polciy.yaml", "did you mean `policy.yaml`?"),
    ] {
        let run = site.run(words);
        assert!(run.exit == 2 && run.to_string().contains(help), "{words}: {run}");
    }
    let run = site.run("lint elsewhere.yaml");
    assert!(run.exit == 2 && !run.to_string().contains("did you mean"), "{run}");
}

#[test]
fn a_ruleset_is_told_from_a_policy_and_how_to_read_it() {
    let nft =
        "table inet filter {\n\tchain input { type filter hook input priority 0; log prefix \"a: \" }\n}\n";
    let site = Site::new()
        .file("a.nft", nft)
        .file("a.rules", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n")
        .file("pf.conf", "set skip on lo\nblock all\npass out\n");
    insta::assert_snapshot!(site.run("lint a.nft"), @"
    exit 2
    --- stdout
    error[ruleset-as-policy]: this looks like a ruleset, and not like a policy
      ╭▸ a.nft:1:1
      │
    1 │ table inet filter {
      │ ━
      │
      ╰ help: `lint`, `query`, `trace` and `diff` read it with `--as nft`; `prove` and `verify` hold
              it against a policy

    1 error in 1 policy
    --- stderr
    ");
    for (words, option) in [
        ("lint a.rules", "`--as iptables`"),
        ("query a.nft anybody", "`--as nft`"),
        ("trace a.nft packet", "`--as nft`"),
        ("diff a.rules a.rules", "`--as iptables`"),
        ("lint pf.conf", "`--as pf-openbsd` or `--as pf-freebsd`"),
        ("render pf.conf --target pf", "`--as pf-openbsd` or `--as pf-freebsd`"),
    ] {
        let run = site.run(words);
        assert!(run.exit == 2 && run.to_string().contains("error[ruleset-as-policy]"), "{words}: {run}");
        assert!(run.to_string().contains(option), "{words}: {run}");
    }
}

#[test]
fn a_day_is_asked_for_in_its_form() {
    let site = Site::new().file("clean.yaml", CLEAN);
    let run = site.run("lint clean.yaml --today tomorrow");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("a day is written YYYY-MM-DD, such as 2026-11-26"), "{run}");
    let run = site.run("exceptions clean.yaml --today 2026-02-30");
    assert!(run.exit == 2 && run.stderr.contains("there is no such day"), "{run}");
}

#[test]
fn what_was_a_policy_in_a_directory_is_not_passed_over() {
    let site = Site::new().file("policies/a.yaml", OFFICE);
    assert_eq!(site.run("lint policies").exit, 0);
    for broken in [&b""[..], b" \n\n", b"\xff\xfev\0e\0r\0"] {
        let site = Site::new().file("policies/a.yaml", OFFICE).file("policies/b.yaml", broken);
        let run = site.run("lint policies");
        assert!(run.exit == 2 && run.stdout.contains("policies/b.yaml"), "{run}");
    }
    let site = site.file("empty/readme.txt", "nothing");
    for command in ["lint policies empty", "test policies empty", "render policies empty --target nftables"] {
        let run = site.run(command);
        assert!(run.exit == 2 && run.stderr.contains("`empty`"), "{command}: {run}");
    }
}

#[test]
fn an_exception_does_not_end_before_it_was_granted() {
    let exception = "    exception: { owner: o, ticket: t, granted: 2026-11-02, expires: 2026-11-01 }\n";
    let policy = OFFICE.replacen("    services:", &format!("{exception}    services:"), 1);
    let run = Site::new().file("a.yaml", policy).run("lint a.yaml");
    assert!(run.exit == 2 && run.stdout.contains("error[inverted-exception]"), "{run}");
}
