//! `mailward graph` as its users meet it.

use crate::program::Site;

const OFFICE: &str = include_str!("../../data/project/office.yaml");

fn office() -> Site {
    Site::new().file("office.yaml", OFFICE)
}

#[test]
fn zones_and_what_may_pass() {
    insta::assert_snapshot!(office().run("graph office.yaml"), @r##"
    exit 0
    --- stdout
    // Who may open flows to whom in office, written by mailward.
    digraph "office" {
    	rankdir=LR
    	node [shape=box, style=rounded, fontname="sans-serif"]
    	edge [fontname="sans-serif", fontsize=10]
    	"lan" [tooltip="internal zone"]
    	"internet" [tooltip="untrusted zone", style="rounded,dashed"]
    	"host" [tooltip="this machine", style="rounded,bold"]
    	"lan" -> "internet" [label="submissions, imaps, pop3s, http, https\ncleartext: http", tooltip="lan → internet: submissions, imaps, pop3s, http, https; in cleartext: http", color="#b3261e", fontcolor="#b3261e"]
    }
    --- stderr
    "##);
}

#[test]
fn cleartext_is_marked() {
    let open = OFFICE
        .replace("services: [imaps, pop3s, submissions]", "services: [imaps, pop3, pop3s, submissions]");
    let run = Site::new().file("office.yaml", open).run("graph office.yaml");
    assert!(
        run.stdout.contains(r#"label="submissions, imaps, pop3s, pop3 and 2 more\ncleartext: pop3, http""#),
        "{run}"
    );
}

#[test]
fn a_picture_stands_alone_and_is_always_the_same() {
    let site = office();
    let first = site.run("graph office.yaml --format svg");
    assert_eq!(first.exit, 0, "{first}");
    assert!(first.stdout.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{first}");
    assert!(
        first.stdout.contains("<title id=\"title\">Who may open flows to whom in office</title>"),
        "{first}"
    );
    assert!(first.stdout.contains("lan → internet: submissions, imaps, pop3s"), "{first}");
    for outside in ["href", "<script", "@import", "<image"] {
        assert!(!first.stdout.contains(outside), "{outside}");
    }
    assert_eq!(first, site.run("graph office.yaml --format svg"));
}

#[test]
fn one_policy_at_a_time() {
    let site = office().file("other.yaml", OFFICE.replace("name: office", "name: other"));
    insta::assert_snapshot!(site.run("graph ."), @r"
    exit 2
    --- stdout
    --- stderr
    error: there are several policies: `office.yaml`, `other.yaml`
     help: name one of them
    ");
    let broken = Site::new().file("a.yaml", "version: 1\nname: a\nrules: 3\n").run("graph a.yaml");
    assert_eq!((broken.exit, broken.stdout.as_str()), (2, ""), "{broken}");
    assert!(broken.stderr.contains("error["), "{broken}");
    assert_eq!(site.run("graph office.yaml --format png").exit, 2);
}
