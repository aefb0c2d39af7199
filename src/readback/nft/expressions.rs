//! Expressions: what is looked at, and what it is compared with.

use super::parser::{Parsed, Parser};
use super::syntax::{Bitwise, Destination, Element, Expr, Verdict};

/// How tightly operators bind, loosest first (`parser_bison.y` of nftables).
const OPERATORS: [&[(&str, Bitwise)]; 3] = [
    &[("|", Bitwise::Or), ("or", Bitwise::Or), ("^", Bitwise::Xor), ("xor", Bitwise::Xor)],
    &[("&", Bitwise::And), ("and", Bitwise::And)],
    &[("<<", Bitwise::Left), ("lshift", Bitwise::Left), (">>", Bitwise::Right), ("rshift", Bitwise::Right)],
];

/// The most operators of one kind in a row.
pub(super) const MOST_OPERANDS: usize = 32;

/// Whether selectors may stand in an expression, or the same words are values: `tcp` is a header on the left of a match and
/// a protocol on the right.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

impl Parser<'_, '_, '_> {
    /// What a match looks at: selectors, combined or side by side.
    pub(super) fn left(&mut self) -> Parsed<Expr> {
        self.concat(Side::Left)
    }

    /// What a match compares with.
    pub(super) fn value(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            let value = parser.list(Side::Right)?;
            if !parser.eat("/") {
                return Ok(value);
            }
            let mask = parser.list(Side::Right)?;
            Ok(Expr::Masked(Box::new([value, mask])))
        })
    }

    /// What is written into a field: values, or data of the packet.
    pub(super) fn written(&mut self) -> Parsed<Expr> {
        let value = self.nested(|parser| parser.list(Side::Left))?;
        self.lookup(value)
    }

    /// A key that may be looked up in a map.
    fn lookup(&mut self, key: Expr) -> Parsed<Expr> {
        if !self.eat("map") {
            return Ok(key);
        }
        let map = self.value()?;
        Ok(Expr::Lookup(Box::new([key, map])))
    }

    fn list(&mut self, side: Side) -> Parsed<Expr> {
        let first = self.concat(side)?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.eat(",") {
            all.push(self.concat(side)?);
        }
        Ok(Expr::List(all))
    }

    fn concat(&mut self, side: Side) -> Parsed<Expr> {
        let first = self.range(side)?;
        if !self.is(".") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.eat(".") {
            all.push(self.range(side)?);
        }
        Ok(Expr::Concat(all))
    }

    fn range(&mut self, side: Side) -> Parsed<Expr> {
        let first = self.bits(side, 0)?;
        if !self.eat("-") {
            return Ok(first);
        }
        let last = self.bits(side, 0)?;
        Ok(Expr::Range(Box::new([first, last])))
    }

    fn bits(&mut self, side: Side, level: usize) -> Parsed<Expr> {
        let Some(operators) = OPERATORS.get(level) else { return self.operand(side) };
        let mut left = self.bits(side, level + 1)?;
        for _ in 0..MOST_OPERANDS {
            let next = self.ahead(0);
            let Some(&(_, operator)) = operators.iter().find(|(text, _)| *text == next) else {
                return Ok(left);
            };
            self.bump();
            let right = self.bits(side, level + 1)?;
            left = Expr::Binary(operator, Box::new([left, right]));
        }
        Err(self.unexpected("fewer operands"))
    }

    fn operand(&mut self, side: Side) -> Parsed<Expr> {
        match self.ahead(0) {
            "(" => self.nested(|parser| {
                parser.bump();
                let inner = parser.list(side)?;
                parser.expect(")")?;
                Ok(inner)
            }),
            "{" => self.nested(Self::set),
            "$" => {
                self.bump();
                self.variable()
            }
            "@" if self.is_raw_payload() => self.raw_payload(),
            "@" => {
                self.bump();
                Ok(Expr::Named(self.name("the name of a set")?.into()))
            }
            "*" => {
                self.bump();
                Ok(Expr::word("*"))
            }
            "-" => {
                self.bump();
                let number: i64 = self.number("a number")?;
                Ok(Expr::word(&format!("-{number}")))
            }
            _ if side == Side::Left && self.is_selector() => self.selector(),
            _ => self.atom(),
        }
    }

    /// A name, number, address or prefix.
    fn atom(&mut self) -> Parsed<Expr> {
        let word = Expr::word(self.name("a value")?);
        let length = self.ahead(1).parse().ok().filter(|_| self.is("/"));
        let Some(length) = length else { return Ok(word) };
        self.bump();
        self.bump();
        Ok(Expr::Prefix(Box::new(word), length))
    }

    /// An anonymous set or map.
    pub(super) fn set(&mut self) -> Parsed<Expr> {
        let mut elements = Vec::new();
        self.elements(&mut |element, _| elements.push(element))?;
        Ok(Expr::Set(elements.into()))
    }

    /// Elements in braces, and for each whether it has conditions of its own, such as a limit.
    pub(super) fn elements(&mut self, take: &mut dyn FnMut(Element, bool)) -> Parsed<()> {
        self.expect("{")?;
        self.lines();
        while !self.eat("}") {
            let (element, is_conditional) = self.element()?;
            take(element, is_conditional);
            self.lines();
            if !self.eat(",") && !self.is("}") {
                return Err(self.unexpected("`,` or `}`"));
            }
            self.lines();
        }
        Ok(())
    }

    fn element(&mut self) -> Parsed<(Element, bool)> {
        let key = self.concat(Side::Right)?;
        let mut conditions = self.conditions_of_element()?;
        self.lines();
        let mut verdict = None;
        if self.eat(":") {
            self.lines();
            verdict = self.verdict()?;
            if verdict.is_none() {
                self.concat(Side::Right)?;
            }
            conditions.append(&mut self.conditions_of_element()?);
        }
        Ok((Element { key, verdict }, !conditions.is_empty()))
    }

    /// A verdict, if one comes next.
    pub(super) fn verdict(&mut self) -> Parsed<Option<Verdict>> {
        let word = self.word();
        let plain = match word {
            "accept" => Verdict::Accept,
            "drop" => Verdict::Drop,
            "continue" => Verdict::Continue,
            "return" => Verdict::Return,
            "jump" | "goto" => {
                self.bump();
                let to = self.destination()?;
                return Ok(Some(if word == "jump" { Verdict::Jump(to) } else { Verdict::Goto(to) }));
            }
            _ => return Ok(None),
        };
        self.bump();
        Ok(Some(plain))
    }

    fn destination(&mut self) -> Parsed<Destination> {
        if self.is("{") {
            return Ok(Destination::Inline(self.scoped(Self::inline_rules)?.into()));
        }
        if !self.eat("$") {
            return Ok(Destination::Chain(self.name("the name of a chain")?.into()));
        }
        let Expr::Word(name) = self.variable()? else {
            return Err(self.unexpected("a variable with the name of a chain"));
        };
        Ok(Destination::Chain(name))
    }
}
