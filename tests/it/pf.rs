//! pf decides like the model: every ruleset here is read back by a small independent reader and tried with packets
//! on a simulated machine.

mod examples;
mod linux;
mod machine;
mod reading;
mod ruleset;
mod text;
mod traffic;

use mailward::lower::lower;
use mailward::model::Policy;
use mailward::packet::State;
use mailward::parse;
use mailward::render::{Dialect, Target, Templates, render};
use mailward::source::{Diagnostic, Sources};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::shipped;
pub(crate) use linux::{Model, interface_number, state, transport};
use machine::Machine;
pub(crate) use machine::{Fate, OWN, Path, Wire, is_own, is_own_broadcast};
pub(crate) use text::texts;
pub(crate) use traffic::{Pool, packets};

const DIALECTS: [Dialect; 2] = [Dialect::OpenBsd, Dialect::FreeBsd];

/// A policy from its text; none if it is not valid.
fn policy(text: &str) -> Option<(Policy, Sources)> {
    let mut sources = Sources::default();
    let policy = lower(parse::text("policy.yaml", text, &mut sources)).policy?;
    Some((policy, sources))
}

fn try_render(policy: &Policy, sources: &Sources, dialect: Dialect) -> Result<String, Vec<Diagnostic>> {
    let templates = Templates::built_in().expect("the built-in templates");
    let artifacts = render(policy, sources, Target::Pf(dialect), &templates)?;
    let [artifact] = &artifacts[..] else { panic!("one file: {artifacts:?}") };
    Ok(artifact.text.clone())
}

/// The ruleset of a policy that must be fine.
fn rendered(text: &str, dialect: Dialect) -> (Policy, String) {
    let (policy, sources) = policy(text).unwrap_or_else(|| panic!("not a policy:\n{text}"));
    let ruleset = try_render(&policy, &sources, dialect).unwrap_or_else(|why| panic!("{why:#?}"));
    (policy, ruleset)
}

/// Sends a packet without a known flow and holds the outcome against the model.
fn compare(model: &Model<'_>, machine: &mut Machine, packet: &Wire, path: &Path) {
    machine.forget();
    let state = linux::state(packet);
    let wanted = model.wanted(packet, path, state);
    let outcome = machine.send(packet, path);
    // pf has fewer states, so that it may log what makes no sense like what opens no flow, and the reverse.
    let logs = !matches!(state, State::New | State::Midstream) || wanted.logged == outcome.logged;
    assert!(
        wanted.fate == outcome.fate && logs,
        "{packet:?}\non {path:?} in state {state:?}\nmodel: {wanted:?}\npf: {outcome:#?}",
    );
}

/// What the model says of the answer to a packet, and of the same packet again, once the first has passed.
fn compare_flow(model: &Model<'_>, machine: &mut Machine, packet: &Wire, path: &Path) {
    if linux::state(packet) != State::New || packet.is_icmp_error() {
        return;
    }
    machine.forget();
    let accepted = machine.send(packet, path).fate == machine::Fate::Pass;
    let back = match path.clone() {
        Path::Input(interface) => Path::Output(interface),
        Path::Output(interface) => Path::Input(interface),
        Path::Forward(from, to) => Path::Forward(to, from),
    };
    let answer = packet.answer();
    let state = if accepted { State::Established } else { linux::state(&answer) };
    if !linux::reaches(&answer, &back) {
        return;
    }
    let wanted = model.wanted(&answer, &back, state);
    let outcome = machine.send(&answer, &back);
    assert!(
        wanted.fate == outcome.fate,
        "answer {answer:?}\non {back:?} in state {state:?}\nmodel: {wanted:?}\npf: {outcome:#?}",
    );
}

/// That many packets, each with its way.
fn packets_on_ways(pool: &Pool, count: usize) -> impl Strategy<Value = Vec<(Wire, Path)>> + use<> {
    prop::collection::vec((traffic::packets(pool), traffic::paths(pool)), count)
}

fn compare_all(policy: &Policy, ruleset: &str, dialect: Dialect, packets: &[(Wire, Path)]) {
    let (model, mut machine) = (Model::new(policy), Machine::new(ruleset, dialect));
    for (packet, path) in packets.iter().filter(|(packet, path)| linux::reaches(packet, path)) {
        compare(&model, &mut machine, packet, path);
        compare_flow(&model, &mut machine, packet, path);
    }
}

#[test]
fn shipped_policies_mean_what_they_say() {
    for name in shipped::NAMES {
        let (policy, sources) = shipped::policy(name);
        let packets = packets_on_ways(&Pool::of(&policy), 6_000);
        let packets = packets.new_tree(&mut TestRunner::deterministic()).expect("packets").current();
        for dialect in DIALECTS {
            let ruleset =
                try_render(&policy, &sources, dialect).unwrap_or_else(|why| panic!("{name}: {why:#?}"));
            compare_all(&policy, &ruleset, dialect, &packets);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_packet_has_the_fate_that_the_model_wants(
        text in text::texts(),
        packets in packets_on_ways(&Pool::usual(), 400),
    ) {
        let text = text.keep(|file| policy(file).is_some());
        prop_assume!(text.has_rules());
        let Some((policy, sources)) = policy(&text.file(None)) else { return Err(TestCaseError::reject("rules that do not go together")) };
        for dialect in DIALECTS {
            let ruleset = match try_render(&policy, &sources, dialect) {
                Ok(ruleset) => ruleset,
                Err(why) => {
                    prop_assert!(why.iter().all(|diagnostic| diagnostic.code == "cannot-say"), "{why:#?}");
                    continue;
                }
            };
            compare_all(&policy, &ruleset, dialect, &packets);
        }
    }
}
