//! Findings for tools that show what tests gave: JUnit XML, as the strictest of its readers has it, the xUnit plugin of Jenkins
//! (`junit-10.xsd`). It knows files of suites and none of cases, so that the place of a finding is in its text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{TOOL, message};
use crate::lint::Excepted;
use crate::report::xml::{DECLARATION, escaped};
use crate::report::{Examined, permission};
use crate::source::Diagnostic;

/// How many cases a suite has, by what became of them.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// A suite of one policy file.
#[derive(Default)]
struct Suite<'r> {
    counts: Counts,
    cases: String,
    names: BTreeMap<(&'r str, &'r str), usize>,
}

/// A suite for each policy: findings fail, errors in the input are errors, what is excepted is skipped, and a policy of which nothing is
/// said passes.
#[must_use]
pub fn junit(run: &[Examined]) -> String {
    let suites: Vec<(&Examined, Suite<'_>)> = run.iter().map(|one| (one, suite(one))).collect();
    let mut all = Counts::default();
    for (_, Suite { counts, .. }) in &suites {
        all.tests += counts.tests;
        all.failures += counts.failures;
        all.errors += counts.errors;
    }
    let mut text = format!("{DECLARATION}<testsuites name=\"{TOOL}\" {}>\n", attributes(all));
    for (one, suite) in suites {
        let (path, counts, skipped) = (escaped(&one.path), attributes(suite.counts), suite.counts.skipped);
        let _ = write!(
            text,
            "  <testsuite name=\"{path}\" file=\"{path}\" {counts} skipped=\"{skipped}\">
{}  </testsuite>
",
            suite.cases
        );
    }
    text + "</testsuites>\n"
}

/// The counts that suites and documents have.
fn attributes(Counts { tests, failures, errors, .. }: Counts) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

fn suite(one: &Examined) -> Suite<'_> {
    let mut suite = Suite::default();
    for finding in &one.diagnostics {
        suite.finding(one, finding);
    }
    for excepted in &one.excepted {
        suite.excepted(excepted);
    }
    if suite.counts.tests == 0 {
        suite.case(TOOL, "no findings", "");
    }
    suite
}

impl<'r> Suite<'r> {
    fn finding(&mut self, one: &'r Examined, finding: &'r Diagnostic) {
        let element = if finding.is_error() { "error" } else { "failure" };
        let count = if finding.is_error() { &mut self.counts.errors } else { &mut self.counts.failures };
        *count += 1;
        let place = one.sources.place(finding.primary.site);
        let told = format!(
            "<{element} message=\"{}\" type=\"{}\">{}</{element}>",
            escaped(&finding.title),
            finding.severity.name(),
            escaped(&format!("{place}\n{}", message(finding)))
        );
        self.case(finding.code, &finding.title, &told);
    }

    fn excepted(&mut self, excepted: &'r Excepted) {
        self.counts.skipped += 1;
        let told = format!("<skipped message=\"{}\"/>", escaped(&permission(excepted)));
        let finding = &excepted.finding;
        self.case(finding.code, &finding.title, &told);
    }

    /// A case with what became of it. Its name does not depend on lines, and no other case of the suite has it.
    fn case(&mut self, class: &'r str, name: &'r str, told: &str) {
        self.counts.tests += 1;
        let count = self.names.entry((class, name)).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} ({count})") } else { name.to_owned() };
        let (class, name) = (escaped(class), escaped(&name));
        let _ = writeln!(self.cases, "    <testcase classname=\"{class}\" name=\"{name}\">{told}</testcase>");
    }
}
