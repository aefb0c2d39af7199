//! A policy with every key, damaged at random: whatever is left either has an error or says all that it must.

use mailward::parse::{self, Bundle, RuleDecl, ServiceTerm};
use mailward::source::Sources;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::reading::plain;

/// A policy with every key of the language.
const WHOLE: &str = include_str!("../../data/every-key.yaml");

/// What damage leaves behind.
const JUNK: &[&str] = &[
    "", " ", "\n", "\n  ", ":", "-", ",", "[", "]", "{", "}", "\"", "'", "#", "0", "any", "null", "[]", "{}",
    "*a", "&a ", "!b ", "<<: ", "---\n", "\t", "é", "\u{202e}", "\0", "/", "%", "true", "99999",
];

/// The policy with a few pieces of at most eight characters replaced by junk.
fn mutant() -> impl Strategy<Value = String> {
    let cut = (0..WHOLE.len(), 0..8_usize, prop::sample::select(JUNK));
    prop::collection::vec(cut, 1..4).prop_map(|cuts| {
        let mut text = WHOLE.to_owned();
        for (start, length, junk) in cuts {
            let start = text.floor_char_boundary(start.min(text.len()));
            let end = text.ceil_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end, junk);
        }
        text
    })
}

/// Whether every rule says where from, where to and what: nothing was dropped without a word.
fn is_complete(bundle: &Bundle) -> bool {
    let rule = |rule: &RuleDecl| {
        let services = rule.services.iter().all(|service| match &service.value {
            ServiceTerm::Name(name) => !name.is_empty(),
            ServiceTerm::Inline(spec) => {
                let kinds = spec.icmp.len() + spec.icmpv6.len() + spec.protocol.len();
                kinds + spec.tcp.len() + spec.udp.len() > 0
            }
        });
        let lists = [rule.from.len(), rule.to.len(), rule.services.len()];
        services && !lists.contains(&0) && rule.id.is_some() && rule.action.is_some()
    };
    let main = &bundle.main;
    let zones = main.zones.iter().all(|zone| zone.interfaces.len() + zone.networks.len() > 0);
    let networks = main.networks.iter().all(|network| !network.addresses.is_empty());
    let services = main.services.iter().all(|service| !service.terms.is_empty());
    main.name.is_some()
        && zones
        && networks
        && services
        && main.rules.as_ref().is_some_and(|all| all.iter().all(rule))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3_000,
        rng_seed: RngSeed::Fixed(2),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damage_is_reported_or_harmless(text in mutant()) {
        let mut sources = Sources::default();
        let bundle = parse::text("p.yaml", text.as_str(), &mut sources);
        prop_assert_eq!(plain(&bundle, &sources).is_empty(), bundle.diagnostics.is_empty());
        prop_assert!(!bundle.diagnostics.is_empty() || is_complete(&bundle), "{}", text);
    }
}
