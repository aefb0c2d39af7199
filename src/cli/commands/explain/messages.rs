//! What messages mean that no check gives: errors in files and in questions, and findings of commands.

/// One line each: the code, what kind of message it is, and what it means and asks for; sorted.
const LINES: &str = include_str!("messages.txt");

/// A message that no check gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Its name in brackets.
    pub(super) code: &'static str,
    /// Whether it says that nothing else could be answered.
    is_error: bool,
    /// What it means, and what to do.
    text: &'static str,
}

/// Every message, by its code.
pub(super) fn all() -> impl Iterator<Item = Message> {
    LINES.lines().filter_map(|line| {
        let (code, rest) = line.split_once(" | ")?;
        let (kind, text) = rest.split_once(" | ")?;
        Some(Message { code, is_error: kind == "error", text })
    })
}

/// The message of that code.
pub(super) fn find(code: &str) -> Option<Message> {
    all().find(|message| message.code == code)
}

impl Message {
    /// What it means, and what it is that it is no check.
    pub(super) fn page(self) -> String {
        let Self { code, is_error, text } = self;
        let kind = if is_error {
            "This is an error and not a finding of a check: until it is put right there is no answer, and no exception from it."
        } else {
            "This is a finding of a command and not of a check: there is no exception from it."
        };
        format!("# {code}\n\n{text}\n\n{kind}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint;

    #[test]
    fn every_line_is_a_message_with_a_name_of_its_own() {
        let codes: Vec<&str> = all().map(|message| message.code).collect();
        assert_eq!(codes.len(), LINES.lines().count());
        assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
        for message in all() {
            assert!(lint::find(message.code).is_none(), "{}", message.code);
            assert!(message.text.ends_with('.'), "{}", message.code);
        }
        assert!(LINES.lines().all(|line| line.contains(" | error | ") || line.contains(" | finding | ")));
    }
}
