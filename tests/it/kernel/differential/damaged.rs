//! The kernel bears out what the proof says of damage: where a damaged ruleset lets a packet pass that the policy
//! refuses, or the reverse, the packet that the proof shows meets the one in the kernel with the ruleset as rendered,
//! and the other with the damaged one.
//!
//! Each ruleset gets a machine of its own for one packet, which is the first of its flow. Packets that this test cannot
//! send are counted by the reason. `MAILWARD_MUTANTS=all` tries every mutant of every shipped policy.

mod claim;
mod errand;

use std::collections::BTreeMap;
use std::io::Write as _;

use mailward::model::Policy;
use mailward::prove::DifferenceKind;
use mailward::render::Artifact;
use rayon::prelude::*;

use self::claim::Claim;
use self::errand::Errand;
use super::gateway::Gateway;
use super::witness;
use crate::kernel::firewall::{Firewall, load, loads};
use crate::proof::damage::{Mutant, mutants};
use crate::shipped;

/// The policies of the gate, and of how many of their mutants one is tried: primes, so that every kind of damage has its
/// turn. The second one forwards.
const USUAL: [(&str, usize); 2] = [("mail-server", 11), ("branch-gateway", 67)];

/// How many packets must have been tried at least.
const ENOUGH: usize = 24;

/// How many of them that pass with the damage only, and how many that no longer do.
const OF_EACH_KIND: usize = 5;

/// What became of a mutant.
enum Fate {
    /// It was not tried.
    Skipped(&'static str),
    /// The kernel does what the proof says.
    BorneOut(DifferenceKind),
    /// It does not.
    Denied(String),
}

/// What became of mutants, in number.
#[derive(Default)]
struct Tally {
    skipped: BTreeMap<&'static str, usize>,
    borne_out: BTreeMap<DifferenceKind, usize>,
    denied: Vec<String>,
}

#[test]
fn nftables_bears_the_proof_out() {
    bears_out("differential::damaged::nftables_bears_the_proof_out", Firewall::Nftables);
}

#[test]
fn iptables_bears_the_proof_out() {
    bears_out("differential::damaged::iptables_bears_the_proof_out", Firewall::Iptables);
}

fn bears_out(test: &str, firewall: Firewall) {
    if !crate::kernel::required(test) {
        return;
    }
    let is_all = std::env::var("MAILWARD_MUTANTS").is_ok_and(|mutants| mutants == "all");
    let policies = if is_all { shipped::NAMES.map(|name| (name, 1)).to_vec() } else { USUAL.to_vec() };
    let mut tally = Tally::default();
    for (name, one_of) in policies {
        let (policy, _) = shipped::policy(name);
        let files = shipped::ruleset(name, firewall.target());
        let tried: Vec<Mutant> = mutants(&files).step_by(one_of).collect();
        let fates: Vec<Fate> =
            tried.par_iter().map(|mutant| fate(&policy, firewall, &files, mutant)).collect();
        for fate in fates {
            tally.add(fate);
        }
    }
    if is_all {
        let Tally { skipped, borne_out, denied } = &tally;
        let note = format!("{test}: {borne_out:?}, {} denied, skipped: {skipped:#?}\n", denied.len());
        std::io::stderr().write_all(note.as_bytes()).expect("standard error is open");
    }
    tally.must_be_right(test);
}

/// Tries the packet that shows what a mutant does, if there is one.
fn fate(policy: &Policy, firewall: Firewall, files: &[Artifact], mutant: &Mutant) -> Fate {
    match claim::of(policy, firewall.target(), &mutant.files) {
        Ok(claim) => tried(&claim, files, mutant).unwrap_or_else(Fate::Skipped),
        Err(why) => Fate::Skipped(why),
    }
}

/// What became of a mutant; none but the reason if its packet cannot be tried.
fn tried(claim: &Claim, files: &[Artifact], mutant: &Mutant) -> Result<Fate, &'static str> {
    let Claim { kind, errand, packet } = claim;
    let as_rendered = passes(errand, |machine| load(&machine.space, files))?;
    let mut is_loaded = false;
    let damaged = passes(errand, |machine| is_loaded = loads(&machine.space, &mutant.files));
    if !is_loaded {
        return Err("the tools do not take the ruleset");
    }
    let damaged = damaged?;
    if (as_rendered, damaged) == claim.passes() {
        return Ok(Fate::BorneOut(*kind));
    }
    let (before, after) = &mutant.line;
    let word = |passes| if passes { "passes" } else { "does not pass" };
    Ok(Fate::Denied(format!(
        "{}: {before}  →  {after}\nis said to have {kind:?} what passes, and {packet} {} as rendered and {} with the damage\n{:?}",
        mutant.kind,
        word(as_rendered),
        word(damaged),
        errand.shot.packet,
    )))
}

/// Whether a packet leaves the filter of a machine.
fn passes(errand: &Errand, filter: impl FnOnce(&Gateway)) -> Result<bool, &'static str> {
    let gateway = errand.machine();
    filter(&gateway);
    witness::post(&gateway.space);
    gateway.send(&errand.shot);
    let arrived = witness::arrived(&gateway);
    let sighting = arrived.iter().find(|sighting| errand.is_seen_in(sighting));
    let sighting = sighting.ok_or("the packet never comes to the hook")?;
    Ok(witness::passed(&gateway).contains(sighting))
}

impl Tally {
    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Skipped(why) => *self.skipped.entry(why).or_default() += 1,
            Fate::BorneOut(kind) => *self.borne_out.entry(kind).or_default() += 1,
            Fate::Denied(what) => self.denied.push(what),
        }
    }

    /// # Panics
    /// Unless the kernel did what the proof says, and often enough to say something.
    fn must_be_right(&self, test: &str) {
        let Self { skipped, borne_out, denied } = self;
        assert!(denied.is_empty(), "{test}:\n{}", denied.join("\n\n"));
        let count = |kind| borne_out.get(&kind).copied().unwrap_or_default();
        let least = count(DifferenceKind::Widened).min(count(DifferenceKind::Narrowed));
        let enough = least >= OF_EACH_KIND && borne_out.values().sum::<usize>() >= ENOUGH;
        assert!(enough, "{test}: only {borne_out:?}, skipped: {skipped:#?}");
    }
}
