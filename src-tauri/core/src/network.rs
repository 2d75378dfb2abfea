//! The one way out of this program: requests for public facts, made only by whoever was handed a [`Network`], each of them
//! in a list.
//!
//! Answers are kept on disk as HTTP allows, and asked for again only where they changed. Nothing is sent but the address
//! itself: no cookie, no name and no password, not even those that stand in an address. The one exception is a token that the
//! user gave for a service.

mod access;
mod cache;
mod failure;
pub mod journal;
mod proxy;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use jiff::Timestamp;
use reqwest::redirect;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_retry::policies::ExponentialBackoff;
use reqwest_retry::{Jitter, RetryTransientMiddleware};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

use crate::host::Host;

use access::Guests;
pub use access::{Access, Token};
use cache::{Cache, Kept};
pub use failure::Failure;
use journal::{Journal, Witness};

/// Requests to one host at the same time.
const AT_ONCE: usize = 4;

/// How long is waited, and how often asked again.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub connect: Duration,
    /// For one attempt, from the first byte sent to the last one read.
    pub total: Duration,
    /// Further attempts, where the first failed for a passing reason.
    pub retries: u32,
    /// Before the first of these at most; each later one waits longer, by chance.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(5), total: seconds(30), retries: 2, pause: seconds(1) }
    }
}

/// A guest's token is some kilobytes long.
const MOST_TOKEN_BYTES: usize = 64 * 1024;

/// Other addresses that an answer may lead to.
const HOPS: usize = 4;

/// The folder of cached answers and the list of requests, below the data folder.
pub const FOLDER: &str = "network";

/// What a request is for, as the list of requests says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Which versions a registry has of a package.
    Versions,
    /// The archive of one version.
    Archive,
    /// Where one version was built, as its registry keeps it.
    Attestations,
    /// What is known against a version.
    Advisories,
    /// Who published a version.
    Publishers,
    /// Whether the registry of connectors has an entry.
    Listings,
    /// The keys that a registry signs with.
    Signatures,
    /// What the host of a repository says of it.
    Repositories,
    /// What an index says of a version.
    Opinions,
    /// What directories say of a domain.
    Domains,
    /// Which image a registry has under a name.
    Images,
}

/// One question.
#[derive(Debug, Clone)]
pub struct Ask {
    pub url: Url,
    pub accept: &'static str,
    pub purpose: Purpose,
    /// A longer answer is none.
    pub most_bytes: usize,
    /// Asks the server even where the answer that is kept is young enough.
    pub anew: bool,
    /// An answer that is kept and this young is not asked for again, whatever the server says.
    pub holds_for: Duration,
    pub access: Access,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub body: Vec<u8>,
    pub content_type: Option<String>,
    /// When the server said so, or last said that it still holds.
    pub at: Timestamp,
}

/// The way out, with its own folder for what is kept. Blocks the thread that asks.
pub struct Network {
    runtime: Runtime,
    inner: Arc<Inner>,
}

struct Inner {
    client: ClientWithMiddleware,
    /// For archives: servers call a packed file one that was packed for the way, and unpacked it is not what was published.
    verbatim: ClientWithMiddleware,
    cache: Cache,
    host: Host,
    at_once: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// Whether each server that was asked has answered at all, or why not.
    heard: Mutex<HashMap<url::Origin, Result<(), Failure>>>,
    guests: Guests,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Network")
    }
}

impl Network {
    /// Opens no connection yet. `roots` is a file of further certificates (PEM) that the user's package manager trusts.
    pub fn new(host: Host, roots: Option<&Path>, patience: Patience) -> Result<Self, Failure> {
        let unusable = |_| Failure::Unusable;
        // Another part of the program may have chosen already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = host.data_dir().join(FOLDER);
        let journal = Arc::new(Journal::new(&folder, host.clone()));
        let (client, verbatim) =
            (client(&host, roots, patience, &journal, true)?, client(&host, roots, patience, &journal, false)?);
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(unusable)?;
        let (at_once, heard, guests) = (Mutex::default(), Mutex::default(), Guests::default());
        let inner = Inner { client, verbatim, cache: Cache::new(folder), host, at_once, heard, guests };
        Ok(Self { runtime, inner: Arc::new(inner) })
    }

    /// Asks all of them, some at the same time. The answers are in the order of the questions.
    pub fn ask(&self, all: Vec<Ask>) -> Vec<Result<Answer, Failure>> {
        self.ask_with(all.into_iter().map(|ask| (ask, None)).collect())
    }

    /// As [`Network::ask`], of services that are sent what they are asked about. Their answers are not kept.
    pub fn post(&self, all: Vec<(Ask, String)>) -> Vec<Result<Answer, Failure>> {
        self.ask_with(all.into_iter().map(|(ask, body)| (ask, Some(body))).collect())
    }

    fn ask_with(&self, all: Vec<(Ask, Option<String>)>) -> Vec<Result<Answer, Failure>> {
        let mut answers: Vec<_> = all.iter().map(|_| Err(Failure::Unreachable)).collect();
        self.runtime.block_on(async {
            let mut running = JoinSet::new();
            for (at, (ask, body)) in all.into_iter().enumerate() {
                let inner = Arc::clone(&self.inner);
                running.spawn(async move { (at, inner.ask(&ask, body.as_deref()).await) });
            }
            while let Some(done) = running.join_next().await {
                if let Ok((at, answer)) = done {
                    answers[at] = answer;
                }
            }
        });
        self.inner.cache.prune();
        answers
    }
}

/// One client; `unpacks` what was packed for the way.
fn client(
    host: &Host,
    roots: Option<&Path>,
    patience: Patience,
    journal: &Arc<Journal>,
    unpacks: bool,
) -> Result<ClientWithMiddleware, Failure> {
    let client = reqwest::Client::builder()
        .user_agent(concat!("gatehouse/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(patience.connect)
        .timeout(patience.total)
        // Each hop is a request of its own, for the list.
        .redirect(redirect::Policy::none())
        .referer(false)
        .gzip(unpacks);
    let client = proxy::of(host, client);
    let client = certificates(roots).into_iter().fold(client, reqwest::ClientBuilder::add_root_certificate);
    let client = client.build().map_err(|error| {
        tracing::warn!(%error, "no client could be made");
        Failure::Unusable
    })?;
    let again = ExponentialBackoff::builder()
        .retry_bounds(patience.pause / 4, patience.pause * 8)
        .jitter(Jitter::Full)
        .build_with_max_retries(patience.retries);
    Ok(ClientBuilder::new(client)
        .with(RetryTransientMiddleware::new_with_policy(again))
        // Inside the retries, so that each attempt is in the list.
        .with(Witness(Arc::clone(journal)))
        .build())
}

/// The certificates of a file; one that cannot be read has none.
fn certificates(file: Option<&Path>) -> Vec<reqwest::Certificate> {
    let bytes = file.and_then(|file| crate::host::files::read(file).ok()).map(|read| read.bytes);
    bytes.and_then(|bytes| reqwest::Certificate::from_pem_bundle(&bytes).ok()).unwrap_or_default()
}

impl Inner {
    async fn ask(&self, ask: &Ask, posted: Option<&str>) -> Result<Answer, Failure> {
        let mut url = public(&ask.url)?;
        for _ in 0..=HOPS {
            match self.hop(ask, &url, posted).await? {
                Hop::Answer(answer) => return Ok(answer),
                // What is sent is meant for whom it was sent to.
                Hop::To(_) if posted.is_some() => return Err(Failure::Redirected),
                Hop::To(next) => {
                    // What was asked over a line that nobody reads is not asked again over an open one.
                    if url.scheme() == "https" && next.scheme() != "https" {
                        return Err(Failure::Redirected);
                    }
                    url = public(&next)?;
                }
            }
        }
        Err(Failure::Redirected)
    }

    /// One request, or the answer that is kept.
    async fn hop(&self, ask: &Ask, url: &Url, posted: Option<&str>) -> Result<Hop, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
        if ask.anew {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        let request = cache::request(url, &headers);
        let now = self.host.now();
        let kept = self.cache.load(url, ask.accept).filter(|_| posted.is_none());
        let headers = match &kept {
            Some(kept) if !ask.anew && kept.is_young(now, ask.holds_for) => return self.answer_of(kept, ask),
            Some(kept) => match kept.before(&request, now) {
                cache::Before::Fresh => return self.answer_of(kept, ask),
                cache::Before::Ask(headers) => headers,
            },
            None => headers,
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let gate = {
            let mut all = self.at_once.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(host).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
        };
        let _turn = gate.acquire().await;
        let authorization = ask.access.authorization(&self.guests, &ask.url, url);
        let mut response = self.send(ask, url, &headers, posted, authorization).await?;
        if response.status() == http::StatusCode::UNAUTHORIZED
            && let Access::Guest(name) = &ask.access
            && let Some(token) = self.welcome(ask, url, name, &response).await?
        {
            response = self.send(ask, url, &headers, posted, Some(token)).await?;
        }
        let head = cache::response(response.status(), response.headers());
        let now = self.host.now();
        if let Some(kept) = kept.filter(|_| response.status() == http::StatusCode::NOT_MODIFIED) {
            let kept = kept.confirmed(&request, &head, now);
            self.cache.store(url, ask.accept, &kept);
            return self.answer_of(&kept, ask);
        }
        if response.status().is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            return to.and_then(|to| url.join(to).ok()).map(Hop::To).ok_or(Failure::Redirected);
        }
        if let Some(failure) = Failure::of_status(response.status().as_u16()) {
            return Err(failure);
        }
        let body = body(response, ask.most_bytes).await?;
        let content_type = head.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let answer = Answer { body, content_type, at: now };
        if let Some(kept) = Kept::of(&request, &head, &answer, now).filter(|_| posted.is_none()) {
            self.cache.store(url, ask.accept, &kept);
        }
        Ok(Hop::Answer(answer))
    }

    async fn send(
        &self,
        ask: &Ask,
        url: &Url,
        headers: &HeaderMap,
        posted: Option<&str>,
        authorization: Option<HeaderValue>,
    ) -> Result<reqwest::Response, Failure> {
        let client = if ask.purpose == Purpose::Archive { &self.verbatim } else { &self.client };
        let mut asking = match posted {
            None => client.get(url.clone()),
            Some(body) => client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body.to_owned()),
        };
        if let Some(value) = authorization {
            asking = asking.header(AUTHORIZATION, value);
        }
        // One that let others wait in vain would let all of them wait, each as long as the first.
        if let Some(Err(failure)) = self.heard().get(&url.origin()) {
            return Err(*failure);
        }
        let sent = asking.headers(headers.clone()).with_extension(ask.purpose).send().await;
        let sent = sent.map_err(|error| Failure::of(&error));
        let mut heard = self.heard();
        match &sent {
            Ok(_) => drop(heard.insert(url.origin(), Ok(()))),
            Err(failure) => drop(heard.entry(url.origin()).or_insert(Err(*failure))),
        }
        drop(heard);
        sent
    }

    fn heard(&self) -> MutexGuard<'_, HashMap<url::Origin, Result<(), Failure>>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches a guest's token; `None` where the server hands none out.
    async fn welcome(
        &self,
        ask: &Ask,
        url: &Url,
        name: &str,
        refusal: &reqwest::Response,
    ) -> Result<Option<HeaderValue>, Failure> {
        let Some(counter) = access::counter(url, refusal.headers()) else { return Ok(None) };
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let response = self.send(ask, &counter, &headers, None, None).await?;
        match Failure::of_status(response.status().as_u16()) {
            None => {}
            // That there is no such counter says nothing of what was asked for.
            Some(Failure::NotFound) => return Ok(None),
            Some(failure) => return Err(failure),
        }
        let token = access::handed_out(&body(response, MOST_TOKEN_BYTES).await?);
        if let Some(token) = &token {
            self.guests.keep(name, token.clone());
        }
        Ok(token)
    }

    fn answer_of(&self, kept: &Kept, ask: &Ask) -> Result<Hop, Failure> {
        let answer = kept.answer();
        if answer.body.len() > ask.most_bytes { Err(Failure::TooLarge) } else { Ok(Hop::Answer(answer)) }
    }
}

/// What an answer consists of.
async fn body(mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of_body(&error))? {
        if body.len() + chunk.len() > most {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

enum Hop {
    Answer(Answer),
    To(Url),
}

/// The address as it may be sent: of the web, and without anybody's name or password.
fn public(url: &Url) -> Result<Url, Failure> {
    let mut url = url.clone();
    let is_web = matches!(url.scheme(), "https" | "http") && url.host_str().is_some();
    let is_plain = is_web && url.set_username("").is_ok() && url.set_password(None).is_ok();
    url.set_fragment(None);
    if is_plain { Ok(url) } else { Err(Failure::NoAddress) }
}

/// Used by the tests of whatever asks.
#[cfg(test)]
#[path = "../../../tests/web.rs"]
pub(crate) mod web;

#[cfg(test)]
mod tests;
