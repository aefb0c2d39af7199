//! `mailward exceptions`: all that is permitted, and until when.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use crate::cli::answer::{self, Format, FormatArguments};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::load::{self, Loaded};
use crate::cli::terminal::{Terminal, printable};
use crate::cli::today::{day, today};
use crate::lint::{Permission, Standing, permissions};
use crate::report::{self, Examined};
use crate::source::Severity;

/// List every exception with the days it has left, what ends first coming first.
///
/// The answer is yes if all of them hold, and with --within for more than so many days.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Policies, directories of policies, or `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Let exceptions that end within so many days make the answer no.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i32).range(0..))]
    within: Option<i32>,
    #[command(flatten)]
    format: FormatArguments,
    /// Judge dates as on that day, YYYY-MM-DD [default: the current day, UTC].
    #[arg(long, value_parser = day, value_name = "DATE")]
    today: Option<Date>,
}

/// A policy with what is permitted in it.
struct Listed {
    examined: Examined,
    permissions: Vec<Permission>,
}

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    exceptions: Vec<PermissionDocument<'r>>,
}

#[derive(Serialize)]
struct PermissionDocument<'r> {
    policy: Option<&'r str>,
    place: String,
    about: &'r str,
    checks: &'r [String],
    state: &'static str,
    days_left: Option<i32>,
    expires: Option<String>,
    granted: Option<String>,
    owner: Option<&'r str>,
    ticket: Option<&'r str>,
    reason: Option<&'r str>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let today = today(arguments.today);
    let run = load::each(&arguments.paths, terminal, |loaded| listed(loaded, today))?;
    let broken: Vec<&Examined> =
        run.iter().map(|one| &one.examined).filter(|examined| !examined.diagnostics.is_empty()).collect();
    if !broken.is_empty() {
        terminal.remark(report::messages(broken.iter().copied(), terminal.ink()).trim_end());
    }
    let text = match arguments.format.format() {
        Format::Human => human(&run),
        Format::Json => answer::json(&document(&run))?,
    };
    terminal.result(&text)?;
    Ok(if broken.is_empty() { answer(&run, arguments.within) } else { Exit::CannotAnswer })
}

fn listed(loaded: Loaded, today: Date) -> Listed {
    let Loaded { policy, mut examined, .. } = loaded;
    examined.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let permissions = policy.map(|policy| permissions(&policy, today)).unwrap_or_default();
    Listed { examined, permissions }
}

fn answer(run: &[Listed], within: Option<i32>) -> Exit {
    let lasts = |one: &Permission| match one.standing {
        Standing::Incomplete | Standing::Ended => false,
        Standing::Holds(days) => within.is_none_or(|within| days > within),
    };
    let all_last = run.iter().flat_map(|one| &one.permissions).all(lasts);
    if all_last { Exit::Yes } else { Exit::No }
}

fn human(run: &[Listed]) -> String {
    let mut text = String::new();
    for Listed { examined, permissions } in run {
        for one in permissions {
            let checks = if one.checks.is_empty() { "any check".to_owned() } else { one.checks.join(", ") };
            let place = printable(&examined.sources.place(one.site));
            let _ = writeln!(text, "{place}: {}: {checks}", one.about);
            let _ = writeln!(text, "  {}", details(one).join("; "));
        }
    }
    let all = || run.iter().flat_map(|one| &one.permissions);
    let count = |name| all().filter(|one| one.standing.name() == name).count();
    let states = ["in force", "ended", "incomplete"].map(|name| (count(name), name));
    let states: Vec<String> = states
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let total = match all().count() {
        0 => "no exceptions".to_owned(),
        1 => format!("1 exception: {}", states.join(", ")),
        many => format!("{many} exceptions: {}", states.join(", ")),
    };
    text + &total + "\n"
}

/// When it ends, who answers for it, and why.
fn details(one: &Permission) -> Vec<String> {
    let ends = match (one.standing, one.expires) {
        (Standing::Holds(0), Some(day)) => format!("ends today, {day}"),
        (Standing::Holds(1), Some(day)) => format!("ends {day}, in 1 day"),
        (Standing::Holds(days), Some(day)) => format!("ends {day}, in {days} days"),
        (Standing::Ended, Some(day)) => format!("ended {day}"),
        _ => "covers nothing: `mailward lint` says why".to_owned(),
    };
    let owner = one.owner.as_ref().map(|owner| format!("by {owner}"));
    std::iter::once(ends).chain(owner).chain(one.ticket.clone()).chain(one.reason.clone()).collect()
}

fn document(run: &[Listed]) -> Document<'_> {
    let all = run.iter().flat_map(|one| one.permissions.iter().map(move |permission| (one, permission)));
    let exceptions = all.map(|(Listed { examined, .. }, one)| PermissionDocument {
        policy: examined.name.as_deref(),
        place: examined.sources.place(one.site),
        about: &one.about,
        checks: &one.checks,
        state: one.standing.name(),
        days_left: match one.standing {
            Standing::Holds(days) => Some(days),
            Standing::Incomplete | Standing::Ended => None,
        },
        expires: one.expires.map(|day| day.to_string()),
        granted: one.granted.map(|day| day.to_string()),
        owner: one.owner.as_deref(),
        ticket: one.ticket.as_deref(),
        reason: one.reason.as_deref(),
    });
    Document { version: 1, exceptions: exceptions.collect() }
}
