//! Which keys stand where, and what their values are: the tables that the readers go by, for editors too. The schemas in
//! `schema/` are made of them.

mod about;
mod need;

pub use need::Need;

use super::place::TRUST;
use super::profile::SEVERITIES;
use super::rule::STAGES;
use crate::model::{Profile, RatePer, Role, RuleAction};
use crate::packet::Family;

/// The mappings of the policy language, and of the files beside policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// The whole file.
    Policy,
    /// A value of `zones`.
    Zone,
    /// A value of `networks` that is no list.
    Network,
    /// Ports, types and protocols written in place.
    Service,
    /// An item of `hosts`.
    Host,
    /// An item of `flows`.
    Flow,
    /// An item of `exceptions`.
    Waiver,
    /// `defaults`.
    Defaults,
    /// `baseline`.
    Baseline,
    /// An item of `rules`.
    Rule,
    /// `exception` of a rule.
    Exception,
    /// `stage` of a rule, where it is no word.
    Stage,
    /// `log`, where it is no switch.
    Log,
    /// An item of `expect`.
    Expectation,
    /// Packets of an expectation.
    Packets,
    /// The settings of a project.
    Settings,
    /// A file with a profile.
    Profile,
    /// A check of a profile's own.
    OwnCheck,
    /// What every rule must carry.
    RuleTexts,
    /// A baseline file.
    Known,
    /// An item of `findings`.
    KnownFinding,
}

/// What the value of a key is. Where it says "some", one may stand without a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// One line for people.
    Text,
    /// One line for people that is no switch.
    Reason,
    /// A name, also one of the words with a meaning of their own.
    Name,
    /// A name that no such word is.
    Id,
    /// A day.
    Date,
    /// Some interfaces.
    Interfaces,
    /// Some messages of ICMP (IPv4) or ICMPv6 (IPv6).
    Messages(Family),
    /// Some protocols.
    Protocols,
    /// How often at most.
    Rate,
    /// A number from 1.
    Count,
    /// A number from 0.
    Number,
    /// A regular expression.
    Pattern,
    /// `true` or `false`.
    Switch,
    /// `true`, `false` or a [`Mapping::Log`].
    Log,
    /// One of a few words.
    Word(Choice),
    /// Some of a few words.
    Words(Choice),
    /// A stage, or a [`Mapping::Stage`].
    Stage,
    /// Some zones by name.
    Zones,
    /// Some zones, networks, `host`, `any`, addresses.
    Places,
    /// Some services by name, `any`, or [`Mapping::Service`].
    Services,
    /// Some ports by the names of built-in services, or numbers.
    Ports,
    /// Some ids of checks.
    Checks,
    /// What is set for checks: a mapping from their ids.
    CheckSettings,
    /// The id of a rule.
    Rule,
    /// A file or a directory.
    File,
    /// Some files or directories.
    Files,
    /// Some built-in profiles, or files with profiles.
    Profiles,
    /// A mapping.
    Mapping(Mapping),
    /// A list of mappings.
    List(Mapping),
    /// A list of mappings, or nothing.
    ListOrNothing(Mapping),
    /// A mapping from names that the policy gives.
    Named(Named),
}

/// A few words to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Versions of the language.
    Versions,
    /// Groups of checks.
    Profiles,
    /// Levels of trust.
    Trust,
    /// What hosts are there for.
    Roles,
    /// What rules do.
    Actions,
    /// How far rules are in force.
    Stages,
    /// Units of time.
    Times,
    /// What policies are rendered for.
    Targets,
    /// How much findings weigh.
    Severities,
    /// Which findings make the answer no.
    Thresholds,
    /// What a profile says of a check in a word.
    Settings,
}

/// What stands behind the names that a policy gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// `zones`.
    Zones,
    /// `networks`.
    Networks,
    /// `services`.
    Services,
}

impl Mapping {
    /// The keys that it may have; those of fragments are among those of policies.
    #[must_use]
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Policy => super::policy::POLICY,
            Self::Zone => super::place::ZONE,
            Self::Network => super::place::NETWORK,
            Self::Service => super::service::KEYS,
            Self::Host => super::place::HOST,
            Self::Flow => super::place::FLOW,
            Self::Waiver => super::waiver::KEYS,
            Self::Defaults => super::baseline::DEFAULTS,
            Self::Baseline => super::baseline::BASELINE,
            Self::Rule => super::rule::RULE,
            Self::Exception => super::rule::EXCEPTION,
            Self::Stage => super::rule::STAGE,
            Self::Log => super::log::KEYS,
            Self::Expectation => super::rule::EXPECTATION,
            Self::Packets => super::rule::PACKETS,
            Self::Settings => super::settings::KEYS,
            Self::Profile => super::profile::KEYS,
            Self::OwnCheck => super::profile::OWN_KEYS,
            Self::RuleTexts => super::profile::TEXT_KEYS,
            Self::Known => super::known::KEYS,
            Self::KnownFinding => super::known::FINDING,
        }
    }

    /// What the value of one of its keys is.
    #[must_use]
    pub fn content(self, key: &str) -> Content {
        match self {
            Self::Policy => of_policy(key),
            Self::Zone | Self::Network | Self::Service | Self::Host | Self::Flow => of_declaration(self, key),
            Self::Settings | Self::Profile | Self::OwnCheck => of_file_beside(self, key),
            _ => of_statement(self, key),
        }
    }
}

fn of_policy(key: &str) -> Content {
    match key {
        "version" => Content::Word(Choice::Versions),
        "name" => Content::Name,
        "reviewed" => Content::Date,
        "profiles" => Content::Words(Choice::Profiles),
        "include" => Content::Files,
        "zones" => Content::Named(Named::Zones),
        "networks" => Content::Named(Named::Networks),
        "services" => Content::Named(Named::Services),
        "hosts" => Content::List(Mapping::Host),
        "flows" => Content::List(Mapping::Flow),
        "exceptions" => Content::List(Mapping::Waiver),
        "defaults" => Content::Mapping(Mapping::Defaults),
        "baseline" => Content::Mapping(Mapping::Baseline),
        "rules" => Content::List(Mapping::Rule),
        "expect" => Content::List(Mapping::Expectation),
        _ => Content::Text,
    }
}

/// The values of the keys of zones, networks, services, hosts and flows.
fn of_declaration(mapping: Mapping, key: &str) -> Content {
    match (mapping, key) {
        (Mapping::Zone, "interfaces") => Content::Interfaces,
        (Mapping::Zone, "trust") => Content::Word(Choice::Trust),
        (Mapping::Zone, "guests") | (Mapping::Host, "dane") => Content::Switch,
        (Mapping::Zone | Mapping::Host, "networks" | "smarthost" | "relay-via")
        | (Mapping::Network, "addresses" | "except") => Content::Places,
        (Mapping::Network, "file") => Content::File,
        (Mapping::Service, "tcp" | "udp" | "source-ports") => Content::Ports,
        (Mapping::Service, "icmp") => Content::Messages(Family::V4),
        (Mapping::Service, "icmpv6") => Content::Messages(Family::V6),
        (Mapping::Service, "protocol") => Content::Protocols,
        (Mapping::Host, "roles") => Content::Words(Choice::Roles),
        (Mapping::Flow, _) => Content::Zones,
        _ => Content::Text,
    }
}

/// The values of the keys of rules, of what stands beside them, and of lists of findings.
fn of_statement(mapping: Mapping, key: &str) -> Content {
    match (mapping, key) {
        (Mapping::Waiver | Mapping::Rule | Mapping::Packets, "from" | "to") => Content::Places,
        (Mapping::Waiver | Mapping::Rule | Mapping::Packets, "services") => Content::Services,
        (Mapping::Waiver | Mapping::Exception, "granted" | "expires") | (Mapping::Stage, "observe-until") => {
            Content::Date
        }
        (Mapping::Waiver, "checks") => Content::Checks,
        (Mapping::Defaults | Mapping::Rule, "log") => Content::Log,
        (Mapping::Defaults, _) | (Mapping::Rule, "action") => Content::Word(Choice::Actions),
        (Mapping::Baseline, "dhcp-client") => Content::Interfaces,
        (Mapping::Baseline, _) => Content::Switch,
        (Mapping::Rule, "id") => Content::Id,
        (Mapping::Rule, "stage") => Content::Stage,
        (Mapping::Rule, "exception") => Content::Mapping(Mapping::Exception),
        (Mapping::Rule, "disabled") => Content::Reason,
        (Mapping::Log, "rate") => Content::Rate,
        (Mapping::Log, "burst") => Content::Count,
        (Mapping::Expectation, "by") => Content::Rule,
        (Mapping::Expectation, _) => Content::Mapping(Mapping::Packets),
        (Mapping::RuleTexts, _) => Content::Pattern,
        (Mapping::Known, "version") => Content::Word(Choice::Versions),
        (Mapping::Known, "findings") => Content::ListOrNothing(Mapping::KnownFinding),
        (Mapping::KnownFinding, "count") => Content::Number,
        _ => Content::Text,
    }
}

/// The values of the keys of settings and profiles.
fn of_file_beside(mapping: Mapping, key: &str) -> Content {
    match (mapping, key) {
        (_, "version") => Content::Word(Choice::Versions),
        (Mapping::Settings, "policies" | "expect") => Content::Files,
        (Mapping::Settings, "targets") => Content::Words(Choice::Targets),
        (Mapping::Settings, "out" | "template-dir" | "baseline") => Content::File,
        (Mapping::Settings, "profiles") => Content::Profiles,
        (Mapping::Settings, "fail-on") => Content::Word(Choice::Thresholds),
        (Mapping::Profile, "profile") | (Mapping::OwnCheck, "id") => Content::Id,
        (Mapping::Profile, "extends") => Content::Words(Choice::Profiles),
        (Mapping::Profile, "checks") => Content::CheckSettings,
        (Mapping::Profile, "locked") => Content::Checks,
        (Mapping::Profile, "own") => Content::List(Mapping::OwnCheck),
        (Mapping::OwnCheck, "severity") => Content::Word(Choice::Severities),
        (Mapping::OwnCheck, "where-declared") => Content::Switch,
        (Mapping::OwnCheck, "never" | "only") => Content::Mapping(Mapping::Packets),
        (Mapping::OwnCheck, "every-rule") => Content::Mapping(Mapping::RuleTexts),
        _ => Content::Text,
    }
}

impl Named {
    /// What the value behind a name is: a mapping, and what may stand there instead.
    #[must_use]
    pub const fn content(self) -> (Mapping, Option<Content>) {
        match self {
            Self::Zones => (Mapping::Zone, None),
            Self::Networks => (Mapping::Network, Some(Content::Places)),
            Self::Services => (Mapping::Service, Some(Content::Services)),
        }
    }
}

impl Choice {
    /// The words.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Versions => vec![super::policy::VERSION],
            Self::Profiles => words(Profile::ALL),
            Self::Trust => words(TRUST),
            Self::Roles => words(Role::ALL),
            Self::Actions => words(RuleAction::ALL),
            Self::Stages => words(STAGES),
            Self::Times => words(RatePer::ALL),
            Self::Targets => super::settings::TARGETS.to_vec(),
            Self::Severities => words(SEVERITIES),
            Self::Thresholds => [vec![super::settings::NEVER], words(SEVERITIES)].concat(),
            Self::Settings => [super::profile::SWITCHES.to_vec(), words(SEVERITIES)].concat(),
        }
    }
}

fn words<T>(all: &[(T, &'static str)]) -> Vec<&'static str> {
    all.iter().map(|(_, word)| *word).collect()
}

#[cfg(test)]
mod tests;
