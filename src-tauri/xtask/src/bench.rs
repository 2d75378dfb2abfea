//! `bench`: builds with optimisations and runs the benchmarks; `docs/benchmarks.md` says how they measure.

use std::fs;

use crate::{Failure, Outcome, machine};

pub(crate) fn run() -> Result<Outcome, Failure> {
    let gatehouse = machine::build("release")?;
    let folder = machine::root().join("src-tauri/core/benches");
    let files = fs::read_dir(&folder).map(|entries| entries.flatten().map(|e| e.path()).collect::<Vec<_>>());
    let mut names: Vec<String> = files
        .unwrap_or_default()
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "rs"))
        .filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    if names.is_empty() {
        println!("There are no benchmarks in src-tauri/core/benches.");
        return Ok(Outcome::NotRun);
    }
    let mut cargo = machine::cargo();
    cargo.args(["bench", "--package", "gatehouse-core"]).env("GATEHOUSE_PROGRAM", gatehouse);
    for name in &names {
        cargo.args(["--bench", name]);
    }
    machine::run(&mut cargo).map(|()| Outcome::Good)
}
