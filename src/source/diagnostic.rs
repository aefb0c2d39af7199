//! What mailward has to say about a file: one type for broken input and for findings.

use super::{Fix, Site, Sources};

/// How much a diagnostic weighs. Everything below [`Severity::Error`] is a finding about a valid policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Untidy, or a small risk.
    Low,
    /// A real weakness.
    Medium,
    /// A serious weakness.
    High,
    /// Act now.
    Critical,
    /// The input is not a valid policy: nothing else can be answered.
    Error,
}

/// A place and what to say beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub site: Site,
    /// A few words, or nothing to underline only.
    pub text: String,
}

/// One problem: what, where, why, and what to do.
///
/// Texts are single lines; the user's own words stand in back-ticks; titles start in lower case and end
/// without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kebab-case name of the kind of problem; for findings the id of the check.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub title: String,
    /// Where it is wrong.
    pub primary: Label,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// Why it matters, a packet that shows it, the source of the rule.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// A change to the file that settles it.
    pub fix: Option<Fix>,
}

impl Severity {
    /// The word for people and machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Error => "error",
        }
    }
}

impl Diagnostic {
    /// An error in the input at a place, to be completed with the `with_…` and `help` calls.
    #[must_use]
    pub fn error(code: &'static str, site: Site, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, site, title)
    }

    /// A diagnostic of any weight.
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, site: Site, title: impl Into<String>) -> Self {
        let primary = Label { site, text: String::new() };
        Self {
            code,
            severity,
            title: title.into(),
            primary,
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Whether it is about input that is no valid policy.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same as an error: no answer can be given.
    #[must_use]
    pub fn into_error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }

    /// Words beside the underlined place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn related(mut self, site: Site, text: impl Into<String>) -> Self {
        self.related.push(Label { site, text: text.into() });
        self
    }

    /// A reason, a witness packet or a citation.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// A change to the file that settles it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Makes it independent of trees: it can be told from texts alone.
    pub fn settle(&mut self, sources: &Sources) {
        for label in std::iter::once(&mut self.primary).chain(&mut self.related) {
            label.site = sources.in_bytes(label.site);
        }
        self.fix.iter_mut().for_each(|fix| fix.settle(sources));
    }
}
