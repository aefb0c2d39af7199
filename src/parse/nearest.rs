//! The valid word that somebody most likely meant.

/// What people write who come from another tool, and what mailward calls it.
const SYNONYMS: &[(&str, &str)] = &[
    ("accept", "allow"),
    ("permit", "allow"),
    ("pass", "allow"),
    ("drop", "deny"),
    ("block", "deny"),
    ("discard", "deny"),
    ("source", "from"),
    ("sources", "from"),
    ("src", "from"),
    ("destination", "to"),
    ("destinations", "to"),
    ("dst", "to"),
    ("dest", "to"),
    ("service", "services"),
    ("port", "services"),
    ("ports", "services"),
    ("comment", "reason"),
    ("description", "reason"),
    ("name", "id"),
    ("logging", "log"),
    ("verdict", "action"),
    ("policy", "action"),
    ("enabled", "disabled"),
    ("until", "observe-until"),
    ("mta", "mta-out"),
    ("includes", "include"),
    ("exclude", "except"),
    ("expiry", "expires"),
    ("expiration", "expires"),
    ("icmp6", "icmpv6"),
    ("neighbor-discovery", "neighbour-discovery"),
];

/// Longer words are not compared: nobody meant them.
const LONGEST: usize = 64;

/// The candidate nearest to a word: the same but for case and separators, or one that a slip or two (one in
/// three letters) turn into it or into a synonym of it. The first of several equally near ones.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = plain(word);
    let distance = |candidate: &'c str| {
        let synonyms = SYNONYMS.iter().filter(|(_, ours)| *ours == candidate).map(|(foreign, _)| *foreign);
        let to_synonym = synonyms.map(|foreign| strsim::osa_distance(&word, foreign)).min();
        strsim::osa_distance(&word, &plain(candidate)).min(to_synonym.unwrap_or(usize::MAX))
    };
    // `untrusted` is near to `trusted` and means the opposite.
    let candidates = candidates.into_iter().filter(|candidate| candidate.strip_prefix("un") != Some(&word));
    let near = candidates.map(|candidate| (distance(candidate), candidate));
    let (distance, candidate) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= (word.chars().count() / 3).max(1)).then_some(candidate)
}

/// What to do about an unknown word: the nearest valid one, or all of them.
#[must_use]
pub fn did_you_mean(word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if candidates.len() == 1 => format!("write {}", list(candidates)),
        None => format!("write one of {}", list(candidates)),
    }
}

/// Words in back-ticks with commas.
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

fn plain(word: &str) -> String {
    word.to_lowercase().replace(['_', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &["id", "action", "from", "to", "services", "reason"];

    #[test]
    fn slips_find_their_word() {
        for (word, meant) in [("form", "from"), ("servces", "services"), ("Action", "action"), ("iid", "id")]
        {
            assert_eq!(nearest(word, KEYS.iter().copied()), Some(meant), "{word}");
        }
    }

    #[test]
    fn words_of_other_tools_find_theirs() {
        for (word, meant) in [("source", "from"), ("dst", "to"), ("ports", "services"), ("comment", "reason")]
        {
            assert_eq!(nearest(word, KEYS.iter().copied()), Some(meant), "{word}");
        }
        assert_eq!(nearest("drop", ["allow", "deny", "reject"]), Some("deny"));
        assert_eq!(nearest("dorp", ["allow", "deny", "reject"]), Some("deny"));
    }

    #[test]
    fn far_words_find_nothing_and_long_ones_are_not_compared() {
        assert_eq!(nearest("quota", KEYS.iter().copied()), None);
        assert_eq!(nearest("trusted", ["internal", "untrusted"]), None, "that is the opposite");
        assert_eq!(nearest(&"from".repeat(1_000_000), KEYS.iter().copied()), None);
        assert_eq!(did_you_mean("quota", &["a-long-one", "another"]), "write one of `a-long-one`, `another`");
    }
}
