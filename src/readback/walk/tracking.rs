//! Chains that packets come through before connection tracking: there netfilter calls all of them invalid
//! (`net/netfilter/nft_ct.c`, `xt_conntrack.c`).

use crate::packet::{Cube, IntervalSet, State, States, TCP, transports};
use crate::readback::program::{Base, Point};

/// The priority of connection tracking (`NF_IP_PRI_CONNTRACK`).
const TRACKING: i32 = -200;

/// The loopback, from which packets come as they were tracked on their way out.
const LOOPBACK: u16 = 0;

/// What a SYN of TCP can be in.
const SYNS: States = States::of(&[
    State::New,
    State::EstablishedSyn,
    State::RelatedSyn,
    State::InvalidSyn,
    State::UntrackedSyn,
]);

/// The packets that a rule in a base chain meets that asks for those of a box.
pub(super) fn met(base: &Base, cube: Cube) -> Vec<Cube> {
    let is_blind = cube.states != States::ANY && base.priority < TRACKING;
    let met = match base.point {
        Point::Prerouting if is_blind => {
            let loopback = IntervalSet::single(LOOPBACK);
            let looped = Cube { incoming: cube.incoming.intersect(&loopback), ..cube.clone() };
            let others = Cube { incoming: cube.incoming.subtract(&loopback), ..cube };
            untracked(others).into_iter().chain([looped]).collect()
        }
        Point::Output if is_blind => untracked(cube),
        _ => return vec![cube],
    };
    met.into_iter().filter(|cube| !cube.is_empty()).collect()
}

/// The packets of a box whose states are asked for when each packet counts as invalid. A SYN is still a SYN.
fn untracked(cube: Cube) -> Vec<Cube> {
    let [plain, syn] = [State::Invalid, State::InvalidSyn].map(|state| cube.states.contains(state));
    let tcp = transports(TCP, &IntervalSet::full());
    let streams = |states| Cube { states, transport: cube.transport.intersect(&tcp), ..cube.clone() };
    match (plain, syn) {
        (true, true) => vec![Cube { states: States::ANY, ..cube }],
        (true, false) => {
            let others = cube.transport.subtract(&tcp);
            vec![
                streams(States::ANY.subtract(SYNS)),
                Cube { states: States::ANY, transport: others, ..cube.clone() },
            ]
        }
        (false, true) => vec![streams(SYNS)],
        (false, false) => Vec::new(),
    }
}
