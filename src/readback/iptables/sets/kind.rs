//! Types of sets.

use crate::packet::Family;
use crate::readback::iptables::given::Fault;
use crate::readback::iptables::words::Word;

/// The type of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// What its elements are made of; nothing for a type that is not looked into.
    pub(super) dimensions: Vec<Dimension>,
    /// The family of its addresses.
    pub(super) family: Family,
    /// How long the prefix of each address is that a set of addresses keeps.
    pub(super) netmask: Option<u8>,
}

/// One part of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dimension {
    /// An address or a range, looked up exactly.
    Ip,
    /// A prefix; the longest one counts.
    Net,
    /// A protocol and a port.
    Port,
    /// A port of TCP or UDP.
    BarePort,
    /// An interface.
    Interface,
    /// The name of another set.
    Set,
}

impl Kind {
    /// The type of a name such as `hash:ip,port`, with the options of `create`.
    ///
    /// # Errors
    /// A family that there is not.
    pub(super) fn read(name: &str, options: &[&Word]) -> Result<Self, Fault> {
        let value = |wanted: &str| {
            let mut pairs = options.iter().zip(options.iter().skip(1));
            pairs.find(|(option, _)| option.text == wanted).map(|(_, value)| *value)
        };
        let option = |wanted: &str| value(wanted).map(|value| value.text.as_str());
        let family = match option("family") {
            None | Some("inet" | "ipv4" | "-4") => Family::V4, // `ipset_parse_family` of lib/parse.c
            Some("inet6" | "ipv6" | "-6") => Family::V6,
            Some(_) => {
                let span = value("family").map_or(0..0, |word| word.span.clone());
                return Err(Fault::new(&span, "a set is of family `inet` or `inet6`"));
            }
        };
        let netmask = option("netmask");
        let kind = Self {
            dimensions: dimensions(name).unwrap_or_default(),
            family,
            netmask: netmask.and_then(|length| length.parse().ok()),
        };
        // Elements that run out come and go; a bit mask is not a prefix.
        let comes_and_goes = option("timeout").is_some() || option("bitmask").is_some();
        let hidden = comes_and_goes || kind.netmask.is_some() != netmask.is_some();
        Ok(if hidden { Self { dimensions: Vec::new(), ..kind } } else { kind })
    }

    /// Gives up looking into a set.
    pub(super) fn hide(&mut self) {
        self.dimensions.clear();
    }
}

fn dimensions(name: &str) -> Option<Vec<Dimension>> {
    let (storage, parts) = name.split_once(':')?;
    let dimension = |part: &str| match (storage, part) {
        ("hash" | "bitmap", "ip") => Some(Dimension::Ip),
        ("hash", "net") => Some(Dimension::Net),
        ("hash", "port") => Some(Dimension::Port),
        ("bitmap", "port") => Some(Dimension::BarePort),
        ("hash", "iface") => Some(Dimension::Interface),
        ("list", "set") => Some(Dimension::Set),
        _ => None,
    };
    parts.split(',').map(dimension).collect()
}
