//! The catalogue of services, held to what it cites: the registry of IANA, and the standards on mail.

use std::collections::BTreeMap;

use mailward::catalog::{Registration, Service, Status, service, service_names, services};
use mailward::model::Term;
use mailward::packet::{TCP, UDP};

/// The ports of a service, as `25/tcp`; long ranges as `33434-33534/udp`.
fn ports(service: &Service) -> Vec<String> {
    let mut found = Vec::new();
    for term in service.terms() {
        let Term::Ports { protocol, destination, .. } = term else { continue };
        let name = if *protocol == TCP { "tcp" } else { "udp" };
        assert!(*protocol == TCP || *protocol == UDP);
        for &(first, last) in destination.intervals() {
            match last - first {
                0..=8 => found.extend((first..=last).map(|port| format!("{port}/{name}"))),
                _ => found.push(format!("{first}-{last}/{name}")),
            }
        }
    }
    found
}

fn named(name: &str) -> &'static Service {
    service(name).unwrap_or_else(|| panic!("no service {name}"))
}

/// An excerpt of the registry: names by port and protocol.
fn registry() -> BTreeMap<&'static str, Vec<&'static str>> {
    let text = include_str!("../data/iana-ports.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &'static str| {
        let (port, names) = line.split_once(':').expect(line);
        (port, names.split(", ").map(str::trim).filter(|name| !name.is_empty()).collect())
    };
    lines.map(entry).collect()
}

#[test]
fn every_port_is_called_what_the_registry_calls_it() {
    let registry = registry();
    for service in services() {
        for registration in service.registrations() {
            let port = registration.port_and_protocol();
            let mut names = registration.names.clone();
            names.sort_unstable();
            assert_eq!(
                registry.get(port.as_str()),
                Some(&names.iter().map(String::as_str).collect()),
                "{port}"
            );
        }
    }
}

#[test]
fn no_port_is_left_out() {
    for service in services() {
        let registered: Vec<String> =
            service.registrations().iter().map(Registration::port_and_protocol).collect();
        let single: Vec<String> = ports(service).into_iter().filter(|port| !port.contains('-')).collect();
        assert_eq!(registered, single, "{}", service.name());
    }
}

#[test]
fn a_port_of_somebody_else_has_a_note() {
    for service in services().filter(|service| service.notes().is_none()) {
        let own: Vec<&str> = service.names().collect();
        for registration in service.registrations() {
            let is_own = registration.names.iter().any(|name| own.contains(&name.as_str()));
            let is_unnamed = registration.names.is_empty();
            assert!(is_own || is_unnamed, "{}: {registration:?} and no note", service.name());
        }
    }
}

#[test]
fn what_is_to_be_given_up_has_a_better_one_or_is_history() {
    for service in services() {
        let is_given_up = matches!(service.status(), Status::Legacy | Status::Workaround);
        assert!(!is_given_up || service.replaced_by().is_some(), "{}", service.name());
        if let Some(better) = service.replaced_by() {
            assert_eq!(named(better).status(), Status::Current, "{}", service.name());
        }
    }
}

#[test]
fn every_entry_says_who_speaks_to_whom_and_what_it_rests_on() {
    for service in services() {
        assert!(service.flow().contains(" to "), "{}: {}", service.name(), service.flow());
        assert!(service.sources().iter().all(|source| !source.is_empty()));
        let cites_registry = service.sources().iter().any(|source| source == "IANA");
        let registered = service.registrations().iter().any(|one| !one.names.is_empty());
        let has_no_ports = service.registrations().is_empty();
        let says_reserved = service.notes().is_some_and(|note| note.contains("reserved"));
        assert!(
            !cites_registry
                || registered
                || has_no_ports
                || says_reserved
                || service.name().as_str() == "imap-ssl-legacy"
        );
    }
}

/// A service by its standards: name, ports, protection, status, replacement, a source.
type Standard = (&'static str, &'static str, &'static str, Status, Option<&'static str>, &'static str);

/// Mail.
const MAIL: [Standard; 22] = [
    ("smtp", "25/tcp", "opportunistic STARTTLS", Status::Current, None, "RFC 3207 §4"),
    ("submission", "587/tcp", "STARTTLS", Status::Current, Some("submissions"), "RFC 6409 §3.1"),
    ("submissions", "465/tcp", "implicit TLS", Status::Current, None, "RFC 8314 §3.3"),
    ("pop3", "110/tcp", "STARTTLS", Status::Legacy, Some("pop3s"), "RFC 8314 §4.1"),
    ("pop3s", "995/tcp", "implicit TLS", Status::Current, None, "RFC 8314 §3.1"),
    ("imap", "143/tcp", "STARTTLS", Status::Legacy, Some("imaps"), "RFC 9051 §11.2"),
    ("imaps", "993/tcp", "implicit TLS", Status::Current, None, "RFC 8314 §3.2"),
    ("imap3", "220/tcp", "cleartext", Status::Historic, Some("imaps"), "RFC 1203"),
    ("imap-ssl-legacy", "585/tcp", "implicit TLS", Status::Historic, Some("imaps"), "IANA"),
    ("pop2", "109/tcp", "cleartext", Status::Historic, Some("pop3s"), "RFC 937"),
    ("kpop", "1109/tcp", "cleartext", Status::Historic, Some("pop3s"), "IANA"),
    ("poppassd", "106/tcp", "cleartext", Status::Historic, Some("https"), "IANA"),
    ("qmtp", "209/tcp", "cleartext", Status::Historic, Some("smtp"), "IANA"),
    ("qmqp", "628/tcp", "cleartext", Status::Historic, Some("smtp"), "IANA"),
    ("lmtp", "24/tcp", "STARTTLS", Status::Current, None, "RFC 2033"),
    ("managesieve", "4190/tcp", "STARTTLS", Status::Current, None, "RFC 5804 §1.8"),
    ("managesieve-legacy", "2000/tcp", "STARTTLS", Status::Workaround, Some("managesieve"), "IANA"),
    ("smtp-alternate", "26/tcp 2525/tcp", "STARTTLS", Status::Workaround, Some("submissions"), "IANA"),
    ("nntp", "119/tcp", "STARTTLS", Status::Legacy, Some("nntps"), "RFC 4642"),
    ("nntps", "563/tcp", "implicit TLS", Status::Current, None, "RFC 4642"),
    ("jmap", "443/tcp", "implicit TLS", Status::Current, None, "RFC 8620"),
    ("mta-sts", "443/tcp", "implicit TLS", Status::Current, None, "RFC 8461 §3.3"),
];

#[test]
fn mail_is_what_its_standards_say() {
    for (name, on, tls, status, better, source) in MAIL {
        let found = named(name);
        assert_eq!(ports(found).join(" "), on, "{name}");
        assert_eq!(
            (found.tls().name(), found.status(), found.replaced_by()),
            (tls, status, better),
            "{name}"
        );
        assert!(found.sources().iter().any(|cited| cited == source), "{name}: {source}");
    }
}

/// What is around mail, and what is only for few: name and ports.
const AROUND: [(&str, &str); 63] = [
    ("pcmail", "158/tcp"),
    ("mpp", "218/tcp"),
    ("imsp", "406/tcp"),
    ("acap", "674/tcp"),
    ("mailq", "174/tcp"),
    ("comsat", "512/udp"),
    ("webmail", "443/tcp"),
    ("autodiscover", "443/tcp"),
    ("tlsrpt", "443/tcp"),
    ("dane", "53/tcp 53/udp"),
    ("dnsbl", "53/tcp 53/udp"),
    ("dns", "53/tcp 53/udp"),
    ("dot", "853/tcp"),
    ("doq", "853/udp"),
    ("spamd", "783/tcp"),
    ("rspamd-proxy", "11332/tcp"),
    ("rspamd", "11333/tcp"),
    ("rspamd-controller", "11334/tcp"),
    ("rspamd-fuzzy", "11335/udp"),
    ("clamd", "3310/tcp"),
    ("amavis", "10024/tcp"),
    ("amavis-reinject", "10025/tcp"),
    ("amavis-originating", "10026/tcp"),
    ("opendkim", "8891/tcp"),
    ("opendmarc", "8893/tcp"),
    ("postgrey", "10023/tcp"),
    ("postsrsd", "10001/tcp 10002/tcp"),
    ("dovecot-metrics", "9900/tcp"),
    ("cyrus-http", "8008/tcp"),
    ("cyrus-https", "8443/tcp"),
    ("cyrus-mupdate", "3905/tcp"),
    ("mailman-rest", "8001/tcp"),
    ("mailman-lmtp", "8024/tcp"),
    ("redis", "6379/tcp"),
    ("memcached", "11211/tcp 11211/udp"),
    ("ldap", "389/tcp 389/udp"),
    ("ldaps", "636/tcp"),
    ("ldap-gc", "3268/tcp"),
    ("ldaps-gc", "3269/tcp"),
    ("epmap", "135/tcp"),
    ("exchange-routing", "691/tcp"),
    ("exchange-transport", "475/tcp 717/tcp 2525/tcp"),
    ("lotus-notes", "1352/tcp"),
    ("kerberos", "88/tcp 88/udp"),
    ("kpasswd", "464/tcp 464/udp"),
    ("acme-http", "80/tcp"),
    ("ocsp", "80/tcp"),
    ("ntp", "123/udp"),
    ("nts-ke", "4460/tcp"),
    ("syslog", "514/udp"),
    ("syslog-tls", "6514/tcp 6514/udp"),
    ("mobile-push", "5223/tcp 5228/tcp 5229/tcp 5230/tcp"),
    ("netbios", "137/tcp 138/tcp 139/tcp 137/udp 138/udp 139/udp"),
    ("rservices", "512/tcp 513/tcp 514/tcp"),
    ("snmp", "161/udp"),
    ("ipmi", "623/udp"),
    ("mssql", "1433/tcp"),
    ("postgresql", "5432/tcp"),
    ("elasticsearch", "9200/tcp"),
    ("etcd", "2379/tcp"),
    ("kubelet", "10250/tcp"),
    ("mongodb", "27017/tcp"),
    ("printer", "9100/tcp"),
];

#[test]
fn what_is_around_mail_is_on_its_ports() {
    for (name, on) in AROUND {
        assert_eq!(ports(named(name)).join(" "), on, "{name}");
    }
}

/// Ports for which a standard or the registry has several names, or none of the service's: name and note.
const HISTORIES: [(&str, &str, &str); 6] = [
    ("smtps", "submissions", "revoked"),
    ("urd", "submissions", "one-time exception"),
    ("imap2", "imap", "Debian"),
    ("sieve", "managesieve", "IANA"),
    ("domain", "dns", "IANA"),
    ("biff", "comsat", "IANA"),
];

#[test]
fn an_old_name_leads_to_the_service_and_tells_its_history() {
    for (alias, name, history) in HISTORIES {
        let found = named(alias);
        assert_eq!(found.name().as_str(), name);
        let note = found.aliases().iter().find(|one| one.name == alias).and_then(|one| one.note.as_deref());
        assert!(note.is_some_and(|note| note.contains(history)), "{alias}: {note:?}");
    }
}

#[test]
fn the_service_first_listed_for_a_port_gives_it_its_name() {
    let first =
        |port: &str| services().find(|service| ports(service) == [port]).map(|found| found.name().as_str());
    assert_eq!((first("443/tcp"), first("80/tcp")), (Some("https"), Some("http")));
}

#[test]
fn names_are_plentiful_and_unique() {
    assert_eq!(service_names().count(), services().map(|service| service.names().count()).sum::<usize>());
}
