//! `table <name> …`.

use super::Parser;
use crate::readback::pf::syntax::{Host, Not, Table};
use crate::readback::pf::{lexer::Token, problem};
use crate::source::Diagnostic;

impl Parser<'_> {
    /// A table with what it begins with. One that is only said to exist is filled by others; two of one name (in
    /// different anchors) are not told apart.
    pub(super) fn table(&mut self) -> Result<(), Diagnostic> {
        self.expect_keyword("table")?;
        self.expect('<')?;
        let name = self.table_name()?;
        let mut table = Table::default();
        let mut has_content = false;
        loop {
            match self.peek()? {
                Token::Text(_) => self.table_option()?,
                Token::Keyword("file") => {
                    self.take()?;
                    self.text("the name of a file")?;
                    table.is_open = true;
                }
                Token::Sign('{') => {
                    self.content(&mut table)?;
                    has_content = true;
                }
                _ => break,
            }
        }
        table.is_open |= !has_content;
        match self.tables.get_mut(&name) {
            Some(known) => known.is_open = true,
            None => drop(self.tables.insert(name, table)),
        }
        Ok(())
    }

    fn table_option(&mut self) -> Result<(), Diagnostic> {
        let option = self.text("an option")?;
        if matches!(option.as_str(), "const" | "persist" | "counters") {
            return Ok(());
        }
        Err(problem(self.last, format!("`{option}` is no option of tables")))
    }

    /// `{ … }`, which may be empty.
    fn content(&mut self, table: &mut Table) -> Result<(), Diagnostic> {
        self.expect('{')?;
        self.newlines()?;
        while !self.sign('}')? {
            self.nested(|parser| parser.member(table))?;
            self.newlines()?;
            if self.sign(',')? && matches!(self.peek()?, Token::Sign('}') | Token::Newline) {
                return self.unexpected("an address");
            }
        }
        Ok(())
    }

    fn member(&mut self, table: &mut Table) -> Result<(), Diagnostic> {
        if *self.peek()? == Token::Sign('{') {
            return self.content(table);
        }
        for Not { negated, item } in self.host()? {
            match item {
                Host::Net(net, None) => table.entries.push(Not { negated, item: net }),
                Host::Net(_, Some(_)) | Host::Named(..) => table.is_open = true,
                Host::Range(..) | Host::Table(_) | Host::Dynamic(..) | Host::Other(_) => {
                    return Err(problem(self.last, "tables hold addresses and networks only"));
                }
            }
        }
        if self.keyword("weight")? {
            self.number("a weight", 65_535)?;
        }
        Ok(())
    }
}
