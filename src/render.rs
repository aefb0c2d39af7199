//! Policies into rulesets: a typed view of the policy for each target, laid out by a template.
//!
//! Everything a ruleset says is built here from checked values as [`piece::Piece`]s; templates only lay the
//! pieces out, and [`templates`] refuses to write anything else. [`gate`] reads the finished text once more.

mod addresses;
mod gate;
mod interfaces;
mod iptables;
mod layout;
mod nftables;
mod origin;
mod pf;
mod piece;
mod protocols;
#[cfg(test)]
mod sample;
mod state;
mod steps;
mod templates;

use minijinja::Value;

use crate::model::{Entry, Policy};
use crate::source::{Diagnostic, Sources};

pub use origin::SIGNATURE;
pub use templates::{TemplateError, Templates};

/// What a ruleset is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// `nft -f`.
    Nftables,
    /// `iptables-restore`, `ip6tables-restore` and, for lists, `ipset restore`.
    Iptables,
    /// `pfctl -f`.
    Pf(Dialect),
}

/// Whose pf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// OpenBSD 7.x.
    OpenBsd,
    /// FreeBSD 14 and later.
    FreeBsd,
}

/// One file of a ruleset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its name: `<policy>.nft`, `<policy>.v4.rules`, `<policy>.v6.rules`, `<policy>.ipset`,
    /// `<policy>.openbsd.pf.conf`, `<policy>.freebsd.pf.conf`.
    pub name: String,
    /// Its text: LF line ends, a newline at the end.
    pub text: String,
}

impl Target {
    /// The word for people and for `--target`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nftables => "nftables",
            Self::Iptables => "iptables",
            Self::Pf(Dialect::OpenBsd) => "pf-openbsd",
            Self::Pf(Dialect::FreeBsd) => "pf-freebsd",
        }
    }
}

/// Renders a policy for one target.
///
/// # Errors
/// Diagnostics for everything the target cannot say and for templates that fail; then there is no ruleset at
/// all.
pub fn render(
    policy: &Policy,
    sources: &Sources,
    target: Target,
    templates: &Templates,
) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let rendering = Rendering { policy, sources, target, templates };
    match target {
        Target::Nftables => nftables::render(&rendering),
        Target::Iptables => iptables::render(&rendering),
        Target::Pf(dialect) => pf::render(&rendering, dialect),
    }
}

/// What every renderer needs.
#[derive(Clone, Copy, Debug)]
struct Rendering<'a> {
    policy: &'a Policy,
    sources: &'a Sources,
    target: Target,
    templates: &'a Templates,
}

impl Rendering<'_> {
    /// One file of the ruleset: the view in the layout of the template.
    fn artifact(
        &self,
        template: &'static str,
        ending: &'static str,
        view: &Value,
    ) -> Result<Artifact, Vec<Diagnostic>> {
        let name = format!("{}.{ending}", self.policy.name.value);
        match self.templates.lay_out(template, view) {
            Ok(text) => Ok(Artifact { name, text }),
            Err(error) => Err(vec![
                Diagnostic::error("template", self.policy.site, error.to_string())
                    .help("correct the template, or leave out `--template-dir`"),
            ]),
        }
    }

    /// The diagnostic for an entry that the target has no words for.
    fn unsayable(&self, entry: &Entry, what: &str) -> Diagnostic {
        let (target, id) = (self.target.name(), origin::id(self.policy, entry));
        let title = format!("{target} cannot say what `{id}` means");
        Diagnostic::error("cannot-say", self.policy.site_of(entry), title)
            .label(what)
            .help(format!("change the rule, or leave {target} out of the targets"))
    }
}

#[cfg(test)]
mod tests;
