//! An exception for cleartext mail that is for everybody.

use crate::analyze::Decider;
use crate::lint::packets::to_ports;
use crate::lint::{Check, CheckSubject, Context, Meta, Parameter};
use crate::model::{Exception, Profile, Rule};
use crate::packet::TCP;
use crate::packet::{Cube, Family, IntervalSet};
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct MailLegacyExceptionTooWide;

static META: Meta = Meta {
    id: "mail-legacy-exception-too-wide",
    summary: "an exception for mail access without TLS covers more than a few hosts",
    severity: Severity::Medium,
    profiles: &[Profile::Mail, Profile::Rfc, Profile::Nist80053, Profile::CisControls],
    sources: &["RFC 8314 §4.1", "NIST SP 800-53r5 AC-6", "CIS Controls v8.1 3.10"],
    page: include_str!("mail_legacy_exception_too_wide.md"),
};

/// POP3 and IMAP without TLS.
const CLEARTEXT: [u16; 2] = [110, 143];

const SERVERS: Parameter =
    Parameter { name: "servers", default: 4, meaning: "how many servers an exception may name" };

const CLIENTS: Parameter = Parameter {
    name: "clients",
    default: 256,
    meaning: "how many IPv4 addresses of clients an exception may name; of IPv6 a /64",
};

/// How many addresses a link has in IPv6 (RFC 4291 §2.5.1).
const LINK: u128 = 1 << 64;

impl Check for MailLegacyExceptionTooWide {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn subject(&self) -> CheckSubject {
        CheckSubject::Words
    }

    fn parameters(&self) -> &'static [Parameter] {
        &[SERVERS, CLIENTS]
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let ports = to_ports(TCP, &CLEARTEXT);
        let mail = |cube: &Cube| vec![Cube { transport: cube.transport.intersect(&ports), ..cube.clone() }];
        let holds = |_: &Rule, exception: &Exception| exception.holds_on(context.today());
        for permit in context.granted(holds, mail) {
            findings.extend(width(context, &permit).map(|width| {
                context
                    .finding_about(&permit, &format!("lets {width} use mail without TLS on an exception"))
                    .note("an exception is for legacy systems that cannot be upgraded, and those can be counted")
                    .help("name the hosts that cannot do TLS in `from`, and their servers in `to`")
            }));
        }
    }
}

/// What an exception has too many of, in words.
fn width(context: &Context<'_>, permit: &Decider<'_>) -> Option<&'static str> {
    let entries = context.policy().entries.iter();
    let own: Vec<Cube> = entries
        .filter(|entry| entry.origin == permit.hit.entry.origin)
        .flat_map(crate::model::Entry::cubes)
        .collect();
    let count = |family: Family, end: fn(&Cube) -> &IntervalSet<u128>| {
        let sets = own.iter().filter(|cube| cube.family == family).map(end);
        size(&IntervalSet::union_of(sets))
    };
    let [servers, clients] = [&SERVERS, &CLIENTS].map(|parameter| u128::from(context.parameter(parameter)));
    let too_many_clients = count(Family::V4, |cube| &cube.source) > clients
        || count(Family::V6, |cube| &cube.source) > LINK.saturating_mul(clients) / 256;
    let too_many_servers =
        Family::ALL.into_iter().any(|family| count(family, |cube| &cube.destination) > servers);
    if too_many_clients {
        Some("a whole network of clients")
    } else {
        too_many_servers.then_some("clients of many servers")
    }
}

/// How many addresses a set holds.
fn size(set: &IntervalSet<u128>) -> u128 {
    let lengths = set.intervals().iter().map(|&(start, end)| (end - start).saturating_add(1));
    lengths.fold(0, u128::saturating_add)
}
