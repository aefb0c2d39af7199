//! The list of checks.

mod access_server_no_tls_port;
mod acme_http01_blocked;
mod admin_on_firewall_from_untrusted;
mod bogon_overblock;
mod dane_remote_resolver;
mod datastore_from_any;
mod default_accept_forward;
mod default_accept_input;
mod default_deny_family_gap;
mod default_unreachable;
mod deny_not_logged;
mod dns_udp_without_tcp;
mod doc_prefix_in_policy;
mod egress_any_any;
mod egress_default_accept;
mod egress_dns_bypass;
mod egress_insecure_protocols;
mod egress_smb_rpc_rdp;
mod egress_smtp_altports;
mod egress_smtp_from_clients;
mod egress_source_unvalidated;
mod egress_tunnel_bypass;
mod exception_expired;
mod exception_no_expiry;
mod exception_no_owner;
mod exception_not_logged;
mod exception_too_long;
mod exception_too_wide;
mod exception_unexplained;
mod exception_unknown;
mod exception_unused;
mod expectation_missing;
mod family_parity;
mod forward_between_zones_unlisted;
mod icmp6_mld_blocked;
mod icmp6_must_not_drop;
mod icmp6_ndp_blocked;
mod icmp6_normally_pass;
mod icmp6_should_drop_transit;
mod icmp_deprecated_types;
mod icmp_fragneeded_blocked;
mod icmp_redirect_accepted;
mod inbound_any_any;
mod inbound_martian;
mod inbound_own_source;
mod invalid_before_nd;
mod invalid_not_dropped;
mod log_not_shipped;
mod log_prefix_collision;
mod log_unlimited;
mod log_unreachable;
mod loopback_not_accepted;
mod loopback_spoof;
mod mail_access_server_cleartext_ingress;
mod mail_cleartext_deny_implicit;
mod mail_cleartext_internal_unexcepted;
mod mail_cleartext_silent_drop;
mod mail_historic_protocols;
mod mail_imap_cleartext_egress;
mod mail_imaps_allowed_imap_open;
mod mail_internals_exposed;
mod mail_ldap_cleartext;
mod mail_legacy_exception_too_wide;
mod mail_lmtp_exposed;
mod mail_managesieve_legacy_port;
mod mail_managesieve_wide;
mod mail_pop3_cleartext_egress;
mod mail_pop3s_allowed_pop3_open;
mod mail_submission_only_587;
mod mail_submission_via_25;
mod mail_udp_twin;
mod mail_v6_asymmetric;
mod mailbox_bypasses_gateway;
mod mgmt_from_any;
mod msa_587_blocked_for_guests;
mod mta_no_25_egress;
mod mta_no_dns;
mod mta_no_https;
mod mtasts_host_no_443;
mod multicast_source;
mod mx_25_unreachable;
mod mx_tls_required_by_port;
mod new_without_syn;
mod object_unused;
mod observe_overdue;
mod ocsp_crl_blocked;
mod open_resolver;
mod port_range_too_broad;
mod return_traffic_missing;
mod review_missing;
mod review_overdue;
mod rule_conflict;
mod rule_correlated;
mod rule_duplicate;
mod rule_no_owner;
mod rule_no_reason;
mod rule_no_ticket;
mod rule_partly_shadowed;
mod rule_redundant;
mod rule_shadowed;
mod smarthost_bypassable;
mod smtp_in_on_non_mx;
mod source_port_trust;
mod source_too_broad;
mod submission_on_non_msa;
mod text_overlong;
mod time_sync_blocked;

use super::Check;

/// Every check, in reading order: mail, exceptions, ways out, ways in, defaults, what networks need, logging,
/// hygiene.
pub(super) const ALL: &[&dyn Check] = &[
    &mail_pop3_cleartext_egress::MailPop3CleartextEgress,
    &mail_imap_cleartext_egress::MailImapCleartextEgress,
    &mail_pop3s_allowed_pop3_open::MailPop3sAllowedPop3Open,
    &mail_imaps_allowed_imap_open::MailImapsAllowedImapOpen,
    &mail_cleartext_internal_unexcepted::MailCleartextInternalUnexcepted,
    &mail_legacy_exception_too_wide::MailLegacyExceptionTooWide,
    &mail_cleartext_deny_implicit::MailCleartextDenyImplicit,
    &mail_cleartext_silent_drop::MailCleartextSilentDrop,
    &mail_historic_protocols::MailHistoricProtocols,
    &mail_access_server_cleartext_ingress::MailAccessServerCleartextIngress,
    &mail_submission_only_587::MailSubmissionOnly587,
    &mail_submission_via_25::MailSubmissionVia25,
    &mail_managesieve_wide::MailManagesieveWide,
    &mail_managesieve_legacy_port::MailManagesieveLegacyPort,
    &mail_ldap_cleartext::MailLdapCleartext,
    &mail_lmtp_exposed::MailLmtpExposed,
    &mail_udp_twin::MailUdpTwin,
    &mx_25_unreachable::Mx25Unreachable,
    &mx_tls_required_by_port::MxTlsRequiredByPort,
    &mailbox_bypasses_gateway::MailboxBypassesGateway,
    &mta_no_dns::MtaNoDns,
    &mta_no_25_egress::MtaNo25Egress,
    &smarthost_bypassable::SmarthostBypassable,
    &mta_no_https::MtaNoHttps,
    &mtasts_host_no_443::MtastsHostNo443,
    &acme_http01_blocked::AcmeHttp01Blocked,
    &access_server_no_tls_port::AccessServerNoTlsPort,
    &dane_remote_resolver::DaneRemoteResolver,
    &mail_v6_asymmetric::MailV6Asymmetric,
    &time_sync_blocked::TimeSyncBlocked,
    &ocsp_crl_blocked::OcspCrlBlocked,
    &msa_587_blocked_for_guests::Msa587BlockedForGuests,
    &log_not_shipped::LogNotShipped,
    &exception_no_expiry::ExceptionNoExpiry,
    &exception_expired::ExceptionExpired,
    &exception_too_long::ExceptionTooLong,
    &exception_no_owner::ExceptionNoOwner,
    &exception_not_logged::ExceptionNotLogged,
    &exception_unexplained::ExceptionUnexplained,
    &exception_unknown::ExceptionUnknown,
    &exception_too_wide::ExceptionTooWide,
    &exception_unused::ExceptionUnused,
    &egress_smtp_from_clients::EgressSmtpFromClients,
    &egress_smtp_altports::EgressSmtpAltports,
    &egress_any_any::EgressAnyAny,
    &egress_default_accept::EgressDefaultAccept,
    &egress_dns_bypass::EgressDnsBypass,
    &egress_insecure_protocols::EgressInsecureProtocols,
    &egress_smb_rpc_rdp::EgressSmbRpcRdp,
    &egress_tunnel_bypass::EgressTunnelBypass,
    &egress_source_unvalidated::EgressSourceUnvalidated,
    &smtp_in_on_non_mx::SmtpInOnNonMx,
    &submission_on_non_msa::SubmissionOnNonMsa,
    &inbound_any_any::InboundAnyAny,
    &open_resolver::OpenResolver,
    &mgmt_from_any::MgmtFromAny,
    &admin_on_firewall_from_untrusted::AdminOnFirewallFromUntrusted,
    &datastore_from_any::DatastoreFromAny,
    &mail_internals_exposed::MailInternalsExposed,
    &source_too_broad::SourceTooBroad,
    &port_range_too_broad::PortRangeTooBroad,
    &forward_between_zones_unlisted::ForwardBetweenZonesUnlisted,
    &default_accept_input::DefaultAcceptInput,
    &default_accept_forward::DefaultAcceptForward,
    &default_deny_family_gap::DefaultDenyFamilyGap,
    &family_parity::FamilyParity,
    &default_unreachable::DefaultUnreachable,
    &return_traffic_missing::ReturnTrafficMissing,
    &invalid_not_dropped::InvalidNotDropped,
    &invalid_before_nd::InvalidBeforeNd,
    &new_without_syn::NewWithoutSyn,
    &loopback_spoof::LoopbackSpoof,
    &inbound_own_source::InboundOwnSource,
    &inbound_martian::InboundMartian,
    &multicast_source::MulticastSource,
    &bogon_overblock::BogonOverblock,
    &icmp_redirect_accepted::IcmpRedirectAccepted,
    &icmp_deprecated_types::IcmpDeprecatedTypes,
    &icmp6_should_drop_transit::Icmp6ShouldDropTransit,
    &icmp6_must_not_drop::Icmp6MustNotDrop,
    &icmp6_mld_blocked::Icmp6MldBlocked,
    &icmp6_normally_pass::Icmp6NormallyPass,
    &loopback_not_accepted::LoopbackNotAccepted,
    &icmp_fragneeded_blocked::IcmpFragneededBlocked,
    &icmp6_ndp_blocked::Icmp6NdpBlocked,
    &dns_udp_without_tcp::DnsUdpWithoutTcp,
    &source_port_trust::SourcePortTrust,
    &deny_not_logged::DenyNotLogged,
    &log_unlimited::LogUnlimited,
    &log_unreachable::LogUnreachable,
    &log_prefix_collision::LogPrefixCollision,
    &observe_overdue::ObserveOverdue,
    &rule_conflict::RuleConflict,
    &rule_duplicate::RuleDuplicate,
    &rule_shadowed::RuleShadowed,
    &rule_partly_shadowed::RulePartlyShadowed,
    &rule_redundant::RuleRedundant,
    &rule_correlated::RuleCorrelated,
    &rule_no_reason::RuleNoReason,
    &rule_no_owner::RuleNoOwner,
    &rule_no_ticket::RuleNoTicket,
    &review_overdue::ReviewOverdue,
    &review_missing::ReviewMissing,
    &object_unused::ObjectUnused,
    &doc_prefix_in_policy::DocPrefixInPolicy,
    &expectation_missing::ExpectationMissing,
    &text_overlong::TextOverlong,
];
