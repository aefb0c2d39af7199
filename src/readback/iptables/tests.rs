use super::*;
use crate::source::{SourceFile, Sources};

/// Not a test of its own: reads the files named by `IPT_CORPUS`, for looking into them.
#[test]
#[ignore = "looks into files outside of the repository"]
fn corpus() {
    let Ok(paths) = std::env::var("IPT_CORPUS") else { return };
    let mut sources = Sources::default();
    for path in paths.split(':') {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|_| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
        let file =
            sources.add(SourceFile::new(path.rsplit('/').next().unwrap().to_owned(), text.clone(), None));
        let kind = if path.contains("ip6") { Kind::V6 } else { Kind::V4 };
        let start = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        match parse(&[Part { kind, file, text: &text }]) {
            Err(problems) => {
                for problem in problems {
                    println!("{}: {}", sources.place(problem.primary.site), problem.title);
                }
            }
            Ok(ruleset) => {
                let parsed = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
                let table = InterfaceTable::new(ruleset.interfaces());
                let mut conditions = Conditions::default();
                let meaning = ruleset.meaning(&table, &mut conditions);
                let done = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
                let steps = meaning
                    .as_ref()
                    .map(|meaning| meaning.steps.len())
                    .map_err(|e| (&e.title, sources.place(e.primary.site)));
                println!(
                    "{path}: {} rules, {} interfaces, {} conditions, steps {steps:?}, parse {:?} mean {:?}",
                    ruleset.rules().count(),
                    ruleset.interfaces().len(),
                    conditions.len(),
                    parsed - start,
                    done - parsed,
                );
                for (_, text) in conditions.iter().take(400) {
                    println!("    {text}");
                }
                for remark in meaning.map(|m| m.remarks).unwrap_or_default() {
                    println!("    REMARK {}: {}", sources.place(remark.site), remark.text);
                }
            }
        }
    }
}
