//! The shapes of the language-server protocol that are used here, as version 3.17 of its specification has them.
//!
//! `gen-lsp-types` has all of them, in 18,000 lines; these are the few that go over the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A place between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Position {
    /// From 0.
    pub(super) line: u32,
    /// From 0, in units of the negotiated encoding.
    pub(super) character: u32,
}

/// What stands between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Range {
    pub(super) start: Position,
    pub(super) end: Position,
}

/// A range in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Location {
    pub(super) uri: String,
    pub(super) range: Range,
}

/// A document by its address.
#[derive(Debug, Deserialize)]
pub(super) struct Document {
    pub(super) uri: String,
}

/// A place in the document that a request names.
#[derive(Debug, Deserialize)]
pub(super) struct At {
    pub(super) position: Position,
}

/// A request about the whole document that it names.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Whole {
    pub(super) text_document: Document,
}

/// `textDocument/didOpen`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    pub(super) text_document: OpenedDocument,
}

/// A document as it is opened.
#[derive(Debug, Deserialize)]
pub(super) struct OpenedDocument {
    pub(super) uri: String,
    pub(super) version: i32,
    pub(super) text: String,
}

/// `textDocument/didChange`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    pub(super) text_document: VersionedDocument,
    pub(super) content_changes: Vec<TextChange>,
}

/// A document at some time.
#[derive(Debug, Deserialize)]
pub(super) struct VersionedDocument {
    pub(super) uri: String,
    pub(super) version: i32,
}

/// A change to a text; to all of it where no range is named.
#[derive(Debug, Deserialize)]
pub(super) struct TextChange {
    pub(super) range: Option<Range>,
    pub(super) text: String,
}

/// `textDocument/references`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReferencesAt {
    #[serde(flatten)]
    pub(super) at: At,
    pub(super) context: ReferenceContext,
}

/// What references are asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReferenceContext {
    pub(super) include_declaration: bool,
}

/// `textDocument/rename`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RenameAt {
    #[serde(flatten)]
    pub(super) at: At,
    pub(super) new_name: String,
}

/// `textDocument/codeAction`.
#[derive(Debug, Deserialize)]
pub(super) struct ActionsAt {
    pub(super) range: Range,
    #[serde(default)]
    pub(super) context: ActionContext,
}

/// Which actions are asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ActionContext {
    /// Their kinds, each with all that begin with it and a dot; all of them where nothing is said.
    #[serde(default)]
    pub(super) only: Option<Vec<String>>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Diagnostic {
    pub(super) range: Range,
    /// 1 error, 2 warning, 3 information, 4 hint.
    pub(super) severity: u8,
    pub(super) code: &'static str,
    pub(super) source: &'static str,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_information: Vec<Related>,
}

/// Another place that matters for a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Related {
    pub(super) location: Location,
    pub(super) message: String,
}

/// `textDocument/publishDiagnostics`.
#[derive(Debug, Serialize)]
pub(super) struct Published<'d> {
    pub(super) uri: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<i32>,
    pub(super) diagnostics: &'d [Diagnostic],
}

/// Text for people, with Markdown in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Markup {
    kind: &'static str,
    value: String,
}

impl Markup {
    /// Markdown.
    pub(super) const fn new(value: String) -> Self {
        Self { kind: "markdown", value }
    }
}

/// The answer to `textDocument/hover`.
#[derive(Debug, Serialize)]
pub(super) struct Hover {
    pub(super) contents: Markup,
    pub(super) range: Range,
}

/// An item of the answer to `textDocument/completion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Completion {
    pub(super) label: String,
    pub(super) kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) documentation: Option<Markup>,
    pub(super) sort_text: String,
    pub(super) text_edit: TextEdit,
}

/// What stands in a range becomes this text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TextEdit {
    pub(super) range: Range,
    pub(super) new_text: String,
}

/// Changes to documents, by their addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct WorkspaceEdit {
    pub(super) changes: BTreeMap<String, Vec<TextEdit>>,
}

/// An item of the answer to `textDocument/codeAction`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Action {
    pub(super) title: String,
    pub(super) kind: &'static str,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) is_preferred: bool,
    pub(super) edit: WorkspaceEdit,
}

/// An item of the answer to `textDocument/documentSymbol`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Symbol {
    pub(super) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) detail: String,
    pub(super) kind: u8,
    pub(super) range: Range,
    pub(super) selection_range: Range,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) children: Vec<Symbol>,
}

/// The answer to `textDocument/prepareRename`.
#[derive(Debug, Serialize)]
pub(super) struct Renamable {
    pub(super) range: Range,
    pub(super) placeholder: String,
}
