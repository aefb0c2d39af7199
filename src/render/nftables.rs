//! nftables: one file, one transaction, one table of its own.
//!
//! The file first declares what stays in place while the rules change hands: the table, its sets and its base
//! chains. Then it empties them and fills them again. A base chain or an interval set that is deleted and made anew
//! lets denied packets through or drops allowed ones until the transaction is over; one that is kept does not.

mod chains;
mod conditions;
mod lists;
mod traffic;

use minijinja::{Value, context};

use self::chains::{Chains, Rule};
use self::conditions::{Wording, identifier};
use self::lists::{List, Lists};
use super::addresses::{NamedSet, Sets, prefix, prefix_words};
use super::piece::{Piece, piece, values};
use super::state::StateCheck;
use super::steps::steps;
use super::{Artifact, Rendering, origin};
use crate::model::{Entry, RuleAction, address};
use crate::packet::{Family, Hook};
use crate::source::Diagnostic;

/// How to use the file; a part of its head.
const USAGE: &[&str] = &[
    "Load with `nft -f FILE`, as often as you like: it replaces its own table in one step and no other table.",
    "An accept is final in this table only: another table's chain on the same hook can still drop.",
];

/// Renders the policy.
///
/// # Errors
/// Diagnostics for what nft has no words for.
pub(super) fn render(rendering: &Rendering<'_>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let mut parts = Parts { wording: Wording::new(rendering.policy), chains: Chains::default() };
    let (mut hooks, mut problems) = (Vec::new(), Vec::new());
    for hook in Hook::ALL {
        hooks.push(base_chain(rendering, hook, parts.rules(rendering, hook, &mut problems)));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let view = context! {
        header => values(origin::header(rendering.policy, rendering.target, USAGE)),
        table => Value::from(piece!("mailward_{}", identifier(&piece!("{}", rendering.policy.name.value)))),
        sets => sets(parts.wording.addresses, parts.wording.lists),
        hooks,
        chains => parts.chains.into_chains().into_iter().map(chain).collect::<Vec<_>>(),
    };
    Ok(vec![rendering.artifact("nftables.nft.j2", "nft", &view)?])
}

/// What comes together while the entries are put into words.
struct Parts<'p> {
    wording: Wording<'p>,
    chains: Chains,
}

impl Parts<'_> {
    /// The rules of a hook, each rule of the policy under its comment lines.
    fn rules(&mut self, rendering: &Rendering<'_>, hook: Hook, problems: &mut Vec<Diagnostic>) -> Vec<Rule> {
        let mut rules = Vec::new();
        for step in steps(rendering, hook) {
            rules.extend(step.remarks.into_iter().flatten().map(Rule::remark));
            match step.checks.and_then(|checks| self.entry(rendering, step.entry, &checks)) {
                Ok(more) => rules.extend(more),
                Err(what) => problems.push(rendering.unsayable(step.entry, what)),
            }
        }
        rules
    }

    fn entry(
        &mut self,
        rendering: &Rendering<'_>,
        entry: &Entry,
        checks: &[StateCheck],
    ) -> Result<Vec<Rule>, &'static str> {
        let lines = self.wording.lines(entry, checks)?;
        self.chains.rules(rendering, entry, &lines)
    }
}

fn base_chain(rendering: &Rendering<'_>, hook: Hook, rules: Vec<Rule>) -> Value {
    let policy = match rendering.policy.defaults.of(hook) {
        RuleAction::Allow => "accept",
        RuleAction::Deny | RuleAction::Reject => "drop",
    };
    let rules: Vec<Value> = rules.into_iter().map(Value::from).collect();
    context! { name => Value::from(Piece::literal(hook.name())), policy => Value::from(Piece::literal(policy)), rules }
}

fn chain((name, rules): (Piece, Vec<Rule>)) -> Value {
    let rules: Vec<Value> = rules.into_iter().map(Value::from).collect();
    context! { name => Value::from(name), rules }
}

/// The named sets, addresses first.
fn sets(addresses: Sets, lists: Lists) -> Vec<Value> {
    let addresses = addresses.into_list().into_iter().map(address_set);
    addresses.chain(lists.into_sets().into_iter().map(|(name, list)| set_view(name, list))).collect()
}

fn address_set(set: NamedSet) -> Value {
    let kind = match set.family {
        Family::V4 => piece!("ipv4_addr"),
        Family::V6 => piece!("ipv6_addr"),
    };
    let element = |&(first, last): &(u128, u128)| match prefix(set.family, (first, last)) {
        Some(net) => prefix_words(net),
        None => piece!("{}-{}", address(set.family, first), address(set.family, last)),
    };
    let elements = set.addresses.intervals().iter().map(element).collect();
    set_view(set.name, List { kind, intervals: true, elements })
}

fn set_view(name: Piece, list: List) -> Value {
    let List { kind, intervals, elements } = list;
    context! { name => Value::from(name), kind => Value::from(kind), intervals, elements => values(elements) }
}

#[cfg(test)]
mod tests;
