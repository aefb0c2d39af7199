//! What becomes of the packets of a flow: the first one through all rules on its way, and the answers to it.

mod answer;

use answer::Answers;

use super::compile::{Compiled, Tag, Way};
use super::evaluate::{Event, Outcome, decide, within_bounds};
use super::program::Program;
use super::syntax::Direction;
use crate::packet::{Cube, Family, Hook, IntervalSet, States};
use crate::readback::{Conditions, Effect, Fate, Step};
use crate::source::{Diagnostic, Site};

/// The number of the loopback in every table of interfaces.
const LOOPBACK: u16 = 0;

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
            Ways { inward: program(Direction::In), outward: program(Direction::Out) }
        };
        let of = Hook::ALL.map(ways);
        let [input, forward, output] = &of;
        let mut answers = Vec::new();
        for (hook, ways, back) in
            [(Hook::Input, input, output), (Hook::Forward, forward, forward), (Hook::Output, output, input)]
        {
            let packets = coming(hook, family);
            let passages = passages(ways, &packets, (site, 0))?;
            all.extend(passages.iter().map(Passage::step));
            answers.extend(Answers { ways: back, conditions, site }.to(&passages)?);
            within_bounds(all.len() + answers.len(), site)?;
        }
        all.extend(answers);
        all.extend(Hook::ALL.map(|hook| unsaid(hook, family, site)));
    }
    Ok(all)
}

/// Packets without a state that come by in a hook. None is forwarded from or to the loopback, from no address at all (RFC
/// 1122 §3.2.1.3, RFC 4291 §2.5.2), or to a group: pf.conf has no words for multicast routing.
fn coming(hook: Hook, family: Family) -> Cube {
    let every = Cube { states: States::TRACKED_NEW, ..Cube::every(hook, family) };
    if hook != Hook::Forward {
        return every;
    }
    let loopback = IntervalSet::single(LOOPBACK);
    let groups = match family {
        Family::V4 => IntervalSet::from_intervals([(0xe000_0000, 0xefff_ffff), (0xffff_ffff, 0xffff_ffff)]),
        Family::V6 => IntervalSet::range(0xff << 120, u128::MAX),
    };
    Cube {
        incoming: every.incoming.subtract(&loopback),
        outgoing: every.outgoing.subtract(&loopback),
        source: every.source.subtract(&IntervalSet::single(0)),
        destination: every.destination.subtract(&groups),
        ..every
    }
}

/// Packets that rules are never asked about.
fn unsaid(hook: Hook, family: Family, site: Site) -> Step {
    Step { cube: Cube::every(hook, family), effect: Effect::Decide(Fate::Unsaid), site }
}

/// What becomes of packets without a state that come with a tag.
pub(super) fn passages(
    ways: &Ways<'_>,
    packets: &Cube,
    (site, tag): (Site, Tag),
) -> Result<Vec<Passage>, Diagnostic> {
    match packets.hook {
        Hook::Input => Ok(one_way(decide(&ways.inward, packets, tag, site)?, Direction::In)),
        Hook::Output => Ok(one_way(decide(&ways.outward, packets, tag, site)?, Direction::Out)),
        Hook::Forward => through(ways, decide(&ways.inward, packets, tag, site)?, site),
    }
}

fn one_way(events: Vec<Event>, direction: Direction) -> Vec<Passage> {
    events.into_iter().map(|event| Passage::after(event, direction)).collect()
}

/// Packets that have passed on the way in are asked for on the way out.
fn through(ways: &Ways<'_>, inward: Vec<Event>, site: Site) -> Result<Vec<Passage>, Diagnostic> {
    let mut all = Vec::with_capacity(inward.len());
    for event in inward {
        let Outcome::Pass { keeps, tag } = event.outcome else {
            all.push(Passage::after(event, Direction::In));
            continue;
        };
        let outward = one_way(decide(&ways.outward, &event.cube, tag, site)?, Direction::Out);
        all.extend(outward.into_iter().map(|passage| Passage { keeps_in: keeps, ..passage }));
        within_bounds(all.len(), site)?;
    }
    Ok(all)
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
