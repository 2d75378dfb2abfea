//! Edits of one entry as splices on the original bytes.

use serde::{Deserialize, Serialize};

use super::{Document, Route};

/// A computed edit: the bytes of the whole file afterwards, and what undoes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    pub after: Vec<u8>,
    pub stash: Stash,
}

/// Everything needed to undo an edit later, even when the file has changed in between.
///
/// It holds bytes of the user's file, secrets included: it is stored in the hold store only, and its `Debug` shows no bytes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Stash {
    pub route: Route,
}

impl std::fmt::Debug for Stash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stash").field("route", &self.route).finish_non_exhaustive()
    }
}

/// How an entry came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exactness {
    /// The very bytes, where they stood.
    Exact,
    /// The entry's own bytes, at a place found by its neighbours in a file that changed meanwhile.
    ByMeaning,
}

/// The result of [`Document::restore`].
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    pub after: Vec<u8>,
    pub exactness: Exactness,
}

/// Why an edit is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("there is no entry at {0}")]
    Missing(Route),
    #[error("another entry stands at {0}")]
    Taken(Route),
    #[error("the text around {0} cannot be edited exactly: {1}")]
    Inexact(Route, &'static str),
}

pub(super) fn cut(_document: &Document, route: &Route) -> Result<Edit, EditError> {
    Err(EditError::Missing(route.clone()))
}

pub(super) fn switch(_document: &Document, route: &Route, _key: &str, _to: bool) -> Result<Edit, EditError> {
    Err(EditError::Missing(route.clone()))
}

pub(super) fn restore(_document: &Document, stash: &Stash) -> Result<Restored, EditError> {
    Err(EditError::Missing(stash.route.clone()))
}

pub(super) fn amend(
    _document: &Document,
    route: &Route,
    _changes: &[(String, Option<serde_json::Value>)],
) -> Result<Vec<u8>, EditError> {
    Err(EditError::Missing(route.clone()))
}
