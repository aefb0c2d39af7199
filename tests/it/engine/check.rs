//! Every answer of the engine about a pair of lists, held against an oracle.

use std::collections::BTreeSet;
use std::ops::AddAssign;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mailward::packet::{Difference, Line, List, Packet, Redundancy, Shadow, differences};

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

/// Asks the engine everything about two lists; the first thing that an oracle sees otherwise is the error.
pub(crate) fn pair(oracle: &mut dyn Oracle, [left, right]: &[Vec<Line>; 2]) -> Result<Seen, String> {
    let mut check = || {
        let lists = [left, right].map(|lines| List::new(lines.clone()));
        let mut seen = Seen::default();
        for list in &lists {
            for owner in owners(list.lines()) {
                shadow(oracle, list, owner, &mut seen)?;
                redundancy(oracle, list, owner, &mut seen)?;
            }
        }
        conflicts(oracle, &lists, &mut seen)?;
        Ok(seen)
    };
    catch_unwind(AssertUnwindSafe(&mut check)).unwrap_or_else(|_| Err("the engine panicked".to_owned()))
}

pub(crate) fn owners(lines: &[Line]) -> BTreeSet<usize> {
    lines.iter().map(|line| line.owner).collect()
}

fn expect(holds: bool, complaint: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(complaint()) }
}

fn shadow(oracle: &mut dyn Oracle, list: &List, owner: usize, seen: &mut Seen) -> Result<(), String> {
    let reached = is_reached(oracle, list.lines(), owner);
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

fn is_reached(oracle: &mut dyn Oracle, lines: &[Line], owner: usize) -> bool {
    oracle.reached(lines).into_iter().any(|number| lines[number].owner == owner)
}

/// Whether some owners shadow another one, and no fewer of them do.
fn irreducible(oracle: &mut dyn Oracle, lines: &[Line], owner: usize, blockers: &[usize]) -> Result<(), String> {
    let mut reached_past = |blockers: &[usize]| {
        let of = |line: &&Line| line.owner == owner || blockers.contains(&line.owner);
        let kept: Vec<Line> = lines.iter().filter(of).cloned().collect();
        is_reached(oracle, &kept, owner)
    };
    expect(!reached_past(blockers), || format!("owners {blockers:?} alone do not shadow owner {owner}"))?;
    for (place, spare) in blockers.iter().enumerate() {
        let fewer = [&blockers[..place], &blockers[place + 1..]].concat();
        let complaint = || format!("owner {owner} is shadowed by {blockers:?}, and {spare} is not needed for it");
        expect(reached_past(&fewer), complaint)?;
    }
    Ok(())
}

fn redundancy(oracle: &mut dyn Oracle, list: &List, owner: usize, seen: &mut Seen) -> Result<(), String> {
    let lines = list.lines();
    let (own, others): (Vec<Line>, Vec<Line>) = lines.iter().cloned().partition(|line| line.owner == owner);
    let looks_on = own.iter().any(|line| line.outcome.is_none());
    let needed = looks_on || !oracle.conflicts(lines, &others).is_empty();
    match list.redundant(owner) {
        Redundancy::Needed => {
            seen.needed += 1;
            expect(needed, || format!("owner {owner} could go and is said to be needed"))
        }
        Redundancy::By(heirs) => {
            seen.redundant += usize::from(!heirs.is_empty());
            expect(!needed, || format!("owner {owner} is needed and said to be redundant by {heirs:?}"))?;
            let shadowed = !is_reached(oracle, lines, owner);
            expect(heirs.is_empty() == shadowed, || format!("owner {owner}: shadowed {shadowed}, but {heirs:?}"))
        }
        Redundancy::Undecided => Err(format!("whether owner {owner} is redundant was not decided")),
    }
}

fn conflicts(oracle: &mut dyn Oracle, lists: &[List; 2], seen: &mut Seen) -> Result<(), String> {
    let [left, right] = lists;
    let expected = oracle.conflicts(left.lines(), right.lines());
    let said = differences(left, right);
    seen.alike += usize::from(expected.is_empty());
    seen.different += usize::from(!expected.is_empty());
    expect(said.undecided.is_empty(), || format!("not decided: {:?}", said.undecided))?;
    let pairs: Vec<(usize, usize)> = said.found.iter().map(|found| (found.left, found.right)).collect();
    let distinct: BTreeSet<(usize, usize)> = pairs.iter().copied().collect();
    expect(distinct == expected, || format!("these lines differ: {expected:?}; said to: {pairs:?}"))?;
    expect(distinct.len() == pairs.len(), || format!("said more than once: {pairs:?}"))?;
    said.found.iter().try_for_each(|found| difference(lists, found))
}

/// Whether the packet of a difference shows it.
fn difference([left, right]: &[List; 2], found: &Difference) -> Result<(), String> {
    let Difference { packet, part, .. } = found;
    expect(exists(packet), || format!("{packet:?} cannot exist"))?;
    let deciders = [left, right].map(|list| first(list.lines(), packet).unwrap_or(list.lines().len()));
    expect(deciders == [found.left, found.right], || format!("{deciders:?} decide {packet:?}, not {found:?}"))?;
    expect(part.contains(packet), || format!("{packet:?} is not in {part:?}"))?;
    let of_lists = [left.decide(packet), right.decide(packet)].map(|line| line.unwrap_or(usize::MAX));
    let numbers = [(left, deciders[0]), (right, deciders[1])];
    let numbers = numbers.map(|(list, number)| if number == list.lines().len() { usize::MAX } else { number });
    expect(of_lists == numbers, || format!("{of_lists:?} are said to decide {packet:?}, not {numbers:?}"))
}

/// Every packet of a small space: who decides it, and whether the part of a difference that holds it says the truth.
pub(crate) fn each(packets: &[Packet], [left, right]: &[Vec<Line>; 2]) -> Result<(), String> {
    let lists = [left, right].map(|lines| List::new(lines.clone()));
    let said = differences(&lists[0], &lists[1]);
    for packet in packets {
        let deciders = [left, right].map(|lines| first(lines, packet));
        let said_deciders = [0, 1].map(|side: usize| lists[side].decide(packet));
        expect(deciders == said_deciders, || format!("{deciders:?} decide {packet:?}, said to: {said_deciders:?}"))?;
        for found in said.found.iter().filter(|found| found.part.contains(packet)) {
            let holds = |lines: &[Line], number: &usize| lines[*number].cube.contains(packet);
            let excepted = found.left_except.iter().any(|number| holds(left, number))
                || found.right_except.iter().any(|number| holds(right, number));
            let outcome = |lines: &[Line], number: usize| lines.get(number).and_then(|line| line.outcome);
            let outcomes = [(left, 0), (right, 1)].map(|(lines, side)| deciders[side].and_then(|n| outcome(lines, n)));
            let claimed = [outcome(left, found.left), outcome(right, found.right)];
            expect(excepted || outcomes == claimed, || format!("{packet:?} meets {outcomes:?}, not {found:?}"))?;
        }
    }
    Ok(())
}
