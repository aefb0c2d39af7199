//! Rules as written: matches, a target, and the options of each.

use std::ops::Range;
use std::slice::Iter;

use super::extensions::{self, Extension};
use super::words::Word;

/// An option as it was given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its name without dashes, long for those that have a short one.
    pub(super) name: String,
    /// Whether `!` stands in front of it or of its first word.
    pub(super) negated: bool,
    /// The words that it takes.
    pub(super) values: Vec<Word>,
    /// Its bytes with its words.
    pub(super) span: Range<usize>,
}

/// A match and its options; [`Match::CORE`] for those that need no `-m`.
#[derive(Clone, Debug)]
pub(super) struct Match {
    /// What stands after `-m`.
    pub(super) name: String,
    /// Its options, in order.
    pub(super) options: Vec<Given>,
}

/// What is done with packets.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// What stands after `-j` or `-g`.
    pub(super) name: Word,
    /// Whether it was `-g`.
    pub(super) goes: bool,
    /// Its options, in order.
    pub(super) options: Vec<Given>,
}

/// A rule as written, without its chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Its matches, in order.
    pub(super) matches: Vec<Match>,
    /// Its target; none if it does nothing but count.
    pub(super) target: Option<Target>,
    /// The only family it is for; `4` or `6`.
    pub(super) only: Option<char>,
}

/// Why the words of a rule make none, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The bytes.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) title: String,
}

impl Fault {
    pub(super) fn new(span: &Range<usize>, title: impl Into<String>) -> Self {
        Self { span: span.clone(), title: title.into() }
    }
}

/// What an option is.
enum Kind {
    /// One of a rule itself, that takes one word.
    Core(&'static str),
    /// `-f`.
    Fragment,
    /// `-m`.
    Match,
    /// `-j`.
    Jump,
    /// `-g`.
    Goto,
    /// `-c`.
    Counters,
    /// `-4` or `-6`.
    Only(char),
    /// Any other.
    Other,
}

impl Match {
    /// The name of what needs no `-m`.
    pub(super) const CORE: &'static str = "";
}

impl Written {
    /// Reads the words of a rule after those that name its chain.
    pub(super) fn read(words: &[Word]) -> Result<Self, Fault> {
        let mut reader = Reader { words: words.iter(), written: Self::default(), negated: None };
        while let Some(word) = reader.words.next() {
            reader.word(word)?;
        }
        match reader.negated {
            Some(span) => Err(Fault::new(&span, "nothing follows `!`")),
            None => Ok(reader.written),
        }
    }

    /// The protocol that it asks for and does not exclude.
    pub(super) fn protocol(&self) -> Option<&str> {
        let core = self.matches.iter().filter(|given| given.name == Match::CORE);
        let protocol = core.flat_map(|given| &given.options).find(|option| option.name == "protocol")?;
        let word = protocol.values.first()?;
        (!protocol.negated).then_some(word.text.as_str())
    }
}

/// Reads the words of a rule one by one.
struct Reader<'w> {
    words: Iter<'w, Word>,
    written: Written,
    /// Where a `!` stands that waits for its option.
    negated: Option<Range<usize>>,
}

impl<'w> Reader<'w> {
    fn word(&mut self, word: &'w Word) -> Result<(), Fault> {
        if word.text == "!" {
            self.negated = Some(word.span.clone());
            return Ok(());
        }
        let (name, attached) = option(word).ok_or_else(|| {
            Fault::new(&word.span, format!("`{}` is no option and belongs to none", word.text))
        })?;
        match kind(name) {
            Kind::Core(name) => self.core(name, word, attached, 1),
            Kind::Fragment => self.core("fragment", word, attached, 0),
            Kind::Match => {
                let value = self.value(word, attached)?;
                let name = value.text.to_ascii_lowercase();
                self.written.matches.push(Match { name, options: Vec::new() });
                Ok(())
            }
            Kind::Jump => self.target(word, attached, false),
            Kind::Goto => self.target(word, attached, true),
            Kind::Counters => {
                self.value(word, attached)?;
                self.value(word, None).map(drop)
            }
            Kind::Only(family) => {
                self.written.only = Some(family);
                Ok(())
            }
            Kind::Other => self.extended(name, word, attached),
        }
    }

    /// An option of the rule itself.
    fn core(
        &mut self,
        name: &str,
        word: &'w Word,
        attached: Option<Word>,
        takes: usize,
    ) -> Result<(), Fault> {
        let given = self.given(name, word, attached, Some(takes))?;
        self.add(Match::CORE, given);
        Ok(())
    }

    fn target(&mut self, word: &'w Word, attached: Option<Word>, goes: bool) -> Result<(), Fault> {
        if self.written.target.is_some() {
            return Err(Fault::new(&word.span, "this rule has a target already"));
        }
        let name = self.value(word, attached)?;
        self.written.target = Some(Target { name, goes, options: Vec::new() });
        Ok(())
    }

    /// An option of a match or of the target: the first that knows it, the latest one if nobody does.
    fn extended(&mut self, name: &str, word: &'w Word, attached: Option<Word>) -> Result<(), Fault> {
        let target = self.written.target.as_ref().map(|target| target.name.text.as_str());
        let of_target = target.and_then(extensions::of_target).and_then(|known| known.takes(name));
        let owner = self.owner(name);
        if of_target.is_some() || (owner.is_none() && target.is_some()) {
            let given = self.given(name, word, attached, of_target)?;
            self.written.target.iter_mut().for_each(|target| target.options.push(given.clone()));
            return Ok(());
        }
        let last = self.written.matches.last().map_or(Match::CORE, |last| last.name.as_str());
        let (owner, takes) = owner.map_or((last.to_owned(), None), |(owner, takes)| (owner, Some(takes)));
        let given = self.given(name, word, attached, takes)?;
        self.add(&owner, given);
        Ok(())
    }

    /// The match that knows an option, and how many words it takes: the latest one, or that of the protocol.
    fn owner(&self, name: &str) -> Option<(String, usize)> {
        let known = |of: &str| extension(of)?.takes(name);
        let loaded = self.written.matches.iter().rev();
        let mut names = loaded.map(|given| given.name.as_str()).chain(self.written.protocol().map(implied));
        names.find_map(|of| Some((of.to_owned(), known(of)?)))
    }

    fn add(&mut self, owner: &str, given: Given) {
        let mut loaded = self.written.matches.iter_mut().rev();
        if let Some(loaded) = loaded.find(|loaded| loaded.name == owner) {
            loaded.options.push(given);
        } else {
            self.written.matches.push(Match { name: owner.to_owned(), options: vec![given] });
        }
    }

    /// An option with its words: so many, or all that look as if they belonged to it.
    fn given(
        &mut self,
        name: &str,
        word: &Word,
        attached: Option<Word>,
        takes: Option<usize>,
    ) -> Result<Given, Fault> {
        let mut negated = self.negated.take().is_some();
        if attached.is_none() && self.is_negated_inside(takes) {
            negated = !negated;
            self.words.next();
        }
        let mut values: Vec<Word> = attached.into_iter().collect();
        match takes {
            Some(takes) => {
                while values.len() < takes {
                    values.push(self.value(word, None)?);
                }
            }
            None => {
                while let Some(next) = self.peek().filter(|next| !next.text.starts_with(['-', '!'])) {
                    values.push(next.clone());
                    self.words.next();
                }
            }
        }
        let end = values.last().map_or(word.span.end, |last| last.span.end);
        Ok(Given { name: name.to_owned(), negated, values, span: word.span.start..end })
    }

    /// Whether a `!` comes next that is for the word after it, as people wrote it before iptables 1.4.3.
    fn is_negated_inside(&self, takes: Option<usize>) -> bool {
        match self.words.as_slice() {
            [next, after, ..] if next.text == "!" => {
                takes.map_or_else(|| !after.text.starts_with('-'), |takes| takes > 0)
            }
            _ => false,
        }
    }

    fn peek(&self) -> Option<&'w Word> {
        self.words.as_slice().first()
    }

    /// The next word of an option that takes one.
    fn value(&mut self, option: &Word, attached: Option<Word>) -> Result<Word, Fault> {
        let missing = || Fault::new(&option.span, format!("`{}` takes a word that is not here", option.text));
        attached.or_else(|| self.words.next().cloned()).ok_or_else(missing)
    }
}

/// The name of an option without dashes, and the word that is written in one with it: `--dport=25`, `-ptcp`.
fn option(word: &Word) -> Option<(&str, Option<Word>)> {
    let attached = |text: &str| Word {
        text: text.to_owned(),
        span: word.span.end.saturating_sub(text.len())..word.span.end,
    };
    if let Some(long) = word.text.strip_prefix("--") {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        return (!name.is_empty()).then(|| (name, value.map(attached)));
    }
    let short = word.text.strip_prefix('-')?;
    let (name, value) = short.split_at_checked(1)?;
    Some((name, Some(value).filter(|value| !value.is_empty()).map(attached)))
}

/// The options of a rule itself (`iptables(8)`). Those of one letter are the ones that are written with one dash.
fn kind(name: &str) -> Kind {
    match name {
        "s" | "source" | "src" => Kind::Core("source"),
        "d" | "destination" | "dst" => Kind::Core("destination"),
        "p" | "protocol" | "proto" => Kind::Core("protocol"),
        "i" | "in-interface" => Kind::Core("in-interface"),
        "o" | "out-interface" => Kind::Core("out-interface"),
        "f" | "fragment" | "fragments" => Kind::Fragment,
        "m" | "match" => Kind::Match,
        "j" | "jump" => Kind::Jump,
        "g" | "goto" => Kind::Goto,
        "c" | "set-counters" => Kind::Counters,
        "4" | "ipv4" => Kind::Only('4'),
        "6" | "ipv6" => Kind::Only('6'),
        _ => Kind::Other,
    }
}

/// The match that a protocol brings with it.
fn implied(protocol: &str) -> &'static str {
    match protocol {
        "tcp" | "6" => "tcp",
        "udp" | "17" | "udplite" | "136" => "udp",
        "icmp" | "1" => "icmp",
        "icmpv6" | "ipv6-icmp" | "icmp6" | "58" => "icmp6",
        "sctp" | "132" => "sctp",
        "dccp" | "33" => "dccp",
        "ah" | "51" => "ah",
        "esp" | "50" => "esp",
        "ipv6-mh" | "mobility-header" | "mh" | "135" => "mh",
        _ => Match::CORE,
    }
}

fn extension(name: &str) -> Option<&'static Extension> {
    match name {
        "udplite" => extensions::of_match("udp"),
        "icmpv6" => extensions::of_match("icmp6"),
        _ => extensions::of_match(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readback::iptables::words::words;

    fn read(line: &str) -> Result<Written, Fault> {
        Written::read(&words(line, 0).unwrap())
    }

    /// `match: [!]option words; …`, and the target.
    fn shown(line: &str) -> String {
        let written = read(line).unwrap();
        let show = |given: &Given| {
            let values: Vec<&str> = given.values.iter().map(|word| word.text.as_str()).collect();
            format!("{}{}({})", if given.negated { "!" } else { "" }, given.name, values.join(" "))
        };
        let all = |options: &[Given]| options.iter().map(show).collect::<Vec<_>>().join(" ");
        let mut parts: Vec<String> =
            written.matches.iter().map(|one| format!("{}[{}]", one.name, all(&one.options))).collect();
        parts.extend(written.target.map(|target| format!("{}[{}]", target.name.text, all(&target.options))));
        parts.join(" ")
    }

    #[test]
    fn options_find_their_match_wherever_they_stand() {
        assert_eq!(
            shown("-p tcp -m conntrack --ctstate NEW --dport 22 -j LOG -m limit --limit 1/s --log-prefix -x"),
            "[protocol(tcp)] conntrack[ctstate(NEW)] tcp[dport(22)] limit[limit(1/s)] LOG[log-prefix(-x)]"
        );
        assert_eq!(shown("-ptcp --dport=22 -jACCEPT"), "[protocol(tcp)] tcp[dport(22)] ACCEPT[]");
    }

    #[test]
    fn negations_stand_in_front_of_options_or_words() {
        assert_eq!(
            shown("! -s 10.0.0.0/8 -i ! eth0 -p tcp ! --syn --dport ! 22"),
            "[!source(10.0.0.0/8) !in-interface(eth0) protocol(tcp)] tcp[!syn() !dport(22)]"
        );
    }

    #[test]
    fn unknown_options_take_what_looks_like_theirs() {
        assert_eq!(
            shown("-m new --old a b --new ! -s ::1 -j NOVEL --how x -m comment --comment -y"),
            "new[old(a b) new()] [!source(::1)] comment[comment(-y)] NOVEL[how(x)]"
        );
    }

    #[test]
    fn words_that_belong_to_nothing_are_pointed_at() {
        assert_eq!(read("-s ::1 ACCEPT").unwrap_err().span, 7..13);
        assert_eq!(read("-p tcp --dport").unwrap_err().span, 7..14);
        assert_eq!(read("-p tcp !").unwrap_err().span, 7..8);
        assert_eq!(read("-j DROP -j LOG").unwrap_err().span, 8..10);
    }
}
