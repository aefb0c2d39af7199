//! The list of checks.

mod egress_any_any;
mod egress_smtp_from_clients;
mod exception_expired;
mod exception_no_expiry;
mod exception_not_logged;
mod mail_cleartext_internal_unexcepted;
mod mail_imap_cleartext_egress;
mod mail_imaps_allowed_imap_open;
mod mail_pop3_cleartext_egress;
mod mail_pop3s_allowed_pop3_open;
mod rule_no_reason;
mod smtp_in_on_non_mx;
mod submission_on_non_msa;

use super::Check;

/// Every check, in reading order: mail, exceptions, ways out, ways in, hygiene.
pub(super) const ALL: &[&dyn Check] = &[
    &mail_pop3_cleartext_egress::MailPop3CleartextEgress,
    &mail_imap_cleartext_egress::MailImapCleartextEgress,
    &mail_pop3s_allowed_pop3_open::MailPop3sAllowedPop3Open,
    &mail_imaps_allowed_imap_open::MailImapsAllowedImapOpen,
    &mail_cleartext_internal_unexcepted::MailCleartextInternalUnexcepted,
    &exception_no_expiry::ExceptionNoExpiry,
    &exception_expired::ExceptionExpired,
    &exception_not_logged::ExceptionNotLogged,
    &egress_smtp_from_clients::EgressSmtpFromClients,
    &egress_any_any::EgressAnyAny,
    &smtp_in_on_non_mx::SmtpInOnNonMx,
    &submission_on_non_msa::SubmissionOnNonMsa,
    &rule_no_reason::RuleNoReason,
];
