//! What rule lists of several kinds look like: how often a field is left open, how deep prefixes are, what is asked
//! of ports. The shares are rounded from what is known of lists in use (D. Taylor, J. Turner, "`ClassBench`: A packet
//! classification benchmark", `IEEE/ACM ToN` 15(3), 2007: access lists name many nested prefixes and hardly any
//! source ports, firewalls leave much open, chains lie between); the two hardest kinds are our own.

/// How the rules of one kind look. Every array of shares is weights, not per cent.
#[derive(Debug)]
pub(crate) struct Kind {
    /// What people call such a list.
    pub(crate) name: &'static str,
    /// How many of a hundred rules leave the source open, and how many the destination.
    pub(crate) open: [u32; 2],
    /// How often an address is a region, a site, a network, a subnet, a host.
    pub(crate) depth: [u32; 5],
    /// How many different prefixes there are at each of these levels for a hundred rules, besides a few.
    pub(crate) breadth: [u32; 5],
    /// How often a protocol is TCP, UDP, ICMP, another one, any.
    pub(crate) protocols: [u32; 5],
    /// How often a source port is any, one, a usual range, an arbitrary range.
    pub(crate) source_ports: [u32; 4],
    /// The same for destination ports.
    pub(crate) ports: [u32; 4],
    /// How many of a hundred rules name an interface, and as many the other one.
    pub(crate) interfaces: u32,
    /// The most destinations of one rule, each a box of its own.
    pub(crate) destinations: usize,
}

/// Many specific rules, deep in the tree of prefixes: an access list at the edge of a network.
const ACCESS: Kind = Kind {
    name: "access",
    open: [3, 1],
    depth: [0, 2, 8, 30, 60],
    breadth: [0, 1, 4, 20, 60],
    protocols: [78, 14, 3, 1, 4],
    source_ports: [99, 1, 0, 0],
    ports: [14, 74, 6, 6],
    interfaces: 20,
    destinations: 1,
};

/// Much left open, few prefixes, ports on both sides: a packet filter that grew.
const FIREWALL: Kind = Kind {
    name: "firewall",
    open: [42, 30],
    depth: [1, 8, 30, 41, 20],
    breadth: [0, 1, 2, 6, 12],
    protocols: [55, 27, 6, 3, 9],
    source_ports: [66, 20, 12, 2],
    ports: [22, 58, 15, 5],
    interfaces: 45,
    destinations: 1,
};

/// Between the two: what one chain of a host's packet filter holds.
const CHAIN: Kind = Kind {
    name: "chain",
    open: [14, 10],
    depth: [0, 4, 18, 38, 40],
    breadth: [0, 1, 3, 12, 30],
    protocols: [60, 22, 8, 2, 8],
    source_ports: [82, 12, 5, 1],
    ports: [20, 62, 12, 6],
    interfaces: 35,
    destinations: 1,
};

/// Nearly every rule asks for a range of ports, on both sides, each range another one.
const RANGES: Kind = Kind {
    name: "ranges",
    open: [12, 10],
    depth: [0, 6, 24, 45, 25],
    breadth: [0, 1, 3, 10, 20],
    protocols: [60, 36, 2, 0, 2],
    source_ports: [30, 5, 15, 50],
    ports: [5, 5, 15, 75],
    interfaces: 30,
    destinations: 1,
};

/// Mail policies: few services, and rules that stand for several hosts, each a box of its own.
const MAIL: Kind = Kind {
    name: "mail",
    open: [25, 15],
    depth: [0, 3, 22, 35, 40],
    breadth: [0, 1, 2, 8, 25],
    protocols: [96, 2, 1, 0, 1],
    source_ports: [95, 0, 5, 0],
    ports: [3, 90, 6, 1],
    interfaces: 60,
    destinations: 2,
};

/// A few huge prefixes and wide ranges in every field, so that most rules overlap many others.
const DENSE: Kind = Kind {
    name: "dense",
    open: [15, 15],
    depth: [55, 25, 10, 7, 3],
    breadth: [2, 2, 2, 2, 2],
    protocols: [50, 35, 2, 1, 12],
    source_ports: [30, 2, 18, 50],
    ports: [12, 3, 15, 70],
    interfaces: 40,
    destinations: 1,
};

/// Every kind, in the order of the table.
pub(crate) const ALL: [&Kind; 6] = [&ACCESS, &CHAIN, &FIREWALL, &MAIL, &RANGES, &DENSE];
