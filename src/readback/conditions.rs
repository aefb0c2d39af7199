//! Conditions that nobody can look into, known by their texts.

use std::collections::BTreeMap;

/// The conditions of all rulesets that are looked at together: one number for each text.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    texts: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

/// How often a changing condition was met in one ruleset.
#[derive(Debug, Default)]
pub(super) struct Occurrences(BTreeMap<String, u32>);

impl Conditions {
    /// The number of a condition that holds for a packet wherever it stands: equal texts are one condition.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The number of a condition that may change between two looks at it, such as a limit: each place has its own. The
    /// first place in one ruleset is taken for the first one in another.
    pub(super) fn changing(&mut self, text: &str, occurrences: &mut Occurrences) -> u32 {
        let count = occurrences.0.entry(text.to_owned()).or_default();
        *count += 1;
        let numbered = if *count == 1 { text.to_owned() } else { format!("{text} (no. {count})") };
        self.number(&numbered)
    }

    /// The text of a condition.
    #[must_use]
    pub fn text(&self, number: u32) -> Option<&str> {
        self.texts.get(number as usize).map(String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The texts, by number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..).zip(self.texts.iter().map(String::as_str))
    }
}
