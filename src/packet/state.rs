//! What connection tracking says of a packet, and whether TCP opens a connection with it.

/// What connection tracking says of a packet; for TCP also whether it is a SYN: SYN set, ACK, FIN and RST not.
///
/// Protocols other than TCP have no SYN: their packets are in the five states without that in the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It opens a flow; for TCP a SYN.
    New,
    /// TCP without a SYN that belongs to no known flow: conntrack's `new` picked up mid-stream.
    Midstream,
    /// It belongs to a known flow.
    Established,
    /// A SYN of a known flow, such as one that is sent again.
    EstablishedSyn,
    /// It starts a flow that a known one announced, or is an ICMP error about one.
    Related,
    /// The same as a SYN.
    RelatedSyn,
    /// Tracking cannot make sense of it.
    Invalid,
    /// The same as a SYN.
    InvalidSyn,
    /// Exempt from tracking, as neighbour discovery always is.
    Untracked,
    /// The same as a SYN.
    UntrackedSyn,
}

/// A set of [`State`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct States(u16);

impl State {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::New,
        Self::Midstream,
        Self::Established,
        Self::EstablishedSyn,
        Self::Related,
        Self::RelatedSyn,
        Self::Invalid,
        Self::InvalidSyn,
        Self::Untracked,
        Self::UntrackedSyn,
    ];

    /// The word for it: that of connection tracking, `mid-stream`, and with `-syn` for the SYNs of known flows.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Midstream => "mid-stream",
            Self::Established => "established",
            Self::EstablishedSyn => "established-syn",
            Self::Related => "related",
            Self::RelatedSyn => "related-syn",
            Self::Invalid => "invalid",
            Self::InvalidSyn => "invalid-syn",
            Self::Untracked => "untracked",
            Self::UntrackedSyn => "untracked-syn",
        }
    }

    /// Whether it is a SYN, or for other protocols than TCP may open a flow as one does.
    #[must_use]
    pub const fn is_syn(self) -> bool {
        matches!(
            self,
            Self::New | Self::EstablishedSyn | Self::RelatedSyn | Self::InvalidSyn | Self::UntrackedSyn
        )
    }
}

impl States {
    /// Every state.
    pub const ANY: Self = Self((1 << State::ALL.len()) - 1);
    /// Packets that open a flow.
    pub const NEW: Self = Self::of(&[State::New]);
    /// Everything that conntrack calls `new`, with or without a SYN.
    pub const TRACKED_NEW: Self = Self::of(&[State::New, State::Midstream]);
    /// Everything that conntrack calls `established`.
    pub const ESTABLISHED: Self = Self::of(&[State::Established, State::EstablishedSyn]);
    /// Everything that conntrack calls `related`.
    pub const RELATED: Self = Self::of(&[State::Related, State::RelatedSyn]);
    /// Everything that conntrack calls `invalid`.
    pub const INVALID: Self = Self::of(&[State::Invalid, State::InvalidSyn]);
    /// Everything that conntrack calls `untracked`.
    pub const UNTRACKED: Self = Self::of(&[State::Untracked, State::UntrackedSyn]);
    /// What protocols without SYNs can be in.
    pub const WITHOUT_SYN: Self =
        Self::of(&[State::New, State::Established, State::Related, State::Invalid, State::Untracked]);

    /// These states.
    #[must_use]
    pub const fn of(states: &[State]) -> Self {
        let mut bits = 0;
        let mut rest = states;
        while let [first, others @ ..] = rest {
            bits |= 1 << (*first as u16);
            rest = others;
        }
        Self(bits)
    }

    /// In either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// In both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// In this one only.
    #[must_use]
    pub const fn subtract(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// No state at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a state is in it.
    #[must_use]
    pub const fn contains(self, state: State) -> bool {
        self.0 & (1 << (state as u16)) != 0
    }

    /// Its states, in order.
    pub fn iter(self) -> impl Iterator<Item = State> {
        State::ALL.into_iter().filter(move |&state| self.contains(state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_one_bit() {
        for state in State::ALL {
            assert_eq!(States::of(&[state]).iter().collect::<Vec<_>>(), [state]);
        }
        assert_eq!(States::of(&State::ALL), States::ANY);
    }

    #[test]
    fn what_conntrack_tells_apart_makes_up_everything() {
        let tracked =
            [States::TRACKED_NEW, States::ESTABLISHED, States::RELATED, States::INVALID, States::UNTRACKED];
        assert_eq!(tracked.into_iter().fold(States::of(&[]), States::union), States::ANY);
        let syns: Vec<usize> =
            tracked.iter().map(|states| states.iter().filter(|state| state.is_syn()).count()).collect();
        assert_eq!(syns, [1; 5], "one with a SYN and one without, each");
    }
}
