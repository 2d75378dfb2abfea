//! How a command reaches the guard: the lock that makes it the only one, and a local socket beside it.
//!
//! [`GuardLock`] is `guard.lock`; [`serve`] answers on `guard.sock` (a named pipe on Windows) and needs the lock to do so;
//! [`ask`] sends one request and waits for its answer; [`subscribe`] reads notices as they come. A message is one line
//! of JSON in an envelope with the version of the protocol.
//!
//! Who may talk: only this user, checked on both ends. Linux tells the user and the process of the other end
//! (`SO_PEERCRED`), macOS the user (`LOCAL_PEERCRED`); both also need the 0700 folder. Windows tells only the process:
//! there the access list that a pipe has by default lets only this user and administrators write to it, and a client
//! demands that the process at the other end is the one in the lock.

mod address;
mod client;
mod lock;
mod server;
mod turn;
mod wire;

use std::time::Duration;

pub use client::AskError;
pub use client::Subscription;
pub use client::ask;
pub use client::subscribe;
pub use lock::GuardInfo;
pub use lock::GuardKind;
pub use lock::GuardLock;
pub use lock::LockError;
pub use server::Deadline;
pub use server::IpcError;
pub use server::Notices;
pub use server::Peer;
pub use server::Server;
pub use server::serve;
pub use turn::{Turn, take_turn};
pub use wire::Refusal;
pub use wire::RefusalCode;

/// The version of the envelope and of the requests inside; any difference is refused.
pub const PROTOCOL: u32 = 1;

/// How long a command waits for the guard before it gives up.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Bytes of one message, line end included.
pub const MAX_MESSAGE: usize = 1024 * 1024;

#[cfg(all(test, unix))]
mod tests;
