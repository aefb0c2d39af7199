//! Rules that pf refuses though their grammar is right (`rule_consistent` and `expand_rule` of `parse.y`).

use super::syntax::{Action, Direction, Extra, Host, Keeping, Not, Refusal, Rule};
use super::{Dialect, problem};
use crate::packet::{Family, ICMP, ICMPV6, TCP, UDP};
use crate::source::Diagnostic;

/// The number of SCTP, which has ports on FreeBSD.
const SCTP: u8 = 132;

/// Finds what pf refuses, and gives a rule the family that its addresses have.
pub(super) fn settle(rule: &mut Rule, dialect: Dialect) -> Result<(), Diagnostic> {
    rule.family = settled_family(rule)?;
    let problem_found = family_problem(rule)
        .or_else(|| protocol_problem(rule, dialect))
        .or_else(|| action_problem(rule))
        .or_else(|| state_problem(rule))
        .or_else(|| translation_problem(rule));
    problem_found.map_or(Ok(()), |title| Err(problem(rule.site, title)))
}

/// The family of all hosts of a list, if they have one.
fn family_of(hosts: &[Not<Host>]) -> Option<Family> {
    let mut families = hosts.iter().map(|host| host.item.family());
    let first = families.next()??;
    families.all(|family| family == Some(first)).then_some(first)
}

/// The family that a rule is for: as written, or that of its addresses, or that of where its packets are sent.
fn settled_family(rule: &Rule) -> Result<Option<Family>, Diagnostic> {
    let mut family =
        rule.family.or_else(|| family_of(&rule.source.hosts)).or_else(|| family_of(&rule.destination.hosts));
    let target = rule.options.extras.iter().find_map(|extra| match extra {
        Extra::Family(family) => Some(*family),
        _ => None,
    });
    if let Some(target) = target {
        let other = if target == Family::V4 { Family::V6 } else { Family::V4 };
        return match family {
            Some(family) if family == target => {
                Err(problem(rule.site, "`af-to` needs the other family than that of the rule"))
            }
            _ => Ok(family.or(Some(other))),
        };
    }
    for pool in &rule.options.pools {
        let families: Vec<Family> = pool.iter().filter_map(|host| host.item.family()).collect();
        let is_free = families.len() < pool.len() || pool.is_empty();
        match family {
            Some(family) if !is_free && !families.contains(&family) => {
                return Err(problem(rule.site, "packets are sent to addresses of the other family"));
            }
            None if !rule.asks_for(Extra::DivertTo)
                && families.iter().any(|one| Some(one) != families.first()) =>
            {
                return Err(problem(rule.site, "packets are sent to addresses of both families"));
            }
            _ => {}
        }
        let has_families = rule.source.hosts.iter().chain(&rule.destination.hosts);
        if family.is_none() && !has_families.clone().any(|host| host.item.family().is_some()) {
            family = families.first().copied();
        }
    }
    Ok(family)
}

/// Whether some pair of hosts and the rule have a family in common.
fn family_problem(rule: &Rule) -> Option<String> {
    let families = |hosts: &[Not<Host>]| {
        let fits = |family: &Family| {
            hosts.is_empty() || hosts.iter().any(|host| host.item.family().is_none_or(|own| own == *family))
        };
        Family::ALL.into_iter().filter(fits).collect::<Vec<_>>()
    };
    let (source, destination) = (families(&rule.source.hosts), families(&rule.destination.hosts));
    let fits = |family: &Family| rule.family.is_none_or(|own| own == *family) && destination.contains(family);
    let none = !source.iter().any(fits);
    none.then(|| {
        "the rule expands to no valid combination: its addresses are of different families".to_owned()
    })
}

/// What only some protocols have.
fn protocol_problem(rule: &Rule, dialect: Dialect) -> Option<String> {
    let all = &rule.protocols;
    let only = |allowed: &[u8]| !all.is_empty() && all.iter().all(|number| allowed.contains(number));
    let has_ports: &[u8] = match dialect {
        Dialect::OpenBsd => &[TCP, UDP],
        Dialect::FreeBsd => &[TCP, UDP, SCTP],
    };
    if (rule.source.ports.is_some() || rule.destination.ports.is_some()) && !only(has_ports) {
        return Some("ports are for TCP and UDP: the rule needs a `proto`".to_owned());
    }
    if rule.asks_for(Extra::Os) && !only(&[TCP]) {
        return Some("`os` is for TCP".to_owned());
    }
    if rule.asks_for(Extra::Owner) && !only(&[TCP, UDP]) {
        return Some("`user` and `group` are for TCP and UDP".to_owned());
    }
    if rule.action == Action::Block(Refusal::Reset) && !only(&[TCP]) {
        return Some("`return-rst` is for TCP".to_owned());
    }
    let flags = rule.options.flags.is_some_and(|flags| flags.of != 0);
    if flags && !all.is_empty() && !all.contains(&TCP) {
        return Some("`flags` is for TCP".to_owned());
    }
    if let Some((family, _)) = rule.options.icmp {
        let protocol = if family == Family::V4 { ICMP } else { ICMPV6 };
        if !only(&[protocol]) {
            return Some("ICMP types need their protocol: `proto icmp` or `proto icmp6`".to_owned());
        }
        if rule.family.is_none() && !has_family(rule) {
            return Some("ICMP types need a family: `inet` or `inet6`".to_owned());
        }
    }
    let other = match rule.family {
        Some(Family::V4) => ICMPV6,
        Some(Family::V6) => ICMP,
        None => return None,
    };
    all.contains(&other).then(|| "the protocol is not one of the address family".to_owned())
}

/// Whether every combination of hosts has a family of its own.
fn has_family(rule: &Rule) -> bool {
    let all =
        |hosts: &[Not<Host>]| !hosts.is_empty() && hosts.iter().all(|host| host.item.family().is_some());
    all(&rule.source.hosts) || all(&rule.destination.hosts)
}

/// What only some actions have.
fn action_problem(rule: &Rule) -> Option<String> {
    let title = match rule.action {
        Action::Pass => return fragment_problem(rule),
        _ if rule.asks_for(Extra::AllowOptions) => "`allow-opts` is for `pass`",
        _ if rule.options.keeping.is_some_and(|keeping| keeping != Keeping::No) => {
            "only rules that pass packets keep states"
        }
        _ if rule.asks_for(Extra::Route) || rule.asks_for(Extra::Copy) => {
            "only rules that pass packets route them"
        }
        Action::Match if rule.asks_for(Extra::DivertTo) || rule.asks_for(Extra::DivertReply) => {
            "`match` diverts nothing"
        }
        Action::Match if rule.options.extras.iter().any(|extra| matches!(extra, Extra::Family(_))) => {
            "`match` changes no family"
        }
        _ => return fragment_problem(rule),
    };
    Some(title.to_owned())
}

fn fragment_problem(rule: &Rule) -> Option<String> {
    let has_more = rule.source.ports.is_some()
        || rule.destination.ports.is_some()
        || rule.options.icmp.is_some()
        || rule.options.flags.is_some_and(|flags| flags.of != 0);
    (rule.asks_for(Extra::Fragment) && has_more)
        .then(|| "fragments have no ports, flags and ICMP types".to_owned())
}

/// Options of states that exclude one another.
fn state_problem(rule: &Rule) -> Option<String> {
    let asks = |extra| rule.asks_for(extra);
    let title = if asks(Extra::Overload) && !asks(Extra::Connections) {
        "`overload` needs `max-src-conn` or `max-src-conn-rate`"
    } else if asks(Extra::TrackGlobal) && (asks(Extra::Nodes) || asks(Extra::Connections)) {
        "`source-track global` goes with `max-src-states` only"
    } else if asks(Extra::Nodes) && !asks(Extra::TrackRule) {
        "`max-src-nodes` needs `source-track rule`"
    } else if asks(Extra::Modulate) && rule.options.keeping == Some(Keeping::Sloppy) {
        "`sloppy` goes with `keep state` only"
    } else {
        return None;
    };
    Some(title.to_owned())
}

/// Translation and routing need a direction and states.
fn translation_problem(rule: &Rule) -> Option<String> {
    let asks = |extra| rule.asks_for(extra);
    let sends = asks(Extra::Translation) || asks(Extra::Route) || asks(Extra::Copy);
    let title = if sends && rule.action == Action::Pass && rule.keeping() == Keeping::No {
        "translation and routing need states"
    } else if asks(Extra::Both) && rule.direction.is_some() {
        "`binat-to` is for both directions"
    } else if asks(Extra::Translation) && !asks(Extra::Both) && rule.direction.is_none() {
        "translation needs a direction: `in` or `out`"
    } else if asks(Extra::Route) && rule.direction.is_none() {
        "routing needs a direction: `in` or `out`"
    } else if asks(Extra::DivertTo) && rule.direction == Some(Direction::Out) {
        "`divert-to` is for packets that come in"
    } else if asks(Extra::DivertReply) && rule.direction == Some(Direction::In) {
        "`divert-reply` is for packets that go out"
    } else if asks(Extra::ScrubV4) && rule.family == Some(Family::V6) {
        "`no-df` and `random-id` are for IPv4"
    } else {
        return None;
    };
    Some(title.to_owned())
}
