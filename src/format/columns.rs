//! In which column every key and dash of a block stands, and in which it should.

use std::collections::BTreeMap;

use crate::source::{Kind, NodeId, Tree};

/// How much deeper what belongs to a key or dash stands.
const STEP: usize = 2;

/// A key or a dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The column it should stand in.
    pub(super) column: usize,
    /// Whether it is a dash.
    pub(super) is_dash: bool,
}

/// The keys and dashes of all blocks, by their first byte; none where a key has a `?` in front of it.
pub(super) fn tokens(text: &str, tree: &Tree) -> BTreeMap<usize, Token> {
    let mut walk = Walk { text, tree, tokens: BTreeMap::new(), has_marks: false };
    if let Some(root) = tree.root() {
        walk.block(root, 0, 0);
    }
    if walk.has_marks { BTreeMap::new() } else { walk.tokens }
}

struct Walk<'t> {
    text: &'t str,
    tree: &'t Tree,
    tokens: BTreeMap<usize, Token>,
    has_marks: bool,
}

impl Walk<'_> {
    /// Everything in a node that is no scalar and has no brackets, and that begins at or behind a byte. As deep as files may
    /// nest.
    fn block(&mut self, id: NodeId, column: usize, from: usize) {
        let Some(node) = self.tree.node(id) else { return };
        match &node.kind {
            _ if self.tree.is_flow(node, self.text) => {}
            Kind::Mapping(pairs) => {
                for &(key, value) in pairs {
                    self.pair(key, value, column);
                }
            }
            Kind::Sequence(items) => self.items(items, column, from),
            Kind::Scalar { .. } | Kind::Refused => {}
        }
    }

    fn pair(&mut self, key: NodeId, value: NodeId, column: usize) {
        let Some(key) = self.tree.node(key) else { return };
        let before = self.text.get(..key.span.start).unwrap_or_default();
        self.has_marks |= before.trim_end().ends_with('?');
        self.tokens.insert(key.span.start, Token { column, is_dash: false });
        let colon = next_token(self.text, key.span.end);
        self.block(value, column + STEP, colon + 1);
    }

    fn items(&mut self, items: &[NodeId], column: usize, mut from: usize) {
        for &item in items {
            let dash = next_token(self.text, from);
            self.tokens.insert(dash, Token { column, is_dash: true });
            self.block(item, column + STEP, dash + 1);
            from = self.tree.node(item).map_or(dash, |item| item.span.end).max(dash + 1);
        }
    }
}

/// The next byte at or behind one that is neither blank nor in a comment.
fn next_token(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(rest) = text.get(at..) {
        let found = rest.trim_start();
        at += rest.len() - found.len();
        if !found.starts_with('#') {
            break;
        }
        at += found.find('\n').unwrap_or(found.len());
    }
    at.min(text.len())
}
