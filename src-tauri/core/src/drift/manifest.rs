//! What a package says of itself: what runs at its installation, what it needs, what it starts, whose it is.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::archive::Contents;

use super::literals::{self, LiteralKind};

/// Scripts that npm runs by itself when a package is installed, and those that it runs when that comes from a repository.
const INSTALL_SCRIPTS: &[&str] = &["preinstall", "install", "postinstall"];
pub(super) const PREPARE_SCRIPTS: &[&str] = &["preprepare", "prepare", "postprepare"];

/// What is kept of a command or a specifier.
const LONGEST: usize = 400;

/// A package's own words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manifest {
    pub name: Option<String>,
    pub version: Option<String>,
    /// What runs when it is installed, or whenever an interpreter starts.
    pub scripts: BTreeMap<String, String>,
    /// What it needs.
    pub dependencies: BTreeMap<String, String>,
    /// Its programs, and where its code begins.
    pub programs: BTreeMap<String, String>,
    /// Domains of its pages, its repository and its authors.
    pub homes: BTreeSet<String>,
}

impl Manifest {
    pub(super) fn of(contents: &Contents) -> Self {
        let mut manifest = Self::default();
        if let Some(json) = contents.text("package.json").and_then(|text| serde_json::from_str::<Json>(&text).ok()) {
            manifest.npm(&json, contents);
        }
        // A wheel has its own folder for it, sources have it at their root.
        let metadata = contents.files().map(|(path, _)| path).find(|path| is_metadata(path)).map(str::to_owned);
        if let Some(text) = metadata.or(Some("PKG-INFO".to_owned())).and_then(|path| contents.text(&path)) {
            manifest.python(&text);
        }
        for (path, file) in contents.files() {
            let is_setup = path == "setup.py";
            // Run at each start of the interpreter, if it begins with `import`.
            let is_start = path.ends_with(".pth") || matches!(path, "sitecustomize.py" | "usercustomize.py");
            if is_setup || is_start {
                manifest.scripts.insert(path.to_owned(), format!("sha256:{}", file.digest));
            }
            if path.ends_with(".dist-info/entry_points.txt") {
                manifest.entry_points(&contents.text(path).unwrap_or_default());
            }
        }
        manifest
    }

    fn npm(&mut self, json: &Json, contents: &Contents) {
        self.name = json["name"].as_str().map(str::to_owned);
        self.version = json["version"].as_str().map(str::to_owned);
        let scripts = json["scripts"].as_object().into_iter().flatten();
        for (name, command) in
            scripts.filter(|(name, _)| [INSTALL_SCRIPTS, PREPARE_SCRIPTS].concat().contains(&name.as_str()))
        {
            self.scripts.insert(name.clone(), cut(command.as_str().unwrap_or_default()));
        }
        // Without a script of its own npm builds what such a file describes.
        let has_own = ["install", "preinstall"].iter().any(|name| self.scripts.contains_key(*name));
        if contents.get("binding.gyp").is_some() && !has_own {
            self.scripts.insert("install".to_owned(), "node-gyp rebuild".to_owned());
        }
        for group in ["dependencies", "optionalDependencies", "peerDependencies"] {
            for (name, spec) in json[group].as_object().into_iter().flatten() {
                self.dependencies.entry(name.clone()).or_insert_with(|| cut(spec.as_str().unwrap_or_default()));
            }
        }
        match &json["bin"] {
            Json::String(path) => {
                let name = self.name.as_deref().and_then(|name| name.rsplit('/').next()).unwrap_or("bin");
                self.programs.insert(name.to_owned(), cut(path));
            }
            Json::Object(all) => {
                let all = all.iter().map(|(name, path)| (name.clone(), cut(path.as_str().unwrap_or_default())));
                self.programs.extend(all);
            }
            _ => {}
        }
        for member in ["homepage", "repository", "bugs", "author", "maintainers", "contributors"] {
            self.note_homes(&json[member].to_string());
        }
        // `owner/name` and `github:owner/name` stand for an address.
        let repository = json["repository"].as_str().or(json["repository"]["url"].as_str()).unwrap_or_default();
        if !repository.contains("://") && repository.contains('/') && !repository.contains('@') {
            self.homes.insert("github.com".to_owned());
        }
    }

    fn python(&mut self, text: &str) {
        // The description follows an empty line.
        for line in text.lines().take_while(|line| !line.is_empty()) {
            let Some((name, value)) = line.split_once(": ") else { continue };
            match name {
                "Name" => self.name = Some(value.to_owned()),
                "Version" => self.version = Some(value.to_owned()),
                "Requires-Dist" => {
                    let end = value.find(|c: char| !c.is_alphanumeric() && !"-_.".contains(c)).unwrap_or(value.len());
                    let (name, spec) = value.split_at(end);
                    // An extra may ask for the same package again.
                    let specs = self.dependencies.entry(name.to_ascii_lowercase()).or_default();
                    let parted = if specs.is_empty() { "" } else { "; or " };
                    *specs = cut(&format!("{specs}{parted}{}", spec.trim()));
                }
                "Home-page" | "Project-URL" | "Author-email" | "Maintainer-email" | "Author" | "Download-URL" => {
                    self.note_homes(value);
                }
                _ => {}
            }
        }
    }

    fn entry_points(&mut self, text: &str) {
        for (name, place) in text.lines().filter_map(|line| line.split_once('=')) {
            self.programs.insert(name.trim().to_owned(), cut(place.trim()));
        }
    }

    fn note_homes(&mut self, text: &str) {
        literals::find(text, &mut |kind, text| {
            if matches!(kind, LiteralKind::Email | LiteralKind::Host) {
                let host = literals::host_in(kind, &text).unwrap_or_default();
                self.homes.insert(literals::registrable(host));
            }
        });
    }
}

fn is_metadata(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, name)| folder.ends_with(".dist-info") && name == "METADATA")
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(files: &[(&str, &str)]) -> Contents {
        let mut contents = Contents::default();
        for (path, text) in files {
            assert!(contents.add((*path).to_owned(), text.as_bytes().to_vec()));
        }
        contents
    }

    #[test]
    fn a_package_of_npm_is_read() {
        let json = r#"{"name":"@a/b","version":"1.0.0","scripts":{"test":"x","postinstall":"node a.js"},
            "dependencies":{"c":"^1"},"optionalDependencies":{"d":"2"},"bin":"dist/b.js","repository":"owner/b",
            "author":{"name":"A","email":"a@mail.example.net"},"homepage":"https://b.dev/x"}"#;
        let manifest = Manifest::of(&contents(&[("package.json", json)]));
        assert_eq!(manifest.scripts.into_iter().collect::<Vec<_>>(), [("postinstall".into(), "node a.js".into())]);
        assert_eq!(manifest.dependencies.keys().collect::<Vec<_>>(), ["c", "d"]);
        assert_eq!(manifest.programs.get("b").map(String::as_str), Some("dist/b.js"));
        assert_eq!(manifest.homes.into_iter().collect::<Vec<_>>(), ["b.dev", "example.net", "github.com"]);
    }

    #[test]
    fn what_is_built_unasked_is_an_install_script() {
        let manifest = Manifest::of(&contents(&[("package.json", "{}"), ("binding.gyp", "{}")]));
        assert_eq!(manifest.scripts.get("install").map(String::as_str), Some("node-gyp rebuild"));
    }

    #[test]
    fn a_wheel_is_read() {
        let metadata = "Metadata-Version: 2.1\nName: P\nVersion: 1.2\nRequires-Dist: httpx>=0.2\n\
            Requires-Dist: httpx[cli]; extra == 'x'\nAuthor-email: A <a@p.dev>\n\nHome-page: https://no.dev\n";
        let manifest = Manifest::of(&contents(&[
            ("p-1.2.dist-info/METADATA", metadata),
            ("p-1.2.dist-info/entry_points.txt", "[console_scripts]\np = p.main:run\n"),
            ("evil.pth", "import os"),
        ]));
        assert_eq!(manifest.version.as_deref(), Some("1.2"));
        assert_eq!(manifest.dependencies["httpx"], ">=0.2; or [cli]; extra == 'x'");
        assert_eq!(manifest.programs["p"], "p.main:run");
        assert!(manifest.scripts.contains_key("evil.pth"));
        assert_eq!(manifest.homes.into_iter().collect::<Vec<_>>(), ["p.dev"]);
    }
}
