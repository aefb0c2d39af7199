//! The pages as a site: a table of contents that misses none, and links that lead somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mailward::lint::ALL;

use crate::docs::{compare, files, in_repository};

const SUMMARY: &str = "docs/SUMMARY.md";

/// The line of the table of contents below which the checks stand.
const CHECKS: &str = "- [All checks](checks/README.md)\n";

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Pages below a directory.
fn pages(directory: &str) -> Vec<PathBuf> {
    files(&in_repository(directory))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect()
}

/// A page without its blocks of code.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

/// Where the links of a page lead: images and references included, the web left out.
fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    let ends = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.to_owned());
    ends.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

/// What GitHub and mdBook make of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase()
}

fn anchors(page: &str) -> BTreeSet<String> {
    let prose = prose(page);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn the_table_of_contents_has_every_check() {
    let summary = read(&in_repository(SUMMARY));
    let (before, _) = summary.split_once(CHECKS).expect("a list of checks");
    let line = |id: &str| format!("  - [{id}](checks/{id}.md)\n");
    let checks: String = ALL.iter().map(|check| line(check.meta().id)).collect();
    compare(SUMMARY, &summary, &format!("{before}{CHECKS}{checks}"));
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let mut listed = links(&read(&in_repository(SUMMARY)));
    listed.sort();
    let root = in_repository("docs");
    let relative = |path: PathBuf| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
    let mut pages: Vec<String> =
        pages("docs").into_iter().map(relative).filter(|it| it != "SUMMARY.md").collect();
    pages.sort();
    assert_eq!(listed, pages);
}

#[test]
fn every_link_leads_somewhere() {
    let mut documents: Vec<PathBuf> = pages("docs");
    documents.extend(
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "policies/README.md"]
            .map(in_repository),
    );
    for document in documents {
        let page = read(&document);
        for link in links(&page) {
            let (path, fragment) =
                link.split_once('#').map_or((link.as_str(), None), |(path, it)| (path, Some(it)));
            let to = if path.is_empty() { document.clone() } else { document.parent().unwrap().join(path) };
            assert!(to.exists(), "{}: there is no `{link}`", document.display());
            if let Some(fragment) = fragment {
                assert!(
                    anchors(&read(&to)).contains(fragment),
                    "{}: no heading `{link}`",
                    document.display()
                );
            }
        }
    }
}

#[test]
fn the_book_is_made_of_these_pages() {
    let book = read(&in_repository("book.toml"));
    assert!(book.contains("src = \"docs\"\n") && book.contains("build-dir = \"target/book\"\n"), "{book}");
}
