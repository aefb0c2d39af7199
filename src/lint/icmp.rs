//! What the checks on ICMP and ICMPv6 have in common.

use std::collections::BTreeMap;

use super::boundary::opening;
use super::{Context, Packets, flow};
use crate::analyze::{Decider, Hit};
use crate::catalog::{self, Handling, Message};
use crate::model::Origin;
use crate::packet::{Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, Packet, State, States, transports};

/// How connection tracking may call a message that belongs to no known flow.
const UNSOLICITED: [State; 3] = [State::New, State::Invalid, State::Untracked];

/// The messages of ICMPv6 that a standard wants handled in a certain way.
pub(super) fn handled(is_wanted: impl Fn(&Handling) -> bool) -> Vec<Message> {
    let rows = catalog::icmp6_handling().iter().filter(|row| is_wanted(row));
    rows.flat_map(|row| row.messages.iter().copied()).collect()
}

/// Messages of a family, as [`Cube::transport`].
pub(super) fn transport_of(family: Family, messages: &[Message]) -> IntervalSet<u32> {
    let protocol = match family {
        Family::V4 => ICMP,
        Family::V6 => ICMPV6,
    };
    let bounds = |&(kind, code): &Message| {
        let [first, last] =
            code.map_or([0, 0xff], |code| [code, code]).map(|code| u16::from_be_bytes([kind, code]));
        (first, last)
    };
    transports(protocol, &IntervalSet::from_intervals(messages.iter().map(bounds)))
}

/// Those packets of a family that are one of the messages and no part of a known flow.
pub(super) fn unsolicited(packets: &Packets, family: Family, messages: &[Message]) -> Packets {
    let messages = packets.transport(&transport_of(family, messages));
    let cubes = messages.cubes().iter().filter(|cube| cube.family == family);
    let in_any_state = |cube: &Cube| Cube { states: States::of(&UNSOLICITED), ..cube.clone() };
    Packets::new(cubes.map(in_any_state).collect())
}

/// The rules on ICMP that let some of the messages pass. A rule for every protocol is another finding, and so is a default. Most
/// rulesets accept ICMP as a whole: there a rule has to name messages.
pub(super) fn permits<'p>(context: &Context<'p>, messages: &Packets) -> Vec<Decider<'p>> {
    let mut permits = context.permits(messages);
    permits.retain(|permit| is_about_icmp(context, &permit.hit));
    permits
}

fn is_about_icmp(context: &Context<'_>, hit: &Hit<'_>) -> bool {
    let every = Cube::every(hit.packet.hook, hit.packet.family).transport;
    let whole = transports(hit.packet.protocol(), &IntervalSet::full());
    let is_ruleset = context.policy().zones.is_empty();
    let too_much = |cube: &Cube| cube.transport == every || is_ruleset && whole.is_subset(&cube.transport);
    let mut own = context.decisions().cubes_of(hit.index).filter(|cube| cube.contains(&hit.packet));
    matches!(hit.entry.origin, Origin::Rule(_)) && !own.any(too_much)
}

/// Who refuses errors about accepted flows whoever sends them, each with a flow: one for each place that refuses, since there
/// is one thing to mend.
pub(super) fn refused_errors<'p>(
    context: &Context<'p>,
    errors: impl Fn(Family) -> IntervalSet<u32>,
) -> Vec<(Hit<'p>, Hit<'p>)> {
    let mut refusals = BTreeMap::new();
    if !is_any_refused(context, &errors) {
        return Vec::new(); // No flow needs a look.
    }
    for (hook, about) in Hook::ALL.into_iter().flat_map(|hook| About::ALL.map(|about| (hook, about))) {
        for (flow, refusal) in refused_about(context, hook, about, &errors) {
            let site = context.policy().site_of(refusal.entry);
            refusals.entry(site).or_insert((flow, refusal));
        }
    }
    refusals.into_values().collect()
}

/// Flows of a hook whose errors are refused, each with who refuses them. Somebody may have permitted the
/// flows by name, or the errors.
fn refused_about<'p>(
    context: &Context<'p>,
    hook: Hook,
    about: About,
    errors: &impl Fn(Family) -> IntervalSet<u32>,
) -> Vec<(Hit<'p>, Hit<'p>)> {
    let named = context.opening(hook).off_loopback();
    let refused = |flows: &Packets, who: fn(&Context<'p>, &Cube) -> Option<Hit<'p>>| {
        let refusal = |flow: Hit<'p>| {
            let packet = about.packet(&flow)?;
            let refusal = who(context, &flow::error(&packet, errors(packet.family)))?;
            Some((flow, refusal))
        };
        accepted(context, flows).into_iter().filter_map(refusal).collect::<Vec<_>>()
    };
    let Some(only) = context.only() else {
        let is_whole = |named: &&Cube| {
            flow::is_from_everybody(named) && errors(named.family).is_subset(&named.transport)
        };
        let flows = context.waived().iter().filter(is_whole).filter_map(|errors| about.flows(errors));
        return refused(&flows.fold(named, |rest, flows| rest.without(&flows)), flow::wrongly_refused);
    };
    let flows: Vec<Cube> = only.iter().filter_map(|errors| about.flows(errors)).collect();
    let every = context.whatever_opens(hook).off_loopback();
    [refused(&named, flow::refused), refused(&every.within(&flows), flow::wrongly_refused)].concat()
}

/// The packet of a flow that errors are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// The one that opens it.
    Opening,
    /// The first answer.
    Answer,
}

impl About {
    const ALL: [Self; 2] = [Self::Opening, Self::Answer];

    /// The packet, if it leaves this machine.
    fn packet(self, flow: &Hit<'_>) -> Option<Packet> {
        let packet = match self {
            Self::Opening => Some(flow.packet.clone()),
            Self::Answer => flow::answer(&flow.packet),
        };
        packet.filter(|packet| packet.hook != Hook::Input)
    }

    /// The flows that errors in a box may be about; none if such errors are about none.
    fn flows(self, errors: &Cube) -> Option<Cube> {
        let states = opening(errors.hook, errors.family).states;
        Some(match self {
            _ if errors.hook == Hook::Output => return None,
            Self::Opening => Cube {
                states,
                source: errors.destination.clone(),
                incoming: errors.outgoing.clone(),
                outgoing: errors.incoming.clone(),
                ..Cube::every(flow::hook_back(errors.hook), errors.family)
            },
            Self::Answer => Cube {
                states,
                destination: errors.destination.clone(),
                incoming: errors.incoming.clone(),
                outgoing: errors.outgoing.clone(),
                ..Cube::every(errors.hook, errors.family)
            },
        })
    }
}

fn is_any_refused(context: &Context<'_>, errors: impl Fn(Family) -> IntervalSet<u32>) -> bool {
    Hook::ALL.into_iter().any(|hook| {
        let every = context.whatever_opens(hook).off_loopback();
        let mut asked = every.cubes().iter().map(|cube| flow::error_among(cube, errors(cube.family)));
        asked.any(|cube| flow::refused(context, &cube).is_some())
    })
}

/// One flow of each box that somebody allowed. Baseline traffic is small, and asks again.
fn accepted<'p>(context: &Context<'p>, flows: &Packets) -> Vec<Hit<'p>> {
    let allowed = |cube: &Cube| {
        let mut hits = context.decisions().accepting(cube);
        hits.find(|hit| !matches!(hit.entry.origin, Origin::Baseline(_)))
    };
    flows.cubes().iter().filter_map(allowed).collect()
}
