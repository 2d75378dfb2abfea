//! The remembered connectors, found by identity and by the file that they stand in.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Remembered;
use crate::connector::ConnectorId;

/// All connectors ever met, by identity. Reads as the map that it is stored as.
///
/// A file is part of an identity, so a connector never moves to another file, and the index only grows with the map.
#[derive(Debug, Clone, Default)]
pub struct Connectors {
    by_id: BTreeMap<ConnectorId, Remembered>,
    by_file: HashMap<PathBuf, Vec<ConnectorId>>,
}

impl Connectors {
    /// Returns the connectors of one file, those that are gone included.
    pub fn of_file(&self, file: &Path) -> impl Iterator<Item = &Remembered> {
        self.by_file.get(file).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    pub(super) fn insert(&mut self, id: ConnectorId, known: Remembered) {
        let ids = self.by_file.entry(known.sighting.file.clone()).or_default();
        if !self.by_id.contains_key(&id) {
            ids.push(id.clone());
        }
        self.by_id.insert(id, known);
    }

    pub(crate) fn get_mut(&mut self, id: &ConnectorId) -> Option<&mut Remembered> {
        self.by_id.get_mut(id)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Remembered> {
        self.by_id.values_mut()
    }
}

impl Deref for Connectors {
    type Target = BTreeMap<ConnectorId, Remembered>;

    fn deref(&self) -> &Self::Target {
        &self.by_id
    }
}

impl PartialEq for Connectors {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

impl Eq for Connectors {}

impl Serialize for Connectors {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.by_id.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Connectors {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut out = Self::default();
        for (id, known) in BTreeMap::deserialize(from)? {
            out.insert(id, known);
        }
        Ok(out)
    }
}
