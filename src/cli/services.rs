//! `mailward services`: the names that every policy may use.

use clap::Args;

use super::answer::{Format, FormatArguments};
use super::exit::Exit;
use super::failure::Failure;
use super::terminal::Terminal;
use crate::catalog::{self, Service};
use crate::report::services::{details, human, json};

/// List the built-in services, or say everything about one.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Name of a service, or an older name of one [default: list all of them].
    service: Option<String>,
    #[command(flatten)]
    format: FormatArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let asked = arguments.service.as_deref().map(find).transpose()?;
    let text = match (arguments.format.format(), asked) {
        (Format::Human, None) => human(&all()),
        (Format::Human, Some(service)) => details(service),
        (Format::Json, asked) => {
            let services = asked.map_or_else(all, |service| vec![service]);
            json(&services).map_err(|error| Failure::bug(&error))?
        }
    };
    terminal.result(&text)?;
    Ok(Exit::Yes)
}

fn all() -> Vec<&'static Service> {
    catalog::services().collect()
}

fn find(name: &str) -> Result<&'static Service, Failure> {
    let unknown = || Failure::unknown("service", name, catalog::service_names(), "mailward services");
    catalog::service(name).ok_or_else(unknown)
}
