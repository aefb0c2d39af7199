//! What names mean everywhere: services, networks, protocols and ICMP types, with their sources.
