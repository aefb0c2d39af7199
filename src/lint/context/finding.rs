//! How findings are worded.

use super::Context;
use crate::analyze::{Certainty, Decider, describe};
use crate::model::Exception;
use crate::packet::Packet;
use crate::source::{Diagnostic, Site};

/// What a finding says when the question behind it was too hard: in doubt a check speaks up.
const UNPROVEN: &str =
    "not proven: too many earlier rules overlap here to tell whether they decide all these packets";

/// Findings.
impl Context<'_> {
    /// A finding of this check. Add the reason with `note` and what to do with `help`.
    #[must_use]
    pub fn finding(&self, site: Site, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.id, self.severity, site, title)
    }

    /// A finding on who decides packets, with one of them as a note, and why an exception does not cover
    /// it if there is one. The predicate completes a sentence: "lets POP3 without TLS leave the site".
    #[must_use]
    pub fn finding_about(&self, decider: &Decider<'_>, predicate: &str) -> Diagnostic {
        let title = format!("{} {predicate}", decider.subject);
        let mut finding = self.finding(decider.site, title).note(self.example(&decider.hit.packet));
        if decider.hit.certainty == Certainty::Possible {
            finding = finding.note(UNPROVEN);
        }
        let exception = self.policy().rule_of(decider.hit.entry).and_then(|rule| rule.exception.as_ref());
        match exception.filter(|exception| !exception.holds_on(self.today)) {
            Some(exception) => finding.note(lapsed(exception)),
            None => finding,
        }
    }

    /// The note that shows a packet.
    #[must_use]
    pub fn example(&self, packet: &Packet) -> String {
        format!("for example: {}", describe(self.policy(), packet))
    }
}

/// Whether a finding is certain: its question was not too hard to answer.
pub(in crate::lint) fn is_proven(finding: &Diagnostic) -> bool {
    finding.notes.iter().all(|note| note != UNPROVEN)
}

/// Why an exception does not hold today.
fn lapsed(exception: &Exception) -> String {
    match &exception.expires {
        Some(expires) => {
            format!("the exception of the rule ended on {} and covers nothing since", expires.value)
        }
        None => "the exception of the rule has no end and so covers nothing".to_owned(),
    }
}
