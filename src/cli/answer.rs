//! What the answers about packets have in common: who decides, how it is logged, and in which format.

mod portrait;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::failure::Failure;
use super::terminal::{Terminal, printable};
use crate::analyze::Subject;
use crate::model::{Log, Policy, Verdict};
use crate::packet::{Hook, Packet};
use crate::report::{self, Examined, Ink};
use crate::source::{Diagnostic, Site, SourceFile, Sources};
pub(super) use portrait::PortraitDocument;

/// Who reads an answer.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct FormatArguments {
    /// Who reads the answer.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Short for `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// Who reads an answer. Formats never change exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// People: sentences.
    Human,
    /// Programs: one JSON document.
    Json,
}

impl FormatArguments {
    /// The format that was asked for.
    pub(super) const fn format(self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// Says what is wrong with the input: the reason why there is no answer.
pub(super) fn refuse(sources: Sources, diagnostics: Vec<Diagnostic>, terminal: &mut Terminal) {
    let run = [Examined { diagnostics, ..Examined::new(String::new(), None, sources) }];
    terminal.remark(report::messages(&run, Ink::Styled).trim_end());
}

/// A document as text with a line end.
pub(super) fn json(document: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(document).map(|text| text + "\n").map_err(|error| Failure::bug(&error))
}

/// ``rule `x` (policy.yaml:3:5)``.
pub(super) fn named(subject: Subject<'_>, site: Site, sources: &Sources) -> String {
    format!("{subject} ({})", printable(&sources.place(site)))
}

/// How packets are logged: `at most 5 a second, 10 at once`.
pub(super) fn limit(log: Log) -> String {
    let rate = log.rate;
    format!("at most {} a {}, {} at once", rate.count, rate.per.name(), rate.burst)
}

/// A line below a headline: a key and what it says.
pub(super) fn line(key: &str, text: &str) -> String {
    format!("  {key:9} {text}\n")
}

/// Lines below a headline: a key and everything it says.
pub(super) fn list(key: &str, texts: &[String]) -> String {
    let keys = std::iter::once(key).chain(std::iter::repeat(""));
    keys.zip(texts).map(|(key, text)| line(key, text)).collect()
}

/// The verdict for programs.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Drop => "drop",
        Verdict::Reject => "reject",
        Verdict::Observe => "observe",
    }
}

/// A policy for programs.
#[derive(Debug, Serialize)]
pub(super) struct PolicyDocument<'a> {
    path: &'a str,
    name: &'a str,
}

impl<'a> PolicyDocument<'a> {
    pub(super) fn of(policy: &'a Policy, sources: &'a Sources) -> Self {
        let path = sources.file(policy.site.file).map_or("", SourceFile::path);
        Self { path, name: policy.name.value.as_str() }
    }
}

/// Who decides, for programs: a rule by its id, a part of the baseline, or the default of a hook.
#[derive(Debug, Serialize)]
pub(super) struct DeciderDocument<'a> {
    kind: &'static str,
    name: &'a str,
    path: &'a str,
    line: usize,
    column: usize,
}

impl<'a> DeciderDocument<'a> {
    pub(super) fn of(subject: Subject<'a>, site: Site, sources: &'a Sources) -> Self {
        let (kind, name) = match subject {
            Subject::Rule(id) => ("rule", id),
            Subject::Baseline(part) => ("baseline", part),
            Subject::Default(hook) => ("default", hook.name()),
        };
        let position = sources.position(site);
        let path = sources.file(site.file).map_or("", SourceFile::path);
        Self { kind, name, path, line: position.line, column: position.column }
    }
}

/// How packets are logged, for programs.
#[derive(Debug, Serialize)]
pub(super) struct LogDocument {
    count: u32,
    per: &'static str,
    burst: u32,
}

impl LogDocument {
    pub(super) const fn of(log: Log) -> Self {
        Self { count: log.rate.count, per: log.rate.per.name(), burst: log.rate.burst }
    }
}

/// A packet for programs.
#[derive(Debug, Serialize)]
pub(super) struct PacketDocument<'a> {
    hook: &'static str,
    #[serde(rename = "in")]
    incoming: Option<&'a str>,
    #[serde(rename = "out")]
    outgoing: Option<&'a str>,
    protocol: u8,
    source: String,
    source_port: Option<u16>,
    destination: String,
    destination_port: Option<u16>,
    icmp_type: Option<u8>,
    icmp_code: Option<u8>,
    state: &'static str,
}

impl<'a> PacketDocument<'a> {
    pub(super) fn of(policy: &'a Policy, packet: &Packet) -> Self {
        let interface = |number| policy.interfaces.name(number).unwrap_or("other");
        let address = |number| crate::model::address(packet.family, number).to_string();
        let message = packet.icmp();
        Self {
            hook: packet.hook.name(),
            incoming: (packet.hook != Hook::Output).then(|| interface(packet.incoming)),
            outgoing: (packet.hook != Hook::Input).then(|| interface(packet.outgoing)),
            protocol: packet.protocol(),
            source: address(packet.source),
            source_port: packet.port().map(|_| packet.source_port),
            destination: address(packet.destination),
            destination_port: packet.port(),
            icmp_type: message.map(|(kind, _)| kind),
            icmp_code: message.map(|(_, code)| code),
            state: packet.state.name(),
        }
    }
}
