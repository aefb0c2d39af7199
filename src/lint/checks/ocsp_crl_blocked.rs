//! Revoked certificates that stay good.

use crate::lint::reach::{is_open, shut_for_all};
use crate::lint::{Asked, Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct OcspCrlBlocked;

static META: Meta = Meta {
    id: "ocsp-crl-blocked",
    summary: "HTTPS may leave the site and HTTP may not, so revoked certificates are not noticed",
    severity: Severity::Info,
    profiles: &[Profile::Rfc],
    sources: &["RFC 6960 §A.1"],
    page: include_str!("ocsp_crl_blocked.md"),
};

impl Check for OcspCrlBlocked {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn asked(&self) -> Asked {
        Asked::ByProfile
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let outward = context.outward();
        let web = outward.tcp(&[443]);
        if !is_open(context, &web) || is_open(context, &outward.tcp(&[80])) {
            return;
        }
        let permits = context.permits(&web);
        let Some(permit) = permits.first() else { return };
        findings.extend(shut_for_all(context, &outward.tcp(&[80])).into_iter().take(1).map(|refusal| {
            context
                .finding(permit.site, "HTTPS may leave the site and HTTP may not")
                .note(context.example(&refusal.packet))
                .note("whether a certificate was revoked is asked over plain HTTP; without an answer it counts as good")
                .help("allow `http` to the servers of certificate authorities, or for everybody through a proxy")
        }));
    }
}
