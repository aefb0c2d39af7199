//! The whole file: which keys a policy and a fragment have.

use super::Document;
use super::fault::Fault;
use super::place::Network;
use super::reader::{Fields, Reader, Value};
use super::word::any_name;
use crate::model::Profile;
use crate::source::{Diagnostic, FileId, Kind, Site, Spanned, Tree, quoted};

/// The version of the language.
pub(super) const VERSION: &str = "1";

/// The keys of a policy.
pub(super) const POLICY: &[&str] = &[
    "version",
    "name",
    "description",
    "owner",
    "reviewed",
    "profiles",
    "include",
    "zones",
    "networks",
    "services",
    "hosts",
    "flows",
    "exceptions",
    "defaults",
    "baseline",
    "rules",
    "expect",
];

/// The keys of a file for others to include.
pub const FRAGMENT: &[&str] =
    &["version", "description", "include", "zones", "networks", "services", "expect"];

/// What a file is asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A policy: it has a name and rules.
    Policy,
    /// Shared zones, networks, services and expectations.
    Fragment,
    /// The same, named on the command line for its expectations.
    Expectations,
}

impl Part {
    /// What messages call it.
    const fn name(self) -> &'static str {
        match self {
            Self::Policy => "a policy",
            Self::Fragment => "an included file",
            Self::Expectations => "a file of expectations",
        }
    }
}

/// A file as read, and the files it asks for.
pub(super) struct Parsed {
    /// What was understood.
    pub(super) document: Document,
    /// `include`.
    pub(super) includes: Vec<Spanned<String>>,
    /// `file` of networks, by their index in the document.
    pub(super) lists: Vec<(usize, Spanned<String>)>,
    /// What was wrong.
    pub(super) problems: Vec<Diagnostic>,
}

impl Parsed {
    /// Nothing of a file but its number.
    pub(super) fn nothing(file: FileId) -> Self {
        let document = Document::empty(file, Site::bytes(file, 0..0));
        Self { document, includes: Vec::new(), lists: Vec::new(), problems: Vec::new() }
    }

    /// What a tree says.
    pub(super) fn of(file: FileId, tree: &Tree, part: Part) -> Self {
        let mut reader = Reader::new(file, tree);
        let mut parsed = Self::nothing(file);
        if let Some(root) = reader.root() {
            parsed.document.site = root.site;
            reader.file(root, part, &mut parsed);
        }
        Self { problems: reader.into_problems(), ..parsed }
    }
}

impl<'t> Reader<'t> {
    fn file(&mut self, root: Value<'t>, part: Part, parsed: &mut Parsed) {
        let Some(fields) = self.fields(root, part.name(), POLICY) else { return };
        if let Some(version) = self.required(&fields, "version", "begin the file with `version: 1`") {
            self.version(version);
        }
        match part {
            Part::Policy => self.policy(&fields, &mut parsed.document),
            Part::Fragment | Part::Expectations => self.refuse_policy_keys(&fields, part),
        }
        if part == Part::Expectations {
            self.required(&fields, "expect", "write what must hold: `expect: [{ deny: … }]`");
        }
        self.shared(&fields, parsed);
    }

    pub(super) fn version(&mut self, value: Value<'t>) {
        let Some(text) = self.text(value, "a version") else { return };
        if !matches!(value.kind, Kind::Scalar { text, quoted: false } if **text == *VERSION) {
            let title = format!("{} is not a version of the policy language", quoted(text));
            let help = if text == VERSION { "write it without quotes" } else { "write `version: 1`" };
            self.report(Fault::new("unknown-version", title).help(help).at(value.site));
        }
    }

    /// What a policy has and a file that it draws in has not.
    fn refuse_policy_keys(&mut self, fields: &Fields<'t>, part: Part) {
        for (key, name) in fields.keys().filter(|(_, name)| !FRAGMENT.contains(name)) {
            let title = format!("`{name}` has no place in {}", part.name());
            let help = format!("{} has only {}", part.name(), super::nearest::list(FRAGMENT));
            self.report(Diagnostic::error("unknown-key", key.site, title).help(help));
        }
    }

    /// The keys that fragments have too.
    fn shared(&mut self, fields: &Fields<'t>, parsed: &mut Parsed) {
        let document = &mut parsed.document;
        document.description = self.optional(fields.get("description"), Self::comment);
        document.zones = fields.get("zones").map(|zones| self.zones(zones)).unwrap_or_default();
        document.services =
            fields.get("services").map(|services| self.services(services)).unwrap_or_default();
        let networks = fields.get("networks").map(|networks| self.networks(networks)).unwrap_or_default();
        for (index, Network { decl, file }) in networks.into_iter().enumerate() {
            document.networks.push(decl);
            parsed.lists.extend(file.map(|file| (index, file)));
        }
        document.expect = fields.get("expect").map(|value| self.expectations(value)).unwrap_or_default();
        parsed.includes = fields.get("include").map(|paths| self.includes(paths)).unwrap_or_default();
    }

    fn includes(&mut self, value: Value<'t>) -> Vec<Spanned<String>> {
        self.each(value, "a list of files", |reader, value| {
            reader.text(value, "the path of a file").map(str::to_owned)
        })
    }

    /// The keys that only a policy has.
    fn policy(&mut self, fields: &Fields<'t>, document: &mut Document) {
        let [name, rules] = ["name", "rules"].map(|key| fields.get(key));
        if name.is_none() && rules.is_none() && !fields.has_unknown() {
            self.report(not_a_policy(fields));
        } else {
            self.required(fields, "name", "it names the tables and files: `name: branch-gateway`");
            self.required(
                fields,
                "rules",
                "write the rules, or include this file from a policy that has some",
            );
        }
        document.name = self.optional(name, |reader, value| reader.parsed(value, "a name", any_name));
        document.rules = rules.map(|rules| self.rules(rules));
        document.owner = self.optional(fields.get("owner"), Self::comment);
        document.reviewed = self.optional(fields.get("reviewed"), Self::date);
        document.profiles = fields.get("profiles").map(|list| self.profiles(list)).unwrap_or_default();
        document.hosts = fields.get("hosts").map(|hosts| self.hosts(hosts)).unwrap_or_default();
        document.waivers = fields.get("exceptions").map(|list| self.waivers(list)).unwrap_or_default();
        document.flows = fields.get("flows").map(|flows| self.flows(flows));
        document.defaults = fields.get("defaults").and_then(|value| self.defaults(value));
        document.baseline = fields.get("baseline").and_then(|value| self.baseline(value));
    }

    fn profiles(&mut self, value: Value<'t>) -> Vec<Spanned<Profile>> {
        self.each(value, "a list of profiles", |reader, item| reader.choice(item, "a profile", Profile::ALL))
    }
}

/// Code of the diagnostic for a file that was asked for as a policy and has neither a name nor rules.
pub const NOT_A_POLICY: &str = "not-a-policy";

fn not_a_policy(fields: &Fields<'_>) -> Diagnostic {
    Diagnostic::error(NOT_A_POLICY, fields.head(), "a policy without `name` and `rules`")
        .help("write both, or ask for the policy that includes this file")
}
