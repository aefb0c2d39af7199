//! Changes to a file that settle a finding.

use super::{Change, Edit, Sources};

/// A change to a file that settles a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: `delete rule x`.
    pub title: String,
    /// What becomes of packets.
    pub effect: Effect,
    /// What is written otherwise; all of it or nothing.
    pub edits: Vec<Edit>,
}

/// What a fix does to packets. Whoever carries one out proves it before anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Every packet meets the same before and after, logging included.
    Nothing,
    /// More packets are logged; otherwise every packet meets the same.
    Logs,
    /// Packets that the finding names are refused; every other packet meets the same.
    Denies,
    /// Known to change more, or not to be proven: a person has to decide.
    Unproven,
}

/// Whether a fix may be carried out without a person's look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Its effect is proven by the packet engine.
    Safe,
    /// A person has to decide.
    Unsafe,
}

impl Safety {
    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

impl Effect {
    /// Whether it may come about without a person's look.
    #[must_use]
    pub const fn safety(self) -> Safety {
        match self {
            Self::Nothing | Self::Logs | Self::Denies => Safety::Safe,
            Self::Unproven => Safety::Unsafe,
        }
    }

    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "changes no traffic",
            Self::Logs => "logs more",
            Self::Denies => "denies what the finding names",
            Self::Unproven => "to be decided",
        }
    }
}

impl Fix {
    /// A fix of one edit.
    #[must_use]
    pub fn new(title: impl Into<String>, effect: Effect, edit: Edit) -> Self {
        Self { title: title.into(), effect, edits: vec![edit] }
    }

    /// Whether it may be carried out without a person's look.
    #[must_use]
    pub const fn safety(&self) -> Safety {
        self.effect.safety()
    }

    /// What it changes in the texts as they are. None if the layout of a text does not allow one of the edits.
    #[must_use]
    pub fn changes(&self, sources: &Sources) -> Option<Vec<Change>> {
        self.edits.iter().map(|edit| edit.change(sources)).collect()
    }

    /// Makes it independent of trees. One that cannot be carried out stays so.
    pub fn settle(&mut self, sources: &Sources) {
        if let Some(changes) = self.changes(sources) {
            self.edits = changes.into_iter().map(Edit::Bytes).collect();
        }
    }
}
