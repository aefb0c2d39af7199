//! Hosts with roles: what they live on, and what they must not be.

use super::findings::{rule, titles};

/// An office with declared hosts, both families in the DMZ; `hosts` are items of `hosts`.
fn site(hosts: &[&str], rules: &[&str]) -> String {
    let head = "\
version: 1
name: site
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  dmz:      { interfaces: [dmz0], networks: [192.0.2.0/27, \"2001:db8:25::/64\"], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
hosts:
";
    let hosts: Vec<String> = hosts.iter().map(|host| format!("  - {{ {host} }}\n")).collect();
    rules.iter().fold(format!("{head}{}rules:\n", hosts.concat()), |policy, line| policy + &rule(line))
}

fn found(check: &str, hosts: &[&str], rules: &[&str]) -> usize {
    titles(check, &site(hosts, rules)).len()
}

const MX: &str = "networks: [192.0.2.10], roles: [mx]";
const RELAY: &str = "networks: [192.0.2.10], roles: [mta-out]";

#[test]
fn an_mx_is_reached_by_somebody() {
    let found = |hosts: &[&str], rules: &[&str]| found("mx-25-unreachable", hosts, rules);
    assert_eq!(found(&[MX], &["a | lan | internet | https"]), 1);
    assert_eq!(found(&[MX], &["a | internet | dmz | { tcp: 20-30 }"]), 0, "within a range to the whole zone");
    assert_eq!(
        found(
            &[MX],
            &["deny-a | 198.51.100.0/24 | any | any | log: true", "b | internet | 192.0.2.10 | smtp"]
        ),
        0,
        "some are refused"
    );
    assert_eq!(
        found(&[MX], &["deny-a | internet | dmz | smtp | log: true", "b | internet | 192.0.2.10 | smtp"]),
        1,
        "by an earlier rule"
    );
    let both = "networks: [192.0.2.10, \"2001:db8:25::10\"], roles: [mx]";
    assert_eq!(
        found(&[both], &["a | internet | 192.0.2.10 | smtp", "b | internet | dmz | https"]),
        1,
        "not over IPv6"
    );
    assert_eq!(found(&[both], &["a | internet | 192.0.2.10 | smtp"]), 1, "its IPv6 address was declared");
    let behind = "networks: [192.0.2.10], roles: [mx], relay-via: [198.51.100.0/24]";
    assert_eq!(found(&[behind], &["a | 198.51.100.0/24 | 192.0.2.10 | smtp"]), 0);
    assert_eq!(found(&[behind], &["a | 203.0.113.0/24 | 192.0.2.10 | smtp"]), 1, "not those that deliver");
    let own = "networks: [host], roles: [mx]";
    assert_eq!(found(&[own], &["a | internet | host | smtp"]), 0);
    assert_eq!(found(&[own], &["a | internet | host | https"]), 1);
}

#[test]
fn a_relay_delivers_or_has_a_smart_host() {
    let found = |hosts: &[&str], rules: &[&str]| found("mta-no-25-egress", hosts, rules);
    assert_eq!(found(&[RELAY], &["a | dmz | internet | [dns, https]"]), 1);
    assert_eq!(found(&[RELAY], &["a | dmz | internet | { tcp: 1-1023 }"]), 0);
    let smart = "networks: [192.0.2.10], roles: [mta-out], smarthost: [198.51.100.25]";
    assert_eq!(found(&[smart], &["a | 192.0.2.10 | 198.51.100.25 | submissions"]), 0);
    assert_eq!(found(&[smart], &["a | 192.0.2.10 | 198.51.100.26 | submissions"]), 1);
    let bypass = |to: &str| {
        super::roles::found("smarthost-bypassable", &[smart], &[&format!("a | 192.0.2.10 | {to} | smtp")])
    };
    assert_eq!((bypass("198.51.100.25"), bypass("198.51.100.24/31"), bypass("internet")), (0, 1, 1));
}

#[test]
fn names_come_from_somewhere() {
    let found = |hosts: &[&str], rules: &[&str]| found("mta-no-dns", hosts, rules);
    assert_eq!(found(&[RELAY], &["a | 192.0.2.10 | internet | smtp"]), 1);
    for names in ["dns", "{ udp: 53 }", "dot", "any"] {
        assert_eq!(found(&[RELAY], &[&format!("a | dmz | any | {names}")]), 0, "{names}");
    }
    let resolver = "networks: [192.0.2.5], roles: [resolver]";
    assert_eq!(found(&[RELAY, resolver], &["a | 192.0.2.10 | internet | smtp"]), 0, "on the same network");
    let elsewhere = "networks: [10.20.0.5], roles: [resolver]";
    assert_eq!(found(&[RELAY, elsewhere], &["a | 192.0.2.10 | internet | smtp"]), 1);
}

#[test]
fn what_delivers_past_the_gateway_is_found() {
    let behind = "networks: [192.0.2.10], roles: [mx], relay-via: [198.51.100.0/24]";
    let found = |rules: &[&str]| found("mailbox-bypasses-gateway", &[behind], rules);
    assert_eq!(found(&["a | 198.51.100.0/24 | 192.0.2.10 | smtp"]), 0, "guard rail 12: one provider range");
    assert_eq!(found(&["a | [198.51.100.0/24, 203.0.113.9] | 192.0.2.10 | smtp"]), 1);
    assert_eq!(found(&["a | lan | dmz | smtp"]), 1, "from inside");
    assert_eq!(found(&["a | internet | 192.0.2.10 | { tcp: 1-65535 }"]), 0, "a wide rule is another finding");
}

#[test]
fn published_services_are_reachable() {
    let acme = "networks: [192.0.2.12], roles: [acme]";
    let sts = "networks: [192.0.2.12], roles: [mta-sts]";
    assert_eq!(found("acme-http01-blocked", &[acme], &["a | internet | 192.0.2.12 | https"]), 1);
    assert_eq!(found("acme-http01-blocked", &[acme], &["a | internet | 192.0.2.12 | http"]), 0);
    assert_eq!(found("mtasts-host-no-443", &[sts], &["a | internet | 192.0.2.12 | http"]), 1);
    assert_eq!(found("mtasts-host-no-443", &[sts], &["a | internet | dmz | { tcp: 400-500 }"]), 0);
}

#[test]
fn mailboxes_have_a_port_for_tls() {
    let store = "networks: [192.0.2.11], roles: [mailbox]";
    let found = |rules: &[&str]| found("access-server-no-tls-port", &[store], rules);
    assert_eq!(found(&["a | lan | 192.0.2.11 | imap"]), 1);
    assert_eq!(found(&["a | lan | 192.0.2.11 | imap", "b | internet | 192.0.2.11 | imaps"]), 0);
    assert_eq!(found(&["a | lan | 192.0.2.11 | https"]), 0, "no mail is read at all");
}

#[test]
fn dane_believes_nobody_outside() {
    let dane = "networks: [192.0.2.10], roles: [mta-out], dane: true";
    let found = |host: &str, rules: &[&str]| found("dane-remote-resolver", &[host], rules);
    assert_eq!(found(dane, &["a | dmz | internet | dns"]), 1);
    assert_eq!(found(dane, &["a | dmz | lan | dns"]), 0);
    assert_eq!(found(RELAY, &["a | dmz | internet | dns"]), 0, "no DANE");
    let own = "networks: [192.0.2.10], roles: [mta-out, resolver], dane: true";
    assert_eq!(found(own, &["a | dmz | internet | dns"]), 0, "its own resolver");
}

#[test]
fn services_answer_in_both_families() {
    let both = "networks: [192.0.2.11, \"2001:db8:25::11\"], roles: [mailbox]";
    let found = |rules: &[&str]| found("mail-v6-asymmetric", &[both], rules);
    assert_eq!(
        found(&["a | internet | 192.0.2.11 | imaps", "b | internet | \"2001:db8:25::11\" | https"]),
        1
    );
    assert_eq!(found(&["a | internet | [192.0.2.11, \"2001:db8:25::11\"] | imaps"]), 0);
    assert_eq!(found(&["a | internet | dmz | imaps"]), 0);
    assert_eq!(
        found(&["a | lan | 192.0.2.11 | imaps", "b | internet | dmz | https"]),
        0,
        "not offered outside"
    );
}

#[test]
fn guests_send_their_mail() {
    let guests = |services: &str| {
        let head = "version: 1\nname: site\nzones:\n  visitors: { interfaces: [wlan0], networks: [10.29.0.0/22], guests: true }\n  \
                    internet: { interfaces: [wan0], trust: untrusted }\nrules:\n";
        titles(
            "msa-587-blocked-for-guests",
            &format!("{head}{}", rule(&format!("a | visitors | internet | {services}"))),
        )
        .len()
    };
    assert_eq!(guests("https"), 1);
    assert_eq!(guests("[https, submission]"), 0);
    assert_eq!(guests("{ tcp: 1-1023 }"), 0);
}

#[test]
fn an_mx_cannot_name_a_port() {
    let both = "networks: [192.0.2.10], roles: [mx, msa]";
    let found = |rules: &[&str]| found("mx-tls-required-by-port", &[both], rules);
    assert_eq!(found(&["a | internet | 192.0.2.10 | submissions"]), 1);
    assert_eq!(
        found(&["a | internet | 192.0.2.10 | [submissions, smtp]"]),
        0,
        "guard rail 1: 25 without TLS"
    );
}

#[test]
fn an_mx_is_there_for_everybody() {
    let found = |hosts: &[&str], rules: &[&str]| found("mx-25-unreachable", hosts, rules);
    assert_eq!(
        found(&[MX], &["a | 198.51.100.0/24 | 192.0.2.10 | smtp"]),
        1,
        "a provider that was not declared"
    );
    let halves = ["a | 0.0.0.0/1 | 192.0.2.10 | smtp", "b | 128.0.0.0/1 | 192.0.2.10 | smtp"];
    assert_eq!(found(&[MX], &halves), 0, "in two rules");
    let pair = "networks: [192.0.2.10, 192.0.2.11], roles: [mx]";
    assert_eq!(found(&[pair], &["a | internet | 192.0.2.10/31 | smtp"]), 0);
    assert_eq!(found(&[pair], &["a | internet | 192.0.2.8-192.0.2.10 | smtp"]), 1, "one of two");
    let two_networks = "networks: [192.0.2.10, 10.20.0.10], roles: [mx]";
    assert_eq!(
        found(&[two_networks], &["a | internet | 192.0.2.10 | smtp"]),
        0,
        "one machine with two addresses"
    );
    let submitting = "networks: [192.0.2.10], roles: [mx, msa], relay-via: [198.51.100.0/24]";
    assert_eq!(
        found(&[submitting], &["a | internet | 192.0.2.10 | submissions"]),
        1,
        "465 is for users here"
    );
    let beside = "networks: [192.0.2.10], roles: [mx], relay-via: [192.0.2.20]";
    assert_eq!(found(&[beside], &["a | lan | internet | https"]), 0, "the firewall does not see that");
    let filter = "networks: [198.51.100.32/28], roles: [mx]";
    assert_eq!(found(&[filter], &["a | lan | internet | https"]), 0, "somebody else's");
}

#[test]
fn what_leads_to_an_mx_is_named_by_who_refuses_most() {
    let rules = ["deny-list | 198.51.100.0/24 | any | any | log: true", "a | lan | internet | https"];
    let finding = super::findings::findings(&site(&[MX], &rules));
    let finding = finding.iter().find(|finding| finding.code == "mx-25-unreachable").unwrap();
    assert!(!finding.notes[0].contains("198.51.100."), "{:?}", finding.notes);
}

#[test]
fn a_relay_delivers_to_everybody() {
    let found = |hosts: &[&str], rules: &[&str]| found("mta-no-25-egress", hosts, rules);
    assert_eq!(
        found(&[RELAY], &["a | 192.0.2.10 | 198.51.100.25 | smtp"]),
        1,
        "a smart host in all but name"
    );
    let both = "networks: [192.0.2.10, \"2001:db8:25::10\"], roles: [mta-out]";
    assert_eq!(found(&[both], &["a | 192.0.2.10 | internet | smtp"]), 1);
    assert_eq!(found(&[both], &["a | dmz | internet | smtp"]), 0);
    let own = "networks: [host], roles: [mta-out]";
    assert_eq!(found(&[own], &["a | host | internet | smtp"]), 0);
    assert_eq!(found(&[own], &["a | host | 0.0.0.0/0 | smtp"]), 0, "IPv6 is not in use");
    assert_eq!(found(&[own], &["a | host | 0.0.0.0/0 | smtp", "b | host | internet | https"]), 1);
    let smart = "networks: [192.0.2.10], roles: [mta-out], smarthost: [192.0.2.20]";
    assert_eq!(found(&[smart], &["a | lan | internet | https"]), 0, "on the same network");
    let v4_only = "networks: [192.0.2.10, \"2001:db8:25::10\"], roles: [mta-out], smarthost: [198.51.100.25]";
    assert_eq!(found(&[v4_only], &["a | dmz | 198.51.100.25 | submission"]), 0);
    let exception = "exception: { owner: a@example.net, ticket: T-1, expires: 2027-01-01 }";
    assert_eq!(
        found(&[RELAY], &[&format!("a | dmz | internet | smtp | {exception}")]),
        0,
        "governed, and open"
    );
}

#[test]
fn each_relay_needs_names_in_one_family() {
    let found = |hosts: &[&str], rules: &[&str]| found("mta-no-dns", hosts, rules);
    let pair = "networks: [192.0.2.10, 192.0.2.11], roles: [mta-out]";
    assert_eq!(found(&[pair], &["a | 192.0.2.10 | internet | dns"]), 1);
    let both = "networks: [192.0.2.10, \"2001:db8:25::10\"], roles: [mta-out]";
    assert_eq!(found(&[both], &["a | 192.0.2.10 | internet | dns"]), 0);
    assert_eq!(found(&[both], &["a | dmz | host | dns"]), 0, "this machine answers");
    assert_eq!(found(&["networks: [host], roles: [mta-out]"], &["a | lan | host | ssh"]), 1);
    let smart = "networks: [192.0.2.10], roles: [mta-out], smarthost: [198.51.100.25]";
    assert_eq!(found(&[smart], &["a | 192.0.2.10 | 198.51.100.25 | smtp"]), 0, "it knows whom it talks to");
}

#[test]
fn challenges_come_from_anywhere() {
    let acme = "networks: [192.0.2.12], roles: [acme]";
    assert_eq!(found("acme-http01-blocked", &[acme], &["a | 198.51.100.0/24 | 192.0.2.12 | http"]), 1);
    let own = "networks: [host], roles: [acme]";
    assert_eq!(found("acme-http01-blocked", &[own], &["a | internet | host | { tcp: 80-89 }"]), 0);
}

#[test]
fn an_mx_has_its_own_finding_about_families() {
    let both = "networks: [192.0.2.11, \"2001:db8:25::11\"], roles: [mx, mailbox]";
    let rules = ["a | internet | 192.0.2.11 | [smtp, imaps]"];
    assert_eq!(titles("mail-v6-asymmetric", &site(&[both], &rules)).len(), 1, "993, whatever else uses IPv6");
    assert_eq!(
        found(
            "mail-v6-asymmetric",
            &["networks: [host], roles: [mailbox]"],
            &["a | '::/0' | host | imaps", "b | internet | host | https"]
        ),
        1
    );
    assert_eq!(found("mail-v6-asymmetric", &["networks: [192.0.2.11], roles: [mailbox]"], &rules), 0);
}

#[test]
fn port_25_shut_in_one_family_is_no_demand_for_tls() {
    let both = "networks: [192.0.2.10, \"2001:db8:25::10\"], roles: [mx, msa]";
    let rules = ["a | internet | 192.0.2.10 | [smtp, submissions]"];
    assert_eq!(found("mx-tls-required-by-port", &[both], &rules), 0);
    assert_eq!(found("mx-25-unreachable", &[both], &rules), 1);
}

#[test]
fn a_resolver_of_its_own_may_be_declared_apart() {
    let hosts =
        ["networks: [192.0.2.10], roles: [mta-out], dane: true", "networks: [192.0.2.10], roles: [resolver]"];
    assert_eq!(found("dane-remote-resolver", &hosts, &["a | dmz | internet | dns"]), 0);
    let other =
        ["networks: [192.0.2.10], roles: [mta-out], dane: true", "networks: [192.0.2.5], roles: [resolver]"];
    assert_eq!(found("dane-remote-resolver", &other, &["a | dmz | internet | { udp: 1-1023 }"]), 1);
}

#[test]
fn guests_reach_any_provider() {
    let guests = |rules: &[&str]| {
        let head = "version: 1\nname: site\nzones:\n  visitors: { interfaces: [wlan0], networks: [10.29.0.0/22], guests: true }\n  \
                    servers: { interfaces: [srv0], networks: [10.30.0.0/16], trust: internal }\n  \
                    internet: { interfaces: [wan0], trust: untrusted }\nrules:\n";
        let rules: Vec<String> = rules.iter().map(|line| rule(line)).collect();
        titles("msa-587-blocked-for-guests", &format!("{head}{}", rules.concat())).len()
    };
    assert_eq!(
        guests(&["a | visitors | internet | https", "b | visitors | servers | submission"]),
        1,
        "ours only"
    );
    assert_eq!(guests(&["a | visitors | internet | https", "b | visitors | 198.51.100.7 | submission"]), 1);
    assert_eq!(guests(&["a | visitors | servers | https"]), 0, "a portal and no internet");
    assert_eq!(guests(&["a | visitors | internet | [http, https, submissions]"]), 0);
}
