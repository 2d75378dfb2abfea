//! The integration tests: the built command line in a home of its own.

#![allow(clippy::print_stderr, reason = "what could not be tested is said loudly")]

mod support;

mod anomalies;
mod answers;
mod bad_input;
mod brought;
mod clients;
mod dialogue;
mod keep_approved;
mod keyring;
mod kills;
mod leaks;
mod ledger;
mod modes;
mod obstacles;
mod places;
mod previous;
mod saves;
mod secrets;
mod settings;
mod shape;
mod steps;
mod undo;
mod writer;
