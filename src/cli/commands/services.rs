//! `mailward services`: the names that every policy may use.

use clap::Args;

use crate::catalog::{self, Service};
use crate::cli::answer::{Format, FormatArguments};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use crate::packet::{TCP, UDP};
use crate::report::services::{details, human, json};

/// List the built-in services or those on a port, or say everything about one.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Name of a service, an older name of one, or a port such as 25, tcp/25 or udp/53 [default: list all of them].
    service: Option<String>,
    #[command(flatten)]
    format: FormatArguments,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let asked = arguments.service.as_deref().map(find).transpose()?;
    let text = match (arguments.format.format(), asked) {
        (Format::Human, None) => human(&all()),
        (Format::Human, Some(found)) => match found.as_slice() {
            [service] => details(service),
            services => human(services),
        },
        (Format::Json, asked) => json(&asked.unwrap_or_else(all)).map_err(|error| Failure::bug(&error))?,
    };
    terminal.result(&text)?;
    Ok(Exit::Yes)
}

fn all() -> Vec<&'static Service> {
    catalog::services().collect()
}

/// The service of that name, or those on that port.
fn find(name: &str) -> Result<Vec<&'static Service>, Failure> {
    if let Some((port, protocol)) = port(name) {
        let on: Vec<&'static Service> = catalog::services_on(port, protocol).collect();
        return if on.is_empty() { Err(Failure::NoServiceOn(name.to_owned())) } else { Ok(on) };
    }
    let unknown = || Failure::unknown("service", name, catalog::service_names(), "mailward services");
    catalog::service(name).map(|service| vec![service]).ok_or_else(unknown)
}

/// A port and perhaps its protocol: `25`, `tcp/25`, `25/tcp`, `tcp 25`.
fn port(written: &str) -> Option<(u16, Option<u8>)> {
    let protocol = |word: &str| match word.to_ascii_lowercase().as_str() {
        "tcp" => Some(TCP),
        "udp" => Some(UDP),
        _ => None,
    };
    match written.split(['/', ' ', ':']).collect::<Vec<&str>>().as_slice() {
        [port] => Some((port.parse().ok()?, None)),
        [one, other] => match (protocol(one), protocol(other)) {
            (Some(protocol), None) => Some((other.parse().ok()?, Some(protocol))),
            (None, Some(protocol)) => Some((one.parse().ok()?, Some(protocol))),
            _ => None,
        },
        _ => None,
    }
}
