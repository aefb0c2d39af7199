//! A comment that stays within a limit: items that do not fit are counted, and none is cut in two.

use crate::report::count;

/// Room that is kept for saying what is left out, in characters.
const RESERVE: usize = 400;

/// Room for the beginning: the marker and one line of figures.
const BEGINNING: usize = 600;

/// The shortest limit within which every comment can say how much it leaves out.
pub const SHORTEST: usize = RESERVE + BEGINNING;

/// A comment as it grows.
pub(super) struct Comment {
    text: String,
    left: usize,
    omitted: Vec<(usize, Words)>,
}

/// What an item is called where some are left out: one, and several.
pub(super) type Words = (&'static str, &'static str);

impl Comment {
    /// A comment of at most so many characters that begins with a text, whatever its length.
    pub(super) fn new(longest: usize, beginning: String) -> Self {
        let left = longest.saturating_sub(RESERVE + beginning.chars().count());
        Self { text: beginning, left, omitted: Vec::new() }
    }

    /// Keeps room for what comes at the end; without it, what comes first could fill the comment. None if there is not so much.
    pub(super) fn keep(&mut self, text: Option<String>) -> Option<String> {
        let text = text.map(|text| format!("\n{text}"))?;
        self.left = self.left.checked_sub(text.chars().count())?;
        Some(text)
    }

    /// Adds a section, if there is something in it: its title, and the items that there is room for.
    pub(super) fn items(&mut self, title: &str, words: Words, items: Vec<String>) {
        let heading = match title {
            "" => String::new(),
            title => format!("\n### {title}\n\n"),
        };
        let mut is_begun = false;
        let mut omitted = 0;
        for item in items {
            let text = if is_begun { item } else { format!("{heading}{item}") };
            let length = text.chars().count();
            if length > self.left {
                omitted += 1;
                continue;
            }
            is_begun = true;
            self.left -= length;
            self.text += &text;
        }
        self.omit(omitted, words);
    }

    /// Says that so many items are left out.
    pub(super) fn omit(&mut self, omitted: usize, words: Words) {
        match self.omitted.last_mut() {
            _ if omitted == 0 => {}
            Some((known, same)) if *same == words => *known += omitted,
            _ => self.omitted.push((omitted, words)),
        }
    }

    /// The whole comment, with the end that room was kept for.
    pub(super) fn finish(mut self, end: Option<String>) -> String {
        self.text += &end.unwrap_or_default();
        if !self.omitted.is_empty() {
            let hint = "`mailward review --longest 10000000` shows it";
            let omitted = self.omitted.iter().map(|&(number, (one, several))| count(number, one, several));
            let omitted = omitted.collect::<Vec<_>>().join(", ");
            self.text.extend([
                "\nLeft out, since the comment would be too long: ",
                &omitted,
                ". ",
                hint,
                ".\n",
            ]);
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAFFIC: Words = ("change", "changes");

    fn comment(longest: usize, end: &str) -> String {
        let mut comment = Comment::new(longest, "begin\n".to_owned());
        let end = comment.keep(Some(end.to_owned()));
        for title in ["One", "Two"] {
            comment.items(title, TRAFFIC, vec!["- item\n".repeat(10); 4]);
        }
        comment.omit(usize::from(end.is_none()), ("list", "lists"));
        comment.finish(end)
    }

    #[test]
    fn the_end_keeps_its_place_and_what_is_left_out_is_counted_together() {
        assert!(comment(SHORTEST * 10, "end\n").ends_with("\nend\n"));
        let text = comment(SHORTEST - 450, "end\n");
        assert!(
            text.contains("\nend\n\nLeft out, since the comment would be too long: 7 changes. "),
            "{text}"
        );
        assert!(text.chars().count() <= SHORTEST - 450);
    }

    #[test]
    fn an_end_that_is_too_long_is_left_out_and_counted() {
        let text = comment(SHORTEST, &"x".repeat(SHORTEST));
        assert!(text.contains("### Two") && text.contains(" too long: 1 list. "), "{text}");
        assert!(text.chars().count() <= SHORTEST);
    }
}
