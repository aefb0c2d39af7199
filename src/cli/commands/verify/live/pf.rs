//! pf has no command that lists everything: interfaces that it leaves alone, tables and rules are asked for one by one
//! (pfctl(8)) and put together as a pf.conf, one text for each answer, with its lines where they were.

use super::ask::Question;
use crate::cli::failure::Failure;
use crate::cli::operand::Text;
use crate::readback::{IptablesKind, PfDialect};

/// The texts that together say what pf does.
///
/// # Errors
/// A `pfctl` that does not answer, and a pf that is not in force.
pub(super) fn listed(dialect: PfDialect) -> Result<Vec<Text>, Failure> {
    in_force()?;
    let mut texts = vec![skipped()?];
    for name in tables()? {
        texts.push(table(&name)?);
    }
    match dialect {
        PfDialect::OpenBsd => texts.push(asked(&["-a", "*", "-s", "rules"], loadable)?),
        // With -P, ports are numbers; without it they are names that may stand for two.
        PfDialect::FreeBsd => {
            texts.push(asked(&["-P", "-s", "nat"], str::to_owned)?);
            texts.push(asked(&["-P", "-a", "*", "-s", "rules"], str::to_owned)?);
        }
    }
    Ok(texts)
}

/// A listing with the rules in anchors (`-a *`) as pf takes it: `anchor "relayd/*" all {` is how it shows an anchor that it
/// refuses to read with that name.
fn loadable(listing: &str) -> String {
    let line = |line: &str| match line
        .trim_start()
        .strip_prefix("anchor \"")
        .and_then(|rest| rest.split_once('"'))
    {
        Some((name, rest)) if rest.ends_with('{') => line.replacen(name, &name.replace('/', "-"), 1),
        _ => line.to_owned(),
    };
    listing.lines().map(|text| line(text) + "\n").collect()
}

/// An answer, made a part of a pf.conf.
fn asked(words: &[&str], part: impl Fn(&str) -> String) -> Result<Text, Failure> {
    let question = Question::new("pfctl", words);
    let answer = question.answer()?;
    Ok(question.text(part(&answer), IptablesKind::V4))
}

/// Refuses a pf that is disabled: it asks no rule, whatever is loaded.
fn in_force() -> Result<(), Failure> {
    let question = Question::new("pfctl", &["-s", "info"]);
    let answer = question.answer()?;
    let status = answer.lines().find_map(|line| line.strip_prefix("Status: "));
    match status.and_then(|status| status.split_whitespace().next()) {
        Some("Enabled") => Ok(()),
        Some("Disabled") => Err(Failure::PfDisabled),
        _ => Err(question.failed("it does not say whether pf is enabled")),
    }
}

/// Interfaces and groups that pf leaves alone: `lo0 (skip)`.
fn skipped() -> Result<Text, Failure> {
    let setting = |line: &str| {
        let mut words = line.split_whitespace();
        let name = words.next().filter(|_| words.any(|word| word == "(skip)"));
        name.map_or_else(|| "\n".to_owned(), |name| format!("set skip on {name}\n"))
    };
    asked(&["-s", "Interfaces", "-v"], |answer| answer.lines().map(setting).collect())
}

/// The names of the tables that every rule means by them: those of the main ruleset, unless an anchor has one of its own
/// under that name.
fn tables() -> Result<Vec<String>, Failure> {
    let mut main = names(&["-s", "Tables"])?;
    for anchor in names(&["-v", "-s", "Anchors"])? {
        let own = names(&["-a", &anchor, "-s", "Tables"])?;
        main.retain(|table| !own.contains(table));
    }
    Ok(main)
}

/// An answer that is one name on each line.
fn names(words: &[&str]) -> Result<Vec<String>, Failure> {
    let answer = Question::new("pfctl", words).answer()?;
    Ok(answer.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// A table with what it holds now.
fn table(name: &str) -> Result<Text, Failure> {
    asked(&["-t", name, "-T", "show"], |answer| format!("table <{name}> {{{answer}}}\n"))
}
