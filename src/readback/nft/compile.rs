//! Tables into a program: the chains that packets come to.

use std::collections::BTreeMap;

use super::matches::Matcher;
use super::rules::Rules;
use super::ruleset::{Chain, Table, Tables};
use super::syntax::Rule;
use super::values::Names;
use crate::readback::clause::Clause;
use crate::readback::conditions::Occurrences;
use crate::readback::program::{self, Base, Program};
use crate::readback::{Conditions, Fate, InterfaceTable, Remark};
use crate::source::{Diagnostic, Site};

/// Turns tables into a program, and says what is not in it.
///
/// # Errors
/// Chains and sets that are named and not there.
pub(super) fn compile(
    tables: &Tables,
    interfaces: &InterfaceTable,
    conditions: &mut Conditions,
) -> Result<(Program, Vec<Remark>), Box<Diagnostic>> {
    let matcher = Matcher {
        every: Clause::every(),
        conditions,
        occurrences: Occurrences::default(),
        marks_change: tables.marks,
        sets: BTreeMap::new(),
    };
    let all: Vec<&Table> = tables.all.iter().collect();
    let mut chains = Chains::default();
    let mut remarks = Vec::new();
    let mut bases = Vec::new();
    for (number, table) in all.iter().enumerate() {
        for (place, chain) in table.chains.iter().enumerate() {
            match base(table, chain) {
                Some(Ok(base)) => {
                    let chain = chains.place((number, place), Waiting::of(number, chain));
                    bases.push(Base { chain, ..base });
                }
                Some(Err(remark)) => remarks.push(remark),
                None => {}
            }
        }
    }
    let mut rules = Rules { matcher, chains };
    let mut program = Program { chains: Vec::new(), bases };
    while let Some(next) = rules.chains.waiting(program.chains.len()) {
        let Some(table) = all.get(next.table) else { break };
        let names = Names { table, number: next.table, interfaces };
        let compiled = rules.compile(next, names)?;
        program.chains.push(program::Chain { rules: compiled, site: next.site });
    }
    Ok((program, remarks))
}

/// A chain of the program, before it is compiled.
#[derive(Clone, Copy)]
pub(super) struct Waiting<'r> {
    /// The number of its table.
    pub(super) table: usize,
    /// Its rules.
    pub(super) rules: &'r [Rule],
    /// Where it was declared.
    pub(super) site: Site,
}

/// The chains of the program: those that packets come to, in the order in which they were met.
#[derive(Default)]
pub(super) struct Chains<'r> {
    all: Vec<Waiting<'r>>,
    /// Places in the program by table and place in the table.
    places: BTreeMap<(usize, usize), usize>,
}

impl<'r> Waiting<'r> {
    fn of(table: usize, chain: &'r Chain) -> Self {
        Self { table, rules: &chain.rules, site: chain.site }
    }
}

impl<'r> Chains<'r> {
    /// The place of a chain of a table by its name; none if there is no such chain.
    pub(super) fn named(&mut self, number: usize, table: &'r Table, name: &str) -> Option<usize> {
        let chain = table.chains.get(name)?;
        let within = table.chains.place(name)?;
        Some(self.place((number, within), Waiting::of(number, chain)))
    }

    fn place(&mut self, key: (usize, usize), chain: Waiting<'r>) -> usize {
        if let Some(&place) = self.places.get(&key) {
            return place;
        }
        let place = self.add(chain);
        self.places.insert(key, place);
        place
    }

    /// A chain that nothing else leads to.
    pub(super) fn add(&mut self, chain: Waiting<'r>) -> usize {
        self.all.push(chain);
        self.all.len() - 1
    }

    fn waiting(&self, place: usize) -> Option<Waiting<'r>> {
        self.all.get(place).copied()
    }
}

/// Where packets come into a chain, or why that is not looked at; none for a chain that is only jumped to.
fn base(table: &Table, chain: &Chain) -> Option<Result<Base, Remark>> {
    let hook = chain.hook.as_ref()?;
    let remark = |text: String| Some(Err(Remark { site: chain.site, text }));
    if table.families().is_empty() {
        return remark(format!("tables of family `{}` are not looked at", table.family));
    }
    if table.is_dormant {
        return remark("the table is dormant: no packet comes through its chains".to_owned());
    }
    if &*hook.kind == "nat" {
        return remark("address translation is not looked at".to_owned());
    }
    let Some(point) = hook.point else {
        return remark("only the hooks from `prerouting` to `postrouting` are looked at".to_owned());
    };
    let (policy, site) = chain.policy.unwrap_or((Fate::Accept, chain.site));
    let families = table.families().to_vec();
    Some(Ok(Base { chain: 0, point, priority: hook.priority, families, policy, site }))
}
