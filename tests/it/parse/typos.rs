//! Slips of the pen, each with the message that somebody sees for it: what, where, and what to do.
//!
//! Other generators turn several of these into open ports without a word.

use std::cell::RefCell;

use insta::assert_snapshot;

use crate::reading;

/// A policy with a slip of the pen, and what is said about it.
pub(crate) type Typo = (String, String);

thread_local! {
    /// What the tests of this thread have looked at.
    static SEEN: RefCell<Vec<Typo>> = const { RefCell::new(Vec::new()) };
}

/// Every slip of this file.
pub(crate) fn typos() -> Vec<Typo> {
    SEEN.take();
    let tests = [
        unknown_keys,
        missing_keys,
        duplicate_keys,
        empty_values,
        wrong_shapes,
        actions_and_other_words,
        versions,
        names,
        ports,
        ports_in_the_place_of_services,
        icmp_types_and_protocols,
        addresses,
        switches,
        rates,
        dates,
        stages_and_disabled_rules,
        texts,
        interfaces,
        expectations,
        yaml_features_that_hide_what_is_meant,
        broken_yaml,
    ];
    assert_eq!(include_str!("typos.rs").matches("\n#[test]\n").count(), tests.len());
    insta::allow_duplicates! {
        for test in tests {
            test();
        }
    }
    SEEN.take()
}

fn diagnostics(text: impl Into<String>) -> String {
    let text = text.into();
    let found = reading::diagnostics(text.clone());
    SEEN.with_borrow_mut(|seen| seen.push((text, found.clone())));
    found
}

/// Things that are no address, and some that are.
const ADDRESSES: &[&str] = &[
    "192.0.2.256",
    "192.0.2",
    "192.0.2.1.1",
    "192.0.2.",
    "010.0.0.1",
    "10.0.0.00",
    "10.0.0.5/8",
    "10.0.0.0/08",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/255.0.0.0",
    "2001:db8::1/32",
    "2001:db8::/129",
    "2001:db8::/-1",
    "10.0.0.9-10.0.0.1",
    "10.0.0.1-2001:db8::1",
    "10.0.0.1-9",
    "10.0.0.1 - 10.0.0.9",
    "\"::ffff:192.0.2.1\"",
    "\"::ffff:0:0/96\"",
    "fe80::1%eth0",
    "mail.example.net",
    "192.0.2.1:25",
    "\"[2001:db8::1]:25\"",
    "\"[2001:db8::1]\"",
    "2001:db8::1::2",
    "12345::",
    "10",
    "\"*\"",
    "\"10.0.0.1, 10.0.0.2\"",
    "\"\"",
    "0.0.0.0/0",
];

/// A policy of one rule, with one piece of it replaced.
fn with(piece: &str, replacement: &str) -> String {
    const POLICY: &str = "\
version: 1
name: typos
zones:
  lan: { interfaces: [lan0], networks: [10.0.0.0/8], trust: internal }
  wan: { interfaces: [wan0] }
networks:
  relay: [192.0.2.10]
services:
  desk: { tcp: [8443] }
rules:
  - id: mail
    action: allow
    from: lan
    to: wan
    services: [smtp]
    reason: because
";
    assert_eq!(POLICY.matches(piece).count(), 1, "`{piece}` stands exactly once in the policy");
    diagnostics(POLICY.replace(piece, replacement))
}

/// One line per word that takes the place of a piece of the policy.
fn each(piece: &str, words: &[&str]) -> String {
    let of = |word: &&str| format!("{word:?} -> {}", with(piece, word).replace('\n', "\n  + "));
    words.iter().map(of).collect::<Vec<_>>().join("\n")
}

#[test]
fn unknown_keys() {
    assert_snapshot!(with("    to: wan", "    too: wan"), @"p.yaml:14:5: unknown-key: a rule has no key `too` (did you mean `to`?)");
    assert_snapshot!(with("    from: lan", "    source: lan\n    form: lan"), @r"
    p.yaml:13:5: unknown-key: a rule has no key `source` (did you mean `from`?)
    p.yaml:14:5: unknown-key: a rule has no key `form` (did you mean `from`?)
    ");
    assert_snapshot!(with("trust: internal", "trsut: internal, color: red"), @r"
    p.yaml:4:54: unknown-key: a zone has no key `trsut` (did you mean `trust`?)
    p.yaml:4:71: unknown-key: a zone has no key `color` (write one of `interfaces`, `networks`, `trust`, `guests`)
    ");
    assert_snapshot!(with("desk: { tcp", "desk: { sctp"), @"p.yaml:9:11: unknown-key: a service has no key `sctp` (write one of `tcp`, `udp`, `icmp`, `icmpv6`, `protocol`, `source-ports`)");
    assert_snapshot!(with("name: typos", "name: typos\nzone: {}\nfrobnicate: 1"), @r"
    p.yaml:3:1: unknown-key: a policy has no key `zone` (did you mean `zones`?)
    p.yaml:4:1: unknown-key: a policy has no key `frobnicate` (write one of `version`, `name`, `description`, `owner`, `reviewed`, `profiles`, `include`, `zones`, `networks`, `services`, `hosts`, `flows`, `exceptions`, `defaults`, `baseline`, `rules`, `expect`)
    ");
}

#[test]
fn missing_keys() {
    assert_snapshot!(with("    services: [smtp]\n", ""), @"p.yaml:11:5: missing-key: a rule without `services` (write `services: any` if you mean everything)");
    assert_snapshot!(with("- id: mail\n    action: allow\n", "- owner: me\n"), @r"
    p.yaml:11:5: missing-key: a rule without `id` (give it a name of its own: `id: lan-mail`)
    p.yaml:11:5: missing-key: a rule without `action` (write `allow`, `deny` or `reject`)
    ");
    assert_snapshot!(with("version: 1\n", ""), @"p.yaml:1:1: missing-key: a policy without `version` (begin the file with `version: 1`)");
    assert_snapshot!(with("name: typos\n", ""), @"p.yaml:1:1: missing-key: a policy without `name` (it names the tables and files: `name: branch-gateway`)");
    assert_snapshot!(with("{ interfaces: [wan0] }", "{ trust: untrusted }"), @"p.yaml:5:3: missing-key: a zone without interfaces and networks (say where it is: `interfaces`, `networks`, or both)");
    assert_snapshot!(diagnostics("version: 1\nname: p\n"), @"p.yaml:1:1: missing-key: a policy without `rules` (write the rules, or include this file from a policy that has some)");
    assert_snapshot!(diagnostics("version: 1\nzones: { a: { interfaces: eth0 } }\n"), @"p.yaml:1:1: not-a-policy: a policy without `name` and `rules` (write both, or ask for the policy that includes this file)");
}

#[test]
fn duplicate_keys() {
    assert_snapshot!(with("    to: wan", "    to: wan\n    to: lan"), @"p.yaml:15:5: duplicate-key: duplicate key `to` [14:5 first here] (delete one of them)");
    assert_snapshot!(with("  wan:", "  lan: { interfaces: [wan1] }\n  wan:"), @"p.yaml:5:3: duplicate-key: duplicate key `lan` [4:3 first here] (delete one of them)");
    assert_snapshot!(with("{ tcp: [8443] }", "{ tcp: 1, \"tcp\": 2 }"), @"p.yaml:9:19: duplicate-key: duplicate key `tcp` [9:11 first here] (delete one of them)");
}

#[test]
fn empty_values() {
    assert_snapshot!(with("from: lan", "from: []"), @"p.yaml:13:11: empty-list: expected a list of addresses, found an empty list (an empty list means nothing, not everything: fill it, or delete the line)");
    assert_snapshot!(with("from: lan", "from:"), @"p.yaml:13:5: wrong-shape: expected a list of addresses, found nothing (write a value, or delete the line)");
    assert_snapshot!(with("from: lan", "from: null"), @"p.yaml:13:11: wrong-shape: expected a list of addresses, found nothing (write a value, or delete the line)");
    assert_snapshot!(with("from: lan", "from: [lan, ~]"), @"p.yaml:13:17: wrong-shape: expected an address or a name, found nothing (write a value, or delete the line)");
    assert_snapshot!(with("from: lan", "from:\n    - lan\n    -"), @"p.yaml:15:5: wrong-shape: expected an address or a name, found nothing (write a value, or delete the line)");
    assert_snapshot!(with("[192.0.2.10]", "{}"), @"p.yaml:7:10: missing-key: a network without `addresses` (write `addresses`, `file`, or both)");
    assert_snapshot!(with("{ tcp: [8443] }", "{}"), @"p.yaml:9:9: empty-list: a service that names no traffic (write at least one of `tcp`, `udp`, `icmp`, `icmpv6`, `protocol`)");
    assert_snapshot!(with("reason: because", "reason: \"\""), @"p.yaml:16:13: not-a-line: this text is empty (write one line of plain text)");
    assert_snapshot!(diagnostics("version: 1\nname: p\nrules:\n"), @"p.yaml:3:1: wrong-shape: expected a list of rules, found nothing (write a value, or delete the line)");
    assert_snapshot!(diagnostics("version: 1\nname: p\nrules: []\n"), @"p.yaml:3:8: empty-list: expected a list of rules, found an empty list (an empty list means nothing, not everything: fill it, or delete the line)");
}

#[test]
fn wrong_shapes() {
    assert_snapshot!(with("from: lan", "from: { zone: lan }"), @"p.yaml:13:11: wrong-shape: expected an address or a name, found a mapping");
    assert_snapshot!(with("from: lan", "from: [[lan]]"), @"p.yaml:13:12: wrong-shape: expected an address or a name, found a list");
    assert_snapshot!(with("from: lan", "from: [fe80::, lan]"), @"p.yaml:13:12: wrong-shape: expected an address or a name, found a mapping (put an IPv6 address that ends in `:` in quotes)");
    assert_snapshot!(with("services: [smtp]", "services: [[25]]"), @"p.yaml:15:16: wrong-shape: expected a service, found a list");
    assert_snapshot!(with("{ interfaces: [wan0] }", "wan0"), @"p.yaml:5:8: wrong-shape: expected a zone with keys like `interfaces`, `networks`, `trust`, found `wan0`");
    assert_snapshot!(with("[192.0.2.10]", "{ addresses: { a: b } }"), @"p.yaml:7:23: wrong-shape: expected an address or a name, found a mapping");
    assert_snapshot!(with("reason: because", "reason: [a, b]"), @"p.yaml:16:13: wrong-shape: expected text, found a list");
    assert_snapshot!(diagnostics("version: 1\nname: p\nrules: { id: a }\n"), @"p.yaml:3:8: wrong-shape: expected a list of rules, found a mapping");
    assert_snapshot!(diagnostics("version: 1\nname: p\nzones: [lan]\nrules: [allow everything]\n"), @r"
    p.yaml:3:8: wrong-shape: expected a mapping from names to zones, found a list
    p.yaml:4:9: wrong-shape: expected a rule with keys like `id`, `action`, `from`, found `allow everything`
    ");
    assert_snapshot!(diagnostics("- version: 1\n"), @"p.yaml:1:1: wrong-shape: expected a policy with keys like `version`, `name`, `description`, found a list");
    assert_snapshot!(diagnostics("just words\n"), @"p.yaml:1:1: wrong-shape: expected a policy with keys like `version`, `name`, `description`, found `just words`");
}

#[test]
fn actions_and_other_words() {
    assert_snapshot!(each("allow", &["alow", "ALLOW", "accept", "drop", "dorp", "tarpit", "[allow]"]), @r#"
    "alow" -> p.yaml:12:13: unknown-word: `alow` is not an action (did you mean `allow`?)
    "ALLOW" -> p.yaml:12:13: unknown-word: `ALLOW` is not an action (did you mean `allow`?)
    "accept" -> p.yaml:12:13: unknown-word: `accept` is not an action (did you mean `allow`?)
    "drop" -> p.yaml:12:13: unknown-word: `drop` is not an action (did you mean `deny`?)
    "dorp" -> p.yaml:12:13: unknown-word: `dorp` is not an action (did you mean `deny`?)
    "tarpit" -> p.yaml:12:13: unknown-word: `tarpit` is not an action (write one of `allow`, `deny`, `reject`)
    "[allow]" -> p.yaml:12:13: wrong-shape: expected an action, found a list
    "#);
    assert_snapshot!(each("trust: internal", &["trust: trusted", "trust: Internal"]), @r#"
    "trust: trusted" -> p.yaml:4:61: unknown-word: `trusted` is not a level of trust (write one of `internal`, `untrusted`)
    "trust: Internal" -> p.yaml:4:61: unknown-word: `Internal` is not a level of trust (did you mean `internal`?)
    "#);
    assert_snapshot!(with("name: typos", "name: typos\nprofiles: [mial, pci]"), @r"
    p.yaml:3:12: unknown-word: `mial` is not a profile (did you mean `mail`?)
    p.yaml:3:18: unknown-word: `pci` is not a profile (write one of `mail`, `rfc`, `hygiene`, `pci-dss-4.0.1`, `nist-800-53r5`, `nist-800-171r3`, `cis-debian12-1.1.0`, `cis-controls-8.1`, `bsi-grundschutz`, `iso27001-2022`, `hipaa`)
    ");
    assert_snapshot!(with("name: typos", "name: typos\nhosts: [{ networks: relay, roles: [mta, webmal] }]"), @r"
    p.yaml:3:36: unknown-word: `mta` is not a role (did you mean `mta-out`?)
    p.yaml:3:41: unknown-word: `webmal` is not a role (did you mean `webmail`?)
    ");
    assert_snapshot!(with("name: typos", "name: typos\ndefaults: { input: deny, forwrad: deny, output: open }"), @r"
    p.yaml:3:26: unknown-key: `defaults` has no key `forwrad` (did you mean `forward`?)
    p.yaml:3:49: unknown-word: `open` is not an action (write one of `allow`, `deny`, `reject`)
    ");
}

#[test]
fn ports_in_the_place_of_services() {
    let words = ["587", "tcp/25", "110/tcp", "\"udp:53\"", "tcp 31337", "70000"];
    let services: Vec<String> = words.iter().map(|word| format!("services: [{word}]")).collect();
    let services: Vec<&str> = services.iter().map(String::as_str).collect();
    assert_snapshot!(each("services: [smtp]", &services), @r#"
    "services: [587]" -> p.yaml:15:16: not-a-name: `587` is a port and no name of a service (write `submission`, or `{ tcp: 587 }`)
    "services: [tcp/25]" -> p.yaml:15:16: not-a-name: `tcp/25` is a port and no name of a service (write `smtp`, or `{ tcp: 25 }`)
    "services: [110/tcp]" -> p.yaml:15:16: not-a-name: `110/tcp` is a port and no name of a service (write `pop3`, or `{ tcp: 110 }`)
    "services: [\"udp:53\"]" -> p.yaml:15:16: not-a-name: `udp:53` is a port and no name of a service (write `dns`, or `{ udp: 53 }`)
    "services: [tcp 31337]" -> p.yaml:15:16: not-a-name: `tcp 31337` is a port and no name of a service (write `{ tcp: 31337 }`)
    "services: [70000]" -> p.yaml:15:16: not-a-name: the name `70000` may hold only lower-case letters, digits and `-`, and starts with a letter (names look like `lan-mail-2`)
    "#);
}

#[test]
fn versions() {
    assert_snapshot!(each("version: 1", &["version: 2", "version: 1.0", "version: \"1\"", "version: v1", "version: [1]"]), @r#"
    "version: 2" -> p.yaml:1:10: unknown-version: `2` is not a version of the policy language (write `version: 1`)
    "version: 1.0" -> p.yaml:1:10: unknown-version: `1.0` is not a version of the policy language (write `version: 1`)
    "version: \"1\"" -> p.yaml:1:10: unknown-version: `1` is not a version of the policy language (write it without quotes)
    "version: v1" -> p.yaml:1:10: unknown-version: `v1` is not a version of the policy language (write `version: 1`)
    "version: [1]" -> p.yaml:1:10: wrong-shape: expected a version, found a list
    "#);
}

#[test]
fn names() {
    let words = ["Lan", "lan_1", "lan net", "1lan", "-lan", "lan.a", "\"\"", "länder", "any", "host", "self"];
    let keys: Vec<String> = words.iter().map(|word| format!("  {word}: {{ interfaces")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    assert_snapshot!(each("  wan: { interfaces", &keys), @r#"
    "  Lan: { interfaces" -> p.yaml:5:3: not-a-name: the name `Lan` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `lan`?)
    "  lan_1: { interfaces" -> p.yaml:5:3: not-a-name: the name `lan_1` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `lan-1`?)
    "  lan net: { interfaces" -> p.yaml:5:3: not-a-name: the name `lan net` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `lan-net`?)
    "  1lan: { interfaces" -> p.yaml:5:3: not-a-name: the name `1lan` may hold only lower-case letters, digits and `-`, and starts with a letter (names look like `lan-mail-2`)
    "  -lan: { interfaces" -> p.yaml:5:3: not-a-name: the name `-lan` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `lan`?)
    "  lan.a: { interfaces" -> p.yaml:5:3: not-a-name: the name `lan.a` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `lan-a`?)
    "  \"\": { interfaces" -> p.yaml:5:3: not-a-name: a name is empty (names look like `lan-mail-2`)
    "  länder: { interfaces" -> p.yaml:5:3: not-a-name: the name `länder` may hold only lower-case letters, digits and `-`, and starts with a letter (names look like `lan-mail-2`)
    "  any: { interfaces" -> p.yaml:5:3: reserved-name: `any` is a word of the policy language, not a name (choose another name)
    "  host: { interfaces" -> p.yaml:5:3: reserved-name: `host` is a word of the policy language, not a name (choose another name)
    "  self: { interfaces" -> p.yaml:5:3: reserved-name: `self` is a word of the policy language, not a name (choose another name)
    "#);
    let long = format!("id: {}", "a".repeat(49));
    assert_snapshot!(each("id: mail", &[&long, "id: default", "id: 25", "id: true", "id: Mail"]), @r#"
    "id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" -> p.yaml:11:9: not-a-name: the name `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` is longer than 48 characters (names look like `lan-mail-2`)
    "id: default" -> p.yaml:11:9: reserved-name: `default` is a word of the policy language, not a name (choose another name)
    "id: 25" -> p.yaml:11:9: not-a-name: the name `25` may hold only lower-case letters, digits and `-`, and starts with a letter (names look like `lan-mail-2`)
    "id: true" -> p.yaml:11:9: not-a-name: `true` is a switch to every YAML reader, not a name (choose another name)
    "id: Mail" -> p.yaml:11:9: not-a-name: the name `Mail` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `mail`?)
    "#);
    assert_snapshot!(each("name: typos", &["name: mail/x", "name: \"x; accept\"", "name: host"]), @r#"
    "name: mail/x" -> p.yaml:2:7: not-a-name: the name `mail/x` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `mail-x`?)
    "name: \"x; accept\"" -> p.yaml:2:7: not-a-name: the name `x; accept` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `x-accept`?)
    "name: host" ->
    "#);
}

#[test]
fn ports() {
    let words = [
        "70000",
        "0",
        "0025",
        "+25",
        "-25",
        "9010-9000",
        "25-",
        "25.5",
        "0x19",
        "1_000",
        "22:25",
        "SMTP",
        "\"25\"",
        "25,26",
        "1-70000",
        "any",
    ];
    assert_snapshot!(each("8443", &words), @r#"
    "70000" -> p.yaml:9:17: not-a-port: `70000` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "0" -> p.yaml:9:17: not-a-port: `0` is not a port {port 0 is reserved and never on the wire} (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "0025" -> p.yaml:9:17: leading-zero: `0025` has a leading zero {some tools read such a number as octal} (did you mean `25`?)
    "+25" -> p.yaml:9:17: not-a-number: `+25` has a sign (write digits only)
    "-25" -> p.yaml:9:17: not-a-number: `-25` has a sign (write digits only)
    "9010-9000" -> p.yaml:9:17: inverted-range: `9010-9000` ends before it begins (did you mean `9000-9010`?)
    "25-" -> p.yaml:9:17: not-a-port: `25-` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "25.5" -> p.yaml:9:17: not-a-port: `25.5` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "0x19" -> p.yaml:9:17: not-a-port: `0x19` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "1_000" -> p.yaml:9:17: not-a-port: `1_000` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "22:25" -> p.yaml:9:17: not-a-port: `22:25` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "SMTP" -> p.yaml:9:17: not-a-name: the name `SMTP` may hold only lower-case letters, digits and `-`, and starts with a letter (did you mean `smtp`?)
    "\"25\"" -> 
    "25,26" -> 
    "1-70000" -> p.yaml:9:17: not-a-port: `70000` is not a port (ports are 1 to 65535, `9000-9010`, `any`, or the name of a service)
    "any" ->
    "#);
}

#[test]
fn icmp_types_and_protocols() {
    assert_snapshot!(each("tcp: [8443]", &["icmp: 256", "icmp: 3/x", "icmpv6: [-1]", "protocol: 999", "protocol: 6/1"]), @r#"
    "icmp: 256" -> p.yaml:9:17: not-an-icmp-type: `256` is not an ICMP type (write a type from 0 to 255, a type and a code (`3/4`), a name, or `any`)
    "icmp: 3/x" -> p.yaml:9:17: not-an-icmp-type: `3/x` is not an ICMP type (write a type from 0 to 255, a type and a code (`3/4`), a name, or `any`)
    "icmpv6: [-1]" -> p.yaml:9:20: not-a-number: `-1` has a sign (write digits only)
    "protocol: 999" -> p.yaml:9:21: not-a-protocol: `999` is not a protocol (write an IANA protocol number from 0 to 255, or a name like `esp`)
    "protocol: 6/1" -> p.yaml:9:21: not-a-protocol: `6/1` is not a protocol (write an IANA protocol number from 0 to 255, or a name like `esp`)
    "#);
    assert_snapshot!(each("tcp: [8443]", &["source-ports: 20", "icmp: 3, source-ports: 20"]), @r#"
    "source-ports: 20" -> p.yaml:9:25: missing-key: source ports without `tcp` or `udp` (say which protocol they belong to: `{ tcp: any, source-ports: 20 }`)
    "icmp: 3, source-ports: 20" -> p.yaml:9:34: missing-key: source ports without `tcp` or `udp` (say which protocol they belong to: `{ tcp: any, source-ports: 20 }`)
    "#);
}

#[test]
fn addresses() {
    assert_snapshot!(each("192.0.2.10", ADDRESSES), @r#"
    "192.0.2.256" -> p.yaml:7:11: not-an-address: `192.0.2.256` is not an address: `256` is more than 255 (each number of an IPv4 address is 0 to 255)
    "192.0.2" -> p.yaml:7:11: not-an-address: `192.0.2` is not an address (an IPv4 address has four numbers: `192.0.2.1`)
    "192.0.2.1.1" -> p.yaml:7:11: not-an-address: `192.0.2.1.1` is not an address (an IPv4 address has four numbers: `192.0.2.1`)
    "192.0.2." -> p.yaml:7:11: not-an-address: `192.0.2.` is not an address (an IPv4 address has four numbers: `192.0.2.1`)
    "010.0.0.1" -> p.yaml:7:11: leading-zero: `010.0.0.1` has a leading zero {some tools read such a number as octal} (did you mean `10.0.0.1`?)
    "10.0.0.00" -> p.yaml:7:11: leading-zero: `10.0.0.00` has a leading zero {some tools read such a number as octal} (did you mean `10.0.0.0`?)
    "10.0.0.5/8" -> p.yaml:7:11: host-bits-set: `10.0.0.5/8` has host bits set: it names a network and an address in it (did you mean the network `10.0.0.0/8` or the address `10.0.0.5`?)
    "10.0.0.0/08" -> p.yaml:7:11: leading-zero: `08` has a leading zero {some tools read such a number as octal} (did you mean `8`?)
    "10.0.0.0/33" -> p.yaml:7:11: not-a-prefix: `10.0.0.0/33` is not a prefix (a prefix of this family has a length from 0 to 32)
    "10.0.0.0/" -> p.yaml:7:11: not-a-prefix: `10.0.0.0/` is not a prefix (a prefix of this family has a length from 0 to 32)
    "10.0.0.0/255.0.0.0" -> p.yaml:7:11: not-a-prefix: `10.0.0.0/255.0.0.0` is not a prefix (write the length of the prefix, not a netmask: `/24` for `255.255.255.0`)
    "2001:db8::1/32" -> p.yaml:7:11: host-bits-set: `2001:db8::1/32` has host bits set: it names a network and an address in it (did you mean the network `2001:db8::/32` or the address `2001:db8::1`?)
    "2001:db8::/129" -> p.yaml:7:11: not-a-prefix: `2001:db8::/129` is not a prefix (a prefix of this family has a length from 0 to 128)
    "2001:db8::/-1" -> p.yaml:7:11: not-a-number: `-1` has a sign (write digits only)
    "10.0.0.9-10.0.0.1" -> p.yaml:7:11: inverted-range: `10.0.0.9-10.0.0.1` ends before it begins (did you mean `10.0.0.1-10.0.0.9`?)
    "10.0.0.1-2001:db8::1" -> p.yaml:7:11: mixed-families: `10.0.0.1-2001:db8::1` begins in one family and ends in the other (a range has two IPv4 or two IPv6 addresses)
    "10.0.0.1-9" -> p.yaml:7:11: not-an-address: `9` is not an address (an IPv4 address has four numbers: `192.0.2.1`)
    "10.0.0.1 - 10.0.0.9" -> p.yaml:7:11: not-an-address: `10.0.0.1 ` has blanks around it (write addresses and ranges without blanks)
    "\"::ffff:192.0.2.1\"" -> p.yaml:7:11: mapped-address: `::ffff:192.0.2.1` is an IPv4 address written as IPv6 {no such packet is on the wire, so it would never match} (write the IPv4 form, here `192.0.2.1`)
    "\"::ffff:0:0/96\"" -> p.yaml:7:11: mapped-address: `::ffff:0:0` is an IPv4 address written as IPv6 {no such packet is on the wire, so it would never match} (write the IPv4 form, here `0.0.0.0`)
    "fe80::1%eth0" -> p.yaml:7:11: zone-id: `fe80::1%eth0` has a zone id {which interface a packet takes is the zone's to say, and no target can match it here} (leave out the `%` and what follows; name the interface in `zones`)
    "mail.example.net" -> p.yaml:7:11: not-an-address: `mail.example.net` is a host name, not an address {what a host name stands for depends on when and where it is looked up} (write its addresses)
    "192.0.2.1:25" -> p.yaml:7:11: not-an-address: `192.0.2.1:25` is an address with a port (addresses go here, ports under `services`)
    "\"[2001:db8::1]:25\"" -> p.yaml:7:11: not-an-address: `[2001:db8::1]:25` is an address with a port (addresses go here, ports under `services`)
    "\"[2001:db8::1]\"" -> p.yaml:7:11: not-an-address: `[2001:db8::1]` has brackets around an address (write it without brackets)
    "2001:db8::1::2" -> p.yaml:7:11: not-an-address: `2001:db8::1::2` is not an address (write `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or the same with IPv6 addresses)
    "12345::" -> p.yaml:7:11: wrong-shape: expected an address or a name, found a mapping (put an IPv6 address that ends in `:` in quotes)
    "10" -> p.yaml:7:11: not-an-address: `10` is not an address (an IPv4 address has four numbers: `192.0.2.1`)
    "\"*\"" -> p.yaml:7:11: not-an-address: `*` is not an address (write `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or the same with IPv6 addresses)
    "\"10.0.0.1, 10.0.0.2\"" -> p.yaml:7:11: not-an-address: `10.0.0.1, 10.0.0.2` is not one address (write each address as an item or a line of its own)
    "\"\"" -> p.yaml:7:11: not-an-address: `` is not an address (write `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or the same with IPv6 addresses)
    "0.0.0.0/0" ->
    "#);
}

#[test]
fn switches() {
    let words: Vec<String> = ["yes", "no", "on", "Off", "True", "FALSE", "1", "\"true\"", "ture", "[true]"]
        .iter()
        .map(|word| format!("name: typos\nbaseline: {{ echo: {word} }}"))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_snapshot!(each("name: typos", &words), @r#"
    "name: typos\nbaseline: { echo: yes }" -> p.yaml:3:19: not-a-boolean: `yes` is neither `true` nor `false` (write `true`)
    "name: typos\nbaseline: { echo: no }" -> p.yaml:3:19: not-a-boolean: `no` is neither `true` nor `false` (write `false`)
    "name: typos\nbaseline: { echo: on }" -> p.yaml:3:19: not-a-boolean: `on` is neither `true` nor `false` (write `true`)
    "name: typos\nbaseline: { echo: Off }" -> p.yaml:3:19: not-a-boolean: `Off` is neither `true` nor `false` (write `false`)
    "name: typos\nbaseline: { echo: True }" -> p.yaml:3:19: not-a-boolean: `True` is neither `true` nor `false` (write `true`)
    "name: typos\nbaseline: { echo: FALSE }" -> p.yaml:3:19: not-a-boolean: `FALSE` is neither `true` nor `false` (write `false`)
    "name: typos\nbaseline: { echo: 1 }" -> p.yaml:3:19: not-a-boolean: `1` is neither `true` nor `false` (write `true` or `false`)
    "name: typos\nbaseline: { echo: \"true\" }" -> p.yaml:3:19: not-a-boolean: a `true` in quotes is text, not a switch (write it without quotes)
    "name: typos\nbaseline: { echo: ture }" -> p.yaml:3:19: not-a-boolean: `ture` is neither `true` nor `false` (write `true` or `false`)
    "name: typos\nbaseline: { echo: [true] }" -> p.yaml:3:19: wrong-shape: expected `true` or `false`, found a list
    "#);
    assert_snapshot!(with("reason: because", "log: yes"), @"p.yaml:16:10: not-a-boolean: `yes` is neither `true` nor `false` (write `true`)");
}

#[test]
fn rates() {
    let words = [
        "log: 10/minute",
        "log: { rate: 10/min }",
        "log: { rate: 10 }",
        "log: { rate: 0/second }",
        "log: { rate: 1.5/day }",
        "log: { rate: 10/fortnight }",
        "log: { burst: 5 }",
        "log: { rate: 10/day, burst: 0 }",
        "log: { rate: 10/day, bursts: 1 }",
        "log: { rate: 99999999999/day }",
    ];
    assert_snapshot!(each("reason: because", &words), @r#"
    "log: 10/minute" -> p.yaml:16:10: wrong-shape: expected a log, found the rate `10/minute` (write `log: { rate: 10/minute }`)
    "log: { rate: 10/min }" -> p.yaml:16:18: not-a-rate: `min` is not a unit of time (did you mean `minute`?)
    "log: { rate: 10 }" -> p.yaml:16:18: not-a-rate: `10` is not a rate (write a number and a unit: `10/minute`)
    "log: { rate: 0/second }" -> p.yaml:16:18: not-a-number: `0` is not a number from 1 (write a whole number of packets, 1 or more)
    "log: { rate: 1.5/day }" -> p.yaml:16:18: not-a-number: `1.5` is not a number from 1 (write a whole number of packets, 1 or more)
    "log: { rate: 10/fortnight }" -> p.yaml:16:18: not-a-rate: `fortnight` is not a unit of time (write one of `second`, `minute`, `hour`, `day`)
    "log: { burst: 5 }" -> p.yaml:16:12: missing-key: a log without `rate` (say how often: `rate: 10/minute`)
    "log: { rate: 10/day, burst: 0 }" -> p.yaml:16:33: not-a-number: `0` is not a number from 1 (write a whole number of packets, 1 or more)
    "log: { rate: 10/day, bursts: 1 }" -> p.yaml:16:26: unknown-key: a log has no key `bursts` (did you mean `burst`?)
    "log: { rate: 99999999999/day }" -> p.yaml:16:18: not-a-number: `99999999999` is not a number from 1 (write a whole number of packets, 1 or more)
    "#);
}

#[test]
fn dates() {
    let dates = [
        "2027-02-29",
        "2027-13-01",
        "27-01-01",
        "2027-1-1",
        "2027/01/01",
        "01.02.2027",
        "tomorrow",
        "2027-01-01T00:00:00Z",
    ];
    let words: Vec<String> = dates.iter().map(|date| format!("exception: {{ expires: {date} }}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_snapshot!(each("reason: because", &words), @r#"
    "exception: { expires: 2027-02-29 }" -> p.yaml:16:27: not-a-date: `2027-02-29` is not a day of the calendar (check the month and the day)
    "exception: { expires: 2027-13-01 }" -> p.yaml:16:27: not-a-date: `2027-13-01` is not a day of the calendar (check the month and the day)
    "exception: { expires: 27-01-01 }" -> p.yaml:16:27: not-a-date: `27-01-01` is not a date (write it as year, month and day: `2027-03-31`)
    "exception: { expires: 2027-1-1 }" -> p.yaml:16:27: not-a-date: `2027-1-1` is not a date (write it as year, month and day: `2027-03-31`)
    "exception: { expires: 2027/01/01 }" -> p.yaml:16:27: not-a-date: `2027/01/01` is not a date (write it as year, month and day: `2027-03-31`)
    "exception: { expires: 01.02.2027 }" -> p.yaml:16:27: not-a-date: `01.02.2027` is not a date (write it as year, month and day: `2027-03-31`)
    "exception: { expires: tomorrow }" -> p.yaml:16:27: not-a-date: `tomorrow` is not a date (write it as year, month and day: `2027-03-31`)
    "exception: { expires: 2027-01-01T00:00:00Z }" -> p.yaml:16:27: not-a-date: `2027-01-01T00:00:00Z` is not a date (write it as year, month and day: `2027-03-31`)
    "#);
    assert_snapshot!(with("name: typos", "name: typos\nreviewed: 2027-06-31"), @"p.yaml:3:11: not-a-date: `2027-06-31` is not a day of the calendar (check the month and the day)");
}

#[test]
fn stages_and_disabled_rules() {
    let words = [
        "stage: obsreve",
        "stage: { observe-until: soon }",
        "stage: { until: 2027-01-01 }",
        "stage: true",
        "disabled: true",
        "disabled: no",
        "disabled: ''",
        "disabled: [a]",
        "enabled: false",
    ];
    assert_snapshot!(each("reason: because", &words), @r#"
    "stage: obsreve" -> p.yaml:16:12: unknown-word: `obsreve` is not a stage (did you mean `observe`?)
    "stage: { observe-until: soon }" -> p.yaml:16:29: not-a-date: `soon` is not a date (write it as year, month and day: `2027-03-31`)
    "stage: { until: 2027-01-01 }" -> p.yaml:16:14: unknown-key: a stage has no key `until` (did you mean `observe-until`?)
    "stage: true" -> p.yaml:16:12: unknown-word: `true` is not a stage (write one of `enforce`, `observe`)
    "disabled: true" -> p.yaml:16:15: wrong-shape: `disabled` is a reason, not a switch (write the reason why the rule is off: `disabled: replaced by NET-412`)
    "disabled: no" -> p.yaml:16:15: wrong-shape: `disabled` is a reason, not a switch (delete the key: a rule without it is on)
    "disabled: ''" -> p.yaml:16:15: not-a-line: this text is empty (write one line of plain text)
    "disabled: [a]" -> p.yaml:16:15: wrong-shape: expected text, found a list
    "enabled: false" -> p.yaml:16:5: unknown-key: a rule has no key `enabled` (did you mean `disabled`?)
    "#);
}

#[test]
fn texts() {
    let words = [
        "reason: |\n      two\n      lines",
        "reason: \"a\\u0007b\"",
        "reason: \"a\\u202eb\"",
        "owner: \"  \"",
        "ticket: { id: 1 }",
    ];
    assert_snapshot!(each("reason: because", &words), @r#"
    "reason: |\n      two\n      lines" -> p.yaml:17:7: not-a-line: this text has several lines (write one line, or fold several into one with `>-`)
    "reason: \"a\\u0007b\"" -> p.yaml:16:13: not-a-line: this text holds a control or invisible formatting character (write one line of plain text)
    "reason: \"a\\u202eb\"" -> p.yaml:16:13: not-a-line: this text holds a control or invisible formatting character (write one line of plain text)
    "owner: \"  \"" -> p.yaml:16:12: not-a-line: this text is empty (write one line of plain text)
    "ticket: { id: 1 }" -> p.yaml:16:13: wrong-shape: expected text, found a mapping
    "#);
}

#[test]
fn interfaces() {
    assert_snapshot!(each("[wan0]", &["[\"eth*\"]", "[ppp+]", "[\"a b\"]", "[averyveryverylongname]", "[0]", "[\"\"]"]), @r#"
    "[\"eth*\"]" -> p.yaml:5:23: not-an-interface: the interface `eth*` may hold only letters, digits, `.`, `_` and `-`, and starts with a letter (there are no wildcards for interfaces: name each one)
    "[ppp+]" -> p.yaml:5:23: not-an-interface: the interface `ppp+` may hold only letters, digits, `.`, `_` and `-`, and starts with a letter (there are no wildcards for interfaces: name each one)
    "[\"a b\"]" -> p.yaml:5:23: not-an-interface: the interface `a b` may hold only letters, digits, `.`, `_` and `-`, and starts with a letter (interfaces look like `eth0` or `wg-office`)
    "[averyveryverylongname]" -> p.yaml:5:23: not-an-interface: the interface `averyveryverylongname` is longer than 15 characters (interfaces look like `eth0` or `wg-office`)
    "[0]" -> p.yaml:5:23: not-an-interface: the interface `0` may hold only letters, digits, `.`, `_` and `-`, and starts with a letter (interfaces look like `eth0` or `wg-office`)
    "[\"\"]" -> p.yaml:5:23: not-an-interface: an interface is empty (interfaces look like `eth0` or `wg-office`)
    "#);
}

#[test]
fn expectations() {
    let words: Vec<String> = [
        "{ by: mail }",
        "{ allow: { from: lan, to: wan, services: any }, deny: { from: any, to: any, services: any } }",
        "{ allow: { from: lan } }",
        "{ alow: { from: lan, to: wan, services: any } }",
        "{ allow: lan }",
    ]
    .iter()
    .map(|word| format!("name: typos\nexpect: [{word}]"))
    .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_snapshot!(each("name: typos", &words), @r#"
    "name: typos\nexpect: [{ by: mail }]" -> p.yaml:3:12: wrong-shape: an expectation has one verdict (write one of `allow`, `deny`, `reject`)
    "name: typos\nexpect: [{ allow: { from: lan, to: wan, services: any }, deny: { from: any, to: any, services: any } }]" -> p.yaml:3:12: wrong-shape: an expectation has one verdict (write one of `allow`, `deny`, `reject`)
    "name: typos\nexpect: [{ allow: { from: lan } }]" -> p.yaml:3:21: missing-key: a set of packets without `to` (write `to: any` if you mean everything)
      + p.yaml:3:21: missing-key: a set of packets without `services` (write `services: any` if you mean everything)
    "name: typos\nexpect: [{ alow: { from: lan, to: wan, services: any } }]" -> p.yaml:3:12: unknown-key: an expectation has no key `alow` (did you mean `allow`?)
    "name: typos\nexpect: [{ allow: lan }]" -> p.yaml:3:19: wrong-shape: expected a set of packets with keys like `from`, `to`, `services`, found `lan`
    "#);
}

#[test]
fn yaml_features_that_hide_what_is_meant() {
    assert_snapshot!(with("from: lan", "from: &x lan\n    log: *x"), @r"
    p.yaml:13:11: anchor: `&x` is a YAML anchor (write the value out, or give it a name under `networks` or `services`)
    p.yaml:14:10: alias: `*x` is a YAML alias (write the value out, or give it a name under `networks` or `services`)
    ");
    assert_snapshot!(with("from: lan", "from: *nowhere"), @"p.yaml:13:11: alias: `*nowhere` is a YAML alias (write the value out, or give it a name under `networks` or `services`)");
    assert_snapshot!(with("from: lan", "from: !!str lan"), @"p.yaml:13:11: tag: `!!str` is a YAML tag (leave it out: every key knows the type of its value)");
    assert_snapshot!(with("from: lan", "from: !include lan"), @"p.yaml:13:11: tag: `!include` is a YAML tag (leave it out: every key knows the type of its value)");
    assert_snapshot!(with("from: lan", "<<: { from: lan }"), @r"
    p.yaml:11:5: missing-key: a rule without `from` (write `from: any` if you mean everything)
    p.yaml:13:5: merge-key: `<<` is a YAML merge key (write the keys out)
    ");
    assert_snapshot!(with("from: lan", "? [from, to]\n    : lan"), @r"
    p.yaml:11:5: missing-key: a rule without `from` (write `from: any` if you mean everything)
    p.yaml:13:7: wrong-shape: a key must be a word, not a list or a mapping (put a key that holds `[`, `{` or `: ` in quotes)
    ");
    assert_snapshot!(with("version: 1", "%YAML 1.1\n---\nversion: 1"), @"p.yaml:1:1: syntax: a YAML directive (delete the line: a policy needs none)");
    assert_snapshot!(with("    reason: because\n", "    reason: because\n---\nversion: 1\n"), @"p.yaml:17:1: two-documents: a second YAML document starts here (keep one policy per file; delete the `---` or move what follows it)");
}

#[test]
fn broken_yaml() {
    assert_snapshot!(with("from: lan", "from: [lan"), @"p.yaml:13:11: syntax: this `[` is never closed (close it with `]`)");
    assert_snapshot!(with("from: lan", "from: \"lan"), @"p.yaml:13:11: syntax: this quote is never closed (close it on the same line)");
    assert_snapshot!(with("from: lan", "from: 'lan"), @"p.yaml:13:11: syntax: this quote is never closed (close it on the same line)");
    assert_snapshot!(with("from: lan", "from: [lan}"), @"p.yaml:13:11: syntax: this `[` is closed by a `}` (close a list with `]` and a mapping with `}`)");
    assert_snapshot!(with("from: lan", "from: lan]"), @"p.yaml:13:11: not-an-address: `lan]` is not an address (write `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or the same with IPv6 addresses)");
    assert_snapshot!(with("    from: lan", "   from: lan"), @"p.yaml:13:4: syntax: expected the next `- ` of the list (check the indentation: it fits neither this item nor the next one)");
    assert_snapshot!(with("    from: lan", "      from: lan"), @"p.yaml:13:11: syntax: a `key: value` cannot start here (check the indentation, and put text that holds `: ` in quotes)");
    assert_snapshot!(with("    from: lan", "\tfrom: lan"), @"p.yaml:13:1: syntax: a tab where only spaces may stand (indent with spaces)");
    assert_snapshot!(with("    from: lan", "    from lan"), @"p.yaml:13:5: syntax: expected `key: value` (check the indentation, and that a colon and a blank follow the key)");
    assert_snapshot!(with("    from: lan", "    from:lan"), @"p.yaml:13:5: syntax: expected `key: value` (check the indentation, and that a colon and a blank follow the key)");
    assert_snapshot!(with("    from: lan", "    from:\u{a0}lan"), @"p.yaml:13:5: syntax: expected `key: value` (this line holds the blank U+00A0: replace it with a space)");
    assert_snapshot!(with("from: lan", "from: lan: wan"), @"p.yaml:13:14: syntax: a `key: value` cannot start here (check the indentation, and put text that holds `: ` in quotes)");
    assert_snapshot!(with("from: lan", "from: @lan"), @"p.yaml:13:11: syntax: a value cannot start with `@` (put it in quotes)");
    assert_snapshot!(with("from: lan", "from: \"\\lan\""), @r"p.yaml:13:11: syntax: unknown escape in a double-quoted text (write `\\` for a backslash, or use single quotes)");
    assert_snapshot!(with("from: lan", "from: [lan wan"), @"p.yaml:13:11: syntax: this `[` is never closed (close it with `]`)");
    assert_snapshot!(with("from: lan", "from: {a: b, c"), @"p.yaml:13:11: syntax: this `{` is never closed (close it with `}`)");
    assert_snapshot!(with("reason: because", "reason: see: RFC 8314"), @"p.yaml:16:16: syntax: a `key: value` cannot start here (check the indentation, and put text that holds `: ` in quotes)");
}
