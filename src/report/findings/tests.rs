use super::*;
use crate::lint::Excepted;
use crate::report::tests::run;
use crate::source::{Edit, Effect, Fix, Site};

const POLICY: &str = "version: 1 # für alle\nrules:\n  - id: lan-mail\n    services: [pop3]\n";

/// A policy with everything that a format can tell: two findings that read the same, an error, a fix, another place, an exception.
fn everything() -> Vec<Examined> {
    let at = |word: &str| {
        let start = u32::try_from(POLICY.find(word).unwrap()).unwrap();
        start..start + u32::try_from(word.len()).unwrap()
    };
    let marked = [
        (Severity::High, at("pop3")),
        (Severity::Low, at("rules")),
        (Severity::Low, at("lan-mail")),
        (Severity::Error, at("alle")),
        (Severity::Medium, at("lan-mail")),
    ];
    let mut one = run("policies/a b.yaml", POLICY, &marked);
    one.name = Some("office".to_owned());
    let permitted = one.diagnostics.pop().unwrap();
    let by = permitted.primary.site;
    one.excepted.push(Excepted {
        finding: Diagnostic { code: "rule-no-reason", ..permitted },
        by,
        reason: Some("The printer cannot.".to_owned()),
        owner: Some("netops".to_owned()),
        expires: Some(jiff::civil::date(2027, 3, 31)),
    });
    let finding = one.diagnostics.remove(0);
    let comment = POLICY.find('#').unwrap();
    let comment = Site::bytes(by.file, comment..comment + "# für alle".len());
    let fix = Fix::new("delete the comment", Effect::Nothing, Edit::Uncomment(comment));
    let finding = Diagnostic { code: "mail-pop3-cleartext-egress", ..finding };
    let finding = finding.label("port 110").related(by, "in this rule").note("see RFC 8314 §4.1, 100%");
    one.diagnostics.insert(0, finding.help("allow `pop3s`").fix(fix));
    vec![one, run("b.yaml", "x\n", &[])]
}

/// Every format that is text of its own, with its name.
fn every_format(run: &[Examined]) -> Vec<(&'static str, String)> {
    let template = "{% for finding in findings %}{{ finding.title }} {{ finding.path }}\n{% endfor %}";
    vec![
        ("concise", concise(run)),
        ("markdown", markdown(run)),
        ("json", json(run).unwrap()),
        ("sarif", sarif(run).unwrap()),
        ("github", github(run)),
        ("gitlab", gitlab(run).unwrap()),
        ("junit", junit(run)),
        ("checkstyle", checkstyle(run)),
        ("rdjson", rdjson(run).unwrap()),
        ("template", Template::new("t", template.to_owned()).unwrap().fill(run).unwrap()),
    ]
}

/// A finding whose texts hold everything that means something to somebody, in a file whose name does.
fn hostile() -> Vec<Examined> {
    const HOSTILE: &str = "\0\u{7}\r\n\u{1b}[2J\u{9b}1m\u{85}\u{202e}\u{2028}\u{200b}\u{feff}\u{e0041}::error::%0A,<b>&\"'</b>]]> [x](y) {0} `";
    let mut one =
        run(&format!("a{HOSTILE}.yaml"), "x: 1\n", &[(Severity::High, 0..1), (Severity::Error, 3..4)]);
    let site = one.diagnostics[0].primary.site;
    for finding in &mut one.diagnostics {
        finding.title = HOSTILE.to_owned();
        *finding = finding.clone().label(HOSTILE).related(site, HOSTILE).note(HOSTILE).help(HOSTILE);
    }
    one.excepted.push(Excepted {
        finding: one.diagnostics[0].clone(),
        by: site,
        reason: Some(HOSTILE.to_owned()),
        owner: Some(HOSTILE.to_owned()),
        expires: None,
    });
    vec![one]
}

fn parsed(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn lines() {
    insta::assert_snapshot!(concise(&everything()), @r##"
    policies/a b.yaml:4:16: high[mail-pop3-cleartext-egress] something is wrong
    policies/a b.yaml:2:1: low[some-check] something is wrong
    policies/a b.yaml:3:9: low[some-check] something is wrong
    policies/a b.yaml:1:18: error[some-check] something is wrong
    1 error and 3 findings: 1 high, 2 low in 2 policies; not shown: 1 excepted (the next exception ends on 2027-03-31)
    "##);
}

#[test]
fn lists() {
    insta::assert_snapshot!(markdown(&everything()), @r##"
    **1 error and 3 findings: 1 high, 2 low in 2 policies; not shown: 1 excepted (the next exception ends on 2027-03-31)**

    ### Error

    - `policies/a b.yaml:1`: Something is wrong (`some-check`)

    ### High

    - `policies/a b.yaml:4`: Something is wrong (`mail-pop3-cleartext-egress`)
      - port 110
      - see RFC 8314 §4.1, 100\%
      - Help: allow `pop3s`
      - Safe fix: delete the comment

    ### Low

    - `policies/a b.yaml:2`: Something is wrong (`some-check`)
    - `policies/a b.yaml:3`: Something is wrong (`some-check`)

    ### Excepted

    - `policies/a b.yaml:3`: Something is wrong (`rule-no-reason`): until 2027-03-31 by netops: The printer cannot
    "##);
}

#[test]
fn workflow_commands() {
    insta::assert_snapshot!(github(&everything()), @r##"
    ::error file=policies/a b.yaml,line=1,endLine=1,col=18,endColumn=21,title=error[some-check]::something is wrong
    ::error file=policies/a b.yaml,line=4,endLine=4,col=16,endColumn=19,title=high[mail-pop3-cleartext-egress]::something is wrong%0Aport 110%0Asee RFC 8314 §4.1, 100%25%0Ahelp: allow `pop3s`%0Asafe fix: delete the comment
    ::notice file=policies/a b.yaml,line=2,endLine=2,col=1,endColumn=5,title=low[some-check]::something is wrong
    ::notice file=policies/a b.yaml,line=3,endLine=3,col=9,endColumn=16,title=low[some-check]::something is wrong
    "##);
}

#[test]
fn columns_are_for_places_on_one_line() {
    let text = github(&[run("a.yaml", "ab\ncd\n", &[(Severity::Info, 1..5)])]);
    assert_eq!(text, "::notice file=a.yaml,line=1,endLine=2,title=info[some-check]::something is wrong\n");
    let text = github(&[run("a.yaml", "ab\n", &[(Severity::Info, 1..1)])]);
    assert!(text.contains("col=2,endColumn=2,"), "{text}");
}

#[test]
fn a_report_of_code_quality() {
    insta::assert_snapshot!(gitlab(&everything()[..1]).unwrap(), @r##"
    [
      {
        "description": "something is wrong\nport 110\nsee RFC 8314 §4.1, 100%\nhelp: allow `pop3s`\nsafe fix: delete the comment",
        "check_name": "mailward/mail-pop3-cleartext-egress",
        "fingerprint": "19cb38e160d851469e64e2e370952bec",
        "severity": "critical",
        "location": {
          "path": "policies/a b.yaml",
          "lines": {
            "begin": 4
          }
        }
      },
      {
        "description": "something is wrong",
        "check_name": "mailward/some-check",
        "fingerprint": "be23e990801359d0ae75e1de4b25b2fb",
        "severity": "minor",
        "location": {
          "path": "policies/a b.yaml",
          "lines": {
            "begin": 2
          }
        }
      },
      {
        "description": "something is wrong",
        "check_name": "mailward/some-check",
        "fingerprint": "e9e8c08022705856a86307f75c375a19",
        "severity": "minor",
        "location": {
          "path": "policies/a b.yaml",
          "lines": {
            "begin": 3
          }
        }
      },
      {
        "description": "something is wrong",
        "check_name": "mailward/some-check",
        "fingerprint": "8b1737aa90a75ddca6aada95be2a84d7",
        "severity": "blocker",
        "location": {
          "path": "policies/a b.yaml",
          "lines": {
            "begin": 1
          }
        }
      }
    ]
    "##);
}

#[test]
fn test_cases() {
    insta::assert_snapshot!(junit(&everything()), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="mailward" tests="6" failures="3" errors="1">
      <testsuite name="policies/a b.yaml" file="policies/a b.yaml" tests="5" failures="3" errors="1" skipped="1">
        <testcase classname="mail-pop3-cleartext-egress" name="something is wrong"><failure message="something is wrong" type="high">policies/a b.yaml:4:16&#10;something is wrong&#10;port 110&#10;see RFC 8314 §4.1, 100%&#10;help: allow `pop3s`&#10;safe fix: delete the comment</failure></testcase>
        <testcase classname="some-check" name="something is wrong"><failure message="something is wrong" type="low">policies/a b.yaml:2:1&#10;something is wrong</failure></testcase>
        <testcase classname="some-check" name="something is wrong (2)"><failure message="something is wrong" type="low">policies/a b.yaml:3:9&#10;something is wrong</failure></testcase>
        <testcase classname="some-check" name="something is wrong (3)"><error message="something is wrong" type="error">policies/a b.yaml:1:18&#10;something is wrong</error></testcase>
        <testcase classname="rule-no-reason" name="something is wrong"><skipped message="until 2027-03-31 by netops: The printer cannot"/></testcase>
      </testsuite>
      <testsuite name="b.yaml" file="b.yaml" tests="1" failures="0" errors="0" skipped="0">
        <testcase classname="mailward" name="no findings"></testcase>
      </testsuite>
    </testsuites>
    "##);
}

#[test]
fn errors_of_files() {
    insta::assert_snapshot!(checkstyle(&everything()), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <checkstyle version="4.3">
      <file name="policies/a b.yaml">
        <error line="4" column="16" severity="error" message="something is wrong&#10;port 110&#10;see RFC 8314 §4.1, 100%&#10;help: allow `pop3s`&#10;safe fix: delete the comment" source="mailward.mail-pop3-cleartext-egress"/>
        <error line="2" column="1" severity="info" message="something is wrong" source="mailward.some-check"/>
        <error line="3" column="9" severity="info" message="something is wrong" source="mailward.some-check"/>
        <error line="1" column="18" severity="error" message="something is wrong" source="mailward.some-check"/>
      </file>
    </checkstyle>
    "##);
}

#[test]
fn diagnostics_of_reviewdog() {
    let document = parsed(&rdjson(&everything()).unwrap());
    assert_eq!(document["diagnostics"].as_array().unwrap().len(), 4);
    insta::assert_snapshot!(format!("{:#}", document["diagnostics"][0]), @r##"
    {
      "code": {
        "value": "mail-pop3-cleartext-egress"
      },
      "location": {
        "path": "policies/a b.yaml",
        "range": {
          "end": {
            "column": 20,
            "line": 4
          },
          "start": {
            "column": 16,
            "line": 4
          }
        }
      },
      "message": "something is wrong\nport 110\nsee RFC 8314 §4.1, 100%\nhelp: allow `pop3s`\nsafe fix: delete the comment",
      "related_locations": [
        {
          "location": {
            "path": "policies/a b.yaml",
            "range": {
              "end": {
                "column": 17,
                "line": 3
              },
              "start": {
                "column": 9,
                "line": 3
              }
            }
          },
          "message": "in this rule"
        }
      ],
      "severity": "ERROR",
      "suggestions": [
        {
          "range": {
            "end": {
              "column": 23,
              "line": 1
            },
            "start": {
              "column": 11,
              "line": 1
            }
          },
          "text": ""
        }
      ]
    }
    "##);
}

#[test]
fn reviewdog_counts_bytes() {
    let document = parsed(&rdjson(&everything()).unwrap());
    let range = |at: usize| &document["diagnostics"][at]["location"]["range"];
    assert_eq!(range(3)["start"]["column"], 19, "behind an umlaut");
}

#[test]
fn results_of_sarif() {
    let document = parsed(&sarif(&everything()).unwrap());
    let results = document["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    insta::assert_snapshot!(format!("{:#}", results[1]), @r#"
    {
      "level": "note",
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "policies/a%20b.yaml",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "endColumn": 6,
              "endLine": 2,
              "startColumn": 1,
              "startLine": 2
            }
          }
        }
      ],
      "message": {
        "text": "something is wrong"
      },
      "partialFingerprints": {
        "mailward/v1": "be23e990801359d0ae75e1de4b25b2fb"
      },
      "properties": {
        "severity": "low"
      },
      "ruleId": "some-check",
      "ruleIndex": 1,
      "suppressions": []
    }
    "#);
    insta::assert_snapshot!(results[0]["message"]["text"], @r#""something is wrong\nport 110\nsee RFC 8314 §4.1, 100%\nhelp: allow `pop3s`\nsafe fix: delete the comment""#);
    insta::assert_snapshot!(results[0]["relatedLocations"], @r#"[{"id":1,"message":{"text":"in this rule"},"physicalLocation":{"artifactLocation":{"uri":"policies/a%20b.yaml","uriBaseId":"%SRCROOT%"},"region":{"endColumn":17,"endLine":3,"startColumn":9,"startLine":3}}}]"#);
    insta::assert_snapshot!(results[0]["fixes"], @r#"[{"artifactChanges":[{"artifactLocation":{"uri":"policies/a%20b.yaml","uriBaseId":"%SRCROOT%"},"replacements":[{"deletedRegion":{"endColumn":22,"endLine":1,"startColumn":11,"startLine":1},"insertedContent":{"text":""}}]}],"description":{"text":"delete the comment (safe: changes no traffic)"}}]"#);
    insta::assert_snapshot!(results[4]["suppressions"], @r#"[{"justification":"until 2027-03-31 by netops: The printer cannot","kind":"inSource","location":{"physicalLocation":{"artifactLocation":{"uri":"policies/a%20b.yaml","uriBaseId":"%SRCROOT%"},"region":{"endColumn":17,"endLine":3,"startColumn":9,"startLine":3}}},"status":"accepted"}]"#);
}

#[test]
fn every_result_has_its_rule_and_says_whether_it_is_suppressed() {
    let document = parsed(&sarif(&everything()).unwrap());
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["suppressions"].is_array());
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "there is an error");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
}

#[test]
fn a_rule_says_what_the_page_of_the_check_says() {
    let document = parsed(&sarif(&everything()).unwrap());
    let rule = &document["runs"][0]["tool"]["driver"]["rules"][0];
    let meta = lint::find("mail-pop3-cleartext-egress").unwrap().meta();
    assert_eq!(rule["shortDescription"]["text"], meta.summary);
    assert_eq!(rule["help"]["markdown"], meta.page);
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert_eq!(rule["properties"]["security-severity"], "8.0");
    let tags = rule["properties"]["tags"].as_array().unwrap();
    assert_eq!(tags[0], "security");
    assert!(meta.sources.iter().all(|source| tags.contains(&(*source).into())), "{tags:?}");
}

#[test]
fn no_check_has_more_tags_than_code_scanning_takes() {
    let most = lint::ALL.iter().map(|check| check.meta().sources.len() + 1).max().unwrap();
    assert!(most <= 20, "{most}");
}

#[test]
fn paths_of_sarif_are_relative_unless_they_are_elsewhere() {
    let uri = |path: &str| {
        let document = parsed(&sarif(&[run(path, "x\n", &[(Severity::Low, 0..1)])]).unwrap());
        let place = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        let [uri, base] = ["uri", "uriBaseId"].map(|key| place["artifactLocation"][key].clone());
        (uri.as_str().unwrap().to_owned(), base.as_str().map(str::to_owned))
    };
    let root = || Some("%SRCROOT%".to_owned());
    assert_eq!(uri("a b/ä:#%.yaml"), ("a%20b/%C3%A4%3A%23%25.yaml".to_owned(), root()));
    assert_eq!(uri("<stdin>"), ("%3Cstdin%3E".to_owned(), root()));
    assert_eq!(uri("/etc/a b.yaml"), ("file:///etc/a%20b.yaml".to_owned(), None));
}

#[test]
fn fingerprints_do_not_depend_on_lines_and_are_not_shared() {
    let prints = |text: &str, marked: &[std::ops::Range<u32>]| {
        let marked: Vec<_> = marked.iter().map(|range| (Severity::Low, range.clone())).collect();
        let run = [run("a.yaml", text, &marked), run("b.yaml", text, &marked)];
        let issues = parsed(&gitlab(&run).unwrap());
        let prints = issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].to_string());
        prints.collect::<Vec<String>>()
    };
    let before = prints("ab", &[0..1, 1..2]);
    assert_eq!(before, prints("\n\nxyab", &[4..5, 5..6]));
    assert_eq!(before.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
}

#[test]
fn hostile_text_moves_no_cursor_and_hides_nothing() {
    for (name, text) in every_format(&hostile()) {
        let bad = text.chars().find(|&c| c != '\n' && unprintable(c));
        assert_eq!(bad, None, "{name}: {text}");
    }
}

#[test]
fn hostile_text_begins_no_line() {
    let run = hostile();
    let commands = github(&run);
    assert_eq!(commands.lines().filter(|line| line.starts_with("::error file=")).count(), 2, "{commands}");
    assert_eq!(commands.lines().count(), 2, "{commands}");
    assert_eq!(concise(&run).lines().count(), 3);
    let begins = |line: &str| ["**", "###", "- ", "  - "].iter().any(|start| line.starts_with(start));
    let text = markdown(&run);
    assert!(text.lines().filter(|line| !line.is_empty()).all(begins), "{text}");
}

#[test]
fn documents_say_what_was_there() {
    let run = hostile();
    assert_eq!(parsed(&json(&run).unwrap())["findings"][0]["title"], run[0].diagnostics[0].title);
}

#[test]
fn nothing_in_a_message_of_sarif_is_a_link() {
    let document = parsed(&sarif(&hostile()).unwrap());
    for result in document["runs"][0]["results"].as_array().unwrap() {
        let related = &result["relatedLocations"][0]["message"];
        assert!([&result["message"], related].iter().all(|text| !text.to_string().contains("[x](y)")));
    }
}

#[test]
fn xml_of_hostile_text_has_the_elements_it_should_have() {
    for text in [junit(&hostile()), checkstyle(&hostile())] {
        assert!(!text.contains("<b>") && !text.contains("]]>") && !text.contains("&\""), "{text}");
    }
}

#[test]
fn nothing_to_say_is_said_in_every_format() {
    let run = [run("a.yaml", "", &[])];
    assert_eq!(concise(&run), "no findings in 1 policy\n");
    assert_eq!(markdown(&run), "**No findings in 1 policy**\n");
    assert_eq!(github(&run), "");
    assert_eq!(gitlab(&run).unwrap(), "[]\n");
    assert_eq!(parsed(&sarif(&run).unwrap())["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(parsed(&rdjson(&run).unwrap())["diagnostics"], serde_json::json!([]));
    assert!(junit(&run).contains("tests=\"1\" failures=\"0\""));
    assert!(checkstyle(&run).ends_with("<checkstyle version=\"4.3\">\n</checkstyle>\n"));
}

fn filled(template: &str) -> Result<String, TemplateError> {
    Template::new("mine.j2", template.to_owned())?.fill(&everything())
}

#[test]
fn a_template_lays_out_the_document() {
    let template = "{% for finding in findings %}\n{{ loop.index }},{{ finding.path }},{{ finding.line }},{{ finding.code }}\n{% endfor %}\n{{ summary.high }} high\n";
    insta::assert_snapshot!(filled(template).unwrap(), @r##"
    1,policies/a b.yaml,4,mail-pop3-cleartext-egress
    2,policies/a b.yaml,2,some-check
    3,policies/a b.yaml,3,some-check
    4,policies/a b.yaml,1,some-check
    1 high
    "##);
}

#[test]
fn a_template_that_cannot_be_followed_fails() {
    for (template, why) in [
        ("{% for %}", "syntax error"),
        ("{{ finding.title }}", "undefined"),
        ("{{ findings[0].titel }}", "undefined"),
        ("{{ findings[1].help }}", "none"),
        ("{{ findings }}", "sequence"),
        ("{{ summary.high | safe }}", "unknown filter"),
        ("{{ range(9) }}", "unknown function"),
        ("{% include 'other.j2' %}", "syntax error"),
        ("{% macro more() %}{{ more() }}{{ more() }}{% endmacro %}{{ more() }}", ""),
    ] {
        let error = filled(template).unwrap_err().to_string();
        assert!(error.contains(why), "{template}: {error}");
    }
}
