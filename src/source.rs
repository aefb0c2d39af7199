//! Files and places in them: everything a message needs to point at what somebody wrote.
//!
//! Later stages carry a [`Site`] and never a line number; only a report asks [`Sources`] for positions.

mod diagnostic;
mod edit;
mod files;
mod fix;
mod problems;
mod project;
mod read;
mod text;
mod tree;
mod yaml;

use std::ops::Range;
use std::sync::Arc;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use edit::{Change, Edit, NewItem, NewValue};
pub use files::Files;
pub use fix::{Effect, Fix, Safety};
pub use problems::{MOST_PROBLEMS, Problems};
pub use project::{Astray, Place, Project, tidy, written};
pub use read::{LARGEST_FILE, ReadError, read, read_limited, reason};
pub use text::{decode, is_invisible, mark, quoted};
pub use tree::{Kind, Node, NodeId, Tree};
pub use yaml::{DEEPEST, MOST_NODES};

/// One file of a run, by its order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(u32);

/// A place in a file: a node of its tree, or bytes where there is no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub at: At,
}

/// The part of a file a [`Site`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A key, value or item of the tree.
    Node(NodeId),
    /// A byte range, for text that did not become a tree.
    Bytes {
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
    },
}

impl Site {
    /// A node of a file's tree.
    #[must_use]
    pub const fn node(file: FileId, node: NodeId) -> Self {
        Self { file, at: At::Node(node) }
    }

    /// Bytes of a file; files are far smaller than 4 GiB.
    #[must_use]
    pub fn bytes(file: FileId, bytes: Range<usize>) -> Self {
        let [start, end] = [bytes.start, bytes.end].map(|byte| u32::try_from(byte).unwrap_or(u32::MAX));
        Self { file, at: At::Bytes { start, end } }
    }
}

impl Site {
    /// Some bytes of a byte range, counted from its start; a node stays whole.
    #[must_use]
    pub fn part(self, bytes: Range<usize>) -> Self {
        match self.at {
            At::Node(_) => self,
            At::Bytes { start, .. } => {
                let start = start as usize;
                Self::bytes(self.file, start + bytes.start..start + bytes.end)
            }
        }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub site: Site,
}

/// A position for people: both numbers count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The text of one file, with what was understood of its shape.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: String,
    reference: String,
    text: String,
    line_starts: Vec<usize>,
    tree: Option<Tree>,
}

/// All files of a run. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl SourceFile {
    /// A file under the name that messages use: relative, with `/`.
    #[must_use]
    pub fn new(path: String, text: String, tree: Option<Tree>) -> Self {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { reference: path.clone(), path, text, line_starts, tree }
    }

    /// The same file under another name in rulesets: relative to the project, wherever mailward is run.
    #[must_use]
    pub fn with_reference(self, reference: String) -> Self {
        Self { reference, ..self }
    }

    /// The name that messages use: relative, with `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree, if the text is one YAML document within the limits.
    #[must_use]
    pub fn tree(&self) -> Option<&Tree> {
        self.tree.as_ref()
    }

    /// The byte at which each line starts.
    #[must_use]
    pub fn line_starts(&self) -> &[usize] {
        &self.line_starts
    }

    /// The position of a byte; the end of the text for a byte beyond it.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= byte);
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index)).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or_else(|| self.text.get(start..).unwrap_or(""));
        Position { line, column: before.chars().count() + 1 }
    }
}

impl Sources {
    /// Adds a file and gives it its number.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(Arc::new(file));
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The number that the next file will get.
    #[must_use]
    pub fn next_file(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// Reads YAML text and adds it, with what was wrong with it.
    pub fn add_yaml(&mut self, file: SourceFile) -> (FileId, Vec<Diagnostic>) {
        let id = self.next_file();
        let (tree, problems) = yaml::parse(id, &file.text);
        (self.add(SourceFile { tree, ..file }), problems)
    }

    /// The file with that number; every number in use was given by [`Sources::add`].
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize).map(Arc::as_ref)
    }

    /// The names of all files, in the order of their reading.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.path())
    }

    /// Whether both are the same files under the same names in rulesets, read in the same order.
    #[must_use]
    pub fn are_same(&self, other: &Self) -> bool {
        let is_same = |one: &SourceFile, other: &SourceFile| {
            (&one.reference, &one.text) == (&other.reference, &other.text)
        };
        self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(|(one, other)| is_same(one, other))
    }

    /// Every file with its number, in the order of reading.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(self.files.iter().map(Arc::as_ref))
    }

    /// The bytes of a place.
    #[must_use]
    pub fn span(&self, site: Site) -> Range<usize> {
        match site.at {
            At::Bytes { start, end } => start as usize..end as usize,
            At::Node(node) => self
                .file(site.file)
                .and_then(SourceFile::tree)
                .and_then(|tree| tree.node(node))
                .map_or(0..0, |node| node.span.clone()),
        }
    }

    /// The same place by its bytes, which it can be found by without a tree.
    #[must_use]
    pub fn in_bytes(&self, site: Site) -> Site {
        Site::bytes(site.file, self.span(site))
    }

    /// Lets go of the trees of files that nobody else holds: they take most of the memory.
    pub fn forget_trees(&mut self) {
        for file in self.files.iter_mut().filter_map(Arc::get_mut) {
            file.tree = None;
        }
    }

    /// The position at which a place starts.
    #[must_use]
    pub fn position(&self, site: Site) -> Position {
        let start = self.span(site).start;
        self.file(site.file).map_or(Position { line: 1, column: 1 }, |file| file.position(start))
    }

    /// `path:line:column` of a place, as messages write it.
    #[must_use]
    pub fn place(&self, site: Site) -> String {
        let path = self.file(site.file).map_or("", SourceFile::path);
        let Position { line, column } = self.position(site);
        format!("{path}:{line}:{column}")
    }

    /// `path:line` of a place, as comments in rulesets quote it.
    #[must_use]
    pub fn line_reference(&self, site: Site) -> String {
        let path = self.file(site.file).map_or("", |file| &file.reference);
        format!("{path}:{}", self.position(site).line)
    }
}
