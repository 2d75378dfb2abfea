use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Names one hold: 16 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId(pub [u8; 8]);

/// A text that is not 16 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a hold: expected 16 hex digits")]
pub struct NotAHoldId;

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for HoldId {
    type Err = NotAHoldId;

    fn from_str(text: &str) -> Result<Self, NotAHoldId> {
        let mut id = [0; 8];
        hex::decode_to_slice(text, &mut id).map_err(|_| NotAHoldId)?;
        // One hold, one name.
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(NotAHoldId);
        }
        Ok(Self(id))
    }
}

impl Serialize for HoldId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HoldId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
