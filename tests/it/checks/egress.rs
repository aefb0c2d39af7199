//! Ways out: services that must stay inside, ways round the resolver, tunnels, forged sources, machines that may do anything.

use mailward::readback::Language;
use mailward::source::{Diagnostic, Severity};

use super::findings::{findings, findings_in_ruleset, office, titles};

const ALTPORTS: &str = "egress-smtp-altports";
const OPEN: &str = "egress-default-accept";
const DNS: &str = "egress-dns-bypass";
const INSECURE: &str = "egress-insecure-protocols";
const WINDOWS: &str = "egress-smb-rpc-rdp";
const TUNNEL: &str = "egress-tunnel-bypass";
const FORGED: &str = "egress-source-unvalidated";

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
fn mail_on_made_up_ports_in_any_disguise() {
    assert_eq!(count(ALTPORTS, &["a | lan | internet | { tcp: 26 }"]), 1);
    assert_eq!(count(ALTPORTS, &["a | lan | internet | { tcp: 2500-2550 }"]), 1);
    assert_eq!(count(ALTPORTS, &["a | lan | '2000::/3' | { tcp: 2525 }"]), 1);
    assert_eq!(count(ALTPORTS, &["a | host | internet | smtp-alternate"]), 1);
    let halves = ["a | lan | 0.0.0.0/1 | { tcp: 2525 }", "b | lan | 128.0.0.0/1 | { tcp: 2525 }"];
    assert_eq!(count(ALTPORTS, &halves), 2);
    let blocklist = ["reject-smtp | lan | internet | smtp | log: true", "a | lan | internet | any"];
    assert_eq!(count(ALTPORTS, &blocklist), 1, "what the list forgot");
}

#[test]
fn mail_on_made_up_ports_of_relays_and_inside() {
    let relay = "hosts: [{ networks: [10.30.0.10], roles: [mta-out] }]";
    assert!(titles(ALTPORTS, &with(&["a | 10.30.0.10 | internet | { tcp: 2525 }"], relay)).is_empty());
    assert_eq!(count(ALTPORTS, &["a | lan | servers | { tcp: 2525 }"]), 0);
    assert_eq!(count(ALTPORTS, &["a | internet | lan | { tcp: 2525 }"]), 0);
    assert_eq!(count(ALTPORTS, &["a | lan | internet | { udp: 2525 }"]), 0);
    let excepted =
        "a | lan | internet | smtp-alternate | log: true, exception: { owner: a, expires: 2027-01-01 }";
    assert_eq!(count(ALTPORTS, &[excepted]), 0);
}

#[test]
fn a_rule_for_everything_is_reported_as_that_and_no_more() {
    for check in [ALTPORTS, INSECURE, WINDOWS, TUNNEL] {
        assert_eq!(count(check, &["a | lan | internet | any"]), 0, "{check}");
        assert_eq!(count(check, &["a | host | internet | { tcp: any, udp: any }"]), 0, "{check}");
        let default = with(&["a | lan | internet | https"], "defaults: { forward: allow, output: allow }");
        assert_eq!(titles(check, &default), Vec::<String>::new());
    }
}

#[test]
fn a_machine_that_may_open_anything() {
    let allowed = with(&["a | lan | internet | https"], "defaults: { output: allow }");
    let expected = "the default of the output hook accepts what no rule speaks about";
    assert_eq!(titles(OPEN, &allowed), [expected]);
    assert_eq!(of(OPEN, &allowed)[0].severity, Severity::Medium);
    assert_eq!(count(OPEN, &["a | host | internet | any"]), 1);
    assert_eq!(count(OPEN, &["a | any | any | any"]), 1);
    assert_eq!(count(OPEN, &["a | host | 0.0.0.0/1 | any", "b | host | 128.0.0.0/1 | any"]), 1);
    let denied_first = ["deny-smtp | host | any | smtp | log: true", "a | host | any | any"];
    assert_eq!(count(OPEN, &denied_first), 1, "a rule that stands for the default");
}

#[test]
fn a_machine_with_a_list() {
    assert_eq!(count(OPEN, &["a | host | internet | [https, ntp, dns]"]), 0);
    assert_eq!(count(OPEN, &["a | host | lan | any"]), 0);
    assert_eq!(count(OPEN, &["a | lan | internet | any"]), 0, "that is forwarded");
    let refused = with(&["reject-all | host | any | any | log: true"], "defaults: { output: allow }");
    assert!(titles(OPEN, &refused).is_empty(), "nothing is left for the default");
}

#[test]
fn the_policy_of_an_output_chain() {
    let open = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";
    let found = |text: &str| {
        let found = findings_in_ruleset(Language::Iptables, text);
        found.iter().filter(|finding| finding.code == OPEN).count()
    };
    assert_eq!(found(open), 1);
    assert_eq!(found(&open.replace("COMMIT", "-A OUTPUT -p tcp --dport 25 -j DROP\nCOMMIT")), 1);
    assert_eq!(found(&open.replace("OUTPUT ACCEPT", "OUTPUT DROP")), 0);
}

#[test]
fn names_past_the_resolver() {
    let resolver = "hosts: [{ networks: [10.30.0.53], roles: [resolver] }]";
    let bypass = |rule| titles(DNS, &with(&[rule], resolver)).len();
    assert_eq!(bypass("a | lan | internet | dns"), 1);
    assert_eq!(bypass("a | host | internet | { udp: 853, tcp: 853 }"), 1);
    assert_eq!(bypass("a | servers | 198.51.100.53 | { tcp: 50-60, udp: 53 }"), 1);
    assert_eq!(bypass("a | any | any | { tcp: 53, udp: 53 }"), 1);
    assert_eq!(bypass("a | lan | 10.30.0.53 | dns"), 0);
    assert_eq!(bypass("a | 10.30.0.53 | internet | dns"), 0);
    assert_eq!(bypass("a | lan | internet | https"), 0);
}

#[test]
fn names_without_a_resolver_or_with_one_outside() {
    assert_eq!(count(DNS, &["a | lan | internet | dns"]), 0, "nobody said who resolves");
    let outside = "hosts: [{ networks: [198.51.100.53], roles: [resolver] }]";
    assert!(titles(DNS, &with(&["a | lan | 198.51.100.53 | dns"], outside)).is_empty());
    assert_eq!(titles(DNS, &with(&["a | lan | 198.51.100.52/31 | dns"], outside)).len(), 1);
    let itself = "hosts: [{ networks: [host], roles: [resolver] }]";
    assert!(titles(DNS, &with(&["a | host | internet | dns"], itself)).is_empty());
    let secondary = "hosts: [{ networks: [10.30.0.53], roles: [resolver] }, { networks: [10.30.0.54], roles: [nameserver] }]";
    assert!(titles(DNS, &with(&["a | 10.30.0.54 | internet | dns"], secondary)).is_empty());
}

#[test]
fn protocols_without_encryption() {
    assert_eq!(count(INSECURE, &["a | lan | 198.51.100.7 | { tcp: 21 }"]), 1);
    assert_eq!(count(INSECURE, &["a | host | internet | { udp: 160-170 }"]), 1);
    assert_eq!(count(INSECURE, &["a | lan | internet | { tcp: [22, 80, 443, 990] }"]), 0);
    assert_eq!(count(INSECURE, &["a | lan | servers | [ftp, telnet, nfs]"]), 0);
    let title = &titles(INSECURE, &office(&["a | lan | internet | { tcp: [20-23, 5900], udp: 69 }"]))[0];
    assert!(title.ends_with("(TCP 21, TCP 23, TCP 5900, UDP 69)"), "{title}");
}

#[test]
fn windows_services() {
    assert_eq!(count(WINDOWS, &["a | lan | internet | { tcp: 400-500 }"]), 1);
    assert_eq!(count(WINDOWS, &["a | lan | '2000::/3' | { tcp: 445 }"]), 1);
    assert_eq!(count(WINDOWS, &["a | lan | internet | { udp: 3389 }"]), 1);
    assert_eq!(count(WINDOWS, &["a | lan | servers | { tcp: [135, 445, 3389] }"]), 0);
    assert_eq!(count(WINDOWS, &["a | internet | host | { tcp: 445 }"]), 0);
    let blocklist =
        ["deny-b | lan | internet | { tcp: [135, 139, 445] } | log: true", "a | lan | internet | any"];
    let title = &titles(WINDOWS, &office(&blocklist))[0];
    assert!(
        title.ends_with("(TCP 137, TCP 138, TCP 3389, TCP 5985, TCP 5986, UDP 137 and 2 more)"),
        "{title}"
    );
}

#[test]
fn tunnels_to_anywhere() {
    assert_eq!(count(TUNNEL, &["a | lan | internet | { protocol: [sixinfour] }"]), 1);
    assert_eq!(count(TUNNEL, &["a | lan | internet | { udp: 3500-3600 }"]), 1);
    assert_eq!(count(TUNNEL, &["a | lan | 0.0.0.0/1 | gre"]), 1);
    assert_eq!(count(TUNNEL, &["deny-s | lan | internet | smtp | log: true", "a | lan | internet | any"]), 1);
    assert_eq!(count(TUNNEL, &["a | lan | 198.51.100.0/24 | gre"]), 0, "known ends");
    assert_eq!(count(TUNNEL, &["a | host | internet | gre"]), 0, "tunnels of this machine");
    assert_eq!(count(TUNNEL, &["a | lan | servers | gre"]), 0);
}

#[test]
fn forged_sources() {
    let off = "baseline: { anti-spoofing: false }";
    let forged = |rule, more| titles(FORGED, &with(&[rule], more)).len();
    assert_eq!(forged("a | any | internet | https", off), 1);
    assert_eq!(forged("a | [10.20.0.0/16, 172.16.0.0/12] | internet | https", off), 1);
    assert_eq!(
        forged(
            "a | lan | internet | https",
            "baseline: { anti-spoofing: false }\ndefaults: { forward: allow }"
        ),
        1
    );
    assert_eq!(forged("a | lan | internet | https", off), 0, "zones name their networks");
    assert_eq!(forged("a | 10.20.7.0/24 | internet | https", off), 1, "they may come from the servers");
    assert_eq!(forged("a | any | internet | https", ""), 0, "the baseline drops them");
    assert_eq!(forged("a | any | servers | https", off), 0, "they stay inside");
}

#[test]
fn forged_sources_are_one_finding() {
    let policy = with(
        &["a | any | internet | https", "b | any | internet | ntp"],
        "baseline: { anti-spoofing: false }",
    );
    let found = of(FORGED, &policy);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].related.len(), 2);
}

#[test]
fn zones_that_share_an_interface_or_list_no_networks_are_not_forged() {
    let policy = |lan: &str| {
        format!(
            "version: 1\nname: shared\nbaseline: {{ anti-spoofing: false }}\nzones:
  lan: {{ interfaces: [lan0]{lan}, trust: internal }}
  internet: {{ interfaces: [wan0], trust: untrusted }}
rules:
  - {{ id: a, action: allow, from: any, to: internet, services: https, reason: Test }}
"
        )
    };
    assert!(titles(FORGED, &policy("")).is_empty());
    assert_eq!(titles(FORGED, &policy(", networks: [10.0.0.0/8]")).len(), 1);
}
