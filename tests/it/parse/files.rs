//! Policies of several files: includes, address files, and paths that lead astray.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use mailward::model::Name;
use mailward::parse::{self, AddressTerm, Bundle};
use mailward::source::Sources;

use crate::reading::plain;

/// The smallest policy, with more lines.
fn policy(more: &str) -> String {
    format!(
        "version: 1\nname: p\nrules: [{{ id: r, action: deny, from: any, to: any, services: any }}]\n{more}"
    )
}

/// Writes files into a repository of their own and reads the first one.
fn read(files: &[(&str, &str)]) -> (Bundle, Sources, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir(directory.path().join(".git")).expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    let mut sources = Sources::default();
    let (first, _) = files.first().expect("a file");
    let bundle = parse::load(&directory.path().join(first), &mut sources);
    let prefix = format!("{}/", directory.path().display());
    let messages = plain(&bundle, &sources).replace(&prefix, "");
    (bundle, sources, messages)
}

/// The messages only.
fn messages(files: &[(&str, &str)]) -> String {
    read(files).2
}

#[test]
fn included_files_are_read_once_in_order() {
    let main = policy("include: [shared/a.yaml, shared/b.yaml]\n");
    let (bundle, sources, messages) = read(&[
        ("site/p.yaml", &main.replace("shared/", "../shared/")),
        ("shared/a.yaml", "version: 1\ninclude: deep/c.yaml\nzones: { a: { interfaces: a0 } }\n"),
        ("shared/b.yaml", "version: 1\ninclude: [a.yaml, deep/c.yaml]\nservices: { b: { tcp: 1 } }\n"),
        ("shared/deep/c.yaml", "version: 1\nnetworks: { c: 192.0.2.1 }\n"),
    ]);
    assert_eq!(messages, "");
    let references: Vec<String> =
        bundle.included.iter().map(|document| sources.line_reference(document.site)).collect();
    assert_eq!(references, ["shared/a.yaml:1", "shared/deep/c.yaml:1", "shared/b.yaml:1"]);
}

#[test]
fn problems_point_into_the_file_they_are_in() {
    assert_snapshot!(messages(&[
        ("p.yaml", &policy("include: nets.yaml\nowner: ''\n")),
        ("nets.yaml", "version: 1\nnetworks: { a: 10.0.0.1/8 }\n"),
    ]), @r"
    p.yaml:5:8: not-a-line: this text is empty (write one line of plain text)
    nets.yaml:2:16: host-bits-set: `10.0.0.1/8` has host bits set: it names a network and an address in it (did you mean the network `10.0.0.0/8` or the address `10.0.0.1`?)
    ");
}

#[test]
fn included_files_have_no_rules() {
    assert_snapshot!(messages(&[
        ("p.yaml", &policy("include: more.yaml\n")),
        ("more.yaml", "name: q\nrules: []\ndefaults: { input: allow }\nzone: {}\n"),
    ]), @r"
    more.yaml:1:1: missing-key: an included file without `version` (begin the file with `version: 1`)
    more.yaml:1:1: unknown-key: `name` has no place in an included file (an included file has only `version`, `description`, `include`, `zones`, `networks`, `services`, `expect`)
    more.yaml:2:1: unknown-key: `rules` has no place in an included file (an included file has only `version`, `description`, `include`, `zones`, `networks`, `services`, `expect`)
    more.yaml:3:1: unknown-key: `defaults` has no place in an included file (an included file has only `version`, `description`, `include`, `zones`, `networks`, `services`, `expect`)
    more.yaml:4:1: unknown-key: an included file has no key `zone` (did you mean `zones`?)
    ");
}

/// Reads the first file as a policy, and the others as files of expectations.
fn read_with_expectations(files: &[(&str, &str)]) -> (Bundle, Sources, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    let paths: Vec<_> = files.iter().map(|(name, _)| directory.path().join(name)).collect();
    let (policy, others) = paths.split_first().expect("a file");
    let mut sources = Sources::default();
    let mut bundle = parse::load(policy, &mut sources);
    for path in others {
        parse::add_expectations(&mut bundle, path, fs::read(path).expect("a file"), &mut sources);
    }
    let prefix = format!("{}/", directory.path().display());
    let messages = plain(&bundle, &sources).replace(&prefix, "");
    (bundle, sources, messages)
}

const EXPECT: &str = "expect: [{ deny: { from: any, to: host, services: [ssh] } }]\n";

#[test]
fn included_files_and_files_of_expectations_say_what_must_hold() {
    let (bundle, sources, messages) = read_with_expectations(&[
        ("p.yaml", &policy(&format!("include: a.yaml\n{EXPECT}"))),
        ("tests/q.yaml", &format!("version: 1\ninclude: nets.yaml\n{EXPECT}")),
        ("a.yaml", &format!("version: 1\n{EXPECT}")),
        ("tests/nets.yaml", "version: 1\nnetworks: { a: 192.0.2.1 }\nexpect: []\n"),
    ]);
    insta::assert_snapshot!(messages, @"tests/nets.yaml:3:9: empty-list: expected a list of expectations, found an empty list (an empty list means nothing, not everything: fill it, or delete the line)");
    let documents = std::iter::once(&bundle.main).chain(&bundle.included);
    let counts: Vec<(String, usize)> =
        documents.map(|document| (sources.line_reference(document.site), document.expect.len())).collect();
    let place = |path: &str, count| (format!("{path}:1"), count);
    assert_eq!(
        counts,
        [place("p.yaml", 1), place("a.yaml", 1), place("nets.yaml", 0), place("q.yaml", 1),],
        "files that were read before are not read again"
    );
}

#[test]
fn a_file_of_expectations_has_expectations_and_no_rules() {
    let (_, _, messages) = read_with_expectations(&[
        ("p.yaml", &policy("")),
        ("q.yaml", "version: 1\nhosts: []\nexpct: []\n"),
        ("r.yaml", "version: 1\nzones: { a: { interfaces: a0 } }\n"),
        ("s.yaml", ""),
    ]);
    insta::assert_snapshot!(messages, @r"
    q.yaml:2:1: unknown-key: `hosts` has no place in a file of expectations (a file of expectations has only `version`, `description`, `include`, `zones`, `networks`, `services`, `expect`)
    q.yaml:3:1: unknown-key: a file of expectations has no key `expct` (did you mean `expect`?)
    r.yaml:1:1: missing-key: a file of expectations without `expect` (write what must hold: `expect: [{ deny: … }]`)
    s.yaml:1:1: no-document: there is no policy in this file (write one, or let `mailward init` write a first one)
    ");
}

#[test]
fn cycles_are_refused() {
    assert_snapshot!(messages(&[("p.yaml", &policy("include: p.yaml\n"))]), @"p.yaml:4:10: include-cycle: `p.yaml` includes itself (take the line out of one of the files)");
    assert_snapshot!(messages(&[
        ("p.yaml", &policy("include: a.yaml\n")),
        ("a.yaml", "version: 1\ninclude: b.yaml\n"),
        ("b.yaml", "version: 1\ninclude: [./a.yaml, ../repo/p.yaml]\n"),
    ]), @r"
    b.yaml:2:11: include-cycle: `a.yaml` includes itself (take the line out of one of the files)
    b.yaml:2:21: include-escapes: `../repo/p.yaml` leads out of the project {the project is the nearest directory above the policy with `.git`, else with `mailward.yaml`, else the current one} (write a path relative to this file that stays in the project)
    ");
}

#[test]
fn paths_that_lead_astray_are_refused() {
    let paths = "include: [../q.yaml, /etc/passwd, missing.yaml, shared, '', ~, { a: b }]\n";
    assert_snapshot!(messages(&[("p.yaml", &policy(paths)), ("shared/a.yaml", "")]), @r"
    p.yaml:4:11: include-escapes: `../q.yaml` leads out of the project {the project is the nearest directory above the policy with `.git`, else with `mailward.yaml`, else the current one} (write a path relative to this file that stays in the project)
    p.yaml:4:22: include-escapes: `/etc/passwd` leads out of the project {the project is the nearest directory above the policy with `.git`, else with `mailward.yaml`, else the current one} (write a path relative to this file that stays in the project)
    p.yaml:4:35: unreadable: cannot read `missing.yaml`: there is no such file
    p.yaml:4:49: unreadable: cannot read `shared`: it is a directory (name a file in it)
    p.yaml:4:57: unreadable: cannot read ``: it is a directory (name a file in it)
    p.yaml:4:61: wrong-shape: expected the path of a file, found nothing (write a value, or delete the line)
    p.yaml:4:64: wrong-shape: expected the path of a file, found a mapping
    ");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_project_are_refused() {
    let outside = tempfile::tempdir().expect("a temporary directory");
    fs::write(outside.path().join("a.yaml"), "version: 1\n").expect("a file");
    let inside = tempfile::tempdir().expect("a temporary directory");
    fs::create_dir(inside.path().join(".git")).expect("a directory");
    std::os::unix::fs::symlink(outside.path(), inside.path().join("shared")).expect("a link");
    fs::write(inside.path().join("p.yaml"), policy("include: shared/a.yaml\n")).expect("a file");
    let bundle = parse::load(&inside.path().join("p.yaml"), &mut Sources::default());
    assert_eq!(bundle.diagnostics.first().map(|problem| problem.code), Some("include-escapes"));
}

#[test]
fn chains_of_includes_have_an_end() {
    let links: Vec<(String, String)> =
        (0..40).map(|n| (format!("{n}.yaml"), format!("version: 1\ninclude: {}.yaml\n", n + 1))).collect();
    let main = policy("include: 0.yaml\n");
    let mut files = vec![("p.yaml", main.as_str())];
    files.extend(links.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_snapshot!(messages(&files), @"15.yaml:2:10: too-deep: files include each other more than 16 levels deep here (include the file that is needed from the policy itself)");
}

#[test]
fn address_files_have_one_address_on_each_line() {
    let list = "# scanners\r\n192.0.2.1\r\n\r\n  192.0.2.16/28 # fleet\r\n2001:db8::1-2001:db8::9";
    let (bundle, sources, messages) = read(&[
        ("p.yaml", &policy("networks: { legacy: { addresses: 10.0.0.1, file: lists/legacy.txt } }\n")),
        ("lists/legacy.txt", list),
    ]);
    assert_eq!(messages, "");
    let addresses = &bundle.main.networks.first().expect("a network").addresses;
    let written: Vec<String> = addresses
        .iter()
        .map(|address| {
            let file = sources.file(address.site.file).expect("a file");
            let text = file.text().get(sources.span(address.site)).expect("a span");
            format!("{} {text}", sources.line_reference(address.site))
        })
        .collect();
    assert_eq!(
        written,
        [
            "p.yaml:4 10.0.0.1",
            "lists/legacy.txt:2 192.0.2.1",
            "lists/legacy.txt:4 192.0.2.16/28",
            "lists/legacy.txt:5 2001:db8::1-2001:db8::9",
        ]
    );
}

#[test]
fn problems_in_address_files_point_into_them() {
    assert_snapshot!(messages(&[
        ("p.yaml", &policy("networks:\n  a: { file: a.txt }\n  b: { file: a.txt }\n  c: { file: empty.txt }\n  d: { file: ../d }\n  e: { file: [a] }\n")),
        ("a.txt", "10.0.0.1/8\n192.0.2.1 192.0.2.2\nlan\nmail.example.net\n192.0.2.300\n"),
        ("empty.txt", "# nothing yet\n"),
    ]), @r"
    p.yaml:7:14: empty-list: `empty.txt` holds no addresses (an empty file means nothing, not everything: fill it, or delete the line)
    p.yaml:8:14: include-escapes: `../d` leads out of the project {the project is the nearest directory above the policy with `.git`, else with `mailward.yaml`, else the current one} (write a path relative to this file that stays in the project)
    p.yaml:9:14: wrong-shape: expected the path of a file, found a list
    a.txt:1:1: host-bits-set: `10.0.0.1/8` has host bits set: it names a network and an address in it (did you mean the network `10.0.0.0/8` or the address `10.0.0.1`?)
    a.txt:2:1: not-an-address: `192.0.2.1 192.0.2.2` is not one address (write each address as an item or a line of its own)
    a.txt:3:1: not-an-address: `lan` is not an address (write `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, or the same with IPv6 addresses)
    a.txt:4:1: not-an-address: `mail.example.net` is a host name, not an address {what a host name stands for depends on when and where it is looked up} (write its addresses)
    a.txt:5:1: not-an-address: `192.0.2.300` is not an address: `300` is more than 255 (each number of an IPv4 address is 0 to 255)
    ");
}

#[test]
fn long_address_files_are_read_whole() {
    use std::fmt::Write as _;
    let mut list = String::new();
    for number in 0..100_000_u32 {
        writeln!(list, "{}", std::net::Ipv4Addr::from_bits(0x0a00_0000 + number)).expect("a line");
    }
    let (bundle, _, messages) =
        read(&[("p.yaml", &policy("networks: { many: { file: many.txt } }\n")), ("many.txt", &list)]);
    assert_eq!(messages, "");
    let addresses = &bundle.main.networks.first().expect("a network").addresses;
    assert_eq!(addresses.len(), 100_000);
    assert!(addresses.iter().all(|address| matches!(address.value, AddressTerm::Prefix(_))));
}

#[test]
fn everything_a_policy_draws_in_together_is_limited() {
    let list = format!("{}10.0.0.1\n", "# a comment of thirty-two bytes\n".repeat(1 << 20));
    let networks = "networks: { a: { file: a.txt }, b: { file: b.txt }, c: { file: ./a.txt } }\n";
    assert_snapshot!(messages(&[("p.yaml", &policy(networks)), ("a.txt", &list), ("b.txt", &list)]), @r"
    p.yaml:4:44: too-large: the files of this policy are larger than 64 MiB (shorten the address lists, or split the policy)
    p.yaml:4:64: too-large: the files of this policy are larger than 64 MiB (shorten the address lists, or split the policy)
    ");
}

#[test]
fn the_names_of_files_do_not_depend_on_where_the_program_runs() {
    let bundle = parse::load(Path::new("policies/../policies/branch-gateway.yaml"), &mut Sources::default());
    assert_eq!(bundle.main.name.map(|name| name.value), Name::new("branch-gateway").ok());
    let mut sources = Sources::default();
    let bundle =
        parse::load(&fs::canonicalize("policies/branch-gateway.yaml").expect("a path"), &mut sources);
    assert_eq!(plain(&bundle, &sources), "");
    let file = sources.file(bundle.main.file).expect("a file");
    assert_eq!(file.path(), "policies/branch-gateway.yaml");
    assert_eq!(
        sources.line_reference(bundle.main.site).split(':').next(),
        Some("policies/branch-gateway.yaml")
    );
}
