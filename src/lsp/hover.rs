//! What something is: a service, a place, a rule, a check.

use super::lines::Lines;
use super::names::{Occurrence, Space};
use super::protocol::{Hover, Markup, Position};
use super::server::Open;
use super::tree::Trail;
use crate::analyze::{
    Decisions, Effect, Portrait, Scope, Share, Subject, Vocabulary, as_said, spell_addresses,
};
use crate::catalog;
use crate::lint;
use crate::model::{Addresses, Origin, Policy, Rule, Zone};
use crate::packet::Cube;
use crate::report::services::{details, terms};

/// How many boxes of packets a rule is told by; the rest is counted.
const MOST_BOXES: usize = 8;

impl Open<'_> {
    /// What there is to say about the word at a position.
    pub(super) fn hover(&self, position: Position) -> Option<Hover> {
        let byte = self.byte(position);
        if let Some(name) = self.study.name_at(byte) {
            let text = self.told(name)?;
            return Some(Hover { contents: Markup::new(text), range: self.pointer().range(name.site) });
        }
        let word = word(self.text(), byte);
        let check = lint::find(self.text().get(word.clone())?).filter(|_| self.is_of_check(byte))?;
        let range = Lines::of(self.text(), self.encoding).range(word);
        Some(Hover { contents: Markup::new(page(check.meta())), range })
    }

    /// Whether checks are named at a byte: in a comment for mailward, or behind `checks`.
    fn is_of_check(&self, byte: usize) -> bool {
        let line = self.text().get(..byte).and_then(|text| text.rsplit('\n').next()).unwrap_or_default();
        let tree = self.study.document().and_then(|file| file.tree());
        let trail = tree.and_then(|tree| Trail::to(tree, byte));
        line.contains("# mailward: allow(") || trail.is_some_and(|trail| trail.is(&["exceptions", "checks"]))
    }

    fn told(&self, name: &Occurrence) -> Option<String> {
        let policy = self.study.policy.as_ref().map(|(policy, _)| policy);
        match name.space {
            Space::Services => service(&name.name, policy),
            Space::Places => place(&name.name, policy),
            Space::Rules => rule(&name.name, policy?),
        }
    }
}

/// The bytes of the word around a byte.
fn word(text: &str, byte: usize) -> std::ops::Range<usize> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let before = text.get(..byte).unwrap_or_default();
    let behind = text.get(byte..).unwrap_or_default();
    before.trim_end_matches(is_of_word).len()
        ..byte + (behind.len() - behind.trim_start_matches(is_of_word).len())
}

/// What a check finds: its title and the first paragraph of its page.
fn page(meta: &lint::Meta) -> String {
    let mut paragraphs = meta.page.split("\n\n").map(str::trim);
    let first = paragraphs.find(|text| !text.starts_with('#')).unwrap_or(meta.summary);
    format!("**{}** ({})\n\n{first}", meta.id, meta.severity.name())
}

fn service(name: &str, policy: Option<&Policy>) -> Option<String> {
    let own = policy.and_then(|policy| policy.services.iter().find(|one| one.name.value.as_str() == name));
    match own {
        Some(own) => Some(format!("service **{name}**: {}", terms(own.value.terms()))),
        None => catalog::service(name).map(|service| format!("```text\n{}```", details(service))),
    }
}

fn place(name: &str, policy: Option<&Policy>) -> Option<String> {
    let zone = policy.and_then(|policy| policy.zones.iter().find(|zone| zone.name.value.as_str() == name));
    if let (Some(zone), Some(policy)) = (zone, policy) {
        return Some(of_zone(zone, policy));
    }
    let network =
        policy.and_then(|policy| policy.networks.iter().find(|one| one.name.value.as_str() == name));
    if let Some(network) = network {
        return Some(format!("network **{name}**: {}", listed(&network.value)));
    }
    let network = catalog::network(name)?;
    Some(format!("built-in network **{name}**: {}\n\n{}", network.title(), listed(&network.addresses())))
}

fn of_zone(zone: &Zone, policy: &Policy) -> String {
    let names: Vec<String> = policy
        .interfaces
        .named()
        .filter(|(number, _)| zone.interfaces.contains(*number))
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    let by = if zone.interfaces.is_full() { "any interface".to_owned() } else { names.join(", ") };
    let addresses = if zone.has_networks { listed(&zone.addresses) } else { "every address".to_owned() };
    let trust = match zone.trust {
        crate::model::Trust::Internal => "internal",
        crate::model::Trust::Untrusted => "untrusted",
    };
    format!("zone **{}** ({trust}): {addresses}\n\nby {by}", zone.name.value)
}

fn listed(addresses: &Addresses) -> String {
    spell_addresses(addresses).join(", ")
}

/// What a rule decides, or why nothing.
fn rule(id: &str, policy: &Policy) -> Option<String> {
    let index = policy.rules.iter().position(|rule| rule.id.value.as_str() == id)?;
    let rule = policy.rules.get(index)?;
    let decisions = Decisions::new(policy);
    let head = format!("rule **{id}**: {}", rule.action.value.name());
    let reason = rule.reason.as_ref().map(|reason| format!("> {reason}"));
    let body = match shadowed(&decisions, index, rule) {
        Some(text) => text,
        None => decided(&decisions, index, id),
    };
    Some([Some(head), reason, Some(body)].into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

/// Why a rule decides nothing, if so.
fn shadowed(decisions: &Decisions<'_>, index: usize, rule: &Rule) -> Option<String> {
    if let Some(reason) = &rule.disabled {
        return Some(format!("It is disabled: {reason}"));
    }
    let shadowed = decisions.shadowed(index)?;
    let by: Vec<String> = shadowed.by.iter().map(|origin| who(decisions.policy(), *origin)).collect();
    let all = format!("It never decides a packet: all of its packets are decided by {}", by.join(", "));
    Some(match shadowed.effect {
        Effect::Redundant => format!("{all}, as it would decide them."),
        Effect::Contradicted => format!("{all}, some of them otherwise."),
        Effect::Undecided => {
            "Whether it decides any packet could not be told within the limit of work.".to_owned()
        }
    })
}

fn who(policy: &Policy, origin: Origin) -> String {
    match origin {
        Origin::Rule(index) => {
            format!("rule `{}`", policy.rules.get(index).map_or("", |rule| rule.id.value.as_str()))
        }
        Origin::Baseline(part) => Subject::Baseline(part.name()).to_string(),
        Origin::Default => "the default".to_owned(),
    }
}

/// The packets that a rule decides, in the words of the policy.
fn decided(decisions: &Decisions<'_>, index: usize, id: &str) -> String {
    let cubes: Vec<Cube> = decisions.cubes_of_rule(index).cloned().collect();
    let answer = decisions.query(&cubes, Scope::Rules);
    let shares = answer.allowed.iter().chain(&answer.refused);
    let own: Vec<&Share<'_>> = shares.filter(|share| share.subject == Subject::Rule(id)).collect();
    let vocabulary = Vocabulary::of(decisions.policy());
    let said = |cubes: &[Cube]| vocabulary.portraits(&cubes.iter().map(as_said).collect::<Vec<Cube>>());
    let boxes: Vec<Portrait> = own.iter().flat_map(|share| said(&share.cubes)).collect();
    let mut lines: Vec<String> =
        boxes.iter().take(MOST_BOXES).map(|one| format!("- {one} ({})", one.size)).collect();
    if let Some(more) = boxes.len().checked_sub(MOST_BOXES).filter(|&more| more > 0) {
        lines.push(format!("- and {more} more"));
    }
    let mut before: Vec<String> = own
        .iter()
        .flat_map(|share| &share.except)
        .filter(|except| !matches!(except.subject, Subject::Baseline(_)))
        .map(|except| except.subject.to_string())
        .collect();
    before.dedup();
    let except = match before.as_slice() {
        [] => String::new(),
        before => format!("\n\nexcept what is decided before it by {}", before.join(", ")),
    };
    match lines.as_slice() {
        [] => "What it decides is said by no rule but by the baseline.".to_owned(),
        lines => format!("It decides\n\n{}{except}", lines.join("\n")),
    }
}
