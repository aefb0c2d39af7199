//! Waivers: permissions to break checks.

use jiff::civil::Date;

use super::{Comment, Match};
use crate::packet::{Cube, Hook};
use crate::source::{At, FileId, NodeId, Site, Spanned};

/// A permission to break some checks: an item of `exceptions`, or a comment.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The ids of the checks, which need not exist.
    pub checks: Vec<Spanned<String>>,
    /// What it is about.
    pub scope: WaiverScope,
    /// Why it was granted.
    pub reason: Option<Comment>,
    /// Who answers for it.
    pub owner: Option<Comment>,
    /// The ticket that granted it.
    pub ticket: Option<Comment>,
    /// The day on which it was granted.
    pub granted: Option<Spanned<Date>>,
    /// The last day on which it holds.
    pub expires: Option<Spanned<Date>>,
    /// What is wrong with the way it is written; then it covers nothing.
    pub fault: Option<String>,
    /// The item, or the comment.
    pub site: Site,
}

/// What a waiver is about.
#[derive(Clone, Debug)]
pub enum WaiverScope {
    /// Packets, hook by hook.
    Packets(Vec<(Hook, Match)>),
    /// What is said about a part of a file: the nodes from the first to the last.
    Nodes {
        /// The file.
        file: FileId,
        /// The first node.
        first: NodeId,
        /// The last node.
        last: NodeId,
    },
    /// Nothing.
    Nowhere,
}

impl Waiver {
    /// Whether it says all that a waiver has to: why, who, until when, and about what.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let says_all = self.reason.is_some() && self.owner.is_some() && self.expires.is_some();
        says_all && self.fault.is_none() && !matches!(self.scope, WaiverScope::Nowhere)
    }

    /// Whether it holds on that day: it is complete and has not ended.
    #[must_use]
    pub fn holds_on(&self, today: Date) -> bool {
        self.is_complete() && self.expires.as_ref().is_some_and(|expires| today <= expires.value)
    }

    /// Whether it names a check.
    #[must_use]
    pub fn names(&self, id: &str) -> bool {
        self.checks.iter().any(|check| check.value == id)
    }

    /// The packets it is about; none if it is about a part of a file.
    #[must_use]
    pub fn cubes(&self) -> Vec<Cube> {
        match &self.scope {
            WaiverScope::Packets(packets) => {
                packets.iter().flat_map(|(hook, when)| when.cubes(*hook)).collect()
            }
            WaiverScope::Nodes { .. } | WaiverScope::Nowhere => Vec::new(),
        }
    }

    /// Whether it is about what is said at a place.
    #[must_use]
    pub fn covers(&self, site: Site) -> bool {
        match (&self.scope, site.at) {
            (WaiverScope::Nodes { file, first, last }, At::Node(node)) => {
                *file == site.file && (*first..=*last).contains(&node)
            }
            _ => false,
        }
    }
}
