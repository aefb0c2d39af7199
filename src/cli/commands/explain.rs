//! `mailward explain`: what a check finds and why, and what other messages mean.

mod messages;

use clap::Args;

use crate::catalog::{self, Standard};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::lint::{self, Asked, Check, Meta, Parameter};

/// Say what a check finds, why it matters, and when to make an exception; or what an error means.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Name of a check or of an error, as messages show it in brackets [default: list all checks].
    check: Option<String>,
    /// List the built-in profiles instead.
    #[arg(long, conflicts_with = "check")]
    profiles: bool,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let text = match &arguments.check {
        None if arguments.profiles => profiles()?,
        None => list(),
        Some(id) => match messages::find(id) {
            Some(message) => message.page(),
            None => page(find(id)?),
        },
    };
    terminal.result(&text)?;
    Ok(Exit::Yes)
}

fn find(id: &str) -> Result<&'static dyn Check, Failure> {
    let ids = lint::ALL.iter().map(|check| check.meta().id);
    let ids = ids.chain(messages::all().map(|message| message.code));
    lint::find(id).ok_or_else(|| Failure::unknown("check", id, ids, "mailward explain"))
}

fn list() -> String {
    let metas = || lint::ALL.iter().map(|check| check.meta());
    let width = metas().map(|meta| meta.id.len()).max().unwrap_or(0);
    let line = |meta: &Meta| format!("{:width$}  {:8}  {}\n", meta.id, meta.severity.name(), meta.summary);
    metas().map(line).collect::<Vec<_>>().concat()
}

/// Every built-in profile: what it stands for, and how many checks and controls it has.
fn profiles() -> Result<String, Failure> {
    let standards = catalog::standards().map_err(|error| Failure::bug(error))?;
    let width = standards.iter().map(|standard| standard.profile().name().len()).max().unwrap_or(0);
    let line = |standard: &Standard| {
        let checks = lint::ALL.iter().filter(|check| check.meta().profiles.contains(&standard.profile()));
        let objectives = lint::objectives(standard);
        let served = objectives.iter().filter(|objective| !objective.checks.is_empty()).count();
        let name = standard.profile().name();
        let version = standard.version().map(|version| format!(", {version}")).unwrap_or_default();
        let (title, publisher) = (standard.title(), standard.publisher());
        let (checks, controls) = (checks.count(), objectives.len());
        format!(
            "{name:width$}  {title}{version} ({publisher})\n{:width$}  {checks} checks for {served} of {controls} controls\n",
            ""
        )
    };
    Ok(standards.iter().map(line).collect())
}

/// The page of a check, below it what machines know about it.
fn page(check: &dyn Check) -> String {
    let meta = check.meta();
    let profiles: Vec<&str> = meta.profiles.iter().map(|profile| profile.name()).collect();
    let run = match check.asked() {
        Asked::Always => "",
        Asked::ByProfile => "; run only where one of them is asked for",
    };
    format!(
        "{}\n\nSeverity: {}\nProfiles: {}{run}\n{}Sources: {}\n",
        meta.page.trim_end(),
        meta.severity.name(),
        profiles.join(", "),
        check.parameters().iter().map(parameter).collect::<Vec<String>>().concat(),
        meta.sources.join("; "),
    )
}

/// A line on a number that profiles may set.
fn parameter(parameter: &Parameter) -> String {
    let Parameter { name, default, meaning } = parameter;
    format!("Parameter: `{name}`, {default} where no profile sets it: {meaning}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_page_under_its_own_name() {
        for check in lint::ALL {
            let meta = check.meta();
            assert!(page(find(meta.id).unwrap()).starts_with(&format!("# {}\n", meta.id)));
        }
    }
}
