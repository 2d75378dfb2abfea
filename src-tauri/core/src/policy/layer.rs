//! One file of settings, read with the rows of [`super::keys`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Format, Node, Pattern, SyntaxReason};

use super::keys::{self, CLI_APPROVALS, Key, Kind, LOOK_UPS, MODES, OnInvalid, SetBy};
use super::{Addresses, CliApprovals, LookUpKind, LookUps, Matcher, Mode};

/// Whose file it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Organisation(PathBuf),
    User(PathBuf),
}

impl Source {
    pub fn path(&self) -> &PathBuf {
        match self {
            Self::Organisation(path) | Self::User(path) => path,
        }
    }
}

/// What one file says; `None` where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    pub source: Source,
    pub mode: Option<Mode>,
    pub cli_approvals: Option<CliApprovals>,
    pub denied: Option<Vec<Matcher>>,
    pub allowed: Option<Vec<Matcher>>,
    pub organization: Option<String>,
    #[serde(default)]
    pub look_ups: Option<LookUps>,
    /// In days.
    #[serde(default)]
    pub cooldown: Option<u32>,
    #[serde(default)]
    pub addresses: Addresses,
    #[serde(default)]
    pub look_up_kinds: BTreeMap<LookUpKind, LookUps>,
    pub problems: Vec<Problem>,
}

/// Something in a file that does not count as it was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub source: Source,
    /// From 1, where a line is meant.
    pub line: Option<u32>,
    pub what: Trouble,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// The text cannot be parsed; nothing of it counts, and no less than `ask` does.
    Unparsable(SyntaxReason),
    /// It is no object.
    NoObject,
    UnknownKey(String),
    /// Only the organisation may set it.
    NotTheUsers(String),
    /// The whole value cannot be understood.
    Invalid(String),
    /// One element of a list cannot be understood.
    InvalidElement(String),
    /// A name is no launch: whoever writes an entry chooses it.
    ByName(String),
    /// The key stands twice; the last one counts.
    Repeated(String),
    /// Others could have written the file, so that nothing of it counts.
    NotTrusted(Distrust),
}

/// Why a file of the organisation's is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distrust {
    NoFile,
    Owner,
    Writable,
    TooLarge,
    Unreadable,
}

impl Layer {
    pub fn empty(source: Source) -> Self {
        Self {
            source,
            mode: None,
            cli_approvals: None,
            denied: None,
            allowed: None,
            organization: None,
            look_ups: None,
            cooldown: None,
            addresses: Addresses::default(),
            look_up_kinds: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// A file of which nothing counts. Its place was meant to bind, so that no less than the default does.
    pub fn broken(source: Source, line: Option<u32>, what: Trouble) -> Self {
        let mode = matches!(source, Source::Organisation(_)).then_some(Mode::Ask);
        let allowed = matches!(source, Source::Organisation(_)).then(Vec::new);
        let problems = vec![Problem { source: source.clone(), line, what }];
        Self { mode, allowed, problems, ..Self::empty(source) }
    }

    /// Reads a file; what it means to say and cannot is among the problems.
    pub fn parse(source: Source, text: Vec<u8>) -> Self {
        let document = match Document::parse(Format::Jsonc, text) {
            Ok(document) => document,
            Err(error) => return Self::broken(source, Some(error.line), Trouble::Unparsable(error.reason)),
        };
        let Some((_, root)) = document.find(&[] as &[Pattern]).into_iter().next() else { return Self::empty(source) };
        let Some(members) = root.value.members() else { return Self::broken(source, Some(1), Trouble::NoObject) };
        let mut layer = Self::empty(source);
        for member in members {
            let line = document.line_of(member.key_span.start);
            let name = || member.key.clone();
            if member.nth > 1 {
                layer.tell(line, Trouble::Repeated(name()));
            }
            // Editors name the schema of the file there.
            if member.key == "$schema" {
                continue;
            }
            match keys::key(&member.key) {
                None => layer.tell(line, Trouble::UnknownKey(name())),
                Some(key) if key.set_by == SetBy::Organisation && matches!(layer.source, Source::User(_)) => {
                    layer.tell(line, Trouble::NotTheUsers(name()));
                }
                Some(key) => layer.set(key, &member.node, line),
            }
        }
        layer
    }

    /// Nothing of the file could be read.
    pub fn is_broken(&self) -> bool {
        let is_whole =
            |what: &Trouble| matches!(what, Trouble::Unparsable(_) | Trouble::NoObject | Trouble::NotTrusted(_));
        self.problems.iter().any(|problem| is_whole(&problem.what))
    }

    fn tell(&mut self, line: u32, what: Trouble) {
        self.problems.push(Problem { source: self.source.clone(), line: Some(line), what });
    }

    fn set(&mut self, key: &Key, node: &Node, line: u32) {
        match key.kind {
            Kind::Word(words) => {
                let place = node.value.as_str().and_then(|word| words.iter().position(|one| *one == word));
                if place.is_none() {
                    self.tell(line, Trouble::Invalid(key.name.to_owned()));
                }
                let strictest = (key.on_invalid == OnInvalid::Strictest).then(|| words.len() - 1);
                let Some(place) = place.or(strictest) else { return };
                match key.name {
                    "mode" => self.mode = mode(words[place]),
                    "lookUps" => self.look_ups = look_ups(words[place]),
                    "cliApprovals" => self.cli_approvals = cli_approvals(words[place]),
                    name => {
                        let kind = LookUpKind::ALL.iter().find(|kind| kind.key() == name);
                        self.look_up_kinds.extend(kind.copied().zip(look_ups(words[place])));
                    }
                }
            }
            Kind::Matchers => {
                let Some(items) = node.value.items() else {
                    self.tell(line, Trouble::Invalid(key.name.to_owned()));
                    if key.on_invalid == OnInvalid::EmptyAllow {
                        self.allowed = Some(Vec::new());
                    }
                    return;
                };
                let read: Vec<_> = items.iter().filter_map(|item| self.matcher(key, item, line)).collect();
                match key.name {
                    "allowedMcpServers" => self.allowed = Some(read),
                    _ => self.denied = Some(read),
                }
            }
            Kind::Days(most) => {
                let days = node.value.to_json().as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| *it <= most);
                if days.is_none() {
                    self.tell(line, Trouble::Invalid(key.name.to_owned()));
                }
                self.cooldown = days.or(Some(most));
            }
            Kind::Address => {
                let is_web = |text: &&str| {
                    url::Url::parse(text).is_ok_and(|url| {
                        let is_plain = url.username().is_empty() && url.password().is_none();
                        matches!(url.scheme(), "https" | "http") && url.has_host() && is_plain
                    })
                };
                let address = node.value.as_str().filter(is_web).map(str::to_owned);
                if address.is_none() {
                    self.tell(line, Trouble::Invalid(key.name.to_owned()));
                }
                match key.name {
                    "advisoryService" => self.addresses.advisories = address,
                    "imageRegistry" => self.addresses.images = address,
                    "connectorRegistry" => self.addresses.listings = address,
                    "nameService" => self.addresses.names = address,
                    "opinionService" => self.addresses.opinions = address,
                    "registrationService" => self.addresses.registrations = address,
                    "repositoryService" => self.addresses.repositories = address,
                    "npmRegistry" => self.addresses.npm = address,
                    _ => self.addresses.python = address,
                }
            }
            Kind::Text => match node.value.as_str().filter(|text| !text.trim().is_empty()) {
                Some(text) => self.organization = Some(text.to_owned()),
                None => self.tell(line, Trouble::Invalid(key.name.to_owned())),
            },
        }
    }

    fn matcher(&mut self, key: &Key, item: &Node, line: u32) -> Option<Matcher> {
        let json = item.value.to_json();
        if let Ok(matcher) = serde_json::from_value(json.clone()) {
            return Some(matcher);
        }
        let by_name = json.get("serverName").is_some();
        let name = key.name.to_owned();
        self.tell(line, if by_name { Trouble::ByName(name) } else { Trouble::InvalidElement(name) });
        None
    }
}

fn mode(word: &str) -> Option<Mode> {
    [Mode::Monitor, Mode::Ask, Mode::Lockdown].into_iter().zip(MODES).find(|(_, name)| **name == word).map(|(m, _)| m)
}

fn look_ups(word: &str) -> Option<LookUps> {
    [LookUps::On, LookUps::Off].into_iter().zip(LOOK_UPS).find(|(_, name)| **name == word).map(|(it, _)| it)
}

fn cli_approvals(word: &str) -> Option<CliApprovals> {
    let all = [CliApprovals::Allow, CliApprovals::Desk, CliApprovals::Never];
    all.into_iter().zip(CLI_APPROVALS).find(|(_, name)| **name == word).map(|(setting, _)| setting)
}
