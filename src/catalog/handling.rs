//! What a filter does with messages of ICMP and ICMPv6.

use serde::Deserialize;

use super::CatalogError;
use super::data::{HandlingData, ICMP, IcmpData, KindData, ObsoleteData};

/// A message: its type and, for narrower ones, its code.
pub type Message = (u8, Option<u8>);

/// What a standard wants done with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// Not to be dropped.
    MustPass,
    /// Not to be dropped without a reason.
    ShouldPass,
    /// Never forwarded: they belong to one link.
    Link,
    /// For the site to decide.
    Policy,
    /// A machine that has no use for them takes no notice.
    Ignored,
    /// To be dropped unless there is a good case for them.
    Drop,
}

/// What becomes of some messages of ICMPv6.
#[derive(Debug)]
pub struct Handling {
    /// The messages.
    pub messages: Vec<Message>,
    /// On their way through.
    pub transit: Treatment,
    /// To and from the machine itself.
    pub local: Treatment,
    /// Who says so.
    pub sources: Vec<String>,
}

/// Messages of ICMP that nobody should send any more.
#[derive(Debug)]
pub struct Obsolete {
    /// The messages.
    pub messages: Vec<Message>,
    /// Who says so.
    pub sources: Vec<String>,
}

/// Both tables.
#[derive(Debug)]
pub(super) struct Tables {
    /// Of ICMPv6.
    pub(super) handling: Vec<Handling>,
    /// Of ICMP.
    pub(super) obsolete: Vec<Obsolete>,
}

/// Everything the data file says.
pub(super) fn read() -> Result<Tables, CatalogError> {
    let IcmpData { handling, obsolete, .. } = ICMP.read()?;
    Ok(Tables {
        handling: handling.into_iter().map(handled).collect(),
        obsolete: obsolete.into_iter().map(retired).collect(),
    })
}

fn handled(data: HandlingData) -> Handling {
    let HandlingData { messages, transit, local, sources } = data;
    Handling { messages: messages.into_iter().map(KindData::message).collect(), transit, local, sources }
}

fn retired(data: ObsoleteData) -> Obsolete {
    Obsolete { messages: data.messages.into_iter().map(KindData::message).collect(), sources: data.sources }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalog::{icmp6_handling, obsolete_icmp};

    fn of(transit: Treatment) -> BTreeSet<Message> {
        let rows = icmp6_handling().iter().filter(|row| row.transit == transit);
        rows.flat_map(|row| row.messages.clone()).collect()
    }

    #[test]
    fn transit_is_as_rfc_4890_section_4_3_has_it() {
        let must = [(1, None), (2, None), (3, Some(0)), (4, Some(1)), (4, Some(2)), (128, None), (129, None)];
        assert_eq!(of(Treatment::MustPass), must.into());
        let drop = [100, 101, 127, 138, 139, 140, 200, 201, 255].map(|kind| (kind, None));
        assert_eq!(of(Treatment::Drop), drop.into());
    }

    #[test]
    fn no_message_is_handled_twice_and_every_row_has_a_source() {
        let mut seen = BTreeSet::new();
        for row in icmp6_handling() {
            assert!(row.messages.iter().all(|message| seen.insert(*message)), "{row:?}");
            assert!(!row.messages.is_empty() && !row.sources.is_empty());
        }
    }

    #[test]
    fn no_obsolete_message_is_one_that_somebody_needs() {
        let messages: Vec<Message> = obsolete_icmp().iter().flat_map(|row| row.messages.clone()).collect();
        assert_eq!(messages.len(), 16);
        assert!([0, 3, 8, 11, 12, 13, 14].iter().all(|&kind| !messages.contains(&(kind, None))));
    }
}
