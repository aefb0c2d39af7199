//! Answers: packets of a known flow that go the other way.

use super::{Passage, Ways, passages};
use crate::packet::{
    Cube, Hook, ICMP, ICMPV6, IntervalSet, State, States, TCP, UDP, Unknowns, every_code, transports,
};
use crate::readback::pf::compile::Tag;
use crate::readback::pf::evaluate::{Outcome, Start, decide, within_bounds};
use crate::readback::pf::syntax::Direction;
use crate::readback::{Conditions, Effect, Fate, Step};
use crate::source::{Diagnostic, Site};

/// Questions and their answers (`pf_icmp_mapping` of `pf.c`).
const QUERIES: [(u8, u8, u8); 6] =
    [(ICMP, 8, 0), (ICMP, 13, 14), (ICMP, 15, 16), (ICMP, 17, 18), (ICMPV6, 128, 129), (ICMPV6, 139, 140)];

/// Works out what becomes of answers.
pub(super) struct Answers<'a, 'r> {
    /// The rules for the hook that answers come through.
    pub(super) ways: &'a Ways<'r>,
    /// All conditions.
    pub(super) conditions: &'a mut Conditions,
    /// The whole ruleset.
    pub(super) site: Site,
}

impl Answers<'_, '_> {
    /// The steps for answers to packets: in the order of those, since an answer belongs to the first that holds its
    /// packet.
    pub(super) fn to(mut self, all: &[Passage]) -> Result<Vec<Step>, Diagnostic> {
        let last = all.iter().rposition(|passage| passage.effect == Effect::Decide(Fate::Accept));
        let mut steps = Vec::new();
        for passage in all.iter().take(last.map_or(0, |last| last + 1)) {
            let Effect::Decide(fate) = passage.effect else { continue };
            let answers = self.turned(&passage.cube);
            match fate {
                Fate::Accept => {
                    answers.into_iter().try_for_each(|one| self.answer(passage, one, &mut steps))?;
                }
                // What did not pass has no answer.
                _ => steps.extend(answers.into_iter().map(|one| step(one, Fate::Unsaid, passage.site))),
            }
            within_bounds(steps.len(), passage.site)?;
        }
        Ok(steps)
    }

    /// What becomes of the answers to packets that have passed.
    fn answer(&self, passage: &Passage, answer: Cube, steps: &mut Vec<Step>) -> Result<(), Diagnostic> {
        let known = match answer.hook {
            Hook::Input => passage.keeps_out,
            Hook::Output => passage.keeps_in,
            Hook::Forward => passage.keeps_in && passage.keeps_out,
        };
        if known {
            steps.push(step(answer, Fate::Accept, passage.site));
            return Ok(());
        }
        for asked in without_state(&answer) {
            let passages = match answer.hook {
                Hook::Forward if passage.keeps_out => self.out(&asked, passage.tag)?,
                Hook::Forward if passage.keeps_in => self.only_in(&asked, passage)?,
                _ => passages(self.ways, &asked, (self.site, 0))?,
            };
            let decided = passages.into_iter().map(|passage| Step {
                cube: Cube { states: States::ESTABLISHED, ..passage.cube },
                effect: passage.effect,
                site: passage.site,
            });
            steps.extend(decided);
        }
        Ok(())
    }

    /// The answer matches the state of the way out, and the rules for the way out decide.
    fn out(&self, asked: &Cube, tag: Tag) -> Result<Vec<Passage>, Diagnostic> {
        Ok(super::one_way(
            decide(&self.ways.outward, &Start::of(asked.clone(), tag), self.site)?,
            Direction::Out,
        ))
    }

    /// The rules for the way in decide, and then the answer matches the state of the way in.
    fn only_in(&self, asked: &Cube, passage: &Passage) -> Result<Vec<Passage>, Diagnostic> {
        let mut events = decide(&self.ways.inward, &Start::of(asked.clone(), 0), self.site)?;
        for event in &mut events {
            if matches!(event.outcome, Outcome::Pass { .. }) {
                event.site = passage.site;
            }
        }
        Ok(super::one_way(events, Direction::In))
    }

    /// The answers to packets that open flows.
    fn turned(&mut self, cube: &Cube) -> Vec<Cube> {
        if !cube.states.contains(State::New) {
            return Vec::new();
        }
        let unknowns = self.turned_unknowns(&cube.unknowns);
        let hook = match cube.hook {
            Hook::Input => Hook::Output,
            Hook::Forward => Hook::Forward,
            Hook::Output => Hook::Input,
        };
        let whole = Cube {
            hook,
            states: States::ESTABLISHED,
            incoming: cube.outgoing.clone(),
            outgoing: cube.incoming.clone(),
            source: cube.destination.clone(),
            destination: cube.source.clone(),
            unknowns,
            ..cube.clone()
        };
        let parts = turned_traffic(cube).into_iter();
        parts.map(|(transport, source_ports)| Cube { transport, source_ports, ..whole.clone() }).collect()
    }

    /// The conditions of an answer: those on ends and interfaces are turned around; of the others it is said that they
    /// held for what is answered.
    fn turned_unknowns(&mut self, unknowns: &Unknowns) -> Unknowns {
        let turned: Vec<(u32, bool)> = unknowns
            .literals()
            .iter()
            .map(|&(number, holds)| {
                let text = turned_text(self.conditions.text(number).unwrap_or_default());
                (self.conditions.number(&text), holds)
            })
            .collect();
        Unknowns::of(turned).unwrap_or_default()
    }
}

fn step(cube: Cube, fate: Fate, site: Site) -> Step {
    Step { cube: Cube { states: States::ESTABLISHED, ..cube }, effect: Effect::Decide(fate), site }
}

/// A condition on an answer, from one on what is answered.
fn turned_text(text: &str) -> String {
    let pairs = [("from ", "to "), ("to ", "from "), ("in on ", "out on "), ("out on ", "in on ")];
    let found = pairs.iter().find_map(|(one, other)| Some(format!("{other}{}", text.strip_prefix(one)?)));
    let of_end = found.filter(|_| !text.ends_with("no-route") && !text.ends_with("urpf-failed"));
    of_end.unwrap_or_else(|| format!("in answer to: {text}"))
}

/// An answer as rules see it that find no state: TCP is in the middle of a connection.
fn without_state(answer: &Cube) -> Vec<Cube> {
    let tcp = transports(TCP, &IntervalSet::full());
    let parts = [
        (answer.transport.intersect(&tcp), States::of(&[State::Midstream])),
        (answer.transport.subtract(&tcp), States::NEW),
    ];
    let used = parts.into_iter().filter(|(transport, _)| !transport.is_empty());
    used.map(|(transport, states)| Cube { states, transport, ..answer.clone() }).collect()
}

/// Protocol and destination port, and source port, of answers: ports change places, ICMP questions become answers. TCP
/// and UDP are kept together where their ports are the same.
fn turned_traffic(cube: &Cube) -> Vec<(IntervalSet<u32>, IntervalSet<u16>)> {
    let mut parts: Vec<(IntervalSet<u32>, IntervalSet<u16>)> = Vec::new();
    for protocol in [TCP, UDP] {
        let destination_ports = lower(&cube.transport, protocol);
        if destination_ports.is_empty() {
            continue;
        }
        let transport = transports(protocol, &cube.source_ports);
        match parts.iter_mut().find(|(_, ports)| *ports == destination_ports) {
            Some((transports, _)) => *transports = transports.union(&transport),
            None => parts.push((transport, destination_ports)),
        }
    }
    let others = turned_others(&cube.transport);
    if cube.source_ports.contains(0) && !others.is_empty() {
        match parts.iter_mut().find(|(_, ports)| ports.is_full()) {
            Some((transports, _)) => *transports = transports.union(&others),
            None => parts.push((others, IntervalSet::full())),
        }
    }
    parts
}

/// What follows one protocol.
fn lower(transport: &IntervalSet<u32>, protocol: u8) -> IntervalSet<u16> {
    let own = transport.intersect(&transports(protocol, &IntervalSet::full()));
    let bits = |number: u32| u16::try_from(number & 0xffff).unwrap_or(u16::MAX);
    IntervalSet::from_intervals(own.intervals().iter().map(|&(first, last)| (bits(first), bits(last))))
}

/// Answers of protocols without ports.
fn turned_others(transport: &IntervalSet<u32>) -> IntervalSet<u32> {
    let special = [TCP, UDP, ICMP, ICMPV6].map(|protocol| transports(protocol, &IntervalSet::full()));
    let mut all = vec![transport.subtract(&IntervalSet::union_of(&special))];
    for (protocol, query, answer) in QUERIES {
        let kinds = lower(transport, protocol).intersect(&every_code(query));
        let turned = kinds.intervals().iter().map(|&(first, last)| {
            let code = |kind: u16| kind & 0x00ff | u16::from(answer) << 8;
            (code(first), code(last))
        });
        all.push(transports(protocol, &IntervalSet::from_intervals(turned)));
    }
    IntervalSet::union_of(&all)
}
