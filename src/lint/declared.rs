//! What a policy has to declare before some checks have anything to look at.

use super::Context;
use crate::model::{Host, Role};

/// What a check needs of a policy: without it the check finds nothing, and that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Nothing: it is about all traffic, or about every rule.
    Nothing,
    /// A host of the site with one of these roles.
    Role(&'static [Role]),
    /// A host with one of these roles, whoever runs it.
    AnyRole(&'static [Role]),
    /// A host with a `smarthost`.
    SmartHost,
    /// A host with `relay-via`.
    RelayVia,
    /// A host with `dane`.
    Dane,
    /// `flows`.
    Flows,
    /// A zone of guests.
    Guests,
}

impl Declared {
    /// Why there is nothing to look at; none if the policy declares it.
    #[must_use]
    pub fn missing(self, context: &Context<'_>) -> Option<String> {
        let policy = context.policy();
        let host = |has: fn(&Host) -> bool| policy.hosts.iter().any(has);
        let (is_there, why) = match self {
            Self::Nothing => return None,
            Self::Role(roles) => {
                let why = format!("no host of the site has the role {}", names(roles));
                (context.hosts_with(roles).next().is_some(), why)
            }
            Self::AnyRole(roles) => {
                (context.has_role(roles), format!("no host has the role {}", names(roles)))
            }
            Self::SmartHost => {
                (host(|host| host.smarthost.is_some()), "no host has a `smarthost`".to_owned())
            }
            Self::RelayVia => (host(|host| host.relay_via.is_some()), "no host has `relay-via`".to_owned()),
            Self::Dane => (host(|host| host.has_dane), "no host has `dane`".to_owned()),
            Self::Flows => (policy.flows.is_some(), "the policy lists no `flows`".to_owned()),
            Self::Guests => {
                (policy.zones.iter().any(|zone| zone.has_guests), "no zone has `guests`".to_owned())
            }
        };
        (!is_there).then_some(why)
    }
}

/// Roles in words: `mx` or `msa`.
fn names(roles: &[Role]) -> String {
    let names: Vec<String> = roles.iter().map(|role| format!("`{}`", role.name())).collect();
    names.join(" or ")
}
