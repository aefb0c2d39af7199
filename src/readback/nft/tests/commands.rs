//! Commands, and what is left when all have run.

use super::*;

/// Whether a packet to port 25 is dropped once all commands have run.
fn drops(commands: &str) -> bool {
    read(commands).drops(&mail())
}

const BASE: &str = "add table inet t
    add chain inet t c { type filter hook input priority 0; policy accept; }\n";

#[test]
fn rules_come_in_the_order_that_commands_say() {
    assert!(drops(&format!("{BASE}add rule inet t c tcp dport 25 drop\nadd rule inet t c accept")));
    assert!(drops(&format!("{BASE}rule inet t c accept\ninsert rule inet t c tcp dport 25 drop")));
    assert!(drops(&format!(
        "{BASE}add rule inet t c tcp dport 9 drop\nadd rule inet t c accept\nadd rule inet t c index 0 drop"
    )));
    assert!(drops(&format!("{BASE}add rule inet t c accept\ninsert rule inet t c index 0 drop")));
}

#[test]
fn a_table_declared_again_is_added_to_and_emptied_first_where_that_is_said() {
    let block = "table inet t {\nset s { type inet_service; elements = { 25 }; }\nchain c { tcp dport @s drop; }\n}\n";
    assert!(drops(&format!("{BASE}{block}{block}")));
    assert!(!drops(&format!("{BASE}{block}flush table inet t")));
    assert!(!drops(&format!("{BASE}{block}flush set inet t s")));
    assert!(!drops(&format!("{BASE}{block}flush chain inet t c")));
    assert!(!drops(&format!("{BASE}{block}delete table inet t")));
    assert!(!drops(&format!("{BASE}{block}flush ruleset")));
    assert!(drops(&format!("{BASE}{block}flush ruleset ip")));
    assert!(drops(&format!("{block}{BASE}{block}destroy chain inet t other")));
    assert!(drops(
        "table inet t { chain c { type filter hook input priority 0; policy accept; }\n}
        table inet t { chain c { policy drop; }\n}"
    ));
}

#[test]
fn elements_come_and_go() {
    let rule =
        format!("{BASE}add set inet t s {{ type inet_service; }}\nadd rule inet t c tcp dport @s drop\n");
    assert!(!drops(&rule));
    assert!(drops(&format!("{rule}add element inet t s {{ 24, 25 }}")));
    assert!(!drops(&format!("{rule}add element inet t s {{ 24, 25 }}\ndelete element inet t s {{ 25 }}")));
}

#[test]
fn variables_stand_for_their_values() {
    assert!(drops(&format!(
        "define low = {{ 20-30 }}
         define all = {{ $low, 80 }}
         define iface = \"eth0\"
         redefine low = {{ 1 }}
         {BASE}add rule inet t c iifname != $iface tcp dport $all drop"
    )));
    let inner = "define p = 80\ntable inet t { define p = 25\nchain c { type filter hook input priority 0; tcp dport $p drop\n}\n}";
    assert!(drops(inner));
    assert!(!drops(&format!("{inner}\nflush ruleset\n{BASE}rule inet t c tcp dport $p drop")));
    let code = |text: &str| parsed(text).unwrap_err()[0].code;
    assert_eq!(code("define a = $b"), "nft-unknown-variable");
}

#[test]
fn included_files_stand_where_they_are_included() {
    let text = "include \"ports\"\ntable inet t { chain c { type filter hook input priority 0\ninclude \"rules/*\"\n}\n}";
    let mut asked = Vec::new();
    let ruleset = parse(file(text), text, &mut |path| {
        asked.push(path.to_owned());
        let texts = match path {
            "ports" => vec!["define p = 25"],
            _ => vec!["tcp dport 80 accept", "tcp dport $p drop\n"],
        };
        Ok(texts.into_iter().map(|text| (file(text), text.to_owned())).collect())
    });
    let meaning = ruleset.unwrap().meaning(&InterfaceTable::default(), &mut Conditions::default()).unwrap();
    let decided = meaning.steps.iter().find(|step| step.cube.contains(&mail())).unwrap();
    assert_eq!(
        (decided.effect, asked),
        (Effect::Decide(Fate::Drop), vec!["ports".to_owned(), "rules/*".to_owned()])
    );
}

#[test]
fn files_that_include_themselves_end() {
    let text = "include \"me\"";
    let read = parse(file(text), text, &mut |_| Ok(vec![(file(text), text.to_owned())]));
    assert_eq!(read.unwrap_err()[0].code, "nft-include");
}

#[test]
fn names_that_are_not_there_are_errors() {
    let meaning = |text: &str| {
        parsed(text)
            .unwrap()
            .meaning(&InterfaceTable::default(), &mut Conditions::default())
            .unwrap_err()
            .code
    };
    assert_eq!(meaning(&format!("{BASE}rule inet t c jump nowhere")), "nft-unknown-name");
    assert_eq!(meaning(&format!("{BASE}rule inet t c ip saddr @nothing drop")), "nft-unknown-name");
    let code = |text: &str| parsed(text).unwrap_err()[0].code;
    assert_eq!(code(&format!("{BASE}rule inet t other drop")), "nft-unknown-name");
    assert_eq!(code(&format!("{BASE}delete rule inet t c handle 3")), "nft-handle");
}
