//! Text that tries to be more than a comment, in the kernel: what it holds is what the same policy without the text
//! gives.

use std::path::Path;

use mailward::lower::lower;
use mailward::parse;
use mailward::render::{Artifact, Templates, render};
use mailward::source::Sources;

use super::firewall::{Firewall, load};
use super::namespace::Namespace;

/// Ends of quotes, comments, lines and blocks, as the one reader or the other knows them.
const HOSTILE: &[&str] = &[
    "x\"; accept; #",
    "\" -j ACCEPT #",
    "\\\" -j ACCEPT",
    "' -j ACCEPT '",
    "ends in a backslash \\",
    "$HOME ${IFS} $(reboot) `reboot`",
    "}\n\n} flush ruleset",
    "COMMIT *filter -A INPUT -j ACCEPT COMMIT",
    "{{ rule.says }} {% raw %}",
];

#[test]
fn hostile_text_changes_no_rule() {
    if !super::required("hostile_text::hostile_text_changes_no_rule") {
        return;
    }
    for firewall in Firewall::ALL {
        let plain = in_force(firewall, &ruleset(firewall, "policy.yaml", "Nothing to see."));
        for text in HOSTILE {
            let text = text.replace('\n', " ");
            assert_eq!(plain, in_force(firewall, &ruleset(firewall, "policy.yaml", &text)), "{text:?}");
        }
    }
}

#[test]
fn hostile_paths_change_no_rule() {
    if !super::required("hostile_text::hostile_paths_change_no_rule") {
        return;
    }
    for firewall in Firewall::ALL {
        let plain = in_force(firewall, &ruleset(firewall, "policy.yaml", "Nothing to see."));
        for path in HOSTILE.iter().map(|text| format!("{text}.yaml")) {
            assert_eq!(plain, in_force(firewall, &ruleset(firewall, &path, "Nothing to see.")), "{path:?}");
        }
    }
}

/// What a policy becomes that has the text wherever free text may stand.
fn ruleset(firewall: Firewall, path: &str, text: &str) -> Vec<Artifact> {
    let text = serde_json::to_string(text).expect("a string");
    let yaml = format!(
        "version: 1\nname: hostile\ndescription: {text}\nowner: {text}\n\
         zones: {{ lan: {{ interfaces: [lan0], trust: internal }} }}\n\
         rules:\n  - {{ id: only, action: allow, from: lan, to: host, services: [pop3], log: true, reason: {text}, \
         owner: {text}, ticket: {text}, exception: {{ owner: {text}, ticket: {text}, expires: 2030-01-01 }} }}\n"
    );
    let mut sources = Sources::default();
    let lowered = lower(parse::text(&Path::new("tests").join(path).to_string_lossy(), yaml, &mut sources));
    let policy = lowered.policy.unwrap_or_else(|| panic!("{:#?}", lowered.diagnostics));
    let templates = Templates::built_in().expect("the templates of the program itself");
    render(&policy, &sources, firewall.target(), &templates).expect("both can say it")
}

/// The rules in force, without what stands between quotes.
fn in_force(firewall: Firewall, ruleset: &[Artifact]) -> Vec<String> {
    let machine = Namespace::new();
    load(&machine, ruleset);
    firewall.rules(&machine).lines().map(unquoted).collect()
}

fn unquoted(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"")
}
