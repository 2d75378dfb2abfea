//! What look-ups and local evidence say of the artefact behind a launch.

use serde::{Deserialize, Serialize};

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
    /// Whether `present` is other code than the one that was approved. Known → unknown is no change.
    pub fn differs_from(&self, approved: &Self) -> bool {
        match (&self.state, &approved.state) {
            (ArtefactState::Known { integrity: now, .. }, ArtefactState::Known { integrity: then, .. }) => now != then,
            _ => false,
        }
    }
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
        }
    }
}
