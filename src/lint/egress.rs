//! What the checks on ways out have in common.

use std::collections::BTreeSet;

use super::unfiltered::everything;
use super::{Context, Packets};
use crate::analyze::Decider;
use crate::model::Origin;
use crate::packet::Hook;

/// The rules that let some of the packets out. Left out are defaults and rules that let everything out: nobody has
/// listed anything there, and `egress-any-any`, `egress-default-accept` and `default-accept-forward` say so once.
pub(super) fn permits<'p>(context: &Context<'p>, packets: &Packets) -> Vec<Decider<'p>> {
    let mut permits = context.permits(packets);
    permits.retain(|permit| {
        let origin = permit.hit.entry.origin;
        origin != Origin::Default && !context.decides_everything(origin)
    });
    if permits.is_empty() {
        return permits;
    }
    let hooks = [Hook::Forward, Hook::Output].into_iter();
    let open: BTreeSet<Origin> =
        hooks.flat_map(|hook| everything(context, hook)).map(|hit| hit.entry.origin).collect();
    permits.retain(|permit| !open.contains(&permit.hit.entry.origin));
    permits
}
