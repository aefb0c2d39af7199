//! Edits to YAML by place: comments and layout around them stay as they are.

use std::ops::Range;

use super::{At, FileId, Kind, Node, Site, SourceFile, Sources};

/// One edit of a file, by its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// An item of a list goes, with all its lines.
    Remove(Site),
    /// A comment goes, with its line if nothing else stands there.
    Uncomment(Site),
    /// A value is written otherwise.
    Replace(Site, String),
    /// A new mapping stands before an item of a list.
    Before(Site, NewItem),
    /// A key of a mapping gets a value, which is YAML on one line; the key is added where it is missing.
    Set {
        /// The mapping.
        mapping: Site,
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
    },
    /// A key and its value go, with their line.
    Unset {
        /// The mapping.
        mapping: Site,
        /// The key.
        key: &'static str,
    },
    /// A key that is not the only one of its mapping goes, with its value and all their lines.
    Forget(Site),
    /// A list, or a value that stands for a list of one, gets one more item, which is YAML on one line.
    Push(Site, String),
    /// What any of these came to, once its file has no tree any more.
    Bytes(Change),
}

/// A mapping to be written: keys with their values.
pub type NewItem = Vec<(&'static str, NewValue)>;

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewValue {
    /// YAML on one line.
    Text(String),
    /// What stands elsewhere: a scalar, or a list of scalars.
    Copy(Site),
}

/// Bytes of a file that become others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub file: FileId,
    /// The bytes that go.
    pub range: Range<usize>,
    /// What stands there instead.
    pub text: String,
}

/// A text with a node of its tree, which edits are about.
struct Spot<'s> {
    id: FileId,
    file: &'s SourceFile,
    node: &'s Node,
}

impl Edit {
    /// What it changes in the texts. None if the layout does not allow it, as where an item shares its line with others.
    pub(super) fn change(&self, sources: &Sources) -> Option<Change> {
        match self {
            Self::Remove(site) => Spot::of(*site, sources)?.remove(),
            Self::Uncomment(site) => uncomment(*site, sources),
            Self::Replace(site, text) => Some(Spot::of(*site, sources)?.replace(text.clone())),
            Self::Before(site, item) => {
                let written = item.iter().map(|(key, value)| Some((*key, value.written(sources)?)));
                Spot::of(*site, sources)?.insert_before(&written.collect::<Option<Vec<_>>>()?)
            }
            Self::Set { mapping, key, value } => Spot::of(*mapping, sources)?.set(key, value),
            Self::Unset { mapping, key } => Spot::of(*mapping, sources)?.unset(key),
            Self::Forget(key) => forget(*key, sources),
            Self::Push(list, item) => Spot::of(*list, sources)?.push(item),
            Self::Bytes(change) => Some(change.clone()),
        }
    }
}

impl NewValue {
    /// A value that is YAML on one line.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The value on one line.
    fn written(&self, sources: &Sources) -> Option<String> {
        let site = match self {
            Self::Text(text) => return Some(text.clone()),
            Self::Copy(site) => *site,
        };
        let spot = Spot::of(site, sources)?;
        match &spot.node.kind {
            Kind::Sequence(items) => {
                let items = items.iter().map(|&item| spot.other(item)?.scalar());
                Some(format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            _ => spot.scalar().map(str::to_owned),
        }
    }
}

/// The bytes of a comment and of the blanks before it; the whole line if nothing is left of it.
fn uncomment(site: Site, sources: &Sources) -> Option<Change> {
    let span = sources.span(site);
    let text = sources.file(site.file)?.text();
    let before = text.get(..span.start)?.trim_end_matches([' ', '\t']);
    let is_alone = before.is_empty() || before.ends_with('\n');
    let line = text.get(span.end..)?.find('\n').map_or(text.len(), |at| span.end + at + 1);
    let range = if is_alone { before.len()..line } else { before.len()..span.end };
    Some(Change { file: site.file, range, text: String::new() })
}

/// A key without its value: their lines, or what stands between them and their neighbours in braces.
fn forget(key: Site, sources: &Sources) -> Option<Change> {
    let At::Node(id) = key.at else { return None };
    let name = Spot::of(key, sources)?;
    let (mapping, pairs, at) = name.file.tree()?.nodes().iter().find_map(|node| match &node.kind {
        Kind::Mapping(pairs) => Some((node, pairs, pairs.iter().position(|pair| pair.0 == id)?)),
        _ => None,
    })?;
    let value = name.other(pairs.get(at)?.1)?;
    let before = at.checked_sub(1).and_then(|at| pairs.get(at));
    if pairs.len() == 1 {
        return None;
    }
    if !name.file.text().get(mapping.span.clone())?.starts_with('{') {
        return name.without(&value);
    }
    let range = match before {
        Some(before) => name.other(before.1)?.span().end..value.span().end,
        None => name.span().start..name.other(pairs.get(at + 1)?.0)?.span().start,
    };
    Some(name.change(range, String::new()))
}

impl<'s> Spot<'s> {
    fn of(site: Site, sources: &'s Sources) -> Option<Self> {
        let At::Node(node) = site.at else { return None };
        let file = sources.file(site.file)?;
        Some(Self { id: site.file, file, node: file.tree()?.node(node)? })
    }

    fn other(&self, id: super::NodeId) -> Option<Self> {
        Some(Self { id: self.id, file: self.file, node: self.file.tree()?.node(id)? })
    }

    /// The bytes of the node without what follows it.
    fn span(&self) -> Range<usize> {
        let Range { start, end } = self.node.span.clone();
        let text = self.file.text().get(start..end).unwrap_or("");
        start..start + text.trim_end().len()
    }

    fn text(&self) -> Option<&'s str> {
        self.file.text().get(self.span())
    }

    /// The text of a scalar on one line.
    fn scalar(&self) -> Option<&'s str> {
        let is_plain = matches!(self.node.kind, Kind::Scalar { .. });
        self.text().filter(|text| is_plain && !text.contains('\n') && !text.starts_with(['|', '>']))
    }

    /// Whether it is written in brackets.
    fn is_flow(&self) -> bool {
        self.file.tree().is_some_and(|tree| tree.is_flow(self.node, self.file.text()))
    }

    /// A change whose lines end as the nearest one of the file does.
    fn change(&self, range: Range<usize>, text: String) -> Change {
        let (before, after) = self.file.text().split_at_checked(range.start).unwrap_or_default();
        let nearest =
            before.rfind('\n').and_then(|end| before.get(..end)).or_else(|| after.split('\n').next());
        let is_crlf = nearest.is_some_and(|line| line.ends_with('\r'));
        let text = if is_crlf { text.replace('\n', "\r\n") } else { text };
        Change { file: self.id, range, text }
    }

    fn replace(&self, text: String) -> Change {
        self.change(self.span(), text)
    }

    /// What stands in the line before the node, and where the line starts.
    fn line_before(&self) -> Option<(usize, &'s str)> {
        let text = self.file.text();
        let start = text.get(..self.node.span.start)?.rfind('\n').map_or(0, |at| at + 1);
        Some((start, text.get(start..self.node.span.start)?))
    }

    /// Where the line ends in which the node ends, if nothing but a comment follows there.
    fn line_end(&self) -> Option<usize> {
        let end = self.span().end;
        let rest = self.file.text().get(end..)?;
        let last = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let behind = rest.get(..last)?.trim();
        (behind.is_empty() || behind.starts_with('#')).then_some(end + last)
    }

    /// What stands before an item of a block list: blanks, a dash, blanks.
    fn dash(&self) -> Option<(usize, &'s str)> {
        let is_dash =
            |lead: &str| lead.trim_start().strip_prefix('-').is_some_and(|gap| gap.trim().is_empty());
        self.line_before().filter(|(_, lead)| is_dash(lead))
    }

    fn remove(&self) -> Option<Change> {
        let (start, _) = self.dash()?;
        Some(self.change(start..self.line_end()?, String::new()))
    }

    fn insert_before(&self, item: &[(&'static str, String)]) -> Option<Change> {
        let pairs = item.iter().map(|(key, value)| format!("{key}: {value}"));
        let Some((start, lead)) = self.dash() else {
            let is_among_others = self.is_flow() && self.line_before()?.1.contains('[');
            let text = format!("{{ {} }}, ", pairs.collect::<Vec<_>>().join(", "));
            return is_among_others.then(|| self.change(self.span().start..self.span().start, text));
        };
        let text = if self.is_flow() {
            format!("{lead}{{ {} }}\n", pairs.collect::<Vec<_>>().join(", "))
        } else {
            let indent = format!("\n{}", " ".repeat(lead.chars().count()));
            let gap = if self.is_apart(start) { "\n" } else { "" };
            format!("{lead}{}\n{gap}", pairs.collect::<Vec<_>>().join(&indent))
        };
        Some(self.change(start..start, text))
    }

    /// Whether an empty line stands before the line that starts there.
    fn is_apart(&self, start: usize) -> bool {
        let before = self.file.text().get(..start).unwrap_or("");
        before.ends_with("\n\n") || before.ends_with("\n\r\n")
    }

    /// The value of a key.
    fn value(&self, key: &str) -> Option<(Self, Self)> {
        let Kind::Mapping(pairs) = &self.node.kind else { return None };
        let pair =
            |&(name, value): &(super::NodeId, super::NodeId)| Some((self.other(name)?, self.other(value)?));
        let is_key =
            |(name, _): &(Self, Self)| matches!(&name.node.kind, Kind::Scalar { text, .. } if **text == *key);
        pairs.iter().filter_map(pair).find(is_key)
    }

    fn set(&self, key: &str, value: &str) -> Option<Change> {
        if let Some((_, old)) = self.value(key) {
            let is_written = !old.span().is_empty();
            return is_written.then(|| old.replace(value.to_owned()));
        }
        let Kind::Mapping(pairs) = &self.node.kind else { return None };
        let last = self.other(pairs.last()?.1)?;
        if self.is_flow() {
            let at = last.span().end;
            return Some(self.change(at..at, format!(", {key}: {value}")));
        }
        let column = self.line_before()?.1.chars().count();
        let end = last.line_end()?;
        let ends_line = self.file.text().get(..end)?.ends_with('\n');
        let (before, after) = if ends_line { ("", "\n") } else { ("\n", "") };
        Some(self.change(end..end, format!("{before}{}{key}: {value}{after}", " ".repeat(column))))
    }

    fn unset(&self, key: &str) -> Option<Change> {
        let (name, value) = self.value(key)?;
        if self.is_flow() { None } else { name.without(&value) }
    }

    /// A key without its value, where both have their lines to themselves.
    fn without(&self, value: &Self) -> Option<Change> {
        let (start, lead) = self.line_before()?;
        lead.trim()
            .is_empty()
            .then(|| value.line_end())
            .flatten()
            .map(|end| self.change(start..end, String::new()))
    }

    fn push(&self, item: &str) -> Option<Change> {
        let Kind::Sequence(items) = &self.node.kind else {
            return Some(self.replace(format!("[{}, {item}]", self.scalar()?)));
        };
        let last = self.other(*items.last()?)?;
        if self.is_flow() {
            let at = last.span().end;
            return Some(self.change(at..at, format!(", {item}")));
        }
        let (_, lead) = last.dash()?;
        let end = last.line_end()?;
        let ends_line = self.file.text().get(..end)?.ends_with('\n');
        let (before, after) = if ends_line { ("", "\n") } else { ("\n", "") };
        Some(self.change(end..end, format!("{before}{lead}{item}{after}")))
    }
}

#[cfg(test)]
mod tests;
