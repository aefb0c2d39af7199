//! Logging, how often at most, and what it is called in the log.

use super::Name;
use super::name::shortened;

/// That packets are logged, and how often at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Log {
    /// The limit; every log has one, since an unlimited log is a way to fill a disk.
    pub rate: Rate,
}

/// How often something may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    /// How many; at least 1.
    pub count: u32,
    /// In which time.
    pub per: RatePer,
    /// How many at once before the rate counts; at least 1.
    pub burst: u32,
}

/// A unit of time for [`Rate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RatePer {
    /// Per second.
    Second,
    /// Per minute.
    Minute,
    /// Per hour.
    Hour,
    /// Per day.
    Day,
}

words!(RatePer, Second = "second", Minute = "minute", Hour = "hour", Day = "day");

impl Log {
    /// What stands for a log without a limit in a ruleset that somebody else wrote.
    pub const UNLIMITED: Self =
        Self { rate: Rate { count: u32::MAX, per: RatePer::Second, burst: u32::MAX } };

    /// Bytes of a log prefix of iptables: `char prefix[30]` in `xt_LOG.h`; longer ones are cut without a word. The other
    /// targets have room for every name.
    pub const LONGEST_PREFIX: usize = 29;
    /// What stands between the name in a prefix and the packet.
    pub const PREFIX_END: &'static str = ": ";

    /// What the log of iptables calls a rule: its id, or the start of a long one with a hash of the whole.
    #[must_use]
    pub fn iptables_name(id: &Name) -> String {
        shortened(id.as_str(), Self::LONGEST_PREFIX - Self::PREFIX_END.len())
    }

    /// The limit where `log: true` names none: five a second, ten at once.
    pub const DEFAULT: Self = Self { rate: Rate { count: 5, per: RatePer::Second, burst: 10 } };
}

impl Rate {
    /// How many in a second, rounded down.
    #[must_use]
    pub fn per_second(self) -> u32 {
        let seconds = match self.per {
            RatePer::Second => 1,
            RatePer::Minute => 60,
            RatePer::Hour => 3_600,
            RatePer::Day => 86_400,
        };
        self.count / seconds
    }

    /// The burst where a rate names none; nft and iptables use the same.
    pub const DEFAULT_BURST: u32 = 5;

    /// The same rate in the smallest unit in which it is a whole number: 60 in a minute are one in a second, as
    /// `iptables-save` writes it.
    #[must_use]
    pub const fn in_smallest_unit(self) -> Self {
        let (smaller, times) = match self.per {
            RatePer::Second => return self,
            RatePer::Minute => (RatePer::Second, 60),
            RatePer::Hour => (RatePer::Minute, 60),
            RatePer::Day => (RatePer::Hour, 24),
        };
        if !self.count.is_multiple_of(times) {
            return self;
        }
        Self { count: self.count / times, per: smaller, ..self }.in_smallest_unit()
    }
}
