//! Each rule of a policy beside the lines of every ruleset that carry its id.

use std::collections::BTreeMap;

use serde::Serialize;

use super::told::place;
use crate::model::{Policy, Rule};
use crate::render::{Artifact, Target};
use crate::source::{Site, SourceFile, Sources};

/// What stands before an id in a line of a ruleset: comments of nftables and iptables, labels of pf.
const BEFORE: [&str; 2] = ["comment \"", "label \""];
/// What stands before an id in a remark above lines.
const REMARK: &str = "# ";

/// Rules beside rulesets.
#[derive(Debug, Serialize)]
pub(super) struct Beside {
    targets: Vec<&'static str>,
    files: Vec<String>,
    pairs: Vec<Pair>,
}

/// A rule, as written and as rendered.
#[derive(Debug, Serialize)]
struct Pair {
    id: String,
    place: String,
    written: Vec<Line>,
    /// Why it is switched off.
    disabled: Option<String>,
    rendered: Vec<Rendered>,
}

/// The lines of a file that carry the id of a rule.
#[derive(Debug, Serialize)]
struct Rendered {
    target: &'static str,
    file: String,
    lines: Vec<Line>,
    /// Whether it is shown at once.
    is_first: bool,
}

/// A line and its number.
#[derive(Clone, Debug, Serialize)]
struct Line {
    number: usize,
    text: String,
}

/// The lines of a file by the id they carry.
struct Index<'r> {
    target: &'static str,
    file: &'r str,
    lines: BTreeMap<&'r str, Vec<Line>>,
}

/// Puts every rule of a policy beside what became of it.
pub(super) fn beside(policy: &Policy, sources: &Sources, rulesets: &[(Target, Vec<Artifact>)]) -> Beside {
    let files = || rulesets.iter().flat_map(|(target, files)| files.iter().map(|file| (target.name(), file)));
    let indices: Vec<Index<'_>> = files().map(|(target, file)| index(target, file)).collect();
    Beside {
        targets: rulesets.iter().map(|(target, _)| target.name()).collect(),
        files: files().map(|(_, file)| file.name.clone()).collect(),
        pairs: policy.rules.iter().map(|rule| pair(rule, sources, &indices)).collect(),
    }
}

fn pair(rule: &Rule, sources: &Sources, indices: &[Index<'_>]) -> Pair {
    let id = rule.id.value.as_str();
    let carrying = indices.iter().filter_map(|index| Some((index, index.lines.get(id)?)));
    let rendered = carrying.enumerate().map(|(at, (index, lines))| Rendered {
        target: index.target,
        file: index.file.to_owned(),
        lines: lines.clone(),
        is_first: at == 0,
    });
    Pair {
        id: id.to_owned(),
        place: place(sources, rule.site),
        written: written(sources, rule.site),
        disabled: rule.disabled.as_ref().map(ToString::to_string),
        rendered: rendered.collect(),
    }
}

/// The whole lines of a place, without what all of them begin with.
fn written(sources: &Sources, site: Site) -> Vec<Line> {
    let Some(text) = sources.file(site.file).map(SourceFile::text) else { return Vec::new() };
    let span = sources.span(site);
    let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let block = text.get(start..span.end).unwrap_or("").trim_end();
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let filled = block.lines().filter(|line| !line.trim().is_empty());
    let common = filled.map(|line| indent(&line)).min().unwrap_or(0);
    let lines = (sources.position(site).line..).zip(block.lines());
    lines.map(|(number, line)| Line { number, text: line.get(common..).unwrap_or("").to_owned() }).collect()
}

fn index<'r>(target: &'static str, file: &'r Artifact) -> Index<'r> {
    let mut lines: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        if let Some(id) = carried(line) {
            lines.entry(id).or_default().push(Line { number, text: line.trim_start().to_owned() });
        }
    }
    Index { target, file: &file.name, lines }
}

/// The id that a line of a ruleset carries.
fn carried(line: &str) -> Option<&str> {
    let is_end = |c: char| c == ' ' || c == '"';
    if let Some(remark) = line.trim_start().strip_prefix(REMARK) {
        return remark.split_once(" (").map(|(id, _)| id);
    }
    let behind = BEFORE.iter().find_map(|mark| line.rsplit_once(mark))?;
    behind.1.split(is_end).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_every_language() {
        let carrying = [
            "\ttcp dport 25 counter accept comment \"mx policies/a.yaml:4\"",
            "-A mailward-forward -p tcp -m comment --comment \"mx policies/a.yaml:4\" -j ACCEPT",
            "pass out quick on mta0 proto tcp to any port 25 keep state label \"mx\"",
            "\t\t# mx (policies/a.yaml:4): Mail for everybody (RFC 5321).",
        ];
        for line in carrying {
            assert_eq!(carried(line), Some("mx"), "{line}");
        }
        assert_eq!(carried("table inet mailward_a {"), None);
        assert_eq!(carried("block log all label \"default:input\""), Some("default:input"));
    }
}
