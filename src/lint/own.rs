//! Checks that an organisation writes without code, as exact as the built-in ones.

use std::collections::BTreeSet;
use std::sync::Mutex;

use regex_automata::meta::Regex;

use super::{Context, Packets};
use crate::lower::Asked;
use crate::model::{Comment, Match, Rule};
use crate::packet::{Cube, Hook};
use crate::parse::{DemandDecl, OwnDecl, RuleText};
use crate::source::{Diagnostic, Severity, Spanned};

/// How much memory a pattern may take, in bytes; sensible ones take a hundredth.
const LARGEST_PATTERN: usize = 1 << 20;

/// A check of somebody's own.
#[derive(Clone, Debug)]
pub struct OwnCheck {
    /// The profile it is written in.
    pub profile: String,
    /// Its id.
    pub id: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: String,
    /// Where that is asked for.
    pub source: Option<String>,
    /// Whether the policy has what it is about.
    pub has_subject: bool,
    reason: Option<String>,
    help: Option<String>,
    demand: Demand,
}

/// What it demands.
#[derive(Clone, Debug)]
enum Demand {
    /// None of these packets passes.
    Refused(Packets),
    /// Every rule carries texts that look like this.
    Carried(Vec<(RuleText, Pattern)>),
}

/// A regular expression that a whole text matches.
#[derive(Clone, Debug)]
struct Pattern {
    written: String,
    regex: Regex,
}

impl OwnCheck {
    /// A check of a profile as written, with what the policy says to its questions. None if the check means nothing, which is
    /// then reported.
    pub(super) fn new(
        profile: &str,
        decl: &OwnDecl,
        asked: Vec<Asked>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        if super::find(decl.id.value.as_str()).is_some() {
            let title = format!("`{}` is a built-in check", decl.id.value);
            let problem = Diagnostic::error("built-in-name", decl.id.site, title);
            problems.push(problem.help("choose another id"));
            return None;
        }
        let mut has_subject = true;
        let demand = match &decl.demand {
            DemandDecl::EveryRule(texts) => Demand::Carried(patterns(texts, problems)?),
            DemandDecl::Never(_) | DemandDecl::Only(_) => {
                let answers: Result<Vec<_>, _> = asked.into_iter().collect();
                match answers {
                    Ok(answers) => Demand::Refused(refused(&answers)),
                    Err(_) if decl.is_where_declared => {
                        has_subject = false;
                        Demand::Refused(Packets::new(Vec::new()))
                    }
                    Err(wrong) => {
                        problems.extend(wrong);
                        return None;
                    }
                }
            }
        };
        let text = |comment: &Option<Spanned<Comment>>| comment.as_ref().map(|text| text.value.to_string());
        Some(Self {
            profile: profile.to_owned(),
            id: lasting(decl.id.value.as_str()),
            severity: decl.severity,
            summary: decl.summary.value.to_string(),
            source: text(&decl.source),
            has_subject,
            reason: text(&decl.reason),
            help: text(&decl.help),
            demand,
        })
    }

    /// The packets that it forbids.
    pub(super) fn named(&self) -> Packets {
        match &self.demand {
            Demand::Refused(packets) => packets.clone(),
            Demand::Carried(_) => Packets::new(Vec::new()),
        }
    }

    /// Looks for what it forbids.
    pub(super) fn run(&self, context: &Context<'_>) -> Vec<Diagnostic> {
        let mut findings = match &self.demand {
            Demand::Refused(packets) => self.passing(context, packets),
            Demand::Carried(texts) => lacking(context, texts),
        };
        for finding in &mut findings {
            finding.notes.extend(self.reason.clone());
            finding.notes.extend(self.source.as_ref().map(|source| format!("see {source}")));
            finding.help.clone_from(&self.help);
        }
        findings
    }

    /// Whoever lets packets pass that it forbids.
    fn passing(&self, context: &Context<'_>, packets: &Packets) -> Vec<Diagnostic> {
        let permits = context.permits(packets);
        let finding =
            |permit| context.finding_about(&permit, &format!("breaks a rule of yours: {}", self.summary));
        permits.into_iter().map(finding).collect()
    }
}

/// Every rule without a text that is demanded.
fn lacking(context: &Context<'_>, texts: &[(RuleText, Pattern)]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rule in context.rules() {
        for (text, pattern) in texts {
            findings.extend(lack(rule, *text, pattern).map(|title| context.finding(rule.id.site, title)));
        }
    }
    findings
}

/// What passes only although it is forbidden: the packets of the one answer, or those of the first that are not among those of the
/// second. Packets on the loopback stay within the machine and are nobody's concern.
fn refused(answers: &[Vec<(Hook, Match)>]) -> Packets {
    let cubes = |answer: &Vec<(Hook, Match)>| -> Vec<Cube> {
        answer.iter().flat_map(|(hook, when)| when.cubes(*hook)).collect()
    };
    let mut answers = answers.iter().map(cubes);
    let all = answers.next().unwrap_or_default();
    let meant = answers.next().unwrap_or_default();
    let rest = |cube: &Cube| {
        meant.iter().fold(vec![cube.clone()], |rest, meant| {
            rest.iter().flat_map(|part| part.subtract(meant)).collect()
        })
    };
    Packets::new(all.iter().flat_map(rest).collect()).off_loopback()
}

/// What a rule lacks, in words.
fn lack(rule: &Rule, text: RuleText, pattern: &Pattern) -> Option<String> {
    let id = &rule.id.value;
    let written = match text {
        RuleText::Id => Some(id.as_str()),
        RuleText::Reason => rule.reason.as_ref().map(Comment::as_str),
        RuleText::Owner => rule.owner.as_ref().map(Comment::as_str),
        RuleText::Ticket => rule.ticket.as_ref().map(Comment::as_str),
    };
    let name = text.name();
    match written {
        None => Some(format!("rule `{id}` has no `{name}`")),
        Some(written) if !pattern.regex.is_match(written) => {
            Some(format!("the {name} of rule `{id}` does not look like `{}`: `{written}`", pattern.written))
        }
        Some(_) => None,
    }
}

fn patterns(
    texts: &[(RuleText, Spanned<String>)],
    problems: &mut Vec<Diagnostic>,
) -> Option<Vec<(RuleText, Pattern)>> {
    let before = problems.len();
    let read = |(text, written): &(RuleText, Spanned<String>)| match Pattern::new(&written.value) {
        Ok(pattern) => Some((*text, pattern)),
        Err(reason) => {
            let problem = Diagnostic::error("not-a-pattern", written.site, "this is no regular expression");
            problems.push(problem.note(reason));
            None
        }
    };
    let read: Vec<(RuleText, Pattern)> = texts.iter().filter_map(read).collect();
    (problems.len() == before).then_some(read)
}

impl Pattern {
    fn new(written: &str) -> Result<Self, String> {
        let config = Regex::config().nfa_size_limit(Some(LARGEST_PATTERN));
        let regex = Regex::builder().configure(config).build(&format!("^(?:{written})$"));
        // A message of the library spans lines: the last one says what is wrong.
        let reason = |error: regex_automata::meta::BuildError| match error.syntax_error() {
            Some(error) => error.to_string().lines().last().unwrap_or_default().to_owned(),
            None => error.to_string(),
        };
        regex.map(|regex| Self { written: written.to_owned(), regex }).map_err(reason)
    }
}

/// The id for as long as the program runs, as the ids of built-in checks are. There are as many as people write checks.
fn lasting(id: &str) -> &'static str {
    static IDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut ids = IDS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = ids.get(id) {
        return known;
    }
    let leaked: &'static str = id.to_owned().leak();
    ids.insert(leaked);
    leaked
}
