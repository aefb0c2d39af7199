//! The layout of YAML: the same document and the same comments, laid out as everybody does.
//!
//! Works on the bytes between what the tree holds, and proves afterwards that the tree is the same: a layout never changes
//! what a file means.

mod columns;
mod gaps;
mod meaning;
mod pages;
#[cfg(test)]
mod tests;

use crate::source::{Diagnostic, SourceFile, Sources};

/// Why a text is left as it is.
#[derive(Debug)]
pub enum Refusal {
    /// It cannot be read, or not all of it can.
    Broken(Sources, Vec<Diagnostic>),
    /// Laid out it would mean something else: our bug.
    Meaning,
}

/// A text laid out; what messages call it is for those about a broken one.
///
/// # Errors
/// A text that is no YAML of ours, and our own bugs.
pub fn format(name: &str, text: &str) -> Result<String, Refusal> {
    let mut sources = Sources::default();
    let (file, problems) = sources.add_yaml(SourceFile::new(name.to_owned(), text.to_owned(), None));
    let Some(tree) = sources.file(file).and_then(SourceFile::tree).filter(|_| problems.is_empty()) else {
        return Err(Refusal::Broken(sources, problems));
    };
    let laid_out = pages::write(text, tree);
    if meaning::is_same(text, &laid_out) { Ok(laid_out) } else { Err(Refusal::Meaning) }
}
