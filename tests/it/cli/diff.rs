//! `mailward diff` as its users meet it: files and directories.

use crate::program::{Run, Site, run_in_repository};

/// A policy of an office with one rule for mail, before which others can be put.
pub(crate) const OFFICE: &str = r"version: 1
name: office
zones:
  lan: { interfaces: [lan0], networks: [10.0.0.0/16], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
rules:
  - id: mail
    action: allow
    from: lan
    to: internet
    services: [imaps]
    reason: Mail is read over TLS.
";

/// Another rule from the office to the world, for the end of a policy.
pub(crate) fn rule(id: &str, action: &str, services: &str) -> String {
    format!("  - {{ id: {id}, action: {action}, from: lan, to: internet, services: {services} }}\n")
}

/// Old and new versions in one directory.
fn versions(old: impl AsRef<[u8]>, new: impl AsRef<[u8]>) -> Site {
    Site::new().file("old.yaml", old).file("new.yaml", new)
}

fn diff(old: impl AsRef<[u8]>, new: impl AsRef<[u8]>) -> Run {
    versions(old, new).run("diff old.yaml new.yaml")
}

/// The kinds and policies of the changes that a run gives as JSON.
pub(crate) fn told(run: &Run) -> Vec<String> {
    assert_eq!(run.stderr, "", "{run}");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let changes = document["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let policy = &document["policies"][usize::try_from(change["policy"].as_u64().unwrap()).unwrap()];
            let path = |side: &str| policy[side].as_str().unwrap_or("nothing").to_owned();
            format!("{} {} → {}", change["kind"].as_str().unwrap(), path("old"), path("new"))
        })
        .collect()
}

#[test]
fn a_new_rule_is_shown_with_what_it_opens() {
    insta::assert_snapshot!(diff(OFFICE, OFFICE.to_owned() + &rule("pop", "allow", "[pop3]")), @"
    exit 0
    --- stdout
    newly allowed: TCP 110 (pop3) from lan (10.0.0.0/16) to internet
       ╭▸ new.yaml:13:11
       │
    13 │   - { id: pop, action: allow, from: lan, to: internet, services: [pop3] }
       │           ━━━ allows them now
       │
       ⸬  old.yaml:2:7
       │
     2 │ name: office
       │       ━━━━━━ the default of the forward hook dropped and logged them
       │
       ├ note: 65,536 × every IPv4 address, 1 port
       ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110

    1 traffic change: 1 newly allowed in 1 policy
    --- stderr
    ");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one report, seen whole")]
fn every_kind_of_change_in_the_order_of_its_weight() {
    let old = OFFICE.to_owned() + &rule("pop", "deny", "[pop3]") + &rule("web", "allow", "[https]");
    let new = OFFICE.replace("imaps", "imaps, smtp").replace("    reason", "    log: true\n    reason")
        + &rule("pop", "reject", "[pop3]");
    insta::assert_snapshot!(diff(old, new), @"
    exit 0
    --- stdout
    newly allowed: TCP 25 (smtp) from lan (10.0.0.0/16) to internet
      ╭▸ new.yaml:7:9
      │
    7 │   - id: mail
      │         ━━━━ allows and logs them now
      │
      ⸬  old.yaml:2:7
      │
    2 │ name: office
      │       ━━━━━━ the default of the forward hook dropped and logged them
      │
      ├ note: 65,536 × every IPv4 address, 1 port
      ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:25

    newly denied: TCP 443 (https) from lan (10.0.0.0/16) to internet
       ╭▸ new.yaml:2:7
       │
     2 │ name: office
       │       ━━━━━━ the default of the forward hook drops and logs them now
       │
       ⸬  old.yaml:14:11
       │
    14 │   - { id: web, action: allow, from: lan, to: internet, services: [https] }
       │           ━━━ allowed them
       │
       ├ note: 65,536 × every IPv4 address, 1 port
       ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:443

    refused in another way: TCP 110 (pop3) from lan (10.0.0.0/16) to internet
       ╭▸ new.yaml:14:11
       │
    14 │   - { id: pop, action: reject, from: lan, to: internet, services: [pop3] }
       │           ━━━ rejects them now
       │
       ⸬  old.yaml:13:11
       │
    13 │   - { id: pop, action: deny, from: lan, to: internet, services: [pop3] }
       │           ━━━ dropped them
       │
       ├ note: 65,536 × every IPv4 address, 1 port
       ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110

    logged in another way: TCP 993 (imaps) from lan (10.0.0.0/16) to internet
      ╭▸ new.yaml:7:9
      │
    7 │   - id: mail
      │         ━━━━ logs them now, at most 5/second and 10 at once
      │
      ⸬  old.yaml:7:9
      │
    7 │   - id: mail
      │         ━━━━ did not log them
      │
      ├ note: 65,536 × every IPv4 address, 1 port
      ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:993

    4 traffic changes: 1 newly allowed, 1 newly denied, 1 refused in another way, 1 logged in another way in 1 policy
    --- stderr
    ");
}

#[test]
fn what_is_written_otherwise_is_no_change() {
    let old = OFFICE.to_owned() + &rule("web", "allow", "[http, https]");
    let new = OFFICE.replace("  - id: mail", &(rule("tls", "allow", "[https]") + "  - id: post"))
        + &rule("plain", "allow", "[http]");
    insta::assert_snapshot!(diff(old, new), @"
    exit 0
    --- stdout
    no traffic changes in 1 policy
    --- stderr
    ");
}

#[test]
fn another_name_of_the_policy_is_no_traffic() {
    let run = diff(OFFICE, OFFICE.replace("name: office", "name: bureau"));
    assert_eq!(run.stdout, "no traffic changes in 1 policy\n", "{run}");
}

#[test]
fn only_those_who_ask_for_it_get_an_exit_code() {
    let changed = versions(OFFICE, OFFICE.to_owned() + &rule("pop", "allow", "[pop3]"));
    for format in ["human", "json", "markdown"] {
        assert_eq!(changed.run(&format!("diff old.yaml new.yaml --format {format}")).exit, 0);
        assert_eq!(changed.run(&format!("diff old.yaml new.yaml --format {format} --exit-code")).exit, 1);
        assert_eq!(changed.run(&format!("diff old.yaml old.yaml --format {format} --exit-code")).exit, 0);
    }
}

#[test]
fn an_invalid_policy_on_either_side_is_no_answer() {
    let site = versions(OFFICE, OFFICE.replace("imaps", "imapz"));
    insta::assert_snapshot!(site.run("diff old.yaml new.yaml"), @"
    exit 2
    --- stdout
    --- stderr
    error[undefined-service]: there is no service named `imapz`
       ╭▸ new.yaml:11:16
       │
    11 │     services: [imapz]
       ╰╴               ━━━━━ did you mean `imap`?

    1 error in 2 policies
    ");
    for words in ["new.yaml old.yaml", "new.yaml old.yaml --format json", "old.yaml nowhere.yaml"] {
        let run = site.run(&format!("diff {words}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    }
}

#[test]
fn directories_are_compared_policy_by_policy() {
    let other = OFFICE.replace("office", "other");
    let site = Site::new()
        .file("old/same.yaml", OFFICE)
        .file("old/deep/changed.yaml", &other)
        .file("old/before.yaml", OFFICE.replace("office", "moved"))
        .file("old/gone.yaml", OFFICE.replace("office", "gone"))
        .file("old/compose.yaml", "services: {}\n")
        .file("new/same.yaml", OFFICE)
        .file("new/deep/changed.yaml", other.clone() + &rule("pop", "allow", "[pop3]"))
        .file("new/after.yaml", OFFICE.replace("office", "moved"))
        .file("new/fresh.yaml", OFFICE.replace("office", "fresh"));
    let run = site.run("diff old new");
    assert_eq!(run.stderr, "skipped, not a policy: `old/compose.yaml`\n", "{run}");
    std::fs::remove_file(site.path("old/compose.yaml")).unwrap();
    assert_eq!(
        told(&site.run("diff old new --format json")),
        [
            "allowed old/deep/changed.yaml → new/deep/changed.yaml",
            "allowed nothing → new/fresh.yaml",
            "denied old/gone.yaml → nothing",
        ]
    );
    let document: serde_json::Value =
        serde_json::from_str(&site.run("diff old new --format json").stdout).unwrap();
    assert_eq!(document["policies"].as_array().unwrap().len(), 5);
    let moved =
        document["policies"].as_array().unwrap().iter().find(|policy| policy["name"] == "moved").unwrap();
    assert_eq!((&moved["old"], &moved["new"]), (&"old/before.yaml".into(), &"new/after.yaml".into()));
}

#[test]
fn a_name_that_several_have_makes_no_pair() {
    let site = Site::new().file("old/a.yaml", OFFICE).file("new/b.yaml", OFFICE).file("new/c.yaml", OFFICE);
    assert_eq!(
        told(&site.run("diff old new --format json")),
        ["allowed nothing → new/b.yaml", "allowed nothing → new/c.yaml", "denied old/a.yaml → nothing",]
    );
}

#[test]
fn a_new_policy_shows_what_its_rules_allow_and_not_the_baseline() {
    let site = Site::new().file("old/notes.txt", "").file("new/office.yaml", OFFICE);
    insta::assert_snapshot!(site.run("diff old new"), @"
    exit 0
    --- stdout
    newly allowed: TCP 993 (imaps) from lan (10.0.0.0/16) to internet
      ╭▸ new/office.yaml:7:9
      │
    7 │   - id: mail
      │         ━━━━ allows them now
      │
      ├ note: the policy is new
      ├ note: 65,536 × every IPv4 address, 1 port
      ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:993

    1 traffic change: 1 newly allowed in 1 policy
    --- stderr
    ");
    insta::assert_snapshot!(site.run("diff new old"), @"
    exit 0
    --- stdout
    newly denied: TCP 993 (imaps) from lan (10.0.0.0/16) to internet
      ╭▸ new/office.yaml:7:9
      │
    7 │   - id: mail
      │         ━━━━ allowed them
      │
      ├ note: the policy is gone
      ├ note: 65,536 × every IPv4 address, 1 port
      ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:993

    1 traffic change: 1 newly denied in 1 policy
    --- stderr
    ");
}

#[test]
fn the_defaults_of_a_new_policy_are_something_that_it_allows() {
    let open =
        OFFICE.replace("rules:", "defaults: { output: allow }\nbaseline: { dhcp-client: [wan0] }\nrules:");
    let site = Site::new().file("old/notes.txt", "").file("new/office.yaml", open);
    let run = site.run("diff old new --format json");
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let after =
        document["changes"].as_array().unwrap().iter().flat_map(|change| change["after"].as_array().unwrap());
    let subjects: Vec<&str> = after.map(|after| after["subject"].as_str().unwrap()).collect();
    assert_eq!(
        subjects,
        ["rule `mail`", "the baseline's `dhcp-client`", "the default of the output hook"],
        "{run}"
    );
}

#[test]
fn a_file_is_paired_with_one_of_a_directory_by_its_name() {
    let site = Site::new()
        .file("office.yaml", OFFICE)
        .file("new/office.yaml", OFFICE)
        .file("new/sub/x.yaml", OFFICE);
    assert_eq!(told(&site.run("diff office.yaml new --format json")), ["allowed nothing → new/sub/x.yaml"]);
}

#[test]
fn nothing_on_both_sides_is_nothing_to_compare() {
    let site = Site::new().file("old/notes.txt", "").file("new/notes.txt", "");
    let run = site.run("diff old new");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.starts_with("error: there is nothing to check: no policy in `old`, `new`\n"), "{run}");
}

#[test]
fn fragments_are_compared_with_the_policies_that_include_them() {
    let policy = OFFICE.replace("zones:", "include: [shared.yaml]\nzones:").replace("[imaps]", "[remote]");
    let shared = |ports: &str| format!("version: 1\nservices: {{ remote: {{ tcp: [{ports}] }} }}\n");
    let site = Site::new()
        .file("old/office.yaml", &policy)
        .file("old/shared.yaml", shared("993"))
        .file("new/office.yaml", &policy)
        .file("new/shared.yaml", shared("993, 995"));
    assert_eq!(told(&site.run("diff old new --format json")), ["allowed old/office.yaml → new/office.yaml"]);
    let broken = site.file("new/shared.yaml", "version: 1\nservices: { remote: 9 }\n").run("diff old new");
    assert_eq!((broken.exit, broken.stdout.as_str()), (2, ""), "{broken}");
}

#[test]
fn the_standard_input_is_one_side() {
    let site = versions(OFFICE, OFFICE.to_owned() + &rule("pop", "allow", "[pop3]"));
    let new = site.read("new.yaml");
    let run = site.run_with("diff old.yaml - --format json", new.as_bytes());
    assert_eq!(told(&run), ["allowed old.yaml → <stdin>"]);
    let run = site.run_with("diff - old.yaml --format json", new.as_bytes());
    assert_eq!(told(&run), ["denied <stdin> → old.yaml"]);
    insta::assert_snapshot!(site.run_with("diff - -", new.as_bytes()), @"
    exit 2
    --- stdout
    --- stderr
    error: the standard input can be one side of a comparison, not both
     help: name a file
    ");
}

#[test]
fn two_sides_are_needed() {
    for words in
        ["diff", "diff old.yaml", "diff old.yaml new.yaml more.yaml", "diff old.yaml new.yaml --format xml"]
    {
        let run = versions(OFFICE, OFFICE).run(words);
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
    }
}

#[test]
fn markdown_is_for_reviewers() {
    let old = OFFICE.to_owned() + &rule("web", "allow", "[https]");
    let new = OFFICE.to_owned() + &rule("pop", "allow", "[pop3]");
    let run = versions(old, new).run("diff old.yaml new.yaml --format markdown");
    insta::assert_snapshot!(run, @"
    exit 0
    --- stdout
    **2 traffic changes: 1 newly allowed, 1 newly denied in 1 policy**

    ### Newly allowed

    - **`TCP 110 (pop3) from lan (10.0.0.0/16) to internet`**
      - 65,536 × every IPv4 address, 1 port
      - rule `pop` allows them now: `new.yaml:13`
      - the default of the forward hook dropped and logged them: `old.yaml:2`
      - for example `forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110`

    ### Newly denied

    - **`TCP 443 (https) from lan (10.0.0.0/16) to internet`**
      - 65,536 × every IPv4 address, 1 port
      - the default of the forward hook drops and logs them now: `new.yaml:2`
      - rule `web` allowed them: `old.yaml:13`
      - for example `forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:443`
    --- stderr
    ");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one document, seen whole")]
fn json_says_everything() {
    let new = OFFICE.to_owned() + &rule("pop", "allow", "[pop3]");
    insta::assert_snapshot!(versions(OFFICE, new).run("diff old.yaml new.yaml --format json"), @r#"
    exit 0
    --- stdout
    {
      "version": 1,
      "policies": [
        {
          "old": "old.yaml",
          "new": "new.yaml",
          "name": "office"
        }
      ],
      "changes": [
        {
          "kind": "allowed",
          "policy": 0,
          "parts": [
            {
              "words": "TCP 110 (pop3) from lan (10.0.0.0/16) to internet",
              "hook": "forward",
              "services": [
                "TCP 110 (pop3)"
              ],
              "source_ports": [],
              "from": [
                "lan (10.0.0.0/16)"
              ],
              "incoming": [],
              "to": [
                "internet"
              ],
              "outgoing": [],
              "states": [],
              "ipv4": {
                "sources": "65536",
                "destinations": "4294967296"
              },
              "ipv6": null,
              "ports": 1
            }
          ],
          "more_parts": 0,
          "except_before": [],
          "except_after": [],
          "before": [
            {
              "subject": "the default of the forward hook",
              "rule": null,
              "verdict": "drop",
              "log": {
                "count": 5,
                "per": "second",
                "burst": 10
              },
              "path": "old.yaml",
              "line": 2,
              "column": 7
            }
          ],
          "after": [
            {
              "subject": "rule `pop`",
              "rule": "pop",
              "verdict": "accept",
              "log": null,
              "path": "new.yaml",
              "line": 13,
              "column": 11
            }
          ],
          "packet": "forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110"
        }
      ],
      "undecided": [],
      "summary": {
        "allowed": 1,
        "denied": 0,
        "refusal": 0,
        "logging": 0,
        "undecided": 0
      }
    }
    --- stderr
    "#);
}

#[cfg(unix)]
#[test]
fn names_of_files_are_neither_markup_nor_control_sequences() {
    let name = "`<b>[x](http:)\u{1b}[31m*@you*`.yaml";
    let site = Site::new()
        .file(&format!("old/{name}"), OFFICE)
        .file(&format!("new/{name}"), OFFICE.to_owned() + &rule("pop", "allow", "[pop3]"));
    for format in ["human", "json", "markdown"] {
        let run = site.run(&format!("diff old new --format {format}"));
        assert_eq!(run.exit, 0, "{run}");
        assert!(run.stdout.contains("[x](http:)"), "{run}");
        assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
    }
    let markdown = site.run("diff old new --format markdown").stdout;
    assert!(markdown.contains("`` new/`<b>[x](http:)?[31m*@you*`.yaml:13 ``"), "{markdown}");
}

#[test]
fn colour_is_for_those_who_want_it() {
    let site = versions(OFFICE, OFFICE.to_owned() + &rule("pop", "allow", "[pop3]"));
    assert!(!site.run("diff old.yaml new.yaml").stdout.contains('\u{1b}'));
    assert!(site.run("diff old.yaml new.yaml --color always").stdout.contains('\u{1b}'));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let words = "diff policies/mail-server.yaml policies/branch-gateway.yaml";
    let run = run_in_repository(words);
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    assert_eq!(run, run_in_repository(words));
}

#[test]
fn examples_come_from_where_their_interfaces_lead() {
    let policy = |services: &str| {
        format!(
            "version: 1
name: edge
zones:
  lan:      {{ interfaces: [lan0], networks: [203.0.113.0/24], trust: internal }}
  internet: {{ interfaces: [wan0], trust: untrusted }}
baseline: {{ anti-spoofing: false }}
rules:
  - {{ id: in, action: allow, from: internet, to: lan, services: [{services}], reason: Mail comes in. }}
"
        )
    };
    let site = Site::new().file("old.yaml", policy("smtp")).file("new.yaml", policy("smtp, smtps"));
    let run = site.run("diff old.yaml new.yaml");
    assert!(run.stdout.contains("wan0 → lan0: TCP 198.51.100.1:49152 → 203.0.113.1:465"), "{run}");
}
