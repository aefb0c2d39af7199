//! What is no ruleset, and where.

use super::*;
use crate::source::At;

/// The code of what is wrong, and the text that it is about.
fn wrong(text: &str) -> (&'static str, String, String) {
    let problem = parsed(text).unwrap_err().remove(0);
    let At::Bytes { start, end } = problem.primary.site.at else { panic!("no bytes") };
    (problem.code, text.get(start as usize..end as usize).unwrap().to_owned(), problem.title)
}

#[test]
fn errors_point_at_what_is_wrong() {
    let chain = |rule: &str| format!("table inet t {{\nchain c {{\n{rule}\n}}\n}}\n");
    for (text, place) in [
        ("tabel inet t { }".to_owned(), "tabel"),
        (chain("tcp dport drop )"), ")"),
        (chain("limit rate fast drop"), "fast"),
        (chain("tcp dport { 1 2 } drop"), "2"),
        (chain("type filter hook input priority soon;"), ";"),
        (chain("log prefix \"open"), "\"open"),
        (chain("tcp dport 25 drop \u{e9}"), "\u{e9}"),
        ("table inet t { chain c { drop".to_owned(), ""),
    ] {
        let (code, at, title) = wrong(&text);
        assert_eq!((code, at.as_str()), ("nft-syntax", place), "{title}");
    }
    assert_eq!(wrong("{ \"nftables\": [ { ").0, "nft-syntax");
    assert_eq!(wrong("{ \"rules\": [] }").2, "this JSON has no `nftables` list");
}

#[test]
fn nothing_is_nested_without_end() {
    let rule = |rule: String| format!("table inet t {{ chain c {{ {rule}\n}}\n}}");
    for deep in [
        rule(format!("tcp dport {}1", "(".repeat(100_000))),
        rule(format!("tcp dport {}1", "{ ".repeat(100_000))),
        rule("jump { ".repeat(100_000)),
        rule(format!("meta mark 1{}", " | 1".repeat(100_000))),
        (0..100_000).fold("define a0 = { 1 }".to_owned(), |all, n| {
            all + &format!("\ndefine a{} = {{ $a{n} }}", n + 1)
        }),
    ] {
        assert_eq!(wrong(&deep).0, "nft-syntax");
    }
}

#[test]
fn variables_cannot_grow_without_end() {
    let thousand = |n: usize| format!("define a{} = {{ {} }}\n", n + 1, format!("$a{n}, ").repeat(1000));
    let text = "define a0 = { 1, 2 }\n".to_owned() + &(0..16).map(thousand).collect::<String>();
    assert_eq!(wrong(&text).0, "nft-syntax");
}

#[test]
fn files_are_written_in_many_ways() {
    let text = "#!/usr/sbin/nft -f\n\u{feff}flush ruleset; table inet t{\r
        comment \"all of it\"
        counter hits { packets 0 bytes 0; }
        ct helper ftp { type \"ftp\" protocol tcp; }
        chain c{type filter hook input priority 0;policy accept
        comment \"first\"; tcp dport \\
          25 \\
          drop comment \"# not the end\"}
        }";
    assert!(read(text).drops(&mail()));
    assert_eq!(read("").fate(&mail()), Fate::Accept);
}
