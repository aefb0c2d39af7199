//! Chains and jumps into lists of which the first step that decides counts.
//!
//! Packets that a step has decided never come to a later one, so nothing is taken out of what goes on: a chain is left
//! by all packets that came into it, or by none. Only what returns from a chain is taken out of the rest of it.

mod depth;
mod merge;
mod sequence;
#[cfg(test)]
mod tests;
mod tracking;

use self::depth::check;
use self::merge::merged;
use self::sequence::{ACCEPT, before};
use super::clause::Clause;
use super::meaning::{Effect, Fate, Step};
use super::program::{Act, Base, Point, Program, Rule};
use crate::packet::{Cube, Family, Hook, IntervalSet};
use crate::source::{Diagnostic, Site};

/// The most steps that a ruleset may come to.
const MOST_STEPS: usize = 2_000_000;

/// The most pairs of boxes that may be compared for one base chain.
const MOST_WORK: usize = if cfg!(test) { 200_000 } else { 10_000_000 };

/// The steps of a program, for every hook and family. Where no base chain is, everything passes: the ruleset as a whole,
/// at `site`, says so.
///
/// # Errors
/// Chains that jump in circles or too deep, and rulesets that come to too many steps.
pub(super) fn walk(program: &Program, site: Site) -> Result<Vec<Step>, Diagnostic> {
    check(program)?;
    let mut steps = Vec::new();
    for hook in Hook::ALL {
        for family in Family::ALL {
            let everything =
                Step { cube: Cube::every(hook, family), effect: Effect::Decide(Fate::Accept), site };
            steps.extend(path(program, hook, family)?.unwrap_or_else(|| vec![everything]));
        }
    }
    Ok(steps)
}

/// The steps of all base chains that packets of a hook and family come through; none if they come through none.
fn path(program: &Program, hook: Hook, family: Family) -> Result<Option<Vec<Step>>, Diagnostic> {
    let passes = |base: &&Base| point_is_on(base.point, hook) && base.families.contains(&family);
    let mut bases: Vec<&Base> = program.bases.iter().filter(passes).collect();
    bases.sort_by_key(|base| (base.point, base.priority));
    let mut rest: Option<Vec<Step>> = None;
    let mut idle: Option<Vec<Step>> = None;
    for base in bases.into_iter().rev() {
        let steps = Walk { program, kind: (hook, family), base, steps: Vec::new(), work: 0 }.run()?;
        if steps.iter().all(|step| step.effect == ACCEPT) {
            // Of several that let everything pass, the one in the hook itself stands for all.
            if idle.is_none() || point_is_of(base.point, hook) && base.priority >= 0 {
                idle = Some(steps);
            }
            continue;
        }
        rest = Some(match rest {
            Some(rest) => before(steps, rest)?,
            None => steps,
        });
    }
    Ok(rest.or(idle))
}

/// Whether a point sees the packets of one hook only.
fn point_is_of(point: Point, hook: Hook) -> bool {
    matches!(
        (point, hook),
        (Point::Input, Hook::Input) | (Point::Forward, Hook::Forward) | (Point::Output, Hook::Output)
    )
}

fn point_is_on(point: Point, hook: Hook) -> bool {
    match hook {
        Hook::Input => matches!(point, Point::Prerouting | Point::Input),
        Hook::Forward => matches!(point, Point::Prerouting | Point::Forward | Point::Postrouting),
        Hook::Output => matches!(point, Point::Output | Point::Postrouting),
    }
}

fn within_bounds(steps: usize, site: Site) -> Result<(), Diagnostic> {
    if steps <= MOST_STEPS { Ok(()) } else { Err(too_large(site)) }
}

fn too_large(site: Site) -> Diagnostic {
    let title = "this ruleset comes to too many combinations of conditions";
    Diagnostic::error("ruleset-too-large", site, title)
        .note(format!("jumps and returns come to more than {MOST_STEPS} steps, or take too long to follow"))
}

/// What comes out of a chain at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Nothing: every packet was decided.
    Nothing,
    /// Some of the packets that came in, or all of them.
    Some,
}

/// The packets in a chain on their way from rule to rule.
struct Crossing {
    /// Those that meet the next rule, if no step has decided them.
    packets: Vec<Cube>,
    /// Those that return here and are not taken out of the packets yet.
    returning: Vec<Cube>,
    /// Whether some packets have come to the end of the chain by `return` and `goto`.
    has_left: bool,
}

/// A way through the chains of one base chain.
struct Walk<'p> {
    program: &'p Program,
    kind: (Hook, Family),
    base: &'p Base,
    steps: Vec<Step>,
    work: usize,
}

impl Walk<'_> {
    /// The steps of the base chain.
    fn run(mut self) -> Result<Vec<Step>, Diagnostic> {
        let (hook, family) = self.kind;
        let every = Cube::every(hook, family);
        if self.chain(self.base.chain, std::slice::from_ref(&every))? == Left::Some {
            self.push(every, Effect::Decide(self.base.policy), self.base.site)?;
        }
        Ok(self.steps)
    }

    /// Takes packets through a chain.
    fn chain(&mut self, index: usize, packets: &[Cube]) -> Result<Left, Diagnostic> {
        let Some(chain) = self.program.chains.get(index) else { return Ok(Left::Some) };
        let mut crossing = Crossing { packets: packets.to_vec(), returning: Vec::new(), has_left: false };
        for rule in &chain.rules {
            if crossing.packets.is_empty() {
                break;
            }
            self.rule(rule, &mut crossing)?;
        }
        self.settle(&mut crossing, chain.site)?;
        let is_left = crossing.has_left || !crossing.packets.is_empty();
        Ok(if is_left { Left::Some } else { Left::Nothing })
    }

    /// Takes packets through a rule.
    fn rule(&mut self, rule: &Rule, crossing: &mut Crossing) -> Result<(), Diagnostic> {
        let asked = rule.when.iter().filter_map(|clause| self.cube(clause));
        let met: Vec<Cube> = asked.flat_map(|cube| tracking::met(self.base, cube)).collect();
        self.spend(crossing.packets.len(), met.len(), rule.site)?;
        if rule.act == Act::Return {
            crossing.has_left |= !met.is_empty();
            crossing.returning.extend(met);
            return Ok(());
        }
        self.settle(crossing, rule.site)?;
        let hit = shared(&crossing.packets, &met);
        if hit.is_empty() {
            return Ok(());
        }
        let is_all = hit == crossing.packets;
        let left = match rule.act {
            Act::Log(rate) => self.push_all(hit, Effect::Log(rate), rule.site)?,
            Act::Decide(fate) => {
                self.push_all(hit, Effect::Decide(fate), rule.site)?;
                Left::Nothing
            }
            Act::Jump(to) => self.chain(to, &hit)?,
            Act::Goto(to) => {
                if self.chain(to, &hit)? == Left::Some {
                    crossing.has_left = true;
                    crossing.returning.extend(met);
                }
                Left::Nothing
            }
            Act::Return => Left::Some,
        };
        if is_all && left == Left::Nothing {
            crossing.packets.clear();
        }
        Ok(())
    }

    /// Takes out what has returned. Rules that return mostly stand together, and are then cheaper together.
    fn settle(&mut self, crossing: &mut Crossing, site: Site) -> Result<(), Diagnostic> {
        for cube in merged(std::mem::take(&mut crossing.returning)) {
            self.spend(crossing.packets.len(), 1, site)?;
            if crossing.packets.iter().any(|packets| packets.overlaps(&cube)) {
                crossing.packets = without(std::mem::take(&mut crossing.packets), &cube);
                within_bounds(crossing.packets.len(), site)?;
            }
        }
        Ok(())
    }

    /// Counts boxes that are compared with others.
    fn spend(&mut self, boxes: usize, others: usize, site: Site) -> Result<(), Diagnostic> {
        self.work = self.work.saturating_add(1 + boxes.saturating_mul(others));
        if self.work <= MOST_WORK { Ok(()) } else { Err(too_large(site)) }
    }

    /// The packets of a clause that come through here: no outgoing interface is known before routing, no incoming one
    /// after it, and neither has the one that the hook lacks.
    fn cube(&self, clause: &Clause) -> Option<Cube> {
        let (hook, family) = self.kind;
        let mut cube = clause.cube(hook, family)?;
        if matches!(self.base.point, Point::Prerouting | Point::Input) {
            cube.outgoing = absent(cube.outgoing)?;
        }
        if matches!(self.base.point, Point::Output | Point::Postrouting) {
            cube.incoming = absent(cube.incoming)?;
        }
        Some(cube)
    }

    fn push_all(&mut self, cubes: Vec<Cube>, effect: Effect, site: Site) -> Result<Left, Diagnostic> {
        cubes.into_iter().try_for_each(|cube| self.push(cube, effect, site))?;
        Ok(Left::Some)
    }

    fn push(&mut self, cube: Cube, effect: Effect, site: Site) -> Result<(), Diagnostic> {
        self.steps.push(Step { cube, effect, site });
        within_bounds(self.steps.len(), site)
    }
}

/// What is asked of an interface that a packet does not have here: any, or none of those that have numbers of their own.
fn absent(asked: IntervalSet<u16>) -> Option<IntervalSet<u16>> {
    asked.contains(u16::MAX).then(|| if asked.is_full() { asked } else { IntervalSet::full() })
}

/// The packets in one of the first and one of the second.
fn shared(packets: &[Cube], met: &[Cube]) -> Vec<Cube> {
    packets.iter().flat_map(|one| met.iter().filter_map(|other| one.intersect(other))).collect()
}

/// The packets that are not in a box.
fn without(packets: Vec<Cube>, cube: &Cube) -> Vec<Cube> {
    let mut left = Vec::with_capacity(packets.len());
    for packets in packets {
        if packets.overlaps(cube) {
            left.extend(packets.subtract(cube));
        } else {
            left.push(packets);
        }
    }
    left
}
