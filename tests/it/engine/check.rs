//! Every answer of the engine about a pair of lists, held against an oracle.

use std::collections::BTreeSet;
use std::ops::AddAssign;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mailward::packet::{Difference, Differences, Line, List, Packet, Redundancy, Shadow, differences};

use super::Oracle;
use super::brute::{exists, first};

/// What pairs came to: whether a test has seen enough of each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) alike: usize,
    pub(crate) different: usize,
    pub(crate) shadowed: usize,
    /// Shadowed, and not by one owner alone.
    pub(crate) together: usize,
    pub(crate) reached: usize,
    /// Decides packets, and others would do the same to them.
    pub(crate) redundant: usize,
    pub(crate) needed: usize,
}

impl Seen {
    /// Whether so many pairs have seen enough of each answer to trust that it is right.
    pub(crate) fn is_enough(&self, pairs: u64) -> bool {
        let often = [self.alike, self.different, self.shadowed, self.reached, self.redundant, self.needed];
        often.iter().all(|&seen| seen as u64 * 5 > pairs) && self.together as u64 * 300 >= pairs
    }
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.alike += other.alike;
        self.different += other.different;
        self.shadowed += other.shadowed;
        self.together += other.together;
        self.reached += other.reached;
        self.redundant += other.redundant;
        self.needed += other.needed;
    }
}

/// Two lists, and what the engine says they do differently.
pub(crate) struct Pair {
    lists: [List; 2],
    said: Differences,
}

/// Calls that end in an error, also where the engine panics.
pub(crate) fn guarded<T>(check: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Err("the engine panicked".to_owned()))
}

impl Pair {
    pub(crate) fn new(lines: &[Vec<Line>; 2]) -> Self {
        let lists = lines.each_ref().map(|lines| List::new(lines.clone()));
        Self { said: differences(&lists[0], &lists[1]), lists }
    }

    /// The first list.
    pub(crate) const fn left(&self) -> &List {
        &self.lists[0]
    }

    /// The same answer about other lists: a wrong one, where these differ.
    pub(crate) fn said_of(self, lines: &[Vec<Line>; 2]) -> Self {
        Self { lists: lines.each_ref().map(|lines| List::new(lines.clone())), ..self }
    }

    /// Whether the engine and an oracle see the same: shadowed and redundant owners, of which every `step`th is asked
    /// about, and different lines.
    pub(crate) fn against(&self, oracle: &mut dyn Oracle, step: usize) -> Result<Seen, String> {
        let mut seen = Seen::default();
        for list in &self.lists {
            let reached = reached(oracle, list.lines());
            for owner in owners(list.lines()) {
                shadow(oracle, list, (owner, reached.contains(&owner)), &mut seen)?;
            }
            for owner in owners(list.lines()).into_iter().step_by(step) {
                redundancy(oracle, list, (owner, reached.contains(&owner)), &mut seen)?;
            }
        }
        self.conflicts(oracle, &mut seen)?;
        Ok(seen)
    }
}

pub(crate) fn owners(lines: &[Line]) -> BTreeSet<usize> {
    lines.iter().map(|line| line.owner).collect()
}

fn expect(holds: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(complaint()) }
}

fn shadow(
    oracle: &mut dyn Oracle,
    list: &List,
    (owner, reached): (usize, bool),
    seen: &mut Seen,
) -> Result<(), String> {
    match list.shadowed(owner) {
        Shadow::Reached => {
            seen.reached += 1;
            expect(reached, || format!("owner {owner} is shadowed and said to be reached"))
        }
        Shadow::By(blockers) => {
            seen.shadowed += 1;
            seen.together += usize::from(blockers.len() > 1);
            expect(!reached, || format!("owner {owner} is reached and said to be shadowed by {blockers:?}"))?;
            irreducible(oracle, list.lines(), owner, &blockers)
        }
        Shadow::Undecided => Err(format!("whether owner {owner} is shadowed was not decided")),
    }
}

/// The owners of lines that some packet comes to.
fn reached(oracle: &mut dyn Oracle, lines: &[Line]) -> BTreeSet<usize> {
    oracle.reached(lines).into_iter().map(|number| lines[number].owner).collect()
}

/// Whether some owners shadow another one, and no fewer of them do.
fn irreducible(
    oracle: &mut dyn Oracle,
    lines: &[Line],
    owner: usize,
    blockers: &[usize],
) -> Result<(), String> {
    let mut reached_past = |blockers: &[usize]| {
        let of = |line: &&Line| line.owner == owner || blockers.contains(&line.owner);
        let kept: Vec<Line> = lines.iter().filter(of).cloned().collect();
        reached(oracle, &kept).contains(&owner)
    };
    expect(!reached_past(blockers), || format!("owners {blockers:?} alone do not shadow owner {owner}"))?;
    for (place, spare) in blockers.iter().enumerate() {
        let fewer = [&blockers[..place], &blockers[place + 1..]].concat();
        let complaint =
            || format!("owner {owner} is shadowed by {blockers:?}, and {spare} is not needed for it");
        expect(reached_past(&fewer), complaint)?;
    }
    Ok(())
}

fn redundancy(
    oracle: &mut dyn Oracle,
    list: &List,
    (owner, reached): (usize, bool),
    seen: &mut Seen,
) -> Result<(), String> {
    let lines = list.lines();
    let (own, others): (Vec<Line>, Vec<Line>) = lines.iter().cloned().partition(|line| line.owner == owner);
    let looks_on = own.iter().any(|line| line.outcome.is_none());
    let needed = looks_on || !oracle.alike(lines, &others);
    match list.redundant(owner) {
        Redundancy::Needed => {
            seen.needed += 1;
            expect(needed, || format!("owner {owner} could go and is said to be needed"))
        }
        Redundancy::By(heirs) => {
            seen.redundant += usize::from(!heirs.is_empty());
            expect(!needed, || format!("owner {owner} is needed and said to be redundant by {heirs:?}"))?;
            expect(!reached || !heirs.is_empty(), || {
                format!("who decides the packets of owner {owner} without it?")
            })
        }
        Redundancy::Undecided => Err(format!("whether owner {owner} is redundant was not decided")),
    }
}

/// Whether the packet of a difference shows it.
fn difference([left, right]: &[List; 2], found: &Difference) -> Result<(), String> {
    let Difference { packet, part, .. } = found;
    expect(exists(packet), || format!("{packet:?} cannot exist"))?;
    let deciders = [left, right].map(|list| first(list.lines(), packet).unwrap_or(list.lines().len()));
    expect(deciders == [found.left, found.right], || {
        format!("{deciders:?} decide {packet:?}, not {found:?}")
    })?;
    expect(part.contains(packet), || format!("{packet:?} is not in {part:?}"))?;
    let of_lists = [left.decide(packet), right.decide(packet)].map(|line| line.unwrap_or(usize::MAX));
    let numbers = [(left, deciders[0]), (right, deciders[1])];
    let numbers =
        numbers.map(|(list, number)| if number == list.lines().len() { usize::MAX } else { number });
    expect(of_lists == numbers, || format!("{of_lists:?} are said to decide {packet:?}, not {numbers:?}"))
}

impl Pair {
    fn conflicts(&self, oracle: &mut dyn Oracle, seen: &mut Seen) -> Result<(), String> {
        let Self { lists: [left, right], said } = self;
        let expected = oracle.conflicts(left.lines(), right.lines());
        seen.alike += usize::from(expected.is_empty());
        seen.different += usize::from(!expected.is_empty());
        expect(said.undecided.is_empty(), || format!("not decided: {:?}", said.undecided))?;
        let pairs: Vec<(usize, usize)> = said.found.iter().map(|found| (found.left, found.right)).collect();
        let distinct: BTreeSet<(usize, usize)> = pairs.iter().copied().collect();
        expect(distinct == expected, || format!("these lines differ: {expected:?}; said to: {pairs:?}"))?;
        expect(distinct.len() == pairs.len(), || format!("said more than once: {pairs:?}"))?;
        said.found.iter().try_for_each(|found| difference(&self.lists, found))
    }

    /// Whether the engine knows who decides a packet, and every part of a difference that holds it says the truth.
    pub(crate) fn packet(&self, packet: &Packet) -> Result<(), String> {
        let deciders = self.lists.each_ref().map(|list| first(list.lines(), packet));
        let said = self.lists.each_ref().map(|list| list.decide(packet));
        expect(deciders == said, || format!("{deciders:?} decide {packet:?}, said to: {said:?}"))?;
        let [left, right] = self.lists.each_ref().map(List::lines);
        let outcome = |lines: &[Line], number: usize| lines.get(number).and_then(|line| line.outcome);
        let outcomes = [(left, deciders[0]), (right, deciders[1])];
        let outcomes = outcomes.map(|(lines, number)| number.and_then(|number| outcome(lines, number)));
        for found in self.said.found.iter().filter(|found| found.part.contains(packet)) {
            let excepted = [(left, &found.left_except), (right, &found.right_except)]
                .iter()
                .any(|(lines, numbers)| numbers.iter().any(|&number| lines[number].cube.contains(packet)));
            let claimed = [outcome(left, found.left), outcome(right, found.right)];
            expect(excepted || outcomes == claimed, || {
                format!("{packet:?} meets {outcomes:?}, not {found:?}")
            })?;
        }
        Ok(())
    }
}
