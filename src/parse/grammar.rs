//! Which keys stand where, and what their values are: the tables that the readers go by, for editors too.

use super::place::TRUST;
use super::rule::STAGES;
use crate::model::{Profile, Role, RuleAction};

/// The mappings of the policy language.
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
}

/// What the value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text, numbers, dates and names that nobody else knows.
    Own,
    /// `true` or `false`.
    Switch,
    /// `true`, `false` or a [`Mapping::Log`].
    Log,
    /// One of a few words, or some of them.
    Words(Choice),
    /// A stage.
    Stage,
    /// Zones by name.
    Zones,
    /// Zones, networks, `host`, `any`, addresses.
    Places,
    /// Services by name, `any`, or [`Mapping::Service`].
    Services,
    /// Ports by the names of built-in services, or numbers.
    Ports,
    /// Ids of checks.
    Checks,
    /// The id of a rule.
    Rule,
    /// Files of the project.
    Files,
    /// A mapping.
    Mapping(Mapping),
    /// A list of mappings.
    List(Mapping),
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
        }
    }

    /// What the value of one of its keys is.
    #[must_use]
    pub fn content(self, key: &str) -> Content {
        match (self, key) {
            (Self::Policy, key) => of_policy(key),
            (Self::Zone | Self::Host, "networks" | "smarthost" | "relay-via")
            | (Self::Network, "addresses" | "except")
            | (Self::Waiver | Self::Rule | Self::Packets, "from" | "to") => Content::Places,
            (Self::Zone, "trust") => Content::Words(Choice::Trust),
            (Self::Network, "file") => Content::Files,
            (Self::Host, "roles") => Content::Words(Choice::Roles),
            (Self::Flow, _) => Content::Zones,
            (Self::Waiver, "checks") => Content::Checks,
            (Self::Waiver | Self::Rule | Self::Packets, "services") => Content::Services,
            (Self::Defaults | Self::Rule, "log") => Content::Log,
            (Self::Defaults, _) | (Self::Rule, "action") => Content::Words(Choice::Actions),
            (Self::Baseline, "dhcp-client") => Content::Own,
            (Self::Baseline, _) | (Self::Zone, "guests") | (Self::Host, "dane") => Content::Switch,
            (Self::Rule, "stage") => Content::Stage,
            (Self::Rule, "exception") => Content::Mapping(Self::Exception),
            (Self::Expectation, "by") => Content::Rule,
            (Self::Expectation, _) => Content::Mapping(Self::Packets),
            (Self::Service, "tcp" | "udp" | "source-ports") => Content::Ports,
            _ => Content::Own,
        }
    }
}

fn of_policy(key: &str) -> Content {
    match key {
        "version" => Content::Words(Choice::Versions),
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
        _ => Content::Own,
    }
}

impl Named {
    /// What the value behind a name is: a mapping, and what stands there instead.
    #[must_use]
    pub const fn content(self) -> (Mapping, Content) {
        match self {
            Self::Zones => (Mapping::Zone, Content::Own),
            Self::Networks => (Mapping::Network, Content::Places),
            Self::Services => (Mapping::Service, Content::Services),
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
        }
    }
}

fn words<T>(all: &[(T, &'static str)]) -> Vec<&'static str> {
    all.iter().map(|(_, word)| *word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys whose values are nobody else's business.
    const OWN: &[&str] = &[
        "name",
        "description",
        "owner",
        "reviewed",
        "interfaces",
        "icmp",
        "icmpv6",
        "protocol",
        "reason",
        "ticket",
        "granted",
        "expires",
        "dhcp-client",
        "id",
        "disabled",
        "observe-until",
        "rate",
        "burst",
    ];

    #[test]
    fn every_key_is_known_to_editors() {
        let mut left = vec![Mapping::Policy];
        let mut seen: Vec<Mapping> = Vec::new();
        while let Some(mapping) = left.pop() {
            if seen.contains(&mapping) {
                continue;
            }
            seen.push(mapping);
            for key in mapping.keys() {
                let content = mapping.content(key);
                assert_eq!(content == Content::Own, OWN.contains(key), "{mapping:?}: {key}");
                let inner = match content {
                    Content::Mapping(inner) | Content::List(inner) => Some(inner),
                    Content::Named(named) => Some(named.content().0),
                    Content::Log => Some(Mapping::Log),
                    Content::Stage => Some(Mapping::Stage),
                    _ => None,
                };
                left.extend(inner);
            }
        }
        assert_eq!(seen.len(), 15, "{seen:?}");
    }
}
