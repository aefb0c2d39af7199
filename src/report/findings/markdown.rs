//! Findings for people who read them on a page: the summary of a job, or a comment.

use std::fmt::Write as _;

use super::human::summary;
use crate::lint::Excepted;
use crate::report::markup::{capital, code, escaped};
use crate::report::{Examined, Said, Summary, permission, said};
use crate::source::{Severity, Site, SourceFile, Sources};

/// The order of the sections.
const GRAVEST_FIRST: [Severity; 6] =
    [Severity::Error, Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// A first line that says it all, a section for each severity, and one for what is excepted.
#[must_use]
pub fn markdown(run: &[Examined]) -> String {
    let sections = sections(run).into_iter().map(|(title, items)| section(&title, &items));
    headline(run) + &sections.collect::<String>()
}

/// One line that says it all.
pub(in crate::report) fn headline(run: &[Examined]) -> String {
    format!("**{}**\n", escaped(&capital(&summary(&Summary::of(run)))))
}

/// The titles of all sections with their items, of which there may be none.
pub(in crate::report) fn sections(run: &[Examined]) -> Vec<(String, Vec<String>)> {
    let all = said(run);
    let of = |severity: Severity| {
        let items = all.iter().filter(|(finding, _)| finding.severity == severity).map(|said| item(*said));
        (capital(severity.name()), items.collect())
    };
    let excepted =
        run.iter().flat_map(|one| one.excepted.iter().map(|one_of| permitted(one_of, &one.sources)));
    let excepted = ("Excepted".to_owned(), excepted.collect());
    GRAVEST_FIRST.into_iter().map(of).chain([excepted]).collect()
}

fn section(title: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("\n### {title}\n\n{}", items.concat()) }
}

/// A finding as an item of a list, with what there is to say below it.
fn item((finding, sources): Said<'_>) -> String {
    let label = Some(&finding.primary.text).filter(|label| !label.is_empty());
    let mut lines: Vec<String> = label.into_iter().chain(&finding.notes).map(|line| escaped(line)).collect();
    lines.extend(finding.help.iter().map(|help| format!("Help: {}", escaped(help))));
    let fix =
        |fix: &crate::source::Fix| format!("{} fix: {}", capital(fix.safety().name()), escaped(&fix.title));
    lines.extend(finding.fix.iter().map(fix));
    let title = escaped(&capital(&finding.title));
    let mut text = format!("- {}: {title} ({})\n", place(finding.primary.site, sources), code(finding.code));
    for line in lines {
        let _ = writeln!(text, "  - {line}");
    }
    text
}

/// A finding that somebody permitted.
fn permitted(excepted: &Excepted, sources: &Sources) -> String {
    let finding = &excepted.finding;
    format!(
        "- {}: {} ({}): {}\n",
        place(finding.primary.site, sources),
        escaped(&capital(&finding.title)),
        code(finding.code),
        escaped(&permission(excepted))
    )
}

/// `path:line`.
fn place(site: Site, sources: &Sources) -> String {
    let path = sources.file(site.file).map_or("", SourceFile::path);
    code(&format!("{path}:{}", sources.position(site).line))
}
