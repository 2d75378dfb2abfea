//! Where the archive of a version comes from that no cache of this machine has. Core itself asks nobody.

/// A registry by what it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Registry {
    Npm,
    Pypi,
}

/// One version of a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Wanted {
    pub registry: Registry,
    pub package: String,
    pub version: String,
}

/// Why an archive is not to be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAvailable {
    #[error("look-ups are off")]
    LookupsOff,
    /// The registry has no such version.
    #[error("the registry has no such version")]
    NoSuchVersion,
    /// The name of a failure of look-ups (`look-up-…`).
    #[error("it could not be fetched: {reason}")]
    Failed { reason: &'static str },
}

/// Fetches archives. Whoever implements it may go over the network, if the user wants that.
pub trait ArchiveSource: Send + Sync {
    /// The bytes of the archive as they came; they are not trusted.
    fn fetch(&self, wanted: &Wanted) -> Result<Vec<u8>, NotAvailable>;
}

/// What there is while look-ups are off.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSource;

impl ArchiveSource for NoSource {
    fn fetch(&self, _: &Wanted) -> Result<Vec<u8>, NotAvailable> {
        Err(NotAvailable::LookupsOff)
    }
}
