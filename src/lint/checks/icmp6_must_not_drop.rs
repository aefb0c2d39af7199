//! IPv6 without its echo.

use crate::lint::reach::is_open;
use crate::lint::{Check, Context, Meta, Packets, fixes};
use crate::model::Profile;
use crate::packet::{Cube, Family, Hook, ICMPV6, IntervalSet, transports};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct Icmp6MustNotDrop;

static META: Meta = Meta {
    id: "icmp6-must-not-drop",
    summary: "IPv6 passes and ICMPv6 echo requests do not",
    severity: Severity::High,
    profiles: &[Profile::Rfc],
    sources: &["RFC 4890 §4.3.1", "RFC 4890 §4.4.1"],
    page: include_str!("icmp6_must_not_drop.md"),
};

impl Check for Icmp6MustNotDrop {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        let shut = [Hook::Forward, Hook::Input].into_iter().find_map(|hook| {
            let ipv6 = ipv6(context, hook);
            let echo = ipv6.transport(&transports(ICMPV6, &IntervalSet::range(128 << 8, 128 << 8 | 0xff)));
            let passes = |cube: &Cube| !context.decisions().accepting(cube).is_empty();
            if !is_open(context, &ipv6) || echo.cubes().iter().any(passes) {
                return None;
            }
            echo.cubes().iter().find_map(|cube| context.decisions().refusing(cube))
        });
        findings.extend(shut.map(|refusal| {
            let finding = context
                .finding(policy.site_of(refusal.entry), "IPv6 passes here, and its echo requests do not")
                .note(context.example(&refusal.packet))
                .note("hosts test a path with them before they use it, and nobody can scan an IPv6 network")
                .help("switch `baseline.echo` on, or allow `{ icmpv6: [echo-request] }`");
            fixes::switched_on(finding, policy, policy.baseline.echo, "echo")
        }));
    }
}

/// Packets of IPv6 that open a flow in a hook.
fn ipv6(context: &Context<'_>, hook: Hook) -> Packets {
    let all = context.opening(hook).off_loopback();
    Packets::new(all.cubes().iter().filter(|cube| cube.family == Family::V6).cloned().collect())
}
