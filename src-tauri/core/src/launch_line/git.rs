//! Reads addresses of git repositories as package managers write them.

use super::Ecosystem;
use super::Pin;
use super::spec::Spec;

/// Hosts whose plain web addresses package managers read as repositories.
pub(super) const FORGES: [&str; 3] = ["github.com", "gitlab.com", "bitbucket.org"];

/// Where an address names the commit, branch or tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefAt {
    /// `…#ref`, as npm writes it.
    Hash,
    /// `…@ref#subdirectory=…`, as Python writes it.
    At,
}

/// Reads `git+https://…`, `ssh://…`, `git@host:owner/repo` and the like. User names and tokens are left out.
pub(super) fn spec(address: &str, place: RefAt) -> Spec {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let (address, fragment) = address.split_once('#').map_or((address, None), |(a, f)| (a, Some(f)));
    let rest = match address.split_once("://") {
        Some(("file", _)) => return Spec::local(address),
        Some((_, rest)) => rest.to_owned(),
        // `git@host:owner/repo` is short for ssh.
        None => address.replacen(':', "/", 1),
    };
    let Some((authority, path)) = rest.split_once('/') else { return Spec::unknown("the repository is not named") };
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase();
    let (path, at) = match (place, path.rsplit_once('@')) {
        (RefAt::At, Some((path, at))) => (path, Some(at)),
        _ => (path, None),
    };
    let reference = match place {
        RefAt::Hash => fragment,
        RefAt::At => at,
    };
    of_repository(&host, path, reference)
}

/// Reads a repository whose host, path and reference are already apart.
pub(super) fn of_repository(host: &str, path: &str, reference: Option<&str>) -> Spec {
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'~' | b'+');
    if host.is_empty() || path.is_empty() || !host.bytes().all(is_name) || !path.bytes().all(is_name) {
        return Spec::unknown("the repository is not named");
    }
    let reference = reference.filter(|it| !it.is_empty());
    let pin = match reference {
        None => Pin::GitHead,
        Some(commit) if commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()) => Pin::Digest,
        Some(_) => Pin::GitRef,
    };
    Spec::named(Ecosystem::Git, &format!("{host}/{path}"), reference, pin)
}
