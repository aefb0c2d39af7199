//! nftables: files that people write, and what `nft list ruleset` prints (nft(8)).

mod blocks;
mod clauses;
mod commands;
mod comparisons;
mod compile;
mod expressions;
mod fields;
mod interfaces;
mod json;
mod keys;
mod lexer;
mod matches;
mod parser;
mod rules;
mod ruleset;
mod selectors;
mod statements;
mod syntax;
mod tcp_flags;
mod text;
mod values;

use super::walk::walk;
use super::{Conditions, InterfacePattern, InterfaceTable, Meaning};
use crate::source::{Diagnostic, FileId, Site};
use parser::Reading;
use ruleset::Tables;

/// A ruleset of nftables.
#[derive(Debug)]
pub struct Ruleset {
    tables: Tables,
    site: Site,
}

/// Reads the files that an `include` names, which may be a pattern.
pub type Include<'i> = dyn FnMut(&str) -> Result<Vec<(FileId, String)>, String> + 'i;

/// Reads a ruleset: as text, or as JSON if it begins like that.
///
/// # Errors
/// Text that nft would not take.
pub fn parse(file: FileId, text: &str, include: &mut Include<'_>) -> Result<Ruleset, Vec<Diagnostic>> {
    let site = Site::bytes(file, 0..text.len());
    let tables = if text.trim_start().starts_with('{') {
        json::parse(file, text)
    } else {
        let mut reading = Reading::new(include);
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone is of one lifetime")]
        let read = reading.text(file, text, |parser| parser.commands());
        read.map(|()| reading.tables)
    };
    match tables {
        Ok(tables) => Ok(Ruleset { tables: tables.settled(), site }),
        Err(problem) => Err(vec![*problem]),
    }
}

impl Ruleset {
    /// The interfaces that it speaks of.
    #[must_use]
    pub fn interfaces(&self) -> Vec<InterfacePattern> {
        interfaces::interfaces(&self.tables)
    }

    /// What it does with packets.
    ///
    /// # Errors
    /// Names of chains and sets that are not there, and rulesets too large to follow.
    pub fn meaning(
        &self,
        interfaces: &InterfaceTable,
        conditions: &mut Conditions,
    ) -> Result<Meaning, Diagnostic> {
        let (program, remarks) =
            compile::compile(&self.tables, interfaces, conditions).map_err(|problem| *problem)?;
        Ok(Meaning { steps: walk(&program, self.site)?, remarks })
    }
}

#[cfg(test)]
mod tests;
