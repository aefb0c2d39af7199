//! What hosts mean for packets on their way.

use ipnet::IpNet;

use super::Compiler;
use crate::model::{Addresses, number};
use crate::packet::{Family, Hook, IntervalSet};
use crate::readback::pf::syntax::{Host, Not};

/// One end of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::readback::pf) enum Side {
    /// Where it is from.
    Source,
    /// Where it goes.
    Destination,
}

/// One of the alternatives for an end.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Addresses.
    Known(Addresses),
    /// An address of this machine, or not; the condition says so where the hook does not.
    Own {
        /// The condition.
        number: u32,
        /// Whether it is the others that are meant.
        negated: bool,
        /// The only family that is meant, if there is one.
        family: Option<Family>,
    },
    /// What only a condition tells.
    Unknown(Unknown),
}

/// An end that only a condition tells.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    /// The only family that has such addresses, if there is one.
    pub(super) family: Option<Family>,
    /// The condition, and whether it must hold.
    pub(super) literal: (u32, bool),
    /// Whether such addresses are this machine's, so that no forwarded packet has them.
    pub(super) is_own: bool,
}

impl Side {
    const fn word(self) -> &'static str {
        match self {
            Self::Source => "from",
            Self::Destination => "to",
        }
    }

    /// Whether packets of a hook have this machine's address there; none if that is not known.
    pub(super) const fn is_own(self, hook: Hook) -> Option<bool> {
        match (self, hook) {
            (Self::Source, Hook::Output) | (Self::Destination, Hook::Input) => Some(true),
            (_, Hook::Forward) => Some(false),
            (Self::Source, Hook::Input) | (Self::Destination, Hook::Output) => None,
        }
    }
}

impl Compiler<'_> {
    /// The alternatives that hosts come to; known addresses are one. `family` is that of the rule.
    pub(super) fn places(&mut self, hosts: &[Not<Host>], side: Side) -> Vec<Place> {
        let mut known = Addresses::none();
        let mut places = Vec::new();
        let is_scoped = |host: &Not<Host>| matches!(host.item, Host::Net(_, Some(_)));
        let is_mixed = hosts.iter().any(is_scoped) && !hosts.iter().all(is_scoped);
        for host in hosts {
            if let (true, Host::Net(net, Some(scope))) = (is_mixed, &host.item) {
                places.push(self.unknown(side, &format!("{}%{scope}", net.addr()), host.negated));
                continue;
            }
            match self.place(host, side) {
                Ok(addresses) => known = known.union(&addresses),
                Err(others) => places.extend(others),
            }
        }
        if !known.is_empty() || places.is_empty() {
            places.insert(0, Place::Known(known));
        }
        places
    }

    /// The addresses of one host, or what it means otherwise.
    fn place(&mut self, host: &Not<Host>, side: Side) -> Result<Addresses, Vec<Place>> {
        let negated = host.negated;
        match &host.item {
            Host::Net(net, _) => Ok(written(&Addresses::of_prefixes(&[*net]), is_v4(net), negated)),
            Host::Range(first, last) => {
                let range = IntervalSet::range(number(*first), number(*last));
                let none = IntervalSet::empty();
                let v4 = first.is_ipv4();
                let range =
                    if v4 { Addresses { v4: range, v6: none } } else { Addresses { v4: none, v6: range } };
                Ok(written(&range, v4, negated))
            }
            Host::Table(name) => match self.tables.get(name.as_str()) {
                Some(table) if negated => Ok(Addresses::every().subtract(table)),
                Some(table) => Ok(table.clone()),
                None => Err(vec![self.unknown(side, &format!("<{name}>"), negated)]),
            },
            Host::Dynamic(text, mask) => Err(self.dynamic(text, *mask, negated, side)),
            // One rule for each address, each negated: the first matches what the second does not.
            Host::Named(name, None) if name == "self" && negated => Ok(Addresses::every()),
            Host::Named(name, None) if name == "self" => Err(vec![self.own(side, false, None)]),
            Host::Named(name, mask) => {
                let mask = mask.map_or_else(String::new, |mask| format!("/{mask}"));
                let not = if negated { "! " } else { "" };
                Err(vec![self.unknown(side, &format!("{not}{name}{mask}"), false)])
            }
            Host::Other(text) => Err(vec![self.unknown(side, text, negated)]),
        }
    }

    fn own(&mut self, side: Side, negated: bool, family: Option<Family>) -> Place {
        let number = self.conditions.number(&format!("{} (self)", side.word()));
        Place::Own { number, negated, family }
    }

    fn unknown(&mut self, side: Side, text: &str, negated: bool) -> Place {
        let number = self.conditions.number(&format!("{} {text}", side.word()));
        Place::Unknown(Unknown { family: None, literal: (number, !negated), is_own: false })
    }

    /// `(interface)` with a mask, which may say nothing in one family and something in the other.
    fn dynamic(&mut self, text: &str, mask: Option<u8>, negated: bool, side: Side) -> Vec<Place> {
        let masked = |whole: u8| mask.filter(|&mask| mask < whole);
        let (v4, v6) = (masked(32), masked(128));
        if v4.is_none() && v6.is_none() {
            return vec![self.dynamic_of(text, None, negated, (side, None))];
        }
        let families = [(Family::V4, v4), (Family::V6, v6)];
        families.map(|(family, mask)| self.dynamic_of(text, mask, negated, (side, Some(family)))).into()
    }

    fn dynamic_of(
        &mut self,
        text: &str,
        mask: Option<u8>,
        negated: bool,
        (side, family): (Side, Option<Family>),
    ) -> Place {
        let bare = text.strip_suffix(":0").unwrap_or(text);
        if bare == "self" && mask.is_none() {
            return self.own(side, negated, family);
        }
        let is_own = mask.is_none() && (!bare.contains(':') || bare.ends_with(":broadcast"));
        let mask = mask.map_or_else(String::new, |mask| format!("/{mask}"));
        let number = self.conditions.number(&format!("{} ({text}){mask}", side.word()));
        Place::Unknown(Unknown { family, literal: (number, !negated), is_own })
    }
}

const fn is_v4(net: &IpNet) -> bool {
    matches!(net, IpNet::V4(_))
}

/// Addresses of one family, or all others of that family.
fn written(addresses: &Addresses, is_v4: bool, negated: bool) -> Addresses {
    if !negated {
        return addresses.clone();
    }
    let rest = Addresses::every().subtract(addresses);
    let none = IntervalSet::empty();
    if is_v4 { Addresses { v6: none, ..rest } } else { Addresses { v4: none, ..rest } }
}
