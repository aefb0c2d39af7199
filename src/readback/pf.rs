//! pf.conf, as people write it and as `pfctl -sr` prints it, of OpenBSD and of FreeBSD.
//!
//! pf asks its rules once for each interface that a packet crosses: on its way in, and on its way out. Packets of a
//! known state pass before any rule is asked, so the rules speak of packets that open a flow or belong to none; what
//! becomes of answers is worked out from the states that the rules keep.

mod addresses;
mod check;
mod compile;
mod evaluate;
mod flow;
mod keywords;
mod lexer;
mod parse;
mod program;
mod syntax;
mod tracked;

use super::{Conditions, InterfacePattern, InterfaceTable, Meaning};
use crate::source::{At, Diagnostic, FileId, Site};

/// The longest name of a table (`PF_TABLE_NAME_SIZE` - 1).
const LONGEST_TABLE: usize = 31;

/// The longest tag or label (`PF_TAG_NAME_SIZE` and `PF_RULE_LABEL_SIZE` - 1).
const LONGEST_NAME: usize = 63;

/// Whose pf it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenBSD 7.
    OpenBsd,
    /// FreeBSD 12 to 15, what any of them takes.
    FreeBsd,
}

/// A ruleset as written.
#[derive(Debug)]
pub struct Ruleset {
    config: syntax::Config,
    dialect: Dialect,
}

/// Reads a pf.conf, or several texts that one after another are one.
///
/// # Errors
/// Everything that pf refuses, with its place.
pub fn parse(files: &[(FileId, &str)], dialect: Dialect) -> Result<Ruleset, Vec<Diagnostic>> {
    parse::parse(files, dialect).map(|config| Ruleset { config, dialect })
}

impl Ruleset {
    /// The interfaces that it speaks of.
    #[must_use]
    pub fn interfaces(&self) -> Vec<InterfacePattern> {
        compile::interfaces(&self.config, self.dialect)
    }

    /// What it does with packets.
    ///
    /// # Errors
    /// Rulesets that come to too many steps.
    pub fn meaning(
        &self,
        interfaces: &InterfaceTable,
        conditions: &mut Conditions,
    ) -> Result<Meaning, Diagnostic> {
        let rules = compile::compile(&self.config, self.dialect, interfaces, conditions);
        let steps = flow::steps(&rules, self.config.site, conditions)?;
        Ok(Meaning { steps, remarks: self.config.remarks.clone() })
    }
}

impl Ruleset {
    /// What it does with packets that can come, in the states that connection tracking gives them.
    ///
    /// # Errors
    /// Rulesets that come to too many steps.
    pub fn tracked(
        &self,
        interfaces: &InterfaceTable,
        conditions: &mut Conditions,
    ) -> Result<Meaning, Diagnostic> {
        let Meaning { steps, remarks } = self.meaning(interfaces, conditions)?;
        Ok(Meaning { steps: tracked::tracked(&steps, conditions, self.config.site), remarks })
    }
}

/// Something that pf does not take.
fn problem(site: Site, title: impl Into<String>) -> Diagnostic {
    Diagnostic::error("pf-syntax", site, title)
}

/// Everything from the start of one place to the end of another.
fn from_to(first: Site, last: Site) -> Site {
    match (first.at, last.at) {
        (At::Bytes { start, .. }, At::Bytes { end, .. }) => {
            Site { at: At::Bytes { start, end: end.max(start) }, ..first }
        }
        _ => first,
    }
}

#[cfg(test)]
mod tests;
