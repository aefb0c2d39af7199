//! What a check may ask.
//!
//! A check on traffic names the packets it is about ([`Context::outward`] and its siblings, narrowed with the methods
//! of [`Packets`]), asks who lets them pass ([`Context::permits`]) and words a finding for each
//! ([`Context::finding_about`]). A check on what is written walks [`Context::rules`] or the policy itself and starts
//! from [`Context::finding`]. The driver adds the sources of the check to every finding.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::boundary::{Boundary, opening};
use super::{Meta, Packets, Permit};
use crate::analyze::{Decisions, Hit, describe};
use crate::model::{Addresses, Entry, Exception, Host, Origin, Policy, Role, Rule, Verdict};
use crate::packet::{Cube, Family, Hook, Packet};
use crate::source::{Diagnostic, Site};

/// A policy, ready for the questions of one check, and the day on which they are asked.
#[derive(Clone, Copy, Debug)]
pub struct Context<'p> {
    decisions: &'p Decisions<'p>,
    boundary: &'p Boundary,
    meta: &'static Meta,
    today: Date,
}

impl<'p> Context<'p> {
    /// The context of one check.
    pub(super) fn new(
        decisions: &'p Decisions<'p>,
        boundary: &'p Boundary,
        meta: &'static Meta,
        today: Date,
    ) -> Self {
        Self { decisions, boundary, meta, today }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &'p Policy {
        self.decisions.policy()
    }

    /// Questions about packets.
    #[must_use]
    pub fn decisions(&self) -> &'p Decisions<'p> {
        self.decisions
    }

    /// The day of the run.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// The rules that are on.
    pub fn rules(&self) -> impl Iterator<Item = &'p Rule> + use<'p> {
        self.policy().rules.iter().filter(|rule| rule.disabled.is_none())
    }
}

/// Packets to ask about: always such that open a flow, never such on the loopback.
impl Context<'_> {
    /// From the inside or this machine to the outside.
    #[must_use]
    pub fn outward(&self) -> Packets {
        self.boundary.outward()
    }

    /// From the outside to the inside or this machine.
    #[must_use]
    pub fn inward(&self) -> Packets {
        self.boundary.inward()
    }

    /// Between the inside, this machine included, and the inside.
    #[must_use]
    pub fn internal(&self) -> Packets {
        self.boundary.internal()
    }

    /// From the outside to anywhere: this machine, the inside, or through to the outside again.
    #[must_use]
    pub fn entering(&self) -> Packets {
        self.boundary.entering()
    }

    /// Every packet of a hook that opens a flow, loopback included.
    #[must_use]
    pub fn opening(&self, hook: Hook) -> Packets {
        Packets::new(Family::ALL.map(|family| opening(hook, family)).to_vec())
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

    /// The parts of a box that no observing entry logs on the way.
    #[must_use]
    pub fn unobserved(&self, cube: &Cube) -> Vec<Cube> {
        let observing = self.policy().entries.iter().filter(|entry| entry.verdict == Verdict::Observe);
        let boxes = observing.filter(|entry| entry.log.is_some()).flat_map(Entry::cubes);
        boxes.fold(vec![cube.clone()], |rest, seen| {
            rest.iter().flat_map(|part| part.subtract(&seen)).collect()
        })
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
    /// order of the policy. Left out are the baseline, and rules on an exception that holds today: such a rule is the
    /// governed permission that the standards ask for (RFC 8314 §4.1, NIST SP 800-53r5 SC-7(4)).
    #[must_use]
    pub fn permits(&self, packets: &Packets) -> Vec<Permit<'p>> {
        let hits = packets.cubes().iter().flat_map(|cube| self.decisions.accepting(cube));
        self.once_each(hits.filter(|hit| self.counts(hit)))
    }

    /// The rules on an exception of that kind which accept some packet, in the order of the policy.
    #[must_use]
    pub fn granted(&self, kind: impl Fn(&Rule, &Exception) -> bool) -> Vec<Permit<'p>> {
        let of_kind = |rule: &Rule| rule.exception.as_ref().is_some_and(|exception| kind(rule, exception));
        let entries = self.policy().entries.iter().enumerate();
        let entries = entries.filter(|(_, entry)| self.policy().rule_of(entry).is_some_and(of_kind));
        let hits = entries.flat_map(|(index, entry)| {
            let own = entry.cubes();
            own.into_iter().filter_map(move |cube| self.decisions.hit(index, &cube))
        });
        self.once_each(hits)
    }

    /// Whether an accepting entry is somebody's ungoverned decision.
    fn counts(&self, hit: &Hit<'p>) -> bool {
        let excepted = |rule: &Rule| rule.exception.as_ref().is_some_and(|it| it.holds_on(self.today));
        match hit.entry.origin {
            Origin::Rule(_) => !self.policy().rule_of(hit.entry).is_some_and(excepted),
            Origin::Baseline(_) => false,
            Origin::Default => true,
        }
    }

    /// The first hit of each rule and of each default.
    fn once_each(&self, hits: impl Iterator<Item = Hit<'p>>) -> Vec<Permit<'p>> {
        let mut permits = BTreeMap::new();
        for hit in hits {
            let permit = Permit::new(self.policy(), hit);
            permits.entry(permit.key()).or_insert(permit);
        }
        permits.into_values().collect()
    }
}

/// Findings.
impl Context<'_> {
    /// A finding of this check. Add the reason with `note` and what to do with `help`.
    #[must_use]
    pub fn finding(&self, site: Site, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.meta.id, self.meta.severity, site, title)
    }

    /// A finding on somebody who lets packets pass, with the packet as a note. The predicate completes a sentence:
    /// "lets POP3 without TLS leave the site".
    #[must_use]
    pub fn finding_about(&self, permit: &Permit<'_>, predicate: &str) -> Diagnostic {
        let title = format!("{} {predicate}", permit.subject);
        self.finding(permit.site, title).note(self.example(&permit.hit.packet))
    }

    /// The note that shows a packet.
    #[must_use]
    pub fn example(&self, packet: &Packet) -> String {
        format!("for example: {}", describe(self.policy(), packet))
    }
}
