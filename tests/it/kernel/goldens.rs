//! Every ruleset of the snapshots, loaded by the tools that it is for.

use std::collections::BTreeSet;

use mailward::model::Policy;
use mailward::render::Artifact;

use super::firewall::{Firewall, load};
use super::namespace::Namespace;
use crate::shipped;

#[test]
fn nftables_loads_every_ruleset_twice() {
    if !super::required("goldens::nftables_loads_every_ruleset_twice") {
        return;
    }
    for name in shipped::NAMES {
        let (policy, _) = shipped::policy(name);
        loads_twice(&policy, Firewall::Nftables, &shipped::ruleset(name, Firewall::Nftables.target()));
    }
}

#[test]
fn iptables_loads_every_ruleset_twice() {
    if !super::required("goldens::iptables_loads_every_ruleset_twice") {
        return;
    }
    for name in shipped::NAMES {
        let (policy, _) = shipped::policy(name);
        loads_twice(&policy, Firewall::Iptables, &shipped::ruleset(name, Firewall::Iptables.target()));
    }
}

#[test]
fn a_changed_policy_takes_the_place_of_the_old_one() {
    if !super::required("goldens::a_changed_policy_takes_the_place_of_the_old_one") {
        return;
    }
    for firewall in Firewall::ALL {
        let old = shipped::ruleset("branch-gateway", firewall.target());
        let new = shipped::ruleset_without("branch-gateway", "scanner-pop3", firewall.target());
        let [changed, fresh] = [Namespace::new(), Namespace::new()];
        load(&changed, &old);
        load(&changed, &new);
        load(&fresh, &new);
        // Chains and sets that nothing leads to any more stay behind, empty; the rules in force are what counts.
        same_lines("a changed policy", &firewall.rules(&changed), &firewall.rules(&fresh));
    }
}

#[test]
fn every_corner_of_the_language_loads_twice() {
    if !super::required("goldens::every_corner_of_the_language_loads_twice") {
        return;
    }
    for firewall in Firewall::ALL {
        let (policy, ruleset) = shipped::corners(firewall.target());
        loads_twice(&policy, firewall, &ruleset);
    }
}

/// Loads a ruleset on an empty machine and once more: the second time changes nothing.
fn loads_twice(policy: &Policy, firewall: Firewall, ruleset: &[Artifact]) {
    let machine = Namespace::new();
    load(&machine, ruleset);
    let first = firewall.listing(&machine);
    nothing_was_lost(policy, firewall, &machine, ruleset);
    load(&machine, ruleset);
    same_lines(policy.name.value.as_str(), &first, &firewall.listing(&machine));
}

/// Compares listings, and shows only the lines that differ.
fn same_lines(name: &str, before: &str, after: &str) {
    let only_in = |one: &str, other: &str| -> Vec<String> {
        let other: BTreeSet<&str> = other.lines().collect();
        one.lines().filter(|line| !other.contains(line)).map(str::to_owned).collect()
    };
    let gone_and_new = (only_in(before, after), only_in(after, before));
    assert_eq!(gone_and_new, (Vec::new(), Vec::new()), "{name}: lines that went and lines that came");
    assert_eq!(before.lines().count(), after.lines().count(), "{name}: the same lines as often");
}

/// What the kernel holds is what the files say, rule by rule.
fn nothing_was_lost(policy: &Policy, firewall: Firewall, machine: &Namespace, ruleset: &[Artifact]) {
    let name = policy.name.value.as_str();
    let listing = firewall.listing(machine);
    for rule in policy.rules.iter().filter(|rule| rule.disabled.is_none()) {
        assert!(listing.contains(rule.id.value.as_str()), "{name}: `{}` is not loaded", rule.id.value);
    }
    match firewall {
        Firewall::Nftables => assert_eq!(nft_rules(&listing), nft_rules(&text(ruleset, ".nft")), "{name}"),
        Firewall::Iptables => iptables_rules(name, machine, ruleset),
    }
}

/// Rules of both families are there, in number, and every one of them does something.
fn iptables_rules(name: &str, machine: &Namespace, ruleset: &[Artifact]) {
    for (save, suffix) in [("iptables-save", ".v4.rules"), ("ip6tables-save", ".v6.rules")] {
        let saved = machine.run(save);
        let rules: Vec<&str> = saved.lines().filter(|line| line.starts_with("-A ")).collect();
        let written = text(ruleset, suffix).lines().filter(|line| line.starts_with("-A ")).count();
        assert_eq!(rules.len(), written, "{name}{suffix}: rules in the kernel and in the file");
        for rule in rules {
            // An unterminated quote or a misplaced option loads as a rule without a target, which decides nothing.
            assert!(rule.contains(" -j ") || rule.contains(" -g "), "{name}{suffix}: no target: {rule}");
        }
    }
}

/// The number of statements that decide or log, which nft neither merges nor splits.
fn nft_rules(text: &str) -> usize {
    let rule = |line: &&str| line.contains(" comment \"") && !line.trim_start().starts_with('#');
    text.lines().filter(rule).count()
}

fn text(ruleset: &[Artifact], suffix: &str) -> String {
    ruleset.iter().filter(|file| file.name.ends_with(suffix)).map(|file| file.text.as_str()).collect()
}
