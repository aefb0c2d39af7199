//! A policy as a meaning, in numbers of interfaces that it shares with rulesets.

use crate::model::{Entry, Interfaces, Policy, Verdict};
use crate::packet::{Cube, Family, IntervalSet, TCP, transports};
use crate::readback::{Effect, Fate, InterfacePattern, InterfaceTable, Meaning, Step};

/// The interfaces that a policy names.
pub fn interface_patterns(policy: &Policy) -> impl Iterator<Item = InterfacePattern> {
    policy.interfaces.named().map(|(_, name)| InterfacePattern::Name(name.as_str().to_owned()))
}

/// What a policy does. Packets that no rule speaks about have entries of their own in a policy, so every packet is decided.
#[must_use]
pub fn meaning_of(policy: &Policy, table: &InterfaceTable) -> Meaning {
    let numbering = Numbering::new(&policy.interfaces, table);
    let mut steps = Vec::with_capacity(policy.entries.len() * 2);
    for entry in &policy.entries {
        for cube in entry.cubes().into_iter().filter_map(|cube| numbering.cube(cube)) {
            let site = policy.site_of(entry);
            let effects = effects(entry, &cube);
            steps.extend(effects.into_iter().map(|(cube, effect)| Step { cube, effect, site }));
        }
    }
    Meaning { steps, ..Meaning::default() }
}

/// What an entry does to a box of its packets: it logs them first where it logs.
fn effects(entry: &Entry, cube: &Cube) -> Vec<(Cube, Effect)> {
    let log = entry.log.map(|log| (cube.clone(), Effect::Log(Some(log.rate))));
    let fates = match entry.verdict {
        Verdict::Observe => Vec::new(),
        Verdict::Accept => vec![(cube.clone(), Fate::Accept)],
        Verdict::Drop => vec![(cube.clone(), Fate::Drop)],
        Verdict::Reject => refusals(cube),
    };
    log.into_iter().chain(fates.into_iter().map(|(cube, fate)| (cube, Effect::Decide(fate)))).collect()
}

/// A reset for TCP, an error for the rest.
fn refusals(cube: &Cube) -> Vec<(Cube, Fate)> {
    let tcp = transports(TCP, &IntervalSet::full());
    let streams = Cube { transport: cube.transport.intersect(&tcp), ..cube.clone() };
    let others = Cube { transport: cube.transport.subtract(&tcp), ..cube.clone() };
    let parts = [(streams, Fate::Reset), (others, administratively_prohibited(cube.family))];
    parts.into_iter().filter(|(cube, _)| !cube.is_empty()).collect()
}

/// "Communication administratively prohibited" (RFC 1812 §5.2.7.1, RFC 4443 §3.1).
const fn administratively_prohibited(family: Family) -> Fate {
    match family {
        Family::V4 => Fate::Refuse { kind: 3, code: 13 },
        Family::V6 => Fate::Refuse { kind: 1, code: 1 },
    }
}

/// From the numbers of a policy to those of a table.
struct Numbering {
    /// What each number that the policy uses stands for in the table; the loopback is the first.
    named: Vec<IntervalSet<u16>>,
    /// What the policy does not name.
    others: IntervalSet<u16>,
}

impl Numbering {
    fn new(interfaces: &Interfaces, table: &InterfaceTable) -> Self {
        let name = |name: &str| table.set(&InterfacePattern::Name(name.to_owned()));
        let loopback = std::iter::once(IntervalSet::single(Interfaces::LOOPBACK));
        let named: Vec<IntervalSet<u16>> =
            loopback.chain(interfaces.named().map(|(_, interface)| name(interface.as_str()))).collect();
        let others = IntervalSet::union_of(&named).complement();
        Self { named, others }
    }

    /// The same packets; none if there are none.
    fn cube(&self, cube: Cube) -> Option<Cube> {
        let (incoming, outgoing) = (self.set(&cube.incoming), self.set(&cube.outgoing));
        let cube = Cube { incoming, outgoing, ..cube };
        (!cube.is_empty()).then_some(cube)
    }

    /// The same interfaces. A set has all of those that the policy does not name or none, since nothing tells them apart.
    fn set(&self, own: &IntervalSet<u16>) -> IntervalSet<u16> {
        if own.is_full() {
            return own.clone();
        }
        let numbered = (0..).zip(&self.named);
        let named = numbered.filter(|(number, _)| own.contains(*number)).map(|(_, set)| set);
        let others = own.contains(u16::MAX).then_some(&self.others);
        IntervalSet::union_of(named.chain(others))
    }
}
