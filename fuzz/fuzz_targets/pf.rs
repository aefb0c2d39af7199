//! Any bytes as a pf.conf of either system: nothing may panic or hang; what is read has a meaning, and one that decides every packet.
//!
//! Run with `cargo fuzz run pf fuzz/corpus/pf tests/data/rulesets`; on a stable toolchain set `RUSTC_BOOTSTRAP=1`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailward::readback::{
    self, Conditions, InterfaceTable, IptablesKind, Language, PfDialect, nothing_included,
};
use mailward::source::{SourceFile, Sources, decode};

fuzz_target!(|bytes: &[u8]| {
    let (text, _) = decode(bytes.to_vec());
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("ruleset".to_owned(), text, None));
    for dialect in [PfDialect::OpenBsd, PfDialect::FreeBsd] {
        match readback::read(
            Language::Pf(dialect),
            &[(file, IptablesKind::V4)],
            &mut sources,
            &mut nothing_included,
        ) {
            Ok(ruleset) => {
                let table = InterfaceTable::new(ruleset.interfaces());
                if let Ok(meaning) = ruleset.meaning(&table, &mut Conditions::default()) {
                    assert!(!meaning.steps.is_empty(), "a ruleset that decides nothing");
                }
            }
            Err(problems) => assert!(!problems.is_empty(), "no ruleset and no reason"),
        }
    }
});
