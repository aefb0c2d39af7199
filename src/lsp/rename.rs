//! Other names for zones, networks, services and rules.

use super::names::{Occurrence, Space};
use super::protocol::{Position, Range, Renamable, RenameAt, TextEdit, WorkspaceEdit};
use super::server::Open;
use super::study::Study;
use super::transport::Refusal;
use crate::catalog;
use crate::parse;
use crate::source::Site;

impl Open<'_> {
    /// The name at a position, if it can have another one: one that a policy declares.
    pub(super) fn renamable(&self, position: Position) -> Option<Renamable> {
        let name = self.declared_at(position)?;
        let range = self.pointer().range_of(name.site.file, bare(self.study, name.site));
        Some(Renamable { range, placeholder: name.name.clone() })
    }

    fn declared_at(&self, position: Position) -> Option<&Occurrence> {
        let name = self.study.name_at(self.byte(position))?;
        let mut studies = std::iter::once(self.study).chain(self.drawing());
        studies.any(|study| study.names.declaration(name.space, &name.name).is_some()).then_some(name)
    }

    /// The changes that give a name another one, everywhere.
    pub(super) fn rename(&self, asked: &RenameAt) -> Result<WorkspaceEdit, Refusal> {
        let Some(name) = self.declared_at(asked.at.position) else {
            return Err(Refusal::failed("there is no name here that a policy declares"));
        };
        let new = asked.new_name.trim();
        self.free(name, new).map_err(Refusal::failed)?;
        let mut edit = WorkspaceEdit::default();
        let studies = std::iter::once(self.study).chain(self.drawing());
        for study in studies.filter(|study| self.means_the_same(study, name)) {
            self.rename_in(study, name, new, &mut edit);
        }
        Ok(edit)
    }

    /// Adds the changes in the files of one study, but for those that are there already.
    fn rename_in(&self, study: &Study, name: &Occurrence, new: &str, edit: &mut WorkspaceEdit) {
        let pointer = self.pointer_of(study);
        for one in study.names.same(name) {
            let range: Range = pointer.range_of(one.site.file, bare(study, one.site));
            let change = TextEdit { range, new_text: new.to_owned() };
            let changes = edit.changes.entry(pointer.uri(one.site.file)).or_default();
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }

    /// Whether a name can have that other one; else why not.
    fn free(&self, name: &Occurrence, new: &str) -> Result<(), String> {
        parse::valid_name(new)?;
        let mut studies = std::iter::once(self.study).chain(self.drawing());
        let is_built_in = match name.space {
            Space::Places => catalog::network(new).is_some(),
            Space::Services => catalog::service(new).is_some(),
            Space::Rules => false,
        };
        if is_built_in {
            return Err(format!("`{new}` is built in, and means the same in every policy"));
        }
        match studies.find(|study| study.names.declaration(name.space, new).is_some()) {
            Some(_) if new != name.name => Err(format!("there is a `{new}` already")),
            _ => Ok(()),
        }
    }
}

/// The bytes of a name without quotes.
fn bare(study: &Study, site: Site) -> std::ops::Range<usize> {
    let span = study.sources.span(site);
    let text =
        study.sources.file(site.file).and_then(|file| file.text().get(span.clone())).unwrap_or_default();
    if text.len() > 1 && text.starts_with(['"', '\'']) { span.start + 1..span.end - 1 } else { span }
}
