//! `soak`: several programs at work around a guard, for long, in `tests/soak.rs`.

use crate::{Failure, Outcome, machine};

const SECONDS: &str = "600";

pub(crate) fn run(seconds: Option<&str>) -> Result<Outcome, Failure> {
    let mut cargo = machine::cargo();
    cargo.args([
        "test",
        "--profile",
        "bench",
        "--package",
        "gatehouse",
        "--test",
        "integration",
        "--",
        "soak::",
        "--nocapture",
    ]);
    cargo.env("GATEHOUSE_SOAK_SECONDS", seconds.unwrap_or(SECONDS));
    machine::run(&mut cargo).map(|()| Outcome::Good)
}
