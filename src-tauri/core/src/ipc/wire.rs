//! Lines over a stream, each within a time, and the envelope around a message.

use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use interprocess::local_socket::Stream;
use interprocess::local_socket::traits::Stream as _;
use interprocess::local_socket::traits::StreamCommon as _;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use serde_json::Value;

use super::MAX_MESSAGE;
use super::PROTOCOL;
use super::server::Peer;

/// A subscriber hears at least an empty line this often; one that hears nothing three times as long gives up.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(5);

/// Pause between two tries where the system has no timeouts for pipes.
const POLL: Duration = Duration::from_millis(2);

/// Why a request was not taken, in the guard's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: RefusalCode,
    pub message: String,
}

/// The kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// The versions of the protocol differ.
    Protocol,
    /// The request could not be understood.
    Malformed,
    /// A message was longer than [`MAX_MESSAGE`].
    TooLarge,
    /// The request came from another user.
    Stranger,
    /// There are too many subscribers.
    Busy,
    #[serde(other)]
    Unknown,
}

/// How long a client waits: for the guard a time of the day, because the request may have waited long for its turn, and
/// never longer than the client's whole patience, because the clock may be set back meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Until {
    within_ms: u64,
    /// Milliseconds since 1970.
    at_ms: u64,
}

impl Until {
    pub(super) fn after(patience: Duration) -> Self {
        let within_ms = millis(patience);
        Self { within_ms, at_ms: now_ms().saturating_add(within_ms) }
    }

    /// What is left of it, an hour at most.
    pub(super) fn left(self) -> Duration {
        Duration::from_millis(self.at_ms.saturating_sub(now_ms()).min(self.within_ms).min(3_600_000))
    }
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[derive(Debug)]
pub(super) enum LineError {
    Timeout,
    TooLong,
    Io(io::Error),
}

/// A stream whose reads and writes end in time.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    received: Vec<u8>,
    /// Set where pipes have no timeouts: then the stream does not block and is polled.
    polled: bool,
}

impl Wire {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, received: Vec::new(), polled: false }
    }

    /// Who is at the other end.
    pub(super) fn peer(&self) -> io::Result<Peer> {
        let creds = self.stream.peer_creds()?;
        #[cfg(unix)]
        return Ok(Peer { pid: creds.pid().and_then(|pid| u32::try_from(pid).ok()), uid: creds.euid() });
        #[cfg(not(unix))]
        return Ok(Peer { pid: creds.pid(), uid: None });
    }

    /// Reads a line without its end, or `None` at the end of the stream; what follows the last line end is dropped.
    pub(super) fn line(&mut self, deadline: Instant) -> Result<Option<Vec<u8>>, LineError> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.received[searched..].iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.received.drain(..=searched + end).collect();
                line.pop();
                return Ok(Some(line));
            }
            searched = self.received.len();
            if searched >= MAX_MESSAGE {
                return Err(LineError::TooLong);
            }
            let mut part = [0; 16 * 1024];
            let wanted = part.len().min(MAX_MESSAGE - searched);
            match self.timed(deadline, |stream| (&*stream).read(&mut part[..wanted]))? {
                0 => return Ok(None),
                read => self.received.extend_from_slice(&part[..read]),
            }
        }
    }

    /// Writes bytes that hold their line ends.
    pub(super) fn send(&mut self, mut bytes: &[u8], deadline: Instant) -> Result<(), LineError> {
        while !bytes.is_empty() {
            let polled = self.polled;
            let written = self.timed(deadline, |stream| match (&*stream).write(bytes) {
                Ok(0) if polled => Err(io::ErrorKind::WouldBlock.into()),
                Ok(0) => Err(io::ErrorKind::WriteZero.into()),
                other => other,
            })?;
            bytes = &bytes[written..];
        }
        Ok(())
    }

    fn timed(
        &mut self,
        deadline: Instant,
        mut step: impl FnMut(&Stream) -> io::Result<usize>,
    ) -> Result<usize, LineError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(LineError::Timeout);
            }
            self.limit(left).map_err(LineError::Io)?;
            match step(&self.stream) {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if self.polled {
                        std::thread::sleep(POLL.min(left));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(LineError::Io),
            }
        }
    }

    fn limit(&mut self, left: Duration) -> io::Result<()> {
        if self.polled {
            return Ok(());
        }
        let set = self.stream.set_recv_timeout(Some(left)).and_then(|()| self.stream.set_send_timeout(Some(left)));
        match set {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                self.polled = true;
                self.stream.set_nonblocking(true)
            }
            other => other,
        }
    }
}

/// What an envelope holds, by the name of its one part.
#[derive(Debug)]
pub(super) struct Envelope(Map<String, Value>);

#[derive(Debug)]
pub(super) enum EnvelopeError {
    Malformed(serde_json::Error),
    /// The version of the other end.
    Protocol(u32),
}

impl Envelope {
    pub(super) fn open(line: &[u8]) -> Result<Self, EnvelopeError> {
        #[derive(Deserialize)]
        struct Head {
            protocol: u32,
        }
        // The version first: nothing else of another version's envelope means anything.
        let head: Head = serde_json::from_slice(line).map_err(EnvelopeError::Malformed)?;
        if head.protocol != PROTOCOL {
            return Err(EnvelopeError::Protocol(head.protocol));
        }
        serde_json::from_slice(line).map(Self).map_err(EnvelopeError::Malformed)
    }

    /// Takes out a part, or `None` if the envelope has none of that name.
    pub(super) fn take<T: DeserializeOwned>(&mut self, part: &str) -> Result<Option<T>, EnvelopeError> {
        self.0.remove(part).map(serde_json::from_value).transpose().map_err(EnvelopeError::Malformed)
    }
}

/// Writes an envelope as a line; fails where it would be too long.
pub(super) fn seal(parts: &[(&str, &dyn Part)]) -> Result<Vec<u8>, LineError> {
    let mut line = format!("{{\"protocol\":{PROTOCOL}").into_bytes();
    for (name, part) in parts {
        line.extend_from_slice(format!(",\"{name}\":").as_bytes());
        part.write(&mut line).map_err(|error| LineError::Io(error.into()))?;
    }
    line.extend_from_slice(b"}\n");
    if line.len() > MAX_MESSAGE { Err(LineError::TooLong) } else { Ok(line) }
}

/// Anything that can be written as JSON.
pub(super) trait Part {
    fn write(&self, line: &mut Vec<u8>) -> serde_json::Result<()>;
}

impl<T: Serialize> Part for T {
    fn write(&self, line: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(line, self)
    }
}
