//! The text of `iptables-save`, and what people write for `iptables-restore`.

use std::ops::Range;

use super::given::Fault;
use super::rule::{self, Source};
use super::table::{Kind, Table};
use super::words::{Word, lines, words};
use crate::packet::Family;
use crate::readback::{Fate, Remark};
use crate::source::{Diagnostic, FileId, Site};

/// The tables of one family.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    /// The family.
    pub(super) family: Family,
    /// Each once, in the order of the text.
    pub(super) all: Vec<Table>,
    /// What was passed over.
    pub(super) remarks: Vec<Remark>,
    /// The first bytes of the text.
    pub(super) site: Site,
}

/// The longest line that `iptables-restore` reads in one (`iptables-restore.c`): it takes what is left for another line.
const LONGEST_LINE: usize = 10_239;

/// The most problems that are told of one text.
const MOST_PROBLEMS: usize = 20;

/// The code of what is wrong with a text.
const SYNTAX: &str = "iptables-syntax";

/// Reads the tables of a family.
pub(super) fn read(family: Family, file: FileId, text: &str) -> Result<Tables, Vec<Diagnostic>> {
    let site = Site::bytes(file, 0..text.find('\n').unwrap_or(text.len()));
    let tables = Tables { family, all: Vec::new(), remarks: Vec::new(), site };
    let mut reader = Reader { file, tables, open: None };
    let mut problems = Vec::new();
    for (start, line) in lines(text) {
        let read = reader.line(start, line);
        problems.extend(read.err().map(|fault| reader.problem(fault)));
        if problems.len() >= MOST_PROBLEMS {
            return Err(problems);
        }
    }
    problems.extend(reader.open.take().map(|table| {
        Diagnostic::error(SYNTAX, table.site, format!("table `{}` has no `COMMIT`", table.kind.name))
            .note("`iptables-restore` loads a table at its `COMMIT`, and nothing without it")
    }));
    if problems.is_empty() { Ok(reader.tables) } else { Err(problems) }
}

/// Reads lines one by one.
struct Reader {
    file: FileId,
    tables: Tables,
    /// The table between `*` and `COMMIT`.
    open: Option<Table>,
}

/// A command at the beginning of a line in a table.
enum Command {
    Append,
    Insert,
    New,
    Flush,
    Delete,
    Policy,
    Zero,
}

impl Reader {
    fn problem(&self, fault: Fault) -> Diagnostic {
        Diagnostic::error(SYNTAX, Site::bytes(self.file, fault.span), fault.title)
    }

    fn line(&mut self, start: usize, line: &str) -> Result<(), Fault> {
        let span = start..start + line.len();
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.len() > LONGEST_LINE {
            let title = format!("`iptables-restore` cuts lines after {LONGEST_LINE} bytes");
            return Err(Fault::new(&span, title));
        }
        if let Some(name) = line.strip_prefix('*') {
            return self.begin(name.trim(), &span);
        }
        let Some(table) = &mut self.open else {
            return Err(Fault::new(&span, "this line stands outside of any table"));
        };
        if line.trim_end() == "COMMIT" {
            self.tables.all.extend(self.open.take());
            return Ok(());
        }
        let site = Site::bytes(self.file, span);
        match line.strip_prefix(':') {
            Some(declaration) => declare(table, declaration, start + 1, site),
            None => command(table, self.tables.family, &Line { start, text: line, site }),
        }
    }

    /// Opens a table. `iptables-restore` empties one that it has filled before.
    fn begin(&mut self, name: &str, span: &Range<usize>) -> Result<(), Fault> {
        let site = Site::bytes(self.file, span.clone());
        if let Some(open) = &self.open {
            return Err(Fault::new(span, format!("table `{}` has no `COMMIT` before this", open.kind.name)));
        }
        let kind = Kind::of(name).ok_or_else(|| Fault::new(span, format!("`{name}` is no table")))?;
        if self.tables.all.iter().any(|table| table.kind == kind) {
            self.tables.all.retain(|table| table.kind != kind);
            let text = format!("this table `{name}` replaces the one above");
            self.tables.remarks.push(Remark { site, text });
        }
        self.open = Some(Table::new(kind, site));
        Ok(())
    }
}

/// A line in a table.
struct Line<'t> {
    start: usize,
    text: &'t str,
    site: Site,
}

/// `:CHAIN POLICY [packets:bytes]`.
fn declare(table: &mut Table, declaration: &str, start: usize, site: Site) -> Result<(), Fault> {
    let words = split(declaration, start)?;
    let [name, policy, ..] = words.as_slice() else {
        let span = start..start + declaration.len();
        return Err(Fault::new(&span, "a chain is declared as `:CHAIN POLICY`"));
    };
    let is_built_in = table.kind.has(&name.text);
    let policy = self::policy(policy, is_built_in)?;
    if !is_built_in && table.index(&name.text).is_some() {
        return Err(Fault::new(&name.span, format!("chain `{}` is declared twice", name.text)));
    }
    table.declare(&name.text, policy, site);
    Ok(())
}

/// The policy of a built-in chain. Other chains have none, and `-` leaves it as it is, which is to accept.
fn policy(word: &Word, is_built_in: bool) -> Result<Fate, Fault> {
    match word.text.as_str() {
        "ACCEPT" if is_built_in => Ok(Fate::Accept),
        "DROP" if is_built_in => Ok(Fate::Drop),
        "-" => Ok(Fate::Accept),
        other => Err(Fault::new(&word.span, format!("`{other}` is no policy of such a chain"))),
    }
}

/// A line that begins with a command such as `-A`, after its counters if it has some.
fn command(table: &mut Table, family: Family, line: &Line<'_>) -> Result<(), Fault> {
    let (start, text) = without_counters(line);
    let words = split(text, start)?;
    let [command, rest @ ..] = words.as_slice() else { return Ok(()) };
    let Some(kind) = kind(&command.text) else {
        return Err(Fault::new(&command.span, format!("`{}` is no command that is read here", command.text)));
    };
    let Some((name, words)) = rest.split_first() else {
        return match kind {
            Command::Zero | Command::Delete => Ok(()),
            _ => Err(Fault::new(&command.span, format!("`{}` names no chain", command.text))),
        };
    };
    match kind {
        Command::Append | Command::Insert => add(table, family, &kind, (name, words), line),
        Command::New if table.index(&name.text).is_some() => {
            Err(Fault::new(&name.span, format!("chain `{}` is declared twice", name.text)))
        }
        Command::New => {
            table.declare(&name.text, Fate::Accept, line.site);
            Ok(())
        }
        Command::Flush => chain(table, name).map(|chain| chain.rules.clear()),
        Command::Policy => {
            let is_built_in = table.kind.has(&name.text);
            let word = words.first().unwrap_or(name);
            let policy = policy(word, is_built_in)?;
            chain(table, name).map(|chain| chain.policy = policy)
        }
        Command::Zero | Command::Delete => Ok(()),
    }
}

fn kind(command: &str) -> Option<Command> {
    Some(match command {
        "-A" | "--append" => Command::Append,
        "-I" | "--insert" => Command::Insert,
        "-N" | "--new-chain" => Command::New,
        "-F" | "--flush" => Command::Flush,
        "-X" | "--delete-chain" => Command::Delete,
        "-P" | "--policy" => Command::Policy,
        "-Z" | "--zero" => Command::Zero,
        _ => return None,
    })
}

/// Adds a rule at the end of a chain, or before the one with a number.
fn add(
    table: &mut Table,
    family: Family,
    kind: &Command,
    (name, words): (&Word, &[Word]),
    line: &Line<'_>,
) -> Result<(), Fault> {
    chain(table, name)?;
    let numbered = words.split_first().and_then(|(first, rest)| Some((first.text.parse().ok()?, rest)));
    let (place, words) = match (kind, numbered) {
        (Command::Insert, Some((place, words))) => (Some(place), words),
        (Command::Insert, None) => (Some(1), words),
        _ => (None, words),
    };
    let source = Source { words, text: line.text, site: line.site };
    let Some(rule) = rule::read(&source, family, |name| table.is_target(name))? else { return Ok(()) };
    let rules = &mut chain(table, name)?.rules;
    let before = place.map_or(rules.len(), |place: usize| place.saturating_sub(1));
    if before > rules.len() {
        return Err(Fault::new(&name.span, format!("chain `{}` has not so many rules", name.text)));
    }
    rules.insert(before, rule);
    Ok(())
}

fn chain<'t>(table: &'t mut Table, name: &Word) -> Result<&'t mut super::table::Chain, Fault> {
    let missing = || Fault::new(&name.span, format!("chain `{}` is not declared", name.text));
    table.chain(&name.text).ok_or_else(missing)
}

/// The line without the counters that `iptables-save -c` writes in front of rules, and where that starts.
fn without_counters<'t>(line: &Line<'t>) -> (usize, &'t str) {
    let rest =
        line.text.strip_prefix('[').and_then(|counters| counters.split_once(']')).map(|(_, rest)| rest);
    rest.map_or((line.start, line.text), |rest| (line.start + line.text.len() - rest.len(), rest))
}

fn split(text: &str, start: usize) -> Result<Vec<Word>, Fault> {
    words(text, start).map_err(|span| Fault::new(&span, "this quote is never closed"))
}
