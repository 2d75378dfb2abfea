//! The machine that the verbs run on: where things are, what is missing, how it is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;

/// Something that a verb needs, and the Debian packages that bring it.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    pub(crate) what: What,
    pub(crate) packages: &'static [&'static str],
}

/// How it is told whether something is there.
#[derive(Clone, Copy)]
pub(crate) enum What {
    Program(&'static str),
    /// A library to build with, by the name that `pkg-config` knows.
    Library(&'static str),
    /// A module of the system's own Python.
    Module(&'static str),
    /// A folder with fonts in it.
    Fonts,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Program(name) | Self::Library(name) | Self::Module(name) => name,
            Self::Fonts => "fonts",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Program(name) => has(name),
            Self::Library(name) => output(Command::new("pkg-config").args(["--exists", name])).is_some(),
            Self::Module(name) => {
                output(Command::new("/usr/bin/python3").args(["-c", &format!("import {name}")])).is_some()
            }
            Self::Fonts => Path::new("/usr/share/fonts/truetype").is_dir(),
        }
    }
}

pub(crate) const fn program(name: &'static str, packages: &'static [&'static str]) -> Need {
    Need { what: What::Program(name), packages }
}

pub(crate) const C_COMPILER: Need = program("cc", &["gcc", "libc6-dev"]);

/// What the app is built with on Linux.
pub(crate) const APP: &[Need] = &[
    C_COMPILER,
    program("pkg-config", &["pkg-config"]),
    Need { what: What::Library("webkit2gtk-4.1"), packages: &["libwebkit2gtk-4.1-dev"] },
    // Opened by name when the icon is made, so that nothing fails before.
    Need { what: What::Library("ayatana-appindicator3-0.1"), packages: &["libayatana-appindicator3-dev"] },
    Need { what: What::Library("librsvg-2.0"), packages: &["librsvg2-dev"] },
];

/// Whether windows can be shown here.
pub(crate) fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

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
    build_program("gatehouse", profile)
}

/// Builds a package's program of the same name.
pub(crate) fn build_program(name: &str, profile: &str) -> Result<PathBuf, Failure> {
    run(cargo().args(["build", "--package", name, "--bin", name, "--profile", profile]))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target()?.join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
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
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.what.is_there()).collect();
    if missing.is_empty() {
        return Ok(true);
    }
    let names: Vec<&str> = missing.iter().map(|need| need.what.name()).collect();
    println!("Missing: {}.", names.join(", "));
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
    Ok(needs.iter().all(|need| need.what.is_there()))
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
}
