//! Text in Markdown that stays text.

/// The text with a capital letter at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Text that stays text: words between back-ticks become code, and what stands between them has no meaning in Markdown
/// or HTML.
pub(super) fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { plain(part) }).collect()
}

/// Words of our own, or of somebody else; a sign among them is one of punctuation. What would call somebody, or link to something,
/// becomes code: GitHub and GitLab look for that when escapes and entities have been read, and leave nothing alone but code.
pub(super) fn plain(text: &str) -> String {
    text.split_inclusive(char::is_whitespace).map(word).collect()
}

/// One word, and the blank behind it.
fn word(text: &str) -> String {
    let word = text.trim_end_matches(char::is_whitespace);
    let blank: String = text.chars().skip(word.chars().count()).map(shown).collect();
    let piece = |text: &str| if refers(text) { code(text) } else { text.chars().flat_map(letter).collect() };
    // Between the cells of a table code ends, too.
    word.split('|').map(piece).collect::<Vec<String>>().join("\\|") + &blank
}

fn letter(c: char) -> impl Iterator<Item = char> {
    let is_sign = c.is_ascii_punctuation() && !",.:;-/()'".contains(c);
    is_sign.then_some('\\').into_iter().chain([shown(c)])
}

/// Whether GitHub or GitLab would make more of a word than text: a person, an issue, a change, a label, an address, a commit.
fn refers(word: &str) -> bool {
    let pairs = word.chars().zip(word.chars().skip(1));
    let has_mark = pairs
        .into_iter()
        .any(|(sign, next)| "@#!$&~%".contains(sign) && (next.is_alphanumeric() || "_\"'".contains(next)));
    let small = word.to_ascii_lowercase();
    let is_address = ["://", "www.", "mailto:", "xmpp:"].iter().any(|sign| small.contains(sign));
    has_mark
        || is_address
        || small.split(|c: char| !c.is_ascii_alphanumeric()).any(is_commit)
        || is_numbered(&small)
}

/// Whether it is as long as the shortest numbers of commits, and has no other digits.
fn is_commit(word: &str) -> bool {
    word.len() >= 7 && word.chars().all(|c| c.is_ascii_hexdigit())
}

/// `gh-12` in a word.
fn is_numbered(word: &str) -> bool {
    word.match_indices("gh-").any(|(at, sign)| {
        word.get(at + sign.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// A span of code: nothing in it is more than text, nobody is called and no other page is meant. Its fence is longer than every run of back-ticks in it.
pub(super) fn code(text: &str) -> String {
    let shown: String = text.chars().map(shown).collect();
    if shown.is_empty() {
        return shown; // Two fences and nothing between them would be one longer fence.
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Nothing that ends a line or hides.
fn shown(c: char) -> char {
    if crate::model::unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_code_and_signs_are_text() {
        assert_eq!(escaped("rule `a-b` drops them"), "rule `a-b` drops them");
        assert_eq!(escaped("<b> *x* [y](z) 100% @ 5"), "\\<b\\> \\*x\\* \\[y\\](z) 100\\% \\@ 5");
        assert_eq!(escaped("a\n# b"), "a\u{fffd}\\# b");
    }

    #[test]
    fn nobody_is_called_and_nothing_is_linked_to() {
        for word in [
            "@you",
            "(@you),",
            "a@b.example",
            "#12",
            "(#12)",
            "a/b#12",
            "GH-12",
            "!12",
            "$12",
            "%12",
            "&12",
            "~bug",
            "https://a.example",
            "<HTTP://a.example>",
            "www.a.example",
            "WWW.a.example",
            "5d41402",
            "\\@you",
            "&#64;you",
            "5d41402abc4b2a76b9719d911017c592ae1b2c3d",
            "mailto:a",
            "~\"a",
        ] {
            assert_eq!(escaped(&format!("see {word} there")), format!("see `{word}` there"));
        }
        for word in
            ["rule-12", "10.20.0.0/16", "2001:db8::1", "64-bit", "65,536", "2026-11-01", "deface", "NET-412"]
        {
            assert_eq!(escaped(word), word);
        }
        assert_eq!(escaped("@a`b` `` |@c"), "`@a``b`  \\|`@c`", "spans that touch are one span");
    }

    #[test]
    fn nothing_leaves_a_span_of_code() {
        assert_eq!(code("a.yaml:3"), "`a.yaml:3`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("```"), "```` ``` ````");
        assert_eq!(code("a\r\n\u{1b}\u{202e}b"), "`a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b`");
    }
}
