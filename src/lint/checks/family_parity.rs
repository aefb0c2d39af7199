//! Permissions between zones that hold for one address family.

use crate::analyze::Hit;
use crate::lint::{Check, Context, Meta};
use crate::model::{BaselinePart, Entry, Origin, Profile, Verdict, Zone};
use crate::packet::{Cube, Family, Hook, IntervalSet, Packet, States, TCP, UDP, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct FamilyParity;

static META: Meta = Meta {
    id: "family-parity",
    summary: "a zone reaches another one over one address family only, although both have both",
    severity: Severity::Medium,
    profiles: &[Profile::Rfc, Profile::Bsi],
    sources: &["RFC 7123 §2", "BSI NET.3.2.A15"],
    page: include_str!("family_parity.md"),
};

impl Check for FamilyParity {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let mut told: Vec<Gap<'_>> = Vec::new();
        for entry in context.policy().entries.iter().filter(|entry| is_permission(entry)) {
            let gaps = Family::ALL.into_iter().flat_map(|open| gaps(context, entry, open));
            let fresh: Vec<Gap<'_>> =
                gaps.filter(|gap| !told.iter().any(|earlier| earlier.covers(gap))).collect();
            findings.extend(fresh.first().map(|gap| gap.finding(context, entry)));
            told.extend(fresh);
        }
    }
}

fn is_permission(entry: &Entry) -> bool {
    entry.hook == Hook::Forward && entry.verdict == Verdict::Accept && matches!(entry.origin, Origin::Rule(_))
}

/// What a zone sends another one over one family and cannot send it over the other.
struct Gap<'p> {
    from: &'p Zone,
    to: &'p Zone,
    open: Family,
    /// The packets of the other family.
    missing: Cube,
    /// One of them.
    packet: Packet,
}

/// The gaps that a permission for one family leaves. What is a gap for the whole of two zones counts: single hosts have
/// one family for good reason.
fn gaps<'p>(context: &Context<'p>, entry: &Entry, open: Family) -> Vec<Gap<'p>> {
    let zones = context.policy().zones.iter();
    let dual: Vec<&Zone> =
        zones.filter(|zone| !zone.addresses.v4.is_empty() && !zone.addresses.v6.is_empty()).collect();
    let senders = |family| dual.iter().filter(move |zone| may_send(entry, zone, family));
    let receivers = |family| dual.iter().filter(move |zone| may_receive(entry, zone, family));
    let is_said_for_both =
        |from: &Zone, to: &Zone| may_send(entry, from, open.other()) && may_receive(entry, to, open.other());
    let pairs = senders(open).flat_map(|from| receivers(open).map(move |to| (*from, *to)));
    let one_sided = pairs.filter(|(from, to)| from.name != to.name && !is_said_for_both(from, to));
    one_sided.filter_map(|(from, to)| gap(context, entry, open, from, to)).collect()
}

fn may_send(entry: &Entry, zone: &Zone, family: Family) -> bool {
    let addresses = entry.when.source.addresses.of(family);
    addresses.overlaps(zone.addresses.of(family)) && entry.when.incoming.overlaps(&zone.interfaces)
}

fn may_receive(entry: &Entry, zone: &Zone, family: Family) -> bool {
    let addresses = entry.when.destination.addresses.of(family);
    addresses.overlaps(zone.addresses.of(family)) && entry.when.outgoing.overlaps(&zone.interfaces)
}

fn gap<'p>(
    context: &Context<'p>,
    entry: &Entry,
    open: Family,
    from: &'p Zone,
    to: &'p Zone,
) -> Option<Gap<'p>> {
    let cubes = entry.cubes().into_iter().filter(|cube| cube.family == open && cube.source_ports.is_full());
    let spoken = IntervalSet::union_of(cubes.map(|cube| cube.transport).collect::<Vec<_>>().iter());
    let whole = between(from, to, open, spoken.intersect(&every_port()));
    let passes = whole.transport.subtract(&met(context, &whole, is_meant_refusal));
    let same = between(from, to, open.other(), passes.clone());
    let is_intended =
        |hit: &Hit<'_>| hit.entry.verdict == Verdict::Accept || matches!(hit.entry.origin, Origin::Rule(_));
    let missing = between(from, to, open.other(), passes.subtract(&met(context, &same, is_intended)));
    let asked = context.opening(Hook::Forward).within(&[missing]);
    let by_default = |cube: &Cube| {
        let hits = context.decisions().deciding(cube);
        hits.into_iter().find(|hit| hit.entry.origin == Origin::Default).map(|hit| hit.packet)
    };
    let missing = asked.cubes().first()?.clone();
    let packet = asked.cubes().iter().find_map(by_default)?;
    Some(Gap { from, to, open, missing, packet })
}

/// Packets from everywhere in a zone to everywhere in another one.
fn between(from: &Zone, to: &Zone, family: Family, transport: IntervalSet<u32>) -> Cube {
    Cube {
        states: States::NEW,
        incoming: from.interfaces.clone(),
        outgoing: to.interfaces.clone(),
        source: from.addresses.of(family).clone(),
        destination: to.addresses.of(family).clone(),
        transport,
        ..Cube::every(Hook::Forward, family)
    }
}

/// What both families speak alike: TCP and UDP.
fn every_port() -> IntervalSet<u32> {
    let ports = |protocol| transports(protocol, &IntervalSet::full());
    ports(TCP).union(&ports(UDP))
}

/// Refusing forged sources is right in both families.
fn is_meant_refusal(hit: &Hit<'_>) -> bool {
    hit.entry.verdict != Verdict::Accept && hit.entry.origin != Origin::Baseline(BaselinePart::AntiSpoofing)
}

/// The ports of a question for which entries of that kind decide something, perhaps more.
fn met(context: &Context<'_>, question: &Cube, kind: fn(&Hit<'_>) -> bool) -> IntervalSet<u32> {
    if question.is_empty() {
        return IntervalSet::empty();
    }
    let decisions = context.decisions();
    let hits = decisions.deciding(question).filter(kind);
    let cubes =
        hits.flat_map(|hit| decisions.cubes_of(hit.index)).filter_map(|cube| cube.intersect(question));
    IntervalSet::union_of(cubes.map(|cube| cube.transport).collect::<Vec<_>>().iter())
}

impl Gap<'_> {
    /// Whether it says all that another one says.
    fn covers(&self, other: &Self) -> bool {
        self.from.name == other.from.name
            && self.to.name == other.to.name
            && other.missing.is_subset(&self.missing)
    }

    fn finding(&self, context: &Context<'_>, entry: &Entry) -> Diagnostic {
        let id = context.policy().rule_of(entry).map_or("", |rule| rule.id.value.as_str());
        let (from, to, open) = (&self.from.name.value, &self.to.name.value, self.open.name());
        let services = context.vocabulary().portrait(&self.missing).services.join(", ");
        let title = format!("rule `{id}` lets `{from}` reach `{to}` over {open} only: {services}");
        let refused = format!("{}, which no rule lets pass", context.example(&self.packet));
        context
            .finding(context.policy().site_of(entry), title)
            .note(refused)
            .note("programs try both families: what fails over one of them is slow, or fails for some people only")
            .help("name both families in `from` and `to`, or refuse the other one in a rule that says why")
    }
}
