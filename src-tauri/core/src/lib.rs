//! Everything of Gatehouse that reads, decides and remembers. It never prints, and it reads the outside world only
//! through a [`host::Host`].

pub mod document;
pub mod facts;
pub mod finding;
pub mod host;
pub mod ipc;
pub mod launch_line;
pub mod watcher;
