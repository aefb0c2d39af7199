//! Exceptions: with an end, in time, and logged.

use super::findings::{office, titles};

fn found(check: &str, rules: &[&str]) -> usize {
    titles(check, &office(rules)).len()
}

#[test]
fn an_exception_ends_after_its_last_day() {
    let expired = |day: &str| {
        let line =
            format!("x | lan | internet | pop3 | log: true, exception: {{ owner: a, expires: {day} }}");
        found("exception-expired", &[&line])
    };
    assert_eq!((expired("2026-11-14"), expired("2026-11-15"), expired("2026-11-16")), (1, 0, 0));
}

#[test]
fn an_expired_rule_that_never_decides_is_not_in_force() {
    let expired = "x | lan | internet | pop3 | log: true, exception: { owner: a, expires: 2026-01-01 }";
    assert_eq!(found("exception-expired", &["deny-pop3 | lan | internet | pop3", expired]), 0);
}

#[test]
fn a_missing_end_is_found_once_per_rule() {
    let endless = "x | any | any | pop3 | log: true, exception: { owner: a, ticket: b }";
    assert_eq!(titles("exception-no-expiry", &office(&[endless])), ["the exception of rule `x` has no end"]);
}

#[test]
fn a_log_anywhere_on_the_way_is_a_log() {
    let excepted = "x | lan | internet | pop3 | exception: { owner: a, expires: 2027-01-01 }";
    let observed = |from: &str| {
        let observer = format!("deny-soon | {from} | internet | pop3 | stage: observe, log: true");
        found("exception-not-logged", &[&observer, excepted])
    };
    assert_eq!(found("exception-not-logged", &[excepted]), 1);
    assert_eq!(observed("lan"), 0);
    assert_eq!(observed("10.20.0.0/16"), 1, "IPv6 is not observed");
}
