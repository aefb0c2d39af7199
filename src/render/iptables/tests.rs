use crate::model::Origin;
use crate::packet::IntervalSet;
use crate::render::sample::{PLAIN, policy_with, rendered, rule, text};
use crate::render::{Artifact, Target, Templates, render};

fn files(yaml: &str) -> Vec<Artifact> {
    rendered(yaml, Target::Iptables).unwrap()
}

/// The rules of an id in one file, without `-A` and comment.
fn rules_of(id: &str, file: usize, yaml: &str) -> Vec<String> {
    let said = |line: &str| {
        let (matches, rest) = line.strip_prefix("-A ")?.split_once("-m comment --comment \"")?;
        let (comment, jump) = rest.split_once('"')?;
        comment.starts_with(&format!("{id} ")).then(|| format!("{matches}{}", jump.trim_start()))
    };
    files(yaml)[file].text.lines().filter_map(said).collect()
}

fn probe_v4(fields: &str) -> Vec<String> {
    rules_of("probe", 0, &rule(fields))
}

fn probe_v6(fields: &str) -> Vec<String> {
    rules_of("probe", 1, &rule(fields))
}

#[test]
fn each_family_has_its_file() {
    let fields = "action: allow, from: lan, to: host, services: [smtp]";
    assert_eq!(probe_v4(fields), ["mailward-input -i lan0 -s 10.20.0.0/16 -p tcp --dport 25 -j ACCEPT"]);
    assert_eq!(probe_v6(fields), ["mailward-input -i lan0 -s 2001:db8:20::/48 -p tcp --dport 25 -j ACCEPT"]);
    let v4_only = "action: allow, from: 192.0.2.1, to: host, services: [smtp]";
    assert_eq!(probe_v4(v4_only), ["mailward-input -s 192.0.2.1 -p tcp --dport 25 -j ACCEPT"]);
    assert!(probe_v6(v4_only).is_empty());
    let names: Vec<String> = files(PLAIN).into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["sample.v4.rules", "sample.v6.rules"]);
}

#[test]
fn remarks_stand_in_the_file_that_has_the_rule() {
    let yaml = rule("action: allow, from: '2001:db8::1', to: host, services: [smtp], reason: Because.");
    let with_reason: Vec<bool> = files(&yaml).iter().map(|file| file.text.contains(": Because.")).collect();
    assert_eq!(with_reason, [false, true]);
}

#[test]
fn choices_add_up_and_do_not_multiply() {
    assert_eq!(
        probe_v4("action: allow, from: wan, to: host, services: [smtp]"),
        [
            "mailward-input -i wan0 -p tcp --dport 25 -j ACCEPT",
            "mailward-input -i wan1 -p tcp --dport 25 -j ACCEPT"
        ]
    );
    assert_eq!(
        probe_v4("action: allow, from: wan, to: host, services: [dns]"),
        [
            "mailward-input -i wan0 -j mw-probe",
            "mailward-input -i wan1 -j mw-probe",
            "mw-probe -p tcp --dport 53 -j ACCEPT",
            "mw-probe -p udp --dport 53 -j ACCEPT",
        ]
    );
}

#[test]
fn long_lists_of_both_ports_meet_in_a_chain_that_names_the_protocol() {
    let list = |first: u16| (0..16).map(|n| (first + 2 * n).to_string()).collect::<Vec<_>>().join(", ");
    let services = format!("{{ udp: [{}], source-ports: [{}] }}", list(101), list(501));
    let said = probe_v4(&format!("action: deny, from: 10.1.1.1, to: host, services: {services}"));
    assert_eq!(said.len(), 4);
    assert!(
        said[0].starts_with("mailward-input -s 10.1.1.1 -p udp -m multiport --sports 501,"),
        "{}",
        said[0]
    );
    assert!(said[0].ends_with("-j mw-probe"), "{}", said[0]);
    assert!(said[2].starts_with("mw-probe -p udp -m multiport --dports 101,"), "{}", said[2]);
    assert!(said[3].starts_with("mw-probe -p udp -m multiport --dports 131 -j DROP"), "{}", said[3]);
}

#[test]
fn exceptions_of_interfaces_return() {
    let said = rules_of("baseline:anti-spoofing", 0, PLAIN);
    let (to_log, log) = ("-g mw-baseline-anti-spoofing", "-m limit --limit 5/second --limit-burst 10 -j LOG");
    let prefix = "--log-prefix \"baseline:anti-spoofing: \" --log-level info";
    assert_eq!(
        said[..7],
        [
            format!("mailward-input ! -i lo -s 127.0.0.0/8 {to_log}"),
            "mailward-input -s 10.20.0.0/16 -j mw-baseline-anti-spoofing-2".to_owned(),
            format!("mw-baseline-anti-spoofing {log} {prefix}"),
            "mw-baseline-anti-spoofing -j DROP".to_owned(),
            "mw-baseline-anti-spoofing-2 -i lo -j RETURN".to_owned(),
            "mw-baseline-anti-spoofing-2 -i lan0 -j RETURN".to_owned(),
            format!("mw-baseline-anti-spoofing-2 {to_log}"),
        ]
    );
}

#[test]
fn a_logged_verdict_is_a_chain_of_its_own() {
    assert_eq!(
        probe_v4("action: reject, from: lan, to: host, services: [pop3, ntp], log: { rate: 10/minute }"),
        [
            "mailward-input -i lan0 -s 10.20.0.0/16 -p tcp --dport 110 -g mw-probe",
            "mailward-input -i lan0 -s 10.20.0.0/16 -p udp --dport 123 -g mw-probe-2",
            "mw-probe -m limit --limit 10/minute --limit-burst 5 -j LOG --log-prefix \"probe: \" --log-level info",
            "mw-probe -p tcp -j REJECT --reject-with tcp-reset",
            "mw-probe-2 -m limit --limit 10/minute --limit-burst 5 -j LOG --log-prefix \"probe: \" --log-level info",
            "mw-probe-2 -j REJECT --reject-with icmp-admin-prohibited",
        ]
    );
}

#[test]
fn refusals_of_everything_share_a_chain() {
    let yaml = rule("action: reject, from: 10.1.1.1, to: host, services: any");
    assert_eq!(rules_of("probe", 0, &yaml), ["mailward-input -s 10.1.1.1 -g mailward-refuse"]);
    let text = text(&yaml, Target::Iptables);
    assert!(text.contains("-A mailward-refuse -p tcp -m comment"), "{text}");
}

#[test]
fn an_observed_rule_decides_nothing() {
    assert_eq!(
        probe_v6("action: deny, stage: observe, from: lan, to: host, services: [pop3]"),
        ["mailward-input -i lan0 -s 2001:db8:20::/48 -p tcp --dport 110 -m limit --limit 5/second \
             --limit-burst 10 -j LOG --log-prefix \"probe: \" --log-level info"]
    );
}

#[test]
fn long_lists_are_sets_that_are_swapped_in() {
    let yaml = format!(
        "networks: {{ mx: [192.0.2.1, 192.0.2.6-192.0.2.8, 192.0.2.20, 192.0.2.32/28] }}\n{}",
        rule("action: allow, from: any, to: mx, services: [smtp]")
    );
    let said = rules_of("probe", 0, &yaml);
    assert_eq!(said[0], "mailward-forward -m set --match-set mw-mx-v4 dst -p tcp --dport 25 -j ACCEPT");
    let sets = "\ncreate mw-mx-v4 hash:net family inet maxelem 1048576 -exist\n\
                create mw-mx-v4-new hash:net family inet maxelem 1048576 -exist\n\
                flush mw-mx-v4-new\n\
                add mw-mx-v4-new 192.0.2.1/32\n\
                add mw-mx-v4-new 192.0.2.6/31\n\
                add mw-mx-v4-new 192.0.2.8/32\n\
                add mw-mx-v4-new 192.0.2.20/32\n\
                add mw-mx-v4-new 192.0.2.32/28\n\
                swap mw-mx-v4-new mw-mx-v4\n\
                destroy mw-mx-v4-new\n";
    let file = &files(&yaml)[2];
    assert_eq!(file.name, "sample.ipset");
    assert!(file.text.contains(sets), "{}", file.text);
}

#[test]
fn a_few_prefixes_are_rules_that_need_no_set() {
    let fields = "action: allow, from: [192.0.2.1, 192.0.2.3], to: host, services: [smtp]";
    assert_eq!(
        probe_v4(fields),
        [
            "mailward-input -s 192.0.2.1 -p tcp --dport 25 -j ACCEPT",
            "mailward-input -s 192.0.2.3 -p tcp --dport 25 -j ACCEPT",
        ]
    );
    assert_eq!(files(&rule(fields)).len(), 2);
}

#[test]
fn built_in_chains_end_in_a_verdict_besides_the_policy() {
    let yaml = format!("defaults: {{ input: deny, forward: reject, output: allow, log: false }}\n{PLAIN}");
    let text = text(&yaml, Target::Iptables);
    for (hook, own, verdict) in
        [("INPUT", "input", "DROP"), ("FORWARD", "forward", "DROP"), ("OUTPUT", "output", "ACCEPT")]
    {
        assert!(text.contains(&format!(":{hook} {verdict} [0:0]\n")), "{text}");
        assert!(text.contains(&format!("-A {hook} -j mailward-{own}\n-A {hook} -j {verdict}\n")), "{text}");
    }
    assert_eq!(rules_of("default:forward", 0, &yaml), ["mailward-forward -g mailward-refuse"]);
    assert_eq!(rules_of("default:output", 1, &yaml), ["mailward-output -j ACCEPT"]);
}

#[test]
fn names_and_prefixes_fit_their_limits() {
    let id = "a-rule-with-a-name-of-exactly-forty-eight-letter";
    assert_eq!(id.len(), crate::model::Name::LONGEST);
    let yaml = format!(
        "networks: {{ {id}: [192.0.2.1, 192.0.2.3, 192.0.2.5, 192.0.2.7, 192.0.2.9] }}\n\
         rules: [ {{ id: {id}, action: deny, from: {id}, to: host, services: [smtp], log: true }} ]\n"
    );
    let text = text(&yaml, Target::Iptables);
    let longest = |before: &str| {
        let names = text.split(before).skip(1).filter_map(|rest| rest.split([' ', '"', '\n']).next());
        names.map(str::len).max().unwrap_or(0)
    };
    assert_eq!(longest("\n:"), 28, "chains");
    assert_eq!(longest("\ncreate "), 31, "sets");
    assert_eq!(longest("--log-prefix \"") + 1, 29, "prefixes, with their blank");
}

#[test]
fn what_iptables_reads_as_more_is_refused_once() {
    let problems =
        rendered(&rule("action: allow, from: any, to: host, services: { protocol: [0] }"), Target::Iptables)
            .unwrap_err();
    let texts: Vec<&str> = problems.iter().map(|problem| problem.primary.text.as_str()).collect();
    assert_eq!(texts, ["iptables reads protocol 0 as every protocol"]);
}

#[test]
fn a_limit_that_the_kernel_cannot_count_is_refused() {
    for log in ["{ rate: 1/day }", "{ rate: 20000/second }", "{ rate: 100/second, burst: 10001 }"] {
        let fields = format!("action: deny, from: lan, to: host, services: [pop3], log: {log}");
        let problems = rendered(&rule(&fields), Target::Iptables).unwrap_err();
        assert!(problems[0].primary.text.contains("cannot count"), "{log}: {}", problems[0].primary.text);
    }
}

#[test]
fn a_family_without_such_packets_gets_no_rule() {
    let (mut policy, sources) =
        policy_with(&rule("action: deny, from: any, to: host, services: { icmpv6: [128] }"));
    for entry in policy.entries.iter_mut().filter(|entry| matches!(entry.origin, Origin::Rule(_))) {
        entry.when.incoming = IntervalSet::from_intervals([(1, 1), (4, u16::MAX)]);
    }
    let files = render(&policy, &sources, Target::Iptables, &Templates::built_in().unwrap()).unwrap();
    let probes: Vec<usize> =
        files.iter().map(|file| file.text.matches("\"probe sample.yaml").count()).collect();
    assert_eq!(probes, [0, 5], "{}", files[1].text);
    assert!(!files[0].text.contains("mailward-input -i wan0 "), "{}", files[0].text);
}
