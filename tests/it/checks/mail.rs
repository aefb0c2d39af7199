//! Mail without TLS, historic ports and inner ports: in disguise, and where nothing is wrong.

use mailward::lint::{Plan, lint};
use mailward::lower::lower;
use mailward::model::Profile;
use mailward::parse;
use mailward::source::Sources;

use super::findings::{TODAY, office, rule, titles};

fn found(check: &str, rules: &[&str]) -> usize {
    titles(check, &office(rules)).len()
}

/// An office with hosts that have roles: a relay, a store and a directory.
fn site(rules: &[&str]) -> String {
    let head = "\
version: 1
name: site
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16, \"2001:db8:20::/48\"], trust: internal }
  dmz:      { interfaces: [dmz0], networks: [192.0.2.0/27, \"2001:db8:25::/64\"], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
hosts:
  - { networks: [192.0.2.10], roles: [mx, mta-out, msa] }
  - { networks: [192.0.2.11], roles: [mailbox] }
rules:
";
    rules.iter().fold(head.to_owned(), |policy, line| policy + &rule(line))
}

fn on_site(check: &str, rules: &[&str]) -> usize {
    titles(check, &site(rules)).len()
}

#[test]
fn an_exception_for_a_few_hosts_is_one() {
    let exception = |from: &str, to: &str| {
        let line = format!(
            "x | {from} | {to} | pop3 | log: true, exception: {{ owner: a, ticket: T-1, expires: 2027-01-01 }}"
        );
        found("mail-legacy-exception-too-wide", &[&line])
    };
    assert_eq!(exception("10.20.9.0/28", "198.51.100.25"), 0);
    assert_eq!(exception("10.20.9.0/24", "198.51.100.24/30"), 0, "256 clients, four servers");
    assert_eq!(exception("[10.20.9.0/24, 10.20.10.1]", "198.51.100.25"), 1, "one client more, in two pieces");
    assert_eq!(exception("10.20.9.1", "[198.51.100.24/30, 198.51.100.30]"), 1, "one server more");
    assert_eq!(exception("\"2001:db8:20::/64\"", "\"2001:db8:99::1\""), 0);
    assert_eq!(exception("\"2001:db8:20::/63\"", "\"2001:db8:99::1\""), 1);
    let other = "x | lan | internet | https | exception: { owner: a, ticket: T-1, expires: 2027-01-01 }";
    assert_eq!(found("mail-legacy-exception-too-wide", &[other]), 0, "not about mail");
}

#[test]
fn silence_is_meant_for_strangers() {
    let found = |rules: &[&str]| found("mail-cleartext-silent-drop", rules);
    assert_eq!(found(&["deny-a | lan | internet | pop3 | log: true"]), 1);
    assert_eq!(found(&["deny-a | lan | internet | { tcp: 100-150 } | log: true"]), 1, "within a short range");
    assert_eq!(found(&["reject-a | lan | internet | pop3 | log: true"]), 0);
    assert_eq!(found(&["deny-a | internet | lan | pop3 | log: true"]), 0, "from outside");
    assert_eq!(found(&["deny-a | lan | 198.51.100.0/24 | any | log: true"]), 0, "hostile networks");
    let after = [
        "reject-a | lan | internet | [pop3, imap] | log: true",
        "deny-b | lan | internet | pop3 | log: true",
    ];
    assert_eq!(found(&after), 0, "it never decides");
}

#[test]
fn historic_ports_are_found_where_somebody_named_them() {
    let found =
        |services: &str| found("mail-historic-protocols", &[&format!("a | lan | servers | {services}")]);
    assert_eq!(found("{ tcp: 109 }"), 1);
    assert_eq!(found("{ tcp: 100-110 }"), 1);
    assert_eq!(found("{ tcp: 1024-65535 }"), 0, "a wide range is another finding");
    assert_eq!(found("any"), 0);
    assert_eq!(found("{ udp: 109 }"), 0);
}

#[test]
fn no_mail_is_spoken_over_udp() {
    let found = |services: &str| found("mail-udp-twin", &[&format!("a | lan | internet | {services}")]);
    assert_eq!(found("{ tcp: 993, udp: 993 }"), 1);
    assert_eq!(found("{ udp: 960-1000 }"), 1);
    assert_eq!(found("{ udp: any }"), 0);
    assert_eq!(found("[imaps, submissions, pop3s]"), 0);
    assert_eq!(found("{ protocol: 17 }"), 0);
}

#[test]
fn mailboxes_are_opened_with_tls_from_outside() {
    let found = |rules: &[&str]| on_site("mail-access-server-cleartext-ingress", rules);
    assert_eq!(found(&["a | internet | 192.0.2.11 | [imaps, imap]"]), 1);
    assert_eq!(found(&["a | internet | dmz | { tcp: 140-145 }"]), 1, "a range to the whole zone");
    assert_eq!(found(&["a | lan | 192.0.2.11 | imap"]), 0, "inside");
    assert_eq!(found(&["a | internet | 192.0.2.12 | imap"]), 1, "whoever keeps mailboxes there");
    assert_eq!(found(&["a | internet | 192.0.2.12 | any"]), 0, "everything is another finding");
    assert_eq!(found(&["a | internet | dmz | [pop3, imap]"]), 1, "one rule, one finding");
    let shut = [
        "reject-a | internet | 192.0.2.0/28 | [pop3, imap] | log: true",
        "b | internet | 192.0.2.11 | [imap, imaps]",
    ];
    assert_eq!(found(&shut), 0, "an earlier rule refuses all of it");
}

#[test]
fn clients_submit_on_a_port_where_they_log_in() {
    let found = |rules: &[&str]| on_site("mail-submission-via-25", rules);
    assert_eq!(found(&["a | lan | 192.0.2.10 | smtp"]), 1);
    assert_eq!(found(&["a | lan | 192.0.2.10 | smtp", "b | 10.20.0.0/15 | 192.0.2.10 | submission"]), 0);
    let some = ["a | lan | 192.0.2.10 | smtp", "b | 10.20.0.0/17 | 192.0.2.10 | submissions"];
    assert_eq!(found(&some), 1, "the upper half may not submit");
    let halves = [&some[..], &["c | 10.20.128.0/17 | 192.0.2.10 | submission"]].concat();
    assert_eq!(found(&halves), 0, "one half on 465, the other on 587");
    assert_eq!(found(&["a | 192.0.2.11 | 192.0.2.10 | smtp"]), 0, "the store hands on what it forwards");
    assert_eq!(found(&["a | lan | 192.0.2.11 | smtp"]), 0, "no submission server");
}

#[test]
fn filters_are_edited_by_a_few_networks() {
    let found = |from: &str, services: &str| {
        on_site("mail-managesieve-wide", &[&format!("a | {from} | 192.0.2.11 | {services}")])
    };
    assert_eq!(found("internet", "managesieve"), 1);
    assert_eq!(found("[0.0.0.0/1, 128.0.0.0/1]", "managesieve"), 1, "everybody in two halves");
    assert_eq!(found("198.51.100.0/24", "managesieve"), 0);
    assert_eq!(found("lan", "managesieve"), 0);
    assert_eq!(found("internet", "{ tcp: 4000-5000 }"), 0, "a wide range is another finding");
    assert_eq!(on_site("mail-managesieve-legacy-port", &["a | lan | 192.0.2.11 | { tcp: 2000 }"]), 1);
    assert_eq!(
        on_site("mail-managesieve-legacy-port", &["a | lan | 192.0.2.20 | { tcp: 2000 }"]),
        0,
        "a telephone"
    );
}

#[test]
fn directories_inside_are_nobodys_concern() {
    let found = |rules: &[&str]| found("mail-ldap-cleartext", rules);
    assert_eq!(found(&["a | lan | internet | ldap"]), 1);
    assert_eq!(found(&["a | internet | servers | { tcp: 3268 }"]), 1);
    let open = ["a | internet | servers | ldap"];
    assert_eq!((found(&open), self::found("datastore-from-any", &open)), (0, 1), "said once");
    let policy = lower(parse::text("policy.yaml", office(&open), &mut Sources::default())).policy.unwrap();
    let rfc = lint(&policy, &Plan::of_profiles(&[Profile::Rfc]), TODAY);
    assert_eq!(
        rfc.iter().filter(|finding| finding.code == "mail-ldap-cleartext").count(),
        1,
        "and not unsaid"
    );
    assert_eq!(found(&["a | lan | servers | ldap"]), 0);
    assert_eq!(found(&["a | lan | internet | ldaps"]), 0);
}

#[test]
fn lmtp_is_for_mail_servers() {
    let found = |rules: &[&str]| on_site("mail-lmtp-exposed", rules);
    assert_eq!(found(&["a | internet | 192.0.2.11 | lmtp"]), 1);
    assert_eq!(found(&["a | lan | dmz | { tcp: 20-30 }"]), 1);
    assert_eq!(found(&["a | 192.0.2.10 | 192.0.2.11 | lmtp"]), 0, "the relay delivers");
    assert_eq!(
        titles("mail-lmtp-exposed", &office(&["a | lan | servers | { tcp: 2003 }"])).len(),
        0,
        "no mail here"
    );
}
