//! The rules in force: the organisation's above the user's own.

pub mod effective;
pub mod keys;
pub mod layer;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::connector::Connector;

/// What happens to connectors that nobody has decided on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Mode {
    /// Record and notify, edit nothing.
    Monitor,
    /// Hold what is new or changed and ask.
    #[default]
    Ask,
    /// Only what the organisation's policy allows.
    Lockdown,
}

/// Who may approve from a terminal, from loose to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CliApprovals {
    #[default]
    Allow,
    /// Every approval from a terminal becomes a question at the desk.
    Desk,
    Never,
}

/// Whether registries are asked about packages, from loose to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum LookUps {
    On,
    #[default]
    Off,
}

/// What is done about connectors in one folder and below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FolderRule {
    /// Ask, and hold until answered.
    #[default]
    Ask,
    /// Ask, and hold nothing that is not decided.
    Notify,
    Ignore,
    /// Local code under development by the user.
    Developing,
}

/// Names launches, by what runs and never by the entry's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Matcher {
    /// Exact program and arguments.
    ServerCommand(Vec<String>),
    /// An address; `*` stands for any text without `/` in the host and for any text in the path.
    ServerUrl(String),
    /// A fingerprint.
    LaunchHash(String),
}

/// The organisation's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Managed {
    pub mode: Option<Mode>,
    pub cli_approvals: Option<CliApprovals>,
    pub deny: Vec<Matcher>,
    pub allow: Vec<Matcher>,
    /// Who is named where a setting is the organisation's.
    pub organization: Option<String>,
    pub look_ups: Option<LookUps>,
    /// In days; `None` is [`keys::COOLDOWN_DAYS`].
    pub cooldown: Option<u32>,
    pub addresses: Addresses,
    /// Kinds of look-ups that are never made, whatever else is on.
    pub look_ups_without: BTreeSet<LookUpKind>,
}

/// As where no file says anything.
impl Default for Managed {
    fn default() -> Self {
        Self {
            mode: None,
            cli_approvals: None,
            deny: Vec::new(),
            allow: Vec::new(),
            organization: None,
            look_ups: None,
            cooldown: None,
            addresses: Addresses::default(),
            look_ups_without: LookUpKind::ALL.iter().copied().filter(|kind| !kind.is_on_at_first()).collect(),
        }
    }
}

/// Addresses that files name in place of those that are asked otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Addresses {
    pub advisories: Option<String>,
    pub images: Option<String>,
    pub listings: Option<String>,
    pub names: Option<String>,
    pub npm: Option<String>,
    pub opinions: Option<String>,
    pub python: Option<String>,
    pub registrations: Option<String>,
    pub repositories: Option<String>,
}

/// What look-ups ask about beside the versions of a package. Each has a switch of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookUpKind {
    /// Known vulnerable and harmful versions.
    Advisories,
    /// Where versions were built.
    Attestations,
    /// Domains of publishers and of hosts: directories, and the registry of connectors, are told them.
    Domains,
    /// Where the names of images of public registries lead.
    Images,
    /// Whether the registry of connectors has an entry that a package says it is.
    Listings,
    /// What an index of packages says, which looks at them by itself.
    Opinions,
    /// How old the repositories are that packages name, and whose.
    Repositories,
    /// Whether the registry of a package signed it.
    Signatures,
}

impl LookUpKind {
    pub const ALL: &[Self] = &[
        Self::Advisories,
        Self::Attestations,
        Self::Domains,
        Self::Images,
        Self::Listings,
        Self::Opinions,
        Self::Repositories,
        Self::Signatures,
    ];

    /// The setting that switches it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Advisories => "lookUpAdvisories",
            Self::Attestations => "lookUpAttestations",
            Self::Domains => "lookUpDomains",
            Self::Images => "lookUpImages",
            Self::Listings => "lookUpListings",
            Self::Opinions => "lookUpOpinions",
            Self::Repositories => "lookUpRepositories",
            Self::Signatures => "lookUpSignatures",
        }
    }

    /// Whether it is made, while look-ups are on, where nobody says anything about it: not where more is told than a name that
    /// the ecosystem's own services learn anyway.
    pub const fn is_on_at_first(self) -> bool {
        !matches!(self, Self::Domains | Self::Opinions)
    }
}

impl Managed {
    /// The stricter of the user's decision and what files say; off where nobody says anything.
    pub fn look_ups(&self, own: Option<LookUps>) -> LookUps {
        own.into_iter().chain(self.look_ups).max().unwrap_or_default()
    }
}

/// The rules in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The user's own mode.
    pub mode: Mode,
    /// Until when nothing new is held; the mode comes back by itself.
    pub paused_until: Option<Timestamp>,
    pub cli_approvals: CliApprovals,
    /// As the user decided.
    pub look_ups: Option<LookUps>,
    /// The nearest rule above a path counts.
    pub folders: BTreeMap<PathBuf, FolderRule>,
    pub managed: Managed,
}

impl Policy {
    /// The stricter of the user's mode and the organisation's.
    pub fn mode(&self) -> Mode {
        self.managed.mode.map_or(self.mode, |managed| managed.max(self.mode))
    }

    /// The stricter of the user's setting and the organisation's.
    pub fn cli_approvals(&self) -> CliApprovals {
        self.managed.cli_approvals.map_or(self.cli_approvals, |managed| managed.max(self.cli_approvals))
    }

    /// The stricter of the user's setting and those of files; off where nobody says anything.
    pub fn look_ups(&self) -> LookUps {
        self.managed.look_ups(self.look_ups)
    }

    pub fn is_paused(&self, now: Timestamp) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }

    /// Returns the rule of the nearest folder above `path`.
    pub fn folder_rule(&self, path: &Path) -> FolderRule {
        nearest_rule(&self.folders, path)
    }

    pub fn denies(&self, connector: &Connector) -> bool {
        self.managed.deny.iter().any(|m| m.matches(connector))
    }

    pub fn allows(&self, connector: &Connector) -> bool {
        self.managed.allow.iter().any(|m| m.matches(connector))
    }
}

/// Returns the rule of the nearest folder above `path`.
pub fn nearest_rule(folders: &BTreeMap<PathBuf, FolderRule>, path: &Path) -> FolderRule {
    if folders.is_empty() {
        return FolderRule::default();
    }
    path.ancestors().find_map(|folder| folders.get(folder)).copied().unwrap_or_default()
}

impl Matcher {
    pub fn matches(&self, connector: &Connector) -> bool {
        match self {
            Self::ServerCommand(argv) => argv.split_first().is_some_and(|(program, args)| {
                connector.launch.command.as_ref() == Some(program) && connector.launch.args == args
            }),
            Self::ServerUrl(pattern) => connector.launch.url.as_deref().is_some_and(|url| url_matches(pattern, url)),
            Self::LaunchHash(hash) => connector.fingerprint.0 == *hash,
        }
    }
}

/// Compares part by part, so that a wildcard in the host never reaches into the path and a look-alike host never matches.
pub fn url_matches(pattern: &str, url: &str) -> bool {
    let Some((scheme, rest)) = pattern.split_once("://") else { return false };
    let Ok(parsed) = url::Url::parse(url) else { return false };
    if url.contains("${") || parsed.scheme() != scheme.to_ascii_lowercase() {
        return false;
    }
    let (host_pattern, path_pattern) =
        rest.split_once('/').map_or((rest, "*".to_owned()), |(h, p)| (h, format!("/{p}")));
    let Some(host) = parsed.host_str() else { return false };
    let host = parsed.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let path = parsed.query().map_or_else(|| parsed.path().to_owned(), |q| format!("{}?{q}", parsed.path()));
    wildcard(&host_pattern.to_ascii_lowercase(), host.trim_end_matches('.')) && wildcard(&path_pattern, &path)
}

/// `*` stands for any text. Linear in the text for each star.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_pattern_matches_its_own_host_only() {
        let check = |pattern, url, expect| assert_eq!(url_matches(pattern, url), expect, "{pattern} on {url}");
        check("https://mcp.acme.example/*", "https://mcp.acme.example/v1", true);
        check("https://mcp.acme.example/*", "https://MCP.acme.example/v1", true);
        check("https://mcp.acme.example/*", "https://mcp.acme.example.evil.example/v1", false);
        check("https://mcp.acme.example/*", "http://mcp.acme.example/v1", false);
        check("https://*.acme.example/*", "https://a.acme.example/v1", true);
        check("https://*.acme.example/*", "https://evil.example/.acme.example/", false);
        check("https://mcp.acme.example/*", "https://user@evil.example/mcp.acme.example/", false);
        check("https://mcp.acme.example/a", "https://mcp.acme.example/a/b", false);
        check("https://${HOST}/*", "https://${HOST}/x", false);
    }

    #[test]
    fn the_nearest_folder_rule_counts() {
        let policy = Policy {
            folders: [("/w".into(), FolderRule::Ignore), ("/w/own".into(), FolderRule::Developing)].into(),
            ..Policy::default()
        };
        assert_eq!(policy.folder_rule(Path::new("/w/a")), FolderRule::Ignore);
        assert_eq!(policy.folder_rule(Path::new("/w/own/x/y")), FolderRule::Developing);
        assert_eq!(policy.folder_rule(Path::new("/wown")), FolderRule::Ask);
    }

    #[test]
    fn the_user_is_stricter_or_equal_never_looser() {
        let managed = |mode| Managed { mode: Some(mode), ..Managed::default() };
        let check = |own, org, expect| {
            assert_eq!(Policy { mode: own, managed: managed(org), ..Policy::default() }.mode(), expect);
        };
        check(Mode::Monitor, Mode::Lockdown, Mode::Lockdown);
        check(Mode::Ask, Mode::Monitor, Mode::Ask);
    }
}
