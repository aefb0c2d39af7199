//! Any bytes as a policy, through the whole pipe: nothing may panic, and what is a policy must render or be
//! refused with a reason.
//!
//! Run with `cargo fuzz run policy fuzz/corpus/policy policies tests/data`; on a stable toolchain set
//! `RUSTC_BOOTSTRAP=1`.

#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use mailward::analyze::{Decisions, Trials};
use mailward::prove::rendered;
use mailward::render::{Dialect, Target, Templates, render};
use mailward::source::Sources;
use mailward::{lint, lower, parse};

const TARGETS: [Target; 4] =
    [Target::Nftables, Target::Iptables, Target::Pf(Dialect::OpenBsd), Target::Pf(Dialect::FreeBsd)];

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::default();
    let lowered = lower::lower(parse::text("policy.yaml", bytes, &mut sources));
    let Some(policy) = lowered.policy else {
        assert!(!lowered.diagnostics.is_empty(), "no policy and no reason");
        return;
    };
    for finding in lint::lint(&policy, &lint::Plan::default(), date(2026, 11, 23)) {
        let changes = finding.fix.and_then(|fix| fix.changes(&sources));
        for change in changes.into_iter().flatten() {
            let mut text = sources.file(change.file).expect("a file of the run").text().to_owned();
            text.replace_range(change.range, &change.text);
        }
    }
    let decisions = Decisions::new(&policy);
    let trials = Trials::of(&decisions);
    let said = trials.findings().len() + trials.uncovered(&decisions).len();
    assert!(said <= policy.expectations.len() + policy.rules.len(), "each is said once");
    let templates = Templates::built_in().expect("the templates the program ships");
    for target in TARGETS {
        match render(&policy, &sources, target, &templates) {
            Ok(artifacts) => {
                let proof = rendered(&policy, &mut Sources::default(), target, &artifacts);
                assert!(proof.is_ok(), "{artifacts:?} {proof:?}");
            }
            Err(reasons) => assert!(reasons.iter().all(|reason| reason.code == "cannot-say"), "{reasons:?}"),
        }
    }
});
