//! What may pass: services and pairs of zones, each decided for every packet.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::told::place;
use crate::analyze::{
    Certainty, Decider, Decisions, End, Hit, Spoken, Subject, Vocabulary, Way, as_said, spell,
};
use crate::model::{Entry, Log, Origin, Policy, Verdict, Waiver};
use crate::packet::Cube;
use crate::report::count;
use crate::source::Sources;

/// The most services that have a row.
const MOST_ROWS: usize = 100;
/// The most deciders that a cell tells one by one.
const MOST_DECIDERS: usize = 12;
/// From how many columns on they are narrow.
const MANY_COLUMNS: usize = 13;

/// The matrix.
#[derive(Debug, Serialize)]
pub(super) struct Matrix {
    groups: Vec<Group>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// How many services have no row.
    more: usize,
    is_narrow: bool,
}

/// Columns that begin in the same zone.
#[derive(Debug, Serialize)]
struct Group {
    from: String,
    width: usize,
}

/// A pair of zones.
#[derive(Debug, Serialize)]
struct Column {
    from: String,
    to: String,
    /// The cells in words, those that a rule decides.
    told: Vec<Told>,
    /// Whether it is the first one of its group.
    is_first: bool,
}

/// The services of a pair that fare alike.
#[derive(Debug, Serialize)]
struct Told {
    state: &'static str,
    services: Vec<String>,
}

/// A service.
#[derive(Debug, Serialize)]
struct Row {
    service: String,
    cells: Vec<Cell>,
}

/// What becomes of a service between two zones.
#[derive(Debug, Serialize)]
struct Cell {
    from: String,
    to: String,
    state: &'static str,
    glyph: &'static str,
    /// `L` and `E`: something of it is logged, or stands on an exception; `?`: something was too hard to tell.
    marks: String,
    /// State and marks in words.
    said: String,
    /// Whether it begins a group.
    is_first: bool,
    deciders: Vec<Deciding>,
    more: usize,
    observed: Vec<String>,
}

/// Who decides.
#[derive(Debug, Serialize)]
struct Deciding {
    verdict: &'static str,
    rule: Option<String>,
    who: String,
    place: String,
    log: Option<String>,
    exception: Option<String>,
    what: Vec<String>,
    packet: String,
    is_possible: bool,
}

/// What it takes to fill cells.
struct Filling<'d, 'p> {
    decisions: &'d Decisions<'p>,
    vocabulary: Vocabulary<'p>,
    sources: &'d Sources,
    today: Date,
}

/// The matrix of a policy.
pub(super) fn matrix(decisions: &Decisions<'_>, spoken: &[Spoken], sources: &Sources, today: Date) -> Matrix {
    let policy = decisions.policy();
    let filling = Filling { decisions, vocabulary: Vocabulary::of(policy), sources, today };
    let ways = Way::all(policy);
    let rows: Vec<Row> = spoken.iter().take(MOST_ROWS).map(|one| filling.row(one, &ways)).collect();
    let groups = End::all(policy).into_iter().map(|from| Group {
        from: from.name(policy).to_owned(),
        width: ways.iter().filter(|way| way.from == from).count(),
    });
    Matrix {
        groups: groups.filter(|group| group.width > 0).collect(),
        columns: ways.iter().enumerate().map(|(at, &way)| column(policy, way, at, (&ways, &rows))).collect(),
        is_narrow: ways.len() >= MANY_COLUMNS,
        more: spoken.len().saturating_sub(MOST_ROWS),
        rows,
    }
}

fn column(policy: &Policy, way: Way, at: usize, (ways, rows): (&[Way], &[Row])) -> Column {
    let mut told: Vec<Told> = Vec::new();
    let here = rows.iter().filter_map(|row| Some((row, row.cells.get(at)?)));
    for (row, cell) in here.filter(|(_, cell)| cell.deciders.iter().any(|one| one.rule.is_some())) {
        match told.iter_mut().find(|known| known.state == cell.state) {
            Some(known) => known.services.push(row.service.clone()),
            None => told.push(Told { state: cell.state, services: vec![row.service.clone()] }),
        }
    }
    Column {
        from: way.from.name(policy).to_owned(),
        to: way.to.name(policy).to_owned(),
        told,
        is_first: is_first(ways, at),
    }
}

fn is_first(ways: &[Way], at: usize) -> bool {
    let from = |index: usize| ways.get(index).map(|way| way.from);
    at.checked_sub(1).is_none_or(|before| from(before) != from(at))
}

/// A rule or default that decides packets of a cell.
struct Found<'p> {
    hit: Hit<'p>,
    /// Everything that it says about the cell; rules before it may decide some of that.
    cubes: Vec<Cube>,
}

impl Found<'_> {
    fn tell(&mut self, policy: &Policy, named: &[Cube]) {
        let key = Decider::key(self.hit.entry);
        let entries = policy.entries.iter().filter(|entry| Decider::key(entry) == key);
        let own: Vec<Cube> = entries.flat_map(Entry::cubes).collect();
        let both = named.iter().flat_map(|cube| own.iter().filter_map(|own| own.intersect(cube)));
        self.cubes = both.map(|cube| as_said(&cube)).collect();
    }
}

impl<'p> Filling<'_, 'p> {
    fn row(&self, spoken: &Spoken, ways: &[Way]) -> Row {
        let cell = |(at, &way): (usize, &Way)| self.cell(spoken, way, is_first(ways, at));
        Row { service: spoken.name.clone(), cells: ways.iter().enumerate().map(cell).collect() }
    }

    fn cell(&self, spoken: &Spoken, way: Way, is_first: bool) -> Cell {
        let policy = self.decisions.policy();
        let asked = way.packets(policy, &spoken.traffic);
        let mut found = self.found(&asked);
        let named = way.named(policy, &spoken.traffic);
        for one in &mut found {
            one.tell(policy, &named);
        }
        let verdicts: Vec<Verdict> = found.iter().map(|one| one.hit.entry.verdict).collect();
        let (state, glyph) = state(&verdicts);
        let deciders: Vec<Deciding> = found.iter().map(|one| self.told(one)).collect();
        let is_logged = found.iter().any(|one| one.hit.entry.log.is_some());
        let is_excepted = deciders.iter().any(|one| one.exception.is_some()) || self.is_waived(&asked);
        let is_possible = deciders.iter().any(|one| one.is_possible);
        let marks = [
            (is_logged, "L", "logged"),
            (is_excepted, "E", "with an exception"),
            (is_possible, "?", "not proven"),
        ];
        let marks: Vec<(&str, &str)> =
            marks.iter().filter(|(is_so, ..)| *is_so).map(|(_, mark, words)| (*mark, *words)).collect();
        Cell {
            from: way.from.name(policy).to_owned(),
            to: way.to.name(policy).to_owned(),
            state,
            glyph,
            marks: marks.iter().map(|(mark, _)| *mark).collect(),
            said: std::iter::once(state)
                .chain(marks.iter().map(|(_, words)| *words))
                .collect::<Vec<_>>()
                .join(", "),
            is_first,
            more: deciders.len().saturating_sub(MOST_DECIDERS),
            deciders: deciders.into_iter().take(MOST_DECIDERS).collect(),
            observed: self.observed(&asked),
        }
    }

    /// Who decides packets that open a flow, in the order of the policy. What the baseline decides is left out, as in answers to
    /// questions: no rule is asked about it.
    fn found(&self, asked: &[Cube]) -> Vec<Found<'p>> {
        let mut found: BTreeMap<_, (usize, Found<'p>)> = BTreeMap::new();
        let hits = asked.iter().flat_map(|cube| self.decisions.deciding(cube));
        for hit in hits.filter(|hit| !matches!(hit.entry.origin, Origin::Baseline(_))) {
            let new = || (hit.index, Found { hit: hit.clone(), cubes: Vec::new() });
            let (_, known) = found.entry(Decider::key(hit.entry)).or_insert_with(new);
            if known.hit.certainty == Certainty::Possible {
                known.hit = hit;
            }
        }
        let mut found: Vec<(usize, Found<'p>)> = found.into_values().collect();
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().map(|(_, one)| one).collect()
    }

    fn told(&self, found: &Found<'p>) -> Deciding {
        let (policy, entry) = (self.decisions.policy(), found.hit.entry);
        let subject = Subject::of(policy, entry);
        let portraits = self.vocabulary.portraits(&found.cubes);
        Deciding {
            verdict: word(entry.verdict),
            rule: match subject {
                Subject::Rule(id) => Some(id.to_owned()),
                Subject::Baseline(_) | Subject::Default(_) => None,
            },
            who: subject.to_string().replace('`', ""),
            place: place(self.sources, policy.site_of(entry)),
            log: entry.log.map(limit),
            exception: self.exception(entry),
            what: portraits.iter().map(ToString::to_string).collect(),
            packet: spell(policy, &found.hit.packet),
            is_possible: found.hit.certainty == Certainty::Possible,
        }
    }

    /// Until when a rule stands on an exception; none if it stands on none that holds.
    fn exception(&self, entry: &Entry) -> Option<String> {
        let exception = self.decisions.policy().rule_of(entry)?.exception.as_ref()?;
        let last = exception.expires.as_ref().filter(|_| exception.holds_on(self.today))?;
        Some(last.value.to_string())
    }

    fn is_waived(&self, asked: &[Cube]) -> bool {
        let waivers = self.decisions.policy().waivers.iter().filter(|waiver| waiver.holds_on(self.today));
        let mut waived = waivers.flat_map(Waiver::cubes);
        waived.any(|waived| asked.iter().any(|cube| waived.overlaps(cube)))
    }

    /// The rules that only log what they would refuse.
    fn observed(&self, asked: &[Cube]) -> Vec<String> {
        let policy = self.decisions.policy();
        let entries = policy.entries.iter().enumerate();
        let watching = entries.filter(|(index, entry)| {
            entry.verdict == Verdict::Observe
                && asked.iter().any(|cube| self.decisions.reaching(*index, cube).is_some())
        });
        let mut names: Vec<String> = watching
            .filter_map(|(_, entry)| policy.rule_of(entry))
            .map(|rule| rule.id.value.to_string())
            .collect();
        names.dedup();
        names
    }
}

/// What the verdicts of a cell come to.
fn state(verdicts: &[Verdict]) -> (&'static str, &'static str) {
    let passes = verdicts.contains(&Verdict::Accept);
    let is_refused = verdicts.iter().any(|&verdict| verdict != Verdict::Accept);
    match (passes, is_refused) {
        (false, false) => ("nothing to decide", "·"),
        (true, false) => ("allowed", "✓"),
        (true, true) => ("partly", "◐"),
        (false, true) if verdicts.iter().all(|&verdict| verdict == Verdict::Reject) => ("rejected", "✕"),
        (false, true) => ("denied", "–"),
    }
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "allowed",
        Verdict::Drop | Verdict::Observe => "denied",
        Verdict::Reject => "rejected",
    }
}

fn limit(log: Log) -> String {
    let rate = log.rate;
    let burst = count(rate.burst as usize, "packet", "packets");
    format!("at most {} a {}, {burst} at once", rate.count, rate.per.name())
}
