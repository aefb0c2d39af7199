//! Refusals at the border that leave no trace.

use std::collections::BTreeMap;

use crate::analyze::{Decider, Hit};
use crate::lint::{Check, Context, Meta, Packets, fixes};
use crate::model::{Addresses, BaselinePart, Entry, Origin, Profile, Rule, Verdict};
use crate::packet::{Cube, IntervalSet, Packet, TCP, transport};
use crate::source::{Diagnostic, Effect, Severity};

/// See the page.
pub(super) struct DenyNotLogged;

static META: Meta = Meta {
    id: "deny-not-logged",
    summary: "packets that cross the border of the site are refused without a log entry",
    severity: Severity::Medium,
    profiles: &[Profile::Bsi, Profile::Nist80053, Profile::Pci, Profile::Mail, Profile::Hipaa],
    sources: &[
        "BSI NET.3.2.A9",
        "RFC 2827 §3",
        "NIST SP 800-53r5 AU-12",
        "PCI DSS 4.0.1 10.2.1",
        "45 CFR 164.312(b)",
    ],
    page: include_str!("deny_not_logged.md"),
};

/// Mail that starts in cleartext: whoever still speaks it is what a migration looks for.
const CLEARTEXT: [u16; 3] = [25, 110, 143];
const REASON: &str =
    "refused packets show clients that still speak cleartext, machines taken over, and rules too narrow";

impl Check for DenyNotLogged {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let (rules, others): (Vec<Hit<'_>>, Vec<Hit<'_>>) =
            silent_refusals(context).into_iter().partition(|hit| matches!(hit.entry.origin, Origin::Rule(_)));
        findings.extend(context.once_each(rules).iter().map(|decider| by_rule(context, decider)));
        let unspoofed = others.iter().find(|hit| hit.entry.origin == Origin::Default);
        findings.extend(unspoofed.or(others.first()).map(|hit| by_default(context, hit)));
    }
}

/// A box that an observing entry logs, and the index of the entry.
type Seen = (usize, Cube);

/// Everything that is refused at the border without a log entry, cleartext mail first.
fn silent_refusals<'p>(context: &Context<'p>) -> Vec<Hit<'p>> {
    let crossing = crossing(context);
    let entries = || context.policy().entries.iter().enumerate();
    let mut silent: Vec<usize> =
        entries().filter(|(_, entry)| is_silent(entry)).map(|(index, _)| index).collect();
    let observing = entries().filter(|(_, entry)| entry.verdict == Verdict::Observe && entry.log.is_some());
    let seen: Vec<Seen> = observing
        .flat_map(|(index, entry)| entry.cubes().into_iter().map(move |cube| (index, cube)))
        .collect();
    let asked = [crossing.tcp(&CLEARTEXT), crossing];
    let cubes = asked.iter().flat_map(Packets::cubes);
    let mut hits: BTreeMap<_, Hit<'p>> = BTreeMap::new();
    for cube in cubes {
        // One refusal is enough of each rule and default.
        silent.retain(|&index| {
            let Some(key) = context.policy().entries.get(index).map(Decider::key) else { return false };
            if !hits.contains_key(&key) {
                hits.extend(unlogged(context, index, cube, &seen).map(|hit| (key, hit)));
            }
            !hits.contains_key(&key)
        });
    }
    hits.into_values().collect()
}

/// Whether an entry refuses and does not log. Packets that tracking finds invalid are not in question.
fn is_silent(entry: &Entry) -> bool {
    matches!(entry.verdict, Verdict::Drop | Verdict::Reject)
        && entry.log.is_none()
        && entry.origin != Origin::Baseline(BaselinePart::Invalid)
}

/// A packet of the box that an entry decides and that no observing rule before it has logged.
fn unlogged<'p>(context: &Context<'p>, index: usize, cube: &Cube, seen: &[Seen]) -> Option<Hit<'p>> {
    let decisions = context.decisions();
    let hit = decisions.hit(index, cube)?;
    let before = seen.iter().take_while(|(observing, _)| *observing < index).map(|(_, seen)| seen);
    let mut seen = before.filter(|seen| seen.overlaps(cube)).peekable();
    if seen.peek().is_none() {
        return Some(hit);
    }
    let unseen = seen
        .fold(vec![cube.clone()], |rest, seen| rest.iter().flat_map(|part| part.subtract(seen)).collect());
    unseen.iter().find_map(|part| decisions.hit(index, part))
}

fn by_rule(context: &Context<'_>, decider: &Decider<'_>) -> Diagnostic {
    let predicate = if is_cleartext(&decider.hit.packet) {
        "refuses cleartext mail without logging it"
    } else {
        "refuses packets at the border without logging them"
    };
    let finding = context
        .finding_about(decider, predicate)
        .note(REASON)
        .help("add `log: true`, or a limit of your own: `log: { rate: 10/minute }`");
    let rule = context.policy().rule_of(decider.hit.entry);
    let log =
        |rule: &Rule| fixes::set(format!("log rule `{}`", rule.id.value), Effect::Logs, rule, "log", "true");
    rule.into_iter().fold(finding, |finding, rule| finding.fix(log(rule)))
}

/// `defaults.log` speaks for the baseline as well.
fn by_default(context: &Context<'_>, hit: &Hit<'_>) -> Diagnostic {
    let policy = context.policy();
    let site = policy.defaults.site.unwrap_or(policy.site);
    context
        .finding(site, "the defaults refuse packets at the border without logging them")
        .note(context.example(&hit.packet))
        .note(REASON)
        .help("take `log: false` out of `defaults`: every log has a limit, so none can fill a disk")
        .fix(fixes::defaults(policy, Effect::Logs, "log", "true"))
}

fn is_cleartext(packet: &Packet) -> bool {
    CLEARTEXT.iter().any(|&port| packet.transport == transport(TCP, port))
}

/// Packets that open a flow over the border, broadcast and multicast left out.
fn crossing(context: &Context<'_>) -> Packets {
    let noise = Addresses {
        v4: IntervalSet::from_intervals([(0xe000_0000, 0xefff_ffff), (0xffff_ffff, 0xffff_ffff)]),
        v6: IntervalSet::range(0xff << 120, u128::MAX),
    };
    let both_ways = [context.entering().cubes(), context.outward().cubes()].concat();
    Packets::new(both_ways).not_to(&noise)
}
