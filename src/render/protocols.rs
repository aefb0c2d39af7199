//! Whether TCP is among the protocols that a rule means: a refusal looks different for it.

use crate::model::Verdict;
use crate::packet::TCP;

/// What a refusal has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Protocols {
    /// TCP alone: a reset.
    Tcp,
    /// TCP and others.
    Mixed,
    /// No TCP: an ICMP error.
    Others,
}

impl Protocols {
    /// The kind of a list of protocol numbers.
    pub(super) fn of(numbers: impl IntoIterator<Item = u8>) -> Self {
        let (mut tcp, mut others) = (false, false);
        for number in numbers {
            tcp |= number == TCP;
            others |= number != TCP;
        }
        match (tcp, others) {
            (true, false) => Self::Tcp,
            (true, true) => Self::Mixed,
            (false, _) => Self::Others,
        }
    }

    /// What of it matters for a verdict: only a refusal asks.
    pub(super) fn for_verdict(self, verdict: Verdict) -> Self {
        if verdict == Verdict::Reject { self } else { Self::Mixed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packet::UDP;

    #[test]
    fn a_refusal_knows_whether_there_is_tcp() {
        assert_eq!(Protocols::of([TCP]), Protocols::Tcp);
        assert_eq!(Protocols::of([TCP, UDP]), Protocols::Mixed);
        assert_eq!(Protocols::of([UDP, 47]), Protocols::Others);
    }
}
