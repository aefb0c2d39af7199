//! Walks a tree with an eye on its shape: which keys a mapping may have, what must be a list, what is missing.
//!
//! Every reading returns what it understood; what it did not has left a diagnostic behind.

use super::fault::Fault;
use super::nearest::{did_you_mean, nearest};
use crate::source::{Diagnostic, FileId, Kind, NodeId, Problems, Site, Spanned, Tree, quoted};

/// The reading of one file.
pub(super) struct Reader<'t> {
    pub(super) file: FileId,
    tree: &'t Tree,
    problems: Problems,
}

/// A node and its place.
#[derive(Clone, Copy)]
pub(super) struct Value<'t> {
    pub(super) site: Site,
    pub(super) kind: &'t Kind,
}

/// A known key and its value.
struct Pair<'t> {
    name: &'t str,
    key: Value<'t>,
    value: Value<'t>,
}

/// A mapping whose keys are all known.
pub(super) struct Fields<'t> {
    /// The mapping.
    pub(super) site: Site,
    what: &'static str,
    head: Site,
    pairs: Vec<Pair<'t>>,
    /// What the unknown keys were most likely meant to be.
    meant: Vec<Option<&'static str>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: FileId, tree: &'t Tree) -> Self {
        Self { file, tree, problems: Problems::default() }
    }

    /// The outermost value.
    pub(super) fn root(&self) -> Option<Value<'t>> {
        self.tree.root().and_then(|root| self.value(root))
    }

    pub(super) fn into_problems(self) -> Vec<Diagnostic> {
        self.problems.into_vec()
    }

    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    fn value(&self, id: NodeId) -> Option<Value<'t>> {
        self.tree.node(id).map(|node| Value { site: Site::node(self.file, id), kind: &node.kind })
    }

    /// Says that something else was expected; nothing about values that have had their word.
    pub(super) fn wrong_shape(&mut self, value: Value<'t>, expected: &str) {
        if *value.kind == Kind::Refused {
            return;
        }
        let problem = Diagnostic::error(
            "wrong-shape",
            value.site,
            format!("expected {expected}, found {}", value.found()),
        );
        self.report(match value.kind {
            _ if value.is_nothing() => problem.help("write a value, or delete the line"),
            Kind::Mapping(pairs) if self.is_cut_address(pairs) => {
                problem.help("put an IPv6 address that ends in `:` in quotes")
            }
            _ => problem,
        });
    }

    /// Whether this is what YAML makes of `fe80::` without quotes: the key `fe80:` with nothing.
    fn is_cut_address(&self, pairs: &[(NodeId, NodeId)]) -> bool {
        let [(key, value)] = pairs else { return false };
        let key = self.value(*key).and_then(|key| key.scalar()).unwrap_or_default();
        key.contains(':') && self.value(*value).is_some_and(|value| value.is_nothing())
    }

    /// The pairs of a mapping from free names to values, none if it is something else.
    pub(super) fn entries(&mut self, value: Value<'t>, expected: &str) -> Vec<(Value<'t>, Value<'t>)> {
        let Kind::Mapping(pairs) = value.kind else {
            self.wrong_shape(value, expected);
            return Vec::new();
        };
        if pairs.is_empty() {
            self.empty(value, expected);
        }
        pairs.iter().filter_map(|&(key, value)| Some((self.value(key)?, self.value(value)?))).collect()
    }

    /// The items of a list, none if it is something else.
    pub(super) fn list(&mut self, value: Value<'t>, expected: &str) -> Vec<Value<'t>> {
        if let Kind::Sequence(_) = value.kind {
            return self.items(value, expected);
        }
        self.wrong_shape(value, expected);
        Vec::new()
    }

    /// The items of a list, or the one item that stands for a list of one.
    pub(super) fn items(&mut self, value: Value<'t>, expected: &str) -> Vec<Value<'t>> {
        match value.kind {
            Kind::Sequence(items) if items.is_empty() => {
                self.empty(value, expected);
                Vec::new()
            }
            Kind::Sequence(items) => items.iter().filter_map(|&item| self.value(item)).collect(),
            _ if value.is_nothing() => {
                self.wrong_shape(value, expected);
                Vec::new()
            }
            _ => vec![value],
        }
    }

    fn empty(&mut self, value: Value<'t>, expected: &str) {
        let title = format!("expected {expected}, found {}", value.found());
        self.report(
            Diagnostic::error("empty-list", value.site, title)
                .help("an empty list means nothing, not everything: fill it, or delete the line"),
        );
    }

    /// Reads each item of a list, or the one item.
    pub(super) fn each<T>(
        &mut self,
        value: Value<'t>,
        expected: &str,
        read: fn(&mut Self, Value<'t>) -> Option<T>,
    ) -> Vec<Spanned<T>> {
        let items = self.items(value, expected);
        items.into_iter().filter_map(|item| self.one(item, read)).collect()
    }

    /// Reads one value and keeps its place.
    pub(super) fn one<T>(
        &mut self,
        value: Value<'t>,
        read: fn(&mut Self, Value<'t>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        read(self, value).map(|inner| Spanned { value: inner, site: value.site })
    }

    /// Reads the value of a key that may be missing.
    pub(super) fn optional<T>(
        &mut self,
        value: Option<Value<'t>>,
        read: fn(&mut Self, Value<'t>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        value.and_then(|value| self.one(value, read))
    }

    /// The text of a scalar.
    pub(super) fn text(&mut self, value: Value<'t>, expected: &str) -> Option<&'t str> {
        match value.kind {
            Kind::Scalar { text, .. } if !value.is_nothing() => Some(text),
            _ => {
                self.wrong_shape(value, expected);
                None
            }
        }
    }

    /// A scalar as something that its text tells.
    pub(super) fn parsed<T>(
        &mut self,
        value: Value<'t>,
        expected: &str,
        parse: fn(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = self.text(value, expected)?;
        parse(text).map_err(|fault| self.report(fault.at(value.site))).ok()
    }

    /// The fields of a mapping that may have these keys and no others.
    pub(super) fn fields(
        &mut self,
        value: Value<'t>,
        what: &'static str,
        keys: &'static [&'static str],
    ) -> Option<Fields<'t>> {
        let Kind::Mapping(pairs) = value.kind else {
            self.wrong_shape(
                value,
                &format!("{what} with keys like {}", super::nearest::list(first_few(keys))),
            );
            return None;
        };
        let (mut known, mut meant) = (Vec::with_capacity(pairs.len()), Vec::new());
        for &(key, value) in pairs {
            let (Some(key), Some(value)) = (self.value(key), self.value(value)) else { continue };
            match key.scalar() {
                Some(name) if keys.contains(&name) => known.push(Pair { name, key, value }),
                name if !self.problems.is_full() => {
                    meant.push(self.unknown_key(key.site, name.unwrap_or_default(), what, keys));
                }
                _ => {}
            }
        }
        let head = pairs.first().map_or(value.site, |&(key, _)| Site::node(self.file, key));
        Some(Fields { site: value.site, what, head, pairs: known, meant })
    }

    /// Reports a key and returns the one that was most likely meant.
    fn unknown_key(
        &mut self,
        site: Site,
        key: &str,
        what: &str,
        keys: &'static [&'static str],
    ) -> Option<&'static str> {
        let title = format!("{what} has no key {}", quoted(key));
        self.report(Diagnostic::error("unknown-key", site, title).help(did_you_mean(key, keys)));
        nearest(key, keys.iter().copied())
    }

    /// The value of a key that must be there. Silent where a misspelt key has been reported for it.
    pub(super) fn required(&mut self, fields: &Fields<'t>, key: &str, help: &str) -> Option<Value<'t>> {
        let value = fields.get(key);
        if value.is_none() && !fields.meant.contains(&Some(key)) {
            let title = format!("{} without `{key}`", fields.what);
            self.report(Diagnostic::error("missing-key", fields.head, title).help(help));
        }
        value
    }
}

impl<'t> Fields<'t> {
    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Value<'t>> {
        self.pairs.iter().find(|pair| pair.name == key).map(|pair| pair.value)
    }

    /// The place of a key's value, of the whole mapping if the key is missing.
    pub(super) fn site_of(&self, key: &str) -> Site {
        self.get(key).map_or(self.site, |value| value.site)
    }

    /// The keys and their names, in the order written.
    pub(super) fn keys(&self) -> impl Iterator<Item = (Value<'t>, &'t str)> {
        self.pairs.iter().map(|pair| (pair.key, pair.name))
    }

    /// Where to point at the mapping as a whole: at its first key.
    pub(super) fn head(&self) -> Site {
        self.head
    }

    /// Whether it has keys that mean nothing, which were reported.
    pub(super) fn has_unknown(&self) -> bool {
        !self.meant.is_empty()
    }
}

impl<'t> Value<'t> {
    /// The text of a scalar that is not nothing.
    pub(super) fn scalar(&self) -> Option<&'t str> {
        match self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether nothing was written: YAML's null in any spelling.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.kind, Kind::Scalar { text, quoted: false }
            if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }

    fn found(&self) -> String {
        match self.kind {
            _ if self.is_nothing() => "nothing".to_owned(),
            Kind::Scalar { text, .. } => quoted(text),
            Kind::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
            Kind::Sequence(_) => "a list".to_owned(),
            Kind::Mapping(pairs) if pairs.is_empty() => "an empty mapping".to_owned(),
            Kind::Mapping(_) => "a mapping".to_owned(),
            Kind::Refused => "an alias".to_owned(),
        }
    }
}

fn first_few(keys: &'static [&'static str]) -> &'static [&'static str] {
    keys.get(..3).unwrap_or(keys)
}
