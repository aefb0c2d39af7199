//! Windows services that leave the site.

use crate::lint::egress::{self, Words};
use crate::lint::exposure::Ports;
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressSmbRpcRdp;

static META: Meta = Meta {
    id: "egress-smb-rpc-rdp",
    summary: "Windows files, remote procedures and remote desktop may leave the site",
    severity: Severity::High,
    profiles: &[Profile::Nist80053, Profile::CisControls],
    sources: &["NIST SP 800-53r5 SC-7", "CIS Controls v8.1 4.4", "CIS Controls v8.1 4.5"],
    page: include_str!("egress_smb_rpc_rdp.md"),
};

/// Remote procedures, `NetBIOS`, SMB, remote desktop, remote management.
const WINDOWS: Ports = Ports { tcp: &[135, 137, 138, 139, 445, 3389, 5985, 5986], udp: &[137, 138, 3389] };

impl Check for EgressSmbRpcRdp {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        WINDOWS.of(&egress::leaving(context))
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(egress::findings(context, &WINDOWS.of(&context.outward()), WORDS));
    }
}

const WORDS: Words = Words {
    predicate: "lets Windows services leave the site",
    why: "a link in a mail is enough to make a machine log in to a server outside, with a hash of the password",
    help: "keep these ports inside; reach services of others through a tunnel",
    id: "windows-services-stay",
    reason: "Windows services stay inside the site.",
};
