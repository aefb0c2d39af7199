//! Whether two texts mean the same: the same tree, and the same permissions in comments at the same nodes.

use crate::parse::{WaiverDecl, WaiverPlace, waivers_in_comments};
use crate::source::{Kind, NodeId, SourceFile, Sources};

/// Whether two texts are one document for everybody who reads them.
pub(super) fn is_same(old: &str, new: &str) -> bool {
    said(old).is_some_and(|said_before| said(new) == Some(said_before))
}

/// Everything that a document says, without places.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    /// Nodes keep their numbers as long as the tree is the same.
    nodes: Vec<Kind>,
    waivers: Vec<Waiver>,
    comments: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Waiver {
    checks: Vec<String>,
    nodes: Option<(NodeId, NodeId)>,
    texts: [Option<String>; 4],
}

fn said(text: &str) -> Option<Said> {
    let mut sources = Sources::default();
    let (id, problems) = sources.add_yaml(SourceFile::new(String::new(), text.to_owned(), None));
    let tree = sources.file(id)?.tree().filter(|_| problems.is_empty())?;
    let waivers = waivers_in_comments(id, text, tree).iter().map(waiver).collect();
    let nodes = tree.nodes().iter().map(|node| node.kind.clone()).collect();
    let comments = text.lines().filter_map(|line| line.trim().strip_prefix('#')).map(str::to_owned).collect();
    Some(Said { nodes, waivers, comments })
}

fn waiver(decl: &WaiverDecl) -> Waiver {
    let nodes = match decl.place {
        WaiverPlace::Nodes { first, last, .. } => Some((first, last)),
        WaiverPlace::Packets(_) | WaiverPlace::Nowhere => None,
    };
    Waiver {
        checks: decl.checks.iter().map(|check| check.value.clone()).collect(),
        nodes,
        texts: [
            decl.reason.as_ref().map(ToString::to_string),
            decl.owner.as_ref().map(ToString::to_string),
            decl.expires.as_ref().map(|day| day.value.to_string()),
            decl.fault.clone(),
        ],
    }
}
