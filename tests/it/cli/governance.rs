//! Profiles, exceptions, baselines and fixes as users of `mailward lint` and `mailward exceptions` meet them.

use crate::program::Site;

/// An office with rules that lint has something to say about: the rest of the file are rules.
const OFFICE: &str = "version: 1
name: office
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  dmz:      { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
";

/// A rule that lets POP3 out, a comment above it.
fn scanner(comment: &str) -> String {
    format!(
        "{OFFICE}rules:
  # the old scanners
  {comment}
  - id: scanner-pop3
    action: allow
    from: 10.20.9.0/28
    to: 198.51.100.25
    services: [pop3]
    log: {{ rate: 10/minute }}
    reason: The scanners cannot do TLS.
"
    )
}

/// Rules of which two can go without a change.
const REPEATING: &str = "rules:
  - id: web # everybody
    action: allow
    from: lan
    to: internet
    services: [https]
    reason: Everybody reads the web.

  # this one goes
  - id: web-too
    action: allow
    from: 10.20.1.0/24
    to: internet
    services: [https]
    reason: Everybody reads the web twice.
  - { id: imap, action: allow, from: lan, to: internet, services: [imap], reason: Old clients. }
";

const TODAY: &str = "--today 2026-11-26";

#[test]
fn a_comment_excepts_from_a_check_until_its_day() {
    let comment =
        "# mailward: allow(mail-pop3-cleartext-egress) until 2026-11-26 by j.ortega: no TLS, NET-412";
    let site = Site::new().file("p.yaml", scanner(comment));
    let run = site.run(&format!("lint p.yaml {TODAY}"));
    assert_eq!(run.exit, 0, "{run}");
    assert_eq!(
        run.stdout,
        "no findings in 1 policy; not shown: 1 excepted (the next exception ends on 2026-11-26)\n"
    );
    let run = site.run("lint p.yaml --today 2026-11-27");
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("high[exception-expired]") && run.stdout.contains("high[mail-pop3"), "{run}");
}

#[test]
fn a_comment_that_cannot_be_read_excepts_from_nothing() {
    let comment = "# mailward: allow(mail-pop3-cleartext-egress) until 2026-02-30 by j.ortega: no TLS";
    let run = Site::new().file("p.yaml", scanner(comment)).run(&format!("lint p.yaml {TODAY}"));
    assert!(
        run.stdout.contains("`2026-02-30` is not a date, and an exception without one has ended"),
        "{run}"
    );
    assert!(run.stdout.contains("high[mail-pop3-cleartext-egress]"), "{run}");
}

#[test]
fn nobody_is_excepted_from_checks_of_exceptions_and_from_locked_ones() {
    let comment =
        "# mailward: allow(mail-pop3-cleartext-egress, exception-unused) until 2027-01-01 by me: because";
    let profile = "version: 1\nprofile: acme\nlocked: [mail-pop3-cleartext-egress]\n";
    let site = Site::new().file("p.yaml", scanner(comment)).file("acme.yaml", profile);
    let run = site.run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert!(run.stdout.contains("high[mail-pop3-cleartext-egress]"), "{run}");
    assert!(run.stdout.contains("low[exception-unused]"), "{run}");
    let off = format!("{profile}checks: {{ mail-pop3-cleartext-egress: off }}\n");
    let run = site.file("acme.yaml", off).run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.contains("locked and cannot be switched off"), "{run}");
}

#[test]
fn an_exception_covers_the_packets_that_it_names_wherever_a_rule_stands() {
    let exception = |from: &str| {
        format!(
            "{OFFICE}exceptions:
  - checks: [mail-pop3-cleartext-egress]
    from: {from}
    to: 198.51.100.25
    services: [pop3]
    owner: j.ortega
    expires: 2027-03-31
    reason: The scanners cannot do TLS.
rules:
  - {{ id: old, action: allow, from: 10.20.9.0/28, to: 198.51.100.25, services: [pop3], log: true, reason: Old. }}
"
        )
    };
    let lint = |from: &str| Site::new().file("p.yaml", exception(from)).run(&format!("lint p.yaml {TODAY}"));
    let run = lint("10.20.9.0/28");
    assert!(run.exit == 0 && run.stdout.contains("not shown: 1 excepted"), "{run}");
    let run = lint("10.20.9.0/29");
    assert!(run.stdout.contains("TCP 10.20.9.9:49152"), "the rest of the rule is not covered: {run}");
    assert!(!run.stdout.contains("exception-unused"), "it covers the other half: {run}");
    let run = lint("10.20.8.0/28");
    assert!(run.stdout.contains("high[mail-pop3") && run.stdout.contains("low[exception-unused]"), "{run}");
}

#[test]
fn exceptions_are_listed_with_the_days_they_have_left() {
    let comment =
        "# mailward: allow(mail-pop3-cleartext-egress) until 2027-03-31 by j.ortega: no TLS, NET-412";
    let site = Site::new().file("p.yaml", scanner(comment));
    insta::assert_snapshot!(site.run(&format!("exceptions p.yaml {TODAY}")), @r"
    exit 0
    --- stdout
    p.yaml:9:3: rule `scanner-pop3`: mail-pop3-cleartext-egress
      ends 2027-03-31, in 125 days; by j.ortega; no TLS, NET-412
    1 exception: 1 in force
    --- stderr
    ");
    assert_eq!(site.run(&format!("exceptions p.yaml --within 124 {TODAY}")).exit, 0);
    assert_eq!(site.run(&format!("exceptions p.yaml --within 125 {TODAY}")).exit, 1);
    let ended = site.run("exceptions p.yaml --today 2027-04-01");
    assert!(ended.exit == 1 && ended.stdout.contains("ended 2027-03-31"), "{ended}");
    let json = site.run(&format!("exceptions p.yaml --json {TODAY}")).stdout;
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["exceptions"][0]["days_left"], 125);
    assert_eq!(document["exceptions"][0]["state"], "in force");
    assert_eq!(Site::new().file("p.yaml", "version: 2\n").run("exceptions p.yaml").exit, 2);
}

#[test]
fn a_baseline_hides_what_was_there_and_its_number_falls() {
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}"));
    let written = site.run(&format!("lint --write-baseline b.yaml p.yaml {TODAY}"));
    assert!(written.exit == 0 && written.stdout.is_empty(), "{written}");
    insta::assert_snapshot!(site.read("b.yaml"), @r"
    # Findings that were there when this file was written: `mailward lint --baseline` tells only others.
    # Their number can only fall: what is settled is a finding until `--fix` takes it out of here.
    version: 1
    findings:
      - { policy: office, check: mail-imap-cleartext-egress, finding: 'rule `imap` lets IMAP without TLS leave the site' }
      - { policy: office, check: rule-redundant, finding: 'rule `web-too` never decides a packet: earlier rules do the same to all of them' }
    ");
    let again = site.run(&format!("lint --write-baseline b.yaml p.yaml {TODAY}"));
    assert_eq!(again.exit, 2, "a new baseline could only let the number rise: {again}");
    let known = site.run(&format!("lint --baseline b.yaml p.yaml {TODAY}"));
    assert_eq!(
        (known.exit, known.stdout.as_str()),
        (0, "no findings in 1 policy; not shown: 2 in the baseline\n")
    );
    let moved = site.file("p.yaml", format!("# a line more\n\n{OFFICE}{REPEATING}"));
    assert_eq!(moved.run(&format!("lint --baseline b.yaml p.yaml {TODAY}")).exit, 0, "lines do not matter");
    let worse = format!(
        "{OFFICE}{REPEATING}  - {{ id: pop, action: allow, from: lan, to: internet, services: pop3, reason: New. }}\n"
    );
    let worse = moved.file("p.yaml", worse).run(&format!("lint --baseline b.yaml p.yaml {TODAY}"));
    assert!(worse.exit == 1 && worse.stdout.contains("high[mail-pop3"), "{worse}");
    assert!(!worse.stdout.contains("mail-imap"), "{worse}");
}

#[test]
fn what_is_settled_leaves_the_baseline() {
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}"));
    site.run(&format!("lint --write-baseline b.yaml p.yaml {TODAY}"));
    let better = REPEATING.replace("services: [imap]", "services: [imaps]");
    let site = site.file("p.yaml", format!("{OFFICE}{better}"));
    let run = site.run(&format!("lint --baseline b.yaml p.yaml {TODAY}"));
    assert!(run.exit == 1 && run.stdout.contains("low[baseline-stale]"), "{run}");
    assert!(run.stdout.contains("in 1 policy"), "a baseline is no policy: {run}");
    let run = site.run(&format!("lint --baseline b.yaml --fix p.yaml {TODAY}"));
    assert_eq!(run.exit, 0, "{run}");
    assert!(site.read("b.yaml").ends_with("findings:\n"), "{}", site.read("b.yaml"));
    assert_eq!(site.run(&format!("lint --baseline b.yaml p.yaml {TODAY}")).exit, 0, "an empty one is fine");
    let broken = site.file("b.yaml", "version: 1\nfindings:\n  - { check: x }\n");
    let run = broken.run(&format!("lint --baseline b.yaml p.yaml {TODAY}"));
    assert!(run.exit == 2 && run.stderr.contains("without `policy`"), "{run}");
}

#[test]
fn fixes_keep_comments_and_layout() {
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}"));
    let preview = site.run(&format!("lint --diff p.yaml {TODAY}"));
    assert_eq!(preview.exit, 1, "{preview}");
    insta::assert_snapshot!(preview, @r"
    exit 1
    --- stdout
    --- p.yaml
    +++ p.yaml
    @@ -13,10 +13,4 @@
         reason: Everybody reads the web.
     
       # this one goes
    -  - id: web-too
    -    action: allow
    -    from: 10.20.1.0/24
    -    to: internet
    -    services: [https]
    -    reason: Everybody reads the web twice.
    -  - { id: imap, action: allow, from: lan, to: internet, services: [imap], reason: Old clients. }
    +  - { id: imap, action: reject, from: lan, to: internet, services: [imap], reason: Old clients., log: true }
    --- stderr
    would settle 2 findings in p.yaml
    ");
    assert_eq!(site.read("p.yaml"), format!("{OFFICE}{REPEATING}"), "a preview writes nothing");
    let run = site.run(&format!("lint --fix p.yaml {TODAY}"));
    assert_eq!(run.exit, 0, "{run}");
    assert!(site.read("p.yaml").contains("id: web # everybody") && !site.read("p.yaml").contains("web-too"));
    assert_eq!(site.run_with("lint --fix -", b"version: 1\n").exit, 2, "standard input is no file");
}

#[test]
fn a_byte_order_mark_stays_where_files_are_fixed() {
    let site = Site::new().file("p.yaml", format!("\u{feff}{OFFICE}{REPEATING}"));
    let written = site.run(&format!("lint --write-baseline b.yaml p.yaml {TODAY}"));
    assert_eq!(written.exit, 0, "{written}");
    let baseline = format!("\u{feff}{}", site.read("b.yaml"));
    let site = site.file("b.yaml", baseline);
    let run = site.run(&format!("lint --fix --baseline b.yaml p.yaml {TODAY}"));
    assert_eq!(run.exit, 0, "{run}");
    for file in ["p.yaml", "b.yaml"] {
        let text = site.read(file);
        assert!(text.starts_with('\u{feff}') && !text.contains("web-too"), "{file}: {text}");
        assert_eq!(text.matches('\u{feff}').count(), 1, "{file}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_fixed_once_whatever_its_names_are() {
    let site = Site::new().file("a.yaml", format!("{OFFICE}{REPEATING}")).file("x/y", "");
    std::os::unix::fs::symlink("a.yaml", site.path("link.yaml")).unwrap();
    let run = site.run(&format!("lint --fix link.yaml x/../a.yaml a.yaml {TODAY}"));
    assert_eq!((run.exit, run.stderr.as_str()), (0, "settled 2 findings in x/../a.yaml\n"), "{run}");
    let alone = site.file("a.yaml", format!("{OFFICE}{REPEATING}"));
    let run = alone.run(&format!("lint --fix link.yaml {TODAY}"));
    assert!(run.exit == 2 && run.stderr.contains("it is a symbolic link"), "{run}");
    std::fs::hard_link(alone.path("a.yaml"), alone.path("hard.yaml")).unwrap();
    let run = alone.run(&format!("lint --fix hard.yaml a.yaml {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stderr.contains("`hard.yaml` and `a.yaml` are one file"), "{run}");
    assert_eq!(alone.read("a.yaml"), format!("{OFFICE}{REPEATING}"));
}

#[test]
fn nothing_is_fixed_if_the_findings_cannot_be_told() {
    let old = format!("{OFFICE}{REPEATING}");
    let site = Site::new().file("p.yaml", &old).file("q.yaml", &old).file("b.yaml", "version: 2\n");
    let site = site.file(".git/HEAD", "");
    for asked in [
        "--output json=p.yaml",
        "--output json=none/a.json",
        "--output json=.git/a.json",
        "--baseline b.yaml",
        "--baseline none.yaml",
        "gone.yaml --output json=q.yaml",
    ] {
        let run = site.run(&format!("lint --fix p.yaml q.yaml {asked} {TODAY}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{asked}: {run}");
        assert!(site.read("p.yaml") == old && site.read("q.yaml") == old, "{asked}: {run}");
    }
    assert_eq!(site.names("."), [".git", "b.yaml", "p.yaml", "q.yaml"]);
}

#[test]
fn a_baseline_needs_a_file() {
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}"));
    insta::assert_snapshot!(site.run(&format!("lint p.yaml --write-baseline - {TODAY}")), @"
    exit 2
    --- stdout
    --- stderr
    error: a baseline is a file that is kept, and the standard output is none
     help: name a file
    ");
    let run = site.run(&format!("lint p.yaml --write-baseline mailward.yaml {TODAY}"));
    assert!(run.exit == 2 && run.stderr.contains("the settings of a project"), "{run}");
    assert_eq!(site.names("."), ["p.yaml"]);
}

#[test]
fn a_profile_sets_severities_and_parameters_and_switches_checks() {
    let profile = "version: 1
profile: acme
extends: [mail]
checks:
  rule-redundant: high
  mail-imap-cleartext-egress: off
";
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}")).file("acme.yaml", profile);
    let run = site.run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert!(run.stdout.contains("high[rule-redundant]") && !run.stdout.contains("mail-imap"), "{run}");
    let site = site.file("acme.yaml", "version: 1\nprofile: acme\nchecks:\n  rule-redundent: high\n  rule-redundant: { dais: 3 }\n  rule-shadowed: loud\n");
    let run = site.run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.contains("`loud` sets nothing"), "{run}");
    let site = site.file(
        "acme.yaml",
        "version: 1\nprofile: acme\nchecks:\n  rule-redundent: high\n  rule-redundant: { dais: 3 }\n",
    );
    let run = site.run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert!(run.stdout.contains("did you mean `rule-redundant`?"), "{run}");
    assert!(run.stdout.contains("`rule-redundant` has no parameter `dais`"), "{run}");
    let run = site.run(&format!("lint p.yaml --profile mial {TODAY}"));
    assert!(run.exit == 2 && run.stderr.contains("did you mean `mail`?"), "{run}");
    let run = site.run(&format!("lint p.yaml --profile none.yaml {TODAY}"));
    assert!(run.exit == 2 && run.stderr.contains("cannot read `none.yaml`"), "{run}");
}

/// Three checks of an organisation: one on packets, one on services, one on rules.
const OWN: &str = "version: 1
profile: acme
own:
  - id: lan-stays-out-of-the-dmz
    severity: high
    summary: the LAN speaks to the DMZ on web ports
    never: { from: lan, to: dmz, services: [{ tcp: [80, 443] }] }
    reason: The DMZ answers the Internet only.
    help: Go through the proxy.
    source: ACME-SEC 4.2
  - id: imap-only-to-the-archive
    summary: IMAP goes elsewhere than to the archive
    only: { from: any, to: 198.51.100.7, services: [imap] }
  - id: tickets
    severity: low
    summary: a rule has no ticket of ours
    every-rule: { ticket: \"NET-[0-9]+\" }
  - id: guests
    summary: guests speak to the LAN
    where-declared: true
    never: { from: guests, to: lan, services: any }
";

#[test]
fn checks_of_ones_own_are_as_exact_as_the_built_in_ones() {
    let rules = "rules:
  - { id: wide, action: allow, from: lan, to: 192.0.2.0/28, services: [{ tcp: 400-500 }], ticket: NET-1, reason: Wide. }
  - { id: imap, action: allow, from: lan, to: [198.51.100.7, 198.51.100.8], services: [imap], ticket: N-2, reason: Old. }
";
    let site = Site::new().file("p.yaml", format!("{OFFICE}{rules}")).file("acme.yaml", OWN);
    let run = site.run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(
        run.stdout.contains("high[lan-stays-out-of-the-dmz]: rule `wide` breaks a rule of yours"),
        "{run}"
    );
    assert!(run.stdout.contains("192.0.2.1:443") && run.stdout.contains("see ACME-SEC 4.2"), "{run}");
    assert!(run.stdout.contains("medium[imap-only-to-the-archive]"), "{run}");
    assert!(run.stdout.contains("198.51.100.8:143"), "the archive itself is fine: {run}");
    assert!(run.stdout.contains("the ticket of rule `imap` does not look like `NET-[0-9]+`: `N-2`"), "{run}");
    let strict = OWN.replace("    where-declared: true\n", "");
    let run = site.file("acme.yaml", strict).run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert!(run.exit == 2 && run.stdout.contains("there is no zone or network named `guests`"), "{run}");
}

#[test]
fn a_pattern_that_is_none_is_an_error_at_its_place() {
    let profile = "version: 1\nprofile: acme\nown:\n  - { id: t, summary: tickets, every-rule: { ticket: \"NET-(\" } }\n";
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}")).file("acme.yaml", profile);
    let run = site.run(&format!("lint p.yaml --profile acme.yaml {TODAY}"));
    assert!(
        run.exit == 2 && run.stdout.contains("not-a-pattern") && run.stdout.contains("acme.yaml:4:"),
        "{run}"
    );
}

#[test]
fn one_check_can_be_run_alone() {
    let site = Site::new().file("p.yaml", format!("{OFFICE}{REPEATING}")).file("acme.yaml", OWN);
    let run = site.run(&format!("lint p.yaml --only rule-redundant --profile acme.yaml {TODAY}"));
    assert!(run.stdout.contains("low[rule-redundant]") && run.stdout.contains("1 finding: 1 low"), "{run}");
    let run = site.run(&format!("lint p.yaml --only rule-redundent {TODAY}"));
    assert!(run.exit == 2 && run.stderr.contains("did you mean `rule-redundant`?"), "{run}");
}

#[test]
fn rulesets_know_no_profiles_in_files() {
    let site =
        Site::new().file("acme.yaml", "version: 1\nprofile: acme\n").file("r.nft", "table inet t { }\n");
    let run = site.run("lint --as nft r.nft --profile acme.yaml");
    assert!(run.exit == 2 && run.stderr.contains("profiles in files are for policies"), "{run}");
}

/// A policy that refuses messages the network depends on, and an exception for some of them.
fn deaf(check: &str, packets: &str) -> String {
    format!(
        "version: 1
name: deaf
reviewed: 2026-11-20
owner: it@example.net
description: Reads mail over TLS.
zones:
  lan:      {{ interfaces: [lan0], networks: [10.20.0.0/16, \"2001:db8:20::/48\"], trust: internal }}
  internet: {{ interfaces: [wan0], trust: untrusted }}
baseline: {{ icmp-errors: false, echo: false, neighbour-discovery: false, established: false }}
exceptions:
  - {{ checks: [{check}], {packets}, owner: j.ortega, expires: 2027-03-31, reason: All links are alike. }}
rules:
  - {{ id: mail, action: allow, from: lan, to: internet, services: [imaps], reason: Mail is read over TLS. }}
"
    )
}

#[test]
fn an_exception_covers_packets_that_are_refused() {
    let everybody = "from: any, to: any, services:";
    let lint = |check: &str, packets: &str| {
        let run = Site::new()
            .file("p.yaml", deaf(check, packets))
            .run(&format!("lint p.yaml {TODAY} --only {check}"));
        let unused = Site::new().file("p.yaml", deaf(check, packets)).run(&format!("lint p.yaml {TODAY}"));
        let is_told = run.stdout.contains(&format!("[{check}]"));
        (is_told, unused.stdout.contains("low[exception-unused]"), run)
    };
    for (check, services) in [
        ("icmp-fragneeded-blocked", "{ icmp: [any], icmpv6: [packet-too-big] }"),
        ("icmp6-must-not-drop", "{ icmpv6: [any] }"),
        ("icmp6-ndp-blocked", "{ icmpv6: [any] }"),
    ] {
        let (is_told, is_unused, run) = lint(check, &format!("{everybody} {services}"));
        assert!(!is_told && !is_unused && run.stdout.contains("excepted"), "{check}: {run}");
        let (is_told, is_unused, run) = lint(check, &format!("{everybody} [ssh]"));
        assert!(is_told && is_unused, "{check}: {run}");
    }
    for part in ["{ icmp: [any] }", "{ icmpv6: [packet-too-big] }"] {
        let (is_told, is_unused, run) = lint("icmp-fragneeded-blocked", &format!("{everybody} {part}"));
        assert!(is_told && !is_unused, "the other family is not covered: {run}");
    }
    let half = "from: internet, to: 10.20.0.0/17, services: { icmp: [any], icmpv6: [any] }";
    let (is_told, is_unused, run) = lint("icmp-fragneeded-blocked", half);
    assert!(is_told && !is_unused, "the other half is not covered: {run}");
}

#[test]
fn a_rule_that_refuses_grants_nothing() {
    let exception = "exception: { owner: j.ortega, ticket: T-1, granted: 2026-11-01, expires: 2027-01-01 }";
    let policy = deaf("exception-unused", "from: lan, to: internet, services: [ssh]");
    let rule = format!(
        "  - {{ id: no, action: reject, from: lan, to: internet, services: [imap, pop3], reason: No., {exception} }}\n"
    );
    let run =
        Site::new().file("p.yaml", policy + &rule).run(&format!("lint p.yaml {TODAY} --format concise"));
    for wrong in ["mail-legacy-exception-too-wide", "exception-not-logged"] {
        assert!(!run.stdout.contains(wrong), "{run}");
    }
    assert!(run.stdout.contains("the exception of rule `no` is not needed"), "{run}");
}
