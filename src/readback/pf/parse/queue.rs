//! Queues, which decide nothing.

use super::Parser;
use crate::readback::pf::{lexer::Token, problem};
use crate::source::Diagnostic;

impl Parser<'_> {
    /// `queue …` or `altq …`.
    pub(super) fn queue(&mut self) -> Result<(), Diagnostic> {
        if self.is_freebsd() {
            return self.rest_with_braces();
        }
        self.expect_keyword("queue")?;
        let name = self.text("the name of a queue")?;
        let is_root = !self.on()?.is_empty();
        let (mut has_parent, mut has_size) = (false, false);
        while let Token::Keyword(word) = *self.peek()? {
            match word {
                "bandwidth" => {
                    self.bandwidth()?;
                    has_size = true;
                }
                "parent" => {
                    self.take()?;
                    self.queue_name()?;
                    has_parent = true;
                }
                "default" => drop(self.take()?),
                "qlimit" | "quantum" => {
                    self.take()?;
                    self.number("a number", 65_535)?;
                }
                "flows" => {
                    self.take()?;
                    self.number("a number of flows", 32_767)?;
                    has_size = true;
                }
                _ => break,
            }
        }
        if !(is_root || has_parent) || !has_size {
            return Err(problem(
                self.last,
                "a queue needs an interface or a parent, and a bandwidth or flows",
            ));
        }
        self.queues.insert(name);
        Ok(())
    }

    /// `bandwidth 10M burst 20M for 100ms, min 5M, max 20M`.
    fn bandwidth(&mut self) -> Result<(), Diagnostic> {
        self.take()?;
        self.rate()?;
        loop {
            let comma = self.sign(',')?;
            if self.keyword("min")? || self.keyword("max")? {
                self.rate()?;
            } else if comma {
                return self.unexpected("`min` or `max`");
            } else {
                return Ok(());
            }
        }
    }

    fn rate(&mut self) -> Result<(), Diagnostic> {
        self.amount()?;
        if self.keyword("burst")? {
            self.amount()?;
            self.expect_keyword("for")?;
            let time = self.text("a time")?;
            if !time.ends_with("ms") {
                return Err(problem(self.last, "a time in milliseconds should be here"));
            }
        }
        Ok(())
    }

    fn amount(&mut self) -> Result<(), Diagnostic> {
        if let Token::Number(_) = self.peek()? {
            return self.number("a bandwidth", i64::MAX).map(drop);
        }
        let text = self.text("a bandwidth")?;
        let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = text.strip_prefix(number).unwrap_or_default();
        let bare = ["Bit", "bit", "B", "b"].iter().find_map(|end| unit.strip_suffix(end)).unwrap_or(unit);
        if number.parse::<f64>().is_ok() && matches!(bare, "" | "K" | "M" | "G") {
            return Ok(());
        }
        Err(problem(self.last, format!("`{text}` is no bandwidth")))
    }

    /// The rest of a line; lines may end inside braces.
    fn rest_with_braces(&mut self) -> Result<(), Diagnostic> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                Token::End => return Ok(()),
                Token::Newline if open == 0 => return Ok(()),
                Token::Sign('{') => open += 1,
                Token::Sign('}') => open = open.saturating_sub(1),
                _ => {}
            }
            self.take()?;
        }
    }
}
