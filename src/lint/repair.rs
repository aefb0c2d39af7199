//! Whether a fix does what it says, proven on the policies before and after it.

use jiff::civil::Date;

use super::{Check, Context, Plan, Survey};
use crate::analyze::{Change, ChangeKind, Decisions, Outcome, Trials, delta};
use crate::model::{Policy, Waiver};
use crate::packet::Cube;
use crate::source::Effect;

/// Why a fix is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Packets meet something else than the fix says.
    Traffic,
    /// It was too hard to tell what packets meet.
    Undecided,
    /// An expectation that held does not hold any more.
    Expectation,
}

impl Refusal {
    /// The reason in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Traffic => "it would change more traffic than the finding names",
            Self::Undecided => "what it changes could not be proven",
            Self::Expectation => "an expectation of the policy would fail",
        }
    }
}

/// Holds two versions of a policy against what fixes say they do: the strongest of their effects, and the checks whose packets may
/// be refused.
///
/// # Errors
/// What speaks against it.
pub fn prove(
    old: &Policy,
    new: &Policy,
    effects: &[Effect],
    checks: &[&'static dyn Check],
    today: Date,
) -> Result<(), Refusal> {
    let delta = delta(old, new);
    if !delta.undecided.is_empty() {
        return Err(Refusal::Undecided);
    }
    let named = named(old, checks, today);
    let is_claimed = |change: &Change<'_>| match change.kind {
        ChangeKind::Allowed | ChangeKind::Refusal => false,
        ChangeKind::Denied => effects.contains(&Effect::Denies) && is_within(change, &named),
        ChangeKind::Logging => {
            effects.contains(&Effect::Logs) && change.after.iter().all(|cause| cause.log.is_some())
        }
    };
    if !delta.changes.iter().all(is_claimed) {
        return Err(Refusal::Traffic);
    }
    if holding(new) < holding(old) { Err(Refusal::Expectation) } else { Ok(()) }
}

/// The packets that checks are about.
fn named(policy: &Policy, checks: &[&'static dyn Check], today: Date) -> Vec<Cube> {
    let survey = Survey::of(policy);
    let plan = Plan::default();
    let packets = checks.iter().map(|check| {
        let meta = check.meta();
        let named = check.named(&Context::new(&survey, meta.id, meta.severity, &plan, today));
        // What somebody was permitted by name is not for a fix to refuse.
        let waivers = policy.waivers.iter().filter(|waiver| waiver.names(meta.id) && waiver.holds_on(today));
        waivers.flat_map(Waiver::cubes).fold(named, |named, waived| named.without(&waived))
    });
    packets.flat_map(|packets| packets.cubes().to_vec()).collect()
}

/// Whether all packets of a change are among the boxes.
fn is_within(change: &Change<'_>, named: &[Cube]) -> bool {
    change.parts.iter().all(|part| {
        let taken = part.except.iter().chain(named);
        let rest = taken.fold(vec![part.cube.clone()], |rest, cube| {
            rest.iter().flat_map(|piece| piece.subtract(cube)).collect()
        });
        rest.is_empty()
    })
}

/// How many expectations of a policy hold.
fn holding(policy: &Policy) -> usize {
    if policy.expectations.is_empty() {
        return 0;
    }
    Trials::of(&Decisions::new(policy)).count(Outcome::Holds)
}
