//! The documentation shows real output: every `console` block is run and compared, and the picture is drawn anew.
//!
//! `MAILWARD_UPDATE_DOCS=1 cargo test docs` writes what is out of date. A line `…` in a block stands for any lines.

mod checks;
mod readback;
mod site;

use std::path::{Path, PathBuf};
use std::process::Command;

use anstyle_svg::Term;

use crate::program::{Site, run_in_repository};

/// Every document with commands that are run, besides the guides.
const DOCUMENTS: [&str; 3] = ["README.md", "docs/cli.md", "docs/language.md"];

/// The document whose reader begins with nothing.
const TUTORIAL: &str = "docs/tutorial.md";

/// What the other readers have.
const COPIED: [&str; 3] = ["policies", "docs/examples", "tests/data/rulesets"];

/// The picture in the README, and the command it shows.
const PICTURE: (&str, &str) = (
    "docs/lint.svg",
    "lint docs/examples/office.yaml --only mail-pop3-cleartext-egress --only rule-partly-shadowed",
);

/// Stands for lines that a document leaves out.
const OMISSION: &str = "…";

#[cfg(unix)]
#[test]
fn quoted_output_is_real() {
    for document in DOCUMENTS {
        is_real(document, copies(Site::new(), &COPIED));
    }
}

#[cfg(unix)]
#[test]
fn the_tutorial_begins_with_nothing() {
    is_real(TUTORIAL, Site::new());
}

#[cfg(unix)]
#[test]
fn guides_are_real() {
    for guide in files(&in_repository("docs/howto")) {
        let document = guide.strip_prefix(in_repository("")).unwrap().to_str().unwrap().to_owned();
        is_real(&document, copies(Site::new(), &COPIED));
    }
}

fn is_real(document: &str, site: Site) {
    let text = std::fs::read_to_string(in_repository(document)).unwrap();
    compare(document, &text, &with_real_output(&text, site));
}

#[test]
fn the_picture_is_real() {
    let (path, words) = PICTURE;
    let run = run_in_repository(&format!("{words} --color always"));
    assert_eq!(run.exit, 1, "{run}");
    let drawn = Term::new().render_svg(&format!("$ mailward {words}\n\n{}", run.stdout));
    compare(path, &std::fs::read_to_string(in_repository(path)).unwrap_or_default(), &drawn);
}

/// Fails when a document differs from what it should be, or writes it if asked to.
pub(crate) fn compare(document: &str, is: &str, should: &str) {
    if is != should && std::env::var_os("MAILWARD_UPDATE_DOCS").is_some() {
        std::fs::write(in_repository(document), should).unwrap();
    } else {
        let how = "run it with MAILWARD_UPDATE_DOCS=1 and review the change";
        assert!(is == should, "{document} is out of date: {how}\n{}", difference(is, should));
    }
}

fn difference(is: &str, should: &str) -> String {
    similar::TextDiff::from_lines(is, should).unified_diff().to_string()
}

/// The document with the output of its commands put in place. Commands of one document run in one directory, in which a
/// block of YAML with a name (`yaml mailward.yaml`) becomes a file.
fn with_real_output(document: &str, mut site: Site) -> String {
    let mut text = String::new();
    let mut rest = document;
    while let Some((before, from)) = rest.split_once("```") {
        let (block, after) = from.split_once("```").expect("a closed block");
        let (kind, content) = block.split_once('\n').unwrap_or((block, ""));
        text.extend([before, "```", kind]);
        if block.contains('\n') {
            text += "\n";
        }
        if let Some(name) = kind.strip_prefix("yaml ").filter(|name| !name.contains(' ')) {
            site = site.file(name, content);
        }
        text += &if kind == "console" { run_block(&site, content) } else { content.to_owned() };
        text += "```";
        rest = after;
    }
    text + rest
}

fn copies(site: Site, directories: &[&str]) -> Site {
    let files = directories.iter().flat_map(|directory| files(&in_repository(directory)));
    files.fold(site, |site, file| {
        let relative = file.strip_prefix(in_repository("")).unwrap().to_str().unwrap().to_owned();
        site.file(&relative, std::fs::read(file).unwrap())
    })
}

pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// A block with the output of its commands put in place.
fn run_block(site: &Site, block: &str) -> String {
    let mut lines = block.lines().peekable();
    let mut text = String::new();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {line}"));
        let mut shown = String::new();
        while let Some(output) = lines.next_if(|line| !line.starts_with("$ ")) {
            shown.extend([output, "\n"]);
        }
        let real = run_in_shell(site, command);
        text.extend(["$ ", command, "\n", if omits(&shown, &real) { &shown } else { &real }]);
    }
    text
}

/// Whether an output is another one with lines left out.
fn omits(shown: &str, real: &str) -> bool {
    let mut rest = Some(real);
    for (index, part) in shown.split(&format!("{OMISSION}\n")).enumerate() {
        rest = rest.and_then(|rest| match index {
            0 => rest.strip_prefix(part),
            _ => rest.find(part).map(|at| &rest[at + part.len()..]),
        });
    }
    rest.is_some_and(|rest| rest.is_empty() || shown.ends_with(&format!("{OMISSION}\n")))
}

fn run_in_shell(site: &Site, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_mailward")).parent().unwrap().to_str().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1; {command}")]).current_dir(site.path(""));
    shell.env_clear().env("PATH", format!("{program}:/usr/bin:/bin"));
    let output = String::from_utf8(shell.output().unwrap().stdout).unwrap();
    // Editors take blanks at the end of a line away.
    output.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

pub(crate) fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The page on the policy language.
fn language() -> String {
    std::fs::read_to_string(in_repository("docs/language.md")).unwrap()
}

/// The first block of the page: a policy with every key.
fn example(page: &str) -> &str {
    page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a policy")
}

#[test]
fn the_policy_of_the_language_page_lints_clean_holds_and_renders() {
    let shared = "version: 1\nnetworks: { resolvers: [192.0.2.53, '2001:db8:53::53'] }\n";
    let site = Site::new()
        .file("policy.yaml", example(&language()))
        .file("shared/resolvers.yaml", shared)
        .file("lists/blocked.txt", "198.51.100.0/24 # since 2026-10-01\n");
    let lint = site.run("lint policy.yaml --today 2026-11-22 --fail-on info");
    let clean = "no findings in 1 policy; not shown: 2 excepted (the next exception ends on 2027-03-31)\n";
    assert_eq!((lint.exit, lint.stdout.as_str()), (0, clean), "{lint}");
    let test = site.run("test policy.yaml");
    assert_eq!(test.exit, 0, "{test}");
    let render = site.run("render policy.yaml --target all --out rules");
    assert_eq!(render.exit, 0, "{render}");
}

#[test]
fn the_policy_of_the_language_page_has_every_key_of_its_tables() {
    let page = language();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let keys: Vec<&str> =
        rows.flat_map(|names| names.split([',', '`', ' '])).filter(|key| !key.is_empty()).collect();
    assert!(keys.len() > 50, "{keys:?}");
    let policy = example(&page).replace(['\n', '{', ','], " ");
    let written: Vec<&str> = policy.split(' ').filter_map(|word| word.strip_suffix(':')).collect();
    for key in keys {
        assert!(written.contains(&key), "`{key}` is in a table and not in the policy");
    }
}

#[test]
fn the_language_page_lists_every_built_in_name_that_no_command_lists() {
    use mailward::catalog::{icmp_names, network_names, protocol_names};
    use mailward::packet::Family;

    let page = language();
    let messages = Family::ALL.into_iter().flat_map(icmp_names);
    for name in network_names().chain(protocol_names()).chain(messages) {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    for (profile, word) in mailward::model::Profile::ALL {
        assert!(page.contains(&format!("`{word}`")), "{profile:?}");
    }
    for (role, word) in mailward::model::Role::ALL {
        assert!(page.contains(&format!("`{word}`")), "{role:?}");
    }
}

#[test]
fn omissions_stand_for_any_lines() {
    assert!(omits("a\n…\nd\n", "a\nb\nc\nd\n"));
    assert!(omits("a\n…\n", "a\nb\n"));
    assert!(!omits("a\n…\nd\n", "a\nb\n"));
    assert!(!omits("b\n…\n", "a\nb\n"));
    assert!(!omits("a\n", "a\nb\n"));
}

#[test]
fn the_profile_of_the_page_on_profiles_is_one() {
    let page = std::fs::read_to_string(in_repository("docs/profiles.md")).unwrap();
    let site = Site::new()
        .file("policy.yaml", std::fs::read(in_repository("policies/branch-gateway.yaml")).unwrap())
        .file("acme.yaml", example(&page));
    let site = files(&in_repository("policies/shared")).into_iter().fold(site, |site, file| {
        let name = format!("shared/{}", file.file_name().unwrap().to_str().unwrap());
        site.file(&name, std::fs::read(file).unwrap())
    });
    let lint = site.run("lint policy.yaml --profile acme.yaml --today 2026-11-22");
    assert_eq!(lint.exit, 1, "{lint}");
    assert!(lint.stdout.contains("tickets]") && lint.stdout.contains("rule-no-ticket]"), "{lint}");
}
