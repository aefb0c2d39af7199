//! How large a policy may become while its names are looked up.
//!
//! Names stand for names, and a rule multiplies its two sides: a short file can mean more than any machine holds.
//! What it comes to is counted before it is built.

use crate::source::{Diagnostic, Site};

/// How many names may lead to one another before an address or a port: the stack of a thread bears a hundred times
/// that.
const DEEPEST_NAME: usize = 64;

/// How many interfaces a policy may name, and how many zones it may have. Interfaces are numbered in 16 bits, and
/// there must be numbers left for those that it does not name; every two zones are compared.
pub(super) const MOST_INTERFACES: usize = 4_096;

/// How many parts, of some 32 bytes each, all names and rules of a policy may come to: runs of addresses, kinds of
/// traffic, and [`ENTRY`] for each entry.
const MOST_PARTS: usize = 1 << 23;

/// How many comparisons of two kinds of traffic count as one part: each of a list is compared with each.
pub(super) const COMPARISONS: usize = 64;

/// What an entry takes besides its traffic, in parts.
pub(super) const ENTRY: usize = 8;

/// How deep the names are that are being looked up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Nesting {
    /// Names that are being looked up.
    open: usize,
    /// The most that were open at once since the innermost of them was begun, names known before included.
    deepest: usize,
}

/// The parts that are left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    left: Option<usize>,
}

impl Nesting {
    /// Whether a name that leads through so many names, itself included, may be looked up here.
    pub(super) fn has_room(&mut self, height: usize) -> bool {
        let reached = self.open + height;
        let fits = reached <= DEEPEST_NAME;
        self.deepest = if fits { self.deepest.max(reached) } else { self.deepest };
        fits
    }

    /// Begins a name. What it returns belongs to [`Nesting::leave`].
    pub(super) fn enter(&mut self) -> Self {
        let before = *self;
        self.open += 1;
        self.deepest = self.open;
        before
    }

    /// Ends a name and tells through how many names it leads, itself included.
    pub(super) fn leave(&mut self, before: Self) -> usize {
        let height = self.deepest.saturating_sub(before.open);
        *self = Self { deepest: before.deepest.max(self.deepest), ..before };
        height
    }
}

impl Budget {
    /// All of it.
    pub(super) fn new() -> Self {
        Self { left: Some(MOST_PARTS) }
    }

    /// Takes so many parts; false if there are not so many left, which is reported once.
    pub(super) fn take(&mut self, parts: usize, site: Site, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let Some(left) = self.left else { return false };
        self.left = left.checked_sub(parts);
        if self.left.is_none() {
            let title = "the names and rules of this policy come to more than can be kept in memory";
            diagnostics.push(
                Diagnostic::error("too-large", site, title)
                    .label("this is where it becomes too much")
                    .help("name larger networks, name fewer zones in one rule, or split the policy"),
            );
        }
        self.left.is_some()
    }
}

/// A name that leads through too many other names.
pub(super) fn too_deep(kind: &str, name: &str, site: Site) -> Diagnostic {
    let title =
        format!("{kind} `{name}` stands behind more than {DEEPEST_NAME} names that lead to one another");
    Diagnostic::error("too-deep", site, title).help("write the members out in one of them")
}

/// More interfaces or zones than can be told apart.
pub(super) fn too_many(what: &str, site: Site) -> Diagnostic {
    let title = format!("a policy has at most {MOST_INTERFACES} {what}");
    Diagnostic::error("too-large", site, title)
        .help("split the policy, or use fewer zones with more `networks`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn a_name_is_as_high_as_what_it_leads_through() {
        let mut nesting = Nesting::default();
        let outer = nesting.enter();
        assert!(nesting.has_room(3));
        let inner = nesting.enter();
        assert_eq!(nesting.leave(inner), 1);
        assert_eq!(nesting.leave(outer), 4);
        assert!(nesting.has_room(DEEPEST_NAME) && !nesting.has_room(DEEPEST_NAME + 1));
    }

    #[test]
    fn a_budget_is_spent_once_and_says_so_once() {
        let (mut budget, mut diagnostics) = (Budget::new(), Vec::new());
        let file = crate::parse::text("p.yaml", "", &mut Sources::default()).main.file;
        let mut take = |parts| budget.take(parts, Site::bytes(file, 0..0), &mut diagnostics);
        assert!(take(MOST_PARTS) && take(0));
        assert!(!take(1) && !take(0));
        assert_eq!(diagnostics.len(), 1);
    }
}
