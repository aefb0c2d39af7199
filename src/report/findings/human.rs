//! Findings for people at a terminal.

use annotate_snippets::renderer::{AnsiColor, DecorStyle, Style};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use rayon::prelude::*;

use super::excerpt::{Excerpt, excerpts};
use super::suggestion::{suggestion, words};
use crate::report::{Examined, Ink, Said, Summary, said};
use crate::source::{Diagnostic, Fix, Label, Severity, Sources};

/// Other places that a message shows at most; the rest are counted.
const MOST_RELATED: usize = 6;

/// Characters in a line of a note; with what stands before it, a line of a hundred.
const WIDEST: usize = 88;

/// The severities in the order a summary counts them.
const GRAVEST_FIRST: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// Messages that are laid out at once: a long report goes out in parts, so that it never is in memory as a whole.
const PART: usize = 512;

/// Everything that was said with the lines it is about, and a summary.
#[must_use]
pub fn human(run: &[Examined], ink: Ink) -> String {
    human_parts(run, ink).collect()
}

/// [`human`] in parts.
pub fn human_parts(run: &[Examined], ink: Ink) -> impl Iterator<Item = String> {
    let all = said(run);
    let parts = (0..all.len()).step_by(PART);
    let parts = parts.map(move |first| {
        let part = all.iter().skip(first).take(PART).copied();
        laid_out(part.collect(), ink)
    });
    parts.chain(std::iter::once_with(move || concluding(&summary(&Summary::of(run)), ink)))
}

/// The last line of a report.
pub(in crate::report) fn concluding(summary: &str, ink: Ink) -> String {
    let style = match ink {
        Ink::Styled => Style::new().bold(),
        Ink::Plain => Style::new(),
    };
    format!("{style}{summary}{style:#}\n")
}

/// Everything that was said with the lines it is about, each followed by an empty line.
#[must_use]
pub fn messages<'e>(run: impl IntoIterator<Item = &'e Examined>, ink: Ink) -> String {
    laid_out(said(run), ink)
}

/// Diagnostics with the lines they are about, each followed by an empty line.
pub(in crate::report) fn laid_out(all: Vec<Said<'_>>, ink: Ink) -> String {
    let renderer = match ink {
        Ink::Styled => Renderer::styled()
            .note(AnsiColor::BrightBlue.on_default())
            .help(AnsiColor::BrightGreen.on_default()),
        Ink::Plain => Renderer::plain(),
    };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    // Each message is laid out by itself, and that is most of the work of a long report.
    all.into_par_iter().map(|one| message(&renderer, one)).collect()
}

fn message(renderer: &Renderer, (diagnostic, sources): Said<'_>) -> String {
    let level = level(diagnostic.severity);
    let title = level.primary_title(&diagnostic.title).id(diagnostic.code);
    let group = title.elements(Vec::<Origin<'_>>::new());
    let related = diagnostic.related.get(..MOST_RELATED).unwrap_or(&diagnostic.related);
    let suggestion = diagnostic.fix.as_ref().and_then(|fix| suggestion(fix, sources));
    let shown = shown(group, sources, &diagnostic.primary, related);
    let group = notes(shown, diagnostic, diagnostic.fix.as_ref().filter(|_| suggestion.is_none()));
    let groups: Vec<Group<'_>> = std::iter::once(group).chain(suggestion).collect();
    format!("{}\n\n", renderer.render(&groups))
}

/// A message with the lines that it is about: first those of the primary place.
pub(in crate::report) fn shown<'d>(
    group: Group<'d>,
    sources: &'d Sources,
    primary: &'d Label,
    related: &'d [Label],
) -> Group<'d> {
    excerpts(sources, primary, related).into_iter().fold(group, |group, excerpt| {
        let (path, origin) = (excerpt.path, origin(&excerpt, sources));
        match excerpt {
            excerpt if excerpt.is_empty_file => group.element(origin),
            excerpt if excerpt.is_cut => group.element(origin).element(snippet(excerpt)),
            excerpt => group.element(snippet(excerpt).path(path)),
        }
    })
}

/// `path:line:column` of the place an excerpt is about, where the renderer cannot count columns.
fn origin<'d>(excerpt: &Excerpt<'d>, sources: &Sources) -> Origin<'d> {
    let marks = excerpt.marks.iter().map(|(_, mark)| mark);
    let subject = marks.clone().find(|mark| mark.is_primary).or_else(|| marks.clone().next());
    let origin = Origin::path(excerpt.path);
    match subject.map(|mark| sources.position(mark.site)) {
        Some(at) => origin.line(at.line).char_column(at.column),
        None => origin,
    }
}

fn snippet(excerpt: Excerpt<'_>) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let annotations = excerpt.marks.into_iter().map(|(range, mark)| {
        let kind = if mark.is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(range).label((!mark.text.is_empty()).then(|| normalize_untrusted_str(mark.text)))
    });
    Snippet::source(excerpt.text).line_start(excerpt.first_line).annotations(annotations)
}

/// The notes of a message, with a fix in words where it is not shown.
fn notes<'d>(mut group: Group<'d>, diagnostic: &'d Diagnostic, fix: Option<&Fix>) -> Group<'d> {
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(wrapped(note)));
    }
    if let Some(more) = diagnostic.related.len().checked_sub(MOST_RELATED).filter(|&more| more > 0) {
        group = group.element(Level::NOTE.message(format!("and {more} more places")));
    }
    for words in diagnostic.help.iter().chain(&fix.map(words)) {
        group = group.element(Level::HELP.message(wrapped(words)));
    }
    group
}

/// A text in lines of at most [`WIDEST`] characters, but for words that are longer.
pub(in crate::report) fn wrapped(text: &str) -> String {
    folded(text, WIDEST)
}

/// A text in lines of at most so many characters, but for words that are longer.
pub(in crate::report) fn folded(text: &str, widest: usize) -> String {
    let text = normalize_untrusted_str(text);
    if text.len() <= widest {
        return text;
    }
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        let fits = width + 1 + length <= widest;
        let between = if lines.is_empty() {
            ""
        } else if fits {
            " "
        } else {
            "\n"
        };
        width = if fits { width + between.len() + length } else { length };
        lines.push_str(between);
        lines.push_str(word);
    }
    lines
}

fn level(severity: Severity) -> Level<'static> {
    let level = match severity {
        Severity::Error | Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low | Severity::Info => Level::INFO,
    };
    level.with_name(severity.name())
}

/// `3 findings: 1 high, 2 medium in 2 policies`.
pub(in crate::report) fn summary(summary: &Summary) -> String {
    let errors = summary.count(Severity::Error);
    let findings: usize = GRAVEST_FIRST.iter().map(|&severity| summary.count(severity)).sum();
    let counted: Vec<String> = GRAVEST_FIRST
        .iter()
        .filter(|&&severity| summary.count(severity) > 0)
        .map(|&severity| format!("{} {}", summary.count(severity), severity.name()))
        .collect();
    let what = match (errors, findings) {
        (0, 0) => "no findings".to_owned(),
        (_, 0) => number(errors, "error", "errors"),
        (0, _) => format!("{}: {}", number(findings, "finding", "findings"), counted.join(", ")),
        _ => format!(
            "{} and {}: {}",
            number(errors, "error", "errors"),
            number(findings, "finding", "findings"),
            counted.join(", ")
        ),
    };
    format!("{what} in {}{}", number(summary.policies, "policy", "policies"), unsaid(summary))
}

/// `; not shown: 2 excepted (the next exception ends on 2027-03-31), 5 in the baseline`.
fn unsaid(summary: &Summary) -> String {
    let ends = summary.next_expiry.map(|day| format!(" (the next exception ends on {day})"));
    let excepted =
        (summary.excepted > 0).then(|| format!("{} excepted{}", summary.excepted, ends.unwrap_or_default()));
    let known = (summary.known > 0).then(|| format!("{} in the baseline", summary.known));
    let parts: Vec<String> = excepted.into_iter().chain(known).collect();
    if parts.is_empty() { String::new() } else { format!("; not shown: {}", parts.join(", ")) }
}

/// A number with its noun.
#[must_use]
pub fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;
    use crate::report::tests::run;

    fn plain(run: &[Examined]) -> String {
        let text = human(run, Ink::Plain);
        assert_eq!(strip_str(&human(run, Ink::Styled)).to_string(), text, "styles are all that differs");
        text
    }

    const POLICY: &str = "\
rules:
  - id: lan-mail
    services: [pop3]
  - id: everything
    services: any
";

    fn range(word: &str) -> std::ops::Range<u32> {
        let start = u32::try_from(POLICY.find(word).unwrap()).unwrap();
        start..start + u32::try_from(word.len()).unwrap()
    }

    #[test]
    fn a_finding_with_everything() {
        let marked = [(Severity::High, range("pop3")), (Severity::High, range("any"))];
        let mut one = run("policies/a.yaml", POLICY, &marked);
        let (finding, other) = (one.diagnostics.remove(0), one.diagnostics.remove(0));
        let finding = finding
            .label("port 110")
            .related(other.primary.site, "and this one too")
            .note("passes: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110")
            .help("allow `pop3s` instead");
        one.diagnostics.push(finding);
        insta::assert_snapshot!(plain(&[one]), @r#"
        high[some-check]: something is wrong
          ╭▸ policies/a.yaml:3:16
          │
        3 │     services: [pop3]
          │                ━━━━ port 110
        4 │   - id: everything
        5 │     services: any
          │               ─── and this one too
          │
          ├ note: passes: forward, lan0 → wan0: TCP 10.20.0.1:49152 → 198.51.100.1:110
          ╰ help: allow `pop3s` instead

        1 finding: 1 high in 1 policy
        "#);
    }

    #[test]
    fn hostile_text_does_not_reach_the_terminal() {
        let mut one = run("a.yaml", "x: \u{1b}[2J\u{202e}y\n", &[(Severity::Error, 3..7)]);
        let finding = one.diagnostics.remove(0);
        let title = "unknown key `\u{1b}[31m`";
        one.diagnostics
            .push(Diagnostic { title: title.to_owned(), ..finding }.label("\u{1b}[1m").help("\u{7}"));
        let text = plain(&[one]);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text}");
    }

    #[test]
    fn a_wide_line_keeps_its_column() {
        let text = format!("x: {}oops", "y".repeat(5000));
        let text = plain(&[run("a.yaml", &text, &[(Severity::Error, 5003..5007)])]);
        assert!(text.contains("a.yaml:1:5004") && text.contains("oops"), "{text}");
    }

    #[test]
    fn a_file_without_text_has_no_lines_to_show() {
        let text = plain(&[run("gone.yaml", "", &[(Severity::Error, 0..0)])]);
        insta::assert_snapshot!(text, @r#"
        error[some-check]: something is wrong
         ─▸ gone.yaml:1:1

        1 error in 1 policy
        "#);
    }

    #[test]
    fn long_notes_are_wrapped_between_words() {
        let text = wrapped(&"abcdefghi ".repeat(20));
        assert!(text.lines().all(|line| line.chars().count() <= WIDEST), "{text}");
        assert_eq!(text.replace('\n', " "), "abcdefghi ".repeat(20));
        assert_eq!(wrapped(&"x".repeat(200)), "x".repeat(200));
    }

    #[test]
    fn nothing_to_say() {
        assert_eq!(plain(&[run("a.yaml", "", &[])]), "no findings in 1 policy\n");
    }

    #[test]
    fn summaries_count_from_the_gravest() {
        let marked = [(Severity::Low, 0..1), (Severity::Critical, 1..2), (Severity::Low, 2..3)];
        let run = [run("a.yaml", "xyz", &marked), run("b.yaml", "x", &[(Severity::Error, 0..1)])];
        assert_eq!(summary(&Summary::of(&run)), "1 error and 3 findings: 1 critical, 2 low in 2 policies");
    }

    #[test]
    fn too_many_other_places_are_counted() {
        let mut one = run("a.yaml", "0123456789", &[(Severity::Low, 0..1)]);
        let finding = one.diagnostics.remove(0);
        let site = finding.primary.site;
        one.diagnostics.push((0..9).fold(finding, |finding, _| finding.related(site, "here")));
        assert!(plain(&[one]).contains("and 3 more places"));
    }
}
