//! `--as`: rulesets that nobody has a policy for, and every question about them.

use crate::cli_prove::ruleset;
use crate::program::{Run, Site};

/// A site with rulesets of ours.
fn site(names: &[&str]) -> Site {
    names.iter().fold(Site::new(), |site, name| site.file(name, ruleset(name)))
}

/// Runs the program with words that may hold blanks.
fn run(site: &Site, words: &str, last: &str) -> Run {
    site.command(words).arg(last).output().unwrap().into()
}

/// The codes and titles of findings.
fn titles(run: &Run) -> Vec<&str> {
    run.stdout.lines().filter(|line| line.contains("]: ")).collect()
}

#[test]
fn lint_finds_what_is_wrong_in_an_iptables_dump() {
    let site = site(&["fail2ban.v4.rules"]);
    let run = site.run("lint --as iptables fail2ban.v4.rules --today 2026-11-22");
    assert_eq!((run.exit, run.stderr.as_str()), (1, ""), "{run}");
    insta::assert_snapshot!(titles(&run).join("\n"), @"");
    let redundant = run.stdout.split("\n\n").find(|finding| finding.starts_with("low[rule-redundant]"));
    insta::assert_snapshot!(redundant.unwrap_or_default(), @"");
}

#[test]
fn findings_about_rulesets_do_not_speak_of_policies() {
    for (language, names) in [
        ("nft", "docker.nft"),
        ("iptables", "ufw.v4.rules"),
        ("pf-openbsd", "gateway.openbsd.pf.conf"),
        ("pf-freebsd", "gateway.freebsd.pf.conf"),
    ] {
        let run = site(&[names]).run(&format!("lint --as {language} {names}"));
        assert_eq!(run.exit, 1, "{run}");
        for word in ["baseline", "defaults", "`exception`", "log: "] {
            let said = run.stdout.lines().find(|line| line.contains(word) && !line.contains('│'));
            assert_eq!(said, None, "{names}");
        }
    }
}

#[test]
fn lint_says_nothing_of_the_family_that_a_dump_does_not_have() {
    let run = site(&["ufw.v4.rules"]).run("lint --as iptables ufw.v4.rules");
    assert!(!run.stdout.contains("[2001:db8"), "{run}");
    assert!(!run.stdout.contains("default-deny-family-gap"), "{run}");
}

#[test]
fn a_firewall_without_rules_is_open() {
    let run = Site::new().run_with("lint --as nft -", b"");
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("opens a data store to the outside"), "{run}");
}

#[test]
fn a_ruleset_that_cannot_be_read_is_no_answer() {
    let site = Site::new()
        .file("bad.v4.rules", "*filter\n:INPUT DROP [0:0]\n-A INPUT --dprot 25 -j ACCEPT\nCOMMIT\n");
    insta::assert_snapshot!(site.run("lint --as iptables bad.v4.rules"), @"");
    for words in ["lint --as nft", "lint --as nft nowhere.nft", "lint --as ipfw bad.v4.rules"] {
        let run = site.run(words);
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
    }
}

#[test]
fn trace_shows_the_line_that_decides_and_what_was_assumed() {
    let site = site(&["fail2ban.v4.rules"]);
    let asked = |packet: &str| run(&site, "trace --as iptables fail2ban.v4.rules", packet);
    insta::assert_snapshot!(asked("tcp 203.0.113.80 > 192.0.2.10:25 in eth0"), @"");
    insta::assert_snapshot!(asked("tcp 203.0.113.9 > 192.0.2.10:993 in eth0"), @"");
    insta::assert_snapshot!(asked("tcp [2001:db8::1] > [2001:db8::2]:25 in eth0"), @"");
}

#[test]
fn trace_goes_through_the_tables_of_all() {
    let site = site(&["docker.nft"]);
    let asked = |packet: &str| run(&site, "trace --as nft docker.nft", packet);
    insta::assert_snapshot!(asked("tcp 203.0.113.9 > 172.17.0.2:80 in eth0 out docker0"), @"");
    insta::assert_snapshot!(asked("tcp 203.0.113.9 > 172.17.0.2:25 in eth0 out docker0"), @"");
}

#[test]
fn an_interface_whose_name_begins_so_is_meant() {
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth+ -p tcp --dport 25 -j ACCEPT\nCOMMIT\n";
    let site = Site::new().file("a.v4.rules", rules);
    let asked = |packet: &str| run(&site, "trace --as iptables a.v4.rules", packet).exit;
    assert_eq!(asked("tcp 203.0.113.9 > 192.0.2.10:25 in eth7"), 0);
    assert_eq!(asked("tcp 203.0.113.9 > 192.0.2.10:25 in wlan0"), 1);
    assert_eq!(asked("tcp 203.0.113.9 > 192.0.2.10:25 in other"), 1);
}

#[test]
fn rules_of_several_files_have_names_of_their_own() {
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 25 -j ACCEPT\nCOMMIT\n";
    let site = Site::new().file("a.v4.rules", rules).file("a.v6.rules", rules);
    let asked = |packet: &str| run(&site, "trace --as iptables a.v4.rules,a.v6.rules", packet).stdout;
    assert!(asked("tcp 203.0.113.9 > 192.0.2.10:25 in eth0").contains("by rule `line-3` (a.v4.rules:3:1)"));
    assert!(
        asked("tcp [2001:db8::1] > [2001:db8::2]:25 in eth0")
            .contains("by rule `file-2-line-3` (a.v6.rules:3:1)")
    );
}

#[test]
fn query_answers_from_a_ruleset() {
    let site = site(&["host.nft", "site/blocked.nft"]);
    let asked = |question: &str| run(&site, "query --as nft host.nft", question);
    insta::assert_snapshot!(asked("who may reach host on imaps"), @"");
    insta::assert_snapshot!(asked("may 10.0.0.0/8 reach host on pop3"), @"");
    insta::assert_snapshot!(asked("who may reach dmz on smtp"), @"");
}

#[test]
fn query_names_conditions_and_leaves_out_what_nothing_is_said_of() {
    let site = site(&["fail2ban.v4.rules"]);
    insta::assert_snapshot!(run(&site, "query --as iptables fail2ban.v4.rules", "who may reach host on smtp"), @"");
}

#[test]
fn diff_says_what_changes_between_two_rulesets() {
    let host = ruleset("host.nft");
    let site = site(&["host.nft", "site/blocked.nft"]).file("new.nft", host.replace("993, 995", "993"));
    insta::assert_snapshot!(site.run("diff --as nft host.nft new.nft"), @"");
    let listed = self::site(&["listed.nft", "listed.json"]);
    let run = listed.run("diff --as nft listed.nft listed.json --exit-code");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
}

#[test]
fn revisions_of_rulesets_are_not_compared() {
    insta::assert_snapshot!(Site::new().run("diff --as nft --git HEAD"), @"");
}
