//! What the proof says of a damaged ruleset.

use mailward::model::Policy;
use mailward::prove::{Difference, DifferenceKind, Logging, Names, compare, interface_patterns, meaning_of};
use mailward::readback::{Conditions, InterfaceTable, IptablesKind, Language, nothing_included, read};
use mailward::render::{Artifact, Target};
use mailward::source::{FileId, SourceFile, Sources};

use super::errand::Errand;

/// A packet that passes with a ruleset and not with another.
pub(super) struct Claim {
    /// Whether it passes with the damage, or without.
    pub(super) kind: DifferenceKind,
    pub(super) errand: Errand,
    /// The packet in words.
    pub(super) packet: String,
}

impl Claim {
    /// Whether the packet passes as the policy says, and with the damage.
    pub(super) fn passes(&self) -> (bool, bool) {
        (self.kind == DifferenceKind::Narrowed, self.kind == DifferenceKind::Widened)
    }
}

/// The first packet that can be sent and that meets something else than the policy says, whatever conditions hold; why
/// there is none.
pub(super) fn of(policy: &Policy, target: Target, files: &[Artifact]) -> Result<Claim, &'static str> {
    let mut sources = Sources::default();
    let parts: Vec<(FileId, IptablesKind)> = files.iter().map(|file| added(file, &mut sources)).collect();
    let ruleset = read(language(target), &parts, &mut sources, &mut nothing_included);
    let ruleset = ruleset.map_err(|_| "the text no longer reads as a ruleset")?;
    let table = InterfaceTable::new(interface_patterns(policy).chain(ruleset.interfaces()));
    let mut conditions = Conditions::default();
    let meaning = ruleset.meaning(&table, &mut conditions).map_err(|_| "the ruleset has no meaning")?;
    let comparison = compare(&meaning_of(policy, &table), &meaning, Logging::Not);
    let known = comparison.differences.iter().filter(|difference| !difference.is_conditional());
    let names =
        Names { left: "", right: "", interfaces: &table, conditions: &conditions, unwritten: &[policy.site] };
    let claims = known.map(|Difference { kind, packet, .. }| {
        let errand = Errand::of(packet, &table)?;
        Ok(Claim { kind: *kind, errand, packet: names.packet(packet) })
    });
    let mut why = "the same packets pass, whatever conditions hold";
    for claim in claims {
        match claim {
            Ok(claim) => return Ok(claim),
            Err(reason) => why = reason,
        }
    }
    Err(why)
}

fn added(file: &Artifact, sources: &mut Sources) -> (FileId, IptablesKind) {
    let kind = match file.name.rsplit_once('.') {
        Some((_, "ipset")) => IptablesKind::Ipset,
        _ if file.name.ends_with(".v6.rules") => IptablesKind::V6,
        _ => IptablesKind::V4,
    };
    (sources.add(SourceFile::new(file.name.clone(), file.text.clone(), None)), kind)
}

fn language(target: Target) -> Language {
    match target {
        Target::Nftables => Language::Nftables,
        Target::Iptables => Language::Iptables,
        Target::Pf(_) => panic!("no kernel here has pf"),
    }
}
