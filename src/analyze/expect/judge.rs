//! One expectation held against the entries that decide packets.

use std::collections::{BTreeMap, BTreeSet};

use super::home::Homes;
use super::layer::Layer;
use super::part::{Part, Source, parts};
use super::{Coverage, Objection, Outcome, Remedy, Trial};
use crate::analyze::{Certainty, Decider, Decisions, Hit};
use crate::model::{BaselinePart, Entry, Expectation, Name, Origin, Policy, Verdict};
use crate::packet::{Cube, Hook};

/// An expectation and the policy that it is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge<'a, 'p> {
    pub(super) decisions: &'a Decisions<'p>,
    pub(super) expectation: &'p Expectation,
    /// The rule that must decide, by its index.
    pub(super) by: Option<usize>,
}

/// An entry and its index in [`Policy::entries`].
type Numbered<'p> = (usize, &'p Entry);

/// One packet for each decider, and what its source is.
type Deciders<'p> = BTreeMap<(Origin, Option<Hook>), (Hit<'p>, Source)>;

/// What was found in the parts of an expectation.
#[derive(Debug, Default)]
struct Found<'p> {
    /// Who decides packets otherwise.
    against: Deciders<'p>,
    /// Who might.
    doubts: Deciders<'p>,
    /// Who decides packets otherwise that are set aside.
    set_aside: BTreeSet<BaselinePart>,
}

/// Who decides packets of one part otherwise.
#[derive(Debug, Default)]
struct Objections<'p> {
    /// For sure.
    proven: Deciders<'p>,
    /// Perhaps.
    possible: Deciders<'p>,
}

impl Objections<'_> {
    fn is_empty(&self) -> bool {
        self.proven.is_empty() && self.possible.is_empty()
    }
}

impl<'p> Found<'p> {
    /// Adds deciders that are not there yet. What is proven of a layer counts only where that layer comes first.
    fn take(&mut self, Objections { proven, possible }: Objections<'p>, is_first: bool) {
        let (deciders, found) = match (proven.is_empty(), is_first) {
            (true, _) => (&mut self.doubts, possible),
            (false, false) => (&mut self.doubts, proven),
            (false, true) => (&mut self.against, proven),
        };
        for (decider, hit) in found {
            deciders.entry(decider).or_insert(hit);
        }
    }
}

impl<'a, 'p> Judge<'a, 'p> {
    /// Ready to decide an expectation.
    pub(super) fn new(decisions: &'a Decisions<'p>, expectation: &'p Expectation) -> Self {
        let named = |name: &Name| decisions.policy().rules.iter().position(|rule| rule.id.value == *name);
        let by = expectation.by.as_ref().and_then(|by| named(&by.value));
        Self { decisions, expectation, by }
    }

    /// The policy.
    pub(super) fn policy(&self) -> &'p Policy {
        self.decisions.policy()
    }

    /// Decides the expectation and notes which rules it exercises.
    pub(super) fn trial(&self, homes: &Homes, coverage: &mut Coverage) -> Trial<'p> {
        let mut found = Found::default();
        let Some(parts) = parts(self.expectation, homes) else {
            return self.conclude(Outcome::Undecided, Found::default());
        };
        for part in parts {
            let met = self.met(&part.cube);
            self.exercise(&part.cube, &met, coverage);
            let settled = self.settle(&part, &met, &mut found);
            if let (Source::AtHome, Some(layer)) = (part.source, settled) {
                self.set_aside(&part.cube, &met, layer, &mut found.set_aside);
            }
        }
        let outcome = match &found {
            Found { against, .. } if !against.is_empty() => Outcome::Failed,
            Found { doubts, .. } if !doubts.is_empty() => Outcome::Undecided,
            _ => Outcome::Holds,
        };
        self.conclude(outcome, found)
    }

    fn conclude(&self, outcome: Outcome, found: Found<'p>) -> Trial<'p> {
        let Found { against, doubts, set_aside } = found;
        let deciders = if outcome == Outcome::Failed { against } else { doubts };
        let more = deciders.len().saturating_sub(Trial::MOST_OBJECTIONS);
        let told = deciders.into_values().take(Trial::MOST_OBJECTIONS);
        let objections = told.map(|(hit, source)| Objection {
            remedy: (outcome == Outcome::Failed).then(|| Remedy::of(self, &hit, source)),
            decider: Decider::new(self.policy(), hit),
        });
        Trial { expectation: self.expectation, outcome, objections: objections.collect(), more, set_aside }
    }

    /// The entries that decide packets and meet a part, in order.
    fn met(&self, part: &Cube) -> Vec<Numbered<'p>> {
        let met = self.decisions.before(part, usize::MAX).into_iter();
        met.filter_map(|index| Some((index, self.policy().entries.get(index)?))).collect()
    }

    /// Notes the rules that decide some of a part. Rules that were exercised before are not asked again.
    fn exercise(&self, part: &Cube, met: &[Numbered<'p>], coverage: &mut Coverage) {
        for &(index, entry) in met {
            if let Origin::Rule(rule) = entry.origin
                && coverage.is_open(rule)
                && self.decisions.hit(index, part).is_some_and(|hit| hit.certainty == Certainty::Proven)
            {
                coverage.exercise(rule);
            }
        }
    }

    /// Asks layer by layer who decides a part, until one is known to decide any of it: that one is returned.
    fn settle(&self, part: &Part, met: &[Numbered<'p>], found: &mut Found<'p>) -> Option<Layer> {
        // Whether it is known that no layer before decides any of the part.
        let mut is_first = true;
        for &layer in Layer::asked(part.source) {
            let here = met.iter().filter(|(_, entry)| Layer::of(entry) == layer);
            let (agreeing, objecting): (Vec<_>, Vec<_>) =
                here.partition(|(_, entry)| self.agrees(entry, part.source));
            let objections = self.objections(part, objecting);
            if !objections.is_empty() {
                found.take(objections, is_first);
                return Some(layer);
            }
            match self.surest(&part.cube, agreeing) {
                Some(Certainty::Proven) => return Some(layer),
                Some(Certainty::Possible) => is_first = false,
                None => {}
            }
        }
        None
    }

    /// Notes who decides some of a part otherwise, but in a layer that it is not about.
    fn set_aside(
        &self,
        part: &Cube,
        met: &[Numbered<'p>],
        settled: Layer,
        aside: &mut BTreeSet<BaselinePart>,
    ) {
        let later = met.iter().filter(|(_, entry)| Layer::of(entry) > settled);
        for &(index, entry) in later.filter(|(_, entry)| !self.expectation.is_met_by(entry.verdict)) {
            if let Origin::Baseline(name) = entry.origin
                && !aside.contains(&name)
                && self.decisions.hit(index, part).is_some()
            {
                aside.insert(name);
            }
        }
    }

    /// Whether an entry decides as expected. Who only claims a source must be refused, no matter how and by whom.
    fn agrees(&self, entry: &Entry, source: Source) -> bool {
        match source {
            Source::Claimed => entry.verdict != Verdict::Accept,
            Source::AtHome => {
                self.expectation.is_met_by(entry.verdict)
                    && self.by.is_none_or(|rule| entry.origin == Origin::Rule(rule))
            }
        }
    }

    /// Those of the entries that decide some of a part, or might. A decider that is proven to is not asked again.
    fn objections(&self, part: &Part, entries: Vec<&Numbered<'p>>) -> Objections<'p> {
        let mut found = Objections::default();
        for &(index, entry) in entries {
            let decider = Decider::key(entry);
            if found.proven.contains_key(&decider) {
                continue;
            }
            let Some(hit) = self.decisions.hit(index, &part.cube) else { continue };
            let deciders = match hit.certainty {
                Certainty::Proven => &mut found.proven,
                Certainty::Possible => &mut found.possible,
            };
            deciders.entry(decider).or_insert((hit, part.source));
        }
        found
    }

    /// How sure it is that any of the entries decides some of a part; none if none does.
    fn surest(&self, part: &Cube, entries: Vec<&Numbered<'p>>) -> Option<Certainty> {
        let mut surest = None;
        for hit in entries.into_iter().filter_map(|&(index, _)| self.decisions.hit(index, part)) {
            match hit.certainty {
                Certainty::Proven => return Some(Certainty::Proven),
                Certainty::Possible => surest = Some(Certainty::Possible),
            }
        }
        surest
    }
}
