//! The key of the ledger and where it comes from.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::checkpoint::Anchor;

/// A 256-bit secret. Its `Debug` shows nothing, and it cannot be serialised.
#[derive(Clone)]
pub struct Secret32([u8; 32]);

impl Secret32 {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Takes exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Draws a secret from the system's generator.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Returns an independent secret for another purpose; `label` names it, as in `values-v1`.
    #[must_use]
    pub fn derive(&self, label: &[u8]) -> Self {
        Self(self.mac(&[b"gatehouse-derive-1\0", label]))
    }

    /// Returns the HMAC-SHA-256 of the parts, one after the other.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The bytes, for a key source that stores them.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn keyed(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length")
    }
}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret32(‹secret›)")
    }
}

/// What a key source said when it was asked for the key.
#[derive(Debug, Clone)]
pub enum Key {
    Available(Secret32),
    /// The store is there but closed, or has not been asked yet. Worth asking again.
    Locked,
    /// The store is open and holds no such key.
    Missing,
    /// This session has no secret store.
    None,
}

/// The key and, beside it, the newest checkpoint that the key source remembers.
#[derive(Debug, Clone)]
pub struct KeyAnswer {
    pub key: Key,
    pub anchor: Option<Anchor>,
}

impl KeyAnswer {
    /// For a start that does not wait for the key: the ledger opens, and [`super::Ledger::key_arrived`] follows.
    pub const fn not_asked() -> Self {
        Self { key: Key::Locked, anchor: None }
    }
}

/// A refusal to store a checkpoint's anchor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the secret store did not take the checkpoint: {0}")]
pub struct AnchorError(pub String);

/// Where the key is kept. Every method may block for as long as the system asks its user to unlock something: call
/// from a thread of its own, never from the event loop.
pub trait KeySource: Send {
    /// Asks for the key; makes nothing.
    fn get(&self) -> Key;
    /// Whether [`KeySource::get`] or [`KeySource::create`] would have the system ask its user for a password; `None` where
    /// that cannot be told.
    fn would_prompt(&self) -> Option<bool> {
        None
    }
    /// Makes a key where there is none and reads it back; an existing key is returned, never replaced.
    fn create(&self) -> Key;
    /// Returns the newest anchor that was stored.
    fn anchor(&self) -> Option<Anchor>;
    /// Stores the anchor in place of the previous one.
    fn set_anchor(&self, anchor: &Anchor) -> Result<(), AnchorError>;
}

/// Asks a source for key and anchor. `keyed` = the chain has had a key before ([`super::Ledger::was_keyed`]); only a
/// chain that never had one gets a new key, since a store that has no entry is no proof that none was ever made.
pub fn ask(source: &dyn KeySource, keyed: bool) -> KeyAnswer {
    complete(source, source.get(), keyed)
}

/// As [`ask`], with what [`KeySource::get`] has said already.
pub fn complete(source: &dyn KeySource, key: Key, keyed: bool) -> KeyAnswer {
    let key = match key {
        Key::Missing if !keyed => source.create(),
        answer => answer,
    };
    let anchor = if matches!(key, Key::Available(_)) { source.anchor() } else { None };
    KeyAnswer { key, anchor }
}

/// As [`ask`], but asks nothing of the user: a store that is closed stays so. Where that cannot be told the store is asked.
pub fn ask_quietly(source: &dyn KeySource, keyed: bool) -> KeyAnswer {
    if source.would_prompt() == Some(true) { KeyAnswer::not_asked() } else { ask(source, keyed) }
}

/// A key source in memory, for tests. Clones share one store.
#[derive(Debug, Clone)]
pub struct MemoryKeys(Arc<Mutex<Store>>);

#[derive(Debug)]
struct Store {
    service: bool,
    locked: bool,
    key: Option<Secret32>,
    anchor: Option<Anchor>,
}

impl MemoryKeys {
    /// An open store without a key.
    pub fn empty() -> Self {
        Self(Arc::new(Mutex::new(Store { service: true, locked: false, key: None, anchor: None })))
    }

    /// No store at all.
    pub fn absent() -> Self {
        let keys = Self::empty();
        keys.set_service(false);
        keys
    }

    pub fn set_service(&self, present: bool) {
        self.store().service = present;
    }

    pub fn set_locked(&self, locked: bool) {
        self.store().locked = locked;
    }

    /// Forgets the key and the anchor, as a keyring that was reset.
    pub fn lose(&self) {
        let mut store = self.store();
        store.key = None;
        store.anchor = None;
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

impl KeySource for MemoryKeys {
    fn get(&self) -> Key {
        let store = self.store();
        match &store.key {
            _ if !store.service => Key::None,
            _ if store.locked => Key::Locked,
            Some(key) => Key::Available(key.clone()),
            None => Key::Missing,
        }
    }

    fn create(&self) -> Key {
        {
            let mut store = self.store();
            if store.service && !store.locked && store.key.is_none() {
                store.key = Secret32::random().ok();
            }
        }
        self.get()
    }

    fn anchor(&self) -> Option<Anchor> {
        let store = self.store();
        if store.service && !store.locked { store.anchor.clone() } else { None }
    }

    fn set_anchor(&self, anchor: &Anchor) -> Result<(), AnchorError> {
        let mut store = self.store();
        if !store.service || store.locked {
            return Err(AnchorError("locked".to_owned()));
        }
        store.anchor = Some(anchor.clone());
        Ok(())
    }
}
