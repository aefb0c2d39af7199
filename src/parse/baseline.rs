//! `defaults` and `baseline`: what happens without a rule.

use super::reader::{Fields, Reader, Value};
use super::{BaselineDecl, DefaultsDecl};
use crate::model::RuleAction;

/// The keys of `defaults`.
pub(super) const DEFAULTS: &[&str] = &["input", "forward", "output", "log"];

/// The keys of `baseline`.
pub(super) const BASELINE: &[&str] = &[
    "loopback",
    "established",
    "neighbour-discovery",
    "anti-spoofing",
    "icmp-errors",
    "invalid",
    "echo",
    "dhcp-client",
];

impl<'t> Reader<'t> {
    /// `defaults`.
    pub(super) fn defaults(&mut self, value: Value<'t>) -> Option<DefaultsDecl> {
        let fields = self.fields(value, "`defaults`", DEFAULTS)?;
        Some(DefaultsDecl {
            input: self.default_of(&fields, "input"),
            forward: self.default_of(&fields, "forward"),
            output: self.default_of(&fields, "output"),
            log: fields.get("log").and_then(|log| self.log(log)),
            site: value.site,
        })
    }

    fn default_of(&mut self, fields: &Fields<'t>, hook: &str) -> Option<RuleAction> {
        fields.get(hook).and_then(|action| self.choice(action, "an action", RuleAction::ALL))
    }

    /// `baseline`.
    pub(super) fn baseline(&mut self, value: Value<'t>) -> Option<BaselineDecl> {
        let fields = self.fields(value, "`baseline`", BASELINE)?;
        let dhcp_client = fields.get("dhcp-client");
        Some(BaselineDecl {
            loopback: self.switch(&fields, "loopback"),
            established: self.switch(&fields, "established"),
            neighbour_discovery: self.switch(&fields, "neighbour-discovery"),
            anti_spoofing: self.switch(&fields, "anti-spoofing"),
            icmp_errors: self.switch(&fields, "icmp-errors"),
            invalid: self.switch(&fields, "invalid"),
            echo: self.switch(&fields, "echo"),
            dhcp_client: dhcp_client
                .map(|list| self.each(list, "a list of interfaces", Self::interface))
                .unwrap_or_default(),
            site: value.site,
        })
    }

    pub(super) fn switch(&mut self, fields: &Fields<'t>, key: &str) -> Option<bool> {
        fields.get(key).and_then(|value| self.boolean(value))
    }
}
