//! What could stand where something is being written: keys by place, names, words, checks.

use super::cursor::{Cursor, Writing};
use super::names::{Space, What};
use super::protocol::{Completion, Markup, Position, TextEdit};
use super::server::Open;
use super::tree::Step;
use crate::catalog::{self, Status};
use crate::lint;
use crate::parse::{Choice, Content, Mapping};
use crate::report::services::details;

/// Kinds of items, as the protocol numbers them.
const KEY: u8 = 10;
const NAME: u8 = 6;
const BUILT_IN: u8 = 9;
const WORD: u8 = 12;
const CHECK: u8 = 21;

/// What may stand at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Expected {
    mapping: Option<Mapping>,
    content: Option<Content>,
}

/// Something that could be written.
struct Offer {
    label: String,
    kind: u8,
    detail: Option<String>,
    documentation: Option<String>,
    /// What is offered first has the lowest one.
    rank: u8,
    text: String,
}

impl Offer {
    fn new(label: &str, kind: u8, rank: u8) -> Self {
        let (label, text) = (label.to_owned(), label.to_owned());
        Self { label, kind, detail: None, documentation: None, rank, text }
    }

    fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

impl Expected {
    /// What may stand at the end of a way.
    fn at(path: &[Step]) -> Self {
        let top = Self { mapping: Some(Mapping::Policy), content: None };
        path.iter().fold(top, |at, step| match step {
            Step::Key(key) => at.key(key),
            Step::Item => at.item(),
        })
    }

    fn key(self, key: &str) -> Self {
        match (self.content, self.mapping) {
            (Some(Content::Named(named)), _) => {
                let (mapping, content) = named.content();
                Self { mapping: Some(mapping), content }
            }
            (_, Some(mapping)) => Self::value(mapping.content(key)),
            (_, None) => Self::default(),
        }
    }

    fn value(content: Content) -> Self {
        let mapping = match content {
            Content::Mapping(mapping) => Some(mapping),
            Content::Log => Some(Mapping::Log),
            Content::Stage => Some(Mapping::Stage),
            Content::Services => Some(Mapping::Service),
            _ => None,
        };
        Self { mapping, content: Some(content) }
    }

    fn item(self) -> Self {
        match self.content {
            Some(Content::List(mapping)) => Self { mapping: Some(mapping), content: None },
            _ => self,
        }
    }
}

impl Open<'_> {
    /// What could stand at a position. The text is the newest; names are those of the last time it could be read.
    pub(super) fn completions(&self, position: Position) -> Vec<Completion> {
        let Some(buffer) = self.desk.buffer(&self.path) else { return Vec::new() };
        let lines = super::lines::Lines::of(&buffer.text, self.encoding);
        let byte = lines.byte(position);
        let before = buffer.text.get(..byte).unwrap_or_default();
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let start = before.trim_end_matches(is_of_word).len();
        let has_colon = buffer.text.get(byte..).is_some_and(|rest| rest.starts_with(':'));
        let range = lines.range(start..byte);
        let item = |(place, offer): (usize, Offer)| Completion {
            sort_text: format!("{}{place:04}", offer.rank),
            label: offer.label,
            kind: offer.kind,
            detail: offer.detail,
            documentation: offer.documentation.map(Markup::new),
            text_edit: TextEdit { range, new_text: offer.text },
        };
        self.offers(&Cursor::behind(before), has_colon).into_iter().enumerate().map(item).collect()
    }

    fn offers(&self, cursor: &Cursor, has_colon: bool) -> Vec<Offer> {
        let expected = Expected::at(&cursor.path);
        let keys = || expected.mapping.map(|mapping| keys(mapping, has_colon)).unwrap_or_default();
        let values = || expected.content.map(|content| self.values(content)).unwrap_or_default();
        match cursor.writing {
            Writing::Waiver => checks(),
            Writing::Words => Vec::new(),
            Writing::Key => keys(),
            Writing::Value => values(),
            Writing::Either => keys().into_iter().chain(values()).collect(),
        }
    }

    fn values(&self, content: Content) -> Vec<Offer> {
        match content {
            Content::Switch | Content::Log => words(&["true", "false"]),
            Content::Word(choice) | Content::Words(choice) => words(&choice.words()),
            Content::Stage => words(&Choice::Stages.words()),
            Content::Zones => self.declared(Space::Places, |what| what == What::Zone),
            Content::Places => self.places(),
            Content::Services => self.services(),
            Content::Ports => built_in_services(),
            Content::Messages(family) => built_in(catalog::icmp_names(family)),
            Content::Protocols => built_in(catalog::protocol_names()),
            Content::Checks => checks(),
            Content::Rule => self.declared(Space::Rules, |_| true),
            _ => Vec::new(),
        }
    }

    fn declared(&self, space: Space, is_wanted: impl Fn(What) -> bool) -> Vec<Offer> {
        let known = self.study.known.declared().filter(|(one, what)| one.space == space && is_wanted(*what));
        known.map(|(one, what)| Offer::new(&one.name, NAME, 0).detail(what.name())).collect()
    }

    fn places(&self) -> Vec<Offer> {
        let mut offers = self.declared(Space::Places, |_| true);
        offers.push(Offer::new("any", WORD, 1).detail("every address"));
        offers.push(Offer::new("host", WORD, 1).detail("the machine that loads the policy"));
        let built_in = catalog::networks();
        offers.extend(
            built_in.map(|network| Offer::new(network.name().as_str(), BUILT_IN, 2).detail(network.title())),
        );
        offers
    }

    fn services(&self) -> Vec<Offer> {
        let mut offers = self.declared(Space::Services, |_| true);
        offers.push(Offer::new("any", WORD, 1).detail("every protocol and port"));
        offers.extend(built_in_services());
        offers
    }
}

impl What {
    /// In a word.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Network => "network",
            Self::Service => "service",
            Self::Rule => "rule",
        }
    }
}

/// The keys of a mapping, with a colon if there is none yet.
fn keys(mapping: Mapping, has_colon: bool) -> Vec<Offer> {
    let offer = |key: &&str| {
        let is_above =
            matches!(mapping.content(key), Content::Mapping(_) | Content::List(_) | Content::Named(_));
        let colon = match (has_colon, is_above) {
            (true, _) => "",
            (false, true) => ":",
            (false, false) => ": ",
        };
        Offer { text: format!("{key}{colon}"), ..Offer::new(key, KEY, 0).detail(mapping.about(key)) }
    };
    mapping.keys().iter().map(offer).collect()
}

fn words(all: &[&str]) -> Vec<Offer> {
    all.iter().map(|word| Offer::new(word, WORD, 0)).collect()
}

fn built_in(names: impl Iterator<Item = &'static str>) -> Vec<Offer> {
    names.map(|name| Offer::new(name, BUILT_IN, 0)).collect()
}

/// Services of the catalogue: those to be used first, those of history last.
fn built_in_services() -> Vec<Offer> {
    let offer = |service: &catalog::Service| {
        let rank = match service.status() {
            Status::Current => 2,
            Status::Legacy | Status::Workaround => 3,
            Status::Historic => 4,
        };
        let offer = Offer::new(service.name().as_str(), BUILT_IN, rank).detail(service.title());
        Offer { documentation: Some(format!("```text\n{}```", details(service))), ..offer }
    };
    catalog::services().map(offer).collect()
}

fn checks() -> Vec<Offer> {
    let metas = lint::ALL.iter().map(|check| check.meta());
    metas.map(|meta| Offer::new(meta.id, CHECK, 0).detail(meta.summary)).collect()
}
