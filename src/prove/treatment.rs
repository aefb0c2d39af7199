//! What happens to packets in full, as first-match lists that can be compared.

use std::collections::BTreeMap;

use crate::model::Rate;
use crate::packet::{Cube, Family, Hook, IntervalSet, Line, List, States, TCP, transports};
use crate::readback::{Effect, Fate, Step};

/// The longest list that is compared: only rulesets in which many rules log what many others decide come to more.
const LONGEST: usize = 1_000_000;

/// Where a packet goes, and whether it is logged on its way: as the first rule that logs it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Treatment {
    /// Where it goes.
    pub fate: Fate,
    /// How it is logged.
    pub log: Logged,
}

/// How a packet is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Logged {
    /// Not at all.
    Never,
    /// Each time.
    Always,
    /// At most that often.
    AtMost(Rate),
}

/// How closely logging is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logging {
    /// Limits count.
    Limits,
    /// Only whether packets are logged: pf knows no limits.
    Whether,
    /// Neither that nor how packets are refused: only which pass.
    Not,
}

/// A list, and what stands behind each of its lines.
pub(super) struct Sheet {
    pub(super) list: List,
    pub(super) actors: Vec<Actor>,
}

/// What a line stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Actor {
    pub(super) treatment: Treatment,
    /// The index of the step that decides.
    pub(super) decider: usize,
    /// The index of the step that logs.
    pub(super) logger: Option<usize>,
}

/// Numbers for what happens, the same for both sides.
#[derive(Default)]
pub(super) struct Outcomes {
    numbers: BTreeMap<Treatment, usize>,
}

impl Outcomes {
    fn number(&mut self, treatment: Treatment) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(treatment).or_insert(next)
    }
}

/// The states in which some packet is decided: nothing is said of packets in others.
pub(super) fn states(steps: &[Step]) -> States {
    let said =
        steps.iter().filter(|step| matches!(step.effect, Effect::Decide(fate) if fate != Fate::Unsaid));
    said.fold(States::of(&[]), |all, step| all.union(step.cube.states))
}

/// Steps in some states only, and without those states of which earlier steps have decided every packet: what is said of
/// the state in one rule of a ruleset is often said once for all rules after it in another, and lines that are written
/// alike are compared at no cost.
pub(super) fn within(steps: &[Step], states: States) -> Vec<(usize, Step)> {
    let mut open: BTreeMap<(Hook, Family), States> = BTreeMap::new();
    let silent = steps.iter().take_while(|step| step.effect == Effect::Decide(Fate::Unsaid));
    let silent: Vec<&Cube> = silent.map(|step| &step.cube).collect();
    let mut within = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let open = open.entry((step.cube.hook, step.cube.family)).or_insert(states);
        let cube = Cube { states: step.cube.states.intersect(*open), ..step.cube.clone() };
        if cube.states.is_empty() {
            continue;
        }
        if matches!(step.effect, Effect::Decide(_)) {
            *open = open.subtract(settled(&cube, &silent));
        }
        within.push((index, Step { cube, ..*step }));
    }
    within
}

/// The states of which a box has every packet, apart from those that nothing is said of. Only TCP has a SYN, or goes
/// without one.
fn settled(cube: &Cube, silent: &[&Cube]) -> States {
    let every = Cube::every(cube.hook, cube.family);
    if cube.source != every.source {
        return States::of(&[]);
    }
    let but_traffic = Cube { states: every.states, transport: every.transport.clone(), ..cube.clone() };
    let is_silent = |rest: &Cube| silent.iter().any(|silent| rest.is_subset(silent));
    let tcp = transports(TCP, &IntervalSet::full());
    match but_traffic == every || every.subtract(&but_traffic).iter().all(is_silent) {
        true if cube.transport == every.transport => cube.states,
        true if tcp.is_subset(&cube.transport) => cube.states.subtract(States::WITHOUT_SYN),
        _ => States::of(&[]),
    }
}

/// Which packets pass: accepting is one treatment, every kind of refusal another, and saying nothing a third.
pub(super) fn passage(steps: &[(usize, Step)], outcomes: &mut Outcomes) -> Sheet {
    let mut draft = Draft::default();
    for (index, step) in steps {
        if let Effect::Decide(fate) = step.effect {
            let fate = if fate.passes() || fate == Fate::Unsaid { fate } else { Fate::Drop };
            let treatment = Treatment { fate, log: Logged::Never };
            draft.push(step.cube.clone(), Actor { treatment, decider: *index, logger: None }, outcomes);
        }
    }
    draft.finish()
}

/// How packets are refused and logged: what a step logs comes apart into what later steps decide. None if that is too
/// much to compare.
pub(super) fn treatment(steps: &[(usize, Step)], logging: Logging, outcomes: &mut Outcomes) -> Option<Sheet> {
    let mut draft = Draft::default();
    for (place, (index, step)) in steps.iter().enumerate() {
        match step.effect {
            Effect::Decide(fate) => {
                let treatment = Treatment { fate, log: Logged::Never };
                draft.push(step.cube.clone(), Actor { treatment, decider: *index, logger: None }, outcomes);
            }
            Effect::Log(rate) => {
                let rate = rate.filter(|_| logging == Logging::Limits).map(Rate::in_smallest_unit);
                let log = rate.map_or(Logged::Always, Logged::AtMost);
                let later = steps.get(place + 1..).unwrap_or_default();
                logged((*index, &step.cube), log, later, outcomes, &mut draft);
            }
        }
        if draft.lines.len() > LONGEST {
            return None;
        }
    }
    Some(draft.finish())
}

/// What a step logs, by the later steps that decide it.
fn logged(
    (logger, cube): (usize, &Cube),
    log: Logged,
    later: &[(usize, Step)],
    outcomes: &mut Outcomes,
    draft: &mut Draft,
) {
    for (decider, step) in later {
        let Effect::Decide(fate) = step.effect else { continue };
        let Some(shared) = cube.intersect(&step.cube) else { continue };
        let is_all = shared == *cube;
        let treatment = Treatment { fate, log };
        draft.push(shared, Actor { treatment, decider: *decider, logger: Some(logger) }, outcomes);
        if is_all {
            return; // Nothing of it is left for those after that.
        }
    }
}

/// A sheet in the making.
#[derive(Default)]
struct Draft {
    lines: Vec<Line>,
    actors: Vec<Actor>,
}

impl Draft {
    fn push(&mut self, cube: Cube, actor: Actor, outcomes: &mut Outcomes) {
        let outcome = Some(outcomes.number(actor.treatment));
        self.lines.push(Line { cube, owner: actor.decider, outcome });
        self.actors.push(actor);
    }

    fn finish(self) -> Sheet {
        Sheet { list: List::new(self.lines), actors: self.actors }
    }
}
