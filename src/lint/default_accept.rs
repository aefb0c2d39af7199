//! What the checks on accepting defaults have in common.

use crate::lint::{Context, fixes};
use crate::model::{Origin, Profile, Verdict};
use crate::packet::Hook;
use crate::source::{Diagnostic, Effect};

/// The profiles that ask for a default deny.
pub(super) const PROFILES: &[Profile] = &[
    Profile::Nist80053,
    Profile::Nist800171,
    Profile::Pci,
    Profile::CisDebian12,
    Profile::Bsi,
    Profile::Iso27001,
];

/// The standards that ask for a default deny.
pub(super) const SOURCES: &[&str] = &[
    "NIST SP 800-53r5 SC-7(5)",
    "PCI DSS 4.0.1 1.3.1",
    "CIS Debian 12 v1.1.0 4.3.8",
    "BSI NET.3.2.A2",
    "NIST SP 800-171r3 03.13.06",
    "ISO/IEC 27001:2022 A.8.20",
];

/// A finding if the default of a hook accepts some packet; none if it refuses, or if rules leave it nothing.
pub(super) fn finding(context: &Context<'_>, hook: Hook) -> Option<Diagnostic> {
    let policy = context.policy();
    let is_default = |entry: &_| matches!(entry, (Origin::Default, of, Verdict::Accept) if *of == hook);
    let mut entries = policy.entries.iter().map(|entry| (entry.origin, entry.hook, entry.verdict));
    let index = entries.position(|entry| is_default(&entry))?;
    let boxes = context.opening(hook);
    let hit = boxes.cubes().iter().find_map(|cube| context.decisions().hit(index, cube))?;
    let name = hook.name();
    let title = format!("the default of the {name} hook accepts what no rule speaks about");
    Some(
        context
            .finding(policy.site_of(hit.entry), title)
            .note(context.example(&hit.packet))
            .note("every service that is started later is open from the first minute, and nobody decided so")
            .help(format!("set `defaults.{name}` to `deny` and allow what is needed in rules"))
            .fix(fixes::defaults(policy, Effect::Unproven, name, "deny")),
    )
}
