//! `mailward completions` and `mailward man`: what is made of the command line for shells and for man.

use std::process::{Command, Stdio};

use crate::program::{Site, run_in_repository};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The commands that the help lists, `help` left out.
fn commands() -> Vec<String> {
    let help = run_in_repository("--help").stdout;
    let entries =
        help.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with([' ', '-']));
    let names = entries.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

/// What a tool of the machine says of a file; nothing where the machine does not have the tool.
fn judged_by(tool: &str, words: &[&str], site: &Site, file: &str) -> Option<(bool, String)> {
    let mut command = Command::new(tool);
    command.args(words).arg(site.path(file)).env("MANROFFOPT", "-ww").env("LC_ALL", "C.UTF-8");
    let output = command.stdin(Stdio::null()).output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn every_shell_has_a_script_with_every_command_and_check() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    for shell in SHELLS {
        let run = run_in_repository(&format!("completions {shell}"));
        assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{shell}");
        for word in commands.iter().map(String::as_str).chain(["--fail-on", "--write-baseline"]) {
            // Fish writes long options without their dashes.
            assert!(run.stdout.contains(word.trim_start_matches('-')), "{shell}: no {word}");
        }
        // The other two know no values.
        if matches!(shell, "bash" | "fish" | "zsh") {
            assert!(run.stdout.contains("rule-no-reason"), "{shell}: no checks");
        }
    }
}

#[test]
fn shells_that_are_here_read_their_scripts() {
    for (shell, words) in [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])] {
        let site = Site::new().file("script", run_in_repository(&format!("completions {shell}")).stdout);
        if let Some((is_fine, said)) = judged_by(shell, &words, &site, "script") {
            assert!(is_fine && said.is_empty(), "{shell}: {said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_options_and_checks() {
    let site = Site::new().file("script", run_in_repository("completions bash").stdout);
    for (words, wanted) in [
        ("mailward rev", "review"),
        ("mailward check --wri", "--write"),
        ("mailward explain rule-no-rea", "rule-no-reason"),
        ("mailward services pop3", "pop3s"),
        ("mailward lint --only exception-exp", "exception-expired"),
    ] {
        let script = format!(
            "source ./script; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _mailward mailward \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(site.path("")).output().unwrap();
        let offered = String::from_utf8(output.stdout).unwrap();
        assert!(offered.lines().any(|word| word == wanted), "{words}: {offered}");
    }
}

#[test]
fn an_unknown_shell_and_an_unknown_page_are_wrong_usage() {
    assert_eq!(run_in_repository("completions tcsh").exit, 2);
    insta::assert_snapshot!(run_in_repository("man chek"), @r"
    exit 2
    --- stdout
    --- stderr
    error: there is no command `chek`
     help: did you mean `check`? `mailward --help` lists all of them
    ");
}

#[test]
fn there_is_a_page_for_the_program_and_each_command() {
    let site = Site::new();
    let run = site.run("man --out share/man1");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    let mut wanted: Vec<String> = commands().iter().map(|name| format!("mailward-{name}.1")).collect();
    wanted.push("mailward.1".to_owned());
    wanted.sort();
    assert_eq!(site.names("share/man1"), wanted);
    assert_eq!(run_in_repository("man").stdout, site.read("share/man1/mailward.1"));
    assert_eq!(run_in_repository("man check").stdout, site.read("share/man1/mailward-check.1"));
    let overview = site.read("share/man1/mailward.1");
    for name in commands() {
        assert!(overview.contains(&format!("mailward\\-{name}(1)")), "{name}: {overview}");
    }
}

#[test]
fn readers_of_man_pages_have_nothing_to_say_against_them() {
    let site = Site::new();
    assert_eq!(site.run("man --out man1").exit, 0);
    for page in site.names("man1") {
        let page = format!("man1/{page}");
        for (tool, words) in [
            ("groff", &["-man", "-ww", "-z", "-Tutf8", "-Kutf8"][..]),
            ("mandoc", &["-T", "lint", "-W", "warning"][..]),
        ] {
            if let Some((is_fine, said)) = judged_by(tool, words, &site, &page) {
                assert!(is_fine && said.is_empty(), "{tool} {page}: {said}");
            }
        }
        if let Some((is_fine, said)) = judged_by("man", &["--warnings", "-l"], &site, &page) {
            assert!(is_fine && !said.contains("warning"), "man {page}: {said}");
            for word in ["SYNOPSIS", "mailward manual", env!("CARGO_PKG_VERSION")] {
                assert!(said.contains(word), "man {page}: no {word}: {said}");
            }
        }
    }
}
