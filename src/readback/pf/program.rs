//! The rules that packets on one way may meet.

use std::collections::BTreeMap;

use super::compile::{Act, Compiled, Tag, Way};
use crate::packet::Cube;

/// Rules for one way, hook and family, in order.
#[derive(Debug)]
pub(super) struct Program<'r> {
    /// All of them.
    asked: Vec<Asked<'r>>,
    /// Those that do not ask for one certain tag.
    general: Vec<usize>,
    /// Those that ask for one.
    by_tag: BTreeMap<Tag, Vec<usize>>,
    /// Tags that packets may get and keep for later rules.
    given: Vec<Tag>,
}

/// A rule and its packets.
#[derive(Debug)]
pub(super) struct Asked<'r> {
    /// The rule.
    pub(super) rule: &'r Compiled,
    /// The packets that match it if their tag does.
    pub(super) cubes: Vec<Cube>,
}

impl<'r> Program<'r> {
    /// The rules that have packets on a way.
    pub(super) fn new(rules: &'r [Compiled], way: Way) -> Self {
        let mut program =
            Self { asked: Vec::new(), general: Vec::new(), by_tag: BTreeMap::new(), given: Vec::new() };
        for rule in rules {
            if rule.direction.is_some_and(|only| only != way.direction) {
                continue;
            }
            let cubes = cubes(rule, way);
            if cubes.is_empty() {
                continue;
            }
            let number = program.asked.len();
            match rule.tagged.iter().find(|tagged| !tagged.negated) {
                Some(tagged) => program.by_tag.entry(tagged.item).or_default().push(number),
                None => program.general.push(number),
            }
            let stays = !rule.quick || rule.act == Act::Match;
            program.given.extend(rule.tag.filter(|_| stays));
            program.asked.push(Asked { rule, cubes });
        }
        program.given.sort_unstable();
        program.given.dedup();
        program
    }

    /// The rules that packets may meet that come with a tag, in order.
    pub(super) fn met_with(&self, tag: Tag) -> Vec<&Asked<'r>> {
        let mut numbers = self.general.clone();
        let others = self.given.iter().copied().filter(|given| *given != tag);
        for tag in others.chain([tag]) {
            numbers.extend(self.by_tag.get(&tag).into_iter().flatten());
        }
        numbers.sort_unstable();
        numbers.into_iter().filter_map(|number| self.asked.get(number)).collect()
    }
}

/// The packets on a way that meet all conditions of a rule.
fn cubes(rule: &Compiled, way: Way) -> Vec<Cube> {
    let mut all = rule.conditions.iter().map(|condition| condition.cubes(way));
    let Some(first) = all.next() else { return vec![Cube::every(way.hook, way.family)] };
    all.fold(first, |cubes, more| {
        let with = |cube: &Cube| more.iter().filter_map(|other| cube.intersect(other)).collect::<Vec<_>>();
        cubes.iter().flat_map(with).collect()
    })
}
