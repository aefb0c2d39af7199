//! pf, in the dialects of OpenBSD and FreeBSD.
//!
//! pf has a way in and a way out and no hooks; it decides like the hooks of the model because
//!
//! * packets for this machine are told apart on the way in ([`incoming`]), and the entries of the input hook decide
//!   only them;
//! * packets for others come in without a state and carry a tag with the interface they came from; the entries of
//!   the forward hook decide them on the way out ([`outgoing`]), where both interfaces are known. A state on the
//!   way in would outlive a refusal on the way out, and pf would then let packets of the reverse direction out that
//!   no rule accepts. The state of the way out gives all packets of its flow a tag, so that answers leave without
//!   another look at the rules;
//! * this machine's own packets are told apart by their source, which no packet for others may come in with.
//!
//! Every rule that decides is `quick`: the first match counts, as in the model. Entries about known flows need no
//! rule, since pf looks for a state first; invalid packets of known flows it drops by itself.

mod clause;
mod draft;
mod icmp;
mod incoming;
mod outgoing;
mod refusal;
mod rule;
mod tables;
mod wiring;

use ipnet::IpNet;
use minijinja::{Value, context};

use super::addresses::prefix_words;
use super::piece::{Piece, piece, remark, values};
use super::{Artifact, Dialect, Rendering, origin};
use crate::source::Diagnostic;
use draft::{Block, Draft, Section};
use tables::Tables;

/// How to load the file, and what to know about it.
const USAGE: [&str; 3] = [
    "Check it with `pfctl -nf FILE`, load it with `pfctl -f FILE`; known flows keep their states.",
    "pf has no limit for logs: what passes is logged once per flow, what is refused each time.",
    "Packets with IP options are dropped, as pf does by default.",
];

/// Renders the policy.
pub(super) fn render(rendering: &Rendering<'_>, dialect: Dialect) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let mut draft = Draft::new(*rendering, dialect);
    draft.problems = refusal::refusals(rendering, dialect);
    let mut sections = incoming::sections(&mut draft);
    sections.extend(outgoing::sections(&mut draft));
    if !draft.problems.is_empty() {
        draft.problems.dedup();
        return Err(draft.problems);
    }
    let header = origin::header(rendering.policy, rendering.target, &USAGE);
    let view = context! {
        header => values(header),
        options => values(options(&draft, dialect)),
        tables => draft.tables.used().map(|(name, prefixes)| table(name, prefixes)).collect::<Vec<_>>(),
        sections => sections.into_iter().map(section).collect::<Vec<_>>(),
    };
    let ending = match dialect {
        Dialect::OpenBsd => "openbsd.pf.conf",
        Dialect::FreeBsd => "freebsd.pf.conf",
    };
    Ok(vec![rendering.artifact("pf.conf.j2", ending, &view)?])
}

/// What packets of this machine come from: its addresses, or none yet (RFC 2131 §4.1, RFC 4862 §5.4.2).
fn own_addresses() -> [Piece; 3] {
    ["(self)", "0.0.0.0", "::"].map(Piece::literal)
}

/// Most entries of all tables together, and most tables, without an option (pf.conf(5), `set limit`).
const TABLE_ENTRIES: usize = 100_000;
const TABLES: usize = 1_000;

/// The options and, on FreeBSD, the normalisation that must come before the rules.
fn options(draft: &Draft<'_>, dialect: Dialect) -> Vec<Piece> {
    let skip = draft.policy().baseline.loopback.then(|| piece!("set skip on {}", draft.wiring.loopback()));
    let fixed = ["set block-policy drop", "set state-policy floating", "set ruleset-optimization none"];
    let reassembly = match dialect {
        Dialect::OpenBsd => "set reassemble yes",
        // FreeBSD 14 has no such option; there, `scrub` puts fragments together.
        Dialect::FreeBsd => "scrub in all",
    };
    let fixed = fixed.into_iter().map(Piece::literal).chain(skip);
    fixed.chain(limits(&draft.tables, dialect)).chain([Piece::literal(reassembly)]).collect()
}

fn limits(tables: &Tables, dialect: Dialect) -> Vec<Piece> {
    let (count, entries) =
        tables.used().fold((0, 0), |(count, sum), (_, prefixes)| (count + 1, sum + prefixes.len()));
    // pf holds the old tables and the new ones while it swaps them.
    let entries = (entries * 2 > TABLE_ENTRIES).then(|| piece!("set limit table-entries {}", entries * 2));
    // FreeBSD does not count tables.
    let many = dialect == Dialect::OpenBsd && count * 2 > TABLES;
    entries.into_iter().chain(many.then(|| piece!("set limit tables {}", count * 2))).collect()
}

fn table(name: &Piece, prefixes: Vec<IpNet>) -> Value {
    context! {
        name => Value::from(name.clone()),
        prefixes => values(prefixes.into_iter().map(prefix_words)),
    }
}

fn section(section: Section) -> Value {
    let filled = section.blocks.into_iter().filter(|block| !block.rules.is_empty());
    context! {
        title => values(section.title.into_iter().map(remark)),
        blocks => filled.map(block).collect::<Vec<_>>(),
    }
}

fn block(block: Block) -> Value {
    context! {
        remarks => values(block.remarks),
        rules => values(block.rules.iter().map(rule::Rule::line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Addresses;
    use crate::packet::IntervalSet;

    /// Tables of one address each, and one with more.
    fn tables(count: u32, entries: u32) -> Tables {
        let mut tables = Tables::default();
        let mut add = |name: Piece, numbers: std::ops::Range<u128>| {
            let every_other = numbers.map(|number| (2 * number, 2 * number));
            let addresses = Addresses { v4: IntervalSet::from_intervals(every_other), ..Addresses::none() };
            tables.table(&addresses, &name);
        };
        (0..count).for_each(|number| add(piece!("t{}", number), number.into()..(number + 1).into()));
        add(piece!("long"), 0..entries.into());
        tables
    }

    #[test]
    fn usual_rulesets_need_no_limits() {
        assert_eq!(limits(&tables(400, 40_000), Dialect::OpenBsd), []);
    }

    #[test]
    fn limits_leave_room_for_old_and_new_tables_together() {
        let entries = piece!("set limit table-entries 120200");
        let many = piece!("set limit tables 1202");
        assert_eq!(limits(&tables(100, 60_000), Dialect::OpenBsd), [entries]);
        assert_eq!(limits(&tables(600, 2), Dialect::OpenBsd), [many]);
        assert_eq!(limits(&tables(600, 2), Dialect::FreeBsd), []);
    }
}
