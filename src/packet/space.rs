//! Values of packets into ranks and back.

use super::block::{Block, Point};
use super::bounds::HIGHEST;
use super::cube::{protocol, without_ports};
use super::field::Field;
use super::{Bounded, Cube, Family, IntervalSet, Packet, State, States, TCP, UDP, Unknowns};

/// Where boxes of one hook and family begin and end, field by field.
///
/// Between two cuts all values are alike to every box of the list, so the number of cuts before a value stands for it.
/// A box that is not of the list may end between two cuts: its ranks then hold it and a little more, and nothing of
/// that makes a difference to the boxes of the list.
#[derive(Debug)]
pub(super) struct Space {
    source: Cuts<u128>,
    destination: Cuts<u128>,
    transport: Cuts<u32>,
    source_ports: Cuts<u16>,
    incoming: Cuts<u16>,
    outgoing: Cuts<u16>,
    /// TCP, UDP and the protocols without ports: the packets that exist.
    kinds: Vec<Block>,
}

/// Where the values of a field are cut.
#[derive(Debug)]
struct Cuts<T> {
    // INVARIANT: sorted, each once; nothing is cut at the smallest value.
    starts: Vec<T>,
}

impl<T: Bounded> Cuts<T> {
    fn of<'a>(sets: impl Iterator<Item = &'a IntervalSet<T>>) -> Self
    where
        T: 'a,
    {
        let mut starts: Vec<T> = Vec::new();
        for &(first, last) in sets.flat_map(IntervalSet::intervals) {
            starts.extend(Some(first).filter(|&first| first > T::MIN));
            starts.extend(last.next());
        }
        starts.sort_unstable();
        starts.dedup();
        Self { starts }
    }

    fn rank(&self, value: T) -> u32 {
        u32::try_from(self.starts.partition_point(|&start| start <= value)).unwrap_or(HIGHEST)
    }

    fn ranks(&self, set: &IntervalSet<T>) -> IntervalSet<u32> {
        let intervals = set.intervals().iter();
        IntervalSet::from_intervals(intervals.map(|&(first, last)| (self.rank(first), self.rank(last))))
    }

    /// Gives a field of a box the ranks of a set; false if there are none. Most sets are one interval.
    fn put(&self, block: &mut Block, field: Field, set: &IntervalSet<T>) -> bool {
        match set.intervals() {
            [(first, last)] => block.put(field as usize, &[(self.rank(*first), self.rank(*last))]),
            _ => block.put(field as usize, self.ranks(set).intervals()),
        }
    }

    fn values(&self, ranks: &[(u32, u32)]) -> IntervalSet<T> {
        IntervalSet::from_intervals(ranks.iter().map(|ranks| self.interval(*ranks)))
    }

    /// The bits it takes to count the values that disjoint ranks stand for.
    fn bits(&self, ranks: &[(u32, u32)]) -> u32 {
        bits(ranks.iter().map(|ranks| self.interval(*ranks)))
    }

    fn interval(&self, (low, high): (u32, u32)) -> (T, T) {
        let first = low.checked_sub(1).and_then(|at| self.starts.get(at as usize)).copied();
        let last = self.starts.get(high as usize).and_then(|next| next.previous());
        (first.unwrap_or(T::MIN), last.unwrap_or(T::MAX))
    }
}

impl Space {
    /// The cuts of boxes of one family.
    pub(super) fn new<'a>(family: Family, cubes: impl Iterator<Item = &'a Cube> + Clone) -> Self {
        let protocols = [protocol(TCP), protocol(UDP), without_ports(family).clone()];
        let no_port = IntervalSet::single(0);
        let mut space = Self {
            source: Cuts::of(cubes.clone().map(|cube| &cube.source)),
            destination: Cuts::of(cubes.clone().map(|cube| &cube.destination)),
            transport: Cuts::of(cubes.clone().map(|cube| &cube.transport).chain(&protocols)),
            source_ports: Cuts::of(cubes.clone().map(|cube| &cube.source_ports).chain([&no_port])),
            incoming: Cuts::of(cubes.clone().map(|cube| &cube.incoming)),
            outgoing: Cuts::of(cubes.map(|cube| &cube.outgoing)),
            kinds: Vec::new(),
        };
        let [tcp, udp, others] = protocols;
        let every = IntervalSet::full();
        let kinds = [
            (tcp, States::ANY, &every),
            (udp, States::WITHOUT_SYN, &every),
            (others, States::WITHOUT_SYN, &no_port),
        ];
        space.kinds = kinds.into_iter().filter_map(|kind| space.kind(kind)).collect();
        space
    }

    fn kind(
        &self,
        (transport, states, ports): (IntervalSet<u32>, States, &IntervalSet<u16>),
    ) -> Option<Block> {
        let every = || IntervalSet::range(0, HIGHEST);
        let ports = self.source_ports.ranks(ports);
        let fields = [
            every(),
            every(),
            self.transport.ranks(&transport),
            ports,
            every(),
            every(),
            IntervalSet::from_intervals(ranks_of(states)),
        ];
        Block::new(fields, Unknowns::none())
    }

    /// A box in ranks, and a little more where it ends between two cuts; none if it is empty.
    pub(super) fn block(&self, cube: &Cube) -> Option<Block> {
        let mut block = Block::every();
        let is_something = self.source.put(&mut block, Field::Source, &cube.source)
            && self.destination.put(&mut block, Field::Destination, &cube.destination)
            && self.transport.put(&mut block, Field::Transport, &cube.transport)
            && self.source_ports.put(&mut block, Field::SourcePorts, &cube.source_ports)
            && self.incoming.put(&mut block, Field::Incoming, &cube.incoming)
            && self.outgoing.put(&mut block, Field::Outgoing, &cube.outgoing)
            && block.put(Field::States as usize, &ranks_of(cube.states));
        (is_something && block.demand(&cube.unknowns)).then_some(block)
    }

    /// A packet in ranks.
    pub(super) fn point(&self, packet: &Packet) -> Point {
        let ranks = [
            self.source.rank(packet.source),
            self.destination.rank(packet.destination),
            self.transport.rank(packet.transport),
            self.source_ports.rank(packet.source_port),
            self.incoming.rank(packet.incoming),
            self.outgoing.rank(packet.outgoing),
            packet.state as u32,
            0,
        ];
        Point { ranks, unknowns: packet.unknowns.clone() }
    }

    /// The part of a box that ranks of it stand for.
    pub(super) fn part(&self, block: &Block, of: &Cube) -> Cube {
        let [source, destination, transport, source_ports, incoming, outgoing, states] =
            std::array::from_fn(|field| block.intervals(field));
        let states: Vec<State> = states.iter().flat_map(|&(low, high)| states_of(low, high)).collect();
        Cube {
            hook: of.hook,
            family: of.family,
            states: of.states.intersect(States::of(&states)),
            incoming: of.incoming.intersect(&self.incoming.values(&incoming)),
            outgoing: of.outgoing.intersect(&self.outgoing.values(&outgoing)),
            source: of.source.intersect(&self.source.values(&source)),
            destination: of.destination.intersect(&self.destination.values(&destination)),
            transport: of.transport.intersect(&self.transport.values(&transport)),
            source_ports: of.source_ports.intersect(&self.source_ports.values(&source_ports)),
            unknowns: block.unknowns(),
        }
    }

    /// The bits it takes to count the values that ranks of a field stand for.
    pub(super) fn bits(&self, field: usize, ranks: &[(u32, u32)]) -> u32 {
        match Field::ALL.get(field) {
            Some(Field::Source) => self.source.bits(ranks),
            Some(Field::Destination) => self.destination.bits(ranks),
            Some(Field::Transport) => self.transport.bits(ranks),
            Some(Field::SourcePorts) => self.source_ports.bits(ranks),
            Some(Field::Incoming) => self.incoming.bits(ranks),
            Some(Field::Outgoing) => self.outgoing.bits(ranks),
            Some(Field::States) | None => bits(ranks.iter().copied()),
        }
    }

    /// The packets of a box that exist, as disjoint boxes.
    pub(super) fn possible(&self, block: &Block) -> Vec<Block> {
        self.kinds.iter().filter_map(|kind| block.intersect(kind)).collect()
    }
}

/// The bits it takes to count the values of a set.
fn bits<T: Bounded>(intervals: impl Iterator<Item = (T, T)>) -> u32 {
    let lengths = intervals.map(|(first, last)| (last.widen() - first.widen()).saturating_add(1));
    u128::BITS - lengths.fold(0_u128, u128::saturating_add).leading_zeros()
}

fn ranks_of(states: States) -> Vec<(u32, u32)> {
    let mut ranks: Vec<(u32, u32)> = Vec::with_capacity(1);
    for rank in states.iter().map(|state| state as u32) {
        match ranks.last_mut() {
            Some(last) if last.1 + 1 == rank => last.1 = rank,
            _ => ranks.push((rank, rank)),
        }
    }
    ranks
}

fn states_of(low: u32, high: u32) -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(move |&state| (low..=high).contains(&(state as u32)))
}
