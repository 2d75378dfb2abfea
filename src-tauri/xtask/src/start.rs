//! `start`: builds the guard and runs it on the user's own configuration, in this terminal.

use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, Outcome, machine};

pub(crate) fn run(args: &[&str]) -> Result<Outcome, Failure> {
    let gatehouse = build()?;
    become_program(Command::new(gatehouse).arg("watch").args(args))
}

/// Optimised, because this is what stays running: a hold has to be on disk before a client starts the server, and a build
/// without optimisation saves little of the first start's minutes.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    if !machine::provide(&[machine::C_COMPILER])? && cfg!(target_os = "linux") {
        return Err(Failure("SQLite is built with the C compiler.".to_owned()));
    }
    println!("Building Gatehouse. The first time takes some minutes.");
    machine::build("release")
}

/// Puts the guard in this program's place, so that the terminal's signals reach the guard alone.
#[cfg(unix)]
pub(crate) fn become_program(command: &mut Command) -> Result<Outcome, Failure> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
pub(crate) fn become_program(command: &mut Command) -> Result<Outcome, Failure> {
    machine::run(command).map(|()| Outcome::Good)
}
