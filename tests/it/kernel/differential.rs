//! The kernel decides like the model: random policies, rendered, loaded, and tried with random packets.
//!
//! Each policy gets a gateway of its own, whose interfaces end in this test. What the kernel took through which hook
//! is read from a [witness] around the filter, and how it refused from what comes back. Packets come from outside, or
//! from the gateway itself (hook output, and loopback when they are for itself); how those are refused is not looked
//! at, nor is logging. Every packet is the first of its flow.
//!
//! `MAILWARD_KERNEL_PACKETS=200000` tries that many packets instead of [`USUAL`], on as many more policies; the first
//! ones are always the same.
//!
//! [`damaged`] tries the packets with which the proof shows what damage to a ruleset does.

mod aim;
mod answers;
mod bytes;
mod case;
mod damaged;
mod gateway;
mod tally;
mod witness;

use std::collections::BTreeSet;
use std::io::Write as _;

use mailward::packet::State;
use mailward::render::{Artifact, Templates, render};

use self::answers::Answers;
use self::case::{Case, Shot};
use self::gateway::Gateway;
use self::tally::Tally;
use self::witness::Sighting;
use super::firewall::{Firewall, load};
use crate::pf::{Fate, Model, Path};

/// How many packets are tried if nobody says otherwise.
const USUAL: usize = 2_000;

/// How many are sent to one policy. The queues of the interfaces hold them all.
const PER_POLICY: u16 = 100;

#[test]
fn nftables_decides_as_the_policy_says() {
    decides("differential::nftables_decides_as_the_policy_says", Firewall::Nftables);
}

#[test]
fn iptables_decides_as_the_policy_says() {
    decides("differential::iptables_decides_as_the_policy_says", Firewall::Iptables);
}

fn decides(test: &str, firewall: Firewall) {
    if !super::required(test) {
        return;
    }
    let asked = std::env::var("MAILWARD_KERNEL_PACKETS").ok();
    let wanted = asked.as_ref().map_or(USUAL, |text| text.parse().expect("a number of packets"));
    let mut tally = Tally::default();
    for case in (0..).map(|number| Case::new(number, PER_POLICY)) {
        let wrong = ruleset(&case, firewall).map(|ruleset| compare(&case, Some(&ruleset), &mut tally));
        let wrong = wrong.unwrap_or_default().join("\n");
        assert!(wrong.is_empty(), "{firewall:?} decides otherwise than {case}\n{wrong}");
        if tally.compared() >= wanted {
            break;
        }
    }
    if asked.is_some() {
        let note = format!("{test}:\n{tally}\n");
        std::io::stderr().write_all(note.as_bytes()).expect("standard error is open");
    }
    tally.must_be_enough();
}

#[test]
fn a_gateway_without_a_filter_is_noticed() {
    if !super::required("differential::a_gateway_without_a_filter_is_noticed") {
        return;
    }
    let (case, mut tally) = (Case::new(0, PER_POLICY), Tally::default());
    let wrong = compare(&case, None, &mut tally);
    assert!(wrong.len() > 10, "{wrong:#?}");
    assert!(wrong.iter().all(|why| why.contains("got Pass")), "{wrong:#?}");
}

/// The rendered policy; none if the target cannot say it.
fn ruleset(case: &Case, firewall: Firewall) -> Option<Vec<Artifact>> {
    let templates = Templates::built_in().expect("the built-in templates");
    let rendered = render(&case.policy, &case.sources, firewall.target(), &templates);
    let refused = rendered.as_ref().err().into_iter().flatten();
    let others: Vec<_> = refused.filter(|diagnostic| diagnostic.code != "cannot-say").collect();
    assert!(others.is_empty(), "{others:#?}\n{case}");
    rendered.ok()
}

/// Sends all packets of a case through one gateway; where it decides otherwise than the policy.
fn compare(case: &Case, ruleset: Option<&[Artifact]>, tally: &mut Tally) -> Vec<String> {
    let gateway = Gateway::new(&case.routes);
    ruleset.inspect(|ruleset| load(&gateway.space, ruleset));
    witness::post(&gateway.space);
    for shot in &case.shots {
        gateway.send(shot);
    }
    tally.sent += case.shots.len();
    let arrived = witness::arrived(&gateway);
    let passed = witness::passed(&gateway);
    let answers = Answers::of(&gateway.received());
    let judge = Judge { model: Model::new(&case.policy), passed, answers };
    let shots = arrived.iter().filter_map(|sighting| Some((case.shot(sighting.id)?, sighting)));
    shots.filter_map(|(shot, sighting)| judge.judge(shot, sighting, tally).err()).collect()
}

/// What was seen of the packets of a case, and what should have been.
struct Judge<'c> {
    model: Model<'c>,
    passed: BTreeSet<Sighting>,
    answers: Answers,
}

impl Judge<'_> {
    /// Whether a packet that came to a hook left it as the policy says.
    fn judge(&self, shot: &Shot, sighting: &Sighting, tally: &mut Tally) -> Result<(), String> {
        let (packet, path) = (&shot.packet, sighting.path());
        let state = crate::pf::state(packet);
        let wanted = self.model.wanted(packet, &path, state);
        let got = if self.passed.contains(sighting) { Fate::Pass } else { self.answers.refusal(shot) };
        // Only a refusal that comes back to one of the interfaces can be told from silence.
        let audible = matches!(state, State::New | State::Midstream)
            && !matches!(&path, Path::Output(_))
            && !matches!(&path, Path::Input(from) if from == "lo0")
            && answers::can_come_back(packet);
        tally.count(packet, &path, if audible { wanted.fate } else { got });
        let silent = !audible && got == Fate::Drop && wanted.fate != Fate::Pass;
        if wanted.fate == got || silent {
            return Ok(());
        }
        Err(format!(
            "{packet:?}\non {path:?} in state {state:?}, sent {:?}\nwanted {wanted:?}, got {got:?}\nbytes {}",
            shot.from,
            bytes::hex(&bytes::of(packet, shot.id)),
        ))
    }
}
