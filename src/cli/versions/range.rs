//! Which revisions `--git` names: one, two, or two in one word as git has it.

use super::error::GitError;
use super::git;
use crate::cli::failure::Failure;

/// A revision and the tree of files it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// What the user calls it, and messages too.
    pub(super) label: String,
    /// The number of its tree: the same files for ever.
    pub(super) tree: String,
}

/// What `--git` asks to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Range<'w> {
    /// A revision and the working tree.
    Since(&'w str),
    /// `OLD..NEW`, or both apart.
    Between(&'w str, &'w str),
    /// `MAIN...NEW`: from where NEW began, which is what a pull request changes.
    Fork(&'w str, &'w str),
}

/// The older revision and the newer one; none where that is the working tree.
///
/// # Errors
/// Something that git does not know, or no git repository.
pub(super) fn named(words: &[String]) -> Result<(Named, Option<Named>), Failure> {
    git::answer(&["rev-parse", "--git-dir"])?;
    Ok(match range(words)? {
        Range::Since(old) => (find(old)?, None),
        Range::Between(old, new) => (find(old)?, Some(find(new)?)),
        Range::Fork(main, new) => (fork(main, new)?, Some(find(new)?)),
    })
}

fn range(words: &[String]) -> Result<Range<'_>, Failure> {
    match words {
        [word] => Ok(match (word.split_once("..."), word.split_once("..")) {
            (Some((main, new)), _) => Range::Fork(or_head(main), or_head(new)),
            (None, Some((old, new))) => Range::Between(or_head(old), or_head(new)),
            (None, None) => Range::Since(word),
        }),
        [old, new] => Ok(Range::Between(old, new)),
        _ => Err(GitError::TooMany(words.len()).into()),
    }
}

/// git's own rule for a side that is left out.
fn or_head(revision: &str) -> &str {
    if revision.is_empty() { "HEAD" } else { revision }
}

fn find(revision: &str) -> Result<Named, Failure> {
    Ok(Named { label: revision.to_owned(), tree: object(revision, "tree")? })
}

/// The revision from which two others went their ways, under its short number.
fn fork(main: &str, new: &str) -> Result<Named, Failure> {
    let (one, other) = (object(main, "commit")?, object(new, "commit")?);
    let base = git::ask(&["merge-base", &one, &other])?;
    let base = base.ok_or_else(|| GitError::Unrelated { one: main.to_owned(), other: new.to_owned() })?;
    let label = git::ask(&["rev-parse", "--short", &base])?.unwrap_or_else(|| base.clone());
    Ok(Named { label, tree: object(&base, "tree")? })
}

/// The number of the commit or tree that a revision stands for.
fn object(revision: &str, kind: &str) -> Result<String, Failure> {
    // What begins with `-` would be an option to git, whatever the user meant.
    let sound = !revision.starts_with('-') && !revision.contains('\0') && !revision.is_empty();
    let asked = format!("{revision}^{{{kind}}}");
    let found = if sound { git::ask(&["rev-parse", "--verify", "--quiet", &asked])? } else { None };
    // git also takes `^main`, which is everything but a revision.
    let number = found.filter(|found| found.bytes().all(|byte| byte.is_ascii_hexdigit()));
    number.ok_or_else(|| unknown(revision))
}

fn unknown(revision: &str) -> Failure {
    let words = ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"];
    let known = git::ask(&words).ok().flatten().unwrap_or_default();
    Failure::unknown("revision", revision, known.lines().chain(["HEAD"]), "git branch --all")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn ranges_are_written_as_git_writes_them() {
        for (written, meant) in [
            (vec!["main"], Range::Since("main")),
            (vec!["v1.0..v2.0"], Range::Between("v1.0", "v2.0")),
            (vec!["v1", "v2"], Range::Between("v1", "v2")),
            (vec!["main..."], Range::Fork("main", "HEAD")),
            (vec!["..main"], Range::Between("HEAD", "main")),
            (vec!["main...topic"], Range::Fork("main", "topic")),
        ] {
            assert_eq!(range(&words(&written)).unwrap(), meant, "{written:?}");
        }
        assert!(matches!(range(&words(&["a", "b", "c"])), Err(Failure::Git(GitError::TooMany(3)))));
    }
}
