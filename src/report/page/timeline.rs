//! Exceptions on a line of time.

use jiff::civil::Date;
use serde::Serialize;

use super::months::{Tick, ticks};
use super::told::{Piece, pieces, place};
use crate::lint::{Permission, Standing};
use crate::source::Sources;

/// How wide the line is, in pixels of the picture.
const WIDTH: i32 = 640;
/// Where it begins: room for names to its left.
const LEFT: i32 = 48;
/// How high a row is.
const ROW: i32 = 30;
/// Room for the names of months above the rows.
const TOP: i32 = 34;
/// Days of room at both ends.
const SPARE: i32 = 14;

/// All exceptions, and a picture of them.
#[derive(Debug, Serialize)]
pub(super) struct Timeline {
    exceptions: Vec<Granted>,
    /// None if no exception has an end.
    picture: Option<Picture>,
}

/// An exception.
#[derive(Debug, Serialize)]
struct Granted {
    number: usize,
    about: Vec<Piece>,
    checks: Vec<String>,
    state: &'static str,
    /// `ends in 12 days`.
    left: String,
    since: Option<String>,
    expires: Option<String>,
    owner: Option<String>,
    ticket: Option<String>,
    reason: Option<String>,
    place: String,
}

/// Numbers for the picture, in pixels.
#[derive(Debug, Serialize)]
struct Picture {
    width: i32,
    height: i32,
    bottom: i32,
    today: i32,
    ticks: Vec<Tick>,
    bars: Vec<Bar>,
}

/// An exception in the picture.
#[derive(Debug, Serialize)]
struct Bar {
    number: usize,
    x: i32,
    y: i32,
    width: i32,
    state: &'static str,
    /// Whether nobody wrote when it was granted.
    is_open: bool,
    label: String,
    middle: i32,
}

/// The exceptions of a policy as on a day, what ends first coming first.
pub(super) fn timeline(permissions: &[Permission], sources: &Sources, today: Date) -> Timeline {
    let numbered = || (1_usize..).zip(permissions);
    Timeline {
        exceptions: numbered().map(|(number, one)| granted(number, one, sources)).collect(),
        picture: picture(&numbered().collect::<Vec<_>>(), today),
    }
}

fn granted(number: usize, one: &Permission, sources: &Sources) -> Granted {
    Granted {
        number,
        about: pieces(&one.about),
        checks: one.checks.clone(),
        state: state(one.standing),
        left: left(one.standing),
        since: one.granted.map(|day| day.to_string()),
        expires: one.expires.map(|day| day.to_string()),
        owner: one.owner.clone(),
        ticket: one.ticket.clone(),
        reason: one.reason.clone(),
        place: place(sources, one.site),
    }
}

fn left(standing: Standing) -> String {
    match standing {
        Standing::Incomplete => "incomplete: it covers nothing".to_owned(),
        Standing::Ended => "ended".to_owned(),
        Standing::Holds(0) => "its last day".to_owned(),
        Standing::Holds(1) => "1 day left".to_owned(),
        Standing::Holds(days) => format!("{days} days left"),
    }
}

/// From how few days on an exception ends soon.
const SOON: i32 = 30;

const fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Incomplete => "incomplete",
        Standing::Ended => "ended",
        Standing::Holds(days) if days <= SOON => "ending",
        Standing::Holds(_) => "holding",
    }
}

fn picture(permissions: &[(usize, &Permission)], today: Date) -> Option<Picture> {
    let ending = || permissions.iter().filter_map(|(number, one)| Some((*number, *one, one.expires?)));
    let days = || ending().flat_map(|(_, one, last)| [one.granted.unwrap_or(last), last]).chain([today]);
    ending().next()?;
    let scale = Scale::of(days().min()?, days().max()?);
    let bars: Vec<Bar> = (0..)
        .zip(ending())
        .map(|(row, (number, one, last))| {
            let first = one.granted.map(|day| scale.at(day));
            let (x, end) = (first.unwrap_or(LEFT), scale.at(last));
            let y = TOP + row * ROW + 6;
            Bar {
                number,
                x,
                y,
                width: (end - x).max(3),
                state: state(one.standing),
                is_open: first.is_none(),
                label: format!("{}, until {last}: {}", one.about.replace('`', ""), left(one.standing)),
                middle: y + 13,
            }
        })
        .collect();
    let bottom = TOP + ROW * i32::try_from(bars.len()).unwrap_or(i32::MAX / ROW / 2);
    Some(Picture {
        width: LEFT + WIDTH + 12,
        height: bottom + 24,
        bottom,
        today: scale.at(today),
        ticks: ticks(scale.first, scale.last, |day| scale.at(day)),
        bars,
    })
}

/// Days on the line.
struct Scale {
    first: Date,
    last: Date,
    days: i32,
}

impl Scale {
    fn of(first: Date, last: Date) -> Self {
        let spare = jiff::Span::new().days(SPARE);
        let first = first.checked_sub(spare).unwrap_or(first);
        let last = last.checked_add(spare).unwrap_or(last);
        Self { first, last, days: between(first, last).max(1) }
    }

    fn at(&self, day: Date) -> i32 {
        let share = i64::from(between(self.first, day)) * i64::from(WIDTH) / i64::from(self.days);
        LEFT + i32::try_from(share).unwrap_or(WIDTH)
    }
}

fn between(first: Date, last: Date) -> i32 {
    first.until(last).map_or(0, |span| span.get_days())
}
