//! Changes in traffic for machines: one JSON document whose shape only grows within a version.

use serde::Serialize;

use super::sentence;
use super::{Compared, tally, told, undecided};
use crate::analyze::{Cause, Change, ChangeKind, Extent, Portrait, Size, Subject};
use crate::model::{Log, Verdict};
use crate::report::Examined;
use crate::source::SourceFile;

/// Version of the document's shape; raised when a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    policies: Vec<Policy<'r>>,
    changes: Vec<Entry<'r>>,
    undecided: Vec<Doubt>,
    summary: Counts,
}

#[derive(Serialize)]
struct Policy<'r> {
    /// None if there is no old version.
    old: Option<&'r str>,
    /// None if there is no new version.
    new: Option<&'r str>,
    name: Option<&'r str>,
}

#[derive(Serialize)]
struct Entry<'r> {
    kind: &'static str,
    /// Place in `policies`, from 0.
    policy: usize,
    parts: Vec<Part<'r>>,
    more_parts: usize,
    except_before: Vec<String>,
    except_after: Vec<String>,
    before: Vec<By<'r>>,
    after: Vec<By<'r>>,
    packet: &'r str,
}

#[derive(Serialize)]
struct Part<'r> {
    words: String,
    hook: &'static str,
    services: &'r [String],
    source_ports: &'r [String],
    from: &'r [String],
    incoming: &'r [String],
    to: &'r [String],
    outgoing: &'r [String],
    states: &'r [String],
    ipv4: Option<Addresses>,
    ipv6: Option<Addresses>,
    ports: u32,
}

/// Numbers that do not fit every reader's numbers, so they are texts.
#[derive(Serialize)]
struct Addresses {
    sources: Option<String>,
    destinations: Option<String>,
}

#[derive(Serialize)]
struct By<'r> {
    subject: String,
    rule: Option<&'r str>,
    verdict: &'static str,
    log: Option<Limit>,
    /// None where nobody wrote it, since there is no such version.
    path: Option<&'r str>,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct Limit {
    count: u32,
    per: &'static str,
    burst: u32,
}

#[derive(Serialize)]
struct Doubt {
    policy: usize,
    title: String,
}

#[derive(Serialize)]
struct Counts {
    allowed: usize,
    denied: usize,
    refusal: usize,
    logging: usize,
    undecided: usize,
}

/// Everything that changes as one JSON document with a line end. Lines and columns count from 1, columns in characters.
///
/// # Errors
/// None for documents that mailward makes; passed on all the same.
pub fn json(run: &[Compared<'_>]) -> Result<String, serde_json::Error> {
    let document = Document {
        version: VERSION,
        policies: run.iter().map(policy).collect(),
        changes: told(run).into_iter().map(|(place, change)| entry(run, place, change)).collect(),
        undecided: doubts(run),
        summary: counts(run),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn policy<'r>(compared: &'r Compared<'_>) -> Policy<'r> {
    let newest = compared.new.or(compared.old);
    Policy {
        old: compared.old.map(|old| old.path.as_str()),
        new: compared.new.map(|new| new.path.as_str()),
        name: newest.and_then(|examined| examined.name.as_deref()),
    }
}

fn entry<'r>(run: &'r [Compared<'_>], policy: usize, change: &'r Change<'_>) -> Entry<'r> {
    let examined = |side: fn(&Compared<'r>) -> Option<&'r Examined>| run.get(policy).and_then(side);
    let by = |causes: &'r [Cause<'_>], examined: Option<&'r Examined>| {
        causes.iter().map(|cause| by(cause, examined)).collect()
    };
    Entry {
        kind: code(change.kind),
        policy,
        parts: change.words.iter().map(part).collect(),
        more_parts: change.unsaid,
        except_before: change.spared_before.iter().map(ToString::to_string).collect(),
        except_after: change.spared_after.iter().map(ToString::to_string).collect(),
        before: by(&change.before, examined(|compared| compared.old)),
        after: by(&change.after, examined(|compared| compared.new)),
        packet: &change.example,
    }
}

const fn code(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Allowed => "allowed",
        ChangeKind::Denied => "denied",
        ChangeKind::Refusal => "refusal",
        ChangeKind::Logging => "logging",
    }
}

fn part(portrait: &Portrait) -> Part<'_> {
    let Portrait { hook, services, source_ports, from, incoming, to, outgoing, states, size, .. } = portrait;
    let Size { v4, v6, ports } = *size;
    let words = portrait.to_string();
    let [ipv4, ipv6] = [v4, v6].map(|extent| extent.map(addresses));
    Part {
        words,
        hook: hook.name(),
        services,
        source_ports,
        from,
        incoming,
        to,
        outgoing,
        states,
        ipv4,
        ipv6,
        ports,
    }
}

fn addresses(extent: Extent) -> Addresses {
    let text = |number: Option<u128>| number.map(|number| number.to_string());
    Addresses { sources: text(extent.sources), destinations: text(extent.destinations) }
}

fn by<'r>(cause: &Cause<'r>, examined: Option<&'r Examined>) -> By<'r> {
    let file = examined.and_then(|examined| examined.sources.file(cause.site.file));
    let position = examined.map(|examined| examined.sources.position(cause.site));
    By {
        subject: cause.subject.to_string(),
        rule: match cause.subject {
            Subject::Rule(id) => Some(id),
            Subject::Baseline(_) | Subject::Default(_) => None,
        },
        verdict: verdict(cause.verdict),
        log: cause.log.map(limit),
        path: file.map(SourceFile::path),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
    }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Drop => "drop",
        Verdict::Reject => "reject",
        Verdict::Observe => "observe",
    }
}

const fn limit(log: Log) -> Limit {
    Limit { count: log.rate.count, per: log.rate.per.name(), burst: log.rate.burst }
}

fn doubts(run: &[Compared<'_>]) -> Vec<Doubt> {
    let of = |(policy, compared): (usize, &Compared<'_>)| {
        let titles = compared.delta.undecided.iter().map(sentence::doubt);
        titles.map(move |title| Doubt { policy, title }).collect::<Vec<_>>()
    };
    run.iter().enumerate().flat_map(of).collect()
}

fn counts(run: &[Compared<'_>]) -> Counts {
    let tally = tally(run);
    let of = |kind| tally.get(&kind).copied().unwrap_or(0);
    Counts {
        allowed: of(ChangeKind::Allowed),
        denied: of(ChangeKind::Denied),
        refusal: of(ChangeKind::Refusal),
        logging: of(ChangeKind::Logging),
        undecided: undecided(run),
    }
}
