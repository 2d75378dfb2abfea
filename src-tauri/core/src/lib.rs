//! Everything of Gatehouse that reads, decides and remembers. It never prints, and it reads the outside world only
//! through a [`host::Host`].
//!
//! The modules in reading order; `tests/layers.rs` holds the table of who may import whom.

// Pure: values in, values out.
pub mod age_limit;
pub mod archive;
pub mod attestation;
pub mod catalogue;
pub mod checks;
pub mod clients;
pub mod connector;
pub mod document;
pub mod drift;
pub mod facts;
pub mod finding;
pub mod gates;
pub mod guard;
pub mod launch_line;
pub mod memory;
pub mod pin;
pub mod policy;
pub mod record;
pub mod report;
pub mod request;
pub mod squats;
pub mod trust;
pub mod wording;

// Effects: files, processes, the keyring, the database, the socket.
pub mod artefact;
pub mod discover;
pub mod hold;
pub mod host;
pub mod ipc;
pub mod ledger;
pub mod managed;
pub mod network;
pub mod provenance;
pub mod watcher;

// Words for what all of these did, with paths as the host shows them.
pub mod sentences;

// The composition root.
pub mod engine;
