//! The boxes of one hook and family, in the order of the entries they belong to.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{Entry, Policy};
use crate::packet::{Cube, Family, Hook, Index};

/// A box and the entry it belongs to.
#[derive(Debug)]
pub(super) struct Slot {
    /// Index in [`Policy::entries`].
    pub(super) entry: usize,
    /// Some of the packets the entry speaks about.
    pub(super) cube: Cube,
}

/// All boxes of a hook and family.
#[derive(Debug)]
pub(super) struct List {
    // INVARIANT: sorted by entry.
    slots: Vec<Slot>,
    index: Index,
}

impl List {
    /// The lists of a policy.
    pub(super) fn all(policy: &Policy) -> BTreeMap<(Hook, Family), Self> {
        let mut slots: BTreeMap<(Hook, Family), Vec<Slot>> = BTreeMap::new();
        for (entry, cube) in policy.entries.iter().map(Entry::cubes).enumerate().flat_map(numbered) {
            slots.entry((cube.hook, cube.family)).or_default().push(Slot { entry, cube });
        }
        slots.into_iter().map(|(kind, slots)| (kind, Self::new(slots))).collect()
    }

    fn new(slots: Vec<Slot>) -> Self {
        Self { index: Index::new(slots.iter().map(|slot| &slot.cube)), slots }
    }

    /// The boxes of one entry.
    pub(super) fn of_entry(&self, entry: usize) -> &[Slot] {
        self.slots.get(self.range(entry)).unwrap_or_default()
    }

    /// The boxes of earlier entries that meet a box, in order.
    pub(super) fn meeting<'a>(&'a self, cube: &'a Cube, before: usize) -> impl Iterator<Item = &'a Slot> {
        let earlier = self.slots.get(..self.range(before).start).unwrap_or_default();
        let near = self.index.near(cube).into_iter().map_while(|number| earlier.get(number));
        near.filter(move |slot| slot.cube.overlaps(cube))
    }

    fn range(&self, entry: usize) -> Range<usize> {
        let start = self.slots.partition_point(|slot| slot.entry < entry);
        start..self.slots.partition_point(|slot| slot.entry <= entry)
    }
}

fn numbered((entry, cubes): (usize, Vec<Cube>)) -> impl Iterator<Item = (usize, Cube)> {
    cubes.into_iter().map(move |cube| (entry, cube))
}
