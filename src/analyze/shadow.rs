//! Rules that never decide a packet because earlier entries decide all of theirs.

use super::Decisions;
use crate::model::{BaselinePart, Origin, RuleAction, Verdict};
use crate::packet::{Hook, Shadow};

/// A rule that decides no packet at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shadowed {
    /// Index in [`Policy::rules`](crate::model::Policy::rules).
    pub rule: usize,
    /// The rules and parts of the baseline that together decide all its packets, the largest share first. None of them
    /// can be left out, unless there are more than [`Shadow::MINIMISED`]. Empty where undecided.
    pub by: Vec<Origin>,
    /// What that means for its packets.
    pub effect: Effect,
}

/// What becomes of the packets of a shadowed rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What the rule says: all of them pass as it allows, or all are refused as it denies or rejects.
    Redundant,
    /// Some of them meet the opposite: the rule allows and they are refused, or the other way round.
    Contradicted,
    /// The search met its limit: the rule may be shadowed or not.
    Undecided,
}

/// See [`Decisions::shadowed_rules`].
pub(super) fn shadowed_rules(decisions: &Decisions<'_>) -> Vec<Shadowed> {
    (0..decisions.policy().rules.len()).filter_map(|rule| decisions.shadowed(rule)).collect()
}

impl Decisions<'_> {
    /// The rules that have entries, with the indices of those.
    pub(super) fn entries_by_rule(&self) -> Vec<(usize, Vec<usize>)> {
        let mut entries: Vec<Vec<usize>> = vec![Vec::new(); self.policy().rules.len()];
        for (index, entry) in self.policy().entries.iter().enumerate() {
            if let Origin::Rule(rule) = entry.origin
                && let Some(own) = entries.get_mut(rule)
            {
                own.push(index);
            }
        }
        entries.into_iter().enumerate().filter(|(_, own)| !own.is_empty()).collect()
    }

    /// How a rule is shadowed, if it is; see [`Decisions::shadowed_rules`] for all of them.
    #[must_use]
    pub fn shadowed(&self, rule: usize) -> Option<Shadowed> {
        match self.boxes().list.shadowed(self.boxes().rule(rule)?) {
            Shadow::Reached => None,
            Shadow::Undecided => Some(Shadowed { rule, by: Vec::new(), effect: Effect::Undecided }),
            Shadow::By(owners) => {
                let by = self.boxes().origins(&owners);
                Some(Shadowed { rule, effect: self.effect(rule, &by), by })
            }
        }
    }

    /// What stands before the default of a hook and decides all packets that would come to it, the largest share first;
    /// none if some packet does come to it, or if that could not be told.
    #[must_use]
    pub fn before_default(&self, hook: Hook) -> Option<Vec<Origin>> {
        match self.boxes().list.shadowed(self.boxes().default_of(hook)?) {
            Shadow::By(owners) => Some(self.boxes().origins(&owners)),
            Shadow::Reached | Shadow::Undecided => None,
        }
    }

    /// What it means for the packets of a rule that others decide them. Forged sources count only where nothing else is
    /// left: no rule means them.
    pub(super) fn effect(&self, rule: usize, by: &[Origin]) -> Effect {
        let passes = self.policy().rules.get(rule).map(|rule| rule.action.value == RuleAction::Allow);
        let forged = Origin::Baseline(BaselinePart::AntiSpoofing);
        let meant: Vec<Origin> = by.iter().copied().filter(|&origin| origin != forged).collect();
        let told = if meant.is_empty() { by } else { &meant };
        let same = |origin: &Origin| Some(self.accepts(*origin)) == passes;
        if told.iter().all(same) { Effect::Redundant } else { Effect::Contradicted }
    }

    /// Whether a rule in force, a part of the baseline or a default lets its packets pass; for defaults that of the first
    /// hook.
    #[must_use]
    pub fn accepts(&self, origin: Origin) -> bool {
        if let Origin::Rule(rule) = origin {
            let rule = self.policy().rules.get(rule);
            return rule.is_some_and(|rule| rule.action.value == RuleAction::Allow);
        }
        let mut entries = self.policy().entries.iter();
        let entry = entries.find(|entry| entry.origin == origin);
        entry.is_some_and(|entry| entry.verdict == Verdict::Accept)
    }
}
