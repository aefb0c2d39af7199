//! `mailward diff --git` as its users meet it.

use crate::cli::diff::{OFFICE, rule, told};
use crate::program::{Run, Site};
use crate::repository::{Repository, git};

fn wider() -> String {
    OFFICE.to_owned() + &rule("pop", "allow", "[pop3]")
}

fn office() -> Repository {
    Repository::new(Site::new().file("policies/office.yaml", OFFICE))
}

#[test]
fn a_revision_is_compared_with_the_working_tree() {
    let repository = office().file("policies/office.yaml", wider());
    insta::assert_snapshot!(repository.run("diff --git main"), @"
    exit 0
    --- stdout
    newly allowed: TCP 110 (pop3) from lan (10.0.0.0/16) to internet
       ╭▸ policies/office.yaml:13:11
       │
    13 │   - { id: pop, action: allow, from: lan, to: internet, services: [pop3] }
       │           ━━━ allows them now
       │
       ⸬  main:policies/office.yaml:2:7
       │
     2 │ name: office
       │       ━━━━━━ the default of the forward hook dropped and logged them
       │
       ├ note: 65,536 × every IPv4 address, 1 port
       ╰ note: for example: forward, lan0 → wan0: TCP 10.0.0.1:49152 → 198.51.100.1:110

    1 traffic change: 1 newly allowed in 1 policy
    --- stderr
    ");
    let json = "--format json";
    let expected = ["allowed main:policies/office.yaml → policies/office.yaml"];
    assert_eq!(told(&repository.run(&format!("diff --git main {json}"))), expected);
    assert_eq!(told(&repository.run(&format!("diff --git main policies {json}"))), expected);
    assert_eq!(told(&repository.run(&format!("diff policies/office.yaml --git main {json}"))), expected);
    let absolute = repository.site.path("policies").display().to_string();
    let run = repository.run(&format!("diff --git main {absolute} {json}"));
    assert!(told(&run)[0].starts_with("allowed main:policies/office.yaml → "), "{run}");
    assert_eq!(repository.run("diff --git main --exit-code").exit, 1);
}

#[test]
fn two_revisions_are_compared() {
    let repository = office();
    repository.git(&["tag", "v1"]);
    let repository =
        repository.file("policies/office.yaml", wider()).commit().file("policies/office.yaml", "broken");
    let expected = ["allowed v1:policies/office.yaml → main:policies/office.yaml"];
    for words in ["--git v1 --git main", "--git v1..main"] {
        assert_eq!(told(&repository.run(&format!("diff {words} --format json"))), expected, "{words}");
    }
    let run = repository.run("diff --git main..v1 --format json");
    assert_eq!(told(&run), ["denied main:policies/office.yaml → v1:policies/office.yaml"]);
    let run = repository.run("diff --git v1.. --format json");
    assert_eq!(told(&run), ["allowed v1:policies/office.yaml → HEAD:policies/office.yaml"]);
}

#[test]
fn a_pull_request_is_compared_with_where_it_began() {
    let repository = office();
    repository.git(&["checkout", "--quiet", "-b", "topic"]);
    let repository = repository.file("policies/office.yaml", wider()).commit();
    repository.git(&["checkout", "--quiet", "main"]);
    let repository = repository.file("policies/office.yaml", OFFICE.replace("imaps", "pop3s")).commit();
    assert_eq!(
        told(&repository.run("diff --git main..topic --format json")).len(),
        3,
        "pop3 and imaps for pop3s"
    );
    let run = repository.run("diff --git main...topic --format json");
    assert_eq!(told(&run).len(), 1, "{run}");
    assert!(told(&run)[0].ends_with(":policies/office.yaml → topic:policies/office.yaml"), "{run}");
}

#[test]
fn branches_without_a_common_history_have_no_fork() {
    let repository = office();
    repository.git(&["checkout", "--quiet", "--orphan", "alone"]);
    let repository = repository.file("policies/office.yaml", wider()).commit();
    insta::assert_snapshot!(repository.run("diff --git main...alone"), @"
    exit 2
    --- stdout
    --- stderr
    error: `main` and `alone` have no common history here
     help: a clone that is not whole has to fetch their history first: `git fetch --unshallow`
    ");
}

#[test]
fn paths_are_those_of_the_current_directory() {
    let repository = office().file("policies/office.yaml", wider()).file("other/x.yaml", OFFICE);
    let run = repository.run_in("policies", "diff --git main --format json");
    assert_eq!(told(&run), ["allowed main:policies/office.yaml → office.yaml"]);
    let run = repository.run_in("other", "diff --git main ../policies/office.yaml --format json");
    assert_eq!(told(&run), ["allowed main:policies/office.yaml → ../policies/office.yaml"]);
    let run = repository.run_in("policies", "diff --git main .. --format json");
    let expected =
        ["allowed main:policies/office.yaml → ../policies/office.yaml", "allowed nothing → ../other/x.yaml"];
    assert_eq!(told(&run).iter().filter(|told| expected.contains(&told.as_str())).count(), 2, "{run}");
}

#[test]
fn what_a_policy_includes_comes_from_its_own_side() {
    let policy = OFFICE
        .replace(
            "zones:",
            "include: [../shared/services.yaml]\nnetworks: { mta: { file: ../lists/mta } }\nzones:",
        )
        .replace("[imaps]", "[remote]")
        .replace("to: internet", "to: mta");
    let shared = |ports: &str| format!("version: 1\nservices: {{ remote: {{ tcp: [{ports}] }} }}\n");
    let repository = Repository::new(
        Site::new()
            .file("policies/office.yaml", policy)
            .file("shared/services.yaml", shared("993"))
            .file("lists/mta", "192.0.2.1\n"),
    );
    assert_eq!(repository.run("diff --git main policies").stdout, "no traffic changes in 1 policy\n");
    let repository = repository.file("shared/services.yaml", shared("993, 995"));
    let allowed = ["allowed main:policies/office.yaml → policies/office.yaml"];
    assert_eq!(told(&repository.run("diff --git main policies --format json")), allowed);
    let repository =
        repository.file("shared/services.yaml", shared("993")).file("lists/mta", "192.0.2.0/30\n");
    assert_eq!(told(&repository.run("diff --git main policies --format json")), allowed);
}

#[test]
fn problems_are_told_with_the_revision() {
    let repository = Repository::new(Site::new().file("office.yaml", OFFICE.replace("imaps", "imapz")));
    let repository = repository.file("office.yaml", OFFICE);
    insta::assert_snapshot!(repository.run("diff --git main"), @"
    exit 2
    --- stdout
    --- stderr
    error[undefined-service]: there is no service named `imapz`
       ╭▸ main:office.yaml:11:16
       │
    11 │     services: [imapz]
       ╰╴               ━━━━━ did you mean `imap`?

    1 error in 2 policies
    ");
    let escaping = OFFICE.replace("zones:", "include: [../outside.yaml, gone.yaml]\nzones:");
    let repository = repository.file("office.yaml", escaping).commit();
    insta::assert_snapshot!(repository.run("diff --git main --git main"), @"
    exit 2
    --- stdout
    --- stderr
    error[include-escapes]: `../outside.yaml` leads out of the project
      ╭▸ main:office.yaml:3:11
      │
    3 │ include: [../outside.yaml, gone.yaml]
      │           ━━━━━━━━━━━━━━━
      │
      ├ note: the project is the nearest directory above the policy with `.git`, else with
      │       `mailward.yaml`, else the current one
      ╰ help: write a path relative to this file that stays in the project

    error[unreadable]: cannot read `gone.yaml`: there is no such file
      ╭▸ main:office.yaml:3:28
      │
    3 │ include: [../outside.yaml, gone.yaml]
      ╰╴                           ━━━━━━━━━

    2 errors in 2 policies
    ");
}

#[test]
fn policies_come_and_go() {
    let repository = office().file("fresh.yaml", OFFICE.replace("office", "fresh"));
    std::fs::remove_file(repository.site.path("policies/office.yaml")).unwrap();
    let gone = "denied main:policies/office.yaml → nothing";
    let run = repository.run("diff --git main --format json");
    assert_eq!(told(&run), ["allowed nothing → fresh.yaml", gone]);
    assert_eq!(told(&repository.run("diff --git main policies/office.yaml --format json")), [gone]);
    assert_eq!(
        told(&repository.run("diff --git main fresh.yaml --format json")),
        ["allowed nothing → fresh.yaml"]
    );
}

#[test]
fn a_file_that_moved_is_not_new() {
    let repository = office();
    repository.git(&["mv", "policies/office.yaml", "bureau.yaml"]);
    assert_eq!(repository.run("diff --git main").stdout, "no traffic changes in 1 policy\n");
}

#[test]
fn what_git_tracks_is_compared_even_if_it_is_ignored() {
    let repository = office().file(".gitignore", "policies/\n");
    assert_eq!(repository.run("diff --git main").stdout, "no traffic changes in 1 policy\n");
}

#[test]
fn nothing_in_the_repository_changes() {
    let repository = office().file("policies/office.yaml", wider());
    repository.git(&["tag", "v1"]);
    let before = repository.inside();
    for words in ["--git main", "--git v1..main", "--git v1...main", "--git nowhere"] {
        repository.run(&format!("diff {words}"));
    }
    assert!(repository.inside() == before, "a file has changed");
}

#[test]
fn the_repository_is_that_of_the_current_directory() {
    let elsewhere = Repository::new(Site::new().file("policies/office.yaml", wider()));
    let repository = office();
    let directory = elsewhere.site.path(".git");
    let mut command = repository.command("diff --git main --format json");
    command.env("GIT_DIR", &directory).env("GIT_WORK_TREE", elsewhere.site.path(""));
    command.env("GIT_INDEX_FILE", directory.join("index")).env("GIT_PREFIX", "x/");
    assert_eq!(told(&command.output().unwrap().into()), [""; 0]);
}

#[test]
fn a_bare_repository_has_revisions_only() {
    let repository = office().file("policies/office.yaml", wider()).commit();
    repository.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    let run = repository.run_in("bare.git", "diff --git main~1..main --format json");
    assert_eq!(told(&run), ["allowed main~1:policies/office.yaml → main:policies/office.yaml"]);
    insta::assert_snapshot!(repository.run_in("bare.git", "diff --git main"), @"
    exit 2
    --- stdout
    --- stderr
    error: the current directory is in no working tree of git
     help: name a second revision: `--git OLD --git NEW`
    ");
}

#[test]
fn what_is_not_a_revision() {
    let repository = office();
    insta::assert_snapshot!(repository.run("diff --git mian"), @"
    exit 2
    --- stdout
    --- stderr
    error: there is no revision `mian`
     help: did you mean `main`? `git branch --all` lists all of them
    ");
    for revision in ["--output=x", "-h", "", "main:policies/office.yaml", "main..nowhere", "a/../b", "^main"]
    {
        let run = repository.command("diff").arg(format!("--git={revision}")).output().unwrap().into();
        let Run { exit, stdout, stderr } = run;
        assert_eq!((exit, stdout.as_str()), (2, ""), "{revision}: {stderr}");
        assert!(stderr.starts_with("error: there is no revision "), "{revision}: {stderr}");
    }
    let run = repository.run("diff --git main --git main --git main");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
}

#[test]
fn no_repository_and_no_git() {
    let site = Site::new().file("office.yaml", OFFICE);
    let mut command = site.command("diff --git main");
    command
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("GIT_CEILING_DIRECTORIES", site.path("..").canonicalize().unwrap());
    insta::assert_snapshot!(Run::from(command.output().unwrap()), @"
    exit 2
    --- stdout
    --- stderr
    error: the current directory is in no git repository
     help: run mailward in the repository, or name two files or directories
    ");
    let run = Run::from(office().command("diff --git main").env("PATH", site.path("")).output().unwrap());
    insta::assert_snapshot!(run, @"
    exit 2
    --- stdout
    --- stderr
    error: cannot run `git`: there is no such program
     help: install it, or name two files or directories
    ");
}

#[test]
fn paths_that_no_side_has() {
    let repository = office();
    for (path, said) in [
        ("nowhere.yaml", "cannot read `nowhere.yaml`: neither side has such a file or directory"),
        ("/etc", "`/etc` lies outside the repository of the current directory"),
        ("..", "`..` lies outside the repository of the current directory"),
        ("-", "the standard input has no place in a repository"),
    ] {
        let run = repository.run(&format!("diff --git main {path}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
        assert!(run.stderr.starts_with(&format!("error: {said}\n")), "{run}");
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_revision_are_not_followed() {
    use std::os::unix::fs::symlink;

    let policy = OFFICE.replace("zones:", "include: [shared/x.yaml]\nzones:");
    let site = Site::new()
        .file("office.yaml", policy)
        .file("real/x.yaml", "version: 1\nnetworks: { x: [192.0.2.1] }\n");
    symlink("real", site.path("shared")).unwrap();
    symlink("office.yaml", site.path("link.yaml")).unwrap();
    let repository = Repository::new(site);
    let run = repository.run("diff --git main");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    let said =
        "cannot read `shared/x.yaml`: a symbolic link leads there, and links in a revision are not followed";
    assert!(run.stderr.contains(said) && run.stderr.contains("main:office.yaml:3:11"), "{run}");
    let run = repository.run("diff --git main link.yaml");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(
        run.stderr.starts_with("error: cannot read `main:link.yaml`: a symbolic link leads there"),
        "{run}"
    );
    std::fs::remove_file(repository.site.path("link.yaml")).unwrap();
    let run = repository.file("link.yaml", OFFICE).run("diff --git main");
    assert!(
        run.stderr.starts_with("error: cannot read `main:link.yaml`: a symbolic link leads there"),
        "{run}"
    );
}

#[test]
fn submodules_are_other_repositories() {
    let inner = Repository::new(Site::new().file("inner.yaml", OFFICE));
    let repository = office();
    repository.git(&["submodule", "--quiet", "add", &inner.site.path("").display().to_string(), "sub"]);
    let repository = repository.commit();
    let run = repository.run("diff --git main");
    assert_eq!((run.exit, run.stdout.as_str()), (0, "no traffic changes in 1 policy\n"), "{run}");
    assert!(run.stderr.contains("skipped, the files of another repository: `sub`"), "{run}");
    for words in ["sub", "sub/inner.yaml"] {
        let run = repository.run(&format!("diff --git main {words}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{words}: {run}");
        assert!(
            run.stderr.contains("it lies in a submodule, whose files are those of another repository"),
            "{run}"
        );
    }
    let run = repository.run("diff --git main policies");
    assert_eq!(run.stdout, "no traffic changes in 1 policy\n", "{run}");
}

#[cfg(unix)]
#[test]
fn names_that_are_hard_to_write() {
    for name in ["-x.yaml", "a\nb.yaml", "\u{1b}[2J.yaml", "ä ö\t\".yaml", "`x`.yaml"] {
        let repository = Repository::new(Site::new().file(name, OFFICE)).file(name, wider());
        let run = repository.run("diff --git main --format json");
        assert_eq!(told(&run).len(), 1, "{name:?}: {run}");
        assert!(!repository.run("diff --git main").to_string().contains('\u{1b}'), "{name:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_told_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let site = Site::new();
    for name in [&b"a\xff.yaml"[..], b"a\xfe.yaml"] {
        let text = OFFICE.replace("office", if name[1] == 0xff { "one" } else { "two" });
        std::fs::write(site.path("").join(OsStr::from_bytes(name)), text).unwrap();
    }
    let run = Repository::new(site).run("diff --git main");
    assert_eq!(run.stdout, "no traffic changes in 2 policies\n", "{run}");
}

#[test]
fn a_missing_object_is_no_empty_policy() {
    let repository = office();
    let blob = git(&repository.site.path(""), &["rev-parse", "main:policies/office.yaml"]);
    let directory = repository.site.path(".git/objects").join(&blob[..2]);
    std::fs::remove_file(directory.join(blob[2..].trim())).unwrap();
    let run = repository.run("diff --git main");
    assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{run}");
    assert!(
        run.stderr.contains("cannot read `main:policies/office.yaml`: git does not have its contents here"),
        "{run}"
    );
}

#[test]
fn the_settings_of_a_project_are_no_policy() {
    let settings = "version: 1\npolicies: [policies]\n";
    let repository = office().file("mailward.yaml", settings).commit();
    let run = repository.run("diff --git HEAD");
    assert_eq!((run.exit, run.stdout.as_str()), (0, "no traffic changes in 1 policy\n"), "{run}");
}
