//! The integration tests: the built command line in a home of its own.

mod support;

mod answers;
mod dialogue;
mod secrets;
mod shape;
mod writer;
