//! Days of the calendar.

use jiff::civil::Date;

use super::fault::Fault;
use super::reader::{Reader, Value};
use crate::source::quoted;

impl<'t> Reader<'t> {
    /// A day.
    pub(super) fn date(&mut self, value: Value<'t>) -> Option<Date> {
        self.parsed(value, "a date like `2027-03-31`", date)
    }
}

/// A day of the calendar, written `YYYY-MM-DD` and in no other way.
pub(super) fn date(text: &str) -> Result<Date, Fault> {
    let fault =
        |title: &str, help: &str| Fault::new("not-a-date", format!("{} {title}", quoted(text))).help(help);
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let shape = (year.and_then(number::<4>), month.and_then(number::<2>), day.and_then(number::<2>));
    let ((Some(year), Some(month), Some(day)), None) = (shape, parts.next()) else {
        return Err(fault("is not a date", "write it as year, month and day: `2027-03-31`"));
    };
    let narrow = |number: i16| i8::try_from(number).unwrap_or(i8::MAX);
    Date::new(year, narrow(month), narrow(day))
        .map_err(|_| fault("is not a day of the calendar", "check the month and the day"))
}

/// A number of exactly so many digits.
fn number<const DIGITS: usize>(text: &str) -> Option<i16> {
    let digits = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert!(date("2028-02-29").is_ok());
        for text in ["2027-02-29", "2027-13-01", "2027-00-01", "2027-01-32"] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_have_one_spelling() {
        for text in ["27-01-01", "2027-1-1", "20270101", "2027-01-01T00:00", "+027-01-01", "2027/01/01", ""] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
