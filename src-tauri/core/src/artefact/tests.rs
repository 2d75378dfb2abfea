use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use crate::connector::samples;
use crate::facts::{Location, Owner};
use crate::host::Os;

use super::*;

mod local;
mod npm;
mod python;
mod watching;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A made-up home, with what its tools have left there.
struct Machine {
    folder: tempfile::TempDir,
    memo: Memo,
    os: Os,
    env: Vec<(&'static str, String)>,
}

impl Machine {
    fn new(layout: &str) -> Self {
        let machine = Self {
            folder: tempfile::tempdir().expect("a folder"),
            memo: Memo::default(),
            os: Os::Linux,
            env: Vec::new(),
        };
        machine.unpack(layout);
        machine
    }

    /// Below the root; the home is the root itself, so that layouts name what is below it.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(&path, text).expect("the file is written");
    }

    fn link(&self, name: &str, to: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::os::unix::fs::symlink(to, path).expect("the link is made");
    }

    /// Files stand behind `=== name`, links behind `-> name target`; lines before the first are a remark.
    fn unpack(&self, layout: &str) {
        let (mut name, mut text) = (None::<&str>, String::new());
        let end = |name: Option<&str>, text: &str| {
            if let Some(name) = name {
                self.write(name, text);
            }
        };
        for line in layout.lines() {
            if let Some(next) = line.strip_prefix("=== ") {
                end(name, &text);
                (name, text) = (Some(next), String::new());
            } else if let Some(link) = line.strip_prefix("-> ") {
                end(name, &text);
                (name, text) = (None, String::new());
                let (from, to) = link.split_once(' ').expect("a link has a target");
                self.link(from, to);
            } else if name.is_some() {
                text += line;
                text.push('\n');
            }
        }
        end(name, &text);
    }

    fn host(&self) -> Host {
        let env = self.env.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let home = self.path("");
        // Long after any file was written, so that all are settled.
        Host::new(self.os, home.clone(), env, Arc::new(|| jiff::Timestamp::MAX)).with_root(home)
    }

    /// Looks at a launch; words are parted by blanks. `folder` is where it starts, empty where nobody knows.
    fn look(&mut self, line: &str, folder: &str) -> Found {
        let words: Vec<&str> = line.split(' ').collect();
        self.look_at(json!({"command": words[0], "args": words[1..]}), folder)
    }

    fn look_at(&mut self, entry: serde_json::Value, folder: &str) -> Found {
        let connector = samples::connector(entry);
        let folder = (!folder.is_empty()).then(|| self.path(folder));
        let host = self.host();
        look(&host, &Start { connector: &connector, folder }, &mut self.memo)
    }

    fn watch(&mut self, line: &str, folder: &str) -> Vec<(String, Watch)> {
        let words: Vec<&str> = line.split(' ').collect();
        let connector = samples::connector(json!({"command": words[0], "args": words[1..]}));
        let folder = (!folder.is_empty()).then(|| self.path(folder));
        let host = self.host();
        let start = Start { connector: &connector, folder };
        let found = look(&host, &start, &mut self.memo);
        let places = watch_places(&host, &start, &found, &mut self.memo);
        places.into_iter().map(|(path, watch)| (self.short(&path), watch)).collect()
    }

    /// A path below the root.
    fn short(&self, path: &Path) -> String {
        let root = self.path("");
        path.strip_prefix(root).unwrap_or(path).display().to_string()
    }
}

/// `source version integrity`, or `unknown reason`.
fn told(found: &Found) -> String {
    match &found.artefact.state {
        ArtefactState::Known { version, integrity, source } => {
            let first = integrity.split(' ').next().unwrap_or_default();
            let shown = if first.starts_with("sha256:") { "files" } else { first };
            format!("{source} {} {shown}", version.as_deref().unwrap_or("-"))
        }
        ArtefactState::Unknown { reason } => format!("unknown {reason}"),
        other => format!("{other:?}"),
    }
}

/// A launch that nothing but its bytes tells apart.
fn differ(now: &Found, then: &Found) -> bool {
    now.artefact.differs_from(&then.artefact)
}

#[test]
fn what_has_no_code_here_is_not_looked_for() {
    let mut machine = Machine::new("");
    let remote = machine.look_at(json!({"url": "https://h.example/mcp"}), "");
    assert_eq!(remote.artefact, Artefact { kind: ArtefactKind::Remote, state: ArtefactState::Unobservable });
    for (line, expected) in [
        ("npx postmark-mcp", "unknown not-installed"),
        ("npx ${PKG}", "unknown package-not-told"),
        ("npx", "unknown package-not-told"),
        ("npx --cache ${X} postmark-mcp", "unknown placeholder-in-place"),
        ("npx --cache relative postmark-mcp", "unknown folder-not-told"),
        ("node -e x", "unknown code-in-line"),
        ("sh -c 'curl", "unknown package-not-told"),
        ("docker run a/b", "unknown image-store-closed"),
        ("nerdctl run a/b", "unknown image-store-closed"),
        ("podman run a/b", "unknown not-installed"),
        ("docker compose up", "unknown not-read"),
        ("dnx A.B@1.0.0", "unknown not-read"),
        ("go run h.example/o/r@v1.0.0", "unknown not-read"),
        ("uvx --no-cache mail-mcp", "unknown fetched-anew"),
        ("yarn dlx postmark-mcp", "unknown fetched-anew"),
        ("yarn dlx postmark-mcp@1.0.15", "unknown not-installed"),
        ("npm run mcp", "unknown folder-not-told"),
        ("python -m mail", "unknown environment-not-told"),
    ] {
        assert_eq!(told(&machine.look(line, "")), expected, "{line}");
    }
}

#[test]
fn every_name_is_one_of_its_own() {
    let mut names: Vec<_> = Source::ALL.iter().map(|it| it.name()).collect();
    names.extend(Reason::ALL.iter().map(|it| it.name()));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn an_image_is_known_by_its_digest_or_from_the_list_of_its_store() {
    let digest = "sha256:244fd47e07d1004f0aed9c244fd47e07d1004f0aed9c244fd47e07d1004f0aed";
    let mut machine = Machine::new("");
    assert_eq!(
        told(&machine.look(&format!("docker run a/b@{digest}"), "")),
        format!("launch - {digest}").replace(digest, "files")
    );
    machine.write(
        "var/lib/docker/image/overlay2/repositories.json",
        r#"{"Repositories": {"mcp/git": {"mcp/git:latest": "sha256:11", "mcp/git:v1": "sha256:22",
              "mcp/git@sha256:aa": "sha256:11", "mcp/git@sha256:bb": "sha256:22", "mcp/git@sha256:cc": "sha256:22"},
            "ghcr.io/o/s": {"ghcr.io/o/s:latest": "sha256:33"}, "alpine": {"alpine:3": "sha256:44"}}}"#,
    );
    machine.write(
        ".local/share/containers/storage/overlay-images/images.json",
        r#"[{"id": "55", "names": ["docker.io/mcp/git:latest"], "digest": "sha256:dd"}, {"id": "66", "names": null}]"#,
    );
    // One that was built here has no digest of a registry, and of two nobody can tell which is meant.
    for (line, expected, digest) in [
        ("docker run -i mcp/git", "sha256:11", Some("sha256:aa")),
        ("docker run docker.io/mcp/git:v1", "sha256:22", None),
        ("docker run ghcr.io/o/s", "sha256:33", None),
        ("docker run alpine:3", "sha256:44", None),
        ("podman run mcp/git", "sha256:55", Some("sha256:dd")),
    ] {
        let found = machine.look(line, "");
        assert_eq!(found.clone().facts().pin(), digest, "{line}");
        let ArtefactState::Known { integrity, source, .. } = found.artefact.state else { panic!("{line}: {found:?}") };
        assert_eq!((integrity.as_str(), source.as_str()), (expected, "image-store"), "{line}");
    }
    assert_eq!(told(&machine.look("docker run mcp/other", "")), "unknown not-installed");
}
