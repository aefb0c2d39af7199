//! Interfaces: how a set of them is said in pf, and the tags that carry them to the way out.

use super::rule::list;
use crate::model::Interfaces;
use crate::packet::IntervalSet;
use crate::render::Dialect;
use crate::render::piece::{Piece, piece};

/// The tag of forwarded packets from interfaces that the policy does not name.
pub(super) const UNNAMED: &str = "mw_unnamed";

/// The interfaces that pf sees.
#[derive(Clone, Debug)]
pub(super) struct Wiring<'p> {
    interfaces: &'p Interfaces,
    dialect: Dialect,
    loopback: Loopback,
}

/// What happens on the loopback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loopback {
    /// `set skip`: pf does not look at it.
    Skipped,
    /// It is an interface like the others.
    Filtered,
}

/// One interface, or all that the policy does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The interface with that number.
    Named(u16),
    /// All others.
    Unnamed,
}

/// A condition on the interface of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// None.
    Anywhere,
    /// The operand of `on`.
    On(Piece),
    /// An interface that the policy does not name; only a tag can say that.
    Unnamed,
}

impl<'p> Wiring<'p> {
    pub(super) fn new(interfaces: &'p Interfaces, dialect: Dialect, loopback: Loopback) -> Self {
        Self { interfaces, dialect, loopback }
    }

    /// Every class, in the order of the policy.
    pub(super) fn classes(&self) -> impl Iterator<Item = Class> {
        let loopback = (self.loopback == Loopback::Filtered).then_some(Interfaces::LOOPBACK);
        let named = self.interfaces.named().map(|(number, _)| number);
        loopback.into_iter().chain(named).map(Class::Named).chain([Class::Unnamed])
    }

    /// Whether interfaces of a class are in a set.
    pub(super) fn holds(set: &IntervalSet<u16>, class: Class) -> bool {
        match class {
            Class::Named(number) => set.contains(number),
            // No policy names so many interfaces that the last number has a name.
            Class::Unnamed => set.contains(u16::MAX),
        }
    }

    /// The conditions that together hold for the interfaces of a set; none if pf sees no packet on any of them.
    pub(super) fn places(&self, set: &IntervalSet<u16>) -> Vec<Place> {
        let (inside, outside): (Vec<Class>, Vec<Class>) =
            self.classes().partition(|&class| Self::holds(set, class));
        let open = inside.contains(&Class::Unnamed);
        match (open, self.names(&outside).as_slice()) {
            (true, []) => vec![Place::Anywhere],
            (true, [one]) => vec![Place::On(piece!("! {}", *one))],
            _ => {
                let named = list(&self.names(&inside)).map(Place::On);
                named.into_iter().chain(open.then_some(Place::Unnamed)).collect()
            }
        }
    }

    /// The operand of `on` for every interface that the policy names; none if it names none.
    pub(super) fn named(&self) -> Option<Piece> {
        list(&self.names(&self.classes().collect::<Vec<_>>()))
    }

    /// The tags of packets that came from the interfaces of a set; none if that is all of them.
    pub(super) fn tags(&self, set: &IntervalSet<u16>) -> Option<Vec<Piece>> {
        let inside: Vec<Class> = self.classes().filter(|&class| Self::holds(set, class)).collect();
        (inside.len() < self.classes().count())
            .then(|| inside.into_iter().map(|class| self.tag(class)).collect())
    }

    /// The tag of forwarded packets from a class. Names of interfaces have at most 15 bytes, tags 63.
    pub(super) fn tag(&self, class: Class) -> Piece {
        match self.plain(class) {
            Some(name) => piece!("mw_in_{}", name),
            None => Piece::literal(UNNAMED),
        }
    }

    /// The operand of `on` for one class; none for interfaces without a name.
    pub(super) fn name(&self, class: Class) -> Option<Piece> {
        let name = self.plain(class)?;
        let plain =
            name.as_str().ends_with(|c: char| c.is_ascii_digit()) && !KEYWORDS.contains(&name.as_str());
        let loopback = class == Class::Named(Interfaces::LOOPBACK);
        Some(if plain || loopback { name } else { piece!("\"{}\"", name) })
    }

    /// The loopback: a group of interfaces on OpenBSD, one interface on FreeBSD.
    pub(super) fn loopback(&self) -> Piece {
        Piece::literal(match self.dialect {
            Dialect::OpenBsd => "lo",
            Dialect::FreeBsd => "lo0",
        })
    }

    fn names(&self, classes: &[Class]) -> Vec<Piece> {
        classes.iter().filter_map(|&class| self.name(class)).collect()
    }

    fn plain(&self, class: Class) -> Option<Piece> {
        let Class::Named(number) = class else { return None };
        if number == Interfaces::LOOPBACK {
            return Some(self.loopback());
        }
        self.interfaces.named().find(|&(known, _)| known == number).map(|(_, name)| piece!("{}", *name))
    }
}

/// Words of pf's grammar that look like names of interfaces. Other words do not end in a digit and stand in
/// quotes, in which pf looks for no words.
const KEYWORDS: [&str; 2] = ["inet6", "return-icmp6"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Interface;

    fn interfaces() -> Interfaces {
        Interfaces::new(["lan0", "any", "wan0"].map(|name| Interface::new(name).unwrap()).to_vec())
    }

    fn places(loopback: Loopback, set: &IntervalSet<u16>) -> Vec<Place> {
        Wiring::new(&interfaces(), Dialect::OpenBsd, loopback).places(set)
    }

    #[test]
    fn sets_become_lists() {
        let on = |text: &str| {
            Place::On(match text {
                "lan0" => piece!("lan0"),
                "two" => piece!("{{ lan0, \"any\" }}"),
                _ => piece!("! wan0"),
            })
        };
        let seen = |set| places(Loopback::Skipped, &set);
        assert_eq!(seen(IntervalSet::full()), [Place::Anywhere]);
        assert_eq!(seen(IntervalSet::single(1)), [on("lan0")]);
        assert_eq!(seen(IntervalSet::range(1, 2)), [on("two")]);
        assert_eq!(seen(IntervalSet::from_intervals([(1, 2), (4, u16::MAX)])), [on("not wan0")]);
        assert_eq!(seen(IntervalSet::from_intervals([(1, 1), (4, u16::MAX)])), [on("lan0"), Place::Unnamed]);
    }

    #[test]
    fn a_skipped_loopback_is_no_place() {
        let elsewhere = IntervalSet::single(Interfaces::LOOPBACK).complement();
        assert_eq!(places(Loopback::Skipped, &elsewhere), [Place::Anywhere]);
        assert_eq!(places(Loopback::Filtered, &elsewhere), [Place::On(piece!("! lo"))]);
        assert_eq!(places(Loopback::Skipped, &IntervalSet::single(0)), []);
    }

    #[test]
    fn tags_name_the_interface() {
        let interfaces = interfaces();
        let wiring = Wiring::new(&interfaces, Dialect::FreeBsd, Loopback::Skipped);
        assert_eq!(wiring.tags(&IntervalSet::full()), None);
        assert_eq!(wiring.tags(&IntervalSet::single(3)), Some(vec![piece!("mw_in_wan0")]));
        assert_eq!(wiring.tag(Class::Unnamed), piece!("mw_unnamed"));
    }
}
