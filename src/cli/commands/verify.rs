//! `mailward verify`: whether a ruleset, saved or live, still does what its policy says.

mod live;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::prove::{self, Compared};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::operand::Operand;
use crate::cli::terminal::Terminal;
use crate::readback::{Language, PfDialect};

/// Hold a ruleset against its policy: what a firewall does now, packet by packet.
///
/// The ruleset is what a live firewall lists (`nft list ruleset`, `iptables-save`, `ip6tables-save`, `ipset save`, `pfctl
/// -sr`), from files, from standard input, or with --live from the machine itself. Everything in it counts, whoever wrote
/// it: tables and chains of others are named where they change what happens.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The policy.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    /// What the ruleset is for.
    #[arg(long, short, value_enum, value_name = "TARGET")]
    target: Target,
    /// The ruleset: a file, several for iptables, or `-` for standard input.
    #[arg(value_name = "FILE", required_unless_present = "live", conflicts_with = "live")]
    files: Vec<PathBuf>,
    /// Ask this machine for the rules that are loaded.
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    compared: Compared,
}

/// What a ruleset is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// nftables.
    Nftables,
    /// iptables and ip6tables, with ipset.
    Iptables,
    /// pf of OpenBSD.
    PfOpenbsd,
    /// pf of FreeBSD.
    PfFreebsd,
}

/// Runs the command.
pub(in crate::cli) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let language = arguments.target.language();
    let policy = Operand::policy(&arguments.policy);
    let ruleset =
        if arguments.live { live::listed(language)? } else { Operand::ruleset(language, &arguments.files) };
    if policy.is_stdin() && ruleset.is_stdin() {
        return Err(Failure::StdinTwice);
    }
    prove::answered(&policy, &ruleset, arguments.compared, terminal)
}

impl Target {
    const fn language(self) -> Language {
        match self {
            Self::Nftables => Language::Nftables,
            Self::Iptables => Language::Iptables,
            Self::PfOpenbsd => Language::Pf(PfDialect::OpenBsd),
            Self::PfFreebsd => Language::Pf(PfDialect::FreeBsd),
        }
    }
}
