//! Waivers in comments: what they say, and what they are about.

use super::*;
use crate::source::{SourceFile, Sources};

const POLICY: &str = "\
version: 1
# mailward: allow(a) until 2027-01-01 by x: whole list
rules:
  # mailward: allow(b, c) until 2027-03-31 by J. Ortega: Scanners cannot do TLS: NET-412.
  - id: one # mailward: allow(d) until 2027-01-01 by x: one
    to: \"# mailward: allow(e) until 2027-01-01 by x: text\"
    # mailward: allow(f) until 2027-01-01 by x: one
    from: lan

  - { id: two } # mailward: allow(g) until 2027-02-30 by x: no day
defaults:
  input: allow # mailward: allow(h) until 2027-01-01 by x: defaults
# mailward: allow(i) until 2027-01-01 by x: nothing follows
";

/// What a waiver says and the text it is about.
fn told(policy: &str) -> Vec<(String, Option<String>, String)> {
    let mut sources = Sources::default();
    let (file, problems) = sources.add_yaml(SourceFile::new("p.yaml".to_owned(), policy.to_owned(), None));
    assert!(problems.is_empty(), "{problems:#?}");
    let tree = sources.file(file).unwrap().tree().unwrap();
    let tell = |decl: WaiverDecl| {
        let about = match decl.place {
            WaiverPlace::Nodes { first, last, .. } => {
                let [first, last] = [first, last].map(|id| tree.node(id).unwrap());
                let about = policy.get(first.span.start..last.span.end).unwrap();
                about.lines().next().unwrap().to_owned()
            }
            _ => "nothing".to_owned(),
        };
        let checks: Vec<String> = decl.checks.into_iter().map(|check| check.value).collect();
        (checks.join(" "), decl.fault, about)
    };
    in_comments(file, policy, tree).into_iter().map(tell).collect()
}

#[test]
fn a_comment_is_about_what_it_stands_in_or_what_follows() {
    let told = told(POLICY);
    let about: Vec<(&str, &str)> =
        told.iter().map(|(checks, _, about)| (checks.as_str(), about.as_str())).collect();
    assert_eq!(
        about,
        [
            ("a", "nothing"),
            ("b c", "id: one # mailward: allow(d) until 2027-01-01 by x: one"),
            ("d", "id: one # mailward: allow(d) until 2027-01-01 by x: one"),
            ("f", "id: one # mailward: allow(d) until 2027-01-01 by x: one"),
            ("g", "id: two }"),
            ("h", "defaults:"),
            ("i", "nothing"),
        ]
    );
    let faults: Vec<&str> = told.iter().filter_map(|(_, fault, _)| fault.as_deref()).collect();
    assert!(
        faults[0].contains("whole list") && faults[1].contains("`2027-02-30` is not a date"),
        "{faults:?}"
    );
    assert!(faults[2].contains("nothing that a finding"), "{faults:?}");
    assert_eq!(faults.len(), 3, "{faults:?}");
}

#[test]
fn what_is_missing_is_said() {
    let fault = |comment: &str| {
        let policy = format!("rules:\n  # mailward: {comment}\n  - id: a\n");
        told(&policy).remove(0).1.unwrap_or_default()
    };
    assert!(fault("allow(a) until 2027-01-01 by x").contains("no reason"));
    assert!(fault("allow(a) until 2027-01-01: because").contains("by whom"));
    assert!(fault("allow(a) by x: because").contains("until when"));
    assert!(fault("allow() until 2027-01-01 by x: because").contains("no check"));
    assert!(fault("allow(a until 2027-01-01 by x: because").contains("not closed"));
    assert!(fault("ignore(a)").contains("`allow(…)`"));
    assert_eq!(fault("allow(a) until 2027-01-01 by x: because"), "");
}
