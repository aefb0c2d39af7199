//! Fixes that are called safe, carried out on the text and held against the old policy packet by packet.

use std::collections::BTreeSet;

use mailward::analyze::delta;
use mailward::lint::{Plan, Refusal, find, lint, prove};
use mailward::lower::lower;
use mailward::model::Policy;
use mailward::parse;
use mailward::source::{Diagnostic, Effect, Safety, Sources};

use super::blocks::blocks;
use super::findings::{TODAY, office};

/// How many checks offer a fix at least.
const FEWEST: usize = 29;

fn read(text: &str, sources: &mut Sources) -> Policy {
    let lowered = lower(parse::text("policy.yaml", text, sources));
    lowered.policy.unwrap_or_else(|| panic!("{:#?}\n{text}", lowered.diagnostics))
}

/// The fixes of a policy, each with the text it makes.
fn fixed(text: &str) -> Vec<(Diagnostic, String)> {
    let mut sources = Sources::default();
    let findings = lint(&read(text, &mut sources), &Plan::default(), TODAY);
    let changes = |finding: &Diagnostic| finding.fix.as_ref().and_then(|fix| fix.changes(&sources));
    let apply = |finding: Diagnostic| {
        let mut text = text.to_owned();
        for change in changes(&finding)?.into_iter().rev() {
            text.replace_range(change.range, &change.text);
        }
        Some((finding, text))
    };
    findings.into_iter().filter_map(apply).collect()
}

fn safeties(text: &str) -> Vec<Safety> {
    fixed(text).into_iter().map(|(finding, _)| finding.fix.unwrap().safety()).collect()
}

/// Rules that repeat others in every way: whole, in part of their packets, by several together, before and behind.
const REPEATED: [&[&str]; 5] = [
    &["a | lan | internet | https", "b | 10.20.3.0/24 | internet | https", "c | lan | servers | any"],
    &["a | 10.20.3.0/24 | 198.51.100.0/24 | https", "b | 10.20.0.0/16 | 198.51.100.0/24 | [https, imaps]"],
    &[
        "a | 10.20.0.0/17 | internet | https",
        "b | 10.20.128.0/17 | internet | https",
        "deny-c | lan | servers | any | log: true",
        "d | 10.20.0.0/16 | internet | https",
    ],
    &[
        "deny-a | 10.20.3.0/24 | internet | pop3 | log: true",
        "b | lan | internet | imaps",
        "deny-c | lan | internet | [pop3, imap] | log: true",
    ],
    &["a | lan | internet | https | log: true", "b | lan | internet | https", "c | lan | internet | https"],
];

#[test]
fn a_safe_fix_changes_no_traffic() {
    let mut count = 0;
    for rules in REPEATED {
        let before = office(rules);
        for (finding, after) in fixed(&before)
            .into_iter()
            .filter(|(it, _)| ["rule-redundant", "rule-duplicate"].contains(&it.code))
        {
            let [old, new] = [&before, &after].map(|text| read(text, &mut Sources::default()));
            assert!(old.rules.len() == new.rules.len() + 1, "{after}");
            let delta = delta(&old, &new);
            assert_eq!(finding.fix.unwrap().effect, Effect::Nothing, "{before}");
            assert!(delta.changes.is_empty() && delta.undecided.is_empty(), "{before}\n{after}");
            count += 1;
        }
    }
    assert!(count >= 5, "{count} fixes");
}

#[test]
fn what_an_expectation_names_is_not_deleted_safely() {
    let rules = office(&["a | lan | internet | https", "b | 10.20.3.0/24 | internet | https"]);
    assert_eq!(safeties(&rules), [Safety::Safe]);
    let named = rules + "expect:\n  - { allow: { from: lan, to: internet, services: https }, by: b }\n";
    assert_eq!(safeties(&named), [Safety::Unsafe]);
}

/// The policy of a text, if it is one.
fn valid(text: &str) -> Option<Policy> {
    lower(parse::text("policy.yaml", text, &mut Sources::default())).policy
}

/// How many findings of a check a policy has.
fn count(policy: &Policy, check: &str) -> usize {
    lint(policy, &Plan::default(), TODAY).iter().filter(|finding| finding.code == check).count()
}

#[test]
fn every_fix_on_the_pages_settles_its_finding_and_does_what_it_says() {
    let mut offering = BTreeSet::new();
    for block in blocks().into_iter().filter(|block| block.language == "yaml") {
        let old = valid(block.text).unwrap();
        for (finding, after) in fixed(block.text) {
            let (id, fix) = (finding.code, finding.fix.unwrap());
            let new = valid(&after).unwrap_or_else(|| panic!("{id}: {}\n{after}", fix.title));
            assert!(count(&new, id) < count(&old, id), "{id}: {} settles nothing\n{after}", fix.title);
            if fix.safety() == Safety::Safe {
                let proof = prove(&old, &new, &[fix.effect], &[find(id).unwrap()], TODAY);
                assert_eq!(proof, Ok(()), "{id}: {}\n{after}", fix.title);
            }
            offering.insert(id);
        }
    }
    println!("{} checks offer a fix: {offering:?}", offering.len());
    assert!(offering.len() >= FEWEST, "{offering:?}");
}

#[test]
fn a_fix_that_does_more_than_it_says_is_refused() {
    let old = valid(&office(&["a | lan | internet | [pop3, imaps]"])).unwrap();
    let pop3 = find("mail-pop3-cleartext-egress").unwrap();
    let proof =
        |rules: &[&str], effect| prove(&old, &valid(&office(rules)).unwrap(), &[effect], &[pop3], TODAY);
    assert_eq!(proof(&["a | lan | internet | [pop3, imaps]"], Effect::Nothing), Ok(()));
    assert_eq!(proof(&["a | lan | internet | imaps"], Effect::Nothing), Err(Refusal::Traffic));
    assert_eq!(
        proof(&["a | lan | internet | pop3"], Effect::Denies),
        Err(Refusal::Traffic),
        "imaps is refused"
    );
    let wider = ["a | lan | internet | [imaps, imap]"];
    assert_eq!(proof(&wider, Effect::Denies), Err(Refusal::Traffic), "imap passes");
    let logged = ["a | lan | internet | [pop3, imaps] | log: true"];
    assert_eq!(proof(&logged, Effect::Logs), Ok(()));
    assert_eq!(proof(&logged, Effect::Nothing), Err(Refusal::Traffic));
}

#[test]
fn what_a_list_of_bad_ports_forgot_is_rejected_in_rules_on_one_line() {
    let before = office(&["reject-smtp | lan | internet | smtp | log: true", "a | lan | internet | any"]);
    let checks = ["egress-smtp-altports", "egress-insecure-protocols", "egress-smb-rpc-rdp"];
    let offered = fixed(&before).into_iter().filter(|(finding, _)| checks.contains(&finding.code));
    let offered: Vec<(Diagnostic, String)> = offered.collect();
    assert_eq!(offered.len(), 3);
    for (finding, after) in offered {
        let [old, new] = [&before, &after].map(|text| valid(text).unwrap());
        let check = find(finding.code).unwrap();
        assert_eq!(prove(&old, &new, &[Effect::Denies], &[check], TODAY), Ok(()), "{after}");
    }
}

#[test]
fn what_is_permitted_by_name_is_not_refused_by_a_fix() {
    let rule = "a | lan | internet | pop3";
    let exception = "exceptions:\n  - { checks: [mail-pop3-cleartext-egress], from: 10.20.9.0/28, to: internet, services: pop3, reason: r, \
                     owner: o, expires: 2027-01-01 }\n";
    let old = valid(&(office(&[rule]) + exception)).unwrap();
    let new = valid(&(office(&["reject-a | lan | internet | pop3 | log: true"]) + exception)).unwrap();
    let pop3 = find("mail-pop3-cleartext-egress").unwrap();
    assert_eq!(prove(&old, &new, &[Effect::Denies], &[pop3], TODAY), Err(Refusal::Traffic));
}

#[test]
fn a_refusal_that_takes_more_than_its_finding_is_about_is_not_called_safe() {
    let denying = |rules: &[&str]| -> Vec<(&'static str, Safety, Result<(), Refusal>)> {
        let before = office(rules);
        let old = valid(&before).unwrap();
        let proven = |(finding, after): (Diagnostic, String)| {
            let fix = finding.fix.unwrap();
            let checks = [find(finding.code).unwrap()];
            let proof = prove(&old, &valid(&after).unwrap(), &[Effect::Denies], &checks, TODAY);
            (finding.code, fix.safety(), proof)
        };
        let about = |(finding, _): &(Diagnostic, String)| {
            ["mail-pop3-cleartext-egress", "egress-insecure-protocols"].contains(&finding.code)
        };
        fixed(&before).into_iter().filter(about).map(proven).collect()
    };
    for services in ["pop3", "[pop3, imaps]", "telnet", "[telnet, https]"] {
        let narrow = denying(&[&format!("a | lan | internet | {services}")]);
        assert!(matches!(narrow.as_slice(), [(_, Safety::Safe, Ok(()))]), "{services}: {narrow:?}");
        let wide = denying(&[&format!("a | lan | any | {services}")]);
        assert!(
            matches!(wide.as_slice(), [(_, Safety::Unsafe, Err(Refusal::Traffic))]),
            "{services}: {wide:?}"
        );
        let refused = format!("reject-b | lan | [lan, servers, host] | {services} | log: true");
        let earlier = denying(&[&refused, &format!("a | lan | any | {services}")]);
        let agrees =
            |(_, safety, proof): &(_, Safety, Result<_, _>)| (*safety == Safety::Safe) == proof.is_ok();
        assert!(earlier.len() == 1 && earlier.iter().all(agrees), "{services}: {earlier:?}");
    }
}
