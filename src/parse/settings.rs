//! The settings of a project, `mailward.yaml`: what `mailward check` guards.

use super::beside::beside;
use super::profile::SEVERITIES;
use super::reader::{Fields, Reader, Value};
use crate::source::{Diagnostic, Severity, Sources, Spanned};

/// The settings of a project as written: paths are relative to the file, names are not looked up yet.
#[derive(Clone, Debug)]
pub struct SettingsDecl {
    /// `policies`: files, and directories with policies.
    pub policies: Vec<Spanned<String>>,
    /// `expect`: files of expectations for every policy.
    pub expect: Vec<Spanned<String>>,
    /// `targets`: what policies are rendered for.
    pub targets: Vec<Spanned<String>>,
    /// `out`: the directory of the rulesets.
    pub out: Option<Spanned<String>>,
    /// `template-dir`: templates of one's own.
    pub template_dir: Option<Spanned<String>>,
    /// `profiles`: names of built-in profiles, and files.
    pub profiles: Vec<Spanned<String>>,
    /// `baseline`: findings that are known.
    pub baseline: Option<Spanned<String>>,
    /// `fail-on`: which findings make the answer no.
    pub fail_on: Option<Spanned<Threshold>>,
}

/// Which findings make the answer no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// None.
    Never,
    /// Those of that severity and graver ones.
    From(Severity),
}

/// The keys of the settings.
pub(super) const KEYS: &[&str] =
    &["version", "policies", "expect", "targets", "out", "template-dir", "profiles", "baseline", "fail-on"];

/// What policies can be rendered for.
pub const TARGETS: &[&str] = &["nftables", "iptables", "pf", "pf-openbsd", "pf-freebsd", "all"];

/// The threshold that no finding reaches.
pub(super) const NEVER: &str = "never";

/// Reads the settings of a project from bytes, as if they stood in a file of that name.
///
/// # Errors
/// What is wrong with it, each problem at its place.
pub fn settings(name: &str, bytes: Vec<u8>, sources: &mut Sources) -> Result<SettingsDecl, Vec<Diagnostic>> {
    beside(name, bytes, sources, ("a file of settings", KEYS), |reader, fields| {
        Some(reader.settings_of_project(fields))
    })
}

impl<'t> Reader<'t> {
    fn settings_of_project(&mut self, fields: &Fields<'t>) -> SettingsDecl {
        self.required(fields, "policies", "name files or directories: `policies: [policies]`");
        SettingsDecl {
            policies: self.texts(fields, "policies", "a list of paths"),
            expect: self.texts(fields, "expect", "a list of paths"),
            targets: self.texts(fields, "targets", "a list of targets"),
            out: self.optional(fields.get("out"), Self::path),
            template_dir: self.optional(fields.get("template-dir"), Self::path),
            profiles: self.texts(fields, "profiles", "a list of profiles"),
            baseline: self.optional(fields.get("baseline"), Self::path),
            fail_on: self.optional(fields.get("fail-on"), Self::fail_on),
        }
    }

    fn texts(&mut self, fields: &Fields<'t>, key: &str, expected: &str) -> Vec<Spanned<String>> {
        let Some(value) = fields.get(key) else { return Vec::new() };
        self.each(value, expected, |reader, item| reader.text(item, "text").map(str::to_owned))
    }

    fn path(&mut self, value: Value<'t>) -> Option<String> {
        self.text(value, "a path").map(str::to_owned)
    }

    fn fail_on(&mut self, value: Value<'t>) -> Option<Threshold> {
        match value.scalar() {
            Some(NEVER) => Some(Threshold::Never),
            _ => self.choice(value, "a severity or `never`", SEVERITIES).map(Threshold::From),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SettingsDecl, Vec<String>> {
        let read = settings("mailward.yaml", text.into(), &mut Sources::default());
        read.map_err(|problems| problems.into_iter().map(|problem| problem.title).collect())
    }

    #[test]
    fn everything_that_can_be_set() {
        let all = "version: 1\npolicies: [policies, a.yaml]\nexpect: e.yaml\ntargets: [nftables, pf]\nout: rules\n\
                   template-dir: t\nprofiles: [rfc, own.yaml]\nbaseline: b.yaml\nfail-on: never\n";
        let decl = read(all).unwrap();
        let texts = |list: &[Spanned<String>]| list.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&decl.policies), ["policies", "a.yaml"]);
        assert_eq!(texts(&decl.expect), ["e.yaml"]);
        assert_eq!(texts(&decl.profiles), ["rfc", "own.yaml"]);
        assert_eq!(decl.fail_on.unwrap().value, Threshold::Never);
    }

    #[test]
    fn nothing_is_overlooked() {
        assert_eq!(
            read("version: 1\npolices: [p]\n").unwrap_err(),
            ["a file of settings has no key `polices`"]
        );
        assert_eq!(read("version: 1\n").unwrap_err(), ["a file of settings without `policies`"]);
        assert_eq!(read("policies: [p]\n").unwrap_err(), ["a file of settings without `version`"]);
        assert_eq!(
            read("version: 1\npolicies: []\n").unwrap_err(),
            ["expected a list of paths, found an empty list"]
        );
        assert_eq!(read("version: 1\npolicies: p\nfail-on: hgih\n").unwrap_err().len(), 1);
        assert_eq!(
            read("version: 1\npolicies: p\nout: [a]\n").unwrap_err(),
            ["expected a path, found a list"]
        );
    }
}
