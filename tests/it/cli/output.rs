//! `--format` and `--output` of commands that tell findings.

use crate::cli::lint::CLEAN;
use crate::program::Site;

/// A day on which [`CLEAN`] has no findings.
const TODAY: &str = "--today 2026-11-22";

/// Every format that needs no more than its name.
const FORMATS: [&str; 11] = [
    "human",
    "concise",
    "markdown",
    "json",
    "sarif",
    "github",
    "github-summary",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
];

/// A template that writes a line for each finding.
const TEMPLATE: &str =
    "{% for finding in findings %}\n{{ finding.code }} in {{ finding.path }}\n{% endfor %}\n";

fn without_reason() -> String {
    CLEAN.replace("    reason: Mail is read over TLS.\n", "")
}

fn site() -> Site {
    Site::new()
        .file("clean.yaml", CLEAN)
        .file("unsure.yaml", without_reason())
        .file("broken.yaml", CLEAN.replace("imaps", "imapz"))
        .file("mine.j2", TEMPLATE)
        .file("sure.j2", "{{ findings[0].titel }}")
}

#[test]
fn no_format_changes_the_answer() {
    let site = site();
    for (policy, exit) in [("clean.yaml", 0), ("unsure.yaml", 1), ("broken.yaml", 2)] {
        for format in FORMATS.into_iter().chain(["template=mine.j2"]) {
            let run = site.run(&format!("lint {policy} {TODAY} --format {format}"));
            assert_eq!((run.exit, run.stderr.as_str()), (exit, ""), "{policy} {format}: {run}");
        }
    }
}

#[test]
fn every_format_is_told_of() {
    let help = Site::new().run("lint --help").stdout;
    let told = help.split("- human:").nth(1).unwrap().split("--output").next().unwrap();
    let docs = include_str!("../../../docs/cli.md");
    for format in FORMATS.into_iter().skip(1).chain(["template=FILE"]) {
        assert!(told.contains(&format!("- {format}:")), "{format}: {help}");
        assert!(docs.contains(&format!("| `{format}` |")), "{format}");
    }
    assert_eq!(told.matches("          - ").count(), FORMATS.len(), "a format that no test names: {help}");
}

#[test]
fn files_get_what_the_standard_output_would_get() {
    let site = site();
    let outputs: Vec<String> =
        FORMATS.iter().map(|format| format!("--output {format}=out.{format}")).collect();
    let run = site.run(&format!("lint unsure.yaml {TODAY} --format template=mine.j2 {}", outputs.join(" ")));
    assert_eq!((run.exit, run.stdout.as_str()), (1, "rule-no-reason in unsure.yaml\n"), "{run}");
    for format in FORMATS {
        let shown = site.run(&format!("lint unsure.yaml {TODAY} --format {format}")).stdout;
        assert_eq!(site.read(&format!("out.{format}")), shown, "{format}");
    }
}

#[test]
fn people_read_the_standard_output_unless_it_is_given_away() {
    let site = site();
    let run = site.run(&format!("lint unsure.yaml {TODAY} --output sarif=a.sarif"));
    assert!(run.stdout.contains("╭▸ unsure.yaml:9:9"), "{run}");
    for output in ["concise", "concise=-"] {
        let run = site.run(&format!("lint unsure.yaml {TODAY} --output {output} --output json=a.json"));
        assert!(run.stdout.starts_with("unsure.yaml:9:9: medium[rule-no-reason] "), "{run}");
    }
}

#[test]
fn a_template_writes_to_a_file_too() {
    let site = site();
    let run = site.run(&format!("lint unsure.yaml {TODAY} --output template=mine.j2=out.txt"));
    assert_eq!(run.exit, 1, "{run}");
    assert_eq!(site.read("out.txt"), "rule-no-reason in unsure.yaml\n");
}

#[test]
fn a_template_that_fails_leaves_everything_as_it_is() {
    let site = site().file("a.sarif", "old");
    let run =
        site.run(&format!("lint unsure.yaml {TODAY} --output sarif=a.sarif --output template=sure.j2=b.txt"));
    insta::assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error: cannot use the template `sure.j2`: undefined value: `findings[0].titel` is undefined (in sure.j2:1)
    ");
    assert_eq!(site.read("a.sarif"), "old");
    assert!(!site.path("b.txt").exists());
}

#[test]
fn a_template_is_understood_before_anything_else() {
    let site = Site::new().file("a.yaml", without_reason()).file("bad.j2", "{% for %}");
    let run = site.run(&format!("lint a.yaml {TODAY} --fix=unsafe --format template=bad.j2"));
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("cannot use the template `bad.j2`: syntax error"), "{run}");
    assert_eq!(site.run(&format!("lint a.yaml {TODAY} --format template=none.j2")).exit, 2);
}

#[test]
fn a_place_takes_one_format() {
    let site = site();
    for outputs in [
        "--output json --output sarif=-",
        "--format human --output sarif",
        "--output json=x --output sarif=./x",
        "--output json=x --diff",
        "--output json=x --write-baseline b.yaml",
        "--output json=",
        "--output jsn=x",
        "--format jsn",
        "--format template=",
    ] {
        let run = site.run(&format!("lint unsure.yaml {TODAY} {outputs}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{outputs}: {run}");
        assert!(!run.stderr.is_empty());
    }
    assert!(!site.path("x").exists());
}

#[test]
fn what_is_read_is_not_written_over() {
    let site = site();
    for file in ["unsure.yaml", "./clean.yaml", "mine.j2"] {
        let run = site.run(&format!(
            "lint clean.yaml unsure.yaml {TODAY} --format template=mine.j2 --output sarif={file}"
        ));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
        assert!(run.stderr.contains("it is one of the files that are read"), "{run}");
    }
    assert_eq!(site.read("unsure.yaml"), without_reason());
}

#[cfg(unix)]
#[test]
fn one_place_is_one_place_whatever_its_names_are() {
    let site =
        site().file("out/old.json", "old").file(".git/config", "old").file("shared.yaml", "version: 1\n");
    std::os::unix::fs::symlink("out", site.path("link")).unwrap();
    std::os::unix::fs::symlink("clean.yaml", site.path("policy")).unwrap();
    for outputs in [
        "--output json=out/a.json --output sarif=link/a.json",
        "--output json=out/old.json --output sarif=out/../link/old.json",
        "--output json=policy",
        "--output json=link/../clean.yaml",
        "--output json=.git/config",
        "--output json=out/../.git/new",
        "--output json=link/mailward.yaml",
        "--baseline shared.yaml --output json=shared.yaml",
    ] {
        let run = site.run(&format!("lint clean.yaml {TODAY} {outputs}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{outputs}: {run}");
    }
    assert_eq!(site.names("out"), ["old.json"]);
    assert_eq!(site.names(".git"), ["config"]);
    assert_eq!(site.read(".git/config") + &site.read("out/old.json"), "oldold");
}

#[test]
fn one_file_that_cannot_be_written_leaves_the_others() {
    let site = site().file("a.sarif", "old");
    let run = site.run(&format!("lint unsure.yaml {TODAY} --output sarif=a.sarif --output json=none/b.json"));
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert_eq!(site.read("a.sarif"), "old");
    assert_eq!(
        site.names("."),
        ["a.sarif", "broken.yaml", "clean.yaml", "mine.j2", "sure.j2", "unsure.yaml"]
    );
}

#[test]
fn hostile_policies_reach_no_terminal() {
    let names = CLEAN.replace("id: mail", r#"id: "a\e[2J\u009b1m\u202e::error::\r\nb""#);
    let reasons = CLEAN.replace("Mail is read over TLS.", r#""\e]0;x\a\u2028 %0A::add-mask::x""#);
    let raw = CLEAN.replace("description: Reads", "description: \u{1b}[2J\u{202e}Reads");
    let site = Site::new().file("a.yaml", names).file("b.yaml", reasons).file("c.yaml", raw);
    for format in FORMATS {
        let run = site.run(&format!("lint a.yaml b.yaml c.yaml {TODAY} --color always --format {format}"));
        assert_eq!(run.exit, 2, "{format}: {run}");
        let text = anstream::adapter::strip_str(&run.stdout).to_string();
        let is_bad = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}".contains(c);
        assert_eq!(text.chars().find(|&c| is_bad(c)), None, "{format}: {run}");
        assert!(format == "human" || text == run.stdout, "{format}: styles are for people");
        let is_command = |line: &&str| line.trim_start().starts_with("::");
        let commands = text.lines().filter(is_command).count();
        assert_eq!(commands, if format == "github" { text.lines().count() } else { 0 }, "{format}: {run}");
    }
}
