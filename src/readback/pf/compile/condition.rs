//! Everything that a rule asks of packets, in any order of looking at it.

use super::place::{Place, Side};
use super::{Compiler, pattern};
use crate::packet::{Cube, Family, Hook, IntervalSet, Unknowns};
use crate::readback::clause::{Clause, all_of};
use crate::readback::pf::addresses::never_own;
use crate::readback::pf::syntax::{Direction, Host, Not, On, Rule};

/// What one rule asks for, without the rules around it.
#[derive(Clone, Debug)]
pub(in crate::readback::pf) struct Condition {
    /// What is the same wherever a packet is.
    fixed: Vec<Clause>,
    family: Option<Family>,
    /// Interfaces that it crosses: any of these; none for all.
    on: Option<Crossing>,
    /// The interface that it came in on.
    received: Option<Crossing>,
    /// Ends that are told by more than addresses.
    ends: Vec<(Side, Vec<Place>)>,
}

/// Interfaces, and conditions for groups that are not known.
#[derive(Clone, Debug)]
struct Crossing {
    known: IntervalSet<u16>,
    /// For packets that come in and for those that go out; whether it must hold.
    groups: Vec<([u32; 2], bool)>,
}

/// Which packets, and where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::readback::pf) struct Way {
    /// The way they cross the interface.
    pub(in crate::readback::pf) direction: Direction,
    /// The hook.
    pub(in crate::readback::pf) hook: Hook,
    /// The family.
    pub(in crate::readback::pf) family: Family,
}

impl Condition {
    /// A condition that nobody can look into.
    pub(super) fn unknown(every: &Clause, number: u32) -> Self {
        let unknowns = Unknowns::of([(number, true)]).unwrap_or_default();
        let fixed = vec![Clause { unknowns, ..every.clone() }];
        Self { fixed, family: None, on: None, received: None, ends: Vec::new() }
    }

    /// The most boxes that it may come to.
    pub(in crate::readback::pf) fn alternatives(&self) -> usize {
        let crossings = [&self.on, &self.received].into_iter().flatten();
        let crossings = crossings.map(|crossing| crossing.groups.len() + 1);
        let ends = self.ends.iter().map(|(_, places)| places.len());
        crossings.chain(ends).fold(self.fixed.len(), usize::saturating_mul)
    }

    /// The packets on one way that meet it.
    pub(in crate::readback::pf) fn cubes(&self, way: Way) -> Vec<Cube> {
        if self.family.is_some_and(|family| family != way.family) {
            return Vec::new();
        }
        let mut cubes: Vec<Cube> =
            self.fixed.iter().filter_map(|clause| clause.cube(way.hook, way.family)).collect();
        if let Some(on) = &self.on {
            cubes = on.narrow(&cubes, way.direction);
        }
        if let Some(received) = &self.received {
            cubes = received.narrow(&cubes, Direction::In);
        }
        for (side, places) in &self.ends {
            let narrowed = cubes
                .iter()
                .flat_map(|cube| places.iter().filter_map(move |place| place.narrow(cube, *side)));
            cubes = narrowed.collect();
        }
        cubes
    }
}

impl Crossing {
    /// The packets of some boxes that cross one of the interfaces that way.
    fn narrow(&self, cubes: &[Cube], direction: Direction) -> Vec<Cube> {
        cubes.iter().flat_map(|cube| self.narrowed(cube, direction)).collect()
    }

    fn narrowed(&self, cube: &Cube, direction: Direction) -> Vec<Cube> {
        let mut known = cube.clone();
        let field = match direction {
            Direction::In => &mut known.incoming,
            Direction::Out => &mut known.outgoing,
        };
        *field = field.intersect(&self.known);
        let groups = self.groups.iter().filter_map(|&([incoming, outgoing], holds)| match direction {
            Direction::In => with(cube, (incoming, holds)),
            Direction::Out => with(cube, (outgoing, holds)),
        });
        Some(known).filter(|known| !known.is_empty()).into_iter().chain(groups).collect()
    }
}

/// A box under one more condition; none if it contradicts the others.
pub(in crate::readback::pf) fn with(cube: &Cube, literal: (u32, bool)) -> Option<Cube> {
    let unknowns = cube.unknowns.intersect(&Unknowns::of([literal])?)?;
    Some(Cube { unknowns, ..cube.clone() })
}

/// The packets of a box with one of some addresses at an end; none if there are none.
fn within(cube: &Cube, side: Side, addresses: &IntervalSet<u128>) -> Option<Cube> {
    let mut narrowed = cube.clone();
    let field = match side {
        Side::Source => &mut narrowed.source,
        Side::Destination => &mut narrowed.destination,
    };
    *field = field.intersect(addresses);
    (!narrowed.is_empty()).then_some(narrowed)
}

impl Place {
    fn narrow(&self, cube: &Cube, side: Side) -> Option<Cube> {
        match self {
            Self::Known(addresses) => within(cube, side, addresses.of(cube.family)),
            Self::Own { family: Some(family), .. } if *family != cube.family => None,
            Self::Own { number, negated, .. } => match side.is_own(cube.hook) {
                Some(false) => negated.then(|| cube.clone()),
                Some(true) => {
                    let strange = never_own(cube.family);
                    within(cube, side, &if *negated { strange } else { strange.complement() })
                }
                None => with(cube, (*number, !*negated)),
            },
            Self::Unknown(unknown) => {
                if unknown.family.is_some_and(|family| family != cube.family) {
                    None
                } else if unknown.is_own && cube.hook == Hook::Forward {
                    (!unknown.literal.1).then(|| cube.clone())
                } else {
                    with(cube, unknown.literal)
                }
            }
        }
    }
}

impl Compiler<'_> {
    /// What a rule asks for.
    pub(super) fn condition(&mut self, rule: &Rule) -> Condition {
        let traffic = self.traffic(rule);
        let unknown = self.unknowns(rule);
        let mut fixed = if let [only] = unknown.as_slice() {
            let add = |clause: Clause| Some(Clause { unknowns: clause.unknowns.intersect(only)?, ..clause });
            traffic.into_iter().filter_map(add).collect()
        } else {
            let clauses: Vec<Clause> =
                unknown.into_iter().map(|unknowns| Clause { unknowns, ..self.every.clone() }).collect();
            all_of(&traffic, &clauses).unwrap_or(traffic)
        };
        let mut ends = Vec::new();
        for (side, end) in [(Side::Source, &rule.source), (Side::Destination, &rule.destination)] {
            if end.hosts.is_empty() {
                continue;
            }
            let places = self.places(&end.hosts, side);
            let [Place::Known(addresses)] = places.as_slice() else {
                ends.push((side, places));
                continue;
            };
            for clause in &mut fixed {
                match side {
                    Side::Source => clause.source = addresses.clone(),
                    Side::Destination => clause.destination = addresses.clone(),
                }
            }
        }
        let on = if rule.on.is_empty() { scoped(rule) } else { rule.on.clone() };
        let on = (!on.is_empty()).then(|| self.crossing(&on));
        let received = rule.options.received_on.as_ref().map(|on| self.crossing(std::slice::from_ref(on)));
        Condition { fixed, family: rule.family, on, received, ends }
    }

    fn crossing(&mut self, all: &[Not<On>]) -> Crossing {
        let mut crossing = Crossing { known: IntervalSet::empty(), groups: Vec::new() };
        for Not { negated, item } in all {
            let (known, name) = match item {
                On::Any => (Some(IntervalSet::single(0).complement()), "any".to_owned()),
                On::Named(name) => (self.named(item), name.clone()),
                On::Domain(number) => (None, format!("rdomain {number}")),
            };
            match known {
                Some(known) if *negated => crossing.known = crossing.known.union(&known.complement()),
                Some(known) => crossing.known = crossing.known.union(&known),
                None => {
                    let ways = ["in", "out"];
                    let numbers = ways.map(|way| self.conditions.number(&format!("{way} on {name}")));
                    crossing.groups.push((numbers, !negated));
                }
            }
        }
        crossing
    }

    fn named(&self, on: &On) -> Option<IntervalSet<u16>> {
        pattern(on, self.dialect).map(|pattern| self.interfaces.set(&pattern))
    }

    /// The alternatives of conditions that nobody can look into.
    fn unknowns(&mut self, rule: &Rule) -> Vec<Unknowns> {
        let changing: Vec<(u32, bool)> = rule
            .options
            .changing
            .iter()
            .map(|text| (self.conditions.changing(text, &mut self.occurrences), true))
            .collect();
        let mut all = vec![Unknowns::of(changing).unwrap_or_default()];
        for list in &rule.options.unknown {
            // Too many alternatives are one condition.
            let joined = (all.len() * list.len() > MOST).then(|| vec![list.join(" or ")]);
            let texts = joined.as_ref().unwrap_or(list);
            let literals: Vec<Unknowns> = texts
                .iter()
                .filter_map(|text| Unknowns::of([(self.conditions.number(text), true)]))
                .collect();
            all =
                all.iter().flat_map(|one| literals.iter().filter_map(|other| one.intersect(other))).collect();
        }
        all
    }
}

/// The most alternatives of conditions that are kept apart.
const MOST: usize = 256;

/// A link-local address with an interface is for that interface only.
fn scoped(rule: &Rule) -> Vec<Not<On>> {
    let mut all: Vec<Not<On>> = Vec::new();
    for hosts in [&rule.source.hosts, &rule.destination.hosts] {
        let scopes: Option<Vec<&String>> = hosts.iter().map(|host| host.item.scope()).collect();
        for scope in scopes.unwrap_or_default() {
            let on = Not { negated: false, item: On::Named(scope.clone()) };
            if !all.contains(&on) {
                all.push(on);
            }
        }
    }
    all
}

impl Host {
    /// The interface after `%`.
    pub(super) const fn scope(&self) -> Option<&String> {
        match self {
            Self::Net(_, scope) => scope.as_ref(),
            _ => None,
        }
    }
}
