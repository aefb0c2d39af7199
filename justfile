# The steps of .ci/run, which is what CI runs, and what else is run by hand.

# Everything that CI checks.
ci:
    .ci/run

# Install what the kernel tests need (Debian, root).
packages:
    .ci/run packages

# Formatting.
format:
    .ci/run format

# Lints, warnings as errors.
clippy:
    .ci/run clippy

# All tests, kernel tests required (root).
tests:
    .ci/run tests

# All tests that run anywhere.
test:
    cargo test

# Documentation of the code, warnings as errors.
docs:
    .ci/run docs

# Licences and banned crates.
licences:
    .ci/run licences

# Snapshots, the picture and the quoted output in the documentation, made anew for review with git.
update:
    INSTA_UPDATE=always INSTA_FORCE_PASS=1 MAILWARD_UPDATE_DOCS=1 cargo test

# Whole runs measured from 10 to 10,000 rules.
bench:
    cargo bench

# Any bytes as a policy, through the whole pipe, and as a profile, for a minute each (needs cargo-fuzz).
fuzz:
    mkdir -p fuzz/corpus/profile fuzz/corpus/policy
    RUSTC_BOOTSTRAP=1 cargo fuzz run profile fuzz/corpus/profile docs/examples -- -max_total_time=60
    RUSTC_BOOTSTRAP=1 cargo fuzz run policy fuzz/corpus/policy policies tests/data -- -max_total_time=60

# Any bytes as a ruleset, for a minute each.
fuzz-readers:
    for reader in nft iptables pf; do mkdir -p fuzz/corpus/$reader && RUSTC_BOOTSTRAP=1 cargo fuzz run $reader fuzz/corpus/$reader tests/data/rulesets -- -max_total_time=60; done

# The documentation as a site in target/book (needs mdbook).
book:
    .ci/run book

# The files of a release for this machine, in dist/.
package:
    .ci/package "v$(cargo pkgid | sed 's/.*[#@]//')" "$(rustc -vV | sed -n 's/^host: //p')"
