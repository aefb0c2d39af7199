//! The command line: the only stage that knows exit codes, terminals and the clock.

mod answer;
mod bug;
mod commands;
mod difference;
mod discover;
mod exit;
mod fail_on;
mod failure;
mod foreign;
mod groups;
mod kept;
mod known;
mod load;
mod missing;
mod operand;
mod output;
mod profile;
mod progress;
mod rendering;
mod replace;
mod settings;
mod target;
mod terminal;
mod today;
mod versions;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::catalog;
use commands::{
    check, completions, compliance, diff, exceptions, explain, fmt, graph, init, lint, lsp, man, prove,
    query, render, report, review, schema, services, test, trace, verify,
};
use exit::Exit;
use failure::Failure;
use terminal::{Color, Terminal};

/// Shown below every command's help.
const EXIT_CODES: &str = "\
Exit codes: 0 yes; 1 no (findings, failed expectations, refused packets, controls that are not met, files or traffic that differ); 2 it could \
not answer (usage, invalid or missing input, a target that cannot say it); 70 a bug in mailward.";

/// Turns mail-security policies into firewall rulesets, and holds them against best practice.
#[derive(Debug, Parser)]
#[command(name = "mailward", version, after_help = EXIT_CODES, max_term_width = 100)]
struct CommandLine {
    /// When to colour.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "auto|always|never")]
    #[arg(hide_possible_values = true, display_order = 100)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// Every command; [`groups`] has the order of the help.
#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Lint(lint::Arguments),
    Test(test::Arguments),
    Render(render::Arguments),
    Diff(diff::Arguments),
    Review(review::Arguments),
    Prove(prove::Arguments),
    Verify(verify::Arguments),
    Trace(trace::Arguments),
    Query(query::Arguments),
    Report(report::Arguments),
    Graph(graph::Arguments),
    Exceptions(exceptions::Arguments),
    Compliance(compliance::Arguments),
    Explain(explain::Arguments),
    Services(services::Arguments),
    Init(init::Arguments),
    Fmt(fmt::Arguments),
    Lsp(lsp::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    fn run(self, terminal: &mut Terminal) -> Result<Exit, Failure> {
        match self {
            Self::Check(arguments) => check::run(&arguments, terminal),
            Self::Lint(arguments) => lint::run(&arguments, terminal),
            Self::Test(arguments) => test::run(&arguments, terminal),
            Self::Render(arguments) => render::run(&arguments, terminal),
            Self::Review(arguments) => review::run(&arguments, terminal),
            Self::Diff(arguments) => diff::run(&arguments, terminal),
            Self::Prove(arguments) => prove::run(&arguments, terminal),
            Self::Verify(arguments) => verify::run(&arguments, terminal),
            Self::Trace(arguments) => trace::run(&arguments, terminal),
            Self::Query(arguments) => query::run(&arguments, terminal),
            Self::Report(arguments) => report::run(&arguments, terminal),
            Self::Graph(arguments) => graph::run(&arguments, terminal),
            Self::Exceptions(arguments) => exceptions::run(&arguments, terminal),
            Self::Compliance(arguments) => compliance::run(&arguments, terminal),
            Self::Explain(arguments) => explain::run(&arguments, terminal),
            Self::Services(arguments) => services::run(&arguments, terminal),
            Self::Init(arguments) => init::run(&arguments, terminal),
            Self::Fmt(arguments) => fmt::run(&arguments, terminal),
            Self::Lsp(arguments) => lsp::run(&arguments),
            Self::Schema(arguments) => schema::run(&arguments, terminal),
            Self::Completions(arguments) => completions::run(&arguments, terminal),
            Self::Man(arguments) => man::run(&arguments, terminal),
        }
    }
}

/// Runs the command that the arguments ask for; the first argument is the program's name.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    bug::guarded(|| answer(arguments)).into()
}

fn answer(arguments: Vec<OsString>) -> Exit {
    match read(arguments) {
        Ok(CommandLine { color, command }) => {
            let mut terminal = Terminal::of_process(color);
            let answer = sound_catalog().and_then(|()| command.run(&mut terminal));
            answer.unwrap_or_else(|failure| failure.tell(&mut terminal))
        }
        Err(usage) => usage_exit(&usage),
    }
}

/// What the arguments ask for.
fn read(arguments: Vec<OsString>) -> Result<CommandLine, clap::Error> {
    let mut command = CommandLine::command();
    let matches = match command.try_get_matches_from_mut(&arguments) {
        // The help is laid out twice, which would cost every other run a millisecond.
        Err(error) if groups::is_help(error.kind()) => {
            groups::grouped(CommandLine::command()).try_get_matches_from(arguments)?
        }
        matches => {
            let asked = arguments.get(1).and_then(|name| command.find_subcommand(name));
            matches.map_err(|error| missing::with_words(error, asked))?
        }
    };
    CommandLine::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// A catalogue that cannot be read must not show as unknown names in policies.
fn sound_catalog() -> Result<(), Failure> {
    catalog::ready().map_err(|error| Failure::bug(error))
}

/// Help and version are answers; everything else that clap has to say is about wrong usage.
fn usage_exit(usage: &clap::Error) -> Exit {
    // Whoever closed the stream does not want the text.
    let _ = usage.print();
    let _ = std::io::stdout().flush();
    if usage.use_stderr() { Exit::CannotAnswer } else { Exit::Yes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }
}
