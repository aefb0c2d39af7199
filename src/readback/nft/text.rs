//! Canonical texts of expressions: the same for what was written, what `nft list` prints, and JSON.

use std::fmt::{Display, Formatter, Result};

use super::syntax::{Bitwise, Comparison, Element, Expr, Match};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Field(field) => f.write_str(field.name()),
            Self::Selector(text) => f.write_str(text),
            Self::Word(word) => word_text(word, f),
            Self::Prefix(address, length) => write!(f, "{address}/{length}"),
            Self::Range(bounds) => joined(bounds.iter(), "-", f),
            Self::Masked(parts) => joined(parts.iter(), " / ", f),
            Self::Binary(operator, operands) => joined(operands.iter(), operator.text(), f),
            Self::Concat(parts) => joined(parts.iter(), " . ", f),
            Self::List(parts) => {
                let mut texts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                texts.sort_unstable();
                joined(texts.iter(), ",", f)
            }
            Self::Set(elements) => set_text(elements, f),
            Self::Named(name) => write!(f, "@{name}"),
            Self::Lookup(parts) => joined(parts.iter(), " map ", f),
        }
    }
}

impl Display for Match {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let comparison = match self.comparison {
            Comparison::Implicit | Comparison::Equal | Comparison::NotEqual => "",
            Comparison::Less => "< ",
            Comparison::AtMost => "<= ",
            Comparison::Greater => "> ",
            Comparison::AtLeast => ">= ",
            Comparison::Without => "! ",
        };
        write!(f, "{} {comparison}{}", self.left, self.right)
    }
}

impl Bitwise {
    const fn text(self) -> &'static str {
        match self {
            Self::And => " & ",
            Self::Or => " | ",
            Self::Xor => " ^ ",
            Self::Left => " << ",
            Self::Right => " >> ",
        }
    }
}

fn joined<T: Display>(parts: impl Iterator<Item = T>, between: &str, f: &mut Formatter<'_>) -> Result {
    for (place, part) in parts.enumerate() {
        let before = if place == 0 { "" } else { between };
        write!(f, "{before}{part}")?;
    }
    Ok(())
}

/// Numbers in decimal, however they were written.
fn word_text(word: &str, f: &mut Formatter<'_>) -> Result {
    let hexadecimal = word.strip_prefix("0x").and_then(|digits| u128::from_str_radix(digits, 16).ok());
    match hexadecimal {
        Some(number) => write!(f, "{number}"),
        None => f.write_str(word),
    }
}

/// The elements in an order of their own, a few of them.
fn set_text(elements: &[Element], f: &mut Formatter<'_>) -> Result {
    const MOST: usize = 64;
    let mut texts: Vec<String> = elements.iter().map(|element| element.key.to_string()).collect();
    texts.sort_unstable();
    let more = texts.len().saturating_sub(MOST);
    f.write_str("{ ")?;
    joined(texts.iter().take(MOST), ", ", f)?;
    if more > 0 {
        write!(f, " and {more} more")?;
    }
    f.write_str(" }")
}
