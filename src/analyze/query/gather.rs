//! Entries into parts: what one rule decides is said together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::{Occupied, Vacant};

use super::scope::{Scope, Side};
use super::{Answer, Except, Share, baseline_part};
use crate::analyze::{Certainty, Decisions, Hit, Subject};
use crate::model::{BaselinePart, Entry, Origin};
use crate::packet::{Cube, Hook};
use crate::source::Site;

/// A rule, a part of the baseline, or the default of a hook.
type Who = (Origin, Option<Hook>);

/// A part of an answer, its exceptions by who decides them.
#[derive(Debug)]
struct Found<'p> {
    part: Share<'p>,
    except: BTreeMap<Who, Except<'p>>,
}

/// The parts of an answer, found so far.
pub(super) struct Gathering<'d, 'p> {
    decisions: &'d Decisions<'p>,
    scope: Scope,
    allowed: BTreeMap<Who, Found<'p>>,
    refused: BTreeMap<Who, Found<'p>>,
    barred: Vec<BaselinePart>,
}

impl<'d, 'p> Gathering<'d, 'p> {
    pub(super) fn new(decisions: &'d Decisions<'p>, scope: Scope) -> Self {
        Self { decisions, scope, allowed: BTreeMap::new(), refused: BTreeMap::new(), barred: Vec::new() }
    }

    /// Adds what becomes of a box of the question.
    pub(super) fn add(&mut self, question: &Cube) {
        for hit in self.decisions.deciding(question) {
            match self.scope.side(hit.entry) {
                Side::LeftOut => {}
                Side::Barred => self.barred.extend(baseline_part(hit.entry)),
                side @ (Side::Allowed | Side::Refused) => self.add_entry(question, &hit, side),
            }
        }
    }

    /// Adds what an entry decides in a box of the question.
    fn add_entry(&mut self, question: &Cube, hit: &Hit<'p>, side: Side) {
        for cube in hit.entry.cubes().iter().filter_map(|own| own.intersect(question)) {
            self.add_box(cube, hit, side);
        }
    }

    /// Adds a box in which an entry speaks, if the entries before leave it any packet there.
    fn add_box(&mut self, cube: Cube, hit: &Hit<'p>, side: Side) {
        let Some(hit) = self.decisions.hit(hit.index, &cube) else { return };
        let before = self.decisions.deciding(&cube).take_while(|before| before.index < hit.index);
        let otherwise: Vec<Hit<'p>> = before.filter(|before| self.scope.side(before.entry) != side).collect();
        let policy = self.decisions.policy();
        let parts = if side == Side::Allowed { &mut self.allowed } else { &mut self.refused };
        let found = match parts.entry(who(hit.entry)) {
            Occupied(place) => place.into_mut(),
            Vacant(place) => {
                let subject = Subject::of(policy, hit.entry);
                place.insert(Found::new(subject, policy.site_of(hit.entry), &hit))
            }
        };
        for before in otherwise {
            let subject = Subject::of(policy, before.entry);
            found.except(subject, policy.site_of(before.entry), &before, &cube);
        }
        found.add(cube, hit);
    }

    pub(super) fn answer(mut self) -> Answer<'p> {
        self.barred.sort_unstable();
        self.barred.dedup();
        let parts = |found: BTreeMap<Who, Found<'p>>| found.into_values().map(Found::part).collect();
        Answer {
            allowed: parts(self.allowed),
            refused: parts(self.refused),
            barred: self.barred,
            besides: Vec::new(),
        }
    }
}

impl<'p> Found<'p> {
    fn new(subject: Subject<'p>, site: Site, hit: &Hit<'p>) -> Self {
        let (packet, certainty) = (hit.packet.clone(), hit.certainty);
        let part = Share { subject, site, cubes: Vec::new(), except: Vec::new(), packet, certainty };
        Self { part, except: BTreeMap::new() }
    }

    /// Adds a box; a packet that is proven replaces one that is not.
    fn add(&mut self, cube: Cube, hit: Hit<'p>) {
        self.part.cubes.push(cube);
        if self.part.certainty == Certainty::Possible {
            (self.part.packet, self.part.certainty) = (hit.packet, hit.certainty);
        }
    }

    /// Leaves out of a box what an entry before decides there.
    fn except(&mut self, subject: Subject<'p>, site: Site, hit: &Hit<'p>, cube: &Cube) {
        let new = || Except { subject, site, cubes: Vec::new(), certainty: Certainty::Possible };
        let except = self.except.entry(who(hit.entry)).or_insert_with(new);
        except.cubes.extend(hit.entry.cubes().iter().filter_map(|own| own.intersect(cube)));
        if hit.certainty == Certainty::Proven {
            except.certainty = Certainty::Proven;
        }
    }

    fn part(self) -> Share<'p> {
        Share { except: self.except.into_values().collect(), ..self.part }
    }
}

fn who(entry: &Entry) -> Who {
    (entry.origin, (entry.origin == Origin::Default).then_some(entry.hook))
}
