//! Blanks in brackets: one behind `:` and `,`, one inside of braces, none inside of square brackets.

use std::ops::Range;

use crate::source::{Kind, Node, NodeId, Tree};

/// Blanks that should be others, in the order of the text; none of them holds a line end.
pub(super) fn gaps(text: &str, tree: &Tree) -> Vec<(Range<usize>, &'static str)> {
    let mut walk = Walk { text, tree, gaps: Vec::new() };
    for node in tree.nodes().iter().filter(|node| tree.is_flow(node, text)) {
        walk.brackets(node);
    }
    walk.gaps.sort_by_key(|(range, _)| range.start);
    walk.gaps.dedup();
    walk.gaps
}

struct Walk<'t> {
    text: &'t str,
    tree: &'t Tree,
    gaps: Vec<(Range<usize>, &'static str)>,
}

impl Walk<'_> {
    fn brackets(&mut self, node: &Node) {
        let parts: Vec<Range<usize>> = match &node.kind {
            Kind::Mapping(pairs) => pairs.iter().filter_map(|&(key, value)| self.pair(key, value)).collect(),
            Kind::Sequence(items) => items.iter().filter_map(|&item| self.item(item)).collect(),
            Kind::Scalar { .. } | Kind::Refused => Vec::new(),
        };
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
        let inside = if matches!(node.kind, Kind::Mapping(_)) { " " } else { "" };
        self.gap(node.span.start + 1..first.start, "", inside);
        self.gap(last.end..node.span.end.saturating_sub(1), "", inside);
        for (one, next) in parts.iter().zip(parts.iter().skip(1)) {
            self.comma(one.end..next.start);
        }
    }

    /// A key and its value, and what stands between them.
    fn pair(&mut self, key: NodeId, value: NodeId) -> Option<Range<usize>> {
        let (key, value) = (self.tree.node(key)?.span.clone(), self.tree.node(value)?.span.clone());
        if value.start < key.end {
            // Nothing was written, which counts as standing where the key stands.
            let colon = self.text.get(key.end..)?.trim_start().starts_with(':');
            return (!colon).then_some(key);
        }
        self.gap(key.end..value.start, ":", ": ");
        Some(key.start..value.end)
    }

    /// An item of a list, which may be a pair without braces.
    fn item(&mut self, item: NodeId) -> Option<Range<usize>> {
        let node = self.tree.node(item)?;
        match &node.kind {
            Kind::Mapping(pairs) if !self.tree.is_flow(node, self.text) => {
                let &(key, value) = pairs.first()?;
                self.pair(key, value)
            }
            _ => Some(node.span.clone()),
        }
    }

    /// A gap that holds a sign and blanks, and nothing else.
    fn gap(&mut self, range: Range<usize>, sign: &str, wanted: &'static str) {
        let Some(found) = self.text.get(range.clone()) else { return };
        if !found.contains('\n') && found.trim_matches([' ', '\t']) == sign && found != wanted {
            self.gaps.push((range, wanted));
        }
    }

    /// What stands between two items; only what is before the comma, if the next one is in another line.
    fn comma(&mut self, range: Range<usize>) {
        let Some(found) = self.text.get(range.clone()) else { return };
        let before = found.len() - found.trim_start_matches([' ', '\t']).len();
        if found.contains('\n') && before > 0 && found.get(before..).is_some_and(|rest| rest.starts_with(','))
        {
            self.gaps.push((range.start..range.start + before, ""));
        }
        self.gap(range, ",", ", ");
    }
}
