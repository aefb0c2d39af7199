//! Files that stand beside policies: profiles, baseline files, the settings of a project.

use super::reader::{Reader, Value};
use crate::source::{Diagnostic, FileId, SourceFile, Sources, decode};

/// Reads a file from bytes, as if they stood in a file of that name.
///
/// # Errors
/// What is wrong with it, each problem at its place.
pub(super) fn beside<T>(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut Sources,
    read: impl for<'t> FnOnce(&mut Reader<'t>, Value<'t>, FileId) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let (text, unreadable) = decode(bytes);
    let (file, mut problems) = sources.add_yaml(SourceFile::new(name.to_owned(), text, None));
    if let Some(unreadable) = unreadable {
        return Err(vec![unreadable.diagnostic(file)]);
    }
    let Some(tree) = sources.file(file).and_then(SourceFile::tree) else {
        return Err(problems);
    };
    let mut reader = Reader::new(file, tree);
    let understood = reader.root().and_then(|root| read(&mut reader, root, file));
    problems.extend(reader.into_problems());
    understood.filter(|_| problems.is_empty()).ok_or(problems)
}
