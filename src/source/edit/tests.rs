//! Edits carried out on small texts.

use super::*;
use crate::source::NodeId;

/// A text as the only file of a run.
struct Text {
    sources: Sources,
    file: FileId,
}

impl Text {
    fn new(text: &str) -> Self {
        let mut sources = Sources::default();
        let (file, problems) = sources.add_yaml(SourceFile::new("p.yaml".to_owned(), text.to_owned(), None));
        assert!(problems.is_empty(), "{problems:#?}");
        Self { sources, file }
    }

    fn node(&self, id: NodeId) -> &Node {
        self.sources.file(self.file).unwrap().tree().unwrap().node(id).unwrap()
    }

    fn root(&self) -> NodeId {
        self.sources.file(self.file).unwrap().tree().unwrap().root().unwrap()
    }

    /// The value of a key of a mapping.
    fn value(&self, mapping: NodeId, key: &str) -> NodeId {
        let Kind::Mapping(pairs) = &self.node(mapping).kind else { panic!("a mapping") };
        let is_key = |id: NodeId| matches!(&self.node(id).kind, Kind::Scalar { text, .. } if **text == *key);
        pairs.iter().find(|(name, _)| is_key(*name)).expect("the key").1
    }

    /// An item of the list that is the value of `rules`.
    fn rule(&self, index: usize) -> NodeId {
        let Kind::Sequence(items) = &self.node(self.value(self.root(), "rules")).kind else {
            panic!("a list")
        };
        items[index]
    }

    fn site(&self, id: NodeId) -> Site {
        Site::node(self.file, id)
    }

    /// The text after an edit.
    fn after(&self, edit: &Edit) -> Option<String> {
        let Change { range, text, .. } = edit.change(&self.sources)?;
        let mut whole = self.sources.file(self.file).unwrap().text().to_owned();
        whole.replace_range(range, &text);
        Some(whole)
    }
}

fn without(text: &str, item: usize) -> Option<String> {
    let text = Text::new(text);
    text.after(&Edit::Remove(text.site(text.rule(item))))
}

#[test]
fn an_item_goes_with_its_lines() {
    let text = "rules:\n  - id: a # first\n    to: x\n  # about b\n  - { id: b } # last\n  - id: c\n";
    assert_eq!(without(text, 0).unwrap(), "rules:\n  # about b\n  - { id: b } # last\n  - id: c\n");
    assert_eq!(without(text, 1).unwrap(), "rules:\n  - id: a # first\n    to: x\n  # about b\n  - id: c\n");
    assert!(without(text, 2).unwrap().ends_with("# last\n"));
}

#[test]
fn an_item_among_others_in_a_line_stays() {
    assert_eq!(without("rules: [{ id: a }, { id: b }]\n", 0), None);
}

#[test]
fn a_key_is_set_in_the_style_of_its_mapping() {
    let set = |text: &str, key, value: &str| {
        let text = Text::new(text);
        text.after(&Edit::Set { mapping: text.site(text.rule(0)), key, value: value.to_owned() })
    };
    let block = "rules:\n  - id: a # first\n    to: x # there\n\n  - id: b\n";
    assert_eq!(
        set(block, "log", "true").unwrap(),
        "rules:\n  - id: a # first\n    to: x # there\n    log: true\n\n  - id: b\n"
    );
    assert_eq!(
        set(block, "to", "[y]").unwrap(),
        "rules:\n  - id: a # first\n    to: [y] # there\n\n  - id: b\n"
    );
    assert_eq!(
        set("rules: [{ id: a, to: [x] }, { id: b }]", "log", "true").unwrap(),
        "rules: [{ id: a, to: [x], log: true }, { id: b }]"
    );
    assert_eq!(set("rules:\n- id: a", "log", "true").unwrap(), "rules:\n- id: a\n  log: true");
}

#[test]
fn a_key_goes_with_its_value() {
    let forget = |written: &str, index: usize| {
        let text = Text::new(written);
        let Kind::Mapping(pairs) = &text.node(text.value(text.root(), "networks")).kind else {
            panic!("a mapping")
        };
        text.after(&Edit::Forget(text.site(pairs[index].0)))
    };
    let block = "networks:\n  a: 10.0.0.1\n  b: # two\n    - 10.0.0.2\n    - 10.0.0.3\n  # last\n  c: 10.0.0.4 # four\n";
    assert_eq!(forget(block, 1).unwrap(), "networks:\n  a: 10.0.0.1\n  # last\n  c: 10.0.0.4 # four\n");
    assert_eq!(
        forget(block, 2).unwrap(),
        "networks:\n  a: 10.0.0.1\n  b: # two\n    - 10.0.0.2\n    - 10.0.0.3\n  # last\n"
    );
    let flow = "networks: { a: 10.0.0.1, b: [10.0.0.2], c: 10.0.0.4 }\n";
    assert_eq!(forget(flow, 0).unwrap(), "networks: { b: [10.0.0.2], c: 10.0.0.4 }\n");
    assert_eq!(forget(flow, 1).unwrap(), "networks: { a: 10.0.0.1, c: 10.0.0.4 }\n");
    assert_eq!(forget(flow, 2).unwrap(), "networks: { a: 10.0.0.1, b: [10.0.0.2] }\n");
    assert_eq!(forget("networks:\n  a: 10.0.0.1\n", 0), None, "a mapping has something in it");
}

#[test]
fn a_key_goes_with_its_line() {
    let unset = |text: &str| {
        let text = Text::new(text);
        text.after(&Edit::Unset { mapping: text.site(text.rule(0)), key: "stage" })
    };
    assert_eq!(
        unset("rules:\n  - id: a\n    stage: observe # soon\n    to: x\n").unwrap(),
        "rules:\n  - id: a\n    to: x\n"
    );
    assert_eq!(unset("rules: [{ id: a, stage: observe }]\n"), None);
    assert_eq!(unset("rules:\n  - stage: observe\n    id: a\n"), None);
}

#[test]
fn a_new_item_looks_like_its_neighbour() {
    let before = |text: &str| {
        let text = Text::new(text);
        let item = vec![
            ("id", NewValue::text("new")),
            ("to", NewValue::Copy(text.site(text.value(text.rule(0), "to")))),
        ];
        text.after(&Edit::Before(text.site(text.rule(0)), item))
    };
    assert_eq!(
        before("rules:\n\n  - id: a\n    to: [x, \"y\"]\n").unwrap(),
        "rules:\n\n  - id: new\n    to: [x, \"y\"]\n\n  - id: a\n    to: [x, \"y\"]\n"
    );
    assert_eq!(
        before("rules:\n- id: a\n  to:\n    - x # here\n    - y\n").unwrap(),
        "rules:\n- id: new\n  to: [x, y]\n- id: a\n  to:\n    - x # here\n    - y\n"
    );
    assert_eq!(
        before("rules:\n  - { id: a, to: x }\n").unwrap(),
        "rules:\n  - { id: new, to: x }\n  - { id: a, to: x }\n"
    );
    assert_eq!(
        before("rules: [{ id: a, to: x }]\n").unwrap(),
        "rules: [{ id: new, to: x }, { id: a, to: x }]\n"
    );
}

#[test]
fn a_list_grows_in_its_style() {
    let push = |text: &str| {
        let text = Text::new(text);
        text.after(&Edit::Push(text.site(text.value(text.root(), "list")), "z".to_owned())).unwrap()
    };
    assert_eq!(push("list: [x, y] # these\n"), "list: [x, y, z] # these\n");
    assert_eq!(push("list: x\n"), "list: [x, z]\n");
    assert_eq!(
        push("list:\n  - x # one\n  - y\nrules: []\n"),
        "list:\n  - x # one\n  - y\n  - z\nrules: []\n"
    );
    assert_eq!(push("list:\n- x"), "list:\n- x\n- z");
}

#[test]
fn a_comment_goes_with_its_line() {
    let without = |text: &str| {
        let at = text.find("# x").unwrap();
        let mut sources = Sources::default();
        let (file, _) = sources.add_yaml(SourceFile::new("p.yaml".to_owned(), text.to_owned(), None));
        let change = Edit::Uncomment(Site::bytes(file, at..at + 3)).change(&sources).unwrap();
        let mut whole = text.to_owned();
        whole.replace_range(change.range, &change.text);
        whole
    };
    assert_eq!(without("a: 1\n  # x\nb: 2\n"), "a: 1\nb: 2\n");
    assert_eq!(without("a: 1  # x\nb: 2\n"), "a: 1\nb: 2\n");
    assert_eq!(without("# x\na: 1\n"), "a: 1\n");
}

#[test]
fn a_list_below_its_key_is_in_no_brackets_whatever_its_first_item_is() {
    let text = Text::new("services:\n- { udp: 53 }\nname: x\n");
    let push = Edit::Push(text.site(text.value(text.root(), "services")), "{ tcp: 53 }".to_owned());
    assert_eq!(text.after(&push).unwrap(), "services:\n- { udp: 53 }\n- { tcp: 53 }\nname: x\n");
}

#[test]
fn new_lines_end_as_the_nearest_one() {
    let text = Text::new("name: x\nrules:\r\n  - id: a\r\n    to: x\n  - id: b\n");
    let set = |rule| Edit::Set { mapping: text.site(text.rule(rule)), key: "log", value: "true".to_owned() };
    assert_eq!(
        text.after(&set(1)).unwrap(),
        "name: x\nrules:\r\n  - id: a\r\n    to: x\n  - id: b\n    log: true\n"
    );
    assert_eq!(
        text.after(&Edit::Before(text.site(text.rule(0)), vec![("id", NewValue::text("c"))])).unwrap(),
        "name: x\nrules:\r\n  - id: c\r\n  - id: a\r\n    to: x\n  - id: b\n"
    );
}

#[test]
fn new_lines_end_as_those_of_the_file() {
    let text = Text::new("rules:\r\n  - id: a\r\n    to: x\r\n");
    let item = vec![("id", NewValue::text("new")), ("to", NewValue::text("y"))];
    let after = text.after(&Edit::Before(text.site(text.rule(0)), item)).unwrap();
    assert_eq!(after, "rules:\r\n  - id: new\r\n    to: y\r\n  - id: a\r\n    to: x\r\n");
    let set = Edit::Set { mapping: text.site(text.rule(0)), key: "log", value: "true".to_owned() };
    assert_eq!(text.after(&set).unwrap(), "rules:\r\n  - id: a\r\n    to: x\r\n    log: true\r\n");
}
