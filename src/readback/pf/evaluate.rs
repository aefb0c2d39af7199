//! What rules do with packets on one way: the last match counts, or the first that is quick.

use super::compile::{Act, Compiled, Tag, with};
use super::program::{Asked, Program};
use super::syntax::{Not, Refusal};
use crate::packet::{Cube, Family, ICMP, ICMPV6, IntervalSet, TCP, every_code, transport, transports};
use crate::readback::Fate;
use crate::source::{Diagnostic, Site};

/// The most parts that a ruleset may come to.
pub(super) const MOST_STEPS: usize = 2_000_000;

/// How far back a box is looked for that another one is put together with.
pub(super) const NEAR: usize = 32;

/// Part of the packets, and what becomes of them. The first that holds a packet counts, apart from those that log.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// The packets.
    pub(super) cube: Cube,
    /// What becomes of them.
    pub(super) outcome: Outcome,
    /// The rule that says so.
    pub(super) site: Site,
}

/// What becomes of packets on one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// They are logged, and go on.
    Log,
    /// They pass.
    Pass {
        /// Whether a state begins.
        keeps: bool,
        /// The tag that they have.
        tag: Tag,
    },
    /// They do not pass, or nobody knows.
    Stop(Fate),
}

/// Packets that come to rules: they are the same on all interfaces they come in by, but have tags that tell these apart.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// All of them.
    pub(super) packets: Cube,
    /// The tags that they have, and where those with each come in; nothing is in two of these.
    pub(super) tags: Vec<(Tag, IntervalSet<u16>)>,
}

/// Takes packets through rules.
struct Run<'p, 'r> {
    events: Vec<Event>,
    /// Packets by the tags that they have so far.
    packets: Vec<(Tag, Vec<Cube>)>,
    /// Rules that are not quick, with the packets that matched them.
    waiting: Vec<(&'p Asked<'r>, Vec<(Tag, Cube)>)>,
}

/// What becomes of packets. Where no rule matches they pass: the ruleset as a whole, at `site`, says so.
pub(super) fn decide(program: &Program<'_>, start: &Start, site: Site) -> Result<Vec<Event>, Diagnostic> {
    let mut run = Run { events: Vec::new(), packets: start.by_tag(), waiting: Vec::new() };
    for asked in program.met_by(start) {
        if run.ask(asked, &start.packets)? {
            return Ok(run.events);
        }
    }
    for (asked, hits) in std::mem::take(&mut run.waiting).into_iter().rev() {
        let is_last = covers(&hits, &start.packets);
        run.conclude(asked.rule, hits)?;
        if is_last {
            return Ok(run.events);
        }
    }
    for (tag, cubes) in std::mem::take(&mut run.packets) {
        for cube in cubes {
            run.events.push(Event { cube, outcome: Outcome::Pass { keeps: false, tag }, site });
        }
    }
    Ok(run.events)
}

impl Start {
    /// Packets that all have the same tag.
    pub(super) fn of(packets: Cube, tag: Tag) -> Self {
        let tags = vec![(tag, packets.incoming.clone())];
        Self { packets, tags }
    }

    fn by_tag(&self) -> Vec<(Tag, Vec<Cube>)> {
        let mut all: Vec<(Tag, Vec<Cube>)> = Vec::new();
        for (tag, incoming) in &self.tags {
            let cube = Cube { incoming: incoming.clone(), ..self.packets.clone() };
            match all.iter_mut().find(|(other, _)| other == tag) {
                Some((_, cubes)) => cubes.push(cube),
                None => all.push((*tag, vec![cube])),
            }
        }
        all
    }
}

impl<'p, 'r> Run<'p, 'r> {
    /// Asks one rule; whether nothing is left for the next ones.
    fn ask(&mut self, asked: &'p Asked<'r>, start: &Cube) -> Result<bool, Diagnostic> {
        let rule = asked.rule;
        let hits = self.hits(asked, start);
        if hits.is_empty() {
            return Ok(false);
        }
        within_bounds(self.events.len() + hits.len(), rule.site)?;
        if rule.act == Act::Match {
            if rule.log {
                self.log(&hits, rule.site);
            }
            return self.retag(rule, &hits).map(|()| false);
        }
        if rule.quick {
            let is_last = covers(&hits, start) || self.consume(&hits);
            let tagged = hits.into_iter().map(|(tag, cube)| (rule.tag.unwrap_or(tag), cube)).collect();
            self.emit(rule, tagged);
            return Ok(is_last);
        }
        self.retag(rule, &hits)?;
        self.waiting.push((asked, hits));
        Ok(false)
    }

    /// Packets that a quick rule has decided are not asked about again, where it has decided a whole box of them; whether
    /// no others are left.
    fn consume(&mut self, hits: &[(Tag, Cube)]) -> bool {
        for (tag, packets) in &mut self.packets {
            packets.retain(|cube| !hits.iter().any(|(of, hit)| of == tag && hit == cube));
        }
        self.packets.retain(|(_, packets)| !packets.is_empty());
        self.packets.is_empty()
    }

    /// The packets that match a rule, by tag. Where tags make no difference the packets are kept in one piece.
    fn hits(&self, asked: &Asked<'_>, start: &Cube) -> Vec<(Tag, Cube)> {
        let rule = asked.rule;
        let blocks = matches!(rule.act, Act::Block(_) | Act::Unknown) && rule.tag.is_none();
        let is_one = self.packets.len() == 1;
        if rule.tagged.is_empty() && (blocks || is_one) {
            let tag = self.packets.first().map_or(0, |(tag, _)| *tag);
            return asked.cubes.iter().filter_map(|cube| Some((tag, start.intersect(cube)?))).collect();
        }
        let fits = |tag: Tag| rule.tagged.iter().all(|Not { negated, item }| (*item == tag) != *negated);
        let of_tag = |(tag, packets): &(Tag, Vec<Cube>)| {
            let tag = *tag;
            let met =
                packets.iter().flat_map(|one| asked.cubes.iter().filter_map(|cube| one.intersect(cube)));
            met.map(|cube| (tag, cube)).collect::<Vec<_>>()
        };
        self.packets.iter().filter(|(tag, _)| fits(*tag)).flat_map(of_tag).collect()
    }

    /// Gives packets the tag of a rule.
    fn retag(&mut self, rule: &Compiled, hits: &[(Tag, Cube)]) -> Result<(), Diagnostic> {
        let Some(new) = rule.tag else { return Ok(()) };
        let mut moved = Vec::new();
        for (tag, packets) in &mut self.packets {
            if *tag == new {
                continue;
            }
            for (_, hit) in hits.iter().filter(|(of, _)| of == tag) {
                moved.extend(packets.iter().filter_map(|cube| cube.intersect(hit)));
                *packets = packets.iter().flat_map(|cube| cube.subtract(hit)).collect();
                within_bounds(packets.len() + moved.len(), rule.site)?;
            }
        }
        self.packets.retain(|(_, packets)| !packets.is_empty());
        match self.packets.iter_mut().find(|(tag, _)| *tag == new) {
            Some((_, packets)) => packets.extend(moved),
            None if moved.is_empty() => {}
            None => self.packets.push((new, moved)),
        }
        Ok(())
    }

    /// A rule that is not quick decides, after all rules have been asked: packets have the tags of the end.
    fn conclude(&mut self, rule: &Compiled, hits: Vec<(Tag, Cube)>) -> Result<(), Diagnostic> {
        within_bounds(self.events.len() + hits.len(), rule.site)?;
        let is_pass = matches!(rule.act, Act::Pass { .. });
        let hits = match self.packets.as_slice() {
            [(tag, _)] => hits.into_iter().map(|(_, cube)| (*tag, cube)).collect(),
            _ if !is_pass => hits,
            packets => hits.into_iter().flat_map(|(_, hit)| shared(packets, &hit)).collect(),
        };
        self.emit(rule, hits);
        Ok(())
    }

    fn log(&mut self, hits: &[(Tag, Cube)], site: Site) {
        let event = |(_, cube): &(Tag, Cube)| Event { cube: cube.clone(), outcome: Outcome::Log, site };
        self.events.extend(hits.iter().map(event));
    }

    /// A rule decides about packets with the tags that they have by then; of those that it stops no tag matters.
    fn emit(&mut self, rule: &Compiled, hits: Vec<(Tag, Cube)>) {
        let site = rule.site;
        let is_pass = matches!(rule.act, Act::Pass { .. });
        let hits = joined(hits.into_iter().map(|(tag, cube)| (if is_pass { tag } else { 0 }, cube)));
        if rule.log {
            self.log(&hits, site);
        }
        let stop = |cube, fate| Event { cube, outcome: Outcome::Stop(fate), site };
        for (tag, cube) in hits {
            match rule.act {
                Act::Pass { keeps, limit: None } => {
                    self.events.push(Event { cube, outcome: Outcome::Pass { keeps, tag }, site });
                }
                Act::Pass { keeps, limit: Some(number) } => {
                    let outcome = Outcome::Pass { keeps, tag };
                    self.events.extend(with(&cube, (number, true)).map(|cube| Event { cube, outcome, site }));
                    self.events.push(stop(cube, Fate::Drop));
                }
                Act::Block(refusal) => {
                    self.events
                        .extend(refused(refusal, cube).into_iter().map(|(cube, fate)| stop(cube, fate)));
                }
                Act::Unknown | Act::Match => self.events.push(stop(cube, Fate::Unsaid)),
            }
        }
    }
}

/// Whether packets are all among those that match a rule, on whatever interface they come in.
fn covers(hits: &[(Tag, Cube)], packets: &Cube) -> bool {
    let same = hits.iter().map(|(_, cube)| cube).filter(|cube| differ_by_incoming(cube, packets));
    packets.incoming.is_subset(&IntervalSet::union_of(same.map(|cube| &cube.incoming)))
}

/// Whether boxes hold the same packets but for the interfaces that these come in by.
pub(super) fn differ_by_incoming(one: &Cube, other: &Cube) -> bool {
    let Cube {
        hook,
        family,
        states,
        incoming: _,
        outgoing,
        source,
        destination,
        transport,
        source_ports,
        unknowns,
    } = one;
    (*hook, *family, *states) == (other.hook, other.family, other.states)
        && (transport, source_ports) == (&other.transport, &other.source_ports)
        && (source, destination, outgoing) == (&other.source, &other.destination, &other.outgoing)
        && *unknowns == other.unknowns
}

/// Boxes that differ only in the interfaces that packets come in by, put together where they are near each other.
fn joined(hits: impl Iterator<Item = (Tag, Cube)>) -> Vec<(Tag, Cube)> {
    let mut all: Vec<(Tag, Cube)> = Vec::new();
    for (tag, cube) in hits {
        let is_same = |(other, near): &&mut (Tag, Cube)| *other == tag && differ_by_incoming(near, &cube);
        match all.iter_mut().rev().take(NEAR).find(is_same) {
            Some((_, near)) => near.incoming = near.incoming.union(&cube.incoming),
            None => all.push((tag, cube)),
        }
    }
    all
}

/// The part of a box that packets with each tag have.
fn shared(packets: &[(Tag, Vec<Cube>)], hit: &Cube) -> Vec<(Tag, Cube)> {
    let of = |(tag, cubes): &(Tag, Vec<Cube>)| {
        let tag = *tag;
        let met = cubes.iter().filter_map(|cube| cube.intersect(hit));
        met.map(|cube| (tag, cube)).collect::<Vec<_>>()
    };
    packets.iter().flat_map(of).collect()
}

/// Whether that many parts may be.
pub(super) fn within_bounds(steps: usize, site: Site) -> Result<(), Diagnostic> {
    if steps <= MOST_STEPS {
        return Ok(());
    }
    let title = "this ruleset comes to too many combinations of conditions";
    Err(Diagnostic::error("ruleset-too-large", site, title)
        .note(format!("tags and both ways come to more than {MOST_STEPS} steps")))
}

/// What packets are told that are blocked (`pf_test_rule` of `pf.c`): no error answers an ICMP error.
fn refused(refusal: Refusal, cube: Cube) -> Vec<(Cube, Fate)> {
    let (codes, resets) = match refusal {
        Refusal::Drop => return vec![(cube, Fate::Drop)],
        Refusal::Reset => return vec![(cube, Fate::Reset)],
        Refusal::Icmp(codes) => (codes, false),
        Refusal::Return(codes) => (codes, true),
    };
    let (kind, code) = if cube.family == Family::V4 { codes.v4 } else { codes.v6 };
    let mut rest = cube.transport.clone();
    let mut parts = Vec::new();
    let mut take = |transport: IntervalSet<u32>, fate| {
        let part = cube.transport.intersect(&transport);
        rest = rest.subtract(&transport);
        if !part.is_empty() {
            parts.push((Cube { transport: part, ..cube.clone() }, fate));
        }
    };
    if resets {
        take(transports(TCP, &IntervalSet::full()), Fate::Reset);
    }
    take(errors(cube.family), Fate::Drop);
    if !rest.is_empty() {
        parts.push((Cube { transport: rest, ..cube }, Fate::Refuse { kind, code }));
    }
    parts
}

/// ICMP that no error answers: all but queries and their answers (`ICMP_INFOTYPE` of `netinet/ip_icmp.h`), and in IPv6
/// types below 128 and redirects.
fn errors(family: Family) -> IntervalSet<u32> {
    if family == Family::V6 {
        let below = IntervalSet::range(transport(ICMPV6, 0), transport(ICMPV6, 0x7fff));
        return below.union(&transports(ICMPV6, &every_code(137)));
    }
    let queries: Vec<IntervalSet<u16>> = [0, 8, 9, 10, 13, 14, 15, 16, 17, 18].map(every_code).into();
    transports(ICMP, &IntervalSet::union_of(&queries).complement())
}
