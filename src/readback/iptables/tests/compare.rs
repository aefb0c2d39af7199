//! Rulesets as they were written and as `iptables-save` writes them.

use super::*;
use crate::packet::{Line, List, differences};

/// Whether two rulesets do the same, with the conditions of both under the same numbers.
fn mean_the_same(one: &[(Kind, &str)], other: &[(Kind, &str)]) -> bool {
    let (one, other) = (files(one).1.unwrap(), files(other).1.unwrap());
    let interfaces = InterfaceTable::new(one.interfaces().into_iter().chain(other.interfaces()));
    let mut conditions = Conditions::default();
    let mut list = |ruleset: &Ruleset| {
        let steps = ruleset.meaning(&interfaces, &mut conditions).unwrap().steps;
        let lines = steps.into_iter().enumerate().map(|(owner, step)| Line {
            cube: step.cube,
            owner,
            outcome: match step.effect {
                Effect::Decide(Fate::Accept) => Some(0),
                Effect::Decide(Fate::Drop) => Some(1),
                Effect::Decide(Fate::Reset) => Some(2),
                Effect::Decide(Fate::Unsaid) => Some(3),
                Effect::Decide(Fate::Refuse { kind, code }) => {
                    Some(usize::from(kind) << 8 | usize::from(code))
                }
                Effect::Log(_) => None,
            },
        });
        List::new(lines.collect())
    };
    let (one, other) = (list(&one), list(&other));
    differences(&one, &other).is_none()
}

#[test]
fn what_is_saved_means_what_was_written() {
    let written = filter(
        "-N checks\n-A INPUT -i eth+ ! -s 10.1.2.3/8 --protocol tcp --dport smtp:587 -j checks\n\
         -A checks -m state --state NEW -p tcp ! --syn -j REJECT\n\
         -A checks -m limit --limit 5/s -j RETURN\n-A checks -m mac --mac-source aa:bb:cc:dd:ee:0f -g last\n\
         -I INPUT -p icmp --icmp-type ping -j ACCEPT",
    )
    .replace("-N checks", "-N last\n-N checks");
    let saved = filter(
        ":checks - [0:0]\n:last - [0:0]\n[3:180] -A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT\n\
         -A INPUT ! -s 10.0.0.0/8 -i eth+ -p tcp -m tcp --dport 25:587 -j checks\n\
         -A checks -p tcp -m state --state NEW -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN \
         -j REJECT --reject-with icmp-port-unreachable\n\
         -A checks -m limit --limit 5/sec -j RETURN\n-A checks -m mac --mac-source AA:BB:CC:DD:EE:0F -g last",
    );
    assert!(mean_the_same(&[(Kind::V4, &written)], &[(Kind::V4, &saved)]));
    let other = saved.replace("25:587", "25:588");
    assert!(!mean_the_same(&[(Kind::V4, &written)], &[(Kind::V4, &other)]));
}
