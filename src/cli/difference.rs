//! How a text differs from the file that is there.

use std::path::Path;

use similar::TextDiff;

use super::terminal::printable;
use crate::model::unprintable;

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// A unified diff, as git shows it. What stands in the old file is nobody's word: control characters do not show.
pub(super) fn difference(path: &Path, old: Option<&str>, new: &str) -> String {
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
