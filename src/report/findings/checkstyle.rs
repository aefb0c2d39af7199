//! Findings for tools that read what Checkstyle writes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Level, TOOL, message};
use crate::report::xml::{DECLARATION, escaped};
use crate::report::{Examined, Said, said};
use crate::source::SourceFile;

/// An element for each file about which something was said.
#[must_use]
pub fn checkstyle(run: &[Examined]) -> String {
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for said in said(run) {
        let path = said.1.file(said.0.primary.site.file).map_or("", SourceFile::path);
        files.entry(path).or_default().push_str(&error(said));
    }
    let mut text = format!("{DECLARATION}<checkstyle version=\"4.3\">\n");
    for (path, errors) in files {
        let _ = write!(text, "  <file name=\"{}\">\n{errors}  </file>\n", escaped(path));
    }
    text + "</checkstyle>\n"
}

fn error((finding, sources): Said<'_>) -> String {
    let severity = match Level::of(finding.severity) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "info",
    };
    let at = sources.position(finding.primary.site);
    format!(
        "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"{TOOL}.{}\"/>\n",
        at.line,
        at.column,
        escaped(&message(finding)),
        escaped(finding.code)
    )
}
