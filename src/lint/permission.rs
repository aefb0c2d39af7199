//! All that somebody has permitted in a policy, whether it is needed or not.

use jiff::civil::Date;

use crate::analyze::{Vocabulary, as_said};
use crate::model::{Comment, Policy, Rule, Waiver, WaiverScope};
use crate::packet::Cube;
use crate::source::Site;

/// A permission: the exception of a rule, an item of `exceptions`, or a comment.
#[derive(Clone, Debug)]
pub struct Permission {
    /// Where it is written.
    pub site: Site,
    /// What it is about, in words.
    pub about: String,
    /// The checks that may be broken; none if any may that complains of the rule.
    pub checks: Vec<String>,
    /// Why it was granted.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The ticket that granted it.
    pub ticket: Option<String>,
    /// The day on which it was granted.
    pub granted: Option<Date>,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// Whether it holds.
    pub standing: Standing,
}

/// Whether a permission holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It does not say what an exception has to say, and covers nothing.
    Incomplete,
    /// Its last day has passed.
    Ended,
    /// It holds for so many days more; none more on its last day.
    Holds(i32),
}

impl Standing {
    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Ended => "ended",
            Self::Holds(_) => "in force",
        }
    }
}

/// Everything that is permitted in a policy, what ends first coming first.
#[must_use]
pub fn permissions(policy: &Policy, today: Date) -> Vec<Permission> {
    let rules = policy.rules.iter().filter_map(|rule| of_rule(rule, today));
    let waivers = policy.waivers.iter().map(|waiver| of_waiver(policy, waiver, today));
    let mut all: Vec<Permission> = rules.chain(waivers).collect();
    all.sort_by_key(|one| (one.standing, one.site));
    all
}

fn of_rule(rule: &Rule, today: Date) -> Option<Permission> {
    let exception = rule.exception.as_ref()?;
    let expires = exception.expires.as_ref().map(|day| day.value);
    Some(Permission {
        site: exception.site,
        about: format!("rule `{}`", rule.id.value),
        checks: Vec::new(),
        reason: rule.reason.as_ref().map(Comment::to_string),
        owner: exception.owner.as_ref().map(Comment::to_string),
        ticket: exception.ticket.as_ref().map(Comment::to_string),
        granted: exception.granted.as_ref().map(|day| day.value),
        expires,
        standing: standing(expires, today),
    })
}

fn of_waiver(policy: &Policy, waiver: &Waiver, today: Date) -> Permission {
    let expires = waiver.expires.as_ref().map(|day| day.value).filter(|_| waiver.is_complete());
    Permission {
        site: waiver.site,
        about: about(policy, waiver),
        checks: waiver.checks.iter().map(|check| check.value.clone()).collect(),
        reason: waiver.reason.as_ref().map(Comment::to_string),
        owner: waiver.owner.as_ref().map(Comment::to_string),
        ticket: waiver.ticket.as_ref().map(Comment::to_string),
        granted: waiver.granted.as_ref().map(|day| day.value),
        expires,
        standing: standing(expires, today),
    }
}

fn standing(expires: Option<Date>, today: Date) -> Standing {
    match expires {
        None => Standing::Incomplete,
        Some(last) if last < today => Standing::Ended,
        Some(last) => Standing::Holds(today.until(last).map_or(i32::MAX, |span| span.get_days())),
    }
}

/// What a waiver is about, in words.
fn about(policy: &Policy, waiver: &Waiver) -> String {
    match &waiver.scope {
        WaiverScope::Packets(_) => {
            let cubes: Vec<Cube> = waiver.cubes().iter().map(as_said).collect();
            let portraits = Vocabulary::of(policy).portraits(&cubes);
            let words: Vec<String> = portraits.iter().map(ToString::to_string).collect();
            words.join("; ")
        }
        WaiverScope::Nodes { .. } => match policy.rules.iter().find(|rule| waiver.covers(rule.site)) {
            Some(rule) => format!("rule `{}`", rule.id.value),
            None => "what it stands at".to_owned(),
        },
        WaiverScope::Nowhere => "nothing".to_owned(),
    }
}
