//! Graphs for Graphviz and everything else that reads its language.

use super::{Edge, Graph, Node};
use crate::model::unprintable;

/// The graph in the DOT language.
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let nodes: String = graph.nodes.iter().map(node).collect();
    let edges: String = graph.edges.iter().map(|one| edge(graph, one)).collect();
    format!(
        "// Who may open flows to whom in {}, written by mailward.\n\
         digraph {} {{\n\trankdir=LR\n\tnode [shape=box, style=rounded, fontname=\"sans-serif\"]\n\
         \tedge [fontname=\"sans-serif\", fontsize=10]\n{nodes}{edges}}}\n",
        shown(&graph.name),
        quoted(&graph.name)
    )
}

fn node(node: &Node) -> String {
    let style = match node.kind {
        "untrusted zone" => ", style=\"rounded,dashed\"",
        "this machine" => ", style=\"rounded,bold\"",
        _ => "",
    };
    format!("\t{} [tooltip={}{style}]\n", quoted(&node.name), quoted(node.kind))
}

fn edge(graph: &Graph, edge: &Edge) -> String {
    let name = |index: usize| graph.nodes.get(index).map_or("", |node| node.name.as_str());
    let (label, style) = match edge.warning() {
        None => (edge.label(), ""),
        Some(warning) => {
            (format!("{}\n{warning}", edge.label()), ", color=\"#b3261e\", fontcolor=\"#b3261e\"")
        }
    };
    format!(
        "\t{} -> {} [label={}, tooltip={}{style}]\n",
        quoted(name(edge.from)),
        quoted(name(edge.to)),
        quoted(&label),
        quoted(&edge.sentence(graph))
    )
}

/// Text between quotes, which nothing in it ends.
fn quoted(text: &str) -> String {
    let lines: Vec<String> =
        text.split('\n').map(|line| shown(line).replace('\\', "\\\\").replace('"', "\\\"")).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn shown(text: &str) -> String {
    text.chars().map(|c| if unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_quote() {
        assert_eq!(quoted(r#"a"b\"#), r#""a\"b\\""#);
        assert_eq!(quoted("a\nb\r\u{202e}"), "\"a\\nb\u{fffd}\u{fffd}\"");
    }
}
