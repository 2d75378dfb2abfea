//! The clients that judge. To add one: a module with its row, made of what was seen of it when it was tried without an
//! account, and its name in [`REAL_CLIENTS`].

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::stage::Stage;
use crate::Failure;

mod claude_code;
mod codex;
mod gemini_cli;
mod mcporter;
mod opencode;
mod qwen_code;

pub(super) struct RealClient {
    /// The id of its row in Gatehouse's own table.
    pub(super) id: &'static str,
    /// What is set up otherwise than in its row before this one; empty in its first.
    pub(super) with: &'static str,
    pub(super) package: &'static str,
    /// Exact: another version is another judge.
    pub(super) version: &'static str,
    pub(super) program: Program,
    pub(super) env: &'static [(&'static str, &'static str)],
    pub(super) runs: &'static [Run],
    pub(super) places: &'static [Place],
    /// The entry that runs a command line.
    pub(super) entry: fn(&[String]) -> Value,
    /// Its own files name the folders that it works in; else `gatehouse folder` does.
    pub(super) names_projects: bool,
    /// Writes what it asks for once before it starts servers in a project folder, and what keeps it quiet.
    pub(super) prepare: fn(&Stage<'_>) -> Result<(), Failure>,
}

/// What runs a client; no install script has run.
pub(super) enum Program {
    /// By node, below the folder of the package.
    Script(&'static str),
    /// Below the folder of the package for this system, whose name starts with the first.
    Native(&'static str, &'static str),
}

/// A command line that ends by itself.
pub(super) struct Run {
    pub(super) args: &'static [&'static str],
    /// The scopes whose entries it starts.
    pub(super) starts: &'static [&'static str],
}

/// Where an entry is tried.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) at: Position,
    /// Where an entry of the same name stands, which the client starts in the other project.
    pub(super) namesake: Position,
    /// `None` where the client never writes the file.
    pub(super) rewrite: Option<Rewrite>,
}

/// A scope and where its entries stand.
pub(super) struct Position {
    pub(super) scope: &'static str,
    pub(super) spot: fn(&Stage<'_>) -> Spot,
}

/// A file and the steps to the object in it that holds the entries.
pub(super) struct Spot {
    pub(super) file: PathBuf,
    pub(super) route: Vec<String>,
}

/// How the client comes to write the file itself.
pub(super) enum Rewrite {
    /// A command adds an entry: `{name}`, `{command}` and `{args}` are put in.
    Command(&'static [&'static str]),
    /// Any run adds this member where it is missing.
    Run { adds: &'static str },
}

pub(super) const REAL_CLIENTS: &[RealClient] = &[
    claude_code::CLAUDE_CODE,
    claude_code::WITH_SETTINGS,
    codex::CODEX,
    gemini_cli::GEMINI_CLI,
    mcporter::MCPORTER,
    opencode::OPENCODE,
    qwen_code::QWEN_CODE,
];

fn home(stage: &Stage<'_>, below: &str, route: &str) -> Spot {
    spot(&stage.home.path, below, route)
}

fn project(stage: &Stage<'_>, below: &str, route: &str) -> Spot {
    spot(&stage.project, below, route)
}

fn elsewhere(stage: &Stage<'_>, below: &str, route: &str) -> Spot {
    spot(&stage.other_project, below, route)
}

fn spot(folder: &Path, below: &str, route: &str) -> Spot {
    Spot { file: folder.join(below), route: vec![route.to_owned()] }
}

/// Program and arguments apart, as nearly every client has them.
fn command_and_args(words: &[String]) -> Value {
    json!({"command": words[0], "args": words[1..]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_no_two_places_of_one_share_a_name() {
        assert!(REAL_CLIENTS.is_sorted_by(|a, b| (a.id, a.with) < (b.id, b.with)));
        for client in REAL_CLIENTS {
            for (nth, place) in client.places.iter().enumerate() {
                assert!(client.places[..nth].iter().all(|other| other.name != place.name), "{}", place.name);
            }
        }
    }

    #[test]
    fn every_scope_has_a_command_that_starts_its_entries() {
        for client in REAL_CLIENTS {
            for place in client.places {
                for scope in [place.at.scope, place.namesake.scope] {
                    assert!(client.runs.iter().any(|run| run.starts.contains(&scope)), "{} {scope}", client.id);
                }
            }
        }
    }
}
