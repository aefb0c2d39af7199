//! The files that a ruleset includes: such that live in its project, as those of a policy do.

use std::path::Path;

use crate::source::{self, Astray, FileId, Files as _, Place, Project, SourceFile, Sources};

/// The files that a path or a pattern stands for, in order, relative to the ruleset. A pattern may stand for none.
pub(super) fn files(
    project: &Project,
    from: &Place,
    path: &str,
    sources: &mut Sources,
) -> Result<Vec<FileId>, String> {
    let directory = from.real.parent().unwrap_or(Path::new("/"));
    let path = Path::new(path).strip_prefix(directory).unwrap_or(Path::new(path));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let names = match name.split_once('*') {
        None => vec![name.to_owned()],
        Some(around) => matching(&directory.join(path.parent().unwrap_or(Path::new(""))), around)?,
    };
    let beside = |name: &String| path.with_file_name(name);
    names.iter().map(|name| file(project, from, &beside(name), sources)).collect()
}

/// The names in a directory that begin and end so.
fn matching(directory: &Path, (first, last): (&str, &str)) -> Result<Vec<String>, String> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => return Err(source::reason(&error)),
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let fits = |name: &String| {
        name.len() >= first.len() + last.len() && name.starts_with(first) && name.ends_with(last)
    };
    let mut names: Vec<String> = names.filter(fits).collect();
    names.sort();
    Ok(names)
}

fn file(project: &Project, from: &Place, path: &Path, sources: &mut Sources) -> Result<FileId, String> {
    let place = project.resolve(from, &path.to_string_lossy()).map_err(|error| match error {
        Astray::Escapes => "it is outside the project".to_owned(),
        Astray::Io(error) => source::reason(&error),
    })?;
    let bytes = project.read(&place).map_err(|error| error.to_string())?;
    let (text, _) = source::decode(bytes);
    Ok(sources.add(SourceFile::new(place.shown, text, None)))
}
