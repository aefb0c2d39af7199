//! What becomes of the packets of a flow: the first one through all rules on its way, and the answers to it.

mod answer;

use answer::Answers;

use super::addresses::multicast_and_broadcast;
use super::compile::{Compiled, Tag, Way};
use super::evaluate::{Event, NEAR, Outcome, Start, decide, differ_by_incoming, within_bounds};
use super::program::Program;
use super::syntax::Direction;
use crate::packet::{Cube, Family, Hook, States};
use crate::readback::{Conditions, Effect, Fate, Step};
use crate::source::{Diagnostic, Site};

/// Packets that open a flow, and what becomes of them and of the states they begin.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    /// The packets.
    pub(super) cube: Cube,
    /// What becomes of them in the end.
    pub(super) effect: Effect,
    /// Whether a state began on the way in.
    pub(super) keeps_in: bool,
    /// Whether a state began on the way out.
    pub(super) keeps_out: bool,
    /// The tag that they have at the end.
    pub(super) tag: Tag,
    /// The rule that says so.
    pub(super) site: Site,
}

/// The rules for a hook and family, on the way in and on the way out.
pub(super) struct Ways<'r> {
    /// In.
    pub(super) inward: Program<'r>,
    /// Out.
    pub(super) outward: Program<'r>,
}

/// All steps of a ruleset, which stands at `site`.
pub(super) fn steps(
    rules: &[Compiled],
    site: Site,
    conditions: &mut Conditions,
) -> Result<Vec<Step>, Diagnostic> {
    let mut all = Vec::new();
    for family in Family::ALL {
        let ways = |hook| {
            let program = |direction| Program::new(rules, Way { direction, hook, family });
            Ok(Ways { inward: program(Direction::In)?, outward: program(Direction::Out)? })
        };
        let (input, forward, output) = (ways(Hook::Input)?, ways(Hook::Forward)?, ways(Hook::Output)?);
        let mut answers = Vec::new();
        for (hook, ways, back) in [
            (Hook::Input, &input, &output),
            (Hook::Forward, &forward, &forward),
            (Hook::Output, &output, &input),
        ] {
            let passages = passages(ways, &asked_about(hook, family), (site, 0))?;
            all.extend(passages.iter().map(Passage::step));
            answers.extend(Answers { ways: back, conditions, site }.to(&passages)?);
            within_bounds(all.len() + answers.len(), site)?;
        }
        all.extend(answers);
        all.extend(Hook::ALL.into_iter().flat_map(|hook| unsaid(hook, family, site)));
    }
    Ok(all)
}

/// The packets that rules are asked about: those without a state. This machine sends nothing from a multicast or broadcast
/// source, so rules written for forwarded packets are not applied to such output.
fn asked_about(hook: Hook, family: Family) -> Cube {
    let packets = Cube { states: States::TRACKED_NEW, ..Cube::every(hook, family) };
    match hook {
        Hook::Output => Cube { source: packets.source.subtract(&multicast_and_broadcast(family)), ..packets },
        Hook::Input | Hook::Forward => packets,
    }
}

/// Packets that rules are never asked about.
fn unsaid(hook: Hook, family: Family, site: Site) -> impl Iterator<Item = Step> {
    let rest = Cube::every(hook, family).subtract(&asked_about(hook, family)).into_iter();
    rest.map(move |cube| Step { cube, effect: Effect::Decide(Fate::Unsaid), site })
}

/// What becomes of packets without a state that come with a tag.
pub(super) fn passages(
    ways: &Ways<'_>,
    packets: &Cube,
    (site, tag): (Site, Tag),
) -> Result<Vec<Passage>, Diagnostic> {
    let start = Start::of(packets.clone(), tag);
    match packets.hook {
        Hook::Input => Ok(one_way(decide(&ways.inward, &start, site)?, Direction::In)),
        Hook::Output => Ok(one_way(decide(&ways.outward, &start, site)?, Direction::Out)),
        Hook::Forward => through(ways, &decide(&ways.inward, &start, site)?, site),
    }
}

fn one_way(events: Vec<Event>, direction: Direction) -> Vec<Passage> {
    events.into_iter().map(|event| Passage::after(event, direction)).collect()
}

/// Packets that have passed on the way in are asked for on the way out.
fn through(ways: &Ways<'_>, inward: &[Event], site: Site) -> Result<Vec<Passage>, Diagnostic> {
    let mut all = Vec::with_capacity(inward.len());
    let by_one_rule = |one: &Event, next: &Event| one.site == next.site && keeps(one) == keeps(next);
    for events in inward.chunk_by(by_one_rule) {
        let Some(keeps) = events.first().and_then(keeps) else {
            all.extend(events.iter().cloned().map(|event| Passage::after(event, Direction::In)));
            continue;
        };
        for start in starts(events) {
            let outward = one_way(decide(&ways.outward, &start, site)?, Direction::Out);
            all.extend(outward.into_iter().map(|passage| Passage { keeps_in: keeps, ..passage }));
            within_bounds(all.len(), site)?;
        }
    }
    Ok(all)
}

/// Whether packets that pass have a state; none if they do not pass here.
const fn keeps(event: &Event) -> Option<bool> {
    match event.outcome {
        Outcome::Pass { keeps, .. } => Some(keeps),
        Outcome::Log | Outcome::Stop(_) => None,
    }
}

/// Packets that one rule lets in, by what they are: those that differ only in tags that tell where they came in are asked
/// for together on the way out, since the rules there mostly say the same of all.
fn starts(events: &[Event]) -> Vec<Start> {
    let mut all: Vec<Start> = Vec::new();
    for Event { cube, outcome, .. } in events {
        let Outcome::Pass { tag, .. } = *outcome else { continue };
        let near = all.iter_mut().rev().take(NEAR);
        let mut alike = near.filter(|start| differ_by_incoming(&start.packets, cube));
        match alike.find(|start| !start.packets.incoming.overlaps(&cube.incoming)) {
            Some(start) => {
                start.packets.incoming = start.packets.incoming.union(&cube.incoming);
                start.tags.push((tag, cube.incoming.clone()));
            }
            None => all.push(Start::of(cube.clone(), tag)),
        }
    }
    all
}

impl Passage {
    fn after(event: Event, direction: Direction) -> Self {
        let (effect, keeps, tag) = match event.outcome {
            Outcome::Log => (Effect::Log(None), false, 0),
            Outcome::Pass { keeps, tag } => (Effect::Decide(Fate::Accept), keeps, tag),
            Outcome::Stop(fate) => (Effect::Decide(fate), false, 0),
        };
        Self {
            cube: event.cube,
            effect,
            keeps_in: keeps && direction == Direction::In,
            keeps_out: keeps && direction == Direction::Out,
            tag,
            site: event.site,
        }
    }

    fn step(&self) -> Step {
        Step { cube: self.cube.clone(), effect: self.effect, site: self.site }
    }
}
