//! Sets of `ipset(8)`: the text of `ipset save`, and what `ipset restore` reads.

mod element;
mod kind;
mod lookup;

use std::collections::BTreeMap;

use self::element::Element;
use self::kind::Kind;
use super::given::Fault;
use super::words::{Word, lines, words};
use crate::source::{Diagnostic, FileId, Site};

/// Sets by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets(BTreeMap<String, Set>);

/// A set.
#[derive(Clone, Debug)]
struct Set {
    kind: Kind,
    elements: Vec<Element>,
}

/// The most problems that are told of one text.
const MOST_PROBLEMS: usize = 20;

/// Reads sets.
pub(super) fn read(file: FileId, text: &str) -> Result<Sets, Vec<Diagnostic>> {
    let mut sets = Sets::default();
    let mut problems = Vec::new();
    for (start, line) in lines(text) {
        if let Err(fault) = sets.line(start, line) {
            let site = Site::bytes(file, fault.span);
            problems.push(Diagnostic::error("ipset-syntax", site, fault.title));
        }
        if problems.len() >= MOST_PROBLEMS {
            break;
        }
    }
    if problems.is_empty() { Ok(sets) } else { Err(problems) }
}

impl Sets {
    fn line(&mut self, start: usize, line: &str) -> Result<(), Fault> {
        if line.trim_start().starts_with('#') {
            return Ok(());
        }
        let words = words(line, start).map_err(|span| Fault::new(&span, "this quote is never closed"))?;
        // Options of the whole command, such as `-exist`, may stand anywhere.
        let plain: Vec<&Word> =
            words.iter().filter(|word| !["-exist", "-!", "--exist"].contains(&word.text.as_str())).collect();
        let is_tolerant = plain.len() < words.len();
        let Some((command, rest)) = plain.split_first() else { return Ok(()) };
        match (command.text.as_str(), rest) {
            ("create" | "-N" | "n" | "--create", [name, kind, options @ ..]) => {
                self.create(name, kind, options, is_tolerant)
            }
            ("add" | "-A" | "--add", [name, element, options @ ..]) => self.add(name, element, options),
            ("del" | "-D" | "--del", [name, element, ..]) => self.remove(name, element),
            ("flush" | "-F" | "--flush", names) => {
                self.0
                    .iter_mut()
                    .filter(|(name, _)| is_named(names, name))
                    .for_each(|(_, set)| set.elements.clear());
                Ok(())
            }
            ("destroy" | "x" | "-X" | "--destroy", names) => {
                self.0.retain(|name, _| !is_named(names, name));
                Ok(())
            }
            ("swap" | "-W" | "--swap", [one, other]) => self.swap(one, other),
            ("rename" | "e" | "-E" | "--rename", [old, new]) => {
                let set = self.0.remove(&old.text).ok_or_else(|| missing(old))?;
                self.0.insert(new.text.clone(), set);
                Ok(())
            }
            ("COMMIT" | "commit" | "quit" | "version" | "test", _) => Ok(()),
            _ => Err(Fault::new(&command.span, format!("`{}` is no command with these words", command.text))),
        }
    }

    fn create(
        &mut self,
        name: &Word,
        kind: &Word,
        options: &[&Word],
        is_tolerant: bool,
    ) -> Result<(), Fault> {
        let kind = Kind::read(&kind.text, options)?;
        if let Some(there) = self.0.get(&name.text) {
            let is_same = is_tolerant && there.kind.family == kind.family;
            let twice = || Fault::new(&name.span, format!("set `{}` is created twice", name.text));
            return if is_same { Ok(()) } else { Err(twice()) };
        }
        let set = Set { kind, elements: Vec::new() };
        self.0.insert(name.text.clone(), set);
        Ok(())
    }

    fn add(&mut self, name: &Word, element: &Word, options: &[&Word]) -> Result<(), Fault> {
        let set = self.0.get_mut(&name.text).ok_or_else(|| missing(name))?;
        let excluded = options.iter().any(|option| option.text == "nomatch");
        let read = Element::read(element, &set.kind, excluded)?;
        set.elements.push(read);
        Ok(())
    }

    fn remove(&mut self, name: &Word, element: &Word) -> Result<(), Fault> {
        let set = self.0.get_mut(&name.text).ok_or_else(|| missing(name))?;
        let read = Element::read(element, &set.kind, false)?;
        let before = set.elements.len();
        set.elements.retain(|other| other.parts != read.parts);
        if set.elements.len() == before {
            // What is taken out of the middle of a range, or is written in another way.
            set.kind.hide();
        }
        Ok(())
    }

    fn swap(&mut self, one: &Word, other: &Word) -> Result<(), Fault> {
        let first = self.0.get(&one.text).cloned().ok_or_else(|| missing(one))?;
        let second = self.0.insert(other.text.clone(), first).ok_or_else(|| missing(other))?;
        self.0.insert(one.text.clone(), second);
        Ok(())
    }
}

/// Whether a command means a set: by its name, or all by none.
fn is_named(names: &[&Word], name: &str) -> bool {
    names.is_empty() || names.iter().any(|word| word.text == name)
}

fn missing(name: &Word) -> Fault {
    Fault::new(&name.span, format!("there is no set `{}` here", name.text))
}
