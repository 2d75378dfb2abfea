//! Images: where a name leads in its registry, and what the image says of itself.
//!
//! Only registries that known connectors' images come from are asked: any other may be a private one. What a registry hands
//! out under a digest is compared with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use oci_spec::distribution::Reference;
use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::catalogue::{Catalogue, Kind};
use crate::facts::{Dossier, Fact, Image};
use crate::launch_line::{LaunchLine, Pin};
use crate::network::{Access, Answer, Ask, Failure, Purpose};

use super::npm::plain;
use super::services::{Inquiry, Origin, Subject, all_day};

/// The longest list of forms, or description of one, that registries take.
pub(super) const MOST_BYTES: usize = 4 * 1024 * 1024;

pub(super) const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// Labels of an image, or annotations beside it: some builders write the one, some the other.
const ENTRY: &str = "io.modelcontextprotocol.server.name";
const SOURCE: &str = "org.opencontainers.image.source";

/// A list of an image's forms, or one form.
#[derive(Default, Deserialize)]
pub(super) struct Manifest {
    #[serde(default)]
    pub(super) manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    pub(super) layers: Vec<Descriptor>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) digest: String,
    #[serde(default)]
    pub(super) media_type: String,
    #[serde(default)]
    pub(super) artifact_type: Option<String>,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    pub(super) annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Platform {
    #[serde(default)]
    os: String,
}

impl Manifest {
    /// The form for containers of Linux: labels are the same in all. What is for no system describes how it was built.
    fn form(&self) -> Option<&Descriptor> {
        let is_linux = |it: &&Descriptor| it.platform.as_ref().is_none_or(|platform| platform.os == "linux");
        self.manifests.iter().flatten().find(is_linux)
    }
}

/// The whole name of the image of a launch; `None` where its registry may be private.
pub(super) fn name(line: &LaunchLine) -> Option<String> {
    let image = line.normalized_package().filter(|_| line.unknown.is_none())?;
    let whole = match (line.pin, line.version.as_deref()) {
        (Some(Pin::Digest), Some(digest)) => format!("{image}@{digest}"),
        (_, Some(tag)) => format!("{image}:{tag}"),
        (_, None) => image,
    };
    let reference: Reference = whole.parse().ok()?;
    is_public(reference.registry()).then(|| reference.whole())
}

/// Whether two names are of the same image, whatever its version.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let image = |name: &str| {
        let reference: Reference = name.strip_prefix("docker://").unwrap_or(name).parse().ok()?;
        Some((reference.registry().to_owned(), reference.repository().to_owned()))
    };
    image(one).is_some_and(|it| Some(it) == image(other))
}

fn is_public(registry: &str) -> bool {
    static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let images = Catalogue::compiled().entries.iter().filter(|entry| entry.kind == Kind::Oci);
        images.filter_map(|entry| Some(entry.name.split_once('/')?.0)).collect()
    });
    KNOWN.contains(registry)
}

/// Where an image is asked about.
pub(super) struct Place {
    /// `https://registry/v2/owner/name/`
    base: Option<Url>,
    /// Whose token is shared.
    guest: String,
    pub(super) host: String,
    /// A tag or a digest.
    version: String,
}

impl Place {
    pub(super) fn of(inquiry: &Inquiry<'_>, image: &str) -> Option<Self> {
        let reference: Reference = image.parse().ok()?;
        let service = match &inquiry.registries.endpoints.images {
            Ok(Some(told)) => Some(told.clone()),
            Ok(None) => Url::parse(&format!("https://{}/", reference.resolve_registry())).ok(),
            Err(_) => None,
        };
        let base = service.and_then(|it| it.join(&format!("v2/{}/", reference.repository())).ok());
        let host = base.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
        let version = reference.digest().or(reference.tag()).unwrap_or("latest").to_owned();
        Some(Self { base, guest: format!("{host}/{}", reference.repository()), host, version })
    }

    /// One that needs no asking twice a day.
    pub(super) fn ask(&self, inquiry: &Inquiry<'_>, path: &str, accept: &'static str, purpose: Purpose) -> Option<Ask> {
        // A digest is no scheme of an address.
        let url = self.base.as_ref()?.join(&format!("./{path}")).ok()?;
        let access = Access::Guest(self.guest.clone());
        Some(Ask { access, ..all_day(inquiry, url, accept, purpose, MOST_BYTES) })
    }
}

/// `sha256:…` of what a registry handed out.
fn digest(body: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(body)))
}

/// What was handed out under a digest, if it has that digest.
pub(super) fn under(asked: &str, answer: Result<Answer, Failure>) -> Result<Answer, Failure> {
    let answer = answer?;
    if digest(&answer.body) == asked { Ok(answer) } else { Err(Failure::OtherBytes) }
}

/// Reads a list of forms, or one form. Its kind is told by what it holds: some registries call all of them text.
pub(super) fn manifest(answer: &Answer) -> Result<Manifest, Failure> {
    let told: Json = serde_json::from_slice(&answer.body).map_err(|_| Failure::Unreadable)?;
    // An empty list would do for all of it.
    if !told.is_object() {
        return Err(Failure::Unreadable);
    }
    serde_json::from_value(told).map_err(|_| Failure::Unreadable)
}

/// One image on its way.
struct Found {
    digest: String,
    at: jiff::Timestamp,
    /// Annotations, then labels.
    told: BTreeMap<String, String>,
    created: Option<jiff::Timestamp>,
    /// Still to be read: a form, or what is set in it.
    form: Option<String>,
    config: Option<String>,
}

impl Found {
    fn of(place: &Place, answer: Result<Answer, Failure>) -> Result<Self, Failure> {
        let answer = match place.version.starts_with("sha256:") {
            true => under(&place.version, answer),
            false => answer,
        }?;
        let manifest = manifest(&answer)?;
        let form = manifest.form().map(|it| it.digest.clone());
        let config = manifest.config.map(|it| it.digest);
        if form.is_none() && config.is_none() {
            return Err(Failure::Unreadable);
        }
        let (told, created) = (manifest.annotations, None);
        Ok(Self { digest: digest(&answer.body), at: answer.at, told, created, form, config })
    }

    fn read_form(&mut self, asked: &str, answer: Result<Answer, Failure>) -> Result<(), Failure> {
        let manifest = manifest(&under(asked, answer)?)?;
        self.told.extend(manifest.annotations);
        self.config = manifest.config.map(|it| it.digest);
        Ok(())
    }

    fn read_config(&mut self, asked: &str, answer: Result<Answer, Failure>) -> Result<(), Failure> {
        let config: Json = serde_json::from_slice(&under(asked, answer)?.body).map_err(|_| Failure::Unreadable)?;
        let labels = config["config"]["Labels"].as_object().into_iter().flatten();
        self.told.extend(labels.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))));
        self.created = config["created"].as_str().and_then(|it| it.parse().ok());
        Ok(())
    }

    fn into_image(self) -> Image {
        Image {
            repository: self.told.get(SOURCE).and_then(|it| plain(it)),
            listed_as: self.told.get(ENTRY).cloned(),
            digest: self.digest,
            // Builders that make the same bytes each time write a time that was never.
            created: self.created.filter(|at| at.as_second() > 0),
        }
    }
}

/// Asks for all images: their names, then their forms, then their labels.
pub(super) fn fill(inquiry: &Inquiry<'_>, dossiers: &mut BTreeMap<Subject, Dossier>) {
    let places: Vec<(Subject, Place)> = dossiers
        .keys()
        .filter_map(|subject| {
            let Origin::Image(image) = &subject.origin else { return None };
            Some((subject.clone(), Place::of(inquiry, image)?))
        })
        .collect();
    let name = |place: &Place| place.ask(inquiry, &format!("manifests/{}", place.version), MANIFESTS, Purpose::Images);
    let answers = inquiry.ask_each(places.iter().map(|(_, place)| name(place)).collect());
    let mut all: Vec<Result<Found, Failure>> =
        places.iter().zip(answers).map(|((_, place), answer)| Found::of(place, answer)).collect();
    let form = |found: &mut Found| found.form.take().map(|digest| (format!("manifests/{digest}"), digest));
    step(inquiry, &places, &mut all, form, Found::read_form);
    let config = |found: &mut Found| found.config.take().map(|digest| (format!("blobs/{digest}"), digest));
    step(inquiry, &places, &mut all, config, Found::read_config);
    for ((subject, place), found) in places.into_iter().zip(all) {
        let Some(dossier) = dossiers.get_mut(&subject) else { continue };
        dossier.image = match found {
            Ok(found) => {
                let at = found.at;
                Fact::known(found.into_image(), place.host, at)
            }
            Err(failure) => Fact::unknown(failure.name()),
        };
    }
}

/// Asks for one more thing of each image that has it; what fails there fails for the image.
fn step(
    inquiry: &Inquiry<'_>,
    places: &[(Subject, Place)],
    all: &mut [Result<Found, Failure>],
    next: impl Fn(&mut Found) -> Option<(String, String)>,
    read: impl Fn(&mut Found, &str, Result<Answer, Failure>) -> Result<(), Failure>,
) {
    let mut waiting = Vec::new();
    let mut asks = Vec::new();
    for ((_, place), found) in places.iter().zip(all.iter_mut()) {
        let Some((path, digest)) = found.as_mut().ok().and_then(&next) else { continue };
        asks.push(place.ask(inquiry, &path, MANIFESTS, Purpose::Images));
        waiting.push((digest, found));
    }
    for ((digest, found), answer) in waiting.into_iter().zip(inquiry.ask_each(asks)) {
        if let Ok(one) = found
            && let Err(failure) = read(one, &digest, answer)
        {
            *found = Err(failure);
        }
    }
}

#[cfg(test)]
mod tests;
