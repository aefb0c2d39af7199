//! Files of addresses: one address, prefix or range on each line, `#` begins a comment.

use super::AddressTerm;
use super::address::literal;
use crate::source::{Diagnostic, FileId, Problems, Site, Spanned};

/// The addresses of a file's lines and what was wrong with the others.
pub(super) fn addresses(file: FileId, text: &str) -> (Vec<Spanned<AddressTerm>>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let mut addresses = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.split('#').next().unwrap_or_default();
        let word = written.trim();
        if !word.is_empty() {
            let at = start + written.len() - written.trim_start().len();
            let site = Site::bytes(file, at..at + word.len());
            match literal(word) {
                Ok(value) => addresses.push(Spanned { value, site }),
                Err(fault) => problems.push(fault.at(site)),
            }
        }
        start += line.len();
    }
    (addresses, problems.into_vec())
}
