//! Which image a tag leads to on this machine, as far as files tell. No daemon is asked.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::launch_line::Pin;

use super::settings::text;
use super::{Code, Look, Reason, Source};

/// Finds the image of `docker run`, `podman run` and `nerdctl run`.
pub(super) fn look(look: &mut Look<'_>) -> Result<Code, Reason> {
    let line = look.line();
    let image = line.normalized_package().ok_or(Reason::PackageNotTold)?;
    let known = |integrity: String, source: Source, from: PathBuf| {
        let version = line.version.clone();
        Code { version, integrity, source, from, partly: false, shadow: None, digest: None }
    };
    // A digest in the launch is the image, whoever has it.
    if let (Some(Pin::Digest), Some(digest)) = (line.pin, &line.version) {
        let code = known(digest.clone(), Source::Launch, PathBuf::new());
        return Ok(Code { version: None, ..code });
    }
    let wanted = format!("{image}:{}", line.version.as_deref().unwrap_or("latest"));
    let words = look.start.connector.launch.command.iter().chain(&look.start.connector.launch.args);
    let is = |name: &str| words.clone().any(|word| word.rsplit(['/', '\\']).next().is_some_and(|it| it == name));
    if is("podman") {
        for file in podman(look)? {
            if let Some((id, digest)) = of_podman(&file, &wanted)? {
                return Ok(Code { digest, ..known(format!("sha256:{id}"), Source::ImageStore, file) });
            }
        }
        return Err(Reason::NotInstalled);
    }
    if is("nerdctl") {
        return Err(Reason::ImageStoreClosed);
    }
    let file = docker(look);
    let repositories = text(&file).ok_or(Reason::ImageStoreClosed)?;
    let repositories: Json = serde_json::from_str(&repositories).map_err(|_| Reason::ImageStoreClosed)?;
    let short =
        wanted.strip_prefix("docker.io/library/").or_else(|| wanted.strip_prefix("docker.io/")).unwrap_or(&wanted);
    let mut tags = repositories["Repositories"].as_object().into_iter().flat_map(|it| it.values());
    let (tags, id) = tags.find_map(|tags| Some((tags, tags[short].as_str()?))).ok_or(Reason::NotInstalled)?;
    // The names by digest stand beside those by tag. An image that was built here has none, and two if it was pulled twice.
    let by_digest = tags.as_object().into_iter().flatten().filter(|(_, of)| of.as_str() == Some(id));
    let mut digests = by_digest.filter_map(|(name, _)| Some(name.rsplit_once('@')?.1.to_owned()));
    let digest = digests.next().filter(|_| digests.next().is_none());
    Ok(Code { digest, ..known(id.to_owned(), Source::ImageStore, file) })
}

/// Docker's list of tags; only the administrator may read it, and with another image store it is not kept.
pub(super) fn docker(look: &Look<'_>) -> PathBuf {
    look.host.root.join("var/lib/docker/image/overlay2/repositories.json")
}

/// Podman's lists of images of this user, one for each way of storing them.
pub(super) fn podman(look: &Look<'_>) -> Result<Vec<PathBuf>, Reason> {
    let storage = look.settings().data()?.join("containers/storage");
    Ok(["overlay", "vfs", "btrfs"].map(|driver| storage.join(format!("{driver}-images/images.json"))).into())
}

/// The id of an image, and its digest where it came from a registry.
fn of_podman(file: &Path, wanted: &str) -> Result<Option<(String, Option<String>)>, Reason> {
    let Some(images) = text(file) else { return Ok(None) };
    let images: Json = serde_json::from_str(&images).map_err(|_| Reason::ImageStoreClosed)?;
    let has_name =
        |image: &&Json| image["names"].as_array().into_iter().flatten().any(|name| name.as_str() == Some(wanted));
    let found = images.as_array().into_iter().flatten().find(has_name);
    Ok(found.and_then(|image| Some((image["id"].as_str()?.to_owned(), image["digest"].as_str().map(str::to_owned)))))
}
