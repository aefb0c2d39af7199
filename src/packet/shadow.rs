//! Owners whose lines never decide, because earlier lines of others decide all their packets.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::List;
use super::block::Block;
use super::list::{Layer, Standing};
use super::search::{Answer, BUDGET, Near, search};

/// Whether earlier lines of others hold all packets of an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shadow {
    /// Some packet comes as far as the owner.
    Reached,
    /// These owners together decide all its packets, the largest share first. None of them can be left out, unless
    /// there are more than [`Shadow::MINIMISED`].
    By(Vec<usize>),
    /// The search met its limit: neither may be assumed.
    Undecided,
}

impl Shadow {
    /// The longest list of blockers that is made irreducible; nobody reads longer ones.
    pub const MINIMISED: usize = 64;
}

/// The packets of a line, and the earlier lines of others that hold some of them.
struct Target<'l> {
    layer: &'l Layer,
    block: &'l Block,
    parts: Vec<Block>,
    near: Vec<Near<'l>>,
}

impl List {
    /// Whether lines of others decide all packets of an owner before its own lines see them.
    #[must_use]
    pub fn shadowed(&self, owner: usize) -> Shadow {
        let mut targets: Vec<Target<'_>> = Vec::new();
        let mut chosen: BTreeSet<usize> = BTreeSet::new();
        let mut doubtful = false;
        for standing in self.standing(owner) {
            let Some(target) = self.target(&standing, owner) else { continue };
            match search(target.parts.clone(), &target.near, BUDGET) {
                Answer::Covered(used) => {
                    chosen.extend(used.iter().filter_map(|&place| self.owner(target.layer, place)));
                }
                Answer::Open(_) => return Shadow::Reached,
                Answer::Undecided => doubtful = true,
            }
            targets.push(target);
        }
        if doubtful {
            return Shadow::Undecided;
        }
        Shadow::By(self.irreducible(self.by_share(&targets, &chosen), &targets))
    }

    fn target<'l>(&'l self, standing: &Standing<'l>, owner: usize) -> Option<Target<'l>> {
        let layer = standing.layer;
        let block = self.plane(layer).at(standing.place)?;
        let near = self.plane(layer).near(block, 0..standing.place);
        let near = self.of_others(layer, near, owner);
        Some(Target { layer, block, parts: self.plane(layer).possible(block), near })
    }

    fn owner(&self, layer: &Layer, place: u32) -> Option<usize> {
        self.line(layer, place).map(|line| line.owner)
    }

    /// Leaves out every owner that the others make up for, those that share least first.
    fn irreducible(&self, mut owners: Vec<usize>, targets: &[Target<'_>]) -> Vec<usize> {
        if owners.len() > Shadow::MINIMISED {
            return owners;
        }
        for candidate in owners.clone().into_iter().rev() {
            let kept = |owner: usize| owner != candidate && owners.contains(&owner);
            let enough = |target: &Target<'_>| {
                let near = target.near.iter().copied();
                let near: Vec<Near<'_>> =
                    near.filter(|near| self.owner(target.layer, near.place).is_some_and(kept)).collect();
                matches!(search(target.parts.clone(), &near, BUDGET), Answer::Covered(_))
            };
            if targets.iter().all(enough) {
                owners.retain(|&owner| owner != candidate);
            }
        }
        owners
    }

    /// The chosen owners, those that share most with one of the targets first.
    fn by_share(&self, targets: &[Target<'_>], chosen: &BTreeSet<usize>) -> Vec<usize> {
        let mut shares: BTreeMap<usize, u32> = BTreeMap::new();
        for (owner, share) in targets.iter().flat_map(|target| self.shares(target, chosen)) {
            let largest = shares.entry(owner).or_default();
            *largest = share.max(*largest);
        }
        let mut owners: Vec<usize> = shares.keys().copied().collect();
        owners.sort_by_key(|owner| Reverse(shares.get(owner).copied()));
        owners
    }

    fn shares(&self, target: &Target<'_>, chosen: &BTreeSet<usize>) -> Vec<(usize, u32)> {
        let near = target.near.iter().filter_map(|near| Some((self.owner(target.layer, near.place)?, near)));
        let near = near.filter(|(owner, _)| chosen.contains(owner));
        near.map(|(owner, near)| (owner, self.plane(target.layer).share(target.block, near.block))).collect()
    }
}
