//! A machine that may not talk to itself.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::lint::{Check, Context, Meta, fixes};
use crate::model::{Interfaces, Profile, number};
use crate::packet::{Cube, Family, Hook, IntervalSet, State, States};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct LoopbackNotAccepted;

static META: Meta = Meta {
    id: "loopback-not-accepted",
    summary: "traffic of the machine with itself is refused",
    severity: Severity::Critical,
    profiles: &[Profile::CisDebian12, Profile::Mail],
    sources: &["CIS Debian 12 v1.1.0 4.3.6", "CIS Debian 12 v1.1.0 4.4.2.2", "CIS Debian 12 v1.1.0 4.4.3.2"],
    page: include_str!("loopback_not_accepted.md"),
};

impl Check for LoopbackNotAccepted {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let questions = questions().into_iter().flat_map(|cube| context.asked_of(&cube).cubes().to_vec());
        let refusal = questions.into_iter().find_map(|question| context.decisions().refusing(&question));
        findings.extend(refusal.map(|refusal| {
            let policy = context.policy();
            let site = policy.baseline.site.unwrap_or(policy.site_of(refusal.entry));
            let finding = context
                .finding(site, "traffic on the loopback interface is refused")
                .note(context.example(&refusal.packet))
                .note("milters, LMTP, spam filters and the local resolver are reached over it")
                .help("switch `baseline.loopback` on: nothing from the network can arrive on `lo`");
            fixes::switched_on(finding, policy, policy.baseline.loopback, "loopback")
        }));
    }
}

/// What goes over `lo`, first packets and later ones: from localhost to itself, so that a witness is one that people
/// know, and then between all addresses of the machine.
fn questions() -> Vec<Cube> {
    let everything = Family::ALL.into_iter().flat_map(on_loopback);
    let known = everything.clone().map(|cube| {
        let itself = localhost(cube.family);
        Cube { source: itself.clone(), destination: itself, ..cube }
    });
    known.chain(everything).collect()
}

fn on_loopback(family: Family) -> [Cube; 2] {
    let lo = || IntervalSet::single(Interfaces::LOOPBACK);
    let states = States::of(&[State::New, State::Established]);
    [
        Cube { states, incoming: lo(), ..Cube::every(Hook::Input, family) },
        Cube { states, outgoing: lo(), ..Cube::every(Hook::Output, family) },
    ]
}

fn localhost(family: Family) -> IntervalSet<u128> {
    IntervalSet::single(match family {
        Family::V4 => number(Ipv4Addr::LOCALHOST.into()),
        Family::V6 => number(Ipv6Addr::LOCALHOST.into()),
    })
}
