//! What the formats make of changes that are rare or large.

use anstream::adapter::strip_str;

use super::*;
use crate::analyze::{Cause, Extent, Part, Portrait, Size, Subject, Undecided};
use crate::model::{Log, Verdict};
use crate::packet::{Cube, Family, Hook, Packet};
use crate::report::Examined;
use crate::source::{At, FileId, Site, SourceFile, Sources};

/// A file with a line for each of some rules.
fn examined(path: &str, rules: usize) -> (Examined, Vec<Site>) {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new(path.to_owned(), "- rule\n".repeat(rules), None));
    let sites = (0..u32::try_from(rules).unwrap()).map(|rule| site(file, 7 * rule + 2)).collect();
    (Examined::new(path.to_owned(), Some("office".to_owned()), sources), sites)
}

fn site(file: FileId, start: u32) -> Site {
    Site { file, at: At::Bytes { start, end: start + 4 } }
}

fn cause(id: &str, verdict: Verdict, site: Site) -> Cause<'_> {
    Cause { subject: Subject::Rule(id), site, verdict, log: None }
}

/// Packets to a port of this machine.
fn to_port(port: usize) -> Portrait {
    let one = Extent { sources: Some(1 << 32), destinations: None };
    Portrait {
        hook: Hook::Input,
        services: vec![format!("TCP {port}")],
        source_ports: Vec::new(),
        from: vec!["anywhere".to_owned()],
        incoming: Vec::new(),
        to: vec!["this machine".to_owned()],
        outgoing: Vec::new(),
        family: Some(Family::V4),
        states: Vec::new(),
        conditions: 0,
        size: Size { v4: Some(one), v6: None, ports: 1 },
    }
}

fn change<'p>(
    kind: ChangeKind,
    words: Vec<Portrait>,
    before: Vec<Cause<'p>>,
    after: Vec<Cause<'p>>,
) -> Change<'p> {
    let cube = Cube::every(Hook::Input, Family::V4);
    Change {
        kind,
        packet: Packet::of(&cube).unwrap(),
        parts: vec![Part { cube, except: Vec::new() }],
        words,
        unsaid: 0,
        before,
        after,
        spared_before: Vec::new(),
        spared_after: Vec::new(),
        example: "input: TCP 203.0.113.1:49152 → 198.51.100.1:25".to_owned(),
    }
}

fn plain(run: &[Compared<'_>]) -> String {
    strip_str(&human(run)).to_string()
}

#[test]
fn what_could_not_be_told_is_said() {
    let ((old, before), (new, after)) = (examined("old.yaml", 1), examined("new.yaml", 2));
    let pair =
        Undecided::Pair(cause("web", Verdict::Drop, before[0]), cause("all", Verdict::Accept, after[1]));
    let delta = Delta { changes: Vec::new(), undecided: vec![pair, Undecided::Logging] };
    let run = [Compared { old: Some(&old), new: Some(&new), delta }];
    insta::assert_snapshot!(plain(&run), @"
    undecided: whether rule `all` treats packets now that rule `web` treated before
      ╭▸ new.yaml:2:3
      │
    2 │ - rule
      │   ━━━━
      │
      ⸬  old.yaml:1:3
      │
    1 │ - rule
      │   ━━━━
      │
      ╰ note: the search met its limit, so there may be changes that are not shown

    undecided: how packets are logged: too many rules observe what too many others decide
     │
     ╰ note: the search met its limit, so there may be changes that are not shown

    no traffic changes found, 2 undecided in 1 policy
    ");
    insta::assert_snapshot!(markdown(&run), @"
    **No traffic changes found, 2 undecided in 1 policy**

    ### Undecided

    - whether rule `all` treats packets now that rule `web` treated before
    - how packets are logged: too many rules observe what too many others decide

    The search met its limit, so there may be changes that are not shown.
    ");
    let document: serde_json::Value = serde_json::from_str(&json(&run).unwrap()).unwrap();
    assert_eq!(document["undecided"].as_array().unwrap().len(), 2);
    assert_eq!(document["summary"]["undecided"], 2);
    assert!(!plain(&run).contains("no traffic changes in"), "nothing is proven");
}

#[test]
fn a_large_change_is_shown_in_part() {
    let ((old, before), (new, after)) = (examined("old.yaml", 9), examined("new.yaml", 1));
    let names: Vec<String> = (0..9).map(|rule| format!("rule-{rule}")).collect();
    let causes = names.iter().zip(before).map(|(name, site)| cause(name, Verdict::Reject, site)).collect();
    let words = (1..=9).map(to_port).collect();
    let mut change =
        change(ChangeKind::Allowed, words, causes, vec![cause("all", Verdict::Accept, after[0])]);
    change.unsaid = 60;
    change.spared_before = names.iter().map(|name| Subject::Rule(name)).collect();
    change.spared_after = vec![Subject::Baseline("invalid"), Subject::Rule("last"), Subject::Rule("last")];
    let run = [Compared {
        old: Some(&old),
        new: Some(&new),
        delta: Delta { changes: vec![change], undecided: vec![] },
    }];
    insta::assert_snapshot!(plain(&run), @"
    newly allowed: TCP 1 over IPv4 from anywhere to this machine, and 68 more
      ╭▸ new.yaml:1:3
      │
    1 │ - rule
      │   ━━━━ allows them now
      │
      ⸬  old.yaml:1:3
      │
    1 │ - rule
      │   ━━━━ rejected them
    2 │ - rule
      │   ──── rejected them
    3 │ - rule
      │   ──── rejected them
    4 │ - rule
      │   ──── rejected them
      │
      ├ note: every IPv4 address, 1 port
      ├ note: and TCP 2 over IPv4 from anywhere to this machine: every IPv4 address, 1 port
      ├ note: and TCP 3 over IPv4 from anywhere to this machine: every IPv4 address, 1 port
      ├ note: and TCP 4 over IPv4 from anywhere to this machine: every IPv4 address, 1 port
      ├ note: and TCP 5 over IPv4 from anywhere to this machine: every IPv4 address, 1 port
      ├ note: and 64 smaller parts
      ├ note: but for what rule `rule-0`, rule `rule-1`, rule `rule-2` or 6 others allowed before, too
      ├ note: but for what rule `last` still refuses
      ├ note: 5 others treated such packets before
      ╰ note: for example: input: TCP 203.0.113.1:49152 → 198.51.100.1:25

    1 traffic change: 1 newly allowed in 1 policy
    ");
    let text = markdown(&run);
    for said in [
        "- rule `rule-5` rejected them: `old.yaml:6`",
        "- 3 others treated such packets before",
        "- and 64 smaller parts",
    ] {
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn the_gravest_changes_of_all_policies_come_first() {
    let ((old, _), (new, sites)) = (examined("old.yaml", 1), examined("new.yaml", 1));
    let change =
        |kind, port| change(kind, vec![to_port(port)], vec![cause("a", Verdict::Drop, sites[0])], vec![]);
    let compared =
        |changes| Compared { old: Some(&old), new: Some(&new), delta: Delta { changes, undecided: vec![] } };
    let run = [
        compared(vec![change(ChangeKind::Denied, 1)]),
        compared(vec![change(ChangeKind::Allowed, 2), change(ChangeKind::Denied, 3)]),
    ];
    let text = markdown(&run);
    let places: Vec<usize> =
        ["TCP 2 ", "TCP 1 ", "TCP 3 "].iter().map(|port| text.find(port).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(text.matches("### Newly denied").count(), 1, "{text}");
}

#[test]
fn deeds_in_words() {
    let (_, sites) = examined("a.yaml", 1);
    let said = |kind, verdict, log| {
        let cause = Cause { log, ..cause("a", verdict, sites[0]) };
        let tenses = [sentence::Tense::Before, sentence::Tense::Now];
        tenses.map(|tense| sentence::deed(kind, tense, &cause)).join(" | ")
    };
    let log = Some(Log::DEFAULT);
    let told = [
        said(ChangeKind::Allowed, Verdict::Drop, None),
        said(ChangeKind::Denied, Verdict::Accept, log),
        said(ChangeKind::Refusal, Verdict::Reject, log),
        said(ChangeKind::Logging, Verdict::Accept, None),
        said(ChangeKind::Logging, Verdict::Drop, log),
        said(ChangeKind::Logging, Verdict::Observe, log),
    ];
    insta::assert_snapshot!(told.join("\n"), @"
    dropped them | drops them now
    allowed and logged them | allows and logs them now
    rejected and logged them | rejects and logs them now
    did not log them | does not log them
    logged them, at most 5/second and 10 at once | logs them now, at most 5/second and 10 at once
    observed and logged them, at most 5/second and 10 at once | observes and logs them now, at most 5/second and 10 at once
    ");
}
