//! `mailward review` as its users meet it.

use crate::program::{Run, Site};
use crate::repository::Repository;

const OFFICE: &str = include_str!("../../data/project/office.yaml");
const SETTINGS: &str = "version: 1\npolicies: [policies]\ntargets: [nftables]\nout: rules\n";

fn office() -> Repository {
    Repository::new(Site::new().file("mailward.yaml", SETTINGS).file("policies/office.yaml", OFFICE))
}

fn wider() -> String {
    OFFICE.replace("services: [imaps, pop3s, submissions]", "services: [imaps, pop3, pop3s, submissions]")
}

fn review(repository: &Repository) -> Run {
    repository.run("review --base main --today 2026-11-01")
}

#[test]
fn a_change_in_traffic_findings_and_rulesets() {
    let repository = office().file("policies/office.yaml", wider());
    let first = review(&repository);
    insta::assert_snapshot!(first, @r#"
    exit 0
    --- stdout
    <!-- mailward review -->
    **1 traffic change: 1 newly allowed in 1 policy; 3 findings introduced; 1 of 1 ruleset changes**

    ### Newly allowed

    - **`TCP 110 (pop3) from lan (10.20.0.0/16, 2001:db8:20::/48) to internet`**
      - 65,536 × every IPv4 address, 2^80 × every IPv6 address, 1 port
      - rule `mail` allows them now: `policies/office.yaml:15`
      - rule `no-cleartext` rejected and logged them: `main:policies/office.yaml:22`
      - for example `forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110`

    ### Findings introduced

    - **high** `mail-pop3-cleartext-egress`: rule `mail` lets POP3 without TLS leave the site in `policies/office.yaml:15`
      - for example: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
      - passwords and mail can be read on the way, and STLS can be stripped from the session
      - see RFC 8314 §3.1, RFC 8314 §4.1, PCI DSS 4.0.1 2.2.5, PCI DSS 4.0.1 4.2.1, NIST SP 800-53r5 SC-8(1), CIS Controls v8.1 3.10, BSI APP.5.3.A1, ISO/IEC 27001:2022 A.8.21, 45 CFR 164.312(e)(1)
      - help: allow `pop3s` (995) instead and reject `pop3`, or put the hosts that cannot do TLS on an `exception` with an expiry date
    - **high** `mail-pop3s-allowed-pop3-open`: rule `mail` leaves POP3 without TLS open beside POP3 over TLS in `policies/office.yaml:15`
      - for example: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
      - a client that fails on 995, or is made to fail, falls back to 110 and sends the password in clear
      - see RFC 8314 §4.1
      - help: reject `pop3` (110) where `pop3s` is allowed, so that clients cannot fall back
    - **medium** `rule-partly-shadowed`: a part of rule `no-cleartext` never matches: TCP 110 (pop3) in `policies/office.yaml:26`
      - for example: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
      - see PCI DSS 4.0.1 1.2.7
      - help: take it out of the rule, or move the rule up

    ### Rulesets

    <details><summary><code>office.nft</code>: +2 −2</summary>

    ```diff
    --- office.nft
    +++ office.nft
    @@ -76,8 +76,8 @@
     		ct state new tcp flags & (fin|syn|rst|ack) != syn counter goto baseline_not_new comment "baseline:not-new policies/office.yaml:3"
     		icmpv6 type 128 counter accept comment "baseline:echo policies/office.yaml:3"
     		# mail (policies/office.yaml:15): Staff read and send mail.
    -		iifname "lan0" oifname "wan0" ip saddr 10.20.0.0/16 tcp dport { 465, 993, 995 } counter accept comment "mail policies/office.yaml:15"
    -		iifname "lan0" oifname "wan0" ip6 saddr 2001:db8:20::/48 tcp dport { 465, 993, 995 } counter accept comment "mail policies/office.yaml:15"
    +		iifname "lan0" oifname "wan0" ip saddr 10.20.0.0/16 tcp dport { 110, 465, 993, 995 } counter accept comment "mail policies/office.yaml:15"
    +		iifname "lan0" oifname "wan0" ip6 saddr 2001:db8:20::/48 tcp dport { 110, 465, 993, 995 } counter accept comment "mail policies/office.yaml:15"
     		# no-cleartext (policies/office.yaml:22): Cleartext mail must not leave the office.
     		iifname "lan0" oifname "wan0" ip saddr 10.20.0.0/16 tcp dport { 110, 143 } counter goto rule_no_cleartext comment "no-cleartext policies/office.yaml:22"
     		iifname "lan0" oifname "wan0" ip6 saddr 2001:db8:20::/48 tcp dport { 110, 143 } counter goto rule_no_cleartext comment "no-cleartext policies/office.yaml:22"
    ```

    </details>

    <details><summary>SHA-256 of every ruleset, for <code>sha256sum -c</code></summary>

    ```text
    da284f1dcf0d2a63c9f14843617f8da01581c5a30410aa24feebc250e0026327  office.nft
    ```

    </details>
    --- stderr
    "#);
    assert_eq!(first, review(&repository), "the same change gives the same comment");
    assert_eq!(repository.run("review --base main --exit-code --today 2026-11-01").exit, 1);
}

#[test]
fn what_is_settled_and_what_is_gone() {
    let repository = office().file("policies/office.yaml", wider()).commit();
    let repository = repository.file("policies/office.yaml", OFFICE);
    let run = review(&repository);
    assert!(run.stdout.contains("### Findings fixed"), "{run}");
    std::fs::remove_file(repository.site.path("policies/office.yaml")).unwrap();
    let run = review(&repository);
    assert!(run.stdout.contains("no longer rendered"), "{run}");
    assert!(!run.stdout.contains("sha256sum"), "{run}");
}

#[test]
fn nothing_changes() {
    let repository = office().file("policies/office.yaml", format!("# a word\n{OFFICE}"));
    let run = review(&repository);
    assert!(
        run.stdout
            .contains("**No traffic changes in 1 policy; no finding introduced; 1 of 1 ruleset changes**"),
        "{run}"
    );
    let run = office().run("review --base main --exit-code --today 2026-11-01");
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stdout.contains("no ruleset changes"), "{run}");
}

#[test]
fn exceptions_that_are_new_or_end() {
    let services = "    services: [imaps, pop3, pop3s, submissions]\n";
    let exception = "    exception: { owner: a@example.net, expires: 2026-11-20 }\n";
    let with = wider().replace(services, &format!("{services}{exception}"));
    let repository = office().file("policies/office.yaml", with);
    let run = review(&repository);
    assert!(run.stdout.contains("- **new, 19 days left**"), "{run}");
    let repository = repository.commit();
    let run = review(&repository);
    assert!(run.stdout.contains("- **ends soon, 19 days left**"), "{run}");
    let run = repository.run("review --base main --within 5 --today 2026-11-01");
    assert!(!run.stdout.contains("### Exceptions"), "{run}");
    let run = repository.run("review --base main --today 2026-12-01");
    assert!(run.stdout.contains("- **ended**"), "{run}");
}

#[test]
fn a_comment_stays_within_its_limit() {
    let repository = office().file("policies/office.yaml", wider());
    for longest in ["0", "1", "250", "999", "many", "-1"] {
        let run = repository.run(&format!("review --base main --longest {longest}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{longest}: {run}");
    }
    assert!(repository.run("review --base main --longest 999").stderr.contains("name 1000 or more"));
    for longest in [1_000, 1_200, 1_800] {
        let run = repository.run(&format!("review --base main --today 2026-11-01 --longest {longest}"));
        assert_eq!(run.exit, 0, "{run}");
        assert!(run.stdout.chars().count() <= longest, "{longest}: {run}");
        assert!(run.stdout.contains("Left out, since the comment would be too long: "), "{run}");
        assert!(run.stdout.contains("1 ruleset that changes. "), "{run}");
        assert!(run.stdout.contains("  office.nft\n"), "the digest stays: {run}");
        assert_eq!(run.stdout.matches("<details>").count(), run.stdout.matches("</details>").count());
    }
}

#[test]
fn texts_of_policies_call_nobody_and_link_to_nothing() {
    let hostile = "See @octocat, #12, https://evil.example, <img src=x>, GH-7 and 5d41402abc4b2a76b9719d911017c592ae1b2c3d.";
    let rule = format!(
        "rules:\n  - id: old\n    action: allow\n    from: lan\n    to: 198.51.100.9\n    services: [pop3]\n    reason: '{hostile}'\n    exception: {{ owner: '@owner', expires: 2026-11-20, ticket: '#12' }}\n"
    );
    let repository = office().file("policies/office.yaml", OFFICE.replacen("rules:\n", &rule, 1));
    let run = review(&repository);
    // What stands outside code: every other part, with the blocks taken out first.
    let blocks: String = run.stdout.split("```").step_by(2).collect();
    let outside = blocks.split('`').step_by(2).collect::<String>().replace("\\<", "");
    assert!(run.exit == 0 && run.stdout.contains("by `@owner`: See `@octocat,` `#12,`"), "{run}");
    for sign in ["@", "#1", "://", "<img", "GH-7", "5d41402"] {
        assert!(!outside.contains(sign), "{sign}: {outside}\n{run}");
    }
}

#[test]
fn a_broken_policy_is_told_in_the_comment() {
    let repository = office().file("policies/office.yaml", OFFICE.replace("pop3s", "pop3x"));
    let run = review(&repository);
    assert_eq!(run.exit, 2, "{run}");
    insta::assert_snapshot!(run.stdout, @r"
    <!-- mailward review -->
    **1 error in 1 policy**

    ### Error

    - `policies/office.yaml:19`: There is no service named `pop3x` (`undefined-service`)
      - did you mean `pop3`\?
    ");
}

#[test]
fn a_comment_about_a_broken_policy_stays_within_its_limit() {
    let rules: Vec<String> = (0..40).map(|at| format!("  - {{ id: r{at}, actoin: allow }}\n")).collect();
    let broken = OFFICE.replacen("rules:\n", &format!("rules:\n{}", rules.concat()), 1);
    let run = office().file("policies/office.yaml", broken).run("review --base main --longest 1000");
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.chars().count() <= 1000, "{run}");
    assert!(run.stdout.contains("Left out, since the comment would be too long: "), "{run}");
}

#[test]
fn two_directories() {
    let site = Site::new().file("old/a.yaml", OFFICE).file("new/a.yaml", wider());
    let run = site.run("review old new --target pf-openbsd --today 2026-11-01");
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stdout.contains("office.openbsd.pf.conf"), "{run}");
    let run = site.run("review old");
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stderr.contains("--base origin/main"), "{run}");
}

#[test]
fn the_gravest_finding_is_never_among_those_that_are_only_counted() {
    let untold = |number: u16| {
        let port = 7000 + number;
        format!(
            "  - {{ id: untold-{number}, action: allow, from: lan, to: internet, services: [{{ tcp: {port} }}], reason: x }}\n"
        )
    };
    let mut many = wider() + &(0..30).map(untold).collect::<String>();
    many += "  - { id: last, action: allow, from: internet, to: lan, services: [telnet], reason: x }\n";
    let run = review(&office().file("policies/office.yaml", many));
    let findings = run.stdout.split("### Findings introduced").nth(1).expect("findings");
    let severities: Vec<&str> =
        findings.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next()).collect();
    assert_eq!(severities.first(), Some(&"critical"), "{findings}");
    assert!(findings.contains("more\n"), "{findings}");
}
