//! Short policies that mean more than a machine holds, or lead from name to name without end: an error at a place,
//! in bounded memory and on a small stack.

use mailward::lower::lower;
use mailward::parse;
use mailward::source::Sources;

const LAN: &str = "zones: { lan: { interfaces: [lan0] } }\n";
const RULE: &str =
    "rules: [ { id: r, action: deny, from: FROM, to: TO, services: WHAT, reason: Abuse desk. } ]\n";

/// A rule about the given sides and services.
fn rule(from: &str, to: &str, what: &str) -> String {
    RULE.replace("FROM", from).replace("TO", to).replace("WHAT", what)
}

/// The codes of what is wrong with a policy, each once, and whether there is a policy.
fn judged(text: &str) -> (Vec<&'static str>, bool) {
    let text = format!("version: 1\nname: p\n{text}");
    let lowered = lower(parse::text("p.yaml", text, &mut Sources::default()));
    let mut codes: Vec<&'static str> = lowered.diagnostics.iter().map(|problem| problem.code).collect();
    codes.sort_unstable();
    codes.dedup();
    (codes, lowered.policy.is_some())
}

fn refused(text: &str, code: &'static str) {
    assert_eq!(judged(text), (vec![code], false));
}

fn accepted(text: &str) {
    assert_eq!(judged(text), (vec![], true));
}

/// So many items in a row.
fn row(count: u32, item: impl Fn(u32) -> String) -> String {
    let items: Vec<String> = (0..count).map(item).collect();
    items.concat()
}

/// A chain of so many networks or services, each named by the next one.
fn chain(kind: &str, length: u32, end: &str) -> String {
    format!("{kind}:\n  x0: [{end}]\n{}", row(length - 1, |link| format!("  x{}: [x{link}]\n", link + 1)))
}

#[test]
fn a_chain_of_names_ends_at_the_limit() {
    for (length, code) in [(64, None), (65, Some("too-deep")), (20_000, Some("too-deep"))] {
        let last = format!("x{}", length - 1);
        let networks = chain("networks", length, "10.0.0.1") + LAN + &rule(&last, "host", "any");
        let services = chain("services", length, "ssh") + LAN + &rule("lan", "host", &last);
        for text in [networks, services] {
            code.map_or_else(|| accepted(&text), |code| refused(&text, code));
        }
    }
}

#[test]
fn the_limit_does_not_depend_on_what_is_looked_up_first() {
    let upwards = row(64, |link| format!("  x{link:02}: [x{:02}]\n", link + 1));
    let text = format!("networks:\n{upwards}  x64: [10.0.0.1]\n{LAN}{}", rule("lan", "host", "any"));
    refused(&text, "too-deep");
    refused(&text.replace("lan,", "[x01, x64],"), "too-deep");
}

#[test]
fn a_long_circle_of_names_is_an_error() {
    let circle = row(20_000, |link| format!("  x{link}: [x{}]\n", (link + 1) % 20_000));
    refused(&format!("networks:\n{circle}{LAN}{}", rule("lan", "host", "any")), "too-deep");
}

#[test]
fn a_service_named_many_times_is_no_larger() {
    let fivefold = row(39, |level| format!("  x{}: [{}]\n", level + 1, format!("x{level}, ").repeat(5)));
    let text = format!("services:\n  x0: {{ tcp: 25 }}\n{fivefold}{LAN}");
    accepted(&(text + &rule("lan", "host", "x39")));
}

#[test]
fn networks_that_copy_a_long_one_end_at_the_limit() {
    let long = row(60_000, |host| format!("10.{}.{}.{}, ", host >> 15, host >> 7 & 255, (host * 2) & 255));
    let copies = row(500, |copy| format!("  x{copy}: [long, 11.0.{}.{}]\n", copy >> 8, copy & 255));
    refused(
        &format!("networks:\n  long: [{long}]\n{copies}{LAN}{}", rule("lan", "host", "any")),
        "too-large",
    );
}

#[test]
fn a_rule_about_many_zones_on_both_sides_ends_at_the_limit() {
    let zones = row(2_000, |zone| format!("  z{zone}: {{ interfaces: [if{zone}] }}\n"));
    let all = format!("[{}]", row(2_000, |zone| format!("z{zone}, ")));
    accepted(&format!("zones:\n{zones}{}", rule(&all, "host", "any")));
    refused(&format!("zones:\n{zones}{}", rule(&all, &all, "any")), "too-large");
}

#[test]
fn interfaces_never_run_out_of_numbers() {
    let zone =
        |count| format!("zones: {{ lan: {{ interfaces: [{}] }} }}\n", row(count, |one| format!("if{one}, ")));
    let text = |count| zone(count) + &rule("lan", "host", "any");
    accepted(&text(4_096));
    refused(&text(4_097), "too-large");
    refused(&text(70_000), "too-large");
}

#[test]
fn zones_are_limited() {
    let zones =
        row(4_097, |zone| format!("  z{zone}: {{ networks: [10.0.{}.{}] }}\n", zone >> 8, zone & 255));
    refused(&format!("zones:\n{zones}{}", rule("z0", "host", "any")), "too-large");
}

#[test]
fn kinds_of_traffic_that_nothing_joins_are_limited() {
    let apart =
        row(30_000, |port| format!("{{ tcp: {}, source-ports: {} }}, ", port + 1, 2 * (port / 2) + 1));
    refused(&format!("{LAN}{}", rule("lan", "host", &format!("[{apart}]"))), "too-large");
}
