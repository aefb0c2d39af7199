//! What shows that a control is met: a packet that is refused, and who refuses it.

use super::Refused;
use crate::analyze::{Certainty, Decider, Hit, describe};
use crate::lint::{Context, Packets};
use crate::model::{Origin, Verdict};
use crate::packet::Cube;

/// Questions that are asked at most for one check.
const MOST_ASKED: usize = 8;

/// One of the packets that a check is about, crossing the boundary of the site, that a rule or a default refuses.
pub(super) fn refused(named: &Packets, context: &Context<'_>) -> Option<Refused> {
    let crossing = [context.outward(), context.inward()];
    let asked = crossing.iter().flat_map(|packets| {
        let cubes = packets.cubes().iter();
        cubes.flat_map(|cube| named.cubes().iter().filter_map(|named| named.intersect(cube)))
    });
    let hit = asked.take(MOST_ASKED).find_map(|cube| refusing(context, &cube))?;
    let packet = describe(context.policy(), &hit.packet);
    let decider = Decider::new(context.policy(), hit);
    Some(Refused { packet, by: decider.subject.to_string(), site: decider.site })
}

/// The first rule or default that refuses some packet of a box, and surely.
fn refusing<'p>(context: &Context<'p>, cube: &Cube) -> Option<Hit<'p>> {
    let decisions = context.decisions();
    let entries = decisions.speaking(cube).into_iter().filter(|&index| {
        let entry = context.policy().entries.get(index);
        entry.is_some_and(|entry| {
            matches!(entry.verdict, Verdict::Drop | Verdict::Reject)
                && !matches!(entry.origin, Origin::Baseline(_))
        })
    });
    entries.filter_map(|index| decisions.hit(index, cube)).find(|hit| hit.certainty == Certainty::Proven)
}
