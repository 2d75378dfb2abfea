//! What a registry would give a launch, and what that makes of the facts about it.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use jiff::{SignedDuration, Timestamp};
use nodejs_semver::{Range, Version};
use pep440_rs::{Version as PythonVersion, VersionSpecifiers};

use crate::artefact::{Reason, Source};
use crate::facts::{Artefact, ArtefactState, Dossier, Facts, History, Missing, Offer, Publication, Release};
use crate::launch_line::{Ecosystem, LaunchLine, Pin};

/// Versions of one package that are kept; the newest.
const MOST_RELEASES: usize = 80;

/// What npm puts in the place of a package that it took down.
const HOLDER: &str = "github.com/npm/security-holder";

/// What counts beside what was found.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    pub now: Timestamp,
    /// In days: younger code is not past it.
    pub cooldown: u32,
    /// The package manager takes no version that was published later.
    pub before: Option<Timestamp>,
    /// What is in force under this launch.
    pub approved: Option<&'a Artefact>,
    /// What the registry said of that version, whether or not it still has it.
    pub told: Option<&'a Release>,
}

/// The newest of all versions, and those that are wanted.
pub(super) fn newest(all: BTreeMap<String, Release>, wanted: &BTreeSet<String>) -> BTreeMap<String, Release> {
    if all.len() <= MOST_RELEASES {
        return all;
    }
    let mut by_age: Vec<_> = all.iter().map(|(version, release)| (release.published, version.clone())).collect();
    by_age.sort();
    let kept: BTreeSet<_> = by_age.into_iter().rev().take(MOST_RELEASES).map(|(_, version)| version).collect();
    all.into_iter().filter(|(version, _)| kept.contains(version) || wanted.contains(version)).collect()
}

/// The version that a package manager would fetch for a launch. `None` where the registry has none that fits, or it cannot
/// be told.
pub fn offered<'a>(
    line: &LaunchLine,
    publication: &'a Publication,
    terms: &Terms<'_>,
) -> Option<(&'a str, &'a Release)> {
    let is_old_enough =
        |release: &Release| terms.before.is_none_or(|before| release.published.is_some_and(|at| at <= before));
    let allowed: Vec<_> = publication
        .releases
        .iter()
        .filter(|(_, release)| is_old_enough(release))
        .map(|(version, release)| (version.as_str(), release))
        .collect();
    let wanted = line.version.as_deref().unwrap_or_default();
    match line.ecosystem {
        Ecosystem::Npm => of_npm(line.pin?, wanted, publication, &allowed),
        Ecosystem::Pypi => of_pypi(line.pin?, wanted, &allowed),
        _ => None,
    }
}

type Candidate<'a> = (&'a str, &'a Release);

/// As `npm-pick-manifest` chooses: what a tag stands for, of a range `latest` where it fits, else the highest; what is
/// deprecated last.
fn of_npm<'a>(pin: Pin, wanted: &str, all: &'a Publication, allowed: &[Candidate<'a>]) -> Option<Candidate<'a>> {
    let named = |version: &str| allowed.iter().find(|(it, _)| *it == version).copied();
    let tagged = |tag: &str| all.tags.get(tag).and_then(|version| named(version));
    let highest = |fits: &dyn Fn(&Version) -> bool| {
        let versions = allowed.iter().filter_map(|one| Some((one.0.parse::<Version>().ok()?, *one)));
        let best = versions
            .filter(|(version, _)| fits(version))
            .max_by(|(a, one), (b, other)| (!one.1.withdrawn).cmp(&!other.1.withdrawn).then_with(|| a.cmp(b)));
        best.map(|(_, one)| one)
    };
    match pin {
        Pin::Exact => named(wanted.trim_start_matches(['=', 'v'])),
        Pin::None | Pin::Latest => tagged("latest").or_else(|| {
            // Where `latest` is too young, what came before it.
            let latest = all.tags.get("latest").and_then(|it| it.parse::<Version>().ok());
            highest(&|version| !version.is_prerelease() && latest.as_ref().is_none_or(|latest| version <= latest))
        }),
        Pin::Tag => tagged(wanted),
        Pin::Range => {
            let range = wanted.parse::<Range>().ok()?;
            let latest = tagged("latest").filter(|(it, _)| it.parse().is_ok_and(|it: Version| range.satisfies(&it)));
            latest.or_else(|| highest(&|version| range.satisfies(version)))
        }
        _ => None,
    }
}

/// As installers choose: the highest that fits, a final one before any other, nothing that was taken back.
fn of_pypi<'a>(pin: Pin, wanted: &str, allowed: &[Candidate<'a>]) -> Option<Candidate<'a>> {
    let specifiers = match pin {
        Pin::None | Pin::Latest => None,
        Pin::Exact => Some(VersionSpecifiers::from_str(&format!("=={}", wanted.trim_start_matches('='))).ok()?),
        Pin::Range => Some(VersionSpecifiers::from_str(wanted).ok()?),
        _ => return None,
    };
    let versions = allowed.iter().filter_map(|one| Some((PythonVersion::from_str(one.0).ok()?, *one)));
    let fits = |version: &PythonVersion| specifiers.as_ref().is_none_or(|it| it.contains(version));
    let fitting = versions.filter(|(version, one)| fits(version) && (!one.1.withdrawn || pin == Pin::Exact));
    fitting.max_by_key(|(version, _)| (!version.any_prerelease(), version.clone())).map(|(_, one)| one)
}

/// Adds what services say of the present code; `before` is what they say of the approved one.
pub fn told(facts: Facts, dossier: Dossier, before: Option<&Dossier>) -> Facts {
    let mut facts = facts;
    facts.known_malicious |= dossier.is_known_malicious();
    if let Some((then, now)) = before.and_then(Dossier::builder).zip(dossier.builder())
        && then != now
    {
        facts.history.builder = Some((then.to_owned(), now.to_owned()));
        // Whoever approved updates approved those of one workflow.
        facts.publisher = facts.publisher.map(|publisher| format!("{publisher}, built by {now}"));
    }
    Facts { dossier, ..facts }
}

fn is_older(published: Timestamp, now: Timestamp, days: u32) -> bool {
    now.duration_since(published) >= SignedDuration::from_hours(24 * i64::from(days))
}

/// Whether the package manager asks the registry at each start, so that what it keeps is not what will run.
fn asks_at_each_start(line: &LaunchLine) -> bool {
    matches!(line.pin, Some(Pin::None | Pin::Latest | Pin::Tag))
}

/// Whether the code was found where a package manager keeps what it fetched for this launch: anything else comes before
/// what a registry has.
fn is_of_registry(source: &str) -> bool {
    let caches = [
        Source::NpxCache,
        Source::BunxCache,
        Source::PnpmCache,
        Source::YarnCache,
        Source::UvCache,
        Source::PipxCache,
        Source::Registry,
    ];
    caches.iter().any(|it| it.name() == source)
}

/// The registry has no such package. What is not here either was never anything, as far as anybody can tell.
pub fn without(facts: Facts) -> Facts {
    let mut facts = facts;
    if is_from_registry(&facts.artefact.state) {
        facts.history.missing = Some(Missing::NotThere);
    }
    let is_nowhere = matches!(&facts.artefact.state, ArtefactState::Unknown { reason } if is_to_be_fetched(reason));
    if is_nowhere {
        facts.artefact.state = ArtefactState::Unknown { reason: Reason::NotInRegistry.name().to_owned() };
    }
    facts
}

/// Whether what runs comes from a registry, or would.
fn is_from_registry(state: &ArtefactState) -> bool {
    match state {
        ArtefactState::Known { source, .. } => is_of_registry(source),
        ArtefactState::Unknown { reason } => is_to_be_fetched(reason),
        ArtefactState::NotLooked | ArtefactState::Unobservable => false,
    }
}

/// The part of a package's past that is the same whichever version runs.
fn history(publication: &Publication, now: Timestamp) -> History {
    let days = |at: Timestamp| now.duration_since(at).as_hours() / 24;
    let latest = publication.tags.get("latest").and_then(|version| publication.releases.get(version));
    let is_placeholder = latest.is_some_and(|latest| latest.repository.as_deref() == Some(HOLDER));
    History {
        missing: match publication.is_quarantined {
            true => Some(Missing::Quarantined),
            false => is_placeholder.then_some(Missing::Placeholder),
        },
        created: publication.created.map(|at| (at, days(at))),
        ..History::default()
    }
}

/// How many versions came within two days up to one.
fn burst(publication: &Publication, until: Timestamp) -> usize {
    let hours = SignedDuration::from_hours(48);
    let times = publication.releases.values().filter_map(|release| release.published);
    times.filter(|at| *at <= until && until.duration_since(*at) <= hours).count()
}

/// What stood there and what stands there now, where both are told and differ.
fn change(then: Option<&String>, now: Option<&String>) -> Option<(String, String)> {
    then.zip(now).filter(|(then, now)| then != now).map(|(then, now)| (then.clone(), now.clone()))
}

/// Whether code is not known because nobody has fetched it yet, or it is fetched at each start.
fn is_to_be_fetched(reason: &str) -> bool {
    [Reason::NotInstalled, Reason::FetchedAnew].iter().any(|it| it.name() == reason)
}

/// Adds what the registry says: which code would run, who published it, when, and what it lost.
pub fn enrich(facts: Facts, line: &LaunchLine, publication: &Publication, terms: &Terms<'_>) -> Facts {
    let mut facts = facts;
    let offered = offered(line, publication, terms);
    let takes_offer = match &facts.artefact.state {
        ArtefactState::Known { source, version, .. } => {
            let is_news = offered.is_some_and(|(offered, _)| version.as_deref() != Some(offered));
            is_of_registry(source) && asks_at_each_start(line) && is_news
        }
        ArtefactState::Unknown { reason } => is_to_be_fetched(reason),
        ArtefactState::NotLooked | ArtefactState::Unobservable => false,
    };
    if let Some((version, release)) = offered.filter(|_| takes_offer)
        && let Some(integrity) = release.integrity.clone()
    {
        facts.artefact.state = ArtefactState::Known {
            version: Some(version.to_owned()),
            integrity,
            source: Source::Registry.name().to_owned(),
        };
    }
    if is_from_registry(&facts.artefact.state) {
        facts.history = history(publication, terms.now);
    }
    let ArtefactState::Known { version: Some(version), source, .. } = &facts.artefact.state else { return facts };
    let Some(release) = publication.releases.get(version).filter(|_| is_of_registry(source)) else { return facts };
    facts.publisher = release.identity();
    facts.installs_by_script = release.installs_by_script;
    facts.is_past_cooldown = release.published.is_some_and(|at| is_older(at, terms.now, terms.cooldown));
    facts.history.burst = release.published.map_or(0, |until| burst(publication, until));
    facts.offer = Some(Offer {
        is_installed: *source != Source::Registry.name(),
        published: release.published,
        publisher: release.publisher.clone(),
        is_withdrawn: release.withdrawn,
        is_default: publication.is_default,
        registry: publication.registry.clone(),
        at: publication.at,
    });
    let then = terms.approved.and_then(Artefact::version);
    // A name that was given to somebody else may have the same version again.
    let is_other = |told: &Release| told.integrity != release.integrity;
    if let Some(then) = then.filter(|then| then != version || terms.told.is_some_and(is_other)) {
        let then = publication.releases.get(then).filter(|_| then != version).or(terms.told);
        // What the approved version had is not known any more: its absence cannot be told from a loss.
        facts.new_install_script = release.installs_by_script && !then.is_some_and(|it| it.installs_by_script);
        facts.provenance_lost = then.is_some_and(|then| then.attested && !release.attested);
        facts.history.publisher = change(then.and_then(|it| it.publisher.as_ref()), release.publisher.as_ref());
        let all = |release: &Release| (!release.maintainers.is_empty()).then(|| release.maintainers.join(", "));
        facts.history.maintainers = change(then.and_then(all).as_ref(), all(release).as_ref());
        facts.history.repository = change(then.and_then(|it| it.repository.as_ref()), release.repository.as_ref());
    }
    facts
}
