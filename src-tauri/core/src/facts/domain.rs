//! What the directories of the net say of a domain.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The domain of a publisher's mail address, or of a host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Domain {
    pub name: String,
    /// The domain name system knows it.
    pub exists: bool,
    /// It names servers that take mail (MX).
    pub takes_mail: bool,
    /// It says which servers send for it (SPF).
    pub has_spf: bool,
    /// It says what to do with mail that others send in its name (DMARC).
    pub has_dmarc: bool,
    pub registered: Option<Timestamp>,
    pub expires: Option<Timestamp>,
}
