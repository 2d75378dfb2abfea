//! The checks: pure functions from a connector and its facts to findings.
//!
//! To add one: a file below, a row in [`ALL`], a [`Code`] with its Fluent messages, and a heading in the reference of codes.

use std::iter::once;
use std::path::Path;

use crate::connector::Connector;
use crate::document::Route;
use crate::facts::Facts;
use crate::finding::{Code, Confidence, Finding, Location, Severity};

mod address;
mod auto_approved_tools;
mod burst;
mod credentials_in_url;
mod dangerous_env;
mod floating_version;
mod fresh_local_file;
mod hidden_text;
mod install_script;
mod interpreter_eval;
mod ip_literal_host;
mod known_malicious;
mod known_vulnerable;
mod local_bin_shadows_package;
mod lookalike_host;
mod name_squat;
mod named;
mod odd_location;
mod package_missing;
mod plain_http;
mod plaintext_secret;
mod provenance_lost;
mod publisher_changed;
mod publisher_domain;
mod registry_backlink_mismatch;
mod repeated_key;
mod repository_changed;
mod same_entry_elsewhere;
mod same_name_other_launch;
mod surroundings;
mod vendor_claim_unproven;
mod version_burst;
mod very_new;
mod world_writable;

pub use known_malicious::with_advisories;
pub use named::vendor_of;
pub use surroundings::{Arrival, Neighbour, Surroundings};

/// What a check looks at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub connector: &'a Connector,
    pub facts: &'a Facts,
    /// What came beside it, and when.
    pub around: &'a Surroundings,
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// The check could not say; the reason is a kebab-case id, never a text of the connector's.
    NotRun(&'static str),
    Findings(Vec<Finding>),
}

/// One check.
#[derive(Debug)]
pub struct Check {
    pub code: Code,
    pub run: fn(&Subject<'_>) -> Outcome,
}

/// Every check, one for each code of a connector, sorted by its name.
pub const ALL: &[Check] = &[
    Check { code: Code::AutoApprovedTools, run: auto_approved_tools::run },
    Check { code: Code::Burst, run: burst::run },
    Check { code: Code::CredentialsInUrl, run: credentials_in_url::run },
    Check { code: Code::DangerousEnv, run: dangerous_env::run },
    Check { code: Code::FloatingVersion, run: floating_version::run },
    Check { code: Code::FreshLocalFile, run: fresh_local_file::run },
    Check { code: Code::HiddenText, run: hidden_text::run },
    Check { code: Code::InstallScript, run: install_script::run },
    Check { code: Code::InterpreterEval, run: interpreter_eval::run },
    Check { code: Code::IpLiteralHost, run: ip_literal_host::run },
    Check { code: Code::KnownMalicious, run: known_malicious::run },
    Check { code: Code::KnownVulnerable, run: known_vulnerable::run },
    Check { code: Code::LocalBinShadowsPackage, run: local_bin_shadows_package::run },
    Check { code: Code::LookalikeHost, run: lookalike_host::run },
    Check { code: Code::NameSquat, run: name_squat::run },
    Check { code: Code::OddLocation, run: odd_location::run },
    Check { code: Code::PackageMissing, run: package_missing::run },
    Check { code: Code::PlainHttp, run: plain_http::run },
    Check { code: Code::PlaintextSecret, run: plaintext_secret::run },
    Check { code: Code::ProvenanceLost, run: provenance_lost::run },
    Check { code: Code::PublisherChanged, run: publisher_changed::run },
    Check { code: Code::PublisherDomain, run: publisher_domain::run },
    Check { code: Code::RegistryBacklinkMismatch, run: registry_backlink_mismatch::run },
    Check { code: Code::RepeatedKey, run: repeated_key::run },
    Check { code: Code::RepositoryChanged, run: repository_changed::run },
    Check { code: Code::SameEntryElsewhere, run: same_entry_elsewhere::run },
    Check { code: Code::SameNameOtherLaunch, run: same_name_other_launch::run },
    Check { code: Code::VendorClaimUnproven, run: vendor_claim_unproven::run },
    Check { code: Code::VersionBurst, run: version_burst::run },
    Check { code: Code::VeryNew, run: very_new::run },
    Check { code: Code::WorldWritable, run: world_writable::run },
];

/// What all checks say of one connector. Every code is in exactly one of the three.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// By code, then by place.
    pub findings: Vec<Finding>,
    pub passed: Vec<Code>,
    /// With the reason as a kebab-case id.
    pub not_run: Vec<(Code, &'static str)>,
}

/// Runs every check.
pub fn run_all(subject: &Subject<'_>) -> Report {
    let mut report = Report::default();
    for check in ALL {
        match (check.run)(subject) {
            Outcome::Passed => report.passed.push(check.code),
            Outcome::NotRun(reason) => report.not_run.push((check.code, reason)),
            Outcome::Findings(findings) => report.findings.extend(findings),
        }
    }
    report
}

impl Outcome {
    /// Passed, unless something was found.
    fn of(findings: Vec<Finding>) -> Self {
        if findings.is_empty() { Self::Passed } else { Self::Findings(findings) }
    }
}

impl<'a> Subject<'a> {
    /// The texts of the launch that may hold an address, and where each stands. Variables and headers are not among them.
    fn words(&self) -> impl Iterator<Item = (&'a Route, &'a str)> {
        let launch = &self.connector.launch;
        let places = &launch.places;
        let url = places.url.iter().zip(launch.url.as_deref());
        let command = places.command.iter().zip(launch.command.as_deref());
        url.chain(command).chain(places.args.iter().zip(launch.args.iter().map(String::as_str)))
    }

    /// When it came.
    fn arrival(&self) -> Arrival {
        self.around.get(&self.connector.id).map_or(Arrival::Unseen, |own| own.arrival)
    }

    fn finding(&self, code: Code, severity: Severity, route: &Route, args: &[(&str, &str)]) -> Finding {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let primary =
            Location { file: self.connector.file.clone(), route: route.clone(), line: Some(self.connector.line) };
        Finding { code, severity, confidence: Confidence::High, args, primary }
    }
}

/// A path as people read it.
fn shown(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(below) if !home.as_os_str().is_empty() => format!("~/{}", below.display()),
        _ => path.display().to_string(),
    }
}

/// The place of an argument, or of the command where the words stand in it.
fn place_of_word(connector: &Connector, wanted: impl Fn(&str) -> bool) -> Option<Route> {
    let launch = &connector.launch;
    let args = launch.args.iter().zip(&launch.places.args);
    let command = once(&launch.command).flatten().zip(&launch.places.command);
    args.chain(command).find(|(word, _)| wanted(word)).map(|(_, route)| route.clone())
}

#[cfg(test)]
mod tests;
