//! `mailward fmt`: files laid out, and nothing else changed.

use crate::program::Site;

const UGLY: &str = "version:  1\nname: a  \nzones: {lan: {interfaces: [ lan0 ]}}\nrules:\n- {id: x,action: deny , from: any, to: any, services: any} # why\n\n\n";
const TIDY: &str = "version:  1\nname: a\nzones: { lan: { interfaces: [lan0] } }\nrules:\n  - { id: x, action: deny, from: any, to: any, services: any } # why\n";

#[test]
fn a_file_is_laid_out_once_and_for_all() {
    let site = Site::new().file("a.yaml", UGLY);
    insta::assert_snapshot!(site.run("fmt a.yaml"), @"
    exit 0
    --- stdout
    --- stderr
    laid out 1 file
    ");
    assert_eq!(site.read("a.yaml"), TIDY);
    insta::assert_snapshot!(site.run("fmt --check a.yaml"), @"
    exit 0
    --- stdout
    --- stderr
    ");
    insta::assert_snapshot!(site.run("fmt a.yaml"), @"
    exit 0
    --- stdout
    --- stderr
    ");
}

#[test]
fn what_would_change_can_be_asked() {
    let site = Site::new().file("a.yaml", UGLY).file("b.yaml", TIDY);
    insta::assert_snapshot!(site.run("fmt --check ."), @"
    exit 1
    --- stdout
    a.yaml
    --- stderr
    ");
    insta::assert_snapshot!(site.run("fmt --diff a.yaml b.yaml"), @"
    exit 1
    --- stdout
    --- a.yaml
    +++ a.yaml
    @@ -1,7 +1,5 @@
     version:  1
    -name: a  
    -zones: {lan: {interfaces: [ lan0 ]}}
    +name: a
    +zones: { lan: { interfaces: [lan0] } }
     rules:
    -- {id: x,action: deny , from: any, to: any, services: any} # why
    -
    -
    +  - { id: x, action: deny, from: any, to: any, services: any } # why
    --- stderr
    ");
    assert_eq!(site.read("a.yaml"), UGLY);
}

#[test]
fn the_standard_input_goes_to_the_standard_output() {
    let site = Site::new();
    let run = site.run_with("fmt -", UGLY.as_bytes());
    assert_eq!((run.exit, run.stdout.as_str()), (0, TIDY));
    let run = site.run_with("fmt - --check", UGLY.as_bytes());
    assert_eq!((run.exit, run.stdout.as_str()), (1, "<stdin>\n"));
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let ugly = format!("\u{feff}{}", UGLY.replace('\n', "\r\n"));
    let site = Site::new().file("a.yaml", ugly);
    assert_eq!(site.run("fmt a.yaml").exit, 0);
    assert_eq!(site.read("a.yaml"), format!("\u{feff}{}", TIDY.replace('\n', "\r\n")));
}

#[test]
fn a_broken_file_is_left_alone_and_the_others_are_not() {
    let site = Site::new().file("a.yaml", "version: 1\nrules: [\n").file("b.yaml", UGLY);
    insta::assert_snapshot!(site.run("fmt a.yaml b.yaml"), @"
    exit 2
    --- stdout
    --- stderr
    laid out 1 file
    error[syntax]: this `[` is never closed
      ╭▸ a.yaml:2:8
      │
    2 │ rules: [
      │        ━
      │
      ╰ help: close it with `]`
    ");
    assert_eq!(site.read("b.yaml"), TIDY);
    assert_eq!(site.run("fmt nowhere.yaml").exit, 2);
    assert_eq!(Site::new().run("fmt .").exit, 2);
}
