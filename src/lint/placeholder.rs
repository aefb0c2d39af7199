//! Texts that fill a field and say nothing.

/// Words that fill the field and say nothing, alone or together. The last row are words that rules and tests
/// are about anyway.
const PLACEHOLDERS: &[&str] = &[
    "asd",
    "asdf",
    "bar",
    "baz",
    "blah",
    "dummy",
    "fixme",
    "foo",
    "foobar",
    "hack",
    "na",
    "none",
    "null",
    "qwerty",
    "reason",
    "tba",
    "tbc",
    "tbd",
    "temp",
    "temporary",
    "tmp",
    "todo",
    "unknown",
    "various",
    "whatever",
    "wip",
    "xxx",
    "a",
    "add",
    "for",
    "later",
    "me",
    "n",
    "new",
    "no",
    "now",
    "rule",
    "test",
    "testing",
    "the",
    "this",
];

/// Whether every word of a text is a placeholder; a text without a single word is one.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| PLACEHOLDERS.contains(&word) || is_one_character_repeated(word))
}

fn is_one_character_repeated(word: &str) -> bool {
    let mut characters = word.chars();
    let first = characters.next();
    !word.starts_with(|c: char| c.is_numeric()) && characters.all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn placeholders_are_recognised() {
        for text in [
            "todo",
            "TODO",
            "Temp rule",
            "asdf",
            "n/a",
            "-",
            "...",
            "xxx",
            "zzzz",
            "FIXME: todo later",
            "test 1x",
        ] {
            assert_eq!(is_placeholder(text), text != "test 1x", "{text}");
        }
    }

    #[test]
    fn short_reasons_that_say_something_are_reasons() {
        for text in [
            "DNS",
            "NET-412",
            "Lookups.",
            "temporary until the scanner is replaced",
            "RFC 8314",
            "Wartung",
            "日本語",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
