//! `mailward lsp`: the real program, talked to as an editor talks to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::program::Site;

/// A policy with a service that is cleartext, and a rule that another one shadows.
const POLICY: &str = "\
version: 1
name: lsp
include: [shared/nets.yaml]
zones:
  lan: { interfaces: [lan0], networks: [office], trust: internal }
  wan: { interfaces: [wan0] }
services:
  submit: [submissions, { tcp: 2465 }]
rules:
  # 𝛑 and ä: columns are counted in different ways behind them
  - { id: all-mail, action: allow, from: lan, to: wan, services: [submit, imaps], reason: '𝛑 is not the reason', owner: it }
  - id: some-mail
    action: allow
    from: lan
    to: wan
    services: imaps
    reason: Mail of the office.
    owner: it
expect:
  - { allow: { from: lan, to: wan, services: imaps }, by: all-mail }
";

const NETS: &str = "version: 1\nnetworks:\n  office: [10.20.0.0/16]\n";

/// The program, and what it says.
struct Editor {
    site: Site,
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    next: i64,
    /// What was said without being asked.
    said: Vec<Value>,
}

impl Editor {
    /// Starts it in a directory with the policy and what it includes.
    fn new() -> Self {
        Self::inside(
            Site::new().file(".git/HEAD", "").file("policy.yaml", POLICY).file("shared/nets.yaml", NETS),
        )
    }

    fn inside(site: Site) -> Self {
        let mut command = site.command("lsp --today 2026-06-01");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { site, child, stdin, stdout, next: 1, said: Vec::new() }
    }

    /// Starts it and agrees on what columns count.
    fn ready(encodings: &[&str]) -> Self {
        let mut editor = Self::new();
        editor.initialize(encodings);
        editor
    }

    fn initialize(&mut self, encodings: &[&str]) -> Value {
        let general = json!({ "positionEncodings": encodings });
        let answer =
            self.ask("initialize", json!({ "processId": null, "capabilities": { "general": general } }));
        self.tell("initialized", json!({}));
        answer
    }

    fn send(&mut self, message: &Value) {
        self.send_raw(&message.to_string());
    }

    fn send_raw(&mut self, body: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        stdin.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        message["params"] = params;
        self.send(&message);
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.stdout.read_line(&mut line).unwrap(), 0, "the program has ended");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.stdout.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// Asks, and waits for the whole answer.
    fn respond(&mut self, method: &str, params: Value) -> Value {
        let id = self.next;
        self.next += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        message["params"] = params;
        self.send(&message);
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
            self.said.push(message);
        }
    }

    /// Asks, and expects a result.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let message = self.respond(method, params);
        assert!(message.get("error").is_none(), "{message:#}");
        message["result"].clone()
    }

    fn uri(&self, path: &str) -> String {
        format!("file://{}", self.site.path(path).canonicalize().unwrap().display())
    }

    fn open(&mut self, path: &str, text: &str) -> Value {
        let document = json!({ "uri": self.uri(path), "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.published(path)
    }

    fn change(&mut self, path: &str, version: i32, text: &str) {
        let document = json!({ "uri": self.uri(path), "version": version });
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The next findings that are said of a file.
    fn published(&mut self, path: &str) -> Value {
        let uri = self.uri(path);
        let is_it = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri.as_str()
        };
        if let Some(place) = self.said.iter().position(is_it) {
            return self.said.remove(place)["params"].clone();
        }
        loop {
            let message = self.read();
            if is_it(&message) {
                return message["params"].clone();
            }
            self.said.push(message);
        }
    }

    /// Asks about the first character of a word, or a later one.
    fn about(&mut self, method: &str, word: &str, nth: usize) -> Value {
        let params = self.place(POLICY, word, nth);
        self.ask(method, params)
    }

    fn place(&self, text: &str, word: &str, nth: usize) -> Value {
        let (byte, _) = text.match_indices(word).nth(nth).unwrap();
        json!({ "textDocument": { "uri": self.uri("policy.yaml") }, "position": position(text, byte) })
    }

    /// Ends the conversation, properly or not; the exit code.
    fn end(mut self) -> i32 {
        drop(self.stdin.take());
        let mut rest = Vec::new();
        self.stdout.read_to_end(&mut rest).unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

/// A position in UTF-16.
fn position(text: &str, byte: usize) -> Value {
    let line = text[..byte].matches('\n').count();
    let start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[start..byte].encode_utf16().count() })
}

/// What stands in a range, whose columns count UTF-16.
fn within<'t>(text: &'t str, range: &Value) -> &'t str {
    let byte = |position: &Value| {
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = position["character"].as_u64().unwrap();
        let mut at = start;
        while left > 0 {
            let c = text[at..].chars().next().unwrap();
            left -= c.len_utf16() as u64;
            at += c.len_utf8();
        }
        at
    };
    &text[byte(&range["start"])..byte(&range["end"])]
}

fn codes(published: &Value) -> Vec<&str> {
    let found = published["diagnostics"].as_array().unwrap().iter();
    found.map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

fn labels(completions: &Value) -> Vec<&str> {
    completions.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect()
}

/// A text with edits carried out.
fn edited(text: &str, edits: &Value) -> String {
    let mut edits: Vec<&Value> = edits.as_array().unwrap().iter().collect();
    edits.sort_by_key(|edit| {
        edit["range"]["start"]["line"].as_u64().unwrap() * 10_000
            + edit["range"]["start"]["character"].as_u64().unwrap()
    });
    let mut text = text.to_owned();
    for edit in edits.into_iter().rev() {
        let old = within(&text, &edit["range"]);
        let start = old.as_ptr() as usize - text.as_ptr() as usize;
        let range = start..start + old.len();
        text.replace_range(range, edit["newText"].as_str().unwrap());
    }
    text
}

#[test]
fn a_conversation_ends_as_it_should() {
    let mut editor = Editor::ready(&["utf-16"]);
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_conversation_that_breaks_off_is_no_success() {
    assert_eq!(Editor::new().end(), 1);
    assert_eq!(Editor::ready(&[]).end(), 1);
    let mut editor = Editor::ready(&[]);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), 1);
}

#[test]
fn what_comes_too_early_or_too_late_is_refused() {
    let mut editor = Editor::new();
    let early = editor.respond("textDocument/hover", json!({}));
    assert_eq!(early["error"]["code"], -32002, "{early}");
    editor.initialize(&[]);
    assert_eq!(editor.respond("no/such/thing", json!({}))["error"]["code"], -32601);
    assert_eq!(editor.respond("textDocument/hover", json!({ "position": 1 }))["error"]["code"], -32602);
    editor.ask("shutdown", Value::Null);
    assert_eq!(editor.respond("textDocument/hover", json!({}))["error"]["code"], -32600);
}

#[test]
fn what_is_no_message_is_answered_and_the_conversation_goes_on() {
    let mut editor = Editor::ready(&[]);
    for (body, code) in [
        ("{", -32700),
        ("[]", -32600),
        ("\"a\"", -32600),
        ("{\"jsonrpc\": \"2.0\"}", -32600),
        ("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": 2}", -32600),
        ("null", -32600),
    ] {
        editor.send_raw(body);
        let answer = editor.read();
        assert_eq!(
            (&answer["error"]["code"], &answer["id"]),
            (&json!(code), &Value::Null),
            "{body}: {answer}"
        );
    }
    let opened = editor.open("policy.yaml", POLICY);
    assert!(!codes(&opened).is_empty());
    editor.tell("textDocument/didChange", json!({ "nothing": "of use" }));
    editor.tell("$/setTrace", json!({ "value": "off" }));
    editor.ask("shutdown", Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_request_has_an_id_that_is_a_text_or_a_whole_number() {
    let mut editor = Editor::ready(&[]);
    for id in [json!(null), json!(1.5), json!(1_u64 << 40), json!(true), json!([1]), json!({ "id": 1 })] {
        for method in ["textDocument/hover", "textDocument/didOpen", "initialized", "shutdown", "exit"] {
            editor.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": {} }));
            let answer = editor.read();
            assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(-32600)), "{answer}");
        }
    }
    editor.send_raw("{\"id\": 1, \"id\": 2, \"method\": \"shutdown\"}");
    assert_eq!(editor.read()["error"]["code"], -32600);
    for id in [json!("a"), json!(""), json!(-7), json!(0), json!(i32::MAX)] {
        editor.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/didOpen", "params": {} }));
        let answer = editor.read();
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&id, &json!(-32601)), "{answer}");
    }
    // Nothing was asked, so that nothing is an answer, and no answer is answered.
    for id in [json!(null), json!(1.5), json!(3)] {
        editor.send(&json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32600, "message": "no" } }));
        editor.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null }));
    }
    editor.tell("textDocument/hover", json!({}));
    editor.ask("shutdown", Value::Null);
    assert!(editor.said.is_empty(), "{:?}", editor.said);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), 0);
}

#[test]
fn columns_are_counted_as_agreed() {
    assert_eq!(Editor::new().initialize(&["utf-32", "utf-8"])["capabilities"]["positionEncoding"], "utf-8");
    assert_eq!(Editor::new().initialize(&["utf-32"])["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(Editor::new().initialize(&[])["capabilities"]["positionEncoding"], "utf-16");
    let broken = POLICY.replace("owner: it }", "owner: it, ports: 1 }");
    for (encoding, length) in
        [("utf-8", str::len as fn(&str) -> usize), ("utf-16", |text| text.encode_utf16().count())]
    {
        let mut editor = Editor::ready(&[encoding]);
        let published = editor.open("policy.yaml", &broken);
        let line = broken.lines().find(|line| line.contains("ports: 1")).unwrap();
        let character = length(&line[..line.find("ports").unwrap()]);
        let range = &published["diagnostics"][0]["range"];
        assert_eq!(range["start"]["character"], character, "{encoding}: {published:#}");
        assert_eq!(range["end"]["character"], character + 5);
    }
}

#[test]
fn findings_are_those_of_lint_while_somebody_types() {
    let mut editor = Editor::ready(&[]);
    let published = editor.open("policy.yaml", POLICY);
    let run = editor.site.run("lint --today 2026-06-01 --format json policy.yaml");
    let linted: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut expected: Vec<&str> =
        linted["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    let mut found = codes(&published);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    let shadowed =
        published["diagnostics"].as_array().unwrap().iter().find(|one| one["code"] == "rule-redundant");
    let shadowed = shadowed.unwrap();
    assert_eq!(shadowed["source"], "mailward");
    assert_eq!(within(POLICY, &shadowed["range"]), "some-mail");
    let related = &shadowed["relatedInformation"][0];
    assert_eq!(within(POLICY, &related["location"]["range"]), "all-mail");
    assert_eq!(related["message"], "`all-mail` allows its packets first");

    editor.change("policy.yaml", 2, &POLICY.replace("action: allow\n", "action: alow\n"));
    let published = editor.published("policy.yaml");
    assert_eq!(codes(&published), ["unknown-word"]);
    assert_eq!(published["version"], 2);
    assert_eq!(published["diagnostics"][0]["severity"], 1);
    assert!(published["diagnostics"][0]["message"].as_str().unwrap().contains("did you mean `allow`?"));
}

#[test]
fn changes_may_be_parts_and_only_the_newest_text_counts() {
    let mut editor = Editor::ready(&["utf-16"]);
    editor.open("policy.yaml", POLICY);
    let uri = editor.uri("policy.yaml");
    let (byte, _) = POLICY.match_indices("owner: it }").next().unwrap();
    let at = position(POLICY, byte);
    let change = json!({ "range": { "start": at, "end": at }, "text": "prots: 1, " });
    let document = json!({ "uri": uri, "version": 2 });
    editor.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    assert_eq!(codes(&editor.published("policy.yaml")), ["unknown-key"]);
    // In one piece, so that all of them wait when the first one is looked at.
    let changed = |version: i32| {
        let text = POLICY.replace("name: lsp", &format!("name: lsp-{version}"));
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        let body =
            json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params }).to_string();
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    };
    let all: String = (3..40).map(changed).collect();
    editor.stdin.as_mut().unwrap().write_all(all.as_bytes()).unwrap();
    let mut versions = Vec::new();
    while versions.last() != Some(&39) {
        versions.push(editor.published("policy.yaml")["version"].as_i64().unwrap());
    }
    assert!(versions.is_sorted() && versions.len() < 37, "{versions:?}");
}

#[test]
fn a_fragment_is_read_from_its_buffer_and_judged_with_those_that_include_it() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    let published = editor.open("shared/nets.yaml", NETS);
    assert!(codes(&published).is_empty(), "{published:#}");
    editor.change("shared/nets.yaml", 2, &NETS.replace("office", "offices"));
    let mut published = editor.published("policy.yaml");
    while !codes(&published).contains(&"undefined-network") {
        published = editor.published("policy.yaml");
    }
    editor.change("shared/nets.yaml", 3, &NETS.replace("10.20.0.0/16", "10.20.0.0/33"));
    let mut published = editor.published("shared/nets.yaml");
    while codes(&published).is_empty() {
        published = editor.published("shared/nets.yaml");
    }
    assert_eq!(codes(&published).len(), 1, "said once, whoever draws it in: {published:#}");
}

#[test]
fn other_yaml_is_none_of_our_business() {
    let mut editor = Editor::inside(Site::new().file(".git/HEAD", "").file("compose.yaml", ""));
    editor.initialize(&[]);
    let published = editor.open("compose.yaml", "services:\n  web: { image: nginx }\n");
    assert!(codes(&published).is_empty());
}

#[test]
fn keys_and_values_are_offered_by_their_places() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    let mut offered = |line: &str, version: i32| {
        let text = POLICY.replace("    owner: it\nexpect", &format!("{line}\nexpect"));
        editor.change("policy.yaml", version, &text);
        let byte = text.find(&format!("{line}\nexpect")).unwrap() + line.len();
        let params = json!({ "textDocument": { "uri": editor.uri("policy.yaml") }, "position": position(&text, byte) });
        editor.ask("textDocument/completion", params)
    };
    let keys = offered("    own", 2);
    assert!(["owner", "ticket", "exception"].iter().all(|key| labels(&keys).contains(key)), "{keys:#}");
    let owner = keys.as_array().unwrap().iter().find(|item| item["label"] == "owner").unwrap();
    assert_eq!(owner["textEdit"]["newText"], "owner: ");
    let log = offered("    log: { ", 3);
    assert_eq!(labels(&log), ["rate", "burst"]);
    let exception = offered("    exception: { own", 4);
    assert_eq!(labels(&exception), ["owner", "ticket", "granted", "expires"]);
    let stage = offered("    stage: ", 5);
    assert_eq!(labels(&stage), ["enforce", "observe"]);
    let checks = offered("    # mailward: allow(rule-", 6);
    assert!(labels(&checks).contains(&"rule-redundant"));
    let rules = offered("  - { id: x, action: ", 7);
    assert_eq!(labels(&rules), ["allow", "deny", "reject"]);
    let places = offered("  - { id: x, from: [", 8);
    assert!(
        ["lan", "wan", "office", "any", "host", "loopback"].iter().all(|key| labels(&places).contains(key)),
        "{places}"
    );
    let services = offered("  - { id: x, services: [", 9);
    assert!(["submit", "imaps", "tcp"].iter().all(|key| labels(&services).contains(key) || *key == "tcp"));
    let imaps = services.as_array().unwrap().iter().find(|item| item["label"] == "imaps").unwrap();
    assert!(imaps["documentation"]["value"].as_str().unwrap().contains("993"), "{imaps:#}");
}

#[test]
fn words_say_what_they_are() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    let mut told = |word: &str, nth: usize| {
        editor.about("textDocument/hover", word, nth)["contents"]["value"].as_str().unwrap().to_owned()
    };
    assert!(told("imaps", 0).contains("implicit TLS"));
    assert!(told("submit,", 0).contains("tcp 465 2465"));
    assert!(told("lan:", 0).contains("10.20.0.0/16"));
    assert!(told("office", 0).contains("10.20.0.0/16"));
    insta::assert_snapshot!(told("all-mail", 0), @"
    rule **all-mail**: allow

    > 𝛑 is not the reason

    It decides

    - TCP 465 (submissions), TCP 993 (imaps), TCP 2465 from lan (10.20.0.0/16) to wan (65,536 × every IPv4 address, 3 ports)
    ");
    insta::assert_snapshot!(told("some-mail", 0), @"
    rule **some-mail**: allow

    > Mail of the office.

    It never decides a packet: all of its packets are decided by rule `all-mail`, as it would decide them.
    ");
    assert!(told("all-mail", 1).starts_with("rule **all-mail**"));
}

#[test]
fn checks_say_what_they_find() {
    let mut editor = Editor::ready(&[]);
    let waived = "exceptions:\n  - { checks: [imap-open], from: lan, to: wan, services: imaps, reason: r, owner: o, expires: 2026-07-01 }\n";
    let text = POLICY.replace(
        "  - id: some-mail",
        "  # mailward: allow(rule-redundant) until 2026-07-01 by it: soon gone\n  - id: some-mail",
    );
    let text = format!("{text}{}", waived.replace("imap-open", "rule-no-reason"));
    editor.open("policy.yaml", &text);
    for (word, nth) in [("rule-redundant", 0), ("rule-no-reason", 0)] {
        let params = editor.place(&text, word, nth);
        let hover = editor.ask("textDocument/hover", params);
        assert!(
            hover["contents"]["value"].as_str().unwrap().starts_with(&format!("**{word}** (")),
            "{hover:#}"
        );
        assert_eq!(within(&text, &hover["range"]), word);
    }
    let params = editor.place(&text, "soon", 0);
    assert_eq!(editor.ask("textDocument/hover", params), Value::Null);
}

#[test]
fn what_is_half_written_is_no_trouble() {
    let mut editor = Editor::ready(&["utf-8"]);
    editor.open("policy.yaml", "");
    let ends = (0..POLICY.len()).filter(|&end| POLICY.is_char_boundary(end)).step_by(9);
    for (version, end) in (2..).zip(ends) {
        editor.change("policy.yaml", version, &POLICY[..end]);
        let at = position(POLICY, end);
        let document = json!({ "uri": editor.uri("policy.yaml") });
        for method in [
            "completion",
            "hover",
            "definition",
            "prepareRename",
            "codeAction",
            "documentSymbol",
            "formatting",
        ] {
            let params = json!({ "textDocument": document, "position": at, "range": { "start": at, "end": at }, "context": {} });
            editor.ask(&format!("textDocument/{method}"), params);
        }
        let mut params = json!({ "textDocument": document, "position": at, "newName": "x" });
        editor.respond("textDocument/rename", params.clone());
        params["context"] = json!({ "includeDeclaration": true });
        editor.ask("textDocument/references", params);
    }
    editor.ask("shutdown", Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.end(), 0);
}

#[test]
fn names_lead_to_where_they_are_declared_and_used() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    let zone = editor.about("textDocument/definition", "lan, to", 0);
    assert_eq!(within(POLICY, &zone["range"]), "lan");
    assert_eq!(zone["range"]["start"]["line"], 4);
    let network = editor.about("textDocument/definition", "office", 0);
    assert_eq!(network["uri"], editor.uri("shared/nets.yaml"));
    assert_eq!(within(NETS, &network["range"]), "office");
    let rule = editor.about("textDocument/definition", "all-mail", 1);
    assert_eq!(rule["range"]["start"]["line"], 10);
    let file = editor.about("textDocument/definition", "shared/nets", 0);
    assert_eq!(file["uri"], editor.uri("shared/nets.yaml"));
    let mut params = editor.place(POLICY, "lan:", 0);
    params["context"] = json!({ "includeDeclaration": true });
    let all = editor.ask("textDocument/references", params.clone());
    assert_eq!(all.as_array().unwrap().len(), 4, "{all:#}");
    params["context"] = json!({ "includeDeclaration": false });
    assert_eq!(editor.ask("textDocument/references", params).as_array().unwrap().len(), 3);
}

#[test]
fn names_are_changed_everywhere() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    editor.open("shared/nets.yaml", NETS);
    assert_eq!(editor.about("textDocument/prepareRename", "all-mail", 0)["placeholder"], "all-mail");
    assert_eq!(editor.about("textDocument/prepareRename", "imaps", 0), Value::Null, "built in");
    let uri = editor.uri("policy.yaml");
    let rename = |editor: &mut Editor, word: &str, new: &str| {
        let mut params = editor.place(POLICY, word, 0);
        params["newName"] = json!(new);
        editor.respond("textDocument/rename", params)
    };
    let changes = rename(&mut editor, "all-mail", "every-mail")["result"]["changes"].clone();
    assert_eq!(edited(POLICY, &changes[&uri]), POLICY.replace("all-mail", "every-mail"));
    let changes = rename(&mut editor, "office]", "desks")["result"]["changes"].clone();
    let nets = editor.uri("shared/nets.yaml");
    assert_eq!(edited(NETS, &changes[&nets]), NETS.replace("office", "desks"));
    assert_eq!(edited(POLICY, &changes[&uri]), POLICY.replace("[office]", "[desks]"));
    for new in ["wan", "any", "Not A Name", "null", "private"] {
        let refused = rename(&mut editor, "lan:", new);
        assert_eq!(refused["error"]["code"], -32803, "{new}: {refused:#}");
    }
}

#[test]
fn findings_can_be_settled() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    let uri = editor.uri("policy.yaml");
    let start = position(POLICY, POLICY.find("some-mail").unwrap());
    let params = json!({ "textDocument": { "uri": uri }, "range": { "start": start, "end": start }, "context": { "diagnostics": [] } });
    let mut others = params.clone();
    others["context"]["only"] = json!(["refactor", "source.organizeImports"]);
    assert_eq!(editor.ask("textDocument/codeAction", others), json!([]));
    let actions = editor.ask("textDocument/codeAction", params);
    let actions = actions.as_array().unwrap();
    let fix = actions
        .iter()
        .find(|one| one["title"] == "delete rule `some-mail`")
        .unwrap_or_else(|| panic!("{actions:#?}"));
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    let fixed = edited(POLICY, &fix["edit"]["changes"][&uri]);
    assert!(!fixed.contains("some-mail"));
    let permit =
        actions.iter().find(|one| one["title"].as_str().unwrap().contains("`rule-redundant` here")).unwrap();
    let permitted = edited(POLICY, &permit["edit"]["changes"][&uri]);
    let comment =
        "\n  # mailward: allow(rule-redundant) until 2026-08-30 by NAME: REASON\n  - id: some-mail\n";
    assert!(permitted.contains(comment), "{permitted}");
    editor.change("policy.yaml", 2, &permitted.replace("NAME: REASON", "it: the old one goes in May"));
    let published = editor.published("policy.yaml");
    assert!(!codes(&published).contains(&"rule-redundant"), "{published:#}");
}

#[test]
fn a_document_has_parts() {
    let mut editor = Editor::ready(&[]);
    editor.open("policy.yaml", POLICY);
    let document = json!({ "textDocument": { "uri": editor.uri("policy.yaml") } });
    let symbols = editor.ask("textDocument/documentSymbol", document);
    let names = |symbols: &Value| -> Vec<String> {
        symbols.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&symbols), ["version", "name", "include", "zones", "services", "rules", "expect"]);
    assert_eq!(names(&symbols[3]["children"]), ["lan", "wan"]);
    assert_eq!(names(&symbols[5]["children"]), ["all-mail", "some-mail"]);
    assert_eq!(symbols[5]["children"][1]["detail"], "allow");
    assert_eq!(within(POLICY, &symbols[5]["children"][1]["selectionRange"]), "some-mail");
}

#[test]
fn a_document_is_laid_out() {
    let mut editor = Editor::ready(&[]);
    let ugly = POLICY
        .replace("  - id: some-mail", "\n\n  - id: some-mail  ")
        .replace("[submit, imaps]", "[ submit,imaps ]");
    editor.open("policy.yaml", &ugly);
    let document = json!({ "textDocument": { "uri": editor.uri("policy.yaml") }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = editor.ask("textDocument/formatting", document.clone());
    assert_eq!(edited(&ugly, &edits), POLICY.replace("  - id: some-mail", "\n  - id: some-mail"));
    editor.change("policy.yaml", 2, POLICY);
    assert_eq!(editor.ask("textDocument/formatting", document), json!([]));
}

#[test]
fn a_header_promises_no_more_than_a_file_may_have() {
    for length in ["1000000000", "1099511627776", "18446744073709551615", "99999999999999999999999"] {
        let run = Site::new().run_with("lsp", format!("Content-Length: {length}\r\n\r\n{{}}").as_bytes());
        assert_eq!(run.exit, 1, "{length}: {run}");
        assert!(!run.stderr.contains("bug in mailward"), "{length}: {run}");
    }
    let run = Site::new().run_with("lsp", &vec![b'a'; 100_000]);
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.len() < 10_000, "{run}");
}
