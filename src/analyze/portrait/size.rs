//! How much a box holds.

use std::fmt;

use super::scene::Scene;
use crate::model::Addresses;
use crate::packet::{Family, Hook, IntervalSet, TCP, UDP};

/// How many addresses and ports a box has. The [`Display`](fmt::Display) form is `65,536 × 1 addresses, 2 ports`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many IPv4 addresses; none if it has no IPv4 packets.
    pub v4: Option<Extent>,
    /// How many IPv6 addresses; none if it has no IPv6 packets.
    pub v6: Option<Extent>,
    /// How many destination ports of TCP and UDP together: 0 to 131,072.
    pub ports: u32,
}

/// How many addresses of one family a box has on each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Source addresses, 2¹²⁸ − 1 for all of IPv6; none where the source is this machine.
    pub sources: Option<u128>,
    /// Destination addresses, 2¹²⁸ − 1 for all of IPv6; none where the destination is this machine.
    pub destinations: Option<u128>,
}

/// Every port of TCP and of UDP.
const EVERY_PORT: u32 = 2 << 16;

/// Larger numbers are said as powers of two: nobody reads 25 digits.
const LARGEST_WRITTEN: u128 = 1 << 40;

impl Size {
    pub(super) fn of(scene: &Scene) -> Self {
        let extent = |family: Family| {
            scene.families.contains(&family).then(|| Extent {
                sources: (scene.hook != Hook::Output).then(|| addresses(&scene.source, family)),
                destinations: (scene.hook != Hook::Input).then(|| addresses(&scene.destination, family)),
            })
        };
        Self { v4: extent(Family::V4), v6: extent(Family::V6), ports: ports(&scene.transport) }
    }

    fn families(&self) -> impl Iterator<Item = (Family, Extent)> {
        let both = [(Family::V4, self.v4), (Family::V6, self.v6)];
        both.into_iter().filter_map(|(family, extent)| Some((family, extent?)))
    }
}

fn addresses(addresses: &Addresses, family: Family) -> u128 {
    let runs = addresses.of(family).intervals().iter();
    runs.fold(0, |all, (first, last)| all.saturating_add((last - first).saturating_add(1)))
}

fn ports(transport: &IntervalSet<u32>) -> u32 {
    let with_ports = [TCP, UDP].map(|protocol| transport.intersect(&super::scene::protocol(protocol)));
    with_ports.iter().flat_map(IntervalSet::intervals).map(|(first, last)| last - first + 1).sum()
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.addresses())?;
        match self.ports {
            0 => Ok(()),
            1 => f.write_str(", 1 port"),
            EVERY_PORT => f.write_str(", every port"),
            ports => write!(f, ", {} ports", grouped(ports.into())),
        }
    }
}

impl Size {
    fn addresses(&self) -> String {
        let families: Vec<(Family, Extent)> = self.families().collect();
        match families.as_slice() {
            [(Family::V4, v4), (Family::V6, v6)] if v4.is_every(Family::V4) && v6.is_every(Family::V6) => {
                "every address".to_owned()
            }
            [(family, extent)] => extent.words(*family, "address"),
            both => {
                let words = both
                    .iter()
                    .map(|(family, extent)| extent.words(*family, &format!("{} address", family.name())));
                words.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

impl Extent {
    fn sides(self) -> impl Iterator<Item = u128> {
        [self.sources, self.destinations].into_iter().flatten()
    }

    fn is_every(self, family: Family) -> bool {
        self.sides().all(|side| is_every(family, side))
    }

    /// `65,536 × 1 addresses`, with the noun in the singular; `65,536 × every IPv4 address`.
    fn words(self, family: Family, noun: &str) -> String {
        let every = format!("every {} address", family.name());
        let word = |side| if is_every(family, side) { every.clone() } else { number(side) };
        let plain = !self.sides().any(|side| is_every(family, side));
        let words: Vec<String> = self.sides().map(word).collect();
        match words.join(" × ") {
            _ if self.is_every(family) => every,
            words if plain && self.sides().all(|side| side == 1) => format!("{words} {noun}"),
            words if plain => format!("{words} {noun}es"),
            words => words,
        }
    }
}

fn is_every(family: Family, number: u128) -> bool {
    match family {
        Family::V4 => number == 1 << 32,
        Family::V6 => number == u128::MAX,
    }
}

fn number(number: u128) -> String {
    match number {
        ..=LARGEST_WRITTEN => grouped(number),
        _ if number.is_power_of_two() => format!("2^{}", number.ilog2()),
        _ => format!("some 2^{}", number.ilog2()),
    }
}

/// `65,536`.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
