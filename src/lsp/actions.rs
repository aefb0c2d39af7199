//! What can be done about a finding: its fix, or a permission in a comment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::protocol::{Action, ActionsAt, TextEdit, WorkspaceEdit};
use super::publish::Pointer;
use super::server::Open;
use super::study::Study;
use crate::lint::{find, prove};
use crate::source::{Change, Diagnostic, Effect, Fix, Safety};

/// A change that settles a finding.
const QUICK_FIX: &str = "quickfix";

impl Open<'_> {
    /// What can be done about the findings in a range; nothing if other kinds of actions are asked for.
    pub(super) fn actions(&self, ActionsAt { range, context }: &ActionsAt) -> Vec<Action> {
        let wanted = |kind: &String| kind.is_empty() || kind == QUICK_FIX;
        if context.only.as_ref().is_some_and(|kinds| !kinds.iter().any(wanted)) {
            return Vec::new();
        }
        let pointer = self.pointer();
        let is_here = |finding: &&Diagnostic| {
            let own = pointer.range(finding.primary.site);
            let is_apart = own.end < range.start || range.end < own.start;
            finding.primary.site.file == self.study.main && !is_apart
        };
        let here: Vec<&Diagnostic> = self.study.diagnostics.iter().filter(is_here).collect();
        let fixes = here.iter().filter_map(|finding| self.fixed(finding, finding.fix.as_ref()?, &pointer));
        let permits = here.iter().filter_map(|finding| self.permitted(finding, &pointer));
        fixes.chain(permits).collect()
    }

    fn fixed(&self, finding: &Diagnostic, fix: &Fix, pointer: &Pointer<'_>) -> Option<Action> {
        let changes = fix.changes(&self.study.sources)?;
        let is_preferred = fix.safety() == Safety::Safe && self.is_proven(finding, fix.effect, &changes);
        let safety = if is_preferred { "" } else { " (to be looked at)" };
        let title = format!("{}{safety}", fix.title);
        Some(action(title, pointer.diagnostic(finding), is_preferred, edit(&changes, pointer)))
    }

    /// Whether a fix does what it says, and nothing else.
    fn is_proven(&self, finding: &Diagnostic, effect: Effect, changes: &[Change]) -> bool {
        let Some((old, _)) = &self.study.policy else { return false };
        let Some(texts) = self.after(changes) else { return false };
        let next = Study::of(&self.path, self.desk, &texts, self.setup);
        let checks: Vec<_> = find(finding.code).into_iter().collect();
        let count = |study: &Study| study.diagnostics.iter().filter(|one| one.code == finding.code).count();
        next.policy.as_ref().is_some_and(|(new, _)| {
            count(&next) < count(self.study)
                && prove(old, new, &[effect], &checks, (self.setup.today)()).is_ok()
        })
    }

    /// The texts of the files that changes are about, as they would be.
    pub(super) fn after(&self, changes: &[Change]) -> Option<BTreeMap<PathBuf, String>> {
        let mut sorted: Vec<&Change> = changes.iter().collect();
        sorted.sort_by_key(|change| (change.file, change.range.start, change.range.end));
        let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
        for Change { file, range, text } in sorted.into_iter().rev() {
            let path = self.study.path(*file)?.to_owned();
            let whole = || self.study.sources.file(*file).map(|file| file.text().to_owned());
            let old = texts.remove(&path).or_else(whole)?;
            let (before, behind) = (old.get(..range.start)?, old.get(range.end..)?);
            texts.insert(path, format!("{before}{text}{behind}"));
        }
        Some(texts)
    }
}

/// Something that can be done about a finding.
pub(super) fn action(
    title: String,
    diagnostic: super::protocol::Diagnostic,
    is_preferred: bool,
    edit: WorkspaceEdit,
) -> Action {
    Action { title, kind: QUICK_FIX, diagnostics: vec![diagnostic], is_preferred, edit }
}

/// Changes as an editor carries them out.
pub(super) fn edit(changes: &[Change], pointer: &Pointer<'_>) -> WorkspaceEdit {
    let mut edit = WorkspaceEdit::default();
    for Change { file, range, text } in changes {
        let change = TextEdit { range: pointer.range_of(*file, range.clone()), new_text: text.clone() };
        edit.changes.entry(pointer.uri(*file)).or_default().push(change);
    }
    edit
}
