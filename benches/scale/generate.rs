//! Deterministic policies of any size, for benchmarks and scale tests, and the same policy for ferm.
//!
//! Each rule lets one IPv4 /24 and one IPv6 /64 reach one host of each family on one of seven mail ports (every
//! tenth rule: on two); every seventh refuses instead, every tenth logs. No rule shadows another.

use std::fmt::Write as _;

const SERVICES: [(&str, u16); 7] = [
    ("smtp", 25),
    ("submissions", 465),
    ("submission", 587),
    ("pop3s", 995),
    ("imaps", 993),
    ("managesieve", 4190),
    ("https", 443),
];

/// One generated rule.
struct Rule {
    number: usize,
    source: (String, String),
    destination: (String, String),
    services: Vec<(&'static str, u16)>,
    allow: bool,
    log: bool,
}

fn rules(count: usize) -> impl Iterator<Item = Rule> {
    (0..count).map(|number| {
        let (high, low) = (number / 256, number % 256);
        let services = [number, number + 3];
        Rule {
            number,
            source: (format!("10.{high}.{low}.0/24"), format!("2001:db8:{high:x}:{low:x}::/64")),
            destination: (
                format!("198.{}.{low}.25", 18 + high / 256),
                format!("2001:db8:ffff:{high:x}::{low:x}"),
            ),
            services: services
                .into_iter()
                .take(if number % 10 == 0 { 2 } else { 1 })
                .filter_map(|index| SERVICES.get(index % SERVICES.len()).copied())
                .collect(),
            allow: number % 7 != 6,
            log: number % 10 == 1,
        }
    })
}

/// A policy of that many rules.
pub(crate) fn policy(count: usize) -> String {
    let mut text = String::from(
        "version: 1\nname: generated\nowner: netops@example.net\nzones:\n  \
         inside: { interfaces: [lan0], trust: internal }\n  \
         outside: { interfaces: [wan0], trust: internal }\nrules:\n",
    );
    for rule in rules(count) {
        let names: Vec<&str> = rule.services.iter().map(|(name, _)| *name).collect();
        let _ = write!(
            text,
            "  - id: rule-{}\n    action: {}\n    from: [{}, \"{}\"]\n    to: [{}, \"{}\"]\n    services: [{}]\n",
            rule.number,
            if rule.allow { "allow" } else { "deny" },
            rule.source.0,
            rule.source.1,
            rule.destination.0,
            rule.destination.1,
            names.join(", "),
        );
        if rule.log {
            text.push_str("    log: { rate: 10/minute }\n");
        }
        let _ = writeln!(text, "    reason: Generated rule number {}.", rule.number);
    }
    text
}

/// The same rules for ferm, one file for both families.
pub(crate) fn ferm(count: usize) -> String {
    let mut text = String::from(
        "domain (ip ip6) table filter {\n  chain (INPUT FORWARD OUTPUT) policy DROP;\n  chain FORWARD {\n    \
         mod state state (ESTABLISHED RELATED) ACCEPT;\n",
    );
    for rule in rules(count) {
        let ports: Vec<String> = rule.services.iter().map(|(_, port)| port.to_string()).collect();
        let _ = write!(
            text,
            "    proto tcp saddr @ipfilter(({} {})) daddr @ipfilter(({} {})) dport ({}) {{ ",
            rule.source.0,
            rule.source.1,
            rule.destination.0,
            rule.destination.1,
            ports.join(" "),
        );
        if rule.log {
            let _ = write!(text, "mod limit limit 10/minute LOG log-prefix \"rule-{}: \"; ", rule.number);
        }
        text.push_str(if rule.allow { "ACCEPT; }\n" } else { "DROP; }\n" });
    }
    text.push_str("  }\n}\n");
    text
}
