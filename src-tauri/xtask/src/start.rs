//! `start`: builds Gatehouse and starts it on the user's own configuration: in the tray, or in this terminal where there is
//! no graphical session.

use std::path::PathBuf;
use std::process::Command;

use crate::node::Node;
use crate::{Failure, Outcome, machine, ui};

pub(crate) fn run(args: &[&str]) -> Result<Outcome, Failure> {
    if !machine::has_display() {
        println!(
            "There is no graphical session here (neither DISPLAY nor WAYLAND_DISPLAY is set). The guard runs in this terminal."
        );
        let gatehouse = build()?;
        return become_program(Command::new(gatehouse).arg("watch").args(args));
    }
    let app = build_app()?;
    println!("Gatehouse starts. It stays in the tray; end it there, or with Ctrl+C here.");
    become_program(Command::new(app).args(args))
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

/// The app, with the window's code in it.
pub(crate) fn build_app() -> Result<PathBuf, Failure> {
    if cfg!(target_os = "linux") && !machine::provide(machine::APP)? {
        return Err(Failure("The window is built with WebKitGTK.".to_owned()));
    }
    ui::build(&Node::provide()?)?;
    println!("Building Gatehouse. The first time takes some minutes.");
    machine::build_program("gatehouse-app", "desk")
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
