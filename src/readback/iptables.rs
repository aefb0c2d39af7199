//! Rulesets of iptables: what `iptables-save`, `ip6tables-save` and `ipset save` write, and what people write for
//! `iptables-restore`, `ip6tables-restore` and `ipset restore`.

mod compile;
mod extensions;
mod fields;
mod given;
mod icmp;
mod limit;
mod opaque;
mod rule;
mod sets;
mod table;
mod tables;
mod target;
mod test;
mod value;
mod words;

use self::compile::{Compiler, Written};
use self::rule::Rule;
use self::sets::Sets;
use self::tables::Tables;
use self::test::Test;
use super::conditions::Occurrences;
use super::program::Program;
use super::walk::walk;
use super::{Conditions, Effect, Fate, InterfacePattern, InterfaceTable, Meaning, Remark, Step};
use crate::packet::{Cube, Family, Hook};
use crate::source::{Diagnostic, FileId, Site};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Rules of IPv4.
    V4,
    /// Rules of IPv6.
    V6,
    /// Sets of addresses.
    Ipset,
}

impl Kind {
    /// What such a text has.
    const fn name(self) -> &'static str {
        match self {
            Self::V4 => "rules for IPv4",
            Self::V6 => "rules for IPv6",
            Self::Ipset => "sets",
        }
    }
}

/// One text of a ruleset.
#[derive(Clone, Copy, Debug)]
pub struct Part<'t> {
    /// What it is.
    pub kind: Kind,
    /// The file it stands in.
    pub file: FileId,
    /// What it says.
    pub text: &'t str,
}

/// A ruleset that was read.
#[derive(Clone, Debug)]
pub struct Ruleset {
    families: Vec<Tables>,
    sets: Sets,
}

/// Reads a ruleset of at most one part of each kind.
///
/// # Errors
/// What is wrong with the texts, at most a few things of each.
pub fn parse(parts: &[Part<'_>]) -> Result<Ruleset, Vec<Diagnostic>> {
    let mut ruleset = Ruleset { families: Vec::new(), sets: Sets::default() };
    let mut problems = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if parts.iter().take(index).any(|other| other.kind == part.kind) {
            let site = Site::bytes(part.file, 0..0);
            let title = format!("this is a second file of {}", part.kind.name());
            problems.push(Diagnostic::error("iptables-parts", site, title).help(
                "name what `iptables-save`, `ip6tables-save` and `ipset save` wrote once each; `v4`, `v6` or `ipset` in \
                 the name of a file says which it is",
            ));
            continue;
        }
        problems.extend(ruleset.read(part).err().into_iter().flatten());
    }
    if problems.is_empty() { Ok(ruleset) } else { Err(problems) }
}

impl Ruleset {
    fn read(&mut self, part: &Part<'_>) -> Result<(), Vec<Diagnostic>> {
        match part.kind {
            Kind::V4 => self.families.push(tables::read(Family::V4, part.file, part.text)?),
            Kind::V6 => self.families.push(tables::read(Family::V6, part.file, part.text)?),
            Kind::Ipset => self.sets = sets::read(part.file, part.text)?,
        }
        Ok(())
    }

    /// The interfaces that it speaks of.
    #[must_use]
    pub fn interfaces(&self) -> Vec<InterfacePattern> {
        let mut all = Vec::new();
        for rule in self.deciding() {
            rule.tests.iter().for_each(|test| collect(test, &mut all));
        }
        all.extend(self.sets.interfaces().cloned());
        all.sort();
        all.dedup();
        all
    }

    /// What it does with packets. Of a family that it has no part for it says nothing.
    ///
    /// # Errors
    /// Chains that jump in circles, and rulesets that come to too much.
    pub fn meaning(
        &self,
        interfaces: &InterfaceTable,
        conditions: &mut Conditions,
    ) -> Result<Meaning, Diagnostic> {
        let mut compiler = Compiler {
            interfaces,
            conditions,
            sets: &self.sets,
            written: Written::by(self.rules()),
            occurrences: Occurrences::default(),
            program: Program::default(),
        };
        self.families.iter().for_each(|tables| compiler.add(tables));
        let program = compiler.program;
        let mut meaning = Meaning { steps: Vec::new(), remarks: self.remarks() };
        let Some(first) = self.families.first() else { return Ok(meaning) };
        meaning.steps = walk(&program, first.site)?;
        for family in Family::ALL {
            if !self.families.iter().any(|tables| tables.family == family) {
                meaning.steps.retain(|step| step.cube.family != family);
                meaning.steps.extend(unsaid(family, first.site));
            }
        }
        Ok(meaning)
    }

    /// All rules.
    fn rules(&self) -> impl Iterator<Item = &Rule> {
        let tables = self.families.iter().flat_map(|family| &family.all);
        tables.flat_map(|table| &table.chains).flat_map(|chain| &chain.rules)
    }

    /// The rules of tables that filter.
    fn deciding(&self) -> impl Iterator<Item = &Rule> {
        let tables = self.families.iter().flat_map(|family| &family.all);
        let filters = tables.filter(|table| table.kind.filters);
        filters.flat_map(|table| &table.chains).flat_map(|chain| &chain.rules)
    }

    fn remarks(&self) -> Vec<Remark> {
        let mut all = Vec::new();
        for family in &self.families {
            all.extend(family.remarks.iter().cloned());
            let silent = family.all.iter().filter(|table| !table.kind.filters);
            let translating = silent.filter(|table| table.chains.iter().any(|chain| !chain.rules.is_empty()));
            all.extend(translating.map(|table| Remark {
                site: table.site,
                text: "address translation is not decided".to_owned(),
            }));
        }
        let untracking = self.deciding().filter(|rule| rule.untracks);
        all.extend(untracking.map(|rule| Remark {
            site: rule.site,
            text: "which packets are exempt from connection tracking is not decided".to_owned(),
        }));
        all
    }
}

/// The interfaces that a test speaks of.
fn collect(test: &Test, all: &mut Vec<InterfacePattern>) {
    match test {
        Test::Interface(_, pattern) => all.push(pattern.clone()),
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| collect(test, all)),
        Test::Not(test) => collect(test, all),
        Test::Meets(_) | Test::Member(_) | Test::Unknown(_) => {}
    }
}

/// Steps that say nothing about a family.
fn unsaid(family: Family, site: Site) -> impl Iterator<Item = Step> {
    Hook::ALL.into_iter().map(move |hook| Step {
        cube: Cube::every(hook, family),
        effect: Effect::Decide(Fate::Unsaid),
        site,
    })
}

#[cfg(test)]
mod tests;
