//! Databases, caches and directories that the outside reaches.

use crate::lint::exposure::{self, Ports};
use crate::lint::{Check, Context, Meta};
use crate::model::Profile;
use crate::source::{Diagnostic, Severity};

/// See the page.
pub(super) struct DatastoreFromAny;

static META: Meta = Meta {
    id: "datastore-from-any",
    summary: "a database, cache or directory is open to sources outside",
    severity: Severity::Critical,
    profiles: &[Profile::Pci, Profile::Nist80053, Profile::Mail],
    sources: &["PCI DSS 4.0.1 1.4.4", "NIST SP 800-53r5 SC-7", "NIST SP 800-53r5 SC-5"],
    page: include_str!("datastore_from_any.md"),
};

/// Directories, relational databases, key-value stores, caches and search engines (IANA registry; 1521 and 9200 are
/// registered for others). The page names them.
const STORES: Ports =
    Ports { tcp: &[389, 1433, 1521, 2379, 3306, 5432, 6379, 9200, 11211, 27017], udp: &[389, 11211] };

impl Check for DatastoreFromAny {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        let asked = STORES.of(&exposure::exposing(context));
        let accepts = |index, cube: &_| context.decisions().hit(index, cube).is_some();
        findings.extend(context.permits(&asked).iter().map(|permit| {
            let ports = exposure::in_words(&exposure::opened(context, permit, &asked, accepts));
            context
                .finding_about(permit, &format!("opens a data store to the outside ({ports})"))
                .note("stores are built to answer the applications next to them; many ask nobody who he is")
                .help("allow the port to the hosts that use it, from inside or through a tunnel")
        }));
    }
}
