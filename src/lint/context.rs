//! What a check may ask.

use jiff::civil::Date;

use super::Meta;
use crate::analyze::Decisions;
use crate::model::Policy;
use crate::source::{Diagnostic, Site};

/// A policy, ready for questions, and the day on which they are asked.
#[derive(Debug)]
pub struct Context<'p> {
    decisions: &'p Decisions<'p>,
    meta: &'static Meta,
    today: Date,
}

impl<'p> Context<'p> {
    /// The context of one check.
    #[must_use]
    pub fn new(decisions: &'p Decisions<'p>, meta: &'static Meta, today: Date) -> Self {
        Self { decisions, meta, today }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.decisions.policy()
    }

    /// Questions about packets.
    #[must_use]
    pub fn decisions(&self) -> &'p Decisions<'p> {
        self.decisions
    }

    /// The day of the run.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// A finding of this check.
    #[must_use]
    pub fn finding(&self, site: Site, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.meta.id, self.meta.severity, site, title)
    }
}
