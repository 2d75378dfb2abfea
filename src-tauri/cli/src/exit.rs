//! How the program ends, for scripts.

use gatehouse_core::finding::Severity;

/// The exit codes; they are part of the interface and stand in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Done = 0,
    /// The command line was not understood.
    Usage = 1,
    /// Something was not done, or not read although it was asked for.
    Failure = 2,
    /// With `--fail-on`: the worst finding.
    Low = 10,
    Medium = 11,
    High = 12,
    Critical = 13,
    /// With `--fail-on-waiting`: a question waits.
    Waiting = 20,
}

impl Exit {
    /// The one that counts: failure over waiting over findings.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Done => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Critical => 4,
            Self::Waiting => 5,
            Self::Usage => 6,
            Self::Failure => 7,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<Severity> for Exit {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Low => Self::Low,
            Severity::Medium => Self::Medium,
            Severity::High => Self::High,
            Severity::Critical => Self::Critical,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
