//! What rules do: statement by statement, with what is left of the packets.

use super::clauses::of_family;
use super::compile::{Chains, Waiting};
use super::fields::icmp_code;
use super::matches::Matcher;
use super::syntax::{Destination, Expr, Limit, Match, Reject, Rule, Statement, Verdict};
use super::values::{Names, Unknown};
use crate::packet::{Family, IntervalSet, TCP, transports};
use crate::readback::Fate;
use crate::readback::clause::{Clause, all_of};
use crate::readback::program::{self, Act};
use crate::source::{Diagnostic, Site};

/// Turns rules into those of a program.
pub(super) struct Rules<'r, 'm> {
    /// Turns matches into conditions.
    pub(super) matcher: Matcher<'m>,
    /// The chains that packets come to.
    pub(super) chains: Chains<'r>,
}

/// A rule on the way through its statements.
struct Progress<'r> {
    /// The packets that have come this far.
    when: Vec<Clause>,
    /// The last limit, as long as nothing but logs stand behind it.
    limit: Option<&'r Limit>,
    /// Whether the rule ends here.
    is_over: bool,
    done: Vec<program::Rule>,
    site: Site,
}

type Done = Result<(), Box<Diagnostic>>;

impl<'r> Rules<'r, '_> {
    /// The rules of a chain.
    pub(super) fn compile(
        &mut self,
        chain: Waiting<'r>,
        names: Names<'r>,
    ) -> Result<Vec<program::Rule>, Box<Diagnostic>> {
        let mut all = Vec::with_capacity(chain.rules.len());
        for rule in chain.rules {
            all.append(&mut self.rule(names, rule)?);
        }
        Ok(all)
    }

    fn rule(&mut self, names: Names<'r>, rule: &'r Rule) -> Result<Vec<program::Rule>, Box<Diagnostic>> {
        let when = vec![self.matcher.every.clone()];
        let mut progress = Progress { when, limit: None, is_over: false, done: Vec::new(), site: rule.site };
        for statement in &rule.statements {
            self.statement(names, statement, &mut progress)?;
            if progress.is_over || progress.when.is_empty() {
                break;
            }
        }
        Ok(progress.done)
    }

    fn statement(&mut self, names: Names<'r>, statement: &'r Statement, progress: &mut Progress<'r>) -> Done {
        match statement {
            Statement::Match(written) => {
                known_sets(names, &written.right, progress.site)?;
                self.narrow(names, written, progress);
            }
            Statement::Log => self.log(progress),
            Statement::Limit(limit) => {
                self.settle(progress);
                progress.limit = Some(limit);
            }
            Statement::Sometimes(text) => self.only(progress, text, Unknown::Changing),
            Statement::Foreign(text) => self.only(progress, text, Unknown::Always),
            Statement::Touches(key) => self.only_with(progress, key),
            Statement::Remember(memory) => {
                self.only_with(progress, &memory.key);
                memory.doubt.iter().for_each(|text| self.only(progress, text, Unknown::Changing));
            }
            Statement::Anything(text) => self.anything(progress, text),
            Statement::Translate => self.end(progress, Act::Decide(Fate::Accept)),
            Statement::Reject(reject) => self.reject(names, progress, reject),
            Statement::Verdict(verdict) => {
                self.settle(progress);
                self.verdict(names, progress, verdict)?;
                progress.is_over = true;
            }
            Statement::Dispatch(left, map) => {
                known_sets(names, map, progress.site)?;
                self.dispatch(names, progress, (left, map))?;
            }
        }
        Ok(())
    }

    fn narrow(&mut self, names: Names<'_>, written: &Match, progress: &mut Progress<'_>) {
        let met = self.matcher.matched(&progress.when, names, written);
        progress.when = self.matcher.both(&progress.when, &met, written);
    }

    /// Only packets for which a condition holds go on.
    fn only(&mut self, progress: &mut Progress<'_>, text: &str, why: Unknown) {
        let unknown = self.matcher.unknown(text, why, true);
        progress.when.retain_mut(|clause| clause.and(&unknown).map(|both| *clause = both).is_some());
    }

    /// Only packets that have something go on.
    fn only_with(&mut self, progress: &mut Progress<'_>, key: &Expr) {
        let having = self.matcher.needs(key);
        if let Some(both) = all_of(&progress.when, &having) {
            progress.when = both;
        }
    }

    /// A limit that decides more than how often something is logged becomes a condition.
    fn settle(&mut self, progress: &mut Progress<'_>) {
        if let Some(limit) = progress.limit.take() {
            self.only(progress, &limit.text, Unknown::Changing);
        }
    }

    fn log(&mut self, progress: &mut Progress<'_>) {
        let rate = progress.limit.and_then(|limit| limit.rate);
        if rate.is_none() {
            self.settle(progress);
        }
        progress.push(Act::Log(rate));
    }

    fn end(&mut self, progress: &mut Progress<'_>, act: Act) {
        self.settle(progress);
        progress.push(act);
        progress.is_over = true;
    }

    /// Packets may be accepted, or dropped, or go on.
    fn anything(&mut self, progress: &mut Progress<'_>, text: &str) {
        self.settle(progress);
        for (fate, does) in [(Fate::Accept, "accepts"), (Fate::Drop, "drops")] {
            let rest = progress.when.clone();
            self.only(progress, &format!("`{text}` {does}"), Unknown::Changing);
            progress.push(Act::Decide(fate));
            progress.when = rest;
        }
    }

    fn verdict(&mut self, names: Names<'r>, progress: &mut Progress<'r>, verdict: &'r Verdict) -> Done {
        let act = match verdict {
            Verdict::Accept => Act::Decide(Fate::Accept),
            Verdict::Drop => Act::Decide(Fate::Drop),
            Verdict::Return => Act::Return,
            Verdict::Continue => return Ok(()),
            Verdict::Jump(to) => Act::Jump(self.chain(names, to, progress.site)?),
            Verdict::Goto(to) => Act::Goto(self.chain(names, to, progress.site)?),
            Verdict::Queue(text) => {
                let all = progress.when.clone();
                self.only(progress, &format!("the program behind `{text}` accepts"), Unknown::Changing);
                progress.push(Act::Decide(Fate::Accept));
                progress.when = all;
                Act::Decide(Fate::Drop)
            }
        };
        progress.push(act);
        Ok(())
    }

    fn chain(&mut self, names: Names<'r>, to: &'r Destination, site: Site) -> Result<usize, Box<Diagnostic>> {
        match to {
            Destination::Inline(rules) => Ok(self.chains.add(Waiting { table: names.number, rules, site })),
            Destination::Chain(name) => {
                self.chains.named(names.number, names.table, name).ok_or_else(|| missing("chain", name, site))
            }
        }
    }

    fn dispatch(
        &mut self,
        names: Names<'r>,
        progress: &mut Progress<'r>,
        (left, map): (&Expr, &'r Expr),
    ) -> Done {
        self.settle(progress);
        let all = progress.when.clone();
        for (met, verdict) in self.matcher.dispatch(&all, names, (left, map)) {
            progress.when = self.matcher.both(&all, &met, &format_args!("{left} vmap {map}"));
            self.verdict(names, progress, verdict)?;
        }
        progress.is_over = true;
        Ok(())
    }

    fn reject(&mut self, names: Names<'_>, progress: &mut Progress<'_>, reject: &Reject) {
        self.settle(progress);
        let all = progress.when.clone();
        for (part, fate) in self.refusals(names, reject) {
            progress.when = all.iter().filter_map(|clause| clause.and(&part)).collect();
            progress.push(Act::Decide(fate));
        }
        progress.is_over = true;
    }

    /// Which packets are refused, and how (nft(8), reject statement).
    fn refusals(&self, names: Names<'_>, reject: &Reject) -> Vec<(Clause, Fate)> {
        let every = &self.matcher.every;
        let (kind, code) = match reject {
            Reject::TcpReset => {
                let transport = transports(TCP, &IntervalSet::full());
                return vec![(Clause { transport, ..every.clone() }, Fate::Reset)];
            }
            Reject::Plain => ("icmpx", "port-unreachable"),
            Reject::Icmp(kind, code) => (&**kind, &**code),
        };
        let families = names.table.families().iter().copied();
        let meant = families.filter(|family| match family {
            Family::V4 => kind != "icmpv6",
            Family::V6 => kind != "icmp",
        });
        meant.map(|family| (of_family(every.clone(), family), refusal(family, kind, code))).collect()
    }
}

/// The ICMP error of a family.
fn refusal(family: Family, kind: &str, name: &str) -> Fate {
    let code = if kind == "icmpx" { icmpx_code(family, name) } else { icmp_code(family, name) };
    let code = code.or_else(|| name.parse().ok()).unwrap_or_default();
    Fate::Refuse { kind: if family == Family::V4 { 3 } else { 1 }, code }
}

/// What the codes that stand for both families become (`nf_reject` in `net/netfilter/nft_reject.c`).
fn icmpx_code(family: Family, name: &str) -> Option<u8> {
    let [v4, v6] = match name {
        "no-route" | "0" => [0, 0],
        "port-unreachable" | "1" => [3, 4],
        "host-unreachable" | "2" => [1, 3],
        "admin-prohibited" | "3" => [13, 1],
        _ => return None,
    };
    Some(if family == Family::V4 { v4 } else { v6 })
}

/// Whether the sets of an expression are there.
fn known_sets(names: Names<'_>, expr: &Expr, site: Site) -> Done {
    match expr {
        Expr::Named(name) if names.table.sets.get(name).is_none() => Err(missing("set", name, site)),
        _ => Ok(()),
    }
}

fn missing(what: &str, name: &str, site: Site) -> Box<Diagnostic> {
    let title = format!("there is no {what} `{name}` in this table");
    Box::new(Diagnostic::error("nft-unknown-name", site, title))
}

impl Progress<'_> {
    fn push(&mut self, act: Act) {
        if !self.when.is_empty() {
            self.done.push(program::Rule { when: self.when.clone(), act, site: self.site });
        }
    }
}
