//! What a check may ask.
//!
//! A check on traffic names the packets it is about ([`Context::outward`] and its siblings, narrowed with the methods
//! of [`Packets`]), asks who lets them pass ([`Context::permits`]) and words a finding for each
//! ([`Context::finding_about`]). A check on what is written walks [`Context::rules`] or the policy itself and starts
//! from [`Context::finding`]. The driver adds the sources of the check to every finding.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::Vacant;
use std::sync::Arc;

use jiff::civil::Date;

use super::boundary::opening;
use super::run::Leniency;
use super::sources::block;
use super::{Excepted, Packets, Parameter, Plan, Survey};
use crate::analyze::{Certainty, Decider, Decisions, Hit, Vocabulary, describe};
use crate::model::{Addresses, Entry, Exception, Host, Origin, Policy, Role, Rule, Verdict};
use crate::packet::{Cube, Family, Hook, Packet};
use crate::source::{Diagnostic, Severity, Site};

/// What a finding says when the question behind it was too hard: in doubt a check speaks up.
const UNPROVEN: &str =
    "not proven: too many earlier rules overlap here to tell whether they decide all these packets";

/// A policy, ready for the questions of one check, and the day on which they are asked.
#[derive(Clone, Debug)]
pub struct Context<'p> {
    survey: &'p Survey<'p>,
    id: &'static str,
    severity: Severity,
    plan: &'p Plan,
    today: Date,
    lenient: Arc<Leniency>,
    excepted: Arc<[Excepted]>,
}

impl<'p> Context<'p> {
    /// The context of one check.
    #[must_use]
    pub fn new(
        survey: &'p Survey<'p>,
        id: &'static str,
        severity: Severity,
        plan: &'p Plan,
        today: Date,
    ) -> Self {
        Self {
            survey,
            id,
            severity,
            plan,
            today,
            lenient: Arc::new(Leniency::none()),
            excepted: Arc::new([]),
        }
    }

    /// The same, with what is overlooked.
    #[must_use]
    pub(super) fn with(self, lenient: Leniency) -> Self {
        Self { lenient: Arc::new(lenient), ..self }
    }

    /// The same, after other checks have found what is permitted.
    #[must_use]
    pub(super) fn after(self, excepted: &[Excepted]) -> Self {
        Self { excepted: excepted.into(), ..self }
    }

    /// What other checks found and somebody was permitted to do; for checks that come last.
    #[must_use]
    pub fn excepted(&self) -> &[Excepted] {
        &self.excepted
    }

    /// The packets that this check is about.
    #[must_use]
    pub(super) fn named(&self) -> Packets {
        super::find(self.id).map_or_else(|| Packets::new(Vec::new()), |check| check.named(self))
    }

    /// Whether another check is run too.
    #[must_use]
    pub fn is_run(&self, id: &str) -> bool {
        self.plan.checks(self.policy()).iter().any(|check| check.meta().id == id)
    }

    /// The plan of the run.
    #[must_use]
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.decisions().policy()
    }

    /// Questions about packets.
    #[must_use]
    pub fn decisions(&self) -> &'p Decisions<'p> {
        &self.survey.decisions
    }

    /// The names of the policy for sets of packets.
    #[must_use]
    pub fn vocabulary(&self) -> &'p Vocabulary<'p> {
        self.survey.vocabulary()
    }

    /// Whether a check has that id, built in or somebody's own.
    #[must_use]
    pub fn is_check(&self, id: &str) -> bool {
        super::find(id).is_some() || self.plan.has_own(id)
    }

    /// Whether something stands for a rule that decides all that is left in a hook, as a default does.
    #[must_use]
    pub fn decides_everything(&self, origin: Origin) -> bool {
        let Origin::Rule(rule) = origin else { return false };
        let is_every =
            |cube: &Cube| Cube { states: cube.states, ..Cube::every(cube.hook, cube.family) } == *cube;
        self.decisions().cubes_of_rule(rule).any(is_every)
    }

    /// The day of the run.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// What a parameter of this check is in this run.
    #[must_use]
    pub fn parameter(&self, parameter: &Parameter) -> u64 {
        self.plan.parameter(self.id, parameter)
    }

    /// The rules that are on.
    pub fn rules(&self) -> impl Iterator<Item = &'p Rule> + use<'p> {
        self.policy().rules.iter().filter(|rule| rule.disabled.is_none())
    }
}

/// Packets to ask about: always such that open a flow, never such on the loopback.
impl Context<'_> {
    /// From the inside or this machine to the outside. Packets to addresses of the loopback never get there, whatever else a
    /// rule for them names.
    #[must_use]
    pub fn outward(&self) -> Packets {
        self.unwaived(self.survey.boundary.outward().not_to(&block("loopback")))
    }

    /// From the outside to the inside or this machine.
    #[must_use]
    pub fn inward(&self) -> Packets {
        self.unwaived(self.survey.boundary.inward())
    }

    /// Between the inside, this machine included, and the inside.
    #[must_use]
    pub fn internal(&self) -> Packets {
        self.unwaived(self.survey.boundary.internal())
    }

    /// From the outside to anywhere: this machine, the inside, or through to the outside again.
    #[must_use]
    pub fn entering(&self) -> Packets {
        self.unwaived(self.survey.boundary.entering())
    }

    /// Every packet of a hook that opens a flow, loopback included.
    #[must_use]
    pub fn opening(&self, hook: Hook) -> Packets {
        self.unwaived(self.whatever_opens(hook))
    }

    /// The same, whatever somebody has permitted by name.
    #[must_use]
    pub fn whatever_opens(&self, hook: Hook) -> Packets {
        Packets::new(Family::ALL.map(|family| opening(hook, family)).to_vec())
    }

    /// Every packet that opens a flow, loopback included.
    #[must_use]
    pub fn everything(&self) -> Packets {
        let all = Hook::ALL.iter().flat_map(|&hook| self.opening(hook).cubes().to_vec());
        Packets::new(all.collect())
    }

    /// Those packets that are asked about and that nobody has permitted by name.
    fn unwaived(&self, packets: Packets) -> Packets {
        let Leniency { waived, only, .. } = &*self.lenient;
        let asked = match only {
            Some(only) => packets.within(only),
            None => packets,
        };
        waived.iter().fold(asked, |packets, waived| packets.without(waived))
    }

    /// Those parts of a box that are asked about and that nobody has permitted by name: whoever permits packets permits them in
    /// every state, and whatever becomes of them.
    #[must_use]
    pub(super) fn asked_of(&self, cube: &Cube) -> Packets {
        let in_state = |named: &Cube| Cube { states: cube.states, ..named.clone() };
        let Leniency { waived, only, .. } = &*self.lenient;
        let packets = Packets::new(vec![cube.clone()]);
        let asked = match only {
            Some(only) => packets.within(&only.iter().map(in_state).collect::<Vec<Cube>>()),
            None => packets,
        };
        waived.iter().map(in_state).fold(asked, |packets, waived| packets.without(&waived))
    }

    /// What somebody has permitted by name and nothing is to be said of.
    pub(super) fn waived(&self) -> &[Cube] {
        &self.lenient.waived
    }

    /// The only packets that are asked about: those that somebody has permitted by name; none if all are.
    pub(super) fn only(&self) -> Option<&[Cube]> {
        self.lenient.only.as_deref()
    }

    /// Those packets that do not come from a host with one of these roles.
    #[must_use]
    pub fn not_from(&self, packets: &Packets, roles: &[Role]) -> Packets {
        let others = packets.not_from(&self.addresses_of(roles));
        if self.is_self(roles) { others.not_in_hook(Hook::Output) } else { others }
    }

    /// Those packets that do not go to a host with one of these roles.
    #[must_use]
    pub fn not_to(&self, packets: &Packets, roles: &[Role]) -> Packets {
        let others = packets.not_to(&self.addresses_of(roles));
        if self.is_self(roles) { others.not_in_hook(Hook::Input) } else { others }
    }

    /// Those packets that go to a host with one of these roles.
    #[must_use]
    pub fn only_to(&self, packets: &Packets, roles: &[Role]) -> Packets {
        let hosts = packets.not_in_hook(Hook::Input).only_to(&self.addresses_of(roles));
        let own = if self.is_self(roles) { packets.in_hook(Hook::Input) } else { Packets::new(Vec::new()) };
        Packets::new([hosts.cubes(), own.cubes()].concat())
    }

    /// Whether some host has one of these roles.
    #[must_use]
    pub fn has_role(&self, roles: &[Role]) -> bool {
        self.hosts(roles).next().is_some()
    }

    /// The parts of a box that no observing rule logs on the way.
    #[must_use]
    pub fn unobserved(&self, cube: &Cube) -> Vec<Cube> {
        let seen = self.survey.observed.iter().filter(|seen| seen.overlaps(cube));
        seen.fold(vec![cube.clone()], |rest, seen| rest.iter().flat_map(|part| part.subtract(seen)).collect())
    }

    /// The addresses of the hosts with one of these roles.
    fn addresses_of(&self, roles: &[Role]) -> Addresses {
        self.hosts(roles).fold(Addresses::none(), |all, host| all.union(&host.addresses))
    }

    /// Whether this machine has one of these roles.
    fn is_self(&self, roles: &[Role]) -> bool {
        self.hosts(roles).any(|host| host.is_self)
    }

    fn hosts<'a>(&'a self, roles: &'a [Role]) -> impl Iterator<Item = &'a Host> {
        self.policy().hosts.iter().filter(move |host| host.roles.iter().any(|role| roles.contains(role)))
    }
}

/// Who lets packets pass.
impl<'p> Context<'p> {
    /// The rules and defaults that accept some of the packets: each rule once, each default once per hook, in the
    /// order of the policy. See [`Context::hits`] for what is left out.
    #[must_use]
    pub fn permits(&self, packets: &Packets) -> Vec<Decider<'p>> {
        let mut found = BTreeMap::new();
        for (cube, index, entry) in self.candidates(packets) {
            if let Vacant(place) = found.entry(Decider::key(entry))
                && let Some(hit) = self.decisions().hit(index, cube)
            {
                place.insert(Decider::new(self.policy(), hit));
            }
        }
        found.into_values().collect()
    }

    /// The entries that accept some of a box, with a packet for each. Left out are the baseline, and rules on an
    /// exception that holds today: such a rule is the governed permission that the standards ask for (RFC 8314 §4.1,
    /// NIST SP 800-53r5 SC-7(4)).
    pub fn hits(&self, cube: &Cube) -> impl Iterator<Item = Hit<'p>> {
        self.candidates_in(cube).filter_map(|(index, _)| self.decisions().hit(index, cube))
    }

    /// The entries of [`Context::hits`] with each box, and perhaps more: those that earlier entries leave nothing too.
    pub(super) fn candidates<'a>(
        &'a self,
        packets: &'a Packets,
    ) -> impl Iterator<Item = (&'a Cube, usize, &'p Entry)> {
        // A policy with many zones asks about thousands of boxes: one look around all of them often settles it.
        let mut hulls = packets.hulls();
        hulls.retain(|hull| self.candidates_in(hull).next().is_some());
        let met =
            move |cube: &&Cube| hulls.iter().any(|hull| hull.hook == cube.hook && hull.family == cube.family);
        let cubes = packets.cubes().iter().filter(met);
        cubes.flat_map(|cube| self.candidates_in(cube).map(move |(index, entry)| (cube, index, entry)))
    }

    fn candidates_in(&self, cube: &Cube) -> impl Iterator<Item = (usize, &'p Entry)> {
        let indices = self.decisions().candidates(cube).into_iter();
        let entries = indices.filter_map(|index| Some((index, self.policy().entries.get(index)?)));
        entries.filter(|(_, entry)| {
            !matches!(entry.origin, Origin::Baseline(_)) && !self.stands_on_exception(entry)
        })
    }

    /// Whether an entry stands on an exception that holds today.
    #[must_use]
    pub fn is_excepted(&self, hit: &Hit<'_>) -> bool {
        self.stands_on_exception(hit.entry)
    }

    fn stands_on_exception(&self, entry: &Entry) -> bool {
        let exception = self.policy().rule_of(entry).and_then(|rule| rule.exception.as_ref());
        self.lenient.overlooks_exceptions && exception.is_some_and(|exception| exception.holds_on(self.today))
    }

    /// The rules on an exception of that kind which accept something, in the order of the policy. `part` says which
    /// parts of what a rule is about are asked about.
    #[must_use]
    pub fn granted(
        &self,
        kind: impl Fn(&Rule, &Exception) -> bool,
        part: impl Fn(&Cube) -> Vec<Cube>,
    ) -> Vec<Decider<'p>> {
        let mut hits = Vec::new();
        let accepting = |(_, entry): &(usize, &Entry)| entry.verdict == Verdict::Accept;
        for (index, entry) in self.policy().entries.iter().enumerate().filter(accepting) {
            let rule = self.policy().rule_of(entry);
            if rule.is_some_and(|rule| rule.exception.as_ref().is_some_and(|it| kind(rule, it))) {
                let asked = entry.cubes().iter().flat_map(&part).collect::<Vec<_>>();
                hits.extend(asked.iter().find_map(|cube| self.decisions().hit(index, cube)));
            }
        }
        self.once_each(hits)
    }

    /// The first hit of each rule and of each default.
    pub(super) fn once_each(&self, hits: impl IntoIterator<Item = Hit<'p>>) -> Vec<Decider<'p>> {
        let mut deciders = BTreeMap::new();
        for hit in hits {
            deciders.entry(Decider::key(hit.entry)).or_insert_with(|| Decider::new(self.policy(), hit));
        }
        deciders.into_values().collect()
    }
}

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
pub(super) fn is_proven(finding: &Diagnostic) -> bool {
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
