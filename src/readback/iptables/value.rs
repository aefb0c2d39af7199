//! Words that are addresses, ports, protocols and interfaces.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::number;
use crate::packet::{Family, IntervalSet};
use crate::readback::{InterfacePattern, names};

/// What a word is that should be a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<T> {
    /// It is one.
    Known(T),
    /// It may be the name of one.
    Name,
    /// It is none: why, in a few words.
    Wrong(&'static str),
}

/// The addresses of a prefix and its length.
pub(super) type Prefix = (IntervalSet<u128>, u8);

/// `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0/16`, `2001:db8::/32`, or a name. Bits behind the mask do not count.
pub(super) fn prefix(word: &str, family: Family) -> Value<Prefix> {
    let (host, mask) = word.split_once('/').map_or((word, None), |(host, mask)| (host, Some(mask)));
    let length = match mask.map(|mask| length(mask, family)) {
        None => Some(bits(family)),
        Some(Some(length)) => Some(length),
        Some(None) if mask.is_some_and(|mask| is_mask(mask, family)) => None,
        Some(None) => return Value::Wrong("no prefix length and no mask"),
    };
    match (address(host, family), length) {
        (_, Some(0)) => Value::Known((family.every_address(), 0)),
        (Some(address), Some(length)) => Value::Known((around(number(address), length, family), length)),
        // A mask with holes, or a name that is looked up when rules are loaded.
        (Some(_), None) => Value::Name,
        (None, _) if may_be_name(host) => Value::Name,
        (None, _) => Value::Wrong("no address of this family"),
    }
}

/// `10.0.0.1-10.0.0.9`, or one address.
pub(super) fn range(word: &str, family: Family) -> Value<IntervalSet<u128>> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    match (address(first, family), address(last, family)) {
        (Some(first), Some(last)) if number(first) > number(last) => {
            Value::Wrong("a range that ends before it starts")
        }
        (Some(first), Some(last)) => Value::Known(IntervalSet::range(number(first), number(last))),
        _ => Value::Wrong("no addresses of this family"),
    }
}

/// How long an address is.
pub(super) const fn bits(family: Family) -> u8 {
    match family {
        Family::V4 => 32,
        Family::V6 => 128,
    }
}

/// One address; those of IPv4 may leave pieces out at the end, and a piece that starts with 0 is octal.
pub(super) fn address(word: &str, family: Family) -> Option<IpAddr> {
    match family {
        Family::V4 => dotted(word).map(IpAddr::V4),
        Family::V6 => word.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
    }
}

fn is_mask(word: &str, family: Family) -> bool {
    word.contains(['.', ':']) && address(word, family).is_some()
}

fn dotted(word: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let mut pieces = word.split('.');
    for (octet, piece) in octets.iter_mut().zip(pieces.by_ref()) {
        *octet = u8::try_from(integer(piece)?).ok()?;
    }
    pieces.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// A number as C reads it: decimal, `0x` hexadecimal, `0` octal.
pub(super) fn integer(word: &str) -> Option<u64> {
    let digits = |digits: &str, radix| {
        let plain = !digits.is_empty() && digits.chars().all(|char| char.is_digit(radix));
        plain.then(|| u64::from_str_radix(digits, radix).ok()).flatten()
    };
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(hexadecimal) => digits(hexadecimal, 16),
        None if word.len() > 1 && word.starts_with('0') => digits(word, 8),
        None => digits(word, 10),
    }
}

/// The length of a prefix from a number or a mask without holes.
fn length(mask: &str, family: Family) -> Option<u8> {
    if !mask.contains(['.', ':']) {
        return mask.parse().ok().filter(|&length| length <= bits(family));
    }
    let unused = 128 - u32::from(bits(family));
    let mask = number(address(mask, family)?) << unused;
    let ones = mask.leading_ones();
    let whole = ones == 128 || mask << ones == 0;
    whole.then(|| u8::try_from(ones).ok()).flatten()
}

fn around(address: u128, length: u8, family: Family) -> IntervalSet<u128> {
    let free = u32::from(bits(family).saturating_sub(length));
    let host = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    IntervalSet::range(address & !host, address | host)
}

fn may_be_name(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_alphabetic())
        && word.chars().all(|char| char.is_ascii_alphanumeric() || "-._".contains(char))
}

/// A port by its number or name.
pub(super) fn port(word: &str) -> Value<u16> {
    match integer(word) {
        Some(number) => u16::try_from(number).map_or(Value::Wrong("no port"), Value::Known),
        None => match names::port(word) {
            Some(port) => Value::Known(port),
            None if may_be_name(word) => Value::Name,
            None => Value::Wrong("no port"),
        },
    }
}

/// `25`, `1000:2000`, `:1023`, `1024:`.
pub(super) fn ports(word: &str, separator: char) -> Value<(u16, u16)> {
    let Some((first, last)) = word.split_once(separator) else {
        return match port(word) {
            Value::Known(port) => Value::Known((port, port)),
            Value::Name => Value::Name,
            Value::Wrong(why) => Value::Wrong(why),
        };
    };
    let end = |word: &str, open| if word.is_empty() { Value::Known(open) } else { port(word) };
    match (end(first, 0), end(last, u16::MAX)) {
        (Value::Known(first), Value::Known(last)) if first > last => {
            Value::Wrong("a range that ends before it starts")
        }
        (Value::Known(first), Value::Known(last)) => Value::Known((first, last)),
        (Value::Wrong(why), _) | (_, Value::Wrong(why)) => Value::Wrong(why),
        _ => Value::Name,
    }
}

/// A protocol by its number or name; 0 stands for all.
pub(super) fn protocol(word: &str) -> Value<u8> {
    match integer(word) {
        Some(number) => u8::try_from(number).map_or(Value::Wrong("no protocol"), Value::Known),
        None if word.eq_ignore_ascii_case("all") => Value::Known(0),
        None => names::protocol(&word.to_ascii_lowercase()).map_or(Value::Name, Value::Known),
    }
}

/// `eth0`, or `eth+` for all whose names begin so.
pub(super) fn interface(word: &str) -> InterfacePattern {
    match word.strip_suffix('+') {
        Some(prefix) => InterfacePattern::Prefix(prefix.to_owned()),
        None => InterfacePattern::Name(word.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(word: &str) -> Option<(u128, u128)> {
        match prefix(word, Family::V4) {
            Value::Known((set, _)) => set.bounds(),
            _ => None,
        }
    }

    #[test]
    fn prefixes_are_read_as_iptables_reads_them() {
        assert_eq!(v4("10.1.2.3/8"), Some((0x0a00_0000, 0x0aff_ffff)));
        assert_eq!(v4("10.1.2.3/255.255.0.0"), Some((0x0a01_0000, 0x0a01_ffff)));
        assert_eq!(v4("10/8"), Some((0x0a00_0000, 0x0aff_ffff)));
        assert_eq!(v4("010.0.0.1"), Some((0x0800_0001, 0x0800_0001)));
        assert_eq!(v4("anything/0"), Some((0, 0xffff_ffff)));
        assert_eq!(prefix("10.0.0.1/255.0.255.0", Family::V4), Value::Name);
        assert_eq!(prefix("mail.example.net", Family::V4), Value::Name);
        assert!(matches!(prefix("10.0.0.0/33", Family::V4), Value::Wrong(_)));
        assert!(matches!(prefix("10.0.0.256", Family::V4), Value::Wrong(_)));
        assert!(matches!(prefix("::1", Family::V4), Value::Wrong(_)));
        assert_eq!(
            prefix("2001:db8::1/ffff:ffff::", Family::V6),
            Value::Known((IntervalSet::range(0x2001_0db8 << 96, (0x2001_0db9 << 96) - 1), 32))
        );
    }

    #[test]
    fn ranges_have_two_ends_or_one() {
        assert_eq!(ports("1000:2000", ':'), Value::Known((1000, 2000)));
        assert_eq!(ports(":1023", ':'), Value::Known((0, 1023)));
        assert_eq!(ports("smtp:", ':'), Value::Known((25, 65535)));
        assert!(matches!(ports("2:1", ':'), Value::Wrong(_)));
        assert!(matches!(ports("65536", ':'), Value::Wrong(_)));
        assert_eq!(ports("nosuchname", ':'), Value::Name);
        assert_eq!(
            range("10.0.0.1-10.0.0.9", Family::V4),
            Value::Known(IntervalSet::range(0x0a00_0001, 0x0a00_0009))
        );
        assert!(matches!(range("10.0.0.9-10.0.0.1", Family::V4), Value::Wrong(_)));
    }

    #[test]
    fn interfaces_end_in_a_plus_when_they_are_many() {
        assert_eq!(interface("eth+"), InterfacePattern::Prefix("eth".to_owned()));
        assert_eq!(interface("eth0"), InterfacePattern::Name("eth0".to_owned()));
    }
}
