//! Who decides packets, in words.

use std::fmt;

use crate::model::{Entry, Origin, Policy};
use crate::packet::Hook;

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
