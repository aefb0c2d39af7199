//! `zones`, `networks` and `hosts`: where packets come from and go to.

use super::reader::{Fields, Reader, Value};
use super::word::any_name;
use super::{AddressTerm, FlowDecl, HostDecl, NetworkDecl, ZoneDecl};
use crate::model::{Name, Role, Trust};
use crate::source::{Diagnostic, Kind, Spanned};

/// The words of `trust`.
pub(super) const TRUST: &[(Trust, &str)] = &[(Trust::Internal, "internal"), (Trust::Untrusted, "untrusted")];

/// The keys of a zone.
pub(super) const ZONE: &[&str] = &["interfaces", "networks", "trust", "guests"];

/// The keys of a network that is no list.
pub(super) const NETWORK: &[&str] = &["addresses", "except", "file"];

/// The keys of a host.
pub(super) const HOST: &[&str] = &["networks", "roles", "smarthost", "relay-via", "dane"];

/// The keys of a flow.
pub(super) const FLOW: &[&str] = &["from", "to"];

/// A network and the file that holds more of its addresses.
pub(super) struct Network {
    /// As far as it is written in the policy.
    pub(super) decl: NetworkDecl,
    /// `file`.
    pub(super) file: Option<Spanned<String>>,
}

impl<'t> Reader<'t> {
    /// `zones`.
    pub(super) fn zones(&mut self, value: Value<'t>) -> Vec<ZoneDecl> {
        let entries = self.entries(value, "a mapping from names to zones");
        entries.into_iter().filter_map(|(key, value)| self.zone(key, value)).collect()
    }

    fn zone(&mut self, key: Value<'t>, value: Value<'t>) -> Option<ZoneDecl> {
        let name = self.one(key, Self::name);
        let fields = self.fields(value, "a zone", ZONE)?;
        let interfaces = fields.get("interfaces");
        let networks = fields.get("networks");
        if interfaces.is_none() && networks.is_none() && !fields.has_unknown() {
            self.report(
                Diagnostic::error("missing-key", key.site, "a zone without interfaces and networks")
                    .help("say where it is: `interfaces`, `networks`, or both"),
            );
        }
        let trust = fields.get("trust").and_then(|trust| self.choice(trust, "a level of trust", TRUST));
        Some(ZoneDecl {
            name: name?,
            interfaces: interfaces
                .map(|list| self.each(list, "a list of interfaces", Self::interface))
                .unwrap_or_default(),
            networks: networks.map(|list| self.addresses(list)).unwrap_or_default(),
            trust: trust.unwrap_or(Trust::Untrusted),
            has_guests: self.is_true(&fields, "guests"),
            site: value.site,
        })
    }

    /// `networks` of the document.
    pub(super) fn networks(&mut self, value: Value<'t>) -> Vec<Network> {
        let entries = self.entries(value, "a mapping from names to networks");
        entries.into_iter().filter_map(|(key, value)| self.network(key, value)).collect()
    }

    fn network(&mut self, key: Value<'t>, value: Value<'t>) -> Option<Network> {
        let name = self.one(key, Self::name);
        if let Kind::Mapping(_) = value.kind {
            return self.network_of_fields(name, value);
        }
        let addresses = self.addresses(value);
        let decl = NetworkDecl { name: name?, addresses, except: Vec::new(), site: value.site };
        Some(Network { decl, file: None })
    }

    fn network_of_fields(&mut self, name: Option<Spanned<Name>>, value: Value<'t>) -> Option<Network> {
        let fields = self.fields(value, "a network", NETWORK)?;
        if fields.get("file").is_none() {
            self.required(&fields, "addresses", "write `addresses`, `file`, or both");
        }
        let addresses = self.addresses_of(&fields, "addresses");
        let except = self.addresses_of(&fields, "except");
        let file = self.optional(fields.get("file"), |reader, value| {
            reader.text(value, "the path of a file").map(str::to_owned)
        });
        Some(Network { decl: NetworkDecl { name: name?, addresses, except, site: value.site }, file })
    }

    /// `hosts`.
    pub(super) fn hosts(&mut self, value: Value<'t>) -> Vec<HostDecl> {
        let items = self.list(value, "a list of hosts");
        items.into_iter().filter_map(|item| self.host(item)).collect()
    }

    fn host(&mut self, value: Value<'t>) -> Option<HostDecl> {
        let fields = self.fields(value, "a host", HOST)?;
        let networks =
            self.required(&fields, "networks", "say which addresses it has; `host` is this machine");
        let roles = self.required(&fields, "roles", "say what it is there for: `roles: [mx, msa]`");
        Some(HostDecl {
            networks: networks.map(|list| self.addresses(list)).unwrap_or_default(),
            roles: roles
                .map(|list| {
                    self.each(list, "a list of roles", |reader, item| {
                        reader.choice(item, "a role", Role::ALL)
                    })
                })
                .unwrap_or_default(),
            smarthost: self.addresses_of(&fields, "smarthost"),
            relay_via: self.addresses_of(&fields, "relay-via"),
            has_dane: self.is_true(&fields, "dane"),
            site: value.site,
        })
    }

    /// `flows`.
    pub(super) fn flows(&mut self, value: Value<'t>) -> Vec<FlowDecl> {
        let items = self.list(value, "a list of flows");
        items.into_iter().filter_map(|item| self.flow(item)).collect()
    }

    fn flow(&mut self, value: Value<'t>) -> Option<FlowDecl> {
        let fields = self.fields(value, "a flow", FLOW)?;
        let from = self.required(&fields, "from", "name the zones in which flows begin")?;
        let to = self.required(&fields, "to", "name the zones into which they lead")?;
        let zones = |reader: &mut Self, list| reader.each(list, "a list of zones", Self::zone_name);
        Some(FlowDecl { from: zones(self, from), to: zones(self, to) })
    }

    /// The name of a zone, looked up later.
    fn zone_name(&mut self, value: Value<'t>) -> Option<Name> {
        self.parsed(value, "the name of a zone", any_name)
    }

    /// A switch that is off where it is not written.
    pub(super) fn is_true(&mut self, fields: &Fields<'t>, key: &str) -> bool {
        self.switch(fields, key).unwrap_or(false)
    }

    /// Addresses and names, or one of them.
    pub(super) fn addresses(&mut self, value: Value<'t>) -> Vec<Spanned<AddressTerm>> {
        self.each(value, "a list of addresses", Self::address)
    }

    /// The addresses of a key that may be missing.
    pub(super) fn addresses_of(&mut self, fields: &Fields<'t>, key: &str) -> Vec<Spanned<AddressTerm>> {
        fields.get(key).map(|list| self.addresses(list)).unwrap_or_default()
    }
}
