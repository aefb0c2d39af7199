//! What a packet speaks: protocol, ports, message.

use std::net::{IpAddr, SocketAddr};

use super::super::services::{named_ports, unknown_message, unknown_port};
use super::super::undefined;
use super::Asking;
use crate::catalog;
use crate::packet::{Family, ICMP, ICMPV6, TCP, UDP, transport};
use crate::parse::{KindTerm, PortTerm};
use crate::source::{Diagnostic, Spanned, quoted};

/// The first port of the range that systems take source ports from (RFC 6335 §6).
const EPHEMERAL: u16 = 49152;

/// What a packet speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Traffic {
    /// TCP or UDP.
    Ports(u8),
    /// A message of ICMP (IPv4) or ICMPv6 (IPv6).
    Message(Family),
    /// Any other protocol.
    Plain(u8),
}

impl Asking<'_> {
    /// What the packet speaks: the protocol as written, else TCP if it has ports.
    pub(super) fn traffic(&mut self, family: Family) -> Option<Traffic> {
        let Some(written) = &self.decl.protocol else {
            let has_ports = self.decl.source.port.is_some() || self.decl.destination.port.is_some();
            if has_ports {
                self.assumed.push("TCP: no protocol is written".to_owned());
                return Some(Traffic::Ports(TCP));
            }
            let problem =
                Diagnostic::error("missing-protocol", self.decl.site, "a packet without protocol and ports");
            self.problems.push(
                problem.help("write the protocol in front: `tcp`, `udp`, `icmp echo-request`, `gre` …"),
            );
            return None;
        };
        let traffic = self.protocol(written)?;
        match traffic {
            Traffic::Message(own) if own != family => {
                let title = format!("{} is not spoken over {}", quoted(&written.value), family.name());
                let help = if family == Family::V4 { "write `icmp`" } else { "write `icmpv6`" };
                self.problems.push(Diagnostic::error("family-mismatch", written.site, title).help(help));
            }
            Traffic::Plain(number) if !family.has_protocol(number) => {
                let title = format!("{} is no protocol of an IPv6 packet", quoted(&written.value));
                let problem = Diagnostic::error("family-mismatch", written.site, title);
                self.problems.push(problem.note(
                    "it is an extension header, and filters look through it to the protocol behind (RFC 8200 §4.1)",
                ));
            }
            _ => {}
        }
        Some(traffic)
    }

    fn protocol(&mut self, written: &Spanned<String>) -> Option<Traffic> {
        let name = written.value.to_ascii_lowercase();
        let number = match name.as_str() {
            "tcp" => Some(TCP),
            "udp" => Some(UDP),
            "icmp" => Some(ICMP),
            "icmpv6" => Some(ICMPV6),
            name => catalog::protocol(name).or_else(|| plain_number(name)),
        };
        if number.is_none() {
            let known = catalog::protocol_names().chain(["tcp", "udp", "icmp", "icmpv6"]);
            self.problems.push(undefined(
                "undefined-protocol",
                "protocol",
                written.site,
                &written.value,
                known,
            ));
        }
        Some(match number? {
            number @ (TCP | UDP) => Traffic::Ports(number),
            ICMP => Traffic::Message(Family::V4),
            ICMPV6 => Traffic::Message(Family::V6),
            number => Traffic::Plain(number),
        })
    }

    /// Protocol and destination port, or protocol and message.
    pub(super) fn transport(&mut self, traffic: Traffic) -> Option<u32> {
        match traffic {
            Traffic::Ports(protocol) => {
                let Some(written) = &self.decl.destination.port else {
                    let address = &self.decl.destination.address;
                    let title = format!("a {} packet goes to a port", protocol_word(protocol));
                    let help = match taken_for_address(address.value) {
                        Some(meant) => format!("did you mean `{meant}`? A port stands behind brackets"),
                        None => format!("write it behind the address: `{}`", with_port(address.value)),
                    };
                    self.problems.push(Diagnostic::error("missing-port", address.site, title).help(help));
                    return None;
                };
                Some(transport(protocol, self.port(protocol, written)?))
            }
            Traffic::Message(family) => {
                self.refuse_ports("a message of ICMP has no ports");
                let protocol = if family == Family::V4 { ICMP } else { ICMPV6 };
                Some(transport(protocol, self.message(family)?))
            }
            Traffic::Plain(protocol) => {
                self.refuse_ports("only TCP and UDP packets have ports here");
                Some(transport(protocol, 0))
            }
        }
    }

    pub(super) fn source_port(&mut self, traffic: Traffic) -> Option<u16> {
        match (traffic, &self.decl.source.port) {
            (Traffic::Ports(protocol), Some(written)) => self.port(protocol, written),
            (Traffic::Ports(_), None) => {
                self.assumed.push(format!("source port {EPHEMERAL}: none is written"));
                Some(EPHEMERAL)
            }
            (Traffic::Message(_) | Traffic::Plain(_), _) => Some(0),
        }
    }

    fn refuse_ports(&mut self, title: &str) {
        let ends = [&self.decl.source, &self.decl.destination];
        for port in ends.into_iter().filter_map(|end| end.port.as_ref()) {
            self.problems.push(Diagnostic::error("odd-port", port.site, title).help("leave the port out"));
        }
    }

    fn port(&mut self, protocol: u8, written: &Spanned<PortTerm>) -> Option<u16> {
        let name = match &written.value {
            PortTerm::Range(port, _) => return Some(*port),
            PortTerm::Name(name) => name.as_str(),
            PortTerm::Any => "any",
        };
        let Some(ports) = named_ports(protocol, name) else {
            self.problems.push(unknown_port(protocol, name, written.site));
            return None;
        };
        match *ports.intervals() {
            [(first, last)] if first == last => Some(first),
            _ => {
                let title = format!("{} is more than one port", quoted(name));
                let help = "write the one that is meant; `mailward services` lists them";
                self.problems.push(Diagnostic::error("not-one-port", written.site, title).help(help));
                None
            }
        }
    }

    /// Type and code.
    fn message(&mut self, family: Family) -> Option<u16> {
        let Some(written) = &self.decl.message else {
            let site = self.decl.protocol.as_ref().map_or(self.decl.site, |protocol| protocol.site);
            let problem = Diagnostic::error("missing-message", site, "which message?");
            self.problems.push(problem.help("write it behind the protocol: `icmp echo-request`, `icmp 3/4`"));
            return None;
        };
        let known = match &written.value {
            KindTerm::Number(kind, code) => Some((*kind, *code)),
            KindTerm::Name(name) => catalog::icmp_type(family, name),
            KindTerm::Any => None,
        };
        let Some((kind, code)) = known else {
            self.problems.push(match &written.value {
                KindTerm::Name(name) => unknown_message(family, name, written.site),
                _ => Diagnostic::error("not-one-message", written.site, "`any` is not one message")
                    .help("a packet carries one; `mailward query` asks about many"),
            });
            return None;
        };
        if code.is_none() && has_codes(family, kind) {
            self.assumed.push("code 0: none is written".to_owned());
        }
        Some(u16::from_be_bytes([kind, code.unwrap_or(0)]))
    }
}

fn protocol_word(protocol: u8) -> &'static str {
    if protocol == TCP { "TCP" } else { "UDP" }
}

/// An address with a port, as an example.
fn with_port(address: IpAddr) -> String {
    SocketAddr::new(address, 25).to_string()
}

/// An address of IPv6 with a port, if the last group may have been meant for the port: `2001:db8::2:25` for `[2001:db8::2]:25`.
fn taken_for_address(address: IpAddr) -> Option<SocketAddr> {
    let written = address.to_string();
    let (address, port) = written.rsplit_once(':')?;
    Some(SocketAddr::new(IpAddr::V6(address.parse().ok()?), port.parse().ok()?))
}

/// A number from 0 to 255 without a sign or a leading zero.
fn plain_number(text: &str) -> Option<u8> {
    text.parse().ok().filter(|number: &u8| number.to_string() == text)
}

/// Whether some code of a type has a name of its own.
fn has_codes(family: Family, kind: u8) -> bool {
    let mut names = catalog::icmp_names(family);
    names.any(|name| matches!(catalog::icmp_type(family, name), Some((of, Some(_))) if of == kind))
}
