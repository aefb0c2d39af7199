//! How many words the options of matches and targets take (`iptables-extensions(8)`).

/// The options of a match or a target; the names without dashes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension {
    /// Its name after `-m` or `-j`.
    pub(super) name: &'static str,
    /// Options without a word, separated by blanks.
    flags: &'static str,
    /// Options with one word.
    singles: &'static str,
    /// Options with two words.
    pairs: &'static str,
}

const fn extension(name: &'static str, flags: &'static str, singles: &'static str) -> Extension {
    Extension { name, flags, singles, pairs: "" }
}

const fn with_pairs(extension: Extension, pairs: &'static str) -> Extension {
    Extension { pairs, ..extension }
}

/// Matches. One that is not here takes whatever words look as if they belonged to it.
const MATCHES: &[Extension] = &[
    extension("addrtype", "limit-iface-in limit-iface-out", "src-type dst-type"),
    extension("ah", "ahres", "ahspi ahlen"),
    extension("bpf", "", "object-pinned bytecode"),
    extension("cgroup", "", "path cgroup"),
    extension(
        "cluster",
        "",
        "cluster-total-nodes cluster-local-node cluster-local-nodemask cluster-hash-seed",
    ),
    extension("comment", "", "comment"),
    extension("condition", "", "condition"),
    extension("connbytes", "", "connbytes connbytes-dir connbytes-mode"),
    extension("connlabel", "set", "label"),
    extension(
        "connlimit",
        "connlimit-saddr connlimit-daddr",
        "connlimit-upto connlimit-above connlimit-mask",
    ),
    extension("connmark", "", "mark"),
    extension(
        "conntrack",
        "",
        "ctstate ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst ctorigsrcport ctorigdstport ctreplsrcport \
         ctrepldstport ctstatus ctexpire ctdir",
    ),
    extension("cpu", "", "cpu"),
    extension("dccp", "", "source-port sport destination-port dport dccp-types dccp-option"),
    extension("devgroup", "", "src-group dst-group"),
    extension("dscp", "", "dscp dscp-class"),
    extension("dst", "", "dst-len dst-opts"),
    extension("ecn", "ecn-tcp-cwr ecn-tcp-ece", "ecn-ip-ect"),
    extension("esp", "", "espspi"),
    extension("eui64", "", ""),
    extension("frag", "fragres fragfirst fragmore fraglast", "fragid fraglen"),
    extension("geoip", "", "source-country src-cc destination-country dst-cc"),
    extension(
        "hashlimit",
        "hashlimit-rate-match",
        "hashlimit hashlimit-upto hashlimit-above hashlimit-burst hashlimit-mode hashlimit-srcmask hashlimit-dstmask \
         hashlimit-name hashlimit-htable-size hashlimit-htable-max hashlimit-htable-expire \
         hashlimit-htable-gcinterval hashlimit-rate-interval",
    ),
    extension("hbh", "", "hbh-len hbh-opts"),
    extension("helper", "", "helper"),
    extension("hl", "", "hl-eq hl-lt hl-gt"),
    extension("icmp", "", "icmp-type"),
    extension("icmp6", "", "icmpv6-type"),
    extension("iprange", "", "src-range dst-range"),
    extension("ipv6header", "soft", "header"),
    extension("ipvs", "ipvs", "vproto vaddr vport vdir vmethod vportctl"),
    extension("layer7", "", "l7proto l7dir"),
    extension("length", "", "length"),
    extension("limit", "", "limit limit-burst"),
    extension("mac", "", "mac-source"),
    extension("mark", "", "mark"),
    extension("mh", "", "mh-type"),
    extension("multiport", "", "source-ports sports destination-ports dports ports port"),
    extension("nfacct", "", "nfacct-name"),
    extension("osf", "", "genre ttl log"),
    extension("owner", "socket-exists suppl-groups", "uid-owner gid-owner"),
    extension("physdev", "physdev-is-in physdev-is-out physdev-is-bridged", "physdev-in physdev-out"),
    extension("pkttype", "", "pkt-type"),
    extension("policy", "strict next", "dir pol reqid spi proto mode tunnel-src tunnel-dst"),
    extension("quota", "", "quota"),
    extension("realm", "", "realm"),
    extension("recent", "set rcheck update remove rttl rsource rdest reap", "name mask seconds hitcount"),
    extension("rpfilter", "loose validmark accept-local invert", ""),
    extension("rt", "rt-0-res rt-0-not-strict", "rt-type rt-segsleft rt-len rt-0-addrs"),
    with_pairs(extension("sctp", "", "source-port sport destination-port dport"), "chunk-types"),
    with_pairs(
        extension(
            "set",
            "return-nomatch update-counters update-subcounters",
            "packets-eq packets-lt packets-gt bytes-eq bytes-lt bytes-gt",
        ),
        "match-set set",
    ),
    extension("socket", "transparent nowildcard restore-skmark", ""),
    extension("state", "", "state"),
    extension("statistic", "", "mode probability every packet"),
    extension("string", "icase", "algo from to string hex-string"),
    with_pairs(extension("tcp", "syn", "source-port sport destination-port dport tcp-option"), "tcp-flags"),
    extension("tcpmss", "", "mss"),
    extension(
        "time",
        "kerneltz contiguous utc localtz",
        "datestart datestop timestart timestop monthdays weekdays",
    ),
    extension("tos", "", "tos"),
    extension("ttl", "", "ttl-eq ttl-lt ttl-gt ttl"),
    extension("u32", "", "u32"),
    extension("udp", "", "source-port sport destination-port dport"),
];

/// Targets.
const TARGETS: &[Extension] = &[
    extension("ACCEPT", "", ""),
    extension("DROP", "", ""),
    extension("RETURN", "", ""),
    extension("QUEUE", "", ""),
    extension("REJECT", "", "reject-with"),
    extension(
        "LOG",
        "log-tcp-sequence log-tcp-options log-ip-options log-uid log-macdecode",
        "log-level log-prefix",
    ),
    extension("NFLOG", "", "nflog-group nflog-prefix nflog-range nflog-size nflog-threshold"),
    extension("ULOG", "", "ulog-nlgroup ulog-prefix ulog-cprange ulog-qthreshold"),
    extension("NFQUEUE", "queue-bypass queue-cpu-fanout", "queue-num queue-balance"),
    extension("AUDIT", "", "type"),
    extension("CHECKSUM", "checksum-fill", ""),
    extension("CLASSIFY", "", "set-class"),
    extension(
        "CONNMARK",
        "save-mark restore-mark",
        "set-xmark set-mark and-mark or-mark xor-mark nfmask ctmask mask left-shift-mark right-shift-mark",
    ),
    extension("CONNSECMARK", "save restore", ""),
    extension("CT", "notrack", "helper ctevents expevents zone zone-orig zone-reply timeout"),
    extension("DSCP", "", "set-dscp set-dscp-class"),
    extension("ECN", "ecn-tcp-remove", ""),
    extension("HL", "", "hl-set hl-dec hl-inc"),
    extension("HMARK", "", "hmark-tuple hmark-mod hmark-offset hmark-rnd"),
    extension("IDLETIMER", "alarm", "timeout label"),
    extension("LED", "led-always-blink", "led-trigger-id led-delay"),
    extension("MARK", "", "set-xmark set-mark and-mark or-mark xor-mark"),
    extension("NOTRACK", "", ""),
    extension("RATEEST", "", "rateest-name rateest-interval rateest-ewmalog"),
    extension("SECMARK", "", "selctx"),
    with_pairs(extension("SET", "exist map-mark map-prio map-queue", "timeout"), "add-set del-set map-set"),
    extension("TCPMSS", "clamp-mss-to-pmtu", "set-mss"),
    extension("TCPOPTSTRIP", "", "strip-options"),
    extension("TEE", "", "gateway"),
    extension("TOS", "", "set-tos and-tos or-tos xor-tos"),
    extension("TRACE", "", ""),
    extension("TTL", "", "ttl-set ttl-dec ttl-inc"),
    extension("DNAT", "random persistent", "to-destination"),
    extension("SNAT", "random random-fully persistent", "to-source"),
    extension("MASQUERADE", "random random-fully", "to-ports"),
    extension("REDIRECT", "random", "to-ports"),
    extension("NETMAP", "", "to"),
    extension("TPROXY", "", "on-port on-ip tproxy-mark"),
    extension("SYNPROXY", "sack-perm timestamp", "mss wscale"),
    extension("TARPIT", "tarpit honeypot reset", ""),
];

/// The options of a match; none if nothing is known of it.
pub(super) fn of_match(name: &str) -> Option<&'static Extension> {
    MATCHES.iter().find(|extension| extension.name == name)
}

/// The options of a target; none if nothing is known of it.
pub(super) fn of_target(name: &str) -> Option<&'static Extension> {
    TARGETS.iter().find(|extension| extension.name == name)
}

impl Extension {
    /// How many words an option takes; none if it has no such option.
    pub(super) fn takes(&self, option: &str) -> Option<usize> {
        let rows = [(self.flags, 0), (self.singles, 1), (self.pairs, 2)];
        rows.into_iter()
            .find(|(names, _)| names.split_whitespace().any(|name| name == option))
            .map(|(_, words)| words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_take_their_words() {
        let takes = |name: &str, option: &str| of_match(name).and_then(|extension| extension.takes(option));
        assert_eq!(takes("tcp", "syn"), Some(0));
        assert_eq!(takes("tcp", "dport"), Some(1));
        assert_eq!(takes("tcp", "tcp-flags"), Some(2));
        assert_eq!(takes("conntrack", "ctrepldstport"), Some(1));
        assert_eq!(takes("tcp", "dports"), None);
        assert_eq!(takes("tcp", ""), None);
        assert_eq!(of_target("LOG").and_then(|target| target.takes("log-prefix")), Some(1));
    }
}
