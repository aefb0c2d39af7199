//! `mailward verify` as its users meet it: saved rulesets, and live ones of tools that the test plays.

use crate::cli::diff::OFFICE;
use crate::cli::prove::office;
use crate::program::{Run, Site};

#[test]
fn a_saved_ruleset_that_does_what_its_policy_says() {
    let site = office();
    for words in [
        "nftables rules/office.nft",
        "iptables rules/office.v4.rules rules/office.v6.rules",
        "iptables rules/office.v6.rules rules/office.v4.rules",
        "pf-openbsd rules/office.openbsd.pf.conf",
        "pf-freebsd rules/office.freebsd.pf.conf",
    ] {
        let run = site.run(&format!("verify office.yaml --target {words}"));
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
        assert!(run.stdout.starts_with("equal: `office.yaml` and `rules/office."), "{run}");
    }
}

#[test]
fn drift_is_shown_with_a_packet() {
    let site = office();
    let drifted = site.read("rules/office.nft").replace("tcp dport 993", "tcp dport { 143, 993 }");
    let run = site.file("live.nft", drifted).run("verify office.yaml --target nftables live.nft");
    insta::assert_snapshot!(run, @r#"
    exit 1
    --- stdout
    critical[widened]: `live.nft` lets packets pass that `office.yaml` refuses
       ╭▸ live.nft:74:3
       │
    74 │         iifname "lan0" oifname "wan0" ip saddr 10.0.0.0/16 tcp dport { 143, 993 } counter accept comment "mail office.yaml:7"
       │         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ here the packet below passes
       │
       ⸬  office.yaml:2:7
       │
     2 │ name: office
       │       ────── here it is refused, by the baseline or a default
       │
       ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:143

    not equal: 1 difference between `office.yaml` and `live.nft`
    --- stderr
    "#);
}

#[test]
fn a_table_of_somebody_else_is_named_by_its_place() {
    let site = office();
    let other = "table ip quota {\n\tchain block {\n\t\ttype filter hook forward priority 10; policy accept;\n\t\tct state new ip saddr 10.0.66.0/24 drop\n\t}\n}\n";
    let live = site.read("rules/office.nft") + other;
    let run = site.file("live.nft", live).run("verify office.yaml --target nftables live.nft");
    insta::assert_snapshot!(run, @"
    exit 1
    --- stdout
    high[narrowed]: `live.nft` refuses packets that `office.yaml` lets pass
        ╭▸ live.nft:109:3
        │
    109 │         ct state new ip saddr 10.0.66.0/24 drop
        │         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ here the packet below is refused
        │
        ⸬  office.yaml:2:7
        │
      2 │ name: office
        │       ────── here it passes, by the baseline or a default
        │
        ╰ note: for example: forward, lan0 → wan0: ICMP network-unreachable 10.0.66.1 → 198.51.100.1

    high[narrowed]: `live.nft` refuses packets that `office.yaml` lets pass
        ╭▸ live.nft:109:3
        │
    109 │         ct state new ip saddr 10.0.66.0/24 drop
        │         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ here the packet below is refused
        │
        ⸬  office.yaml:7:9
        │
      7 │   - id: mail
        │         ──── here it passes
        │
        ╰ note: for example: forward, lan0 → wan0: TCP 10.0.66.1:49152 → 198.51.100.1:993

    not equal: 2 differences between `office.yaml` and `live.nft`
    --- stderr
    ");
}

#[test]
fn a_table_of_somebody_else_that_changes_nothing_is_not_spoken_of() {
    let site = office();
    let other = "table ip stats {\n\tchain count {\n\t\ttype filter hook forward priority -10; policy accept;\n\t\tip saddr 10.0.66.0/24 counter\n\t}\n}\n";
    let live = site.read("rules/office.nft") + other;
    let run = site.file("live.nft", live).run("verify office.yaml --target nftables live.nft");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    assert_eq!(run.stdout, "equal: `office.yaml` and `live.nft` do the same with every packet\n", "{run}");
}

#[test]
fn sets_of_iptables_stand_in_a_file_of_their_own() {
    let blocked: Vec<String> = (0..200).map(|n| format!("198.51.{n}.1")).collect();
    let policy = OFFICE.replace("rules:\n", &format!(
        "networks: {{ blocked: [{}] }}\nrules:\n  - {{ id: blocked, action: deny, from: blocked, to: any, services: any }}\n",
        blocked.join(", "),
    ));
    let site = Site::new().file("office.yaml", policy);
    let run = site.run("render office.yaml --target iptables --out rules");
    assert_eq!(run.exit, 0, "{run}");
    let files = "rules/office.v4.rules rules/office.v6.rules rules/office.ipset";
    let run = site.run(&format!("verify office.yaml --target iptables {files}"));
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    let whole = site.read("rules/office.ipset");
    let short = whole.replace("add mw-blocked-v4-new 198.51.7.1/32\n", "");
    assert_ne!(short, whole);
    let run =
        site.file("rules/office.ipset", short).run(&format!("verify office.yaml --target iptables {files}"));
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("198.51.7.1"), "{run}");
}

#[test]
fn a_ruleset_comes_from_the_standard_input() {
    let site = office();
    let live = site.read("rules/office.nft");
    let run = site.run_with("verify office.yaml --target nftables -", live.as_bytes());
    assert_eq!(run.stdout, "equal: `office.yaml` and `<stdin>` do the same with every packet\n", "{run}");
    let run = site.run_with("verify office.yaml --target nftables -", b"table inet {");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    insta::assert_snapshot!(site.run("verify - --target nftables -"), @"
    exit 2
    --- stdout
    --- stderr
    error: `-` stands for two things, and there is one standard input
     help: write one of them to a file, and name it
    ");
}

#[test]
fn files_that_make_no_ruleset() {
    let site = office();
    insta::assert_snapshot!(site.run("verify office.yaml --target iptables rules/office.v4.rules rules/office.v4.rules"), @"
    exit 2
    --- stdout
    --- stderr
    error[iptables-parts]: this is a second file of rules for IPv4
      ╭▸ rules/office.v4.rules:1:1
      │
    1 │ # office for iptables, written by mailward
      │ ━
      │
      ╰ help: name what `iptables-save`, `ip6tables-save` and `ipset save` wrote once each; `v4`, `v6`
              or `ipset` in the name of a file says which it is
    ");
    insta::assert_snapshot!(site.run("verify office.yaml --target nftables rules/office.nft rules/office.nft"), @"
    exit 2
    --- stdout
    --- stderr
    error[ruleset-parts]: this is a second file, and a ruleset of this language is one
      ╭▸ rules/office.nft:1:1
      │
    1 │ #!/usr/sbin/nft -f
      │ ━
      │
      ╰ help: write everything that is loaded to one file
    ");
    let run =
        site.run("verify office.yaml --target pf-openbsd rules/office.openbsd.pf.conf rules/office.nft");
    assert!(run.stderr.contains("error[pf-syntax]") && run.stderr.contains("rules/office.nft:1"), "{run}");
    for words in ["--target nftables", "--target nftables --live rules/office.nft", "rules/office.nft"] {
        let run = site.run(&format!("verify office.yaml {words}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
    }
}

#[cfg(unix)]
mod live {
    use std::os::unix::fs::PermissionsExt as _;

    use super::{OFFICE, Run, Site, office};

    /// A site with a tool of that name, first and only in the search path.
    fn tool(site: Site, name: &str, script: &str) -> Site {
        let path = format!("bin/{name}");
        let site = site.file(&path, format!("#!/bin/sh\n{script}\n"));
        std::fs::set_permissions(site.path(&path), std::fs::Permissions::from_mode(0o755)).unwrap();
        site
    }

    fn run(site: &Site, words: &str) -> Run {
        site.command(words).env("PATH", site.path("bin")).output().unwrap().into()
    }

    #[test]
    fn the_machine_is_asked() {
        let site = tool(office(), "nft", "[ \"$*\" = '-nn list ruleset' ] && /bin/cat rules/office.nft");
        insta::assert_snapshot!(run(&site, "verify office.yaml --target nftables --live"), @"
        exit 0
        --- stdout
        equal: `office.yaml` and `nft -nn list ruleset` do the same with every packet
        --- stderr
        ");
    }

    #[test]
    fn a_difference_stands_in_what_the_tool_said() {
        let flushed = tool(office(), "nft", "echo 'table inet mailward {'; echo '}'");
        let run = run(&flushed, "verify office.yaml --target nftables --live");
        assert_eq!(run.exit, 1, "{run}");
        assert!(run.stdout.contains("nft -nn list ruleset:1:1"), "{run}");
        assert!(run.stdout.contains("critical[widened]: `nft -nn list ruleset` lets packets pass"), "{run}");
    }

    #[test]
    fn iptables_is_asked_for_both_families_and_for_sets_if_there_are_any() {
        let site = tool(office(), "iptables-save", "/bin/cat rules/office.v4.rules");
        let site = tool(site, "ip6tables-save", "/bin/cat rules/office.v6.rules");
        let without = run(&site, "verify office.yaml --target iptables --live");
        insta::assert_snapshot!(without, @"
        exit 0
        --- stdout
        equal: `office.yaml` and `iptables-save, ip6tables-save` do the same with every packet
        --- stderr
        ");
        let site = tool(site, "ipset", "[ \"$*\" = save ] && echo 'create unused hash:net'");
        let with = run(&site, "verify office.yaml --target iptables --live");
        assert_eq!((with.exit, with.stderr.as_str()), (0, ""), "{with}");
    }

    #[test]
    fn a_tool_that_refuses_is_no_answer() {
        let site = tool(office(), "nft", "echo 'Operation not permitted (you must be root)' >&2; exit 1");
        insta::assert_snapshot!(run(&site, "verify office.yaml --target nftables --live"), @"
        exit 2
        --- stdout
        --- stderr
        error: cannot list the rules that are loaded: `nft -nn list ruleset`: Operation not permitted (you must be root)
         help: list them into a file as a user who may, and name the file
        ");
        let silent = tool(office(), "nft", "exit 3");
        let run = run(&silent, "verify office.yaml --target nftables --live");
        assert!(run.stderr.contains("it does not say why"), "{run}");
    }

    #[test]
    fn a_tool_that_is_not_there_is_no_answer() {
        let site = office();
        insta::assert_snapshot!(run(&site, "verify office.yaml --target nftables --live"), @"
        exit 2
        --- stdout
        --- stderr
        error: cannot list the rules that are loaded: there is no program `nft`
         help: list them into a file as a user who may, and name the file
        ");
        let site = tool(site, "iptables-save", "/bin/cat rules/office.v4.rules");
        let run = run(&site, "verify office.yaml --target iptables --live");
        assert!(run.stderr.contains("`ip6tables-save`"), "{run}");
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    }

    /// The tables of a pf.conf as this program writes them: names, and a line for each address.
    fn tables(conf: &str) -> Vec<(&str, Vec<&str>)> {
        let blocks = conf.split("\ntable <").skip(1);
        blocks
            .map(|block| {
                let (name, rest) = block.split_once('>').unwrap();
                let (_, addresses) = rest.split_once("{\n").unwrap();
                let (addresses, _) = addresses.split_once('}').unwrap();
                (name, addresses.lines().map(str::trim).collect())
            })
            .collect()
    }

    /// A site whose `pfctl` lists what a pf.conf says, the way that pfctl does: interfaces, names of tables, what is in
    /// each, and rules.
    fn pfctl(site: Site, conf: &str, more: &str) -> Site {
        let text = site.read(conf);
        let tables = tables(&text);
        let names = tables.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("\n");
        let contents = tables.iter().map(|(name, addresses)| {
            format!("'-t {name} -T show') echo '   {}';;\n", addresses.join("\n   "))
        });
        let contents = contents.collect::<String>();
        let is_rule =
            |line: &&str| ["block ", "pass ", "match ", "scrub "].iter().any(|word| line.starts_with(word));
        let rules = text.lines().filter(is_rule).collect::<Vec<_>>().join("\n");
        let script = format!(
            "case \"$*\" in
            {more}
            '-s info') echo 'Status: Enabled for 3 days 02:01:00           Debug: err';;
            '-s Interfaces -v') printf 'all\\nem0\\nlo (skip)\\nlo0 (skip)\\n';;
            '-s Tables') echo '{names}';;
            {contents}
            '-v -s Anchors'|'-P -s nat') ;;
            '-a * -s rules'|'-P -a * -s rules') /bin/cat loaded.rules;;
            *) echo \"pfctl: unknown: $*\" >&2; exit 1;;
            esac"
        );
        tool(site.file("loaded.rules", rules + "\n"), "pfctl", &script)
    }

    const OPENBSD: &str = "rules/office.openbsd.pf.conf";

    /// The office with addresses of both families, which pf keeps in a table.
    fn both_families() -> Site {
        let policy = OFFICE.replace("[10.0.0.0/16]", "[10.0.0.0/16, '2001:db8::/48']");
        let site = Site::new().file("office.yaml", policy);
        let run = site.run("render office.yaml --target all --out rules");
        assert_eq!(run.exit, 0, "{run}");
        assert!(site.read(OPENBSD).contains("table <mw_lan>"));
        site
    }

    fn verify(site: Site, more: &str) -> Run {
        run(&pfctl(site, OPENBSD, more), "verify office.yaml --target pf-openbsd --live")
    }

    #[test]
    fn pf_is_asked_for_tables_and_skipped_interfaces_too() {
        for (target, conf) in [("pf-openbsd", OPENBSD), ("pf-freebsd", "rules/office.freebsd.pf.conf")] {
            let site = pfctl(both_families(), conf, "");
            let run = run(&site, &format!("verify office.yaml --target {target} --live"));
            assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
            assert_eq!(
                run.stdout, "equal: `office.yaml` and `pfctl` do the same with every packet\n",
                "{run}"
            );
        }
    }

    #[test]
    fn a_table_that_was_filled_since_is_a_difference() {
        let filled = "'-t mw_lan -T show') printf '   10.0.0.0/8\\n  !10.0.7.0/24\\n   2001:db8::/48\\n';;";
        let run = verify(both_families(), filled);
        assert_eq!(run.exit, 1, "{run}");
        assert!(run.stdout.contains("critical[widened]: `pfctl` lets packets pass"), "{run}");
        assert!(run.stdout.contains("[narrowed]: `pfctl` refuses packets"), "{run}");
        assert!(run.stdout.contains("pfctl -a * -s rules:"), "{run}");
    }

    #[test]
    fn an_interface_that_is_skipped_is_a_difference() {
        let skipped = "'-s Interfaces -v') printf 'all\\nlan0 (skip)\\nlo\\nlo0 (skip)\\n';;";
        let run = verify(both_families(), skipped);
        assert_eq!(run.exit, 1, "{run}");
        assert!(run.stdout.contains("pfctl -s Interfaces -v:2"), "{run}");
    }

    #[test]
    fn a_pf_that_is_not_in_force_is_no_answer() {
        let disabled = "'-s info') echo 'Status: Disabled for 0 days 00:00:09';;";
        insta::assert_snapshot!(verify(both_families(), disabled), @"
        exit 2
        --- stdout
        --- stderr
        error: pf is disabled: every packet passes, whatever rules are loaded
         help: enable it (`pfctl -e`), or list its rules into a file and name the file
        ");
        let run = verify(both_families(), "'-s info') echo hello;;");
        assert!(run.stderr.contains("it does not say whether pf is enabled"), "{run}");
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    }

    #[test]
    fn a_table_that_an_anchor_has_too_is_not_told_apart() {
        let with_own = |table: &str| {
            format!(
                "'-v -s Anchors') printf '  f2b\\n  f2b/sshd\\n';;
                '-a f2b -s Tables') ;;
                '-a f2b/sshd -s Tables') echo {table};;"
            )
        };
        let equal = verify(both_families(), &with_own("f2b-sshd"));
        assert_eq!(equal.exit, 0, "{equal}");
        let unsure = verify(both_families(), &with_own("mw_lan"));
        assert_eq!(unsure.exit, 2, "{unsure}");
        assert!(unsure.stdout.contains("from <mw_lan>"), "{unsure}");
    }

    #[test]
    fn rules_in_anchors_count() {
        let site = pfctl(both_families(), OPENBSD, "");
        let rules = site.read("loaded.rules");
        let site = site.file("loaded.rules", format!("anchor \"f2b/*\" all {{\n  anchor \"sshd\" all {{\n    pass quick proto tcp to port 22\n  }}\n}}\n{rules}"));
        let run = run(&site, "verify office.yaml --target pf-openbsd --live");
        assert_eq!(run.exit, 1, "{run}");
        assert!(run.stdout.contains("pfctl -a * -s rules:3"), "{run}");
    }
}
