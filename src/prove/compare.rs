//! Two meanings side by side.

use super::evidence::Evidence;
use super::silence::silenced;
use super::treatment::{self, Actor, Logging, Outcomes, Sheet, Treatment};
use crate::packet::{Cube, Packet, State, Unknowns, differences};
use crate::readback::{Fate, Meaning, Step};
use crate::source::Site;

/// Everything that two meanings do differently.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What they do differently: what passes first, then how the rest is refused and what is logged.
    pub differences: Vec<Difference>,
    /// What could not be told.
    pub undecided: Vec<Doubt>,
}

/// Packets that meet something else on each side.
#[derive(Clone, Debug)]
pub struct Difference {
    /// In what they differ.
    pub kind: DifferenceKind,
    /// One of the packets.
    pub packet: Packet,
    /// The packets that both deciding steps hold; earlier steps may have taken some of them.
    pub part: Cube,
    /// The conditions that nobody can look into, if only together with them the packet meets something else.
    pub conditions: Unknowns,
    /// What happens to the packet on the left.
    pub left: Deed,
    /// What happens to it on the right.
    pub right: Deed,
}

/// What is done to a packet, and where that is written.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    /// What.
    pub treatment: Treatment,
    /// What decides.
    pub decider: Site,
    /// What logs.
    pub logger: Option<Site>,
}

/// In what two meanings differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Packets pass on the right only.
    Widened,
    /// Packets pass on the left only.
    Narrowed,
    /// Packets are refused in another way.
    Refusal,
    /// Packets are logged in another way.
    Logging,
}

/// Something that could not be told.
#[derive(Clone, Copy, Debug)]
pub enum Doubt {
    /// Whether two steps, left and right, decide some packet differently: the question is too hard.
    Pair(Site, Site),
    /// How packets are logged: there are too many combinations.
    Logging,
}

impl DifferenceKind {
    /// Whether it is about which packets pass.
    const fn is_about_passage(self) -> bool {
        matches!(self, Self::Widened | Self::Narrowed)
    }
}

impl Logging {
    /// Whether a difference counts. Where only some filters know a state, they need not agree on how to log packets of no
    /// known flow that open none.
    const fn counts(self, kind: DifferenceKind, packet: &Packet) -> bool {
        let is_common = matches!(packet.state, State::New | State::Midstream | State::Established);
        !matches!((self, kind), (Self::Whether, DifferenceKind::Logging)) || is_common
    }
}

impl Difference {
    /// Whether it rests on conditions that nobody can look into: then nobody knows whether such a packet comes.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        !self.conditions.is_empty()
    }
}

/// Compares two meanings for every packet of which both say something.
#[must_use]
pub fn compare(left: &Meaning, right: &Meaning, logging: Logging) -> Comparison {
    let (left_steps, right_steps) = in_common(left, right);
    let sides = Sides { left: &left.steps, right: &right.steps };
    let steps = (left_steps.as_slice(), right_steps.as_slice());
    if logging == Logging::Not {
        return passing(&sides, steps);
    }
    let Comparison { mut differences, undecided } = treated(&sides, steps, logging);
    if differences.iter().all(|difference| !difference.kind.is_about_passage()) && undecided.is_empty() {
        return Comparison { differences, undecided }; // What is treated alike passes alike.
    }
    differences.retain(|difference| !difference.kind.is_about_passage());
    let mut comparison = passing(&sides, steps);
    comparison.differences.extend(differences);
    comparison.undecided.extend(undecided);
    comparison
}

/// The steps of both sides about packets of which both say something.
fn in_common(left: &Meaning, right: &Meaning) -> (Vec<Numbered>, Vec<Numbered>) {
    let states = treatment::states(&left.steps).intersect(treatment::states(&right.steps));
    let (left, right) = (treatment::within(&left.steps, states), treatment::within(&right.steps, states));
    (silenced(&left, &right), silenced(&right, &left))
}

/// What passes on one side only.
fn passing(sides: &Sides<'_>, (left, right): (&[Numbered], &[Numbered])) -> Comparison {
    let mut outcomes = Outcomes::default();
    let sheets = (treatment::passage(left, &mut outcomes), treatment::passage(right, &mut outcomes));
    let mut comparison = Comparison::default();
    comparison.add(sides, &sheets, Logging::Not, kind_of_passage);
    comparison
}

/// What is refused or logged in another way.
fn treated(sides: &Sides<'_>, (left, right): (&[Numbered], &[Numbered]), logging: Logging) -> Comparison {
    let mut outcomes = Outcomes::default();
    let sheets = treatment::treatment(left, logging, &mut outcomes).zip(treatment::treatment(
        right,
        logging,
        &mut outcomes,
    ));
    let mut comparison = Comparison::default();
    match sheets {
        Some(sheets) => comparison.add(sides, &sheets, logging, kind_of_treatment),
        None => comparison.undecided.push(Doubt::Logging),
    }
    comparison
}

/// A step with its index in its meaning.
type Numbered = (usize, Step);

/// The steps that actors are numbers of.
struct Sides<'s> {
    left: &'s [Step],
    right: &'s [Step],
}

fn kind_of_passage(left: Treatment, right: Treatment) -> Option<DifferenceKind> {
    match (left.fate, right.fate) {
        (Fate::Unsaid, _) | (_, Fate::Unsaid) | (Fate::Accept, Fate::Accept) => None,
        (Fate::Accept, _) => Some(DifferenceKind::Narrowed),
        (_, Fate::Accept) => Some(DifferenceKind::Widened),
        _ => None,
    }
}

/// What it means that packets are treated differently in any way.
fn kind_of_treatment(left: Treatment, right: Treatment) -> Option<DifferenceKind> {
    let is_said = left.fate != Fate::Unsaid && right.fate != Fate::Unsaid;
    let otherwise = if left.fate == right.fate { DifferenceKind::Logging } else { DifferenceKind::Refusal };
    kind_of_passage(left, right).or_else(|| is_said.then_some(otherwise))
}

impl Comparison {
    /// Whether both are known to do the same.
    #[must_use]
    pub const fn is_equal(&self) -> bool {
        self.differences.is_empty() && self.undecided.is_empty()
    }

    /// Adds what two lists do differently, as far as it is of some kind.
    fn add(
        &mut self,
        sides: &Sides<'_>,
        (left, right): &(Sheet, Sheet),
        logging: Logging,
        kind: impl Fn(Treatment, Treatment) -> Option<DifferenceKind>,
    ) {
        let actors = |(one, other): (usize, usize)| Some((*left.actors.get(one)?, *right.actors.get(other)?));
        let found = differences(&left.list, &right.list);
        for difference in found.found {
            let Some((one, other)) = actors((difference.left, difference.right)) else { continue };
            let Some(kind) = kind(one.treatment, other.treatment) else { continue };
            let deeds = Sides::deed(sides.left, one).zip(Sides::deed(sides.right, other));
            let Evidence { packet, conditions } = Evidence::of(&difference, &left.list, &right.list);
            let deeds = deeds.filter(|_| logging.counts(kind, &packet));
            let part = difference.part;
            self.differences.extend(deeds.map(|(left, right)| Difference {
                kind,
                packet,
                part,
                conditions,
                left,
                right,
            }));
        }
        for (one, other) in found.undecided.into_iter().filter_map(actors) {
            let places = Sides::deed(sides.left, one).zip(Sides::deed(sides.right, other));
            let is_of_a_kind = kind(one.treatment, other.treatment).is_some();
            let places = places.filter(|_| is_of_a_kind);
            self.undecided.extend(places.map(|(left, right)| Doubt::Pair(left.decider, right.decider)));
        }
    }
}

impl Sides<'_> {
    fn deed(steps: &[Step], actor: Actor) -> Option<Deed> {
        let site = |index: usize| steps.get(index).map(|step| step.site);
        let Actor { treatment, decider, logger } = actor;
        Some(Deed { treatment, decider: site(decider)?, logger: logger.and_then(site) })
    }
}
