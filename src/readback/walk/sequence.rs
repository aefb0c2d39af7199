//! Base chains that packets come through one after the other.

use super::{MOST_WORK, too_large, within_bounds, without};
use crate::packet::Cube;
use crate::readback::{Effect, Fate, Step};
use crate::source::Diagnostic;

/// What lets packets pass to the next chain.
pub(super) const ACCEPT: Effect = Effect::Decide(Fate::Accept);

/// How many boxes a step may fall into before it is cheaper to put the later steps behind each earlier one.
const MOST_PIECES: usize = 64;

/// The steps of a base chain followed by those of the next: what the first accepts is decided by the next.
pub(super) fn before(mut first: Vec<Step>, next: Vec<Step>) -> Result<Vec<Step>, Diagnostic> {
    if next.iter().all(|step| step.effect == ACCEPT) {
        return Ok(first);
    }
    // What is left for the last steps that accept is all left for the next chain.
    let head = first.iter().rposition(|step| step.effect != ACCEPT).map_or(0, |last| last + 1);
    first.truncate(head);
    let mut all = match stopping(&first) {
        Some(steps) => steps,
        None => product(first, &next)?,
    };
    all.extend(next);
    Ok(all)
}

/// The steps that do not accept, without the packets that were accepted before them; none if that is too much to say.
fn stopping(first: &[Step]) -> Option<Vec<Step>> {
    let mut accepted: Vec<&Cube> = Vec::new();
    let mut steps = Vec::new();
    if first.len().saturating_mul(first.len()) > MOST_WORK {
        return None;
    }
    for step in first {
        if step.effect == ACCEPT {
            accepted.push(&step.cube);
            continue;
        }
        let mut left = vec![step.cube.clone()];
        for cube in &accepted {
            left = without(left, cube);
            if left.len() > MOST_PIECES {
                return None;
            }
        }
        steps.extend(left.into_iter().map(|cube| Step { cube, ..*step }));
    }
    Some(steps)
}

/// Every step that accepts replaced by those of the next chain.
fn product(first: Vec<Step>, next: &[Step]) -> Result<Vec<Step>, Diagnostic> {
    let mut all = Vec::with_capacity(first.len() + next.len());
    let mut work = 0_usize;
    for step in first {
        if step.effect != ACCEPT {
            all.push(step);
            continue;
        }
        for later in next {
            work += 1;
            let shared = step.cube.intersect(&later.cube);
            let is_last = shared.as_ref() == Some(&step.cube) && matches!(later.effect, Effect::Decide(_));
            all.extend(shared.map(|cube| Step { cube, ..*later }));
            if is_last {
                break; // Nothing is left for those after that.
            }
        }
        within_bounds(all.len(), step.site)?;
        if work > MOST_WORK {
            return Err(too_large(step.site));
        }
    }
    Ok(all)
}
