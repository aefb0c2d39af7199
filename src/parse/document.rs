//! A policy file as written: names are not looked up yet.
//!
//! Whatever could not be understood is missing here and has a diagnostic instead; a document with errors is
//! never lowered to a policy, so a missing piece can never mean "anything".

use ipnet::IpNet;
use jiff::civil::Date;
use std::net::IpAddr;

use super::PacketsDecl;
use crate::model::{Comment, Interface, Log, Name, Profile, Role, RuleAction, Stage, Trust};
use crate::source::{FileId, NodeId, Site, Spanned};

/// One file. A file without rules is a fragment: shared zones, networks, services and expectations for others to
/// include.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which file.
    pub file: FileId,
    /// The whole document.
    pub site: Site,
    /// `name`; fragments have none.
    pub name: Option<Spanned<Name>>,
    /// `description`.
    pub description: Option<Spanned<Comment>>,
    /// `owner`.
    pub owner: Option<Spanned<Comment>>,
    /// `reviewed`.
    pub reviewed: Option<Spanned<Date>>,
    /// `profiles`.
    pub profiles: Vec<Spanned<Profile>>,
    /// `zones`.
    pub zones: Vec<ZoneDecl>,
    /// `networks`.
    pub networks: Vec<NetworkDecl>,
    /// `services`.
    pub services: Vec<ServiceDecl>,
    /// `hosts`.
    pub hosts: Vec<HostDecl>,
    /// `exceptions`, and waivers in comments.
    pub waivers: Vec<WaiverDecl>,
    /// `flows`; none if the key is missing.
    pub flows: Option<Vec<FlowDecl>>,
    /// `defaults`.
    pub defaults: Option<DefaultsDecl>,
    /// `baseline`.
    pub baseline: Option<BaselineDecl>,
    /// `rules`; none if the key is missing.
    pub rules: Option<Vec<RuleDecl>>,
    /// `expect`.
    pub expect: Vec<ExpectDecl>,
}

impl Document {
    /// A file of which nothing was understood.
    #[must_use]
    pub fn empty(file: FileId, site: Site) -> Self {
        Self {
            file,
            site,
            name: None,
            description: None,
            owner: None,
            reviewed: None,
            profiles: Vec::new(),
            zones: Vec::new(),
            networks: Vec::new(),
            services: Vec::new(),
            hosts: Vec::new(),
            waivers: Vec::new(),
            flows: None,
            defaults: None,
            baseline: None,
            rules: None,
            expect: Vec::new(),
        }
    }
}

/// An element of `from`, `to`, `networks` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressTerm {
    /// A zone, a network, `host` or `any`: looked up later. May be a misspelt name, hence text.
    Name(String),
    /// An address or a prefix without host bits.
    Prefix(IpNet),
    /// A range within one family, first ≤ last.
    Range(IpAddr, IpAddr),
}

/// `zones: { NAME: { interfaces, networks, trust } }`.
#[derive(Clone, Debug)]
pub struct ZoneDecl {
    /// Its name.
    pub name: Spanned<Name>,
    /// `interfaces`; empty if the key is missing.
    pub interfaces: Vec<Spanned<Interface>>,
    /// `networks`; empty if the key is missing.
    pub networks: Vec<Spanned<AddressTerm>>,
    /// `trust`; untrusted where it is not written.
    pub trust: Trust,
    /// `guests`; false where it is not written.
    pub has_guests: bool,
    /// The value of the zone.
    pub site: Site,
}

/// `networks: { NAME: [ … ] }` or `{ NAME: { addresses: [ … ], except: [ … ], file: PATH } }`.
#[derive(Clone, Debug)]
pub struct NetworkDecl {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it holds, the lines of its `file` included.
    pub addresses: Vec<Spanned<AddressTerm>>,
    /// What is taken out of it.
    pub except: Vec<Spanned<AddressTerm>>,
    /// The value of the network.
    pub site: Site,
}

/// `services: { NAME: … }`.
#[derive(Clone, Debug)]
pub struct ServiceDecl {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it stands for.
    pub terms: Vec<Spanned<ServiceTerm>>,
    /// The value of the service.
    pub site: Site,
}

/// An element of `services` in a rule or in a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceTerm {
    /// A service, or `any`: looked up later.
    Name(String),
    /// `{ tcp: …, udp: …, icmp: …, icmpv6: …, protocol: …, source-ports: … }`.
    Inline(ServiceSpec),
}

/// Ports, types and protocols written in place. At least one of the lists but `source_ports` is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceSpec {
    /// `tcp`: destination ports.
    pub tcp: Vec<Spanned<PortTerm>>,
    /// `udp`: destination ports.
    pub udp: Vec<Spanned<PortTerm>>,
    /// `icmp`: types and codes.
    pub icmp: Vec<Spanned<KindTerm>>,
    /// `icmpv6`: types and codes.
    pub icmpv6: Vec<Spanned<KindTerm>>,
    /// `protocol`: whole protocols by IANA number or name.
    pub protocol: Vec<Spanned<KindTerm>>,
    /// `source-ports`: for the TCP and UDP ports of the same service.
    pub source_ports: Vec<Spanned<PortTerm>>,
}

/// A port or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortTerm {
    /// First and last port, 1 to 65535, first ≤ last.
    Range(u16, u16),
    /// The ports of a service of the catalogue: looked up later.
    Name(String),
    /// `any`: every port.
    Any,
}

/// An ICMP type with or without a code, or a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KindTerm {
    /// A type or protocol number and, for types, perhaps a code (`3/4`).
    Number(u8, Option<u8>),
    /// A name: looked up later.
    Name(String),
    /// `any`: every type.
    Any,
}

/// An item of `hosts`.
#[derive(Clone, Debug)]
pub struct HostDecl {
    /// `networks`: names, addresses, or `host` for the machine itself.
    pub networks: Vec<Spanned<AddressTerm>>,
    /// `roles`.
    pub roles: Vec<Spanned<Role>>,
    /// `smarthost`; empty if the key is missing.
    pub smarthost: Vec<Spanned<AddressTerm>>,
    /// `relay-via`; empty if the key is missing.
    pub relay_via: Vec<Spanned<AddressTerm>>,
    /// `dane`; false where it is not written.
    pub has_dane: bool,
    /// The item.
    pub site: Site,
}

/// An item of `flows`: `{ from: ZONES, to: ZONES }`.
#[derive(Clone, Debug)]
pub struct FlowDecl {
    /// `from`: names of zones.
    pub from: Vec<Spanned<Name>>,
    /// `to`: names of zones.
    pub to: Vec<Spanned<Name>>,
}

/// `defaults`.
#[derive(Clone, Debug)]
pub struct DefaultsDecl {
    /// `input`; deny where it is not written.
    pub input: Option<RuleAction>,
    /// `forward`; deny where it is not written.
    pub forward: Option<RuleAction>,
    /// `output`; deny where it is not written.
    pub output: Option<RuleAction>,
    /// `log`: none where it is not written, which means on.
    pub log: Option<Option<Log>>,
    /// The value of `defaults`.
    pub site: Site,
}

/// `baseline`: each switch is none where it is not written, which means on (off for `dhcp-client`).
#[derive(Clone, Debug)]
pub struct BaselineDecl {
    /// `loopback`.
    pub loopback: Option<bool>,
    /// `established`.
    pub established: Option<bool>,
    /// `neighbour-discovery`.
    pub neighbour_discovery: Option<bool>,
    /// `anti-spoofing`.
    pub anti_spoofing: Option<bool>,
    /// `icmp-errors`.
    pub icmp_errors: Option<bool>,
    /// `invalid`.
    pub invalid: Option<bool>,
    /// `echo`.
    pub echo: Option<bool>,
    /// `dhcp-client`: interfaces.
    pub dhcp_client: Vec<Spanned<Interface>>,
    /// The value of `baseline`.
    pub site: Site,
}

/// An item of `rules`.
#[derive(Clone, Debug)]
pub struct RuleDecl {
    /// `id`.
    pub id: Option<Spanned<Name>>,
    /// `action`.
    pub action: Option<Spanned<RuleAction>>,
    /// `from`; empty if it is missing or nothing in it was understood.
    pub from: Vec<Spanned<AddressTerm>>,
    /// `to`.
    pub to: Vec<Spanned<AddressTerm>>,
    /// `services`.
    pub services: Vec<Spanned<ServiceTerm>>,
    /// `log`.
    pub log: Option<Log>,
    /// `reason`.
    pub reason: Option<Spanned<Comment>>,
    /// `owner`.
    pub owner: Option<Spanned<Comment>>,
    /// `ticket`.
    pub ticket: Option<Spanned<Comment>>,
    /// `stage`.
    pub stage: Option<Spanned<Stage>>,
    /// `exception`.
    pub exception: Option<ExceptionDecl>,
    /// `disabled: REASON`.
    pub disabled: Option<Spanned<Comment>>,
    /// The whole rule.
    pub site: Site,
    /// The value of `from`, the whole rule if it is missing.
    pub from_site: Site,
    /// The value of `to`, the whole rule if it is missing.
    pub to_site: Site,
    /// The value of `services`, the whole rule if it is missing.
    pub services_site: Site,
}

/// `exception` of a rule.
#[derive(Clone, Debug)]
pub struct ExceptionDecl {
    /// `owner`.
    pub owner: Option<Spanned<Comment>>,
    /// `ticket`.
    pub ticket: Option<Spanned<Comment>>,
    /// `granted`.
    pub granted: Option<Spanned<Date>>,
    /// `expires`.
    pub expires: Option<Spanned<Date>>,
    /// The value of `exception`.
    pub site: Site,
}

/// A permission to break checks: an item of `exceptions`, or a comment.
#[derive(Clone, Debug)]
pub struct WaiverDecl {
    /// `checks`: their ids.
    pub checks: Vec<Spanned<String>>,
    /// What it is about.
    pub place: WaiverPlace,
    /// `reason`.
    pub reason: Option<Comment>,
    /// `owner`.
    pub owner: Option<Comment>,
    /// `ticket`.
    pub ticket: Option<Comment>,
    /// `granted`.
    pub granted: Option<Spanned<Date>>,
    /// `expires`: the last day on which it holds.
    pub expires: Option<Spanned<Date>>,
    /// What is wrong with a comment.
    pub fault: Option<String>,
    /// The item, or the comment.
    pub site: Site,
}

/// What a waiver is about.
#[derive(Clone, Debug)]
pub enum WaiverPlace {
    /// Packets: `from`, `to` and `services`.
    Packets(PacketsDecl),
    /// What is said about a part of a file: the nodes from the first to the last.
    Nodes {
        /// The file.
        file: FileId,
        /// The first node.
        first: NodeId,
        /// The last node.
        last: NodeId,
    },
    /// Nothing.
    Nowhere,
}

/// An item of `expect`: `{ allow: { from, to, services }, by: RULE }`.
#[derive(Clone, Debug)]
pub struct ExpectDecl {
    /// Which verdict.
    pub verdict: Spanned<RuleAction>,
    /// `from`.
    pub from: Vec<Spanned<AddressTerm>>,
    /// `to`.
    pub to: Vec<Spanned<AddressTerm>>,
    /// `services`.
    pub services: Vec<Spanned<ServiceTerm>>,
    /// `by`: the rule that must decide.
    pub by: Option<Spanned<String>>,
    /// The item.
    pub site: Site,
}
