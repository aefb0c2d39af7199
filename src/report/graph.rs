//! The zones of a policy as a graph: who may open flows to whom, and about what.

mod dot;
mod svg;

pub use dot::dot;
pub use svg::svg;

use crate::analyze::{Decisions, End, Passing, Spoken, Vocabulary, Way, cleartext, spoken};
use crate::model::{Policy, Term, Trust};
use crate::packet::{Cube, Family, Hook, IntervalSet, States};
use crate::source::Sources;

/// How many services are shown at an edge; the rest is counted.
const A_FEW: usize = 4;

/// The zones of a policy and what passes between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The name of the policy.
    pub name: String,
    /// The zones in the order of the policy, and the machine itself.
    pub nodes: Vec<Node>,
    /// Who may open flows to whom.
    pub edges: Vec<Edge>,
}

/// A zone, or the machine that loads the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it is: `untrusted zone`, `internal zone`, `this machine`.
    pub kind: &'static str,
}

/// That something may pass from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index of the node where flows open.
    pub from: usize,
    /// Index of the node where they lead.
    pub to: usize,
    /// Every service that may pass, for some hosts at least.
    pub services: Vec<String>,
    /// Those of them that anybody on the way can read.
    pub cleartext: Vec<String>,
}

/// Draws up the graph of a policy. What passes is decided by the packet engine, for every packet.
#[must_use]
pub fn graph(policy: &Policy, sources: &Sources) -> Graph {
    let decisions = Decisions::new(policy);
    let names = Names { spoken: spoken(policy, sources), vocabulary: Vocabulary::of(policy) };
    let ends = End::all(policy);
    let at = |end: End| ends.iter().position(|&one| one == end).unwrap_or_default();
    let edge = |way: Way| {
        let passing = decisions.passing(way);
        (!passing.is_empty()).then(|| Edge {
            from: at(way.from),
            to: at(way.to),
            services: names.of(&passing),
            cleartext: names.of(&within(&passing, &cleartext())),
        })
    };
    Graph {
        name: policy.name.value.to_string(),
        nodes: ends.iter().map(|&end| node(policy, end)).collect(),
        edges: Way::all(policy).into_iter().filter_map(edge).collect(),
    }
}

fn node(policy: &Policy, end: End) -> Node {
    let trust = match end {
        End::Zone(index) => policy.zones.get(index).map(|zone| zone.trust),
        End::Host => None,
    };
    let kind = match trust {
        Some(Trust::Untrusted) => "untrusted zone",
        Some(Trust::Internal) => "internal zone",
        None => "this machine",
    };
    Node { name: end.name(policy).to_owned(), kind }
}

fn within(passing: &Passing, set: &IntervalSet<u32>) -> Passing {
    Passing { v4: passing.v4.intersect(set), v6: passing.v6.intersect(set) }
}

/// What services are called.
struct Names<'p> {
    spoken: Vec<Spoken>,
    vocabulary: Vocabulary<'p>,
}

impl Names<'_> {
    /// Names for exactly these packets: those that the policy uses, and ports and protocols for the rest.
    fn of(&self, passing: &Passing) -> Vec<String> {
        let all = passing.v4.union(&passing.v6);
        if all == IntervalSet::range(0, 0xff_ffff) {
            return vec!["every protocol".to_owned()];
        }
        let mut left = all.clone();
        let mut names = Vec::new();
        for one in &self.spoken {
            let terms: Vec<_> = one.traffic.terms().iter().map(Term::transport).collect();
            let own = IntervalSet::union_of(&terms);
            if own.is_subset(&all) && own.overlaps(&left) {
                left = left.subtract(&own);
                names.push(one.name.clone());
            }
        }
        names.extend(self.unnamed(&within(passing, &left)));
        names
    }

    fn unnamed(&self, rest: &Passing) -> Vec<String> {
        let of_family = |family: Family| Cube {
            transport: rest.of(family).clone(),
            states: States::NEW,
            ..Cube::every(Hook::Forward, family)
        };
        let cubes: Vec<Cube> =
            Family::ALL.into_iter().map(of_family).filter(|cube| !cube.is_empty()).collect();
        self.vocabulary.portraits(&cubes).into_iter().flat_map(|portrait| portrait.services).collect()
    }
}

impl Edge {
    /// The first few services.
    fn label(&self) -> String {
        few(&self.services)
    }

    /// The first few services in cleartext, after a word for them; nothing if there are none.
    fn warning(&self) -> Option<String> {
        (!self.cleartext.is_empty()).then(|| format!("cleartext: {}", few(&self.cleartext)))
    }

    /// All of it: `lan → internet: http, https; in cleartext: http`.
    fn sentence(&self, graph: &Graph) -> String {
        let name = |index: usize| graph.nodes.get(index).map_or("", |node| node.name.as_str());
        let open = match self.cleartext.as_slice() {
            [] => String::new(),
            open => format!("; in cleartext: {}", open.join(", ")),
        };
        format!("{} → {}: {}{open}", name(self.from), name(self.to), self.services.join(", "))
    }
}

/// The first few words, and how many more there are.
fn few(words: &[String]) -> String {
    let more = words.len().saturating_sub(A_FEW);
    // One more would take the place of its own count.
    if more <= 1 {
        return words.join(", ");
    }
    let shown = words.get(..A_FEW).unwrap_or(words).join(", ");
    format!("{shown} and {more} more")
}
