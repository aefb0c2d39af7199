//! What is spoken, in words: ports by the name of their service, messages by theirs, protocols.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::super::describe::{message, protocol_name};
use super::scene::{Scene, carried, protocol};
use super::{few, listed};
use crate::catalog;
use crate::model::{Named, Term, Traffic};
use crate::packet::{Family, ICMP, ICMPV6, IntervalSet, TCP, UDP, transports};

/// How whole protocols are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    /// What there is: `every TCP port`.
    Told,
    /// What there is not: `all but TCP`.
    LeftOut,
}

/// The services that a policy has a name for, by what they are on the wire.
#[derive(Debug)]
pub(super) struct Services<'p> {
    names: BTreeMap<IntervalSet<u32>, &'p str>,
}

/// Protocols being said one by one.
struct Telling<'s> {
    services: &'s Services<'s>,
    /// Everything that there could be.
    every: &'s IntervalSet<u32>,
    tone: Tone,
}

/// The services of a scene: by name where one fits exactly, else as protocols, ports and messages, or as everything
/// but a few of them.
pub(super) fn words(scene: &Scene, services: &Services<'_>) -> Vec<String> {
    let every = &scene.every_transport();
    if every.is_subset(&scene.transport) {
        return vec!["every protocol".to_owned()];
    }
    let told = Telling { services, every, tone: Tone::Told }.elements(&scene.transport);
    let is_from_any_port = scene.source_ports.is_full();
    if let Some(name) = services.name(&scene.transport).filter(|_| is_from_any_port) {
        // A port that bears its service's name says so itself.
        let is_said = told.first().is_some_and(|word| word.ends_with(&format!("({name})")));
        return if is_said { told } else { vec![format!("{name} ({})", listed(&few(told, "ranges")))] };
    }
    let rest = every.subtract(&scene.transport);
    let left_out = Telling { services, every, tone: Tone::LeftOut }.elements(&rest);
    if left_out.len() < told.len() {
        return vec![format!("all but {}", listed(&few(left_out, "ranges")))];
    }
    few(told, "ranges")
}

impl<'p> Services<'p> {
    /// The built-in services, and those that a policy declares.
    pub(super) fn of(declared: &'p [Named<Traffic>]) -> Self {
        let own = catalog::services().filter(|service| !service.is_shared());
        let built_in = own.map(|service| (service.name().as_str(), service.terms()));
        let declared = declared.iter().map(|service| (service.name.value.as_str(), service.value.terms()));
        let from_anywhere = |terms: &[Term]| terms.iter().all(|term| term.source_ports().is_full());
        let plain = built_in.chain(declared).filter(|(_, terms)| from_anywhere(terms));
        let mut names = BTreeMap::new();
        for (name, set) in plain.flat_map(|(name, terms)| on_the_wire(terms).map(move |set| (name, set))) {
            names.entry(set).or_insert(name);
        }
        Self { names }
    }

    /// The service that is exactly this, from any source port.
    fn name(&self, transport: &IntervalSet<u32>) -> Option<&'p str> {
        self.names.get(transport).copied()
    }

    /// ` (pop3)` for ports that are a service.
    fn beside(&self, number: u8, (first, last): (u16, u16)) -> String {
        let name = self.name(&transports(number, &IntervalSet::range(first, last)));
        name.map_or_else(String::new, |name| format!(" ({name})"))
    }

    /// Two or three neighbouring ports one by one, if each is a service of its own.
    fn apart(&self, number: u8, (first, last): (u16, u16)) -> Vec<(u16, u16)> {
        let singles: Vec<(u16, u16)> = (first..=last).take(4).map(|port| (port, port)).collect();
        let are_named =
            singles.len() < 4 && singles.iter().all(|&port| !self.beside(number, port).is_empty());
        if are_named { singles } else { vec![(first, last)] }
    }
}

/// What a service is: as a whole, and what of it each family can carry.
fn on_the_wire(terms: &[Term]) -> impl Iterator<Item = IntervalSet<u32>> {
    let whole = IntervalSet::union_of(&terms.iter().map(Term::transport).collect::<Vec<_>>());
    let carried = Family::ALL.map(|family| whole.intersect(&carried(family)));
    [whole].into_iter().chain(carried).filter(|set| !set.is_empty())
}

/// The source ports, if they are asked for.
pub(super) fn source_ports(scene: &Scene) -> Vec<String> {
    if scene.source_ports.is_full() {
        return Vec::new();
    }
    few(scene.source_ports.intervals().iter().map(|&bounds| range(bounds)).collect(), "ranges")
}

impl Telling<'_> {
    /// The protocols one by one.
    fn elements(&self, set: &IntervalSet<u32>) -> Vec<String> {
        let mut words = self.ports(TCP, "TCP", set);
        words.extend(self.ports(UDP, "UDP", set));
        words.extend(self.messages(Family::V4, set));
        words.extend(self.messages(Family::V6, set));
        words.extend(self.others(set));
        words
    }

    fn ports(&self, number: u8, name: &str, set: &IntervalSet<u32>) -> Vec<String> {
        let ports = lower(set, number);
        // Port 0 is reserved: every port is every port without it, too.
        let missing = IntervalSet::range(1, u16::MAX).subtract(&ports);
        let one = |bounds: (u16, u16)| format!("{}{}", range(bounds), self.services.beside(number, bounds));
        match missing.intervals() {
            [] if self.tone == Tone::LeftOut => vec![name.to_owned()],
            [] => vec![format!("every {name} port")],
            rest if self.tone == Tone::Told && rest.len() < ports.intervals().len() => {
                let but = few(rest.iter().copied().map(one).collect(), "ranges");
                vec![format!("every {name} port but {}", listed(&but))]
            }
            _ => {
                let runs = ports.intervals().iter().flat_map(|&bounds| self.services.apart(number, bounds));
                runs.map(|bounds| format!("{name} {}", one(bounds))).collect()
            }
        }
    }

    /// The messages of ICMP (IPv4) or ICMPv6 (IPv6).
    fn messages(&self, language: Family, set: &IntervalSet<u32>) -> Vec<String> {
        let (number, name) = match language {
            Family::V4 => (ICMP, "ICMP"),
            Family::V6 => (ICMPV6, "ICMPv6"),
        };
        let kinds = lower(set, number);
        match kinds.is_full() {
            true if self.tone == Tone::LeftOut => vec![name.to_owned()],
            true => vec![format!("every {name} message")],
            false => runs_of_messages(language, &kinds).iter().map(|run| format!("{name} {run}")).collect(),
        }
    }

    /// The protocols without ports and messages, as runs of numbers.
    fn others(&self, set: &IntervalSet<u32>) -> Vec<String> {
        let there = plain_protocols(set);
        if !there.is_empty() && there == plain_protocols(self.every) {
            return vec!["every other protocol".to_owned()];
        }
        let run = |&(first, last): &(u8, u8)| match last - first {
            0 => format!("protocol {}", protocol_name(first)),
            _ => format!("protocols {first}-{last}"),
        };
        there.intervals().iter().map(run).collect()
    }
}

/// What of a protocol is in a set: what stands in the lower half of the number.
fn lower(set: &IntervalSet<u32>, number: u8) -> IntervalSet<u16> {
    let own = set.intersect(&protocol(number));
    let half = |value: u32| u16::try_from(value & 0xffff).unwrap_or(u16::MAX);
    IntervalSet::from_intervals(own.intervals().iter().map(|&(first, last)| (half(first), half(last))))
}

fn range((first, last): (u16, u16)) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// Whole types by name or number, and what is left of types of which only some codes are there.
fn runs_of_messages(language: Family, kinds: &IntervalSet<u16>) -> Vec<String> {
    let whole =
        |kind: &u8| IntervalSet::range(u16::from_be_bytes([*kind, 0]), u16::from_be_bytes([*kind, u8::MAX]));
    let is_whole = |kind: &u8| whole(kind).is_subset(kinds);
    let types = IntervalSet::from_intervals((0..=u8::MAX).filter(is_whole).map(|kind| (kind, kind)));
    let mut words: Vec<String> =
        types.intervals().iter().flat_map(|&run| named_types(language, run)).collect();
    for kind in (0..=u8::MAX).filter(|kind| !types.contains(*kind)) {
        let codes = kinds.intersect(&whole(&kind));
        words.extend(codes.intervals().iter().map(|&(first, last)| codes_of(language, kind, first, last)));
    }
    words
}

/// A few types each by its name, many as a range.
fn named_types(language: Family, (first, last): (u8, u8)) -> Vec<String> {
    const NAMED: RangeInclusive<u8> = 0..=4;
    if NAMED.contains(&(last - first)) {
        return (first..=last).map(|kind| message(language, kind, None)).collect();
    }
    vec![format!("types {first}-{last}")]
}

/// One code by the name of the message, or a run of codes.
fn codes_of(language: Family, kind: u8, first: u16, last: u16) -> String {
    let [_, low] = first.to_be_bytes();
    let [_, high] = last.to_be_bytes();
    if low == high {
        message(language, kind, Some(low))
    } else {
        format!("{} codes {low}-{high}", message(language, kind, None))
    }
}

/// The protocols without ports and messages of which anything is in a set.
fn plain_protocols(set: &IntervalSet<u32>) -> IntervalSet<u8> {
    let has_words = |number: u8| [TCP, UDP, ICMP, ICMPV6].contains(&number);
    let is_there = |&number: &u8| !has_words(number) && protocol(number).overlaps(set);
    IntervalSet::from_intervals((0..=u8::MAX).filter(is_there).map(|number| (number, number)))
}
