//! Every check is registered, has a page, and the page has everything a reader needs.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use mailward::lint::{ALL, Meta};
use mailward::model::Profile;

/// What every page has, in this order, after its title and a paragraph on what the check finds.
const SECTIONS: [&str; 5] = ["Why", "Bad", "Good", "When to make an exception", "References"];

/// The names of the files of `src/lint/checks` with an extension, without it.
fn files(extension: &str) -> BTreeSet<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/lint/checks");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let matching = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    matching.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn metas() -> impl Iterator<Item = &'static Meta> {
    ALL.iter().map(|check| check.meta())
}

/// The text of a section, up to the next one.
fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let start = page.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    let rest = &page[start + 1..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

#[test]
fn every_file_is_a_registered_check_with_a_page() {
    let ids: Vec<String> = metas().map(|meta| meta.id.replace('-', "_")).collect();
    let unique: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(ids.len(), unique.len(), "an id is used twice");
    assert_eq!(unique, files("rs"));
    assert_eq!(unique, files("md"));
}

#[test]
fn ids_are_kebab_case() {
    for meta in metas() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(meta.id.chars().all(plain) && !meta.id.ends_with('-'), "{}", meta.id);
    }
}

#[test]
fn every_page_has_its_title_a_paragraph_and_the_sections_in_order() {
    for meta in metas() {
        let headings: Vec<&str> = meta.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, SECTIONS, "{}", meta.id);
        let what = meta.page.strip_prefix(&format!("# {}\n\n", meta.id)).expect(meta.id);
        assert!(what.split("\n\n").next().unwrap().len() > 40, "{}: no paragraph after the title", meta.id);
    }
}

#[test]
fn every_section_says_something() {
    for meta in metas() {
        for title in SECTIONS {
            let text = section(meta.page, title);
            assert!(text.lines().skip(1).any(|line| !line.trim().is_empty()), "{}: {title}", meta.id);
        }
    }
}

#[test]
fn every_source_is_explained_under_references() {
    for meta in metas() {
        assert!(!meta.sources.is_empty(), "{}: no source", meta.id);
        let references = section(meta.page, "References");
        for source in meta.sources {
            assert!(references.contains(source), "{}: `{source}` is not under References", meta.id);
        }
    }
}

#[test]
fn summaries_are_one_line_without_a_full_stop() {
    for meta in metas() {
        assert!(!meta.summary.is_empty() && !meta.summary.contains('\n'), "{}", meta.id);
        assert!(!meta.summary.ends_with('.') && meta.summary.len() <= 110, "{}", meta.id);
    }
}

/// How the sources of a profile start; a profile without a line collects checks by subject.
const STANDARDS: [(Profile, &str); 8] = [
    (Profile::Rfc, "RFC "),
    (Profile::Pci, "PCI DSS 4.0.1 "),
    (Profile::Nist80053, "NIST SP 800-53r5 "),
    (Profile::Nist800171, "NIST SP 800-171r3 "),
    (Profile::CisDebian12, "CIS Debian 12 v1.1.0 "),
    (Profile::CisControls, "CIS Controls v8.1 "),
    (Profile::Bsi, "BSI "),
    (Profile::Iso27001, "ISO/IEC 27001:2022 "),
];

#[test]
fn every_check_belongs_to_a_profile_and_every_profile_has_a_check() {
    assert!(metas().all(|meta| !meta.profiles.is_empty()));
    for (profile, name) in Profile::ALL {
        assert!(metas().any(|meta| meta.profiles.contains(profile)), "nothing is checked for {name}");
    }
}

#[test]
fn a_check_is_in_the_profile_of_a_standard_if_the_standard_is_a_source() {
    let mut wrong = Vec::new();
    for meta in metas() {
        for (profile, prefix) in STANDARDS {
            let cited = meta.sources.iter().any(|source| source.starts_with(prefix));
            let asked = meta.profiles.contains(&profile);
            // Many checks cite an RFC beside the point; not all of them are for the profile of RFCs.
            if cited != asked && !(profile == Profile::Rfc && cited) {
                wrong.push(format!("{}: {}: cited {cited}, in the profile {asked}", meta.id, profile.name()));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
}
