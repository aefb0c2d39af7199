//! The way in: which packets are for this machine, what may come in to be forwarded, and the input hook.

use super::draft::{Block, Draft, Frame, Section, Spot, is_inherent, is_not_new};
use super::icmp::{drop_strays, errors, messages, types_of};
use super::rule::{Action, Direction, Rule, list};
use super::wiring::{Class, Place, UNNAMED, Wiring};
use crate::model::{Addresses, BaselinePart, Entry, Origin, Verdict};
use crate::packet::{Family, Hook};
use crate::render::piece::{Piece, piece};

/// The tag of packets for this machine.
const TO_HOST: &str = "mw_to_host";
/// The tag of packets for this machine from an interface that the policy names.
const TO_HOST_NAMED: &str = "mw_to_host_named";
/// Multicast and limited broadcast: nobody forwards it, so it is for this machine (RFC 1112, RFC 4291 §2.7).
const GROUPS: [&str; 3] = ["224.0.0.0/4", "255.255.255.255/32", "ff00::/8"];

/// The sections for packets that arrive.
pub(super) fn sections(draft: &mut Draft<'_>) -> Vec<Section> {
    vec![classification(draft), passage(draft), input(draft)]
}

/// The entries of the forward hook that are decided on the way in, and those on the way out.
///
/// The first are those that look at where a packet comes from only: anti-spoofing.
pub(super) fn split_forward<'p>(draft: &Draft<'p>) -> (Vec<&'p Entry>, Vec<&'p Entry>) {
    let mut late: Vec<&Entry> =
        draft.policy().entries(Hook::Forward).filter(|entry| !is_inherent(entry)).collect();
    let is_late = |entry: &&Entry| entry.origin != Origin::Baseline(BaselinePart::AntiSpoofing);
    let first_late = late.iter().position(is_late).unwrap_or(late.len());
    let early = late.drain(..first_late).collect();
    (early, late)
}

fn classification(draft: &mut Draft<'_>) -> Section {
    let retag = |on, tag| Rule { on, tag: Some(tag), ..Rule::new(Action::Match, Direction::In) };
    let unnamed = Piece::literal(UNNAMED);
    let mut first = vec![retag(None, unnamed.clone())];
    first.extend(dropped_strays(draft, Hook::Input, Direction::In, &unnamed));
    let wiring = &draft.wiring;
    let named = wiring.classes().filter(|&class| class != Class::Unnamed);
    let arrivals = named.map(|class| retag(wiring.name(class), wiring.tag(class))).collect();
    let groups: Vec<_> = GROUPS.iter().filter_map(|prefix| prefix.parse().ok()).collect();
    let group = draft.tables.table(&Addresses::of_prefixes(&groups), &piece!("group"));
    let to_host = |operand| {
        let mut rule = retag(None, Piece::literal(TO_HOST));
        rule.packets.to = Some(operand);
        rule
    };
    let own = to_host(Piece::literal("{ (self), (self:broadcast) }"));
    Section {
        title: vec!["Where each packet comes from, and which are for this machine."],
        blocks: vec![Block::of(first), Block::of(arrivals), Block::of(vec![own, to_host(group)])],
    }
}

/// The rules that drop stray ICMP.
pub(super) fn dropped_strays(draft: &Draft<'_>, hook: Hook, direction: Direction, tag: &Piece) -> Vec<Rule> {
    let dropping = draft.dropping_invalid(hook, direction);
    dropping.map_or(Vec::new(), |dropping| drop_strays(direction, tag, &dropping, draft.policy()))
}

fn passage(draft: &mut Draft<'_>) -> Section {
    let (early, late) = split_forward(draft);
    let mut blocks = Vec::new();
    for entry in early {
        let spots = draft.wiring.places(&entry.when.incoming).into_iter().map(through).collect();
        draft.add(entry, &Frame { direction: Direction::In, spots, tag: None }, &mut blocks);
    }
    let open: Vec<Class> = draft.wiring.classes().filter(|&class| is_open(&late, class)).collect();
    let passing = passing(draft, &open);
    if !passing.is_empty() {
        blocks.push(Block::of(vec![own_source(draft)]));
    }
    blocks.push(Block::of(passing));
    let default = late.last().filter(|_| open.len() < draft.wiring.classes().count());
    blocks.push(Block::of(
        default.map(|entry| not_to_host(draft.dropping(entry, Direction::In))).into_iter().collect(),
    ));
    Section {
        title: vec![
            "Packets for others. Their way out decides, where both interfaces are known; here they pass without",
            "a state, since the state of a packet that is refused later would let packets back in.",
        ],
        blocks,
    }
}

/// What comes in to be forwarded: everything from interfaces that some rule speaks of, from the others only what
/// may be an error about a known flow and what the baseline accepts from everywhere.
fn passing(draft: &Draft<'_>, open: &[Class]) -> Vec<Rule> {
    let pass = || Rule::new(Action::PassStateless, Direction::In);
    if open.len() == draft.wiring.classes().count() {
        return vec![not_to_host(pass())];
    }
    let tagged =
        |&class: &Class| Rule { tagged: Some(piece!("tagged {}", draft.wiring.tag(class))), ..pass() };
    let anywhere = Family::ALL.into_iter().flat_map(|family| {
        let parts = [BaselinePart::IcmpErrors, BaselinePart::Echo];
        let mut types = types_of(draft.policy().entries(Hook::Forward), family, &parts);
        types.extend(errors(family).into_iter().filter(|_| !open.is_empty()));
        messages(family, &types)
    });
    let anywhere = anywhere.map(|packets| not_to_host(Rule { packets, ..pass() }));
    open.iter().map(tagged).chain(anywhere).collect()
}

/// Whether something else than the dropping default or the baseline decides packets from there.
fn is_open(late: &[&Entry], class: Class) -> bool {
    let decides = |entry: &&&Entry| match entry.origin {
        Origin::Rule(_) => true,
        Origin::Default => entry.verdict != Verdict::Drop,
        Origin::Baseline(_) => false,
    };
    late.iter().filter(decides).any(|entry| Wiring::holds(&entry.when.incoming, class))
}

/// On the way out, the source tells this machine's packets from forwarded ones, so nobody else's may come in with
/// such a source. (Linux drops these as martians, whatever the rules say.)
fn own_source(draft: &Draft<'_>) -> Rule {
    let mut rule = not_to_host(Rule::new(Action::Drop, Direction::In));
    rule.log = draft.policy().defaults.log.is_some();
    rule.packets.from = list(&super::own_addresses());
    rule.label = Some(piece!("baseline:own-source"));
    rule
}

fn not_to_host(rule: Rule) -> Rule {
    Rule { tagged: Some(piece!("! tagged {}", Piece::literal(TO_HOST))), ..rule }
}

/// The condition for forwarded packets from a place.
fn through(place: Place) -> Spot {
    match place {
        Place::Anywhere => Spot { on: None, tagged: Some(piece!("! tagged {}", Piece::literal(TO_HOST))) },
        Place::On(on) => Spot { on: Some(on), ..through(Place::Anywhere) },
        Place::Unnamed => Spot { on: None, tagged: Some(piece!("tagged {}", Piece::literal(UNNAMED))) },
    }
}

fn input(draft: &mut Draft<'_>) -> Section {
    let entries: Vec<&Entry> =
        draft.policy().entries(Hook::Input).filter(|entry| !is_inherent(entry)).collect();
    let unnamed =
        entries.iter().any(|entry| draft.wiring.places(&entry.when.incoming).contains(&Place::Unnamed));
    let named = draft.wiring.named().filter(|_| unnamed).map(|on| Rule {
        on: Some(on),
        tag: Some(Piece::literal(TO_HOST_NAMED)),
        ..Rule::new(Action::Match, Direction::In)
    });
    let mut blocks = vec![Block::of(named.into_iter().collect())];
    for entry in entries {
        input_entry(draft, entry, &mut blocks);
    }
    Section { title: vec!["Packets for this machine: nothing else comes as far as here."], blocks }
}

fn input_entry(draft: &mut Draft<'_>, entry: &Entry, blocks: &mut Vec<Block>) {
    if is_not_new(entry) {
        return blocks.push(draft.not_new(entry, Direction::In, None));
    }
    let spoofing = entry.origin == Origin::Baseline(BaselinePart::AntiSpoofing);
    if spoofing && blocks.last().is_none_or(|block| block.origin != Some(entry.origin)) {
        blocks.push(Block { origin: Some(entry.origin), ..Block::of(vec![from_myself(draft, entry)]) });
    }
    let spots = draft.wiring.places(&entry.when.incoming).into_iter().map(to_host).collect();
    draft.add(entry, &Frame { direction: Direction::In, spots, tag: None }, blocks);
}

/// This machine's own addresses from elsewhere, to one of them. (Linux drops these as martians, too.)
fn from_myself(draft: &Draft<'_>, entry: &Entry) -> Rule {
    let mut rule = draft.dropping(entry, Direction::In);
    rule.on = Some(piece!("! {}", draft.wiring.loopback()));
    rule.packets.from = Some(Piece::literal("(self)"));
    rule.packets.to = Some(Piece::literal("(self)"));
    rule
}

/// The condition for packets to this machine from a place: nothing else is left by then.
fn to_host(place: Place) -> Spot {
    match place {
        Place::Anywhere => Spot::default(),
        Place::On(on) => Spot { on: Some(on), tagged: None },
        Place::Unnamed => Spot { on: None, tagged: Some(piece!("tagged {}", Piece::literal(TO_HOST))) },
    }
}
