//! Administration and files in cleartext over networks that are not the site's own.

use crate::lint::egress::{self, Words};
use crate::lint::exposure::Ports;
use crate::lint::{Check, Context, Meta, Packets};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct EgressInsecureProtocols;

static META: Meta = Meta {
    id: "egress-insecure-protocols",
    summary: "protocols for administration and files without encryption may leave the site",
    severity: Severity::Medium,
    profiles: &[Profile::Pci, Profile::Hipaa],
    sources: &["PCI DSS 4.0.1 1.2.6", "PCI DSS 4.0.1 2.2.5", "PCI DSS 4.0.1 2.2.7", "45 CFR 164.312(e)(1)"],
    page: include_str!("egress_insecure_protocols.md"),
};

/// FTP, Telnet, finger, news, rexec, rlogin, rsh, rsync, NFS, VNC, TFTP, SNMP. The page names them.
const INSECURE: Ports =
    Ports { tcp: &[21, 23, 79, 119, 512, 513, 514, 873, 2049, 5900], udp: &[69, 161, 162] };

impl Check for EgressInsecureProtocols {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn named(&self, context: &Context<'_>) -> Packets {
        INSECURE.of(&egress::leaving(context))
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        findings.extend(egress::findings(context, &INSECURE.of(&context.outward()), WORDS));
    }
}

const WORDS: Words = Words {
    predicate: "lets protocols without encryption leave the site",
    why: "passwords and files can be read and changed by every network on the way",
    help: "use SSH, SFTP or HTTPS instead, or a tunnel; what cannot be changed yet needs an `exception` with an end",
    id: "insecure-protocols",
    reason: "Protocols without encryption must not leave the site.",
};
