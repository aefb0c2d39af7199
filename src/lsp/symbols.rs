//! The parts of a document: what stands at its top, and what has a name in there.

use super::protocol::Symbol;
use super::publish::Pointer;
use super::server::Open;
use super::tree::text;
use crate::source::{FileId, Kind, NodeId, Site, Tree};

/// Kinds of symbols, as the protocol numbers them.
const SECTION: u8 = 3;
const NAMED: u8 = 8;
const ITEM: u8 = 12;

/// A part of a document: the node that names it, and its last node.
struct Part {
    name: String,
    detail: String,
    kind: u8,
    named: NodeId,
    nodes: (NodeId, NodeId),
}

impl Open<'_> {
    /// The parts of the document, as far as it can be read.
    pub(super) fn symbols(&self) -> Vec<Symbol> {
        let Some(tree) = self.study.document().and_then(|file| file.tree()) else { return Vec::new() };
        let Some(Kind::Mapping(pairs)) = tree.root().and_then(|root| tree.node(root)).map(|node| &node.kind)
        else {
            return Vec::new();
        };
        let (pointer, file) = (self.pointer(), self.study.main);
        let section = |&(key, value): &(NodeId, NodeId)| {
            let name = text(tree, key)?.to_owned();
            let part = Part { name, detail: String::new(), kind: SECTION, named: key, nodes: (key, value) };
            let children =
                parts(tree, value).into_iter().map(|part| symbol(tree, &pointer, file, part, Vec::new()));
            let children: Vec<Symbol> = children.collect();
            Some(symbol(tree, &pointer, file, part, children))
        };
        pairs.iter().filter_map(section).collect()
    }
}

fn symbol(tree: &Tree, pointer: &Pointer<'_>, file: FileId, part: Part, children: Vec<Symbol>) -> Symbol {
    let start = tree.node(part.nodes.0).map_or(0, |node| node.span.start);
    let end = tree.node(part.nodes.1).map_or(start, |node| node.span.end);
    Symbol {
        name: if part.name.is_empty() { "…".to_owned() } else { part.name },
        detail: part.detail,
        kind: part.kind,
        range: pointer.range_of(file, start..end),
        selection_range: pointer.range(Site::node(file, part.named)),
        children,
    }
}

/// The parts of a section that have names: keys of mappings, items of lists.
fn parts(tree: &Tree, section: NodeId) -> Vec<Part> {
    match tree.node(section).map(|node| &node.kind) {
        Some(Kind::Mapping(pairs)) => {
            let part = |&(key, value): &(NodeId, NodeId)| {
                let name = text(tree, key)?.to_owned();
                let detail = text(tree, value).unwrap_or_default().to_owned();
                Some(Part { name, detail, kind: NAMED, named: key, nodes: (key, value) })
            };
            pairs.iter().filter_map(part).collect()
        }
        Some(Kind::Sequence(items)) => items.iter().filter_map(|&item| of_item(tree, item)).collect(),
        _ => Vec::new(),
    }
}

/// An item of a list: a rule by its id, others by their first key.
fn of_item(tree: &Tree, item: NodeId) -> Option<Part> {
    let Kind::Mapping(pairs) = &tree.node(item)?.kind else { return None };
    let id = pairs.iter().find(|(key, _)| text(tree, *key) == Some("id"));
    let (named, name, detail) = if let Some((_, value)) = id {
        let action = pairs.iter().find(|(key, _)| text(tree, *key) == Some("action"));
        let action = action.and_then(|(_, value)| text(tree, *value)).unwrap_or_default();
        (*value, text(tree, *value)?.to_owned(), action.to_owned())
    } else {
        let &(key, value) = pairs.first()?;
        (key, format!("{}: {}", text(tree, key)?, said(tree, value)), String::new())
    };
    Some(Part { name, detail, kind: ITEM, named, nodes: (item, item) })
}

/// A value in a few words.
fn said(tree: &Tree, value: NodeId) -> String {
    match tree.node(value).map(|node| &node.kind) {
        Some(Kind::Scalar { text, .. }) => text.to_string(),
        Some(Kind::Sequence(items)) => {
            items.iter().filter_map(|&item| text(tree, item)).collect::<Vec<_>>().join(", ")
        }
        Some(Kind::Mapping(pairs)) => {
            pairs.iter().map(|&(_, value)| said(tree, value)).collect::<Vec<_>>().join(" → ")
        }
        _ => String::new(),
    }
}
