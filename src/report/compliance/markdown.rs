//! Controls for an auditor: a table, then a section for each control with its evidence.

use std::fmt::Write as _;

use super::{Run, beyond, counted, example, named, place};
use crate::lint::{Assessment, Judged, Served};
use crate::report::markup::{capital, code, escaped, plain};
use crate::report::{Examined, permission};
use crate::source::Sources;

/// What stands in front of everything.
const LIMIT: &str = "Judged from the rules of a packet filter alone: which packets pass and which are refused. Such rules show ports and \
                     addresses. They do not show whether a session is encrypted, who speaks, or what is said. A control is \
                     called met if the checks that serve it found nothing; what they cannot see is named with it. No control is met by \
                     this report alone.";

/// One document with every policy against each profile.
#[must_use]
pub fn markdown(run: Run<'_>) -> String {
    let mut text = String::from("# Compliance\n\n");
    let total = counted(|state| run.count(state));
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(text, "**{}.** As of {}, by mailward {version}.\n\n{LIMIT}", capital(&total), run.today);
    for (examined, assessment) in run.all() {
        text += &section(examined, assessment);
    }
    text
}

fn section(examined: &Examined, assessment: &Assessment) -> String {
    let name = examined.name.as_deref().unwrap_or_default();
    let mut text = format!("\n## {} and {}\n\n", code(name), code(&assessment.profile));
    let _ = writeln!(text, "{}. Policy: {}.\n", capital(&escaped(&named(assessment))), code(&examined.path));
    let _ = writeln!(text, "{}.\n", capital(&counted(|state| assessment.count(state))));
    if let Some(beyond) = &assessment.beyond {
        let _ = writeln!(text, "Beyond all of it: {}.\n", escaped(beyond));
    }
    text += "| Control | State | Asks that |\n|---|---|---|\n";
    for judged in &assessment.controls {
        let [id, title] = [&judged.id, &judged.title].map(|words| plain(&words.replace('`', "'")));
        let _ = writeln!(text, "| {id} | {} | {title} |", judged.state.words());
    }
    for judged in &assessment.controls {
        text += &control(examined, assessment, judged);
    }
    text
}

fn control(examined: &Examined, assessment: &Assessment, judged: &Judged) -> String {
    let mut text = format!("\n### {}: {}\n\n", escaped(&judged.id), escaped(&judged.title));
    let limit = if judged.state.is_decided() { format!(", {}", super::LIMIT) } else { String::new() };
    let _ = writeln!(text, "**{}**{limit}.\n", capital(judged.state.words()));
    let mut item = |key: &str, words: &str| {
        let _ = writeln!(text, "- {key}: {words}");
    };
    if let Some(why) = &judged.because {
        item("Why", &escaped(why));
    }
    if let Some(shows) = judged.shows.as_ref().filter(|_| !judged.checks.is_empty()) {
        item("Looked at", &escaped(shows));
    }
    if let Some(beyond) = beyond(assessment, judged).filter(|_| judged.state.is_decided()) {
        item("Beyond that", &escaped(beyond));
    }
    for check in &judged.checks {
        item("Check", &served(check, &examined.sources));
    }
    for evidence in findings(judged, &examined.sources) {
        item("Finding", &evidence);
    }
    for excepted in &judged.excepted {
        let by = code(&place(excepted.by, &examined.sources));
        let words = [&excepted.finding.title, &permission(excepted)].map(|words| escaped(words));
        item("Exception in force", &format!("{by}: {}, {}", words[0], words[1]));
    }
    text
}

/// A check and what it did.
fn served(check: &Served, sources: &Sources) -> String {
    let did = match (&check.idle, check.findings) {
        (Some(why), _) => format!("not run: {}", escaped(why)),
        (None, 0) => "nothing found".to_owned(),
        (None, 1) => "1 finding".to_owned(),
        (None, many) => format!("{many} findings"),
    };
    let refused = check.refused.as_ref().map(|refused| {
        let [by, packet] = [&refused.by, &refused.packet].map(|words| escaped(words));
        format!("; refused, for example, by {by} ({}): {packet}", code(&place(refused.site, sources)))
    });
    format!("{}, {}: {did}{}", code(check.id), escaped(&check.summary), refused.unwrap_or_default())
}

fn findings(judged: &Judged, sources: &Sources) -> Vec<String> {
    let told = judged.findings.iter().map(|finding| {
        let packet = example(finding).map(|packet| format!(", for example {}", escaped(packet)));
        let at = code(&place(finding.primary.site, sources));
        let severity = finding.severity.name();
        format!("{at}: {}, {severity}{}", escaped(&finding.title), packet.unwrap_or_default())
    });
    told.collect()
}
