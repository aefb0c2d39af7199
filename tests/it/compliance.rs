//! Standards and checks fit together.

use mailward::catalog::{Basis, Standard, standards};
use mailward::lint::{ALL, Objective, objectives};

fn all() -> impl Iterator<Item = (&'static Standard, Vec<Objective>)> {
    standards().unwrap().iter().map(|standard| (standard, objectives(standard)))
}

#[test]
fn every_cited_part_of_a_standard_is_one_of_its_controls() {
    let mut missing = Vec::new();
    for (standard, _) in all().filter(|(standard, _)| standard.basis() == Basis::Control) {
        let is_known = |part: &str| standard.controls().iter().any(|control| control.id == part);
        for meta in ALL.iter().map(|check| check.meta()) {
            let cited = meta.sources.iter().filter_map(|source| standard.cited(source));
            let name = standard.profile().name();
            let told = |part| format!("{name}: {part}, which {} cites", meta.id);
            missing.extend(cited.filter(|part| !is_known(part)).map(told));
        }
    }
    assert_eq!(missing, [""; 0], "write an entry in src/catalog/standards for\n{}", missing.join("\n"));
}

#[test]
fn every_cited_rfc_has_a_title() {
    let mut missing = Vec::new();
    for (standard, objectives) in all().filter(|(standard, _)| standard.basis() == Basis::Citation) {
        for Objective { id, .. } in objectives {
            let work = id.split(' ').next().unwrap();
            if !standard.controls().iter().any(|control| control.id == work) {
                missing.push(format!("{} {work}", standard.profile().name()));
            }
        }
    }
    assert_eq!(missing, [""; 0], "write the titles in src/catalog/standards for\n{}", missing.join("\n"));
}

#[test]
fn every_control_is_served_or_says_why_it_cannot_be_decided() {
    for (standard, objectives) in all() {
        let name = standard.profile().name();
        for Objective { id, shows, checks, undecidable, .. } in objectives {
            let is_served = !checks.is_empty();
            assert!(is_served || undecidable.is_some(), "{name}: {id} says nothing");
            let says_what = shows.is_some() || standard.basis() == Basis::Check;
            assert!(
                !is_served || says_what,
                "{name}: {id} is served, and does not say what rules show of it"
            );
        }
    }
}

#[test]
fn every_check_of_a_profile_serves_one_of_its_controls() {
    for (standard, objectives) in all() {
        for check in ALL.iter().filter(|check| check.meta().profiles.contains(&standard.profile())) {
            let id = check.meta().id;
            let is_served = |objective: &Objective| objective.checks.iter().any(|one| one.meta().id == id);
            assert!(objectives.iter().any(is_served), "{}: {id}", standard.profile().name());
        }
    }
}

#[test]
fn numbers_of_controls_are_told_once() {
    for (standard, objectives) in all() {
        let mut ids: Vec<&str> = objectives.iter().map(|objective| objective.id.as_str()).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{}", standard.profile().name());
    }
}
