//! Sets of packets in words: who speaks to whom about what, in the names of a policy.

mod addresses;
mod interfaces;
mod places;
mod scene;
mod size;
mod traffic;

use std::fmt;

pub use size::{Extent, Size};

use crate::model::{Addresses, Policy};
use crate::packet::{Cube, Family, Hook, State, States};
use places::Place;
use scene::Scene;
use traffic::Services;

/// How many elements of a list are said; the rest is counted.
const A_HANDFUL: usize = 5;

/// What a box of packets is, in the words of a policy. The [`Display`](fmt::Display) form is one part of a sentence:
/// `TCP 110 (pop3) from lan (10.20.0.0/16) to internet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portrait {
    /// Where it is decided.
    pub hook: Hook,
    /// What is spoken: `TCP 110 (pop3)`, `ICMP echo-request`, `every protocol`.
    pub services: Vec<String>,
    /// From which source ports; empty if from any.
    pub source_ports: Vec<String>,
    /// Where it comes from: zones, networks, addresses, `anywhere` or `this machine`.
    pub from: Vec<String>,
    /// By which interfaces it comes; empty if by any, or if the zones in `from` say so.
    pub incoming: Vec<String>,
    /// Where it goes.
    pub to: Vec<String>,
    /// By which interfaces it goes; empty if by any, or if the zones in `to` say so.
    pub outgoing: Vec<String>,
    /// The one family it is of, where nothing else tells.
    pub family: Option<Family>,
    /// The connection states; empty for packets that open a flow and no others.
    pub states: Vec<String>,
    /// How many conditions it is under that mailward does not know; 0 for packets of a policy.
    pub conditions: usize,
    /// How much that is.
    pub size: Size,
}

/// The names of a policy, ready to put boxes into words.
#[derive(Debug)]
pub struct Vocabulary<'p> {
    policy: &'p Policy,
    places: Vec<Place<'p>>,
    services: Services<'p>,
}

/// Addresses as a policy writes them, a handful of prefixes and ranges; the rest is counted.
#[must_use]
pub fn spell_addresses(addresses: &Addresses) -> Vec<String> {
    addresses::written(addresses)
}

impl<'p> Vocabulary<'p> {
    /// The zones, networks and services of a policy, and the built-in ones.
    #[must_use]
    pub fn of(policy: &'p Policy) -> Self {
        Self { policy, places: places::named(policy), services: Services::of(&policy.services) }
    }

    /// A box in words.
    #[must_use]
    pub fn portrait(&self, cube: &Cube) -> Portrait {
        self.paint(&Scene::of(cube))
    }

    /// Boxes in words, as few as say the same: boxes that differ in one field only, or only in the family, are said
    /// together. In the order of the first of them.
    #[must_use]
    pub fn portraits<'c>(&self, cubes: impl IntoIterator<Item = &'c Cube>) -> Vec<Portrait> {
        scene::gather(cubes).iter().map(|scene| self.paint(scene)).collect()
    }

    fn paint(&self, scene: &Scene) -> Portrait {
        let from = match scene.hook {
            Hook::Output => self.this_machine(&scene.source, scene),
            Hook::Input | Hook::Forward => self.places(&scene.incoming, &scene.source, &scene.families),
        };
        let to = match scene.hook {
            Hook::Input => self.this_machine(&scene.destination, scene),
            Hook::Output | Hook::Forward => self.places(&scene.outgoing, &scene.destination, &scene.families),
        };
        let services = traffic::words(scene, &self.services);
        let is_told = from.tell_the_family || to.tell_the_family;
        Portrait {
            hook: scene.hook,
            source_ports: traffic::source_ports(scene),
            family: scene.only_family().filter(|&family| !is_told && !are_messages(family, &services)),
            states: states(scene.states),
            conditions: scene.unknowns.literals().len(),
            size: Size::of(scene),
            services,
            from: from.words,
            incoming: from.via,
            to: to.words,
            outgoing: to.via,
        }
    }
}

/// Whether the services are messages that only this family has, and so tell it.
fn are_messages(family: Family, services: &[String]) -> bool {
    let word = match family {
        Family::V4 => "ICMP ",
        Family::V6 => "ICMPv6 ",
    };
    services.iter().any(|service| service.contains(word))
}

/// The states by name; none if it is only the one that every rule is about.
fn states(states: States) -> Vec<String> {
    match states {
        States::NEW => return Vec::new(),
        States::ANY => return vec!["any".to_owned()],
        _ => {}
    }
    let known = [States::ESTABLISHED, States::RELATED, States::INVALID, States::UNTRACKED];
    let is_whole =
        |state: &State| known.iter().any(|pair| pair.contains(*state) && pair.subtract(states).is_empty());
    let names = states.iter().map(|state| match state.name().strip_suffix("-syn") {
        Some(_) if is_whole(&state) => None,
        Some(name) => Some(format!("{name} with SYN")),
        None if is_whole(&state) || matches!(state, State::New | State::Midstream) => {
            Some(state.name().to_owned())
        }
        None => Some(format!("{} without SYN", state.name())),
    });
    names.flatten().collect()
}

impl fmt::Display for Portrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&listed(&self.services))?;
        clause(f, " with source port ", &self.source_ports)?;
        if let Some(family) = self.family {
            write!(f, " over {}", family.name())?;
        }
        clause(f, " from ", &self.from)?;
        clause(f, " via ", &self.incoming)?;
        clause(f, " to ", &self.to)?;
        clause(f, " via ", &self.outgoing)?;
        match self.states.join(" or ").as_str() {
            "" => {}
            "any" => f.write_str(", in any state")?,
            states => write!(f, ", {states}")?,
        }
        match self.conditions {
            0 => Ok(()),
            1 => f.write_str(", under a condition that mailward does not know"),
            conditions => write!(f, ", under {conditions} conditions that mailward does not know"),
        }
    }
}

fn clause(f: &mut fmt::Formatter<'_>, word: &str, list: &[String]) -> fmt::Result {
    if list.is_empty() { Ok(()) } else { write!(f, "{word}{}", listed(list)) }
}

/// Words with commas; what counts the rest stands without one.
fn listed(words: &[String]) -> String {
    words.join(", ").replace(", and ", " and ")
}

/// The first few of many words, and how many more there are: `and 12 more ranges`.
fn few(mut words: Vec<String>, what: &str) -> Vec<String> {
    let more = words.len().saturating_sub(A_HANDFUL);
    // One more would take the place of its own count.
    if more > 1 {
        words.truncate(A_HANDFUL);
        words.push(format!("and {more} more {what}"));
    }
    words
}

#[cfg(test)]
mod tests;
