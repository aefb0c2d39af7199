//! Baseline files: findings that a policy had when mailward came, each until somebody settles it.

use super::beside::beside;
use super::profile::number;
use super::reader::{Reader, Value};
use crate::source::{Diagnostic, Site, Sources, Spanned};

/// The findings of a baseline file.
#[derive(Clone, Debug)]
pub struct KnownDecl {
    /// What it lists, in the order written.
    pub findings: Vec<KnownFinding>,
}

/// One finding, or several that read the same. Nothing in it depends on lines.
#[derive(Clone, Debug)]
pub struct KnownFinding {
    /// `policy`: the name of the policy.
    pub policy: String,
    /// `check`.
    pub check: String,
    /// `finding`: its title.
    pub title: String,
    /// `count`: how many there are; one where nothing is written.
    pub count: Spanned<usize>,
    /// The item.
    pub site: Site,
}

/// The keys of a baseline file.
pub(super) const KEYS: &[&str] = &["version", "findings"];

/// The keys of one finding.
pub(super) const FINDING: &[&str] = &["policy", "check", "finding", "count"];

/// Reads a baseline file from bytes, as if they stood in a file of that name.
///
/// # Errors
/// What is wrong with it, each problem at its place.
pub fn known(name: &str, bytes: Vec<u8>, sources: &mut Sources) -> Result<KnownDecl, Vec<Diagnostic>> {
    beside(name, bytes, sources, ("a baseline file", KEYS), |reader, fields| {
        let findings = reader.required(fields, "findings", "list the findings, or delete the file")?;
        Some(reader.known(findings))
    })
}

impl<'t> Reader<'t> {
    fn known(&mut self, findings: Value<'t>) -> KnownDecl {
        if findings.is_nothing() {
            return KnownDecl { findings: Vec::new() }; // all of them are settled
        }
        let items = self.list(findings, "a list of findings");
        KnownDecl { findings: items.into_iter().filter_map(|item| self.known_finding(item)).collect() }
    }

    fn known_finding(&mut self, value: Value<'t>) -> Option<KnownFinding> {
        let fields = self.fields(value, "a known finding", FINDING)?;
        let mut text = |key, help| {
            let value = self.required(&fields, key, help)?;
            self.text(value, "text").map(str::to_owned)
        };
        let policy = text("policy", "write the name of the policy");
        let check = text("check", "write the id of the check");
        let title = text("finding", "write the title of the finding");
        let count = match fields.get("count") {
            Some(value) => {
                let count = self.parsed(value, "a number", number)?;
                Spanned { value: usize::try_from(count).unwrap_or(usize::MAX), site: value.site }
            }
            None => Spanned { value: 1, site: value.site },
        };
        Some(KnownFinding { policy: policy?, check: check?, title: title?, count, site: value.site })
    }
}
