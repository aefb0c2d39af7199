//! What holds without a rule: the defaults of the hooks and the switches of the baseline.

use super::{Log, RuleAction};
use crate::packet::Hook;
use crate::source::Site;

/// What happens to packets that no rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Input hook.
    pub input: RuleAction,
    /// Forward hook.
    pub forward: RuleAction,
    /// Output hook.
    pub output: RuleAction,
    /// How packets that are not accepted by default are logged.
    pub log: Option<Log>,
    /// Where `defaults` was written.
    pub site: Option<Site>,
}

/// Which parts of the baseline are on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the policy file")]
pub struct Baseline {
    /// Traffic of the machine with itself.
    pub loopback: bool,
    /// Known flows.
    pub established: bool,
    /// Neighbour discovery and multicast listener discovery.
    pub neighbour_discovery: bool,
    /// Anti-spoofing by zone.
    pub anti_spoofing: bool,
    /// ICMP and ICMPv6 errors.
    pub icmp_errors: bool,
    /// Drop invalid packets.
    pub invalid: bool,
    /// Echo requests.
    pub echo: bool,
    /// Numbers of the interfaces with a DHCP client.
    pub dhcp_client: Vec<u16>,
    /// Where `baseline` was written.
    pub site: Option<Site>,
}

impl Defaults {
    /// The default of one hook.
    #[must_use]
    pub const fn of(&self, hook: Hook) -> RuleAction {
        match hook {
            Hook::Input => self.input,
            Hook::Forward => self.forward,
            Hook::Output => self.output,
        }
    }
}
