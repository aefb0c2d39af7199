//! The inner ports of a mail system within reach of others.

use crate::analyze::Decider;
use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, CheckSubject, Context, Meta, Packets};
use crate::model::{Profile, Role};
use crate::packet::Hook;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailInternalsExposed;

static META: Meta = Meta {
    id: "mail-internals-exposed",
    summary: "inner ports of a mail system are open to others than its own hosts",
    severity: Severity::High,
    profiles: &[Profile::Mail, Profile::Nist80053, Profile::Pci],
    sources: &["NIST SP 800-53r5 CM-7", "PCI DSS 4.0.1 2.2.4"],
    page: include_str!("mail_internals_exposed.md"),
};

/// Re-injection of checked mail, an open relay for whoever reaches it, and the controller of rspamd.
const WORST: Ports = Ports { tcp: &[10025, 11334], udp: &[] };
/// spamd, clamd, Redis, Mailman's REST interface, DKIM milters, Postgrey, Amavis,
/// rspamd: defaults of the programs, which ask for no authentication.
const OTHERS: Ports =
    Ports { tcp: &[783, 3310, 6379, 8001, 8891, 10023, 10024, 10026, 11332, 11333, 11335], udp: &[11335] };
/// Who has business there: mail servers, and filters that hand mail back or ask a store.
const PEERS: [Role; 4] = [Role::Mx, Role::MtaOut, Role::Msa, Role::Filter];

impl Check for MailInternalsExposed {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = questions(context);
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        findings.extend(context.permits(&asked).iter().map(|permit| {
            let ports = exposure::opened(context, permit, &asked, accepts);
            finding(context, permit, &ports)
        }));
    }
}

/// What others than the peers send to the site's own hosts, from outside or inside. What this machine sends is for
/// the filter of the other machine to judge.
fn questions(context: &Context<'_>) -> Packets {
    let inside = context.internal().not_in_hook(Hook::Output);
    let arriving = Packets::new([exposure::exposing(context).cubes(), inside.cubes()].concat());
    let strangers = context.not_from(&arriving, &PEERS);
    Packets::new([WORST.of(&strangers).cubes(), OTHERS.of(&strangers).cubes()].concat())
}

fn finding(context: &Context<'_>, permit: &Decider<'_>, ports: &[u32]) -> Diagnostic {
    let predicate = format!("opens inner ports of a mail system ({})", exposure::in_words(ports));
    let mut finding = context
        .finding_about(permit, &predicate)
        .note("the programs behind these ports speak plain text and believe everybody who reaches them")
        .help("allow the port from the hosts with the roles `mx`, `mta-out`, `msa` and `filter` only");
    if ports.iter().any(|&port| WORST.transport().contains(port)) {
        finding.severity = Severity::Critical;
    }
    finding
}
