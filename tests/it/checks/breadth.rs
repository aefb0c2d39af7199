//! How much is open: everything, ranges, too many sources, zones that should not meet, resolvers for everybody.

use mailward::readback::Language;
use mailward::source::{Diagnostic, Severity};

use super::findings::{findings, findings_in_ruleset, office, titles};

const ALL: &str = "inbound-any-any";
const RESOLVER: &str = "open-resolver";
const ADMIN: &str = "admin-on-firewall-from-untrusted";
const SOURCES: &str = "source-too-broad";
const PORTS: &str = "port-range-too-broad";
const ZONES: &str = "forward-between-zones-unlisted";

fn count(check: &str, rules: &[&str]) -> usize {
    titles(check, &office(rules)).len()
}

fn with(rules: &[&str], more: &str) -> String {
    office(rules) + more + "\n"
}

fn of(check: &str, policy: &str) -> Vec<Diagnostic> {
    findings(policy).into_iter().filter(|finding| finding.code == check).collect()
}

#[test]
fn everything_comes_in_however_it_is_written() {
    assert_eq!(count(ALL, &["a | internet | host | any"]), 1);
    assert_eq!(count(ALL, &["a | any | any | any"]), 1);
    assert_eq!(count(ALL, &["a | '2000::/3' | servers | { tcp: any, udp: any }"]), 1);
    assert_eq!(
        count(ALL, &["a | internet | 10.30.0.9 | { tcp: any }", "b | internet | 10.30.0.9 | { udp: any }"]),
        1
    );
    let shut =
        ["deny-some | internet | any | { tcp: [22, 23, 3389] } | log: true", "a | internet | servers | any"];
    assert_eq!(count(ALL, &shut), 1, "a list of bad ports is no filter");
    let bad =
        ["deny-bad | [198.51.100.0/24, 45.0.0.0/8] | any | any | log: true", "a | internet | servers | any"];
    assert_eq!(count(ALL, &bad), 1, "a list of bad sources is none either");
}

#[test]
fn less_than_everything_comes_in() {
    assert_eq!(count(ALL, &["a | internet | host | { tcp: any }"]), 0);
    assert_eq!(count(ALL, &["a | internet | host | { tcp: 1024-65535, udp: 1024-65535 }"]), 0);
    assert_eq!(count(ALL, &["a | 198.51.100.0/24 | host | any"]), 0, "a known network");
    assert_eq!(count(ALL, &["a | lan | host | any", "b | servers | lan | any"]), 0);
    assert_eq!(count(ALL, &["a | lan | internet | any"]), 0);
    let default = with(&["a | lan | internet | https"], "defaults: { input: allow }");
    assert!(titles(ALL, &default).is_empty(), "the default has a check of its own");
    let excepted = "a | internet | host | any | log: true, exception: { owner: a, expires: 2027-01-01 }";
    assert_eq!(count(ALL, &[excepted]), 0);
}

#[test]
fn a_ruleset_that_lets_everything_in() {
    let rules = |lines: &str| {
        let text =
            format!("*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT DROP [0:0]\n{lines}COMMIT\n");
        let found = findings_in_ruleset(Language::Iptables, &text);
        found.iter().filter(|finding| finding.code == ALL).count()
    };
    assert_eq!(rules(""), 0, "nobody knows where the outside is");
    assert_eq!(rules("-A INPUT -j ACCEPT\n"), 1);
    assert_eq!(rules("-A INPUT -p tcp --dport 22 -j DROP\n-A INPUT -j ACCEPT\n"), 1);
    let drops = (0..400).map(|n| format!("-A INPUT -s 45.{}.{}.7 -j DROP\n", n / 200, n % 200));
    let listed = drops.collect::<Vec<_>>().concat();
    assert_eq!(rules(&(listed + "-A INPUT -j ACCEPT\n")), 1, "a long list of bad sources");
    assert_eq!(rules("-A INPUT -i eth1 -j ACCEPT\n"), 0, "perhaps the inside");
    assert_eq!(rules("-A INPUT -s 10.0.0.0/8 -j ACCEPT\n"), 0);
}

#[test]
fn resolvers_for_everybody() {
    let roles = "hosts: [{ networks: [10.30.0.53], roles: [resolver] }]";
    let open = |rule| titles(RESOLVER, &with(&[rule], roles)).len();
    assert_eq!(open("a | internet | 10.30.0.53 | dns"), 1);
    assert_eq!(open("a | 0.0.0.0/1 | servers | { udp: 50-60 }"), 1);
    assert_eq!(open("a | 198.51.100.0/24 | 10.30.0.53 | dns"), 0);
    assert_eq!(open("a | lan | 10.30.0.53 | dns"), 0);
    assert_eq!(open("a | internet | 10.30.0.54 | dns"), 0);
}

#[test]
fn this_machine_as_a_resolver_and_servers_of_domains() {
    let open = |roles| {
        let hosts = format!("hosts: [{{ networks: [host], roles: {roles} }}]");
        titles(RESOLVER, &with(&["a | internet | host | dns"], &hosts)).len()
    };
    assert_eq!((open("[resolver]"), open("[resolver, nameserver]"), open("[nameserver]")), (1, 0, 0));
    assert_eq!(count(RESOLVER, &["a | internet | host | dns"]), 0);
}

#[test]
fn administration_of_the_firewall_from_outside() {
    let bsi = |rule| titles(ADMIN, &with(&[rule], "profiles: [bsi-grundschutz]")).len();
    assert_eq!(bsi("a | 198.51.100.7 | host | ssh"), 1);
    assert_eq!(bsi("a | '2000::/64' | host | { tcp: 20-30 }"), 1);
    assert_eq!(bsi("a | internet | host | ssh"), 0, "mgmt-from-any says so");
    assert_eq!(bsi("a | lan | host | ssh"), 0);
    assert_eq!(bsi("a | 198.51.100.7 | servers | ssh"), 0, "that is not the firewall");
    assert_eq!(bsi("a | 198.51.100.7 | host | https"), 0);
    assert_eq!(count(ADMIN, &["a | 198.51.100.7 | host | ssh"]), 0, "nobody asked");
}

#[test]
fn a_firewall_is_no_bastion() {
    let bastion = "profiles: [bsi-grundschutz]\nhosts: [{ networks: [host], roles: [bastion] }]";
    let policy = with(&["a | internet | host | ssh"], bastion);
    assert_eq!(of(ADMIN, &policy).len(), 1);
    assert_eq!(of(ADMIN, &policy)[0].severity, Severity::Critical);
    assert!(titles("mgmt-from-any", &policy).is_empty());
}

#[test]
fn sensitive_services_for_too_much_of_the_inside() {
    let pci = |rules: &[&str]| titles(SOURCES, &with(rules, "profiles: [pci-dss-4.0.1]"));
    let v6 = "rule `a` opens TCP 22 to more than 256 IPv6 networks of the size /64 inside";
    assert_eq!(pci(&["a | lan | servers | ssh"]), [v6]);
    assert_eq!(pci(&["a | 10.20.0.0/16 | servers | [ssh, rdp, postgresql]"]), [""; 0]);
    assert_eq!(pci(&["a | '2001:db8:20::/56' | host | ssh"]), [""; 0]);
    assert_eq!(pci(&["a | lan | servers | { tcp: [445, 389, 443, 25] }"]), [""; 0]);
    assert_eq!(pci(&["a | internet | servers | ssh", "b | lan | internet | ssh"]), [""; 0]);
    assert_eq!(count(SOURCES, &["a | lan | servers | ssh"]), 0, "nobody asked");
}

#[test]
fn sources_of_all_rules_are_added_up() {
    let pci = |rules: &[&str]| of(SOURCES, &with(rules, "profiles: [pci-dss-4.0.1]"));
    let [one, two] =
        ["a | 10.20.0.0/16 | 10.30.0.5 | ssh", "b | 10.30.0.0/24 | 10.30.0.0/24 | { tcp: 20-30 }"];
    assert_eq!(pci(&[one]), []);
    let found = pci(&[one, two]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].related.len(), 1);
    assert_eq!(pci(&[one, "b | 10.30.0.0/24 | 10.30.0.6 | ssh"]), [], "another destination");
    assert_eq!(pci(&[one, "b | 10.30.0.0/24 | 10.30.0.5 | https"]), [], "another port");
}

#[test]
fn ranges_of_ports() {
    assert_eq!(count(PORTS, &["a | lan | servers | { tcp: 8000-8100 }"]), 1);
    assert_eq!(count(PORTS, &["a | lan | servers | { tcp: [8000-8050, 8051-8100] }"]), 1);
    assert_eq!(count(PORTS, &["a | internet | '2001:db8:30::5' | { udp: 16384-32767 }"]), 1);
    assert_eq!(count(PORTS, &["a | host | internet | { tcp: [1-24, 26-65535] }"]), 1);
    let title = &titles(PORTS, &office(&["a | lan | servers | { udp: 1024-65535 }"]))[0];
    assert_eq!(title, "rule `a` opens a range of 64512 ports (UDP 1024 to 65535)");
}

#[test]
fn ports_that_are_no_range() {
    assert_eq!(count(PORTS, &["a | lan | servers | { tcp: 8000-8099 }"]), 0);
    assert_eq!(count(PORTS, &["a | lan | servers | [traceroute]"]), 0, "it has a name");
    assert_eq!(count(PORTS, &["a | lan | servers | any", "b | lan | servers | { tcp: any }"]), 0);
    assert_eq!(count(PORTS, &["deny-a | lan | servers | { tcp: 8000-9000 } | log: true"]), 0);
    let mostly =
        ["deny-m | lan | any | { tcp: 8050-9000 } | log: true", "a | lan | servers | { tcp: 8000-9000 }"];
    assert_eq!(count(PORTS, &mostly), 0, "earlier rules leave it fifty");
}

#[test]
fn what_strangers_say_to_each_other() {
    let policy = "version: 1\nname: transit\nzones:
  customers: { interfaces: [cust0], networks: [198.51.100.0/25], trust: untrusted }
  internet: { interfaces: [wan0], trust: untrusted }
  platform: { interfaces: [srv0], networks: [10.1.0.0/24], trust: internal }
rules:
  - { id: a, action: allow, from: customers, to: internet, services: { udp: 1024-65535 }, reason: Transit }
";
    assert!(titles(PORTS, policy).is_empty());
    assert!(
        titles(ALL, &policy.replace("from: customers, to: internet", "from: internet, to: customers"))
            .is_empty()
    );
}

#[test]
fn zones_that_should_not_meet() {
    let listed = |rules: &[&str], flows: &str| titles(ZONES, &with(rules, &format!("flows: [{flows}]")));
    let out = "{ from: [lan, servers], to: internet }";
    assert_eq!(listed(&["a | lan | internet | https"], out), [""; 0]);
    let title = "rule `a` lets flows open from `lan` into `servers`, which `flows` does not list";
    assert_eq!(listed(&["a | lan | servers | https"], out), [title]);
    assert_eq!(listed(&["a | 10.20.1.1 | 10.30.0.0/28 | https"], out), [title]);
    assert_eq!(
        listed(&["a | servers | lan | https"], &format!("{out}, {{ from: lan, to: servers }}")).len(),
        1
    );
    assert_eq!(listed(&["a | lan | host | https", "b | host | servers | https"], out), [""; 0]);
    assert_eq!(listed(&["a | 10.20.0.0/17 | 10.20.128.0/17 | https"], out), [""; 0], "within one zone");
    assert_eq!(count(ZONES, &["a | lan | servers | https"]), 0, "nobody listed anything");
}

#[test]
fn many_pairs_are_one_finding() {
    let policy = with(&["a | any | any | https"], "flows: [{ from: lan, to: internet }]");
    let found = of(ZONES, &policy);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].title.matches(" into ").count(), 3, "{}", found[0].title);
}

#[test]
fn what_earlier_rules_refuse_does_not_meet() {
    let rules = ["deny-x | lan | servers | any | log: true", "a | lan | any | https"];
    assert!(titles(ZONES, &with(&rules, "flows: [{ from: lan, to: internet }]")).is_empty());
}

#[test]
fn a_zone_inside_another_counts_as_both() {
    let policy = "version: 1\nname: islands\nzones:
  lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
  partner: { networks: [198.51.100.0/24], trust: untrusted }
flows: [{ from: lan, to: internet }]
rules:
  - { id: a, action: allow, from: lan, to: internet, services: https, reason: Test }
";
    assert_eq!(titles(ZONES, policy), [""; 0]);
    assert_eq!(titles(ZONES, &policy.replace("to: internet, services", "to: partner, services")).len(), 1);
}
