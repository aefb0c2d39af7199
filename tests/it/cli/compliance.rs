//! `mailward compliance` as its users meet it.

use serde_json::Value;

use crate::program::{Run, Site, run_in_repository};

/// An office that lets POP3 out, on an exception and without.
const OFFICE: &str = "version: 1
name: office
zones:
  lan:      { interfaces: [lan0], networks: [10.20.0.0/16], trust: internal }
  internet: { interfaces: [wan0], trust: untrusted }
defaults: { input: deny, forward: deny, output: deny, log: true }
rules:
";

/// Mail over TLS.
const SAFE: &str = "  - { id: mail, action: allow, from: lan, to: internet, services: [pop3s], reason: Staff read mail., owner: it, ticket: NET-1 }
";

/// POP3 on an exception.
const SCANNER: &str = "  - id: scanner
    action: allow
    from: 10.20.9.1
    to: 198.51.100.25
    services: [pop3]
    log: true
    reason: The scanner cannot do TLS.
    exception: { owner: jo@example.net, ticket: NET-2, expires: 2027-03-31 }
";

/// IMAP without TLS for everybody.
const BARE: &str =
    "  - { id: imap, action: allow, from: lan, to: internet, services: [imap], reason: Old clients., ticket: NET-3, owner: it }
";

/// A profile with two controls of its own.
const ACME: &str = "version: 1
profile: acme
own:
  - { id: no-imap, summary: IMAP leaves, source: ACME-SEC 4, never: { from: lan, to: internet, services: [imap] } }
  - { id: guests-stay-out, summary: guests get in, where-declared: true, never: { from: guests, to: lan, services: any } }
";

fn site(rules: &str) -> Site {
    Site::new().file("p.yaml", format!("{OFFICE}{rules}")).file("acme.yaml", ACME)
}

fn run(rules: &str, words: &str) -> Run {
    site(rules).run(&format!("compliance p.yaml --today 2026-11-26 {words}"))
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
}

/// Compares a run with its snapshot in `tests/golden/`.
fn golden(name: &str, run: &Run) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("compliance.{name}"), run));
}

#[test]
fn for_people() {
    golden("human", &run(&[SAFE, SCANNER, BARE].concat(), "--profile acme.yaml --profile hipaa"));
}

#[test]
fn for_auditors() {
    let words = "--profile nist-800-171r3 --profile acme.yaml --format markdown";
    golden("markdown", &run(&[SAFE, SCANNER].concat(), words));
}

#[test]
fn for_programs() {
    golden("json", &run(&[SAFE, BARE].concat(), "--profile acme.yaml --format json"));
}

#[test]
fn for_tools_of_auditors() {
    golden("oscal", &run(&[SAFE, BARE].concat(), "--profile acme.yaml --format oscal"));
}

#[test]
fn the_answer_is_in_the_exit_code_whatever_the_format() {
    for format in ["human", "markdown", "json", "oscal"] {
        let words = format!("--profile acme.yaml --format {format}");
        assert_eq!(run(SAFE, &words).exit, 0, "{format}");
        assert_eq!(run(&[SAFE, SCANNER].concat(), &words).exit, 0, "{format}");
        assert_eq!(run(BARE, &words).exit, 1, "{format}");
        assert_eq!(run("  - { id: x }\n", &words).exit, 2, "{format}");
    }
}

#[test]
fn an_exception_is_in_force_until_its_day() {
    let site = site(&[SAFE, SCANNER].concat());
    let state = |today: &str| {
        let run =
            site.run(&format!("compliance p.yaml --profile pci-dss-4.0.1 --format json --today {today}"));
        let controls = json(&run)["assessments"][0]["controls"].as_array().unwrap().clone();
        let control = controls.into_iter().find(|control| control["id"] == "2.2.5").unwrap();
        (run.exit, control["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(state("2027-03-31").1, "met-with-exceptions");
    assert_eq!(state("2027-04-01"), (1, "not-met".to_owned()));
}

#[test]
fn without_a_profile_there_is_no_answer() {
    insta::assert_snapshot!(run(SAFE, ""), @r#"
    exit 2
    --- stdout
    --- stderr
    error: there is no profile to hold `p.yaml` against
     help: name one: `--profile NAME|FILE`, or `profiles` in the policy; `mailward explain --profiles` lists all of them
    "#);
}

#[test]
fn a_misspelt_profile_has_a_nearest_one() {
    insta::assert_snapshot!(run(SAFE, "--profile pci-dss-4.0.0"), @r#"
    exit 2
    --- stdout
    --- stderr
    error: there is no profile `pci-dss-4.0.0`
     help: did you mean `pci-dss-4.0.1`? `mailward explain --profiles` lists all of them
    "#);
}

#[test]
fn a_profile_of_which_nothing_could_be_decided_is_no_answer() {
    let guests = "version: 1\nprofile: guests\nown: [{ id: a, summary: guests get in, where-declared: true, never: { from: guests, to: lan, services: any } }]\n";
    let site = site(SAFE).file("guests.yaml", guests);
    insta::assert_snapshot!(site.run("compliance p.yaml --profile guests.yaml --today 2026-11-26"), @r#"
    exit 2
    --- stdout
    policy `office` (p.yaml) and profile `guests`: a profile of one's own

      not decidable: 1
        a  no case of this: guests get in
          why: nothing to look at: `a`: the policy does not have the names it speaks of

    1 not decidable in 1 policy, as far as packet rules show
    --- stderr
    error: no control of `guests` could be decided for `p.yaml`
    "#);
}

#[test]
fn several_policies_are_held_against_several_profiles_and_broken_ones_are_told() {
    let site = site(SAFE).file("q.yaml", format!("{OFFICE}{BARE}").replace("office", "branch"));
    let words = "--profile acme.yaml --profile hipaa --format json --today 2026-11-26";
    let run = site.run(&format!("compliance p.yaml q.yaml {words}"));
    let document = json(&run);
    let all: Vec<(&str, &str)> = document["assessments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["policy"].as_str().unwrap(), one["profile"]["name"].as_str().unwrap()))
        .collect();
    assert_eq!(all, [("office", "hipaa"), ("office", "acme"), ("branch", "hipaa"), ("branch", "acme")]);
    assert_eq!(run.exit, 1, "{run}");
    let site = site.file("broken.yaml", format!("{OFFICE}  - {{ id: x, action: alow }}\n"));
    let run = site.run(&format!("compliance p.yaml broken.yaml {words}"));
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stderr.contains("broken.yaml") && run.stderr.contains("alow"), "{run}");
    let document = json(&run);
    assert_eq!(document["policies"][1]["name"], Value::Null);
    assert!(!document["errors"].as_array().unwrap().is_empty());
    assert_eq!(document["assessments"].as_array().unwrap().len(), 2);
}

#[test]
fn the_profiles_are_listed() {
    let run = run_in_repository("explain --profiles");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    for (_, name) in mailward::model::Profile::ALL {
        assert!(run.stdout.lines().any(|line| line.starts_with(&format!("{name} "))), "{name}: {run}");
    }
    assert!(run.stdout.contains("pci-dss-4.0.1       Payment Card Industry Data Security Standard, 4.0.1 ("));
    assert!(run.stdout.lines().skip(1).step_by(2).all(|line| line.contains(" checks for ")), "{run}");
}

/// What the schema of OSCAL asks of documents, where a slip of ours could break it. `docs/compliance.md` says how to hold a document against
/// the schema itself.
mod schema {
    use super::{Value, run_in_repository};

    const POLICIES: &str =
        "compliance policies/branch-gateway.yaml docs/examples/office.yaml --today 2026-11-26 --format oscal";

    fn document(profile: &str) -> Value {
        let run = run_in_repository(&format!("{POLICIES} --profile {profile}"));
        assert!(run.exit < 2, "{run}");
        serde_json::from_str(&run.stdout).unwrap()
    }

    /// Every value with that key, anywhere.
    fn values<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get(key));
                fields.values().for_each(|value| values(value, key, found));
            }
            Value::Array(items) => items.iter().for_each(|item| values(item, key, found)),
            _ => {}
        }
    }

    fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
        let mut found = Vec::new();
        values(value, key, &mut found);
        found.into_iter().map(|value| value.as_str().unwrap()).collect()
    }

    fn is_token(text: &str) -> bool {
        text.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
    }

    fn is_uuid(text: &str) -> bool {
        let lengths: Vec<usize> = text.split('-').map(str::len).collect();
        let bytes = text.as_bytes();
        lengths == [8, 4, 4, 4, 12] && bytes[14] == b'5' && b"89ab".contains(&bytes[19])
    }

    /// No list and no text is empty, and no text has blanks around it.
    fn is_filled(value: &Value) -> bool {
        match value {
            Value::Object(fields) => fields.values().all(is_filled),
            Value::Array(items) => !items.is_empty() && items.iter().all(is_filled),
            Value::String(text) => !text.is_empty() && text.trim() == text && !text.contains('\n'),
            Value::Null => false,
            _ => true,
        }
    }

    #[test]
    fn every_profile_gives_a_document_of_the_right_shape() {
        for (_, profile) in mailward::model::Profile::ALL {
            let document = document(profile);
            assert!(is_filled(&document), "{profile}");
            let results = &document["assessment-results"];
            for key in ["uuid", "metadata", "import-ap", "results"] {
                assert!(!results[key].is_null(), "{profile}: {key}");
            }
            assert_eq!(results["metadata"]["last-modified"], "2026-11-26T00:00:00Z");
            assert_eq!(results["metadata"]["oscal-version"], "1.1.2");
            let mut uuids = texts(&document, "uuid");
            assert!(uuids.iter().all(|uuid| is_uuid(uuid)), "{profile}");
            let count = uuids.len();
            uuids.sort_unstable();
            uuids.dedup();
            assert_eq!(uuids.len(), count, "{profile}: a UUID stands for two things");
            for key in ["control-id", "target-id"] {
                assert!(texts(&document, key).into_iter().all(is_token), "{profile}: {key}");
            }
            assert!(
                texts(&document, "href").iter().all(|href| !href.contains([' ', '<', '\\'])),
                "{profile}"
            );
        }
    }

    #[test]
    fn findings_rest_on_observations_and_what_is_not_decidable_is_not_claimed() {
        let document = document("pci-dss-4.0.1");
        let results = document["assessment-results"]["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        for result in results {
            let observed: Vec<&Value> =
                result["observations"].as_array().unwrap().iter().map(|one| &one["uuid"]).collect();
            let reviewed = texts(&result["reviewed-controls"], "control-id");
            for finding in result["findings"].as_array().unwrap() {
                let state = finding["target"]["status"]["state"].as_str().unwrap();
                let said = finding["props"][1]["value"].as_str().unwrap();
                assert_eq!(state == "not-satisfied", said == "not-met", "{finding}");
                assert!(said != "not-decidable", "{finding}");
                let id = format!("pci-dss-4.0.1_{}", finding["props"][0]["value"].as_str().unwrap());
                assert!(reviewed.contains(&id.as_str()), "{id}");
                let mut related = finding["related-observations"].as_array().unwrap().iter();
                assert!(related.all(|one| observed.contains(&&one["observation-uuid"])), "{finding}");
            }
            assert_eq!(reviewed.len(), result["findings"].as_array().unwrap().len());
            assert!(!reviewed.contains(&"pci-dss-4.0.1_10.5.1"));
            assert!(result["remarks"].as_str().unwrap().contains("10.5.1 (how long logs are kept"));
        }
    }

    #[test]
    fn the_same_run_gives_the_same_document_and_another_day_another_one() {
        assert_eq!(document("rfc"), document("rfc"));
        let later = run_in_repository(&format!("{} --profile rfc", POLICIES.replace("11-26", "11-27")));
        let later: Value = serde_json::from_str(&later.stdout).unwrap();
        let uuid = |document: &Value| document["assessment-results"]["uuid"].clone();
        assert_ne!(uuid(&document("rfc")), uuid(&later));
    }
}
