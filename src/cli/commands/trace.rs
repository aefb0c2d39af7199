//! `mailward trace`: what becomes of a packet, and who decides it.

mod human;
mod json;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use crate::analyze::{Decisions, Step, Trace, describe};
use crate::cli::answer::{self, Format, FormatArguments};
use crate::cli::discover::stdin;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::foreign::{self, Foreign, ForeignArguments};
use crate::cli::load::{self, STDIN};
use crate::cli::terminal::Terminal;
use crate::lower::{AskedPacket, Lowered, lower, packet};
use crate::model::{Origin, Policy};
use crate::packet::{Cube, Packet, Unknowns};
use crate::parse::{self, PacketDecl};
use crate::readback::{Conditions, InterfacePattern};
use crate::source::{Diagnostic, Site, Sources};

/// Say what becomes of a packet, who decides it, and who else speaks about it.
///
/// A packet is `[PROTOCOL] SOURCE[:PORT] > DESTINATION[:PORT] [in INTERFACE] [out INTERFACE] [STATE]`: `tcp 10.20.1.5 >
/// 198.51.100.7:110 in lan0 out wan0`, `icmp echo-request 10.20.1.5 > 10.20.0.1 in lan0`, `udp [2001:db8::1]:5353 >
/// [2001:db8::2]:53 out wan0 established`. With `in` alone it is to this machine, with `out` alone from it, with both
/// it is forwarded.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
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
    /// How the sender of a rejected packet learns of it; none where a ruleset has ways that no policy has.
    reply: Option<fn(&Packet) -> &'static str>,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if arguments.policy.as_os_str() == "-" && arguments.packets.iter().any(|packet| packet == "-") {
        return Err(Failure::StdinTwice);
    }
    if is_split(&arguments.packets) {
        return Err(Failure::SplitPacket);
    }
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let decls = read(&arguments.packets, &mut sources, &mut problems)?;
    let Asked { policy, conditions, mut diagnostics } = arguments.asked(&decls, &mut sources)?;
    diagnostics.extend(problems);
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
        traced((&policy, conditions.as_ref()), &sources, asked.into_iter().filter_map(Result::ok).collect())?;
    let text = match arguments.format.format() {
        Format::Human => human::text(&answers),
        Format::Json => answer::json(&json::document(&answers))?,
    };
    terminal.result(&text)?;
    let all_pass = answers.all.iter().all(|answer| answer.trace.is_accepted());
    Ok(if all_pass { Exit::Yes } else { Exit::No })
}

/// Whether several words look like the parts of one packet: no packet is a single word, whatever is wrong with it.
fn is_split(packets: &[String]) -> bool {
    let is_part = |packet: &String| packet != "-" && !packet.contains([' ', '\t']) && !is_whole(packet);
    packets.len() > 1 && packets.iter().any(is_part)
}

/// Whether a word has two ends: `10.0.0.1>10.0.0.2:25`.
fn is_whole(packet: &str) -> bool {
    packet.split_once('>').is_some_and(|(source, destination)| !source.is_empty() && !destination.is_empty())
}

/// What packets are asked of.
struct Asked {
    policy: Option<Policy>,
    /// The matches that nobody looked into; none for a policy.
    conditions: Option<Conditions>,
    diagnostics: Vec<Diagnostic>,
}

impl Arguments {
    /// The policy, or the ruleset as one.
    fn asked(&self, packets: &[PacketDecl], sources: &mut Sources) -> Result<Asked, Failure> {
        let Some(language) = self.foreign.language() else {
            let Lowered { policy, diagnostics } = lower(load::one(&self.policy, sources)?);
            return Ok(Asked { policy, conditions: None, diagnostics });
        };
        Ok(match foreign::read(language, &[&self.policy], &interfaces(packets), sources)? {
            Ok(Foreign { mut policies, conditions, .. }) => {
                Asked { policy: policies.pop(), conditions: Some(conditions), diagnostics: Vec::new() }
            }
            Err(diagnostics) => Asked { policy: None, conditions: None, diagnostics },
        })
    }
}

/// The interfaces that packets name: a ruleset may speak of all whose names begin like theirs, or of none.
fn interfaces(packets: &[PacketDecl]) -> Vec<InterfacePattern> {
    let named = packets.iter().flat_map(|packet| [&packet.incoming, &packet.outgoing]).flatten();
    named.map(|name| InterfacePattern::Name(name.value.clone())).collect()
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
    (policy, conditions): (&'a Policy, Option<&Conditions>),
    sources: &'a Sources,
    asked: Vec<AskedPacket>,
) -> Result<Answers<'a>, Failure> {
    let decisions = Decisions::new(policy);
    let nobody = || Failure::Bug("no entry of the policy decides a packet".to_owned());
    let answer = |AskedPacket { packet, mut assumed }| {
        let mut trace = decisions.trace(&packet).ok_or_else(nobody)?;
        if let Some(conditions) = conditions {
            assumed.extend(unmet(policy, conditions, &packet, sources));
            if is_silence(&trace.decider) {
                return Err(Failure::Unspoken(describe(policy, &packet)));
            }
            trace.later.retain(|step| !is_silence(step));
        }
        Ok(Answer { trace, assumed })
    };
    let all = asked.into_iter().map(answer).collect::<Result<Vec<Answer<'a>>, Failure>>()?;
    let reply = conditions.is_none().then_some(human::reply as fn(&Packet) -> &'static str);
    Ok(Answers { policy, sources, all, reply })
}

/// Whether a step of a ruleset is what stands for its saying nothing.
fn is_silence(step: &Step<'_>) -> bool {
    step.entry.origin == Origin::Default
}

/// The conditions, taken not to hold, of what would otherwise speak about a packet, each with the first place that asks
/// for it.
fn unmet(policy: &Policy, conditions: &Conditions, packet: &Packet, sources: &Sources) -> Vec<String> {
    let asks = |cube: &Cube| {
        let without = Cube { unknowns: Unknowns::none(), ..cube.clone() };
        !cube.unknowns.is_empty() && without.contains(packet)
    };
    let mut places: BTreeMap<u32, Site> = BTreeMap::new();
    for entry in policy.entries(packet.hook) {
        for cube in entry.cubes().into_iter().filter(asks) {
            for &(number, _) in cube.unknowns.literals() {
                places.entry(number).or_insert_with(|| policy.site_of(entry));
            }
        }
    }
    let told = |(number, site): (u32, Site)| {
        let (text, place) = (conditions.text(number)?, sources.place(site));
        Some(format!("`{text}` does not hold ({place})"))
    };
    places.into_iter().filter_map(told).collect()
}
