//! `start --demo`: a made-up home that shows every state a connector can be in, and the guard in it.
//!
//! The home is made anew each time. The states are brought about the way they come about for a user: files are saved
//! below a running guard, and decisions are given with the command line.

mod fixtures;

use std::fs;
use std::path::Path;

use crate::guard::RunningGuard;
use crate::home::{Home, save};
use crate::{Failure, Outcome, machine, start};

pub(crate) fn run() -> Result<Outcome, Failure> {
    let gatehouse = start::build()?;
    let app = machine::has_display().then(start::build_app).transpose()?;
    let home = Home::fresh(machine::target()?.join("demo/home"))?.in_own_language();
    println!("\nA made-up home: {}. Nothing of your own is read or written.", home.path.display());
    let cursor = home.path.join(".cursor/mcp.json");
    let decide = |verb: &[&str], name: &str, status: &str| -> Result<(), Failure> {
        let id = home.connector(&gatehouse, &cursor, name, status)?;
        println!("$ gatehouse {} {id}   # {name}", verb.join(" "));
        print!("{}", home.gatehouse(&gatehouse, &[&[verb[0], id.as_str()], &verb[1..]].concat())?);
        Ok(())
    };

    fixtures::write(&home)?;
    let mut guard = RunningGuard::start(&gatehouse, &home)?;
    println!("\nThe first run is a baseline: what is there is unreviewed, nothing is held. Two are approved.");
    decide(&["approve", "--this-version"], "filesystem", "unreviewed")?;
    decide(&["approve", "--this-version"], "postmark", "unreviewed")?;

    println!("\nAn editor saves four new entries. They are held; three are decided on.");
    edit(&cursor, fixtures::FIRST_ENTRY, &format!("{}{}", fixtures::NEW_ENTRIES, fixtures::FIRST_ENTRY))?;
    for name in ["invoices", "kept-back", "refused", "let-through"] {
        guard.wait_held(name)?;
    }
    decide(&["keep"], "kept-back", "held")?;
    decide(&["deny"], "refused", "held")?;
    decide(&["release"], "let-through", "held")?;

    println!("\nAn approved entry is changed to another package version. It is held again.");
    edit(&cursor, "postmark-mcp@1.0.15", "postmark-mcp@1.0.16")?;
    guard.wait_held("postmark")?;
    guard.stop()?;

    println!("\n$ gatehouse scan");
    machine::run(home.command(&gatehouse).arg("scan"))?;
    let program = gatehouse.display();
    println!(
        "\nNot shown: blocked and allowed-by-policy. Both need an organisation's policy.\n\
         To try the command line in this home, use another terminal:\n\
         HOME={home} XDG_CONFIG_HOME={home}/.config XDG_DATA_HOME={home}/.local/share XDG_RUNTIME_DIR={home}/run \
         DBUS_SESSION_BUS_ADDRESS= {program} scan\n",
        home = home.path.display(),
    );
    let Some(app) = app else {
        println!("$ gatehouse watch");
        return start::become_program(home.command(&gatehouse).arg("watch"));
    };
    println!("$ gatehouse-app");
    let mut command = home.command(&app);
    // The user's own display and bus, so that window and tray are seen; the keyring of that bus keeps a key of this home.
    let session = ["DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"];
    command.envs(session.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    // Its name counts from a folder that this home has another one of; a whole path counts everywhere.
    if let (Some(folder), Some(socket)) = (std::env::var_os("XDG_RUNTIME_DIR"), std::env::var_os("WAYLAND_DISPLAY")) {
        command.env("WAYLAND_DISPLAY", Path::new(&folder).join(socket));
    }
    start::become_program(&mut command)
}

/// Changes a place in a file as it is now and saves it the way editors do.
fn edit(file: &Path, old: &str, new: &str) -> Result<(), Failure> {
    let text = fs::read_to_string(file)?;
    if !text.contains(old) {
        return Err(Failure(format!("{old} does not stand in {}", file.display())));
    }
    save(file, &text.replacen(old, new, 1))
}
