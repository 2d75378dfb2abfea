//! `window`: the app as it is built, in a real window on a virtual display, driven by clicks and keys.

use crate::machine::{self, Need, What, program};
use crate::node::Node;
use crate::{Failure, Outcome};

/// A display, a driver of its windows, and a desktop's parts on a bus of their own.
pub(crate) const NEEDS: &[Need] = &[
    program("Xvfb", &["xvfb", "xauth"]),
    program("WebKitWebDriver", &["webkit2gtk-driver"]),
    program("dbus-daemon", &["dbus", "dbus-x11"]),
    program("openbox", &["openbox"]),
    program("wmctrl", &["wmctrl"]),
    program("import", &["imagemagick"]),
    Need { what: What::Module("dbus"), packages: &["python3-dbus"] },
    Need { what: What::Module("gi"), packages: &["python3-gi"] },
    Need { what: What::Fonts, packages: &["fonts-dejavu-core"] },
];

/// Runs the cases whose name contains `filter`.
pub(crate) fn run(node: &Node, filter: &str) -> Result<Outcome, Failure> {
    if !cfg!(target_os = "linux") {
        println!("!!! NOT RUN: windows are driven on Linux only. !!!");
        return Ok(Outcome::NotRun);
    }
    let app = machine::build_program("gatehouse-app", "dev")?;
    let cli = machine::build("dev")?;
    let runner = machine::root().join("tests/e2e/run.mjs");
    let mut command = node.command("node");
    machine::run(command.arg(runner).args([&app, &cli]).arg(filter).current_dir(machine::root()))?;
    Ok(Outcome::Good)
}
