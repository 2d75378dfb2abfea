//! What the directories of the net say of a domain.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The domain of a publisher's mail address, or of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Domain {
    pub name: String,
    /// The domain name system knows it, or somebody has registered it.
    pub exists: bool,
    /// It names servers that take mail (MX).
    pub takes_mail: bool,
    /// It says which servers send for it (SPF); `None` where that was not told.
    pub has_spf: Option<bool>,
    /// It says what to do with mail that others send in its name (DMARC); the same.
    pub has_dmarc: Option<bool>,
    pub registered: Option<Timestamp>,
    pub expires: Option<Timestamp>,
}
