//! The boxes of one hook and family, in the order of the entries they belong to.

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
    slots: Vec<Slot>,
    index: Index,
}

impl List {
    /// The list of a hook and family.
    pub(super) fn new(policy: &Policy, hook: Hook, family: Family) -> Self {
        let entries = policy.entries.iter().enumerate().filter(|(_, entry)| entry.hook == hook);
        let slots = entries.flat_map(|(index, entry)| {
            Entry::cubes(entry).into_iter().map(move |cube| Slot { entry: index, cube })
        });
        let slots: Vec<Slot> = slots.filter(|slot| slot.cube.family == family).collect();
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
