//! `-m limit` (`iptables-extensions(8)`).

use super::given::Match;
use super::test::{Lasting, Test, Unknown};
use crate::model::{Rate, RatePer};

/// The rate where none is given.
const DEFAULT: (u32, RatePer) = (3, RatePer::Hour);

/// The rate that a match asks for; none if it is written in another way.
pub(super) fn rate(of: &Match) -> Option<Rate> {
    let mut rate = Rate { count: DEFAULT.0, per: DEFAULT.1, burst: Rate::DEFAULT_BURST };
    for given in &of.options {
        let word = given.values.first().filter(|_| !given.negated)?;
        match given.name.as_str() {
            "limit" => (rate.count, rate.per) = average(&word.text)?,
            "limit-burst" => rate.burst = word.text.parse().ok().filter(|&burst| burst > 0)?,
            _ => return None,
        }
    }
    Some(rate)
}

/// The test of a match: whether the limit is not reached yet changes with every packet.
pub(super) fn test(rate: Rate) -> Test {
    let Rate { count, per, burst } = rate.in_smallest_unit();
    let text = format!("-m limit --limit {count}/{} --limit-burst {burst}", per.name());
    Test::Unknown(Unknown { text, lasting: Lasting::Never })
}

/// `3/hour`; the unit may be cut short, and is a second where there is none.
fn average(word: &str) -> Option<(u32, RatePer)> {
    let (count, unit) = word.split_once('/').unwrap_or((word, "second"));
    let unit = unit.to_ascii_lowercase();
    let units = [RatePer::Second, RatePer::Minute, RatePer::Hour, RatePer::Day];
    let per = units.into_iter().find(|per| !unit.is_empty() && per.name().starts_with(&unit))?;
    Some((count.parse().ok().filter(|&count| count > 0)?, per))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_may_be_cut_short() {
        assert_eq!(average("5/sec"), Some((5, RatePer::Second)));
        assert_eq!(average("12/m"), Some((12, RatePer::Minute)));
        assert_eq!(average("7"), Some((7, RatePer::Second)));
        assert_eq!(average("0/sec"), None);
        assert_eq!(average("5/week"), None);
    }

    #[test]
    fn equal_rates_are_one_condition() {
        let rate = |count, per| test(Rate { count, per, burst: 5 });
        assert_eq!(rate(7200, RatePer::Hour), rate(2, RatePer::Second));
        assert_ne!(rate(90, RatePer::Minute), rate(1, RatePer::Second));
    }
}
