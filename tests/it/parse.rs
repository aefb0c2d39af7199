//! Policies as people write them, mistype them and as nobody would.

mod files;
mod hostile;
mod mutants;
mod oracle;
mod policy;
pub(crate) mod typos;
