//! The entries of a hook on their way into a chain of Linux's packet filters.

use super::piece::Piece;
use super::state::{Remaining, StateCheck};
use super::{Rendering, origin};
use crate::model::{Entry, Origin};
use crate::packet::Hook;

/// An entry and what is known before it is put into words.
#[derive(Debug)]
pub(super) struct Step<'p> {
    /// The entry.
    pub(super) entry: &'p Entry,
    /// The comment lines of its rule if the rule starts here.
    pub(super) remarks: Option<Vec<Piece>>,
    /// What it has to ask about the connection state, or why that cannot be asked.
    pub(super) checks: Result<Vec<StateCheck>, &'static str>,
}

/// The steps of one hook in order.
pub(super) fn steps<'p>(rendering: &Rendering<'p>, hook: Hook) -> impl Iterator<Item = Step<'p>> {
    let Rendering { policy, sources, .. } = *rendering;
    let (mut remaining, mut last): (Remaining, Option<Origin>) = (Remaining::ALL, None);
    policy.entries(hook).map(move |entry| {
        let goes_on = last.replace(entry.origin) == Some(entry.origin);
        let remarks = (!goes_on).then(|| origin::remarks(policy, sources, entry));
        let checks =
            remaining.checks(entry).ok_or("it tells apart new packets that connection tracking does not");
        remaining.pass(entry);
        Step { entry, remarks, checks }
    })
}
