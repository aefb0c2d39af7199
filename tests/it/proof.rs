//! Rendered text means what was written: read back by readers that know nothing of the renderers, and held against the
//! policy for every packet. And a proof that would not notice damage is none: so text is damaged, piece by piece.

pub(crate) mod damage;
mod mutants;
mod random;

use mailward::model::Policy;
use mailward::prove::rendered;
use mailward::render::{Artifact, Target};
use mailward::source::{Diagnostic, Sources};

use crate::shipped;

/// What the proof has to say of files that are said to be the ruleset of a policy.
fn proven(policy: &Policy, target: Target, files: &[Artifact]) -> Result<(), Vec<Diagnostic>> {
    rendered(policy, &mut Sources::default(), target, files)
}

#[test]
fn every_shipped_policy_is_proven_on_every_target() {
    for name in shipped::NAMES {
        let (policy, _) = shipped::policy(name);
        for (target, _) in shipped::TARGETS {
            let problems = proven(&policy, target, &shipped::ruleset(name, target));
            assert!(problems.is_ok(), "{name} on {}: {problems:#?}", target.name());
        }
    }
}

#[test]
fn the_corners_of_the_language_are_proven() {
    for (target, _) in shipped::TARGETS {
        if matches!(target, Target::Nftables | Target::Iptables) {
            let (policy, files) = shipped::corners(target);
            let problems = proven(&policy, target, &files);
            assert!(problems.is_ok(), "{}: {problems:#?}", target.name());
        }
    }
}
