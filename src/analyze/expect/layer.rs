//! Which of those who decide packets an expectation is about.

use super::part::Source;
use crate::model::{BaselinePart, Entry, Origin};

/// Groups of entries, in the order in which an expectation asks them. It is about the first group that decides any
/// packet of a part; what the later ones decide is set aside.
///
/// The order of deciding is another one: the baseline comes before the rules. But who writes `allow` from the
/// internet to a server does not mean forged sources, and who writes `deny` for everything does not mean the ICMP
/// errors that flows need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    /// Rules, and the defaults behind them.
    Rules,
    /// What the baseline lets pass.
    Baseline,
    /// Sources that cannot be there.
    Forged,
    /// Neighbour discovery, which passes with any source.
    Discovery,
    /// The machine talking to itself.
    Loopback,
}

impl Layer {
    /// Those that a part is about, in order. About packets that only claim their source the baseline is not asked: it
    /// is when their sources are at home.
    pub(super) const fn asked(source: Source) -> &'static [Self] {
        match source {
            Source::AtHome => &[Self::Rules, Self::Baseline, Self::Forged, Self::Discovery, Self::Loopback],
            Source::Claimed => &[Self::Rules],
        }
    }

    /// Where an entry belongs.
    pub(super) const fn of(entry: &Entry) -> Self {
        match entry.origin {
            Origin::Rule(_) | Origin::Default => Self::Rules,
            Origin::Baseline(BaselinePart::AntiSpoofing) => Self::Forged,
            Origin::Baseline(BaselinePart::NeighbourDiscovery) => Self::Discovery,
            Origin::Baseline(BaselinePart::Loopback) => Self::Loopback,
            Origin::Baseline(_) => Self::Baseline,
        }
    }
}
