//! Names in OSCAL: UUIDs, tokens and links, each made from what it stands for.

use uuid::Uuid;

use super::NAMESPACE;
use crate::model::Profile;
use crate::report::findings::reference;

/// Names for the parts of one thing. The same words give the same name in every run (RFC 9562 §5.5).
pub(super) struct Names(Uuid);

impl Names {
    /// Names for the parts of what these words stand for.
    pub(super) fn new(words: &str) -> Self {
        let own = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
        Self(Uuid::new_v5(&own, words.as_bytes()))
    }

    pub(super) fn uuid(&self, words: &str) -> Uuid {
        Uuid::new_v5(&self.0, words.as_bytes())
    }
}

/// The tokens of a control and of its statement. Those of NIST SP 800-53 are the ones of NIST's own catalogue: `sc-7.4` and `sc-7.4_smt.d`
/// for `SC-7(4)(d)`. For the others there is no catalogue of the publisher to follow.
pub(super) fn control(profile: &str, id: &str) -> (String, String) {
    if profile != Profile::Nist80053.name() {
        let control = format!("{}_{}", token(profile), token(id));
        let statement = format!("{control}_smt");
        return (control, statement);
    }
    let (mut control, mut items) = (String::new(), String::new());
    for part in id.to_ascii_lowercase().split(['(', ')']).filter(|part| !part.is_empty()) {
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        let (to, sign) = match control.is_empty() {
            true => (&mut control, ""),
            false if is_number => (&mut control, "."),
            false => (&mut items, "."),
        };
        to.extend([sign, &token(part)]);
    }
    let statement = format!("{control}_smt{items}");
    (control, statement)
}

/// The letters and digits of a text, with single signs between them.
fn token(text: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let parts: Vec<&str> = text.split(|c| !is_kept(c)).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "_".to_owned() } else { parts.join(".") }
}

/// A link to a line of a file.
pub(super) fn link(path: &str, line: Option<usize>) -> String {
    let encoded = reference(path);
    match line {
        Some(line) => format!("{encoded}#L{line}"),
        None => encoded,
    }
}

/// A text on one line, without blanks around it.
pub(super) fn one_line(text: &str) -> String {
    let shown = |c| if crate::model::unprintable(c) { char::REPLACEMENT_CHARACTER } else { c };
    let text: String = text.trim().chars().map(shown).collect();
    if text.is_empty() { "none".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_of_nist_have_the_tokens_of_its_catalogue() {
        let tokens = |id| control("nist-800-53r5", id);
        assert_eq!(tokens("SC-7"), ("sc-7".to_owned(), "sc-7_smt".to_owned()));
        assert_eq!(tokens("SC-7(5)"), ("sc-7.5".to_owned(), "sc-7.5_smt".to_owned()));
        assert_eq!(tokens("SC-7(4)(d)"), ("sc-7.4".to_owned(), "sc-7.4_smt.d".to_owned()));
    }

    #[test]
    fn other_controls_have_the_profile_in_front() {
        let token = |profile, id| control(profile, id).0;
        assert_eq!(token("pci-dss-4.0.1", "1.2.5"), "pci-dss-4.0.1_1.2.5");
        assert_eq!(token("hipaa", "164.312(e)(1)"), "hipaa_164.312.e.1");
        assert_eq!(token("rfc", "8314 §4.1"), "rfc_8314.4.1");
        assert_eq!(token("acme", "ACME-SEC 4.2, §ä"), "acme_ACME-SEC.4.2");
        assert_eq!(token("", "§"), "___");
    }

    #[test]
    fn links_hold_any_path() {
        assert_eq!(link("a b/ä:#.yaml", Some(3)), "a%20b/%C3%A4%3A%23.yaml#L3");
        assert_eq!(link("<stdin>", None), "%3Cstdin%3E");
    }

    #[test]
    fn the_same_words_give_the_same_name() {
        let uuid = Names::new("a").uuid("b");
        assert_eq!(uuid, Names::new("a").uuid("b"));
        assert!(uuid != Names::new("a").uuid("c") && uuid != Names::new("c").uuid("b"));
        assert_eq!(uuid.get_version_num(), 5);
    }
}
