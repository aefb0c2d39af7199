//! `mailward services`: the names that every policy may use.

use clap::Args;

use super::exit::Exit;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::catalog::{self, Service};
use crate::model::Term;
use crate::packet::{IntervalSet, TCP};

/// List the built-in services, or say everything about one.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Name of a service [default: list all of them].
    service: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = match &arguments.service {
        None => list(),
        Some(name) => details(find(name)?),
    };
    terminal.result(&text)?;
    Ok(Exit::Yes)
}

fn find(name: &str) -> Result<&'static Service, Failure> {
    let unknown = || Failure::unknown("service", name, catalog::service_names(), "mailward services");
    catalog::service(name).ok_or_else(unknown)
}

/// One line per service below the titles of their groups.
fn list() -> String {
    let services: Vec<&Service> = catalog::services().collect();
    let groups = services.chunk_by(|one, next| one.group() == next.group()).map(group);
    groups.collect::<Vec<_>>().join("\n")
}

/// Services of one group.
fn group(services: &[&Service]) -> String {
    let title = services.first().map_or("", |service| service.group());
    let lines: Vec<String> = services.iter().map(|service| line(service)).collect();
    format!("{title}\n{}", lines.concat())
}

fn line(service: &Service) -> String {
    let (name, traffic, tls) = (service.name().as_str(), traffic(service), service.tls().name());
    format!("  {name:18}  {traffic:26}  {tls:22}  {}\n", service.title())
}

fn details(service: &Service) -> String {
    let aliases = service.aliases().join(", ");
    let lines = [
        ("also called", (!aliases.is_empty()).then_some(aliases)),
        ("traffic", Some(traffic(service))),
        ("protection", Some(service.tls().name().to_owned())),
        ("flow", service.flow().map(str::to_owned)),
        ("use instead", service.replaced_by().map(str::to_owned)),
        ("at IANA", service.iana().map(str::to_owned)),
        ("note", service.notes().map(str::to_owned)),
        ("sources", Some(service.sources().join("; ")).filter(|sources| !sources.is_empty())),
    ];
    let said = lines.into_iter().filter_map(|(key, value)| value.map(|value| (key, value)));
    let body: Vec<String> = said.map(|(key, value)| format!("  {key:12} {value}\n")).collect();
    format!("{}: {}\n{}", service.name(), service.title(), body.concat())
}

/// `tcp 53, udp 53`.
fn traffic(service: &Service) -> String {
    let parts: Vec<String> = service.terms().iter().map(term).collect();
    parts.join(", ")
}

fn term(term: &Term) -> String {
    match term {
        Term::Any => "everything".to_owned(),
        Term::Ports { protocol, destination, .. } => {
            format!("{} {}", if *protocol == TCP { "tcp" } else { "udp" }, intervals(destination))
        }
        Term::Icmp(kinds) => format!("icmp {}", kinds_in_words(kinds)),
        Term::Icmpv6(kinds) => format!("icmpv6 {}", kinds_in_words(kinds)),
        Term::Protocol(number) => format!("protocol {number}"),
    }
}

fn intervals(set: &IntervalSet<u16>) -> String {
    let one = |&(first, last): &(u16, u16)| match last {
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    set.intervals().iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Types of messages, without their codes; the catalogue's services never narrow them to a code.
fn kinds_in_words(kinds: &IntervalSet<u16>) -> String {
    let types = kinds.intervals().iter().map(|&(first, last)| (first >> 8, last >> 8));
    intervals(&IntervalSet::from_intervals(types))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_is_told_in_the_words_of_a_policy() {
        let told = |name: &str| traffic(catalog::service(name).unwrap());
        assert_eq!(told("dns"), "tcp 53, udp 53");
        assert_eq!(told("rservices"), "tcp 512-514");
        assert_eq!(told("ping"), "icmp 8, icmpv6 128");
        assert_eq!(told("ipsec"), "udp 500 4500, protocol 50");
    }
}
