//! Any bytes as the parts of an iptables ruleset: nothing may panic or hang; what is read has a meaning, and one that decides every packet.
//!
//! Run with `cargo fuzz run iptables fuzz/corpus/iptables tests/data/rulesets`; on a stable toolchain set `RUSTC_BOOTSTRAP=1`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailward::readback::{self, Conditions, InterfaceTable, IptablesKind, Language, nothing_included};
use mailward::source::{SourceFile, Sources, decode};

fuzz_target!(|bytes: &[u8]| {
    let (text, _) = decode(bytes.to_vec());
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("ruleset".to_owned(), text, None));
    for kind in [IptablesKind::V4, IptablesKind::V6, IptablesKind::Ipset] {
        match readback::read(Language::Iptables, &[(file, kind)], &mut sources, &mut nothing_included) {
            Ok(ruleset) => {
                let table = InterfaceTable::new(ruleset.interfaces());
                if let Ok(meaning) = ruleset.meaning(&table, &mut Conditions::default()) {
                    let decides = !meaning.steps.is_empty() || kind == IptablesKind::Ipset; // Sets alone decide nothing.
                    assert!(decides, "a ruleset that decides nothing");
                }
            }
            Err(problems) => assert!(!problems.is_empty(), "no ruleset and no reason"),
        }
    }
});
