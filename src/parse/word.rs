//! Names, interfaces, one-line texts, switches and words from a fixed list.

use super::fault::Fault;
use super::nearest::did_you_mean;
use super::reader::{Reader, Value};
use crate::model::{Comment, Interface, InvalidName, Name};
use crate::source::{Kind, quoted};

/// Words with a meaning of their own, which nothing in a policy may be named.
pub const RESERVED: &[&str] = &["any", "host", "none", "default", "defaults", "baseline", "all", "self"];

/// Spellings of truth that other YAML readers accept.
const TRUTHS: &[(&str, &str)] = &[("yes", "true"), ("on", "true"), ("no", "false"), ("off", "false")];

impl<'t> Reader<'t> {
    /// A name that this policy gives to something.
    pub(super) fn name(&mut self, value: Value<'t>) -> Option<Name> {
        self.parsed(value, "a name", name)
    }

    /// One line of text for people.
    pub(super) fn comment(&mut self, value: Value<'t>) -> Option<Comment> {
        self.parsed(value, "text", comment)
    }

    /// A network interface.
    pub(super) fn interface(&mut self, value: Value<'t>) -> Option<Interface> {
        self.parsed(value, "an interface", interface)
    }

    /// `true` or `false`, and nothing that merely means it.
    pub(super) fn boolean(&mut self, value: Value<'t>) -> Option<bool> {
        let text = self.text(value, "`true` or `false`")?;
        match (text, value.kind) {
            ("true", Kind::Scalar { quoted: false, .. }) => Some(true),
            ("false", Kind::Scalar { quoted: false, .. }) => Some(false),
            _ => {
                self.report(not_a_boolean(text).at(value.site));
                None
            }
        }
    }

    /// One of a list of words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        value: Value<'t>,
        what: &str,
        all: &[(T, &'static str)],
    ) -> Option<T> {
        let text = self.text(value, what)?;
        let found = all.iter().find(|(_, word)| *word == text).map(|(meaning, _)| *meaning);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|(_, word)| *word).collect();
            let fault = Fault::new("unknown-word", format!("{} is not {what}", quoted(text)));
            self.report(fault.help(did_you_mean(text, &words)).at(value.site));
        }
        found
    }
}

fn not_a_boolean(text: &str) -> Fault {
    if matches!(text, "true" | "false") {
        return Fault::new("not-a-boolean", format!("a `{text}` in quotes is text, not a switch"))
            .help("write it without quotes");
    }
    let lower = text.to_ascii_lowercase();
    let meant = TRUTHS.iter().find(|(word, _)| *word == lower).map_or(lower.as_str(), |(_, meant)| *meant);
    let help = match meant {
        "true" | "false" => format!("write `{meant}`"),
        _ => "write `true` or `false`".to_owned(),
    };
    Fault::new("not-a-boolean", format!("{} is neither `true` nor `false`", quoted(text))).help(help)
}

/// A name that is not reserved.
pub(super) fn name(text: &str) -> Result<Name, Fault> {
    if RESERVED.contains(&text) {
        let title = format!("`{text}` is a word of the policy language, not a name");
        return Err(Fault::new("reserved-name", title).help("choose another name"));
    }
    any_name(text)
}

/// Whether a policy may give this name to something.
///
/// # Errors
/// Says why not, in one line.
pub fn valid_name(text: &str) -> Result<(), String> {
    if text == "null" {
        return Err("`null` is nothing to every YAML reader, not a name".to_owned());
    }
    name(text).map(drop).map_err(Fault::into_title)
}

/// A name, reserved or not.
pub(super) fn any_name(text: &str) -> Result<Name, Fault> {
    if matches!(text, "true" | "false") {
        let fault =
            Fault::new("not-a-name", format!("`{text}` is a switch to every YAML reader, not a name"));
        return Err(fault.help("choose another name"));
    }
    Name::new(text).map_err(|reason| {
        let what = if text.is_empty() { "a name".to_owned() } else { format!("the name {}", quoted(text)) };
        let fault = Fault::new("not-a-name", format!("{what} {reason}"));
        match Name::new(&slug(text)) {
            Ok(name) if text.is_ascii() => fault.help(format!("did you mean `{name}`?")),
            _ => fault.help("names look like `lan-mail-2`"),
        }
    })
}

/// The name that a text comes closest to.
fn slug(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

fn comment(text: &str) -> Result<Comment, Fault> {
    Comment::new(text).map_err(|reason| match reason {
        InvalidName::NotPrintable if text.trim().contains('\n') => {
            Fault::new("not-a-line", "this text has several lines")
                .help("write one line, or fold several into one with `>-`")
        }
        reason => {
            Fault::new("not-a-line", format!("this text {reason}")).help("write one line of plain text")
        }
    })
}

fn interface(text: &str) -> Result<Interface, Fault> {
    Interface::new(text).map_err(|reason| {
        let what = if text.is_empty() {
            "an interface".to_owned()
        } else {
            format!("the interface {}", quoted(text))
        };
        let fault = Fault::new("not-an-interface", format!("{what} {reason}"));
        fault.help(if text.contains(['*', '+']) {
            "there are no wildcards for interfaces: name each one"
        } else {
            "interfaces look like `eth0` or `wg-office`"
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_language_are_taken() {
        for word in RESERVED {
            assert!(name(word).is_err(), "{word}");
        }
        assert!(any_name("host").is_ok());
    }

    #[test]
    fn the_nearest_name_is_offered() {
        assert_eq!(slug("LAN_Mail  Out!"), "lan-mail-out");
    }
}
