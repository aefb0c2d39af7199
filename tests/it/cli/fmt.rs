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

#[cfg(unix)]
#[test]
fn what_somebody_else_wrote_meanwhile_stays() {
    use std::io::{Read as _, Write as _};
    use std::process::Stdio;

    let site = Site::new().file("a.yaml", UGLY).file("b.yaml", UGLY);
    let mut command = site.command("fmt a.yaml - b.yaml");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // More than a pipe holds: the program has read all files, and waits until somebody reads what it says.
    let long = format!("{UGLY}# {}\n", "x".repeat(1 << 18));
    child.stdin.take().unwrap().write_all(long.as_bytes()).unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    std::fs::write(site.path("b.yaml"), "edited").unwrap();
    std::io::copy(&mut stdout, &mut std::io::sink()).unwrap();
    let run: crate::program::Run = child.wait_with_output().unwrap().into();
    insta::assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error: `b.yaml` was changed by somebody else meanwhile, and is left as it is now
     help: run it again
    ");
    assert_eq!((site.read("a.yaml").as_str(), site.read("b.yaml").as_str()), (UGLY, "edited"));
    assert_eq!(site.names("."), ["a.yaml", "b.yaml"]);
}

#[cfg(unix)]
#[test]
fn a_file_is_laid_out_once_whatever_its_names_are() {
    let site = Site::new().file("a.yaml", UGLY).file("b/c.yaml", "");
    std::os::unix::fs::symlink("a.yaml", site.path("link.yaml")).unwrap();
    let run = site.run("fmt link.yaml a.yaml b/../a.yaml ./a.yaml");
    assert_eq!((run.exit, run.stderr.as_str()), (0, "laid out 1 file\n"), "{run}");
    assert_eq!(site.read("link.yaml"), TIDY);
    let site = site.file("a.yaml", UGLY);
    std::fs::hard_link(site.path("a.yaml"), site.path("hard.yaml")).unwrap();
    insta::assert_snapshot!(site.run("fmt a.yaml hard.yaml"), @"
    exit 2
    --- stdout
    --- stderr
    error: `a.yaml` and `hard.yaml` are one file, a hard link
     help: name one of them, or make it a file of its own
    ");
    assert_eq!(site.read("a.yaml"), UGLY);
    assert_eq!(site.run("fmt --check a.yaml hard.yaml").exit, 1, "a preview changes nothing");
}
