//! Zones, interfaces and hosts.

use super::{Addresses, Interface, Name, Role};
use crate::packet::IntervalSet;
use crate::source::{Site, Spanned};

/// How far a zone is trusted. Traffic that crosses into or out of an untrusted zone leaves the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// The site's own.
    Internal,
    /// Everybody else's.
    Untrusted,
}

/// Where packets come from and go to: interfaces, addresses, or both.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name.
    pub name: Spanned<Name>,
    /// Numbers of its interfaces (see [`Interfaces`]); every number where none were written.
    pub interfaces: IntervalSet<u16>,
    /// Its addresses; every address where no networks were written.
    pub addresses: Addresses,
    /// Whether networks were written.
    pub has_networks: bool,
    /// How far it is trusted.
    pub trust: Trust,
    /// Whether people whom the site does not administer connect here.
    pub has_guests: bool,
}

/// A host, or several alike, with what it is there for.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its addresses; none if it is only the firewall itself.
    pub addresses: Addresses,
    /// Whether the machine that loads the policy is one of them.
    pub is_self: bool,
    /// What it is there for.
    pub roles: Vec<Role>,
    /// The only hosts it hands outgoing mail to; none if it delivers mail itself.
    pub smarthost: Option<Addresses>,
    /// The only hosts it takes mail for its mailboxes from; none if anybody may deliver.
    pub relay_via: Option<Addresses>,
    /// Whether it checks certificates of mail servers against DNSSEC (DANE, RFC 7672).
    pub has_dane: bool,
    /// Where it was written.
    pub site: Site,
}

/// Zones from which flows may open into others.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Where they begin, as indices of [`Policy::zones`](super::Policy::zones).
    pub from: Vec<usize>,
    /// Where they lead, likewise.
    pub to: Vec<usize>,
}

/// The interfaces of a policy, numbered; number 0 is the loopback and the numbers without a name stand for
/// every interface the policy does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interfaces {
    /// None for what has a number and no name: all that begin alike, in a ruleset.
    names: Vec<Option<Interface>>,
}

impl Interfaces {
    /// The number of the loopback interface.
    pub const LOOPBACK: u16 = 0;

    /// Numbers the interfaces from 1 in the order given; each name is given once.
    #[must_use]
    pub fn new(names: Vec<Interface>) -> Self {
        Self { names: names.into_iter().map(Some).collect() }
    }

    /// The same, where some numbers stand for several interfaces or for one without a proper name.
    #[must_use]
    pub const fn with_gaps(names: Vec<Option<Interface>>) -> Self {
        Self { names }
    }

    /// The number of an interface, if the policy names it.
    #[must_use]
    pub fn number(&self, name: &Interface) -> Option<u16> {
        let index = self.names.iter().position(|known| known.as_ref() == Some(name))?;
        u16::try_from(index + 1).ok()
    }

    /// The name of a number, `lo` for the loopback; none for interfaces the policy does not name.
    #[must_use]
    pub fn name(&self, number: u16) -> Option<&str> {
        match number.checked_sub(1) {
            None => Some("lo"),
            Some(index) => self.names.get(usize::from(index))?.as_ref().map(Interface::as_str),
        }
    }

    /// All named interfaces but the loopback, with their numbers.
    pub fn named(&self) -> impl Iterator<Item = (u16, &Interface)> {
        (1..).zip(&self.names).filter_map(|(number, name)| Some((number, name.as_ref()?)))
    }
}
