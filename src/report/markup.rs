//! Text in Markdown that stays text.

/// The text with a capital letter at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Signs by which GitHub and GitLab call people, and mean issues, requests, milestones and other pages.
const CALLING: [char; 6] = ['@', '#', '!', '%', '&', '~'];

/// A blank of no width.
const NOTHING: &str = "&#8203;";

/// Text that stays text: words between back-ticks become code, and what stands between them has no meaning in Markdown
/// or HTML.
pub(super) fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { plain(part) }).collect()
}

/// Words of our own; a sign among them is one of punctuation. It calls nobody and means no other page: those who look for
/// `@somebody` and `#12` do so after Markdown has been read, so that only something between the sign and the word keeps them off.
pub(super) fn plain(text: &str) -> String {
    let is_sign = |c: char| c.is_ascii_punctuation() && !",.:;-/()'".contains(c);
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        plain.extend(is_sign(c).then_some('\\'));
        plain.push(shown(c));
        if CALLING.contains(&c) && letters.peek().is_some_and(|next| next.is_alphanumeric()) {
            plain.push_str(NOTHING);
        }
    }
    plain
}

/// A span of code: nothing in it is more than text, nobody is called and no other page is meant. Its fence is longer than every run of back-ticks in it.
pub(super) fn code(text: &str) -> String {
    let shown: String = text.chars().map(shown).collect();
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
        assert_eq!(escaped("<b> *x* [y](z) @you"), "\\<b\\> \\*x\\* \\[y\\](z) \\@&#8203;you");
        assert_eq!(escaped("#12 !3 a@b @ #"), "\\#&#8203;12 \\!&#8203;3 a\\@&#8203;b \\@ \\#");
        assert_eq!(escaped("a\n# b"), "a\u{fffd}\\# b");
    }

    #[test]
    fn nothing_leaves_a_span_of_code() {
        assert_eq!(code("a.yaml:3"), "`a.yaml:3`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("```"), "```` ``` ````");
        assert_eq!(code("a\r\n\u{1b}\u{202e}b"), "`a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b`");
    }
}
