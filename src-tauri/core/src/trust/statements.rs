//! What others say of what runs, each statement with who made it and when; and what could not be learned, said as plainly.

use jiff::Timestamp;

use crate::facts::{
    ArtefactKind, ArtefactState, Attested, Domain, Fact, Facts, Image, Listing, NOT_ASKED, Opinion, Repository, Signed,
    Standing,
};

/// What came of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Told by the message `said-<code>`; where nothing was learned, the code is the question and `reason` says why.
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
    /// As `look-up-<reason>` tells it.
    pub reason: Option<String>,
    /// Who says so, and when.
    pub source: Option<(String, Timestamp)>,
}

/// Every statement there is, sorted.
pub const STATEMENTS: &[&str] = &[
    "advisories",
    "advisories-none",
    "attestation-broken",
    "attestation-holds",
    "domain-half-told",
    "domain-open",
    "domain-protected",
    "domain-silent",
    "domain-unclaimed",
    "image-named",
    "image-there",
    "listing-absent",
    "listing-foreign",
    "listing-inactive",
    "listing-mirrored",
    "listing-mutual",
    "namespace-there",
    "namespace-unclaimed",
    "opinion-built",
    "opinion-plain",
    "release-withdrawn",
    "repository-archived",
    "repository-fork",
    "repository-missing",
    "repository-there",
    "signature-broken",
    "signature-holds",
    "untold-advisories",
    "untold-attestation",
    "untold-domain",
    "untold-image",
    "untold-listing",
    "untold-namespace",
    "untold-opinion",
    "untold-repository",
    "untold-signature",
];

/// Why nothing is known, beside the failures of the network; sorted.
pub const REASONS: &[&str] = &[
    "attestation-no-identity",
    "attestation-no-statement",
    "attestation-not-verified",
    "attestation-other-digest",
    "attestation-other-repository",
    "attestation-other-subject",
    "attestation-unreadable",
    "elsewhere",
    "mirror",
    "no-claim",
    "no-entry-name",
    "no-package",
    "no-publisher-domain",
    "no-repository",
    "no-signatures",
    "not-attested",
    "not-signed",
    "other-repository-host",
    "shared-domain",
    "switched-off",
    "unknown-key",
    "version-not-told",
];

impl Statement {
    /// The reason for a word of trust that says the same.
    pub fn as_reason(&self) -> Option<&'static str> {
        Some(match self.code {
            "attestation-broken" => "attestation-broken",
            "attestation-holds" => "attested",
            "listing-mutual" => "listed",
            "signature-broken" => "registry-signature-broken",
            "signature-holds" => "registry-signed",
            _ => return None,
        })
    }

    /// What is said, or why nothing is.
    fn of<T>(
        fact: &Fact<T>,
        untold: &'static str,
        said: impl Fn(&T) -> (&'static str, Vec<(&'static str, String)>),
    ) -> Self {
        match fact {
            Fact::Known { value, source, at } => {
                let (code, args) = said(value);
                Self { code, args, reason: None, source: Some((source.clone(), *at)) }
            }
            Fact::Unknown { reason } => {
                Self { code: untold, args: Vec::new(), reason: Some(reason.clone()), source: None }
            }
        }
    }
}

/// Everything that others were asked about what runs. Empty where there is nothing to ask about.
pub fn statements(facts: &Facts) -> Vec<Statement> {
    let dossier = &facts.dossier;
    let listing = Statement::of(&dossier.listing, "untold-listing", listing);
    let domain = Statement::of(&dossier.domain, "untold-domain", domain);
    let opinion = Statement::of(&dossier.opinion, "untold-opinion", opinion);
    let namespace = Statement::of(&dossier.namespace, "untold-namespace", namespace);
    let (mut all, at_first_off) = match facts.artefact.kind {
        ArtefactKind::Npm | ArtefactKind::Pypi => {
            let is_npm = facts.artefact.kind == ArtefactKind::Npm;
            // Python's index signs nothing itself.
            let signature = is_npm.then(|| Statement::of(&dossier.signature, "untold-signature", signature));
            let mut all = vec![Statement::of(&dossier.attestation, "untold-attestation", attestation), listing];
            all.extend(signature);
            all.push(Statement::of(&dossier.repository, "untold-repository", repository));
            all.extend(withdrawn(facts));
            all.push(Statement::of(&dossier.advisories, "untold-advisories", |all| advisories(all.len())));
            (all, vec![domain, namespace, opinion])
        }
        ArtefactKind::Oci => {
            let all = vec![
                Statement::of(&dossier.image, "untold-image", |it| image(it, facts)),
                Statement::of(&dossier.attestation, "untold-attestation", attestation),
                listing,
                Statement::of(&dossier.repository, "untold-repository", repository),
            ];
            (all, vec![namespace])
        }
        ArtefactKind::Git => (vec![Statement::of(&dossier.repository, "untold-repository", repository)], Vec::new()),
        ArtefactKind::Remote => (vec![listing], vec![domain]),
        _ => return Vec::new(),
    };
    // Whose switch is off at first is not missed while it is.
    all.extend(at_first_off.into_iter().filter(|statement| statement.reason.as_deref() != Some(NOT_ASKED)));
    all
}

/// What the publisher says of the version itself; most say nothing.
fn withdrawn(facts: &Facts) -> Option<Statement> {
    let offer = facts.offer.as_ref().filter(|offer| offer.is_withdrawn)?;
    let source = Some((offer.registry.clone(), offer.at));
    Some(Statement { code: "release-withdrawn", args: Vec::new(), reason: None, source })
}

type Said = (&'static str, Vec<(&'static str, String)>);

fn attestation(attested: &Attested) -> Said {
    match attested {
        Attested::Holds { attestation, .. } => {
            let commit = attestation.commit.as_deref().map_or("–", |it| it.get(..12).unwrap_or(it));
            let workflow = attestation.workflow.as_deref().unwrap_or_else(|| attestation.builder());
            let args = vec![
                ("repository", attestation.repository.clone()),
                ("workflow", workflow.to_owned()),
                ("commit", commit.to_owned()),
            ];
            ("attestation-holds", args)
        }
        Attested::Broken { .. } => ("attestation-broken", Vec::new()),
    }
}

/// A launch that names the digest can run no other; a tag led elsewhere when this machine last fetched it, maybe.
fn image(image: &Image, facts: &Facts) -> Said {
    let digest = image.digest.strip_prefix("sha256:").unwrap_or(&image.digest);
    let digest = digest.get(..12).unwrap_or(digest).to_owned();
    let is_named =
        matches!(&facts.artefact.state, ArtefactState::Known { integrity, .. } if *integrity == image.digest);
    let code = if is_named { "image-named" } else { "image-there" };
    (code, vec![("digest", digest), ("created", day(image.created))])
}

fn listing(listing: &Listing) -> Said {
    let (code, name) = match listing {
        Listing::Mutual { name, standing: Standing::Active } => ("listing-mutual", name),
        Listing::Mutual { name, .. } => ("listing-inactive", name),
        Listing::Mirrored { name } => ("listing-mirrored", name),
        Listing::Foreign { name, .. } => ("listing-foreign", name),
        Listing::Absent { name } => ("listing-absent", name),
    };
    (code, vec![("entry", name.clone())])
}

/// The day alone.
fn day(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| at.to_string().split('T').next().unwrap_or_default().to_owned())
}

fn repository(repository: &Repository) -> Said {
    match repository {
        Repository::Missing { name } => ("repository-missing", vec![("repository", name.clone())]),
        Repository::There { name, created, changed, owner_since, is_archived, is_fork } => {
            let code = match (is_archived, is_fork) {
                (true, _) => "repository-archived",
                (false, true) => "repository-fork",
                (false, false) => "repository-there",
            };
            let args = vec![
                ("repository", name.clone()),
                ("created", day(*created)),
                ("changed", day(*changed)),
                ("owner", day(*owner_since)),
            ];
            (code, args)
        }
    }
}

fn domain(domain: &Domain) -> Said {
    let code = match domain {
        Domain { exists: false, .. } => "domain-unclaimed",
        Domain { takes_mail: false, .. } => "domain-silent",
        Domain { has_spf: Some(true), has_dmarc: Some(true), .. } => "domain-protected",
        Domain { has_spf: Some(false), .. } | Domain { has_dmarc: Some(false), .. } => "domain-open",
        Domain { .. } => "domain-half-told",
    };
    (code, vec![("domain", domain.name.clone()), ("registered", day(domain.registered))])
}

fn namespace(domain: &Domain) -> Said {
    let code = if domain.exists { "namespace-there" } else { "namespace-unclaimed" };
    (code, vec![("domain", domain.name.clone()), ("registered", day(domain.registered))])
}

fn opinion(opinion: &Opinion) -> Said {
    match &opinion.built_in {
        Some(repository) => ("opinion-built", vec![("repository", repository.clone())]),
        None => ("opinion-plain", Vec::new()),
    }
}

fn signature(signed: &Signed) -> Said {
    match signed {
        Signed::Holds { .. } => ("signature-holds", Vec::new()),
        Signed::Broken => ("signature-broken", Vec::new()),
    }
}

fn advisories(count: usize) -> Said {
    match count {
        0 => ("advisories-none", Vec::new()),
        _ => ("advisories", vec![("count", count.to_string())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Artefact, Dossier, Offer};

    fn told(kind: ArtefactKind, dossier: Dossier) -> Vec<(&'static str, Option<String>)> {
        let facts = Facts { dossier, ..Facts::not_looked(kind) };
        let all = statements(&facts);
        assert!(all.iter().all(|one| STATEMENTS.contains(&one.code)), "{all:?}");
        all.into_iter().map(|one| (one.code, one.reason)).collect()
    }

    #[test]
    fn what_could_not_be_learned_is_said_as_plainly_as_what_was() {
        assert!(STATEMENTS.is_sorted() && REASONS.is_sorted());
        let why = |code, reason: &str| (code, Some(reason.to_owned()));
        let at = Timestamp::UNIX_EPOCH;
        let dossier = Dossier {
            advisories: Fact::known(Vec::new(), "osv.example", at),
            listing: Fact::unknown("timed-out"),
            signature: Fact::known(Signed::Broken, "registry.example", at),
            ..Dossier::default()
        };
        let all = told(ArtefactKind::Npm, dossier.clone());
        assert_eq!(
            all,
            [
                why("untold-attestation", "not-asked"),
                why("untold-listing", "timed-out"),
                ("signature-broken", None),
                why("untold-repository", "not-asked"),
                ("advisories-none", None),
            ]
        );
        // Python's index signs nothing itself, and of a host there is only whether its owner lists it.
        assert_eq!(told(ArtefactKind::Pypi, dossier.clone()).len(), 4);
        assert_eq!(told(ArtefactKind::Remote, dossier.clone()), [why("untold-listing", "timed-out")]);
        assert_eq!(told(ArtefactKind::File, dossier), []);
    }

    #[test]
    fn a_statement_that_is_a_reason_too_is_one_that_there_is() {
        let all = STATEMENTS.iter().map(|code| Statement { code, args: Vec::new(), reason: None, source: None });
        let reasons: Vec<_> = all.filter_map(|one| one.as_reason()).collect();
        assert_eq!(reasons.len(), 5);
        assert!(reasons.iter().all(|reason| super::super::REASONS.contains(reason)));
    }

    #[test]
    fn every_repository_domain_and_opinion_has_its_words() {
        let known = |dossier: Dossier| {
            let all = told(ArtefactKind::Npm, dossier).into_iter().filter(|one| one.1.is_none());
            all.map(|one| one.0).collect::<Vec<_>>()
        };
        let at = Timestamp::UNIX_EPOCH;
        let there = |is_archived, is_fork| Repository::There {
            name: "acme/mail".to_owned(),
            created: None,
            changed: Some(at),
            owner_since: None,
            is_archived,
            is_fork,
        };
        let all = [
            (there(false, false), "repository-there"),
            (there(true, true), "repository-archived"),
            (there(false, true), "repository-fork"),
            (Repository::Missing { name: "acme/mail".to_owned() }, "repository-missing"),
        ];
        for (repository, code) in all {
            let repository = Fact::known(repository, "git.example", at);
            assert_eq!(known(Dossier { repository, ..Dossier::default() }), [code]);
        }
        let of = |exists, takes_mail, has_spf, has_dmarc| Domain {
            name: "acme.dev".to_owned(),
            exists,
            takes_mail,
            has_spf,
            has_dmarc,
            registered: None,
            expires: None,
        };
        let all = [
            (of(false, false, Some(false), Some(false)), "domain-unclaimed"),
            (of(true, false, Some(true), Some(true)), "domain-silent"),
            (of(true, true, Some(true), Some(true)), "domain-protected"),
            (of(true, true, Some(true), Some(false)), "domain-open"),
            (of(true, true, Some(false), None), "domain-open"),
            (of(true, true, Some(true), None), "domain-half-told"),
            (of(true, true, None, None), "domain-half-told"),
        ];
        for (domain, code) in all {
            let domain = Fact::known(domain, "names.example", at);
            assert_eq!(known(Dossier { domain, ..Dossier::default() }), [code]);
        }
        let built = Opinion { built_in: Some("git.example/acme/mail".to_owned()), ..Opinion::default() };
        for (opinion, code) in [(built, "opinion-built"), (Opinion::default(), "opinion-plain")] {
            let opinion = Fact::known(opinion, "index.example", at);
            assert_eq!(known(Dossier { opinion, ..Dossier::default() }), [code]);
        }
    }

    #[test]
    fn what_a_publisher_took_back_is_said() {
        let of = |is_withdrawn| {
            let (registry, at) = ("registry.example".to_owned(), Timestamp::UNIX_EPOCH);
            let offer = Offer {
                is_installed: true,
                published: None,
                publisher: None,
                is_withdrawn,
                is_default: true,
                registry,
                at,
            };
            let facts = Facts { offer: Some(offer), ..Facts::not_looked(ArtefactKind::Npm) };
            statements(&facts).iter().any(|one| one.code == "release-withdrawn" && one.source.is_some())
        };
        assert_eq!((of(true), of(false)), (true, false));
    }

    /// What is not known of an image, and of a repository that is run as it is, is said of each in turn.
    #[test]
    fn images_and_repositories_have_statements_of_their_own() {
        let codes = |kind, dossier| told(kind, dossier).into_iter().map(|one| one.0).collect::<Vec<_>>();
        let untold = ["untold-image", "untold-attestation", "untold-listing", "untold-repository"];
        assert_eq!(codes(ArtefactKind::Oci, Dossier::default()), untold);
        assert_eq!(codes(ArtefactKind::Git, Dossier::default()), ["untold-repository"]);
        let at = Timestamp::UNIX_EPOCH;
        let known = |exists| {
            let domain = Domain { name: "acme.dev".to_owned(), exists, ..Domain::default() };
            Dossier { namespace: Fact::known(domain, "names.example", at), ..Dossier::default() }
        };
        for (exists, code) in [(true, "namespace-there"), (false, "namespace-unclaimed")] {
            assert!(codes(ArtefactKind::Oci, known(exists)).contains(&code));
        }
        let image = Image { digest: format!("sha256:{}", "a".repeat(64)), ..Image::default() };
        let dossier = Dossier { image: Fact::known(image, "registry.example", at), ..Dossier::default() };
        assert_eq!(codes(ArtefactKind::Oci, dossier.clone())[0], "image-there");
        let (integrity, source) = (format!("sha256:{}", "a".repeat(64)), "launch".to_owned());
        let state = ArtefactState::Known { version: None, integrity, source };
        let artefact = Artefact { kind: ArtefactKind::Oci, state };
        let named = Facts { artefact, dossier, ..Facts::not_looked(ArtefactKind::Oci) };
        assert_eq!(statements(&named)[0].code, "image-named");
    }

    #[test]
    fn every_listing_has_its_words() {
        let name = || "io.github.acme/mail".to_owned();
        let all = [
            (Listing::Mutual { name: name(), standing: Standing::Active }, "listing-mutual"),
            (Listing::Mutual { name: name(), standing: Standing::Deleted }, "listing-inactive"),
            (Listing::Mirrored { name: name() }, "listing-mirrored"),
            (Listing::Foreign { name: name(), packages: Vec::new() }, "listing-foreign"),
            (Listing::Absent { name: name() }, "listing-absent"),
        ];
        for (listing, code) in all {
            let dossier =
                Dossier { listing: Fact::known(listing, "l.example", Timestamp::UNIX_EPOCH), ..Dossier::default() };
            assert_eq!(told(ArtefactKind::Remote, dossier), [(code, None)]);
        }
    }
}
