//! What happens to a packet, as `iptables` arguments.

use super::table::Rule;
use crate::model::{Entry, Log, RatePer, Verdict};
use crate::packet::Family;
use crate::render::piece::{Piece, piece};
use crate::render::protocols::Protocols;
use crate::render::{Rendering, origin};

/// What a rule with that verdict ends with; nothing where it only counts.
pub(super) fn jump(verdict: Verdict, protocols: Protocols, family: Family) -> Piece {
    match (verdict, protocols) {
        (Verdict::Observe, _) => Piece::default(),
        (Verdict::Accept, _) => piece!("-j ACCEPT"),
        (Verdict::Drop, _) => piece!("-j DROP"),
        (Verdict::Reject, Protocols::Tcp) => piece!("-j REJECT --reject-with tcp-reset"),
        (Verdict::Reject, Protocols::Others) => prohibited(family),
        (Verdict::Reject, Protocols::Mixed) => piece!("-g {}", refuse()),
    }
}

/// The chain that refuses whatever comes along.
pub(super) fn refuse() -> Piece {
    piece!("mailward-refuse")
}

/// Its rules: a reset is for TCP only, so it takes two.
pub(super) fn refusal(family: Family) -> Vec<Rule> {
    let comment = piece!("\"reset or administratively prohibited\"");
    let rule = |matches, jump| Rule { matches, jump, comment: comment.clone() };
    vec![
        rule(piece!("-p tcp"), jump(Verdict::Reject, Protocols::Tcp, family)),
        rule(Piece::default(), prohibited(family)),
    ]
}

fn prohibited(family: Family) -> Piece {
    match family {
        Family::V4 => piece!("-j REJECT --reject-with icmp-admin-prohibited"),
        Family::V6 => piece!("-j REJECT --reject-with icmp6-adm-prohibited"),
    }
}

/// Logs what the limit allows; goes on in any case.
///
/// # Errors
/// A limit that the kernel cannot count: it does so in 32 bits, with credits for one day at most, and refuses the
/// rest while loading.
pub(super) fn limited_log(rendering: &Rendering<'_>, entry: &Entry, log: Log) -> Result<Piece, &'static str> {
    let (unit, seconds) = match log.rate.per {
        RatePer::Second => ("second", 1),
        RatePer::Minute => ("minute", 60),
        RatePer::Hour => ("hour", 3_600),
        RatePer::Day => ("day", 86_400),
    };
    let (count, burst) = (u64::from(log.rate.count), u64::from(log.rate.burst));
    if count == 0 || count > 10_000 * seconds {
        return Err("it logs more often than 10,000 times a second, which iptables cannot count");
    }
    if burst == 0 || burst > 10_000 || burst * seconds > 86_400 * count {
        return Err("its log burst is worth more than a day or 10,000 packets, which iptables cannot count");
    }
    let prefix = origin::id(rendering.policy, entry).shorten(Log::LONGEST_PREFIX - Log::PREFIX_END.len());
    let limit = piece!("-m limit --limit {}/{} --limit-burst {}", count, Piece::literal(unit), burst);
    Ok(piece!("{} -j LOG --log-prefix \"{}: \" --log-level info", limit, prefix))
}
