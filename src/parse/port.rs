//! Ports, ICMP types and protocols.

use super::fault::Fault;
use super::number::decimal;
use super::word::any_name;
use super::{KindTerm, PortTerm};
use crate::source::quoted;

/// A port, a range of ports, `any`, or the name of a service.
pub(super) fn port(text: &str) -> Result<PortTerm, Fault> {
    if text == "any" {
        return Ok(PortTerm::Any);
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return any_name(text).map(|name| PortTerm::Name(name.as_str().to_owned()));
    }
    let (first, last) = match text.split_once('-') {
        Some((first, last)) if !first.is_empty() && !last.is_empty() => (number(first)?, number(last)?),
        _ => (number(text)?, number(text)?),
    };
    if first > last {
        return Err(Fault::new("inverted-range", format!("`{text}` ends before it begins"))
            .help(format!("did you mean `{last}-{first}`?")));
    }
    Ok(PortTerm::Range(first, last))
}

fn number(text: &str) -> Result<u16, Fault> {
    let fault = || {
        Fault::new("not-a-port", format!("{} is not a port", quoted(text)))
            .help("ports are 1 to 65535, `9000-9010`, `any`, or the name of a service")
    };
    match decimal(text) {
        Ok(0) => Err(fault().note("port 0 is reserved and never on the wire")),
        Ok(number) => u16::try_from(number).map_err(|_| fault()),
        Err(reason) => Err(reason.unwrap_or_else(fault)),
    }
}

/// An ICMP type, perhaps with a code (`3/4`), a name, or `any`.
pub(super) fn icmp(text: &str) -> Result<KindTerm, Fault> {
    let fault = || {
        Fault::new("not-an-icmp-type", format!("{} is not an ICMP type", quoted(text)))
            .help("write a type from 0 to 255, a type and a code (`3/4`), a name, or `any`")
    };
    if text == "any" {
        return Ok(KindTerm::Any);
    }
    match text.split_once('/') {
        Some((kind, code)) => Ok(KindTerm::Number(byte(kind, fault)?, Some(byte(code, fault)?))),
        None => named_or(text, fault),
    }
}

/// A protocol by its IANA number or name.
pub(super) fn protocol(text: &str) -> Result<KindTerm, Fault> {
    named_or(text, || {
        Fault::new("not-a-protocol", format!("{} is not a protocol", quoted(text)))
            .help("write an IANA protocol number from 0 to 255, or a name like `esp`")
    })
}

fn named_or(text: &str, fault: impl Fn() -> Fault) -> Result<KindTerm, Fault> {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return any_name(text).map(|name| KindTerm::Name(name.as_str().to_owned()));
    }
    byte(text, fault).map(|number| KindTerm::Number(number, None))
}

fn byte(text: &str, fault: impl Fn() -> Fault) -> Result<u8, Fault> {
    match decimal(text) {
        Ok(number) => u8::try_from(number).map_err(|_| fault()),
        Err(reason) => Err(reason.unwrap_or_else(fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_have_one_spelling() {
        assert_eq!(port("25"), Ok(PortTerm::Range(25, 25)));
        assert_eq!(port("1-65535"), Ok(PortTerm::Range(1, 65535)));
        assert_eq!(port("any"), Ok(PortTerm::Any));
        assert_eq!(port("smtp"), Ok(PortTerm::Name("smtp".to_owned())));
        for text in [
            "0",
            "65536",
            "70000",
            "99999999999",
            "0025",
            "+25",
            "-25",
            "25-",
            "-",
            "9010-9000",
            "25.0",
            "1e3",
            "0x19",
            "1_000",
            "25,26",
            "1-2-3",
            "",
            " 25",
            "٢٥",
            "25/tcp",
        ] {
            assert!(port(text).is_err(), "{text}");
        }
    }

    #[test]
    fn types_may_have_codes_and_protocols_not() {
        assert_eq!(icmp("3"), Ok(KindTerm::Number(3, None)));
        assert_eq!(icmp("3/4"), Ok(KindTerm::Number(3, Some(4))));
        assert_eq!(icmp("echo-request"), Ok(KindTerm::Name("echo-request".to_owned())));
        assert_eq!(protocol("50"), Ok(KindTerm::Number(50, None)));
        for text in ["256", "3/", "/4", "3/256", "03", ""] {
            assert!(icmp(text).is_err(), "{text}");
        }
        assert!(protocol("50/1").is_err());
        assert!(protocol("256").is_err());
    }
}
