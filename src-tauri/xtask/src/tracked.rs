//! What must not stand in a tracked file: the address of a package registry (it comes from the user's settings or a
//! dependency), and a path of the machine that the file was written on.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::{Failure, Outcome, machine};

pub(crate) fn run() -> Result<Outcome, Failure> {
    let root = machine::root();
    if machine::output(Command::new("git").arg("rev-parse").current_dir(root)).is_none() {
        println!("Not a git checkout: nothing is tracked.");
        return Ok(Outcome::Good);
    }
    let hosts = registries();
    println!("{} registry hosts are named in this machine's settings.", hosts.len());
    let mut clean = true;
    for needle in hosts.iter().cloned().chain(paths(root)) {
        // Cargo.lock names its sources by itself.
        let grep = ["grep", "--line-number", "-I", "--fixed-strings", "-e", &needle, "--", ":!Cargo.lock"];
        if let Some(hits) = machine::output(Command::new("git").args(grep).current_dir(root)) {
            clean = false;
            println!("{needle} stands in:\n{hits}");
        }
    }
    Ok(if clean { Outcome::Good } else { Outcome::Failed })
}

/// Hosts of the registries that this machine's package clients use, as their own settings name them.
fn registries() -> BTreeSet<String> {
    const PIP_DEFAULT: &str =
        "from pip._internal.models.index import PyPI; print(PyPI.netloc, PyPI.file_storage_domain)";
    let asked = [
        machine::output(Command::new("npm").args(["config", "get", "registry"])),
        machine::output(Command::new("pip").args(["config", "get", "global.index-url"])),
        machine::output(Command::new("python3").args(["-c", PIP_DEFAULT])),
    ];
    let lists = ["/etc/apt/sources.list", "/etc/apt/sources.list.d"].map(Path::new);
    let lists = lists.iter().flat_map(|path| match path.read_dir() {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => vec![path.to_path_buf()],
    });
    let apt = lists.filter_map(|file| std::fs::read_to_string(file).ok()).flat_map(|text| {
        let lines = text.lines().filter(|line| line.starts_with("URIs:") || line.starts_with("deb"));
        lines.flat_map(str::split_whitespace).filter(|word| word.contains("://")).map(str::to_owned).collect::<Vec<_>>()
    });
    let named: Vec<String> = asked.into_iter().flatten().chain(apt).collect();
    named.iter().flat_map(|text| text.split_whitespace()).filter_map(host).collect()
}

fn host(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split('/').next()?.rsplit('@').next()?.split(':').next()?;
    // A name without a dot is a local one and would match ordinary words.
    host.contains('.').then(|| host.to_ascii_lowercase())
}

/// This checkout's folder, the folder around it and the home, where they are more than a system's common folders.
fn paths(root: &Path) -> impl Iterator<Item = String> {
    let common = ["/", "/tmp", "/home", "/opt", "/srv", "/usr/src", "/var/tmp", "/Users"].map(Path::new);
    let home = std::env::home_dir();
    let around = root.parent().map(Path::to_path_buf);
    let paths = [Some(root.to_path_buf()), around, home];
    paths
        .into_iter()
        .flatten()
        .filter(move |path| !common.contains(&path.as_path()))
        .map(|p| format!("{}/", p.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_found() {
        let check = |address, expect: Option<&str>| assert_eq!(host(address).as_deref(), expect, "{address}");
        check("https://user:word@packages.example.org:8080/simple/", Some("packages.example.org"));
        check("Packages.example.org", Some("packages.example.org"));
        check("http://localhost:4873/", None);
        check("", None);
    }
}
