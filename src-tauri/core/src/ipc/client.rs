//! A command's end of the socket.

use std::io;
use std::marker::PhantomData;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use interprocess::ConnectWaitMode;
use interprocess::local_socket::ConnectOptions;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ANSWER_WITHIN;
use super::MAX_MESSAGE;
use super::PROTOCOL;
use super::address::Address;
use super::wire;
use super::wire::Envelope;
use super::wire::EnvelopeError;
use super::wire::HEARTBEAT;
use super::wire::LineError;
use super::wire::Refusal;
use super::wire::RefusalCode;
use super::wire::Until;
use super::wire::Wire;

/// Pause before the next try to connect to a guard whose queue is full.
const RETRY: Duration = Duration::from_millis(5);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("no guard is running")]
    NoGuard,
    /// The guard will not act on the request any more: it was told how long the command waits.
    #[error("the guard does not answer")]
    Timeout,
    /// The guard ended with the request in hand: whether it acted is not known.
    #[error("the guard ended before it answered")]
    Gone,
    #[error("the guard speaks protocol {theirs}, this command {ours}: restart the older of the two")]
    Protocol { theirs: u32, ours: u32 },
    #[error("the guard refused: {}", .0.message)]
    Refused(Refusal),
    /// What answered is not run by this user, or is not the guard.
    #[error("the socket of the guard belongs to somebody else")]
    Stranger,
    #[error("the guard cannot be reached: {0}")]
    Io(#[from] io::Error),
}

/// Sends a request to the guard of a data folder and returns its answer. `runtime` as in [`super::serve`];
/// [`ANSWER_WITHIN`] is the usual timeout.
pub fn ask<Req: Serialize, Rep: DeserializeOwned>(
    data_dir: &Path,
    runtime: Option<&Path>,
    request: &Req,
    timeout: Duration,
) -> Result<Rep, AskError> {
    let deadline = Instant::now() + timeout;
    // The guard has a tenth less, so that an answer given in time also arrives in time.
    let until = Until::after(timeout * 9 / 10);
    let line = wire::seal(&[("until", &until), ("request", request)])?;
    let mut wire = connect(data_dir, runtime, deadline)?;
    send(&mut wire, &line, deadline)?;
    let mut envelope = receive(&mut wire, deadline)?;
    envelope.take("reply")?.ok_or_else(|| malformed("an answer without a reply"))
}

/// Starts listening to the notices of the guard; every notice sent after this returns is heard.
pub fn subscribe<N: DeserializeOwned>(data_dir: &Path, runtime: Option<&Path>) -> Result<Subscription<N>, AskError> {
    let deadline = Instant::now() + ANSWER_WITHIN;
    let mut wire = connect(data_dir, runtime, deadline)?;
    send(&mut wire, &wire::seal(&[("subscribe", &true)])?, deadline)?;
    receive(&mut wire, deadline)?;
    Ok(Subscription { wire: Some(wire), notice: PhantomData })
}

/// The notices of a guard, waited for one by one. Ends after the first error, which is [`AskError::Gone`] when the
/// guard stops or cuts off a listener that is too slow.
#[derive(Debug)]
pub struct Subscription<N> {
    wire: Option<Wire>,
    notice: PhantomData<fn() -> N>,
}

impl<N: DeserializeOwned> Iterator for Subscription<N> {
    type Item = Result<N, AskError>;

    fn next(&mut self) -> Option<Self::Item> {
        let wire = self.wire.as_mut()?;
        let notice = loop {
            match wire.line(Instant::now() + 3 * HEARTBEAT) {
                Ok(Some(line)) if line.is_empty() => {}
                line => break opened(line).and_then(|mut envelope| Ok(envelope.take("notice")?)),
            }
        };
        let notice = notice.and_then(|notice| notice.ok_or_else(|| malformed("a notice without its content")));
        if notice.is_err() {
            self.wire = None;
        }
        Some(notice)
    }
}

fn connect(data_dir: &Path, runtime: Option<&Path>, deadline: Instant) -> Result<Wire, AskError> {
    let address = Address::of(data_dir, runtime).map_err(no_guard)?;
    let stream = loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(AskError::Timeout);
        }
        let options = ConnectOptions::new().name(address.name()?).wait_mode(ConnectWaitMode::Timeout(left));
        match options.connect_sync() {
            Ok(stream) => break stream,
            // The queue is full: a non-blocking connect does not wait for room.
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::ResourceBusy) => {
                std::thread::sleep(RETRY.min(left));
            }
            Err(error) => return Err(no_guard(error)),
        }
    };
    let wire = Wire::new(stream);
    let peer = wire.peer().map_err(|_| AskError::Gone)?;
    let is_guard = !cfg!(windows) || super::GuardLock::peek(data_dir).map(|info| info.pid) == peer.pid;
    if peer.is_self() && is_guard { Ok(wire) } else { Err(AskError::Stranger) }
}

fn no_guard(error: io::Error) -> AskError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotADirectory => AskError::NoGuard,
        io::ErrorKind::TimedOut => AskError::Timeout,
        _ => AskError::Io(error),
    }
}

/// A guard that refuses may close before it has read everything: what it said is still there to be read.
fn send(wire: &mut Wire, line: &[u8], deadline: Instant) -> Result<(), AskError> {
    match wire.send(line, deadline).map_err(AskError::from) {
        Err(AskError::Gone) | Ok(()) => Ok(()),
        other => other,
    }
}

fn receive(wire: &mut Wire, deadline: Instant) -> Result<Envelope, AskError> {
    opened(wire.line(deadline))
}

fn opened(line: Result<Option<Vec<u8>>, LineError>) -> Result<Envelope, AskError> {
    let mut envelope = Envelope::open(&line?.ok_or(AskError::Gone)?)?;
    match envelope.take("error")? {
        Some(refusal) => Err(AskError::Refused(refusal)),
        None => Ok(envelope),
    }
}

fn malformed(what: &str) -> AskError {
    AskError::Io(io::Error::new(io::ErrorKind::InvalidData, what.to_owned()))
}

impl From<LineError> for AskError {
    fn from(error: LineError) -> Self {
        use io::ErrorKind;
        match error {
            LineError::Timeout => Self::Timeout,
            LineError::TooLong => Self::Refused(Refusal {
                code: RefusalCode::TooLarge,
                message: format!("a message is longer than {MAX_MESSAGE} bytes"),
            }),
            LineError::Io(error) => match error.kind() {
                ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof => Self::Gone,
                _ => Self::Io(error),
            },
        }
    }
}

impl From<EnvelopeError> for AskError {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::Protocol(theirs) => Self::Protocol { theirs, ours: PROTOCOL },
            EnvelopeError::Malformed(error) => Self::Io(error.into()),
        }
    }
}
