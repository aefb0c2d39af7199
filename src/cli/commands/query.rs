//! `mailward query`: who may send which packets.

mod human;
mod json;

use std::path::PathBuf;

use clap::Args;

use crate::analyze::{Answer, Decisions, Portrait, Scope, Vocabulary, arriving, as_said, in_scope};
use crate::cli::answer::{self, Format, FormatArguments};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::foreign::{self, ForeignArguments};
use crate::cli::load;
use crate::cli::terminal::Terminal;
use crate::lower::lower_with;
use crate::model::{Match, Policy};
use crate::packet::{Cube, Family, Hook};
use crate::parse::{self, Bundle, QuestionDecl, Wanted};
use crate::source::{Diagnostic, Sources};

/// Say who may send which packets, and by which rule.
///
/// A question is `who may reach PLACES`, `what may PLACES send out`, `what may PLACES send to PLACES` or `may PLACES reach
/// PLACES`, each perhaps with `on SERVICES` behind it; or it names the packets: `from PLACES`, `to PLACES`, `on SERVICES`.
/// Places are zones, networks, addresses, `host` and `any`; services are names, or `tcp 25`, `udp 53`, `icmp
/// echo-request`, `protocol esp`; several have commas between them.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// A policy, or with --as a ruleset; `-` for standard input.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    /// What to ask, such as 'who may reach dmz on smtp'.
    #[arg(value_name = "QUESTION")]
    question: String,
    /// Ask about every packet: what the baseline decides too, in every connection state, loopback included.
    #[arg(long)]
    baseline: bool,
    #[command(flatten)]
    foreign: ForeignArguments,
    #[command(flatten)]
    format: FormatArguments,
}

/// An answer with everything that it takes to word it.
struct Answered<'a> {
    policy: &'a Policy,
    sources: &'a Sources,
    vocabulary: Vocabulary<'a>,
    wanted: Wanted,
    /// What was asked about.
    question: Vec<Portrait>,
    answer: Answer<'a>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut sources = Sources::default();
    let Asked { policy, question, packets, families } = match arguments.asked(&mut sources)? {
        Ok(asked) => asked,
        Err(problems) => {
            answer::refuse(sources, problems, terminal);
            return Ok(Exit::CannotAnswer);
        }
    };
    let scope = scope(arguments, &question);
    let mut cubes = in_scope(&packets, scope);
    cubes.retain(|cube| families.contains(&cube.family));
    let answered = answered(&policy, &sources, &cubes, scope, question.wanted);
    let text = match arguments.format.format() {
        Format::Human => human::text(&answered),
        Format::Json => answer::json(&json::document(&answered))?,
    };
    terminal.result(&text)?;
    Ok(answered.exit())
}

/// A policy and a question about it.
struct Asked {
    policy: Policy,
    question: QuestionDecl,
    packets: Vec<(Hook, Match)>,
    /// Those that are asked about: a ruleset need not speak of both.
    families: Vec<Family>,
}

/// The policy in whose words a question about a ruleset is asked: it has no zone and no network of its own.
const NO_WORDS: &str = "version: 1\nname: ruleset\nrules:\n  - { id: nothing, action: deny, from: any, to: any, services: any }\n";

impl Arguments {
    /// The policy, or the ruleset as one, and the question about it.
    fn asked(&self, sources: &mut Sources) -> Result<Result<Asked, Vec<Diagnostic>>, Failure> {
        let Some(language) = self.foreign.language() else {
            let bundle = load::one(&self.policy, sources)?;
            return Ok(asked(bundle, &self.question, sources));
        };
        let foreign = match foreign::read(language, &[&self.policy], &[], sources)? {
            Ok(foreign) => foreign,
            Err(problems) => return Ok(Err(problems)),
        };
        let words = parse::text("<ruleset>", NO_WORDS, sources);
        let asked = asked(words, &self.question, sources);
        Ok(asked.map(|asked| match foreign.policies.into_iter().next() {
            Some(policy) => Asked { policy, families: foreign.families.concat(), ..asked },
            None => asked,
        }))
    }
}

/// Looks up the names of a policy and of a question; or says what is wrong with them.
fn asked(bundle: Bundle, question: &str, sources: &mut Sources) -> Result<Asked, Vec<Diagnostic>> {
    let question = parse::question("<question>", question, sources).map_err(|problems| {
        bundle.diagnostics.iter().cloned().chain(problems).collect::<Vec<Diagnostic>>()
    })?;
    let (lowered, mut asked) = lower_with(bundle, std::slice::from_ref(&question));
    let policy = lowered.policy.ok_or(lowered.diagnostics)?;
    let packets = asked.pop().unwrap_or_else(|| Err(Vec::new()))?;
    Ok(Asked { policy, question, packets, families: Family::ALL.to_vec() })
}

/// Who names services wants to know about them, whoever decides; who does not asks about the rules.
fn scope(arguments: &Arguments, decl: &QuestionDecl) -> Scope {
    match (arguments.baseline, decl.is_narrow) {
        (true, _) => Scope::Everything,
        (false, true) => Scope::Flows,
        (false, false) => Scope::Rules,
    }
}

fn answered<'a>(
    policy: &'a Policy,
    sources: &'a Sources,
    question: &[Cube],
    scope: Scope,
    wanted: Wanted,
) -> Answered<'a> {
    let vocabulary = Vocabulary::of(policy);
    let answer = match scope {
        Scope::Everything => Decisions::new(policy).query(question, scope),
        Scope::Rules | Scope::Flows => {
            Decisions::new(policy).query(&arriving(question, &policy.zones), scope)
        }
    };
    let question = vocabulary.portraits(&question.iter().map(as_said).collect::<Vec<Cube>>());
    Answered { policy, sources, vocabulary, wanted, question, answer }
}

impl Answered<'_> {
    /// Whether the answer is yes; none if it could not be told.
    fn is_yes(&self) -> Option<bool> {
        match self.wanted {
            Wanted::Some => self.answer.some_pass(),
            Wanted::Every => self.answer.all_pass(),
        }
    }

    fn exit(&self) -> Exit {
        match self.is_yes() {
            Some(true) => Exit::Yes,
            Some(false) => Exit::No,
            None => Exit::CannotAnswer,
        }
    }

    /// Boxes in words.
    fn portraits(&self, cubes: &[Cube]) -> Vec<Portrait> {
        self.vocabulary.portraits(&cubes.iter().map(as_said).collect::<Vec<Cube>>())
    }
}
