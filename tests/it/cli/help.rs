//! `mailward explain`, `services`, `init` and the help.

use std::collections::BTreeSet;

use crate::program::{Site, run_in_repository};

#[test]
fn help_and_version_are_answers() {
    for words in
        ["--help", "lint --help", "render --help", "trace --help", "query --help", "help init", "--version"]
    {
        let run = run_in_repository(words);
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{words}: {run}");
        assert!(!run.stdout.is_empty());
    }
    assert_eq!(run_in_repository("--version").stdout, format!("mailward {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn no_command_and_a_wrong_command_are_wrong_usage() {
    for words in ["", "lnit", "lint --fail-on hihg x", "explain a b"] {
        let run = run_in_repository(words);
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
    }
    assert!(run_in_repository("lnit").stderr.contains("'lint'"));
}

#[test]
fn explain_lists_and_explains() {
    let list = run_in_repository("explain");
    assert_eq!((list.exit, list.stderr.as_str()), (0, ""), "{list}");
    for line in list.stdout.lines() {
        let id = line.split_whitespace().next().unwrap();
        let page = run_in_repository(&format!("explain {id}"));
        assert_eq!(page.exit, 0, "{page}");
        assert!(page.stdout.starts_with(&format!("# {id}\n")), "{page}");
    }
}

#[test]
fn a_misspelt_check_has_a_nearest_one() {
    insta::assert_snapshot!(run_in_repository("explain rule-no-reasn"), @"
    exit 2
    --- stdout
    --- stderr
    error: there is no check `rule-no-reasn`
     help: did you mean `rule-no-reason`? `mailward explain` lists all of them
    ");
}

#[test]
fn a_part_of_a_name_finds_the_names_that_hold_it() {
    insta::assert_snapshot!(run_in_repository("explain shadow").stderr, @"
    error: there is no check `shadow`
     help: did you mean `rule-shadowed` or `rule-partly-shadowed`? `mailward explain` lists all of them
    ");
    insta::assert_snapshot!(run_in_repository("explain expiry").stderr, @"
    error: there is no check `expiry`
     help: did you mean `exception-no-expiry`? `mailward explain` lists all of them
    ");
}

#[test]
fn a_service_in_full() {
    insta::assert_snapshot!(run_in_repository("services smtps"), @r#"
    exit 0
    --- stdout
    submissions: Mail submission over TLS
      also called  smtps: registered briefly for this port and revoked (RFC 8314 §7.3)
                   ssmtp: an old alias in /etc/services
                   urd: the other name of 465/tcp at IANA, kept by a one-time exception (RFC 8314 §7.3)
      traffic      tcp 465
      at IANA      465/tcp submissions, urd
      protection   implicit TLS
      flow         mail program to submission server
      status       current
      note         UDP 465 is igmpv3lite.
      sources      RFC 8314 §3.3; RFC 8314 §7.3
    --- stderr
    "#);
}

#[test]
fn services_for_programs() {
    insta::assert_snapshot!(run_in_repository("services urd --format json"), @r#"
    exit 0
    --- stdout
    {
      "version": 1,
      "services": [
        {
          "name": "submissions",
          "title": "Mail submission over TLS",
          "group": "Mail between servers and from clients",
          "aliases": [
            {
              "name": "smtps",
              "note": "registered briefly for this port and revoked (RFC 8314 §7.3)"
            },
            {
              "name": "ssmtp",
              "note": "an old alias in /etc/services"
            },
            {
              "name": "urd",
              "note": "the other name of 465/tcp at IANA, kept by a one-time exception (RFC 8314 §7.3)"
            }
          ],
          "traffic": {
            "tcp": [
              "465"
            ],
            "udp": [],
            "icmp": [],
            "icmpv6": [],
            "protocol": []
          },
          "tls": "implicit",
          "flow": "mail program to submission server",
          "status": "current",
          "replaced_by": null,
          "iana": {
            "465/tcp": [
              "submissions",
              "urd"
            ]
          },
          "notes": "UDP 465 is igmpv3lite.",
          "sources": [
            "RFC 8314 §3.3",
            "RFC 8314 §7.3"
          ]
        }
      ]
    }
    --- stderr
    "#);
    let all: serde_json::Value = serde_json::from_str(&run_in_repository("services --json").stdout).unwrap();
    let services = all["services"].as_array().unwrap();
    let one: serde_json::Value =
        serde_json::from_str(&run_in_repository("services pop3 --json").stdout).unwrap();
    assert_eq!(all["version"], 1);
    assert!(services.len() > 100 && services.contains(&one["services"][0]), "{one}");
    assert_eq!(one["services"].as_array().unwrap().len(), 1);
}

#[test]
fn every_listed_service_can_be_asked_for() {
    let list = run_in_repository("services");
    let names: Vec<&str> = list.stdout.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert!(names.len() > 50, "{list}");
    for line in names.iter().step_by(10) {
        let name = line.split_whitespace().next().unwrap();
        assert!(run_in_repository(&format!("services {name}")).stdout.starts_with(name));
    }
}

#[test]
fn a_misspelt_service_has_a_nearest_one() {
    insta::assert_snapshot!(run_in_repository("services pop3ss"), @r#"
    exit 2
    --- stdout
    --- stderr
    error: there is no service `pop3ss`
     help: did you mean `pop3s`? `mailward services` lists all of them
    "#);
}

#[test]
fn the_starter_policy_lints_clean_holds_and_renders() {
    let site = Site::new();
    insta::assert_snapshot!(site.run("init"), @r#"
    exit 0
    --- stdout
    wrote policy.yaml

    Put your interfaces and addresses in it, then
      mailward lint policy.yaml
      mailward test policy.yaml
      mailward render policy.yaml --target nftables --out rules
    --- stderr
    "#);
    let lint = site.run("lint policy.yaml --fail-on info");
    assert_eq!(lint.exit, 0, "{lint}");
    let test = site.run("test policy.yaml --fail-uncovered");
    assert_eq!(test.stdout, "7 expectations hold; every rule is exercised\n", "{test}");
    let render = site.run("render policy.yaml --target all --out rules");
    assert_eq!(render.exit, 0, "{render}");
}

#[test]
fn init_never_overwrites() {
    let site = Site::new().file("policy.yaml", "mine\n");
    insta::assert_snapshot!(site.run("init"), @r#"
    exit 2
    --- stdout
    --- stderr
    error: `policy.yaml` is there already and is not overwritten
     help: name another file, or move this one away
    "#);
    assert_eq!(site.read("policy.yaml"), "mine\n");
    assert_eq!(site.names(""), ["policy.yaml"]);
}

#[test]
fn a_project_begins_with_one_command_and_passes_with_the_next() {
    let site = Site::new();
    insta::assert_snapshot!(site.run("init --project"), @"
    exit 0
    --- stdout
    wrote mailward.yaml
    wrote policies/my-host.yaml

    Put your interfaces and addresses in the policy, then, beside mailward.yaml,
      mailward check --write    # writes the ruleset, and tells what is wrong
      mailward check            # for CI, once both are committed
    --- stderr
    ");
    let written = site.run("check --write");
    assert_eq!(written.exit, 0, "{written}");
    let checked = site.run("check");
    assert_eq!((checked.exit, checked.stdout.as_str()), (0, "no findings in 1 policy\n"), "{checked}");
    insta::assert_snapshot!(site.run("init --project"), @"
    exit 2
    --- stdout
    --- stderr
    error: `mailward.yaml` is there already and is not overwritten
     help: name another file, or move this one away
    ");
}

#[test]
fn a_project_takes_all_of_its_files_or_none() {
    let site = Site::new().file("office/policies/my-host.yaml", "mine");
    let run = site.run("init --project office");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(!site.path("office/mailward.yaml").exists());
    assert_eq!(site.read("office/policies/my-host.yaml"), "mine");
    let elsewhere = site.run("init --project sites/berlin");
    assert!(
        elsewhere.stdout.starts_with("wrote sites/berlin/mailward.yaml\nwrote sites/berlin/policies/"),
        "{elsewhere}"
    );
}

#[test]
fn init_takes_a_file_a_directory_or_the_standard_output() {
    let site = Site::new().file("sites/readme", "");
    assert_eq!(site.run("init sites").exit, 0);
    assert_eq!(site.run("init other.yaml --today 2026-11-22").exit, 0);
    assert_eq!(site.run("init - --today 2026-11-22").stdout, site.read("other.yaml"));
    assert!(site.read("sites/policy.yaml").starts_with("# A firewall policy"));
    let nowhere = site.run("init nowhere/policy.yaml");
    assert_eq!(nowhere.exit, 2, "{nowhere}");
    assert!(nowhere.stderr.contains("there is no such directory"), "{nowhere}");
}

#[test]
fn an_option_that_is_missing_says_what_it_takes() {
    insta::assert_snapshot!(run_in_repository("render policies"), @"
    exit 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      --target <TARGET>

      tip: `--target` takes `nftables`, `iptables`, `pf`, `pf-openbsd`, `pf-freebsd`, `all`

    Usage: mailward render --target <TARGET> <PATH>...

    For more information, try '--help'.
    ");
    let run = run_in_repository("verify policies/workstation.yaml x.nft");
    let takes = "`--target` takes `nftables`, `iptables`, `pf-openbsd`, `pf-freebsd`";
    assert!(run.exit == 2 && run.stderr.contains(takes), "{run}");
}

#[test]
fn a_port_tells_its_services() {
    insta::assert_snapshot!(run_in_repository("services 53").stdout, @"
    Names, time, logs
      dns                 tcp 53, udp 53              cleartext               Name resolution
      dane                tcp 53, udp 53              cleartext               Certificates of mail servers in DNS
      dnsbl               tcp 53, udp 53              cleartext               Lists of senders in DNS
    ");
    assert!(run_in_repository("services 25/tcp").stdout.starts_with("smtp: "));
    assert!(run_in_repository("services udp/443").stdout.starts_with("http3: "));
    insta::assert_snapshot!(run_in_repository("services 9999"), @"
    exit 2
    --- stdout
    --- stderr
    error: no built-in service is on 9999
     help: a policy may name ports itself: `services: { tcp: [8080] }`
    ");
}

/// What stands in quotes behind words of a text, blanks and line ends aside.
fn quoted_behind<'t>(text: &'t str, words: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(words).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

/// Files below a directory of the repository.
fn files(directory: &str) -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let entries = ignore::WalkBuilder::new(root).build().map(Result::unwrap);
    entries.filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect()
}

#[test]
fn every_message_can_be_explained() {
    let mut codes = BTreeSet::new();
    for text in files("src") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for call in ["Diagnostic::error(", "Diagnostic::new(", "Fault::new(", "self.error(", "undefined("] {
            codes.extend(quoted_behind(code, call).map(str::to_owned));
        }
    }
    for text in files("tests/it").into_iter().chain(files("docs")) {
        for severity in ["error[", "critical[", "high[", "medium[", "low[", "info["] {
            let in_brackets = text.split(severity).skip(1).filter_map(|rest| rest.split_once("]: "));
            let is_code =
                |code: &&str| code.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
            codes.extend(in_brackets.map(|(code, _)| code).filter(is_code).map(str::to_owned));
        }
    }
    // Checks of profiles in files, which only those can explain.
    let own = ["imap-only-to-the-archive", "lan-stays-out-of-the-dmz", "some-check"];
    codes.retain(|code| !own.contains(&code.as_str()));
    assert!(codes.len() > 100, "{codes:?}");
    let sources = files("src").concat();
    let messages = include_str!("../../../src/cli/commands/explain/messages.txt").lines();
    let told = messages.filter_map(|line| line.split_once(" | ")).map(|(code, _)| code);
    let unsaid: Vec<&str> = told.filter(|code| !sources.contains(&format!("\"{code}\""))).collect();
    assert!(unsaid.is_empty(), "no message has these codes any more: {unsaid:?}");
    for code in codes {
        let run = run_in_repository(&format!("explain {code}"));
        assert_eq!((run.exit, run.stdout.starts_with(&format!("# {code}\n"))), (0, true), "{code}: {run}");
    }
}

#[test]
fn an_error_says_what_it_is() {
    insta::assert_snapshot!(run_in_repository("explain host-bits-set"), @"
    exit 0
    --- stdout
    # host-bits-set

    An address stands where a network is asked for, as in `10.20.0.1/16`. Write the network, `10.20.0.0/16`, or the address alone.

    This is an error and not a finding of a check: until it is put right there is no answer, and no exception from it.
    --- stderr
    ");
    insta::assert_snapshot!(run_in_repository("explain unknwon-key").stderr, @"
    error: there is no check `unknwon-key`
     help: did you mean `unknown-key`? `mailward explain` lists all of them
    ");
}
