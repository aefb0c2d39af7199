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

/// A chain of so many networks or services, each named by the next one.
fn chain(kind: &str, length: u32, end: &str) -> String {
    let links = (1..length).map(|link| format!("  x{link}: [x{}]\n", link - 1));
    format!("{kind}:\n  x0: [{end}]\n{}", links.collect::<String>())
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
    let upwards = (0..64).map(|link| format!("  x{link:02}: [x{:02}]\n", link + 1)).collect::<String>();
    let text = format!("networks:\n{upwards}  x64: [10.0.0.1]\n{LAN}{}", rule("lan", "host", "any"));
    refused(&text, "too-deep");
    refused(&text.replace("lan,", "[x01, x64],"), "too-deep");
}

#[test]
fn a_long_circle_of_names_is_an_error() {
    let circle: String = (0..20_000).map(|link| format!("  x{link}: [x{}]\n", (link + 1) % 20_000)).collect();
    refused(&format!("networks:\n{circle}{LAN}{}", rule("lan", "host", "any")), "too-deep");
}

#[test]
fn a_service_named_many_times_is_no_larger() {
    let fivefold = (1..40).map(|level| format!("  x{level}: [{}]\n", format!("x{}, ", level - 1).repeat(5)));
    let text = format!("services:\n  x0: {{ tcp: 25 }}\n{}{LAN}", fivefold.collect::<String>());
    accepted(&(text + &rule("lan", "host", "x39")));
}

#[test]
fn networks_that_copy_a_long_one_end_at_the_limit() {
    let long: String = (0..60_000)
        .map(|host| format!("10.{}.{}.{}, ", host >> 15, host >> 7 & 255, host * 2 & 255))
        .collect();
    let copies: String =
        (0..500).map(|copy| format!("  x{copy}: [long, 11.0.{}.{}]\n", copy >> 8, copy & 255)).collect();
    refused(
        &format!("networks:\n  long: [{long}]\n{copies}{LAN}{}", rule("lan", "host", "any")),
        "too-large",
    );
}

#[test]
fn a_rule_about_many_zones_on_both_sides_ends_at_the_limit() {
    let zones: String = (0..2_000).map(|zone| format!("  z{zone}: {{ interfaces: [if{zone}] }}\n")).collect();
    let names: Vec<String> = (0..2_000).map(|zone| format!("z{zone}")).collect();
    let all = format!("[{}]", names.join(", "));
    accepted(&format!("zones:\n{zones}{}", rule(&all, "host", "any")));
    refused(&format!("zones:\n{zones}{}", rule(&all, &all, "any")), "too-large");
}

#[test]
fn interfaces_never_run_out_of_numbers() {
    let interfaces = |count: u32| (0..count).map(|number| format!("if{number}, ")).collect::<String>();
    let text = |count| {
        format!("zones: {{ lan: {{ interfaces: [{}] }} }}\n{}", interfaces(count), rule("lan", "host", "any"))
    };
    accepted(&text(4_096));
    refused(&text(4_097), "too-large");
    refused(&text(70_000), "too-large");
}

#[test]
fn zones_are_limited() {
    let zones: String = (0..4_097)
        .map(|zone| format!("  z{zone}: {{ networks: [10.0.{}.{}] }}\n", zone >> 8, zone & 255))
        .collect();
    refused(&format!("zones:\n{zones}{}", rule("z0", "host", "any")), "too-large");
}

#[test]
fn kinds_of_traffic_that_nothing_joins_are_limited() {
    let apart: String =
        (1..30_000).map(|port| format!("{{ tcp: {port}, source-ports: {port} }}, ")).collect();
    refused(&format!("{LAN}{}", rule("lan", "host", &format!("[{apart}]"))), "too-large");
}
