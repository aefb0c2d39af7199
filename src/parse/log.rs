//! `log`: whether packets are logged, and how often at most.

use super::fault::Fault;
use super::nearest::did_you_mean;
use super::number::decimal;
use super::reader::{Reader, Value};
use crate::model::{Log, Rate, RatePer};
use crate::source::{Kind, quoted};

/// The keys of a log that is no switch.
pub(super) const KEYS: &[&str] = &["rate", "burst"];

impl<'t> Reader<'t> {
    /// `true`, `false` or `{ rate, burst }`; the inner value is none for `false`.
    #[expect(clippy::option_option, reason = "not understood, off, and on are three different things")]
    pub(super) fn log(&mut self, value: Value<'t>) -> Option<Option<Log>> {
        match value.kind {
            Kind::Mapping(_) => self.limited_log(value).map(Some),
            Kind::Scalar { text, .. } if rate_of(text).is_ok() => {
                let fault = Fault::new("wrong-shape", format!("expected a log, found the rate `{text}`"));
                self.report(fault.help(format!("write `log: {{ rate: {text} }}`")).at(value.site));
                None
            }
            _ => self.boolean(value).map(|on| on.then_some(Log::DEFAULT)),
        }
    }

    fn limited_log(&mut self, value: Value<'t>) -> Option<Log> {
        let fields = self.fields(value, "a log", KEYS)?;
        let burst = fields.get("burst").map(|burst| self.parsed(burst, "a number", count));
        let rate = self.required(&fields, "rate", "say how often: `rate: 10/minute`")?;
        let (count, per) = self.parsed(rate, "a rate like `10/minute`", rate_of)?;
        let burst = burst.unwrap_or(Some(Rate::DEFAULT_BURST))?;
        Some(Log { rate: Rate { count, per, burst } })
    }
}

fn rate_of(text: &str) -> Result<(u32, RatePer), Fault> {
    let Some((number, unit)) = text.split_once('/') else {
        let fault = Fault::new("not-a-rate", format!("{} is not a rate", quoted(text)));
        return Err(fault.help("write a number and a unit: `10/minute`"));
    };
    let per = RatePer::ALL.iter().find(|(_, word)| *word == unit).map(|(per, _)| *per);
    let unknown = || {
        let words: Vec<&str> = RatePer::ALL.iter().map(|(_, word)| *word).collect();
        Fault::new("not-a-rate", format!("{} is not a unit of time", quoted(unit)))
            .help(did_you_mean(long_unit(unit), &words))
    };
    Ok((count(number)?, per.ok_or_else(unknown)?))
}

/// The unit that an abbreviation of other tools stands for.
fn long_unit(unit: &str) -> &str {
    match unit {
        "s" | "sec" => "second",
        "m" | "min" => "minute",
        "h" | "hr" => "hour",
        "d" => "day",
        other => other,
    }
}

/// A number from 1.
fn count(text: &str) -> Result<u32, Fault> {
    let fault = || {
        Fault::new("not-a-number", format!("{} is not a number from 1", quoted(text)))
            .help("write a whole number of packets, 1 or more")
    };
    match decimal(text) {
        Ok(0) => Err(fault()),
        Ok(number) => Ok(number),
        Err(reason) => Err(reason.unwrap_or_else(fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_a_count_and_a_unit() {
        assert_eq!(rate_of("10/minute"), Ok((10, RatePer::Minute)));
        for text in ["0/minute", "10/min", "10 / minute", "10", "/minute", "-1/day", "1.5/day", "010/day"] {
            assert!(rate_of(text).is_err(), "{text}");
        }
    }
}
