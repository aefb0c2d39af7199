//! What a check may ask.
//!
//! A check on traffic names the packets it is about ([`Context::outward`] and its siblings, narrowed with the methods
//! of [`Packets`]), asks who lets them pass ([`Context::permits`]) and words a finding for each
//! ([`Context::finding_about`]). A check on what is written walks [`Context::rules`] or the policy itself and starts
//! from [`Context::finding`]. The driver adds the sources of the check to every finding.

mod asked;
mod finding;

pub(super) use finding::is_proven;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::Vacant;
use std::sync::Arc;

use jiff::civil::Date;

use super::run::Leniency;
use super::{Excepted, Packets, Parameter, Plan, Survey};
use crate::analyze::{Decider, Decisions, Hit, Vocabulary};
use crate::model::{Entry, Exception, Origin, Policy, Rule, Verdict};
use crate::packet::Cube;
use crate::source::Severity;

/// A policy, ready for the questions of one check, and the day on which they are asked.
#[derive(Clone, Debug)]
pub struct Context<'p> {
    survey: &'p Survey<'p>,
    id: &'static str,
    severity: Severity,
    plan: &'p Plan,
    today: Date,
    lenient: Arc<Leniency>,
    excepted: Arc<[Excepted]>,
}

impl<'p> Context<'p> {
    /// The context of one check.
    #[must_use]
    pub fn new(
        survey: &'p Survey<'p>,
        id: &'static str,
        severity: Severity,
        plan: &'p Plan,
        today: Date,
    ) -> Self {
        Self {
            survey,
            id,
            severity,
            plan,
            today,
            lenient: Arc::new(Leniency::none()),
            excepted: Arc::new([]),
        }
    }

    /// The same, with what is overlooked.
    #[must_use]
    pub(super) fn with(self, lenient: Leniency) -> Self {
        Self { lenient: Arc::new(lenient), ..self }
    }

    /// The same, after other checks have found what is permitted.
    #[must_use]
    pub(super) fn after(self, excepted: &[Excepted]) -> Self {
        Self { excepted: excepted.into(), ..self }
    }

    /// What other checks found and somebody was permitted to do; for checks that come last.
    #[must_use]
    pub fn excepted(&self) -> &[Excepted] {
        &self.excepted
    }

    /// The packets that this check is about.
    #[must_use]
    pub(super) fn named(&self) -> Packets {
        super::find(self.id).map_or_else(|| Packets::new(Vec::new()), |check| check.named(self))
    }

    /// Whether another check is run too.
    #[must_use]
    pub fn is_run(&self, id: &str) -> bool {
        self.plan.checks(self.policy()).iter().any(|check| check.meta().id == id)
    }

    /// The plan of the run.
    #[must_use]
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.decisions().policy()
    }

    /// Questions about packets.
    #[must_use]
    pub fn decisions(&self) -> &'p Decisions<'p> {
        &self.survey.decisions
    }

    /// The names of the policy for sets of packets.
    #[must_use]
    pub fn vocabulary(&self) -> &'p Vocabulary<'p> {
        self.survey.vocabulary()
    }

    /// Whether a check has that id, built in or somebody's own.
    #[must_use]
    pub fn is_check(&self, id: &str) -> bool {
        super::find(id).is_some() || self.plan.has_own(id)
    }

    /// Whether something stands for a rule that decides all that is left in a hook, as a default does.
    #[must_use]
    pub fn decides_everything(&self, origin: Origin) -> bool {
        let Origin::Rule(rule) = origin else { return false };
        let is_every =
            |cube: &Cube| Cube { states: cube.states, ..Cube::every(cube.hook, cube.family) } == *cube;
        self.decisions().cubes_of_rule(rule).any(is_every)
    }

    /// The day of the run.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// What a parameter of this check is in this run.
    #[must_use]
    pub fn parameter(&self, parameter: &Parameter) -> u64 {
        self.plan.parameter(self.id, parameter)
    }

    /// The rules that are on.
    pub fn rules(&self) -> impl Iterator<Item = &'p Rule> + use<'p> {
        self.policy().rules.iter().filter(|rule| rule.disabled.is_none())
    }
}

/// Who lets packets pass.
impl<'p> Context<'p> {
    /// The rules and defaults that accept some of the packets: each rule once, each default once per hook, in the
    /// order of the policy. See [`Context::hits`] for what is left out.
    #[must_use]
    pub fn permits(&self, packets: &Packets) -> Vec<Decider<'p>> {
        let mut found = BTreeMap::new();
        for (cube, index, entry) in self.candidates(packets) {
            if let Vacant(place) = found.entry(Decider::key(entry))
                && let Some(hit) = self.decisions().hit(index, cube)
            {
                place.insert(Decider::new(self.policy(), hit));
            }
        }
        found.into_values().collect()
    }

    /// The entries that accept some of a box, with a packet for each. Left out are the baseline, and rules on an
    /// exception that holds today: such a rule is the governed permission that the standards ask for (RFC 8314 §4.1,
    /// NIST SP 800-53r5 SC-7(4)).
    pub fn hits(&self, cube: &Cube) -> impl Iterator<Item = Hit<'p>> {
        self.candidates_in(cube).filter_map(|(index, _)| self.decisions().hit(index, cube))
    }

    /// The entries of [`Context::hits`] with each box, and perhaps more: those that earlier entries leave nothing too.
    pub(super) fn candidates<'a>(
        &'a self,
        packets: &'a Packets,
    ) -> impl Iterator<Item = (&'a Cube, usize, &'p Entry)> {
        // A policy with many zones asks about thousands of boxes: one look around all of them often settles it.
        let mut hulls = packets.hulls();
        hulls.retain(|hull| self.candidates_in(hull).next().is_some());
        let met =
            move |cube: &&Cube| hulls.iter().any(|hull| hull.hook == cube.hook && hull.family == cube.family);
        let cubes = packets.cubes().iter().filter(met);
        cubes.flat_map(|cube| self.candidates_in(cube).map(move |(index, entry)| (cube, index, entry)))
    }

    fn candidates_in(&self, cube: &Cube) -> impl Iterator<Item = (usize, &'p Entry)> {
        let indices = self.decisions().candidates(cube).into_iter();
        let entries = indices.filter_map(|index| Some((index, self.policy().entries.get(index)?)));
        entries.filter(|(_, entry)| {
            !matches!(entry.origin, Origin::Baseline(_)) && !self.stands_on_exception(entry)
        })
    }

    /// Whether an entry stands on an exception that holds today.
    #[must_use]
    pub fn is_excepted(&self, hit: &Hit<'_>) -> bool {
        self.stands_on_exception(hit.entry)
    }

    fn stands_on_exception(&self, entry: &Entry) -> bool {
        let exception = self.policy().rule_of(entry).and_then(|rule| rule.exception.as_ref());
        self.lenient.overlooks_exceptions && exception.is_some_and(|exception| exception.holds_on(self.today))
    }

    /// The rules on an exception of that kind which accept something, in the order of the policy. `part` says which
    /// parts of what a rule is about are asked about.
    #[must_use]
    pub fn granted(
        &self,
        kind: impl Fn(&Rule, &Exception) -> bool,
        part: impl Fn(&Cube) -> Vec<Cube>,
    ) -> Vec<Decider<'p>> {
        let mut hits = Vec::new();
        let accepting = |(_, entry): &(usize, &Entry)| entry.verdict == Verdict::Accept;
        for (index, entry) in self.policy().entries.iter().enumerate().filter(accepting) {
            let rule = self.policy().rule_of(entry);
            if rule.is_some_and(|rule| rule.exception.as_ref().is_some_and(|it| kind(rule, it))) {
                let asked = entry.cubes().iter().flat_map(&part).collect::<Vec<_>>();
                hits.extend(asked.iter().find_map(|cube| self.decisions().hit(index, cube)));
            }
        }
        self.once_each(hits)
    }

    /// The first hit of each rule and of each default.
    pub(super) fn once_each(&self, hits: impl IntoIterator<Item = Hit<'p>>) -> Vec<Decider<'p>> {
        let mut deciders = BTreeMap::new();
        for hit in hits {
            deciders.entry(Decider::key(hit.entry)).or_insert_with(|| Decider::new(self.policy(), hit));
        }
        deciders.into_values().collect()
    }
}
