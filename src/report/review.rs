//! The review of a change: one comment for a pull request that says what a reviewer wants to know, the gravest first.

mod fit;

use super::changes::{self, Compared};
use super::findings::{markdown_headline, markdown_sections};
use super::markup::{capital, code, escaped};
use super::{Examined, Said, count};
use crate::lint::{Permission, Standing};
use crate::source::{SourceFile, Sources};
pub use fit::SHORTEST;
use fit::{Comment, Words};

/// What the comment begins with: those who post it find their own one again by it.
pub const MARKER: &str = "<!-- mailward review -->";

/// The longest comment that GitHub takes, in characters; GitLab takes more.
pub const LONGEST: usize = 65_536;

/// Findings of a kind that are shown; the rest are counted.
const MOST_FINDINGS: usize = 25;

/// What is left out, in words.
const INTRODUCED: Words = ("finding introduced", "findings introduced");
const FIXED: Words = ("finding fixed", "findings fixed");
const DIFFERENCES: Words = ("ruleset that changes", "rulesets that change");

/// Everything that is new in a change.
#[derive(Debug, Default)]
pub struct Review<'r> {
    /// What changes in traffic.
    pub compared: &'r [Compared<'r>],
    /// Findings that were not there before.
    pub introduced: Vec<Said<'r>>,
    /// Findings that are not there any more.
    pub fixed: Vec<Said<'r>>,
    /// Exceptions that are new, have ended or end soon.
    pub exceptions: Vec<Permitted<'r>>,
    /// Every file of a ruleset.
    pub rulesets: Vec<Ruleset>,
}

/// An exception that a reviewer should know of.
#[derive(Debug)]
pub struct Permitted<'r> {
    /// The exception.
    pub permission: &'r Permission,
    /// Whether it was not there before.
    pub is_new: bool,
    /// The files of its policy.
    pub sources: &'r Sources,
}

/// One file of a ruleset.
#[derive(Debug)]
pub struct Ruleset {
    /// Its name.
    pub name: String,
    /// SHA-256 of its text in hexadecimal digits; none if it is no longer rendered.
    pub digest: Option<String>,
    /// How it differs from what was rendered before, as a unified diff; none if it does not.
    pub difference: Option<String>,
}

/// The comment, at most so many characters long: what does not fit is counted.
#[must_use]
pub fn markdown(review: &Review<'_>, longest: usize) -> String {
    let mut comment = Comment::new(longest, format!("{MARKER}\n**{}**\n", escaped(&verdict(review))));
    // Short, and what a reviewer can rely on: traffic does not push it out.
    let digests = comment.keep(digests(&review.rulesets));
    for (title, items) in changes::markdown_sections(review.compared) {
        comment.items(&title, ("change in traffic", "changes in traffic"), items);
    }
    comment.items("Findings introduced", INTRODUCED, findings(&review.introduced));
    comment.items("Findings fixed", FIXED, review.fixed.iter().map(headline).collect());
    comment.items(
        "Exceptions",
        ("exception", "exceptions"),
        review.exceptions.iter().map(exception).collect(),
    );
    let changed: Vec<&Ruleset> =
        review.rulesets.iter().filter(|ruleset| ruleset.difference.is_some()).collect();
    comment.items("Rulesets", DIFFERENCES, changed.into_iter().map(ruleset).collect());
    if digests.is_none() {
        let rendered = review.rulesets.iter().filter(|ruleset| ruleset.digest.is_some()).count();
        comment.omit(rendered, ("digest of a ruleset", "digests of rulesets"));
    }
    comment.finish(digests)
}

/// The comment about policies that are not valid, at most so many characters long: what is wrong, instead of what they do.
#[must_use]
pub fn problems(run: &[Examined], longest: usize) -> String {
    let mut comment = Comment::new(longest, format!("{MARKER}\n{}", markdown_headline(run)));
    for (title, items) in markdown_sections(run) {
        comment.items(&title, ("problem", "problems"), items);
    }
    comment.finish(None)
}

/// `2 changes in traffic: …; 1 finding introduced, 3 fixed; 2 of 5 rulesets change`.
fn verdict(review: &Review<'_>) -> String {
    let changed = review.rulesets.iter().filter(|ruleset| ruleset.difference.is_some()).count();
    let findings = match (review.introduced.len(), review.fixed.len()) {
        (0, 0) => "no finding introduced".to_owned(),
        (new, 0) => format!("{} introduced", count(new, "finding", "findings")),
        (new, fixed) => format!("{} introduced, {fixed} fixed", count(new, "finding", "findings")),
    };
    let rulesets = match (changed, review.rulesets.len()) {
        (_, 0) => None,
        (0, _) => Some("no ruleset changes".to_owned()),
        (some, all) => Some(format!(
            "{some} of {} {}",
            count(all, "ruleset", "rulesets"),
            if some == 1 { "changes" } else { "change" }
        )),
    };
    let parts = [capital(&changes::summary(review.compared)), findings].into_iter().chain(rulesets);
    parts.collect::<Vec<_>>().join("; ")
}

/// Findings with what shows them and what to do.
/// The gravest first, so that none of them is among those that are only counted.
fn findings(introduced: &[Said<'_>]) -> Vec<String> {
    let mut gravest_first = introduced.to_vec();
    gravest_first.sort_by_key(|(diagnostic, _)| std::cmp::Reverse(diagnostic.severity));
    let shown = gravest_first.iter().take(MOST_FINDINGS).map(|said| {
        let (diagnostic, _) = said;
        let notes = diagnostic.notes.iter().map(|note| format!("  - {}\n", escaped(note)));
        let help = diagnostic.help.iter().map(|help| format!("  - help: {}\n", escaped(help)));
        headline(said) + &notes.chain(help).collect::<String>()
    });
    let more = introduced.len().checked_sub(MOST_FINDINGS).filter(|&more| more > 0);
    shown.chain(more.map(|more| format!("- and {more} more\n"))).collect()
}

fn headline((diagnostic, sources): &Said<'_>) -> String {
    let site = diagnostic.primary.site;
    let path = sources.file(site.file).map_or("", SourceFile::path);
    let place = format!("{path}:{}", sources.position(site).line);
    let severity = diagnostic.severity.name();
    format!(
        "- **{severity}** {}: {} in {}\n",
        code(diagnostic.code),
        escaped(&diagnostic.title),
        code(&place)
    )
}

/// `- new, 19 days left: rule x, any check, until 2027-03-31 by somebody: reason in path:line`, with its marks.
fn exception(Permitted { permission, is_new, sources }: &Permitted<'_>) -> String {
    let news = match (is_new, permission.standing) {
        (_, Standing::Incomplete) => "incomplete, so it covers nothing".to_owned(),
        (_, Standing::Ended) => "ended".to_owned(),
        (true, Standing::Holds(days)) => format!("new, {} left", number_of_days(days)),
        (false, Standing::Holds(days)) => format!("ends soon, {} left", number_of_days(days)),
    };
    let checks = match permission.checks.as_slice() {
        [] => "any check".to_owned(),
        checks => checks.iter().map(|check| code(check)).collect::<Vec<_>>().join(", "),
    };
    let path = sources.file(permission.site.file).map_or("", SourceFile::path);
    let place = format!("{path}:{}", sources.position(permission.site).line);
    let until = permission.expires.map(|day| format!(", until {day}"));
    let owner = permission.owner.as_ref().map(|owner| format!(" by {}", code(owner)));
    let reason = permission.reason.as_ref().map(|reason| format!(": {}", escaped(reason)));
    let said: String = [until, owner, reason].into_iter().flatten().collect();
    format!("- **{news}**: {}, {checks}{said} in {}\n", escaped(&permission.about), code(&place))
}

fn number_of_days(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// A changed file, folded.
fn ruleset(ruleset: &Ruleset) -> String {
    let text = ruleset.difference.as_deref().unwrap_or_default();
    let lines = || text.lines().skip(2);
    let starting = |sign| lines().filter(|line| line.starts_with(sign)).count();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let name = markup_text(&ruleset.name);
    let gone = if ruleset.digest.is_none() { ", no longer rendered" } else { "" };
    format!(
        "<details><summary><code>{name}</code>: +{} −{}{gone}</summary>\n\n{fence}diff\n{text}{fence}\n\n</details>\n",
        starting('+'),
        starting('-'),
    )
}

/// Text between tags of HTML.
fn markup_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The digests of all files, folded: whoever loads one can see that it is the one that was reviewed.
fn digests(rulesets: &[Ruleset]) -> Option<String> {
    let digest = |ruleset: &Ruleset| Some(format!("{}  {}\n", ruleset.digest.as_ref()?, ruleset.name));
    let lines: String = rulesets.iter().filter_map(digest).collect();
    let summary = "SHA-256 of every ruleset, for <code>sha256sum -c</code>";
    (!lines.is_empty())
        .then(|| format!("<details><summary>{summary}</summary>\n\n```text\n{lines}```\n\n</details>\n"))
}
