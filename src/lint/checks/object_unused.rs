//! Names that nothing uses.

use crate::lint::{Check, CheckSubject, Context, Meta};
use crate::model::{Name, Profile};
use crate::source::{Diagnostic, Edit, Effect, Fix, Severity, Spanned};

/// See the page.
pub(super) struct ObjectUnused;

static META: Meta = Meta {
    id: "object-unused",
    summary: "a network or service is declared and nothing uses it",
    severity: Severity::Low,
    profiles: &[Profile::Hygiene, Profile::Pci],
    sources: &["PCI DSS 4.0.1 1.2.7"],
    page: include_str!("object_unused.md"),
};

impl Check for ObjectUnused {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let policy = context.policy();
        let networks = policy.networks.iter().filter(|one| !one.is_used).map(|one| ("network", &one.name));
        let services = policy.services.iter().filter(|one| !one.is_used).map(|one| ("service", &one.name));
        // A file for several policies declares more than one of them uses.
        let own = networks.chain(services).filter(|(_, name)| name.site.file == policy.site.file);
        findings.extend(own.map(|(kind, name)| finding(context, kind, name)));
    }
}

fn finding(context: &Context<'_>, kind: &str, name: &Spanned<Name>) -> Diagnostic {
    let title = format!("nothing uses the {kind} `{}`", name.value);
    let fix = Fix::new(format!("delete {kind} `{}`", name.value), Effect::Nothing, Edit::Forget(name.site));
    context
        .finding(name.site, title)
        .note("a rule that was to use it may name something else, or is gone")
        .help("delete it, or use it where it was meant")
        .fix(fix)
}
