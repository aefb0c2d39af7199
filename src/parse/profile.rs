//! Profiles that an organisation writes: which checks are run and how, and checks of its own.

use super::beside::beside;
use super::fault::Fault;
use super::nearest::did_you_mean;
use super::number::decimal;
use super::reader::{Fields, Reader, Value};
use super::rule::PACKETS;
use super::{AddressTerm, QuestionDecl, ServiceTerm, Wanted};
use crate::model::{Comment, Name, Profile};
use crate::source::{Diagnostic, Kind, Severity, Site, Sources, Spanned, quoted};

/// A file with a profile, as written: ids of checks and names of places are not looked up yet.
#[derive(Clone, Debug)]
pub struct ProfileDecl {
    /// `profile`: its name.
    pub name: Option<Spanned<Name>>,
    /// `extends`: the built-in profiles it begins with.
    pub extends: Vec<Spanned<Profile>>,
    /// `checks`: what it sets.
    pub checks: Vec<SettingDecl>,
    /// `locked`: checks from which nobody may be excepted.
    pub locked: Vec<Spanned<String>>,
    /// `own`: checks of its own.
    pub own: Vec<OwnDecl>,
    /// The whole file.
    pub site: Site,
}

/// What a profile sets for a check: `ID: high`, `ID: off`, `ID: { severity: high, days: 90 }`.
#[derive(Clone, Debug)]
pub struct SettingDecl {
    /// The check.
    pub id: Spanned<String>,
    /// Whether it is run.
    pub is_on: bool,
    /// How much its findings weigh; as the check says where nothing is written.
    pub severity: Option<Severity>,
    /// Its parameters.
    pub parameters: Vec<(Spanned<String>, u64)>,
}

/// A check that somebody writes without code.
#[derive(Clone, Debug)]
pub struct OwnDecl {
    /// `id`.
    pub id: Spanned<Name>,
    /// `severity`; medium where it is not written.
    pub severity: Severity,
    /// `summary`: what it finds.
    pub summary: Spanned<Comment>,
    /// `reason`: why that is wrong.
    pub reason: Option<Spanned<Comment>>,
    /// `help`: what to do.
    pub help: Option<Spanned<Comment>>,
    /// `source`: where that is asked for.
    pub source: Option<Spanned<Comment>>,
    /// What it demands.
    pub demand: DemandDecl,
    /// `where-declared`: whether a policy without the names it speaks of has nothing to do with it.
    pub is_where_declared: bool,
    /// The item.
    pub site: Site,
}

/// What a check of one's own demands.
#[derive(Clone, Debug)]
pub enum DemandDecl {
    /// `never: { from, to, services }`: none of these packets may pass.
    Never(PacketsDecl),
    /// `only: { from, to, services }`: these services pass from there to there and nowhere else.
    Only(PacketsDecl),
    /// `every-rule: { ticket: PATTERN }`: what every rule must carry.
    EveryRule(Vec<(RuleText, Spanned<String>)>),
}

/// Packets as written; what is not written is `any`.
#[derive(Clone, Debug)]
pub struct PacketsDecl {
    /// `from`.
    pub from: Vec<Spanned<AddressTerm>>,
    /// `to`.
    pub to: Vec<Spanned<AddressTerm>>,
    /// `services`.
    pub services: Vec<Spanned<ServiceTerm>>,
    /// All of it.
    pub site: Site,
}

/// A text that rules carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleText {
    /// `id`.
    Id,
    /// `reason`.
    Reason,
    /// `owner`.
    Owner,
    /// `ticket`.
    Ticket,
}

/// The keys of a profile.
pub(super) const KEYS: &[&str] = &["version", "profile", "description", "extends", "checks", "locked", "own"];

/// The keys of a check of its own.
pub(super) const OWN_KEYS: &[&str] = &[
    "id",
    "severity",
    "summary",
    "reason",
    "help",
    "source",
    "where-declared",
    "never",
    "only",
    "every-rule",
];

/// The keys of what every rule must carry.
pub(super) const TEXT_KEYS: &[&str] = &["id", "reason", "owner", "ticket"];

/// The words that say whether a check is run.
pub(super) const SWITCHES: &[&str] = &["off", "on"];

/// The words of `severity`.
pub(super) const SEVERITIES: &[(Severity, &str)] = &[
    (Severity::Info, "info"),
    (Severity::Low, "low"),
    (Severity::Medium, "medium"),
    (Severity::High, "high"),
    (Severity::Critical, "critical"),
];

const TEXTS: &[(RuleText, &str)] = &[
    (RuleText::Id, "id"),
    (RuleText::Reason, "reason"),
    (RuleText::Owner, "owner"),
    (RuleText::Ticket, "ticket"),
];

impl PacketsDecl {
    /// The question whether they may pass.
    #[must_use]
    pub fn question(&self) -> QuestionDecl {
        QuestionDecl {
            wanted: Wanted::Some,
            from: self.from.clone(),
            to: self.to.clone(),
            services: self.services.clone(),
            is_narrow: true,
            site: self.site,
        }
    }

    /// The same services from anywhere to anywhere.
    #[must_use]
    pub fn anywhere(&self) -> Self {
        let any = || vec![Spanned { value: AddressTerm::Name("any".to_owned()), site: self.site }];
        Self { from: any(), to: any(), ..self.clone() }
    }
}

impl RuleText {
    /// The key of a rule.
    #[must_use]
    pub fn name(self) -> &'static str {
        TEXTS.iter().find(|(text, _)| *text == self).map_or("", |(_, name)| name)
    }
}

/// Reads a profile from bytes, as if they stood in a file of that name.
///
/// # Errors
/// What is wrong with it, each problem at its place.
pub fn profile(name: &str, bytes: Vec<u8>, sources: &mut Sources) -> Result<ProfileDecl, Vec<Diagnostic>> {
    beside(name, bytes, sources, ("a profile", KEYS), |reader, fields| Some(reader.profile(fields)))
}

impl<'t> Reader<'t> {
    fn profile(&mut self, fields: &Fields<'t>) -> ProfileDecl {
        let name = self.required(fields, "profile", "give it a name: `profile: acme-2027`");
        self.optional(fields.get("description"), Self::comment);
        let profiles = |reader: &mut Self, list| {
            reader.each(list, "a list of profiles", |reader, item| {
                reader.choice(item, "a profile", Profile::ALL)
            })
        };
        ProfileDecl {
            name: self.optional(name, Self::name),
            extends: fields.get("extends").map(|list| profiles(self, list)).unwrap_or_default(),
            checks: fields.get("checks").map(|checks| self.settings(checks)).unwrap_or_default(),
            locked: fields.get("locked").map(|list| self.ids(list)).unwrap_or_default(),
            own: fields.get("own").map(|list| self.own_checks(list)).unwrap_or_default(),
            site: Site::bytes(self.file, 0..0),
        }
    }

    pub(super) fn ids(&mut self, value: Value<'t>) -> Vec<Spanned<String>> {
        self.each(value, "a list of checks", |reader, item| {
            reader.text(item, "the id of a check").map(str::to_owned)
        })
    }

    fn settings(&mut self, value: Value<'t>) -> Vec<SettingDecl> {
        let entries = self.entries(value, "a mapping from checks to settings");
        entries.into_iter().filter_map(|(id, value)| self.setting(id, value)).collect()
    }

    fn setting(&mut self, id: Value<'t>, value: Value<'t>) -> Option<SettingDecl> {
        let id = self.one(id, |reader, id| reader.text(id, "the id of a check").map(str::to_owned))?;
        if let Kind::Mapping(_) = value.kind {
            return Some(self.detailed(id, value));
        }
        let text = self.text(value, "a severity, `on` or `off`")?;
        let severity = SEVERITIES.iter().find(|(_, word)| *word == text).map(|(severity, _)| *severity);
        if severity.is_none() && !SWITCHES.contains(&text) {
            let words = SWITCHES.iter().copied().chain(SEVERITIES.iter().map(|(_, word)| *word));
            let words: Vec<&str> = words.collect();
            let fault = Fault::new("unknown-word", format!("{} sets nothing", quoted(text)));
            self.report(fault.help(did_you_mean(text, &words)).at(value.site));
            return None;
        }
        Some(SettingDecl { id, is_on: text != "off", severity, parameters: Vec::new() })
    }

    /// `{ severity: high, days: 90 }`: every key but `severity` is a parameter.
    fn detailed(&mut self, id: Spanned<String>, value: Value<'t>) -> SettingDecl {
        let mut setting = SettingDecl { id, is_on: true, severity: None, parameters: Vec::new() };
        for (key, value) in self.entries(value, "settings") {
            if key.scalar() == Some("severity") {
                setting.severity = self.choice(value, "a severity", SEVERITIES);
                continue;
            }
            let name = self.one(key, |reader, key| reader.text(key, "a parameter").map(str::to_owned));
            let number = self.parsed(value, "a number", number);
            setting.parameters.extend(name.zip(number));
        }
        setting
    }

    fn own_checks(&mut self, value: Value<'t>) -> Vec<OwnDecl> {
        let items = self.list(value, "a list of checks");
        items.into_iter().filter_map(|item| self.own_check(item)).collect()
    }

    fn own_check(&mut self, value: Value<'t>) -> Option<OwnDecl> {
        let fields = self.fields(value, "a check", OWN_KEYS)?;
        let id = self.required(&fields, "id", "give it a name of its own: `id: guests-stay-out`");
        let summary = self.required(&fields, "summary", "say in one line what it finds");
        let severity = fields.get("severity").map(|value| self.choice(value, "a severity", SEVERITIES));
        let demand = self.demand(&fields);
        Some(OwnDecl {
            id: self.optional(id, Self::name)?,
            severity: severity.unwrap_or(Some(Severity::Medium))?,
            summary: self.optional(summary, Self::comment)?,
            reason: self.optional(fields.get("reason"), Self::comment),
            help: self.optional(fields.get("help"), Self::comment),
            source: self.optional(fields.get("source"), Self::comment),
            demand: demand?,
            is_where_declared: self.is_true(&fields, "where-declared"),
            site: value.site,
        })
    }

    fn demand(&mut self, fields: &Fields<'t>) -> Option<DemandDecl> {
        let demands = ["never", "only", "every-rule"].map(|key| fields.get(key));
        match demands {
            [Some(packets), None, None] => self.packets(packets).map(DemandDecl::Never),
            [None, Some(packets), None] => self.packets(packets).map(DemandDecl::Only),
            [None, None, Some(texts)] => self.rule_texts(texts).map(DemandDecl::EveryRule),
            _ => {
                self.report(
                    Diagnostic::error("wrong-shape", fields.head(), "a check has one demand")
                        .help("write one of `never`, `only`, `every-rule`"),
                );
                None
            }
        }
    }

    fn packets(&mut self, value: Value<'t>) -> Option<PacketsDecl> {
        let fields = self.fields(value, "a set of packets", PACKETS)?;
        self.required_matches(&fields);
        Some(PacketsDecl {
            from: self.addresses_of(&fields, "from"),
            to: self.addresses_of(&fields, "to"),
            services: self.services_of(&fields),
            site: value.site,
        })
    }

    fn rule_texts(&mut self, value: Value<'t>) -> Option<Vec<(RuleText, Spanned<String>)>> {
        let fields = self.fields(value, "what rules carry", TEXT_KEYS)?;
        let texts = TEXTS.iter().filter_map(|(text, key)| Some((*text, fields.get(key)?)));
        let texts: Vec<(RuleText, Value<'t>)> = texts.collect();
        let mut patterns = Vec::new();
        for (text, value) in texts {
            patterns.extend(self.one(value, Self::pattern).map(|pattern| (text, pattern)));
        }
        Some(patterns)
    }

    fn pattern(&mut self, value: Value<'t>) -> Option<String> {
        self.text(value, "a pattern").map(str::to_owned)
    }
}

/// A number in the one spelling that every tool reads alike.
pub(super) fn number(text: &str) -> Result<u64, Fault> {
    decimal(text).map(u64::from).map_err(|fault| {
        let none = Fault::new("not-a-number", format!("{} is not a number", quoted(text)));
        fault.unwrap_or_else(|| none.help("write digits only"))
    })
}
