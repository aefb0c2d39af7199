//! What a policy says besides packets: who, why, until when, and how it is to be judged.

use jiff::civil::Date;

use super::{Comment, Match, Name, Verdict};
use crate::packet::Hook;
use crate::source::{Site, Spanned};

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleAction {
    /// Let pass.
    Allow,
    /// Drop silently.
    Deny,
    /// Refuse at once.
    Reject,
}

/// How far a rule is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// In force.
    Enforce,
    /// Logs only: the first step of a migration. Deny and reject rules only.
    Observe {
        /// The day after which it should be in force.
        until: Option<Date>,
    },
}

/// A unit of time for [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RatePer {
    /// Per second.
    Second,
    /// Per minute.
    Minute,
    /// Per hour.
    Hour,
    /// Per day.
    Day,
}

/// How often something may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    /// How many; at least 1.
    pub count: u32,
    /// In which time.
    pub per: RatePer,
    /// How many at once before the rate counts; at least 1.
    pub burst: u32,
}

/// That packets are logged, and how often at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Log {
    /// The limit; every log has one, since an unlimited log is a way to fill a disk.
    pub rate: Rate,
}

/// A governed, expiring permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Who answers for it.
    pub owner: Option<Comment>,
    /// The ticket that granted it.
    pub ticket: Option<Comment>,
    /// The last day on which it holds.
    pub expires: Option<Spanned<Date>>,
    /// Where it was written.
    pub site: Site,
}

/// A rule as written.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, unique in the policy.
    pub id: Spanned<Name>,
    /// What it does.
    pub action: Spanned<RuleAction>,
    /// How far it is in force.
    pub stage: Stage,
    /// Why it is switched off; none while it is on. A disabled rule has no entries.
    pub disabled: Option<Comment>,
    /// Whether and how often it logs.
    pub log: Option<Log>,
    /// Why it exists.
    pub reason: Option<Comment>,
    /// Who answers for it.
    pub owner: Option<Comment>,
    /// The ticket that asked for it.
    pub ticket: Option<Comment>,
    /// The exception it stands on.
    pub exception: Option<Exception>,
    /// The whole rule.
    pub site: Site,
    /// The value of `from`.
    pub from: Site,
    /// The value of `to`.
    pub to: Site,
    /// The value of `services`.
    pub services: Site,
}

/// What happens to packets that no rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Input hook.
    pub input: RuleAction,
    /// Forward hook.
    pub forward: RuleAction,
    /// Output hook.
    pub output: RuleAction,
    /// How packets that are not accepted by default are logged.
    pub log: Option<Log>,
    /// Where `defaults` was written.
    pub site: Option<Site>,
}

/// Which parts of the baseline are on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the policy file")]
pub struct Baseline {
    /// Traffic of the machine with itself.
    pub loopback: bool,
    /// Known flows.
    pub established: bool,
    /// Neighbour discovery and multicast listener discovery.
    pub neighbour_discovery: bool,
    /// Anti-spoofing by zone.
    pub anti_spoofing: bool,
    /// ICMP and ICMPv6 errors.
    pub icmp_errors: bool,
    /// Drop invalid packets.
    pub invalid: bool,
    /// Echo requests.
    pub echo: bool,
    /// Numbers of the interfaces with a DHCP client.
    pub dhcp_client: Vec<u16>,
    /// Where `baseline` was written.
    pub site: Option<Site>,
}

/// A named selection of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// Mail: cleartext, submission, relays, roles.
    Mail,
    /// What the RFCs require of a filter: ICMP, DNS, TLS for mail.
    Rfc,
    /// Shadowed and conflicting rules, reasons, exceptions.
    Hygiene,
    /// PCI DSS 4.0.1.
    Pci,
    /// NIST SP 800-53 revision 5.
    Nist80053,
    /// NIST SP 800-171 revision 3.
    Nist800171,
    /// CIS Benchmark Debian Linux 12 v1.1.0.
    CisDebian12,
    /// CIS Controls v8.1.
    CisControls,
    /// BSI IT-Grundschutz NET.3.2 and APP.5.3.
    Bsi,
    /// ISO/IEC 27001:2022 Annex A.
    Iso27001,
}

impl Log {
    /// The limit where `log: true` names none: five a second, ten at once.
    pub const DEFAULT: Self = Self { rate: Rate { count: 5, per: RatePer::Second, burst: 10 } };
}

impl Rate {
    /// The burst where a rate names none; nft and iptables use the same.
    pub const DEFAULT_BURST: u32 = 5;
}

/// What a host is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Receives mail for a domain from everybody.
    Mx,
    /// Sends mail to everybody.
    MtaOut,
    /// Takes mail from users (RFC 6409).
    Msa,
    /// Holds mailboxes: IMAP and POP3.
    Mailbox,
    /// Webmail, JMAP, autoconfiguration and MTA-STS over HTTPS.
    Webmail,
    /// Scans mail: rspamd, SpamAssassin, ClamAV, Amavis.
    Filter,
    /// Recursive DNS resolver.
    Resolver,
    /// Authoritative DNS server.
    Nameserver,
    /// The way in for administrators.
    Bastion,
    /// Answers ACME http-01 challenges on port 80 (RFC 8555 §8.3).
    Acme,
}

/// One of the policy's own tests: every packet of `packets` gets the verdict.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What must happen: accept, drop or reject; [`Verdict::Drop`] stands for any refusal.
    pub verdict: Verdict,
    /// The packets, per hook.
    pub packets: Vec<(Hook, Match)>,
    /// The rule that must decide them.
    pub by: Option<Spanned<Name>>,
    /// Where it was written.
    pub site: Site,
}

impl RuleAction {
    /// The verdict it stands for once in force.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Allow => Verdict::Accept,
            Self::Deny => Verdict::Drop,
            Self::Reject => Verdict::Reject,
        }
    }
}

impl Defaults {
    /// The default of one hook.
    #[must_use]
    pub const fn of(&self, hook: Hook) -> RuleAction {
        match hook {
            Hook::Input => self.input,
            Hook::Forward => self.forward,
            Hook::Output => self.output,
        }
    }
}

impl Exception {
    /// Whether it still holds on that day: it has an end and the end has not passed.
    #[must_use]
    pub fn holds_on(&self, today: Date) -> bool {
        self.expires.as_ref().is_some_and(|expires| today <= expires.value)
    }
}

/// Every variant with its word, in the order people read them.
macro_rules! words {
    ($kind:ty, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $kind {
            /// All of them with the word a policy file uses.
            pub const ALL: &[(Self, &'static str)] = &[$((Self::$variant, $word)),+];

            /// The word a policy file uses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
words!(RuleAction, Allow = "allow", Deny = "deny", Reject = "reject");
words!(RatePer, Second = "second", Minute = "minute", Hour = "hour", Day = "day");
words!(
    Profile,
    Mail = "mail",
    Rfc = "rfc",
    Hygiene = "hygiene",
    Pci = "pci-4.0.1",
    Nist80053 = "nist-53r5",
    Nist800171 = "nist-171r3",
    CisDebian12 = "cis-debian12-1.1.0",
    CisControls = "cis-controls-8.1",
    Bsi = "bsi-grundschutz",
    Iso27001 = "iso27001-2022",
);
words!(
    Role,
    Mx = "mx",
    MtaOut = "mta-out",
    Msa = "msa",
    Mailbox = "mailbox",
    Webmail = "webmail",
    Filter = "filter",
    Resolver = "resolver",
    Nameserver = "nameserver",
    Bastion = "bastion",
    Acme = "acme",
);
