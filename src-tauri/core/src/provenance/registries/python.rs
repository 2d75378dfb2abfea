//! Which index the Python installers of this machine ask: uv and pip, by the settings of the user and of the machine.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use serde::de::DeserializeOwned;
use update_informer::http_client::{HeaderMap, HttpClient};
use update_informer::{Check as _, registry};
use url::Url;

use crate::document::{Document, Format, Route};
use crate::host::{Base, Host, Os};
use crate::network::Failure;

use super::text;

/// Variables that add packages from elsewhere.
const MORE: &[&str] = &[
    "UV_INDEX",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_NO_INDEX",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_NO_INDEX",
];

/// The same in pip's settings.
const MORE_OF_PIP: &[&str] = &["extra-index-url", "find-links", "no-index"];

/// The index that both ask where no settings name one.
///
/// Its address comes with a library, which would ask there for the newest version of a program: it hands the address to
/// a client of ours, which asks nobody.
pub(super) fn default() -> Option<&'static Url> {
    static DEFAULT: OnceLock<Option<Url>> = OnceLock::new();
    DEFAULT
        .get_or_init(|| {
            let asked =
                update_informer::new(registry::PyPI, "name", "0.0.0").interval(Duration::ZERO).http_client(Told);
            let told = asked.check_version().err()?.downcast::<Address>().ok()?;
            Url::parse(&told.0).ok()?.join("/simple/").ok()
        })
        .as_ref()
}

/// A client that tells what it was to ask.
struct Told;

#[derive(Debug, thiserror::Error)]
#[error("not asked")]
struct Address(String);

impl HttpClient for Told {
    fn get<T: DeserializeOwned>(url: &str, _: Duration, _: HeaderMap<'_>) -> update_informer::Result<T> {
        Err(Box::new(Address(url.to_owned())))
    }
}

/// The one index. Where there are several, a name may belong to a private one.
pub(super) fn index(host: &Host) -> Result<Url, Failure> {
    let mut has_more = MORE.iter().any(|name| host.var(name).is_some());
    let mut told = ["UV_DEFAULT_INDEX", "UV_INDEX_URL"].iter().find_map(|name| host.var(name)).map(str::to_owned);
    // The user's settings stand before those of the machine, and both count.
    for document in uv_settings(host)? {
        let root = |key: &str| document.node(&Route::root().key(key));
        let value = |key: &str| root(key).and_then(|node| node.value.as_str().map(str::to_owned));
        let of_pip = document.node(&Route::root().key("pip").key("index-url"));
        has_more |= ["extra-index-url", "find-links", "no-index"].iter().any(|key| root(key).is_some());
        let listed = root("index");
        for index in listed.as_ref().and_then(|node| node.value.items()).unwrap_or_default() {
            let url = index.value.get("url").and_then(|it| it.value.as_str().map(str::to_owned));
            let is_default = index.value.get("default").is_some_and(|it| it.value.to_json() == true);
            match is_default {
                true => told = told.or(url),
                false => has_more = true,
            }
        }
        told = told.or_else(|| value("index-url")).or_else(|| of_pip?.value.as_str().map(str::to_owned));
    }
    told = told.or_else(|| host.var("PIP_INDEX_URL").map(str::to_owned));
    for settings in pip_settings(host)? {
        has_more |= MORE_OF_PIP.iter().any(|key| pip_value(&settings, key).is_some());
        told = told.or_else(|| pip_value(&settings, "index-url"));
    }
    match told {
        _ if has_more => Err(Failure::Private),
        Some(told) => Url::parse(&told).map_err(|_| Failure::NoRegistry),
        None => default().cloned().ok_or(Failure::NoRegistry),
    }
}

/// What cannot be read may name an index, so that the default is not asked either.
fn uv_settings(host: &Host) -> Result<Vec<Document>, Failure> {
    let files = match host.var("UV_CONFIG_FILE") {
        // It stands for all others.
        Some(told) => vec![PathBuf::from(told)],
        None => {
            let of_user = host.base(if host.os == Os::Windows { Base::AppConfig } else { Base::XdgConfig });
            of_user.into_iter().chain(of_machine(host)).map(|folder| folder.join("uv/uv.toml")).collect()
        }
    };
    let parsed = |text: String| Document::parse(Format::Toml, text.into_bytes()).map_err(|_| Failure::NoRegistry);
    all_of(files)?.into_iter().map(parsed).collect()
}

fn pip_settings(host: &Host) -> Result<Vec<String>, Failure> {
    let name = if host.os == Os::Windows { "pip.ini" } else { "pip.conf" };
    let told = host.var("PIP_CONFIG_FILE").map(PathBuf::from);
    let of_user = match host.os {
        Os::Windows => host.base(Base::AppConfig),
        Os::Macos => Some(host.home.join("Library/Application Support")),
        Os::Linux => host.base(Base::XdgConfig),
    };
    let folders = of_user.into_iter().chain(of_machine(host)).map(|folder| folder.join("pip"));
    // The second is the place that pip had before; in `/etc` the file stands beside the folder that it has elsewhere.
    let others = [host.home.join(".pip"), host.root.join("etc")];
    all_of(told.into_iter().chain(folders.chain(others).map(|folder| folder.join(name))))
}

/// The texts of those of the files that are there.
fn all_of(files: impl IntoIterator<Item = PathBuf>) -> Result<Vec<String>, Failure> {
    let is_there = |file: &PathBuf| file.symlink_metadata().is_ok();
    files.into_iter().filter(is_there).map(|file| text(&file).ok_or(Failure::NoRegistry)).collect()
}

/// Folders with settings for all users of the machine, each with a folder for a program.
fn of_machine(host: &Host) -> Vec<PathBuf> {
    match host.os {
        Os::Windows => host.base(Base::ProgramData).into_iter().collect(),
        Os::Macos => vec![host.root.join("Library/Application Support"), host.root.join("etc")],
        Os::Linux => {
            let told = host.var("XDG_CONFIG_DIRS").unwrap_or_default().split(':').filter(|it| it.starts_with('/'));
            let mut folders: Vec<PathBuf> = told.map(PathBuf::from).collect();
            if folders.is_empty() {
                folders.push(host.root.join("etc/xdg"));
            }
            folders.push(host.root.join("etc"));
            folders
        }
    }
}

/// The last value of a key for what pip installs; it may be written with `_`. pip's settings stand in sections, which
/// npm's have not, and a value may go on in the next lines.
fn pip_value(text: &str, key: &str) -> Option<String> {
    let mut now = "";
    let mut found: Option<String> = None;
    let mut is_open = false;
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        let is_further = line.starts_with([' ', '\t']);
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            (now, is_open) = (name.trim(), false);
        } else if is_further && is_open {
            found.get_or_insert_default().push_str(line);
        } else if let Some((name, value)) = line.split_once(['=', ':']).filter(|_| ["global", "install"].contains(&now))
        {
            is_open = name.trim().replace('_', "-") == key;
            if is_open {
                found = Some(value.trim().to_owned());
            }
        }
    }
    let value = found?;
    let bare = value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(&value);
    (!bare.is_empty()).then(|| bare.to_owned())
}
