//! Where names are declared and where they are used, in all files of a policy.

use crate::parse::{AddressTerm, Bundle, Document, PortTerm, RESERVED, ServiceTerm, WaiverPlace};
use crate::source::{Site, Spanned};

/// What names are looked up among.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    /// Zones and networks.
    Places,
    /// Services.
    Services,
    /// Rules.
    Rules,
}

/// What a name does at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It is declared as this.
    Declared(What),
    /// It is used.
    Used,
}

/// What a name can be declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A zone.
    Zone,
    /// A network.
    Network,
    /// A service.
    Service,
    /// A rule.
    Rule,
}

/// A name at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub(super) space: Space,
    pub(super) name: String,
    pub(super) part: Part,
    pub(super) site: Site,
}

/// Every name of a policy, file by file.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    all: Vec<Occurrence>,
}

impl Names {
    /// The names in the documents of a policy.
    pub(super) fn of(bundle: &Bundle) -> Self {
        let mut names = Self::default();
        for document in std::iter::once(&bundle.main).chain(&bundle.included) {
            names.document(document);
        }
        names
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Occurrence> {
        self.all.iter()
    }

    /// The declarations.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&Occurrence, What)> {
        self.all.iter().filter_map(|one| match one.part {
            Part::Declared(what) => Some((one, what)),
            Part::Used => None,
        })
    }

    /// The declaration of a name.
    pub(super) fn declaration(&self, space: Space, name: &str) -> Option<(&Occurrence, What)> {
        self.declared().find(|(one, _)| one.space == space && one.name == name)
    }

    /// Everything that is the same name.
    pub(super) fn same(&self, as_this: &Occurrence) -> impl Iterator<Item = &Occurrence> {
        self.all.iter().filter(move |one| one.space == as_this.space && one.name == as_this.name)
    }

    fn push(&mut self, space: Space, name: &str, part: Part, site: Site) {
        if !RESERVED.contains(&name) {
            self.all.push(Occurrence { space, name: name.to_owned(), part, site });
        }
    }

    fn document(&mut self, document: &Document) {
        for zone in &document.zones {
            self.push(Space::Places, zone.name.value.as_str(), Part::Declared(What::Zone), zone.name.site);
            self.places(&zone.networks);
        }
        for network in &document.networks {
            let (name, declared) = (&network.name, Part::Declared(What::Network));
            self.push(Space::Places, name.value.as_str(), declared, name.site);
            self.places(&network.addresses);
            self.places(&network.except);
        }
        for service in &document.services {
            let (name, declared) = (&service.name, Part::Declared(What::Service));
            self.push(Space::Services, name.value.as_str(), declared, name.site);
            self.services(&service.terms);
        }
        for host in &document.hosts {
            self.places(&host.networks);
            self.places(&host.smarthost);
            self.places(&host.relay_via);
        }
        for zone in document.flows.iter().flatten().flat_map(|flow| flow.from.iter().chain(&flow.to)) {
            self.push(Space::Places, zone.value.as_str(), Part::Used, zone.site);
        }
        self.packets(document);
    }

    /// Waivers, rules and expectations.
    fn packets(&mut self, document: &Document) {
        for waiver in &document.waivers {
            if let WaiverPlace::Packets(packets) = &waiver.place {
                self.places(&packets.from);
                self.places(&packets.to);
                self.services(&packets.services);
            }
        }
        for rule in document.rules.iter().flatten() {
            if let Some(id) = &rule.id {
                self.push(Space::Rules, id.value.as_str(), Part::Declared(What::Rule), id.site);
            }
            self.places(&rule.from);
            self.places(&rule.to);
            self.services(&rule.services);
        }
        for expect in &document.expect {
            self.places(&expect.from);
            self.places(&expect.to);
            self.services(&expect.services);
            if let Some(by) = &expect.by {
                self.push(Space::Rules, &by.value, Part::Used, by.site);
            }
        }
    }

    fn places(&mut self, terms: &[Spanned<AddressTerm>]) {
        for term in terms {
            if let AddressTerm::Name(name) = &term.value {
                self.push(Space::Places, name, Part::Used, term.site);
            }
        }
    }

    fn services(&mut self, terms: &[Spanned<ServiceTerm>]) {
        for term in terms {
            match &term.value {
                ServiceTerm::Name(name) => self.push(Space::Services, name, Part::Used, term.site),
                ServiceTerm::Inline(spec) => {
                    let ports = spec.tcp.iter().chain(&spec.udp).chain(&spec.source_ports);
                    self.ports(ports);
                }
            }
        }
    }

    fn ports<'t>(&mut self, terms: impl Iterator<Item = &'t Spanned<PortTerm>>) {
        for term in terms {
            if let PortTerm::Name(name) = &term.value {
                self.push(Space::Services, name, Part::Used, term.site);
            }
        }
    }
}
