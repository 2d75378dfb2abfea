//! Launches from outside: of real files, of a table, and wrapped and quoted in every way.

#![expect(clippy::print_stderr, reason = "a test that compares nothing says so")]

mod corpus;
mod table;
mod wrapping;
