//! The package URL of a launch.

use packageurl::PackageUrl;

use super::Ecosystem;
use super::LaunchLine;
use super::Pin;
use super::containers;
use super::pypi;

/// Builds the package URL; `None` where the ecosystem has none or the package is not told.
pub(super) fn of(line: &LaunchLine) -> Option<String> {
    let package = line.package.as_deref()?;
    let version = line.version.as_deref();
    let exact = version.filter(|_| line.pin == Some(Pin::Exact));
    let purl = match line.ecosystem {
        Ecosystem::Npm => {
            let (scope, name) = package.split_once('/').map_or((None, package), |(scope, name)| (Some(scope), name));
            build("npm", scope, name, exact.map(|it| it.trim_start_matches(['=', 'v'])), &[])
        }
        Ecosystem::Pypi => build("pypi", None, &pypi::normalized(package), exact, &[]),
        Ecosystem::Nuget => build("nuget", None, package, exact, &[]),
        Ecosystem::Oci => {
            let full = containers::full_name(package).to_ascii_lowercase();
            let name = full.rsplit('/').next().unwrap_or_default();
            let digest = version.filter(|_| line.pin == Some(Pin::Digest));
            let tag = version.filter(|_| matches!(line.pin, Some(Pin::Tag | Pin::Latest)));
            let qualifiers: Vec<_> =
                [Some(("repository_url", full.as_str())), tag.map(|it| ("tag", it))].into_iter().flatten().collect();
            build("oci", None, name, digest, &qualifiers)
        }
        Ecosystem::Git => {
            let (owner, name) = package.strip_prefix("github.com/")?.split_once('/')?;
            // Only `owner/repository` is a package there.
            if name.contains('/') {
                return None;
            }
            build("github", Some(owner), name, version.filter(|_| line.pin != Some(Pin::None)), &[])
        }
        _ => None,
    };
    purl.map(|it| it.to_string())
}

fn build<'a>(
    ty: &'static str,
    namespace: Option<&'a str>,
    name: &'a str,
    version: Option<&'a str>,
    qualifiers: &[(&'static str, &'a str)],
) -> Option<PackageUrl<'static>> {
    let mut purl = PackageUrl::new(ty, name.to_owned()).ok()?;
    if let Some(namespace) = namespace {
        purl.with_namespace(namespace.to_owned()).ok()?;
    }
    if let Some(version) = version {
        purl.with_version(version.to_owned()).ok()?;
    }
    for (key, value) in qualifiers {
        purl.add_qualifier(*key, (*value).to_owned()).ok()?;
    }
    purl.validate().ok()?;
    Some(purl)
}
