//! What a package's registry says of its past.

use jiff::Timestamp;

/// As far as it bears on trust. Empty where the registry was not asked; `Facts::offer` tells that it was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    pub missing: Option<Missing>,
    /// When the package was first published, and how many days ago that is.
    pub created: Option<(Timestamp, i64)>,
    /// Versions that were published within the two days before the present one, it included.
    pub burst: usize,
    /// Who published the version that ran before, and who the present one, where that differs.
    pub publisher: Option<(String, String)>,
    /// The same of the accounts that could publish each.
    pub maintainers: Option<(String, String)>,
    /// The same of the workflows that verified attestations name.
    pub builder: Option<(String, String)>,
    /// The same of the repositories that they name.
    pub repository: Option<(String, String)>,
}

/// Why there is no such package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The registry has none of that name (any more).
    NotThere,
    /// The registry keeps the name itself, after it took the package down.
    Placeholder,
    /// The registry lets nobody have it, while it looks whether it does harm.
    Quarantined,
}

impl Missing {
    /// Never renamed: it selects the message.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotThere => "not-there",
            Self::Placeholder => "placeholder",
            Self::Quarantined => "quarantined",
        }
    }
}
