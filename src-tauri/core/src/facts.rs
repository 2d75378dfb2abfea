//! What look-ups and local evidence say of the artefact behind a launch.

mod advisory;
mod attestation;
mod domain;
mod dossier;
mod fact;
mod history;
mod image;
mod listing;
mod opinion;
mod publication;
mod repository;
mod signed;

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use advisory::{Advisory, Weight};
pub use attestation::{Attestation, Attested};
pub use domain::Domain;
pub use dossier::Dossier;
pub use fact::{Fact, NOT_ASKED};
pub use history::{History, Missing};
pub use image::Image;
pub use listing::{Listing, Standing};
pub use opinion::Opinion;
pub use publication::{Publication, Release};
pub use repository::Repository;
pub use signed::Signed;

/// Why code is not known where the registry has no such package: whatever comes under that name later is somebody's choice.
pub const NOT_IN_REGISTRY: &str = "not-in-registry";

/// The source of code that a registry offers and that nobody has fetched yet.
pub const REGISTRY: &str = "registry";

/// What kind of thing a launch resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum ArtefactKind {
    Npm,
    Pypi,
    Oci,
    Git,
    File,
    Remote,
    Builtin,
    Unknown,
}

/// How much is known of an artefact.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtefactState {
    Known {
        version: Option<String>,
        integrity: String,
        source: String,
    },
    Unknown {
        reason: String,
    },
    /// The code runs on somebody else's machine.
    Unobservable,
    NotLooked,
}

/// What a launch resolves to; always a value with a state.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Artefact {
    pub kind: ArtefactKind,
    pub state: ArtefactState,
}

impl Artefact {
    /// Its version, where it is known and has one.
    pub fn version(&self) -> Option<&str> {
        match &self.state {
            ArtefactState::Known { version, .. } => version.as_deref(),
            _ => None,
        }
    }

    /// Whether it is other code than the one that was approved. Known → unknown is no change, and unknown → known is none
    /// but where there was nothing at all.
    pub fn differs_from(&self, approved: &Self) -> bool {
        match (&self.state, &approved.state) {
            (ArtefactState::Known { integrity: now, .. }, ArtefactState::Known { integrity: then, .. })
                if now == then =>
            {
                false
            }
            (
                ArtefactState::Known { version: now, integrity, source },
                ArtefactState::Known { version: then, integrity: approved, source: of },
            ) if source == REGISTRY || of == REGISTRY => match (archive(integrity), archive(approved)) {
                // A registry tells of the archive alone; what became of it on this machine is told by the rest.
                (Some(integrity), Some(approved)) => integrity != approved,
                _ => now != then,
            },
            (ArtefactState::Known { .. }, ArtefactState::Known { .. }) => true,
            (ArtefactState::Known { .. }, ArtefactState::Unknown { reason }) => reason == NOT_IN_REGISTRY,
            _ => false,
        }
    }

    /// No registry had anything of that name.
    pub fn is_absent(&self) -> bool {
        matches!(&self.state, ArtefactState::Unknown { reason } if reason == NOT_IN_REGISTRY)
    }

    /// It is offered by a registry, and nobody has fetched it yet.
    pub fn is_offer(&self) -> bool {
        matches!(&self.state, ArtefactState::Known { source, .. } if source == REGISTRY)
    }
}

/// The digest of the package's archive in an integrity, as npm writes it.
fn archive(integrity: &str) -> Option<&str> {
    integrity.split(' ').find(|word| word.starts_with("sha512-") || word.starts_with("sha1-"))
}

/// What was seen on this machine of the code behind a launch, beside the artefact itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The folder or file whose bytes the artefact is.
    pub from: Option<PathBuf>,
    /// A program of the project, or of this machine, that takes the place of the package that the launch names.
    pub shadow: Option<PathBuf>,
    /// The same in known projects, for an entry of the user's that starts wherever its client is used.
    pub shadows_in_projects: Vec<Shadow>,
    /// An image's digest as its registry names it: what a launch may be pinned to.
    pub digest: Option<String>,
    /// The bytes were more than are looked at; what lies above the bounds counts by name and size only.
    pub partly: bool,
    /// The file that is started, where the launch names one.
    pub file: Option<LocalFile>,
    /// The git checkout that the code lies in.
    pub checkout: Option<Checkout>,
    pub rights: Rights,
}

/// A program of a project that takes the place of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    pub program: PathBuf,
    /// It is the package itself, installed there.
    pub is_package: bool,
}

/// Who may replace the code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rights {
    /// The system does not tell, or there is no file.
    #[default]
    Untold,
    /// Its owner, and perhaps a group.
    OfOwner,
    /// Any user of the machine: by this file, or this folder that it lies in.
    OfAll(PathBuf),
}

/// A script or program of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFile {
    /// Every link resolved.
    pub path: PathBuf,
    pub owner: Owner,
    /// The permission bits, where the system has them.
    pub mode: Option<u32>,
    pub location: Location,
    pub signature: Signature,
}

/// Who signed a program, as the system tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Signature {
    /// The system does not tell.
    #[default]
    Untold,
    Unsigned,
    /// The system trusts it.
    Signed {
        by: String,
    },
    /// It does not hold.
    Broken,
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The user whose home it is.
    User,
    /// Whoever owns the root of the file system.
    System,
    Other,
    /// The system does not tell.
    Untold,
}

/// What kind of place a file lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// Where package managers and tool chains of the user put programs.
    Installed,
    /// Programs of the whole machine.
    System,
    /// A folder for what will be thrown away.
    Temporary,
    Downloads,
    /// A folder of the home whose name begins with a dot and that belongs to no known tool.
    Hidden,
    /// Elsewhere in the home.
    Home,
    Elsewhere,
}

/// What git says of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub folder: PathBuf,
    /// The address of `origin`, or of the only remote, without user name and password.
    pub remote: Option<String>,
    /// The branch, where one is checked out.
    pub branch: Option<String>,
    /// The commit.
    pub head: Option<String>,
}

/// What a registry says of the code that would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// It is on this machine already.
    pub is_installed: bool,
    pub published: Option<Timestamp>,
    pub publisher: Option<String>,
    /// Its publisher took it back, or warns of it.
    pub is_withdrawn: bool,
    /// The registry is the ecosystem's own: another may rewrite who published what.
    pub is_default: bool,
    /// The host that says so.
    pub registry: String,
    /// When it said so.
    pub at: Timestamp,
}

/// All that is known about what a connector runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub artefact: Artefact,
    /// A listing of known malicious artefacts names this one.
    pub known_malicious: bool,
    /// An attestation, signature or publisher that earlier versions had is gone.
    pub provenance_lost: bool,
    /// Publisher, repository and attestation identity as one comparable text, where known.
    pub publisher: Option<String>,
    /// The present code is older than the cooldown.
    pub is_past_cooldown: bool,
    /// The present code brings an install script that the approved one did not have.
    pub new_install_script: bool,
    /// It runs a script when it is installed, whether or not the approved version did.
    pub installs_by_script: bool,
    /// What the registry says of the present code.
    pub offer: Option<Offer>,
    /// What the registry says of the package's past.
    pub history: History,
    /// What services say of the present code, or of the host that is called.
    pub dossier: Dossier,
    pub evidence: Evidence,
}

impl Facts {
    /// Facts of an artefact that nobody has looked at.
    pub fn not_looked(kind: ArtefactKind) -> Self {
        let state = match kind {
            ArtefactKind::Remote => ArtefactState::Unobservable,
            _ => ArtefactState::NotLooked,
        };
        Self {
            artefact: Artefact { kind, state },
            known_malicious: false,
            provenance_lost: false,
            publisher: None,
            is_past_cooldown: false,
            new_install_script: false,
            installs_by_script: false,
            offer: None,
            history: History::default(),
            dossier: Dossier::default(),
            evidence: Evidence::default(),
        }
    }

    /// What the launch may be pinned to, so that the present code runs: its version, or an image's digest.
    pub fn pin(&self) -> Option<&str> {
        match (&self.artefact.state, self.artefact.kind) {
            (ArtefactState::Known { .. }, ArtefactKind::Oci) => self.evidence.digest.as_deref(),
            (ArtefactState::Known { version, .. }, _) => version.as_deref(),
            _ => None,
        }
    }
}
