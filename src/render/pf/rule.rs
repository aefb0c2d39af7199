//! One rule of a pf.conf, in the order in which pf's grammar wants its words.

use crate::packet::Family;
use crate::render::piece::{Piece, piece};

/// The directions a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Packets that arrive.
    In,
    /// Packets that leave.
    Out,
    /// Both.
    Both,
}

/// What a rule does with its packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Lets them pass and their whole flow with them.
    Pass,
    /// Lets them pass, and nothing follows from it.
    PassStateless,
    /// Drops them.
    Drop,
    /// Answers TCP with a reset.
    Reset,
    /// Answers with an ICMP error: administratively prohibited, RFC 1812 §5.2.7.1 code 13, RFC 4443 §3.1 code 1.
    Unreachable,
    /// Decides nothing: tags or logs.
    Match,
}

/// Which packets, whatever their interface; none of a field is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Packets {
    /// The family, where the rest does not say it.
    pub(super) family: Option<Family>,
    /// Protocols.
    pub(super) protocol: Option<Piece>,
    /// Source address.
    pub(super) from: Option<Piece>,
    /// Source ports.
    pub(super) from_ports: Option<Piece>,
    /// Destination address.
    pub(super) to: Option<Piece>,
    /// Destination ports.
    pub(super) to_ports: Option<Piece>,
    /// TCP flags: `flags` with its operand.
    pub(super) flags: Option<Piece>,
    /// ICMP types: `icmp-type` or `icmp6-type` with its operand.
    pub(super) kinds: Option<Piece>,
    /// Whether they may carry IP options, which pf blocks otherwise.
    pub(super) options: Options,
    /// What a state may begin with.
    pub(super) opening: Opening,
}

/// What a state may begin with. pfctl refuses `flags` where no protocol is TCP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Opening {
    /// For TCP a SYN, for other protocols any packet.
    #[default]
    Syn,
    /// Any packet: none of them is TCP.
    Any,
}

/// What pf does with packets that carry IP options or IPv6 hop-by-hop options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Options {
    /// Blocks them, as it does by default.
    #[default]
    Blocked,
    /// Takes them like any other.
    Allowed,
}

/// A rule. Every rule but [`Action::Match`] is `quick`: the first match decides.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) action: Action,
    pub(super) direction: Direction,
    pub(super) log: bool,
    /// The operand of `on`.
    pub(super) on: Option<Piece>,
    pub(super) packets: Packets,
    /// `tagged` or `! tagged` with its operand.
    pub(super) tagged: Option<Piece>,
    /// The tag that its packets get.
    pub(super) tag: Option<Piece>,
    pub(super) label: Option<Piece>,
}

impl Rule {
    /// A rule for every packet of a direction.
    pub(super) fn new(action: Action, direction: Direction) -> Self {
        let packets = Packets::default();
        Self { action, direction, log: false, on: None, packets, tagged: None, tag: None, label: None }
    }

    /// Its text.
    pub(super) fn line(&self) -> Piece {
        let log = self.log.then(|| Piece::literal("log"));
        let quick = (self.action != Action::Match).then(|| Piece::literal("quick"));
        let head =
            [Some(self.action.word()), self.direction.word(), log, quick, worded("on", self.on.as_ref())];
        let tail = [
            self.tagged.clone(),
            self.action.state(self.packets.opening),
            self.packets.options.word().filter(|_| self.action.passes()),
            worded("tag", self.tag.as_ref()),
            self.label.as_ref().map(|label| piece!("label \"{}\"", *label)),
        ];
        Piece::join(head.into_iter().chain(self.packets.words()).chain(tail).flatten(), " ")
    }
}

impl Packets {
    fn words(&self) -> [Option<Piece>; 6] {
        [
            self.family.map(word),
            worded("proto", self.protocol.as_ref()),
            endpoint("from", self.from.as_ref(), self.from_ports.as_ref()),
            endpoint("to", self.to.as_ref(), self.to_ports.as_ref()),
            self.flags.clone(),
            self.kinds.clone(),
        ]
    }
}

impl Direction {
    fn word(self) -> Option<Piece> {
        match self {
            Self::In => Some(Piece::literal("in")),
            Self::Out => Some(Piece::literal("out")),
            Self::Both => None,
        }
    }
}

impl Action {
    fn word(self) -> Piece {
        Piece::literal(match self {
            Self::Pass | Self::PassStateless => "pass",
            Self::Drop => "block drop",
            Self::Reset => "block return-rst",
            Self::Unreachable => "block return-icmp(13, 1)",
            Self::Match => "match",
        })
    }

    /// Whether packets go on: only then pfctl takes `allow-opts`; other rules match packets with options anyway.
    const fn passes(self) -> bool {
        matches!(self, Self::Pass | Self::PassStateless)
    }

    /// What becomes of the flow. `flags` binds TCP only: a state begins with a SYN or not at all.
    fn state(self, opening: Opening) -> Option<Piece> {
        match (self, opening) {
            (Self::Pass, Opening::Syn) => Some(Piece::literal("flags S/SA keep state")),
            (Self::Pass, Opening::Any) => Some(Piece::literal("keep state")),
            (Self::PassStateless, _) => Some(Piece::literal("no state")),
            (Self::Drop | Self::Reset | Self::Unreachable | Self::Match, _) => None,
        }
    }
}

impl Options {
    fn word(self) -> Option<Piece> {
        (self == Self::Allowed).then(|| Piece::literal("allow-opts"))
    }
}

/// The word for a family.
fn word(family: Family) -> Piece {
    Piece::literal(match family {
        Family::V4 => "inet",
        Family::V6 => "inet6",
    })
}

fn worded(keyword: &'static str, operand: Option<&Piece>) -> Option<Piece> {
    operand.map(|operand| piece!("{} {}", Piece::literal(keyword), *operand))
}

fn endpoint(keyword: &'static str, address: Option<&Piece>, ports: Option<&Piece>) -> Option<Piece> {
    let ports = worded("port", ports);
    let any = || ports.is_some().then(|| Piece::literal("any"));
    let address = address.cloned().or_else(any)?;
    Some(Piece::join([Some(Piece::literal(keyword)), Some(address), ports].into_iter().flatten(), " "))
}

/// One operand as it is, several in braces.
pub(super) fn list(items: &[Piece]) -> Option<Piece> {
    match items {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(piece!("{{ {} }}", Piece::join(several.iter().cloned(), ", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_the_grammar() {
        let packets = Packets {
            family: Some(Family::V4),
            protocol: Some(piece!("udp")),
            opening: Opening::Any,
            from_ports: Some(piece!("67")),
            to: Some(piece!("<mw_lan>")),
            to_ports: Some(piece!("68")),
            ..Packets::default()
        };
        let rule = Rule {
            log: true,
            on: Some(piece!("lan0")),
            packets,
            tagged: Some(piece!("tagged mw_in_lan0")),
            tag: Some(piece!("mw_known")),
            label: Some(piece!("an-id")),
            ..Rule::new(Action::Pass, Direction::Out)
        };
        let line = rule.line();
        insta::assert_snapshot!(line, @r#"pass out log quick on lan0 inet proto udp from any port 67 to <mw_lan> port 68 tagged mw_in_lan0 keep state tag mw_known label "an-id""#);
    }

    #[test]
    fn flags_are_for_rules_that_may_be_about_tcp() {
        let line = |opening| {
            let packets = Packets { opening, ..Packets::default() };
            Rule { packets, ..Rule::new(Action::Pass, Direction::In) }.line()
        };
        assert_eq!(line(Opening::Syn), piece!("pass in quick flags S/SA keep state"));
        assert_eq!(line(Opening::Any), piece!("pass in quick keep state"));
    }

    #[test]
    fn options_are_for_rules_that_pass() {
        let line = |action| {
            let packets = Packets { options: Options::Allowed, ..Packets::default() };
            Rule { packets, ..Rule::new(action, Direction::In) }.line()
        };
        assert_eq!(line(Action::PassStateless), piece!("pass in quick no state allow-opts"));
        assert_eq!(line(Action::Drop), piece!("block drop in quick"));
    }

    #[test]
    fn a_match_is_never_quick() {
        assert_eq!(Rule::new(Action::Match, Direction::In).line(), piece!("match in"));
        assert_eq!(Rule::new(Action::Drop, Direction::Both).line(), piece!("block drop quick"));
    }
}
