//! Hosts with roles: what they live on, and what they must not be.

use mailward::lint::{Declared, find};

use super::blocks::blocks;
use super::findings::{findings, office, rule, titles};

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
const STORE: &str = "networks: [192.0.2.11], roles: [mailbox], smarthost: [198.51.100.25]";
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
    let clients = |rule: &str| self::found("egress-smtp-from-clients", &[STORE], &[rule]);
    assert_eq!(clients("a | 192.0.2.11 | 198.51.100.25 | smtp"), 0, "it hands its mail to its smart host");
    assert_eq!(clients("a | 192.0.2.11 | 198.51.100.24/31 | smtp"), 1, "and to a stranger");
    assert_eq!(clients("a | dmz | 198.51.100.25 | smtp"), 1, "and others do");
    let bypass =
        |to: &str| self::found("smarthost-bypassable", &[smart], &[&format!("a | 192.0.2.10 | {to} | smtp")]);
    assert_eq!((bypass("198.51.100.25"), bypass("198.51.100.24/31"), bypass("internet")), (0, 1, 1));
}

#[test]
fn names_come_from_somewhere() {
    let found = |hosts: &[&str], rules: &[&str]| found("mta-no-dns", hosts, rules);
    assert_eq!(found(&[RELAY], &["a | 192.0.2.10 | internet | smtp"]), 1);
    for names in ["dns", "{ udp: 53 }", "dot", "any"] {
        assert_eq!(found(&[RELAY], &[&format!("a | dmz | any | {names}")]), 0, "{names}");
    }
    assert_eq!(found(&[MX], &["a | internet | 192.0.2.10 | smtp"]), 1, "an MX looks up senders");
    assert_eq!(found(&[MX], &["a | internet | 192.0.2.10 | smtp", "b | 192.0.2.10 | any | dns"]), 0);
    let behind = "networks: [192.0.2.10], roles: [mx], relay-via: [198.51.100.0/28]";
    assert_eq!(
        found(&[behind], &["a | 198.51.100.0/28 | 192.0.2.10 | smtp"]),
        0,
        "the gateway looks them up"
    );
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
    let finding = findings(&site(&[MX], &rules));
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

#[test]
fn a_check_that_hosts_or_guests_set_off_says_that_it_needs_them() {
    let mut silent = Vec::new();
    for block in blocks().iter().filter(|block| block.language == "yaml" && block.kind[0] == "bad") {
        let without = without_hosts(block.text).replace(", guests: true", "");
        let is_set_off = without != block.text && titles(block.id, &without).is_empty();
        if is_set_off && find(block.id).unwrap().needs() == Declared::Nothing {
            silent.push(block.id);
        }
    }
    assert_eq!(silent, [""; 0], "without hosts or guests they have nothing to look at");
}

/// A policy without the lines of its `hosts`.
fn without_hosts(policy: &str) -> String {
    let mut is_in_hosts = false;
    let stays = |line: &&str| {
        is_in_hosts = line.starts_with("hosts:") || is_in_hosts && line.starts_with(' ');
        !is_in_hosts
    };
    policy.lines().filter(stays).fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_outside_of_a_site_may_have_one_family_only() {
    let site = |outside: &str, rules: &[&str]| {
        let head = format!(
            "version: 1\nname: site\nprofiles: [mail]\nzones:\n  \
             dmz: {{ interfaces: [dmz0], networks: [192.0.2.0/27, \"fd00:25::/64\"], trust: internal }}\n  \
             internet: {{ interfaces: [wan0]{outside}, trust: untrusted }}\nhosts:\n  \
             - {{ networks: [192.0.2.10, \"fd00:25::10\"], roles: [mx, mta-out, mailbox, mta-sts, acme] }}\nrules:\n"
        );
        rules.iter().fold(head, |policy, line| policy + &rule(line))
    };
    let rules = [
        "a | internet | 192.0.2.10 | [smtp, imaps, https, http]",
        "b | 192.0.2.10 | internet | [smtp, dns, https]",
        "c | \"fd00:25::10\" | \"fd00:25::/64\" | https",
    ];
    let found = |outside: &str| -> Vec<&str> {
        findings(&site(outside, &rules)).iter().map(|finding| finding.code).collect()
    };
    assert_eq!(found(", networks: [0.0.0.0/0]"), [""; 0]);
    let mut both = found("");
    both.sort_unstable();
    let in_v6 = [
        "acme-http01-blocked",
        "mail-v6-asymmetric",
        "mta-no-25-egress",
        "mtasts-host-no-443",
        "mx-25-unreachable",
    ];
    assert_eq!(both, in_v6);
}

#[test]
fn this_machine_and_smaller_networks_are_not_beside_a_host() {
    let smart = "networks: [host, 192.0.2.1], roles: [mta-out], smarthost: [192.0.2.20]";
    let found = |hosts: &[&str], rules: &[&str]| found("mta-no-25-egress", hosts, rules);
    assert_eq!(found(&[smart], &["a | lan | internet | https"]), 1, "this machine filters what it sends");
    assert_eq!(found(&[smart], &["a | host | dmz | { tcp: 400-600 }"]), 0);
    let through = "networks: [192.0.2.10], roles: [mta-out], smarthost: [192.0.2.1]";
    let gateway = "networks: [host, 192.0.2.1], roles: [mta-out]";
    assert_eq!(found(&[through, gateway], &["a | host | internet | smtp"]), 1, "and what it takes");
    assert_eq!(
        found(&[through, gateway], &["a | host | internet | smtp", "b | dmz | host | submissions"]),
        0
    );
    let nested = |rules: &[&str]| {
        let head = "version: 1\nname: site\nzones:\n  \
             inside: { interfaces: [in0], networks: [10.0.0.0/8], trust: internal }\n  \
             dmz: { interfaces: [dmz0], networks: [10.30.0.0/24], trust: internal }\n  \
             internet: { interfaces: [wan0], trust: untrusted }\nhosts:\n  \
             - { networks: [10.30.0.10], roles: [mta-out] }\n  - { networks: [10.20.0.5], roles: [resolver] }\nrules:\n";
        let rules = rules.iter().fold(head.to_owned(), |policy, line| policy + &rule(line));
        titles("mta-no-dns", &rules).len()
    };
    assert_eq!(nested(&["a | dmz | internet | smtp"]), 1);
    assert_eq!(nested(&["a | dmz | internet | smtp", "b | 10.30.0.8/29 | inside | dot"]), 0);
}

#[test]
fn mail_by_the_way_of_relay_via_is_expected() {
    let behind = "networks: [192.0.2.11], roles: [mailbox], relay-via: [198.51.100.0/24]";
    let found = |host: &str, rules: &[&str]| found("smtp-in-on-non-mx", &[host], rules);
    assert_eq!(found(behind, &["a | 198.51.100.0/25 | 192.0.2.11 | smtp"]), 0);
    assert_eq!(found(behind, &["a | 198.51.100.0/23 | 192.0.2.11 | smtp"]), 1, "half of it is not named");
    assert_eq!(found(behind, &["a | 198.51.100.0/24 | 192.0.2.0/28 | smtp"]), 1, "other hosts, too");
    let own = "networks: [host], roles: [mailbox], relay-via: [198.51.100.0/24]";
    assert_eq!(found(own, &["a | 198.51.100.7 | host | { tcp: 20-29 }"]), 0);
    assert_eq!(found(own, &["a | internet | host | { tcp: 20-29 }"]), 1);
}

#[test]
fn a_relay_fetches_policies_of_others() {
    let found = |host: &str, rules: &[&str]| {
        let policy = site(&[host], rules).replace("name: site", "name: site\nprofiles: [mail]");
        titles("mta-no-https", &policy).len()
    };
    assert_eq!(found(RELAY, &["a | 192.0.2.10 | internet | [smtp, dns]"]), 1);
    assert_eq!(found(RELAY, &["a | 192.0.2.10 | internet | [smtp, dns]", "b | lan | internet | https"]), 1);
    assert_eq!(found(RELAY, &["a | 192.0.2.8/29 | internet | { tcp: 1-1023 }"]), 0);
    let smart = "networks: [192.0.2.10], roles: [mta-out], smarthost: [198.51.100.25]";
    assert_eq!(found(smart, &["a | 192.0.2.10 | 198.51.100.25 | submissions"]), 0, "others deliver for it");
    assert_eq!(titles("mta-no-https", &site(&[RELAY], &["a | 192.0.2.10 | internet | smtp"])).len(), 0);
}

/// How often a check of a profile is found in an office.
fn asked(check: &str, profile: &str, hosts: &str, rules: &[&str]) -> usize {
    titles(check, &format!("{}profiles: [{profile}]\nhosts: [{hosts}]\n", office(rules))).len()
}

#[test]
fn this_machine_knows_the_time() {
    let mx = "{ networks: [10.30.0.10], roles: [mx] }";
    let found = |rules: &[&str]| asked("time-sync-blocked", "bsi-grundschutz", mx, rules);
    assert_eq!(found(&["a | host | internet | https", "b | lan | internet | ntp"]), 1, "others may");
    assert_eq!(found(&["a | host | internet | https", "b | host | 10.30.0.5 | { udp: 100-200 }"]), 0);
    assert_eq!(found(&["a | host | internet | { tcp: [443, 4460] }"]), 0, "NTS");
    assert_eq!(found(&["a | host | \"2001:db8:30::5\" | { udp: 123 }"]), 0, "one family will do");
    assert_eq!(found(&["a | host | internet | https", "deny-b | host | any | ntp | log: true"]), 1);
    assert_eq!(found(&["a | lan | internet | https"]), 0, "it talks to nobody");
    assert_eq!(titles("time-sync-blocked", &office(&["a | host | internet | https"])).len(), 0, "not asked");
}

#[test]
fn revoked_certificates_are_looked_up_by_somebody() {
    let mx = "{ networks: [10.30.0.10], roles: [mx] }";
    let found = |rules: &[&str]| asked("ocsp-crl-blocked", "rfc", mx, rules);
    assert_eq!(found(&["a | lan | internet | { tcp: 400-500 }"]), 1);
    assert_eq!(found(&["a | lan | internet | https", "b | lan | servers | http"]), 1, "inside only");
    assert_eq!(found(&["a | lan | internet | https", "b | servers | 198.51.100.80 | http"]), 0);
    assert_eq!(found(&["a | lan | internet | dns"]), 0, "no HTTPS either");
}

#[test]
fn logs_leave_this_machine() {
    let found = |hosts: &str, rules: &[&str]| asked("log-not-shipped", "cis-debian12-1.1.0", hosts, rules);
    let (inside, outside) = (
        "{ networks: [10.30.0.7], roles: [log-collector] }",
        "{ networks: [203.0.113.7], roles: [log-collector] }",
    );
    assert_eq!(found(inside, &["a | host | 10.30.0.0/29 | { tcp: 6000-7000 }"]), 0);
    assert_eq!(found(inside, &["a | host | internet | { tcp: 6514 }"]), 1, "not there");
    assert_eq!(found(inside, &["a | lan | servers | { tcp: 6514 }"]), 1, "others send theirs");
    assert_eq!(found(outside, &["a | host | 203.0.113.7 | { tcp: 6514 }"]), 0, "somebody else collects");
    assert_eq!(found(outside, &["a | host | 203.0.113.7 | { udp: 514 }"]), 0);
    assert_eq!(found(&format!("{inside}, {outside}"), &["a | host | internet | { udp: 500-600 }"]), 0);
    assert_eq!(found("{ networks: [host], roles: [log-collector] }", &["a | host | internet | https"]), 0);
    let none = "{ networks: [10.30.0.10], roles: [mx] }";
    assert_eq!(found(none, &["a | host | internet | { tcp: 6514 }"]), 1, "to nobody in particular");
    assert_eq!(found(none, &["a | lan | internet | https"]), 0, "this machine talks to nobody");
}

#[test]
fn who_collects_logs_elsewhere_is_named() {
    let hosts = "hosts: [{ networks: [203.0.113.7], roles: [log-collector] }]\n";
    let policy = office(&["a | host | internet | https"]) + "profiles: [pci-dss-4.0.1]\n" + hosts;
    let found = titles("log-not-shipped", &policy);
    assert_eq!(found, ["this machine may not send its logs to the host that collects them"]);
}
