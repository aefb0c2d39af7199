//! Which findings make the answer no.

use clap::ValueEnum;

use super::exit::Exit;
use crate::parse::Threshold;
use crate::report::Summary;
use crate::source::Severity;

/// Which findings make the answer no. Errors in a policy always end with code 2.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Low,
    Medium,
    High,
    Critical,
    Never,
}

impl FailOn {
    pub(super) const fn weakest(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Critical => Some(Severity::Critical),
            Self::Never => None,
        }
    }

    /// The one that settings name.
    pub(super) const fn of(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Never => Self::Never,
            Threshold::From(Severity::Info) => Self::Info,
            Threshold::From(Severity::Low) => Self::Low,
            Threshold::From(Severity::Medium) => Self::Medium,
            Threshold::From(Severity::High) => Self::High,
            Threshold::From(Severity::Critical | Severity::Error) => Self::Critical,
        }
    }

    /// How a run ends that found so much.
    pub(super) fn verdict(self, summary: &Summary) -> Exit {
        if summary.count(Severity::Error) > 0 {
            return Exit::CannotAnswer;
        }
        let failed = self.weakest().is_some_and(|weakest| summary.worst_finding() >= Some(weakest));
        if failed { Exit::No } else { Exit::Yes }
    }
}
