//! Any bytes as a profile, and as a baseline file: nothing may panic, and what is refused is refused with a reason.
//!
//! Run with `cargo fuzz run profile fuzz/corpus/profile docs/examples`; on a stable toolchain set `RUSTC_BOOTSTRAP=1`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailward::lint::{Known, Plan, questions};
use mailward::source::Sources;
use mailward::{lower, parse};

/// A policy for the names in profiles to be looked up in.
const POLICY: &str = "version: 1
name: office
zones:
  lan: { interfaces: [lan0], networks: [10.0.0.0/8], trust: internal }
  internet: { interfaces: [wan0] }
rules: [{ id: web, action: allow, from: lan, to: internet, services: https, reason: Web. }]
";

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::default();
    match parse::profile("profile.yaml", bytes.to_vec(), &mut sources) {
        Ok(decl) => {
            let decls = [decl];
            let policy = parse::text("policy.yaml", POLICY, &mut sources);
            let (_, answers) = lower::lower_with(policy, &questions(&decls));
            if let Err(problems) = Plan::default().with(&decls, answers) {
                assert!(!problems.is_empty(), "no plan and no reason");
            }
        }
        Err(problems) => assert!(!problems.is_empty(), "no profile and no reason"),
    }
    match parse::known("baseline.yaml", bytes.to_vec(), &mut sources) {
        Ok(decl) => drop(Known::new(&decl).stale()),
        Err(problems) => assert!(!problems.is_empty(), "no baseline and no reason"),
    }
});
