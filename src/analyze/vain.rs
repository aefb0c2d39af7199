//! Parts of a rule that never match: values it names whose packets earlier rules have all decided.

use std::collections::BTreeSet;

use super::{Decisions, Effect};
use crate::model::{Origin, RuleAction};
use crate::packet::{Cube, Family, Field, IntervalSet};

/// Values of a field that a rule speaks about in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vain {
    /// Index in [`Policy::rules`](crate::model::Policy::rules).
    pub rule: usize,
    /// The field: source, destination, or protocol and port.
    pub field: Field,
    /// Packets of the rule with these values, and none without.
    pub packets: Cube,
    /// Whether these are whole elements of the rule, not a part of a range.
    pub is_whole: bool,
    /// The rules and parts of the baseline that decide them.
    pub by: Vec<Origin>,
    /// What that means for the packets.
    pub effect: Effect,
}

/// The fields in which a rule names values.
const NAMED: [Field; 3] = [Field::Source, Field::Destination, Field::Transport];

/// A box of a rule, and its packets with dead values of each of the fields [`NAMED`].
struct Own<'d> {
    cube: &'d Cube,
    dead: [Option<Cube>; NAMED.len()],
}

impl Decisions<'_> {
    /// The values that rules name in vain although the rules themselves decide packets, in the order of the rules. Of
    /// addresses only whole elements count: to decide a host before its network is how exceptions are made. Worked out once.
    #[must_use]
    pub fn vain_parts(&self) -> &[Vain] {
        self.vain.get_or_init(|| self.all_vain_parts())
    }

    fn all_vain_parts(&self) -> Vec<Vain> {
        let hidden: BTreeSet<usize> = self.shadowed_rules().iter().map(|shadowed| shadowed.rule).collect();
        let rules = self.entries_by_rule().into_iter().filter(|(rule, _)| !hidden.contains(rule));
        rules.flat_map(|(rule, entries)| self.vain_in(rule, &entries)).collect()
    }

    fn vain_in(&self, rule: usize, entries: &[usize]) -> Vec<Vain> {
        let mut vain: Vec<Vain> = Vec::new();
        for family in Family::ALL {
            let own = self.named_by(entries, family);
            vain.extend(
                NAMED.into_iter().enumerate().filter_map(|(at, field)| self.vain(rule, &own, at, field)),
            );
        }
        // The same ports over both families are said once.
        vain.dedup_by(|next, kept| {
            next.field == Field::Transport
                && kept.field == Field::Transport
                && next.packets.transport == kept.packets.transport
        });
        vain
    }

    /// The boxes of entries in a family; none if all of their values are alive.
    fn named_by(&self, entries: &[usize], family: Family) -> Vec<Own<'_>> {
        let lines = entries.iter().flat_map(|&entry| self.boxes().lines_of(entry));
        let cubes = lines.filter_map(|line| Some((line, &self.boxes().list.lines().get(line)?.cube)));
        let of_family = cubes.filter(|(_, cube)| cube.family == family);
        let own: Vec<Own<'_>> =
            of_family.map(|(line, cube)| Own { cube, dead: self.boxes().list.dead(line, NAMED) }).collect();
        let is_dead = own.iter().any(|own| own.dead.iter().any(Option::is_some));
        if is_dead { own } else { Vec::new() }
    }

    /// The values of the field in a place of [`NAMED`] that are dead in every box that has them.
    fn vain(&self, rule: usize, own: &[Own<'_>], at: usize, field: Field) -> Option<Vain> {
        let dead: Vec<IntervalSet<u128>> = own.iter().map(|own| own.dead_values(at, field)).collect();
        if dead.iter().all(IntervalSet::is_empty) {
            return None;
        }
        let named = IntervalSet::union_of(&own.iter().map(|own| values(own.cube, field)).collect::<Vec<_>>());
        let alive = own.iter().zip(&dead).map(|(own, dead)| values(own.cube, field).subtract(dead));
        let dead = named.subtract(&IntervalSet::union_of(&alive.collect::<Vec<_>>()));
        let (said, is_whole) = telling(&named, &dead, field)?;
        let packets = own.iter().find_map(|own| narrowed(own.cube, field, &said))?;
        let by = self.deciders(&packets);
        let effect = self.effect(rule, &by);
        let counts = is_whole || (effect == Effect::Contradicted && self.allows(rule));
        counts.then_some(Vain { rule, field, packets, is_whole, by, effect })
    }

    fn allows(&self, rule: usize) -> bool {
        self.policy().rules.get(rule).is_some_and(|rule| rule.action.value == RuleAction::Allow)
    }

    fn deciders(&self, packets: &Cube) -> Vec<Origin> {
        let mut origins: Vec<Origin> = self.deciding(packets).map(|hit| hit.entry.origin).collect();
        origins.dedup();
        origins
    }
}

impl Own<'_> {
    fn dead_values(&self, at: usize, field: Field) -> IntervalSet<u128> {
        let dead = self.dead.get(at).and_then(Option::as_ref);
        dead.map_or_else(IntervalSet::empty, |dead| values(dead, field))
    }
}

/// The dead ones of the values that a rule names which are worth a word, and whether they are whole elements: those if
/// there are any, else parts of ranges of ports. A part of all ports is none: whoever writes `any` means what is left.
fn telling(
    named: &IntervalSet<u128>,
    dead: &IntervalSet<u128>,
    field: Field,
) -> Option<(IntervalSet<u128>, bool)> {
    let element = |&(start, end): &(u128, u128)| IntervalSet::range(start, end);
    let elements = || named.intervals().iter().map(element);
    let whole: Vec<IntervalSet<u128>> = elements().filter(|element| element.is_subset(dead)).collect();
    if !whole.is_empty() {
        return Some((IntervalSet::union_of(&whole), true));
    }
    let is_range = |&(start, end): &(u128, u128)| end - start < u128::from(u16::MAX) - 1;
    let ranges = named.intervals().iter().copied().filter(is_range);
    let part = IntervalSet::from_intervals(ranges).intersect(dead);
    (field == Field::Transport && !part.is_empty()).then_some((part, false))
}

/// The values that a box has in a field, in the widest numbers.
fn values(cube: &Cube, field: Field) -> IntervalSet<u128> {
    match field {
        Field::Source => cube.source.clone(),
        Field::Destination => cube.destination.clone(),
        _ => {
            let wide = |&(start, end): &(u32, u32)| (u128::from(start), u128::from(end));
            IntervalSet::from_intervals(cube.transport.intervals().iter().map(wide))
        }
    }
}

/// A box with only some of the values in a field; none if it has none of them.
fn narrowed(cube: &Cube, field: Field, to: &IntervalSet<u128>) -> Option<Cube> {
    let both = values(cube, field).intersect(to);
    let narrow = |number: u128| u32::try_from(number).unwrap_or(u32::MAX);
    let transport = || both.intervals().iter().map(|&(start, end)| (narrow(start), narrow(end)));
    let cube = match field {
        Field::Source => Cube { source: both, ..cube.clone() },
        Field::Destination => Cube { destination: both, ..cube.clone() },
        _ => Cube { transport: IntervalSet::from_intervals(transport()), ..cube.clone() },
    };
    (!cube.is_empty()).then_some(cube)
}
