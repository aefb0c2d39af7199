//! "Allow by comment": a permission for a finding, to be filled in, in the line before what it is about.

use std::collections::BTreeMap;

use jiff::ToSpan as _;

use super::actions::{action, edit};
use super::desk::Drawn;
use super::protocol::Action;
use super::publish::Pointer;
use super::server::Open;
use crate::parse::{self, WaiverPlace};
use crate::source::{At, Change, Diagnostic, Sources};

/// For how long, unless whoever fills it in says otherwise.
const DAYS: i32 = 90;

/// How far above a finding its item may begin.
const MOST_LINES: usize = 20;

/// The checks about exceptions, from which nobody is excepted.
const ABOUT_EXCEPTIONS: &str = "exception-";

impl Open<'_> {
    /// A comment that permits a finding; none where no comment can be about it, and for errors.
    pub(super) fn permitted(&self, finding: &Diagnostic, pointer: &Pointer<'_>) -> Option<Action> {
        let (_, plan) = self.study.policy.as_ref()?;
        let code = finding.code;
        if finding.is_error() || plan.is_locked(code) || code.starts_with(ABOUT_EXCEPTIONS) {
            return None;
        }
        let change = self.comment(finding)?;
        let title = format!("allow `{code}` here until a day, in a comment");
        Some(action(title, pointer.diagnostic(finding), false, edit(&[change], pointer)))
    }

    /// The nearest line before the finding where a comment is about it.
    fn comment(&self, finding: &Diagnostic) -> Option<Change> {
        let text = self.text();
        let until = (self.setup.today)().checked_add(DAYS.days()).ok()?;
        let span = self.study.sources.span(finding.primary.site);
        let mut end = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        // From its own line up: a comment belongs to an item, and an item may begin above its finding.
        for _ in 0..MOST_LINES {
            let line = text.get(end..)?.lines().next().unwrap_or_default();
            let indent = line.get(..line.len() - line.trim_start().len())?;
            let words =
                format!("{indent}# mailward: allow({}) until {until} by NAME: REASON{ending}", finding.code);
            let change = Change { file: finding.primary.site.file, range: end..end, text: words };
            if self.is_about(&change, finding) {
                return Some(change);
            }
            end = text.get(..end.checked_sub(1)?)?.rfind('\n').map_or(0, |at| at + 1);
            let above = text.get(end..)?.lines().next().unwrap_or_default();
            if end == 0 || above.trim().is_empty() {
                return None;
            }
        }
        None
    }

    /// Whether the comment of a change would be about a finding. Comments are no nodes: these keep their numbers.
    fn is_about(&self, change: &Change, finding: &Diagnostic) -> bool {
        let At::Node(node) = finding.primary.site.at else { return false };
        let text = self.text();
        let (Some(before), Some(behind)) = (text.get(..change.range.start), text.get(change.range.end..))
        else {
            return false;
        };
        let whole = format!("{before}{}{behind}", change.text);
        let mut sources = Sources::default();
        let written = change.range.start..change.range.start + change.text.len();
        let instead = BTreeMap::from([(self.path.clone(), whole)]);
        let drawn = Drawn::new(&self.path, self.desk, &instead);
        let bundle = parse::load_from(&drawn, &self.path, &mut sources);
        bundle.main.waivers.iter().any(|waiver| {
            let is_new = written.contains(&sources.span(waiver.site).start);
            is_new
                && matches!(waiver.place, WaiverPlace::Nodes { first, last, .. } if (first..=last).contains(&node))
        })
    }
}
