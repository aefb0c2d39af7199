//! Judgements on small policies.

use super::*;
use crate::lower::{lower, lower_with};
use crate::parse;
use crate::source::Sources;

const TODAY: Date = jiff::civil::date(2026, 11, 26);

/// An office whose file goes on with more keys and ends with rules.
fn policy(more: &str, rules: &str) -> Policy {
    let zones =
        "lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }, net: { interfaces: [wan0] }";
    let text = format!("version: 1\nname: office\nzones: {{ {zones} }}\n{more}rules:\n{rules}");
    let lowered = lower(parse::text("p.yaml", text, &mut Sources::default()));
    lowered.policy.unwrap_or_else(|| panic!("{:?}", lowered.diagnostics))
}

const SAFE: &str =
    "  - { id: mail, action: allow, from: lan, to: net, services: [pop3s], reason: Mail of the staff. }\n";
const BARE: &str =
    "  - { id: mail, action: allow, from: lan, to: net, services: [pop3], reason: Mail of the staff. }\n";

/// A rule for old scanners with an exception until a day.
fn excepted(until: &str) -> String {
    let exception = format!("{{ owner: jo@example.net, ticket: NET-1, expires: {until} }}");
    format!(
        "  - {{ id: scanner, action: allow, from: 10.20.9.1, to: 198.51.100.1, services: [pop3], log: true, reason: Old scanner., exception: {exception} }}\n"
    )
}

fn judged(policy: &Policy, profile: Profile, id: &str) -> Judged {
    let assessments = assess(policy, &Plan::of_profiles(&[profile]), TODAY);
    assert_eq!(assessments.len(), 1);
    let [assessment] = assessments.try_into().unwrap_or_else(|_| panic!("one assessment"));
    assessment
        .controls
        .into_iter()
        .find(|judged| judged.id == id)
        .unwrap_or_else(|| panic!("no control {id}"))
}

#[test]
fn a_finding_breaks_the_controls_that_its_check_cites() {
    let policy = policy("", BARE);
    for (profile, id) in [
        (Profile::Pci, "2.2.5"),
        (Profile::Pci, "4.2.1"),
        (Profile::Nist80053, "SC-8(1)"),
        (Profile::Rfc, "8314 §4.1"),
        (Profile::Mail, "mail-pop3-cleartext-egress"),
    ] {
        let judged = judged(&policy, profile, id);
        assert_eq!(judged.state, State::NotMet, "{id}");
        assert!(judged.findings.iter().any(|finding| finding.code == "mail-pop3-cleartext-egress"), "{id}");
    }
}

#[test]
fn a_control_is_met_if_nothing_is_found_and_a_refused_packet_shows_it() {
    let judged = judged(&policy("", SAFE), Profile::Pci, "2.2.5");
    assert_eq!((judged.state, judged.because.as_deref()), (State::Met, None));
    let refused = judged.checks.iter().find_map(|check| check.refused.as_ref()).expect("a packet");
    assert!(refused.packet.contains(":110"), "{}", refused.packet);
    assert_eq!(refused.by, "the default of the forward hook");
}

#[test]
fn what_rules_can_only_show_to_be_broken_is_never_met() {
    for id in ["4.2.1", "2.2.7"] {
        let judged = judged(&policy("", SAFE), Profile::Pci, id);
        assert_eq!(judged.state, State::NotDecidable, "{id}");
        assert!(judged.because.unwrap().contains("not that it holds"), "{id}");
    }
}

#[test]
fn an_exception_in_force_is_named_and_one_that_ended_is_none() {
    let permitted = judged(&policy("", &excepted("2027-03-31")), Profile::Pci, "2.2.5");
    assert_eq!((permitted.state, permitted.findings.len()), (State::Excepted, 0));
    assert_eq!(permitted.excepted[0].owner.as_deref(), Some("jo@example.net"));
    let ended = judged(&policy("", &excepted("2026-03-31")), Profile::Pci, "2.2.5");
    assert_eq!(ended.state, State::NotMet);
}

#[test]
fn a_control_without_a_check_says_why_it_is_not_decided() {
    let judged = judged(&policy("", SAFE), Profile::Pci, "10.5.1");
    assert_eq!((judged.state, judged.checks.len()), (State::NotDecidable, 0));
    assert!(judged.because.unwrap().contains("how long logs are kept"));
}

#[test]
fn a_check_without_its_subject_proves_nothing() {
    let without = judged(&policy("", SAFE), Profile::Nist80053, "SC-7(8)");
    assert_eq!(without.state, State::NotDecidable);
    assert!(without.because.unwrap().contains("no host has a `smarthost`"));
    let mx = judged(&policy("", SAFE), Profile::Rfc, "5321 §4.5.4.2");
    assert!(mx.because.unwrap().contains("no host of the site has the role `mx`"));
    let hosts = "hosts: [{ networks: [10.20.0.7], roles: [mta-out], smarthost: [198.51.100.9] }]\n";
    assert_eq!(judged(&policy(hosts, SAFE), Profile::Nist80053, "SC-7(8)").state, State::Met);
}

#[test]
fn an_item_of_a_control_counts_for_the_control() {
    let lasting = "  - { id: scanner, action: allow, from: 10.20.9.1, to: 198.51.100.1, services: [pop3], log: true, reason: Old scanner., exception: { owner: jo, ticket: NET-1 } }\n";
    let policy = policy("", lasting);
    for id in ["SC-7(4)(d)", "SC-7(4)"] {
        assert_eq!(judged(&policy, Profile::Nist80053, id).state, State::NotMet, "{id}");
    }
}

/// A policy against a profile that somebody wrote.
fn against(profile: &str, rules: &str) -> Vec<Assessment> {
    let mut sources = Sources::default();
    let decl = parse::profile(
        "acme.yaml",
        format!("version: 1\nprofile: acme\n{profile}").into_bytes(),
        &mut sources,
    );
    let decls = [decl.unwrap()];
    let zones =
        "lan: { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }, net: { interfaces: [wan0] }";
    let text = format!("version: 1\nname: office\nzones: {{ {zones} }}\nrules:\n{rules}");
    let bundle = parse::text("p.yaml", text, &mut sources);
    let (lowered, answers) = lower_with(bundle, &crate::lint::questions(&decls));
    let plan = Plan::of_profiles(&[]).with(&decls, answers).unwrap();
    assess(&lowered.policy.unwrap(), &plan, TODAY)
}

#[test]
fn a_check_that_a_profile_switches_off_leaves_its_controls_open() {
    let off = "extends: [pci-dss-4.0.1]\nchecks: { mail-pop3-cleartext-egress: off }\n";
    let assessments = against(off, BARE);
    let judged = assessments[0].controls.iter().find(|judged| judged.id == "2.2.5").unwrap();
    assert_eq!(judged.state, State::NotDecidable);
    assert_eq!(judged.because.as_deref(), Some("a profile switches `mail-pop3-cleartext-egress` off"));
}

#[test]
fn checks_of_ones_own_are_controls_by_their_source_or_serve_one() {
    let own = "extends: [pci-dss-4.0.1]
own:
  - { id: tickets, summary: a rule has no ticket, source: ACME-SEC 4.2, every-rule: { ticket: 'NET-[0-9]+' } }
  - { id: guests-out, summary: guests get in, where-declared: true, never: { from: guests, to: lan, services: any } }
  - { id: words, summary: a reason is short, source: PCI DSS 4.0.1 1.2.5, every-rule: { reason: '.{60,}' } }
";
    let assessments = against(own, SAFE);
    let names: Vec<&str> = assessments.iter().map(|one| one.profile.as_str()).collect();
    assert_eq!(names, ["pci-dss-4.0.1", "acme"]);
    let need = assessments[0].controls.iter().find(|judged| judged.id == "1.2.5").unwrap();
    assert!(need.state == State::NotMet && need.findings.iter().all(|finding| finding.code == "words"));
    let told: Vec<(&str, State)> =
        assessments[1].controls.iter().map(|judged| (judged.id.as_str(), judged.state)).collect();
    assert_eq!(told, [("ACME-SEC 4.2", State::NotMet), ("guests-out", State::NotDecidable)]);
}

#[test]
fn the_profiles_of_the_policy_are_asked_where_no_other_is() {
    let policy = policy("profiles: [hipaa, rfc, hipaa]\n", SAFE);
    let names = |plan: &Plan| -> Vec<String> {
        assess(&policy, plan, TODAY).into_iter().map(|one| one.profile).collect()
    };
    assert_eq!(names(&Plan::default()), ["hipaa", "rfc"]);
    assert_eq!(names(&Plan::of_profiles(&[Profile::Pci])), ["pci-dss-4.0.1"]);
}
