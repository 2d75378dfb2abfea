//! The list of requests: every attempt, with what it was for and what came of it.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use http::Extensions;
use jiff::Timestamp;
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next};
use serde::{Deserialize, Serialize};

use crate::host::Host;

use super::{Failure, Purpose};

/// A file of the list; with the one before it that is all that is kept.
const MOST_BYTES: u64 = 1024 * 1024;

/// One request that left this machine, or tried to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub at: Timestamp,
    pub purpose: Purpose,
    /// Without name, password and fragment.
    pub url: String,
    /// Of the answer.
    pub status: Option<u16>,
    /// Why there is none.
    pub failure: Option<Failure>,
    /// As the server told the length; `None` where it did not.
    pub bytes: Option<u64>,
}

/// The list that is written to.
pub(super) struct Journal {
    file: PathBuf,
    host: Host,
    turn: Mutex<()>,
}

impl Journal {
    pub(super) fn new(folder: &Path, host: Host) -> Self {
        Self { file: file(folder), host, turn: Mutex::default() }
    }

    fn write(&self, line: &Line) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let append = || {
            if fs::metadata(&self.file).is_ok_and(|meta| meta.len() > MOST_BYTES) {
                fs::rename(&self.file, before(&self.file))?;
            }
            let mut text = serde_json::to_vec(line)?;
            text.push(b'\n');
            if let Some(folder) = self.file.parent() {
                fs::create_dir_all(folder)?;
            }
            OpenOptions::new().append(true).create(true).open(&self.file)?.write_all(&text)
        };
        if let Err(error) = append() {
            tracing::warn!(%error, "a request could not be listed");
        }
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("requests.jsonl")
}

fn before(file: &Path) -> PathBuf {
    file.with_extension("before.jsonl")
}

/// All requests that are still listed, oldest first. Empty where none was ever made.
pub fn read(host: &Host) -> Vec<Line> {
    let file = file(&host.data_dir().join(super::FOLDER));
    let lines = |path: &Path| {
        let lines = File::open(path).map(|file| BufReader::new(file).lines()).into_iter().flatten();
        lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok()).collect::<Vec<Line>>()
    };
    [before(&file), file].iter().flat_map(|path| lines(path)).collect()
}

/// Stands between the program and the wire.
pub(super) struct Witness(pub(super) Arc<Journal>);

#[async_trait::async_trait]
impl Middleware for Witness {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let at = self.0.host.now();
        let url = request.url().to_string();
        let purpose = extensions.get::<Purpose>().copied();
        let outcome = next.run(request, extensions).await;
        if let Some(purpose) = purpose {
            let (status, bytes) = match &outcome {
                Ok(response) => (Some(response.status().as_u16()), response.content_length()),
                Err(_) => (None, None),
            };
            let failure = outcome.as_ref().err().map(Failure::of);
            self.0.write(&Line { at, purpose, url, status, failure, bytes });
        }
        outcome
    }
}
