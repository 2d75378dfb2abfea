//! Names of packages, hosts and vendors, and what stands in plain text.

use serde_json::json;

use super::{Code, check, connector, npx, on_facts, remote, started_with, told};
use crate::catalogue::Catalogue;
use crate::checks::with_advisories;
use crate::connector::looks_secret;
use crate::facts::{
    Advisory, Artefact, ArtefactKind, ArtefactState, Attestation, Attested, Domain, Dossier, Evidence, Fact, Facts,
    History, Listing, LocalFile, Location, Missing, Offer, Owner, Signature, Standing, Weight,
};

fn facts() -> Facts {
    Facts::not_looked(ArtefactKind::Npm)
}

fn published_by(account: &str) -> Facts {
    let offer = Offer {
        is_installed: false,
        published: None,
        publisher: Some(account.to_owned()),
        is_withdrawn: false,
        is_default: true,
        registry: "registry.example".to_owned(),
        at: super::NOON,
    };
    Facts { offer: Some(offer), ..facts() }
}

fn at_version(version: &str) -> Facts {
    let state = ArtefactState::Known {
        version: Some(version.to_owned()),
        integrity: "sha512-x".to_owned(),
        source: "npx".to_owned(),
    };
    Facts { artefact: Artefact { kind: ArtefactKind::Npm, state }, ..facts() }
}

#[test]
fn a_name_like_a_known_one_is_told() {
    let code = Code::NameSquat;
    let twin = "package=@m0delcontextprotocol/server-memory like=@modelcontextprotocol how=look-alike";
    check(code, npx("@m0delcontextprotocol/server-memory"), &[&format!("high high .args[1] {twin}")]);
    check(code, npx("@modelcontextprotocol/server-memory"), &[]);
    check(code, npx("train-times"), &[]);
    check(code, remote("https://h.test"), &[]);
    check(code, json!("text"), &["not run: no-launch"]);
    // The vendor's own account may name its packages as it likes.
    let own = on_facts(code, npx("stripe-mcp"), &published_by("stripe"));
    assert_eq!(own, Vec::<String>::new());
    let other = on_facts(code, npx("stripe-mcp"), &published_by("somebody"));
    assert_eq!(other, ["medium medium .args[1] package=stripe-mcp like=@stripe/mcp how=marks"]);
}

#[test]
fn a_vendors_name_asks_for_the_vendors_account() {
    let code = Code::VendorClaimUnproven;
    let unknown = "package=postmark-mcp vendor=Postmark publisher=not-told";
    check(code, npx("postmark-mcp"), &[&format!("low low .args[1] {unknown}")]);
    let other = on_facts(code, npx("postmark-mcp"), &published_by("somebody"));
    assert_eq!(other, ["medium high .args[1] package=postmark-mcp vendor=Postmark publisher=other"]);
    // Where the vendor has no scope, whoever comes first can have an account that is called like it.
    for account in ["activecampaign", "postmark", "Post-Mark"] {
        let alike = on_facts(code, npx("postmark-mcp"), &published_by(account));
        assert_eq!(alike, ["low low .args[1] package=postmark-mcp vendor=Postmark publisher=alike"], "{account}");
    }
    assert_eq!(on_facts(code, npx("stripe-mcp"), &published_by("stripe")), Vec::<String>::new());
    // A registry of one's own says it, and nobody else.
    let Facts { offer, .. } = published_by("stripe");
    let by_mirror = Facts { offer: offer.map(|offer| Offer { is_default: false, ..offer }), ..facts() };
    assert_eq!(
        on_facts(code, npx("stripe-mcp"), &by_mirror),
        ["low low .args[1] package=stripe-mcp vendor=Stripe publisher=alike"]
    );
    check(code, npx("@stripe/mcp"), &[]);
    check(code, npx("train-times"), &[]);
}

/// A builder publishes: npm says of which kind, Python's index for which repository, an attestation proves it.
#[test]
fn a_builder_is_the_vendors_where_its_repository_is() {
    let code = Code::VendorClaimUnproven;
    let uvx = || json!({"command": "uvx", "args": ["sentry-mail-mcp"]});
    let met = |repository: &str| published_by(&format!("trusted publisher GitHub {repository} release.yml"));
    assert_eq!(on_facts(code, uvx(), &met("getsentry/mail")), Vec::<String>::new());
    let other = "low medium .args[0] package=sentry-mail-mcp vendor=Sentry publisher=other";
    assert_eq!(on_facts(code, uvx(), &met("sentry/mail")), [other]);
    let at_circleci = published_by("trusted publisher CircleCI github.com/getsentry/mail");
    assert_eq!(on_facts(code, uvx(), &at_circleci), Vec::<String>::new());
    // A group of that name may be anybody's there.
    let at_gitlab = published_by("trusted publisher GitLab getsentry/mail .gitlab-ci.yml");
    let untold = "low low .args[0] package=sentry-mail-mcp vendor=Sentry publisher=not-told";
    assert_eq!(on_facts(code, uvx(), &at_gitlab), [untold]);
    let of_npm = published_by("trusted publisher github");
    let untold = "low low .args[1] package=sentry-mail-mcp vendor=Sentry publisher=not-told";
    assert_eq!(on_facts(code, npx("sentry-mail-mcp"), &of_npm), [untold]);
    let attested = |repository: &str| {
        let attestation = Attestation {
            identity: format!("https://{repository}/.github/workflows/release.yml@refs/heads/main"),
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            repository: repository.to_owned(),
            reference: None,
            commit: None,
            workflow: None,
            logged: super::NOON,
        };
        let holds = Attested::Holds { attestation, integrity: "sha512-x".to_owned() };
        let attestation = Fact::known(holds, "registry.example", super::NOON);
        Facts { dossier: Dossier { attestation, ..Dossier::default() }, ..of_npm.clone() }
    };
    assert_eq!(on_facts(code, npx("sentry-mail-mcp"), &attested("github.com/getsentry/mail")), Vec::<String>::new());
    let other = "low medium .args[1] package=sentry-mail-mcp vendor=Sentry publisher=other";
    assert_eq!(on_facts(code, npx("sentry-mail-mcp"), &attested("github.com/somebody/mail")), [other]);
    assert_eq!(on_facts(code, npx("sentry-mail-mcp"), &attested("gitlab.com/getsentry/mail")), [untold]);
}

#[test]
fn images_and_repositories_name_their_owner() {
    let code = Code::VendorClaimUnproven;
    let run = |image: &str| json!({"command": "docker", "args": ["run", "-i", image]});
    let told = |image: &str| on_facts(code, run(image), &facts());
    for image in [
        "ghcr.io/github/github-mcp-server",
        "mcp/stripe",
        "ghcr.io/getsentry/mail",
        "acme/train-times",
        "redis",
        "localhost:5000/stripe-mcp",
    ] {
        assert_eq!(told(image), Vec::<String>::new(), "{image}");
    }
    let of = |image: &str, weight: &str, vendor: &str| {
        format!("{weight} medium .args[2] package={image} vendor={vendor} publisher=other")
    };
    assert_eq!(told("somebody/stripe-mcp"), [of("somebody/stripe-mcp", "low", "Stripe")]);
    assert_eq!(told("stripe-official/mcp"), [of("stripe-official/mcp", "medium", "Stripe")]);
    // An owner there is not the one of that name on GitHub, or on npm.
    for (image, vendor) in [("github/github-mcp-server", "GitHub"), ("upstash/mail", "Upstash")] {
        let alike = format!("low medium .args[2] package={image} vendor={vendor} publisher=alike");
        assert_eq!(told(image), [alike]);
    }
    let git = |name: &str| on_facts(code, npx(&format!("github:{name}")), &facts());
    assert_eq!(git("getsentry/sentry-mcp"), Vec::<String>::new());
    assert_eq!(
        git("somebody/stripe-mcp"),
        ["low medium .args[1] package=github.com/somebody/stripe-mcp vendor=Stripe publisher=other"]
    );
}

/// What is not looked up for a kind of thing is not passed for it.
#[test]
fn what_no_registry_was_asked_about_is_not_passed() {
    let of_others = [
        json!({"command": "docker", "args": ["run", "-i", "acme/mail:1"]}),
        json!({"command": "npx", "args": ["-y", "github:acme/mail"]}),
    ];
    for entry in of_others {
        for code in [Code::KnownMalicious, Code::NameSquat, Code::PackageMissing, Code::VeryNew, Code::VersionBurst] {
            assert_eq!(on_facts(code, entry.clone(), &facts()), ["not run: other-registry"], "{code:?}");
        }
    }
}

#[test]
fn harm_is_told_by_the_version_that_runs() {
    let code = Code::KnownMalicious;
    let entry = || npx("postmark-mcp");
    let values = |reach| format!("package=postmark-mcp advisory=MAL-2025-47604 reach={reach}");
    assert_eq!(on_facts(code, entry(), &facts()), [format!("medium low .args[1] {}", values("perhaps"))]);
    assert_eq!(on_facts(code, entry(), &at_version("1.0.16")), [format!("critical high .args[1] {}", values("hit"))]);
    assert_eq!(on_facts(code, entry(), &at_version("1.0.15")), Vec::<String>::new());
    let is_hit = |facts| with_advisories(facts, &connector(entry())).known_malicious;
    assert!(is_hit(at_version("1.0.16")) && !is_hit(at_version("1.0.15")) && !is_hit(facts()));
    let pinned = connector(npx("postmark-mcp@1.0.17"));
    assert!(with_advisories(facts(), &pinned).known_malicious);
}

#[test]
fn harm_that_a_service_tells_of_is_told() {
    let code = Code::KnownMalicious;
    let record = |id: &str, is_malicious| Advisory { id: id.to_owned(), is_malicious, weight: Weight::Untold };
    let of = |all: Vec<Advisory>| {
        let advisories = Fact::Known { value: all, source: "osv".to_owned(), at: super::NOON };
        on_facts(
            code,
            npx("train-times@1.0.0"),
            &Facts { dossier: Dossier { advisories, ..Dossier::default() }, ..facts() },
        )
    };
    assert_eq!(of(vec![record("GHSA-1", false)]), Vec::<String>::new());
    let told = "critical high .args[1] package=train-times advisory=MAL-2026-1 reach=hit";
    assert_eq!(of(vec![record("GHSA-1", false), record("MAL-2026-1", true)]), [told]);
}

#[test]
fn hosts_are_compared_as_they_are_called() {
    let code = Code::LookalikeHost;
    check(code, remote("https://mcp.stripe.com/"), &[]);
    check(code, remote("https://h.example/"), &[]);
    check(
        code,
        remote("https://mcp.str\u{456}pe.com/"),
        &["high high .url host=mcp.xn--strpe-p2e.com seen=mcp.str\u{456}pe.com like=mcp.stripe.com"],
    );
    check(
        code,
        remote("https://api.stripe.com.example.org/"),
        &["high medium .url host=api.stripe.com.example.org seen=none like=stripe.com"],
    );
}

#[test]
fn a_number_in_place_of_a_name_is_told() {
    let code = Code::IpLiteralHost;
    check(code, remote("https://203.0.113.7/mcp"), &["medium high .url host=203.0.113.7"]);
    check(code, remote("http://192.168.1.9/mcp"), &["low high .url host=192.168.1.9"]);
    check(code, remote("http://127.0.0.1:3000/mcp"), &[]);
    check(code, remote("https://h.example/"), &[]);
}

#[test]
fn a_new_install_script_is_told_and_an_untold_one_is_not_passed() {
    let code = Code::InstallScript;
    check(code, npx("x"), &["not run: registry-not-asked"]);
    let new = Facts { new_install_script: true, ..facts() };
    assert_eq!(on_facts(code, npx("x"), &new), ["high high .args[1] package=x how=new"]);
    let has = Facts { installs_by_script: true, ..facts() };
    assert_eq!(on_facts(code, npx("x"), &has), ["low high .args[1] package=x how=has"]);
    let both = Facts { installs_by_script: true, ..new };
    assert_eq!(on_facts(code, npx("x"), &both), ["high high .args[1] package=x how=new"]);
    let told = Facts { artefact: at_version("1.0.0").artefact, ..published_by("somebody") };
    assert_eq!(on_facts(code, npx("x"), &told), Vec::<String>::new());
}

#[test]
fn programs_are_not_kept_among_downloads() {
    let code = Code::OddLocation;
    let entry = || json!({"command": "node", "args": ["/home/ana/Downloads/s.js"]});
    let lying = |location| {
        let path = "/home/ana/Downloads/s.js".into();
        let file = Some(LocalFile { path, owner: Owner::User, mode: None, location, signature: Signature::Untold });
        Facts { evidence: Evidence { file, ..Evidence::default() }, ..facts() }
    };
    let told = |location| on_facts(code, entry(), &lying(location));
    assert_eq!(told(Location::Downloads), ["medium high .args[0] file=/home/ana/Downloads/s.js place=downloads"]);
    assert_eq!(told(Location::Home), Vec::<String>::new());
    assert_eq!(told(Location::Hidden), ["low medium .args[0] file=/home/ana/Downloads/s.js place=hidden"]);
    check(code, entry(), &["not run: artefact-not-looked"]);
    // Where a client keeps its own files it keeps its plugins, too.
    let lying_at = |path: &str| {
        let file = LocalFile {
            path: path.into(),
            owner: Owner::User,
            mode: None,
            location: Location::Hidden,
            signature: Signature::Untold,
        };
        on_facts(code, entry(), &Facts { evidence: Evidence { file: Some(file), ..Evidence::default() }, ..facts() })
    };
    assert_eq!(lying_at("/h/.vscode/extensions/a/s.js"), Vec::<String>::new());
    assert_eq!(lying_at("/h/.dev-utils/s.js").len(), 1);
    assert_eq!(lying_at("/h/.config/s.js").len(), 1);
}

#[test]
fn a_secret_in_plain_text_is_told_without_it() {
    let code = Code::PlaintextSecret;
    let key = format!("ghp_{}", "a1B2".repeat(9));
    check(
        code,
        started_with("GITHUB_TOKEN", &key),
        &["medium high .env.GITHUB_TOKEN name=GITHUB_TOKEN issuer=GitHub reference=${env:GITHUB_TOKEN}"],
    );
    check(
        code,
        started_with("API_KEY", "correct-horse"),
        &["low medium .env.API_KEY name=API_KEY issuer=none reference=${env:API_KEY}"],
    );
    for value in ["${env:GITHUB_TOKEN}", "<your-token>", "YOUR_TOKEN", "/run/secrets/token", "your-api-key"] {
        check(code, started_with("API_KEY", value), &[]);
    }
    check(code, started_with("LOG_LEVEL", "debugging"), &[]);
    let header = connector(json!({"url": "https://h.test", "headers": {"Authorization": format!("Bearer {key}")}}));
    let outcome = told(super::outcome(code, &header));
    assert_eq!(outcome.len(), 1);
    assert!(outcome[0].contains("issuer=GitHub") && !outcome[0].contains(&key), "{outcome:?}");
    // What is no name is never told as one.
    let arg = |args: serde_json::Value| told(super::outcome(code, &connector(json!({"command": "x", "args": args}))));
    let named = |at| format!("low medium .args[{at}] name=api-key issuer=none reference=${{env:API_KEY}}");
    assert_eq!(arg(json!(["--api-key", "correct-horse"])), [named(1)]);
    assert_eq!(arg(json!(["--api-key=correct-horse"])), [named(0)]);
    let header = format!("Authorization: Bearer {key}");
    let bare = |at| format!("medium high .args[{at}] name=none issuer=GitHub reference=none");
    assert_eq!(arg(json!(["correct-horse", key])), [bare(1)]);
    assert_eq!(arg(json!(["-y", key])), [bare(1)]);
    assert_eq!(arg(json!([format!("--with2={key}")])), [bare(0)]);
    let sent = "medium high .args[1] name=Authorization issuer=GitHub reference=Bearer ${env:AUTHORIZATION}";
    assert_eq!(arg(json!(["--header", header])), [sent]);
    assert_eq!(arg(json!(["--header", "Authorization: Bearer ${TOKEN}"])), Vec::<String>::new());
    // A password in the address of a database, and where a program takes one.
    let base = |value: &str| told(super::outcome(code, &connector(started_with("DATABASE_URL", value))));
    let told_of = "medium high .env.DATABASE_URL name=DATABASE_URL issuer=none reference=${env:DATABASE_URL}";
    assert_eq!(base("postgres://app:hunter2@db.example/mail"), [told_of]);
    for value in
        ["postgres://app@db.example/mail", "postgres://app:${PASSWORD}@db.example/", "postgres://app:app@localhost/"]
    {
        assert_eq!(base(value), Vec::<String>::new(), "{value}");
    }
    let started =
        |line: &[&str]| told(super::outcome(code, &connector(json!({"command": line[0], "args": line[1..].to_vec()}))));
    assert_eq!(
        started(&["curl", "-u", "ana:hunter2", "https://h.example"]),
        ["medium high .args[1] name=none issuer=none reference=none"]
    );
    assert_eq!(
        started(&["sshpass", "-p", "hunter2", "ssh", "h"]),
        ["medium high .args[1] name=none issuer=none reference=none"]
    );
    assert_eq!(started(&["docker", "run", "-u", "1000:1000", "x"]), Vec::<String>::new());
    assert_eq!(arg(json!(["{\"password\":\"correct-horse\",\"q\":\"a=b\"}"])), Vec::<String>::new());
}

/// Or its launch could not be read by anybody.
#[test]
fn the_name_of_no_known_package_looks_like_a_secret() {
    for entry in &Catalogue::compiled().entries {
        assert!(!looks_secret("", &entry.name), "{}", entry.name);
    }
    assert!(!looks_secret("", "pypi-attestations"));
    assert!(looks_secret("", &format!("pypi-AgEIcHlwaS5vcmc{}", "a1B2".repeat(12))));
}

#[test]
fn what_a_registry_says_of_the_past_is_told_and_nothing_is_passed_that_was_not_asked() {
    let all = [
        Code::PackageMissing,
        Code::ProvenanceLost,
        Code::PublisherChanged,
        Code::RepositoryChanged,
        Code::VersionBurst,
        Code::VeryNew,
    ];
    let state = ArtefactState::Known { version: None, integrity: "sha512-a".to_owned(), source: "registry".to_owned() };
    let artefact = Artefact { kind: ArtefactKind::Npm, state };
    let asked = Facts { artefact, ..published_by("someone") };
    for code in all {
        check(code, npx("x"), &["not run: registry-not-asked"]);
        assert_eq!(on_facts(code, npx("x"), &asked), Vec::<String>::new(), "{code:?}");
    }
    let told = |code, history| on_facts(code, npx("x"), &Facts { history, ..asked.clone() });
    let some = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    let missing = |missing| History { missing: Some(missing), ..History::default() };
    assert_eq!(told(Code::PackageMissing, missing(Missing::NotThere)), ["high high .args[1] package=x how=not-there"]);
    assert_eq!(
        told(Code::PackageMissing, missing(Missing::Placeholder)),
        ["high high .args[1] package=x how=placeholder"]
    );
    assert_eq!(
        told(Code::PackageMissing, missing(Missing::Quarantined)),
        ["high high .args[1] package=x how=quarantined"]
    );
    let created = |days| History { created: Some((super::NOON, days)), ..History::default() };
    assert_eq!(told(Code::VeryNew, created(13)), ["medium high .args[1] package=x days=13"]);
    assert_eq!(told(Code::VeryNew, created(14)), Vec::<String>::new());
    let burst = |burst| History { burst, ..History::default() };
    assert_eq!(told(Code::VersionBurst, burst(10)), ["low high .args[1] package=x count=10"]);
    assert_eq!(told(Code::VersionBurst, burst(9)), Vec::<String>::new());
    let publisher = History { publisher: some("a", "b"), ..History::default() };
    assert_eq!(told(Code::PublisherChanged, publisher), ["medium high .args[1] package=x what=publisher then=a now=b"]);
    let builder = History { builder: some("a", "b"), maintainers: some("c", "d"), ..History::default() };
    assert_eq!(told(Code::PublisherChanged, builder), ["medium high .args[1] package=x what=builder then=a now=b"]);
    let maintainers = History { maintainers: some("c", "d"), ..History::default() };
    assert_eq!(
        told(Code::PublisherChanged, maintainers),
        ["low high .args[1] package=x what=maintainers then=c now=d"]
    );
    let repository = History { repository: some("h/a", "h/b"), ..History::default() };
    assert_eq!(told(Code::RepositoryChanged, repository), ["medium high .args[1] package=x then=h/a now=h/b"]);
    let lost = Facts { provenance_lost: true, ..asked.clone() };
    assert_eq!(on_facts(Code::ProvenanceLost, npx("x"), &lost), ["high high .args[1] package=x"]);
}

/// Whoever registers a domain that nobody has gets the mail of who publishes, and with it the account.
#[test]
fn a_domain_that_can_be_taken_is_a_doubt() {
    let domain = |exists, registered: Option<&str>, expires: Option<&str>| Domain {
        name: "acme.dev".to_owned(),
        exists,
        takes_mail: exists,
        has_spf: None,
        has_dmarc: None,
        registered: registered.map(|it| it.parse().expect("a time")),
        expires: expires.map(|it| it.parse().expect("a time")),
    };
    let of = |domain: Fact<Domain>, entry| {
        let dossier = Dossier { domain, ..Dossier::default() };
        on_facts(Code::PublisherDomain, entry, &Facts { dossier, ..facts() })
    };
    // The time of the answer counts.
    let known = |domain| Fact::known(domain, "names.example", "2026-11-28T12:00:00Z".parse().expect("a time"));
    let package = |domain| of(known(domain), npx("mail-mcp"));
    assert_eq!(package(domain(false, None, None)), ["medium high .args[1] domain=acme.dev how=unclaimed"]);
    let expired = domain(true, Some("2001-01-01T00:00:00Z"), Some("2026-11-27T00:00:00Z"));
    assert_eq!(package(expired), ["medium high .args[1] domain=acme.dev how=expired"]);
    let young = domain(true, Some("2026-11-01T00:00:00Z"), Some("2027-11-01T00:00:00Z"));
    assert_eq!(package(young), ["low high .args[1] domain=acme.dev how=young"]);
    let old = domain(true, Some("2001-01-01T00:00:00Z"), Some("2027-11-27T00:00:00Z"));
    assert_eq!(package(old), Vec::<String>::new());
    assert_eq!(package(domain(true, None, None)), Vec::<String>::new());
    let host = of(known(domain(false, None, None)), remote("https://mcp.acme.dev/v1"));
    assert_eq!(host.len(), 1, "{host:?}");
    for passed in ["no-publisher-domain", "shared-domain"] {
        assert_eq!(of(Fact::unknown(passed), npx("mail-mcp")), Vec::<String>::new());
    }
    assert_eq!(of(Fact::unknown("timed-out"), npx("mail-mcp")), ["not run: domain-not-asked"]);
    // So is that by which the owner of its entry proved the name.
    let of_entry = |domain: Fact<Domain>, namespace| {
        let dossier = Dossier { domain, namespace: known(namespace), ..Dossier::default() };
        on_facts(Code::PublisherDomain, npx("mail-mcp"), &Facts { dossier, ..facts() })
    };
    let found = ["medium high .args[1] domain=acme.dev how=unclaimed"];
    assert_eq!(of_entry(Fact::unknown("shared-domain"), domain(false, None, None)), found);
    assert_eq!(of_entry(Fact::unknown("timed-out"), domain(false, None, None)), found);
    assert_eq!(of_entry(Fact::unknown("shared-domain"), domain(true, None, None)), Vec::<String>::new());
}

/// The second half of R11: the package copies what the known one says of itself, and the registry names that one alone.
#[test]
fn r11_a_forged_entry_name_is_seen_by_the_way_back() {
    let of = |listing: Fact<Listing>| {
        let dossier = Dossier { listing, ..Dossier::default() };
        on_facts(
            Code::RegistryBacklinkMismatch,
            npx("@modelcontextprotoco1/server-filesystem"),
            &Facts { dossier, ..facts() },
        )
    };
    let known = |listing| Fact::known(listing, "registry.example", super::NOON);
    let name = "io.github.modelcontextprotocol/server-filesystem".to_owned();
    let packages = vec!["npm @modelcontextprotocol/server-filesystem".to_owned()];
    let told = of(known(Listing::Foreign { name: name.clone(), packages }));
    let expected = format!(
        "medium high .args[1] package=@modelcontextprotoco1/server-filesystem entry={name} \
         packages=npm @modelcontextprotocol/server-filesystem"
    );
    assert_eq!(told, [expected]);
    let mutual = Listing::Mutual { name: name.clone(), standing: Standing::Active };
    for passed in [known(mutual), known(Listing::Absent { name }), Fact::unknown("no-claim")] {
        assert_eq!(of(passed), Vec::<String>::new());
    }
    for untold in ["not-asked", "mirror", "timed-out"] {
        assert_eq!(of(Fact::unknown(untold)), ["not run: listing-not-asked"]);
    }
    // An image has its labels from the one below it, too.
    let image = json!({"command": "docker", "args": ["run", "-i", "acme/mail:1"]});
    let listing = known(Listing::Foreign { name: "com.vendor/mail".to_owned(), packages: Vec::new() });
    let dossier = Dossier { listing, ..Dossier::default() };
    let facts = Facts { dossier, ..Facts::not_looked(ArtefactKind::Oci) };
    let told = on_facts(Code::RegistryBacklinkMismatch, image, &facts);
    assert_eq!(told, ["low high .args[2] package=acme/mail entry=com.vendor/mail packages=–"]);
}

#[test]
fn a_known_connector_is_its_vendors_where_nobody_else_can_publish_it() {
    let of = |entry, facts: &Facts| crate::checks::vendor_of(&connector(entry), facts);
    let vendor = of(npx("@modelcontextprotocol/server-filesystem"), &facts());
    assert!(vendor.is_some_and(|it| it.contains("Model Context Protocol") || it.contains("Anthropic")), "{vendor:?}");
    // The scope is another's, or the name is nobody's own.
    assert_eq!(of(npx("@modelcontextprotoco1/server-filesystem"), &facts()), None);
    assert_eq!(of(npx("postmark-mcp"), &facts()), None);
    assert_eq!(of(npx("postmark-mcp"), &published_by("someone")), None);
    // A program of this machine stands in its place.
    let evidence = Evidence { shadow: Some("/home/ana/node_modules/.bin/x".into()), ..Evidence::default() };
    let shadowed = Facts { evidence, ..facts() };
    assert_eq!(of(npx("@modelcontextprotocol/server-filesystem"), &shadowed), None);
    assert_eq!(of(remote("https://mcp.stripe.com/"), &facts()), Some("Stripe"));
    for other in ["http://mcp.stripe.com/", "https://mcp.stripe.com.example.org/", "https://stripe.example/"] {
        assert_eq!(of(remote(other), &facts()), None, "{other}");
    }
}
