//! Addresses, prefixes and ranges in the spelling that every tool reads alike.
//!
//! The standard library's parser decides what an address is: it refuses leading zeros, which others read as
//! octal, and everything but the four numbers of an IPv4 address.

use std::net::IpAddr;

use ipnet::IpNet;

use super::AddressTerm;
use super::fault::Fault;
use super::number::decimal;
use super::reader::{Reader, Value};
use crate::source::quoted;

const HOW: &str = "write `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or the same with IPv6 addresses";

impl<'t> Reader<'t> {
    /// An element of `from`, `to`, `networks` and the like.
    pub(super) fn address(&mut self, value: Value<'t>) -> Option<AddressTerm> {
        self.parsed(value, "an address or a name", term)
    }
}

/// An address, a prefix, a range, or what may be a name: letters without dots and colons.
pub(super) fn term(text: &str) -> Result<AddressTerm, Fault> {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_word && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(AddressTerm::Name(text.to_owned()));
    }
    literal(text)
}

/// An address, a prefix or a range.
pub(super) fn literal(text: &str) -> Result<AddressTerm, Fault> {
    match (text.split_once('/'), text.split_once('-')) {
        (Some((base, length)), _) => prefix(text, base, length).map(AddressTerm::Prefix),
        (None, Some((first, last))) => range(text, first, last),
        (None, None) => address(text).map(|address| AddressTerm::Prefix(address.into())),
    }
}

fn prefix(text: &str, base: &str, length: &str) -> Result<IpNet, Fault> {
    let address = address(base)?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let bits = match decimal(length) {
        Ok(bits) => u8::try_from(bits).ok(),
        Err(None) => None,
        Err(Some(fault)) => return Err(fault),
    };
    let Some(net) = bits.and_then(|bits| IpNet::new(address, bits).ok()) else {
        let help = if length.contains('.') {
            "write the length of the prefix, not a netmask: `/24` for `255.255.255.0`".to_owned()
        } else {
            format!("a prefix of this family has a length from 0 to {longest}")
        };
        return Err(Fault::new("not-a-prefix", format!("{} is not a prefix", quoted(text))).help(help));
    };
    if net.network() == address {
        return Ok(net);
    }
    let title = format!("`{text}` has host bits set: it names a network and an address in it");
    let help = format!("did you mean the network `{}` or the address `{address}`?", net.trunc());
    Err(Fault::new("host-bits-set", title).help(help))
}

fn range(text: &str, first: &str, last: &str) -> Result<AddressTerm, Fault> {
    let (from, to) = (address(first)?, address(last)?);
    match (from.is_ipv4() == to.is_ipv4(), from <= to) {
        (false, _) => {
            Err(Fault::new("mixed-families", format!("`{text}` begins in one family and ends in the other"))
                .help("a range has two IPv4 or two IPv6 addresses"))
        }
        (true, false) => Err(Fault::new("inverted-range", format!("`{text}` ends before it begins"))
            .help(format!("did you mean `{to}-{from}`?"))),
        (true, true) => Ok(AddressTerm::Range(from, to)),
    }
}

fn address(text: &str) -> Result<IpAddr, Fault> {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_some() => {
            let v4 = v6.to_ipv4_mapped().map(|v4| v4.to_string()).unwrap_or_default();
            Err(Fault::new("mapped-address", format!("{} is an IPv4 address written as IPv6", quoted(text)))
                .note("no such packet is on the wire, so it would never match")
                .help(format!("write the IPv4 form, here `{v4}`")))
        }
        Ok(address) => Ok(address),
        Err(_) => Err(why_not_an_address(text)),
    }
}

fn why_not_an_address(text: &str) -> Fault {
    let fault = |title: String, help: &str| Fault::new("not-an-address", title).help(help);
    let shown = quoted(text);
    if text.trim() != text {
        return fault(format!("{shown} has blanks around it"), "write addresses and ranges without blanks");
    }
    if text.contains('%') {
        return Fault::new("zone-id", format!("{shown} has a zone id"))
            .note("which interface a packet takes is the zone's to say, and no target can match it here")
            .help("leave out the `%` and what follows; name the interface in `zones`");
    }
    if text.contains(':') {
        return why_not_v6(text);
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return why_not_v4(text);
    }
    if text.contains('.') && text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return fault(format!("{shown} is a host name, not an address"), "write its addresses")
            .note("what a host name stands for depends on when and where it is looked up");
    }
    if text.contains([' ', ',', ';']) {
        return fault(
            format!("{shown} is not one address"),
            "write each address as an item or a line of its own",
        );
    }
    fault(format!("{shown} is not an address"), HOW)
}

fn why_not_v4(text: &str) -> Fault {
    let fault = |title: String| Fault::new("not-an-address", title);
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 || parts.contains(&"") {
        return fault(format!("{} is not an address", quoted(text)))
            .help("an IPv4 address has four numbers: `192.0.2.1`");
    }
    let octal = |part: &&&str| part.len() > 1 && part.starts_with('0');
    if parts.iter().any(|part| octal(&part)) {
        let decimal: Vec<&str> = parts
            .iter()
            .map(|part| match part.trim_start_matches('0') {
                "" => "0",
                digits => digits,
            })
            .collect();
        return Fault::new("leading-zero", format!("{} has a leading zero", quoted(text)))
            .note("some tools read such a number as octal")
            .help(format!("did you mean `{}`?", decimal.join(".")));
    }
    let large = parts.iter().find(|part| part.parse::<u8>().is_err()).copied().unwrap_or_default();
    fault(format!("{} is not an address: `{large}` is more than 255", quoted(text)))
        .help("each number of an IPv4 address is 0 to 255")
}

fn why_not_v6(text: &str) -> Fault {
    let fault = |title: &str| Fault::new("not-an-address", format!("{} {title}", quoted(text)));
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let has_port = bare.parse::<IpAddr>().is_ok() && decimal(port).is_ok();
    if has_port && (text.starts_with('[') || !host.contains(':')) {
        return fault("is an address with a port").help("addresses go here, ports under `services`");
    }
    if text.starts_with('[') {
        return fault("has brackets around an address").help("write it without brackets");
    }
    fault("is not an address").help(HOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        match term(text) {
            Ok(term) => format!("{term:?}"),
            Err(fault) => {
                let site = crate::source::Site::bytes(
                    crate::source::Sources::default()
                        .add_yaml(crate::source::SourceFile::new(String::new(), String::new(), None))
                        .0,
                    0..0,
                );
                fault.at(site).code.to_owned()
            }
        }
    }

    #[test]
    fn addresses_prefixes_ranges_and_names_pass() {
        assert_eq!(code("lan-2"), "Name(\"lan-2\")");
        assert_eq!(code("192.0.2.1"), "Prefix(192.0.2.1/32)");
        assert_eq!(code("0.0.0.0/0"), "Prefix(0.0.0.0/0)");
        assert_eq!(code("2001:DB8::/32"), "Prefix(2001:db8::/32)");
        assert_eq!(code("::1"), "Prefix(::1/128)");
        assert_eq!(code("10.0.0.1-10.0.0.9"), "Range(10.0.0.1, 10.0.0.9)");
        assert_eq!(code("fe80::1-fe80::1"), "Range(fe80::1, fe80::1)");
    }

    #[test]
    fn every_slip_has_its_own_word() {
        for (text, expected) in [
            ("192.0.2.256", "not-an-address"),
            ("192.0.2", "not-an-address"),
            ("10", "not-an-address"),
            ("", "not-an-address"),
            ("010.0.0.1", "leading-zero"),
            ("10.0.0.0/08", "leading-zero"),
            ("10.0.0.0/33", "not-a-prefix"),
            ("::/129", "not-a-prefix"),
            ("10.0.0.0/", "not-a-prefix"),
            ("10.0.0.0/-1", "not-a-number"),
            ("10.0.0.0/255.0.0.0", "not-a-prefix"),
            ("10.0.0.5/8", "host-bits-set"),
            ("2001:db8::1/64", "host-bits-set"),
            ("::ffff:10.0.0.1", "mapped-address"),
            ("::ffff:0:0/96", "mapped-address"),
            ("fe80::1%eth0", "zone-id"),
            ("10.0.0.9-10.0.0.1", "inverted-range"),
            ("10.0.0.1-fe80::1", "mixed-families"),
            ("10.0.0.1-9", "not-an-address"),
            ("10.0.0.1 - 10.0.0.9", "not-an-address"),
            ("mail.example.net", "not-an-address"),
            ("10.0.0.1:25", "not-an-address"),
            ("[::1]:25", "not-an-address"),
            ("0x7f.1", "not-an-address"),
            ("*", "not-an-address"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }
}
