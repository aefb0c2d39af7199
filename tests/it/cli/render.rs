//! `mailward render` as its users meet it.

use std::io::Read as _;
use std::process::Stdio;

use crate::cli::lint::CLEAN;
use crate::program::Site;

/// Every file of the policy `clean`, but for the lists that iptables may need.
const FILES: [&str; 5] =
    ["clean.freebsd.pf.conf", "clean.nft", "clean.openbsd.pf.conf", "clean.v4.rules", "clean.v6.rules"];

fn site() -> Site {
    Site::new().file("clean.yaml", CLEAN)
}

/// The names of the files in a directory, but for lists.
fn rulesets(site: &Site, directory: &str) -> Vec<String> {
    site.names(directory).into_iter().filter(|name| name.strip_suffix(".ipset").is_none()).collect()
}

fn broken() -> String {
    CLEAN.replace("imaps", "imapz").replace("clean", "broken")
}

#[test]
fn rulesets_are_written_to_a_directory() {
    let site = site();
    let run = site.run("render clean.yaml --target all --out deep/rules");
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""), "{run}");
    assert_eq!(rulesets(&site, "deep/rules"), FILES);
    for file in FILES {
        assert!(run.stdout.contains(&format!("wrote deep/rules/{file}\n")), "{run}");
        assert!(site.read(&format!("deep/rules/{file}")).ends_with('\n'));
    }
}

#[test]
fn the_same_policy_gives_the_same_bytes() {
    let site = site();
    let written = site.run("render clean.yaml --target all --out rules").stdout.lines().count();
    let first: Vec<String> = FILES.iter().map(|file| site.read(&format!("rules/{file}"))).collect();
    let run = site.run("render clean.yaml --target all --out rules");
    assert_eq!(
        (run.stdout.matches("unchanged").count(), run.stdout.matches("wrote").count()),
        (written, 0),
        "{run}"
    );
    let second: Vec<String> = FILES.iter().map(|file| site.read(&format!("rules/{file}"))).collect();
    assert_eq!(first, second);
}

#[test]
fn targets_choose_files() {
    for (targets, files) in [
        ("-t nftables", &["clean.nft"][..]),
        ("-t iptables", &["clean.v4.rules", "clean.v6.rules"]),
        ("-t pf", &["clean.freebsd.pf.conf", "clean.openbsd.pf.conf"]),
        ("-t pf-openbsd -t nftables -t nftables", &["clean.nft", "clean.openbsd.pf.conf"]),
        ("-t pf-freebsd", &["clean.freebsd.pf.conf"]),
    ] {
        let site = site();
        let run = site.run(&format!("render clean.yaml {targets} -o out"));
        assert_eq!(run.exit, 0, "{targets}: {run}");
        assert_eq!(rulesets(&site, "out"), files, "{targets}");
    }
}

#[test]
fn one_ruleset_on_standard_output_is_loadable_as_it_is() {
    let site = site();
    let run = site.run("render clean.yaml --target nftables");
    site.run("render clean.yaml --target nftables --out out");
    assert_eq!(run.stdout, site.read("out/clean.nft"));
    assert_eq!((run.exit, run.stderr.as_str()), (0, ""));
}

#[test]
fn several_rulesets_on_standard_output_have_their_names_above_them() {
    let run = site().run("render clean.yaml --target all");
    for file in FILES {
        assert!(run.stdout.contains(&format!("# ==> {file} <==\n")), "{run}");
    }
}

#[test]
fn standard_input_is_rendered() {
    let run = Site::new().run_with("render - --target nftables", CLEAN.as_bytes());
    assert_eq!(run.exit, 0, "{run}");
    assert!(run.stdout.contains("<stdin>:"), "{run}");
}

#[test]
fn a_target_is_required_and_a_wrong_one_is_told() {
    let run = site().run("render clean.yaml");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    let run = site().run("render clean.yaml --target nftable");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("'nftables'"), "{run}");
}

#[test]
fn an_invalid_policy_writes_nothing_at_all() {
    let site = site().file("broken.yaml", broken());
    let run = site.run("render clean.yaml broken.yaml --target all --out out");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("`imapz`") && run.stderr.contains("broken.yaml:13:"), "{run}");
    assert_eq!(site.names("out"), [""; 0]);
}

#[test]
fn a_failed_run_leaves_the_old_files() {
    let site = site();
    site.run("render clean.yaml --target all --out out");
    let old = site.read("out/clean.nft");
    let site = site.file("clean.yaml", broken());
    assert_eq!(site.run("render clean.yaml --target all --out out").exit, 2);
    assert_eq!(site.read("out/clean.nft"), old);
    assert_eq!(rulesets(&site, "out"), FILES);
}

#[test]
fn check_compares_and_writes_nothing() {
    let site = site();
    let missing = site.run("render clean.yaml --target nftables --out out --check");
    assert_eq!((missing.exit, missing.stderr.as_str()), (1, ""), "{missing}");
    assert!(missing.stdout.starts_with("--- /dev/null\n+++ out/clean.nft\n"), "{missing}");
    assert_eq!(site.names("out"), [""; 0]);

    site.run("render clean.yaml --target nftables --out out");
    let same = site.run("render clean.yaml --target nftables --out out --check");
    assert_eq!((same.exit, same.stdout.as_str(), same.stderr.as_str()), (0, "", ""), "{same}");

    let site = site.file("clean.yaml", CLEAN.replace("[imaps]", "[pop3s]"));
    let before = site.read("out/clean.nft");
    let changed = site.run("render clean.yaml --target nftables --out out --check");
    assert_eq!(changed.exit, 1, "{changed}");
    assert!(changed.stdout.starts_with("--- out/clean.nft\n+++ out/clean.nft\n"), "{changed}");
    let lines =
        |start: &str| changed.stdout.lines().filter(|line| line.starts_with(start)).collect::<String>();
    assert!(lines("-").contains("993") && lines("+").contains("995"), "{changed}");
    assert_eq!(site.read("out/clean.nft"), before);
}

#[cfg(unix)]
#[test]
fn files_without_an_end_are_neither_read_nor_replaced() {
    let site = site().file("out/other", "");
    std::os::unix::fs::symlink("/dev/zero", site.path("out/clean.nft")).unwrap();
    for words in ["--out out", "--out out --check"] {
        let run = site.run(&format!("render clean.yaml --target nftables {words}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    }
}

#[test]
fn check_needs_something_to_compare_with() {
    let run = site().run("render clean.yaml --target nftables --check");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
}

#[test]
fn two_policies_never_write_one_file() {
    let site = site().file("twin.yaml", CLEAN);
    insta::assert_snapshot!(site.run("render clean.yaml twin.yaml --target nftables --out out"), @r#"
    exit 2
    --- stdout
    --- stderr
    error: `clean.yaml` and `twin.yaml` both make `clean.nft`
     help: give each policy a `name` of its own
    "#);
    assert_eq!(site.names("out"), [""; 0]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let site = site().file("precious", "precious\n").file("out/clean.v4.rules", "old\n");
    std::os::unix::fs::symlink(site.path("precious"), site.path("out/clean.v6.rules")).unwrap();
    insta::assert_snapshot!(site.run("render clean.yaml --target iptables --out out"), @r#"
    exit 2
    --- stdout
    --- stderr
    error: cannot write `out/clean.v6.rules`: it is a symbolic link, and what it points to may be anything
    "#);
    assert_eq!(site.read("precious"), "precious\n");
    assert_eq!(site.read("out/clean.v4.rules"), "old\n");
    assert_eq!(site.names("out"), ["clean.v4.rules", "clean.v6.rules"], "not even a list");
}

#[test]
fn a_directory_that_cannot_be_made() {
    let run = site().run("render clean.yaml --target nftables --out clean.yaml");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.starts_with("error: cannot write `clean.yaml`: "), "{run}");
}

#[test]
fn templates_decide_the_layout() {
    let ours = format!("# Ours.\n{}", include_str!("../../../templates/nftables.nft.j2"));
    let site = site().file("ours/nftables.nft.j2", ours);
    let run = site.run("render clean.yaml --target nftables --template-dir ours");
    let built_in = site.run("render clean.yaml --target nftables");
    assert_eq!(run.stdout, format!("# Ours.\n{}", built_in.stdout), "{run}");
}

#[test]
fn a_template_that_changes_what_is_said_writes_nothing() {
    let template = include_str!("../../../templates/nftables.nft.j2");
    for (is, should) in [
        ("{% for rule in hook.rules %}", "{% for rule in hook.rules[1:] %}"),
        ("policy {{ hook.policy }}", "policy accept"),
    ] {
        let site = site().file("ours/nftables.nft.j2", template.replace(is, should));
        let run = site.run("render clean.yaml --target nftables --template-dir ours --out out");
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
        assert!(run.stderr.contains("template `nftables.nft.j2` changes what the ruleset says"), "{run}");
        assert!(site.names("out").is_empty(), "{run}");
    }
}

#[test]
fn templates_that_are_not_there() {
    let run = site().run("render clean.yaml --target nftables --template-dir nowhere");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("nowhere"), "{run}");
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let site = (0..40).fold(Site::new(), |site, n| {
        site.file(&format!("p/{n}.yaml"), CLEAN.replace("name: clean", &format!("name: clean-{n}")))
    });
    let mut command = site.command("render p --target nftables");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut first).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = site().command("render clean.yaml --target nftables").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).starts_with("error: cannot write to the standard output")
    );
}
