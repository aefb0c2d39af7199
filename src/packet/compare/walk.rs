//! The lines of two lists in one plane, and every pair of them that decides some packet differently.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Difference, Differences};
use crate::packet::block::{Block, Position};
use crate::packet::cover::{Cover, in_plane};
use crate::packet::plane::Plane;
use crate::packet::search::{Near, Passed};
use crate::packet::{Cube, Familiar, List, Packet};

/// Lines of a list of one hook and family, those that differ from the other list, and the box of everything.
#[derive(Clone, Copy)]
pub(super) struct Side<'l> {
    pub(super) list: &'l List,
    pub(super) numbers: &'l [usize],
    pub(super) changed: &'l BTreeSet<usize>,
    pub(super) every: &'l Cube,
}

/// A line of one of the lists, or what stands for no line at the end of each.
struct Member<'l> {
    number: usize,
    cube: &'l Cube,
    outcome: Option<usize>,
    is_changed: bool,
    /// The first line of the other list that holds all its packets, once somebody has asked.
    holder: OnceCell<Option<u32>>,
}

/// The lines that matter: first those of the left list, then those of the right one.
pub(super) struct Pairing<'l> {
    members: Vec<Member<'l>>,
    left: Range<u32>,
    right: Range<u32>,
    plane: Plane,
    familiar: &'l Familiar,
}

/// A line, and the lines of the other list that it is held against.
struct Contest<'p> {
    place: u32,
    block: &'p Block,
    /// Earlier lines of its own list that hold some of its packets.
    earlier: Vec<Near<'p>>,
    /// All lines of the other list that do.
    others: Vec<Near<'p>>,
}

impl<'l> Side<'l> {
    fn changed_cubes(&self) -> impl Iterator<Item = &'l Cube> + use<'l> {
        let list = self.list;
        self.changed.iter().filter_map(|&number| list.lines().get(number)).map(|line| &line.cube)
    }

    /// The lines that have something in common with one of some boxes, and the end of the list.
    fn members(&self, about: &[&Cube]) -> Vec<Member<'l>> {
        let end = Member {
            number: self.list.lines().len(),
            cube: self.every,
            outcome: None,
            is_changed: false,
            holder: OnceCell::new(),
        };
        let wanted = self.relevant(about).into_iter();
        let member = |number: usize| {
            let line = self.list.lines().get(number)?;
            let is_changed = self.changed.contains(&number);
            let holder = OnceCell::new();
            Some(Member { number, cube: &line.cube, outcome: line.outcome, is_changed, holder })
        };
        wanted.filter_map(member).chain([end]).collect()
    }

    fn relevant(&self, about: &[&Cube]) -> Vec<usize> {
        /// So few boxes are quicker to hold against every line than to look up: the list need not be made ready.
        const FEW: usize = 32;
        if about.len() <= FEW {
            let line = |number: usize| self.list.lines().get(number);
            let meets = |&&number: &&usize| {
                line(number).is_some_and(|line| about.iter().any(|cube| cube.overlaps(&line.cube)))
            };
            return self.numbers.iter().filter(meets).copied().collect();
        }
        if about.len() * 4 > self.numbers.len() {
            return self.numbers.to_vec();
        }
        let met: BTreeSet<usize> =
            about.iter().flat_map(|cube| self.list.meeting(cube, self.list.lines().len())).collect();
        met.into_iter().collect()
    }
}

impl<'l> Pairing<'l> {
    /// The lines of both sides that have something in common with one of the changed ones.
    pub(super) fn new(left: Side<'l>, right: Side<'l>) -> Self {
        let about: Vec<&Cube> = left.changed_cubes().chain(right.changed_cubes()).collect();
        let mut members = left.members(&about);
        let middle = u32::try_from(members.len()).unwrap_or(u32::MAX);
        members.extend(right.members(&about));
        let plane = Plane::new(members.iter().map(|member| member.cube), left.every.family);
        Self { left: 0..middle, right: middle..plane.len(), members, plane, familiar: right.list.familiar() }
    }

    /// Adds every pair of lines of which at least one is changed and that decides some packet differently.
    pub(super) fn walk(&self, all: &mut Differences) {
        let changed = (0..).zip(&self.members).filter(|(_, member)| member.is_changed);
        for (place, block) in changed.filter_map(|(place, _)| Some((place, self.plane.at(place)?))) {
            let (own, other) = self.sides_of(place);
            let earlier = self.plane.near(block, own.start..place);
            let others = self.plane.near(block, other.clone());
            self.decide(&Contest { place, block, earlier, others }, all);
        }
    }

    /// The places of the list that a line is of, and those of the other list.
    fn sides_of(&self, place: u32) -> (&Range<u32>, &Range<u32>) {
        if self.is_left(place) { (&self.left, &self.right) } else { (&self.right, &self.left) }
    }

    fn is_left(&self, place: u32) -> bool {
        self.left.contains(&place)
    }

    /// Holds a line against those of the other list, up to the one behind which nothing of it is left.
    fn decide(&self, contest: &Contest<'_>, all: &mut Differences) {
        let whole = self.plane.possible(contest.block);
        let mut passed = Passed::new(whole.clone(), contest.earlier.clone());
        if passed.hold_all() {
            return; // Nothing comes as far as this line.
        }
        for (at, other) in contest.others.iter().enumerate() {
            let shared = || whole.iter().filter_map(|part| part.intersect(other.block)).collect();
            let is_done = self.is_open(contest, other)
                && !self.is_held_before(contest, other)
                && match passed.hold(shared()) {
                    Some(true) => passed.hold_all(),
                    Some(false) => {
                        all.found.extend(self.difference(contest, at, passed.near()));
                        false
                    }
                    None => {
                        all.undecided.push(self.numbers(contest.place, other.place));
                        false
                    }
                };
            if is_done || passed.is_held_by(contest.block, other) {
                return;
            }
            passed.push(*other);
        }
    }

    /// Whether two lines do different things, and have not been held against each other before.
    fn is_open(&self, contest: &Contest<'_>, other: &Near<'_>) -> bool {
        let member = |place: u32| self.members.get(place as usize);
        let (Some(own), Some(other)) = (member(contest.place), member(other.place)) else { return false };
        let before = other.is_changed && !self.is_left(contest.place);
        own.outcome != other.outcome && !before
    }

    /// Whether an earlier line of its own list holds all packets of a line of the other: then a line decides none of
    /// them. That settles most pairs where one list is a rewritten form of the other.
    fn is_held_before(&self, contest: &Contest<'_>, other: &Near<'_>) -> bool {
        let holder = || {
            let near = self.plane.near(other.block, self.sides_of(contest.place).0.clone());
            near.iter()
                .find(|near| other.block.position(near.block) == Position::Within)
                .map(|near| near.place)
        };
        let member = self.members.get(other.place as usize);
        member
            .and_then(|member| *member.holder.get_or_init(holder))
            .is_some_and(|place| place < contest.place)
    }

    /// The numbers of two lines, the left one first.
    fn numbers(&self, own: u32, other: u32) -> (usize, usize) {
        let number = |place: u32| self.members.get(place as usize).map_or(0, |member| member.number);
        if self.is_left(own) { (number(own), number(other)) } else { (number(other), number(own)) }
    }

    fn difference(&self, contest: &Contest<'_>, at: usize, decided: &[Near<'_>]) -> Option<Difference> {
        let other = contest.others.get(at)?;
        let member = |place: u32| self.members.get(place as usize);
        let part = member(contest.place)?.cube.intersect(member(other.place)?.cube)?;
        let shared = contest.block.intersect(other.block)?;
        let Cover::Uncovered(open) = in_plane(&self.plane, (&part, &shared), decided, self.familiar) else {
            return None;
        };
        let own_except = self.excepted(&contest.earlier, contest.place, &shared);
        let other_except = self.excepted(contest.others.get(..at)?, other.place, &shared);
        let (left_except, right_except) =
            if self.is_left(contest.place) { (own_except, other_except) } else { (other_except, own_except) };
        let (left, right) = self.numbers(contest.place, other.place);
        Some(Difference {
            left,
            right,
            part,
            left_except,
            right_except,
            packet: Packet::among(&open, self.familiar)?,
        })
    }

    /// The lines before another that do something else to some packets of a box.
    fn excepted(&self, before: &[Near<'_>], place: u32, shared: &Block) -> Vec<usize> {
        let outcome = |place: u32| self.members.get(place as usize).and_then(|member| member.outcome);
        let other = |near: &&Near<'_>| outcome(near.place) != outcome(place) && near.block.overlaps(shared);
        let numbers = before.iter().filter(other).filter_map(|near| self.members.get(near.place as usize));
        numbers.map(|member| member.number).collect()
    }
}
