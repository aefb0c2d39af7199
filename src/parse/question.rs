//! Questions as people ask them: `who may reach dmz on smtp`, `may lan reach internet on pop3, tcp 8000-8010`.
//!
//! ```text
//! question = who may VERB | what may PLACES VERB | may PLACES VERB | CLAUSE …
//! VERB     = reach PLACES [on SERVICES] | send [out | to PLACES] [on SERVICES]
//! CLAUSE   = from PLACES | to PLACES | on SERVICES
//! ```
//!
//! Places and services are those of the policy language, with commas between them. Names are not looked up yet.

use super::fault::Fault;
use super::nearest::list;
use super::phrase::{Phrase, Word};
use super::word::any_name;
use super::{AddressTerm, ServiceSpec, ServiceTerm, address, nearest, port};
use crate::source::{self, Diagnostic, Site, SourceFile, Sources, Spanned, quoted};

/// What stands apart from the words around it.
const SEPARATORS: &[&str] = &[",", "?"];

/// How a question may begin.
const BEGINNINGS: &[&str] = &["who", "what", "may", "from", "to", "on"];

/// What a question looks like.
const FORM: &str = "ask `who may reach dmz on smtp`, `what may lan send out`, `may lan reach internet on pop3`, or \
                    name the packets: `from lan to internet on pop3`";

/// A question as written. What is not written is `any`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionDecl {
    /// When the answer is yes.
    pub wanted: Wanted,
    /// Where the packets come from.
    pub from: Vec<Spanned<AddressTerm>>,
    /// Where they go.
    pub to: Vec<Spanned<AddressTerm>>,
    /// What they speak.
    pub services: Vec<Spanned<ServiceTerm>>,
    /// Whether services are named, and so what else the packets speak is of no interest.
    pub is_narrow: bool,
    /// The whole question.
    pub site: Site,
}

/// When the answer to a question is yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Some packet may pass: `who`, `what`.
    Some,
    /// Every packet may pass: `may`.
    Every,
}

/// Reads a question from a text, as if it stood in a file of that name.
///
/// # Errors
/// What is wrong with it, each problem at its place.
pub fn question(name: &str, text: &str, sources: &mut Sources) -> Result<QuestionDecl, Vec<Diagnostic>> {
    let (text, unreadable) = source::decode(text.as_bytes().to_vec());
    let file = sources.add(SourceFile::new(name.to_owned(), text, None));
    if let Some(problem) = unreadable {
        return Err(vec![problem.diagnostic(file)]);
    }
    let text = sources.file(file).map(SourceFile::text).unwrap_or_default();
    let mut reader = Reader { phrase: Phrase::new(file, 0, text, SEPARATORS), problems: Vec::new() };
    let understood = reader.question();
    understood.filter(|_| reader.problems.is_empty()).ok_or(reader.problems)
}

/// The reading of one question. Words that mean nothing are collected, so that one run shows all of them; where the
/// sentence breaks off the reading ends.
struct Reader<'t> {
    phrase: Phrase<'t>,
    problems: Vec<Diagnostic>,
}

/// The parts of a question that are written.
#[derive(Default)]
struct Parts {
    from: Option<Vec<Spanned<AddressTerm>>>,
    to: Option<Vec<Spanned<AddressTerm>>>,
    services: Option<Vec<Spanned<ServiceTerm>>>,
}

impl<'t> Reader<'t> {
    /// The question; none where the sentence breaks off, which has then been reported.
    fn question(&mut self) -> Option<QuestionDecl> {
        let mut parts = Parts::default();
        let mut wanted = Wanted::Some;
        if self.phrase.accept("who") {
            self.expect("may")?;
            self.verb(&mut parts)?;
        } else if self.phrase.accept("what") {
            self.expect("may")?;
            parts.from = Some(self.places()?);
            self.verb(&mut parts)?;
        } else if self.phrase.accept("may") {
            wanted = Wanted::Every;
            parts.from = Some(self.places()?);
            self.verb(&mut parts)?;
        } else {
            self.clauses(&mut parts)?;
        }
        self.phrase.accept("?");
        match self.phrase.peek() {
            None => Some(self.whole(wanted, parts)),
            Some(word) => self.fail(unexpected(word, "here", &["on"])),
        }
    }

    /// Reports where the sentence breaks off.
    fn fail<T>(&mut self, problem: Diagnostic) -> Option<T> {
        self.problems.push(problem);
        None
    }

    fn whole(&self, wanted: Wanted, parts: Parts) -> QuestionDecl {
        let site = self.phrase.whole();
        let any = || vec![Spanned { value: AddressTerm::Name("any".to_owned()), site }];
        let every = || vec![Spanned { value: ServiceTerm::Name("any".to_owned()), site }];
        let services = parts.services.unwrap_or_else(every);
        let is_any = |term: &ServiceTerm| matches!(term, ServiceTerm::Name(name) if name == "any");
        QuestionDecl {
            wanted,
            from: parts.from.unwrap_or_else(any),
            to: parts.to.unwrap_or_else(any),
            is_narrow: !services.iter().any(|service| is_any(&service.value)),
            services,
            site,
        }
    }

    /// `reach PLACES` or `send [out | to PLACES]`, and perhaps `on SERVICES`.
    fn verb(&mut self, parts: &mut Parts) -> Option<()> {
        if self.phrase.accept("reach") {
            parts.to = Some(self.places()?);
        } else if !self.phrase.accept("send") {
            return self.missing(&["reach", "send"]);
        } else if self.phrase.accept("to") {
            parts.to = Some(self.places()?);
        } else {
            self.phrase.accept("out");
        }
        if self.phrase.accept("on") {
            parts.services = Some(self.services()?);
        }
        Some(())
    }

    /// `from`, `to` and `on` in any order, each at most once, at least one of them.
    fn clauses(&mut self, parts: &mut Parts) -> Option<()> {
        let mut is_first = true;
        while let Some(key) = self.phrase.peek().filter(|word| word.text != "?") {
            self.phrase.next();
            let is_twice = match key.text.to_ascii_lowercase().as_str() {
                "from" => parts.from.replace(self.places()?).is_some(),
                "to" => parts.to.replace(self.places()?).is_some(),
                "on" => parts.services.replace(self.services()?).is_some(),
                _ if is_first => {
                    return self.fail(unexpected(key, "at the beginning of a question", BEGINNINGS));
                }
                _ => return self.fail(unexpected(key, "here", &["from", "to", "on"])),
            };
            if is_twice {
                let title = format!("a second {}", quoted(key.text));
                let problem = Diagnostic::error("written-twice", key.site, title);
                return self.fail(problem.help("write one list, with commas between its elements"));
            }
            is_first = false;
        }
        if is_first {
            let problem = Diagnostic::error("no-question", self.phrase.whole(), "there is no question here");
            return self.fail(problem.help(FORM));
        }
        Some(())
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        if self.phrase.accept(word) { Some(()) } else { self.missing(&[word]) }
    }

    /// Reports that one of these words should come next.
    fn missing<T>(&mut self, words: &[&str]) -> Option<T> {
        if let Some(word) = self.phrase.peek() {
            return self.fail(unexpected(word, "here", words));
        }
        let title = format!("the question breaks off before {}", list(words).replace(", ", " or "));
        self.fail(Diagnostic::error("unfinished-question", self.phrase.end(), title).help(FORM))
    }

    fn places(&mut self) -> Option<Vec<Spanned<AddressTerm>>> {
        self.listed("a place", |reader, word| reader.understood(word, address::term))
    }

    fn services(&mut self) -> Option<Vec<Spanned<ServiceTerm>>> {
        self.listed("a service", Self::service)
    }

    /// Elements with commas between them, at least one. Whatever stands where an element is due is read as one, also
    /// a word of this language: a network may be called `to`.
    fn listed<T>(
        &mut self,
        what: &str,
        read: fn(&mut Self, Word<'t>) -> Option<Spanned<T>>,
    ) -> Option<Vec<Spanned<T>>> {
        let mut elements = Vec::new();
        loop {
            let Some(word) = self.phrase.next().filter(|word| !SEPARATORS.contains(&word.text)) else {
                let title = format!("the question breaks off before {what}");
                let site = self.phrase.previous().map_or(self.phrase.end(), |word| word.site);
                return self.fail(Diagnostic::error("unfinished-question", site, title).help(FORM));
            };
            elements.extend(read(self, word));
            if !self.phrase.accept(",") {
                return Some(elements);
            }
        }
    }

    /// A service by name, or `tcp PORT` and the like.
    fn service(&mut self, word: Word<'t>) -> Option<Spanned<ServiceTerm>> {
        let mut spec = ServiceSpec::default();
        match word.text.to_ascii_lowercase().as_str() {
            "tcp" => spec.tcp.push(self.operand(word, "25", port::port)?),
            "udp" => spec.udp.push(self.operand(word, "53", port::port)?),
            "icmp" => spec.icmp.push(self.operand(word, "echo-request", port::icmp)?),
            "icmpv6" => spec.icmpv6.push(self.operand(word, "echo-request", port::icmp)?),
            "protocol" => spec.protocol.push(self.operand(word, "esp", port::protocol)?),
            _ => return self.understood(word, service_name),
        }
        Some(Spanned { value: ServiceTerm::Inline(spec), site: word.site })
    }

    /// What stands behind `tcp` and the like.
    fn operand<T>(
        &mut self,
        key: Word<'t>,
        example: &str,
        read: fn(&str) -> Result<T, Fault>,
    ) -> Option<Spanned<T>> {
        let Some(word) = self.phrase.peek().filter(|word| !SEPARATORS.contains(&word.text)) else {
            let title = format!("{} alone is no service", quoted(key.text));
            let problem = Diagnostic::error("unfinished-question", key.site, title);
            self.problems.push(problem.help(format!("write `{0} {example}`, or `{0} any`", key.text)));
            return None;
        };
        self.phrase.next();
        self.understood(word, read)
    }

    /// What a word means; none if it means nothing, which has then been reported.
    fn understood<T>(&mut self, word: Word<'t>, read: fn(&str) -> Result<T, Fault>) -> Option<Spanned<T>> {
        let value = read(word.text).map_err(|fault| self.problems.push(fault.at(word.site))).ok()?;
        Some(Spanned { value, site: word.site })
    }
}

/// The name of a service; ports are told apart from names by the word before them.
fn service_name(text: &str) -> Result<ServiceTerm, Fault> {
    let (protocol, port) = text.split_once(['/', ':']).unwrap_or_default();
    let slashed = [(protocol, port), (port, protocol)]
        .into_iter()
        .find(|(protocol, _)| ["tcp", "udp"].contains(protocol));
    if let Some((protocol, port)) = slashed {
        let fault = Fault::new("not-a-name", format!("{} is not a service", quoted(text)));
        return Err(fault.help(format!("write `{protocol} {port}`")));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let fault = Fault::new("not-a-name", format!("{} is not a service", quoted(text)));
        return Err(fault.help(format!("write `tcp {text}` or `udp {text}`")));
    }
    any_name(text).map(|name| ServiceTerm::Name(name.as_str().to_owned()))
}

/// A word where others are due.
fn unexpected(word: Word<'_>, place: &str, due: &[&str]) -> Diagnostic {
    let title = format!("{} has no place {place}", quoted(word.text));
    let help = match nearest(word.text, due.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if due == BEGINNINGS => FORM.to_owned(),
        None => format!("what may stand here is {}", list(due).replace(", ", " or ")),
    };
    Diagnostic::error("unexpected-word", word.site, title).help(help)
}

#[cfg(test)]
mod tests;
