//! Addresses of documents: `file:` URIs (RFC 8089) and paths.

use std::path::{Path, PathBuf};

use crate::report::findings::reference;

const SCHEME: &str = "file://";

/// The path of a `file:` URI of this machine; none for documents that are no files.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix(SCHEME)?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let text = decoded(rest.split(['?', '#']).next()?)?;
    let has_drive = text.get(1..3).is_some_and(|drive| drive.ends_with(':'));
    let text = if cfg!(windows) && has_drive { text.get(1..)? } else { &text };
    text.starts_with('/').then(|| PathBuf::from(text)).or_else(|| has_drive.then(|| PathBuf::from(text)))
}

/// The `file:` URI of an absolute path.
pub(super) fn of(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { format!("/{}", text.replace('\\', "/")) } else { text.into_owned() };
    SCHEME.to_owned() + &reference(&text)
}

/// A text without percent signs; none if it is not UTF-8 or a sign has nothing behind it.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next()?.bytes());
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(part.get(2..)?.bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_and_addresses_lead_to_each_other() {
        for text in ["/a/b.yaml", "/with space/ä#?%.yaml", "/日本"] {
            assert_eq!(path(&of(Path::new(text))).as_deref(), Some(Path::new(text)));
        }
        assert_eq!(of(Path::new("/a b")), "file:///a%20b");
        assert_eq!(path("file://localhost/a").as_deref(), Some(Path::new("/a")));
    }

    #[test]
    fn what_is_no_file_of_this_machine_has_no_path() {
        for uri in [
            "untitled:Untitled-1",
            "file://elsewhere/a",
            "http://a/b",
            "file:///%zz",
            "file:///%+f",
            "file:///%ff",
        ] {
            assert_eq!(path(uri), None, "{uri}");
        }
    }
}
