//! The document laid out, as `fmt` does it.

use super::lines::Lines;
use super::protocol::TextEdit;
use super::server::Open;
use crate::format::format;

impl Open<'_> {
    /// What changes: the lines from the first that does to the last; nothing in a document that cannot be read.
    pub(super) fn formatted(&self) -> Vec<TextEdit> {
        let old = self.text();
        let Ok(new) = format("", old) else { return Vec::new() };
        let same = |(one, other): &(&str, &str)| one == other;
        let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
        let (before, after) = (lines(old), lines(&new));
        let first = before.iter().copied().zip(after.iter().copied()).take_while(same).count();
        let most = before.len().min(after.len()) - first;
        let ends = before.iter().rev().copied().zip(after.iter().rev().copied());
        let last = ends.take(most).take_while(same).count();
        let bytes = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
        let start = bytes(before.get(..first).unwrap_or_default());
        let kept = bytes(before.get(before.len() - last..).unwrap_or_default());
        let range = Lines::of(old, self.encoding).range(start..old.len() - kept);
        let text = new.get(start..new.len() - kept).unwrap_or_default().to_owned();
        if old == new { Vec::new() } else { vec![TextEdit { range, new_text: text }] }
    }
}
