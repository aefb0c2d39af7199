//! A comment that stays within a limit: items that do not fit are counted, and none is cut in two.

use crate::report::count;

/// Room that is kept for saying what is left out, in characters.
const RESERVE: usize = 200;

/// A comment as it grows.
pub(super) struct Comment {
    text: String,
    end: String,
    left: usize,
    omitted: usize,
}

impl Comment {
    /// A comment of at most so many characters that begins with a text, whatever its length.
    pub(super) fn new(longest: usize, beginning: String) -> Self {
        let left = longest.saturating_sub(RESERVE + beginning.chars().count());
        Self { text: beginning, end: String::new(), left, omitted: 0 }
    }

    /// Keeps room for an item at the end, before others take it, unless it would take most of what is left.
    pub(super) fn end_with(&mut self, item: &str) {
        let length = item.chars().count() + 1;
        if length > self.left / 2 {
            self.omitted += 1;
            return;
        }
        self.left -= length;
        self.end = format!("\n{item}");
    }

    /// Adds a section, if there is something in it: its title, and the items that there is room for.
    pub(super) fn items(&mut self, title: &str, items: Vec<String>) {
        let heading = match title {
            "" if items.first().is_some_and(|item| item.starts_with('\n')) => String::new(),
            "" => "\n".to_owned(),
            title => format!("\n### {title}\n\n"),
        };
        let mut is_begun = false;
        for item in items {
            let text = if is_begun { item } else { format!("{heading}{item}") };
            let length = text.chars().count();
            if length > self.left {
                self.omitted += 1;
                continue;
            }
            is_begun = true;
            self.left -= length;
            self.text += &text;
        }
    }

    /// The whole comment.
    pub(super) fn finish(mut self) -> String {
        self.text += &self.end;
        if self.omitted > 0 {
            let items = count(self.omitted, "item is", "items are");
            let hint = "the comment would be too long. `mailward review --longest 10000000` shows them.";
            self.text.extend(["\n", &items, " left out: ", hint, "\n"]);
        }
        self.text
    }
}
