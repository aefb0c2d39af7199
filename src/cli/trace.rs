//! `mailward trace`: what becomes of a packet, and who decides it.

mod human;
mod json;

use std::path::PathBuf;

use clap::Args;

use super::answer::{self, Format, FormatArguments};
use super::discover::stdin;
use super::exit::Exit;
use super::failure::Failure;
use super::load::{self, STDIN};
use super::terminal::Terminal;
use crate::analyze::{Decisions, Trace};
use crate::lower::{AskedPacket, Lowered, lower, packet};
use crate::model::Policy;
use crate::parse::{self, PacketDecl};
use crate::source::{Diagnostic, Sources};

/// Say what becomes of a packet, who decides it, and who else speaks about it.
///
/// A packet is `[PROTOCOL] SOURCE[:PORT] > DESTINATION[:PORT] [in INTERFACE] [out INTERFACE] [STATE]`: `tcp 10.20.1.5 >
/// 198.51.100.7:110 in lan0 out wan0`, `icmp echo-request 10.20.1.5 > 10.20.0.1 in lan0`, `udp [2001:db8::1]:5353 >
/// [2001:db8::2]:53 out wan0 established`. With `in` alone it is to this machine, with `out` alone from it, with both
/// it is forwarded.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A policy, or `-` for standard input.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    /// Packets, or `-` for one on each line of standard input.
    #[arg(value_name = "PACKET", required = true)]
    packets: Vec<String>,
    #[command(flatten)]
    format: FormatArguments,
}

/// A packet that was asked about.
struct Answer<'p> {
    trace: Trace<'p>,
    assumed: Vec<String>,
}

/// Everything that was asked about, with the files it points into.
struct Answers<'a> {
    policy: &'a Policy,
    sources: &'a Sources,
    all: Vec<Answer<'a>>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if arguments.policy.as_os_str() == "-" && arguments.packets.iter().any(|packet| packet == "-") {
        return Err(Failure::StdinTwice);
    }
    let mut sources = Sources::default();
    let Lowered { policy, mut diagnostics } = lower(load::one(&arguments.policy, &mut sources)?);
    let decls = read(&arguments.packets, &mut sources, &mut diagnostics)?;
    let Some(policy) = policy else {
        answer::refuse(sources, diagnostics, terminal);
        return Ok(Exit::CannotAnswer);
    };
    let asked = decls.iter().map(|decl| packet(decl, &policy));
    let (asked, problems): (Vec<_>, Vec<_>) = asked.partition(Result::is_ok);
    diagnostics.extend(problems.into_iter().filter_map(Result::err).flatten());
    if diagnostics.iter().any(Diagnostic::is_error) {
        answer::refuse(sources, diagnostics, terminal);
        return Ok(Exit::CannotAnswer);
    }
    let answers = traced(&policy, &sources, asked.into_iter().filter_map(Result::ok).collect())?;
    let text = match arguments.format.format() {
        Format::Human => human::text(&answers),
        Format::Json => answer::json(&json::document(&answers))?,
    };
    terminal.result(&text)?;
    let all_pass = answers.all.iter().all(|answer| answer.trace.is_accepted());
    Ok(if all_pass { Exit::Yes } else { Exit::No })
}

/// The packets of the command line, and of the standard input where one of them is `-`.
fn read(
    written: &[String],
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<PacketDecl>, Failure> {
    let mut decls = Vec::new();
    for (number, text) in (1..).zip(written) {
        let parse::Packets { packets, diagnostics: problems } = match text.as_str() {
            "-" => parse::packets(STDIN, stdin()?, sources),
            text if written.len() == 1 => parse::packets("<packet>", text, sources),
            text => parse::packets(&format!("<packet {number}>"), text, sources),
        };
        decls.extend(packets);
        diagnostics.extend(problems);
    }
    Ok(decls)
}

fn traced<'a>(
    policy: &'a Policy,
    sources: &'a Sources,
    asked: Vec<AskedPacket>,
) -> Result<Answers<'a>, Failure> {
    let decisions = Decisions::new(policy);
    let answer = |AskedPacket { packet, assumed }| {
        let trace = decisions.trace(&packet)?;
        Some(Answer { trace, assumed })
    };
    let answers = asked.into_iter().map(answer).collect::<Option<Vec<Answer<'a>>>>();
    let nobody = || Failure::Bug("no entry of the policy decides a packet".to_owned());
    Ok(Answers { policy, sources, all: answers.ok_or_else(nobody)? })
}
