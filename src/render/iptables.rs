//! iptables.

use minijinja::{Value, context};

use super::{Artifact, Rendering, origin};
use crate::source::Diagnostic;

/// Renders the policy.
pub(super) fn render(rendering: &Rendering<'_>) -> Result<Vec<Artifact>, Vec<Diagnostic>> {
    let header = origin::header(rendering.policy, rendering.target, &["Load it with the target's own tool."]);
    let view = context! { header => header.into_iter().map(Value::from).collect::<Vec<_>>() };
    Ok(vec![rendering.artifact("iptables.rules.j2", "v4.rules", &view)?])
}
