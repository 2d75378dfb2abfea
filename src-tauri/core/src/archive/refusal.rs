//! Why an archive was not read.

use serde::{Deserialize, Serialize};

/// An archive that is refused as a whole. Nothing of it was written anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{archive} was not read{}: {fault}; nothing of it was unpacked or run", at(.entry))]
pub struct Refused {
    /// The archive's name, as whoever handed it in calls it.
    pub archive: String,
    /// The entry that it was refused for, with every byte that is no text replaced.
    pub entry: Option<String>,
    pub fault: Fault,
}

fn at(entry: &Option<String>) -> String {
    entry.as_ref().map(|entry| format!(", for its entry {entry:?}")).unwrap_or_default()
}

/// What no honest package has. Each has a message in the Fluent files (`archive-…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    #[error("it is neither a gzipped tar nor a zip")]
    Format,
    #[error("it holds no file")]
    Empty,
    #[error("it is cut short or damaged")]
    Damaged,
    #[error("it is larger than is read")]
    TooLarge,
    #[error("its files are larger than is read")]
    UnpacksTooLarge,
    #[error("its files are out of all proportion to its size")]
    Ratio,
    #[error("one file is larger than is read")]
    OneFile,
    #[error("it has more entries than are read")]
    Entries,
    #[error("a path leads out of the package")]
    Escapes,
    #[error("a path starts at the root of a file system")]
    Absolute,
    #[error("a path has a backslash")]
    Backslash,
    #[error("a path has a zero byte")]
    ZeroByte,
    #[error("a path is no UTF-8")]
    Encoding,
    #[error("a path is longer than is read")]
    PathLength,
    #[error("a path has more folders than are read")]
    Depth,
    #[error("a path comes twice")]
    Twice,
    #[error("an entry is a link, which no registry lets through")]
    Link,
    #[error("an entry is neither a file nor a folder")]
    Special,
    #[error("an entry has another size than the archive says")]
    Size,
    #[error("entries overlap")]
    Overlap,
    #[error("an entry is encrypted")]
    Encrypted,
}

impl Fault {
    pub const ALL: &[Self] = &[
        Self::Format,
        Self::Empty,
        Self::Damaged,
        Self::TooLarge,
        Self::UnpacksTooLarge,
        Self::Ratio,
        Self::OneFile,
        Self::Entries,
        Self::Escapes,
        Self::Absolute,
        Self::Backslash,
        Self::ZeroByte,
        Self::Encoding,
        Self::PathLength,
        Self::Depth,
        Self::Twice,
        Self::Link,
        Self::Special,
        Self::Size,
        Self::Overlap,
        Self::Encrypted,
    ];

    /// The id of its message.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Format => "archive-format",
            Self::Empty => "archive-empty",
            Self::Damaged => "archive-damaged",
            Self::TooLarge => "archive-too-large",
            Self::UnpacksTooLarge => "archive-unpacks-too-large",
            Self::Ratio => "archive-ratio",
            Self::OneFile => "archive-one-file",
            Self::Entries => "archive-entries",
            Self::Escapes => "archive-escapes",
            Self::Absolute => "archive-absolute",
            Self::Backslash => "archive-backslash",
            Self::ZeroByte => "archive-zero-byte",
            Self::Encoding => "archive-encoding",
            Self::PathLength => "archive-path-length",
            Self::Depth => "archive-depth",
            Self::Twice => "archive-twice",
            Self::Link => "archive-link",
            Self::Special => "archive-special",
            Self::Size => "archive-size",
            Self::Overlap => "archive-overlap",
            Self::Encrypted => "archive-encrypted",
        }
    }
}
