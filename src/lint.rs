//! Holds a policy against best practice: a plain list of checks, each in a file of its own.

mod blockers;
mod boundary;
mod breadth;
mod checks;
mod compliance;
mod context;
mod declared;
mod default_accept;
mod downgrade;
mod egress;
mod exposure;
mod fixes;
mod flow;
mod icmp;
mod known;
mod lost_log;
mod mail;
mod own;
mod packets;
mod permission;
mod placeholder;
mod plan;
mod reach;
mod repair;
mod ruleset;
mod run;
mod sources;
mod survey;
mod unfiltered;

pub use compliance::{Assessment, Judged, Objective, Refused, Served, State, assess, objectives};
pub use context::Context;
pub use declared::Declared;
pub use known::{Known, STALE, baseline_file, identity, news};
pub use own::OwnCheck;
pub use packets::Packets;
pub use permission::{Permission, Standing, permissions};
pub use plan::{Plan, questions};
pub use repair::{Refusal, prove};
pub use ruleset::{is_about_order, lint_ruleset};
pub use run::{Excepted, Linted, examine, lint};
pub use survey::Survey;

use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// Every check, in reading order.
pub const ALL: &[&dyn Check] = checks::ALL;

/// What a check is, apart from what it does.
#[derive(Debug)]
pub struct Meta {
    /// Kebab-case name, read after "allow".
    pub id: &'static str,
    /// One line: what it finds.
    pub summary: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// The profiles that ask for it, besides the default of running everything.
    pub profiles: &'static [Profile],
    /// Standards it rests on, as people cite them: `RFC 8314 §4.1`.
    pub sources: &'static [&'static str],
    /// The page that `mailward explain` prints: what, why, bad and good examples, when to make an exception.
    pub page: &'static str,
}

/// A number that a check goes by, which a profile may set otherwise.
#[derive(Debug)]
pub struct Parameter {
    /// Kebab-case name.
    pub name: &'static str,
    /// What it is where no profile says otherwise.
    pub default: u64,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

/// When a check is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Unless the profiles of a policy leave it out.
    Always,
    /// Only where a profile of the policy asks for it: what it wants is not for everybody.
    ByProfile,
}

/// One thing that can be wrong with a policy.
pub trait Check: Sync {
    /// What it is.
    fn meta(&self) -> &'static Meta;
    /// Looks for it. Findings start from [`Context::finding`].
    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>);

    /// What it looks at.
    fn subject(&self) -> CheckSubject {
        CheckSubject::Traffic
    }

    /// The packets it is about: all that a fix of its findings may refuse.
    fn named(&self, _context: &Context<'_>) -> Packets {
        Packets::new(Vec::new())
    }

    /// When it is run.
    fn asked(&self) -> Asked {
        Asked::Always
    }

    /// What a policy has to declare before it has anything to look at.
    fn needs(&self) -> Declared {
        Declared::Nothing
    }

    /// Whether it is about what others found, and so runs after them.
    fn comes_last(&self) -> bool {
        false
    }

    /// The numbers it goes by.
    fn parameters(&self) -> &'static [Parameter] {
        &[]
    }
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckSubject {
    /// What happens to packets: a ruleset without a policy can be asked, too.
    Traffic,
    /// What a policy says about itself: reasons, exceptions, roles, where the inside is.
    Words,
    /// What only a ruleset can get wrong, since the baseline of a policy settles it: connection states and their order.
    Ruleset,
}

/// The check with that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.meta().id == id)
}
