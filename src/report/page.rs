//! One page about policies: what may pass, what is wrong, what is permitted and until when, what is expected, and what is rendered.
//!
//! The page is one HTML file that needs nothing else: no script, no other file, no network. `page/layout.html.j2` lays it out; every
//! text that comes from a policy is escaped on its way there, and what would hide or move is replaced.

mod beside;
mod matrix;
mod months;
mod promises;
mod timeline;
mod told;

use jiff::civil::Date;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use serde::Serialize;

use super::{Examined, Summary, count};
use crate::analyze::{Decisions, spoken};
use crate::lint::permissions;
use crate::model::{Comment, Policy, unprintable};
use crate::render::{Artifact, Target};
use crate::source::Severity;
use beside::Beside;
use matrix::Matrix;
use promises::Promises;
use timeline::Timeline;
use told::{Excused, Finding};

/// The layout.
const TEMPLATE: &str = include_str!("page/layout.html.j2");
/// How the page looks.
const STYLE: &str = include_str!("page/style.css");
/// What the layout is called; the ending has its values escaped.
const NAME: &str = "layout.html.j2";

/// A policy that was judged.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'r> {
    /// What was found.
    pub examined: &'r Examined,
    /// The policy.
    pub policy: &'r Policy,
    /// Its files for each target.
    pub rulesets: &'r [(Target, Vec<Artifact>)],
}

/// What the page says about one policy.
#[derive(Debug, Serialize)]
pub struct Chapter {
    name: String,
    path: String,
    description: Option<String>,
    owner: Option<String>,
    reviewed: Option<String>,
    /// What was found, in a few words.
    verdict: String,
    /// The gravest severity.
    worst: Option<&'static str>,
    matrix: Matrix,
    findings: Vec<Finding>,
    excused: Vec<Excused>,
    known: usize,
    timeline: Timeline,
    promises: Promises,
    beside: Beside,
}

/// The whole page.
#[derive(Serialize)]
struct Page<'r> {
    today: String,
    version: &'static str,
    verdict: String,
    chapters: &'r [Chapter],
    /// What was found about files beside the policies.
    aside: Vec<Finding>,
}

impl Chapter {
    /// Works out what there is to say about a policy on a day.
    #[must_use]
    pub fn of(subject: Subject<'_>, today: Date) -> Self {
        let Subject { examined, policy, rulesets } = subject;
        let sources = &examined.sources;
        let decisions = Decisions::new(policy);
        let summary = Summary::of([examined]);
        let text = |comment: &Option<Comment>| comment.as_ref().map(Comment::to_string);
        Self {
            name: policy.name.value.to_string(),
            path: examined.path.clone(),
            description: text(&policy.description),
            owner: text(&policy.owner),
            reviewed: policy.reviewed.as_ref().map(|day| day.value.to_string()),
            verdict: verdict(&summary),
            worst: summary.worst_finding().map(Severity::name),
            matrix: matrix::matrix(&decisions, &spoken(policy, sources), sources, today),
            findings: told::findings(examined),
            excused: examined.excepted.iter().map(|one| told::excused(one, sources)).collect(),
            known: examined.known,
            timeline: timeline::timeline(&permissions(policy, today), sources, today),
            promises: promises::promises(&decisions, sources),
            beside: beside::beside(policy, sources, rulesets),
        }
    }
}

/// `1 high, 2 low`.
fn verdict(summary: &Summary) -> String {
    let severities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    let counted = severities.iter().map(|&severity| (summary.count(severity), severity.name()));
    let words: Vec<String> =
        counted.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
    if words.is_empty() { "no finding".to_owned() } else { words.join(", ") }
}

/// The page about policies, on a day.
///
/// # Errors
/// A layout that does not fit what it lays out: a bug.
pub fn html(chapters: &[Chapter], aside: &[&Examined], today: Date) -> Result<String, Error> {
    let found: usize = chapters.iter().map(|chapter| chapter.findings.len()).sum();
    let policies = count(chapters.len(), "policy", "policies");
    let page = Page {
        today: today.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        verdict: format!("{policies}, {}", count(found, "finding", "findings")),
        chapters,
        aside: aside.iter().flat_map(|one| told::findings(one)).collect(),
    };
    let text = environment()?.get_template(NAME)?.render(Value::from(Serde(page)))?;
    Ok(text.replace(STYLE_PLACE, STYLE).chars().map(shown).collect())
}

/// Where the style goes: no text from a policy looks like that, since it would be escaped.
const STYLE_PLACE: &str = "/*<style>*/";

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template(NAME, TEMPLATE)?;
    Ok(environment)
}

/// Nothing on the page moves or hides, whoever wrote it.
fn shown(c: char) -> char {
    if unprintable(c) && c != '\n' && c != '\t' { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::run;

    /// A page on which a hostile text is everywhere a finding has one.
    fn page(text: &str) -> String {
        let mut examined = run("policies/a.yaml", "x\n", &[(Severity::High, 0..1)]);
        for one in &mut examined.diagnostics {
            one.title = text.to_owned();
            one.notes = vec![text.to_owned()];
            one.help = Some(text.to_owned());
        }
        html(&[], &[&examined], jiff::civil::date(2026, 11, 1)).unwrap()
    }

    #[test]
    fn nothing_becomes_markup() {
        let page = page("</style></script><img src=x onerror='alert(1)'>`</code>`<!--{{ today }}");
        assert!(!page.contains("<img") && !page.contains("</script") && !page.contains("<!--"), "{page}");
        assert_eq!(page.matches("</style>").count(), 1);
        assert!(
            page.contains("&lt;img src=x onerror=&#x27;alert(1)&#x27;&gt;<code>&lt;&#x2f;code&gt;</code>")
        );
        assert!(page.contains("{{ today }}"));
    }

    #[test]
    fn nothing_moves_or_hides() {
        let page = page("a\u{202e}b\u{200b}c\u{1b}[31m\rd\0");
        assert!(page.contains("a\u{fffd}b\u{fffd}c\u{fffd}[31m\u{fffd}d\u{fffd}"), "{page}");
        assert_eq!(page.chars().find(|&c| unprintable(c) && c != '\n' && c != '\t'), None);
    }

    #[test]
    fn the_style_does_not_reach_out() {
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains('<'));
        assert_eq!(TEMPLATE.matches(STYLE_PLACE).count(), 1);
        assert!(!TEMPLATE.contains("|safe") && !TEMPLATE.contains("autoescape"));
    }
}
