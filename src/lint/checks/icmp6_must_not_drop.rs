//! Messages of ICMPv6 that IPv6 needs.

use crate::analyze::Hit;
use crate::catalog::{Message, Treatment};
use crate::lint::reach::is_open;
use crate::lint::{Check, Context, Meta, Packets, fixes, flow, icmp};
use crate::model::Profile;
use crate::packet::{Cube, Family, Hook, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6MustNotDrop;

static META: Meta = Meta {
    id: "icmp6-must-not-drop",
    summary: "IPv6 passes, and errors or echo requests of ICMPv6 do not",
    severity: Severity::High,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.3.1", "RFC 4890 §4.4.1"],
    page: include_str!("icmp6_must_not_drop.md"),
};

const ECHO_REQUEST: Message = (128, None);
/// What the others find: `icmp-fragneeded-blocked` packets that are too big, `return-traffic-missing` answers to an echo.
const ELSEWHERE: [Message; 2] = [(2, None), (129, None)];

impl Check for Icmp6MustNotDrop {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings
            .extend([Hook::Forward, Hook::Input].into_iter().find_map(|hook| without_echo(context, hook)));
        let site = |refusal: &Hit<'_>| context.policy().site_of(refusal.entry);
        let told = icmp::refused_errors(context, flow::message_too_big);
        let is_told = |refusal: &Hit<'_>| told.iter().any(|(_, other)| site(other) == site(refusal));
        let refused = icmp::refused_errors(context, errors).into_iter();
        let others = refused.filter(|(_, refusal)| !is_told(refusal));
        findings.extend(others.map(|(flow, refusal)| without_errors(context, &flow, &refusal)));
    }
}

/// The errors that must pass.
fn errors(family: Family) -> IntervalSet<u32> {
    let mut errors = icmp::handled(|row| row.transit == Treatment::MustPass);
    errors.retain(|message| *message != ECHO_REQUEST && !ELSEWHERE.contains(message));
    match family {
        Family::V4 => IntervalSet::empty(),
        Family::V6 => icmp::transport_of(family, &errors),
    }
}

/// A hook in which flows of IPv6 pass and no echo request at all does.
fn without_echo(context: &Context<'_>, hook: Hook) -> Option<Diagnostic> {
    let policy = context.policy();
    let ipv6 = ipv6(context, hook);
    let echo = ipv6.transport(&icmp::transport_of(Family::V6, &[ECHO_REQUEST]));
    let passes = |cube: &Cube| context.decisions().first_accepting(cube).is_some();
    if !is_open(context, &ipv6) || echo.cubes().iter().any(passes) {
        return None;
    }
    let asked = echo.cubes().iter().flat_map(|cube| context.asked_of(cube).cubes().to_vec());
    let refusal = asked.into_iter().find_map(|cube| context.decisions().refusing(&cube))?;
    let finding = context
        .finding(policy.site_of(refusal.entry), "IPv6 passes here, and its echo requests do not")
        .note(context.example(&refusal.packet))
        .note("hosts test a path with them before they use it, and nobody can scan an IPv6 network")
        .help("switch `baseline.echo` on, or allow `{ icmpv6: [echo-request] }`");
    Some(fixes::switched_on(finding, policy, policy.baseline.echo, "echo"))
}

/// Packets of IPv6 that open a flow in a hook.
fn ipv6(context: &Context<'_>, hook: Hook) -> Packets {
    let all = context.whatever_opens(hook).off_loopback();
    Packets::new(all.cubes().iter().filter(|cube| cube.family == Family::V6).cloned().collect())
}

fn without_errors(context: &Context<'_>, flow: &Hit<'_>, refusal: &Hit<'_>) -> Diagnostic {
    let policy = context.policy();
    let finding = context
        .finding(policy.site_of(refusal.entry), "errors of ICMPv6 are refused that must pass")
        .related(policy.site_of(flow.entry), "this accepts a flow that they are about")
        .note(context.example(&refusal.packet))
        .note("who gets no error waits for a time-out before the next address is tried")
        .help("switch `baseline.icmp-errors` or `baseline.established` on");
    fixes::switched_on(finding, policy, policy.baseline.icmp_errors, "icmp-errors")
}
