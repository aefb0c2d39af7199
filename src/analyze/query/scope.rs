//! Which packets a question is about, besides those that it names.

use super::baseline_part;
use crate::analyze::expect::Homes;
use crate::model::{Entry, Interfaces, Match, Verdict, Zone};
use crate::packet::{Cube, Hook, IntervalSet, States};

/// How far a question goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What the rules and the defaults decide: packets that open a flow, without those that the baseline lets pass
    /// and those of the machine with itself.
    Rules,
    /// Packets that open a flow, whoever lets them pass, without those of the machine with itself.
    Flows,
    /// Every packet in every state.
    Everything,
}

/// What a question makes of the packets that an entry decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// They pass.
    Allowed,
    /// They are refused.
    Refused,
    /// They are refused by the baseline, which no rule could change.
    Barred,
    /// They are not asked about.
    LeftOut,
}

impl Scope {
    pub(super) fn side(self, entry: &Entry) -> Side {
        let passes = entry.verdict == Verdict::Accept;
        match baseline_part(entry) {
            Some(_) if !passes => Side::Barred,
            Some(_) if self == Self::Rules => Side::LeftOut,
            _ if passes => Side::Allowed,
            _ => Side::Refused,
        }
    }
}

/// The boxes of a question in a scope, none of them empty.
#[must_use]
pub fn in_scope(matches: &[(Hook, Match)], scope: Scope) -> Vec<Cube> {
    let cubes = matches.iter().flat_map(|(hook, when)| when.cubes(*hook));
    let cubes = cubes.map(|cube| match scope {
        Scope::Everything => Cube { states: States::ANY, ..cube },
        Scope::Rules | Scope::Flows => off_loopback(cube),
    });
    cubes.filter(|cube| !cube.is_empty()).collect()
}

/// Boxes as far as packets get to their destinations, where those are named: behind the interfaces where zones put them. Packets to
/// other places would arrive nowhere.
#[must_use]
pub fn arriving(cubes: &[Cube], zones: &[Zone]) -> Vec<Cube> {
    let homes = Homes::of(zones);
    let arriving = |cube: &Cube| {
        if cube.hook == Hook::Input || cube.destination == cube.family.every_address() {
            return vec![cube.clone()];
        }
        let places = homes.places(cube.family, &(cube.destination.clone(), cube.outgoing.clone()));
        let there = |(destination, outgoing)| Cube { outgoing, destination, ..cube.clone() };
        places.into_iter().map(there).collect()
    };
    cubes.iter().flat_map(arriving).collect()
}

/// A box as it is said: that it is not about the loopback goes without saying.
#[must_use]
pub fn as_said(cube: &Cube) -> Cube {
    let said = |set: &IntervalSet<u16>| if *set == links() { IntervalSet::full() } else { set.clone() };
    Cube { incoming: said(&cube.incoming), outgoing: said(&cube.outgoing), ..cube.clone() }
}

/// Every interface but the loopback.
fn links() -> IntervalSet<u16> {
    IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX)
}

/// The packets of the same places in every state.
pub(super) fn widened(cube: &Cube) -> Cube {
    Cube { states: States::ANY, ..cube.clone() }
}

/// The packets that neither come from the loopback interface nor go there, as far as the hook can tell.
fn off_loopback(cube: Cube) -> Cube {
    match cube.hook {
        Hook::Input => Cube { incoming: cube.incoming.intersect(&links()), ..cube },
        Hook::Output => Cube { outgoing: cube.outgoing.intersect(&links()), ..cube },
        Hook::Forward => cube,
    }
}
