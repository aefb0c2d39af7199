//! iptables: a restore file for each family, and one for `ipset` when a rule needs a list of addresses.
//!
//! The built-in chains only jump to chains of our own and end in an explicit verdict besides the policy: the nft back
//! end was seen to let packets through between two rulesets that had the policy alone.

mod conditions;
mod ipset;
mod table;
mod traffic;
mod verdicts;

use std::collections::BTreeSet;

use minijinja::{Value, context};

use self::conditions::{WORDS, Writer};
use self::table::Table;
use super::addresses::{NamedSet, Sets};
use super::piece::{Piece, piece, values};
use super::steps::steps;
use super::{Artifact, Rendering, origin};
use crate::model::RuleAction;
use crate::packet::{Family, Hook};
use crate::source::Diagnostic;

/// How to use the IPv4 file; a part of its head.
const USAGE_V4: &[&str] = &[
    "Load with `iptables-restore FILE`, after the .ipset file if there is one, and the .v6.rules file with it.",
    "It replaces the whole filter table of IPv4.",
];

/// How to use the IPv6 file.
const USAGE_V6: &[&str] = &[
    "Load with `ip6tables-restore FILE`, after the .ipset file if there is one, and the .v4.rules file with it.",
    "It replaces the whole filter table of IPv6.",
];

/// How to use the file with the sets.
const SET_USAGE: &[&str] = &[
    "Load with `ipset restore -file FILE` before the rules, as often as you like.",
    "Each set is filled under another name and swapped in, so that no packet meets a half-filled set.",
];

/// Renders the policy.
///
/// # Errors
/// Diagnostics for what iptables has no words for.
pub(super) fn render(rendering: &Rendering<'_>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let mut sets = Sets::new(rendering.policy, WORDS);
    let mut problems = Vec::new();
    let tables = Family::ALL.map(|family| (family, table(rendering, family, &mut sets, &mut problems)));
    if !problems.is_empty() {
        let mut seen = BTreeSet::new();
        problems.retain(|problem| seen.insert((problem.primary.site, problem.primary.text.clone())));
        return Err(problems);
    }
    let mut artifacts = Vec::new();
    for (family, table) in tables {
        artifacts.push(rules_file(rendering, family, table)?);
    }
    artifacts.extend(set_file(rendering, sets.into_list())?);
    Ok(artifacts)
}

/// The table of one family.
fn table<'r>(
    rendering: &Rendering<'r>,
    family: Family,
    sets: &mut Sets,
    problems: &mut Vec<Diagnostic>,
) -> Table<'r> {
    let mut table = Table::new(*rendering, family);
    for hook in Hook::ALL {
        let home = table.add(own_chain(hook));
        let mut remarks = Vec::new();
        for step in steps(rendering, hook) {
            remarks = step.remarks.unwrap_or(remarks);
            let (entry, comment) = (step.entry, table.comment(step.entry));
            let mut writer = Writer { table: &mut table, sets, entry, home, comment, remarks: &mut remarks };
            let written = step.checks.and_then(|checks| writer.write(&checks));
            problems.extend(written.err().map(|what| rendering.unsayable(entry, what)));
        }
    }
    table
}

fn own_chain(hook: Hook) -> Piece {
    piece!("mailward-{}", Piece::literal(hook.name()))
}

fn rules_file(
    rendering: &Rendering<'_>,
    family: Family,
    table: Table<'_>,
) -> Result<Artifact, Vec<Diagnostic>> {
    let (ending, usage) = match family {
        Family::V4 => ("v4.rules", USAGE_V4),
        Family::V6 => ("v6.rules", USAGE_V6),
    };
    let view = context! {
        header => values(origin::header(rendering.policy, rendering.target, usage)),
        hooks => Hook::ALL.map(|hook| built_in_chain(rendering, hook)).to_vec(),
        chains => table.into_view(),
    };
    rendering.artifact("iptables.rules.j2", ending, &view)
}

/// The chain that the kernel calls, and what it does by itself: what the policy does at its end, but silently.
fn built_in_chain(rendering: &Rendering<'_>, hook: Hook) -> Value {
    let name = match hook {
        Hook::Input => "INPUT",
        Hook::Forward => "FORWARD",
        Hook::Output => "OUTPUT",
    };
    let policy = match rendering.policy.defaults.of(hook) {
        RuleAction::Allow => "ACCEPT",
        RuleAction::Deny | RuleAction::Reject => "DROP",
    };
    context! {
        name => Value::from(Piece::literal(name)),
        own => Value::from(own_chain(hook)),
        policy => Value::from(Piece::literal(policy)),
    }
}

/// The file with the sets; none if no rule needs one.
fn set_file(rendering: &Rendering<'_>, sets: Vec<NamedSet>) -> Result<Option<Artifact>, Vec<Diagnostic>> {
    let sets: Vec<(NamedSet, Vec<Piece>)> =
        sets.into_iter().map(|set| (set.clone(), ipset::members(&set))).collect();
    let too_large = |(set, members): &&(NamedSet, Vec<Piece>)| {
        let title = format!("iptables cannot say a list of {} prefixes", members.len());
        (members.len() > ipset::MOST_MEMBERS).then(|| {
            Diagnostic::error("cannot-say", rendering.policy.site, title)
                .label(format!("the set `{}` holds at most {}", set.name, ipset::MOST_MEMBERS))
                .help("name larger prefixes, or leave iptables out of the targets")
        })
    };
    let problems: Vec<Diagnostic> = sets.iter().filter_map(|set| too_large(&set)).collect();
    if sets.is_empty() || !problems.is_empty() {
        return if problems.is_empty() { Ok(None) } else { Err(problems) };
    }
    let view = context! {
        header => values(origin::header(rendering.policy, rendering.target, SET_USAGE)),
        sets => sets.into_iter().map(|(set, members)| ipset::view(set.name, set.family, members)).collect::<Vec<_>>(),
    };
    rendering.artifact("ipset.j2", "ipset", &view).map(Some)
}

#[cfg(test)]
mod tests;
