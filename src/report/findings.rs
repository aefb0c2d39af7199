//! Findings, one file per format. Which of them serves whom is told in `docs/cli.md`.
//!
//! Texts of a policy come into a format as text: what could move a cursor, hide or end a line is replaced or escaped here, and each
//! format escapes what has a meaning of its own in it.

mod checkstyle;
mod concise;
mod excerpt;
mod github;
mod gitlab;
pub(super) mod human;
pub(super) mod json;
mod junit;
mod markdown;
mod rdjson;
mod sarif;
mod suggestion;
mod template;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use uuid::Uuid;

pub use checkstyle::checkstyle;
pub use concise::concise;
pub use github::github;
pub use gitlab::gitlab;
pub use human::{human, human_parts, messages, number};
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub(super) use markdown::{headline as markdown_headline, sections as markdown_sections};
pub use rdjson::rdjson;
pub use sarif::sarif;
pub use template::{Template, TemplateError};

use super::Examined;
use crate::lint;
use crate::model::unprintable;
use crate::source::{Diagnostic, Severity};

/// The name of the tool, as formats that mix the findings of many tools want it.
const TOOL: &str = "mailward";

/// Where the tool is described; nothing as long as the manifest of the package does not say it.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// The three weights that most other tools know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Error | Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Info => Self::Note,
        }
    }
}

/// Names for findings that stay the same when lines move, and that no two findings of a run share.
#[derive(Debug, Default)]
struct Fingerprints<'e>(BTreeMap<[&'e str; 3], usize>);

impl<'e> Fingerprints<'e> {
    /// The next name for what a baseline file holds for the same; the first of them has the same name however many there are.
    fn next(&mut self, one: &'e Examined, finding: &'e Diagnostic) -> String {
        let identity = lint::identity(one.name.as_deref().unwrap_or(&one.path), finding);
        let count = self.0.entry(identity).or_default();
        *count += 1;
        let words = format!("urn:mailward:finding\0{}\0{count}", identity.join("\0"));
        Uuid::new_v5(&Uuid::NAMESPACE_URL, words.as_bytes()).simple().to_string()
    }
}

/// Everything there is to say about a finding, on lines of their own, the first of which is the title.
fn message(finding: &Diagnostic) -> String {
    let mut text = printable(&finding.title);
    let label = Some(&finding.primary.text).filter(|label| !label.is_empty());
    for line in label.into_iter().chain(&finding.notes) {
        let _ = write!(text, "\n{}", printable(line));
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {}", printable(help));
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\n{} fix: {}", fix.safety().name(), printable(&fix.title));
    }
    text
}

/// The text without anything that moves a cursor, hides or ends a line.
fn printable(text: &str) -> String {
    text.chars().map(|c| if unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A JSON document with a line end. What is not printable is escaped, so that the text says the same and can be looked at.
fn document(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string_pretty(value)?;
    let mut escaped = String::with_capacity(text.len() + 1);
    // Outside strings there is nothing but ASCII, and a line feed inside a string is escaped already.
    for c in text.chars() {
        if c == '\n' || !unprintable(c) {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped.push('\n');
    Ok(escaped)
}

/// A path as a reference of RFC 3986: everything but letters, digits, `-._~` and `/` is encoded.
#[must_use]
pub fn reference(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
