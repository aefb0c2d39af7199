//! `mailward prove` as its users meet it: policies and rulesets, two at a time.

use crate::cli_diff::OFFICE;
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
    insta::assert_snapshot!(listed.run("prove listed.nft listed.json"), @"");
}

#[test]
fn two_policies_are_held_against_each_other() {
    let site = Site::new().file("old.yaml", OFFICE).file("new.yaml", OFFICE.replace("imaps", "imap"));
    insta::assert_snapshot!(site.run("prove old.yaml new.yaml"), @"");
}

#[test]
fn a_port_that_changed_is_shown_with_a_packet_and_both_places() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("465, 993", "465, 995")), @"");
}

#[test]
fn a_rule_that_is_missing_is_shown_at_what_decides_in_its_place() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("\t\ttcp dport 25 accept\n", "")), @"");
}

#[test]
fn an_open_policy_of_a_chain_is_shown() {
    let run = prove(MAIL, &MAIL.replace("policy drop", "policy accept"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.starts_with("critical[widened]: `new.nft` lets packets pass"), "{run}");
    assert!(run.stdout.contains("new.nft:3:49"), "{run}");
    assert!(run.stdout.ends_with("not equal: 1 difference between `old.nft` and `new.nft`\n"), "{run}");
}

#[test]
fn what_is_refused_and_logged_otherwise_counts_unless_only_passage_is_asked_for() {
    let new = MAIL.replace(
        "\t\ttcp dport 25",
        "\t\ttcp dport 113 reject with tcp reset\n\t\ttcp dport 25 log\n\t\ttcp dport 25",
    );
    insta::assert_snapshot!(prove(MAIL, &new), @"");
    let site = Site::new().file("old.nft", MAIL).file("new.nft", new);
    let run = site.run("prove old.nft new.nft --passage-only");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
}

#[test]
fn a_condition_that_nobody_can_look_into_leaves_the_answer_open() {
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("tcp dport 25", "meta mark 7 tcp dport 25")), @"");
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
    insta::assert_snapshot!(prove(&marked, &moved), @"");
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
    insta::assert_snapshot!(prove(MAIL, &MAIL.replace("465, 993 }", "465, 993")), @"");
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
    insta::assert_snapshot!(site.run("prove rules.txt mail.nft"), @"");
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
    insta::assert_snapshot!(site.run("prove nft:- nft:-"), @"");
}

#[test]
fn rules_for_one_family_are_compared_for_that_family() {
    let site = office();
    insta::assert_snapshot!(site.run("prove office.yaml rules/office.v4.rules"), @"");
    insta::assert_snapshot!(site.run("prove rules/office.v4.rules rules/office.v6.rules"), @"");
}

#[test]
fn what_a_ruleset_does_besides_is_said() {
    let site = Site::new().file("docker.nft", ruleset("docker.nft"));
    insta::assert_snapshot!(site.run("prove docker.nft docker.nft"), @"");
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
    insta::assert_snapshot!(site.run("prove old/host.nft new/host.nft"), @"");
}

#[test]
fn json_says_everything() {
    let site = Site::new()
        .file("old.nft", MAIL)
        .file("new.nft", MAIL.replace("tcp dport 25", "meta mark 7 tcp dport 25"));
    insta::assert_snapshot!(site.run("prove old.nft new.nft --json"), @"");
}

#[test]
fn names_of_files_are_no_control_sequences() {
    let name = "\u{1b}[31mred.nft";
    let site = Site::new().file(name, MAIL).file("other.nft", MAIL.replace("993", "995"));
    let run = site.run(&format!("prove {name} other.nft"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
}
