//! What the checks on ways out have in common.

use super::exposure::{in_words, opened};
use super::fixes::{denial, free_id, turned};
use super::unfiltered::{lets_everything_out, ways_out};
use super::{Context, Packets};
use crate::analyze::Decider;
use crate::model::Origin;
use crate::packet::{Hook, IntervalSet, TCP, UDP};
use crate::source::{Diagnostic, Edit, Fix, NewItem, NewValue};

/// What is said about services that leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    /// Completes a title: "lets … leave the site". The ports follow.
    pub(super) predicate: &'static str,
    /// Why that is bad.
    pub(super) why: &'static str,
    /// What to do.
    pub(super) help: &'static str,
    /// The name of a rule that refuses them.
    pub(super) id: &'static str,
    /// The reason of that rule, of words that need no quotes in a flow mapping: no comma, no colon.
    pub(super) reason: &'static str,
}

/// A finding for each rule that lets some of the packets out.
pub(super) fn findings(context: &Context<'_>, asked: &Packets, words: Words) -> Vec<Diagnostic> {
    let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
    let finding = |permit: &Decider<'_>| {
        let ports = opened(context, permit, asked, accepts);
        let predicate = format!("{} ({})", words.predicate, in_words(&ports));
        let finding = context.finding_about(permit, &predicate).note(words.why).help(words.help);
        match refusal(context, permit, asked, &ports, words) {
            Some(fix) => finding.fix(fix),
            None => finding,
        }
    };
    permits(context, asked).iter().map(finding).collect()
}

/// What leaves, and what belongs nowhere: packets to addresses of the inside on their way out, which a rule for such
/// packets refuses as well. Nothing that comes in or stays inside is among them.
pub(super) fn leaving(context: &Context<'_>) -> Packets {
    let kept = [context.inward(), context.internal()];
    let hooks = [Hook::Forward, Hook::Output].map(|hook| context.opening(hook));
    let all = Packets::new(hooks.iter().flat_map(Packets::cubes).cloned().collect());
    let rest = kept.iter().flat_map(Packets::cubes).fold(all, |rest, kept| rest.without(kept));
    Packets::new([context.outward().cubes(), rest.cubes()].concat())
}

/// Refuses the ports: a rule about nothing else becomes the refusal, before any other one a new rule stands.
fn refusal(
    context: &Context<'_>,
    permit: &Decider<'_>,
    asked: &Packets,
    ports: &[u32],
    words: Words,
) -> Option<Fix> {
    let entry = permit.hit.entry;
    let rule = context.policy().rule_of(entry)?;
    let named = IntervalSet::union_of(asked.cubes().iter().map(|cube| &cube.transport));
    if entry.when.traffic.terms().iter().all(|term| term.transport().is_subset(&named)) {
        return Some(turned(rule, denial(context, permit, &named)));
    }
    let item: NewItem = vec![
        ("id", NewValue::text(free_id(context.policy(), words.id))),
        ("action", NewValue::text("reject")),
        ("from", NewValue::Copy(rule.from)),
        ("to", NewValue::Copy(rule.to)),
        ("services", NewValue::text(service(ports))),
        ("log", NewValue::text("true")),
        ("reason", NewValue::text(words.reason)),
    ];
    let title = format!("reject {} before rule `{}`", in_words(ports), rule.id.value);
    let effect =
        denial(context, permit, &IntervalSet::from_intervals(ports.iter().map(|&port| (port, port))));
    Some(Fix::new(title, effect, Edit::Before(rule.site, item)))
}

/// Ports as a service: `{ tcp: [135, 445], udp: [137] }`.
fn service(ports: &[u32]) -> String {
    let of = |protocol: u8| {
        let own = ports.iter().filter(move |&&port| port >> 16 == u32::from(protocol));
        own.map(|port| (port & 0xffff).to_string()).collect::<Vec<_>>().join(", ")
    };
    let lists = [("tcp", of(TCP)), ("udp", of(UDP))].into_iter().filter(|(_, ports)| !ports.is_empty());
    let lists: Vec<String> = lists.map(|(name, ports)| format!("{name}: [{ports}]")).collect();
    format!("{{ {} }}", lists.join(", "))
}

/// The rules that let some of the packets out. Left out are defaults and rules that let everything out: nobody has
/// listed anything there, and `egress-any-any`, `egress-default-accept` and `default-accept-forward` say so once.
pub(super) fn permits<'p>(context: &Context<'p>, packets: &Packets) -> Vec<Decider<'p>> {
    let mut permits = context.permits(packets);
    permits.retain(|permit| {
        let origin = permit.hit.entry.origin;
        origin != Origin::Default && !context.decides_everything(origin)
    });
    if permits.is_empty() {
        return permits;
    }
    let ways = [Hook::Forward, Hook::Output].map(|hook| ways_out(context, hook));
    permits.retain(|permit| !ways.iter().any(|ways| lets_everything_out(context, ways, &permit.hit)));
    permits
}
