//! Differences in words: each with a packet and the two places that decide it.

use std::collections::BTreeMap;

use super::{Comparison, Deed, Difference, DifferenceKind, Doubt, Logged};
use crate::analyze::describe_with;
use crate::model::Rate;
use crate::readback::{Conditions, Fate, InterfaceTable};
use crate::source::{Diagnostic, Severity, Site};

/// What the numbers in a comparison stand for.
#[derive(Clone, Copy, Debug)]
pub struct Names<'n> {
    /// What the left side is called.
    pub left: &'n str,
    /// What the right side is called.
    pub right: &'n str,
    /// The interfaces.
    pub interfaces: &'n InterfaceTable,
    /// The conditions.
    pub conditions: &'n Conditions,
    /// Policies as a whole: where their baselines and defaults stand if nobody has written them.
    pub unwritten: &'n [Site],
}

/// What makes differences one to a reader: the kind, and the places that decide and log on both sides.
type Key = (DifferenceKind, [Option<Site>; 4]);

/// Differences that have the kind and all places in common.
#[derive(Debug)]
pub struct Group<'c> {
    /// One of them: if there is one that rests on no condition, such a one.
    pub first: &'c Difference,
    /// How many there are.
    pub count: usize,
}

/// The differences in groups: what passes on the right only comes first.
#[must_use]
pub fn grouped(comparison: &Comparison) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<Key, Group<'_>> = BTreeMap::new();
    for difference in &comparison.differences {
        let group = groups.entry(key(difference)).or_insert(Group { first: difference, count: 0 });
        group.count += 1;
        if group.first.is_conditional() && !difference.is_conditional() {
            group.first = difference;
        }
    }
    groups.into_values().collect()
}

fn key(difference: &Difference) -> Key {
    let Difference { kind, left, right, .. } = difference;
    (*kind, [Some(left.decider), left.logger, Some(right.decider), right.logger])
}

impl Names<'_> {
    /// A group in words.
    #[must_use]
    pub fn tell(&self, group: &Group<'_>) -> Diagnostic {
        let Difference { kind, packet, left, right, .. } = group.first;
        let site = |deed: &Deed| match kind {
            DifferenceKind::Logging => deed.logger.unwrap_or(deed.decider),
            _ => deed.decider,
        };
        let done = |deed: &Deed| words(deed, *kind) + self.unwritten(site(deed));
        let mut told = Diagnostic::new(kind.code(), kind.severity(), site(right), self.title(group.first))
            .label(format!("here the packet below {}", done(right)))
            .related(site(left), format!("here it {}", done(left)))
            .note(format!("for example: {}", self.packet(packet)));
        if let Some(conditions) = self.conditions(group.first) {
            told = told.note(conditions);
        }
        if group.count > 1 {
            told = told.note("and other packets that these two places decide");
        }
        told
    }

    /// What could not be told.
    #[must_use]
    pub fn doubt(&self, doubt: &Doubt) -> String {
        match doubt {
            Doubt::Pair(..) => {
                "too many rules overlap at one place to tell whether it means the same".to_owned()
            }
            Doubt::Logging => {
                "too many rules log what others decide to tell whether logging is the same".to_owned()
            }
        }
    }

    /// A packet with the interfaces of the table.
    #[must_use]
    pub fn packet(&self, packet: &crate::packet::Packet) -> String {
        describe_with(|number| self.interfaces.name(number), packet)
    }

    /// What is said where nothing is written that decides.
    fn unwritten(&self, site: Site) -> &'static str {
        if self.unwritten.contains(&site) { ", by the baseline or a default" } else { "" }
    }

    /// The conditions that a difference rests on.
    fn conditions(&self, difference: &Difference) -> Option<String> {
        let literals = difference.conditions.literals();
        let told = literals.iter().map(|&(number, holds)| {
            let text = self.conditions.text(number).unwrap_or("a condition");
            format!("`{text}` {}", if holds { "holds" } else { "does not hold" })
        });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| format!("if {}, which nobody can look into", told.join(" and ")))
    }

    fn title(&self, difference: &Difference) -> String {
        let Names { left, right, .. } = self;
        let may = if difference.is_conditional() { "may " } else { "" };
        match (difference.kind, may) {
            (DifferenceKind::Widened, "") => format!("`{right}` lets packets pass that `{left}` refuses"),
            (DifferenceKind::Widened, _) => format!("`{right}` may let packets pass that `{left}` refuses"),
            (DifferenceKind::Narrowed, "") => format!("`{right}` refuses packets that `{left}` lets pass"),
            (DifferenceKind::Narrowed, _) => format!("`{right}` may refuse packets that `{left}` lets pass"),
            (DifferenceKind::Refusal, "") => {
                format!("`{right}` refuses packets in another way than `{left}`")
            }
            (DifferenceKind::Refusal, _) => {
                format!("`{right}` may refuse packets in another way than `{left}`")
            }
            (DifferenceKind::Logging, "") => format!("`{right}` logs packets otherwise than `{left}`"),
            (DifferenceKind::Logging, _) => format!("`{right}` may log packets otherwise than `{left}`"),
        }
    }
}

impl DifferenceKind {
    /// The kebab-case name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Refusal => "refused-otherwise",
            Self::Logging => "logged-otherwise",
        }
    }

    const fn severity(self) -> Severity {
        match self {
            Self::Widened => Severity::Critical,
            Self::Narrowed => Severity::High,
            Self::Refusal => Severity::Medium,
            Self::Logging => Severity::Low,
        }
    }
}

/// What is done to a packet: `passes`, `is dropped`, `is refused with a TCP reset and logged at most 5 a second`.
fn words(deed: &Deed, kind: DifferenceKind) -> String {
    let fate = match deed.treatment.fate {
        Fate::Accept => "passes".to_owned(),
        Fate::Drop if kind <= DifferenceKind::Narrowed => "is refused".to_owned(),
        Fate::Drop => "is dropped".to_owned(),
        Fate::Reset => "is refused with a TCP reset".to_owned(),
        Fate::Refuse { kind, code } => format!("is refused with an ICMP error of type {kind} code {code}"),
        Fate::Unsaid => "cannot come".to_owned(),
    };
    match (kind, deed.treatment.log) {
        (DifferenceKind::Logging, Logged::Never) => format!("{fate}, not logged"),
        (DifferenceKind::Logging, Logged::Always) => format!("{fate}, logged each time"),
        (DifferenceKind::Logging, Logged::AtMost(rate)) => format!("{fate}, logged {}", limit(rate)),
        _ => fate,
    }
}

fn limit(rate: Rate) -> String {
    format!("at most {} a {}, {} at once", rate.count, rate.per.name(), rate.burst)
}
