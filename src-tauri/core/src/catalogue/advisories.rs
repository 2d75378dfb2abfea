//! Packages that are known to do harm. The list is a backstop and no detector: it is days behind.

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::LazyLock;

use super::{Kind, normalized};

/// What is known of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// An identifier of an advisory, or who found it.
    pub id: String,
    versions: Versions,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Versions {
    All,
    /// Nobody tells which.
    Some,
    From(String),
    These(Vec<String>),
}

/// How far an advisory reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The version in question is one of those that do harm.
    Hit,
    /// Some version does; which one would run is not known, or which do is not told.
    Perhaps,
}

/// The list.
#[derive(Debug, Default)]
pub struct Advisories(HashMap<(Kind, String), Advisory>);

impl Advisories {
    /// What this program was built with; nothing without the feature `known-malicious`.
    pub fn compiled() -> &'static Self {
        #[cfg(feature = "known-malicious")]
        const LIST: &str = include_str!("../../data/malicious.txt");
        #[cfg(not(feature = "known-malicious"))]
        const LIST: &str = "";
        static COMPILED: LazyLock<Advisories> = LazyLock::new(|| Advisories::read(LIST));
        &COMPILED
    }

    /// Reads a list as `core/data` has it.
    pub fn read(text: &str) -> Self {
        let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let mut cells = line.split(' ');
            let kind = match cells.next()? {
                "npm" => Kind::Npm,
                "pypi" => Kind::Pypi,
                _ => return None,
            };
            let name = cells.next()?;
            let versions = match cells.next()? {
                "*" => Versions::All,
                "?" => Versions::Some,
                versions => match versions.strip_prefix(">=") {
                    Some(first) => Versions::From(first.to_owned()),
                    None => Versions::These(versions.split(',').map(str::to_owned).collect()),
                },
            };
            Some(((kind, normalized(kind, name)), Advisory { id: cells.next()?.to_owned(), versions }))
        });
        Self(rows.collect())
    }

    /// What is known of a package at that version; `None` for a version that nobody warns of.
    pub fn of(&self, kind: Kind, name: &str, version: Option<&str>) -> Option<(&Advisory, Reach)> {
        let advisory = self.0.get(&(kind, normalized(kind, name)))?;
        let reach = match (&advisory.versions, version) {
            (Versions::All, _) => Reach::Hit,
            (Versions::Some, _) | (_, None) => Reach::Perhaps,
            (Versions::These(these), Some(version)) => {
                return these.iter().any(|it| it == version).then_some((advisory, Reach::Hit));
            }
            (Versions::From(first), Some(version)) => match is_before(kind, version, first) {
                Some(true) => return None,
                Some(false) => Reach::Hit,
                None => Reach::Perhaps,
            },
        };
        Some((advisory, reach))
    }
}

/// `None` where one of the two is no version of that ecosystem.
fn is_before(kind: Kind, version: &str, first: &str) -> Option<bool> {
    if kind == Kind::Npm {
        let [version, first] = [version, first].map(nodejs_semver::Version::parse);
        return Some(version.ok()? < first.ok()?);
    }
    let [version, first] = [version, first].map(pep440_rs::Version::from_str);
    Some(version.ok()? < first.ok()?)
}
