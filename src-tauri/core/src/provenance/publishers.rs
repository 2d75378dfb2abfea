//! Who published a version of a Python package: its index says so beside the attestation, of which it gives the address.
//!
//! The index's own word, as npm's is of an account; whether the attestation itself holds is not checked.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::facts::{Publication, Release};
use crate::network::{Access, Answer, Ask, Failure, Network, Purpose};

use super::pypi::ACCEPT_PROVENANCE;
use super::services::read_json;
use super::{Index, Package, versions};

/// A bundle has a few certificates for each file.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// An answer of the index (PEP 740).
#[derive(Deserialize)]
struct Provenance {
    attestation_bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
struct Bundle {
    publisher: Publisher,
}

#[derive(PartialEq, Eq, Deserialize)]
struct Publisher {
    kind: String,
    #[serde(default)]
    repository: Option<String>,
    #[serde(default)]
    workflow: Option<String>,
    /// CircleCI's word for the repository, with its host.
    #[serde(default)]
    vcs_origin: Option<String>,
    /// GitLab's word for the workflow.
    #[serde(default)]
    workflow_filepath: Option<String>,
    /// Google's account.
    #[serde(default)]
    email: Option<String>,
}

/// Names the publishers of the versions that matter, as far as the index tells. What is not told stays unknown.
pub fn name_publishers<'a>(
    network: &Network,
    publications: impl Iterator<Item = (&'a Package, &'a mut Publication, &'a BTreeSet<String>)>,
    anew: bool,
) {
    let mut releases = Vec::new();
    for (package, publication, wanted) in publications.filter(|(package, ..)| package.index == Index::Pypi) {
        let of_interest = versions(package, wanted, publication);
        let all = publication.releases.iter_mut().filter(|(version, _)| of_interest.contains(*version));
        releases.extend(all.filter_map(|(_, release)| Some((ask(release, anew)?, release))));
    }
    let answers = network.ask(releases.iter().map(|(ask, _)| ask.clone()).collect());
    for ((_, release), answer) in releases.into_iter().zip(answers) {
        if let Ok(publisher) = answer.and_then(|answer| read(&answer)) {
            release.repository = publisher.address();
            release.publisher = Some(publisher.name());
        }
    }
}

fn ask(release: &Release, anew: bool) -> Option<Ask> {
    let url = Url::parse(release.attestation.as_deref()?).ok()?;
    Some(Ask {
        url,
        accept: ACCEPT_PROVENANCE,
        purpose: Purpose::Publishers,
        most_bytes: MOST_BYTES,
        anew,
        holds_for: Duration::ZERO,
        access: Access::Anybody,
    })
}

/// The one publisher of all bundles.
fn read(answer: &Answer) -> Result<Publisher, Failure> {
    let provenance: Provenance = read_json(answer)?;
    let mut publishers = provenance.attestation_bundles.into_iter().map(|bundle| bundle.publisher);
    let first = publishers.next().ok_or(Failure::Unreadable)?;
    if publishers.any(|other| other != first) || first.who().is_none() {
        return Err(Failure::Unreadable);
    }
    Ok(first)
}

impl Publisher {
    fn who(&self) -> Option<&str> {
        [&self.repository, &self.vcs_origin, &self.email]
            .into_iter()
            .find_map(|it| it.as_deref())
            .filter(|who| !who.is_empty())
    }

    fn name(&self) -> String {
        let words = ["trusted publisher", &self.kind, self.who().unwrap_or_default()];
        let workflow = self.workflow.as_deref().or(self.workflow_filepath.as_deref());
        words.into_iter().chain(workflow).collect::<Vec<_>>().join(" ")
    }

    /// `github.com/owner/name`.
    fn address(&self) -> Option<String> {
        let host = match self.kind.to_ascii_lowercase().as_str() {
            "github" => "github.com",
            "gitlab" => "gitlab.com",
            _ => return self.vcs_origin.as_deref().map(str::to_ascii_lowercase),
        };
        Some(format!("{host}/{}", self.repository.as_deref()?.to_ascii_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::inquiries::{always, publication, told as told_by, troubles};
    use super::*;
    use crate::network::web::Says;

    fn told(body: &Value) -> Option<(String, Option<String>)> {
        let at = "2026-11-01T00:00:00Z".parse().expect("a time");
        let answer = Answer { body: body.to_string().into(), content_type: Some(ACCEPT_PROVENANCE.to_owned()), at };
        read(&answer).ok().map(|publisher| (publisher.name(), publisher.address()))
    }

    fn bundles(publishers: &[Value]) -> Value {
        let bundle = |publisher| json!({"publisher": publisher, "attestations": []});
        json!({"version": 1, "attestation_bundles": publishers.iter().map(bundle).collect::<Vec<_>>()})
    }

    #[test]
    fn the_publisher_is_told_as_the_index_knows_it() {
        let check = |publisher: Value, name: &str, address: Option<&str>| {
            assert_eq!(told(&bundles(&[publisher])), Some((name.to_owned(), address.map(str::to_owned))));
        };
        check(
            json!({"kind": "GitHub", "repository": "Someone/Mail", "workflow": "release.yml", "environment": "pypi"}),
            "trusted publisher GitHub Someone/Mail release.yml",
            Some("github.com/someone/mail"),
        );
        check(
            json!({"kind": "GitLab", "repository": "group/mail", "workflow_filepath": ".gitlab-ci.yml"}),
            "trusted publisher GitLab group/mail .gitlab-ci.yml",
            Some("gitlab.com/group/mail"),
        );
        check(
            json!({"kind": "CircleCI", "project_id": "7", "vcs_origin": "github.com/Someone/Mail", "vcs_ref": "refs/heads/main"}),
            "trusted publisher CircleCI github.com/Someone/Mail",
            Some("github.com/someone/mail"),
        );
        check(
            json!({"kind": "Google", "email": "build@cloud.example"}),
            "trusted publisher Google build@cloud.example",
            None,
        );
    }

    #[test]
    fn no_trouble_of_an_index_is_taken_for_a_publisher() {
        let good = bundles(&[json!({"kind": "GitHub", "repository": "someone/mail"})]).to_string();
        let of = |says: &Says| {
            let web = always(says);
            let release = Release { attestation: Some(format!("{}/provenance", web.base())), ..Release::default() };
            let told = std::cell::Cell::new(None);
            let ask = |inquiry: &super::super::Inquiry<'_>, _: &mut _| {
                let package = Package { index: Index::Pypi, name: "mail-mcp".to_owned() };
                let (mut list, wanted) = (publication("1.0.0", release.clone()), BTreeSet::from(["1.0.0".to_owned()]));
                name_publishers(inquiry.network, [(&package, &mut list, &wanted)].into_iter(), false);
                told.set(list.releases["1.0.0"].publisher.clone());
            };
            told_by(ask, &super::super::Mirrors::default(), &[]);
            told.take()
        };
        assert_eq!(of(&Says::json(good.as_str())).as_deref(), Some("trusted publisher GitHub someone/mail"));
        for (says, reason) in troubles(&good, MOST_BYTES).into_iter().chain([(Says::status(404), "not-found")]) {
            assert_eq!(of(&says), None, "{reason}");
        }
    }

    #[test]
    fn what_is_not_told_as_one_publisher_is_not_known() {
        let one = json!({"kind": "GitHub", "repository": "someone/mail", "workflow": "release.yml"});
        let other = json!({"kind": "GitHub", "repository": "other/mail", "workflow": "release.yml"});
        assert!(told(&bundles(&[one.clone(), one.clone()])).is_some());
        let odd = [
            bundles(&[one, other]),
            bundles(&[]),
            bundles(&[json!({"kind": "GitHub"})]),
            bundles(&[json!({"kind": "GitHub", "repository": ""})]),
            bundles(&[json!({"repository": "someone/mail"})]),
            bundles(&[json!("GitHub")]),
            json!({}),
            json!([]),
            json!("text"),
        ];
        for body in odd {
            assert_eq!(told(&body), None, "{body}");
        }
    }
}
