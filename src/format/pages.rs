//! The text line by line: what leads a line, its blanks, and how many empty ones stand together.

use std::collections::BTreeMap;
use std::ops::Range;

use super::columns::{Token, tokens};
use super::gaps::gaps;
use crate::source::{Kind, Node, Tree};

/// Lines that belong to a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    /// Every blank may count.
    Text,
    /// Blanks at both ends do not count.
    Folded,
}

/// The text of a tree, laid out.
pub(super) fn write(text: &str, tree: &Tree) -> String {
    let mut page = Page {
        text,
        tokens: tokens(text, tree),
        gaps: gaps(text, tree),
        held: held(text, tree),
        ending: if text.contains("\r\n") { "\r\n" } else { "\n" },
        shift: 0,
        placed: BTreeMap::new(),
        out: String::with_capacity(text.len()),
        empty: 0,
    };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        page.line(start, line);
        start += line.len();
    }
    page.finished()
}

/// Lines that belong to a scalar but the first one, by their first and last byte.
fn held(text: &str, tree: &Tree) -> Vec<(Range<usize>, Held)> {
    let lines = |node: &Node| {
        let Kind::Scalar { quoted, .. } = &node.kind else { return None };
        let block = quoted.then(|| block(text, &node.span)).flatten();
        let held = if *quoted { Held::Text } else { Held::Folded };
        let has_lines = text.get(node.span.clone())?.contains('\n');
        block.or_else(|| has_lines.then(|| node.span.clone())).map(|range| (range, held))
    };
    let mut all: Vec<(Range<usize>, Held)> = tree.nodes().iter().filter_map(lines).collect();
    all.sort_by_key(|(range, _)| range.start);
    all
}

/// All lines of a text under a `|` or `>`, if a scalar is one: from the end of the line with the sign to that of the last one,
/// or to that of the last empty one behind it, if these count.
fn block(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let before = text.get(..span.start)?;
    let lead = before.get(before.rfind('\n')? + 1..)?;
    let above = before.trim_end();
    let head = above.get(above.rfind('\n').map_or(0, |at| at + 1)..)?;
    let code = head.split(" #").next()?.trim_end();
    let sign = code.rsplit(' ').next()?;
    let is_sign = sign.starts_with(['|', '>'])
        && sign.chars().skip(1).all(|c| matches!(c, '+' | '-') || c.is_ascii_digit());
    if !lead.trim().is_empty() || !is_sign {
        return None;
    }
    let rest = text.get(span.end..)?;
    let line = rest.find('\n').unwrap_or(rest.len());
    let empty = rest.get(line..rest.len() - rest.trim_start().len()).unwrap_or_default();
    let counts = sign.contains('+') || empty.contains([' ', '\t']);
    let last = match empty.rfind('\n') {
        _ if !counts => 1,
        _ if rest.trim_start().is_empty() => empty.len() + 1, // blanks before the end of the file are a line, too
        newline => newline.map_or(1, |at| at + 1),
    };
    Some(above.len()..span.end + line + last)
}

struct Page<'t> {
    text: &'t str,
    tokens: BTreeMap<usize, Token>,
    gaps: Vec<(Range<usize>, &'static str)>,
    held: Vec<(Range<usize>, Held)>,
    /// How lines end.
    ending: &'static str,
    /// By how many columns the last key or dash moves.
    shift: isize,
    /// Where columns of blocks come to stand.
    placed: BTreeMap<usize, usize>,
    out: String,
    /// How many empty lines wait.
    empty: usize,
}

impl Page<'_> {
    fn line(&mut self, start: usize, line: &str) {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let body = body.strip_suffix('\r').unwrap_or(body);
        let ending = line.get(body.len()..).unwrap_or_default();
        let held = self.held_at(start);
        if body.trim().is_empty() && held != Some(Held::Text) {
            self.empty += 1;
            if held == Some(Held::Folded) {
                self.flush(usize::MAX, ending); // an empty line in a folded text is a line end
            }
            return;
        }
        self.flush(1, self.ending);
        let indent = body.len() - body.trim_start_matches(' ').len();
        let (lead, from) = self.lead(start, indent, body, held);
        self.out.push_str(&lead);
        let end = start + body.len();
        let content = self.content(start + from..end);
        let is_in_text = self.held_at(end) == Some(Held::Text);
        self.out.push_str(if is_in_text { &content } else { content.trim_end_matches([' ', '\t']) });
        self.out.push_str(ending);
    }

    /// The scalar that goes on at a byte.
    fn held_at(&self, byte: usize) -> Option<Held> {
        let before = self.held.partition_point(|(range, _)| range.start < byte);
        let (range, held) = self.held.get(before.checked_sub(1)?)?;
        (byte < range.end).then_some(*held)
    }

    /// Empty lines that wait, but not more than so many, and none before everything else.
    fn flush(&mut self, most: usize, ending: &str) {
        let count = if self.out.is_empty() { 0 } else { self.empty.min(most) };
        self.out.push_str(&ending.repeat(count));
        self.empty = 0;
    }

    /// What leads a line, and how many bytes of it that stands for.
    fn lead(&mut self, start: usize, indent: usize, body: &str, held: Option<Held>) -> (String, usize) {
        let is_marker = indent == 0 && (body.starts_with("---") || body.starts_with("..."));
        match self.tokens.get(&(start + indent)).copied() {
            _ if is_marker => (String::new(), 0),
            Some(token) => self.block(start, indent, body, token),
            None if held.is_none() && body.trim_start().starts_with('#') => {
                (" ".repeat(self.of_comment(start + body.len(), indent)), indent)
            }
            None => (" ".repeat(self.shifted(indent)), indent),
        }
    }

    /// A line that begins with a key or with dashes.
    fn block(&mut self, start: usize, indent: usize, body: &str, first: Token) -> (String, usize) {
        let mut lead = " ".repeat(first.column);
        let (mut at, mut token) = (indent, first);
        loop {
            self.placed.insert(at, token.column);
            if !token.is_dash {
                break;
            }
            let rest = body.get(at + 1..).unwrap_or_default();
            let content = rest.trim_start_matches([' ', '\t']);
            if content.is_empty() {
                lead.push('-');
                self.shift = signed(token.column) - signed(at);
                return (lead, at + 1);
            }
            lead.push_str("- ");
            at = body.len() - content.len();
            let Some(next) = self.tokens.get(&(start + at)) else {
                self.shift = signed(token.column + 2) - signed(at);
                return (lead, at);
            };
            token = *next;
        }
        self.shift = signed(token.column) - signed(at);
        (lead, at)
    }

    /// The column of a comment on a line of its own: that of what follows if it stood in the same one, else that of the
    /// block before it that did.
    fn of_comment(&self, end: usize, indent: usize) -> usize {
        let next = self.tokens.range(end..).next();
        let line = |at: usize| self.text.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |end| end + 1);
        match next {
            Some((at, token)) if at - line(*at) == indent => token.column,
            _ if indent == 0 => 0,
            _ => self.placed.get(&indent).copied().unwrap_or_else(|| self.shifted(indent)),
        }
    }

    fn shifted(&self, indent: usize) -> usize {
        indent.saturating_add_signed(self.shift)
    }

    /// What stands in a range, with the blanks of brackets as they should be.
    fn content(&self, range: Range<usize>) -> String {
        let first = self.gaps.partition_point(|(gap, _)| gap.start < range.start);
        let mut content = String::new();
        let mut at = range.start;
        for (gap, wanted) in self.gaps.iter().skip(first).take_while(|(gap, _)| gap.end <= range.end) {
            content.push_str(self.text.get(at..gap.start).unwrap_or_default());
            content.push_str(wanted);
            at = gap.end;
        }
        content.push_str(self.text.get(at..range.end).unwrap_or_default());
        content
    }

    /// The whole text, with a line end behind its last line.
    fn finished(mut self) -> String {
        // A text that the end of the file breaks off has no line end in it.
        let is_in_text = self.held_at(self.text.len().saturating_sub(1)) == Some(Held::Text);
        if !self.out.is_empty() && !self.out.ends_with('\n') && !is_in_text {
            self.out.push_str(self.ending);
        }
        self.out
    }
}

fn signed(column: usize) -> isize {
    isize::try_from(column).unwrap_or(isize::MAX)
}
