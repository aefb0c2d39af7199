//! What policies are rendered for, by the names of the command line.

use clap::ValueEnum;

use crate::render::{Dialect, Target};

/// What to render for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TargetName {
    /// nft -f.
    Nftables,
    /// iptables-restore, ip6tables-restore and, for long lists, ipset restore.
    Iptables,
    /// pfctl -f, both dialects.
    Pf,
    /// pfctl -f on OpenBSD.
    PfOpenbsd,
    /// pfctl -f on FreeBSD.
    PfFreebsd,
    /// Everything.
    All,
}

/// The targets in the order of the help, each once.
pub(super) fn targets(names: &[TargetName]) -> Vec<Target> {
    let mut targets: Vec<Target> = names.iter().flat_map(|name| name.targets()).copied().collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

impl TargetName {
    const fn targets(self) -> &'static [Target] {
        const OPENBSD: Target = Target::Pf(Dialect::OpenBsd);
        const FREEBSD: Target = Target::Pf(Dialect::FreeBsd);
        match self {
            Self::Nftables => &[Target::Nftables],
            Self::Iptables => &[Target::Iptables],
            Self::Pf => &[OPENBSD, FREEBSD],
            Self::PfOpenbsd => &[OPENBSD],
            Self::PfFreebsd => &[FREEBSD],
            Self::All => &[Target::Nftables, Target::Iptables, OPENBSD, FREEBSD],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_know_every_target() {
        let names = TargetName::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
        assert_eq!(names, crate::parse::TARGETS);
    }

    #[test]
    fn targets_are_rendered_once_each() {
        assert_eq!(targets(&[TargetName::PfFreebsd, TargetName::Pf]), TargetName::Pf.targets());
        assert_eq!(targets(&[TargetName::All, TargetName::Nftables]), TargetName::All.targets());
    }
}
