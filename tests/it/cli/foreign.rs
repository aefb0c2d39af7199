//! `--as`: rulesets that nobody has a policy for, and every question about them.

use crate::cli::prove::ruleset;
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
    insta::assert_snapshot!(titles(&run).join("\n"), @"
    info[match-not-understood]: 3 matches are not looked into, and findings may depend on them
    medium[deny-not-logged]: rule `line-7` refuses cleartext mail without logging it
    medium[deny-not-logged]: rule `line-8` refuses cleartext mail without logging it
    high[mail-pop3-cleartext-egress]: rule `line-9` lets POP3 without TLS leave the site
    medium[mail-imap-cleartext-egress]: rule `line-9` lets IMAP without TLS leave the site
    high[mail-pop3s-allowed-pop3-open]: rule `line-9` leaves POP3 without TLS open beside POP3 over TLS
    medium[mail-imaps-allowed-imap-open]: rule `line-9` leaves IMAP without TLS open beside IMAP over TLS
    medium[egress-default-accept]: rule `line-9` lets this machine open flows to every port that no rule names
    high[mgmt-from-any]: rule `line-16` opens administration to everybody outside (TCP 22)
    low[invalid-not-dropped]: rule `line-18` accepts TCP packets that connection tracking calls invalid
    low[new-without-syn]: rule `line-18` accepts TCP packets without SYN that belong to no known connection
    low[rule-redundant]: rule `line-20` never decides a packet: earlier rules do the same to all of them
    high[mail-access-server-cleartext-ingress]: rule `line-21` lets outsiders open mailboxes without TLS
    critical[loopback-not-accepted]: traffic on the loopback interface is refused
    medium[deny-not-logged]: rule `line-23` refuses cleartext mail without logging it
    medium[deny-not-logged]: rule `line-25` refuses cleartext mail without logging it
    medium[deny-not-logged]: rule `line-26` refuses cleartext mail without logging it
    ");
    let redundant = run.stdout.split("\n\n").find(|finding| finding.starts_with("low[rule-redundant]"));
    insta::assert_snapshot!(redundant.unwrap_or_default(), @"
    low[rule-redundant]: rule `line-20` never decides a packet: earlier rules do the same to all of them
       ╭▸ fail2ban.v4.rules:20:1
       │
    19 │ -A INPUT -p tcp -m multiport --dports 993,995 -j ACCEPT
       │ ─────────────────────────────────────────────────────── `line-19` allows its packets first
    20 │ -A INPUT -p tcp -m tcp --dport 995 -j ACCEPT
       │ ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
       │
       ├ note: see PCI DSS 4.0.1 1.2.7, NIST SP 800-53r5 CM-7(1)
       ╰ help: delete the rule, or narrow the earlier ones
    ");
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
        .file("bad.v4.rules", "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 25 -j ACCEPT\n");
    insta::assert_snapshot!(site.run("lint --as iptables bad.v4.rules"), @"
    exit 2
    --- stdout
    error[iptables-syntax]: table `filter` has no `COMMIT`
      ╭▸ bad.v4.rules:1:1
      │
    1 │ *filter
      │ ━━━━━━━
      │
      ╰ note: `iptables-restore` loads a table at its `COMMIT`, and nothing without it

    1 error in 1 policy
    --- stderr
    ");
    for words in ["lint --as nft", "lint --as nft nowhere.nft", "lint --as ipfw bad.v4.rules"] {
        let run = site.run(words);
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
    }
}

#[test]
fn trace_shows_the_line_that_decides_and_what_was_assumed() {
    let site = site(&["fail2ban.v4.rules"]);
    let asked = |packet: &str| run(&site, "trace --as iptables fail2ban.v4.rules", packet);
    insta::assert_snapshot!(asked("tcp 203.0.113.80 > 192.0.2.10:25 in eth0"), @"
    exit 1
    --- stdout
    input, eth0: TCP 203.0.113.80:49152 → 192.0.2.10:25
      rejected  by rule `line-25` (fail2ban.v4.rules:25:1)
      logged    no
      assumed   source port 49152: none is written
                `-m hashlimit --hashlimit-burst 40 --hashlimit-mode srcip --hashlimit-name smtp --hashlimit-upto 20/min` does not hold (fail2ban.v4.rules:17:1)
      later     rule `line-7` (fail2ban.v4.rules:7:1) would drop it
    --- stderr
    ");
    insta::assert_snapshot!(asked("tcp 203.0.113.9 > 192.0.2.10:993 in eth0"), @"
    exit 0
    --- stdout
    input, eth0: TCP 203.0.113.9:49152 → 192.0.2.10:993
      accepted  by rule `line-19` (fail2ban.v4.rules:19:1)
      logged    no
      assumed   source port 49152: none is written
      later     rule `line-7` (fail2ban.v4.rules:7:1) would drop it
    --- stderr
    ");
    insta::assert_snapshot!(asked("tcp [2001:db8::1] > [2001:db8::2]:25 in eth0"), @"
    exit 2
    --- stdout
    --- stderr
    error: the ruleset says nothing of this packet: input, eth0: TCP [2001:db8::1]:49152 → [2001:db8::2]:25
     help: rules of iptables are for one family: name both files with a comma between them; pf is never asked about packets of known states
    ");
}

#[test]
fn trace_goes_through_the_tables_of_all() {
    let site = site(&["docker.nft"]);
    let asked = |packet: &str| run(&site, "trace --as nft docker.nft", packet);
    insta::assert_snapshot!(asked("tcp 203.0.113.9 > 172.17.0.2:80 in eth0 out docker0"), @"
    exit 0
    --- stdout
    forward, eth0 → docker0: TCP 203.0.113.9:49152 → 172.17.0.2:80
      accepted  by rule `line-32` (docker.nft:32:3)
      logged    no
      assumed   source port 49152: none is written
                `xt match conntrack` does not hold (docker.nft:39:3)
      later     rule `line-33` (docker.nft:33:3) would drop it
                rule `line-37` (docker.nft:37:45) would drop it
    --- stderr
    ");
    insta::assert_snapshot!(asked("tcp 203.0.113.9 > 172.17.0.2:25 in eth0 out docker0"), @"
    exit 1
    --- stdout
    forward, eth0 → docker0: TCP 203.0.113.9:49152 → 172.17.0.2:25
      dropped   by rule `line-5` (docker.nft:5:3)
      logged    no
      assumed   source port 49152: none is written
                `xt match conntrack` does not hold (docker.nft:39:3)
      later     rule `line-33` (docker.nft:33:3) would drop it
                rule `line-37` (docker.nft:37:45) would drop it
    --- stderr
    ");
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
    insta::assert_snapshot!(asked("who may reach host on imaps"), @"
    exit 0
    --- stdout
    TCP 993 (imaps) from anywhere to this machine
    yes, some of it may pass

    TCP 993 (imaps) from anywhere via eth0 to this machine
      allowed   by rule `line-17` (host.nft:17:3)
      size      at most every address, 1 port
      except    what rule `line-27` (host.nft:27:3) refuses: TCP 993 (imaps) from 198.51.100.0/25, 203.0.113.7 via eth0 to this machine
      example   tcp 203.0.113.1:49152 > 198.51.100.1:993 in eth0
    --- stderr
    ");
    insta::assert_snapshot!(asked("may 10.0.0.0/8 reach host on pop3"), @"
    exit 1
    --- stdout
    TCP 110 (pop3) from 10.0.0.0/8 to this machine
    no, nothing of it may pass

    TCP 110 (pop3) from 10.0.0.0/8 via eth0 to this machine
      refused   by rule `line-20` (host.nft:20:3)
      size      16,777,216 addresses, 1 port
      example   tcp 10.0.0.1:49152 > 198.51.100.1:110 in eth0

    TCP 110 (pop3) from 10.0.0.0/8 to this machine
      refused   by rule `line-24` (host.nft:24:43)
      size      16,777,216 addresses, 1 port
      example   tcp 10.0.0.1:49152 > 198.51.100.1:110 in other
    --- stderr
    ");
    insta::assert_snapshot!(asked("who may reach dmz on smtp"), @"
    exit 2
    --- stdout
    --- stderr
    error[undefined-name]: there is no zone or network named `dmz`
      ╭▸ <question>:1:15
      │
    1 │ who may reach dmz on smtp
      ╰╴              ━━━ not declared here, not included, not built in
    ");
}

#[test]
fn query_names_conditions_and_leaves_out_what_nothing_is_said_of() {
    let site = site(&["fail2ban.v4.rules"]);
    insta::assert_snapshot!(run(&site, "query --as iptables fail2ban.v4.rules", "who may reach host on smtp"), @"
    exit 0
    --- stdout
    TCP 25 (smtp) over IPv4 from anywhere to this machine
    yes, some of it may pass

    TCP 25 (smtp) over IPv4 from anywhere to this machine, under a condition that mailward does not know
      allowed   by rule `line-17` (fail2ban.v4.rules:17:1)
      size      at most every IPv4 address, 1 port
      except    what rule `line-25` (fail2ban.v4.rules:25:1) refuses: TCP 25 (smtp) from 203.0.113.80 to this machine, under a condition that mailward does not know
                what rule `line-26` (fail2ban.v4.rules:26:1) refuses: TCP 25 (smtp) from 203.0.113.81 to this machine, under a condition that mailward does not know
      example   tcp 203.0.113.1:49152 > 198.51.100.1:25 in eth1
    --- stderr
    ");
}

#[test]
fn diff_says_what_changes_between_two_rulesets() {
    let host = ruleset("host.nft");
    let site = site(&["host.nft", "site/blocked.nft"]).file("new.nft", host.replace("993, 995", "993"));
    insta::assert_snapshot!(site.run("diff --as nft host.nft new.nft"), @"
    exit 0
    --- stdout
    newly denied: TCP 995 (pop3s) from anywhere except 198.51.100.0/25, 203.0.113.7 via eth0 to this machine, new or mid-stream or untracked
       ╭▸ new.nft:24:43
       │
    24 │         type filter hook input priority filter; policy drop;
       │                                                 ━━━━━━━━━━━ drops them now
       │
       ⸬  host.nft:17:3
       │
    17 │         tcp dport { 465, 587, 993, 995 } accept
       │         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ allowed them
       │
       ├ note: 4,294,967,167 IPv4 addresses, every IPv6 address, 1 port
       ╰ note: for example: input, eth0: TCP 203.0.113.1:49152 → 198.51.100.1:995

    1 traffic change: 1 newly denied in 1 policy
    --- stderr
    ");
    let listed = self::site(&["listed.nft", "listed.json"]);
    let run = listed.run("diff --as nft listed.nft listed.json --exit-code");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
}

#[test]
fn a_family_without_a_file_is_no_change() {
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 25 -j ACCEPT\nCOMMIT\n";
    let site = Site::new().file("a.v4.rules", rules).file("a.v6.rules", rules);
    insta::assert_snapshot!(site.run("diff --as iptables a.v4.rules a.v4.rules,a.v6.rules"), @"
    exit 2
    --- stdout
    --- stderr
    error: `a.v4.rules` and `a.v4.rules,a.v6.rules` are not about the same families of addresses
     help: name the files of both families on both sides, with commas between them
    ");
    let same = site.run("diff --as iptables a.v4.rules a.v4.rules --exit-code");
    assert_eq!((same.exit, same.stderr.as_str()), (0, ""), "{same}");
}

#[test]
fn revisions_of_rulesets_are_not_compared() {
    insta::assert_snapshot!(Site::new().run("diff --as nft --git HEAD"), @"
    exit 2
    --- stdout
    --- stderr
    error: `--as` compares two rulesets in files
     help: write both to files, and name them
    ");
}

#[test]
fn what_is_not_understood_is_said_once_and_first() {
    let text = "table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    iifname lo accept
    meta mark 1 accept
    ip daddr 192.0.2.1 tcp dprot 25 accept
    meta mark 1 tcp dport 80 accept
    limit rate 10/minute log prefix \"dropped \"
  }
}
";
    let site = Site::new()
        .file("a.nft", text)
        .file("b.nft", text.replace("dprot", "dport").replace("meta mark 1 ", ""));
    let run = site.run("lint --as nft a.nft --only mgmt-from-any --today 2026-11-22");
    let first = run.stdout.split("\n\n").next().unwrap();
    insta::assert_snapshot!(first, @"
    info[match-not-understood]: 2 matches are not looked into, and findings may depend on them
      ╭▸ a.nft:6:5
      │
    6 │     meta mark 1 accept
      │     ━━━━━━━━━━━━━━━━━━ `meta mark 1`
    7 │     ip daddr 192.0.2.1 tcp dprot 25 accept
      │     ────────────────────────────────────── `tcp dprot 25`
      │
      ├ note: nobody can tell whether packets meet these: what may pass counts as let through, and
      │       what may be refused as refused
      ╰ help: a misspelt word can be why: `nft -c -f FILE` asks the firewall itself
    ");
    assert!(run.stdout.contains("critical[mgmt-from-any]"), "no severity is lowered: {run}");
    let run = site.run("lint --as nft b.nft --today 2026-11-22");
    assert!(!run.stdout.contains("match-not-understood"), "{run}");
}

#[test]
fn order_is_that_of_pf() {
    let site = Site::new().file("pf.conf", "block all\npass out\npass in proto tcp to port 25\n");
    let run = site.run("lint --as pf-openbsd pf.conf --only rule-correlated --today 2026-11-22");
    insta::assert_snapshot!(run.stdout, @"
    info[rule-correlated]: rule `line-1` and 2 earlier rules disagree about packets they share: their order decides
      ╭▸ pf.conf:1:1
      │
    1 │ block all
      │ ━━━━━━━━━
    2 │ pass out
      │ ──────── `line-2` comes first and decides what both mean
    3 │ pass in proto tcp to port 25
      │ ──────────────────────────── `line-3` comes first and decides what both mean
      │
      ├ note: for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:25
      ├ note: see PCI DSS 4.0.1 1.2.7
      ├ note: in pf the last rule that matches decides: what comes first here stands later in the
      │       file, or is `quick`
      ╰ help: check that the order is meant; narrow one of the rules so that it does not matter

    1 finding: 1 info in 1 policy
    ");
}
