//! Decimal numbers in the one spelling that every tool reads alike.

use super::fault::Fault;
use crate::source::quoted;

/// A decimal number: digits only, no sign, no leading zero.
///
/// # Errors
/// Says what is wrong with the spelling; none if the text is no number at all or beyond 32 bits.
pub(super) fn decimal(text: &str) -> Result<u32, Option<Fault>> {
    let digits = text.trim_start_matches(['+', '-']);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(None);
    }
    if digits.len() < text.len() {
        let fault = Fault::new("not-a-number", format!("{} has a sign", quoted(text)));
        return Err(Some(fault.help("write digits only")));
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(Some(leading_zero(text, digits.trim_start_matches('0'))));
    }
    digits.parse().map_err(|_| None)
}

fn leading_zero(text: &str, plain: &str) -> Fault {
    let plain = if plain.is_empty() { "0" } else { plain };
    Fault::new("leading-zero", format!("{} has a leading zero", quoted(text)))
        .note("some tools read such a number as octal")
        .help(format!("did you mean `{plain}`?"))
}
