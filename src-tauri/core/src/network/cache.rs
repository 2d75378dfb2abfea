//! Answers that are kept on disk, for as long and on such terms as the server said.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode};
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::host::files::Digest;

use super::Answer;

/// What is kept in all; the oldest goes first.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

/// An answer with the terms that it is kept on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    terms: CachePolicy,
    content_type: Option<String>,
    at: Timestamp,
    #[serde(skip)]
    body: Vec<u8>,
}

/// Whether the server has to be asked.
pub(super) enum Before {
    Fresh,
    /// With these headers, by which it can say that nothing changed.
    Ask(HeaderMap),
}

/// A request as the terms look at it.
pub(super) fn request(url: &Url, headers: &HeaderMap) -> Request<()> {
    let mut request = Request::new(());
    if let Ok(uri) = url.as_str().parse() {
        *request.uri_mut() = uri;
    }
    *request.headers_mut() = headers.clone();
    request
}

/// The head of an answer.
pub(super) fn response(status: StatusCode, headers: &HeaderMap) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers.clone();
    response
}

impl Kept {
    /// `None` where the server does not want it kept.
    pub(super) fn of(request: &Request<()>, head: &Response<()>, answer: &Answer, now: Timestamp) -> Option<Self> {
        let options = CacheOptions { shared: false, ..CacheOptions::default() };
        let terms = CachePolicy::new_options(request, head, now.into(), options);
        let Answer { body, content_type, at } = answer.clone();
        terms.is_storable().then_some(Self { terms, content_type, at, body })
    }

    pub(super) fn is_young(&self, now: Timestamp, than: Duration) -> bool {
        // A clock that was set back makes nothing younger.
        let age = now.duration_since(self.at);
        !age.is_negative() && age.unsigned_abs() < than
    }

    pub(super) fn before(&self, request: &Request<()>, now: Timestamp) -> Before {
        match self.terms.before_request(request, now.into()) {
            BeforeRequest::Fresh(_) => Before::Fresh,
            BeforeRequest::Stale { request, .. } => Before::Ask(request.headers),
        }
    }

    /// The same answer, which the server says still holds.
    pub(super) fn confirmed(self, request: &Request<()>, head: &Response<()>, now: Timestamp) -> Self {
        match self.terms.after_response(request, head, now.into()) {
            AfterResponse::NotModified(terms, _) => Self { terms, at: now, ..self },
            // Some servers do not repeat by what they tell their answers apart. They were asked about this one.
            AfterResponse::Modified(..) => Self { at: now, ..self },
        }
    }

    pub(super) fn answer(&self) -> Answer {
        Answer { body: self.body.clone(), content_type: self.content_type.clone(), at: self.at }
    }
}

/// The folder.
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder: folder.join("answers") }
    }

    /// What is kept for an address. What cannot be read is not kept.
    pub(super) fn load(&self, url: &Url, accept: &str) -> Option<Kept> {
        let (terms, body) = self.files(url, accept);
        let kept: Kept = serde_json::from_slice(&fs::read(terms).ok()?).ok()?;
        Some(Kept { body: fs::read(body).ok()?, ..kept })
    }

    /// Keeps an answer, if it can be; the next look-up asks again otherwise.
    pub(super) fn store(&self, url: &Url, accept: &str, kept: &Kept) {
        let (terms, body) = self.files(url, accept);
        let write = || {
            fs::create_dir_all(&self.folder)?;
            // Terms without their body, or with an older one, would be an answer that nobody gave.
            let _ = fs::remove_file(&terms);
            fs::write(&body, &kept.body)?;
            fs::write(&terms, serde_json::to_vec(kept)?)
        };
        if let Err(error) = write() {
            let _ = fs::remove_file(&terms);
            tracing::debug!(%error, "an answer could not be kept");
        }
    }

    /// Removes the oldest answers, where they are too many.
    pub(super) fn prune(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut all: Vec<_> = entries
            .filter_map(|entry| {
                let meta = entry.metadata().ok()?;
                Some((meta.modified().ok()?, meta.len(), entry.path()))
            })
            .collect();
        let mut bytes: u64 = all.iter().map(|(_, bytes, _)| bytes).sum();
        all.sort();
        for (_, size, path) in all {
            if bytes <= MOST_BYTES {
                return;
            }
            // Without its terms a body counts for nothing, so that they go together.
            let _ = fs::remove_file(path.with_extension("json"));
            let _ = fs::remove_file(&path);
            bytes = bytes.saturating_sub(size);
        }
    }

    fn files(&self, url: &Url, accept: &str) -> (PathBuf, PathBuf) {
        let name = Digest::of(format!("{url}\n{accept}").as_bytes()).to_string();
        (self.folder.join(format!("{name}.json")), self.folder.join(format!("{name}.body")))
    }
}
