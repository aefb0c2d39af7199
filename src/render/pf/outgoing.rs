//! The way out: the output hook for this machine's own packets, the forward hook for the others.

use super::draft::{Block, Draft, Frame, Section, Spot, is_inherent, is_not_new};
use super::incoming::{dropped_strays, split_forward};
use super::rule::{Action, Direction, Rule, list};
use super::wiring::Place;
use crate::model::Entry;
use crate::packet::Hook;
use crate::render::piece::{Piece, piece};

/// The tag of this machine's own packets.
const FROM_HOST: &str = "mw_from_host";
/// The tag of all packets of a forwarded flow: pf gives every packet that matches a state the state's tag.
const KNOWN: &str = "mw_known";

/// The sections for packets that leave.
pub(super) fn sections(draft: &mut Draft<'_>) -> Vec<Section> {
    vec![output(draft), forward(draft), end()]
}

fn output(draft: &mut Draft<'_>) -> Section {
    let from_host = Piece::literal(FROM_HOST);
    let mut own = Rule { tag: Some(from_host.clone()), ..Rule::new(Action::Match, Direction::Out) };
    own.packets.from = list(&super::own_addresses());
    let mut first = vec![own];
    first.extend(dropped_strays(draft, Hook::Output, Direction::Out, &from_host));
    let mut blocks = vec![Block::of(first)];
    let tagged = Some(piece!("tagged {}", from_host));
    for entry in draft.policy().entries(Hook::Output).filter(|entry| !is_inherent(entry)) {
        if is_not_new(entry) {
            blocks.push(draft.not_new(entry, Direction::Out, tagged.as_ref()));
            continue;
        }
        leaving(draft, entry, std::slice::from_ref(&tagged), None, &mut blocks);
    }
    Section { title: vec!["This machine's own packets."], blocks }
}

fn forward(draft: &mut Draft<'_>) -> Section {
    let known = Rule {
        tagged: Some(piece!("tagged {}", Piece::literal(KNOWN))),
        ..Rule::new(Action::PassStateless, Direction::Out)
    };
    let mut blocks = vec![Block::of(vec![known])];
    for entry in split_forward(draft).1 {
        if is_not_new(entry) {
            blocks.push(draft.not_new(entry, Direction::Out, None));
            continue;
        }
        let tags = draft.wiring.tags(&entry.when.incoming);
        let arrivals = tags.map_or_else(
            || vec![None],
            |tags| tags.iter().map(|tag| Some(piece!("tagged {}", *tag))).collect(),
        );
        leaving(draft, entry, &arrivals, Some(Piece::literal(KNOWN)), &mut blocks);
    }
    Section { title: vec!["Forwarded packets: answers in known flows, then whatever opens one."], blocks }
}

/// Adds the rules of an entry for packets that leave, one for each tag and place.
fn leaving(
    draft: &mut Draft<'_>,
    entry: &Entry,
    arrivals: &[Option<Piece>],
    tag: Option<Piece>,
    blocks: &mut Vec<Block>,
) {
    let places = draft.wiring.places(&entry.when.outgoing);
    if places.contains(&Place::Unnamed) {
        let what = "it leaves several outgoing interfaces out, and pf can leave out only one";
        draft.problems.push(draft.rendering.unsayable(entry, what));
    }
    let on = |place: &Place| match place {
        Place::On(on) => Some(on.clone()),
        Place::Anywhere | Place::Unnamed => None,
    };
    let at = |tagged: &Option<Piece>| {
        places.iter().map(|place| Spot { on: on(place), tagged: tagged.clone() }).collect::<Vec<_>>()
    };
    let spots: Vec<Spot> = arrivals.iter().flat_map(at).collect();
    draft.add(entry, &Frame { direction: Direction::Out, spots, tag }, blocks);
}

/// Everything has been decided by now; should a rule above be taken out by hand, the rest is still refused.
fn end() -> Section {
    let rule =
        Rule { log: true, label: Some(piece!("default:end")), ..Rule::new(Action::Drop, Direction::Both) };
    Section { title: Vec::new(), blocks: vec![Block::of(vec![rule])] }
}
