//! Syntax errors in the words of somebody who edits a policy.

use granit_parser::{ErrorKind, Parser, ScanError};

use super::{DEEPEST, Diagnostic, FileId, Site};

/// A text that the parser could not read to its end.
pub(super) struct Broken<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    /// The innermost bracket that was open when the parser stopped.
    pub(super) bracket: Option<usize>,
}

impl Broken<'_> {
    /// What stopped the parser, at the character that a person would change.
    pub(super) fn diagnostic(&self, error: &ScanError) -> Diagnostic {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let (kind, at) = match error.kind() {
            kind if is_indentation(kind) => self.unclosed().unwrap_or((kind.clone(), at)),
            kind if is_tab(kind) => (kind.clone(), self.tab_after(at)),
            kind => (kind.clone(), at),
        };
        let start = self.text.floor_char_boundary(at);
        let width = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let site = Site::bytes(self.file, start..start + width);
        if kind == ErrorKind::RecursionLimitExceeded {
            return too_deep(site);
        }
        let (title, help) = words(&kind);
        let help = self.foreign_blank(start).or(help.map(str::to_owned));
        let diagnostic = Diagnostic::error("syntax", site, title);
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// A blank in the line that YAML takes for a letter: text copied from a web page is full of them.
    fn foreign_blank(&self, at: usize) -> Option<String> {
        let before = self.text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text.get(before..)?.lines().next()?;
        let blank = line.chars().find(|c| c.is_whitespace() && !c.is_ascii())?;
        Some(format!("this line holds the blank U+{:04X}: replace it with a space", u32::from(blank)))
    }

    /// The bracket or quote that swallowed the lines up to one with the wrong indentation: a bracket is still
    /// open, and for a quote a reader that does not mind indentation runs into the end of the file.
    fn unclosed(&self) -> Option<(ErrorKind, usize)> {
        if let Some(start) = self.bracket {
            let open = self.text.get(start..)?.chars().next()?;
            return Some((ErrorKind::UnclosedFlowCollection { open }, start));
        }
        let mut relaxed = super::options();
        relaxed.strict_indentation = false;
        let error = Parser::new_from_str_with_options(self.text, relaxed).find_map(Result::err)?;
        let at = error.marker().byte_offset()?;
        (*error.kind() == ErrorKind::UnclosedQuotedScalar).then(|| (error.kind().clone(), at))
    }

    fn tab_after(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\t')).map_or(at, |distance| at + distance)
    }
}

fn is_indentation(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidIndentation
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::InvalidBlockScalarIndent
    )
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// Beyond [`DEEPEST`].
pub(super) fn too_deep(site: Site) -> Diagnostic {
    Diagnostic::error("too-deep", site, format!("lists and mappings nest deeper than {DEEPEST} levels here"))
        .help("check the brackets and the indentation: a policy needs six levels")
}

fn words(kind: &ErrorKind) -> (String, Option<&'static str>) {
    let (title, help) = match kind {
        ErrorKind::UnclosedQuotedScalar => ("this quote is never closed", "close it on the same line"),
        ErrorKind::UnclosedFlowCollection { open } => return unclosed(*open),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            let title = format!("this `{open}` is closed by a `{close}`");
            return (title, Some("close a list with `]` and a mapping with `}`"));
        }
        ErrorKind::MisplacedFlowCollectionEnd => ("this bracket closes nothing", "delete it, or open it"),
        kind if is_tab(kind) => ("a tab where only spaces may stand", "indent with spaces"),
        ErrorKind::InvalidQuotedScalarIndent => (
            "this line is still inside quotes, but indented like a new key",
            "close the quote before this line, or indent the line deeper",
        ),
        ErrorKind::DirectiveDisallowed => ("a YAML directive", "delete the line: a policy needs none"),
        ErrorKind::MappingValueNotAllowed => (
            "a `key: value` cannot start here",
            "check the indentation, and put text that holds `: ` in quotes",
        ),
        ErrorKind::ExpectedBlockSequenceEntry => (
            "expected the next `- ` of the list",
            "check the indentation: it fits neither this item nor the next one",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("expected `key: value`", "check the indentation, and that a colon and a blank follow the key")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => ("expected `,` or `]`", "close the list"),
        ErrorKind::ExpectedFlowMappingSeparator => ("expected `,` or `}`", "close the mapping"),
        ErrorKind::UnexpectedCharacter { character } => {
            let title = format!("a value cannot start with `{}`", character.escape_default());
            return (title, Some("put it in quotes"));
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            ("unknown escape in a double-quoted text", "write `\\\\` for a backslash, or use single quotes")
        }
        kind if is_indentation(kind) => ("wrong indentation", "indent it deeper than the key it belongs to"),
        other => return (format!("broken YAML: {}", other.to_string().replace('"', "`")), None),
    };
    (title.to_owned(), Some(help))
}

fn unclosed(open: char) -> (String, Option<&'static str>) {
    let help = if open == '[' { "close it with `]`" } else { "close it with `}`" };
    (format!("this `{open}` is never closed"), Some(help))
}
