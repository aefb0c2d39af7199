//! YAML text into a [`Tree`]: the only place that knows the YAML parser.
//!
//! The subset is what a policy needs: one document of mappings, lists and scalars. Anchors, aliases, tags and
//! merge keys are refused, since they hide what a rule says from the person who reads it; so are duplicate
//! keys. All of them are reported in one run; only a syntax error or a limit ends the reading.

mod syntax;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput};

use super::{Diagnostic, FileId, Kind, Node, NodeId, Problems, Site, Tree, quoted};

/// How deep lists and mappings may nest; a policy needs six.
pub const DEEPEST: usize = 64;

/// How many keys, values and lists a file may have; bounds the memory of a tree.
pub const MOST_NODES: usize = 2_000_000;

/// The tree of a text and what was wrong with it; no tree after a syntax error or beyond a limit.
#[must_use]
pub(super) fn parse(file: FileId, text: &str) -> (Option<Tree>, Vec<Diagnostic>) {
    parse_within(file, text, MOST_NODES)
}

fn parse_within(file: FileId, text: &str, most_nodes: usize) -> (Option<Tree>, Vec<Diagnostic>) {
    let mut builder = Builder::new(file, text, most_nodes);
    let done = builder.run().is_ok();
    let Builder { tree, problems, root, .. } = builder;
    ((done && root.is_some()).then(|| tree.settled()), problems.into_vec())
}

/// The reading of one text. Does not recurse, so depth costs no stack.
struct Builder<'t> {
    file: FileId,
    text: &'t str,
    most_nodes: usize,
    tree: Tree,
    open: Vec<Open>,
    root: Option<NodeId>,
    problems: Problems,
}

/// A list or mapping whose end has not come yet.
struct Open {
    start: usize,
    bracketed: bool,
    items: Items,
}

enum Items {
    Sequence(Vec<NodeId>),
    Mapping { pairs: Vec<(NodeId, NodeId)>, key: Option<NodeId> },
}

/// The reading cannot go on; the diagnostic is recorded already.
struct Stop;

impl<'t> Builder<'t> {
    fn new(file: FileId, text: &'t str, most_nodes: usize) -> Self {
        let (tree, open, problems) = (Tree::default(), Vec::new(), Problems::default());
        Self { file, text, most_nodes, tree, open, root: None, problems }
    }

    fn run(&mut self) -> Result<(), Stop> {
        for event in parser(self.text) {
            match event {
                Ok((event, span)) => self.event(event, span)?,
                Err(error) => {
                    let problem =
                        syntax::Broken { file: self.file, text: self.text, bracket: self.bracket() };
                    self.problems.push(problem.diagnostic(&error));
                    return Err(Stop);
                }
            }
        }
        if self.root.is_none() {
            let problem = self.error("no-document", 0..0, "there is no policy in this file");
            self.problems.push(problem.help("write one, or let `mailward init` write a first one"));
        }
        Ok(())
    }

    /// The innermost bracket that is still open.
    fn bracket(&self) -> Option<usize> {
        self.open.last().filter(|open| open.bracketed).map(|open| open.start)
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let bytes = span.byte_range().unwrap_or_default();
        if let Some(tag) = event.tag() {
            self.refuse_tag(&tag.original(), span);
        }
        match event {
            Event::DocumentStart(..) if self.root.is_some() => return Err(self.second_document(bytes)),
            Event::SequenceStart(..) => self.open(&bytes, Items::Sequence(Vec::new()))?,
            Event::MappingStart(..) => self.open(&bytes, Items::Mapping { pairs: Vec::new(), key: None })?,
            Event::SequenceEnd | Event::MappingEnd => self.close(bytes.end)?,
            Event::Scalar(text, style, ..) => self.scalar(&text, style, bytes)?,
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.refuse_alias(bytes)?,
            Event::Anchor(_, name) => self.refuse_anchor(&name, bytes),
            _ => {}
        }
        Ok(())
    }

    /// Begins a list or mapping. Only an opening bracket has a width; block collections start in front of
    /// their first item.
    fn open(&mut self, bytes: &Range<usize>, items: Items) -> Result<(), Stop> {
        if self.open.len() == DEEPEST {
            self.problems.push(syntax::too_deep(self.site(bytes.clone())));
            return Err(Stop);
        }
        self.open.push(Open { start: bytes.start, bracketed: !bytes.is_empty(), items });
        Ok(())
    }

    /// Ends the innermost list or mapping. The parser ends block collections at the next token, so their
    /// last bytes are taken from what they hold.
    fn close(&mut self, end: usize) -> Result<(), Stop> {
        let Some(Open { start, bracketed, items }) = self.open.pop() else { return Ok(()) };
        let last = match &items {
            Items::Sequence(items) => items.last(),
            Items::Mapping { pairs, .. } => pairs.last().map(|(_, value)| value),
        };
        let last_end = last.and_then(|&id| self.tree.node(id)).map_or(start, |node| node.span.end);
        let kind = match items {
            Items::Sequence(items) => Kind::Sequence(items.into()),
            Items::Mapping { pairs, .. } => Kind::Mapping(self.without_duplicates(pairs).into()),
        };
        self.add(kind, start..if bracketed { end } else { last_end })?;
        self.refuse_key_that_is_no_scalar();
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, bytes: Range<usize>) -> Result<(), Stop> {
        if bytes.is_empty() && self.expects_key() {
            let problem = self.error("wrong-shape", bytes.clone(), "a key is missing in front of `:`");
            self.problems.push(problem.help("write `key: value`"));
            return self.add(Kind::Refused, bytes);
        }
        if bytes.is_empty() {
            let span = self.place_of_nothing(bytes.start);
            return self.add(Kind::Scalar { text: Box::default(), quoted: false }, span);
        }
        let written = self.text.get(bytes.clone()).unwrap_or_default();
        let end = bytes.start + written.trim_end().len();
        let quoted = style != ScalarStyle::Plain;
        self.add(Kind::Scalar { text: text.into(), quoted }, bytes.start..end)
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Mapping { key: None, .. }, .. }))
    }

    /// Where to point for a value that was left out: at its key or at its dash.
    fn place_of_nothing(&self, at: usize) -> Range<usize> {
        match self.open.last() {
            Some(Open { items: Items::Mapping { key: Some(key), .. }, .. }) => {
                self.tree.node(*key).map_or(at..at, |node| node.span.clone())
            }
            Some(Open { start, items: Items::Sequence(items), .. }) => {
                let last = items.last().and_then(|&id| self.tree.node(id));
                let dash = next_token(self.text, last.map_or(*start, |node| node.span.end));
                dash..(dash + 1).min(self.text.len())
            }
            _ => at..at,
        }
    }

    fn add(&mut self, kind: Kind, span: Range<usize>) -> Result<(), Stop> {
        let id = self.tree.add(Node { kind, span: span.clone() });
        if id.0 as usize >= self.most_nodes {
            let title = format!("more than {} values in one file", self.most_nodes);
            let problem = self.error("too-large", span, title);
            self.problems.push(problem.help("keep long address lists in files of their own (`file:`)"));
            return Err(Stop);
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(id),
            Some(Items::Sequence(items)) => items.push(id),
            Some(Items::Mapping { pairs, key }) => match key.take() {
                Some(key) => pairs.push((key, id)),
                None => *key = Some(id),
            },
        }
        Ok(())
    }

    /// Called when a list or mapping has just ended: it must not have become a key.
    fn refuse_key_that_is_no_scalar(&mut self) {
        let Some(Open { items: Items::Mapping { key: Some(key), .. }, .. }) = self.open.last() else {
            return;
        };
        let problem = Diagnostic::error(
            "wrong-shape",
            Site::node(self.file, *key),
            "a key must be a word, not a list or a mapping",
        );
        self.problems.push(problem.help("put a key that holds `[`, `{` or `: ` in quotes"));
    }

    /// Drops the pairs whose key is no scalar (reported when it ended), a merge key, or there before.
    fn without_duplicates(&mut self, pairs: Vec<(NodeId, NodeId)>) -> Vec<(NodeId, NodeId)> {
        let mut seen: BTreeMap<&str, NodeId> = BTreeMap::new();
        let mut kept = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let Some(Node { kind: Kind::Scalar { text, .. }, .. }) = self.tree.node(key) else { continue };
            match seen.entry(&**text) {
                _ if **text == *"<<" => self.problems.push(merge_key(Site::node(self.file, key))),
                Entry::Occupied(first) => {
                    let (again, first) = (Site::node(self.file, key), Site::node(self.file, *first.get()));
                    self.problems.push(duplicate(text, again, first));
                }
                Entry::Vacant(place) => {
                    place.insert(key);
                    kept.push((key, value));
                }
            }
        }
        kept
    }

    fn refuse_alias(&mut self, bytes: Range<usize>) -> Result<(), Stop> {
        let written = self.text.get(bytes.clone()).unwrap_or_default();
        let problem = self.error("alias", bytes.clone(), format!("{} is a YAML alias", quoted(written)));
        self.problems.push(problem.help(NO_ALIASES));
        self.add(Kind::Refused, bytes)
    }

    fn refuse_anchor(&mut self, name: &str, bytes: Range<usize>) {
        let problem =
            self.error("anchor", bytes, format!("{} is a YAML anchor", quoted(&format!("&{name}"))));
        self.problems.push(problem.help(NO_ALIASES));
    }

    fn refuse_tag(&mut self, tag: &str, span: Span) {
        let bytes = span.tag_span().and_then(|span| span.byte_range()).unwrap_or_default();
        let problem = self.error("tag", bytes, format!("{} is a YAML tag", quoted(tag)));
        self.problems.push(problem.help("leave it out: every key knows the type of its value"));
    }

    fn second_document(&mut self, bytes: Range<usize>) -> Stop {
        let problem = self.error("two-documents", bytes, "a second YAML document starts here");
        self.problems
            .push(problem.help("keep one policy per file; delete the `---` or move what follows it"));
        Stop
    }

    fn error(&self, code: &'static str, bytes: Range<usize>, title: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.site(bytes), title)
    }

    fn site(&self, bytes: Range<usize>) -> Site {
        Site::bytes(self.file, bytes)
    }
}

const NO_ALIASES: &str = "write the value out, or give it a name under `networks` or `services`";

fn parser(text: &str) -> Parser<'_, StrInput<'_>> {
    Parser::new_from_str_with_options(text, options())
}

fn options() -> Options {
    granit_parser::options! {
        strict_indentation: true,
        disallow_directives: true,
        block_scalar_eof_without_line_feed: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    }
}

fn duplicate(key: &str, again: Site, first: Site) -> Diagnostic {
    Diagnostic::error("duplicate-key", again, format!("duplicate key {}", quoted(key)))
        .label("again here")
        .related(first, "first here")
        .help("delete one of them")
}

fn merge_key(site: Site) -> Diagnostic {
    Diagnostic::error("merge-key", site, "`<<` is a YAML merge key").help("write the keys out")
}

/// The next byte at or after one that is neither blank nor in a comment.
fn next_token(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(rest) = text.get(at..) {
        let blank = rest.len() - rest.trim_start().len();
        at += blank;
        if !rest.trim_start().starts_with('#') {
            break;
        }
        at += rest.get(blank..).and_then(|rest| rest.find('\n')).unwrap_or(rest.len());
    }
    at.min(text.len())
}

#[cfg(test)]
mod tests;
