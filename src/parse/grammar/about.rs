//! What keys are for, in a sentence each: editors show it.

use super::Mapping;

impl Mapping {
    /// What one of its keys is for; nothing for keys that it does not have.
    #[must_use]
    pub fn about(self, key: &str) -> &'static str {
        match self {
            Self::Policy => policy(key),
            Self::Zone | Self::Network | Self::Service | Self::Host | Self::Flow => declaration(self, key),
            Self::Waiver | Self::Rule | Self::Exception | Self::Stage | Self::Log => rule(self, key),
            Self::Defaults | Self::Baseline | Self::Expectation | Self::Packets => beside_rules(self, key),
            Self::Settings => settings(key),
            Self::Profile | Self::OwnCheck | Self::RuleTexts => profile(self, key),
            Self::Known | Self::KnownFinding => known(self, key),
        }
    }
}

fn policy(key: &str) -> &'static str {
    match key {
        "version" => "Version of the policy language.",
        "name" => "Names the tables, chains and files.",
        "description" => "What it is for.",
        "owner" => "Who answers for it.",
        "reviewed" => "The day somebody last read all of it.",
        "profiles" => "Groups of checks that hold the policy to account; all checks where it is not written.",
        "include" => "Files with shared zones, networks, services and expectations.",
        "zones" => "Where packets come from and go to, by name.",
        "networks" => "Names for addresses.",
        "services" => "Names for traffic.",
        "hosts" => "What machines are there for; tells the checks what must and must not be reachable.",
        "flows" => "The pairs of zones between which flows may open.",
        "exceptions" => "Who may break which check with which packets, why and until when.",
        "defaults" => "What happens to packets that no rule decides.",
        "baseline" => "What happens before the rules; each part is on where it is not written.",
        "rules" => "What may pass and what may not; the first rule that matches decides.",
        "expect" => "What must hold, whatever the rules become.",
        _ => "",
    }
}

fn declaration(mapping: Mapping, key: &str) -> &'static str {
    match (mapping, key) {
        (Mapping::Zone, "interfaces") => "Its interfaces; every interface where it is not written.",
        (Mapping::Zone, "networks") => "Its addresses; every address where it is not written.",
        (Mapping::Zone, "trust") => "`internal`: the site's own, or `untrusted`, which is the default.",
        (Mapping::Zone, "guests") => "Whether people whom the site does not administer connect here.",
        (Mapping::Network, "addresses") => "Addresses, prefixes, ranges, and names of networks.",
        (Mapping::Network, "except") => "What to take out.",
        (Mapping::Network, "file") => "A file with one address, prefix or range in a line.",
        (Mapping::Service, "tcp") => "Destination ports of TCP.",
        (Mapping::Service, "udp") => "Destination ports of UDP.",
        (Mapping::Service, "icmp") => "Messages of ICMP.",
        (Mapping::Service, "icmpv6") => "Messages of ICMPv6.",
        (Mapping::Service, "protocol") => "Whole protocols by number or name.",
        (Mapping::Service, "source-ports") => {
            "Source ports for `tcp` and `udp`; every port where it is not written."
        }
        (Mapping::Host, "networks") => "Its addresses; `host` is the machine that loads the policy.",
        (Mapping::Host, "roles") => "What it is there for.",
        (Mapping::Host, "smarthost") => "The only addresses it hands outgoing mail to.",
        (Mapping::Host, "relay-via") => "The only addresses it takes mail from others by.",
        (Mapping::Host, "dane") => {
            "Whether it checks the certificates of mail servers against DNSSEC (RFC 7672)."
        }
        (Mapping::Flow, "from") => "The zones in which flows begin.",
        (Mapping::Flow, "to") => "The zones into which they lead.",
        _ => "",
    }
}

fn rule(mapping: Mapping, key: &str) -> &'static str {
    match (mapping, key) {
        (Mapping::Rule, "id") => "Its name, which no other rule has.",
        (Mapping::Rule, "action") => "`allow`, `deny` silently, or `reject` with an answer.",
        (Mapping::Rule | Mapping::Waiver, "from") => "Where packets come from.",
        (Mapping::Rule | Mapping::Waiver, "to") => "Where packets go to.",
        (Mapping::Rule | Mapping::Waiver, "services") => "Which traffic is meant.",
        (Mapping::Rule, "log") => "Whether packets are logged, and how often at most.",
        (Mapping::Rule, "reason") => "Why it is there.",
        (Mapping::Rule, "owner") => "Who answers for it.",
        (Mapping::Rule, "ticket") => "The ticket that asked for it.",
        (Mapping::Rule, "stage") => "`enforce`, or `observe`: log, and go on to the later rules.",
        (Mapping::Rule, "exception") => "Lets it break a principle for good reason and for a time.",
        (Mapping::Rule, "disabled") => "The reason why the rule is off.",
        (Mapping::Waiver, "checks") => "The checks that may be broken.",
        (Mapping::Waiver, "reason") => "Why that is so.",
        (Mapping::Waiver | Mapping::Exception, "owner") => "Who answers for the exception.",
        (Mapping::Waiver | Mapping::Exception, "ticket") => "The ticket that granted it.",
        (Mapping::Waiver | Mapping::Exception, "granted") => "The day it was granted.",
        (Mapping::Waiver | Mapping::Exception, "expires") => "The last day on which it holds.",
        (Mapping::Stage, "observe-until") => "The last day on which the rule only observes.",
        (Mapping::Log, "rate") => "How often at most, like `10/minute`.",
        (Mapping::Log, "burst") => "How many at once before the rate counts; 5 where it is not written.",
        _ => "",
    }
}

fn beside_rules(mapping: Mapping, key: &str) -> &'static str {
    match (mapping, key) {
        (Mapping::Defaults, "input") => {
            "What happens to packets to this machine; `deny` where it is not written."
        }
        (Mapping::Defaults, "forward") => {
            "What happens to packets through it; `deny` where it is not written."
        }
        (Mapping::Defaults, "output") => "What happens to packets from it; `deny` where it is not written.",
        (Mapping::Defaults, "log") => "How its refusals and those of the baseline are logged.",
        (Mapping::Baseline, "loopback") => "The machine may talk to itself.",
        (Mapping::Baseline, "established") => "Packets of known flows, and the errors about them, pass.",
        (Mapping::Baseline, "neighbour-discovery") => {
            "Neighbour, multicast listener and router discovery pass (RFC 4890 §4.4.1)."
        }
        (Mapping::Baseline, "anti-spoofing") => {
            "Packets whose source cannot come from where they come are dropped (RFC 2827)."
        }
        (Mapping::Baseline, "icmp-errors") => {
            "The errors that path-MTU discovery and reachability need pass."
        }
        (Mapping::Baseline, "invalid") => {
            "Packets that connection tracking cannot make sense of are dropped."
        }
        (Mapping::Baseline, "echo") => "Echo requests pass; IPv4 ones only to and from this machine.",
        (Mapping::Baseline, "dhcp-client") => "Interfaces on which the machine may get its addresses.",
        (Mapping::Expectation, "allow") => "These packets pass.",
        (Mapping::Expectation, "deny") => "These packets are refused in any way.",
        (Mapping::Expectation, "reject") => "These packets are refused with an answer.",
        (Mapping::Expectation, "by") => "The rule that decides every one of them.",
        (Mapping::Packets, "from") => "Where packets come from.",
        (Mapping::Packets, "to") => "Where packets go to.",
        (Mapping::Packets, "services") => "Which traffic is meant.",
        _ => "",
    }
}

fn settings(key: &str) -> &'static str {
    match key {
        "version" => "Version of the settings.",
        "policies" => "Policies, and directories with policies.",
        "expect" => "Files of expectations for every policy.",
        "targets" => "What policies are rendered for.",
        "out" => "The directory of the rulesets.",
        "template-dir" => "The directory with templates of one's own.",
        "profiles" => "Built-in profiles by name, and files with profiles.",
        "baseline" => "The file with findings that are known.",
        "fail-on" => "Which findings make the answer no.",
        _ => "",
    }
}

fn profile(mapping: Mapping, key: &str) -> &'static str {
    match (mapping, key) {
        (Mapping::Profile, "version") => "Version of the language.",
        (Mapping::Profile, "profile") => "Its name.",
        (Mapping::Profile, "description") => "What it is for.",
        (Mapping::Profile, "extends") => "Built-in profiles whose checks are run.",
        (Mapping::Profile, "checks") => "For each check a severity, `on`, `off`, or its parameters.",
        (Mapping::Profile, "locked") => {
            "Checks that cannot be switched off and from which nobody is excepted."
        }
        (Mapping::Profile, "own") => "Checks of one's own.",
        (Mapping::OwnCheck, "id") => "A name that no built-in check has.",
        (Mapping::OwnCheck, "severity") => "How much its findings weigh; `medium` where it is not written.",
        (Mapping::OwnCheck, "summary") => "What it finds.",
        (Mapping::OwnCheck, "reason") => "Why that is wrong.",
        (Mapping::OwnCheck, "help") => "What to do.",
        (Mapping::OwnCheck, "source") => "Where that is asked for.",
        (Mapping::OwnCheck, "where-declared") => {
            "Whether a policy without the names it speaks of has nothing to do with it."
        }
        (Mapping::OwnCheck, "never") => "None of these packets may pass.",
        (Mapping::OwnCheck, "only") => "These services pass from there to there, and nowhere else.",
        (Mapping::OwnCheck, "every-rule") => "What the texts of every rule match.",
        (Mapping::RuleTexts, "id") => "What the whole id of every rule matches.",
        (Mapping::RuleTexts, "reason") => "What the whole reason of every rule matches.",
        (Mapping::RuleTexts, "owner") => "What the whole owner of every rule matches.",
        (Mapping::RuleTexts, "ticket") => "What the whole ticket of every rule matches.",
        _ => "",
    }
}

fn known(mapping: Mapping, key: &str) -> &'static str {
    match (mapping, key) {
        (Mapping::Known, "version") => "Version of the file.",
        (Mapping::Known, "findings") => "Findings that are known, each until somebody settles it.",
        (Mapping::KnownFinding, "policy") => "The name of the policy.",
        (Mapping::KnownFinding, "check") => "The id of the check.",
        (Mapping::KnownFinding, "finding") => "The title of the finding.",
        (Mapping::KnownFinding, "count") => {
            "How many there are that read the same; one where it is not written."
        }
        _ => "",
    }
}
