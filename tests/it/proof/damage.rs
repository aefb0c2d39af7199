//! Damage to the text of a ruleset, one small piece at a time.

use mailward::render::Artifact;

/// A ruleset with one piece damaged.
pub(crate) struct Mutant {
    /// What kind of damage.
    pub(crate) kind: &'static str,
    /// The line before and after.
    pub(crate) line: (String, String),
    pub(crate) files: Vec<Artifact>,
}

/// Words that stand in for others: verdicts, directions, states, protocols, hooks, interfaces.
const SWAPS: [(&str, &str); 36] = [
    ("accept", "drop"),
    ("drop", "accept"),
    ("ACCEPT", "DROP"),
    ("DROP", "ACCEPT"),
    ("REJECT", "ACCEPT"),
    ("reject", "drop"),
    ("pass", "block"),
    ("block", "pass"),
    ("return-rst", "drop"),
    ("saddr", "daddr"),
    ("daddr", "saddr"),
    ("-s", "-d"),
    ("-d", "-s"),
    ("-i", "-o"),
    ("--dport", "--sport"),
    ("--dports", "--sports"),
    ("dport", "sport"),
    ("sport", "dport"),
    ("from", "to"),
    ("iifname", "oifname"),
    ("oifname", "iifname"),
    ("tcp", "udp"),
    ("udp", "tcp"),
    ("in", "out"),
    ("out", "in"),
    ("new", "established"),
    ("NEW", "ESTABLISHED"),
    ("ESTABLISHED,RELATED", "ESTABLISHED"),
    ("established,related", "established"),
    ("invalid", "established"),
    ("INVALID", "ESTABLISHED"),
    ("input", "output"),
    ("forward", "input"),
    ("filter", "raw"),
    ("tcp-reset", "icmp-port-unreachable"),
    ("S/SA", "A/A"),
];

/// Every mutant of the files of a ruleset.
pub(crate) fn mutants(files: &[Artifact]) -> impl Iterator<Item = Mutant> + '_ {
    (0..files.len()).flat_map(move |file| {
        let lines: Vec<&str> = files[file].text.lines().collect();
        let of_line = move |at: usize| {
            let lines = lines.clone();
            let damaged = damaged(&lines, at).into_iter();
            damaged.map(move |(kind, changed)| {
                let line =
                    (lines[at].trim().to_owned(), changed.get(at).map_or("", |line| line.trim()).to_owned());
                Mutant { kind, line, files: with_text(files, file, &changed) }
            })
        };
        (0..files[file].text.lines().count()).flat_map(of_line)
    })
}

fn with_text(files: &[Artifact], file: usize, lines: &[String]) -> Vec<Artifact> {
    let mut files = files.to_vec();
    files[file].text = lines.join("\n") + "\n";
    files
}

/// The lines with the one at a place damaged, in every way there is.
fn damaged(lines: &[&str], at: usize) -> Vec<(&'static str, Vec<String>)> {
    let line = lines[at];
    if line.trim().is_empty() || line.trim_start().starts_with('#') {
        return Vec::new();
    }
    let with = |changed: String| {
        let mut all: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        all[at] = changed;
        all
    };
    let mut all = vec![("line dropped", {
        let mut all: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        all.remove(at);
        all
    })];
    if let Some(next) = lines.get(at + 1).filter(|next| is_rule(next) && is_rule(line)) {
        let mut swapped = with((*next).to_owned());
        line.clone_into(&mut swapped[at + 1]);
        all.push(("lines swapped", swapped));
    }
    for (start, word) in words(line) {
        let replaced = |new: &str| with(format!("{}{new}{}", &line[..start], &line[start + word.len()..]));
        let swaps = SWAPS.iter().filter(|(old, _)| *old == word);
        all.extend(swaps.map(|(_, new)| ("word", replaced(new))));
        all.extend(numbers(word).into_iter().map(|(kind, new)| (kind, replaced(&new))));
        if word == "!" || word == "!=" {
            all.push(("negation dropped", replaced("")));
        }
    }
    all
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let begins = [
        "-A ", "pass", "block", "match", "ip ", "ip6 ", "tcp", "iif", "oif", "ct ", "icmp", "meta", "limit",
        "counter",
    ];
    begins.iter().any(|word| line.starts_with(word))
}

/// The words of a line with their places, up to the comment or label: what stands there decides nothing.
fn words(line: &str) -> Vec<(usize, &str)> {
    let end = [" comment \"", " --comment \"", " label \"", " log prefix \"", " --log-prefix \""];
    let quiet = |at: usize| {
        // Within quotes nothing is damaged but what is not a comment: there is no such thing.
        line[..at].matches('"').count() % 2 == 1
    };
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        let is_word = !c.is_whitespace() && !matches!(c, '{' | '}' | ';' | '"' | '<' | '>' | '(' | ')');
        match (is_word, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, line[from..at].trim_end_matches(',')));
                start = None;
            }
            _ => {}
        }
    }
    let is_last = |(at, _): &(usize, &str)| {
        end.iter().all(|word| line.find(word).is_none_or(|end| *at < end)) || !quiet(*at)
    };
    words.into_iter().filter(|word| is_last(word) && !quiet(word.0) && !word.1.is_empty()).collect()
}

/// Other numbers in place of those of a word: a port, a prefix and its length, an address, an ICMP type, a rate, an interface.
fn numbers(word: &str) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((address, length)) = word.rsplit_once('/').filter(|(_, length)| digits(length)) {
        if address.contains(['.', ':']) {
            let length: u8 = length.parse().unwrap();
            all.push(("prefix longer", format!("{address}/{}", length + 1)));
            if length > 0 {
                all.push(("prefix shorter", format!("{address}/{}", length - 1)));
            }
        }
        return all;
    }
    // The last number of the word, one higher: of a port, a range, a list, an address, an interface.
    let end = word.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
    let start = word[..end].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let hexadecimal = word.contains("::") && !word.contains('.');
    if start < end && !hexadecimal {
        let number: u64 = word[start..end].parse().unwrap_or(0);
        all.push(("number", format!("{}{}{}", &word[..start], number + 1, &word[end..])));
    }
    if hexadecimal {
        all.push(("address", format!("{word}1")));
    }
    all
}
