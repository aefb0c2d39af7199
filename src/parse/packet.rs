//! Packets as people write them: `tcp 10.20.1.5 > 198.51.100.7:110 in lan0 out wan0`.
//!
//! One packet a line, `#` begins a comment. Names are not looked up yet.

use std::net::IpAddr;

use super::fault::Fault;
use super::phrase::{Phrase, Word};
use super::{AddressTerm, KindTerm, PortTerm, address, did_you_mean, port};
use crate::packet::State;
use crate::source::{self, Diagnostic, Problems, Site, SourceFile, Sources, Spanned, quoted};

/// What a packet looks like.
const FORM: &str = "write `tcp 10.20.1.5 > 198.51.100.7:110 in lan0 out wan0`";

/// What stands between source and destination.
const ARROWS: &[&str] = &["->", ">", "→"];

/// The packets of a text and everything that was wrong with it.
#[derive(Debug)]
pub struct Packets {
    /// The packets that were understood, in order.
    pub packets: Vec<PacketDecl>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// A packet as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketDecl {
    /// A protocol by name or number; none if it is left to the ports.
    pub protocol: Option<Spanned<String>>,
    /// The message of ICMP or ICMPv6.
    pub message: Option<Spanned<KindTerm>>,
    /// Who sent it.
    pub source: EndDecl,
    /// Who is to get it.
    pub destination: EndDecl,
    /// `in`: the interface by which it comes.
    pub incoming: Option<Spanned<String>>,
    /// `out`: the interface by which it goes.
    pub outgoing: Option<Spanned<String>>,
    /// The connection state; new where it is not written.
    pub state: Option<Spanned<State>>,
    /// The whole packet.
    pub site: Site,
    /// The place behind it.
    pub end: Site,
}

/// One end of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndDecl {
    /// The address.
    pub address: Spanned<IpAddr>,
    /// The port.
    pub port: Option<Spanned<PortTerm>>,
}

/// Reads packets from bytes, as if they stood in a file of that name.
#[must_use]
pub fn packets(name: &str, bytes: impl Into<Vec<u8>>, sources: &mut Sources) -> Packets {
    let (text, unreadable) = source::decode(bytes.into());
    let file = sources.add(SourceFile::new(name.to_owned(), text, None));
    if let Some(problem) = unreadable {
        return Packets { packets: Vec::new(), diagnostics: vec![problem.diagnostic(file)] };
    }
    let text = sources.file(file).map(SourceFile::text).unwrap_or_default();
    let (mut packets, mut problems) = (Vec::new(), Problems::default());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.split('#').next().unwrap_or_default();
        if !written.trim().is_empty() {
            let phrase = Phrase::new(file, start, written, ARROWS);
            packets.extend(Reader::new(phrase, &mut problems).packet());
        }
        start += line.len();
    }
    let mut diagnostics = problems.into_vec();
    if packets.is_empty() && diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::error("no-packet", Site::bytes(file, 0..0), "there is no packet here").help(FORM),
        );
    }
    Packets { packets, diagnostics }
}

/// The reading of one packet.
struct Reader<'t, 'p> {
    phrase: Phrase<'t>,
    problems: &'p mut Problems,
    /// Whether nothing was wrong so far.
    is_sound: bool,
}

/// What stands behind the destination.
#[derive(Default)]
struct Tail {
    incoming: Option<Spanned<String>>,
    outgoing: Option<Spanned<String>>,
    state: Option<Spanned<State>>,
}

impl<'t, 'p> Reader<'t, 'p> {
    fn new(phrase: Phrase<'t>, problems: &'p mut Problems) -> Self {
        Self { phrase, problems, is_sound: true }
    }

    fn report(&mut self, problem: Diagnostic) {
        self.is_sound = false;
        self.problems.push(problem);
    }

    /// The packet; none if something is wrong with it, which has then been reported.
    fn packet(mut self) -> Option<PacketDecl> {
        let (mut head, mut arrow) = (Vec::new(), None);
        for word in self.phrase.by_ref() {
            if ARROWS.contains(&word.text) {
                arrow = Some(word);
                break;
            }
            head.push(word);
        }
        let Some(arrow) = arrow else {
            let title = "a packet goes from one address `>` to another";
            self.report(Diagnostic::error("no-packet", self.phrase.whole(), title).help(FORM));
            return None;
        };
        let source = head.pop();
        let destination = self.phrase.next();
        let protocol = head.first().copied().map(spanned);
        let message = self.message(&head);
        let source = self.place(source, arrow, "a packet comes from an address before the `>`");
        let destination = self.place(destination, arrow, "a packet goes to an address behind the `>`");
        let Tail { incoming, outgoing, state } = self.tail();
        let (site, end) = (self.phrase.whole(), self.phrase.end());
        let (source, destination) = (source?, destination?);
        let decl =
            PacketDecl { protocol, message, source, destination, incoming, outgoing, state, site, end };
        self.is_sound.then_some(decl)
    }

    /// What stands between the protocol and the source: a message, if the protocol has messages.
    fn message(&mut self, head: &[Word<'t>]) -> Option<Spanned<KindTerm>> {
        let (protocol, rest) = head.split_first()?;
        let has_messages =
            ["icmp", "icmpv6", "1", "58"].contains(&protocol.text.to_ascii_lowercase().as_str());
        match rest {
            [] => None,
            [message] if has_messages => {
                self.understood(*message, &message.text.to_ascii_lowercase(), port::icmp)
            }
            [.., odd] => {
                let title = format!("{} stands between the protocol and the source", quoted(odd.text));
                let problem = Diagnostic::error("unexpected-word", odd.site, title);
                self.report(
                    problem.help("only `icmp` and `icmpv6` have a message there: `icmp echo-request`"),
                );
                None
            }
        }
    }

    /// One end of the packet: an address, perhaps with a port.
    fn place(&mut self, word: Option<Word<'t>>, arrow: Word<'t>, missing: &str) -> Option<EndDecl> {
        let Some(word) = word else {
            self.report(Diagnostic::error("missing-address", arrow.site, missing).help(FORM));
            return None;
        };
        let (host, port) = word.split_port();
        let address = self.understood(host, unbracketed(host.text), one_address);
        let port = port.and_then(|port| self.understood(port, &port.text.to_ascii_lowercase(), one_port));
        Some(EndDecl { address: address?, port })
    }

    /// Interfaces and state, in any order, each once.
    fn tail(&mut self) -> Tail {
        let mut tail = Tail::default();
        while let Some(word) = self.phrase.next() {
            match word.text.to_ascii_lowercase().as_str() {
                "in" => self.interface(word, &mut tail.incoming),
                "out" => self.interface(word, &mut tail.outgoing),
                text => self.state(word, text, &mut tail.state),
            }
        }
        tail
    }

    fn interface(&mut self, key: Word<'t>, place: &mut Option<Spanned<String>>) {
        let Some(name) = self.phrase.next() else {
            let title = format!("{} without an interface", quoted(key.text));
            self.report(Diagnostic::error("missing-interface", key.site, title).help("name one behind it"));
            return;
        };
        if place.replace(spanned(name)).is_some() {
            let title = format!("a second {}", quoted(key.text));
            self.report(
                Diagnostic::error("written-twice", key.site, title).help("a packet takes one interface"),
            );
        }
    }

    fn state(&mut self, word: Word<'t>, text: &str, place: &mut Option<Spanned<State>>) {
        let Some(state) = State::ALL.into_iter().find(|state| state.name() == text) else {
            self.report(unexpected(word));
            return;
        };
        if place.replace(Spanned { value: state, site: word.site }).is_some() {
            let problem = Diagnostic::error("written-twice", word.site, "a second connection state");
            self.report(problem.help("a packet is in one state"));
        }
    }

    /// What a word means; none if it means nothing, which has then been reported.
    fn understood<T>(
        &mut self,
        word: Word<'t>,
        text: &str,
        read: fn(&str) -> Result<T, Fault>,
    ) -> Option<Spanned<T>> {
        let value = read(text).map_err(|fault| self.report(fault.at(word.site))).ok()?;
        Some(Spanned { value, site: word.site })
    }
}

impl Word<'_> {
    /// The address and the port of `10.0.0.1:25` and `[2001:db8::1]:25`. An address of IPv6 has no port unless it
    /// stands in brackets.
    fn split_port(self) -> (Self, Option<Self>) {
        let behind = |separator| self.text.rsplit_once(separator).filter(|(host, _)| !host.contains(':'));
        let bracketed = self.text.rsplit_once("]:").map(|(host, _)| host.len() + 1);
        match bracketed.or_else(|| behind(':').map(|(host, _)| host.len())) {
            Some(length) => (self.part(0, length), Some(self.part(length + 1, self.text.len()))),
            None => (self, None),
        }
    }
}

fn spanned(word: Word<'_>) -> Spanned<String> {
    Spanned { value: word.text.to_owned(), site: word.site }
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

/// One address; not a prefix, a range or a name, of which nobody could say which packet is meant.
fn one_address(text: &str) -> Result<IpAddr, Fault> {
    match address::term(text) {
        Ok(AddressTerm::Prefix(net)) if !text.contains('/') => Ok(net.addr()),
        Ok(_) => {
            let fault = Fault::new("not-one-address", format!("{} is not one address", quoted(text)));
            Err(fault
                .help("a packet comes from one address and goes to one; `mailward query` asks about many"))
        }
        Err(fault) => Err(fault),
    }
}

/// One port, by number or by the name of a service.
fn one_port(text: &str) -> Result<PortTerm, Fault> {
    match port::port(text)? {
        PortTerm::Range(first, last) if first != last => Err(not_one_port(text)),
        PortTerm::Any => Err(not_one_port(text)),
        one => Ok(one),
    }
}

fn not_one_port(text: &str) -> Fault {
    let fault = Fault::new("not-one-port", format!("{} is not one port", quoted(text)));
    fault.help("a packet has one port on each side; `mailward query` asks about many")
}

/// A word that has no place behind the destination.
fn unexpected(word: Word<'_>) -> Diagnostic {
    let states = State::ALL.map(State::name);
    let known: Vec<&str> = ["in", "out"].into_iter().chain(states).collect();
    let title = format!("{} has no place behind the destination", quoted(word.text));
    Diagnostic::error("unexpected-word", word.site, title).help(did_you_mean(word.text, &known))
}

#[cfg(test)]
mod tests;
