//! A random policy with random packets and random routes, the same for the same number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use mailward::lower::lower;
use mailward::model::Policy;
use mailward::parse;
use mailward::source::Sources;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::aim::Aim;
use super::gateway::INTERFACES;
use crate::pf::{OWN, Pool, Wire, is_own, packets, texts};

/// Which interface leads to an address.
pub(super) type Routes = BTreeMap<IpAddr, &'static str>;

/// How many packets are drawn in the hope for one that a rule speaks of.
const TRIES: usize = 24;

/// What is tried on one gateway.
pub(super) struct Case {
    number: u64,
    text: String,
    pub(super) policy: Policy,
    pub(super) sources: Sources,
    pub(super) routes: Routes,
    pub(super) shots: Vec<Shot>,
}

/// A packet on its way to the gateway.
pub(super) struct Shot {
    /// Not 0, and unlike that of any other packet for this gateway.
    pub(super) id: u16,
    pub(super) packet: Wire,
    pub(super) from: Sender,
}

/// Who sends.
#[derive(Clone, Debug)]
pub(super) enum Sender {
    /// Somebody behind an interface.
    Outside(String),
    /// The gateway itself. Where the destination leaves it open, this is the interface to go by.
    Gateway(String),
}

impl Case {
    /// The case of a number, with so many packets.
    pub(super) fn new(number: u64, count: u16) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), random);
        let (text, policy, sources) = policy(&mut runner);
        let pool = Pool::of(&policy);
        let mut random = fastrand::Rng::with_seed(number);
        let ways = pool.addresses().filter(|address| is_routed(*address));
        let routes = ways.map(|address| (address, interface(&mut random))).collect();
        let (packets, aim, mut flows) = (packets(&pool), Aim::new(&policy, &pool, &routes), BTreeSet::new());
        let drawn = (0..).map(|round| {
            // Every other one is aimed, unless rules are rare that speak of such packets.
            let packet = || draw(&packets, &mut runner);
            let mut aimed = std::iter::repeat_with(packet).take(TRIES * (round % 2));
            let aimed = aimed.find_map(|packet| aim.at_a_rule(&packet, &mut random));
            aimed.unwrap_or_else(|| {
                let packet = draw(&packets, &mut runner);
                let from = sender(&packet, &mut random);
                (packet, from)
            })
        });
        let unlike = drawn.filter(|(packet, _)| flows.insert(flow(packet, flows.len())));
        let shots = (1..=count).zip(unlike).map(|(id, (packet, from))| Shot { id, packet, from }).collect();
        Self { number, text, policy, sources, routes, shots }
    }

    /// The packet with that id.
    pub(super) fn shot(&self, id: u16) -> Option<&Shot> {
        self.shots.iter().find(|shot| shot.id == id)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "policy {}:\n{}", self.number, self.text)?;
        writeln!(formatter, "where these addresses are behind these interfaces:\n{:?}", self.routes)
    }
}

fn interface(random: &mut fastrand::Rng) -> &'static str {
    random.choice(&INTERFACES[..]).expect("there are some")
}

/// Somebody who may send a packet. Now and then somebody outside claims to be the gateway.
fn sender(packet: &Wire, random: &mut fastrand::Rng) -> Sender {
    let interface = interface(random).to_owned();
    let is_forged = random.u8(..6) == 0;
    if is_own(packet.source) && !is_forged { Sender::Gateway(interface) } else { Sender::Outside(interface) }
}

/// Any policy with rules that is valid.
fn policy(runner: &mut TestRunner) -> (String, Policy, Sources) {
    let read = |file: &str| {
        let mut sources = Sources::default();
        let policy = lower(parse::text("policy.yaml", file, &mut sources)).policy?;
        Some((file.to_owned(), policy, sources))
    };
    let texts = texts();
    loop {
        let text = draw(&texts, runner).keep(|file| read(file).is_some());
        if text.has_rules()
            && let Some(found) = read(&text.file(None))
        {
            return found;
        }
    }
}

fn draw<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).expect("something").current()
}

/// What connection tracking knows a flow by, in whichever direction. Flows of ICMP differ by their id, so that their
/// number makes them unlike.
fn flow(packet: &Wire, number: usize) -> (u8, [(IpAddr, u16); 2], usize) {
    let mut ends = [(packet.source, packet.source_port), (packet.destination, packet.destination_port)];
    ends.sort_unstable();
    (packet.protocol, ends, if matches!(packet.protocol, 1 | 58) { number } else { 0 })
}

/// Whether an address is one machine's, somewhere else. The first address of a network with routers is that of any of
/// them (RFC 4291 §2.6.1), and so the gateway's.
pub(super) fn is_routed(address: IpAddr) -> bool {
    let unicast = match address {
        IpAddr::V4(address) => {
            let first = address.octets()[0];
            first != 0 && first != 127 && first < 224
        }
        IpAddr::V6(address) => address.segments()[0] >> 13 == 1,
    };
    let networks = OWN.iter().map(|net| net.parse::<IpNet>().expect("an address in a network"));
    let is_any_router = address.is_ipv6() && networks.map(|net| net.network()).any(|first| first == address);
    unicast && !is_own(address) && !is_any_router
}
