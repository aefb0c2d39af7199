//! Packets of which one side says nothing: the other side is made silent about them, too, so that they cost nothing.

use crate::packet::States;
use crate::readback::{Effect, Fate, Step};

/// A step with its index in its meaning.
type Numbered = (usize, Step);

/// How many steps about packets of known flows a side may have to be taken apart: policies and netfilter rulesets say in
/// one what pf says for each of its rules.
const FEW: usize = 64;

/// The steps of a side, silent where the other one is: about what the other begins with saying nothing about, and about
/// packets of known flows that it does not know. Those of known flows come first on both sides, wherever they are
/// written: lines that are alike and in the same order are compared at no cost.
pub(super) fn silenced(own: &[Numbered], other: &[Numbered]) -> Vec<Numbered> {
    let leading = |steps: &[Numbered]| steps.iter().take_while(|(_, step)| is_silent(step)).count();
    let (silence, own) = own.split_at(leading(own));
    let (others_silence, other) = other.split_at(leading(other));
    let mut all = [others_silence, silence].concat();
    all.extend(mirrored(own, other).unwrap_or_else(|| numbered(own, only_known)));
    all.extend(numbered(own, without_known));
    all
}

fn is_silent(step: &Step) -> bool {
    step.effect == Effect::Decide(Fate::Unsaid)
}

fn is_about_known(step: &Step) -> bool {
    step.cube.states.subtract(States::ESTABLISHED).is_empty()
}

/// What a side says of packets of known flows, step by step of the other side: silence where that is silent. None if the
/// other side is not silent about any, or if there is too much to say.
fn mirrored(own: &[Numbered], other: &[Numbered]) -> Option<Vec<Numbered>> {
    let known = numbered(own, only_known);
    let about: Vec<&Numbered> = other.iter().filter(|(_, step)| is_about_known(step)).collect();
    if known.len() > FEW || !about.iter().any(|(_, step)| is_silent(step)) {
        return None;
    }
    let mut mirror = Vec::with_capacity(about.len());
    for (index, step) in about {
        match step.effect {
            Effect::Decide(Fate::Unsaid) => mirror.push((*index, step.clone())),
            Effect::Decide(_) => mirror.extend(known.iter().filter_map(|(own, known)| {
                Some((*own, Step { cube: step.cube.intersect(&known.cube)?, ..*known }))
            })),
            Effect::Log(_) => {}
        }
    }
    Some(mirror)
}

/// Part of each step, as far as there is one.
fn numbered(steps: &[Numbered], part: impl Fn(&Step) -> Option<Step>) -> Vec<Numbered> {
    steps.iter().filter_map(|(index, step)| Some((*index, part(step)?))).collect()
}

/// The packets of known flows of a step; none if it has none.
fn only_known(step: &Step) -> Option<Step> {
    with_states(step, step.cube.states.intersect(States::ESTABLISHED))
}

/// The other packets of a step; none if it has none.
fn without_known(step: &Step) -> Option<Step> {
    with_states(step, step.cube.states.subtract(States::ESTABLISHED))
}

fn with_states(step: &Step, states: States) -> Option<Step> {
    let mut step = step.clone();
    step.cube.states = states;
    (!states.is_empty()).then_some(step)
}
