//! Zones: interfaces and networks into conditions.

use std::collections::BTreeSet;

use super::limits::MOST_INTERFACES;
use super::scope::Scope;
use crate::model::{Addresses, Interface, Interfaces, Zone};
use crate::packet::IntervalSet;
use crate::parse::{BaselineDecl, ZoneDecl};
use crate::source::{Diagnostic, Spanned};

/// Numbers every interface that zones and the baseline name, in the order written; one more than may be named ends
/// the list.
pub(super) fn interfaces(zones: &[&ZoneDecl], baseline: Option<&BaselineDecl>) -> Interfaces {
    let written = zones.iter().flat_map(|zone| &zone.interfaces);
    let written = written.chain(baseline.iter().flat_map(|baseline| &baseline.dhcp_client));
    let mut seen: BTreeSet<&Interface> = BTreeSet::new();
    let names = written.map(|interface| &interface.value).filter(|&interface| seen.insert(interface));
    Interfaces::new(names.take(MOST_INTERFACES + 1).cloned().collect())
}

/// The zones, each with at least one condition, no two of them claiming the same packets of one interface.
pub(super) fn lower<'d>(
    zones: &[&'d ZoneDecl],
    scope: &mut Scope<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Zone> {
    let mut lowered: Vec<(Zone, &ZoneDecl)> = Vec::with_capacity(zones.len());
    for &decl in zones {
        let Some(zone) = zone(decl, scope, diagnostics) else { continue };
        for (other, other_decl) in &lowered {
            diagnostics.extend(overlap(&zone, decl, other, other_decl));
        }
        lowered.push((zone, decl));
    }
    lowered.into_iter().map(|(zone, _)| zone).collect()
}

fn zone<'d>(decl: &'d ZoneDecl, scope: &mut Scope<'d>, diagnostics: &mut Vec<Diagnostic>) -> Option<Zone> {
    let numbers = decl.interfaces.iter().filter_map(|interface| scope.interfaces().number(&interface.value));
    let interfaces = match decl.interfaces.as_slice() {
        [] => IntervalSet::full(),
        _ => IntervalSet::from_intervals(numbers.map(|number| (number, number))),
    };
    let has_networks = !decl.networks.is_empty();
    let addresses =
        if has_networks { scope.addresses(&decl.networks, diagnostics)? } else { Addresses::every() };
    Some(Zone {
        name: decl.name.clone(),
        interfaces,
        addresses,
        has_networks,
        trust: decl.trust,
        has_guests: decl.has_guests,
    })
}

/// Two zones that both claim some packets of one interface: which zone such a packet is in could not be told.
fn overlap(zone: &Zone, decl: &ZoneDecl, other: &Zone, other_decl: &ZoneDecl) -> Option<Diagnostic> {
    if !zone.interfaces.overlaps(&other.interfaces) || zone.addresses.intersect(&other.addresses).is_empty() {
        return None;
    }
    let (here, there) = shared_interface(decl, other_decl)?;
    let title = format!("zones `{}` and `{}` share `{}`", zone.name.value, other.name.value, here.value);
    Some(
        Diagnostic::error("overlapping-zones", here.site, title)
            .label("and packets of this interface could be in either zone")
            .related(there.site, "also here")
            .help("give both zones `networks` that do not overlap, or each its own interface"),
    )
}

fn shared_interface<'d>(
    one: &'d ZoneDecl,
    other: &'d ZoneDecl,
) -> Option<(&'d Spanned<Interface>, &'d Spanned<Interface>)> {
    one.interfaces.iter().find_map(|here| {
        other.interfaces.iter().find(|there| there.value == here.value).map(|there| (here, there))
    })
}
