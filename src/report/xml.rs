//! Text in XML 1.0 that stays text.

/// Text for an attribute or an element. Control characters that XML 1.0 has no way to write are replaced, and so is what hides.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // A reader of attributes makes a blank of a line end that is not written by its number.
            '\n' => escaped.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c if crate::model::unprintable(c) => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}

/// What every document begins with.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;");
        assert_eq!(escaped("one\ntwo"), "one&#10;two");
        assert_eq!(escaped("]]>"), "]]&gt;");
    }

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        let hostile = "\0\u{1}\u{8}\u{b}\u{1b}\u{7f}\u{85}\u{9b}\u{202e}\u{fffe}\u{ffff}";
        assert_eq!(escaped(hostile), "\u{fffd}".repeat(hostile.chars().count()));
    }
}
