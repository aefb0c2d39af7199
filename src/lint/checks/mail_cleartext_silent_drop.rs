//! Cleartext mail from inside that vanishes without an answer.

use crate::lint::mail::names_ports;
use crate::lint::packets::to_ports;
use crate::lint::{Check, Context, Meta, fixes};
use crate::model::{Origin, Profile, Rule, Verdict};
use crate::packet::TCP;
use crate::source::{Diagnostic, Effect, Severity};

/// See the page.
pub(super) struct MailCleartextSilentDrop;

static META: Meta = Meta {
    id: "mail-cleartext-silent-drop",
    summary: "mail access without TLS from inside is dropped silently, and clients wait instead of failing",
    severity: Severity::Low,
    profiles: &[Profile::Mail],
    sources: &["RFC 9051 §11.2"],
    page: include_str!("mail_cleartext_silent_drop.md"),
};

impl Check for MailCleartextSilentDrop {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = context.outward().tcp(&[110, 143]);
        let cleartext = to_ports(TCP, &[110, 143]);
        let hits = asked.cubes().iter().flat_map(|cube| context.decisions().deciding(cube));
        let dropped = hits.filter(|hit| {
            hit.entry.verdict == Verdict::Drop
                && matches!(hit.entry.origin, Origin::Rule(_))
                && names_ports(hit.entry, &cleartext)
        });
        for permit in context.once_each(dropped) {
            let finding = context
                .finding_about(
                    &permit,
                    "drops mail access without TLS from inside, and clients wait for an answer",
                )
                .note("a reset lets a mail program fail at once, or go on with the port for TLS")
                .help("write `action: reject`");
            let rule = context.policy().rule_of(permit.hit.entry);
            findings.push(rule.into_iter().fold(finding, |finding, rule| finding.fix(rejecting(rule))));
        }
    }
}

/// Answers instead of dropping: packets are refused in another way, so a person decides.
fn rejecting(rule: &Rule) -> crate::source::Fix {
    let title = format!("let rule `{}` reject", rule.id.value);
    fixes::set(title, Effect::Unproven, rule, "action", "reject")
}
