//! What happened to the users of `postmark-mcp`, once more and harmless: a package clean for versions, whose next one adds a
//! line, while no configuration changes by a byte. npm and uv themselves fetch it, from a registry and an index on this machine.

mod index;
mod registry;
mod stage;

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::clients::installation;
use crate::guard::RunningGuard;
use crate::home::save;
use crate::{Failure, Outcome, machine};

use index::Index;
use registry::Registry;
use stage::Stage;

/// The newest that runs with the Node of a stable distribution, and what its own registry settings leave out.
const REGISTRY: &str = "verdaccio";
const REGISTRY_VERSION: &str = "6.7.4";
const MANIFEST: &str = "{\"private\":true,\"overrides\":{\"node-fetch\":\"2.7.0\"}}\n";

/// The stand-in, and the name of its entry.
const PACKAGE: &str = "letterbox-stand-in-mcp";
const NAME: &str = "letterbox";

const CLEAN: [&str; 4] = ["1.0.12", "1.0.13", "1.0.14", "1.0.15"];
const APPROVED: &str = "1.0.15";
const NEXT: &str = "1.0.16";

/// What the next version adds.
const ADDED: &str = "copy@thief.example";

const CURSOR: &str = ".cursor/mcp.json";
const CLAUDE_CODE: &str = ".claude.json";

/// Longer than a registry takes to come up.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run() -> Result<Outcome, Failure> {
    if cfg!(windows) {
        println!("\n!!! NOT RUN: the stand-in is tried on Unix only. !!!\n");
        return Ok(Outcome::NotRun);
    }
    if !machine::provide(installation::NODE)? {
        return Err(Failure("The replay needs node and npm.".to_owned()));
    }
    let gatehouse = machine::build("dev")?;
    let folder = machine::target()?.join("replay");
    local_script(&gatehouse, &folder)?;
    let outcomes = [npm(&gatehouse, &folder)?, uv(&gatehouse, &folder)?];
    Ok(if outcomes.iter().any(|outcome| matches!(outcome, Outcome::NotRun)) { Outcome::NotRun } else { Outcome::Good })
}

fn npm(gatehouse: &Path, folder: &Path) -> Result<Outcome, Failure> {
    let tools = machine::root().join(".gatehouse-clients").join(REGISTRY);
    let package = tools.join("node_modules").join(REGISTRY);
    let is_there = installation::installed_version(&package).as_deref() == Some(REGISTRY_VERSION);
    if !is_there && !installation::npm(&tools, MANIFEST, REGISTRY, REGISTRY_VERSION)? {
        println!("\n!!! NOT RUN: the registry does not answer; {REGISTRY} could not be installed. !!!\n");
        return Ok(Outcome::NotRun);
    }
    let registry = Registry::start(&package.join("bin/verdaccio"), folder)?;
    for version in CLEAN {
        registry.publish(version)?;
    }
    let set = |name: &str| {
        let entry = json!({"command": "npx", "args": ["-y", PACKAGE]});
        Stage::set(folder.join(name), &entry, None, |home| registry.write_settings(home))
    };
    let play = Play {
        gatehouse,
        tool: "npm",
        floating: set("npm-floating")?,
        pinned: set("npm-pinned")?,
        asked: set("npm-asked")?,
        continued: set("npm-continued")?,
    };
    play.run(&format!("{PACKAGE}@{APPROVED}"), || registry.publish(NEXT))?;
    leave_out(gatehouse, "npm", &set("npm-limit")?)?;
    Ok(Outcome::Good)
}

fn uv(gatehouse: &Path, folder: &Path) -> Result<Outcome, Failure> {
    let Some(index) = Index::start(folder)? else {
        println!("\n!!! NOT RUN: uv and an index for it could not be installed. !!!\n");
        return Ok(Outcome::NotRun);
    };
    for version in CLEAN {
        index.publish(version)?;
    }
    let set = |name: &str| {
        let entry = json!({"command": "uvx", "args": [PACKAGE]});
        Stage::set(folder.join(name), &entry, Some(&index.programs), |home| index.write_settings(home))
    };
    let entry = json!({"command": "uvx", "args": [PACKAGE]});
    let continued = Stage::set(folder.join("uv-continued"), &entry, Some(&index.programs), |home| {
        index.write_settings_with_publishers(home)
    });
    let play = Play {
        gatehouse,
        tool: "uv",
        floating: set("uv-floating")?,
        pinned: set("uv-pinned")?,
        asked: set("uv-asked")?,
        // That index is the one with attestations, as the public one has them: only those name a publisher.
        continued: continued?,
    };
    play.run(&format!("{PACKAGE}=={APPROVED}"), || index.publish(NEXT))?;
    leave_out(gatehouse, "uv", &set("uv-limit")?)?;
    Ok(Outcome::Good)
}

/// One package manager with its homes.
struct Play<'a> {
    gatehouse: &'a Path,
    tool: &'a str,
    floating: Stage,
    pinned: Stage,
    /// Look-ups are on.
    asked: Stage,
    /// The same, and the publisher's updates are approved.
    continued: Stage,
}

impl Play<'_> {
    fn run(&self, pin: &str, publish_next: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        let Self { gatehouse, tool, floating, pinned, asked, continued } = self;
        for stage in [floating, pinned, asked, continued] {
            stage.start_as_a_client_would(CURSOR)?;
            stage.expect_started(APPROVED)?;
        }
        let mut guard = RunningGuard::start(gatehouse, &floating.home)?;
        let other_guard = RunningGuard::start(gatehouse, &pinned.home)?;
        for file in [CURSOR, CLAUDE_CODE] {
            floating.approve(gatehouse, file, &[])?;
            pinned.approve(gatehouse, file, &["--pin"])?;
        }
        let mut asking = Vec::new();
        for (stage, how) in [(asked, None), (continued, Some("--updates"))] {
            let mut guard = RunningGuard::start(gatehouse, &stage.home)?;
            stage.home.gatehouse(gatehouse, &["look-ups", "on"])?;
            guard.wait_looked_up()?;
            for file in [CURSOR, CLAUDE_CODE] {
                stage.approve(gatehouse, file, how.as_slice())?;
            }
            asking.push((stage, how, guard));
        }

        publish_next()?;
        for (stage, how, mut guard) in asking {
            stage.home.gatehouse(gatehouse, &["look-ups", "now"])?;
            guard.wait_held(NAME)?;
            guard.wait_held(NAME)?;
            for file in [CURSOR, CLAUDE_CODE] {
                stage.expect_held(gatehouse, file, Some((APPROVED, NEXT)))?;
                stage.expect_told(gatehouse, file, ADDED)?;
            }
            stage.expect_started(APPROVED)?;
            match how {
                None => {
                    println!(
                        "(a) {PACKAGE} {NEXT} is on offer for {tool}: both entries are held, {ADDED} is named, it never ran."
                    )
                }
                Some(_) => {
                    println!(
                        "(d) Updates of its publisher are approved for {tool}, and {NEXT} is minutes old: both are held."
                    )
                }
            }
            guard.stop()?;
        }
        floating.start_as_a_client_would(CURSOR)?;
        floating.expect_started(NEXT)?;
        guard.wait_held(NAME)?;
        guard.wait_held(NAME)?;
        for file in [CURSOR, CLAUDE_CODE] {
            floating.expect_held(gatehouse, file, Some((APPROVED, NEXT)))?;
        }
        println!("(b) {PACKAGE} {NEXT} came into the cache of {tool}: the entries of Cursor and Claude Code are held.");

        for file in [CURSOR, CLAUDE_CODE] {
            pinned.start_as_a_client_would(file)?;
            pinned.expect_started(APPROVED)?;
            pinned.expect_approved(gatehouse, file, pin)?;
        }
        println!("(c) Pinned to {APPROVED} of {tool}, it goes on with {APPROVED} in both, and {NEXT} never ran.");
        guard.stop()?;
        other_guard.stop()
    }
}

/// All versions are minutes old: with the limit none starts, and without it the newest does.
fn leave_out(gatehouse: &Path, tool: &str, stage: &Stage) -> Result<(), Failure> {
    stage.home.gatehouse(gatehouse, &["age-limit", tool, "--set"])?;
    stage.expect_no_start(CURSOR)?;
    stage.home.gatehouse(gatehouse, &["age-limit", tool, "--undo"])?;
    stage.start_as_a_client_would(CURSOR)?;
    stage.expect_started(NEXT)?;
    println!("{tool} obeys the age limit that `gatehouse age-limit {tool} --set` writes: no young version starts.");
    Ok(())
}

/// A script of the user's own that is edited in place.
fn local_script(gatehouse: &Path, folder: &Path) -> Result<(), Failure> {
    let script = folder.join("script/server.js");
    let code = |version: &str| format!("require(\"node:fs\").appendFileSync(process.env.STARTED, \"{version}\\n\");\n");
    let entry = json!({"command": "node", "args": [script]});
    let stage = Stage::set(folder.join("script"), &entry, None, |_| save(&script, &code(APPROVED)))?;
    stage.start_as_a_client_would(CURSOR)?;
    stage.expect_started(APPROVED)?;
    let mut guard = RunningGuard::start(gatehouse, &stage.home)?;
    for file in [CURSOR, CLAUDE_CODE] {
        stage.approve(gatehouse, file, &[])?;
    }
    std::fs::write(&script, code(NEXT))?;
    guard.wait_held(NAME)?;
    guard.wait_held(NAME)?;
    for file in [CURSOR, CLAUDE_CODE] {
        stage.expect_held(gatehouse, file, None)?;
    }
    println!("A script that was edited in place is held in both before its next start.");
    guard.stop()
}
