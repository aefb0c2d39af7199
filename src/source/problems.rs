//! Collects diagnostics without letting a hostile file fill the memory with them.

use super::Diagnostic;

/// How many diagnostics one file may have before the rest is left out.
pub const MOST_PROBLEMS: usize = 1_000;

/// The diagnostics of one file, at most [`MOST_PROBLEMS`] and one that says so.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    /// Adds one, unless there are too many already.
    pub fn push(&mut self, problem: Diagnostic) {
        match self.list.len() {
            0..MOST_PROBLEMS => self.list.push(problem),
            MOST_PROBLEMS => self.list.push(
                Diagnostic::error(
                    "too-many-problems",
                    problem.primary.site,
                    format!("more than {MOST_PROBLEMS} problems in this file: the rest is left out"),
                )
                .help("correct the first ones and run it again: often one mistake causes many"),
            ),
            _ => {}
        }
    }

    /// Whether further ones are left out.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.list.len() > MOST_PROBLEMS
    }

    /// All of them.
    #[must_use]
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.list
    }
}
