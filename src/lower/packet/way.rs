//! Which way a packet takes: the hook and the interfaces.

use super::{Asking, family_of};
use crate::model::{Interface, Interfaces, Zone, number};
use crate::packet::Hook;
use crate::parse::{EndDecl, nearest};
use crate::source::{Diagnostic, Site, Spanned, quoted};

/// What stands for an interface that the policy does not name.
const ANOTHER: &str = "other";

impl Asking<'_> {
    /// The hook and the interfaces: as written, else from the zones of both addresses.
    pub(super) fn way(&mut self) -> Option<(Hook, u16, u16)> {
        let decl = self.decl;
        match (&decl.incoming, &decl.outgoing) {
            (Some(incoming), Some(outgoing)) => {
                let (incoming, outgoing) = (self.interface(incoming), self.interface(outgoing));
                Some((Hook::Forward, incoming?, outgoing?))
            }
            (Some(incoming), None) => Some((Hook::Input, self.interface(incoming)?, Interfaces::LOOPBACK)),
            (None, Some(outgoing)) => Some((Hook::Output, Interfaces::LOOPBACK, self.interface(outgoing)?)),
            (None, None) => {
                let incoming = self.inferred(&decl.source, "in");
                let outgoing = self.inferred(&decl.destination, "out");
                Some((Hook::Forward, incoming?, outgoing?))
            }
        }
    }

    fn interface(&mut self, written: &Spanned<String>) -> Option<u16> {
        let known = &self.policy.interfaces;
        let named = Interface::new(&written.value).ok().and_then(|name| known.number(&name));
        let unnamed = match written.value.as_str() {
            "lo" => Some(Interfaces::LOOPBACK),
            ANOTHER => Some(another(known)),
            _ => None,
        };
        let number = named.or(unnamed);
        if number.is_none() {
            let candidates = known.named().map(|(_, name)| name.as_str()).chain(["lo", ANOTHER]);
            let title = format!("the policy names no interface {}", quoted(&written.value));
            let problem = Diagnostic::error("undefined-interface", written.site, title);
            let problem = match nearest(&written.value, candidates) {
                Some(near) => problem.label(format!("did you mean `{near}`?")),
                None => problem,
            };
            self.problems.push(problem.help("write `other` for an interface that the policy does not name"));
        }
        number
    }

    /// The one interface of the one zone that an address is in.
    fn inferred(&mut self, end: &EndDecl, way: &str) -> Option<u16> {
        if self.policy.interfaces.named().next().is_none() {
            return Some(another(&self.policy.interfaces));
        }
        let zones = zones_of(end, &self.policy.zones);
        let interface = match zones.as_slice() {
            [zone] => {
                only(zone).and_then(|number| Some((zone, number, self.policy.interfaces.name(number)?)))
            }
            _ => None,
        };
        let address = end.address.value;
        let Some((zone, number, name)) = interface else {
            self.problems.push(no_interface(end.address.site, &address.to_string(), &zones));
            return None;
        };
        self.assumed.push(format!("{way} {name}: {address} is in zone `{}`", zone.name.value));
        Some(number)
    }
}

/// The zones with networks that hold an address; without any, those that hold every address.
fn zones_of<'z>(end: &EndDecl, zones: &'z [Zone]) -> Vec<&'z Zone> {
    let holds = |zone: &&Zone| zone.addresses.of(family_of(end)).contains(number(end.address.value));
    let (listing, open): (Vec<&Zone>, Vec<&Zone>) =
        zones.iter().filter(holds).partition(|zone| zone.has_networks);
    if listing.is_empty() { open } else { listing }
}

/// The interface of a zone that has one only.
fn only(zone: &Zone) -> Option<u16> {
    match *zone.interfaces.intervals() {
        [(first, last)] if first == last => Some(first),
        _ => None,
    }
}

fn no_interface(site: Site, address: &str, zones: &[&Zone]) -> Diagnostic {
    let names: Vec<String> = zones.iter().map(|zone| format!("`{}`", zone.name.value)).collect();
    let title = match names.as_slice() {
        [] => format!("which interface? no zone holds `{address}`"),
        [one] => format!("which interface? zone {one}, which holds `{address}`, has not exactly one"),
        all => format!("which interface? zones {} hold `{address}`", all.join(", ")),
    };
    Diagnostic::error("missing-interface", site, title).help(
        "write `in lan0 out wan0` for a forwarded packet, `in lan0` for one to this machine, `out lan0` for one from it",
    )
}

/// The number of an interface that the policy does not name.
fn another(known: &Interfaces) -> u16 {
    let last = known.named().last().map_or(Interfaces::LOOPBACK, |(number, _)| number);
    last.saturating_add(1)
}
