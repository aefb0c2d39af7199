//! What is wrong with one word, before it is known where it stands.

use crate::source::{Diagnostic, Site};

/// A problem without a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    code: &'static str,
    title: String,
    note: Option<String>,
    help: Option<String>,
}

impl Fault {
    /// What is wrong, under its stable code.
    pub(super) fn new(code: &'static str, title: impl Into<String>) -> Self {
        Self { code, title: title.into(), note: None, help: None }
    }

    /// Why it is wrong.
    pub(super) fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// What to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// What is wrong.
    pub(super) fn into_title(self) -> String {
        self.title
    }

    /// The same at a place.
    pub(super) fn at(self, site: Site) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code, site, self.title);
        Diagnostic { notes: self.note.into_iter().collect(), help: self.help, ..diagnostic }
    }
}
