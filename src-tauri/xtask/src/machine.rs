//! The machine that the verbs run on: where things are, what is missing, how it is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;

/// A program that a verb needs, and the Debian packages that bring it.
pub(crate) struct Need {
    pub(crate) program: &'static str,
    pub(crate) packages: &'static [&'static str],
}

pub(crate) const C_COMPILER: Need = Need { program: "cc", packages: &["gcc", "libc6-dev"] };

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the package lies two folders below the root")
}

/// Where cargo builds to, whatever settings chose it: this program was built there itself.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    let folder = own.ancestors().nth(2).expect("a program built by cargo lies in <target>/<profile>");
    Ok(folder.to_path_buf())
}

/// Builds the command line in `profile` (`dev` or `release`) and returns the program.
pub(crate) fn build(profile: &str) -> Result<PathBuf, Failure> {
    run(cargo().args(["build", "--package", "gatehouse", "--bin", "gatehouse", "--profile", profile]))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target()?.join(folder).join(format!("gatehouse{}", std::env::consts::EXE_SUFFIX)))
}

/// The cargo that runs this program, at the root.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure(format!("{name} ended with {status}"))),
        Err(error) => Err(Failure(format!("{name} cannot be run: {error}"))),
    }
}

/// What a command prints, or nothing where it cannot be run or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(crate) fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .any(|folder| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file())
}

/// Installs what is missing where that needs no question (as root, or with sudo that asks for no password); elsewhere
/// prints the line to run. Returns whether everything is there now.
pub(crate) fn provide(needs: &[Need]) -> Result<bool, Failure> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !has(need.program)).collect();
    if missing.is_empty() {
        return Ok(true);
    }
    let programs: Vec<&str> = missing.iter().map(|need| need.program).collect();
    println!("Missing: {}.", programs.join(", "));
    if !cfg!(target_os = "linux") || !has("apt-get") {
        println!("This system's packages are not known here; README.md says what is needed.");
        return Ok(false);
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let sudo: &[&str] = if is_root() {
        &[]
    } else if has("sudo") && output(Command::new("sudo").args(["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        println!("Run: sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", packages.join(" "));
        return Ok(false);
    };
    let apt = |args: &[&str]| {
        let words: Vec<&str> = sudo.iter().chain(&["apt-get"]).chain(args).copied().collect();
        run(Command::new(words[0]).args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()))
    };
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages.as_slice()].concat())?;
    Ok(needs.iter().all(|need| has(need.program)))
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}
