//! `mailward trace`: what becomes of a packet, and who decides it.

mod human;
mod json;

use std::path::PathBuf;

use clap::Args;

use super::answer::{self, Format, FormatArguments};
use super::discover::stdin;
use super::exit::Exit;
use super::failure::Failure;
use super::foreign::{self, Foreign, ForeignArguments};
use super::load::{self, STDIN};
use super::terminal::Terminal;
use crate::analyze::{Decisions, Trace};
use crate::lower::{AskedPacket, Lowered, lower, packet};
use crate::model::Policy;
use crate::packet::{Cube, Packet, Unknowns};
use crate::parse::{self, PacketDecl};
use crate::readback::Conditions;
use crate::source::{Diagnostic, Sources};

/// Say what becomes of a packet, who decides it, and who else speaks about it.
///
/// A packet is `[PROTOCOL] SOURCE[:PORT] > DESTINATION[:PORT] [in INTERFACE] [out INTERFACE] [STATE]`: `tcp 10.20.1.5 >
/// 198.51.100.7:110 in lan0 out wan0`, `icmp echo-request 10.20.1.5 > 10.20.0.1 in lan0`, `udp [2001:db8::1]:5353 >
/// [2001:db8::2]:53 out wan0 established`. With `in` alone it is to this machine, with `out` alone from it, with both
/// it is forwarded.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A policy, or with --as a ruleset; `-` for standard input.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    /// Packets, or `-` for one on each line of standard input.
    #[arg(value_name = "PACKET", required = true)]
    packets: Vec<String>,
    #[command(flatten)]
    foreign: ForeignArguments,
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
    let Asked { policy, conditions, mut diagnostics } = arguments.asked(&mut sources)?;
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
    let answers =
        traced((&policy, &conditions), &sources, asked.into_iter().filter_map(Result::ok).collect())?;
    let text = match arguments.format.format() {
        Format::Human => human::text(&answers),
        Format::Json => answer::json(&json::document(&answers))?,
    };
    terminal.result(&text)?;
    let all_pass = answers.all.iter().all(|answer| answer.trace.is_accepted());
    Ok(if all_pass { Exit::Yes } else { Exit::No })
}

/// What packets are asked of.
struct Asked {
    policy: Option<Policy>,
    /// The matches that nobody looked into; a policy has none.
    conditions: Conditions,
    diagnostics: Vec<Diagnostic>,
}

impl Arguments {
    /// The policy, or the ruleset as one.
    fn asked(&self, sources: &mut Sources) -> Result<Asked, Failure> {
        let Some(language) = self.foreign.language() else {
            let Lowered { policy, diagnostics } = lower(load::one(&self.policy, sources)?);
            return Ok(Asked { policy, conditions: Conditions::default(), diagnostics });
        };
        Ok(match foreign::read(language, &[&self.policy], sources)? {
            Ok(Foreign { mut policies, conditions }) => {
                Asked { policy: policies.pop(), conditions, diagnostics: Vec::new() }
            }
            Err(diagnostics) => Asked { policy: None, conditions: Conditions::default(), diagnostics },
        })
    }
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
    (policy, conditions): (&'a Policy, &Conditions),
    sources: &'a Sources,
    asked: Vec<AskedPacket>,
) -> Result<Answers<'a>, Failure> {
    let decisions = Decisions::new(policy);
    let answer = |AskedPacket { packet, mut assumed }| {
        let trace = decisions.trace(&packet)?;
        assumed.extend(unmet(policy, conditions, &packet));
        Some(Answer { trace, assumed })
    };
    let answers = asked.into_iter().map(answer).collect::<Option<Vec<Answer<'a>>>>();
    let nobody = || Failure::Bug("no entry of the policy decides a packet".to_owned());
    Ok(Answers { policy, sources, all: answers.ok_or_else(nobody)? })
}

/// The conditions, taken not to hold, of what would otherwise speak about a packet.
fn unmet(policy: &Policy, conditions: &Conditions, packet: &Packet) -> Vec<String> {
    if conditions.is_empty() {
        return Vec::new();
    }
    let speaking = policy.entries(packet.hook).flat_map(|entry| entry.cubes().into_iter());
    let asks = |cube: &Cube| {
        let without = Cube { unknowns: Unknowns::none(), ..cube.clone() };
        without.contains(packet)
    };
    let mut numbers: Vec<u32> = speaking
        .filter(|cube| !cube.unknowns.is_empty() && asks(cube))
        .flat_map(|cube| cube.unknowns.literals().iter().map(|&(number, _)| number).collect::<Vec<u32>>())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let texts = numbers.iter().filter_map(|&number| conditions.text(number));
    texts.map(|text| format!("`{text}` does not hold")).collect()
}
