//! The way from the top of a file to what stands at a byte.

use crate::source::{Kind, Node, NodeId, Tree};

/// A step down a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an item of a list.
    Item,
}

/// Where a byte is in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trail {
    /// The way there.
    pub(super) steps: Vec<Step>,
    /// The innermost key or value.
    pub(super) node: NodeId,
}

impl Trail {
    /// The way to a byte; none if nothing stands there.
    pub(super) fn to(tree: &Tree, byte: usize) -> Option<Self> {
        let mut trail = Self { steps: Vec::new(), node: tree.root()? };
        // INVARIANT: children come before their parents, so that the way ends.
        while let Some(next) = trail.next(tree, byte) {
            if next == trail.node {
                break;
            }
            trail.node = next;
        }
        holds(tree, trail.node, byte).then_some(trail)
    }

    fn next(&mut self, tree: &Tree, byte: usize) -> Option<NodeId> {
        match &tree.node(self.node)?.kind {
            Kind::Mapping(pairs) => {
                let &(key, value) =
                    pairs.iter().find(|(key, value)| holds(tree, *key, byte) || holds(tree, *value, byte))?;
                if holds(tree, key, byte) {
                    return Some(key);
                }
                self.steps.push(Step::Key(text(tree, key)?.to_owned()));
                Some(value)
            }
            Kind::Sequence(items) => {
                let &item = items.iter().find(|item| holds(tree, **item, byte))?;
                self.steps.push(Step::Item);
                Some(item)
            }
            Kind::Scalar { .. } | Kind::Refused => None,
        }
    }

    /// Whether it leads through these keys, items left out.
    pub(super) fn is(&self, keys: &[&str]) -> bool {
        let own = self.steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item => None,
        });
        own.eq(keys.iter().copied())
    }
}

/// The text of a scalar.
pub(super) fn text(tree: &Tree, node: NodeId) -> Option<&str> {
    match tree.node(node) {
        Some(Node { kind: Kind::Scalar { text, .. }, .. }) => Some(text),
        _ => None,
    }
}

fn holds(tree: &Tree, node: NodeId, byte: usize) -> bool {
    tree.node(node).is_some_and(|node| node.span.start <= byte && byte <= node.span.end)
}
