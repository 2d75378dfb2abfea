//! Holds a file as the engine does, and kills itself at one step; the kill test looks at what is left.
//!
//! `swap_steps hold FOLDER STEP` swaps `FOLDER/mcp.json`; the steps of a process that nobody killed end with 0.
//! `swap_steps read FILE` prints why a file cannot be read.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use gatehouse_core::hold::HoldStore;
use gatehouse_core::hold::Intent;
use gatehouse_core::hold::Step;
use gatehouse_core::hold::store::new_id;
use gatehouse_core::hold::swap;
use gatehouse_core::hold::swap::ReplaceError;
use gatehouse_core::host::files;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["hold", folder, step] => {
            let step = Step::ALL.into_iter().find(|s| s.name() == step).ok_or("no such step")?;
            hold(Path::new(folder), step)
        }
        ["read", file] => {
            let said = match files::read(Path::new(file)) {
                Ok(read) => format!("read, editable: {:?}", read.editable),
                Err(e) => format!("{e:?}"),
            };
            Ok(writeln!(std::io::stdout(), "{said}")?)
        }
        _ => Err("usage: swap_steps hold FOLDER STEP | read FILE".into()),
    }
}

fn hold(folder: &Path, last: Step) -> Result<(), Box<dyn Error>> {
    let path = folder.join("mcp.json");
    // A writer must be at work for the file to be put back.
    let busy = last == Step::ExchangedBack;
    let saved = std::fs::read(folder.join("saved"))?;
    let mut observe = |step| {
        if step == Step::Checked && busy {
            std::fs::write(folder.join("mcp.json"), &saved).expect("the file is writable");
        }
        if step == last {
            kill();
        }
    };
    let after = std::fs::read(folder.join("after"))?;
    let store = HoldStore::open(folder)?;
    let id = new_id()?;
    store.put([(&id, &"an entry")], &mut observe)?;
    let read = files::read(&path)?;
    std::fs::write(folder.join("intent"), serde_json::to_vec(&Intent::of(&read, &after))?)?;
    observe(Step::Intended);
    let old = match swap::replace(&read, &after, &mut observe) {
        Ok(replaced) => replaced.old,
        Err(ReplaceError::Changed { old, .. }) => old.map(|old| *old),
        Err(e) => return Err(e.into()),
    };
    observe(Step::Recorded);
    if let Some(old) = old {
        old.settle(&mut observe)?;
    }
    Ok(store.remove(&id, &mut observe)?)
}

#[cfg(unix)]
fn kill() {
    use rustix::process::{Signal, getpid, kill_process};
    kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
}

#[cfg(windows)]
fn kill() {
    std::process::abort();
}
