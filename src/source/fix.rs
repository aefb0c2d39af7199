//! Changes to a file that settle a finding.

use std::ops::Range;

use super::{Site, Sources};

/// A change to a file that settles a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative: `delete rule x`.
    pub title: String,
    /// What it is known to leave as it is.
    pub safety: Safety,
    /// The item of a list that goes, whole.
    pub removes: Site,
}

/// What a fix is known to leave as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Proven: every packet meets the same before and after, logging included, and nothing refers to what goes.
    Safe,
    /// Not proven, or known to change something: a person has to decide.
    Unsafe,
}

impl Safety {
    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

impl Fix {
    /// The bytes that go: all lines of the item, with its dash. None if the item shares a line with others, as in
    /// `[{ … }, { … }]`.
    #[must_use]
    pub fn lines(&self, sources: &Sources) -> Option<Range<usize>> {
        let file = sources.file(self.removes.file)?;
        let (text, span) = (file.text(), sources.span(self.removes));
        let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let is_alone =
            |before: &str| before.trim_start().strip_prefix('-').is_some_and(|gap| gap.trim().is_empty());
        let item = text.get(span.clone())?.trim_end();
        let end = span.start + item.len();
        let rest = text.get(end..)?;
        let last = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let behind = rest.get(..last)?.trim();
        let ends_there = behind.is_empty() || behind.starts_with('#');
        (is_alone(text.get(start..span.start)?) && ends_there).then_some(start..end + last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Kind, SourceFile};

    /// The text without one of the items of the list that is its only value.
    fn without(text: &str, item: usize) -> Option<String> {
        let mut sources = Sources::default();
        let (file, problems) = sources.add_yaml(SourceFile::new("p.yaml".to_owned(), text.to_owned(), None));
        assert!(problems.is_empty());
        let tree = sources.file(file).unwrap().tree().unwrap();
        let Kind::Mapping(pairs) = &tree.node(tree.root().unwrap()).unwrap().kind else {
            panic!("a mapping")
        };
        let Kind::Sequence(items) = &tree.node(pairs[0].1).unwrap().kind else { panic!("a list") };
        let removes = Site::node(file, items[item]);
        let lines = Fix { title: String::new(), safety: Safety::Safe, removes }.lines(&sources)?;
        let mut rest = text.to_owned();
        rest.replace_range(lines, "");
        Some(rest)
    }

    #[test]
    fn an_item_goes_with_its_lines() {
        let text = "rules:\n  - id: a # first\n    to: x\n  # about b\n  - { id: b } # last\n  - id: c\n";
        assert_eq!(without(text, 0).unwrap(), "rules:\n  # about b\n  - { id: b } # last\n  - id: c\n");
        assert_eq!(
            without(text, 1).unwrap(),
            "rules:\n  - id: a # first\n    to: x\n  # about b\n  - id: c\n"
        );
        assert!(without(text, 2).unwrap().ends_with("# last\n"));
    }

    #[test]
    fn an_item_among_others_in_a_line_stays() {
        assert_eq!(without("rules: [{ id: a }, { id: b }]\n", 0), None);
    }
}
