//! Which damage the proof notices.
//!
//! The gate tries a share of all mutants of one policy; `MAILWARD_MUTANTS=all cargo test --release --test it proof::mutants
//! -- --nocapture` tries every mutant of every shipped policy and lists those that mean the same; the name of a policy instead of
//! `all` those of this one.

use std::collections::BTreeMap;

use mailward::analyze::{Decisions, delta};
use mailward::model::{Entry, Origin, Policy, Rule};
use mailward::render::Target;
use rayon::prelude::*;

use super::damage::{Mutant, mutants};
use super::proven;
use crate::shipped;

/// Of how many mutants one is tried in the gate; a prime, so that every kind of damage has its turn.
const ONE_OF: usize = 7;

/// What became of a mutant.
enum Fate {
    /// It no longer reads as a ruleset.
    Refused,
    /// It means something else, which a packet shows.
    Caught,
    /// It means the same, since the damage is of a kind that changes nothing.
    Alike(&'static str),
    /// It means the same, and nobody says why.
    Unexplained(String),
}

/// What became of mutants, in number.
#[derive(Default)]
struct Tally {
    refused: usize,
    caught: usize,
    alike: BTreeMap<&'static str, usize>,
    unexplained: Vec<String>,
}

impl Tally {
    fn of(fates: Vec<Fate>) -> Self {
        let mut tally = Self::default();
        for fate in fates {
            match fate {
                Fate::Refused => tally.refused += 1,
                Fate::Caught => tally.caught += 1,
                Fate::Alike(why) => *tally.alike.entry(why).or_default() += 1,
                Fate::Unexplained(what) => tally.unexplained.push(what),
            }
        }
        tally
    }
}

fn fate(policy: &Policy, target: Target, mutant: &Mutant) -> Fate {
    let Err(problems) = proven(policy, target, &mutant.files) else {
        let (before, after) = &mutant.line;
        let what = || format!("{}: {before}  →  {after}", mutant.kind);
        let why = harmless(mutant).or_else(|| needless(policy, mutant));
        return why.map_or_else(|| Fate::Unexplained(what()), Fate::Alike);
    };
    let kinds = ["widened", "narrowed", "refused-otherwise", "logged-otherwise"];
    let mut differences = problems.iter().filter(|problem| kinds.contains(&problem.code)).peekable();
    if differences.peek().is_none() {
        return Fate::Refused;
    }
    let shows = |note: &String| note.starts_with("for example: ");
    assert!(differences.all(|problem| problem.notes.iter().any(shows)), "{problems:#?}");
    Fate::Caught
}

/// Why damage changes nothing, where its text says so.
fn harmless(mutant: &Mutant) -> Option<&'static str> {
    let (before, after) = (mutant.line.0.as_str(), mutant.line.1.as_str());
    let is_drop = |line: &str| {
        line.starts_with("counter drop")
            || line.starts_with("drop comment")
            || line.ends_with("-j DROP")
            || line.starts_with("block drop log quick label")
    };
    match mutant.kind {
        "lines swapped" if verdict(before) == verdict(after) => Some("swapped rules do the same"),
        "lines swapped" if is_of_one_kind(before, after) => Some("parts of the baseline that do the same"),
        "lines swapped" if rule_of(before).is_some() && rule_of(before) == rule_of(after) => {
            Some("parts of one rule, which do the same")
        }
        "lines swapped" if is_apart(before, after) => Some("swapped rules have no packet in common"),
        _ if before.starts_with(':') && before.contains(" - [") => Some("counters decide nothing"),
        _ if before.starts_with(':') && before.ends_with("[0:0]") => {
            Some("the policy of a chain, after a rule that drops the rest; or its counters")
        }
        _ if before.starts_with("type filter hook") => Some(
            "a base chain that is declared twice, or its policy after a rule that drops the rest, or another priority",
        ),
        _ if is_drop(before) => Some("a drop before a policy or another rule that drops the rest"),
        _ if before.starts_with("set ") || before.starts_with("flush ") || before.starts_with("type ") => {
            Some("what is declared twice, or emptied where nothing is")
        }
        _ if ["flags interval", "auto-merge", "chain "].iter().any(|word| before.starts_with(word)) => {
            Some("what is declared twice")
        }
        _ if before.contains("baseline:invalid") || before.contains("mw_stray") => {
            Some("what the default behind it refuses, too: how pf logs what makes no sense is not compared")
        }
        _ if before.starts_with("match ") && !is_asked(mutant, before) => Some("a tag that no rule asks for"),
        _ if before.starts_with("scrub ") => Some("putting fragments together decides nothing"),
        _ if before.contains("not-new") => Some("what is refused and logged alike by the default behind it"),
        _ if mutant.kind == "word" && before.contains(" RETURN") => {
            Some("what another rule of the chain returns, too")
        }
        _ => guarded(mutant),
    }
}

/// Why damage changes nothing that other parts of the ruleset take care of, where its text says so.
fn guarded(mutant: &Mutant) -> Option<&'static str> {
    let (before, after) = (mutant.line.0.as_str(), mutant.line.1.as_str());
    match mutant.kind {
        "prefix shorter" if is_source_of_interface(before, after) => {
            Some("a source that its interface does not have: anti-spoofing drops it first")
        }
        _ if before.contains("baseline:anti-spoofing")
            && (before.contains(" -i lo ") || before.contains(" -o lo ")) =>
        {
            Some("what comes by the loopback, which was accepted before")
        }
        _ if before.contains("from (self) to (self)") || after.contains("from (self) to (self)") => {
            Some("what this machine sends to itself by another interface: no packet does")
        }
        _ if before.contains("tag mw_unnamed") => {
            Some("what the default behind it refuses, too: how pf logs what makes no sense is not compared")
        }
        _ if before.starts_with("block drop ") && before.contains(" label \"default:") => {
            Some("a drop before another rule that drops the rest")
        }
        "lines swapped" if after.contains("prefix \"default:") => {
            Some("logged first by another entry, at the same rate")
        }
        "prefix shorter" if before.starts_with("224.0.0.0/4") || before.starts_with("ff00::/8") => {
            Some("sources that the default behind it refuses, too")
        }
        "number" if before.contains("-j mw-baseline-anti-spoofing-") => {
            Some("another chain that returns the same packets")
        }
        _ if before.starts_with("destroy ")
            || (before.starts_with("create ") && after.contains(" maxelem 1048577")) =>
        {
            Some("how large a set may grow, and the clearing away of its last version")
        }
        _ if before.contains("baseline:own-source") => {
            Some("what nobody forwards: packets from this machine")
        }
        _ => None,
    }
}

/// Whether the damaged line is of a rule without which the policy would mean the same, since another does the same to its packets:
/// the engine says so from the policy alone.
fn needless(policy: &Policy, mutant: &Mutant) -> Option<&'static str> {
    let decisions = Decisions::new(policy);
    let is_of = |rule: &Rule| {
        let id = rule.id.value.as_str();
        [format!("\"{id} "), format!("\"{id}\"")].iter().any(|name| mutant.line.0.contains(name))
    };
    let at = policy.rules.iter().position(is_of)?;
    if decisions.is_unchanged_without(at) {
        return Some("a rule that the policy does not need: another does the same");
    }
    let mut parts = policy.entries.iter().enumerate().filter(|(_, entry)| entry.origin == Origin::Rule(at));
    let is_needless = parts.any(|(index, entry)| {
        ways_to(mutant).any(|line| is_about(policy, entry, line)) && {
            let mut without = policy.clone();
            without.entries.remove(index);
            delta(policy, &without).changes.is_empty()
        }
    });
    is_needless.then_some("a part of a rule that the policy does not need: another rule does the same")
}

/// The damaged line, and those that jump to its chain: what the rule says of interfaces may stand there.
fn ways_to(mutant: &Mutant) -> impl Iterator<Item = &str> {
    let line = mutant.line.0.as_str();
    let chain = line.strip_prefix("-A ").and_then(|rest| rest.split(' ').next());
    let jumps = move |other: &&str| {
        chain.is_some_and(|chain| {
            [" -j ", " -g "].iter().any(|word| other.ends_with(&format!("{word}{chain}")))
        })
    };
    let lines = mutant.files.iter().flat_map(|file| file.text.lines());
    std::iter::once(line).chain(lines.filter(jumps))
}

/// Whether a line names an interface by which the packets of an entry go out.
fn is_about(policy: &Policy, entry: &Entry, line: &str) -> bool {
    let mut named = policy.interfaces.named();
    named.any(|(number, name)| entry.when.outgoing.contains(number) && line.contains(name.as_str()))
}

/// Whether the damage is in the source of packets that come in by an interface that the rule names.
fn is_source_of_interface(before: &str, after: &str) -> bool {
    let (old, new) = (before.split(' '), after.split(' '));
    let changed = old.clone().zip(new).position(|(old, new)| old != new);
    let words: Vec<&str> = old.collect();
    let is_source = changed.and_then(|at| at.checked_sub(1)).and_then(|at| words.get(at));
    let is_source = is_source.is_some_and(|word| ["saddr", "-s", "from"].contains(word));
    let by_interface = ["iifname ", "-i ", "received-on ", " on "].iter().any(|word| before.contains(word));
    is_source && (by_interface || before.starts_with("-A mw-")) // a chain of a rule, which asks for the interface
}

/// Whether some rule asks for the tag that a rule gives.
fn is_asked(mutant: &Mutant, rule: &str) -> bool {
    let tag = rule.rsplit(' ').next().unwrap_or_default();
    mutant.files.iter().any(|file| file.text.contains(&format!("tagged {tag} ")))
}

/// What a rule does: the last words that say so.
fn verdict(line: &str) -> Option<&str> {
    if line.starts_with("-A ") {
        return [" -j ", " -g "].iter().find_map(|word| Some(&line[line.rfind(word)?..]));
    }
    let line = line.split(" comment ").next().unwrap_or(line);
    let line = line.split(" label ").next().unwrap_or(line);
    let words = ["accept", "drop", "goto", "-j", "-g", "pass", "block", "match"];
    let at = words.iter().filter_map(|word| line.find(word)).min()?;
    let rest = &line[at..];
    if rest.starts_with("goto") || rest.starts_with('-') { Some(rest) } else { rest.split(' ').next() }
}

/// The rule of the policy that a line is of, as its comment or label names it.
fn rule_of(line: &str) -> Option<&str> {
    let name = [" --comment \"", " comment \"", " label \""].iter().find_map(|word| line.split_once(word))?.1;
    name.split([' ', '"']).next().filter(|name| !name.contains(':'))
}

/// Whether two rules are of parts of the baseline that do the same with what they decide.
fn is_of_one_kind(one: &str, other: &str) -> bool {
    const ACCEPT: [&str; 6] =
        ["loopback", "established", "neighbour-discovery", "icmp-errors", "echo", "dhcp-client"];
    let part = |line: &str| {
        let name = line.split_once("baseline:")?.1;
        Some(name.split([' ', '"']).next()?.to_owned())
    };
    let (Some(one), Some(other)) = (part(one), part(other)) else { return false };
    one == other || [one, other].iter().all(|part| ACCEPT.contains(&part.as_str()))
}

/// Whether two rules are for different families, protocols, interfaces, or states.
fn is_apart(one: &str, other: &str) -> bool {
    let pairs = [
        ("ip saddr", "ip6 saddr"),
        ("ip saddr", "icmpv6"),
        ("icmp type", "icmpv6 type"),
        ("ip6 saddr", "icmp type"),
        ("inet ", "inet6 "),
        ("ct state new", "ct state established"),
        ("-p tcp", "-p udp"),
        ("-p tcp", "-p icmp"),
        ("-p tcp", "-p ipv6-icmp"),
        ("tcp dport", "udp dport"),
        ("tcp", "icmp"),
    ];
    pairs.iter().any(|(left, right)| {
        (one.contains(left) && other.contains(right)) || (one.contains(right) && other.contains(left))
    }) || one.contains("established")
        || other.contains("established")
        || one.contains("\"lo\"")
        || other.contains("\"lo\"")
        || one.contains(" lo ")
        || other.contains(" lo ")
}

fn tally(name: &str, target: Target, one_of: usize) -> Tally {
    let (policy, _) = shipped::policy(name);
    let files = shipped::ruleset(name, target);
    let tried: Vec<Mutant> = mutants(&files).step_by(one_of).collect();
    Tally::of(tried.par_iter().map(|mutant| fate(&policy, target, mutant)).collect())
}

/// What became of the mutants of one ruleset, in words.
fn told(name: &str, word: &str, tally: &Tally) -> String {
    let Tally { refused, caught, alike, unexplained } = tally;
    let harmless: usize = alike.values().sum();
    let head = format!(
        "{name} on {word}: {refused} refused, {caught} caught, {harmless} harmless, {} unexplained",
        unexplained.len()
    );
    let why = alike.iter().map(|(why, count)| format!("    {count} × {why}"));
    let open = unexplained.iter().map(|what| format!("    ? {what}"));
    std::iter::once(head).chain(why).chain(open).collect::<Vec<_>>().join("\n")
}

/// Of all mutants that may mean something else, at least 99 in 100 are caught on every target.
#[test]
fn damage_is_noticed() {
    let asked = std::env::var("MAILWARD_MUTANTS").ok();
    let (names, one_of) = match asked.as_deref() {
        None => (vec!["mail-server"], ONE_OF),
        Some("all") => (shipped::NAMES.to_vec(), 1),
        Some(name) => (vec![name], 1),
    };
    let mut missed = Vec::new();
    for name in names {
        for (target, word) in shipped::TARGETS {
            let tally = tally(name, target, one_of);
            println!("{}", told(name, word, &tally));
            if tally.caught <= 30 || tally.unexplained.len() * 99 > tally.caught {
                missed.push(format!("{name} on {word}"));
            }
        }
    }
    assert_eq!(missed, [""; 0], "too few of the mutants are caught");
}
