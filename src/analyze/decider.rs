//! Rules and defaults that decide packets.

use std::fmt;

use super::Hit;
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

/// Who decides: written as "rule `x`" or "the default of the input hook".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject<'p> {
    /// The rule with that name.
    Rule(&'p str),
    /// A part of the baseline.
    Baseline(&'static str),
    /// What happens in a hook when no rule matches.
    Default(Hook),
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

impl<'p> Subject<'p> {
    /// Who stands behind an entry.
    #[must_use]
    pub fn of(policy: &'p Policy, entry: &Entry) -> Self {
        match entry.origin {
            Origin::Rule(index) => {
                Self::Rule(policy.rules.get(index).map_or("", |rule| rule.id.value.as_str()))
            }
            Origin::Baseline(part) => Self::Baseline(part.name()),
            Origin::Default => Self::Default(entry.hook),
        }
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(id) => write!(f, "rule `{id}`"),
            Self::Baseline(part) => write!(f, "the baseline's `{part}`"),
            Self::Default(hook) => write!(f, "the default of the {} hook", hook.name()),
        }
    }
}
