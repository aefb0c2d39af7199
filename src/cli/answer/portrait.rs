//! Sets of packets for programs.

use serde::Serialize;

use crate::analyze::{Extent, Portrait};
use crate::packet::Family;

/// A set of packets in the words of a policy.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct PortraitDocument {
    /// All of it as one part of a sentence.
    text: String,
    hook: &'static str,
    services: Vec<String>,
    source_ports: Vec<String>,
    from: Vec<String>,
    #[serde(rename = "in")]
    incoming: Vec<String>,
    to: Vec<String>,
    #[serde(rename = "out")]
    outgoing: Vec<String>,
    family: Option<&'static str>,
    states: Vec<String>,
    size: SizeDocument,
}

/// How much it holds. Numbers of addresses are texts: they do not fit into the numbers of many programs.
#[derive(Debug, Serialize)]
struct SizeDocument {
    text: String,
    v4: Option<ExtentDocument>,
    v6: Option<ExtentDocument>,
    ports: u32,
}

#[derive(Debug, Serialize)]
struct ExtentDocument {
    sources: Option<String>,
    destinations: Option<String>,
}

impl PortraitDocument {
    pub(in crate::cli) fn of(portrait: Portrait) -> Self {
        let extent = |extent: Extent| ExtentDocument {
            sources: extent.sources.map(|number| number.to_string()),
            destinations: extent.destinations.map(|number| number.to_string()),
        };
        Self {
            text: portrait.to_string(),
            hook: portrait.hook.name(),
            services: portrait.services,
            source_ports: portrait.source_ports,
            from: portrait.from,
            incoming: portrait.incoming,
            to: portrait.to,
            outgoing: portrait.outgoing,
            family: portrait.family.map(Family::name),
            states: portrait.states,
            size: SizeDocument {
                text: portrait.size.to_string(),
                v4: portrait.size.v4.map(extent),
                v6: portrait.size.v6.map(extent),
                ports: portrait.size.ports,
            },
        }
    }
}
