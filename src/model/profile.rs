//! How a policy wants to be judged, and what its hosts are there for.

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
    /// HIPAA Security Rule, 45 CFR part 164 subpart C.
    Hipaa,
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
    /// Serves the MTA-STS policy of a domain over HTTPS (RFC 8461 §3.3).
    MtaSts,
    /// Directory of users: LDAP.
    Directory,
    /// Collects logs: syslog.
    LogCollector,
}

words!(
    Profile,
    Mail = "mail",
    Rfc = "rfc",
    Hygiene = "hygiene",
    Pci = "pci-dss-4.0.1",
    Nist80053 = "nist-800-53r5",
    Nist800171 = "nist-800-171r3",
    CisDebian12 = "cis-debian12-1.1.0",
    CisControls = "cis-controls-8.1",
    Bsi = "bsi-grundschutz",
    Iso27001 = "iso27001-2022",
    Hipaa = "hipaa",
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
    MtaSts = "mta-sts",
    Directory = "directory",
    LogCollector = "log-collector",
);
