//! The firewall itself, administered from outside.

use crate::lint::breadth::{End, is_broad};
use crate::lint::exposure::{self, Ports};
use crate::lint::{Asked, Check, Context, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::{Cube, Hook};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct AdminOnFirewallFromUntrusted;

static META: Meta = Meta {
    id: "admin-on-firewall-from-untrusted",
    summary: "administration of this machine is open to hosts outside, however few",
    severity: Severity::Critical,
    profiles: &[Profile::Bsi],
    sources: &["BSI NET.3.2.A6"],
    page: include_str!("admin_on_firewall_from_untrusted.md"),
};

/// The way in that a bastion host is for: `mgmt-from-any` leaves it out there.
const SSH: Ports = Ports { tcp: &[22], udp: &[] };
/// Telnet, Docker, remote desktop, remote management, SNMP, IPMI.
const OTHERS: Ports = Ports { tcp: &[23, 2375, 2376, 3389, 5900, 5985, 5986, 10250], udp: &[161, 623, 3389] };

impl Check for AdminOnFirewallFromUntrusted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let arriving = context.inward().in_hook(Hook::Input);
        let asked = Packets::new([SSH.of(&arriving).cubes(), OTHERS.of(&arriving).cubes()].concat());
        let mut itself = context.policy().hosts.iter().filter(|host| host.is_self);
        let is_bastion = itself.any(|host| host.roles.contains(&Role::Bastion));
        // Where many may come, `mgmt-from-any` says so, but for a bastion.
        let untold = |index, cube: &Cube| {
            is_bastion && cube.transport == SSH.transport()
                || !is_broad(context.decisions(), index, cube, End::Source)
        };
        let cubes = asked.cubes().iter();
        let hits = cubes.flat_map(|cube| context.hits(cube).filter(move |hit| untold(hit.index, cube)));
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        findings.extend(context.once_each(hits).iter().map(|permit| {
            let ports = exposure::in_words(&exposure::opened(context, permit, &asked, accepts));
            context
                .finding_about(permit, &format!("lets hosts outside administer this machine ({ports})"))
                .note("an address can be forged or taken over, and whoever has the filter has what is behind it")
                .help("administer from an internal zone, reached through a tunnel from outside")
        }));
    }
}
