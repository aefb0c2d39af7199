//! How rulesets differ from the files that are there.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use similar::TextDiff;

use super::output::Files;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Terminal, printable};
use crate::model::unprintable;
use crate::source::reason;

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// Shows what writing would change. The answer is yes if nothing.
///
/// # Errors
/// A file that is there and cannot be read, or a standard output that takes no more.
pub(super) fn compare(directory: &Path, files: &Files, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Yes;
    for (name, text) in files {
        let path = directory.join(name);
        let old = old(&path)?;
        if old.as_deref() != Some(text) {
            terminal.result(&difference(&path, old.as_deref(), text))?;
            exit = Exit::No;
        }
    }
    Ok(exit)
}

/// The text of a file; none if there is no file. Bytes that are not text differ from every ruleset.
fn old(path: &Path) -> Result<Option<String>, Failure> {
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        let reason = "it is not a regular file".to_owned();
        return Err(Failure::Unreadable { path: path.to_owned(), reason });
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Unreadable { path: path.to_owned(), reason: reason(&error) }),
    }
}

/// A unified diff, as git shows it. What stands in the old file is nobody's word: control characters do not show.
fn difference(path: &Path, old: Option<&str>, new: &str) -> String {
    let path = printable(&path.display().to_string());
    let from = if old.is_some() { path.as_str() } else { "/dev/null" };
    let diff = TextDiff::from_lines(old.unwrap_or_default(), new);
    let shown = diff.unified_diff().context_radius(CONTEXT).header(from, &path).to_string();
    let harmless =
        |c| if matches!(c, '\n' | '\t') || !unprintable(c) { c } else { char::REPLACEMENT_CHARACTER };
    shown.chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown() {
        insta::assert_snapshot!(difference(Path::new("out/a.nft"), Some("one\ntwo\n"), "one\n2\n"), @r#"
        --- out/a.nft
        +++ out/a.nft
        @@ -1,2 +1,2 @@
         one
        -two
        +2
        "#);
    }

    #[test]
    fn what_stands_in_a_file_cannot_steer_a_terminal() {
        let shown = difference(Path::new("\u{1b}[2J"), Some("\u{1b}]0;x\u{7}\r\u{202e}\n"), "one\n");
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{shown:?}");
    }

    #[test]
    fn a_missing_file_is_all_new() {
        insta::assert_snapshot!(difference(Path::new("out/a.nft"), None, "one\n"), @r#"
        --- /dev/null
        +++ out/a.nft
        @@ -0,0 +1 @@
        +one
        "#);
    }
}
