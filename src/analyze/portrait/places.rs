//! Where packets come from or go to, in the names of a policy: as few names and addresses as say it exactly.

use super::addresses::{called, count, written};
use super::scene::Scene;
use super::{A_HANDFUL, Vocabulary, interfaces, listed};
use crate::catalog;
use crate::model::{Addresses, Policy};
use crate::packet::{Family, IntervalSet};

/// A zone or a network.
#[derive(Debug)]
pub(super) struct Place<'p> {
    name: &'p str,
    kind: Kind<'p>,
    addresses: Addresses,
    /// Whether these are all its addresses.
    is_whole: bool,
}

/// What a name stands for besides addresses.
#[derive(Clone, Copy, Debug)]
enum Kind<'p> {
    /// A zone: these interfaces too.
    Zone(&'p IntervalSet<u16>),
    /// A network that the policy declares.
    Declared,
    /// A network that every policy has.
    BuiltIn,
}

/// One side of a box in words.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) words: Vec<String>,
    /// Interfaces that the words do not imply.
    pub(super) via: Vec<String>,
    /// Whether the words show addresses, and so of which family they are.
    pub(super) tell_the_family: bool,
}

/// One way to say a set of addresses.
#[derive(Clone, Debug)]
struct Saying {
    words: Vec<String>,
    /// How many names and runs of addresses it has.
    cost: usize,
    /// Whether zones say by which interfaces, too.
    is_of_zones: bool,
    tells_the_family: bool,
}

/// Every place that a policy has a name for, the ones to prefer first.
pub(super) fn named(policy: &Policy) -> Vec<Place<'_>> {
    let zones = policy.zones.iter().map(|zone| Place {
        name: zone.name.value.as_str(),
        kind: Kind::Zone(&zone.interfaces),
        addresses: zone.addresses.clone(),
        is_whole: true,
    });
    let declared = policy.networks.iter().map(|network| Place {
        name: network.name.value.as_str(),
        kind: Kind::Declared,
        addresses: network.value.clone(),
        is_whole: true,
    });
    let built_in = catalog::networks().map(|network| Place {
        name: network.name().as_str(),
        kind: Kind::BuiltIn,
        addresses: network.addresses(),
        is_whole: true,
    });
    zones.chain(declared).chain(built_in).collect()
}

impl<'p> Place<'p> {
    fn is_zone(&self) -> bool {
        matches!(self.kind, Kind::Zone(_))
    }

    fn is_built_in(&self) -> bool {
        matches!(self.kind, Kind::BuiltIn)
    }

    /// The same place as far as a side can name it: of these families, and a zone only by its own interfaces.
    fn seen(&self, interfaces: &IntervalSet<u16>, families: &[Family]) -> Option<Place<'p>> {
        let fits = match self.kind {
            Kind::Zone(own) => own == interfaces,
            Kind::Declared | Kind::BuiltIn => true,
        };
        let addresses = of_families(&self.addresses, families);
        let is_whole = addresses == self.addresses;
        (fits && !addresses.is_empty()).then_some(Place { addresses, is_whole, ..*self })
    }

    /// It alone.
    fn saying(&self, families: &[Family]) -> Saying {
        let is_everything = self.addresses == everything(families);
        let word = if is_everything { self.name.to_owned() } else { called(self.name, &self.addresses) };
        Saying { words: vec![word], cost: 1, is_of_zones: self.is_zone(), tells_the_family: !is_everything }
    }
}

impl Vocabulary<'_> {
    /// One side of a box.
    pub(super) fn places(
        &self,
        interfaces: &IntervalSet<u16>,
        addresses: &Addresses,
        families: &[Family],
    ) -> Places {
        let saying = self.saying(interfaces, addresses, families);
        let known = &self.policy.interfaces;
        Places {
            words: saying.words,
            via: if saying.is_of_zones { Vec::new() } else { interfaces::words(known, interfaces) },
            tell_the_family: saying.tells_the_family,
        }
    }

    /// The machine that loads the policy, with its addresses where not all are meant.
    pub(super) fn this_machine(&self, addresses: &Addresses, scene: &Scene) -> Places {
        let saying = self.saying(&IntervalSet::full(), addresses, &scene.families);
        let word = if *addresses == everything(&scene.families) {
            "this machine".to_owned()
        } else {
            format!("this machine at {}", listed(&saying.words))
        };
        Places { words: vec![word], via: Vec::new(), tell_the_family: saying.tells_the_family }
    }

    fn saying(&self, interfaces: &IntervalSet<u16>, addresses: &Addresses, families: &[Family]) -> Saying {
        if *addresses == everything(families) {
            return self.open_zones(interfaces, families).unwrap_or_else(|| anywhere(1));
        }
        let seen = self.places.iter().filter_map(|place| place.seen(interfaces, families));
        let seen: Vec<Place<'_>> = seen.collect();
        let exact = seen.iter().filter(|place| place.addresses == *addresses);
        if let Some(place) = exact.min_by_key(|place| place.is_built_in() && !place.is_whole) {
            return place.saying(families);
        }
        let own: Vec<&Place<'_>> = seen.iter().filter(|place| !place.is_built_in()).collect();
        let whole = union(addresses, &own, families);
        let exception = exception(addresses, &seen, &own, families);
        exception.filter(|exception| exception.cost <= whole.cost).unwrap_or(whole)
    }

    /// The zones without networks that together have exactly these interfaces.
    fn open_zones(&self, interfaces: &IntervalSet<u16>, families: &[Family]) -> Option<Saying> {
        let mut left = interfaces.clone();
        let mut words = Vec::new();
        for place in &self.places {
            let Kind::Zone(own) = place.kind else { continue };
            let is_open = of_families(&place.addresses, families) == everything(families);
            if is_open && own.is_subset(interfaces) && own.overlaps(&left) {
                left = left.subtract(own);
                words.push(place.name.to_owned());
            }
        }
        let cost = words.len();
        let is_all = left.is_empty() && (1..=A_HANDFUL).contains(&cost);
        is_all.then_some(Saying { words, cost, is_of_zones: true, tells_the_family: false })
    }
}

/// Names of places that lie in the set, the largest first, and the addresses that they leave over; addresses alone
/// where names make it no shorter.
fn union(addresses: &Addresses, own: &[&Place<'_>], families: &[Family]) -> Saying {
    let mut inside: Vec<&Place<'_>> =
        own.iter().copied().filter(|place| place.addresses.subtract(addresses).is_empty()).collect();
    inside.sort_by_key(|place| std::cmp::Reverse(size(&place.addresses)));
    let mut rest = addresses.clone();
    let mut names = Vec::new();
    for place in inside {
        if names.len() < A_HANDFUL && place.addresses.overlaps(&rest) {
            rest = rest.subtract(&place.addresses);
            names.push(place);
        }
    }
    let plain = count(addresses);
    let cost = names.len() + count(&rest);
    // Names that say all of it say more than a run of addresses that happens to be one.
    if names.is_empty() || cost > plain + usize::from(rest.is_empty()) {
        let words = written(addresses);
        return Saying { words, cost: plain, is_of_zones: false, tells_the_family: true };
    }
    let mut words: Vec<String> = names.iter().flat_map(|place| place.saying(families).words).collect();
    if !rest.is_empty() {
        words.extend(written(&rest));
    }
    let is_of_zones = rest.is_empty() && names.iter().all(|place| place.is_zone());
    Saying { words, cost, is_of_zones, tells_the_family: true }
}

/// The shortest way to say the set as a place without others: `lan except scanners`.
fn exception(
    addresses: &Addresses,
    seen: &[Place<'_>],
    own: &[&Place<'_>],
    families: &[Family],
) -> Option<Saying> {
    let around = own.iter().filter(|place| addresses.subtract(&place.addresses).is_empty());
    let bases = around.map(|place| (place.saying(families), place.addresses.clone()));
    let bases = bases.chain([(anywhere(1), everything(families))]);
    let sayings = bases.map(|(base, whole)| {
        let left_out = whole.subtract(addresses);
        let exact = seen.iter().find(|place| place.addresses == left_out && !place.is_zone());
        let without =
            exact.map_or_else(|| union(&left_out, &networks(own), families), |place| place.saying(families));
        Saying {
            words: vec![format!("{} except {}", listed(&base.words), listed(&without.words))],
            cost: base.cost + without.cost,
            is_of_zones: base.is_of_zones,
            tells_the_family: true,
        }
    });
    sayings.min_by_key(|saying| saying.cost)
}

/// Those that are sets of addresses and nothing else.
fn networks<'a, 'p>(places: &[&'a Place<'p>]) -> Vec<&'a Place<'p>> {
    places.iter().copied().filter(|place| !place.is_zone()).collect()
}

fn anywhere(cost: usize) -> Saying {
    Saying { words: vec!["anywhere".to_owned()], cost, is_of_zones: false, tells_the_family: false }
}

/// Every address of these families.
fn everything(families: &[Family]) -> Addresses {
    of_families(&Addresses::every(), families)
}

fn of_families(addresses: &Addresses, families: &[Family]) -> Addresses {
    let of = |family| {
        let is_there = families.contains(&family);
        if is_there { addresses.of(family).clone() } else { IntervalSet::empty() }
    };
    Addresses { v4: of(Family::V4), v6: of(Family::V6) }
}

/// How many addresses there are, or at least that many.
fn size(addresses: &Addresses) -> u128 {
    let runs = Family::ALL.into_iter().flat_map(|family| addresses.of(family).intervals());
    runs.fold(0, |all, (first, last)| all.saturating_add((last - first).saturating_add(1)))
}
