//! Loading rulesets the way an administrator does.

use mailward::render::{Artifact, Target};

use super::namespace::Namespace;
use crate::shipped;

/// Which program decides packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Firewall {
    /// One nft file for both families.
    Nftables,
    /// Sets, then one file for each family.
    Iptables,
}

/// Suffixes of artifact names with the command that loads them, in the order of loading: sets stand before the
/// rules that name them.
const LOADERS: &[(&str, &str)] = &[
    (".nft", "nft -f -"),
    (".ipset", "ipset restore"),
    (".v4.rules", "iptables-restore"),
    (".v6.rules", "ip6tables-restore"),
];

impl Firewall {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Nftables, Self::Iptables];

    /// The target that renders for it.
    pub(super) fn target(self) -> Target {
        match self {
            Self::Nftables => Target::Nftables,
            Self::Iptables => Target::Iptables,
        }
    }

    /// Loads the ruleset of a shipped policy.
    pub(super) fn load_shipped(self, machine: &Namespace, policy: &str) {
        load(machine, &shipped::ruleset(policy, self.target()));
    }

    /// Everything that is loaded, without counters and handles.
    pub(super) fn listing(self, machine: &Namespace) -> String {
        match self {
            Self::Nftables => machine.run("nft -s list ruleset"),
            Self::Iptables => self.rules(machine) + &sets(&machine.run("ipset save")),
        }
    }

    /// The rules only, one a line.
    pub(super) fn rules(self, machine: &Namespace) -> String {
        match self {
            // Every rule has a comment, and nothing else has.
            Self::Nftables => lines(&self.listing(machine), |line| line.contains(" comment \"")),
            // Comments hold the time; built-in chains hold counters behind their policy.
            Self::Iptables => {
                let saved = machine.run("iptables-save") + &machine.run("ip6tables-save");
                lines(&saved, |line| !line.starts_with('#')).replace(" [0:0]", "")
            }
        }
    }
}

/// The lines that one asks for.
fn lines(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    text.lines().filter(|line| wanted(line)).fold(String::new(), |all, line| all + line + "\n")
}

/// What `ipset save` says, in order, which it has none of, and without the seed of each hash.
fn sets(saved: &str) -> String {
    let mut lines: Vec<&str> =
        saved.lines().map(|line| line.split(" initval ").next().unwrap_or(line)).collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// Loads all files of a ruleset.
pub(super) fn load(machine: &Namespace, artifacts: &[Artifact]) {
    let loaded: Vec<String> =
        in_order(artifacts).map(|(artifact, command)| machine.feed(command, &artifact.text)).collect();
    assert_eq!(loaded.len(), artifacts.len(), "every file has a loader");
    assert!(!loaded.is_empty(), "a ruleset has files");
    assert!(loaded.iter().all(String::is_empty), "loaders are silent: {loaded:?}");
}

/// Loads the files of a ruleset that may be wrong; whether the tools took them all.
pub(super) fn loads(machine: &Namespace, artifacts: &[Artifact]) -> bool {
    in_order(artifacts).all(|(artifact, command)| machine.attempt(command, &artifact.text).status.success())
}

/// Files with the commands that load them.
fn in_order(artifacts: &[Artifact]) -> impl Iterator<Item = (&Artifact, &'static str)> {
    LOADERS.iter().flat_map(|(suffix, command)| {
        artifacts.iter().filter(move |artifact| artifact.name.ends_with(suffix)).map(move |it| (it, *command))
    })
}
