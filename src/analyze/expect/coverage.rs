//! Which rules the expectations exercise.

use crate::model::{Policy, Rule};

/// Which rules decide some packet of some expectation.
///
/// Only rules in force count: disabled and observing ones decide nothing, so that no expectation could exercise them.
#[derive(Clone, Debug)]
pub struct Coverage {
    rules: Vec<State>,
}

/// What is known of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It is not in force.
    Idle,
    /// No expectation has exercised it so far.
    Open,
    /// It decides some packet of some expectation.
    Exercised,
}

impl Coverage {
    /// Nothing is exercised yet.
    pub(super) fn new(policy: &Policy) -> Self {
        let state = |rule: &Rule| if rule.is_in_force() { State::Open } else { State::Idle };
        Self { rules: policy.rules.iter().map(state).collect() }
    }

    /// How many rules are in force.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.rules.iter().filter(|&&state| state != State::Idle).count()
    }

    /// How many of them are exercised.
    #[must_use]
    pub fn exercised(&self) -> usize {
        self.rules.iter().filter(|&&state| state == State::Exercised).count()
    }

    /// The rules in force that no expectation exercises, by their index in [`Policy::rules`].
    pub fn missing(&self) -> impl Iterator<Item = usize> {
        (0..self.rules.len()).filter(|&rule| self.is_open(rule))
    }

    /// Whether a rule is in force and not exercised so far.
    pub(super) fn is_open(&self, rule: usize) -> bool {
        self.rules.get(rule) == Some(&State::Open)
    }

    /// Notes that a rule decides some packet of an expectation.
    pub(super) fn exercise(&mut self, rule: usize) {
        if let Some(state) = self.rules.get_mut(rule) {
            *state = State::Exercised;
        }
    }
}
