//! Neighbour discovery that falls victim to the drop of invalid packets.

use crate::analyze::{Hit, Subject};
use crate::lint::{Check, CheckSubject, Context, Meta, flow};
use crate::model::{Interfaces, Origin, Profile};
use crate::packet::{Cube, Family, Hook, ICMPV6, IntervalSet, State, States, transport};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct InvalidBeforeNd;

static META: Meta = Meta {
    id: "invalid-before-nd",
    summary: "messages of neighbour discovery are dropped as invalid before a rule that would accept them",
    severity: Severity::Medium,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.4.1"],
    page: include_str!("invalid_before_nd.md"),
};

/// Inverse discovery and certification paths: tracking calls them invalid.
const INVERSE_AND_SECURE: [u8; 4] = [141, 142, 148, 149];

impl Check for InvalidBeforeNd {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Ruleset
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let dropped = [Hook::Input, Hook::Output].into_iter().find_map(|hook| {
            let refusal = flow::wrongly_refused(context, &question(hook))?;
            let later = accepted_later(context, &refusal)?;
            Some((refusal, later))
        });
        findings.extend(dropped.map(|(refusal, later)| finding(context, &refusal, later)));
    }
}

/// What a host that uses these messages has to hear and to say.
fn question(hook: Hook) -> Cube {
    let link = || IntervalSet::range(Interfaces::LOOPBACK + 1, u16::MAX);
    let every = Cube::every(hook, Family::V6);
    let code_zero = |kind: u8| transport(ICMPV6, u16::from_be_bytes([kind, 0]));
    Cube {
        states: States::of(&[State::Invalid]),
        incoming: if hook == Hook::Input { link() } else { every.incoming.clone() },
        outgoing: if hook == Hook::Output { link() } else { every.outgoing.clone() },
        transport: IntervalSet::from_intervals(INVERSE_AND_SECURE.map(code_zero).map(|value| (value, value))),
        ..every
    }
}

/// The entry behind the refusal that would accept the packets, if somebody has written one for such messages.
fn accepted_later(context: &Context<'_>, refusal: &Hit<'_>) -> Option<usize> {
    let entries = &context.policy().entries;
    let is_written = |index: &usize| {
        let origin = entries.get(*index).map(|entry| entry.origin);
        origin.is_some_and(|origin| origin != Origin::Default && !context.decides_everything(origin))
    };
    let later = context.decisions().candidates(&refusal.part).into_iter();
    later.filter(|&index| index > refusal.index).find(is_written)
}

fn finding(context: &Context<'_>, refusal: &Hit<'_>, later: usize) -> Diagnostic {
    let policy = context.policy();
    let title = format!("{} drops neighbour discovery as invalid", Subject::of(policy, refusal.entry));
    let finding =
        context.finding(policy.site_of(refusal.entry), title).note(context.example(&refusal.packet));
    let later = policy.entries.get(later).map(|entry| policy.site_of(entry));
    let finding =
        later.into_iter().fold(finding, |finding, site| finding.related(site, "this would accept it"));
    finding
        .note("tracking calls inverse neighbour discovery (141, 142) and certification paths (148, 149) invalid")
        .help("accept these ICMPv6 types before the look at the connection state")
}
