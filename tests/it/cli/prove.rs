//! `mailward prove` as its users meet it: policies and rulesets, two at a time.

use crate::cli::diff::OFFICE;
use crate::program::{Run, Site};

/// A ruleset of nftables with a few rules for mail.
const MAIL: &str = r#"table inet mail {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iifname "lo" accept
		tcp dport 25 accept
		ip saddr 192.0.2.0/24 tcp dport { 465, 993 } accept
	}
}
"#;

/// A ruleset of ours, from `tests/data/rulesets`.
pub(crate) fn ruleset(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rulesets").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The office, rendered for every target.
pub(crate) fn office() -> Site {
    let site = Site::new().file("office.yaml", OFFICE);
    let run = site.run("render office.yaml --target all --out rules");
    assert_eq!(run.exit, 0, "{run}");
    site
}

/// Two rulesets of nftables, `old.nft` and `new.nft`, held against each other.
fn prove(old: &str, new: &str) -> Run {
    Site::new().file("old.nft", old).file("new.nft", new).run("prove old.nft new.nft")
}

#[test]
fn a_policy_is_equal_to_what_it_was_rendered_to() {
    let site = office();
    for ruleset in [
        "rules/office.nft",
        "rules/office.v4.rules,rules/office.v6.rules",
        "rules/office.openbsd.pf.conf",
        "rules/office.freebsd.pf.conf",
    ] {
        let run = site.run(&format!("prove office.yaml {ruleset}"));
        let named = ruleset.replace(',', ", ");
        let equal = format!("equal: `office.yaml` and `{named}` do the same with every packet\n");
        assert_eq!((run.exit, run.stdout, run.stderr), (0, equal, String::new()));
    }
}

#[test]
fn rulesets_of_different_tools_are_equal() {
    let site = office();
    let run = site.run("prove rules/office.v4.rules,rules/office.v6.rules rules/office.nft");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    let listed =
        Site::new().file("listed.nft", ruleset("listed.nft")).file("listed.json", ruleset("listed.json"));
    insta::assert_snapshot!(listed.run("prove listed.nft listed.json"), @"
    exit 0
    --- stdout
    equal: `listed.nft` and `listed.json` do the same with every packet
    --- stderr
    ");
}

#[test]
fn two_policies_are_held_against_each_other() {
    let site = Site::new().file("old.yaml", OFFICE).file("new.yaml", OFFICE.replace("imaps", "imap"));
    insta::assert_snapshot!(site.run("prove old.yaml new.yaml"), @"
    exit 1
    --- stdout
    critical[widened]: `new.yaml` lets packets pass that `old.yaml` refuses
      ╭▸ new.yaml:7:9
      │
    7 │   - id: mail
      │         ━━━━ here the packet below passes
      │
      ⸬  old.yaml:2:7
      │
    2 │ name: office
      │       ────── here it is refused, by the baseline or a default
      │
      ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:143

    high[narrowed]: `new.yaml` refuses packets that `old.yaml` lets pass
      ╭▸ new.yaml:2:7
      │
    2 │ name: office
      │       ━━━━━━ here the packet below is refused, by the baseline or a default
      │
      ⸬  old.yaml:7:9
      │
    7 │   - id: mail
      │         ──── here it passes
      │
      ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:993

    not equal: 2 differences between `old.yaml` and `new.yaml`
    --- stderr
    ");
}

#[test]
fn a_port_that_changed_is_shown_with_a_packet_and_both_places() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("465, 993", "465, 995")), @"
    exit 1
    --- stdout
    critical[widened]: `new.nft` lets packets pass that `old.nft` refuses
      ╭▸ new.nft:7:3
      │
    7 │         ip saddr 192.0.2.0/24 tcp dport { 465, 995 } accept
      │         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ here the packet below passes
      │
      ⸬  old.nft:3:43
      │
    3 │         type filter hook input priority filter; policy drop;
      │                                                 ─────────── here it is refused
      │
      ╰ note: for example: input: TCP 192.0.2.1:49152 → 198.51.100.1:995

    high[narrowed]: `new.nft` refuses packets that `old.nft` lets pass
      ╭▸ new.nft:3:43
      │
    3 │         type filter hook input priority filter; policy drop;
      │                                                 ━━━━━━━━━━━ here the packet below is refused
      │
      ⸬  old.nft:7:3
      │
    7 │         ip saddr 192.0.2.0/24 tcp dport { 465, 993 } accept
      │         ─────────────────────────────────────────────────── here it passes
      │
      ╰ note: for example: input: TCP 192.0.2.1:49152 → 198.51.100.1:993

    not equal: 2 differences between `old.nft` and `new.nft`
    --- stderr
    ");
}

#[test]
fn a_rule_that_is_missing_is_shown_at_what_decides_in_its_place() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("\t\ttcp dport 25 accept\n", "")), @"
    exit 1
    --- stdout
    high[narrowed]: `new.nft` refuses packets that `old.nft` lets pass
      ╭▸ new.nft:3:43
      │
    3 │         type filter hook input priority filter; policy drop;
      │                                                 ━━━━━━━━━━━ here the packet below is refused
      │
      ⸬  old.nft:6:3
      │
    6 │         tcp dport 25 accept
      │         ─────────────────── here it passes
      │
      ├ note: for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:25
      ╰ note: and other packets that these two places decide

    not equal: 1 difference between `old.nft` and `new.nft`
    --- stderr
    ");
}

#[test]
fn an_open_policy_of_a_chain_is_shown() {
    let run = prove(MAIL, &MAIL.replace("policy drop", "policy accept"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.starts_with("critical[widened]: `new.nft` lets packets pass"), "{run}");
    assert!(run.stdout.contains("new.nft:3:43"), "{run}");
    assert!(run.stdout.ends_with("not equal: 1 difference between `old.nft` and `new.nft`\n"), "{run}");
}

#[test]
fn what_is_refused_and_logged_otherwise_counts_unless_only_passage_is_asked_for() {
    let new = MAIL.replace(
        "\t\ttcp dport 25",
        "\t\ttcp dport 113 reject with tcp reset\n\t\ttcp dport 25 log\n\t\ttcp dport 25",
    );
    insta::assert_snapshot!(prove(MAIL, &new), @"
    exit 1
    --- stdout
    medium[refused-otherwise]: `new.nft` refuses packets in another way than `old.nft`
      ╭▸ new.nft:6:3
      │
    6 │         tcp dport 113 reject with tcp reset
      │         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ here the packet below is refused with a TCP reset
      │
      ⸬  old.nft:3:43
      │
    3 │         type filter hook input priority filter; policy drop;
      │                                                 ─────────── here it is dropped
      │
      ├ note: for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:113
      ╰ note: and other packets that these two places decide

    low[logged-otherwise]: `new.nft` logs packets otherwise than `old.nft`
      ╭▸ new.nft:7:3
      │
    7 │         tcp dport 25 log
      │         ━━━━━━━━━━━━━━━━ here the packet below passes, logged each time
      │
      ⸬  old.nft:6:3
      │
    6 │         tcp dport 25 accept
      │         ─────────────────── here it passes, not logged
      │
      ├ note: for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:25
      ╰ note: and other packets that these two places decide

    not equal: 2 differences between `old.nft` and `new.nft`
    --- stderr
    ");
    let site = Site::new().file("old.nft", MAIL).file("new.nft", new);
    let run = site.run("prove old.nft new.nft --passage-only");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
}

#[test]
fn a_condition_that_nobody_can_look_into_leaves_the_answer_open() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("tcp dport 25", "meta mark 7 tcp dport 25")), @"
    exit 2
    --- stdout
    high[narrowed]: `new.nft` may refuse packets that `old.nft` lets pass
      ╭▸ new.nft:3:43
      │
    3 │         type filter hook input priority filter; policy drop;
      │                                                 ━━━━━━━━━━━ here the packet below is refused
      │
      ⸬  old.nft:6:3
      │
    6 │         tcp dport 25 accept
      │         ─────────────────── here it passes
      │
      ├ note: for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:25
      ├ note: if `meta mark 7` does not hold, which nobody can look into
      ╰ note: and other packets that these two places decide

    cannot tell whether `old.nft` and `new.nft` do the same with every packet
    --- stderr
    ");
}

#[test]
fn what_differs_whatever_conditions_hold_is_known() {
    let old = MAIL.replace("tcp dport 25", "tcp dport 20-25");
    let run = prove(&old, &MAIL.replace("tcp dport 25", "meta mark 7 tcp dport 25"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("198.51.100.1:20\n") || run.stdout.contains("198.51.100.1:22\n"), "{run}");
    assert!(!run.stdout.contains("nobody can look into"), "{run}");
}

#[test]
fn the_same_condition_on_both_sides_is_one() {
    let marked = MAIL.replace("tcp dport 25", "meta mark 7 tcp dport 25");
    let moved = marked
        .replace("\t\tiifname \"lo\" accept\n", "")
        .replace("\t\tct state", "\t\tiifname \"lo\" accept\n\t\tct state");
    insta::assert_snapshot!(prove(&marked, &moved), @"
    exit 0
    --- stdout
    taken to hold on both sides or on neither: `meta mark 7`
    equal: `old.nft` and `new.nft` do the same with every packet
    --- stderr
    ");
}

#[test]
fn a_limit_is_not_one_condition_in_two_places() {
    let limited = MAIL.replace("tcp dport 25", "tcp dport 25 limit rate 5/second");
    let run = prove(&limited, &limited);
    assert_eq!(run.exit, 0, "{run}");
    let twice = limited.replace("\t\tip saddr", "\t\ttcp dport 25 limit rate 5/second accept\n\t\tip saddr");
    let run = prove(&limited, &twice);
    assert_eq!(run.exit, 2, "{run}");
    assert!(
        run.stdout.ends_with("cannot tell whether `old.nft` and `new.nft` do the same with every packet\n"),
        "{run}"
    );
}

#[test]
fn a_ruleset_with_an_error_is_no_answer() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("465, 993 }", "465, 993")), @"
    exit 2
    --- stdout
    --- stderr
    error[nft-syntax]: expected `}`, found the end of the file
       ╭▸ new.nft:10:1
       │
    10 │
       ╰╴━
    ");
}

#[test]
fn a_policy_with_an_error_is_no_answer() {
    let site = Site::new().file("bad.yaml", OFFICE.replace("imaps", "imapz")).file("mail.nft", MAIL);
    let run = site.run("prove bad.yaml mail.nft");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("there is no service named `imapz`"), "{run}");
}

#[test]
fn what_a_file_is_must_be_known() {
    let site = Site::new().file("rules.txt", MAIL).file("mail.nft", MAIL);
    insta::assert_snapshot!(site.run("prove rules.txt mail.nft"), @"
    exit 2
    --- stdout
    --- stderr
    error: it is not clear what `rules.txt` is
     help: write its kind before it: `policy:FILE`, `nft:FILE`, `iptables:FILE,FILE`, `pf-openbsd:FILE` or `pf-freebsd:FILE`
    ");
    let run = site.run("prove nft:rules.txt mail.nft");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    let run = site.run("prove nowhere.nft mail.nft");
    assert_eq!(run.stderr, "error: cannot read `nowhere.nft`: there is no such file\n", "{run}");
}

#[test]
fn the_standard_input_is_one_side() {
    let site = Site::new().file("mail.nft", MAIL);
    let run = site.run_with("prove mail.nft nft:-", MAIL.as_bytes());
    assert_eq!(run.stdout, "equal: `mail.nft` and `<stdin>` do the same with every packet\n", "{run}");
    insta::assert_snapshot!(site.run("prove nft:- nft:-"), @"
    exit 2
    --- stdout
    --- stderr
    error: `-` stands for two things, and there is one standard input
     help: write one of them to a file, and name it
    ");
}

#[test]
fn rules_for_one_family_are_compared_for_that_family() {
    let site = office();
    insta::assert_snapshot!(site.run("prove office.yaml rules/office.v4.rules"), @"
    exit 0
    --- stdout
    note: one side has no rules for IPv6: its packets are left out
    equal: `office.yaml` and `rules/office.v4.rules` do the same with every packet of IPv4
    --- stderr
    ");
    insta::assert_snapshot!(site.run("prove rules/office.v4.rules rules/office.v6.rules"), @"
    exit 2
    --- stdout
    --- stderr
    error: `rules/office.v4.rules` and `rules/office.v6.rules` have no packets in common
     help: name the rules of both families: `iptables:V4,V6,IPSET`
    ");
}

#[test]
fn what_a_ruleset_does_besides_is_said() {
    let site = Site::new().file("docker.nft", ruleset("docker.nft"));
    insta::assert_snapshot!(site.run("prove docker.nft docker.nft"), @"
    exit 0
    --- stdout
    taken to hold on both sides or on neither: `xt match conntrack`
    note: address translation is not looked at (docker.nft:15:8)
    note: address translation is not looked at (docker.nft:20:8)
    equal: `docker.nft` and `docker.nft` do the same with every packet
    --- stderr
    ");
}

#[test]
fn an_included_file_is_read_and_shown() {
    let site = Site::new()
        .file("old/host.nft", ruleset("host.nft"))
        .file("old/site/blocked.nft", ruleset("site/blocked.nft"))
        .file("new/host.nft", ruleset("host.nft"))
        .file("new/site/blocked.nft", ruleset("site/blocked.nft").replace("203.0.113.7", "203.0.113.8"));
    let run = site.run("prove old/host.nft new/host.nft");
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("TCP 203.0.113.7:"), "{run}");
    std::fs::remove_file(site.path("new/site/blocked.nft")).unwrap();
    insta::assert_snapshot!(site.run("prove old/host.nft new/host.nft"), @r#"
    exit 2
    --- stdout
    --- stderr
    error[nft-include]: cannot include `site/blocked.nft`: there is no such file
      ╭▸ new/host.nft:7:1
      │
    7 │ include "site/blocked.nft"
      ╰╴━━━━━━━━━━━━━━━━━━━━━━━━━━
    "#);
}

#[test]
fn json_says_everything() {
    let site = Site::new()
        .file("old.nft", MAIL)
        .file("new.nft", MAIL.replace("tcp dport 25", "meta mark 7 tcp dport 25"));
    insta::assert_snapshot!(site.run("prove old.nft new.nft --json"), @r#"
    exit 2
    --- stdout
    {
      "version": 1,
      "left": "old.nft",
      "right": "new.nft",
      "equal": null,
      "families": [
        "IPv4",
        "IPv6"
      ],
      "differences": [
        {
          "kind": "narrowed",
          "conditional": true,
          "packet": "input: TCP 203.0.113.1:49152 → 198.51.100.1:25",
          "count": 2,
          "code": "narrowed",
          "severity": "high",
          "title": "`new.nft` may refuse packets that `old.nft` lets pass",
          "path": "new.nft",
          "line": 3,
          "column": 43,
          "end_line": 3,
          "end_column": 54,
          "label": "here the packet below is refused",
          "related": [
            {
              "path": "old.nft",
              "line": 6,
              "column": 3,
              "end_line": 6,
              "end_column": 22,
              "label": "here it passes"
            }
          ],
          "notes": [
            "for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:25",
            "if `meta mark 7` does not hold, which nobody can look into",
            "and other packets that these two places decide"
          ],
          "help": null,
          "fix": null
        }
      ],
      "undecided": [],
      "conditions": [
        "meta mark 7"
      ],
      "remarks": []
    }
    --- stderr
    "#);
}

#[test]
fn names_of_files_are_no_control_sequences() {
    let name = "\u{1b}[31mred.nft";
    let site = Site::new().file(name, MAIL).file("other.nft", MAIL.replace("993", "995"));
    let run = site.run(&format!("prove {name} other.nft"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
}

#[test]
fn a_rate_is_the_same_in_every_unit() {
    let rules = |limit: &str| {
        format!(
            "*filter\n:INPUT DROP [0:0]\n-A INPUT -m limit --limit {limit} --limit-burst 20 -j LOG\nCOMMIT\n"
        )
    };
    let prove = |other: &str| {
        let site = Site::new().file("old.v4.rules", rules("60/minute")).file("new.v4.rules", rules(other));
        site.run("prove old.v4.rules new.v4.rules").exit
    };
    assert_eq!(prove("1/sec"), 0, "as iptables-save writes it");
    assert_eq!(prove("3600/hour"), 0);
    assert_eq!(prove("61/minute"), 1);
}
