//! What a registry has under the name of an image.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The image that a name leads to now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Image {
    /// Of the list of its forms, where it has several: `sha256:…`.
    pub digest: String,
    /// The repository that its label names, as `host/owner/name`. Labels are inherited from the image below it.
    pub repository: Option<String>,
    /// The entry of the registry of connectors that it says it is.
    pub listed_as: Option<String>,
    /// When it says that it was made.
    pub created: Option<Timestamp>,
}
