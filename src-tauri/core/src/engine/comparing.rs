//! Compares what was approved with what would run now. Reads, and writes nothing.

use std::sync::Arc;

use crate::archive::{self, ArchiveSource, Contents, NoSource, NotAvailable, Registry, Wanted};
use crate::artefact::{self, Found, Memo, Older, Start};
use crate::connector::Connector;
use crate::drift::{self, Outline};
use crate::facts::{Artefact, ArtefactState};
use crate::host::Host;
use crate::launch_line::Ecosystem;
use crate::memory::Memory;
use crate::network::Failure;
use crate::provenance::Registries;
use crate::report::{COMPARISON, Comparison, Row, Side, SideSource};
use crate::request::CannotCompare;
use crate::wording::Wording;

use super::Survey;
use super::look_ups::Registered;
use super::outlines::{Outlines, integrity};

/// Which versions are to be compared; by themselves those are the approved one and the present one.
#[derive(Debug, Clone, Default)]
pub struct Versions {
    pub from: Option<String>,
    pub to: Option<String>,
}

/// One version as far as it is to be had.
struct Version {
    side: Side,
    outline: Outline,
    contents: Option<Contents>,
}

/// One look at one connector.
struct Comparing<'a> {
    host: &'a Host,
    start: Start<'a>,
    found: Found,
    source: Arc<dyn ArchiveSource>,
}

/// Compares two versions of the code behind the connector of a row.
pub fn compare(
    host: &Host,
    survey: &Survey,
    row: &Row,
    versions: &Versions,
    source: Option<Arc<dyn ArchiveSource>>,
    wording: &Wording,
) -> Result<Comparison, CannotCompare> {
    let connector =
        survey.connectors.iter().find(|it| it.id.0.starts_with(&row.id)).ok_or(CannotCompare::NotFollowed)?;
    let start = Start::of(connector, &host.home);
    let mut found = artefact::look(host, &start, &mut Memo::default());
    // What a registry offers is what would run next.
    let policy = super::settings::policy_now(host, &survey.memory);
    let (facts, now) = (found.clone().facts(), host.now());
    let facts = Registered::load(host).add_to(facts, connector, &survey.memory, &policy.managed, now);
    found.artefact = facts.artefact;
    if matches!(found.artefact.state, ArtefactState::Unobservable | ArtefactState::NotLooked) {
        return Err(CannotCompare::NotFollowed);
    }
    let source = source.unwrap_or_else(|| Arc::new(NoSource));
    let comparing = Comparing { host, start, found, source };
    let new = match &versions.to {
        Some(version) => comparing.named(version)?,
        None => comparing.present()?,
    };
    let old = match &versions.from {
        Some(version) => comparing.named(version)?,
        None => comparing.before(&survey.memory, connector)?,
    };
    let drift = drift::compare(&old.outline, &new.outline);
    let passages = old.contents.as_ref().zip(new.contents.as_ref()).map(|(old, new)| drift::passages(old, new, &drift));
    let no_passages = passages.is_none().then(|| wording.text("diff-no-passages", &[]));
    Ok(Comparison {
        schema: COMPARISON,
        id: row.id.clone(),
        client: row.client.clone(),
        name: row.name.clone(),
        package: connector.launch_line.package.clone(),
        old: old.side,
        new: new.side,
        drift,
        passages,
        no_passages,
    })
}

fn version_of(artefact: &Artefact) -> Option<&str> {
    match &artefact.state {
        ArtefactState::Known { version, .. } => version.as_deref(),
        _ => None,
    }
}

/// The code that was in force before the present one: of approvals of this launch the newest, else what ran.
fn earlier<'m>(memory: &'m Memory, connector: &Connector, present: &Artefact) -> Option<&'m Artefact> {
    let mut approvals: Vec<_> = memory.decisions.approvals.iter().collect();
    approvals.sort_by_key(|approval| std::cmp::Reverse(approval.seq));
    let known = memory.connectors.get(&connector.id);
    let ran = known.and_then(|known| known.known.in_force.as_ref()).map(|(seen, _)| seen);
    let last = known.map(|known| &known.sighting.seen);
    let all = approvals.into_iter().map(|approval| &approval.seen).chain(ran).chain(last);
    let same_launch = all.filter(|seen| seen.fingerprint == connector.fingerprint);
    let mut known = same_launch.map(|seen| &seen.artefact).filter(|it| integrity(it).is_some());
    match integrity(present) {
        Some(now) => known.find(|it| integrity(it) != Some(now)),
        None => known.next(),
    }
}

impl Comparing<'_> {
    fn present(&self) -> Result<Version, CannotCompare> {
        let unknown = |reason: String| CannotCompare::PresentUnknown { reason };
        if let ArtefactState::Unknown { reason } = &self.found.artefact.state {
            return Err(unknown(reason.clone()));
        }
        if let Some(version) = version_of(&self.found.artefact).filter(|_| self.found.artefact.is_offer()) {
            let contents = self.fetched(version)?;
            return Ok(Version::of(contents, Some(version.to_owned()), SideSource::Registry));
        }
        let contents = match artefact::contents(&self.start, &self.found) {
            Ok(contents) => contents,
            Err(artefact::Unread::NoFiles) => return Err(CannotCompare::NotFollowed),
            Err(artefact::Unread::Refused(refused)) => return Err(refused.into()),
            Err(error) => return Err(unknown(error.to_string())),
        };
        let version = version_of(&self.found.artefact).map(str::to_owned);
        Ok(Version::of(contents, version, SideSource::Present))
    }

    /// A version that a person names.
    fn named(&self, version: &str) -> Result<Version, CannotCompare> {
        if version_of(&self.found.artefact) == Some(version) {
            return self.present();
        }
        let older = Older { version: Some(version), integrity: None };
        if let Some(contents) = artefact::archived(self.host, &self.start, &older)? {
            return Ok(Version::of(contents, Some(version.to_owned()), SideSource::Cache));
        }
        let contents = self.fetched(version)?;
        Ok(Version::of(contents, Some(version.to_owned()), SideSource::Registry))
    }

    /// What was in force before: its outline, and its bytes where they are to be had.
    fn before(&self, memory: &Memory, connector: &Connector) -> Result<Version, CannotCompare> {
        let then = earlier(memory, connector, &self.found.artefact).ok_or(CannotCompare::NothingBefore)?;
        let kept = integrity(then).and_then(|it| Outlines::of(self.host).get(it));
        let version = version_of(then).map(str::to_owned);
        let older = Older { version: version.as_deref(), integrity: integrity(then) };
        let cached = artefact::archived(self.host, &self.start, &older)?.map(|it| (it, SideSource::Cache));
        let found = match (cached, &version) {
            (Some(cached), _) => Ok(cached),
            (None, Some(version)) => self.fetched(version).map(|it| (it, SideSource::Registry)),
            (None, None) => {
                let (version, why) = (String::new(), NotAvailable::NoSuchVersion);
                Err(CannotCompare::NotKept { version, why })
            }
        };
        match (kept, found) {
            // The bytes of an archive count only where they are those that were in force.
            (Some(outline), Ok((contents, source))) if Outline::of(&contents).files == outline.files => {
                Ok(Version { side: Side { version, source }, outline, contents: Some(contents) })
            }
            (Some(outline), _) => {
                Ok(Version { side: Side { version, source: SideSource::Outline }, outline, contents: None })
            }
            (None, Ok((contents, source))) => Ok(Version::of(contents, version, source)),
            (None, Err(why)) => Err(why),
        }
    }

    fn fetched(&self, version: &str) -> Result<Contents, CannotCompare> {
        let line = &self.start.connector.launch_line;
        let registry = match line.ecosystem {
            Ecosystem::Npm => Registry::Npm,
            Ecosystem::Pypi => Registry::Pypi,
            _ => {
                let why = NotAvailable::NoSuchVersion;
                return Err(CannotCompare::NotKept { version: version.to_owned(), why });
            }
        };
        if Registries::has_own(self.start.connector) {
            let why = NotAvailable::Failed { reason: Failure::Private.name() };
            return Err(CannotCompare::NotKept { version: version.to_owned(), why });
        }
        let package = line.package.clone().unwrap_or_default();
        let name = format!("{package} {version}");
        let wanted = Wanted { registry, package, version: version.to_owned() };
        let fetched = self.source.fetch(&wanted);
        let bytes = fetched.map_err(|why| CannotCompare::NotKept { version: version.to_owned(), why })?;
        Ok(archive::read(&name, &bytes)?)
    }
}

impl Version {
    fn of(contents: Contents, version: Option<String>, source: SideSource) -> Self {
        let outline = Outline::of(&contents);
        Self {
            side: Side { version: version.or(outline.manifest.version.clone()), source },
            outline,
            contents: Some(contents),
        }
    }
}
