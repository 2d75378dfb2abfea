//! Writes the exact version into a launch that names none: where it stands, and what it becomes.
//!
//! Nothing is assumed of a runner's grammar here. A candidate is taken only if the launch reads as before, but for the
//! version, once it is written; and only if there is one such candidate.

use serde::{Deserialize, Serialize};

use crate::connector::Connector;
use crate::document::Route;
use crate::launch_line::{Ecosystem, LaunchLine, Pin};

/// A text of an entry and the part of it that names the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinning {
    /// Of the text.
    pub route: Route,
    /// The part as it is written.
    pub old: String,
    pub new: String,
    /// The whole text afterwards.
    pub text: String,
}

/// Why a launch cannot be pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum CannotPin {
    #[error("it runs no package with versions")]
    NoPackage,
    #[error("it names an exact version already")]
    Exact,
    #[error("that is no exact version")]
    NoVersion,
    #[error("which version runs is not known")]
    NotKnown,
    #[error("where the package is named cannot be told for certain")]
    Unclear,
}

/// Plans to pin a connector's launch to a version, or, for images, to a digest.
///
/// # Errors
///
/// Where its line runs no package that can be pinned, or not just one place of it names the package.
pub fn plan(connector: &Connector, version: &str) -> Result<Pinning, CannotPin> {
    let line = &connector.launch_line;
    let package = line.package.as_deref().filter(|_| line.unknown.is_none()).ok_or(CannotPin::NoPackage)?;
    let form = Form::of(line.ecosystem).ok_or(CannotPin::NoPackage)?;
    if matches!(line.pin, Some(Pin::Exact | Pin::Digest)) {
        return Err(CannotPin::Exact);
    }
    if !form.takes(version) {
        return Err(CannotPin::NoVersion);
    }
    let wanted = LaunchLine { version: Some(version.to_owned()), pin: Some(form.pin()), ..line.clone() };
    let launch = &connector.launch;
    let command = launch.command.as_deref().ok_or(CannotPin::NoPackage)?;
    let mut found = None;
    for (at, arg) in launch.args.iter().enumerate() {
        for (span, new) in form.candidates(arg, package, version) {
            let text = format!("{}{new}{}", &arg[..span.start], &arg[span.end..]);
            let mut args = launch.args.clone();
            args[at].clone_from(&text);
            let mut read = LaunchLine::of_command(command, &args);
            read.specs.clone_from(&wanted.specs);
            if read != wanted {
                continue;
            }
            let route = launch.places.args.get(at).ok_or(CannotPin::Unclear)?.clone();
            let pinning = Pinning { route, old: arg[span].to_owned(), new, text };
            if found.replace(pinning).is_some() {
                return Err(CannotPin::Unclear);
            }
        }
    }
    let pinning = found.ok_or(CannotPin::Unclear)?;
    // Several arguments in one text are words of a line, which is not taken apart here.
    let shares = |at: &&Route| **at == pinning.route;
    if launch.places.args.iter().filter(shares).count() > 1 {
        return Err(CannotPin::Unclear);
    }
    Ok(pinning)
}

/// How an ecosystem writes a version behind a package's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `name@1.2.3`
    At,
    /// `name[extra]==1.2.3`
    Equals,
    /// `image@sha256:…`
    Digest,
}

impl Form {
    fn of(ecosystem: Ecosystem) -> Option<Self> {
        match ecosystem {
            Ecosystem::Npm | Ecosystem::Jsr | Ecosystem::Nuget | Ecosystem::Go => Some(Self::At),
            Ecosystem::Pypi => Some(Self::Equals),
            Ecosystem::Oci => Some(Self::Digest),
            _ => None,
        }
    }

    fn pin(self) -> Pin {
        if self == Self::Digest { Pin::Digest } else { Pin::Exact }
    }

    /// Whether a text is an exact version, and holds nothing that a shell or a configuration could take for more.
    fn takes(self, version: &str) -> bool {
        match self {
            Self::Digest => version
                .strip_prefix("sha256:")
                .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))),
            Self::At | Self::Equals => {
                version.starts_with(|c: char| c.is_ascii_digit() || c == 'v')
                    && version.contains(|c: char| c.is_ascii_digit())
                    && version.bytes().all(|b| b.is_ascii_alphanumeric() || b".+-_!".contains(&b))
            }
        }
    }

    /// The places of a text that may name the package, with what would stand there instead.
    fn candidates(self, text: &str, package: &str, version: &str) -> Vec<(std::ops::Range<usize>, String)> {
        let mut out = Vec::new();
        for (start, _) in text.match_indices(package) {
            let begins = text[..start].chars().next_back().is_none_or(|c| c.is_whitespace() || "=:'\"/".contains(c));
            if !begins {
                continue;
            }
            let behind = &text[start + package.len()..];
            let word = behind.find(|c: char| c.is_whitespace() || "'\"".contains(c)).unwrap_or(behind.len());
            let tail = &behind[..word];
            let kept = match self {
                Self::Equals if tail.starts_with('[') => tail.find(']').map_or("", |end| &tail[..=end]),
                _ => "",
            };
            let rest = &tail[kept.len()..];
            let is_version = match self {
                Self::At => rest.starts_with('@'),
                Self::Equals => rest.starts_with(['@', '=', '>', '<', '~', '!']),
                Self::Digest => rest.starts_with(':'),
            };
            if !rest.is_empty() && !is_version {
                continue;
            }
            let sign = if self == Self::Equals { "==" } else { "@" };
            out.push((start..start + package.len() + word, format!("{package}{kept}{sign}{version}")));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::connector::samples::connector;

    const DIGEST: &str = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    fn pinned(entry: Value, version: &str) -> Result<String, CannotPin> {
        plan(&connector(entry), version).map(|pinning| format!("{} {}", pinning.route, pinning.text))
    }

    #[test]
    fn each_runner_gets_its_own_form() {
        let check = |command: &str, args: &[&str], version: &str, expect: &str| {
            let entry = json!({"command": command, "args": args});
            assert_eq!(pinned(entry, version), Ok(format!("mcpServers.x.{expect}")), "{command} {args:?}");
        };
        check("npx", &["-y", "mail-mcp"], "1.0.15", "args[1] mail-mcp@1.0.15");
        check("npx", &["-y", "mail-mcp@latest", "mail-mcp"], "1.0.15", "args[1] mail-mcp@1.0.15");
        check("npx", &["-y", "@scope/mail-mcp@^1"], "1.0.15", "args[1] @scope/mail-mcp@1.0.15");
        check("npx", &["--package=mail-mcp", "mail"], "1.0.15", "args[0] --package=mail-mcp@1.0.15");
        check("npx", &["-p", "mail-mcp", "mail-mcp"], "1.0.15", "args[1] mail-mcp@1.0.15");
        check("bunx", &["mail-mcp"], "2.0.0-rc.1", "args[0] mail-mcp@2.0.0-rc.1");
        check("pnpm", &["dlx", "mail-mcp"], "1.0.15", "args[1] mail-mcp@1.0.15");
        check("cmd", &["/c", "npx", "-y", "mail-mcp"], "1.0.15", "args[3] mail-mcp@1.0.15");
        check(
            "sh",
            &["-c", "exec npx -y mail-mcp --dir /mail-mcp"],
            "1.0.15",
            "args[1] exec npx -y mail-mcp@1.0.15 --dir /mail-mcp",
        );
        check("uvx", &["mail-mcp"], "1.2", "args[0] mail-mcp==1.2");
        check("uvx", &["mail-mcp@latest"], "1.2", "args[0] mail-mcp==1.2");
        check("uvx", &["--from", "mail-mcp[imap]>=1", "mail"], "1.2", "args[1] mail-mcp[imap]==1.2");
        check("pipx", &["run", "mail-mcp"], "1.2", "args[1] mail-mcp==1.2");
        check(
            "docker",
            &["run", "-i", "--rm", "ghcr.io/a/mail:latest"],
            DIGEST,
            &format!("args[3] ghcr.io/a/mail@{DIGEST}"),
        );
        check("docker", &["run", "-i", "--rm", "mail"], DIGEST, &format!("args[3] mail@{DIGEST}"));
    }

    #[test]
    fn what_is_not_clear_is_not_pinned() {
        let check = |entry: Value, version: &str, expect: CannotPin| {
            assert_eq!(pinned(entry.clone(), version), Err(expect), "{entry}");
        };
        check(json!({"command": "node", "args": ["a.js"]}), "1.0.0", CannotPin::NoPackage);
        check(json!({"url": "https://a.example/mcp"}), "1.0.0", CannotPin::NoPackage);
        check(json!({"command": "npx", "args": ["-y", "a@1.0.0"]}), "1.0.1", CannotPin::Exact);
        for version in ["latest", "", "^1", "1 && x", "1;x", "$(x)"] {
            check(json!({"command": "npx", "args": ["-y", "a"]}), version, CannotPin::NoVersion);
        }
        check(json!({"command": "docker", "args": ["run", "a"]}), "1.0.0", CannotPin::NoVersion);
        check(json!({"command": "npx", "args": ["-y", "${PKG}"]}), "1.0.0", CannotPin::NoPackage);
    }
}
