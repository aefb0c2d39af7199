//! The rules that packets on one way may meet.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::compile::{Act, Compiled, Tag, Way};
use super::evaluate::Start;
use crate::packet::{Cube, Line, List};
use crate::source::Diagnostic;

/// Rules for one way, hook and family, in order.
#[derive(Debug)]
pub(super) struct Program<'r> {
    /// All of them.
    asked: Vec<Asked<'r>>,
    /// Those that do not ask for one certain tag.
    general: Chosen,
    /// Those that ask for one.
    by_tag: BTreeMap<Tag, Chosen>,
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

/// Some of the rules, by their numbers, in order.
#[derive(Debug, Default)]
struct Chosen {
    numbers: Vec<usize>,
    /// Their boxes, to be searched; owners are numbers. Made when it is first needed.
    boxes: OnceCell<List>,
}

/// The most boxes that one rule may come to.
const MOST_ALTERNATIVES: usize = 1 << 16;

/// The most rules of which all are looked at.
const FEW: usize = 32;

impl<'r> Program<'r> {
    /// The rules that have packets on a way.
    ///
    /// # Errors
    /// Rules with too many alternatives.
    pub(super) fn new(rules: &'r [Compiled], way: Way) -> Result<Self, Diagnostic> {
        let mut program = Self {
            asked: Vec::new(),
            general: Chosen::default(),
            by_tag: BTreeMap::new(),
            given: Vec::new(),
        };
        for rule in rules {
            if rule.direction.is_some_and(|only| only != way.direction) {
                continue;
            }
            let cubes = cubes(rule, way)?;
            if !cubes.is_empty() {
                program.add(Asked { rule, cubes });
            }
        }
        program.given.sort_unstable();
        program.given.dedup();
        Ok(program)
    }

    fn add(&mut self, asked: Asked<'r>) {
        let rule = asked.rule;
        let chosen = match rule.tagged.iter().find(|tagged| !tagged.negated) {
            Some(tagged) => self.by_tag.entry(tagged.item).or_default(),
            None => &mut self.general,
        };
        chosen.numbers.push(self.asked.len());
        let stays = !rule.quick || rule.act == Act::Match;
        self.given.extend(rule.tag.filter(|_| stays));
        self.asked.push(asked);
    }

    /// The rules that packets may meet, in order.
    pub(super) fn met_by(&self, start: &Start) -> Vec<&Asked<'r>> {
        let Start { packets, tags } = start;
        let mut numbers = self.general.near(packets, &self.asked);
        let tags: BTreeSet<Tag> = self.given.iter().chain(tags.iter().map(|(tag, _)| tag)).copied().collect();
        let tagged = tags.iter().filter_map(|tag| self.by_tag.get(tag));
        numbers.extend(tagged.flat_map(|chosen| chosen.near(packets, &self.asked)));
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.asked.get(number)).collect()
    }
}

impl Chosen {
    /// Those that may hold some of the packets; a rule may be there twice.
    fn near(&self, packets: &Cube, all: &[Asked<'_>]) -> Vec<usize> {
        let is_wide = packets.source == packets.family.every_address()
            && packets.destination == packets.family.every_address();
        if is_wide || self.numbers.len() <= FEW {
            return self.numbers.clone();
        }
        let boxes = self.boxes.get_or_init(|| self.search(all));
        let met = boxes.meeting(packets, boxes.lines().len()).into_iter();
        met.filter_map(|line| boxes.lines().get(line)).map(|line| line.owner).collect()
    }

    fn search(&self, all: &[Asked<'_>]) -> List {
        let rules = self.numbers.iter().filter_map(|&number| Some((number, all.get(number)?)));
        let lines = rules.flat_map(|(owner, asked)| {
            let line = move |cube: &Cube| Line { cube: cube.clone(), owner, outcome: Some(0) };
            asked.cubes.iter().map(line)
        });
        List::new(lines.collect())
    }
}

/// The packets on a way that meet all conditions of a rule.
fn cubes(rule: &Compiled, way: Way) -> Result<Vec<Cube>, Diagnostic> {
    let mut all = vec![Cube::every(way.hook, way.family)];
    for condition in &rule.conditions {
        if condition.alternatives().saturating_mul(all.len()) > MOST_ALTERNATIVES {
            let title = "this rule comes to too many combinations of conditions";
            return Err(Diagnostic::error("ruleset-too-large", rule.site, title));
        }
        let more = condition.cubes(way);
        let with = |cube: &Cube| more.iter().filter_map(|other| cube.intersect(other)).collect::<Vec<_>>();
        all = if rule.conditions.len() == 1 { more } else { all.iter().flat_map(with).collect() };
    }
    Ok(all)
}
