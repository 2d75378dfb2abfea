//! The secret store of the operating system: Secret Service, Keychain or Credential Manager. It is the source of the ledger's
//! key, and keeps the user's token for the host of repositories.

use std::path::Path;

use keyring::{Entry, Error};
use sha2::{Digest as _, Sha256};

use super::checkpoint::Anchor;
use super::key::{AnchorError, Key, KeySource, Secret32};

const SERVICE: &str = "dev.gatehouse.Gatehouse";

/// The system's secret store. It may block while the system asks for a password.
///
/// Whether a store exists is settled once for the life of the process: a Secret Service that appears later is
/// noticed at the next start.
#[derive(Debug, Clone)]
pub struct OsKeyring {
    key: String,
    anchor: String,
}

impl OsKeyring {
    pub fn new(data_dir: &Path) -> Self {
        let id = id(data_dir);
        Self { key: format!("ledger:{id}"), anchor: format!("ledger-anchor:{id}") }
    }

    fn entry(user: &str) -> Result<Entry, Error> {
        Entry::new(SERVICE, user)
    }

    fn read(user: &str) -> Result<Vec<u8>, Error> {
        let entry = Self::entry(user)?;
        match entry.get_secret() {
            Err(Error::PlatformFailure(error)) if connect_anew() => {
                tracing::debug!(%error, "the secret store is another one now");
                Self::entry(user)?.get_secret()
            }
            answer => answer,
        }
    }

    fn write(user: &str, secret: &[u8]) -> Result<(), Error> {
        match Self::entry(user)?.set_secret(secret) {
            Err(Error::PlatformFailure(_)) if connect_anew() => Self::entry(user)?.set_secret(secret),
            answer => answer,
        }
    }
}

/// Names items after the data folder, so that another home on the same desktop never meets this one's.
fn id(data_dir: &Path) -> String {
    let digest = hex::encode(Sha256::digest(data_dir.as_os_str().as_encoded_bytes()));
    digest[..12].to_owned()
}

/// Why the store does not keep a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    #[error("this session has no secret store")]
    NoStore,
    #[error("the secret store is closed, or does not answer")]
    Closed,
}

/// The user's token for the host of repositories.
#[derive(Debug, Clone)]
pub struct TokenItem(String);

impl TokenItem {
    pub fn new(data_dir: &Path) -> Self {
        Self(format!("repository-token:{}", id(data_dir)))
    }

    /// What is kept. A store that would ask its user for a password is not read.
    pub fn get(&self) -> Option<String> {
        #[cfg(target_os = "linux")]
        if is_locked(&self.0).unwrap_or(true) {
            return None;
        }
        String::from_utf8(OsKeyring::read(&self.0).ok()?).ok()
    }

    pub fn set(&self, text: &str) -> Result<(), NotKept> {
        OsKeyring::write(&self.0, text.as_bytes()).map_err(|error| not_kept(&error))
    }

    /// `false` = none was there.
    pub fn remove(&self) -> Result<bool, NotKept> {
        match OsKeyring::entry(&self.0).and_then(|entry| entry.delete_credential()) {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(not_kept(&error)),
        }
    }
}

fn not_kept(error: &Error) -> NotKept {
    tracing::debug!(%error, "the secret store keeps no token");
    if matches!(error, Error::NoDefaultStore) { NotKept::NoStore } else { NotKept::Closed }
}

/// A Secret Service that was started again knows no session of the one before, and nothing is read with it any more.
#[cfg(target_os = "linux")]
fn connect_anew() -> bool {
    let store = zbus_secret_service_keyring_store::Store::new();
    store.map(|store| keyring_core::set_default_store(store)).is_ok()
}

#[cfg(not(target_os = "linux"))]
const fn connect_anew() -> bool {
    false
}

/// What an error of the store means for the key. A failure of the transport is worth another try, so it counts as
/// locked; two items or a value of another length will not mend themselves and are never overwritten.
fn meaning(error: &Error) -> Key {
    match error {
        Error::NoDefaultStore => Key::None,
        Error::NoEntry | Error::Ambiguous(_) | Error::BadEncoding(_) | Error::BadDataFormat(..) => Key::Missing,
        _ => Key::Locked,
    }
}

/// Whether the item, or, where there is none yet, the place for it, is locked. The store's own reading unlocks what it
/// finds, with a prompt; a search alone does not.
#[cfg(target_os = "linux")]
fn is_locked(user: &str) -> Result<bool, secret_service::Error> {
    use secret_service::{EncryptionType, blocking::SecretService};
    // No secret crosses this session.
    let service = SecretService::connect(EncryptionType::Plain)?;
    let found = service.search_items([("service", SERVICE), ("username", user)].into())?;
    if found.locked.is_empty() && found.unlocked.is_empty() {
        return service.get_default_collection()?.is_locked();
    }
    Ok(!found.locked.is_empty())
}

impl KeySource for OsKeyring {
    #[cfg(target_os = "linux")]
    fn would_prompt(&self) -> Option<bool> {
        is_locked(&self.key).inspect_err(|error| tracing::debug!(%error, "the secret store cannot be searched")).ok()
    }

    fn get(&self) -> Key {
        match Self::read(&self.key) {
            Ok(bytes) => Secret32::from_slice(&bytes).map_or(Key::Missing, Key::Available),
            Err(error) => {
                tracing::debug!(%error, "the secret store gave no key");
                meaning(&error)
            }
        }
    }

    fn create(&self) -> Key {
        match Self::read(&self.key) {
            Err(Error::NoEntry) => {}
            _ => return self.get(),
        }
        let Ok(secret) = Secret32::random() else { return Key::Locked };
        match Self::write(&self.key, secret.expose()) {
            // Read back: a store that takes a secret and does not return it would make a chain that nobody can check.
            Ok(()) => match self.get() {
                Key::Available(stored) if stored.expose() == secret.expose() => Key::Available(stored),
                _ => Key::Locked,
            },
            Err(error) => {
                tracing::debug!(%error, "the secret store took no key");
                match meaning(&error) {
                    Key::None => Key::None,
                    _ => Key::Locked,
                }
            }
        }
    }

    fn anchor(&self) -> Option<Anchor> {
        let bytes = Self::read(&self.anchor).ok()?;
        std::str::from_utf8(&bytes).ok()?.parse().ok()
    }

    fn set_anchor(&self, anchor: &Anchor) -> Result<(), AnchorError> {
        Self::write(&self.anchor, anchor.to_string().as_bytes()).map_err(|error| AnchorError(error.to_string()))
    }
}
