//! Finds and reads the files of settings: the organisation's, if nobody else could have written them, and the user's own.

use std::path::{Path, PathBuf};

use crate::host::files::{self, Trusted, Untrusted};
use crate::host::{Host, Os};
use crate::policy::effective::Layers;
use crate::policy::layer::{Distrust, Layer, Source, Trouble};

/// The folder of the organisation's files.
pub fn folder(host: &Host) -> PathBuf {
    match host.os {
        Os::Linux => host.root.join("etc/gatehouse"),
        Os::Macos => host.root.join("Library/Application Support/Gatehouse"),
        Os::Windows => host.base(crate::host::Base::ProgramFiles).unwrap_or_default().join("Gatehouse"),
    }
}

/// The user's own file.
pub fn user_file(host: &Host) -> PathBuf {
    host.config_dir().join("settings.json")
}

/// The places that have to be watched: `policy.json`, the user's file, and the folder of further files.
pub fn places(host: &Host) -> (Vec<PathBuf>, PathBuf) {
    let folder = folder(host);
    let further = folder.join("policy.d");
    let mut files = vec![folder.join("policy.json"), user_file(host)];
    files.extend(drop_ins(&further));
    (files, further)
}

/// Whether a path is the place of a file of settings, there or not.
pub fn is_place(host: &Host, path: &Path) -> bool {
    let folder = folder(host);
    path.parent() == Some(&folder.join("policy.d")) || path == folder.join("policy.json") || path == user_file(host)
}

/// Reads all files. A file that is not there says nothing; one that others could have written counts as broken.
pub fn read(host: &Host) -> Layers {
    let folder = folder(host);
    let mut of_organisation = vec![folder.join("policy.json")];
    of_organisation.extend(drop_ins(&folder.join("policy.d")));
    let mut layers: Vec<_> = of_organisation.into_iter().filter_map(|path| organisations(&host.root, path)).collect();
    let own = user_file(host);
    if let Ok(read) = files::read(&own) {
        layers.push(Layer::parse(Source::User(own), read.bytes));
    } else if own.symlink_metadata().is_ok() {
        let source = Source::User(own);
        layers.push(Layer::broken(source, None, Trouble::NotTrusted(Distrust::Unreadable)));
    }
    Layers(layers)
}

/// In the order of their names; hidden files and such without the ending are none.
fn drop_ins(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let is_one = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        !name.starts_with('.') && name.ends_with(".json")
    };
    let mut found: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(is_one).collect();
    found.sort();
    found
}

fn organisations(root: &Path, path: PathBuf) -> Option<Layer> {
    let source = Source::Organisation(path.clone());
    let distrust = match files::read_trusted(root, &path) {
        Ok(Trusted { bytes }) => return Some(Layer::parse(source, bytes)),
        Err(Untrusted::Absent) => return None,
        Err(Untrusted::NoFile) => Distrust::NoFile,
        Err(Untrusted::Owner) => Distrust::Owner,
        Err(Untrusted::Writable) => Distrust::Writable,
        Err(Untrusted::TooLarge) => Distrust::TooLarge,
        Err(Untrusted::Io) => Distrust::Unreadable,
    };
    Some(Layer::broken(source, None, Trouble::NotTrusted(distrust)))
}
