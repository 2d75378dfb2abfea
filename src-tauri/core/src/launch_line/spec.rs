//! What one word says of a package: the part of a launch between runner and arguments.

use super::Ecosystem;
use super::LaunchLine;
use super::Pin;
use super::Runner;
use super::program;

/// A package specifier, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) ecosystem: Ecosystem,
    pub(super) package: Option<String>,
    pub(super) version: Option<String>,
    pub(super) pin: Option<Pin>,
    /// The folder or archive, where the specifier names a local one.
    pub(super) target: Option<String>,
    pub(super) unknown: Option<&'static str>,
}

impl Spec {
    /// A specifier that names no package that could be looked up.
    pub(super) fn unknown(reason: &'static str) -> Self {
        Self {
            ecosystem: Ecosystem::Unknown,
            package: None,
            version: None,
            pin: Some(Pin::None),
            target: None,
            unknown: Some(reason),
        }
    }

    /// A folder or archive of this machine.
    pub(super) fn local(target: &str) -> Self {
        Self {
            ecosystem: Ecosystem::Local,
            package: None,
            version: None,
            pin: None,
            target: Some(target.to_owned()),
            unknown: None,
        }
    }

    /// A package by name; the version as written and how firm it is.
    pub(super) fn named(ecosystem: Ecosystem, package: &str, version: Option<&str>, pin: Pin) -> Self {
        let mut spec = Self {
            ecosystem,
            package: Some(package.to_owned()),
            version: version.map(str::to_owned),
            pin: Some(pin),
            target: None,
            unknown: None,
        };
        if version.is_some_and(program::has_placeholder) {
            spec.pin = Some(Pin::None);
            spec.unknown = Some("the version is a placeholder");
        }
        spec
    }

    /// The line of a runner that starts this package.
    pub(super) fn line(self, runner: Runner) -> LaunchLine {
        let uses_cwd = self.target.as_deref().is_some_and(program::is_relative);
        LaunchLine {
            package: self.package,
            version: self.version,
            pin: self.pin,
            target: self.target,
            uses_cwd,
            unknown: self.unknown,
            ..LaunchLine::empty(runner, self.ecosystem)
        }
    }
}

/// Whether a word is `major.minor.patch`, with or without the tails that semantic versioning allows.
pub(super) fn is_semver(version: &str) -> bool {
    let version = version.trim_start_matches(['=', 'v']);
    let (version, build) = version.split_once('+').map_or((version, None), |(v, b)| (v, Some(b)));
    let (core, pre) = version.split_once('-').map_or((version, None), |(v, p)| (v, Some(p)));
    let is_tail = |tail: Option<&str>| {
        tail.is_none_or(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'))
    };
    core.split('.').count() == 3
        && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && is_tail(pre)
        && is_tail(build)
}
