//! `mailward prove`: whether two policies or rulesets mean the same.

use clap::Args;

use crate::cli::answer::{self, Format, FormatArguments};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::operand::{Opened, Operand};
use crate::cli::terminal::Terminal;
use crate::prove::{self, Comparison, Logging, Names};
use crate::readback::{Conditions, InterfacePattern, InterfaceTable, Meaning};
use crate::report::proof::{self, Proof};
use crate::source::{Diagnostic, Site, Sources};

/// Say whether two policies or rulesets do the same with every packet, and if not, with which.
///
/// Each side is a policy, or a ruleset as mailward, another tool or a person wrote it, or as a live firewall lists it. What
/// it is shows in its name (`.yaml`, `.nft`, `.rules`, `.openbsd.pf.conf`), or is said: `nft:FILE`, `iptables:V4,V6,IPSET`,
/// `pf-openbsd:FILE`, `pf-freebsd:FILE`, `policy:FILE`. A match that is not understood may hold or not; where that matters,
/// the answer is that nobody can tell.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// One side; `KIND:-` for standard input.
    #[arg(value_name = "[KIND:]FILE[,FILE]")]
    left: Operand,
    /// The other side.
    #[arg(value_name = "[KIND:]FILE[,FILE]")]
    right: Operand,
    #[command(flatten)]
    compared: Compared,
}

/// What is compared, and who reads the answer.
#[derive(Clone, Copy, Debug, Args)]
pub(in crate::cli) struct Compared {
    /// Compare only what passes, not how packets are refused and logged.
    #[arg(long)]
    passage_only: bool,
    #[command(flatten)]
    format: FormatArguments,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if arguments.left.is_stdin() && arguments.right.is_stdin() {
        return Err(Failure::StdinTwice);
    }
    answered(&arguments.left, &arguments.right, arguments.compared, terminal)
}

/// Compares two operands and tells the answer.
///
/// # Errors
/// Files that cannot be read, and an output that takes no more.
pub(in crate::cli) fn answered(
    left: &Operand,
    right: &Operand,
    compared: Compared,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let opened = (left.open(&mut sources, &mut diagnostics)?, right.open(&mut sources, &mut diagnostics)?);
    let (Some(one), Some(other)) = opened else {
        answer::refuse(sources, diagnostics, terminal);
        return Ok(Exit::CannotAnswer);
    };
    let table = InterfaceTable::new(interfaces(&one).into_iter().chain(interfaces(&other)));
    let mut conditions = Conditions::default();
    let meanings = meaning(&one, &table, &mut conditions)
        .and_then(|meant| Ok((meant, meaning(&other, &table, &mut conditions)?)));
    let meant = match meanings {
        Ok(meanings) => meanings,
        Err(problem) => {
            answer::refuse(sources, vec![problem], terminal);
            return Ok(Exit::CannotAnswer);
        }
    };
    let comparison = prove::compare(&meant.0, &meant.1, compared.logging([&one, &other]));
    let (left, right) = (left.name(), right.name());
    let unwritten: Vec<Site> = [&one, &other].into_iter().filter_map(whole).collect();
    let names = Names {
        left: &left,
        right: &right,
        interfaces: &table,
        conditions: &conditions,
        unwritten: &unwritten,
    };
    let proof = Proof { comparison: &comparison, names, sides: [&meant.0, &meant.1], sources: &sources };
    if proof.is_about_nothing() {
        return Err(Failure::NothingInCommon { left, right });
    }
    let text = match compared.format.format() {
        Format::Human => proof::human(&proof, terminal.ink()),
        Format::Json => proof::json(&proof).map_err(|error| Failure::bug(&error))?,
    };
    terminal.result(&text)?;
    Ok(verdict(&comparison))
}

impl Compared {
    /// How closely logging is compared.
    fn logging(self, sides: [&Opened; 2]) -> Logging {
        let limits = |side: &&Opened| match side {
            Opened::Policy(_) => true,
            Opened::Ruleset(ruleset) => ruleset.limits_logs(),
        };
        match self.passage_only {
            true => Logging::Not,
            false if sides.iter().all(limits) => Logging::Limits,
            false => Logging::Whether,
        }
    }
}

fn interfaces(opened: &Opened) -> Vec<InterfacePattern> {
    match opened {
        Opened::Policy(policy) => prove::interface_patterns(policy).collect(),
        Opened::Ruleset(ruleset) => ruleset.interfaces(),
    }
}

/// Where a policy stands as a whole.
fn whole(opened: &Opened) -> Option<Site> {
    match opened {
        Opened::Policy(policy) => Some(policy.site),
        Opened::Ruleset(_) => None,
    }
}

fn meaning(
    opened: &Opened,
    table: &InterfaceTable,
    conditions: &mut Conditions,
) -> Result<Meaning, Diagnostic> {
    match opened {
        Opened::Policy(policy) => Ok(prove::meaning_of(policy, table)),
        Opened::Ruleset(ruleset) => ruleset.meaning(table, conditions),
    }
}

/// No if anything is known to differ; no answer if only something may.
fn verdict(comparison: &Comparison) -> Exit {
    let is_known = comparison.differences.iter().any(|difference| !difference.is_conditional());
    match is_known {
        true => Exit::No,
        false if comparison.is_equal() => Exit::Yes,
        false => Exit::CannotAnswer,
    }
}
