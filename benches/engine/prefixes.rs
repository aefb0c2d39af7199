//! A tree of prefixes of one family: regions hold sites, sites hold networks, and so on down to hosts. A few of each
//! are asked for much more often than the others, so that rules meet.

use fastrand::Rng;
use mailward::packet::{Family, IntervalSet};

/// All prefixes that the rules of one list may name, by level.
#[derive(Debug)]
pub(crate) struct Tree {
    width: u32,
    levels: Vec<Vec<Prefix>>,
}

/// The first address and how many leading bits are given.
#[derive(Clone, Copy, Debug)]
struct Prefix {
    first: u128,
    length: u32,
}

/// The shortest and the longest prefix of each level.
const V4_LENGTHS: [(u32, u32); 5] = [(1, 6), (8, 14), (15, 20), (22, 27), (32, 32)];
/// The same for IPv6, where everything is in `2000::/3`, the global unicast space (RFC 4291 §2.4).
const V6_LENGTHS: [(u32, u32); 5] = [(6, 16), (32, 40), (44, 52), (56, 64), (128, 128)];

impl Tree {
    /// The tree of a list of that many rules; `breadth` is how many prefixes each level has for a hundred of them.
    pub(crate) fn grow(family: Family, rules: usize, breadth: [u32; 5], rng: &mut Rng) -> Self {
        let (width, root, lengths) = match family {
            Family::V4 => (32, Prefix { first: 0, length: 0 }, V4_LENGTHS),
            Family::V6 => (128, Prefix { first: 1 << 125, length: 3 }, V6_LENGTHS),
        };
        let mut levels: Vec<Vec<Prefix>> = Vec::new();
        for ((shortest, longest), breadth) in lengths.into_iter().zip(breadth) {
            let count = 6 + rules * breadth as usize / 100;
            let child = |_| {
                let parent = levels.last().map_or(root, |parents| popular(parents, rng));
                parent.child(rng.u32(shortest..=longest), width, rng)
            };
            let level = (0..count).map(child).collect();
            levels.push(level);
        }
        Self { width, levels }
    }

    /// The addresses of some prefix of that level.
    pub(crate) fn addresses(&self, level: usize, rng: &mut Rng) -> IntervalSet<u128> {
        let prefix = popular(&self.levels[level], rng);
        IntervalSet::range(prefix.first, prefix.first | ones(self.width - prefix.length))
    }
}

impl Prefix {
    /// Some prefix of that length inside it.
    fn child(self, length: u32, width: u32, rng: &mut Rng) -> Self {
        let inside = ones(width - self.length) ^ ones(width - length);
        Self { first: self.first | rng.u128(..) & inside, length }
    }
}

/// That many ones at the end.
const fn ones(count: u32) -> u128 {
    match u128::MAX.checked_shr(u128::BITS - count) {
        Some(ones) => ones,
        None => 0,
    }
}

/// One of them; the first half of the chances goes to the first quarter.
fn popular(prefixes: &[Prefix], rng: &mut Rng) -> Prefix {
    let (a, b) = (rng.usize(..prefixes.len()), rng.usize(..prefixes.len()));
    prefixes[a * b / prefixes.len()]
}
