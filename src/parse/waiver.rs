//! Waivers: who may break which check, where, why and until when. In comments,
//!
//! ```text
//! # mailward: allow(CHECK, …) until DATE by NAME: REASON
//! ```
//!
//! and as items of `exceptions`, which name packets.

use jiff::civil::Date;

use super::date::date;
use super::reader::{Reader, Value};
use super::{PacketsDecl, WaiverDecl, WaiverPlace};
use crate::model;
use crate::source::{FileId, Kind, Node, NodeId, Site, Spanned, Tree};

/// What begins a comment for mailward.
const ADDRESSED: &str = "mailward:";

/// How a waiver is written.
const FORM: &str = "write `# mailward: allow(CHECK) until 2027-03-31 by NAME: REASON`";

/// The keys of an item of `exceptions`.
pub(super) const KEYS: &[&str] =
    &["checks", "from", "to", "services", "reason", "owner", "ticket", "granted", "expires"];

/// Keys of a file whose values have names with something behind each of them.
const NAMED: &[&str] = &["zones", "networks", "services"];

impl<'t> Reader<'t> {
    /// `exceptions`.
    pub(super) fn waivers(&mut self, value: Value<'t>) -> Vec<WaiverDecl> {
        let items = self.list(value, "a list of exceptions");
        items.into_iter().filter_map(|item| self.waiver(item)).collect()
    }

    fn waiver(&mut self, value: Value<'t>) -> Option<WaiverDecl> {
        let fields = self.fields(value, "an exception", KEYS)?;
        let checks = self.required(&fields, "checks", "name the checks that may be broken");
        self.required_matches(&fields);
        let packets = PacketsDecl {
            from: self.addresses_of(&fields, "from"),
            to: self.addresses_of(&fields, "to"),
            services: self.services_of(&fields),
            site: value.site,
        };
        Some(WaiverDecl {
            checks: checks.map(|list| self.ids(list)).unwrap_or_default(),
            place: WaiverPlace::Packets(packets),
            reason: self.optional(fields.get("reason"), Self::comment).map(|text| text.value),
            owner: self.optional(fields.get("owner"), Self::comment).map(|text| text.value),
            ticket: self.optional(fields.get("ticket"), Self::comment).map(|text| text.value),
            granted: self.optional(fields.get("granted"), Self::date),
            expires: self.optional(fields.get("expires"), Self::date),
            fault: None,
            site: value.site,
        })
    }
}

/// A part of a file that a comment can be about.
#[derive(Clone, Debug)]
struct Part {
    /// Its first and last node: children come before their parents.
    nodes: (NodeId, NodeId),
    /// Its bytes.
    start: usize,
    end: usize,
    /// Whether it is a list or mapping of further parts, which is too much for one comment.
    is_whole: bool,
}

/// A comment for mailward: where its line starts, where it starts itself, and where it says something.
struct Comment {
    line: usize,
    hash: usize,
    body: usize,
}

/// The waivers in the comments of a file.
#[must_use]
pub fn in_comments(file: FileId, text: &str, tree: &Tree) -> Vec<WaiverDecl> {
    if !text.contains(ADDRESSED) {
        return Vec::new();
    }
    let parts = parts(text, tree);
    let scalars = scalars(tree);
    let found = text.match_indices(ADDRESSED).filter_map(|(at, _)| {
        let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let hash = line + text.get(line..at)?.rfind('#')?;
        let is_addressed = text.get(hash + 1..at)?.trim().is_empty();
        let is_comment = !scalars.iter().any(|&(start, end)| (start..end).contains(&hash));
        (is_addressed && is_comment).then_some(Comment { line, hash, body: at + ADDRESSED.len() })
    });
    found.filter_map(|comment| in_comment(file, text, &parts, &comment)).collect()
}

fn in_comment(file: FileId, text: &str, parts: &[Part], comment: &Comment) -> Option<WaiverDecl> {
    let Comment { line, hash, body } = *comment;
    let written = text.get(body..)?.lines().next().unwrap_or_default().trim_end();
    let stands_alone = text.get(line..hash)?.trim().is_empty();
    let part = if stands_alone { following(parts, hash) } else { surrounding(parts, hash) };
    let mut decl = read(written, Site::bytes(file, hash..body + written.len()));
    match part {
        Some(part) if !part.is_whole => {
            decl.place = WaiverPlace::Nodes { file, first: part.nodes.0, last: part.nodes.1 };
        }
        Some(_) => {
            decl.fault.get_or_insert("it stands before a whole list: put it at one item".to_owned());
        }
        None => {
            decl.fault.get_or_insert("it stands at nothing that a finding could be about".to_owned());
        }
    }
    Some(decl)
}

/// What a comment on a line of its own is about: what it stands in, else what comes next.
fn following(parts: &[Part], at: usize) -> Option<&Part> {
    let within = |part: &&Part| part.start <= at && at < part.end && !part.is_whole;
    parts.iter().rfind(within).or_else(|| parts.iter().find(|part| part.start > at))
}

/// What a comment at the end of a line is about: what begins or goes on in this line.
fn surrounding(parts: &[Part], at: usize) -> Option<&Part> {
    parts.iter().filter(|part| !part.is_whole).rfind(|part| part.start <= at)
}

/// The parts of a file, by their first byte.
fn parts(text: &str, tree: &Tree) -> Vec<Part> {
    let mut parts = Vec::new();
    let root = tree.root().and_then(|root| tree.node(root));
    let Some(Node { kind: Kind::Mapping(pairs), .. }) = root else { return parts };
    for &(key, value) in pairs {
        let (Some(name), Some(node)) = (tree.node(key), tree.node(value)) else { continue };
        let is_named = matches!(&name.kind, Kind::Scalar { text, .. } if NAMED.contains(&&**text));
        let inner: Vec<(NodeId, NodeId)> = match &node.kind {
            Kind::Sequence(items) => items.iter().map(|&item| (item, item)).collect(),
            Kind::Mapping(pairs) if is_named => pairs.to_vec(),
            _ => Vec::new(),
        };
        let is_list = !inner.is_empty();
        let end = if is_list { name.span.end } else { trimmed(text, node) };
        parts.push(Part { nodes: (key, value), start: name.span.start, end, is_whole: is_list });
        for (first, last) in inner {
            let (Some(start), Some(node)) = (tree.node(first), tree.node(last)) else { continue };
            let nodes = (leftmost(tree, first), last);
            parts.push(Part { nodes, start: start.span.start, end: trimmed(text, node), is_whole: false });
        }
    }
    parts.sort_by_key(|part| part.start);
    parts
}

/// Where a node ends, without the empty lines and comments behind it.
fn trimmed(text: &str, node: &Node) -> usize {
    let written = text.get(node.span.clone()).unwrap_or_default();
    node.span.start + written.trim_end().len()
}

/// The first node of a subtree: children are added before their parents.
fn leftmost(tree: &Tree, id: NodeId) -> NodeId {
    match tree.node(id).map(|node| &node.kind) {
        Some(Kind::Sequence(items)) => items.first().map_or(id, |&item| leftmost(tree, item)),
        Some(Kind::Mapping(pairs)) => pairs.first().map_or(id, |&(key, _)| leftmost(tree, key)),
        _ => id,
    }
}

/// The bytes of every scalar: what looks like a comment in one is none.
fn scalars(tree: &Tree) -> Vec<(usize, usize)> {
    let nodes = tree.nodes().iter().filter(|node| matches!(node.kind, Kind::Scalar { .. }));
    nodes.map(|node| (node.span.start, node.span.end)).collect()
}

/// A waiver from what follows `mailward:`; with what is wrong with it, if something is.
fn read(written: &str, site: Site) -> WaiverDecl {
    let mut decl = WaiverDecl {
        checks: Vec::new(),
        place: WaiverPlace::Nowhere,
        reason: None,
        owner: None,
        ticket: None,
        granted: None,
        expires: None,
        fault: None,
        site,
    };
    if let Err(fault) = fill(&mut decl, written, site) {
        decl.fault = Some(format!("{fault}: {FORM}"));
    }
    decl
}

fn fill(decl: &mut WaiverDecl, written: &str, site: Site) -> Result<(), String> {
    let inner = written.trim_start().strip_prefix("allow(").ok_or("it does not say `allow(…)`")?;
    let (checks, rest) = inner.split_once(')').ok_or("the bracket after `allow` is not closed")?;
    let ids = checks.split(',').map(str::trim).filter(|id| !id.is_empty());
    decl.checks = ids.map(|id| Spanned { value: id.to_owned(), site }).collect();
    let (head, reason) = rest.split_once(": ").unwrap_or((rest.trim_end_matches(':'), ""));
    decl.reason = model::Comment::new(reason).ok();
    let head = head.trim();
    let (until, owner) = head.split_once(" by ").unwrap_or((head, ""));
    decl.owner = model::Comment::new(owner).ok();
    if decl.checks.is_empty() {
        return Err("it names no check".to_owned());
    }
    let day = until.trim().strip_prefix("until ").map(str::trim).ok_or("it does not say until when")?;
    decl.expires = Some(Spanned { value: day_of(day)?, site });
    if decl.owner.is_none() {
        return Err("it does not say by whom".to_owned());
    }
    if decl.reason.is_none() { Err("it gives no reason".to_owned()) } else { Ok(()) }
}

fn day_of(text: &str) -> Result<Date, String> {
    date(text).map_err(|_| format!("`{text}` is not a date, and an exception without one has ended"))
}

#[cfg(test)]
mod tests;
