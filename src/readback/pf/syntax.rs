//! What is written in a pf.conf, with macros put in and options applied that only change how later rules are read.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::packet::{Family, IntervalSet};
use crate::readback::Remark;
use crate::source::Site;

/// A whole file.
#[derive(Debug)]
pub(super) struct Config {
    /// The whole text, or the last of several, which decides what no rule does.
    pub(super) site: Site,
    /// Interfaces that pf leaves alone (`set skip on`).
    pub(super) skipped: Vec<(On, Site)>,
    /// Rules of translation that may let packets pass before any other rule is asked (`rdr pass`).
    pub(super) passing: Vec<Rule>,
    /// Tables by name.
    pub(super) tables: BTreeMap<String, Table>,
    /// Rules, in order.
    pub(super) entries: Vec<Entry>,
    /// What was read and is not decided.
    pub(super) remarks: Vec<Remark>,
}

/// A table of addresses.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Its entries; the longest prefix that holds an address decides.
    pub(super) entries: Vec<Not<IpNet>>,
    /// Whether it may hold other addresses than those: it is filled from a file, by name, or while pf runs.
    pub(super) is_open: bool,
}

/// A rule, or an anchor with rules in it.
#[derive(Debug)]
pub(super) enum Entry {
    /// A rule.
    Rule(Rule),
    /// A rule that opens a ruleset of its own.
    Anchor {
        /// Which packets go into it.
        rule: Rule,
        /// Its name, if it has one.
        name: String,
        /// Its rules; none if they are loaded by somebody else.
        body: Option<Vec<Self>>,
    },
}

/// Something that may be written with `!` before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Not<T> {
    /// Whether it is.
    pub(super) negated: bool,
    /// What follows.
    pub(super) item: T,
}

/// Which way a packet crosses an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// From the network.
    In,
    /// To the network.
    Out,
}

/// What becomes of packets that a rule matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// They pass.
    Pass,
    /// They are blocked.
    Block(Refusal),
    /// The next rules decide.
    Match,
}

/// How a packet is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Without a word.
    Drop,
    /// With a TCP reset.
    Reset,
    /// With an ICMP error.
    Icmp(Codes),
    /// With a TCP reset or an ICMP error.
    Return(Codes),
}

/// ICMP errors, each as type and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Codes {
    /// For IPv4.
    pub(super) v4: (u8, u8),
    /// For IPv6.
    pub(super) v6: (u8, u8),
}

/// What `on` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// Every interface but the loopback.
    Any,
    /// An interface or a group of interfaces.
    Named(String),
    /// The interfaces of a routing domain.
    Domain(i64),
}

/// What `from` or `to` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// A network, and for link-local addresses the interface after `%`.
    Net(IpNet, Option<String>),
    /// The addresses from one to another.
    Range(IpAddr, IpAddr),
    /// A table.
    Table(String),
    /// Addresses of this machine (`(em0)`, `(self)`, `(self:network)`), as they are at any time, and a mask.
    Dynamic(String, Option<u8>),
    /// An interface, or a name that is looked up, when the ruleset is loaded, and a mask.
    Named(String, Option<u8>),
    /// Anything else, by its text: `no-route`, `urpf-failed`, `route "label"`.
    Other(String),
}

/// One end of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct End {
    /// Any of these; none for any address.
    pub(super) hosts: Vec<Not<Host>>,
    /// Ports; none for any, and for protocols without ports.
    pub(super) ports: Option<IntervalSet<u16>>,
}

/// TCP flags: those that must be set, and those that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flags {
    /// Must be set.
    pub(super) set: u8,
    /// Are looked at.
    pub(super) of: u8,
}

/// Whether a rule that passes packets keeps states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// It does not.
    No,
    /// It does.
    Normal,
    /// It does, and takes any packet for the first one (`sloppy`).
    Sloppy,
}

/// One rule as written, lists and all.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Where.
    pub(super) site: Site,
    /// What it does.
    pub(super) action: Action,
    /// Which way; none for both.
    pub(super) direction: Option<Direction>,
    /// Whether it logs.
    pub(super) log: bool,
    /// Whether no later rule is asked.
    pub(super) quick: bool,
    /// On any of these interfaces; none for all.
    pub(super) on: Vec<Not<On>>,
    /// Only one family.
    pub(super) family: Option<Family>,
    /// Any of these protocols; none for all.
    pub(super) protocols: Vec<u8>,
    /// From where.
    pub(super) source: End,
    /// To where.
    pub(super) destination: End,
    /// Everything after that.
    pub(super) options: Options,
}

/// What follows the addresses of a rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    /// TCP flags.
    pub(super) flags: Option<Flags>,
    /// ICMP types and codes, each as `type << 8 | code`, of one family.
    pub(super) icmp: Option<(Family, IntervalSet<u16>)>,
    /// States; none for what pf does by itself.
    pub(super) keeping: Option<Keeping>,
    /// The tag that packets get.
    pub(super) tag: Option<String>,
    /// The tag that they must have.
    pub(super) tagged: Option<Not<String>>,
    /// The interface that they came in on.
    pub(super) received_on: Option<Not<On>>,
    /// Other conditions, by their texts: of each list one must hold.
    pub(super) unknown: Vec<Vec<String>>,
    /// Conditions that change from packet to packet.
    pub(super) changing: Vec<String>,
    /// Limits of states: a packet beyond them is dropped.
    pub(super) limits: Vec<String>,
    /// Addresses that packets get or go through, for each translation and route.
    pub(super) pools: Vec<Vec<Not<Host>>>,
    /// What the rule asks for that only some rules may have.
    pub(super) extras: Vec<Extra>,
}

/// Something that not every rule may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extra {
    /// `user` or `group`.
    Owner,
    /// `os`.
    Os,
    /// `fragment`.
    Fragment,
    /// `allow-opts`.
    AllowOptions,
    /// `nat-to`, `rdr-to`, `binat-to`, `af-to`.
    Translation,
    /// `binat-to`.
    Both,
    /// `af-to`, with the family that packets get.
    Family(Family),
    /// `route-to` or `reply-to`.
    Route,
    /// `dup-to`.
    Copy,
    /// `divert-to`.
    DivertTo,
    /// `divert-reply`.
    DivertReply,
    /// `modulate state` or `synproxy state`.
    Modulate,
    /// `overload`.
    Overload,
    /// `max-src-conn` or `max-src-conn-rate`.
    Connections,
    /// `max-src-nodes`.
    Nodes,
    /// `source-track rule`, or what means it.
    TrackRule,
    /// `source-track global`.
    TrackGlobal,
    /// `no-df` or `random-id`.
    ScrubV4,
}

impl Rule {
    /// A rule that matches everything.
    pub(super) fn new(site: Site, action: Action) -> Self {
        Self {
            site,
            action,
            direction: None,
            log: false,
            quick: false,
            on: Vec::new(),
            family: None,
            protocols: Vec::new(),
            source: End::default(),
            destination: End::default(),
            options: Options::default(),
        }
    }

    /// Whether it asks for something.
    pub(super) fn asks_for(&self, extra: Extra) -> bool {
        self.options.extras.contains(&extra)
    }

    /// Whether it keeps states, said or not: rules that pass packets do by themselves (pf.conf(5); FreeBSD since 7).
    pub(super) fn keeping(&self) -> Keeping {
        match (self.action, self.options.keeping) {
            (Action::Pass, None) => Keeping::Normal,
            (_, keeping) => keeping.unwrap_or(Keeping::No),
        }
    }

    /// The TCP flags, said or not: rules that keep states ask for `S/SA` by themselves.
    pub(super) fn flags(&self) -> Option<Flags> {
        let by_itself =
            self.action == Action::Pass && self.keeping() != Keeping::No && !self.asks_for(Extra::Fragment);
        self.options.flags.or_else(|| by_itself.then_some(Flags { set: SYN, of: SYN | ACK }))
    }
}

/// Synchronise.
pub(super) const SYN: u8 = 0x02;
/// Acknowledge.
pub(super) const ACK: u8 = 0x10;
