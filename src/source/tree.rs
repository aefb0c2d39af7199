//! The shape of one YAML document: an arena of nodes with their bytes.

use std::ops::Range;

/// A node of one [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// A node and the bytes it was written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// What a node is. Anchors and tags never become nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scalar as written, escapes resolved.
    Scalar {
        /// Its text.
        text: Box<str>,
        /// Quoted or a block scalar: always a string, whatever it looks like.
        quoted: bool,
    },
    /// A list.
    Sequence(Box<[NodeId]>),
    /// Keys and values in the order written; keys are scalars and differ from each other.
    Mapping(Box<[(NodeId, NodeId)]>),
    /// An alias: reported already, and not worth another word.
    Refused,
}

/// One document. The root is the node that was added last.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Adds a node; children are added before their parents.
    pub fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    /// The same tree in as little memory as it needs, for when all nodes are added.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.nodes.shrink_to_fit();
        self
    }

    /// The node with that number.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// Whether a node is written in brackets. A list whose dashes stand below their key begins at its first item, which may
    /// have brackets of its own.
    #[must_use]
    pub fn is_flow(&self, node: &Node, text: &str) -> bool {
        let (bracket, first) = match &node.kind {
            Kind::Mapping(pairs) => ('{', pairs.first().map(|pair| pair.0)),
            Kind::Sequence(items) => ('[', items.first().copied()),
            Kind::Scalar { .. } | Kind::Refused => return false,
        };
        let is_inside =
            first.and_then(|first| self.node(first)).is_none_or(|first| first.span.start > node.span.start);
        is_inside && text.get(node.span.start..).is_some_and(|rest| rest.starts_with(bracket))
    }

    /// All nodes, children before their parents.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The outermost node.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        u32::try_from(self.nodes.len().checked_sub(1)?).ok().map(NodeId)
    }
}
