//! What pf does, in the words of connection tracking: so that it can be held against what other filters and policies do.
//!
//! pf has no states besides those it keeps. Where Linux tells whether a packet may open a flow at all, pf leaves that to
//! rules, and asks them about every packet without a state.

use super::addresses::multicast_and_broadcast;
use crate::packet::{
    Cube, Family, Hook, ICMP, ICMPV6, IntervalSet, State, States, Unknowns, every_code, transports,
};
use crate::readback::{Conditions, Effect, Fate, Step};
use crate::source::Site;

/// The number of the loopback in every table of interfaces.
const LOOPBACK: u16 = 0;

/// Messages that open a flow of questions and answers (`nf_conntrack_proto_icmp.c`, `nf_conntrack_proto_icmpv6.c`).
const QUERIES: [(Family, u8, &[u8]); 2] =
    [(Family::V4, ICMP, &[8, 13, 15, 17]), (Family::V6, ICMPV6, &[128, 139])];

/// Messages of neighbour and listener discovery, which are not tracked (`nf_conntrack_proto_icmpv6.c`).
const UNTRACKED: (Family, u8, &[u8]) = (Family::V6, ICMPV6, &[130, 131, 132, 133, 134, 135, 136, 143]);

/// The same steps, with the states that connection tracking gives packets, for packets that can come.
pub(super) fn tracked(steps: &[Step], conditions: &Conditions, site: Site) -> Vec<Step> {
    let never = Family::ALL.into_iter().flat_map(|family| {
        never_forwarded(family).into_iter().chain(misplaced(family)).chain(never_sent(family))
    });
    let never: Vec<Cube> = never.collect();
    let own = OwnEnds::of(conditions);
    let (v4, v6) = (Messages::of(Family::V4), Messages::of(Family::V6));
    let by_state = |step: Step| match step.cube.family {
        Family::V4 => v4.by_state(step),
        Family::V6 => v6.by_state(step),
    };
    let known = steps.iter().filter_map(|step| own.known(step)).flat_map(by_state);
    let can_come = |step: &Step| !never.iter().any(|never| step.cube.is_subset(never));
    let known: Vec<Step> = known.filter(can_come).collect();
    let silence = |cube| Step { cube, effect: Effect::Decide(Fate::Unsaid), site };
    never.into_iter().map(silence).chain(known).collect()
}

/// Packets that no machine forwards: from or to its loopback, from no address at all (RFC 1122 §3.2.1.3, RFC 4291
/// §2.5.2), and to groups, since pf.conf has no words for multicast routing.
fn never_forwarded(family: Family) -> [Cube; 4] {
    let every = Cube::every(Hook::Forward, family);
    let loopback = IntervalSet::single(LOOPBACK);
    [
        Cube { incoming: loopback.clone(), ..every.clone() },
        Cube { outgoing: loopback, ..every.clone() },
        Cube { source: IntervalSet::single(0), ..every.clone() },
        Cube { destination: multicast_and_broadcast(family), ..every },
    ]
}

/// Packets that nobody may send: from groups, or to no address at all, or from none in a known flow (RFC 1122 §3.2.1.3, RFC
/// 4291 §2.5.2 and §2.7).
fn never_sent(family: Family) -> impl Iterator<Item = Cube> {
    let from =
        Hook::ALL.map(|hook| Cube { source: multicast_and_broadcast(family), ..Cube::every(hook, family) });
    let to = Hook::ALL.map(|hook| Cube { destination: IntervalSet::single(0), ..Cube::every(hook, family) });
    let known = Hook::ALL.map(|hook| {
        let states = States::ESTABLISHED;
        Cube { states, source: IntervalSet::single(0), ..Cube::every(hook, family) }
    });
    from.into_iter().chain(to).chain(known)
}

/// Messages of the other family, which nobody sends.
fn misplaced(family: Family) -> [Cube; 3] {
    let protocol = match family {
        Family::V4 => ICMPV6,
        Family::V6 => ICMP,
    };
    Hook::ALL.map(|hook| Cube {
        transport: transports(protocol, &IntervalSet::full()),
        ..Cube::every(hook, family)
    })
}

/// The conditions that an end is an address of this machine, where routing tells more than rules: what comes in is not
/// from this machine, and what goes out not to it, but over the loopback.
struct OwnEnds {
    source: Option<u32>,
    destination: Option<u32>,
}

impl OwnEnds {
    fn of(conditions: &Conditions) -> Self {
        let number = |text| conditions.iter().find(|(_, known)| *known == text).map(|(number, _)| number);
        Self { source: number("from (self)"), destination: number("to (self)") }
    }

    /// A step as far as packets can come to it, without what is known of their ends.
    fn known(&self, step: &Step) -> Option<Step> {
        let settled = match step.cube.hook {
            Hook::Input => self.source,
            Hook::Output => self.destination,
            Hook::Forward => None,
        };
        let Some(number) = settled else { return Some(step.clone()) };
        match step.cube.unknowns.get(number) {
            Some(true) => None,
            Some(false) => Some(Step { cube: without(&step.cube, number), ..*step }),
            None => Some(step.clone()),
        }
    }
}

fn without(cube: &Cube, number: u32) -> Cube {
    let others = cube.unknowns.literals().iter().copied().filter(|&(other, _)| other != number);
    let unknowns = Unknowns::of(others).unwrap_or_default();
    Cube { unknowns, ..cube.clone() }
}

/// ICMP messages of a family, by what connection tracking makes of them.
struct Messages {
    all: IntervalSet<u32>,
    queries: IntervalSet<u32>,
    untracked: IntervalSet<u32>,
    rest: IntervalSet<u32>,
}

impl Messages {
    fn of(family: Family) -> Self {
        let all = match family {
            Family::V4 => transports(ICMP, &IntervalSet::full()),
            Family::V6 => transports(ICMPV6, &IntervalSet::full()),
        };
        let of = |(only, protocol, kinds): (Family, u8, &[u8])| {
            let codes: Vec<IntervalSet<u16>> = kinds.iter().map(|&kind| every_code(kind)).collect();
            let kinds = IntervalSet::union_of(&codes);
            if only == family { transports(protocol, &kinds) } else { IntervalSet::empty() }
        };
        let queries = IntervalSet::union_of(&QUERIES.map(of));
        let untracked = of(UNTRACKED);
        let rest = all.subtract(&queries).subtract(&untracked);
        Self { all, queries, untracked, rest }
    }

    /// A step by the states that its packets have.
    fn by_state(&self, step: Step) -> Vec<Step> {
        let Cube { transport, states, .. } = &step.cube;
        let is_said = step.effect != Effect::Decide(Fate::Unsaid);
        if !is_said || !states.contains(State::New) || !transport.overlaps(&self.all) {
            return vec![step];
        }
        let opening = transport.subtract(&self.all).union(&transport.intersect(&self.queries));
        let parts = [
            (opening, *states),
            (transport.intersect(&self.untracked), States::of(&[State::Untracked])),
            (transport.intersect(&self.rest), States::of(&[State::Invalid])),
        ];
        let some = parts.into_iter().filter(|(transport, _)| !transport.is_empty());
        let with = |(transport, states)| Cube { states, transport, ..step.cube.clone() };
        some.map(|part| Step { cube: with(part), ..step }).collect()
    }
}
