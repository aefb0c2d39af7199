//! Rules and defaults that decide packets.

use super::{Hit, Subject};
use crate::model::{Entry, Origin, Policy};
use crate::packet::Hook;
use crate::source::Site;

/// A rule, or the default of a hook, that decides packets that somebody asked about.
#[derive(Clone, Debug)]
pub struct Decider<'p> {
    /// What it decides, with one packet.
    pub hit: Hit<'p>,
    /// Who that is, in words: the subject of a title.
    pub subject: Subject<'p>,
    /// Where it was written.
    pub site: Site,
}

impl<'p> Decider<'p> {
    /// Who stands behind an entry that decides packets.
    #[must_use]
    pub fn new(policy: &'p Policy, hit: Hit<'p>) -> Self {
        let subject = Subject::of(policy, hit.entry);
        Self { subject, site: policy.site_of(hit.entry), hit }
    }

    /// What makes entries one decider, in the order of the policy: the rule, or the default of a hook.
    #[must_use]
    pub fn key(entry: &Entry) -> (Origin, Option<Hook>) {
        (entry.origin, (entry.origin == Origin::Default).then_some(entry.hook))
    }
}
