//! The page on reading rulesets has a table of those in `tests/data/rulesets`, and it is true.
//!
//! `MAILWARD_UPDATE_DOCS=1 cargo test docs` writes it anew.

use std::collections::BTreeSet;

use mailward::readback::{Conditions, InterfaceTable, IptablesKind, Language, Meaning, PfDialect, read};
use mailward::source::{FileId, SourceFile, Sources};

use crate::cli::prove::ruleset;
use crate::docs::{compare, in_repository};

/// A ruleset, its files and what it is.
struct Row {
    files: &'static [(&'static str, IptablesKind)],
    language: Language,
    what: &'static str,
}

const fn one(file: &'static [(&'static str, IptablesKind)], language: Language, what: &'static str) -> Row {
    Row { files: file, language, what }
}

const NFT: Language = Language::Nftables;
const IPTABLES: Language = Language::Iptables;
use IptablesKind::{Ipset, V4};

const ROWS: [Row; 9] = [
    one(&[("host.nft", V4)], NFT, "a mail server by hand, with `define` and `include`"),
    one(&[("listed.nft", V4)], NFT, "what `nft list ruleset` prints"),
    one(&[("listed.json", V4)], NFT, "the same from `nft -j`"),
    one(&[("docker.nft", V4)], NFT, "a table of its own beside those of Docker"),
    one(&[("ufw.v4.rules", V4)], IPTABLES, "chains in the manner of ufw, from `iptables-save`"),
    one(&[("fail2ban.v4.rules", V4)], IPTABLES, "a host with fail2ban"),
    one(&[("relay.v4.rules", V4), ("relay.ipset", Ipset)], IPTABLES, "a relay with sets of addresses"),
    one(
        &[("gateway.openbsd.pf.conf", V4)],
        Language::Pf(PfDialect::OpenBsd),
        "a gateway in front of a mail server",
    ),
    one(
        &[("gateway.freebsd.pf.conf", V4)],
        Language::Pf(PfDialect::FreeBsd),
        "the same, older in style, with translation",
    ),
];

/// Where the table stands.
const MARKS: (&str, &str) = ("<!-- rulesets -->\n", "<!-- /rulesets -->");

#[test]
fn the_table_of_rulesets_is_true() {
    let page = std::fs::read_to_string(in_repository("docs/readback.md")).unwrap();
    let (before, rest) = page.split_once(MARKS.0).expect("the mark before the table");
    let (_, after) = rest.split_once(MARKS.1).expect("the mark behind the table");
    let rows: String = ROWS.iter().map(Row::cells).collect();
    let head = "| files | what they are | steps | conditions | remarks |\n|---|---|---|---|---|\n";
    compare("docs/readback.md", &page, &[before, MARKS.0, head, &rows, MARKS.1, after].concat());
}

#[test]
fn every_ruleset_is_in_the_table() {
    let listed: BTreeSet<&str> = ROWS.iter().flat_map(|row| row.files).map(|(name, _)| *name).collect();
    let entries = std::fs::read_dir(in_repository("tests/data/rulesets")).unwrap();
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let there: BTreeSet<String> =
        files.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(listed, there.iter().map(String::as_str).collect());
}

impl Row {
    fn cells(&self) -> String {
        let (meaning, conditions) = self.meaning();
        let names: Vec<String> = self.files.iter().map(|(name, _)| format!("`{name}`")).collect();
        let asked = meaning.conditions();
        let texts: Vec<String> = asked
            .iter()
            .map(|&number| format!("`{}`", conditions.text(number).unwrap().replace('|', "\\|")))
            .collect();
        format!(
            "| {} | {} | {} | {} | {} |\n",
            names.join(", "),
            self.what,
            meaning.steps.len(),
            if texts.is_empty() { "none".to_owned() } else { texts.join("; ") },
            meaning.remarks.len(),
        )
    }

    fn meaning(&self) -> (Meaning, Conditions) {
        let mut sources = Sources::default();
        let add = |sources: &mut Sources, name: &str| -> FileId {
            sources.add(SourceFile::new(name.to_owned(), ruleset(name), None))
        };
        let files: Vec<(FileId, IptablesKind)> =
            self.files.iter().map(|(name, kind)| (add(&mut sources, name), *kind)).collect();
        let mut include = |sources: &mut Sources, path: &str| Ok(vec![add(sources, path)]);
        let read = read(self.language, &files, &mut sources, &mut include).expect("a ruleset without errors");
        let table = InterfaceTable::new(read.interfaces());
        let mut conditions = Conditions::default();
        let meaning = read.meaning(&table, &mut conditions).expect("a ruleset that is not too large");
        (meaning, conditions)
    }
}
