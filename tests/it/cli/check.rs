//! `mailward check` as its users meet it.

use crate::program::{Run, Site};

const OFFICE: &str = include_str!("../../data/project/office.yaml");
const SETTINGS: &str = "version: 1\npolicies: [policies]\ntargets: [nftables, pf-openbsd]\nout: rules\n";
const EXPECT: &str = "\nexpect:\n  - { allow: { from: lan, to: internet, services: [imaps] } }\n  - { reject: { from: lan, to: internet, services: [pop3] } }\n";

/// A project with one policy, whose rulesets are written.
fn project() -> Site {
    let site =
        Site::new().file("mailward.yaml", SETTINGS).file("policies/office.yaml", OFFICE.to_owned() + EXPECT);
    let run = site.run("check --write --today 2026-11-01");
    assert_eq!(run.exit, 0, "{run}");
    site
}

fn check(site: &Site) -> Run {
    site.run("check --today 2026-11-01")
}

#[test]
fn a_project_that_is_as_it_should_be() {
    let site = project();
    insta::assert_snapshot!(check(&site), @"
    exit 0
    --- stdout
    no findings in 1 policy
    --- stderr
    1 policy: 2 expectations hold; 2 files of rulesets proven and up to date
    ");
    assert_eq!(site.names("rules"), ["office.nft", "office.openbsd.pf.conf"]);
}

#[test]
fn rulesets_that_are_not_what_the_policy_renders() {
    let site = project();
    let nft = site.read("rules/office.nft");
    let site = site.file("rules/office.nft", nft.replace("465, 993", "465"));
    insta::assert_snapshot!(check(&site), @"
    exit 1
    --- stdout
    high[ruleset-stale]: `rules/office.nft` is not what the policy renders, first in line 79
      ╭▸ policies/office.yaml:3:7
      │
    3 │ name: office
      │       ━━━━━━
      │
      ╰ help: `mailward check --write` writes what the policy renders

    1 finding: 1 high in 1 policy
    --- stderr
    1 policy: 2 expectations hold; 1 of 2 files of rulesets is not up to date
    ");
    std::fs::remove_file(site.path("rules/office.openbsd.pf.conf")).unwrap();
    let run = check(&site);
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("2 rulesets are not what the policy renders"), "{run}");
    assert!(run.stdout.contains("`rules/office.openbsd.pf.conf` is missing"), "{run}");
    assert_eq!(site.run("check --write --fail-on never --today 2026-11-01").exit, 0);
    assert_eq!(site.read("rules/office.nft"), nft);
}

#[test]
fn drift_is_a_no_whatever_fails() {
    let site = project();
    let site = site.file("rules/office.nft", "");
    assert_eq!(site.run("check --fail-on never --today 2026-11-01").exit, 1);
}

#[test]
fn rulesets_of_no_policy() {
    let site = project();
    let nft = site.read("rules/office.nft");
    let site = site.file("rules/gone.nft", nft).file("rules/by-hand.nft", "table inet mine {}\n");
    insta::assert_snapshot!(check(&site), @"
    exit 1
    --- stdout
    high[ruleset-stray]: no policy renders `rules/gone.nft`
      ╭▸ mailward.yaml:4:6
      │
    4 │ out: rules
      │      ━━━━━
      │
      ╰ help: delete it: whoever loads it gets rules that nobody reviews

    1 finding: 1 high in 1 policy
    --- stderr
    1 policy: 2 expectations hold; 2 files of rulesets proven and up to date
    ");
}

#[test]
fn expectations_and_findings_are_told_together() {
    let policy = OFFICE.to_owned() + EXPECT;
    let site = Site::new().file("mailward.yaml", "version: 1\npolicies: p.yaml\n").file("p.yaml", policy);
    let site = site.file(
        "more.yaml",
        "version: 1\nexpect:\n  - { deny: { from: lan, to: internet, services: [imaps] } }\n",
    );
    let site = site.file("mailward.yaml", "version: 1\npolicies: p.yaml\nexpect: more.yaml\n");
    let run = check(&site);
    assert_eq!(run.exit, 1, "{run}");
    assert!(run.stdout.contains("high[expectation-failed]"), "{run}");
    assert!(run.stderr.contains("1 policy: 2 of 3 expectations hold; nothing is rendered"), "{run}");
}

#[test]
fn a_broken_policy_writes_nothing() {
    let site = project();
    let nft = site.read("rules/office.nft");
    let site = site
        .file("policies/other.yaml", OFFICE.replace("pop3s", "pop3x").replace("name: office", "name: other"));
    let site = site.file("policies/office.yaml", OFFICE.replace("http, https", "http"));
    let run = site.run("check --write --today 2026-11-01");
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stdout.contains("there is no service named `pop3x`"), "{run}");
    assert_eq!(site.read("rules/office.nft"), nft);
    assert_eq!(site.names("rules").len(), 2);
}

#[test]
fn settings_are_found_upwards_and_outputs_are_written() {
    let site = project().file("policies/deep/note.txt", "");
    let mut command = site.command("check --today 2026-11-01 --format concise --output json=../../out.json");
    let run: Run = command.current_dir(site.path("policies/deep")).output().unwrap().into();
    assert_eq!(run.exit, 0, "{run}");
    assert!(
        site.read("out.json").contains("\"path\": \"../../policies/office.yaml\""),
        "{}",
        site.read("out.json")
    );
}

#[test]
fn settings_that_are_wrong() {
    let wrong = "version: 1\npolicies: [../policies, policies]\ntargets: [nft]\nprofiles: [mial]\nout: rules\nfail-on: hihg\nbase-line: x\n";
    let site = Site::new().file("mailward.yaml", wrong).file("policies/office.yaml", OFFICE);
    let run = check(&site);
    assert_eq!(run.exit, 2, "{run}");
    insta::assert_snapshot!(run.stderr, @"
    error[unknown-key]: a file of settings has no key `base-line`
      ╭▸ mailward.yaml:7:1
      │
    7 │ base-line: x
      │ ━━━━━━━━━
      │
      ╰ help: did you mean `baseline`?

    error[unknown-word]: `hihg` is not a severity or `never`
      ╭▸ mailward.yaml:6:10
      │
    6 │ fail-on: hihg
      │          ━━━━
      │
      ╰ help: did you mean `high`?
    ");
    let site = site.file("mailward.yaml", wrong.replace("hihg", "high").replace("base-line: x\n", ""));
    insta::assert_snapshot!(check(&site).stderr, @"
    error[unknown-word]: there is no target named `nft`
      ╭▸ mailward.yaml:3:11
      │
    3 │ targets: [nft]
      │           ━━━
      │
      ╰ help: write one of `nftables`, `iptables`, `pf`, `pf-openbsd`, `pf-freebsd`, `all`

    error[outside-project]: `../policies` is not below the directory of `mailward.yaml`
      ╭▸ mailward.yaml:2:12
      │
    2 │ policies: [../policies, policies]
      │            ━━━━━━━━━━━
      │
      ╰ help: paths are relative to that directory

    error[unknown-word]: there is no profile, and no file, named `mial`
      ╭▸ mailward.yaml:4:12
      │
    4 │ profiles: [mial]
      │            ━━━━
      │
      ╰ help: did you mean `mail`?
    ");
    let site = site.file("mailward.yaml", "version: 1\npolicies: policies\nout: rules\n");
    assert!(check(&site).stderr.contains("`out` without `targets`"));
}

#[test]
fn a_baseline_holds_for_the_project() {
    let site = Site::new().file(
        "policies/office.yaml",
        OFFICE.replace("services: [imaps, pop3s", "services: [imaps, pop3, pop3s"),
    );
    assert_eq!(site.run("lint policies --write-baseline known.yaml --today 2026-11-01").exit, 0);
    let site = site.file("mailward.yaml", "version: 1\npolicies: [policies]\nbaseline: known.yaml\n");
    let run = check(&site);
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stdout.contains("in the baseline"), "{run}");
}

#[test]
fn nothing_to_check_is_no_answer() {
    let site = Site::new()
        .file("mailward.yaml", "version: 1\npolicies: [policies]\n")
        .file("policies/readme.txt", "");
    assert_eq!(check(&site).exit, 2);
    let run = Site::new().run("check");
    assert_eq!(run.exit, 2, "{run}");
    insta::assert_snapshot!(run.stderr, @"
    no `mailward.yaml` here or above: policies are linted and tested, and not rendered
    error: there is nothing to check: no policy in `.`
     help: a policy is a YAML file with `version: 1` and `rules`; `mailward init` writes one to start from
    ");
    assert_eq!(project().run("check --config other.yaml").exit, 2);
    assert_eq!(project().run("check policies/gone.yaml").exit, 2);
}

#[test]
fn two_policies_of_one_name() {
    let site = project().file("policies/twin.yaml", OFFICE);
    let run = check(&site);
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stderr.contains("both make `office.nft`"), "{run}");
}

#[cfg(unix)]
#[test]
fn settings_that_are_no_file_are_no_absent_settings() {
    let site = project();
    std::fs::remove_file(site.path("mailward.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", site.path("mailward.yaml")).unwrap();
    let run = check(&site);
    assert_eq!(run.exit, 2, "{run}");
    assert!(run.stderr.contains("mailward.yaml"), "{run}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_out_of_the_project() {
    let site = Site::new()
        .file("project/mailward.yaml", SETTINGS)
        .file("project/policies/office.yaml", OFFICE)
        .file("elsewhere/keep", "");
    std::os::unix::fs::symlink("../elsewhere", site.path("project/rules")).unwrap();
    for out in ["rules", "rules/deeper"] {
        let settings = SETTINGS.replace("out: rules", &format!("out: {out}"));
        std::fs::write(site.path("project/mailward.yaml"), settings).unwrap();
        let run = site.run("check --config project/mailward.yaml --write --today 2026-11-01");
        assert_eq!(run.exit, 2, "{run}");
        assert!(run.stderr.contains("leads out of the directory"), "{run}");
        assert_eq!(site.names("elsewhere"), ["keep"]);
    }
}

#[test]
fn findings_are_not_written_over_the_settings() {
    let site = project();
    let run = site.run("check --today 2026-11-01 --output json=mailward.yaml");
    assert_eq!(run.exit, 2, "{run}");
    assert_eq!(site.read("mailward.yaml"), SETTINGS);
}

#[test]
fn nothing_is_written_unless_everything_can_be() {
    let settings = format!("{SETTINGS}baseline: known.yaml\ntemplate-dir: templates\nexpect: [more.yaml]\n");
    let project = || {
        Site::new()
            .file("mailward.yaml", &settings)
            .file("policies/office.yaml", OFFICE)
            .file("more.yaml", format!("version: 1{EXPECT}"))
            .file("known.yaml", "version: 1\nfindings:\n")
            .file("templates/nftables.nft.j2", include_str!("../../../templates/nftables.nft.j2"))
            .file("bad.j2", "{{ findings[0].titel }}")
            .file(".git/HEAD", "")
    };
    let before = project().everything();
    for output in [
        "json=none/a.json",
        "json=.git/a.json",
        "json=policies",
        "json=known.yaml",
        "json=more.yaml",
        "json=templates/nftables.nft.j2",
        "json=policies/../policies/office.yaml",
        "json=rules/office.nft",
        "json=./rules/../rules/office.nft",
        "template=bad.j2=a.txt",
    ] {
        let site = project();
        let run = site.run(&format!("check --write --today 2026-11-01 --output {output}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{output}: {run}");
        assert_eq!(site.everything(), before, "{output}: {run}");
    }
    let site = project().file("known.yaml", "version: 2\n");
    let before = site.everything();
    assert_eq!(site.run("check --write --today 2026-11-01").exit, 2);
    assert_eq!(site.everything(), before);
    std::fs::remove_file(site.path("known.yaml")).unwrap();
    assert_eq!(site.run("check --write --today 2026-11-01").exit, 2);
    assert!(!site.path("rules").exists());
    let run = project().run("check --write --today 2026-11-01 --output json=rules/a.json");
    assert_eq!(run.exit, 0, "{run}");
}

#[test]
fn of_policies_that_are_not_valid_nothing_is_said_to_hold() {
    let site = project().file("policies/office.yaml", OFFICE.replace("pop3s", "pop3x"));
    let run = check(&site);
    assert_eq!(run.exit, 2, "{run}");
    assert_eq!(run.stderr, "1 policy is not valid: nothing is tested or rendered\n");
}

#[test]
fn files_of_another_kind_are_errors_at_the_entry_that_names_them() {
    let site = Site::new()
        .file("policies/office.yaml", OFFICE)
        .file(
            "expect.yaml",
            "version: 1\nexpect:\n  - { deny: { from: any, to: any, services: [telnet] } }\n",
        )
        .file("profile.yaml", "version: 1\nprofile: ours\n")
        .file("known.yaml", "version: 1\nfindings: []\n")
        .file("rules/office.nft", "table inet filter {\n}\n");
    let settings = "version: 1
policies: [polices, expect.yaml, rules/office.nft]
expect: [profile.yaml, policies]
targets: [nftables]
out: known.yaml
template-dir: templats
profiles: [expect.yaml]
baseline: policies/office.yaml
";
    let site = site.file("mailward.yaml", settings);
    let run = site.run("check");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    let told = |line: &&str| ["error", "╭▸", "help:"].iter().any(|word| line.contains(word));
    insta::assert_snapshot!(run.stderr.lines().filter(told).collect::<Vec<_>>().join("\n"), @"
    error[wrong-kind]: `known.yaml` is a file, and not a directory
      ╭▸ mailward.yaml:5:6
      ╰ help: name a directory
    error[unreadable]: cannot read `polices`: there is no such file
      ╭▸ mailward.yaml:2:12
      ╰ help: did you mean `policies`?
    error[wrong-kind]: `expect.yaml` is a file of expectations, and not a policy
      ╭▸ mailward.yaml:2:21
      ╰ help: name it under `expect`
    error[wrong-kind]: `rules/office.nft` is a ruleset, and not a policy
      ╭▸ mailward.yaml:2:34
      ╰ help: name the policy that it is made from
    error[wrong-kind]: `profile.yaml` is a profile, and not a file of expectations
      ╭▸ mailward.yaml:3:10
      ╰ help: name it under `profiles`
    error[unreadable]: cannot read `policies`: it is a directory
      ╭▸ mailward.yaml:3:24
      ╰ help: name a file in it
    error[unreadable]: cannot read `templats`: there is no such file
      ╭▸ mailward.yaml:6:15
    error[wrong-kind]: `expect.yaml` is a file of expectations, and not a profile
      ╭▸ mailward.yaml:7:12
      ╰ help: name it under `expect`
    error[wrong-kind]: `policies/office.yaml` is a policy, and not a baseline file
      ╭▸ mailward.yaml:8:11
      ╰ help: name it under `policies`
    ");
}
