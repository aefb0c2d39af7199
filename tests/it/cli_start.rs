//! What people install beside the program: completions and manual pages.

use std::process::Command;

use crate::program::Site;

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = Site::new().run("--help").stdout;
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").map(str::to_owned).collect()
}

#[test]
fn completions_know_every_command() {
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = Site::new().run(&format!("completions {shell}"));
        assert_eq!(run.exit, 0, "{run}");
        for command in &commands {
            assert!(run.stdout.contains(command.as_str()), "{shell}: {command}");
        }
    }
    assert_eq!(Site::new().run("completions csh").exit, 2);
}

#[test]
fn bash_reads_its_completions_and_completes() {
    let site = Site::new();
    let site = site.file("mailward.bash", site_completions());
    let asked = "source ./mailward.bash; COMP_WORDS=(mailward comp); COMP_CWORD=1; _mailward mailward comp mailward; echo ${COMPREPLY[@]}";
    let answer = Command::new("bash").args(["-c", asked]).current_dir(site.path("")).output();
    let Ok(answer) = answer else { return }; // no bash on this machine
    let said = String::from_utf8(answer.stdout).unwrap();
    assert!(said.contains("completions") && said.contains("compliance"), "{said}");
}

fn site_completions() -> String {
    Site::new().run("completions bash").stdout
}

#[test]
fn every_command_has_a_manual_page() {
    let site = Site::new();
    let run = site.run("man --out man");
    assert_eq!(run.exit, 0, "{run}");
    let mut wanted: Vec<String> = commands().iter().map(|name| format!("mailward-{name}.1")).collect();
    wanted.push("mailward.1".to_owned());
    wanted.sort();
    assert_eq!(site.names("man"), wanted);
    let lint = site.read("man/mailward-lint.1");
    assert!(
        lint.contains(".TH mailward-lint 1") && lint.contains("Hold policies against best practice"),
        "{lint}"
    );
    assert!(Site::new().run("man").stdout.contains(".TH mailward 1"));
}
