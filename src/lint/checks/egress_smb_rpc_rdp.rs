//! Windows services that leave the site.

use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, Context, Meta, egress};
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

/// Remote procedures, NetBIOS, SMB, remote desktop, remote management.
const WINDOWS: Ports = Ports { tcp: &[135, 137, 138, 139, 445, 3389, 5985, 5986], udp: &[137, 138, 3389] };

impl Check for EgressSmbRpcRdp {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = WINDOWS.of(&context.outward());
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        findings.extend(egress::permits(context, &asked).iter().map(|permit| {
            let ports = exposure::in_words(&exposure::opened(context, permit, &asked, accepts));
            context
                .finding_about(permit, &format!("lets Windows services leave the site ({ports})"))
                .note("a link in a mail is enough to make a machine log in to a server outside, with a hash of the password")
                .help("keep these ports inside; reach services of others through a tunnel")
        }));
    }
}
