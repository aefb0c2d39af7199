//! The pages of the checks and their index, as files for readers: what `mailward explain` prints.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use mailward::catalog;
use mailward::lint::{ALL, Asked, Check, Meta};
use mailward::source::Severity;

use crate::docs::{compare, in_repository};
use crate::program::run_in_repository;

/// Where the pages are.
const FOLDER: &str = "docs/checks";

fn severities() -> [Severity; 5] {
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info]
}

/// A line of an index.
fn entry(meta: &Meta) -> String {
    format!("* [{0}]({0}.md): {1}\n", meta.id, meta.summary)
}

/// A list of checks under a heading.
fn group<'m>(text: &mut String, heading: &str, metas: impl IntoIterator<Item = &'m Meta>) {
    let entries: Vec<String> = metas.into_iter().map(entry).collect();
    if !entries.is_empty() {
        let _ = write!(text, "\n### {heading}\n\n{}", entries.concat());
    }
}

/// The built-in services that the bad examples of a page name.
fn services(meta: &Meta) -> BTreeSet<&'static str> {
    let blocks = meta.page.split("```yaml bad").skip(1).filter_map(|rest| rest.split("```").next());
    let words: Vec<&str> =
        blocks.flat_map(|block| block.split(|c: char| !c.is_alphanumeric() && c != '-')).collect();
    let named = |name: &&'static str| words.contains(name);
    catalog::services().map(|service| service.name().as_str()).filter(named).collect()
}

/// The standard that a source is of: `PCI DSS 4.0.1` of `PCI DSS 4.0.1 1.2.5`.
fn standard(source: &str) -> &str {
    let starts = [
        "RFC",
        "PCI DSS 4.0.1",
        "NIST SP 800-53r5",
        "NIST SP 800-171r3",
        "CIS Debian 12 v1.1.0",
        "CIS Controls v8.1",
    ];
    let starts =
        starts.iter().chain(&["BSI NET.3.2", "BSI APP.5.3", "ISO/IEC 27001:2022", "45 CFR 164.312", "IANA"]);
    starts.copied().find(|start| source.starts_with(start)).unwrap_or("Others")
}

fn index() -> String {
    let metas: Vec<&'static Meta> = ALL.iter().map(|check| check.meta()).collect();
    let by_profile = ALL.iter().filter(|check| check.asked() == Asked::ByProfile).count();
    let mut text = format!(
        "# Checks\n\n{} checks, each with a page: what it finds, why, a bad and a good policy, when to make an exception, where it comes \
         from. `mailward explain CHECK` prints the same. {by_profile} of them run only where a profile asks for them.\n\n## By severity\n",
        metas.len(),
    );
    for severity in severities() {
        group(&mut text, severity.name(), metas.iter().copied().filter(|meta| meta.severity == severity));
    }
    text.push_str("\n## By standard\n");
    let mut standards: BTreeMap<&str, Vec<&Meta>> = BTreeMap::new();
    for meta in &metas {
        let cited: BTreeSet<&str> = meta.sources.iter().map(|source| standard(source)).collect();
        for standard in cited {
            standards.entry(standard).or_default().push(meta);
        }
    }
    for (standard, metas) in standards {
        group(&mut text, standard, metas);
    }
    text.push_str("\n## By service\n\nThe services that the bad examples name.\n");
    for service in catalog::services() {
        let name = service.name().as_str();
        group(&mut text, name, metas.iter().copied().filter(|meta| services(meta).contains(name)));
    }
    text
}

/// Fails when a page differs from what it should be, or writes it if asked to.
fn hold(name: &str, should: &str) {
    std::fs::create_dir_all(in_repository(FOLDER)).unwrap();
    let path = format!("{FOLDER}/{name}");
    compare(&path, &std::fs::read_to_string(in_repository(&path)).unwrap_or_default(), should);
}

#[test]
fn every_check_has_its_page_and_its_places_in_the_index() {
    let page = |check: &&'static dyn Check| run_in_repository(&format!("explain {}", check.meta().id)).stdout;
    for check in ALL {
        hold(&format!("{}.md", check.meta().id), &page(check));
    }
    hold("README.md", &index());
    let names = std::fs::read_dir(in_repository(FOLDER)).unwrap();
    let names: BTreeSet<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let expected = ALL.iter().map(|check| format!("{}.md", check.meta().id));
    let expected: BTreeSet<String> = expected.chain(["README.md".to_owned()]).collect();
    assert_eq!(names, expected, "a page of a check that is gone");
}
