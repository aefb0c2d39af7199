//! Rules as written: what they do, why, until when.

use jiff::civil::Date;

use super::{Comment, Log, Match, Name, Verdict};
use crate::packet::Hook;
use crate::source::{Site, Spanned};

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleAction {
    /// Let pass.
    Allow,
    /// Drop silently.
    Deny,
    /// Refuse at once.
    Reject,
}

/// How far a rule is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// In force.
    Enforce,
    /// Logs only: the first step of a migration. Deny and reject rules only.
    Observe {
        /// The day after which it should be in force.
        until: Option<Date>,
    },
}

/// A governed, expiring permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Who answers for it.
    pub owner: Option<Comment>,
    /// The ticket that granted it.
    pub ticket: Option<Comment>,
    /// The day on which it was granted.
    pub granted: Option<Spanned<Date>>,
    /// The last day on which it holds.
    pub expires: Option<Spanned<Date>>,
    /// Where it was written.
    pub site: Site,
}

/// A rule as written.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the policy.
    pub id: Spanned<Name>,
    /// What it does.
    pub action: Spanned<RuleAction>,
    /// How far it is in force.
    pub stage: Stage,
    /// Why it is switched off; none while it is on. A disabled rule has no entries.
    pub disabled: Option<Comment>,
    /// Whether and how often it logs.
    pub log: Option<Log>,
    /// Why it exists.
    pub reason: Option<Comment>,
    /// Who answers for it.
    pub owner: Option<Comment>,
    /// The ticket that asked for it.
    pub ticket: Option<Comment>,
    /// The exception it stands on.
    pub exception: Option<Exception>,
    /// The whole rule.
    pub site: Site,
    /// The value of `from`.
    pub from: Site,
    /// The value of `to`.
    pub to: Site,
    /// The value of `services`.
    pub services: Site,
}

/// One of the policy's own tests: every packet of `packets` gets the verdict.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What must happen: accept, drop or reject; [`Verdict::Drop`] stands for any refusal.
    pub verdict: Verdict,
    /// The packets, per hook.
    pub packets: Vec<(Hook, Match)>,
    /// The rule that must decide them.
    pub by: Option<Spanned<Name>>,
    /// Where it was written.
    pub site: Site,
}

words!(RuleAction, Allow = "allow", Deny = "deny", Reject = "reject");

impl RuleAction {
    /// The verdict it stands for once in force.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Allow => Verdict::Accept,
            Self::Deny => Verdict::Drop,
            Self::Reject => Verdict::Reject,
        }
    }
}

impl Rule {
    /// Whether it decides packets: it is on and does more than observe.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.disabled.is_none() && !self.observes()
    }

    /// Whether it only logs what it speaks about. A rule that allows has nothing to observe.
    #[must_use]
    pub fn observes(&self) -> bool {
        matches!(self.stage, Stage::Observe { .. }) && self.action.value != RuleAction::Allow
    }
}

impl Expectation {
    /// Whether a packet that gets this verdict is treated as expected.
    #[must_use]
    pub fn is_met_by(&self, verdict: Verdict) -> bool {
        verdict == self.verdict || (self.verdict == Verdict::Drop && verdict == Verdict::Reject)
    }
}

impl Exception {
    /// Whether it still holds on that day: it has an end and the end has not passed.
    #[must_use]
    pub fn holds_on(&self, today: Date) -> bool {
        self.expires.as_ref().is_some_and(|expires| today <= expires.value)
    }
}
