//! `mailward verify` as its users meet it: saved rulesets, and live ones of tools that the test plays.

use crate::cli_diff::OFFICE;
use crate::cli_prove::office;
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
    insta::assert_snapshot!(run, @"");
}

#[test]
fn a_table_of_somebody_else_is_named_by_its_place() {
    let site = office();
    let other = "table ip quota {\n\tchain block {\n\t\ttype filter hook forward priority 10; policy accept;\n\t\tct state new ip saddr 10.0.66.0/24 drop\n\t}\n}\n";
    let live = site.read("rules/office.nft") + other;
    let run = site.file("live.nft", live).run("verify office.yaml --target nftables live.nft");
    insta::assert_snapshot!(run, @"");
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
    assert!(run.stdout.contains("office.ipset"), "{run}");
    let files = "rules/office.v4.rules rules/office.v6.rules rules/office.ipset";
    let run = site.run(&format!("verify office.yaml --target iptables {files}"));
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    let short = site.read("rules/office.ipset").replace("add mw4_blocked 198.51.7.1\n", "");
    let (short, is_shorter) = (short.clone(), short != site.read("rules/office.ipset"));
    assert!(is_shorter, "{short}");
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
    insta::assert_snapshot!(site.run("verify - --target nftables -"), @"");
}

#[test]
fn files_that_make_no_ruleset() {
    let site = office();
    insta::assert_snapshot!(site.run("verify office.yaml --target iptables rules/office.v4.rules rules/office.v4.rules"), @"");
    insta::assert_snapshot!(site.run("verify office.yaml --target nftables rules/office.nft rules/office.nft"), @"");
    for words in ["--target nftables", "--target nftables --live rules/office.nft", "rules/office.nft"] {
        let run = site.run(&format!("verify office.yaml {words}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
    }
}

#[cfg(unix)]
mod live {
    use std::os::unix::fs::PermissionsExt as _;

    use super::{Run, Site, office};

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
        insta::assert_snapshot!(run(&site, "verify office.yaml --target nftables --live"), @"");
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
        insta::assert_snapshot!(without, @"");
        let site = tool(site, "ipset", "[ \"$*\" = save ] && echo 'create unused hash:net'");
        let with = run(&site, "verify office.yaml --target iptables --live");
        assert_eq!((with.exit, with.stderr.as_str()), (0, ""), "{with}");
    }

    #[test]
    fn a_tool_that_refuses_is_no_answer() {
        let site = tool(office(), "nft", "echo 'Operation not permitted (you must be root)' >&2; exit 1");
        insta::assert_snapshot!(run(&site, "verify office.yaml --target nftables --live"), @"");
        let silent = tool(office(), "nft", "exit 3");
        let run = run(&silent, "verify office.yaml --target nftables --live");
        assert!(run.stderr.contains("it does not say why"), "{run}");
    }

    #[test]
    fn a_tool_that_is_not_there_is_no_answer() {
        let site = office();
        insta::assert_snapshot!(run(&site, "verify office.yaml --target nftables --live"), @"");
        let site = tool(site, "iptables-save", "/bin/cat rules/office.v4.rules");
        let run = run(&site, "verify office.yaml --target iptables --live");
        assert!(run.stderr.contains("`ip6tables-save`"), "{run}");
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    }
}
