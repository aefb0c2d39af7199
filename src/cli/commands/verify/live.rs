//! The rules that this machine has loaded, as its own tools list them.

mod ask;
mod pf;

use ask::Question;

use crate::cli::failure::Failure;
use crate::cli::operand::{Operand, Text};
use crate::readback::{IptablesKind, Language};

/// The ruleset of a language that is loaded.
///
/// # Errors
/// A tool that is not there, that refuses, or that does not come to an end.
pub(super) fn listed(language: Language) -> Result<Operand, Failure> {
    let (called, texts) = match language {
        Language::Nftables => ("nft -nn list ruleset", vec![nftables()?]),
        Language::Iptables => ("iptables-save, ip6tables-save", iptables()?),
        Language::Pf(dialect) => ("pfctl", pf::listed(dialect)?),
    };
    Ok(Operand::texts(language, called, texts))
}

fn nftables() -> Result<Text, Failure> {
    let question = Question::new("nft", &["-nn", "list", "ruleset"]);
    Ok(question.text(question.answer()?, IptablesKind::V4))
}

/// The rules of both families, and where there is a tool for sets, the sets.
fn iptables() -> Result<Vec<Text>, Failure> {
    let v4 = Question::new("iptables-save", &[]);
    let v6 = Question::new("ip6tables-save", &[]);
    let sets = Question::new("ipset", &["save"]);
    let mut texts = vec![v4.text(v4.answer()?, IptablesKind::V4), v6.text(v6.answer()?, IptablesKind::V6)];
    texts.extend(sets.answer_if_there()?.map(|content| sets.text(content, IptablesKind::Ipset)));
    Ok(texts)
}
