//! iptables.

use super::{Artifact, Rendering};
use crate::source::Diagnostic;

/// Renders the policy.
pub(super) fn render(rendering: &Rendering<'_>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let _ = rendering;
    Ok(Vec::new())
}
