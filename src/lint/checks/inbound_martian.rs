//! Sources that nobody can have.

use crate::catalog;
use crate::lint::sources::{arriving, by_untrusted, networks};
use crate::lint::{Asked, Check, CheckSubject, Context, Meta};
use crate::model::{Addresses, Profile, Trust};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct InboundMartian;

static META: Meta = Meta {
    id: "inbound-martian",
    summary: "packets from the outside that claim an impossible source may pass",
    severity: Severity::Medium,
    profiles: &[Profile::Pci],
    sources: &["RFC 6890 §2.2", "PCI DSS 4.0.1 1.4.3"],
    page: include_str!("inbound_martian.md"),
};

/// Blocks that are never a source on the Internet (RFC 6890 and its registry), loopback and private ones left aside.
const IMPOSSIBLE: &[&str] =
    &["multicast", "reserved", "ietf-protocols", "benchmarking", "discard", "ipv4-mapped"];

impl Check for InboundMartian {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let named = IMPOSSIBLE.iter().filter_map(|name| catalog::network(name));
        let all = named.fold(Addresses::none(), |all, network| all.union(&network.addresses()));
        let known = networks(context, Trust::Untrusted);
        let impossible = if known.is_empty() { all } else { all.subtract(&known) };
        let forged = by_untrusted(context, &arriving(context)).only_from(&impossible);
        findings.extend(context.permits(&forged).first().map(|permit| {
            context
                .finding_about(permit, "lets packets pass whose source nobody can have")
                .note("no answer reaches it, so the sender wants none")
                .help("refuse the built-in networks `multicast`, `reserved`, `ietf-protocols`, `benchmarking`, `discard` and \
                       `ipv4-mapped` as sources first")
        }));
    }
}
