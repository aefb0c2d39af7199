//! Logging, and how often at most.

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
    /// The limit where `log: true` names none: five a second, ten at once.
    pub const DEFAULT: Self = Self { rate: Rate { count: 5, per: RatePer::Second, burst: 10 } };
}

impl Rate {
    /// The burst where a rate names none; nft and iptables use the same.
    pub const DEFAULT_BURST: u32 = 5;
}
