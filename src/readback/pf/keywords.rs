//! The words that pf keeps for itself (`lookup` in `parse.y` of OpenBSD and FreeBSD); quotes make them plain texts.

use super::Dialect;

/// Words of both.
const SHARED: &[&str] = &[
    "af-to",
    "all",
    "allow-opts",
    "anchor",
    "antispoof",
    "any",
    "bandwidth",
    "bitmask",
    "block",
    "block-policy",
    "code",
    "debug",
    "divert-reply",
    "divert-to",
    "drop",
    "dup-to",
    "file",
    "fingerprints",
    "flags",
    "floating",
    "flush",
    "for",
    "fragment",
    "from",
    "global",
    "group",
    "hostid",
    "icmp-type",
    "icmp6-type",
    "if-bound",
    "in",
    "include",
    "inet",
    "inet6",
    "keep",
    "label",
    "limit",
    "load",
    "log",
    "loginterface",
    "match",
    "matches",
    "max",
    "max-mss",
    "max-pkt-rate",
    "max-src-conn",
    "max-src-conn-rate",
    "max-src-nodes",
    "max-src-states",
    "min-ttl",
    "modulate",
    "nat-to",
    "no",
    "no-df",
    "no-route",
    "no-sync",
    "on",
    "once",
    "optimization",
    "os",
    "out",
    "overload",
    "pass",
    "pflow",
    "port",
    "prio",
    "probability",
    "proto",
    "qlimit",
    "queue",
    "quick",
    "random",
    "random-id",
    "rdr-to",
    "reassemble",
    "received-on",
    "reply-to",
    "return",
    "return-icmp",
    "return-icmp6",
    "return-rst",
    "round-robin",
    "route",
    "route-to",
    "rtable",
    "rule",
    "ruleset-optimization",
    "scrub",
    "set",
    "skip",
    "sloppy",
    "source-hash",
    "source-track",
    "state",
    "state-defaults",
    "state-policy",
    "static-port",
    "sticky-address",
    "syncookies",
    "synproxy",
    "table",
    "tag",
    "tagged",
    "timeout",
    "to",
    "tos",
    "ttl",
    "urpf-failed",
    "user",
];

/// Words of OpenBSD.
const OPENBSD: &[&str] = &[
    "binat-to",
    "burst",
    "default",
    "delay",
    "divert-packet",
    "flows",
    "least-states",
    "min",
    "parent",
    "quantum",
    "rdomain",
    "weight",
];

/// Words of FreeBSD.
const FREEBSD: &[&str] = &[
    "allow-related",
    "altq",
    "binat",
    "binat-anchor",
    "binat-to",
    "bridge-to",
    "buckets",
    "cbq",
    "codel",
    "dnpipe",
    "dnqueue",
    "drop-ovl",
    "endpoint-independent",
    "ether",
    "fail-policy",
    "fairq",
    "fastroute",
    "hfsc",
    "hogs",
    "interval",
    "keepcounters",
    "l3",
    "linkshare",
    "map-e-portset",
    "max-pkt-size",
    "nat",
    "nat-anchor",
    "prefer-ipv6-nexthop",
    "priority",
    "priq",
    "rdr",
    "rdr-anchor",
    "realtime",
    "require-order",
    "ridentifier",
    "target",
    "tbrsize",
    "upperlimit",
];

/// A word of the language; none if it is any other word.
pub(super) fn keyword(word: &str, dialect: Dialect) -> Option<&'static str> {
    let own = match dialect {
        Dialect::OpenBsd => OPENBSD,
        Dialect::FreeBsd => FREEBSD,
    };
    [SHARED, own].into_iter().find_map(|list| {
        let at = list.binary_search(&word).ok()?;
        list.get(at).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_the_search() {
        assert!([SHARED, OPENBSD, FREEBSD].iter().all(|list| list.is_sorted()));
    }

    #[test]
    fn each_system_has_words_of_its_own() {
        assert_eq!(keyword("nat", Dialect::FreeBsd), Some("nat"));
        assert_eq!(keyword("nat", Dialect::OpenBsd), None);
        assert_eq!(keyword("rdomain", Dialect::FreeBsd), None);
        assert_eq!(keyword("pass", Dialect::OpenBsd), Some("pass"));
    }
}
