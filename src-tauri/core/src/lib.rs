//! Everything of Gatehouse that reads, decides and remembers. It never prints, and it reads the outside world only
//! through a [`host::Host`].
//!
//! The modules in reading order; `tests/layers.rs` holds the table of who may import whom.

// Pure: values in, values out.
pub mod document;
pub mod finding;
pub mod clients;
pub mod launch_line;
pub mod connector;
pub mod facts;
pub mod policy;
pub mod guard;
pub mod record;
pub mod memory;
pub mod report;
pub mod request;
pub mod wording;

// Effects: files, processes, the keyring, the database, the socket.
pub mod host;
pub mod discover;
pub mod ledger;
pub mod hold;
pub mod watcher;
pub mod ipc;

// The composition root.
pub mod engine;
