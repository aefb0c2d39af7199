//! Logs: limited, reached by what they are to log, and told apart.

use mailward::lint::{Plan, lint};
use mailward::lower::lower;
use mailward::parse;
use mailward::source::Sources;

use super::findings::{TODAY, office, titles};
use crate::program::Site;

const UNLIMITED: &str = "log-unlimited";
const UNREACHABLE: &str = "log-unreachable";
const COLLISION: &str = "log-prefix-collision";
const OVERLONG: &str = "text-overlong";
const OBSERVE: &str = "stage: { observe-until: 2027-01-31 }";

fn found(check: &str, rules: &[&str]) -> Vec<String> {
    titles(check, &office(rules))
}

/// What the check finds where a profile asks for it.
fn asked(check: &str, profile: &str, rules: &[&str]) -> Vec<String> {
    titles(check, &format!("{}profiles: [{profile}]\n", office(rules)))
}

#[test]
fn a_limit_that_is_none() {
    let rate = |rate: &str| {
        found(UNLIMITED, &[&format!("deny-a | internet | lan | {{ tcp: any }} | log: {{ rate: {rate} }}")])
    };
    assert_eq!(
        rate("4000/second"),
        ["rule `deny-a` logs what comes from outside up to 4000 packets in a second"]
    );
    assert_eq!(
        rate("100000/minute"),
        ["rule `deny-a` logs what comes from outside up to 1666 packets in a second"]
    );
    assert_eq!(rate("1000/second"), [""; 0]);
    assert_eq!(rate("60000/minute"), [""; 0]);
}

#[test]
fn the_log_of_the_defaults_counts_once() {
    let wide = office(&["a | lan | internet | https"]) + "defaults: { log: { rate: 9999/second } }\n";
    assert_eq!(titles(UNLIMITED, &wide).len(), 1);
}

#[test]
fn a_wide_limit_on_what_never_comes_from_outside() {
    let inside = "deny-a | lan | servers | any | log: { rate: 4000/second }";
    assert_eq!(found(UNLIMITED, &[inside]), [""; 0]);
    let hidden = "deny-b | internet | lan | https | log: { rate: 4000/second }";
    assert_eq!(
        found(UNLIMITED, &["deny-a | internet | lan | { tcp: 400-500 } | log: true", hidden]),
        [""; 0]
    );
    assert_eq!(found(UNLIMITED, &["deny-a | internet | '10.20.0.0/17' | any | log: true", hidden]).len(), 1);
}

#[test]
fn an_observing_rule_behind_refusals_that_cover_it_together() {
    let observing = format!("reject-c | 10.20.0.0/16 | internet | pop3 | {OBSERVE}");
    let halves = [
        "deny-a | 10.20.0.0/17 | internet | pop3 | log: true",
        "deny-b | 10.20.128.0/17 | any | any | log: true",
    ];
    assert_eq!(
        found(UNREACHABLE, &[halves[0], halves[1], &observing]),
        ["rule `reject-c` never sees a packet to log: earlier rules decide all of them"]
    );
    assert_eq!(found("rule-redundant", &[halves[0], halves[1], &observing]), [""; 0], "one finding says it");
    assert_eq!(found(UNREACHABLE, &[halves[0], &observing]), [""; 0]);
}

#[test]
fn a_log_that_silence_comes_before() {
    let logging = "deny-b | 10.20.3.0/24 | internet | pop3 | log: true";
    assert_eq!(
        found(UNREACHABLE, &["deny-a | lan | internet | pop3", logging]),
        ["rule `deny-b` never logs a packet: all of them are decided before, without a log"]
    );
    assert_eq!(found(UNREACHABLE, &["deny-a | lan | internet | pop3 | log: true", logging]), [""; 0]);
    let observing = format!("deny-o | 10.20.0.0/20 | internet | pop3 | {OBSERVE}");
    assert_eq!(
        found(UNREACHABLE, &[&observing, "deny-a | lan | internet | pop3", logging]),
        [""; 0],
        "somebody logs them on the way"
    );
}

#[test]
fn the_baseline_decides_and_does_not_log() {
    let ping = "a | lan | host | { icmp: [echo-request], icmpv6: [echo-request] } | log: true";
    assert_eq!(found(UNREACHABLE, &[ping]).len(), 1);
    assert_eq!(found(UNREACHABLE, &[&ping.replace(" | log: true", "")]), [""; 0]);
    assert_eq!(
        found(UNREACHABLE, &["deny-a | 127.0.0.0/8 | servers | any | log: true"]),
        [""; 0],
        "the baseline logs what it drops as forged"
    );
}

#[test]
fn what_is_allowed_first_is_for_another_check() {
    let observing = format!("reject-b | lan | internet | pop3 | {OBSERVE}");
    assert_eq!(found(UNREACHABLE, &["a | lan | internet | any", &observing]), [""; 0]);
    assert_eq!(found("rule-shadowed", &["a | lan | internet | any", &observing]).len(), 1);
}

const LONG: &str = "accounting-scanners-pop3-to-provider";
const SHORT: &str = "accounting-scanners--db944b";

#[test]
fn one_prefix_for_two_rules_that_log() {
    let rules = |log: &str| {
        let long = format!("{LONG} | lan | internet | imaps | log: true");
        let short = format!("{SHORT} | lan | internet | https{log}");
        found(COLLISION, &[&long, &short])
    };
    assert_eq!(
        rules(" | log: true"),
        [format!("rules `{LONG}` and `{SHORT}` are both `{SHORT}` in the log of iptables")]
    );
    assert_eq!(rules(""), [""; 0]);
    let twins = ["accounting-scanners-pop3-to-provider-one", "accounting-scanners-pop3-to-provider-two"];
    let [one, two] = twins.map(|id| format!("{id} | lan | internet | https | log: true"));
    assert_eq!(found(COLLISION, &[&one, &two]), [""; 0], "the hash keeps them apart");
}

#[test]
fn long_names_are_cut_where_they_are_logged() {
    let named =
        |id: &str, log: &str| asked(OVERLONG, "hygiene", &[&format!("{id} | lan | internet | https{log}")]);
    assert_eq!(
        named(LONG, " | log: true"),
        [format!("rule `{LONG}` is called `{SHORT}` in the log of iptables")]
    );
    assert_eq!(named(LONG, ""), [""; 0]);
    assert_eq!(named(&"a".repeat(27), " | log: true"), [""; 0]);
    assert_eq!(named(&"a".repeat(28), " | log: true").len(), 1);
    assert_eq!(
        found(OVERLONG, &[&format!("{LONG} | lan | internet | https | log: true")]),
        [""; 0],
        "not asked for"
    );
}

#[test]
fn long_texts_are_cut_in_comments() {
    let reason = |length: usize| {
        let policy =
            office(&["a | lan | internet | https"]).replace("A test of a check", &"x".repeat(length));
        titles(OVERLONG, &(policy + "profiles: [hygiene]\n"))
    };
    assert_eq!(reason(780), [""; 0]);
    assert_eq!(reason(800), ["the reason of rule `a` is cut in rulesets"]);
    let described = |length: usize| {
        let text = format!("description: {}\nprofiles: [hygiene]\n", "é".repeat(length));
        titles(OVERLONG, &(office(&["a | lan | internet | https"]) + &text))
    };
    assert_eq!((described(400).len(), described(401).len()), (0, 1), "bytes, not characters");
}

/// The name in the log is what the renderer writes.
#[test]
fn the_name_that_is_told_is_the_one_that_is_rendered() {
    use mailward::render::{Target, Templates, render};
    let text = office(&[&format!("{LONG} | lan | internet | https | log: true")]);
    let mut sources = Sources::default();
    let policy = lower(parse::text("policy.yaml", text, &mut sources)).policy.unwrap();
    let rules = render(&policy, &sources, Target::Iptables, &Templates::built_in().unwrap()).unwrap();
    assert!(rules.iter().any(|file| file.text.contains(&format!("--log-prefix \"{SHORT}: \""))));
    assert!(lint(&policy, &Plan::default(), TODAY).iter().all(|finding| finding.code != COLLISION));
}

/// What is said of the logs of a ruleset that nobody has a policy for.
fn in_ruleset(language: &str, text: &str) -> Vec<String> {
    let run = Site::new().file("rules", text).run(&format!("lint --as {language} rules --today 2026-11-22"));
    assert!(run.stderr.is_empty() && run.exit != 2, "{run}");
    let about_logs = |line: &&str| line.contains("[log-") || line.contains("[rule-redundant]");
    run.stdout.lines().filter(about_logs).map(str::to_owned).collect()
}

/// A table of iptables with these rules of INPUT.
fn input(rules: &[&str]) -> String {
    let rules = rules.iter().map(|rule| format!("-A INPUT {rule}\n")).collect::<Vec<_>>().concat();
    format!(
        "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\n{rules}COMMIT\n"
    )
}

#[test]
fn a_log_without_a_limit_in_a_ruleset() {
    let unlimited = input(&["-p tcp --dport 110 -j LOG", "-p tcp --dport 110 -j DROP"]);
    let title = "medium[log-unlimited]: rule `line-6` logs what comes from outside without a limit";
    assert_eq!(in_ruleset("iptables", &unlimited), [title]);
    let limited = unlimited.replace("-j LOG", "-m limit --limit 10/minute -j LOG");
    assert_eq!(in_ruleset("iptables", &limited), [""; 0]);
    let by_source =
        unlimited.replace("-j LOG", "-m hashlimit --hashlimit-upto 1/sec --hashlimit-name x -j LOG");
    assert_eq!(in_ruleset("iptables", &by_source), [""; 0], "a condition that nobody can look into");
    let nft = |log: &str| {
        format!(
            "table inet t {{
  chain input {{
    type filter hook input priority 0; policy drop;
    iif lo accept
    tcp dport 110 {log}
  }}
}}
"
        )
    };
    assert_eq!(in_ruleset("nft", &nft("log drop")).len(), 1);
    assert_eq!(in_ruleset("nft", &nft("limit rate 10/minute log")), [""; 0]);
    let pf = "set skip on lo\nblock log all\npass out all\n";
    assert_eq!(in_ruleset("pf-openbsd", pf), [""; 0], "pf has no limits for logs");
}

#[test]
fn a_log_behind_the_rule_that_drops() {
    let behind = input(&["-p tcp --dport 110 -j DROP", "-p tcp --dport 110 -m limit --limit 1/sec -j LOG"]);
    let title =
        "medium[log-unreachable]: rule `line-7` never sees a packet to log: earlier rules decide all of them";
    assert_eq!(in_ruleset("iptables", &behind), [title]);
}
