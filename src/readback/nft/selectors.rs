//! Selectors: the words that name something of a packet (nft(8), payload, meta, routing and conntrack expressions).

use super::fields::{Field, Layer};
use super::parser::{Parsed, Parser};
use super::syntax::Expr;

/// Keys of `meta` that may stand without it (`meta_key_unqualified` in `parser_bison.y` of nftables).
const META_KEYS: [&str; 21] = [
    "mark",
    "iif",
    "iifname",
    "iiftype",
    "oif",
    "oifname",
    "oiftype",
    "skuid",
    "skgid",
    "nftrace",
    "rtclassid",
    "ibriport",
    "obriport",
    "ibrname",
    "obrname",
    "pkttype",
    "cpu",
    "iifgroup",
    "oifgroup",
    "cgroup",
    "secpath",
];

/// Headers of which one more word names a part.
const HEADERS: [&str; 30] = [
    "ether", "vlan", "arp", "ip", "ip6", "icmp", "icmpv6", "igmp", "ah", "esp", "comp", "tcp", "udp",
    "udplite", "sctp", "dccp", "th", "gre", "gretap", "vxlan", "geneve", "hbh", "rt0", "rt2", "rt4", "srh",
    "frag", "dst", "mh", "exthdr",
];

/// Parts of options of TCP and IP (nft(8), extension header expressions).
const OPTION_PARTS: [&str; 19] = [
    "kind",
    "length",
    "size",
    "count",
    "left",
    "right",
    "tsval",
    "tsecr",
    "shift",
    "type",
    "ptr",
    "value",
    "addr",
    "left0",
    "right0",
    "left1",
    "right1",
    "permitted",
    "flags",
];

/// Names of hashes and number generators.
const GENERATORS: [&str; 3] = ["jhash", "symhash", "numgen"];

impl Parser<'_, '_, '_> {
    /// Whether a selector comes next.
    pub(super) fn is_selector(&self) -> bool {
        let word = self.word();
        META_KEYS.contains(&word)
            || HEADERS.contains(&word)
            || GENERATORS.contains(&word)
            || matches!(word, "meta" | "ct" | "rt" | "fib" | "socket" | "ipsec" | "osf")
            || (self.is("@") && self.is_raw_payload())
    }

    /// A selector, which must come next.
    pub(super) fn selector(&mut self) -> Parsed<Expr> {
        let from = self.place();
        let first = self.word();
        if META_KEYS.contains(&first) {
            self.bump();
            return Ok(selector_of("meta", first));
        }
        if let "jhash" | "symhash" | "numgen" = first {
            return self.generator();
        }
        self.bump();
        match first {
            "meta" => return Ok(selector_of("meta", self.name("a key of `meta`")?)),
            "ct" => self.ct_key()?,
            "rt" => drop(self.eat_any(&["ip", "ip6"]) | self.key()?),
            "socket" => {
                self.key()?;
                self.eat("level").then(|| self.bump());
            }
            "fib" => self.fib()?,
            "ipsec" => self.ipsec()?,
            "osf" => {
                self.eat("ttl").then(|| self.bump());
                self.key()?;
            }
            _ => return self.header(from, first),
        }
        let text = self.text_since(from);
        Ok(if &*text == "ct state" { Expr::Field(Field::State) } else { Expr::Selector(text) })
    }

    fn key(&mut self) -> Parsed<bool> {
        self.name("what is looked at").map(|_| true)
    }

    fn ct_key(&mut self) -> Parsed<()> {
        self.eat_any(&["original", "reply"]);
        self.eat_any(&["ip", "ip6"]);
        self.key().map(drop)
    }

    /// `fib saddr . iif oif`
    fn fib(&mut self) -> Parsed<()> {
        self.key()?;
        while self.eat(".") {
            self.key()?;
        }
        self.key().map(drop)
    }

    /// `ipsec in spnum 1 reqid`
    fn ipsec(&mut self) -> Parsed<()> {
        self.key()?;
        self.eat("spnum").then(|| self.bump());
        self.eat_any(&["ip", "ip6"]);
        self.key().map(drop)
    }

    fn header(&mut self, from: usize, header: &str) -> Parsed<Expr> {
        match (header, self.word()) {
            ("tcp" | "ip" | "dccp", "option") | ("sctp", "chunk") => {
                self.bump();
                self.option()?;
            }
            ("arp" | "vxlan" | "geneve" | "gre" | "gretap", _) if HEADERS.contains(&self.ahead(1)) => {
                self.bump();
                self.key()?;
            }
            ("arp", "saddr" | "daddr") => {
                self.bump();
                self.key()?;
            }
            ("vxlan" | "geneve" | "gre" | "gretap", inner) if HEADERS.contains(&inner) => {
                self.bump();
                self.key()?;
            }
            (_, key) => {
                self.key()?;
                if let Some(field) = Field::of(header, key) {
                    return Ok(Expr::Field(field));
                }
                self.index();
            }
        }
        Ok(Expr::Selector(self.text_since(from)))
    }

    fn option(&mut self) -> Parsed<()> {
        if self.eat("@") {
            return self.raw();
        }
        self.key()?;
        if OPTION_PARTS.contains(&self.word()) {
            self.bump();
        }
        Ok(())
    }

    /// `[1]`
    fn index(&mut self) {
        if self.eat("[") {
            self.bump();
            self.eat("]");
        }
    }

    /// Whether `@` begins a raw payload expression: `@th,16,16`.
    pub(super) fn is_raw_payload(&self) -> bool {
        matches!(self.ahead(1), "ll" | "nh" | "th" | "ih") && self.ahead(2) == ","
    }

    /// `@th,16,16`
    pub(super) fn raw_payload(&mut self) -> Parsed<Expr> {
        let from = self.place();
        self.bump();
        self.raw()?;
        Ok(raw_selector(self.text_since(from)))
    }

    fn raw(&mut self) -> Parsed<()> {
        self.key()?;
        for _ in 0..2 {
            self.expect(",")?;
            self.number::<u32>("a number of bits")?;
        }
        Ok(())
    }

    /// `numgen random mod 4 offset 1`, `jhash ip saddr . tcp dport mod 2 seed 1`
    fn generator(&mut self) -> Parsed<Expr> {
        let from = self.place();
        match self.bump().map(|token| token.text) {
            Some("jhash") => drop(self.left()?),
            Some("numgen") => drop(self.key()?),
            _ => {}
        }
        while self.eat_any(&["mod", "seed", "offset"]) {
            self.key()?;
        }
        Ok(Expr::Selector(self.text_since(from)))
    }
}

/// The selector of raw payload; what `th` calls ports are those bits.
pub(super) fn raw_selector(text: Box<str>) -> Expr {
    match &*text {
        "@ th , 0 , 16" => Expr::Field(Field::SourcePort(Layer::Any)),
        "@ th , 16 , 16" => Expr::Field(Field::DestinationPort(Layer::Any)),
        _ => Expr::Selector(text),
    }
}

/// The selector of two words.
pub(super) fn selector_of(header: &str, key: &str) -> Expr {
    match Field::of(header, key) {
        Some(field) => Expr::Field(field),
        None => Expr::Selector(format!("{header} {key}").into()),
    }
}
