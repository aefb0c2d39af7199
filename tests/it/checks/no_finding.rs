//! What must never be reported, whichever check is added: the guard rails against false alarms.

use super::findings::{findings, office, titles};

fn quiet(policy: &str) {
    assert_eq!(findings(policy), [], "{policy}");
}

#[test]
fn port_25_of_an_mx() {
    quiet(
        &(office(&["a | internet | 10.30.0.10 | smtp", "b | 10.30.0.10 | internet | dns"])
            + "hosts: [{ networks: [10.30.0.10], roles: [mx] }]\n"),
    );
}

#[test]
fn port_25_of_an_mx_behind_one_provider() {
    let hosts = "hosts: [{ networks: [10.30.0.10], roles: [mx], relay-via: [198.51.100.0/28] }]\n";
    quiet(&(office(&["a | 198.51.100.0/28 | 10.30.0.10 | smtp"]) + hosts));
}

#[test]
fn port_80_of_a_host_that_answers_acme_challenges() {
    let hosts = "hosts: [{ networks: [10.30.0.10], roles: [acme] }]\n";
    quiet(&(office(&["a | internet | 10.30.0.10 | http"]) + hosts));
}

#[test]
fn port_80_to_certification_authorities() {
    quiet(&office(&["a | lan | 198.51.100.80 | http"]));
}

#[test]
fn cleartext_on_the_loopback() {
    quiet(&office(&["a | lan | internet | https"]));
}

#[test]
fn file_sharing_and_directories_inside() {
    quiet(&office(&["a | lan | servers | { tcp: [445, 389], udp: [389] }"]));
}

#[test]
fn private_and_link_local_addresses_inside() {
    quiet(&office(&["a | 10.20.0.0/24 | 10.30.0.5 | https", "b | 'fe80::/10' | host | ntp"]));
}

#[test]
fn echo_that_is_blocked() {
    let ipv4 = office(&["a | lan | internet | https"])
        .replace(", \"2001:db8:20::/48\"", "")
        .replace(", \"2001:db8:30::/64\"", "");
    quiet(&(ipv4 + "baseline: { echo: false }\n"));
}

#[test]
fn both_submission_ports_of_an_msa() {
    let hosts = "hosts: [{ networks: [10.30.0.10], roles: [msa] }]\n";
    quiet(&(office(&["a | internet | 10.30.0.10 | [submission, submissions]"]) + hosts));
}

#[test]
fn explicit_denials_that_the_default_would_do() {
    quiet(&office(&["reject-cleartext | lan | internet | [pop3, imap, smtp] | log: true"]));
}

#[test]
fn a_policy_without_rules_for_mail() {
    let checks = ["mail-pop3-cleartext-egress", "egress-any-any", "smtp-in-on-non-mx"];
    assert!(checks.iter().all(|check| titles(check, &office(&["a | lan | internet | dns"])).is_empty()));
}

#[test]
fn checks_that_no_profile_asks_for() {
    let rules = office(&["a | lan | internet | [pop3, smtp]"]);
    let codes = |profiles: &str| -> Vec<&str> {
        findings(&format!("{rules}profiles: {profiles}\n")).iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes("[hygiene]"), [""; 0]);
    assert_eq!(codes("[cis-controls-8.1]"), ["mail-pop3-cleartext-egress"]);
    assert_eq!(codes("[hygiene, mail]"), ["mail-pop3-cleartext-egress", "egress-smtp-from-clients"]);
}
