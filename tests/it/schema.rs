//! The schemas for editors: made of the tables that the readers go by, and of one mind with the readers.

mod generate;
mod kinds;
mod validate;

use std::collections::BTreeMap;
use std::path::Path;

use mailward::parse::{self, Mapping};
use mailward::source::Sources;
use serde_json::Value;

use crate::docs::{compare, files, in_repository};
use crate::parse::typos::typos;
use crate::program::{Site, run_in_repository};
use crate::reading::diagnostics;
use validate::accepts;

/// A published schema, the file it is about, and what editors show of it.
const SCHEMAS: [(&str, Mapping, &str, &str); 4] = [
    (
        "schema/policy.schema.json",
        Mapping::Policy,
        "policy of mailward",
        "A policy, or a file with zones, networks, services and expectations for policies to include.",
    ),
    (
        "schema/mailward.schema.json",
        Mapping::Settings,
        "project of mailward",
        "The settings of a project, `mailward.yaml`.",
    ),
    (
        "schema/profile.schema.json",
        Mapping::Profile,
        "profile of mailward",
        "Which checks are run and how, and checks of one's own.",
    ),
    (
        "schema/baseline.schema.json",
        Mapping::Known,
        "baseline of mailward",
        "Findings that are known, each until somebody settles it.",
    ),
];

#[test]
fn the_published_schemas_are_those_of_the_readers() {
    for (path, file, title, description) in SCHEMAS {
        let should =
            serde_json::to_string_pretty(&generate::schema(file, title, description)).unwrap() + "\n";
        compare(path, &std::fs::read_to_string(in_repository(path)).unwrap_or_default(), &should);
    }
}

/// A published schema.
fn schema(name: &str) -> Value {
    let path = in_repository(&format!("schema/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What an editor makes of a file; none if it is no YAML.
fn value(text: &str) -> Option<Value> {
    let value: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    serde_json::to_value(value).ok()
}

/// The `yaml` blocks of a page that are whole files.
fn blocks(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(in_repository(page)).unwrap();
    let blocks = text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.filter(|block| block.contains("version: 1")).map(str::to_owned).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Every policy and every file for policies to include that we ship or show.
fn policies() -> Vec<String> {
    let directories = ["policies", "docs/examples", "tests/data/project", "benches"];
    let files = directories.iter().flat_map(|directory| files(&in_repository(directory)));
    let yaml = files.filter(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    let single =
        ["tests/data/every-key.yaml", "tests/data/kernel/corners.yaml", "src/cli/commands/init/starter.yaml"];
    let written =
        yaml.chain(single.map(in_repository)).map(|file| read(&file).replace("REVIEWED", "2026-11-22"));
    written.chain(blocks("docs/language.md")).collect()
}

#[test]
fn every_policy_that_we_ship_or_show_is_accepted() {
    let (schema, policies) = (schema("policy"), policies());
    assert!(policies.len() > 10, "{}", policies.len());
    for text in policies {
        assert!(accepts(&schema, &value(&text).unwrap()), "{text}");
    }
}

#[test]
fn the_profile_that_we_show_is_accepted() {
    let profiles = blocks("docs/profiles.md");
    assert_eq!(profiles.len(), 1);
    assert!(accepts(&schema("profile"), &value(&profiles[0]).unwrap()));
}

/// Slips that no schema of ours sees, by the code of what mailward says, and how many there are of each.
const UNSEEN: &[(&str, usize)] = &[
    // It takes arithmetic, a calendar, or more than a pattern that people are to read.
    ("host-bits-set", 2),
    ("inverted-range", 2),
    ("mapped-address", 2),
    ("not-a-date", 2),
    ("not-an-address", 1),
    // YAML has read it before a schema sees it: `True`, `+25`, `0x19`, `1.0`, tags, directives.
    ("not-a-boolean", 2),
    ("not-a-number", 1),
    ("not-a-port", 1),
    ("syntax", 1),
    ("tag", 1),
    ("unknown-version", 1),
    // A file for policies to include is no policy, and the schema is for both.
    ("not-a-policy", 1),
];

/// How many slips are no YAML, or name a key twice: every editor sees them without a schema.
const NO_YAML: usize = 24;

#[test]
fn the_schema_sees_the_slips_that_a_schema_can_see() {
    let schema = schema("policy");
    let mut unseen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unreadable = 0;
    let typos = typos();
    for (text, said) in &typos {
        let Some(value) = value(text) else {
            assert!(!said.is_empty(), "mailward reads what is no YAML: {text}");
            unreadable += 1;
            continue;
        };
        match (said.is_empty(), accepts(&schema, &value)) {
            (true, is_accepted) => assert!(is_accepted, "the schema refuses what mailward accepts: {text}"),
            (false, false) => {}
            (false, true) => {
                let code = said.split(": ").nth(1).unwrap().to_owned();
                unseen.entry(code).or_default().push(said.clone());
            }
        }
    }
    let mut should = UNSEEN.to_vec();
    should.sort_unstable();
    let counts: Vec<(&str, usize)> = unseen.iter().map(|(code, said)| (code.as_str(), said.len())).collect();
    assert_eq!(counts, should, "of {}: {unseen:#?}", typos.len());
    assert_eq!(unreadable, NO_YAML, "of {}", typos.len());
}

/// Every value that a value becomes by leaving out one key or item, or by misspelling one key.
fn slips(value: &Value) -> Vec<Value> {
    let mut slips = Vec::new();
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let mut rest = object.clone();
                rest.remove(key);
                let mut misspelt = rest.clone();
                misspelt.insert(format!("{key}x"), inner.clone());
                slips.extend([rest.clone().into(), misspelt.into()]);
                slips.extend(self::slips(inner).into_iter().map(|slip| {
                    let mut changed = rest.clone();
                    changed.insert(key.clone(), slip);
                    changed.into()
                }));
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                let mut rest = items.clone();
                rest.remove(at);
                slips.push(rest.into());
                slips.extend(self::slips(inner).into_iter().map(|slip| {
                    let mut changed = items.clone();
                    changed[at] = slip;
                    changed.into()
                }));
            }
        }
        _ => {}
    }
    slips
}

/// Holds a schema and a reader to one answer about a file and every slip in its keys; how many of them both refuse.
fn agree(schema: &Value, text: &str, is_read: impl Fn(&str) -> bool) -> usize {
    let value = value(text).unwrap();
    assert!(accepts(schema, &value) && is_read(text), "{text}");
    let slips = slips(&value);
    let is_refused = |slip: &&Value| {
        let text = serde_json::to_string_pretty(slip).unwrap();
        let is_accepted = accepts(schema, slip);
        assert_eq!(is_accepted, is_read(&text), "the schema: {is_accepted}; mailward does not agree: {text}");
        !is_accepted
    };
    slips.iter().filter(is_refused).count()
}

#[test]
fn a_key_is_missing_or_unknown_to_the_schema_where_it_is_to_the_reader() {
    let schema = schema("policy");
    let is_read = |text: &str| diagnostics(text).is_empty();
    let every_key = read(&in_repository("tests/data/every-key.yaml"));
    assert!(agree(&schema, &every_key, is_read) > 150);
    let more = "{ version: 1, name: p,
        zones: { a: { networks: 10.0.0.0/8, guests: true }, b: { interfaces: eth0 } },
        hosts: [{ networks: host, roles: [mx], smarthost: a, relay-via: a, dane: true }],
        flows: [{ from: a, to: [b] }],
        exceptions: [{ checks: [x], from: a, to: b, services: { tcp: 25, source-ports: 20 }, reason: r, owner: o,
                       ticket: t, granted: 2027-01-01, expires: 2027-03-31 }],
        rules: [{ id: r, action: deny, from: a, to: b, services: [smtp, { udp: [53] }] }] }";
    assert!(agree(&schema, more, is_read) > 50);
}

#[test]
fn a_file_to_include_needs_and_has_what_the_schema_says() {
    let policy = "{ version: 1, name: p, include: f.yaml, zones: { z: { interfaces: eth0 } },
                    rules: [{ id: r, action: deny, from: z, to: z, services: any }] }";
    let fragment = "{ version: 1, description: d, zones: { a: { interfaces: [eth1] } },
                      networks: { n: { addresses: [10.0.0.1], except: [10.0.0.1] }, m: 10.0.0.0/8 },
                      services: { s: { tcp: 25 } }, expect: [{ deny: { from: a, to: n, services: s }, by: r }] }";
    let site = Site::new().file("p.yaml", policy);
    let is_read = |text: &str| {
        std::fs::write(site.path("f.yaml"), text).unwrap();
        parse::load(&site.path("p.yaml"), &mut Sources::default()).diagnostics.is_empty()
    };
    assert!(agree(&schema("policy"), fragment, is_read) > 25);
    let name = "{ version: 1, zones: { a: { interfaces: [eth1] } }, name: p }";
    assert!(!is_read(name) && !accepts(&schema("policy"), &value(name).unwrap()));
}

#[test]
fn settings_and_baselines_are_read_where_their_schema_accepts_them() {
    let settings = "{ version: 1, policies: [a, b.yaml], expect: e.yaml, targets: [nftables, pf], out: rules,
                      template-dir: t, profiles: [rfc, own.yaml], baseline: b.yaml, fail-on: never }";
    let is_read = |text: &str| parse::settings("s", text.into(), &mut Sources::default()).is_ok();
    assert!(agree(&schema("mailward"), settings, is_read) > 10);
    let known = "{ version: 1, findings: [{ policy: p, check: c, finding: f, count: 2 }, { policy: p, check: c, finding: g }] }";
    let is_read = |text: &str| parse::known("k", text.into(), &mut Sources::default()).is_ok();
    assert!(agree(&schema("baseline"), known, is_read) > 10);
    assert!(accepts(&schema("baseline"), &value("{ version: 1, findings: }").unwrap()));
}

#[test]
fn profiles_are_read_where_their_schema_accepts_them() {
    let policy = "{ version: 1, name: p, zones: { guests: { interfaces: eth0 }, dmz: { interfaces: eth1 } },
                    rules: [{ id: r, action: deny, from: dmz, to: guests, services: any }] }";
    let site = Site::new().file("p.yaml", policy);
    let is_read = |text: &str| {
        std::fs::write(site.path("f.yaml"), text).unwrap();
        site.run("lint p.yaml --profile f.yaml").exit < 2
    };
    assert!(agree(&schema("profile"), &blocks("docs/profiles.md")[0], is_read) > 50);
}

#[test]
fn the_program_prints_the_published_schemas() {
    for (word, name) in [
        ("", "policy"),
        (" policy", "policy"),
        (" project", "mailward"),
        (" profile", "profile"),
        (" baseline", "baseline"),
        (" report", "report"),
    ] {
        let run = run_in_repository(&format!("schema{word}"));
        let should = read(&in_repository(&format!("schema/{name}.schema.json")));
        assert_eq!((run.exit, run.stdout == should), (0, true), "{word}: {run}");
    }
}
