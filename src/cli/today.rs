//! The one place that reads the clock, and days as people name them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day to judge dates by: the one asked for, else the current day in UTC.
#[expect(clippy::disallowed_methods, reason = "the clock is read here and nowhere else")]
pub(super) fn today(asked: Option<Date>) -> Date {
    asked.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date())
}

/// The day that an option names.
///
/// # Errors
/// Says how days are written, or that there is no such day.
pub(super) fn day(written: &str) -> Result<Date, String> {
    let looks_right = written.split('-').map(str::len).eq([4, 2, 2]);
    let reason =
        if looks_right { "there is no such day" } else { "a day is written YYYY-MM-DD, such as 2026-11-26" };
    written.parse().map_err(|_| reason.to_owned())
}
