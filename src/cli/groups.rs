//! The commands in the help, by what people come for. clap knows no groups of commands, so it lays all of them out as one
//! list, and headings are put between its entries.

use clap::Command;
use clap::error::ErrorKind;

/// Every command under the heading of its group, in the order of the help; `help` itself comes last.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    ("Guard", &["check", "lint", "test", "exceptions", "compliance"]),
    ("Render and prove", &["render", "prove", "verify"]),
    ("Review", &["diff", "review", "report", "graph"]),
    ("Ask", &["trace", "query", "explain", "services"]),
    ("Start and write", &["init", "fmt", "lsp", "schema"]),
    ("Set up", &["completions", "man", "help"]),
];

/// The commands, in the order of the help.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(_, names)| names.iter().copied())
}

/// Whether help is what clap ends with.
pub(super) const fn is_help(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}

/// The command line with a help that has groups.
pub(super) fn grouped(command: Command) -> Command {
    let header = *command.get_styles().get_header();
    let heading = |words: &str| format!("{header}{words}:{header:#}");
    let command = names().enumerate().fold(command, ordered);
    let list = command.clone().help_template("{subcommands}").render_help().ansi().to_string();
    let commands = with_headings(&list, &heading);
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{commands}\n{}\n{{options}}{{after-help}}",
        heading("Options")
    );
    command.help_template(template)
}

fn ordered(command: Command, (place, name): (usize, &'static str)) -> Command {
    // `help` is clap's own, comes last anyway, and is not there yet.
    if name == "help" { command } else { command.mut_subcommand(name, |one| one.display_order(place)) }
}

/// The list that clap made with a heading before the first command of each group.
fn with_headings(list: &str, heading: &dyn Fn(&str) -> String) -> String {
    let mut headings = GROUPS.iter().flat_map(|(words, names)| {
        let first = std::iter::once(Some(words));
        first.chain(std::iter::repeat(None)).take(names.len())
    });
    let mut text = String::new();
    for line in list.lines() {
        if is_entry(line)
            && let Some(Some(words)) = headings.next()
        {
            text.extend([if text.is_empty() { "" } else { "\n" }, &heading(words), "\n"]);
        }
        text.extend([line, "\n"]);
    }
    text
}

/// Whether a line begins a command; lines that go on with its description are indented further.
fn is_entry(line: &str) -> bool {
    line.strip_prefix("  ").is_some_and(|rest| !rest.starts_with(' ') && !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::CommandLine;

    #[test]
    fn every_command_is_in_one_group() {
        let mut command = CommandLine::command();
        command.build();
        let known: BTreeSet<&str> = command.get_subcommands().map(Command::get_name).collect();
        let grouped: Vec<&str> = names().collect();
        assert_eq!(grouped.iter().copied().collect::<BTreeSet<_>>(), known);
        assert_eq!(grouped.len(), known.len(), "a command is in two groups");
    }

    #[test]
    fn the_help_has_every_group_with_its_commands() {
        for width in [40, 80, 200] {
            let help = grouped(CommandLine::command().term_width(width)).render_help().to_string();
            let mut found = Vec::new();
            for paragraph in help.split("\n\n") {
                let (heading, entries) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
                let names: Vec<&str> = entries
                    .lines()
                    .filter(|line| is_entry(line))
                    .filter_map(|line| line.split_whitespace().next())
                    .collect();
                found.push((heading.trim_end_matches(':').to_owned(), names));
            }
            for (heading, names) in GROUPS {
                assert!(found.iter().any(|(is, has)| is == heading && has == names), "{heading}: {help}");
            }
        }
    }
}
