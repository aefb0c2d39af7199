//! Months below a line of time.

use jiff::civil::Date;
use serde::Serialize;

/// The most months that are named; fewer on a longer line.
const MOST: usize = 8;
/// How many months may lie between two that are named.
const STEPS: [i32; 7] = [1, 2, 3, 6, 12, 60, 120];

/// A month that is named.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Tick {
    /// Where it begins.
    x: i32,
    /// `2026-11`.
    text: String,
}

/// Months on a line, at most a handful.
pub(super) fn ticks(first: Date, last: Date, at: impl Fn(Date) -> i32) -> Vec<Tick> {
    let months = |step: i32| -> Vec<Date> {
        let index = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        let range = index(first)..=index(last);
        range.filter(|month| month % step == 0).filter_map(beginning).filter(|&day| day >= first).collect()
    };
    let steps = STEPS.into_iter().chain((2..).map(|decades| decades * 120));
    let fitting = steps.map(months).find(|months| months.len() <= MOST).unwrap_or_default();
    let tick = |day: Date| Tick { x: at(day), text: format!("{:04}-{:02}", day.year(), day.month()) };
    fitting.into_iter().map(tick).collect()
}

/// The first day of a month, by its number since year 0.
fn beginning(month: i32) -> Option<Date> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let month = i8::try_from(month.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn named(first: Date, last: Date) -> Vec<String> {
        ticks(first, last, |_| 0).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn a_handful_of_months_is_named() {
        assert_eq!(named(date(2026, 11, 2), date(2027, 2, 1)), ["2026-12", "2027-01", "2027-02"]);
        assert_eq!(named(date(2026, 1, 1), date(2027, 6, 1)).len(), 6);
        assert!((2..=MOST).contains(&named(date(1, 1, 1), date(9999, 12, 31)).len()));
    }
}
