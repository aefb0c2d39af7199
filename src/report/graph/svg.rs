//! Graphs as pictures: nodes on an ellipse, a number at each edge, and a list of what passes there.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use super::{Edge, Graph};
use crate::report::count;
use crate::report::xml::escaped;

/// How wide a picture is at least, in pixels.
const WIDTH: f64 = 880.0;
/// Where the services begin in the list.
const SERVICES: f64 = 300.0;
/// How wide a letter of the list is, at most.
const SMALL_LETTER: f64 = 7.8;
/// How far nodes are from the middle to the left and right.
const HORIZONTAL: f64 = 330.0;
/// The least distance up and down.
const VERTICAL: f64 = 150.0;
/// What each node adds to that.
const VERTICAL_PER_NODE: f64 = 22.0;
/// Room above and below the nodes.
const MARGIN: f64 = 56.0;
/// How high a node is.
const NODE_HEIGHT: f64 = 40.0;
/// How wide a letter of a node's name is, at most.
const LETTER: f64 = 9.0;
/// How high a line of the list is.
const LINE: f64 = 24.0;
/// How far an edge bends aside, as a share of its length: so that the way back is another line.
const BEND: f64 = 0.16;
/// Where along an edge its number stands.
const NUMBER_AT: f64 = 0.36;
/// How finely edges are looked at, to find where they leave a node.
const STEPS: u32 = 200;

/// Colours for light and dark backgrounds, and what is drawn how.
const STYLE: &str = "\
svg{color-scheme:light dark;--ink:#1b1f24;--paper:#ffffff;--node:#eef2f7;--line:#59636e;--open:#b3261e}
@media(prefers-color-scheme:dark){svg{--ink:#e6e9ed;--paper:#14171a;--node:#252b32;--line:#9aa4af;--open:#ff8a80}}
text{font:14px system-ui,sans-serif;fill:var(--ink)}
.paper{fill:var(--paper)}
.node{fill:var(--node);stroke:var(--line);stroke-width:1.5}
.untrusted{stroke-dasharray:6 4}
.host{stroke-width:3}
.name{font-weight:600;text-anchor:middle}
.edge{fill:none;stroke:var(--line);stroke-width:1.5}
.cleartext{stroke:var(--open);stroke-width:2.5}
.head{fill:var(--line)}
.openhead{fill:var(--open)}
.badge{fill:var(--paper);stroke:var(--line)}
.badge.cleartext{stroke:var(--open);stroke-width:1.5}
.number{font-size:11px;text-anchor:middle}
.warn{fill:var(--open);font-weight:600}";

/// The arrow heads.
const HEADS: &str = "<defs>\
<marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head\" d=\"M0 0 10 5 0 10z\"/></marker>\
<marker id=\"openhead\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"openhead\" d=\"M0 0 10 5 0 10z\"/></marker></defs>\n";

type Point = (f64, f64);

/// A picture in the making.
struct Drawing<'g> {
    graph: &'g Graph,
    /// The middle of the nodes.
    middle: Point,
    /// How far nodes are from it up and down.
    vertical: f64,
}

/// The graph as a picture that needs nothing else.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let nodes = u32::try_from(graph.nodes.len()).unwrap_or(u32::MAX);
    let vertical = VERTICAL + VERTICAL_PER_NODE * f64::from(nodes.saturating_sub(4));
    let width = width(graph);
    let middle = (width / 2.0, vertical + MARGIN);
    let drawing = Drawing { graph, middle, vertical };
    let top = 2.0 * (vertical + MARGIN);
    let lines = u32::try_from(graph.edges.len().max(1)).unwrap_or(u32::MAX);
    let height = top + LINE * f64::from(lines) + MARGIN / 2.0;
    let title = format!("Who may open flows to whom in {}", graph.name);
    let description = description(graph);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"title description\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n<style>{STYLE}</style>\n{HEADS}\
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n{}{}{}</svg>\n",
        escaped(&title),
        escaped(&description),
        drawing.edges(),
        drawing.nodes(),
        drawing.list(top),
    )
}

/// Room for the longest line of the list.
fn width(graph: &Graph) -> f64 {
    let letters = |edge: &Edge| {
        let warning = edge.warning().map_or(0, |warning| warning.chars().count() + 1);
        u32::try_from(edge.label().chars().count() + warning).unwrap_or(u32::MAX)
    };
    let longest = graph.edges.iter().map(letters).max().unwrap_or_default();
    f64::from(longest).mul_add(SMALL_LETTER, SERVICES + 40.0).max(WIDTH).ceil()
}

/// The graph in sentences, for those who do not see it.
fn description(graph: &Graph) -> String {
    let sentences: Vec<String> = graph.edges.iter().map(|edge| edge.sentence(graph)).collect();
    let zones = count(graph.nodes.len().saturating_sub(1), "zone", "zones");
    match sentences.as_slice() {
        [] => format!("{zones} and this machine; nothing may pass between them"),
        all => format!("{zones} and this machine. {}", all.join(". ")),
    }
}

impl Drawing<'_> {
    /// Where a node is.
    fn place(&self, index: usize) -> Point {
        let share = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let angle = TAU * (share(index) / share(self.graph.nodes.len().max(1)) - 0.25);
        (self.middle.0 + HORIZONTAL * angle.cos(), self.middle.1 + self.vertical * angle.sin())
    }

    fn half_width(&self, index: usize) -> f64 {
        let letters = self.graph.nodes.get(index).map_or(0, |node| node.name.chars().count());
        f64::from(u32::try_from(letters).unwrap_or(u32::MAX)).mul_add(LETTER, 28.0) / 2.0
    }

    fn nodes(&self) -> String {
        let mut text = String::new();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            let (x, y) = self.place(index);
            let half = self.half_width(index);
            let class = match node.kind {
                "untrusted zone" => "node untrusted",
                "this machine" => "node host",
                _ => "node",
            };
            let _ = writeln!(
                text,
                "<g><title>{name}, {kind}</title><rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
                 height=\"{NODE_HEIGHT}\" rx=\"8\"/><text class=\"name\" x=\"{x:.1}\" y=\"{:.1}\">{name}</text></g>",
                x - half,
                y - NODE_HEIGHT / 2.0,
                half * 2.0,
                y + 5.0,
                name = escaped(&node.name),
                kind = node.kind,
            );
        }
        text
    }

    /// The lines first and their numbers above all of them.
    fn edges(&self) -> String {
        let edges = (1_usize..).zip(&self.graph.edges);
        let (lines, numbers): (String, String) = edges.map(|(number, edge)| self.edge(number, edge)).unzip();
        lines + &numbers
    }

    fn edge(&self, number: usize, edge: &Edge) -> (String, String) {
        let (from, to) = (self.place(edge.from), self.place(edge.to));
        let curve = Curve::between(from, to);
        let is_outside = |point: Point, centre: Point, index: usize| {
            let (x, y) = ((point.0 - centre.0).abs(), (point.1 - centre.1).abs());
            x > self.half_width(index) + 3.0 || y > NODE_HEIGHT / 2.0 + 3.0
        };
        let (start, end) =
            curve.outside(|point| is_outside(point, from, edge.from), |point| is_outside(point, to, edge.to));
        let part = curve.part(start, end);
        let (class, head) =
            if edge.cleartext.is_empty() { ("edge", "head") } else { ("edge cleartext", "openhead") };
        let badge = if edge.cleartext.is_empty() { "badge" } else { "badge cleartext" };
        let line = format!(
            "<path class=\"{class}\" marker-end=\"url(#{head})\" d=\"M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}\"/>\n",
            part.from.0, part.from.1, part.bend.0, part.bend.1, part.to.0, part.to.1,
        );
        let (x, y) = part.at(NUMBER_AT);
        let mark = format!(
            "<g><title>{}</title><circle class=\"{badge}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"10\"/>\
             <text class=\"number\" x=\"{x:.1}\" y=\"{:.1}\">{number}</text></g>\n",
            escaped(&edge.sentence(self.graph)),
            y + 4.0,
        );
        (line, mark)
    }

    /// What passes at each number.
    fn list(&self, top: f64) -> String {
        let name = |index: usize| self.graph.nodes.get(index).map_or("", |node| node.name.as_str());
        let mut text = String::new();
        let mut y = top;
        if self.graph.edges.is_empty() {
            let _ = writeln!(text, "<text x=\"40\" y=\"{y:.1}\">nothing may pass</text>");
        }
        for (number, edge) in (1_usize..).zip(&self.graph.edges) {
            let warn = edge.warning().map_or_else(String::new, |warning| {
                format!(" <tspan class=\"warn\">{}</tspan>", escaped(&warning))
            });
            let _ = writeln!(
                text,
                "<text x=\"40\" y=\"{y:.1}\">{number}</text><text x=\"72\" y=\"{y:.1}\">{} → {}</text>\
                 <text x=\"{SERVICES}\" y=\"{y:.1}\">{}{warn}</text>",
                escaped(name(edge.from)),
                escaped(name(edge.to)),
                escaped(&edge.label()),
            );
            y += LINE;
        }
        text
    }
}

/// A line that bends once.
#[derive(Clone, Copy)]
struct Curve {
    from: Point,
    bend: Point,
    to: Point,
}

impl Curve {
    fn between(from: Point, to: Point) -> Self {
        let (x, y) = (to.0 - from.0, to.1 - from.1);
        let bend = (f64::midpoint(from.0, to.0) - y * BEND, f64::midpoint(from.1, to.1) + x * BEND);
        Self { from, bend, to }
    }

    /// The point at a share of the way.
    fn at(self, share: f64) -> Point {
        let mix = |a: f64, b: f64| b.mul_add(share, a * (1.0 - share));
        let mixed = |a: Point, b: Point| (mix(a.0, b.0), mix(a.1, b.1));
        mixed(mixed(self.from, self.bend), mixed(self.bend, self.to))
    }

    /// The shares of the way at which it leaves its start and comes to its end.
    fn outside(self, leaves: impl Fn(Point) -> bool, arrives: impl Fn(Point) -> bool) -> (f64, f64) {
        let share = |step: u32| f64::from(step) / f64::from(STEPS);
        let start = (0..=STEPS).map(share).find(|&share| leaves(self.at(share))).unwrap_or(0.0);
        let end = (0..=STEPS).rev().map(share).find(|&share| arrives(self.at(share))).unwrap_or(1.0);
        (start, end)
    }

    /// A part of the line: the same curve from one share of the way to another.
    fn part(self, start: f64, end: f64) -> Self {
        let mix = |a: f64, b: f64, share: f64| b.mul_add(share, a * (1.0 - share));
        let mixed = |a: Point, b: Point, share: f64| (mix(a.0, b.0, share), mix(a.1, b.1, share));
        let first = mixed(self.from, self.bend, start);
        let second = mixed(self.bend, self.to, start);
        Self { from: self.at(start), bend: mixed(first, second, end), to: self.at(end) }
    }
}
