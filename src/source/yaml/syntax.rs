//! Syntax errors in the words of somebody who edits a policy.

use granit_parser::{ErrorKind, ScanError};

use super::{DEEPEST, Diagnostic, FileId, Site};

/// What stopped the parser, at the character where it stopped.
pub(super) fn diagnostic(file: FileId, text: &str, error: &ScanError) -> Diagnostic {
    let start = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let site = Site::bytes(file, start..start + width);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(site);
    }
    let (title, help) = words(error.kind());
    let diagnostic = Diagnostic::error("syntax", site, title);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Beyond [`DEEPEST`].
pub(super) fn too_deep(site: Site) -> Diagnostic {
    Diagnostic::error("too-deep", site, format!("lists and mappings nest deeper than {DEEPEST} levels here"))
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
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => ("a tab where only spaces may stand", "indent with spaces"),
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
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => {
            ("wrong indentation", "indent it deeper than the key it belongs to")
        }
        other => return (format!("broken YAML: {}", other.to_string().replace('"', "`")), None),
    };
    (title.to_owned(), Some(help))
}

fn unclosed(open: char) -> (String, Option<&'static str>) {
    let help = if open == '[' { "close it with `]`" } else { "close it with `}`" };
    (format!("this `{open}` is never closed"), Some(help))
}
