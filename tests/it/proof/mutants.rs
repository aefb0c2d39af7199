//! Which damage the proof notices.

use std::collections::BTreeMap;

use mailward::render::Target;

use super::damage::{Mutant, mutants};
use super::proven;
use crate::shipped;

/// What became of mutants.
#[derive(Default)]
struct Tally {
    /// Text that no longer reads as a ruleset.
    refused: usize,
    /// Rulesets that mean something else, each with a packet that shows it.
    caught: usize,
    /// Rulesets that mean the same, by what was done to them.
    alike: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, policy: &mailward::model::Policy, target: Target, mutant: &Mutant) {
        match proven(policy, target, &mutant.files) {
            Ok(()) => {
                let (before, after) = &mutant.line;
                *self.alike.entry(format!("{}: {before}  →  {after}", mutant.kind)).or_default() += 1;
            }
            Err(problems) => {
                let shows = |code: &str| problems.iter().any(|problem| problem.code == code);
                let differs =
                    ["widened", "narrowed", "refused-otherwise", "logged-otherwise"].into_iter().any(shows);
                if differs {
                    let witness = |note: &String| note.starts_with("for example: ");
                    assert!(
                        problems.iter().any(|problem| problem.notes.iter().any(witness)),
                        "{problems:#?}"
                    );
                    self.caught += 1;
                } else {
                    self.refused += 1;
                }
            }
        }
    }
}

fn tally(name: &str, target: Target) -> Tally {
    let (policy, _) = shipped::policy(name);
    let files = shipped::ruleset(name, target);
    let mut tally = Tally::default();
    mutants(&files).for_each(|mutant| tally.add(&policy, target, &mutant));
    tally
}

#[test]
fn damage_is_noticed() {
    for (target, word) in shipped::TARGETS {
        let tally = tally("mail-server", target);
        println!("{word}: {} refused, {} caught, {} alike", tally.refused, tally.caught, tally.alike.len());
        for (what, count) in &tally.alike {
            println!("    {count} × {what}");
        }
    }
}
