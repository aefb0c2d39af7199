//! Shared by the tests of the reading stages: a policy in, one plain line per diagnostic out.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use mailward::parse::{self, Bundle};
use mailward::source::{Diagnostic, Site, Sources};

/// `file:line:column: code: title [label] {note} (help)`, one line each.
pub(crate) fn plain(bundle: &Bundle, sources: &Sources) -> String {
    let lines: Vec<String> = bundle.diagnostics.iter().map(|problem| line(problem, sources)).collect();
    lines.join("\n")
}

/// The diagnostics of a text in a file `p.yaml`.
pub(crate) fn diagnostics(text: impl Into<Vec<u8>>) -> String {
    let mut sources = Sources::default();
    let bundle = parse::text("p.yaml", text, &mut sources);
    plain(&bundle, &sources)
}

fn line(problem: &Diagnostic, sources: &Sources) -> String {
    let site = problem.primary.site;
    let file = sources.file(site.file).expect("a file of this run");
    let spot = file.text().get(sources.span(site));
    assert!(spot.is_some(), "a place is a piece of the text: {problem:?}");
    let start = format!("{}:{}: {}: {}", file.path(), position(sources, site), problem.code, problem.title);
    let related =
        problem.related.iter().map(|label| format!(" [{} {}]", position(sources, label.site), label.text));
    let notes = problem.notes.iter().map(|note| format!(" {{{note}}}"));
    let help = problem.help.iter().map(|help| format!(" ({help})"));
    let line: String = std::iter::once(start).chain(related).chain(notes).chain(help).collect();
    assert!(!line.contains('\n'), "messages are single lines: {line}");
    line
}

fn position(sources: &Sources, site: Site) -> String {
    let position = sources.position(site);
    format!("{}:{}", position.line, position.column)
}
