//! A table around the filter that notes which packets come to it and which leave it. Its chains stand far before and
//! far behind priority 0, where the filters of nftables and of iptables are, and around their neighbours.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

use serde_json::Value;

use super::bytes::TTL;
use super::case::{Sender, Shot};
use super::gateway::Gateway;
use crate::kernel::namespace::Namespace;
use crate::pf::{Path, Wire};

/// The id of the packet that is sent last.
const LAST: u16 = u16::MAX;

/// The lower bits of the flow label.
const LABEL: &str = "@nh,16,16";

/// A packet at a hook.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    pub(super) id: u16,
    /// Empty where there is none.
    incoming: String,
    outgoing: String,
}

impl Sighting {
    /// The way it was on.
    pub(super) fn path(&self) -> Path {
        let [from, to] = [&self.incoming, &self.outgoing].map(|name| match name.as_str() {
            "lo" => "lo0".to_owned(),
            name => name.to_owned(),
        });
        match (from.is_empty(), to.is_empty()) {
            (false, true) => Path::Input(from),
            (true, false) => Path::Output(to),
            _ => Path::Forward(from, to),
        }
    }
}

/// Lets the witness look.
pub(super) fn post(space: &Namespace) {
    let stages = [("arrived", -500), ("passed", 500)];
    let table = stages.map(|(stage, priority)| {
        let hooks = ["input", "forward", "output"].map(|hook| chain(stage, hook, priority));
        set(stage, "v4", "ip id") + &set(stage, "v6", LABEL) + &hooks.concat()
    });
    space.feed("nft -f -", &format!("table inet witness {{\n{}}}\n", table.concat()));
}

/// What holds the ids that a stage has seen.
fn set(stage: &str, family: &str, id: &str) -> String {
    format!("set {stage}_{family} {{ typeof {id} . iifname . oifname; flags dynamic; size 65535; }}\n")
}

/// What fills these sets. Forwarding takes one from the time to live before the hook.
fn chain(stage: &str, hook: &str, priority: i32) -> String {
    let ttl = format!("{{ {}, {TTL} }}", TTL - 1);
    format!(
        "chain {stage}_{hook} {{
            type filter hook {hook} priority {priority}; policy accept;
            ip ttl {ttl} add @{stage}_v4 {{ ip id . iifname . oifname }}
            ip6 hoplimit {ttl} add @{stage}_v6 {{ {LABEL} . iifname . oifname }}
        }}\n"
    )
}

/// What came to the filter of all that was sent.
pub(super) fn arrived(gateway: &Gateway) -> BTreeSet<Sighting> {
    gateway.send(&last(gateway.first_interface()));
    for _ in 0..1_000 {
        let seen = seen(&gateway.space, "arrived");
        if seen.iter().any(|sighting| sighting.id == LAST) {
            return seen;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the last packet never came to the filter");
}

/// What left the filter.
pub(super) fn passed(gateway: &Gateway) -> BTreeSet<Sighting> {
    seen(&gateway.space, "passed")
}

/// A packet that comes to the filter whatever the addresses and routes are.
fn last(interface: &str) -> Shot {
    let packet = Wire {
        source: Ipv4Addr::new(203, 0, 113, 77).into(),
        destination: Ipv4Addr::LOCALHOST.into(),
        protocol: 253,
        source_port: 0,
        destination_port: 0,
        flags: 0,
        kind: (0, 0),
        about: None,
    };
    Shot { id: LAST, packet, from: Sender::Outside(interface.to_owned()) }
}

fn seen(space: &Namespace, stage: &str) -> BTreeSet<Sighting> {
    let sets =
        ["v4", "v6"].map(|family| space.run(&format!("nft -j list set inet witness {stage}_{family}")));
    sets.iter().flat_map(|listing| sightings(listing)).collect()
}

fn sightings(listing: &str) -> Vec<Sighting> {
    let listing: Value = serde_json::from_str(listing).expect("nft writes JSON");
    let objects = listing["nftables"].as_array().expect("a list of objects");
    let elements = objects.iter().filter_map(|object| object["set"]["elem"].as_array()).flatten();
    elements.map(|element| sighting(element).unwrap_or_else(|| panic!("what is {element}?"))).collect()
}

fn sighting(element: &Value) -> Option<Sighting> {
    let [id, incoming, outgoing] = element["concat"].as_array()?.as_slice() else { return None };
    let id = u16::try_from(id.as_u64()?).ok()?;
    Some(Sighting { id, incoming: incoming.as_str()?.to_owned(), outgoing: outgoing.as_str()?.to_owned() })
}
