//! What a check reports, and where it points.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::document::Route;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// How sure a check is of its finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// The stable name of a kind of finding; each has a heading in `docs/reference/codes.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum Code {
    ApprovesProjectServers,
    AsksNoOne,
    AutoApprovedTools,
    Burst,
    CredentialsInUrl,
    DangerousEnv,
    FloatingVersion,
    FreshLocalFile,
    HiddenText,
    HookCommand,
    InstallScript,
    InterpreterEval,
    IpLiteralHost,
    KnownMalicious,
    KnownVulnerable,
    LocalBinShadowsPackage,
    LookalikeHost,
    NameSquat,
    OddLocation,
    PackageMissing,
    PlainHttp,
    PlaintextSecret,
    ProvenanceLost,
    PublisherChanged,
    PublisherDomain,
    RedirectedClient,
    RegistryBacklinkMismatch,
    RepeatedKey,
    RepositoryChanged,
    SameEntryElsewhere,
    SameNameOtherLaunch,
    VendorClaimUnproven,
    VersionBurst,
    VeryNew,
    WorldWritable,
}

impl Code {
    /// Every code, sorted by name.
    pub const ALL: &[Self] = &[
        Self::ApprovesProjectServers,
        Self::AsksNoOne,
        Self::AutoApprovedTools,
        Self::Burst,
        Self::CredentialsInUrl,
        Self::DangerousEnv,
        Self::FloatingVersion,
        Self::FreshLocalFile,
        Self::HiddenText,
        Self::HookCommand,
        Self::InstallScript,
        Self::InterpreterEval,
        Self::IpLiteralHost,
        Self::KnownMalicious,
        Self::KnownVulnerable,
        Self::LocalBinShadowsPackage,
        Self::LookalikeHost,
        Self::NameSquat,
        Self::OddLocation,
        Self::PackageMissing,
        Self::PlainHttp,
        Self::PlaintextSecret,
        Self::ProvenanceLost,
        Self::PublisherChanged,
        Self::PublisherDomain,
        Self::RedirectedClient,
        Self::RegistryBacklinkMismatch,
        Self::RepeatedKey,
        Self::RepositoryChanged,
        Self::SameEntryElsewhere,
        Self::SameNameOtherLaunch,
        Self::VendorClaimUnproven,
        Self::VersionBurst,
        Self::VeryNew,
        Self::WorldWritable,
    ];

    /// Those of a client's settings, which no connector has.
    pub const OF_SETTINGS: &[Self] =
        &[Self::ApprovesProjectServers, Self::AsksNoOne, Self::HookCommand, Self::RedirectedClient];

    /// The kebab-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApprovesProjectServers => "approves-project-servers",
            Self::AsksNoOne => "asks-no-one",
            Self::AutoApprovedTools => "auto-approved-tools",
            Self::Burst => "burst",
            Self::CredentialsInUrl => "credentials-in-url",
            Self::DangerousEnv => "dangerous-env",
            Self::FloatingVersion => "floating-version",
            Self::FreshLocalFile => "fresh-local-file",
            Self::HiddenText => "hidden-text",
            Self::HookCommand => "hook-command",
            Self::InstallScript => "install-script",
            Self::InterpreterEval => "interpreter-eval",
            Self::IpLiteralHost => "ip-literal-host",
            Self::KnownMalicious => "known-malicious",
            Self::KnownVulnerable => "known-vulnerable",
            Self::LocalBinShadowsPackage => "local-bin-shadows-package",
            Self::LookalikeHost => "lookalike-host",
            Self::NameSquat => "name-squat",
            Self::OddLocation => "odd-location",
            Self::PackageMissing => "package-missing",
            Self::PlainHttp => "plain-http",
            Self::PlaintextSecret => "plaintext-secret",
            Self::ProvenanceLost => "provenance-lost",
            Self::PublisherChanged => "publisher-changed",
            Self::PublisherDomain => "publisher-domain",
            Self::RegistryBacklinkMismatch => "registry-backlink-mismatch",
            Self::RedirectedClient => "redirected-client",
            Self::RepeatedKey => "repeated-key",
            Self::RepositoryChanged => "repository-changed",
            Self::SameEntryElsewhere => "same-entry-elsewhere",
            Self::SameNameOtherLaunch => "same-name-other-launch",
            Self::VendorClaimUnproven => "vendor-claim-unproven",
            Self::VersionBurst => "version-burst",
            Self::VeryNew => "very-new",
            Self::WorldWritable => "world-writable",
        }
    }
}

/// A place in a file, named symbolically; the line is found when the finding is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub file: PathBuf,
    pub route: Route,
    /// From 1.
    pub line: Option<u32>,
}

/// One remark about one connector, or about one setting of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    pub confidence: Confidence,
    /// Named values for the message of this code (`finding-<code>` in the Fluent files); never a secret.
    pub args: Vec<(String, String)>,
    pub primary: Location,
}
