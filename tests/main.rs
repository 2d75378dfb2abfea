//! The integration tests: the built command line in a home of its own.

#![allow(clippy::print_stderr, reason = "what could not be tested is said loudly")]

mod support;
#[expect(dead_code, reason = "the tests of core have it misbehave in more ways")]
mod web;

mod age_limits;
mod anomalies;
mod answers;
mod artefacts;
mod bad_input;
mod brought;
mod cases;
mod clients;
mod dialogue;
mod diffs;
mod disks;
mod git;
mod items;
mod keep_approved;
mod keyring;
mod kills;
mod leaks;
mod ledger;
mod lists;
mod look_ups;
mod modes;
mod obstacles;
mod pins;
mod places;
mod policy;
mod polling;
mod previous;
mod privacy;
mod rewrites;
mod saves;
mod secrets;
mod settings;
mod shape;
mod soak;
mod steps;
mod undo;
mod writer;
