//! Chains and jumps into lists of which the first step that decides counts.

use super::clause::Clause;
use super::meaning::{Effect, Fate, Step};
use super::program::{Act, Base, Point, Program};
use crate::packet::{Cube, Family, Hook, IntervalSet};
use crate::source::{Diagnostic, Site};

/// How deep chains may jump (`NFT_JUMP_STACK_SIZE` in `linux/netfilter/nf_tables.h`).
const DEEPEST: usize = 16;

/// The most steps that a ruleset may come to.
const MOST_STEPS: usize = 2_000_000;

/// The steps of a program, for every hook and family. Where no base chain is, everything passes: the ruleset as a whole,
/// at `site`, says so.
///
/// # Errors
/// Chains that jump in circles or too deep, and rulesets that come to too many steps.
pub(super) fn walk(program: &Program, site: Site) -> Result<Vec<Step>, Diagnostic> {
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
    for base in bases.into_iter().rev() {
        let mut walk = Walk { program, kind: (hook, family), base, steps: Vec::new(), depth: 0 };
        let every = Cube::every(hook, family);
        let left = walk.chain(base.chain, vec![every.clone()])?;
        for cube in left {
            walk.push(cube, Effect::Decide(base.policy), base.site)?;
        }
        rest = Some(match rest {
            Some(rest) => before(walk.steps, &rest)?,
            None => walk.steps,
        });
    }
    Ok(rest)
}

fn point_is_on(point: Point, hook: Hook) -> bool {
    match hook {
        Hook::Input => matches!(point, Point::Prerouting | Point::Input),
        Hook::Forward => matches!(point, Point::Prerouting | Point::Forward | Point::Postrouting),
        Hook::Output => matches!(point, Point::Output | Point::Postrouting),
    }
}

/// The steps of a base chain followed by those of the next: what the first accepts is decided by the next.
fn before(first: Vec<Step>, next: &[Step]) -> Result<Vec<Step>, Diagnostic> {
    let mut all = Vec::with_capacity(first.len() + next.len());
    for step in first {
        if step.effect != Effect::Decide(Fate::Accept) {
            all.push(step);
            continue;
        }
        for later in next {
            let shared = step.cube.intersect(&later.cube);
            all.extend(shared.map(|cube| Step { cube, ..*later }));
            if step.cube.is_subset(&later.cube) && matches!(later.effect, Effect::Decide(_)) {
                break; // Nothing is left for those after that.
            }
        }
        within_bounds(all.len(), step.site)?;
    }
    Ok(all)
}

fn within_bounds(steps: usize, site: Site) -> Result<(), Diagnostic> {
    if steps <= MOST_STEPS {
        return Ok(());
    }
    let title = "this ruleset comes to too many combinations of conditions";
    Err(Diagnostic::error("ruleset-too-large", site, title)
        .note(format!("jumps and returns come to more than {MOST_STEPS} steps")))
}

/// A way through the chains of one base chain.
struct Walk<'p> {
    program: &'p Program,
    kind: (Hook, Family),
    base: &'p Base,
    steps: Vec<Step>,
    depth: usize,
}

impl Walk<'_> {
    /// Takes packets through a chain; what is left comes out at its end.
    fn chain(&mut self, index: usize, mut packets: Vec<Cube>) -> Result<Vec<Cube>, Diagnostic> {
        let Some(chain) = self.program.chains.get(index) else { return Ok(packets) };
        if self.depth > DEEPEST {
            let title = "chains jump in a circle, or too deep";
            return Err(Diagnostic::error("jump-too-deep", chain.site, title)
                .note(format!("netfilter follows at most {DEEPEST} jumps")));
        }
        // What has come to the end of the chain by `return` and `goto`.
        let mut returned = Vec::new();
        for rule in &chain.rules {
            if packets.is_empty() {
                break;
            }
            let met: Vec<Cube> = rule.when.iter().filter_map(|clause| self.cube(clause)).collect();
            let hit = shared(&packets, &met);
            match rule.act {
                Act::Log(rate) => self.push_all(hit, Effect::Log(rate), rule.site)?,
                Act::Decide(fate) => {
                    let is_last = hit == packets;
                    self.push_all(hit, Effect::Decide(fate), rule.site)?;
                    if is_last {
                        packets.clear();
                    }
                }
                Act::Jump(to) => drop(self.sub(to, hit)?),
                Act::Goto(to) => {
                    let out = self.sub(to, hit)?;
                    if !out.is_empty() {
                        packets = without(packets, &met, rule.site)?;
                        returned.extend(out);
                    }
                }
                Act::Return => {
                    packets = without(packets, &met, rule.site)?;
                    returned.extend(hit);
                }
            }
        }
        packets.extend(returned);
        Ok(packets)
    }

    fn sub(&mut self, chain: usize, packets: Vec<Cube>) -> Result<Vec<Cube>, Diagnostic> {
        if packets.is_empty() {
            return Ok(packets);
        }
        self.depth += 1;
        let out = self.chain(chain, packets);
        self.depth -= 1;
        out
    }

    /// The packets of a clause that come through here: no outgoing interface is known before routing, no incoming one
    /// after it, and neither has the one that the hook lacks.
    fn cube(&self, clause: &Clause) -> Option<Cube> {
        let (hook, family) = self.kind;
        let mut cube = clause.cube(hook, family)?;
        if matches!(self.base.point, Point::Prerouting | Point::Input) {
            cube.outgoing = absent(&cube.outgoing)?;
        }
        if matches!(self.base.point, Point::Output | Point::Postrouting) {
            cube.incoming = absent(&cube.incoming)?;
        }
        Some(cube)
    }

    fn push_all(&mut self, cubes: Vec<Cube>, effect: Effect, site: Site) -> Result<(), Diagnostic> {
        cubes.into_iter().try_for_each(|cube| self.push(cube, effect, site))
    }

    fn push(&mut self, cube: Cube, effect: Effect, site: Site) -> Result<(), Diagnostic> {
        self.steps.push(Step { cube, effect, site });
        within_bounds(self.steps.len(), site)
    }
}

/// What is asked of an interface that a packet does not have here: any, or none of those that have numbers of their own.
fn absent(asked: &IntervalSet<u16>) -> Option<IntervalSet<u16>> {
    asked.contains(u16::MAX).then(IntervalSet::full)
}

/// The packets in one of the first and one of the second.
fn shared(packets: &[Cube], met: &[Cube]) -> Vec<Cube> {
    let with = |one: &Cube| met.iter().filter_map(|other| one.intersect(other)).collect::<Vec<_>>();
    packets.iter().flat_map(with).collect()
}

/// The packets that meet none of some conditions.
fn without(packets: Vec<Cube>, met: &[Cube], site: Site) -> Result<Vec<Cube>, Diagnostic> {
    let mut left = packets;
    for cube in met {
        left = left.iter().flat_map(|packets| packets.subtract(cube)).collect();
        within_bounds(left.len(), site)?;
    }
    Ok(left)
}
