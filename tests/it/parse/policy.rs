//! Whole policies into documents.

use insta::assert_snapshot;
use mailward::parse;
use mailward::source::Sources;

use crate::reading::{diagnostics, plain};

/// The example of the documentation, with every key of the language.
const BRANCH: &str = include_str!("../../data/every-key.yaml");

#[test]
fn a_policy_with_every_key_has_no_problems() {
    let mut sources = Sources::default();
    let bundle = parse::text("p.yaml", BRANCH, &mut sources);
    assert_eq!(plain(&bundle, &sources), "");
    assert_eq!(bundle.main.rules.as_ref().map(Vec::len), Some(5));
}

#[test]
fn every_problem_is_reported_in_one_run() {
    let broken = BRANCH
        .replace("action: reject", "action: rejct")
        .replace("from: legacy", "form: legacy")
        .replace("10.20.0.0/16", "10.20.0.1/16")
        .replace("8443", "84430")
        .replace("2027-03-31", "2027-02-31");
    assert_snapshot!(diagnostics(broken), @r"
    p.yaml:10:46: host-bits-set: `10.20.0.1/16` has host bits set: it names a network and an address in it (did you mean the network `10.20.0.0/16` or the address `10.20.0.1`?)
    p.yaml:20:21: not-a-port: `84430` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    p.yaml:52:5: unknown-key: a rule has no key `form` (did you mean `from`?)
    p.yaml:56:73: not-a-date: `2027-02-31` is not a day of the calendar (check the month and the day)
    p.yaml:60:13: unknown-word: `rejct` is not an action (did you mean `reject`?)
    ");
}
