//! The list of checks.

mod datastore_from_any;
mod default_accept_forward;
mod default_accept_input;
mod default_deny_family_gap;
mod default_unreachable;
mod deny_not_logged;
mod dns_udp_without_tcp;
mod egress_any_any;
mod egress_smtp_from_clients;
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
mod icmp6_ndp_blocked;
mod icmp_fragneeded_blocked;
mod log_prefix_collision;
mod log_unlimited;
mod log_unreachable;
mod loopback_not_accepted;
mod mail_cleartext_internal_unexcepted;
mod mail_imap_cleartext_egress;
mod mail_imaps_allowed_imap_open;
mod mail_internals_exposed;
mod mail_pop3_cleartext_egress;
mod mail_pop3s_allowed_pop3_open;
mod mgmt_from_any;
mod object_unused;
mod observe_overdue;
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
mod smtp_in_on_non_mx;
mod source_port_trust;
mod submission_on_non_msa;
mod text_overlong;

use super::Check;

/// Every check, in reading order: mail, exceptions, ways out, ways in, defaults, what networks need, logging,
/// hygiene.
pub(super) const ALL: &[&dyn Check] = &[
    &mail_pop3_cleartext_egress::MailPop3CleartextEgress,
    &mail_imap_cleartext_egress::MailImapCleartextEgress,
    &mail_pop3s_allowed_pop3_open::MailPop3sAllowedPop3Open,
    &mail_imaps_allowed_imap_open::MailImapsAllowedImapOpen,
    &mail_cleartext_internal_unexcepted::MailCleartextInternalUnexcepted,
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
    &egress_any_any::EgressAnyAny,
    &smtp_in_on_non_mx::SmtpInOnNonMx,
    &submission_on_non_msa::SubmissionOnNonMsa,
    &mgmt_from_any::MgmtFromAny,
    &datastore_from_any::DatastoreFromAny,
    &mail_internals_exposed::MailInternalsExposed,
    &default_accept_input::DefaultAcceptInput,
    &default_accept_forward::DefaultAcceptForward,
    &default_deny_family_gap::DefaultDenyFamilyGap,
    &family_parity::FamilyParity,
    &default_unreachable::DefaultUnreachable,
    &return_traffic_missing::ReturnTrafficMissing,
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
    &expectation_missing::ExpectationMissing,
    &text_overlong::TextOverlong,
];
