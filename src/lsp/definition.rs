//! Where a name is declared and where it is used; the file behind a path.

use super::names::{Occurrence, Part};
use super::protocol::{Location, Position, Range, ReferencesAt};
use super::server::Open;
use super::study::Study;
use super::tree::{self, Trail};
use super::uri;
use crate::source::{Files as _, Project};

impl Open<'_> {
    /// Where the name at a position is declared, or the file that is named there.
    pub(super) fn definition(&self, position: Position) -> Option<Location> {
        let byte = self.byte(position);
        let Some(name) = self.study.name_at(byte) else { return self.file_at(byte) };
        let mut studies = std::iter::once(self.study).chain(self.drawing());
        let declared = |study: &Study| {
            let (found, _) = study.names.declaration(name.space, &name.name)?;
            Some(self.pointer_of(study).location(found.site))
        };
        studies.find_map(declared)
    }

    /// The file that a path leads to.
    fn file_at(&self, byte: usize) -> Option<Location> {
        let tree = self.study.document()?.tree()?;
        let trail = Trail::to(tree, byte)?;
        let is_path = trail.is(&["include"])
            || matches!(trail.steps.as_slice(), [networks, _, file]
            if *networks == tree::Step::Key("networks".to_owned()) && *file == tree::Step::Key("file".to_owned()));
        let written = tree::text(tree, trail.node).filter(|_| is_path)?;
        let project = Project::of(&self.path);
        let place = project.resolve(&project.place(&self.path), written).ok()?;
        let start = Position { line: 0, character: 0 };
        let uri = self.desk.buffer(&place.real).map_or_else(|| uri::of(&place.real), |open| open.uri.clone());
        Some(Location { uri, range: Range { start, end: start } })
    }

    /// Where the name at a position is used, and perhaps where it is declared: in all that is open and what that draws in.
    pub(super) fn references(&self, asked: &ReferencesAt) -> Vec<Location> {
        let Some(name) = self.study.name_at(self.byte(asked.at.position)) else { return Vec::new() };
        let wanted = |one: &Occurrence| asked.context.include_declaration || one.part == Part::Used;
        let mut all: Vec<Location> =
            self.same(name).filter(|(_, one)| wanted(one)).map(|(location, _)| location).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Everything that is the same name, in the document and in others that share it.
    fn same<'o>(&'o self, name: &'o Occurrence) -> impl Iterator<Item = (Location, &'o Occurrence)> {
        let studies = std::iter::once(self.study).chain(self.drawing());
        studies.filter(|study| self.means_the_same(study, name)).flat_map(move |study| {
            let pointer = self.pointer_of(study);
            study.names.same(name).map(move |one| (pointer.location(one.site), one))
        })
    }

    /// Whether a study means the same by a name: it has the declaration from the same place.
    pub(super) fn means_the_same(&self, study: &Study, name: &Occurrence) -> bool {
        let declared = |study: &Study| {
            let (found, _) = study.names.declaration(name.space, &name.name)?;
            Some((study.path(found.site.file)?.to_owned(), study.sources.span(found.site).start))
        };
        // What a fragment does not declare itself is declared by those who draw it in.
        declared(self.study).is_none_or(|place| declared(study) == Some(place))
    }

    /// The other documents that are open and draw in the same files, or are drawn in.
    pub(super) fn drawing(&self) -> impl Iterator<Item = &Study> {
        let others = self.studies.iter().filter(|(path, _)| **path != self.path);
        others.map(|(_, study)| study).filter(|study| {
            let mut files = self.study.sources.files().filter_map(|(id, _)| self.study.path(id));
            files.any(|path| study.draws_in(path))
        })
    }

    pub(super) fn pointer_of<'p>(&'p self, study: &'p Study) -> super::publish::Pointer<'p> {
        super::publish::Pointer::new(study, self.desk, self.encoding)
    }
}
