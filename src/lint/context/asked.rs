//! The packets that checks ask about.

use super::Context;
use crate::lint::Packets;
use crate::lint::boundary::opening;
use crate::lint::run::Leniency;
use crate::lint::sources::block;
use crate::model::{Addresses, Host, Role};
use crate::packet::{Cube, Family, Hook};

/// Packets to ask about.
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
    pub(in crate::lint) fn asked_of(&self, cube: &Cube) -> Packets {
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
    pub(in crate::lint) fn waived(&self) -> &[Cube] {
        &self.lenient.waived
    }

    /// The only packets that are asked about: those that somebody has permitted by name; none if all are.
    pub(in crate::lint) fn only(&self) -> Option<&[Cube]> {
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
