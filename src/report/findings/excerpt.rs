//! The few lines of a file that a message shows.
//!
//! A message never looks at more of a file than it shows, so that many messages about a long file cost as much
//! as many messages about many short ones.

use std::ops::Range;

use crate::source::{FileId, Label, Site, SourceFile, Sources};

/// Lines further apart than this go into excerpts of their own.
const NEARBY: usize = 6;
/// Bytes of a line that are looked at at most. The renderer crops to the width of a terminal; this only bounds its
/// work.
const WIDEST: usize = 2_000;
/// Bytes shown before a mark in a line that is too wide.
const BEFORE: usize = 60;

/// A place to underline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<'d> {
    /// Where.
    pub(super) site: Site,
    /// What to say beside it; may be nothing.
    pub(super) text: &'d str,
    /// Whether it is the place the message is about.
    pub(super) is_primary: bool,
    line: usize,
    start: usize,
    end: usize,
}

/// Neighbouring lines of one file, cut to what can be shown.
#[derive(Debug)]
pub(super) struct Excerpt<'d> {
    /// Path of the file.
    pub(super) path: &'d str,
    /// Number of the first line, from 1.
    pub(super) first_line: usize,
    /// The lines.
    pub(super) text: String,
    /// Whether a line was cut, so that its columns are not those of the file.
    pub(super) is_cut: bool,
    /// Whether there is nothing to show, as in a file that could not be read.
    pub(super) is_empty_file: bool,
    /// What to underline, as bytes of `text`.
    pub(super) marks: Vec<(Range<usize>, Mark<'d>)>,
}

/// The excerpts that show a primary place and other places, the primary one first.
pub(super) fn excerpts<'d>(
    sources: &'d Sources,
    primary: &'d Label,
    related: &'d [Label],
) -> Vec<Excerpt<'d>> {
    let others = related.iter().map(|label| (label, false));
    let labels = std::iter::once((primary, true)).chain(others);
    let mut marks: Vec<Mark<'d>> =
        labels.filter_map(|(label, is_primary)| mark(sources, label, is_primary)).collect();
    marks.sort_by_key(|mark| (mark.site.file, mark.line, mark.start, mark.end));
    marks.dedup_by(|next, kept| kept.absorb(next));
    let groups = marks.chunk_by(|one, next| one.file() == next.file() && next.line <= one.line + NEARBY);
    let mut excerpts: Vec<Excerpt<'d>> = groups.filter_map(|group| excerpt(sources, group)).collect();
    excerpts.sort_by_key(|excerpt| !excerpt.marks.iter().any(|(_, mark)| mark.is_primary));
    excerpts
}

impl Mark<'_> {
    fn file(&self) -> FileId {
        self.site.file
    }

    /// Takes over the words of a mark at the same place, if only one of them has any.
    fn absorb(&mut self, other: &Self) -> bool {
        let place = |mark: &Self| (mark.site.file, mark.start, mark.end);
        let same = place(self) == place(other) && (self.text.is_empty() || other.text.is_empty());
        if same {
            self.is_primary |= other.is_primary;
            self.text = if self.text.is_empty() { other.text } else { self.text };
        }
        same
    }
}

/// Where a label is. Of a place that spans lines only the first is shown.
fn mark<'d>(sources: &Sources, label: &'d Label, is_primary: bool) -> Option<Mark<'d>> {
    let file = sources.file(label.site.file)?;
    let span = sources.span(label.site);
    let line = file.line_starts().partition_point(|&start| start <= span.start).checked_sub(1)?;
    let end = span.end.min(line_range(file, line).end);
    let (site, text) = (label.site, label.text.as_str());
    Some(Mark { site, text, is_primary, line, start: span.start.min(end), end })
}

/// The excerpt that holds marks of one file, sorted by line.
fn excerpt<'d>(sources: &'d Sources, marks: &[Mark<'d>]) -> Option<Excerpt<'d>> {
    let (first, last) = (marks.first()?, marks.last()?);
    let file = sources.file(first.file())?;
    let mut excerpt = Excerpt {
        path: file.path(),
        first_line: first.line + 1,
        text: String::new(),
        is_cut: false,
        is_empty_file: file.text().is_empty(),
        marks: Vec::new(),
    };
    for line in first.line..=last.line {
        let here = marks.iter().filter(|mark| mark.line == line);
        excerpt.push_line(file, line, here.copied());
    }
    Some(excerpt)
}

impl<'d> Excerpt<'d> {
    fn push_line(&mut self, file: &SourceFile, line: usize, marks: impl Iterator<Item = Mark<'d>> + Clone) {
        let whole = line_range(file, line);
        let shown =
            cut(file.text(), whole.clone(), marks.clone().next().map_or(whole.start, |mark| mark.start));
        self.is_cut |= shown != whole;
        let offset = self.text.len();
        let within = |byte: usize| offset + byte.clamp(shown.start, shown.end) - shown.start;
        self.marks.extend(marks.map(|mark| (within(mark.start)..within(mark.end), mark)));
        self.text.push_str(file.text().get(shown.clone()).unwrap_or_default());
        self.text.push('\n');
    }
}

/// The bytes of a line, counted from 0, without its end.
fn line_range(file: &SourceFile, line: usize) -> Range<usize> {
    let starts = file.line_starts();
    let start = starts.get(line).copied().unwrap_or(file.text().len());
    let next = starts.get(line + 1).copied().unwrap_or(file.text().len());
    let text = file.text().get(start..next).unwrap_or_default();
    start..start + text.trim_end_matches(['\n', '\r']).len()
}

/// The part of a line to show: all of it, or the surroundings of a byte if it is too wide.
fn cut(text: &str, line: Range<usize>, around: usize) -> Range<usize> {
    if line.len() <= WIDEST {
        return line;
    }
    let start = text.floor_char_boundary(around.saturating_sub(BEFORE).max(line.start));
    start..text.floor_char_boundary((start + WIDEST).min(line.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::At;

    fn label(file: FileId, start: u32, end: u32) -> Label {
        Label { site: Site { file, at: At::Bytes { start, end } }, text: String::new() }
    }

    fn file(text: &str) -> (Sources, FileId) {
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new("p.yaml".to_owned(), text.to_owned(), None));
        (sources, id)
    }

    #[test]
    fn a_message_about_a_long_file_sees_only_its_line() {
        let (sources, id) = file(&"a line of a policy\n".repeat(100_000));
        let primary = label(id, 19 * 50_000, 19 * 50_000 + 1);
        let shown = excerpts(&sources, &primary, &[]);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].first_line, 50_001);
        assert_eq!(shown[0].text, "a line of a policy\n");
    }

    #[test]
    fn a_message_about_a_wide_line_sees_only_a_part() {
        let (sources, id) = file(&"ä".repeat(1_000_000));
        let primary = label(id, 1_000_000, 1_000_002);
        let shown = excerpts(&sources, &primary, &[]);
        assert!(shown[0].text.len() <= WIDEST + 1);
        assert_eq!(shown[0].marks[0].0, 60..62);
    }

    #[test]
    fn distant_places_are_shown_apart_and_the_primary_one_first() {
        let (sources, id) = file(&"0123456789\n".repeat(100));
        let (primary, other) = (label(id, 11 * 50, 11 * 50 + 3), label(id, 11, 13));
        let related = [other];
        let shown = excerpts(&sources, &primary, &related);
        let lines: Vec<usize> = shown.iter().map(|excerpt| excerpt.first_line).collect();
        assert_eq!(lines, [51, 2]);
    }

    #[test]
    fn near_places_are_shown_together() {
        let (sources, id) = file("one\ntwo\nthree\n");
        let (primary, related) = (label(id, 8, 13), [label(id, 0, 3)]);
        let shown = excerpts(&sources, &primary, &related);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].text, "one\ntwo\nthree\n");
        assert_eq!(shown[0].marks[1].0, 8..13);
    }

    #[test]
    fn words_about_the_same_place_are_said_once() {
        let (sources, id) = file("one\n");
        let (primary, mut other) = (label(id, 0, 3), label(id, 0, 3));
        other.text = "allows pop3s".to_owned();
        let related = [other];
        let shown = excerpts(&sources, &primary, &related);
        let [(_, mark)] = shown[0].marks[..] else { panic!("one mark") };
        assert!(mark.is_primary && mark.text == "allows pop3s");
    }

    #[test]
    fn only_the_first_line_of_a_place_is_marked() {
        let (sources, id) = file("rule:\r\n  id: x\r\n");
        let primary = label(id, 0, 14);
        assert_eq!(excerpts(&sources, &primary, &[])[0].marks[0].0, 0..5);
    }

    #[test]
    fn the_end_of_a_file_is_a_place() {
        let (sources, id) = file("x\n");
        let primary = label(id, 2, 2);
        let shown = excerpts(&sources, &primary, &[]);
        assert_eq!((shown[0].first_line, shown[0].text.as_str()), (2, "\n"));
    }
}
