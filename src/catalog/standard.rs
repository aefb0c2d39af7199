//! Standards, as far as rules of a packet filter touch them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::CatalogError;
use super::data::{ControlData, DataFile, STANDARDS, StandardData};
use crate::model::Profile;

/// What a profile asks for: a standard that somebody published, or practices of our own.
#[derive(Debug)]
pub struct Standard {
    profile: Profile,
    basis: Basis,
    cites: Option<String>,
    data: StandardData,
    controls: Vec<Control>,
}

/// What the controls of a standard are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Those that the standard has, by its own numbers.
    #[default]
    Control,
    /// Every part of it that a check cites; [`Standard::controls`] are the works it consists of.
    Citation,
    /// Every check of the profile.
    Check,
}

/// One thing that a standard asks for.
#[derive(Debug)]
pub struct Control {
    /// Its number, as checks cite it: `1.2.5`, `SC-7(5)`.
    pub id: String,
    /// What it asks for, in our own words.
    pub title: String,
    /// What packet rules can show of it.
    pub shows: Option<String>,
    /// What they cannot show.
    pub beyond: Option<String>,
    /// Whether packet rules can show that it is broken, and never that it holds: encryption, for one.
    pub is_only_refuted: bool,
    /// Why nothing is said about it where no check speaks of it.
    pub undecidable: Option<String>,
}

impl Standard {
    /// The profile that asks for it.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// What its controls are.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.data.title
    }

    /// Which version of it is meant; none for what has no version of its own.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.data.version.as_deref()
    }

    /// Who published it.
    #[must_use]
    pub fn publisher(&self) -> &str {
        &self.data.publisher
    }

    /// What packet rules show of none of its controls.
    #[must_use]
    pub fn beyond(&self) -> Option<&str> {
        self.data.beyond.as_deref()
    }

    /// Its controls, in its own order.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The part of it that a source of a check names: `1.2.5` for `PCI DSS 4.0.1 1.2.5`. None if the source is another work.
    #[must_use]
    pub fn cited<'s>(&self, source: &'s str) -> Option<&'s str> {
        source.strip_prefix(self.cites.as_deref()?)?.strip_prefix(' ')
    }
}

impl Control {
    /// Whether a part of the standard is this control, or an item of it: `SC-7(4)(d)` is an item of `SC-7(4)`, and `SC-7(4)` is a
    /// control beside `SC-7`.
    #[must_use]
    pub fn is(&self, part: &str) -> bool {
        let Some(item) = part.strip_prefix(self.id.as_str()) else { return false };
        let mut letters = item.chars();
        item.is_empty()
            || letters.next() == Some('(') && letters.next().is_some_and(|c| c.is_ascii_lowercase())
    }
}

static READ: LazyLock<Result<Vec<Standard>, CatalogError>> =
    LazyLock::new(|| STANDARDS.iter().map(|file| read(file)).collect());

/// Every standard, in the order of the profiles.
///
/// # Errors
/// Which data file is broken, and why: a bug in mailward.
pub fn standards() -> Result<&'static [Standard], &'static CatalogError> {
    READ.as_deref()
}

/// The standard that a profile asks for. None only if [`standards`] fails.
#[must_use]
pub fn standard(profile: Profile) -> Option<&'static Standard> {
    standards().ok()?.iter().find(|standard| standard.profile == profile)
}

fn read(file: &'static DataFile) -> Result<Standard, CatalogError> {
    let mut data: StandardData = file.read()?;
    let profile = Profile::ALL.iter().find(|(_, name)| *name == data.profile);
    let (profile, _) = profile.ok_or_else(|| CatalogError::entry(file, &data.profile, &"no profile"))?;
    let mut known = BTreeSet::new();
    for ControlData { id, .. } in &data.controls {
        if !known.insert(id.clone()) {
            return Err(CatalogError::entry(file, id, &"the control is there twice"));
        }
    }
    let controls = std::mem::take(&mut data.controls).into_iter().map(control).collect();
    Ok(Standard { profile: *profile, basis: data.each, cites: data.cites.take(), controls, data })
}

fn control(data: ControlData) -> Control {
    let ControlData { id, title, shows, beyond, only_against, not_decidable } = data;
    Control { id, title, shows, beyond, is_only_refuted: only_against, undecidable: not_decidable }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_a_standard() {
        let profiles: Vec<Profile> = standards().unwrap().iter().map(Standard::profile).collect();
        let named: Vec<Profile> = Profile::ALL.iter().map(|(profile, _)| *profile).collect();
        assert_eq!(profiles, named);
    }

    #[test]
    fn a_source_names_a_part_of_one_standard() {
        let pci = standard(Profile::Pci).unwrap();
        assert_eq!(pci.cited("PCI DSS 4.0.1 1.2.5"), Some("1.2.5"));
        assert_eq!(pci.cited("PCI DSS 4.0.11.2.5"), None);
        assert_eq!(pci.cited("NIST SP 800-53r5 SC-7"), None);
        assert_eq!(standard(Profile::Mail).unwrap().cited("RFC 8314 §4.1"), None);
    }

    #[test]
    fn items_belong_to_their_control_and_enhancements_do_not() {
        let nist = standard(Profile::Nist80053).unwrap();
        let control = |id| nist.controls().iter().find(|control| control.id == id).unwrap();
        assert!(control("SC-7(4)").is("SC-7(4)") && control("SC-7(4)").is("SC-7(4)(d)"));
        assert!(!control("SC-7").is("SC-7(4)") && !control("SC-7(4)").is("SC-7"));
    }

    #[test]
    fn what_rules_show_of_a_control_has_an_end() {
        for standard in standards().unwrap().iter().filter(|standard| standard.basis == Basis::Control) {
            for control in standard.controls() {
                assert_eq!(control.shows.is_some(), control.beyond.is_some(), "{}", control.id);
                assert!(control.shows.is_some() || control.undecidable.is_some(), "{}", control.id);
            }
        }
    }

    #[test]
    fn titles_are_in_lower_case_and_without_a_full_stop() {
        for control in standards().unwrap().iter().flat_map(Standard::controls) {
            let texts = [Some(&control.title), control.shows.as_ref(), control.beyond.as_ref()];
            for text in texts.into_iter().flatten().chain(&control.undecidable) {
                assert!(!text.ends_with('.') && text.trim() == text && !text.is_empty(), "{text}");
            }
        }
    }
}
