//! Which keys must be there.

use super::Mapping;

/// What a mapping needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A key.
    Key(&'static str),
    /// One of these keys at least.
    AnyOf(&'static [&'static str]),
    /// One of these keys and no other one of them.
    OneOf(&'static [&'static str]),
    /// Where there is a key, one of these at least.
    With(&'static str, &'static [&'static str]),
}

/// The packets that something is about.
const PACKETS: &[Need] = &[Need::Key("from"), Need::Key("to"), Need::Key("services")];

impl Mapping {
    /// What it cannot be without; a policy also needs what [`Mapping::policy_needs`] says.
    #[must_use]
    pub const fn needs(self) -> &'static [Need] {
        match self {
            Self::Policy => &[Need::Key("version")],
            Self::Zone => &[Need::AnyOf(&["interfaces", "networks"])],
            Self::Network => &[Need::AnyOf(&["addresses", "file"])],
            Self::Service => &[
                Need::AnyOf(&["tcp", "udp", "icmp", "icmpv6", "protocol"]),
                Need::With("source-ports", &["tcp", "udp"]),
            ],
            Self::Host => &[Need::Key("networks"), Need::Key("roles")],
            Self::Flow => &[Need::Key("from"), Need::Key("to")],
            Self::Waiver => &[Need::Key("checks"), Need::Key("from"), Need::Key("to"), Need::Key("services")],
            Self::Rule => &[
                Need::Key("id"),
                Need::Key("action"),
                Need::Key("from"),
                Need::Key("to"),
                Need::Key("services"),
            ],
            Self::Stage => &[Need::Key("observe-until")],
            Self::Log => &[Need::Key("rate")],
            Self::Expectation => &[Need::OneOf(&["allow", "deny", "reject"])],
            Self::Packets => PACKETS,
            Self::Settings => &[Need::Key("version"), Need::Key("policies")],
            Self::Profile => &[Need::Key("version"), Need::Key("profile")],
            Self::OwnCheck => {
                &[Need::Key("id"), Need::Key("summary"), Need::OneOf(&["never", "only", "every-rule"])]
            }
            Self::Known => &[Need::Key("version"), Need::Key("findings")],
            Self::KnownFinding => &[Need::Key("policy"), Need::Key("check"), Need::Key("finding")],
            Self::Defaults | Self::Baseline | Self::Exception | Self::RuleTexts => &[],
        }
    }

    /// What a file needs that is a policy, and no fragment for others to include.
    #[must_use]
    pub const fn policy_needs() -> &'static [Need] {
        &[Need::Key("name"), Need::Key("rules")]
    }
}
