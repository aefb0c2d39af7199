//! Changes in traffic for people at a terminal.

use std::fmt::Write as _;

use annotate_snippets::renderer::{AnsiColor, DecorStyle, Style};
use annotate_snippets::{Group, Level, Origin, Renderer};

use super::sentence::{self, Measure, Tense};
use super::{Compared, told};
use crate::analyze::{Cause, Change, ChangeKind, Subject, Undecided};
use crate::report::Examined;
use crate::report::findings::human::{shown, wrapped};
use crate::source::Label;

/// Rules of one side that a change shows; the rest are counted.
const MOST_CAUSES: usize = 4;

/// Every change with the rules behind it, what could not be told, and a summary. Styled with ANSI escape codes: where
/// they are not wanted, the terminal takes them out.
#[must_use]
pub fn human(run: &[Compared<'_>]) -> String {
    let renderer = Renderer::styled()
        .decor_style(DecorStyle::Unicode)
        .note(AnsiColor::BrightBlue.on_default())
        .help(AnsiColor::BrightGreen.on_default());
    let changes = told(run).into_iter().filter_map(|(place, change)| Some((run.get(place)?, change)));
    let mut text: String = changes.map(|(compared, change)| message(&renderer, compared, change)).collect();
    for compared in run {
        text.extend(compared.delta.undecided.iter().map(|doubt| undecided(&renderer, compared, doubt)));
    }
    let summary = sentence::summary(run);
    let style = Style::new().bold();
    let _ = writeln!(text, "{style}{summary}{style:#}");
    text
}

fn message(renderer: &Renderer, compared: &Compared<'_>, change: &Change<'_>) -> String {
    let now = labels(change, Tense::Now);
    let before = labels(change, Tense::Before);
    let headline = sentence::headline(change);
    let title = level(change.kind).primary_title(&headline);
    let mut group = title.elements(Vec::<Origin<'_>>::new());
    group = side(group, compared.new, &now);
    group = side(group, compared.old, &before);
    for note in notes(compared, change) {
        group = group.element(Level::NOTE.message(wrapped(&note)));
    }
    format!("{}\n\n", renderer.render(&[group]))
}

/// The lines of one side that are behind a change.
fn side<'d>(group: Group<'d>, examined: Option<&'d Examined>, labels: &'d [Label]) -> Group<'d> {
    match (examined, labels.split_first()) {
        (Some(examined), Some((first, rest))) => shown(group, &examined.sources, first, rest),
        _ => group,
    }
}

/// Who does or did something, each at its place.
fn labels(change: &Change<'_>, tense: Tense) -> Vec<Label> {
    let label = |cause: &Cause<'_>| {
        let text = match cause.subject {
            Subject::Rule(_) => sentence::deed(change.kind, tense, cause),
            Subject::Baseline(_) | Subject::Default(_) => sentence::cause(change.kind, tense, cause),
        };
        Label { site: cause.site, text }
    };
    sentence::causes(change, tense, MOST_CAUSES).0.map(label).collect()
}

fn notes(compared: &Compared<'_>, change: &Change<'_>) -> Vec<String> {
    let measure = |Measure { words, size }: Measure| match words {
        Some(words) => format!("and {words}: {size}"),
        None => size,
    };
    let mut notes: Vec<String> = compared.fate().map(str::to_owned).into_iter().collect();
    notes.extend(sentence::measures(change).into_iter().map(measure));
    notes.extend(sentence::smaller(change));
    notes.extend(sentence::exceptions(change));
    notes.extend(
        [Tense::Now, Tense::Before]
            .into_iter()
            .filter_map(|tense| sentence::causes(change, tense, MOST_CAUSES).1),
    );
    notes.push(format!("for example: {}", change.example));
    notes
}

fn level(kind: ChangeKind) -> Level<'static> {
    let level = match kind {
        ChangeKind::Allowed => Level::ERROR,
        ChangeKind::Denied => Level::WARNING,
        ChangeKind::Refusal | ChangeKind::Logging => Level::INFO,
    };
    level.with_name(sentence::title(kind))
}

fn undecided(renderer: &Renderer, compared: &Compared<'_>, doubt: &Undecided<'_>) -> String {
    let title = sentence::doubt(doubt);
    let places = match doubt {
        Undecided::Pair(before, after) => [(compared.new, after.site), (compared.old, before.site)].to_vec(),
        Undecided::Logging => Vec::new(),
    };
    let place = |(examined, site)| Some((examined?, Label { site, text: String::new() }));
    let places: Vec<(&Examined, Label)> = places.into_iter().filter_map(place).collect();
    let group =
        Level::WARNING.with_name("undecided").primary_title(&title).elements(Vec::<Origin<'_>>::new());
    let group =
        places.iter().fold(group, |group, (examined, label)| shown(group, &examined.sources, label, &[]));
    let group = group.element(Level::NOTE.message(sentence::NO_PROOF));
    format!("{}\n\n", renderer.render(&[group]))
}
