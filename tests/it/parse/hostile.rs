//! Input that means harm, or comes from a broken editor: a clear error at a place, at once, in bounded memory.

use std::fs::File;

use insta::assert_snapshot;
use mailward::parse;
use mailward::source::{MOST_PROBLEMS, Sources};

use crate::reading::{diagnostics, plain};

#[test]
fn deep_lists_end_at_the_limit() {
    assert_snapshot!(diagnostics("[".repeat(100_000)), @"p.yaml:1:65: too-deep: lists and mappings nest deeper than 64 levels here (check the brackets and the indentation: a policy needs six levels)");
    assert_snapshot!(diagnostics("- ".repeat(100_000)), @"p.yaml:1:129: too-deep: lists and mappings nest deeper than 64 levels here (check the brackets and the indentation: a policy needs six levels)");
    assert_snapshot!(diagnostics(format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))), @"p.yaml:1:65: too-deep: lists and mappings nest deeper than 64 levels here (check the brackets and the indentation: a policy needs six levels)");
}

#[test]
fn deep_mappings_end_at_the_limit() {
    let block: Vec<String> = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_snapshot!(diagnostics(block.concat()), @"p.yaml:65:65: too-deep: lists and mappings nest deeper than 64 levels here (check the brackets and the indentation: a policy needs six levels)");
    assert_snapshot!(diagnostics("{a: ".repeat(100_000)), @"p.yaml:1:257: too-deep: lists and mappings nest deeper than 64 levels here (check the brackets and the indentation: a policy needs six levels)");
    assert_snapshot!(diagnostics("? ".repeat(100_000)), @"p.yaml:1:129: too-deep: lists and mappings nest deeper than 64 levels here (check the brackets and the indentation: a policy needs six levels)");
}

#[test]
fn sixty_four_levels_are_read() {
    let nested = format!("version: 1\nname: p\nrules: {}{}\n", "[".repeat(63), "]".repeat(63));
    assert_snapshot!(diagnostics(nested), @"p.yaml:3:9: wrong-shape: expected a rule with keys like `id`, `action`, `from`, found a list");
}

#[test]
fn aliases_are_never_expanded() {
    let list = "x, ".repeat(20_000);
    let bomb = format!("a: &a [{list}]\nb: [{}]\n", "*a, ".repeat(20_000));
    let text = diagnostics(bomb);
    assert_eq!(text.lines().filter(|line| line.contains(" alias: ")).count(), MOST_PROBLEMS - 1);
    assert_snapshot!(text.lines().take(2).collect::<Vec<_>>().join("\n"), @r"
    p.yaml:1:1: unknown-key: a policy has no key `a` (write one of `version`, `name`, `description`, `owner`, `reviewed`, `profiles`, `include`, `zones`, `networks`, `services`, `hosts`, `flows`, `exceptions`, `defaults`, `baseline`, `rules`, `expect`)
    p.yaml:1:1: missing-key: a policy without `version` (begin the file with `version: 1`)
    ");

    let laughs: Vec<String> =
        (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(9))).collect();
    let laughs = laughs.concat();
    assert_snapshot!(diagnostics(format!("a0: &a0 lol\n{laughs}")).lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    p.yaml:1:1: unknown-key: a policy has no key `a0` (write one of `version`, `name`, `description`, `owner`, `reviewed`, `profiles`, `include`, `zones`, `networks`, `services`, `hosts`, `flows`, `exceptions`, `defaults`, `baseline`, `rules`, `expect`)
    p.yaml:1:1: missing-key: a policy without `version` (begin the file with `version: 1`)
    p.yaml:1:1: missing-key: a policy without `name` (it names the tables and files: `name: branch-gateway`)
    ");
}

#[test]
fn a_huge_file_is_refused_by_its_size() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("p.yaml");
    File::create(&path).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    let mut sources = Sources::default();
    let bundle = parse::load(&path, &mut sources);
    let [problem] = bundle.diagnostics.as_slice() else { panic!("one problem: {:?}", bundle.diagnostics) };
    assert_eq!(problem.code, "too-large");
    assert!(problem.title.ends_with("it is larger than 64 MiB"), "{}", problem.title);
}

#[cfg(unix)]
#[test]
fn what_is_not_a_file_never_blocks() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let socket = directory.path().join("p.yaml");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    for (path, why) in [
        (socket.as_path(), "it is not a regular file"),
        ("/dev/zero".as_ref(), "it is not a regular file"),
        (directory.path(), "it is a directory"),
        (&directory.path().join("missing.yaml"), "there is no such file"),
    ] {
        let bundle = parse::load(path, &mut Sources::default());
        let title = &bundle.diagnostics.first().expect("a problem").title;
        assert!(title.ends_with(why), "{title}");
    }
}

#[test]
fn characters_that_nobody_sees_are_refused_even_in_comments() {
    assert_snapshot!(diagnostics("version: 1\nname: a\0b\n"), @"p.yaml:2:8: control-character: control character U+0000 (delete it; nothing in a policy needs it)");
    assert_snapshot!(diagnostics("version: 1 # \u{1b}[2J\n"), @"p.yaml:1:14: control-character: control character U+001B (delete it; nothing in a policy needs it)");
    assert_snapshot!(diagnostics("version: 1\n# \u{202e} evil\n"), @"p.yaml:2:3: invisible-character: invisible character U+202E (delete it: it makes the text look different from what programs read)");
    assert_snapshot!(diagnostics("version: 1\n# \u{2066}x\u{2069}\n"), @"p.yaml:2:3: invisible-character: invisible character U+2066 (delete it: it makes the text look different from what programs read)");
    assert_snapshot!(diagnostics("name: a\u{200b}b\n"), @"p.yaml:1:8: invisible-character: invisible character U+200B (delete it: it makes the text look different from what programs read)");
    assert_snapshot!(diagnostics("name: a\u{a0}b\n"), @r"
    p.yaml:1:1: missing-key: a policy without `version` (begin the file with `version: 1`)
    p.yaml:1:1: missing-key: a policy without `rules` (write the rules, or include this file from a policy that has some)
    p.yaml:1:7: not-a-name: the name `a b` may hold only lower-case letters, digits and `-`, and starts with a letter (names look like `lan-mail-2`)
    ");
    assert_snapshot!(diagnostics("name: x\u{85}rules: y\n"), @"p.yaml:1:8: control-character: control character U+0085 (delete it; nothing in a policy needs it)");
    assert_snapshot!(diagnostics("name: x\u{2028}rules: y\n"), @"p.yaml:1:8: invisible-character: invisible character U+2028 (delete it: it makes the text look different from what programs read)");
    assert_snapshot!(diagnostics("# comment\rrules: []\n"), @"p.yaml:1:10: control-character: a carriage return without a line feed (end lines with a line feed, or with both)");
    assert_snapshot!(diagnostics("\u{7f}"), @"p.yaml:1:1: control-character: control character U+007F (delete it; nothing in a policy needs it)");
}

#[test]
fn bytes_that_are_not_utf8_are_refused_at_their_place() {
    assert_snapshot!(diagnostics(b"version: 1\nname: p\ndescription: caf\xe9\n".as_slice()), @"p.yaml:3:17: not-utf8: this file is not UTF-8 (save the file as UTF-8)");
    assert_snapshot!(diagnostics(b"version: 1\n# \xc3\xa9\xff\n".as_slice()), @"p.yaml:2:4: not-utf8: this file is not UTF-8 (save the file as UTF-8)");
    assert_snapshot!(diagnostics(b"version: 1\n\xed\xa0\x80\n".as_slice()), @"p.yaml:2:1: not-utf8: this file is not UTF-8 (save the file as UTF-8)");
    assert_snapshot!(diagnostics(b"\xff\xfev\0e\0r\0".as_slice()), @"p.yaml:1:1: not-utf8: this file is not UTF-8 (it looks like UTF-16: save it as UTF-8)");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read_and_leave_places_alone() {
    let policy = "version: 1\nname: p\nrules: any\n";
    let plain = diagnostics(policy);
    assert_eq!(diagnostics(format!("\u{feff}{policy}")), plain);
    assert_eq!(diagnostics(policy.replace('\n', "\r\n")), plain);
    assert_snapshot!(diagnostics("version: 1\n\u{feff}name: p\n"), @"p.yaml:2:1: invisible-character: invisible character U+FEFF (delete it: it makes the text look different from what programs read)");
}

#[test]
fn files_without_a_policy_are_refused() {
    assert_snapshot!(diagnostics(""), @"p.yaml:1:1: no-document: there is no policy in this file (write one, or let `mailward init` write a first one)");
    assert_snapshot!(diagnostics("\n\n"), @"p.yaml:1:1: no-document: there is no policy in this file (write one, or let `mailward init` write a first one)");
    assert_snapshot!(diagnostics("# only\n# comments\n"), @"p.yaml:1:1: no-document: there is no policy in this file (write one, or let `mailward init` write a first one)");
    assert_snapshot!(diagnostics("---\n"), @"p.yaml:1:4: wrong-shape: expected a policy with keys like `version`, `name`, `description`, found nothing (write a value, or delete the line)");
    assert_snapshot!(diagnostics("---\n---\n"), @"p.yaml:2:1: two-documents: a second YAML document starts here (keep one policy per file; delete the `---` or move what follows it)");
    assert_snapshot!(diagnostics("--- # one\nversion: 1\n...\n--- # two\n"), @"p.yaml:4:1: two-documents: a second YAML document starts here (keep one policy per file; delete the `---` or move what follows it)");
    assert_snapshot!(diagnostics("\t\n"), @"p.yaml:1:1: no-document: there is no policy in this file (write one, or let `mailward init` write a first one)");
    assert_snapshot!(diagnostics("\u{40}"), @"p.yaml:1:1: syntax: a value cannot start with `@` (put it in quotes)");
}

#[test]
fn long_words_and_many_comments_are_no_burden() {
    let long = "x".repeat(1_000_000);
    assert_snapshot!(diagnostics(format!("version: 1\nname: {long}\nrules: any\n")), @r"
    p.yaml:2:7: not-a-name: the name `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is longer than 48 characters (names look like `lan-mail-2`)
    p.yaml:3:8: wrong-shape: expected a list of rules, found `any`
    ");
    assert_snapshot!(diagnostics(format!("version: 1\nname: p\n{long}: 1\nrules: any\n")), @"p.yaml:3:1: syntax: expected `key: value` (check the indentation, and that a colon and a blank follow the key)");
    let comments = "# a comment\n".repeat(20_000);
    assert_snapshot!(diagnostics(format!("version: 1\nname: p\nrules:\n{comments}  - any\n")), @"p.yaml:20004:5: wrong-shape: expected a rule with keys like `id`, `action`, `from`, found `any`");
}

#[test]
fn many_problems_are_cut_short() {
    let rules = "  - {}\n".repeat(5_000);
    let text = diagnostics(format!("version: 1\nname: p\nrules:\n{rules}"));
    assert_eq!(text.lines().count(), MOST_PROBLEMS + 1);
    assert_snapshot!(text.lines().last().expect("a line"), @"p.yaml:204:5: too-many-problems: more than 1000 problems in this file: the rest is left out (correct the first ones and run it again: often one mistake causes many)");
    let keys: Vec<String> = (0..5_000).map(|n| format!("key{n}: 1\n")).collect();
    assert_eq!(diagnostics(keys.concat()).lines().count(), MOST_PROBLEMS + 1);
}

#[test]
fn every_file_of_a_run_says_where_it_is() {
    let mut sources = Sources::default();
    let bundle = parse::text("<stdin>", "version: 2\n", &mut sources);
    assert_snapshot!(plain(&bundle, &sources), @r"
    <stdin>:1:1: not-a-policy: a policy without `name` and `rules` (write both, or ask for the policy that includes this file)
    <stdin>:1:10: unknown-version: `2` is not a version of the policy language (write `version: 1`)
    ");
}
