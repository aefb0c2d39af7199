//! What other tools make of our rulesets, held against these: `mailward prove` calls both the same.

use mailward::render::{Artifact, Target};

use super::namespace::Namespace;
use crate::program::{Run, Site};
use crate::shipped;

/// How many rulesets must have been compared at least. Some versions of nft write merged rules that they cannot load, and
/// a translation leaves sets out.
const ENOUGH: usize = 4;

#[test]
fn what_nft_puts_together_is_the_same() {
    if !super::required("other_tools::what_nft_puts_together_is_the_same") {
        return;
    }
    let mut compared = 0;
    for name in shipped::NAMES {
        let ruleset = text(&shipped::ruleset(name, Target::Nftables), ".nft");
        let machine = Namespace::new();
        if machine.attempt("nft --optimize --file -", &ruleset).status.success() {
            let run = prove(("old.nft", &ruleset), &machine.run("nft list ruleset"));
            assert_eq!(run.exit, 0, "{name}: {run}");
            compared += 1;
        }
    }
    assert!(compared >= ENOUGH, "nft has loaded only {compared} rulesets");
}

#[test]
fn what_iptables_translates_is_the_same_or_known_not_to_be() {
    if !super::required("other_tools::what_iptables_translates_is_the_same_or_known_not_to_be") {
        return;
    }
    let machine = Namespace::new();
    let mut compared = 0;
    for name in shipped::NAMES {
        let files = shipped::ruleset(name, Target::Iptables);
        if files.iter().any(|file| file.name.contains(".ipset")) {
            continue;
        }
        for (suffix, tool) in
            [("v4.rules", "iptables-restore-translate"), ("v6.rules", "ip6tables-restore-translate")]
        {
            let rules = text(&files, suffix);
            let translated = machine.feed(&format!("{tool} --file /dev/stdin"), &rules);
            // A rule that it has no words for becomes a comment; then rules are missing, and the proof says so.
            let is_whole = !translated.lines().any(|line| line.starts_with("# -t "));
            let run = prove((&format!("old.{suffix}"), &rules), &translated);
            assert_eq!(run.exit, i32::from(!is_whole), "{name}: {run}");
            assert!(is_whole || run.stdout.contains("narrowed"), "{name}: {run}");
            compared += 1;
        }
    }
    assert!(compared >= ENOUGH, "only {compared} rulesets can be translated");
}

/// The text of the file whose name ends like that.
fn text(files: &[Artifact], suffix: &str) -> String {
    let file = files.iter().find(|file| file.name.ends_with(suffix));
    file.expect("a ruleset has such a file").text.clone()
}

/// Holds our ruleset against what became of it.
fn prove((name, ours): (&str, &str), theirs: &str) -> Run {
    let site = Site::new().file(name, ours).file("new.nft", theirs);
    site.run(&format!("prove {name} new.nft"))
}
