//! Rules into a program of chains and clauses.

use std::collections::BTreeSet;

use super::rule::Rule;
use super::sets::Sets;
use super::table::Table;
use super::tables::Tables;
use super::target::Action;
use super::test::{Lasting, Membership, Test, Unknown, Way, Writable};
use crate::packet::Family;
use crate::readback::clause::{Clause, all_of, none_of};
use crate::readback::conditions::Occurrences;
use crate::readback::program::{Act, Base, Chain, Program, Rule as Step};
use crate::readback::{Conditions, Fate, InterfaceTable};

/// What rules are compiled with.
pub(super) struct Compiler<'c> {
    /// The numbers of interfaces.
    pub(super) interfaces: &'c InterfaceTable,
    /// The numbers of conditions.
    pub(super) conditions: &'c mut Conditions,
    /// The sets that are known.
    pub(super) sets: &'c Sets,
    /// What rules write that others may ask for.
    pub(super) written: Written,
    /// How often changing conditions were met in this family.
    pub(super) occurrences: Occurrences,
    /// Chains so far.
    pub(super) program: Program,
}

/// What the rules of a ruleset change about packets, connections and sets.
#[derive(Debug, Default)]
pub(super) struct Written {
    fields: BTreeSet<Writable>,
    sets: BTreeSet<String>,
}

/// A rule while it is compiled.
struct Draft<'r> {
    rule: &'r Rule,
    when: Vec<Clause>,
}

impl Written {
    /// What some rules change.
    pub(super) fn by<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut written = Self::default();
        for rule in rules {
            written.fields.extend(rule.writes);
            written.sets.extend(rule.fills.iter().cloned());
        }
        written
    }

    /// Whether the answer to a question may change between two rules.
    fn changes(&self, lasting: Lasting) -> bool {
        match lasting {
            Lasting::Always => false,
            Lasting::Never => true,
            Lasting::UnlessWritten(what) => self.fields.contains(&what),
        }
    }
}

impl Compiler<'_> {
    /// Adds the tables of a family.
    pub(super) fn add(&mut self, tables: &Tables) {
        self.occurrences = Occurrences::default();
        for table in tables.all.iter().filter(|table| table.kind.filters) {
            self.table(table, tables.family);
        }
    }

    fn table(&mut self, table: &Table, family: Family) {
        let first = self.program.chains.len();
        for chain in &table.chains {
            let rules = chain.rules.iter().flat_map(|rule| self.rule(rule, (table, first), family)).collect();
            self.program.chains.push(Chain { rules, site: chain.site });
        }
        for (chain, (&(_, point), built_in)) in (first..).zip(table.kind.points.iter().zip(&table.chains)) {
            self.program.bases.push(Base {
                chain,
                point,
                priority: table.kind.priority,
                families: vec![family],
                policy: built_in.policy,
                site: built_in.site,
            });
        }
    }

    /// What a rule of a table does, whose chains have numbers from that one on.
    fn rule(&mut self, rule: &Rule, (table, first): (&Table, usize), family: Family) -> Vec<Step> {
        let act = match &rule.action {
            Action::Nothing => return Vec::new(),
            Action::Log => Act::Log(rule.rate),
            Action::Decide(fate) => Act::Decide(*fate),
            Action::Return => Act::Return,
            Action::Chain { name, goes } => match table.index(name) {
                Some(index) if *goes => Act::Goto(first + index),
                Some(index) => Act::Jump(first + index),
                None => return Vec::new(),
            },
            Action::Ask(text) => {
                let draft = self.draft(rule, family);
                let passes = self.under(&draft, &format!("{text} accepts"), Fate::Accept);
                return vec![passes, draft.does(Act::Decide(Fate::Drop))];
            }
            Action::Take(text) => {
                let draft = self.draft(rule, family);
                return vec![self.under(&draft, &format!("{text} takes the packet"), Fate::Drop)];
            }
            Action::Unknown(text) => {
                let draft = self.draft(rule, family);
                let passes = self.under(&draft, &format!("{text} accepts"), Fate::Accept);
                return vec![passes, self.under(&draft, &format!("{text} drops"), Fate::Drop)];
            }
        };
        vec![self.draft(rule, family).does(act)]
    }

    /// Decides the packets of a rule for which a condition holds that may change.
    fn under(&mut self, draft: &Draft<'_>, condition: &str, fate: Fate) -> Step {
        let number = self.conditions.changing(condition, &mut self.occurrences);
        let holds = Clause::unknown(number, true);
        let when = draft.when.iter().filter_map(|clause| clause.and(&holds)).collect();
        Step { when, act: Act::Decide(fate), site: draft.rule.site }
    }

    fn draft<'r>(&mut self, rule: &'r Rule, family: Family) -> Draft<'r> {
        let whole = vec![Clause::family(family)];
        let tests = rule.tests.iter().try_fold(whole, |clauses, test| self.narrowed(&clauses, test));
        let when = tests.unwrap_or_else(|| {
            // Too many combinations to tell apart: the rule as a whole is a condition.
            let number = self.conditions.changing(&rule.text, &mut self.occurrences);
            Clause::family(family).and(&Clause::unknown(number, true)).into_iter().collect()
        });
        Draft { rule, when }
    }

    /// The packets that pass a test too; none if that is too much to say. Conditions get no numbers for no packets.
    fn narrowed(&mut self, clauses: &[Clause], test: &Test) -> Option<Vec<Clause>> {
        if clauses.is_empty() {
            return Some(Vec::new());
        }
        match test {
            Test::All(tests) => {
                tests.iter().try_fold(clauses.to_vec(), |rest, test| self.narrowed(&rest, test))
            }
            Test::Any(tests) => {
                let each = tests.iter().map(|test| self.narrowed(clauses, test));
                Some(each.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
            }
            Test::Not(test) => {
                let excluded = self.narrowed(&[Clause::every()], test)?;
                all_of(clauses, &none_of(&excluded)?)
            }
            Test::Meets(clause) => Some(clauses.iter().filter_map(|rest| rest.and(clause)).collect()),
            Test::Interface(way, pattern) => {
                let through = match way {
                    Way::From => Clause { incoming: self.interfaces.set(pattern), ..Clause::every() },
                    Way::To => Clause { outgoing: self.interfaces.set(pattern), ..Clause::every() },
                };
                Some(clauses.iter().filter_map(|rest| rest.and(&through)).collect())
            }
            Test::Member(member) => self.member(clauses, member),
            Test::Unknown(unknown) => {
                let condition = self.condition(unknown);
                Some(clauses.iter().filter_map(|rest| rest.and(&condition)).collect())
            }
        }
    }

    /// The packets that are in a set too.
    fn member(&mut self, clauses: &[Clause], member: &Membership) -> Option<Vec<Clause>> {
        let is_filled = self.written.sets.contains(&member.set);
        let known = if is_filled { None } else { self.sets.members(member) };
        let lasting = if is_filled { Lasting::Never } else { Lasting::Always };
        let opaque = Test::Unknown(Unknown { text: member.text.clone(), lasting });
        self.narrowed(clauses, &known.unwrap_or(opaque))
    }

    fn condition(&mut self, unknown: &Unknown) -> Clause {
        let number = if self.written.changes(unknown.lasting) {
            self.conditions.changing(&unknown.text, &mut self.occurrences)
        } else {
            self.conditions.number(&unknown.text)
        };
        Clause::unknown(number, true)
    }
}

impl Draft<'_> {
    fn does(self, act: Act) -> Step {
        Step { when: self.when, act, site: self.rule.site }
    }
}
