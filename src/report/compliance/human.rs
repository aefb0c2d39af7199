//! Controls for people at a terminal: by state, worst first.

use std::fmt::Write as _;

use annotate_snippets::renderer::{AnsiColor, Style};

use super::{Run, counted, example, named, place};
use crate::lint::{Assessment, Judged, State};
use crate::report::findings::human::{concluding, folded, number};
use crate::report::{Examined, Ink, permission};

/// Characters in a line.
const WIDEST: usize = 100;
/// Columns before what is said of a control.
const INDENT: usize = 4;
/// The longest number of a control beside which its title stands.
const LONGEST: usize = 16;
/// Findings of a control that are shown; the rest is counted.
const MOST_FINDINGS: usize = 5;

/// Every policy against each profile, and a last line that says it all.
#[must_use]
pub fn human(run: Run<'_>, ink: Ink) -> String {
    let told: Vec<String> = run.all().map(|(examined, one)| assessment(examined, one, ink)).collect();
    let policies = number(run.policies.len(), "policy", "policies");
    let summary = format!("{} in {policies}, {}", counted(|state| run.count(state)), super::LIMIT);
    told.concat() + &concluding(&summary, ink)
}

fn assessment(examined: &Examined, assessment: &Assessment, ink: Ink) -> String {
    let name = examined.name.as_deref().unwrap_or_default();
    let title = format!(
        "policy `{name}` ({}) and profile `{}`: {}",
        examined.path,
        assessment.profile,
        named(assessment)
    );
    let mut text = styled(&folded(&title, WIDEST), Style::new().bold(), ink) + "\n";
    if let Some(beyond) = &assessment.beyond {
        text += &said("beyond all of it", beyond, 0);
    }
    for state in State::ALL.into_iter().filter(|&state| assessment.count(state) > 0) {
        text += &group(examined, assessment, state, ink);
    }
    text + "\n"
}

/// The controls with one state.
fn group(examined: &Examined, assessment: &Assessment, state: State, ink: Ink) -> String {
    let limit = if state.is_decided() { format!(", {}", super::LIMIT) } else { String::new() };
    let head = format!("{}{limit}: {}", state.words(), assessment.count(state));
    let mut text = format!("\n  {}\n", styled(&head, style(state), ink));
    let width = assessment.controls.iter().map(|control| control.id.chars().count()).max().unwrap_or(0);
    for judged in assessment.with(state) {
        text += &headed(judged, width);
        text += &details(examined, assessment, judged);
    }
    text
}

/// The number of a control and what it asks for.
fn headed(judged: &Judged, width: usize) -> String {
    let Judged { id, title, .. } = judged;
    if width > LONGEST {
        return format!("    {id}\n{}", said("", title, INDENT + 2));
    }
    let column = INDENT + width + 2;
    let title = folded(title, WIDEST - column).replace('\n', &format!("\n{:column$}", ""));
    format!("    {id:width$}  {title}\n")
}

/// What was found about a control.
fn details(examined: &Examined, assessment: &Assessment, judged: &Judged) -> String {
    let column = INDENT + 2;
    let sources = &examined.sources;
    let mut text = judged.because.as_ref().map(|why| said("why", why, column)).unwrap_or_default();
    for finding in judged.findings.iter().take(MOST_FINDINGS) {
        let key = format!("{} {}", finding.severity.name(), place(finding.primary.site, sources));
        text += &said(&key, &finding.title, column);
        if let Some(packet) = example(finding) {
            text += &said("for example", packet, column + 2);
        }
    }
    if let Some(more @ 1..) = judged.findings.len().checked_sub(MOST_FINDINGS) {
        text += &said("", &format!("and {}", number(more, "finding more", "findings more")), column);
    }
    for excepted in &judged.excepted {
        let key = format!("excepted {}", place(excepted.by, sources));
        text += &said(&key, &format!("{}, {}", excepted.finding.title, permission(excepted)), column);
    }
    if let Some(refused) = judged.checks.iter().find_map(|check| check.refused.as_ref()) {
        text += &said("refused", &format!("{} by {}", refused.packet, refused.by), column);
    }
    text + &limits(assessment, judged, column)
}

/// What was looked at, and what is beyond that.
fn limits(assessment: &Assessment, judged: &Judged, column: usize) -> String {
    if assessment.beyond.is_some() {
        let ids: Vec<&str> = judged.checks.iter().map(|check| check.id).collect();
        let is_said = judged.state.is_decided() && ids != [judged.id.as_str()];
        return if is_said { said("checks", &ids.join(", "), column) } else { String::new() };
    }
    let is_looked_at = judged.checks.iter().any(|check| check.idle.is_none());
    let shows = judged.shows.as_ref().filter(|_| is_looked_at && judged.state != State::NotMet);
    let beyond = judged.beyond.as_ref().filter(|_| is_looked_at);
    let lines = [("looked at", shows), ("beyond", beyond)];
    lines.into_iter().filter_map(|(key, text)| Some(said(key, text?, column))).collect()
}

/// A key and what it says, in lines with an indent.
fn said(key: &str, text: &str, column: usize) -> String {
    let text = if key.is_empty() { text.to_owned() } else { format!("{key}: {text}") };
    let mut lines = String::new();
    for line in folded(&text, WIDEST.saturating_sub(column)).lines() {
        let _ = writeln!(lines, "{:column$}{line}", "");
    }
    lines
}

fn styled(text: &str, style: Style, ink: Ink) -> String {
    match ink {
        Ink::Styled => format!("{style}{text}{style:#}"),
        Ink::Plain => text.to_owned(),
    }
}

const fn style(state: State) -> Style {
    let color = match state {
        State::NotMet => AnsiColor::BrightRed,
        State::Excepted => AnsiColor::Yellow,
        State::Met => AnsiColor::BrightGreen,
        State::NotDecidable => AnsiColor::BrightBlue,
    };
    color.on_default()
}
