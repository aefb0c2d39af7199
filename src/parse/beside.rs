//! Files that stand beside policies: profiles, baseline files, the settings of a project.

use super::reader::{Fields, Reader};
use crate::source::{Diagnostic, SourceFile, Sources, decode};

/// What a file is, and the keys it may have; `version` is one of them.
pub(super) type Shape = (&'static str, &'static [&'static str]);

/// Reads a file from bytes, as if they stood in a file of that name.
///
/// # Errors
/// What is wrong with it, each problem at its place.
pub(super) fn beside<T>(
    name: &str,
    bytes: Vec<u8>,
    sources: &mut Sources,
    (what, keys): Shape,
    read: impl for<'t> FnOnce(&mut Reader<'t>, &Fields<'t>) -> Option<T>,
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
    let fields = reader.root().and_then(|root| reader.fields(root, what, keys));
    let understood = fields.and_then(|fields| {
        if let Some(version) = reader.required(&fields, "version", "begin the file with `version: 1`") {
            reader.version(version);
        }
        read(&mut reader, &fields)
    });
    problems.extend(reader.into_problems());
    understood.filter(|_| problems.is_empty()).ok_or(problems)
}
