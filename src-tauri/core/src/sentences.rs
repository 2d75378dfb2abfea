//! What is said alike in the window and in the terminal: answers, refusals and the ledger's entries in whole sentences.
//!
//! Every value from outside is made visible on its way in; see [`chips`].

use serde::Serialize;

use crate::age_limit::{AgeLimit, COOLDOWN_DAYS};
use crate::archive::{NotAvailable, Refused};
use crate::clients;
use crate::connector::Change;
use crate::document::SyntaxReason;
use crate::finding::Finding;
use crate::host::Host;
use crate::policy::layer::{Distrust, Problem, Trouble};
use crate::record::Method;
use crate::request::{About, CannotCompare, Effect, EffectKind, FileTrouble, Notice, Refusal};
use crate::wording::Wording;

pub mod chips;
mod past;

use chips::visible;

pub use past::{Names, stamp};

/// Says things in one language, with paths as people read them.
#[derive(Debug, Clone, Copy)]
pub struct Speech<'a> {
    pub wording: &'a Wording,
    pub host: &'a Host,
}

impl Speech<'_> {
    /// The message `id`; hidden characters in its values are made visible.
    pub fn say(&self, id: &str, args: &[(&str, &str)]) -> String {
        let shown: Vec<_> = args.iter().map(|(name, value)| (*name, visible(value))).collect();
        let args: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.wording.text(id, &args)
    }

    /// What is wrong in a file of settings, and where.
    pub fn policy_problem(&self, problem: &Problem) -> String {
        let path = self.host.display(problem.source.path());
        let line = problem.line.unwrap_or(1).to_string();
        let with = |id: &str, name: &str| self.say(id, &[("path", &path), ("line", &line), ("key", name)]);
        match &problem.what {
            Trouble::Unparsable(reason) => {
                let reason = self.syntax(reason);
                self.say("policy-unparsable", &[("path", &path), ("line", &line), ("reason", &reason)])
            }
            Trouble::NoObject => with("policy-no-object", ""),
            Trouble::UnknownKey(key) => with("policy-unknown-key", key),
            Trouble::NotTheUsers(key) => with("policy-not-the-users", key),
            Trouble::Invalid(key) => with("policy-invalid", key),
            Trouble::InvalidElement(key) => with("policy-invalid-element", key),
            Trouble::ByName(key) => with("policy-by-name", key),
            Trouble::Repeated(key) => with("policy-repeated", key),
            Trouble::NotTrusted(why) => with(
                match why {
                    Distrust::NoFile => "policy-not-trusted-no-file",
                    Distrust::Owner => "policy-not-trusted-owner",
                    Distrust::Writable => "policy-not-trusted-writable",
                    Distrust::TooLarge => "policy-not-trusted-too-large",
                    Distrust::Unreadable => "policy-not-trusted-unreadable",
                },
                "",
            ),
        }
    }

    /// What a finding says.
    pub fn finding(&self, finding: &Finding) -> String {
        let args: Vec<_> = finding.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.say(&format!("finding-{}", finding.code.name()), &args)
    }

    /// What a package manager is told about the age of versions.
    pub fn age_limit(&self, limit: &AgeLimit) -> String {
        let days = COOLDOWN_DAYS.to_string();
        let (value, from) = (limit.value.as_deref().unwrap_or("–"), limit.from.as_deref().unwrap_or("–"));
        let args = [
            ("tool", limit.tool.name()),
            ("setting", &limit.setting),
            ("value", value),
            ("from", from),
            ("days", &days),
        ];
        self.say(&format!("age-limit-{}", kebab(&limit.standing)), &args)
    }

    /// The message for one value of a closed set, as `status-held`.
    pub fn name(&self, family: &str, value: &impl Serialize) -> String {
        self.wording.text(&format!("{family}-{}", kebab(value)), &[])
    }

    /// Why two versions are not compared.
    pub fn cannot_compare(&self, error: &CannotCompare) -> String {
        match error {
            CannotCompare::NotFollowed | CannotCompare::NothingBefore => self.say(error.message(), &[]),
            CannotCompare::PresentUnknown { reason } => self.say(error.message(), &[("reason", reason)]),
            CannotCompare::NotKept { version, why } => {
                let detail = match why {
                    NotAvailable::Failed { reason } => self.say(&format!("look-up-{reason}"), &[]),
                    NotAvailable::LookupsOff | NotAvailable::NoSuchVersion => String::new(),
                };
                self.say(error.message(), &[("version", version), ("detail", &detail)])
            }
            CannotCompare::Refused(refused) => self.refused_archive(refused),
        }
    }

    /// Why an archive was not read.
    pub fn refused_archive(&self, refused: &Refused) -> String {
        let reason = self.say(refused.fault.message(), &[]);
        let args = [("archive", refused.archive.as_str()), ("reason", &reason)];
        match &refused.entry {
            Some(entry) => self.say("archive-refused-at", &[args[0], args[1], ("entry", entry)]),
            None => self.say("archive-refused", &args),
        }
    }

    /// Returns the message id of a refusal and its sentences.
    pub fn refusal(&self, refusal: &Refusal) -> (&'static str, String) {
        let say = |id: &'static str, args: &[(&str, &str)]| (id, self.say(id, args));
        match refusal {
            Refusal::NoSuchConnector { id } => say("refusal-no-such-connector", &[("id", id)]),
            Refusal::Ambiguous { id, ids } => say("refusal-ambiguous", &[("id", id), ("ids", &ids.join(", "))]),
            Refusal::Stale { id } => say("refusal-stale", &[("id", id)]),
            Refusal::BlockedByPolicy { id } => say("refusal-blocked-by-policy", &[("id", id)]),
            Refusal::NameNotTyped { name } => say("refusal-name-not-typed", &[("name", name)]),
            Refusal::LookUpsOff => say("refusal-look-ups-off", &[]),
            Refusal::CliApprovalsNever => say("refusal-cli-approvals-never", &[]),
            Refusal::NoDesk => say("refusal-no-desk", &[]),
            Refusal::NothingApproved { id } => say("refusal-nothing-approved", &[("id", id)]),
            Refusal::SecretMissing { id, place } => say("refusal-secret-missing", &[("id", id), ("place", place)]),
            Refusal::CannotPin { id, reason } => say("refusal-cannot-pin", &[("id", id), ("reason", &kebab(reason))]),
            Refusal::NotPinned { id } => say("refusal-not-pinned", &[("id", id)]),
            Refusal::PublisherUnknown { id } => say("refusal-publisher-unknown", &[("id", id)]),
            Refusal::NotUnderDevelopment { id } => say("refusal-not-under-development", &[("id", id)]),
            Refusal::NothingToRevoke { id } => say("refusal-nothing-to-revoke", &[("id", id)]),
            Refusal::NothingToUndo { id } => say("refusal-nothing-to-undo", &[("id", id)]),
            Refusal::UndoTooLate { id } => say("refusal-undo-too-late", &[("id", id)]),
            Refusal::NotHeld { id } => say("refusal-not-held", &[("id", id)]),
            Refusal::PlaceTaken { id, newer, approved } => {
                let message = if *approved { "refusal-place-taken-approved" } else { "refusal-place-taken" };
                ("refusal-place-taken", self.say(message, &[("id", id), ("newer", newer)]))
            }
            Refusal::AgeLimitReadOnly { tool } => say("refusal-age-limit-read-only", &[("tool", tool.name())]),
            Refusal::AgeLimitHidden { path, by } => {
                say("refusal-age-limit-hidden", &[("path", &self.host.display(path)), ("by", by)])
            }
            Refusal::NoAgeLimitToUndo { tool } => say("refusal-no-age-limit-to-undo", &[("tool", tool.name())]),
            Refusal::NoWindow => say("refusal-no-window", &[]),
            Refusal::File { path, reason, route: _ } => {
                let reason = self.trouble(reason);
                say("refusal-file", &[("path", &self.host.display(path)), ("reason", &reason)])
            }
            Refusal::Ledger { detail } => say("refusal-ledger", &[("detail", detail)]),
        }
    }

    /// What stood in the way of a file.
    pub fn trouble(&self, trouble: &FileTrouble) -> String {
        match trouble {
            FileTrouble::Absent => self.say("trouble-absent", &[]),
            FileTrouble::Denied => self.say("trouble-denied", &[]),
            FileTrouble::Unparsable { line, reason } => {
                let reason = self.syntax(reason);
                self.say("trouble-unparsable", &[("line", &line.to_string()), ("reason", &reason)])
            }
            FileTrouble::TooLarge => self.say("trouble-too-large", &[]),
            FileTrouble::NotRegular => self.say("trouble-not-regular", &[]),
            FileTrouble::ForeignOwner => self.say("trouble-foreign-owner", &[]),
            FileTrouble::OpenFolder => self.say("trouble-open-folder", &[]),
            FileTrouble::ReadOnly => self.say("trouble-read-only", &[]),
            FileTrouble::HardLinked => self.say("trouble-hard-linked", &[]),
            FileTrouble::RouteTaken => self.say("trouble-route-taken", &[]),
            FileTrouble::List => self.say("trouble-list", &[]),
            FileTrouble::OfOrganisation => self.say("trouble-of-organisation", &[]),
            FileTrouble::OfPlugin => self.say("trouble-of-plugin", &[]),
            FileTrouble::OfExtension => self.say("trouble-of-extension", &[]),
            FileTrouble::Inexact { detail } => self.say("trouble-inexact", &[("detail", detail)]),
            FileTrouble::ChangedSince => self.say("trouble-changed-since", &[]),
            FileTrouble::Busy => self.say("trouble-busy", &[]),
            FileTrouble::Io { detail } => self.say("trouble-io", &[("detail", detail)]),
        }
    }

    /// Why a text cannot be read.
    pub fn syntax(&self, reason: &SyntaxReason) -> String {
        let (id, args) = reason.message();
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say(id, &args)
    }

    /// What became of one connector.
    pub fn effect(&self, effect: &Effect) -> String {
        let file = self.host.display(&effect.file);
        let about = [("name", effect.name.as_str()), ("client", effect.client.as_str()), ("file", file.as_str())];
        match &effect.kind {
            EffectKind::Released(_) if effect.method == Method::Switch => self.say("effect-released-switch", &about),
            EffectKind::Released(_) if effect.method == Method::List => self.say("effect-released-list", &about),
            EffectKind::Held if effect.method == Method::Switch => self.say("effect-held-switch", &about),
            EffectKind::Held if effect.method == Method::List => self.say("effect-held-list", &about),
            EffectKind::Recorded => self.say("effect-recorded", &about[..2]),
            EffectKind::Released(exactness) if kebab(exactness) == "exact" => self.say("effect-released-exact", &about),
            EffectKind::Released(_) => self.say("effect-released-by-meaning", &about),
            EffectKind::Held => self.say("effect-held", &about),
            EffectKind::WrittenBack => self.say("effect-written-back", &about),
            EffectKind::Pinned { to } => self.say("effect-pinned", &[about[0], about[1], about[2], ("to", to)]),
            EffectKind::Unpinned { to } => self.say("effect-unpinned", &[about[0], about[1], about[2], ("to", to)]),
            EffectKind::StaysHeld => {
                let id = match effect.method {
                    Method::Switch => "effect-stays-held-switch",
                    Method::List => "effect-stays-held-list",
                    Method::Cut | Method::None => "effect-stays-held",
                };
                self.say(id, &[about[0], about[1], about[2], ("id", effect.id.short())])
            }
            EffectKind::NotEdited(why) => {
                let (_, reason) = self.refusal(why);
                self.say("effect-not-edited", &[about[0], about[1], ("reason", &reason)])
            }
        }
    }

    /// The name of the part that changed.
    pub fn facet(&self, change: &Change) -> String {
        let facet = change.facet.0.as_str();
        let (part, name) = facet.split_once('.').unwrap_or((facet, ""));
        self.say(&format!("facet-{part}"), &[("name", name)])
    }

    /// A connector in one line: its name, client and digits.
    pub fn connector(&self, about: &About) -> String {
        self.say("connector-line", &[("name", &about.name), ("client", &about.client), ("id", about.id.short())])
    }

    /// Below which client, or that in another terminal a question was asked for, and what was asked for.
    pub fn asked_by(&self, notice: &Notice) -> Option<String> {
        let Notice::Asked { asked_by, request: Some(request), .. } = notice else { return None };
        let request = match request.as_str() {
            "approve" => self.say("request-approve", &[]),
            "release" => self.say("request-release", &[]),
            other => other.to_owned(),
        };
        Some(match asked_by.as_deref().map(client_name) {
            Some(client) => self.say("watch-asked-by", &[("client", client), ("request", &request)]),
            None => self.say("watch-asked-elsewhere", &[("request", &request)]),
        })
    }
}

/// The kebab-case name of a plain enum's value, as in the JSON.
pub fn kebab(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A client as people call it; an id that is not in the table stays what it is.
pub fn client_name(id: &str) -> &str {
    clients::names().find(|(known, _)| *known == id).map_or(id, |(_, name)| name)
}
