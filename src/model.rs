//! A policy that is valid by construction: what `lower` builds and every later stage reads.
//!
//! A [`Policy`] is a total function: for each hook its [`Entry`] list decides every packet by first match,
//! and the last entry of a hook matches everything.

#[macro_use]
mod words;

mod address;
mod baseline;
mod entry;
mod log;
mod name;
mod profile;
mod rule;
mod traffic;
mod waiver;
mod zone;

pub use address::{AddressSet, Addresses, address, number};
pub use baseline::{Baseline, Defaults};
pub use entry::{BaselinePart, Entry, Match, Origin, Verdict};
pub use log::{Log, Rate, RatePer};
pub use name::{Comment, Interface, InvalidName, Name, Named};
pub(crate) use name::{shortened, unprintable};
pub use profile::{Profile, Role};
pub use rule::{Exception, Expectation, Rule, RuleAction, Stage};
pub use traffic::{Term, Traffic};
pub use waiver::{Waiver, WaiverScope};
pub use zone::{Flow, Host, Interfaces, Trust, Zone};

use jiff::civil::Date;

use crate::packet::Hook;
use crate::source::{Site, Spanned};

/// A whole policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Names the nft table, the chains and the files.
    pub name: Spanned<Name>,
    /// One line on what it is for.
    pub description: Option<Comment>,
    /// Who answers for it.
    pub owner: Option<Comment>,
    /// The day of the last review.
    pub reviewed: Option<Spanned<Date>>,
    /// The groups of checks that hold it to account; none written means all.
    pub profiles: Vec<Profile>,
    /// Every interface that the policy names, by number.
    pub interfaces: Interfaces,
    /// The zones in the order written.
    pub zones: Vec<Zone>,
    /// The networks that it declares, by name; built-in ones are in the [catalogue](crate::catalog).
    pub networks: Vec<Named<Addresses>>,
    /// The services that it declares, by name; built-in ones are in the [catalogue](crate::catalog).
    pub services: Vec<Named<Traffic>>,
    /// Hosts with roles.
    pub hosts: Vec<Host>,
    /// The pairs of zones between which flows may open at all; none if nothing was said.
    pub flows: Option<Vec<Flow>>,
    /// Permissions to break checks; those of rules are with the rules.
    pub waivers: Vec<Waiver>,
    /// What happens to packets that no rule decides.
    pub defaults: Defaults,
    /// Which baseline traffic is on.
    pub baseline: Baseline,
    /// The rules as written, for messages and metadata; disabled ones included.
    pub rules: Vec<Rule>,
    /// What decides packets: first match per hook, in this order. See [`Policy::entries`].
    pub entries: Vec<Entry>,
    /// What disabled rules would decide: never asked for a verdict, only to say what would change.
    pub disabled: Vec<Entry>,
    /// The policy's own tests.
    pub expectations: Vec<Expectation>,
    /// Where to point when nothing smaller fits: the value of `name`.
    pub site: Site,
    /// The whole file.
    pub document: Site,
}

impl Policy {
    /// The entries of one hook in the order they decide; the last one matches every packet.
    pub fn entries(&self, hook: Hook) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.hook == hook)
    }

    /// The rule an entry came from; none for baseline and default entries.
    #[must_use]
    pub fn rule_of(&self, entry: &Entry) -> Option<&Rule> {
        match entry.origin {
            Origin::Rule(index) => self.rules.get(index),
            Origin::Baseline(_) | Origin::Default => None,
        }
    }

    /// Where the origin of an entry was written, the policy's name for what was never written.
    #[must_use]
    pub fn site_of(&self, entry: &Entry) -> Site {
        match entry.origin {
            Origin::Rule(index) => self.rules.get(index).map_or(self.site, |rule| rule.id.site),
            Origin::Baseline(_) => self.baseline.site.unwrap_or(self.site),
            Origin::Default => self.defaults.site.unwrap_or(self.site),
        }
    }
}
