//! `rules` and `expect`.

use super::fault::Fault;
use super::reader::{Fields, Reader, Value};
use super::{ExceptionDecl, ExpectDecl, RuleDecl, ServiceTerm};
use crate::model::{Comment, RuleAction, Stage};
use crate::source::{Diagnostic, Kind, Spanned};

/// The keys of a rule.
pub(super) const RULE: &[&str] = &[
    "id",
    "action",
    "from",
    "to",
    "services",
    "log",
    "reason",
    "owner",
    "ticket",
    "stage",
    "exception",
    "disabled",
];

/// The keys of a stage that is no word.
pub(super) const STAGE: &[&str] = &["observe-until"];

/// The words that a stage may be.
pub(super) const STAGES: &[(Stage, &str)] =
    &[(Stage::Enforce, "enforce"), (Stage::Observe { until: None }, "observe")];

/// The keys of `exception`.
pub(super) const EXCEPTION: &[&str] = &["owner", "ticket", "granted", "expires"];

/// The keys of an expectation.
pub(super) const EXPECTATION: &[&str] = &["allow", "deny", "reject", "by"];

/// The keys of a set of packets.
pub(super) const PACKETS: &[&str] = &["from", "to", "services"];

impl<'t> Reader<'t> {
    /// `rules`.
    pub(super) fn rules(&mut self, value: Value<'t>) -> Vec<RuleDecl> {
        let items = self.list(value, "a list of rules");
        items.into_iter().filter_map(|item| self.rule(item)).collect()
    }

    fn rule(&mut self, value: Value<'t>) -> Option<RuleDecl> {
        let fields = self.fields(value, "a rule", RULE)?;
        let id = self.required(&fields, "id", "give it a name of its own: `id: lan-mail`");
        let action = self.required(&fields, "action", "write `allow`, `deny` or `reject`");
        self.required_matches(&fields);
        Some(RuleDecl {
            id: self.optional(id, Self::name),
            action: self.optional(action, |reader, value| reader.choice(value, "an action", RuleAction::ALL)),
            from: self.addresses_of(&fields, "from"),
            to: self.addresses_of(&fields, "to"),
            services: self.services_of(&fields),
            log: fields.get("log").and_then(|log| self.log(log)).flatten(),
            reason: self.optional(fields.get("reason"), Self::comment),
            owner: self.optional(fields.get("owner"), Self::comment),
            ticket: self.optional(fields.get("ticket"), Self::comment),
            stage: self.optional(fields.get("stage"), Self::stage),
            exception: fields.get("exception").and_then(|value| self.exception(value)),
            disabled: self.optional(fields.get("disabled"), Self::disabled),
            site: value.site,
            from_site: fields.site_of("from"),
            to_site: fields.site_of("to"),
            services_site: fields.site_of("services"),
        })
    }

    /// The conditions that must be written out: a missing one never means everything.
    pub(super) fn required_matches(&mut self, fields: &Fields<'t>) {
        self.required(fields, "from", "write `from: any` if you mean everything");
        self.required(fields, "to", "write `to: any` if you mean everything");
        self.required(fields, "services", "write `services: any` if you mean everything");
    }

    pub(super) fn services_of(&mut self, fields: &Fields<'t>) -> Vec<Spanned<ServiceTerm>> {
        fields.get("services").map(|value| self.service_terms(value)).unwrap_or_default()
    }

    /// `enforce`, `observe` or `{ observe-until: DATE }`.
    fn stage(&mut self, value: Value<'t>) -> Option<Stage> {
        let Kind::Mapping(_) = value.kind else {
            return self.choice(value, "a stage", STAGES);
        };
        let fields = self.fields(value, "a stage", STAGE)?;
        let until = self.required(&fields, "observe-until", "write a date, or `stage: observe`")?;
        self.date(until).map(|until| Stage::Observe { until: Some(until) })
    }

    fn exception(&mut self, value: Value<'t>) -> Option<ExceptionDecl> {
        let fields = self.fields(value, "an exception", EXCEPTION)?;
        Some(ExceptionDecl {
            owner: self.optional(fields.get("owner"), Self::comment),
            ticket: self.optional(fields.get("ticket"), Self::comment),
            granted: self.optional(fields.get("granted"), Self::date),
            expires: self.optional(fields.get("expires"), Self::date),
            site: value.site,
        })
    }

    /// The reason why a rule is off. A switch would not say why.
    fn disabled(&mut self, value: Value<'t>) -> Option<Comment> {
        let word = value.scalar().unwrap_or_default().to_ascii_lowercase();
        let help = match word.as_str() {
            "true" | "yes" | "on" => "write the reason why the rule is off: `disabled: replaced by NET-412`",
            "false" | "no" | "off" => "delete the key: a rule without it is on",
            _ => return self.comment(value),
        };
        self.report(
            Fault::new("wrong-shape", "`disabled` is a reason, not a switch").help(help).at(value.site),
        );
        None
    }

    /// `expect`.
    pub(super) fn expectations(&mut self, value: Value<'t>) -> Vec<ExpectDecl> {
        let items = self.list(value, "a list of expectations");
        items.into_iter().filter_map(|item| self.expectation(item)).collect()
    }

    fn expectation(&mut self, value: Value<'t>) -> Option<ExpectDecl> {
        let fields = self.fields(value, "an expectation", EXPECTATION)?;
        let by = self.optional(fields.get("by"), |reader, value| {
            reader.text(value, "the id of a rule").map(str::to_owned)
        });
        let verdicts = RuleAction::ALL.iter().filter_map(|(action, word)| Some((*action, fields.get(word)?)));
        let verdicts: Vec<(RuleAction, Value<'t>)> = verdicts.collect();
        let [(action, packets)] = verdicts.as_slice() else {
            if verdicts.is_empty() && fields.has_unknown() {
                return None;
            }
            self.report(
                Diagnostic::error("wrong-shape", fields.head(), "an expectation has one verdict")
                    .help("write one of `allow`, `deny`, `reject`"),
            );
            return None;
        };
        self.expected(*action, *packets, by, value)
    }

    fn expected(
        &mut self,
        action: RuleAction,
        packets: Value<'t>,
        by: Option<Spanned<String>>,
        item: Value<'t>,
    ) -> Option<ExpectDecl> {
        let fields = self.fields(packets, "a set of packets", PACKETS)?;
        self.required_matches(&fields);
        Some(ExpectDecl {
            verdict: Spanned { value: action, site: packets.site },
            from: self.addresses_of(&fields, "from"),
            to: self.addresses_of(&fields, "to"),
            services: self.services_of(&fields),
            by,
            site: item.site,
        })
    }
}
