//! Which of many boxes may meet another one: a packed tree of their bounds.
//!
//! Each box is bounded by one interval per field, and each interval is written in 32 bits, so that two boxes are
//! compared in a few instructions. Boxes that lie close together share a node with bounds of its own, 16 to a
//! node, so that a question about a few hosts looks at a few nodes.

use super::{Bounded, Cube, IntervalSet, State};

/// The bounds of boxes of one hook and family, ready to be asked.
#[derive(Debug)]
pub struct Index {
    /// Where addresses begin or cease to be in some box, sorted. Between two cuts all addresses are alike, so the
    /// number of cuts before an address stands for the address.
    cuts: Vec<u128>,
    /// The number of the box behind each leaf.
    boxes: Vec<usize>,
    /// Bounds of the leaves, then of nodes of [`FAN`] leaves each, and so on up to few.
    levels: Vec<Vec<Bounds>>,
}

/// One interval for each field: source, destination, transport, both interfaces, source ports, states.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    low: [i32; 8],
    high: [i32; 8],
}

/// How many leaves or nodes share a node.
const FAN: usize = 16;

impl Index {
    /// Reads the bounds of boxes; their numbers count from 0 in the order given.
    #[must_use]
    pub fn new<'a>(cubes: impl IntoIterator<Item = &'a Cube>) -> Self {
        let cubes: Vec<&Cube> = cubes.into_iter().collect();
        let cuts = cuts(&cubes);
        let bounds = (0..).zip(&cubes).filter_map(|(number, cube)| Some((Bounds::of(cube, &cuts)?, number)));
        let mut leaves: Vec<(Bounds, usize)> = bounds.collect();
        leaves.sort_unstable_by_key(|(bounds, number)| (bounds.low, bounds.high, *number));
        let (bounds, boxes): (Vec<Bounds>, Vec<usize>) = leaves.into_iter().unzip();
        let mut levels = vec![bounds];
        while let Some(nodes) = levels.last().filter(|level| level.len() > FAN).map(|level| nodes(level)) {
            levels.push(nodes);
        }
        Self { cuts, boxes, levels }
    }

    /// The numbers of all boxes that meet a box of the same hook and family, in order, and perhaps of some that
    /// only come close.
    #[must_use]
    pub fn near(&self, cube: &Cube) -> Vec<usize> {
        let Some(asked) = Bounds::of(cube, &self.cuts) else { return Vec::new() };
        let mut nodes = vec![0];
        for level in self.levels.iter().rev() {
            let children = nodes.iter().flat_map(|node| node * FAN..(node + 1) * FAN);
            let meets = |&node: &usize| level.get(node).is_some_and(|bounds| bounds.meets(&asked));
            nodes = children.filter(meets).collect();
        }
        let mut boxes: Vec<usize> = nodes.iter().filter_map(|&leaf| self.boxes.get(leaf).copied()).collect();
        boxes.sort_unstable();
        boxes
    }
}

impl Bounds {
    /// The bounds of a box; none if it is empty.
    fn of(cube: &Cube, cuts: &[u128]) -> Option<Self> {
        let rank = |address| small(cuts.partition_point(|&cut| cut <= address));
        let addresses = |set: &IntervalSet<u128>| set.bounds().map(|(first, last)| (rank(first), rank(last)));
        let mut states = State::ALL.into_iter().filter(|&state| cube.states.contains(state));
        let first = states.next()?;
        let fields = [
            addresses(&cube.source)?,
            addresses(&cube.destination)?,
            numbers(&cube.transport)?,
            numbers(&cube.incoming)?,
            numbers(&cube.outgoing)?,
            numbers(&cube.source_ports)?,
            (first as i32, states.next_back().unwrap_or(first) as i32),
            (0, 0),
        ];
        Some(Self { low: fields.map(|(low, _)| low), high: fields.map(|(_, high)| high) })
    }

    /// Whether they meet in every field. Looks at all fields at once, which is quicker than to stop early.
    fn meets(&self, other: &Self) -> bool {
        let beyond = |low: &[i32; 8], high: &[i32; 8]| -> i32 {
            low.iter().zip(high).map(|(low, high)| i32::from(low > high)).sum()
        };
        beyond(&self.low, &other.high) + beyond(&other.low, &self.high) == 0
    }

    fn union(mut self, other: &Self) -> Self {
        self.low.iter_mut().zip(other.low).for_each(|(low, other)| *low = other.min(*low));
        self.high.iter_mut().zip(other.high).for_each(|(high, other)| *high = other.max(*high));
        self
    }
}

/// The bounds of each [`FAN`] neighbours.
fn nodes(level: &[Bounds]) -> Vec<Bounds> {
    let groups = level.chunks(FAN);
    groups.filter_map(|group| group.iter().copied().reduce(|all, bounds| all.union(&bounds))).collect()
}

fn numbers<T: Bounded>(set: &IntervalSet<T>) -> Option<(i32, i32)> {
    set.bounds().map(|(first, last)| (small(first.widen()), small(last.widen())))
}

/// A number in 32 bits. The greatest ones become one, which only makes more boxes come close.
fn small<T: TryInto<i32>>(number: T) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// Where an address interval of some box begins, and where the next address after one is.
fn cuts(cubes: &[&Cube]) -> Vec<u128> {
    let sets = cubes.iter().flat_map(|cube| [&cube.source, &cube.destination]);
    let bounds = sets.filter_map(IntervalSet::bounds);
    let mut cuts: Vec<u128> = bounds.flat_map(|(first, last)| [Some(first), last.next()]).flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::{Family, Hook, tiny};
    use super::*;

    proptest! {
        #[test]
        fn no_meeting_box_is_missed(cubes in vec(tiny::cube(), 0..80), asked in tiny::cube()) {
            let near = Index::new(&cubes).near(&asked);
            prop_assert!(near.is_sorted());
            for (number, cube) in cubes.iter().enumerate() {
                prop_assert!(near.contains(&number) || !cube.overlaps(&asked));
            }
        }

        #[test]
        fn intervals_are_told_apart(starts in vec(0..1_000_u128, 1..400), asked in 0..1_000_u128) {
            let at = |first, last| Cube {
                source: IntervalSet::range(first, last),
                ..Cube::every(Hook::Forward, Family::V6)
            };
            let cubes: Vec<Cube> = starts.iter().map(|&start| at(start, start + 3)).collect();
            let asked = at(asked, asked);
            let meeting: Vec<usize> = (0..cubes.len()).filter(|&n| cubes[n].overlaps(&asked)).collect();
            prop_assert_eq!(Index::new(&cubes).near(&asked), meeting);
        }
    }

    #[test]
    fn nothing_is_near_in_an_empty_index() {
        assert!(Index::new(&[]).near(&Cube::every(Hook::Input, Family::V4)).is_empty());
    }
}
