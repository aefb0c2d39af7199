//! Policies to try, made of parts.

use proptest::prelude::*;
use proptest::sample::select;

/// Ways to wire a machine: zones by interface, by address, by both, several to an interface and the reverse.
const ZONES: [(&str, &[&str]); 6] = [
    (
        "  lan: { interfaces: [lan0], networks: [10.20.0.0/16, \"2001:db8:20::/48\"], trust: internal }
  dmz: { interfaces: [dmz0], networks: [192.0.2.0/27, \"2001:db8:25::/64\"], trust: internal }
  internet: { interfaces: [wan0] }\n",
        &["lan", "dmz", "internet"],
    ),
    (
        "  lan: { interfaces: [lan0, lan1], networks: [10.20.0.0/16, \"2001:db8:20::/48\"], trust: internal }
  internet: { interfaces: [wan0, wan1] }\n",
        &["lan", "internet"],
    ),
    (
        "  homes: { interfaces: [lan0], networks: [10.20.0.0/20] }
  shops: { interfaces: [lan0], networks: [10.20.16.0/20, \"2001:db8:20::/48\"] }
  servers: { interfaces: [dmz0], networks: [192.0.2.0/27], trust: internal }
  internet: { interfaces: [wan0, wan1] }\n",
        &["homes", "shops", "servers", "internet"],
    ),
    (
        "  office: { networks: [198.51.100.0/24, \"2001:db8:ffff::/64\"] }
  internet: { interfaces: [wan0] }\n",
        &["office", "internet"],
    ),
    (
        "  lan: { interfaces: [lan0], trust: internal }\n  internet: { interfaces: [wan0] }\n",
        &["lan", "internet"],
    ),
    (
        "  left: { interfaces: [lan0, lan1], networks: [10.20.0.0/17], trust: internal }
  right: { interfaces: [lan1, dmz0], networks: [10.20.128.0/17, \"2001:db8:20::/48\"], trust: internal }\n",
        &["left", "right"],
    ),
];

const NETWORKS: &str = "networks:
  relay: [192.0.2.10, \"2001:db8:25::10\"]
  legacy: [10.20.9.0/28]
  six: [\"2001:db8:20:1::/64\"]
  some: [10.20.1.5-10.20.1.9, 198.51.100.7]
  mixed: [0.0.0.0/0, \"2001:db8:20::/48\"]
  rest: { addresses: [10.20.0.0/16, \"2001:db8:20::/48\"], except: [legacy, six] }
";

/// What `from` and `to` may say besides zones.
const PLACES: [&str; 10] = [
    "any",
    "any",
    "host",
    "relay",
    "legacy",
    "six",
    "some",
    "rest",
    "mixed",
    "[10.20.1.6, \"2001:db8:ffff::1\"]",
];

const SERVICES: [&str; 12] = [
    "any",
    "[pop3, imaps]",
    "smtp",
    "dns",
    "{ tcp: [8000-8100, 25] }",
    "{ udp: [53], source-ports: [1024-65535] }",
    "{ icmp: [echo-request, timestamp-request] }",
    "{ icmpv6: [echo-request] }",
    "{ icmp: any, icmpv6: any }",
    "{ protocol: [47] }",
    "{ protocol: [2, 50, 47], tcp: any }",
    "{ tcp: [443], udp: [443] }",
];

/// A rule without its id.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    action: &'static str,
    from: String,
    to: String,
    services: &'static str,
    log: bool,
    observe: bool,
}

/// A policy in parts.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    zones: &'static str,
    defaults: [&'static str; 4],
    baseline: String,
    rules: Vec<Rule>,
}

impl Text {
    /// The file with all rules, or with one.
    pub(crate) fn file(&self, only: Option<usize>) -> String {
        let [input, forward, output, log] = self.defaults;
        let rules = self.rules.iter().enumerate().filter(|(index, _)| only.is_none_or(|only| only == *index));
        let rules: String = rules.map(|(index, rule)| rule.text(index)).collect();
        format!(
            "version: 1\nname: test\nzones:\n{}{NETWORKS}defaults: {{ input: {input}, forward: {forward}, output: \
             {output}, log: {log} }}\nbaseline: {{ {} }}\nrules:\n{rules}",
            self.zones, self.baseline,
        )
    }

    /// Without the rules that are not valid by themselves, such as one between families that never meet.
    pub(crate) fn keep(mut self, valid: impl Fn(&str) -> bool) -> Self {
        let good: Vec<Rule> = (0..self.rules.len())
            .filter(|&index| valid(&self.file(Some(index))))
            .map(|index| self.rules[index].clone())
            .collect();
        self.rules = good;
        self
    }

    /// Whether there is a rule.
    pub(crate) fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }
}

impl Rule {
    fn text(&self, index: usize) -> String {
        let Self { action, from, to, services, log, .. } = self;
        let stage = if self.observe && *action != "allow" { ", stage: observe" } else { "" };
        format!(
            "  - {{ id: rule-{index}, action: {action}, from: {from}, to: {to}, services: {services}, log: {log}, \
             reason: test{stage} }}\n"
        )
    }
}

fn rule(zones: &'static [&'static str]) -> impl Strategy<Value = Rule> {
    let places: Vec<&str> = zones.iter().chain(zones).chain(&PLACES).copied().collect();
    let pairs = places.clone();
    let place = prop_oneof![
        4 => select(places).prop_map(str::to_owned),
        1 => (select(pairs.clone()), select(zones)).prop_filter_map("two places", |(one, other)| {
            (one != other && one != "any" && !one.starts_with('[')).then(|| format!("[{one}, {other}]"))
        }),
    ];
    let action = select(vec!["allow", "allow", "deny", "reject"]);
    (action, place.clone(), place, select(&SERVICES[..]), any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |(action, from, to, services, log, observe)| Rule { action, from, to, services, log, observe },
    )
}

/// Any policy.
pub(crate) fn texts() -> impl Strategy<Value = Text> {
    let action = || select(vec!["deny", "deny", "deny", "reject", "allow"]);
    let defaults = (action(), action(), action(), select(vec!["true", "false"]));
    let switch = |name: &'static str| prop::bool::weighted(0.8).prop_map(move |on| format!("{name}: {on}"));
    let baseline = (
        [switch("loopback"), switch("neighbour-discovery"), switch("anti-spoofing")],
        [switch("icmp-errors"), switch("invalid"), switch("echo")],
        prop_oneof![Just(""), Just(", dhcp-client: [wan0]")],
    );
    let baseline =
        baseline.prop_map(|(one, two, dhcp)| format!("{}, {}{dhcp}", one.join(", "), two.join(", ")));
    select(&ZONES[..]).prop_flat_map(move |(zones, names)| {
        let rules = prop::collection::vec(rule(names), 1..8);
        (defaults.clone(), baseline.clone(), rules).prop_map(
            move |((input, forward, output, log), baseline, rules)| Text {
                zones,
                defaults: [input, forward, output, log],
                baseline,
                rules,
            },
        )
    })
}
