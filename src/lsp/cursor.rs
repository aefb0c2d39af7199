//! What is being written at a place: told from the text in front of it, since what is half written is no YAML yet.

use super::tree::Step;

/// Where the cursor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The way from the top of the file.
    pub(super) path: Vec<Step>,
    /// What is being written.
    pub(super) writing: Writing,
}

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// A key.
    Key,
    /// A value, or an item of a list.
    Value,
    /// One of them: nothing has told yet.
    Either,
    /// The checks of a waiver in a comment.
    Waiver,
    /// Something else in a comment, or text.
    Words,
}

/// A bracket that is open.
#[derive(Clone, Debug)]
enum Bracket {
    List,
    Map(Option<String>),
}

/// The reading of the text up to the cursor.
#[derive(Default)]
struct Scan {
    /// Keys and dashes of blocks, by their columns.
    block: Vec<(usize, Step)>,
    brackets: Vec<Bracket>,
    /// The column of the key whose value is a text over several lines.
    text_of: Option<usize>,
    writing: Option<Writing>,
}

impl Cursor {
    /// What is being written at the end of a text.
    pub(super) fn behind(text: &str) -> Self {
        let mut scan = Scan::default();
        for line in text.split('\n') {
            scan.line(line.strip_suffix('\r').unwrap_or(line));
        }
        let blocks = scan.block.into_iter().map(|(_, step)| step);
        let brackets = scan.brackets.into_iter().filter_map(|bracket| match bracket {
            Bracket::List => Some(Step::Item),
            Bracket::Map(key) => key.map(Step::Key),
        });
        Self { path: blocks.chain(brackets).collect(), writing: scan.writing.unwrap_or(Writing::Either) }
    }
}

impl Scan {
    fn line(&mut self, line: &str) {
        if let Some(comment) = comment(line) {
            let waiver =
                line.get(comment..).and_then(|text| text.split_once("mailward:")).map(|(_, text)| text);
            let is_open =
                waiver.is_some_and(|text| text.trim_start().starts_with("allow(") && !text.contains(')'));
            self.code(line.get(..comment).unwrap_or_default());
            self.writing = Some(if is_open { Writing::Waiver } else { Writing::Words });
        } else {
            self.code(line);
        }
    }

    fn code(&mut self, line: &str) {
        let indent = line.len() - line.trim_start().len();
        self.writing = None;
        if !self.brackets.is_empty() {
            self.flow(line);
            return;
        }
        if let Some(column) = self.text_of {
            if line.trim().is_empty() || indent > column {
                self.writing = Some(Writing::Words);
                return;
            }
            self.text_of = None;
        }
        let (column, content) = self.dashes(indent, line.trim_start());
        // An empty line in the middle ends nothing; where it is the last one, its indentation tells.
        match key(content) {
            Some((name, value)) => {
                self.leave(column);
                self.block.push((column, Step::Key(name.to_owned())));
                self.value(column, value);
            }
            None if content.starts_with(['[', '{']) => self.flow(content),
            None if content.is_empty() && line.trim().is_empty() => self.blank(column),
            None => self.leave(column),
        }
    }

    /// An empty line: what it stands in is told by its column, if it is the last one.
    fn blank(&mut self, column: usize) {
        if column > 0 {
            self.leave(column);
        }
        self.writing = Some(Writing::Either);
    }

    /// Takes dashes off a line; the column of what follows them, and that.
    fn dashes<'l>(&mut self, mut column: usize, mut content: &'l str) -> (usize, &'l str) {
        while let Some(rest) =
            content.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '))
        {
            while self
                .block
                .last()
                .is_some_and(|(at, step)| *at > column || (*at == column && *step == Step::Item))
            {
                self.block.pop();
            }
            self.block.push((column, Step::Item));
            let gap = rest.len() - rest.trim_start().len();
            column += 1 + gap;
            content = rest.trim_start();
        }
        (column, content)
    }

    /// Leaves blocks that something in this column does not belong to.
    fn leave(&mut self, column: usize) {
        while self.block.last().is_some_and(|(at, _)| *at >= column) {
            self.block.pop();
        }
    }

    fn value(&mut self, column: usize, value: &str) {
        let text = value.trim_start();
        if text.starts_with(['|', '>']) {
            self.text_of = Some(column);
            self.writing = Some(Writing::Words);
        } else if text.starts_with(['[', '{']) {
            self.flow(text);
        } else {
            self.writing = Some(Writing::Value);
        }
    }

    /// What stands in brackets.
    fn flow(&mut self, text: &str) {
        let mut token = String::new();
        let mut quote = None;
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            let is_separator =
                characters.peek().is_none_or(|next| next.is_whitespace() || ",]}".contains(*next));
            match c {
                _ if quote == Some(c) => quote = None,
                _ if quote.is_some() => token.push(c),
                '"' | '\'' if token.trim().is_empty() => quote = Some(c),
                '[' => self.brackets.push(Bracket::List),
                '{' => self.brackets.push(Bracket::Map(None)),
                ']' | '}' => drop(self.brackets.pop()),
                ',' => self.forget_key(),
                ':' if is_separator => self.remember_key(token.trim()),
                c => {
                    token.push(c);
                    continue;
                }
            }
            if quote.is_none() && !matches!(c, '"' | '\'') {
                token.clear();
            }
        }
        self.writing = Some(match self.brackets.last() {
            Some(Bracket::Map(None)) => Writing::Key,
            Some(_) => Writing::Value,
            None => Writing::Words,
        });
    }

    fn forget_key(&mut self) {
        if let Some(Bracket::Map(key)) = self.brackets.last_mut() {
            *key = None;
        }
    }

    fn remember_key(&mut self, name: &str) {
        if let Some(Bracket::Map(key)) = self.brackets.last_mut() {
            *key = Some(name.to_owned());
        }
    }
}

/// A key and what follows it in its line.
fn key(content: &str) -> Option<(&str, &str)> {
    if content.starts_with(['[', '{']) {
        return None;
    }
    let at = content.find(": ").or_else(|| content.ends_with(':').then(|| content.len() - 1))?;
    let name = content.get(..at)?.trim().trim_matches(['"', '\'']);
    Some((name, content.get(at + 1..)?))
}

/// Where a comment begins in a line.
fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() && !before.is_alphanumeric() => quote = Some(c),
            '#' if quote.is_none() && before.is_whitespace() => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> String {
        let Cursor { path, writing } = Cursor::behind(text);
        let steps = path.iter().map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Item => "-",
        });
        format!("{} {writing:?}", steps.collect::<Vec<_>>().join("/"))
    }

    const RULE: &str = "version: 1\nrules:\n  - id: a\n    from: [lan,\n      dmz]\n    action: allow\n";

    #[test]
    fn keys_and_values_of_blocks() {
        assert_eq!(at("ver"), " Either");
        assert_eq!(at("zones:\n  lan:\n    "), "zones/lan Either");
        assert_eq!(at("zones:\n  lan:\n    tru"), "zones/lan Either");
        assert_eq!(at(&format!("{RULE}    ")), "rules/- Either");
        assert_eq!(at(&format!("{RULE}    to: ")), "rules/-/to Value");
        assert_eq!(at(&format!("{RULE}  - ")), "rules/- Either");
        assert_eq!(at(&format!("{RULE}    to:\n      - l")), "rules/-/to/- Either");
        assert_eq!(at(&format!("{RULE}\n    services: po")), "rules/-/services Value");
        assert_eq!(at(&format!("{RULE}exp")), " Either");
        assert_eq!(at("rules:\n- id: a\n- "), "rules/- Either");
    }

    #[test]
    fn keys_and_values_in_brackets() {
        assert_eq!(at("rules:\n  - { id: a, "), "rules/- Key");
        assert_eq!(at("rules:\n  - { id: a, from: [lan, d"), "rules/-/from/- Value");
        assert_eq!(at("rules:\n  - { id: a, from: \"a, b\", to: "), "rules/-/to Value");
        assert_eq!(at("rules:\n  - { id: a,\n      services: [{ t"), "rules/-/services/- Key");
        assert_eq!(at("rules:\n  - { id: a }\n  - "), "rules/- Either");
    }

    #[test]
    fn comments_and_texts() {
        assert_eq!(at("rules:\n  # mailward: allow(rule-"), "rules Waiver");
        assert_eq!(at("rules:\n  # mailward: allow(x) until "), "rules Words");
        assert_eq!(at("description: >-\n  a: b\n  - c"), "description Words");
        assert_eq!(at("a: 'x # y' # z"), "a Words");
    }
}
