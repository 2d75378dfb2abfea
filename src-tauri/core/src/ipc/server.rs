//! The guard's end of the socket: a bounded number of threads, none of which a silent or slow client can keep.

use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use interprocess::local_socket::Listener;
use interprocess::local_socket::ListenerOptions;
use interprocess::local_socket::Stream;
use interprocess::local_socket::traits::Listener as _;
use interprocess::local_socket::traits::Stream as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ANSWER_WITHIN;
use super::MAX_MESSAGE;
use super::PROTOCOL;
use super::address::Address;
use super::lock::GuardLock;
use super::wire;
use super::wire::Envelope;
use super::wire::EnvelopeError;
use super::wire::HEARTBEAT;
use super::wire::LineError;
use super::wire::Refusal;
use super::wire::RefusalCode;
use super::wire::Until;
use super::wire::Wire;

/// Connections at a time; more wait to be accepted.
const MAX_CONNECTIONS: usize = 16;

/// Subscribers at a time, so that they leave room for requests.
const MAX_SUBSCRIBERS: usize = 8;

/// Notices that a subscriber may be behind before it is cut off.
const MAX_BEHIND: usize = 256;

/// How long a client may take to send its request or to take its answer.
const CLIENT_WITHIN: Duration = Duration::from_secs(2);

/// Pause after a failure to accept, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The process at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// `None` on macOS. A number may have been given to another process since.
    pub pid: Option<u32>,
    /// `None` on Windows.
    pub uid: Option<u32>,
}

impl Peer {
    /// Whether this user runs the process, as far as the system tells.
    #[cfg(unix)]
    pub(super) fn is_self(self) -> bool {
        self.uid == Some(rustix::process::geteuid().as_raw())
    }

    #[cfg(not(unix))]
    pub(super) fn is_self(self) -> bool {
        true
    }
}

/// When the client stops waiting, with a margin: nothing may be done for it after that, because it will have said that
/// nothing was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn at(self) -> Instant {
        self.0
    }

    /// To be asked right before a request takes effect.
    pub fn passed(self) -> bool {
        Instant::now() >= self.0
    }
}

/// Why the socket could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("no socket for commands in {}: {source}", dir.display())]
pub struct IpcError {
    pub dir: PathBuf,
    pub source: io::Error,
}

/// The open socket; dropping it closes and removes it. Requests under way are still answered. Drop it before the lock.
#[derive(Debug)]
pub struct Server {
    accepting: Option<JoinHandle<()>>,
    slots: Arc<Slots>,
    notices: Notices,
    listener: Arc<Listener>,
    address: Address,
    /// The socket's file, to remove no other's.
    #[cfg(unix)]
    file: Option<(u64, u64)>,
}

/// Opens the socket in the folder of the lock and answers each request with what `handler` returns; several may run
/// at once, and each should return by its deadline: one that never does keeps its place. A socket left by a guard that was killed is replaced, which the lock makes safe.
///
/// `runtime` is the user's runtime folder, for data folders whose path is too long for a socket; clients must name the
/// same.
pub fn serve<Req, Rep>(
    lock: &GuardLock,
    runtime: Option<&Path>,
    handler: impl Fn(Peer, Req, Deadline) -> Rep + Send + Sync + 'static,
) -> Result<Server, IpcError>
where
    Req: DeserializeOwned,
    Rep: Serialize,
{
    let failed = |source| IpcError { dir: lock.dir().to_owned(), source };
    let address = Address::of(lock.dir(), runtime).map_err(failed)?;
    #[cfg(unix)]
    match std::fs::remove_file(&address.place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let name = address.name().map_err(failed)?;
    let listener = ListenerOptions::new().name(name).reclaim_name(false).create_sync().map_err(failed)?;
    let listener = Arc::new(listener);
    let slots = Arc::new(Slots::default());
    let notices = Notices::default();
    let accepting = {
        let (listener, slots, notices) = (Arc::clone(&listener), Arc::clone(&slots), notices.clone());
        let handler = Arc::new(handler);
        std::thread::Builder::new()
            .name("ipc-accept".into())
            .spawn(move || {
                while let Some(slot) = Slots::take(&slots) {
                    let stream = match listener.accept() {
                        Ok(stream) => stream,
                        Err(_) if slots.closed() => break,
                        Err(error) => {
                            tracing::warn!(%error, "a command could not be accepted");
                            std::thread::sleep(ACCEPT_PAUSE);
                            continue;
                        }
                    };
                    let (handler, notices) = (Arc::clone(&handler), notices.clone());
                    // Where no thread is to be had the client sees its connection end.
                    let _ = std::thread::Builder::new().name("ipc-answer".into()).spawn(move || {
                        answer(stream, &*handler, &notices);
                        drop(slot);
                    });
                }
            })
            .map_err(failed)?
    };
    Ok(Server {
        accepting: Some(accepting),
        slots,
        notices,
        listener,
        #[cfg(unix)]
        file: socket_file(&address.place),
        address,
    })
}

impl Server {
    /// The way to tell subscribers something; it may be cloned and sent elsewhere.
    pub fn notices(&self) -> Notices {
        self.notices.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.slots.close();
        self.notices.close();
        // The thread may stand in `accept`: a caller gets it out, or on Linux the end of the listener.
        #[cfg(unix)]
        {
            let Listener::UdSocket(listener) = &*self.listener;
            let _ = rustix::net::shutdown(listener, rustix::net::Shutdown::Both);
        }
        let reached = cfg!(target_os = "linux") || self.address.name().and_then(Stream::connect).is_ok();
        if let Some(accepting) = self.accepting.take().filter(|_| reached) {
            let _ = accepting.join();
        }
        #[cfg(unix)]
        if self.file.is_some() && socket_file(&self.address.place) == self.file {
            let _ = std::fs::remove_file(&self.address.place);
        }
    }
}

#[cfg(unix)]
fn socket_file(place: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::symlink_metadata(place).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// The places for connections.
#[derive(Debug, Default)]
struct Slots {
    state: Mutex<SlotState>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct SlotState {
    taken: usize,
    closed: bool,
}

/// One place, given back when dropped.
struct Slot(Arc<Slots>);

impl Slots {
    fn state(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place; `None` once closed.
    fn take(slots: &Arc<Self>) -> Option<Slot> {
        let full = |state: &mut SlotState| !state.closed && state.taken >= MAX_CONNECTIONS;
        let mut state = slots.freed.wait_while(slots.state(), full).unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return None;
        }
        state.taken += 1;
        Some(Slot(Arc::clone(slots)))
    }

    fn close(&self) {
        self.state().closed = true;
        self.freed.notify_all();
    }

    fn closed(&self) -> bool {
        self.state().closed
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.state().taken -= 1;
        self.0.freed.notify_all();
    }
}

/// Serves one connection: one request and its answer, or notices until either end goes.
fn answer<Req, Rep>(stream: Stream, handler: &impl Fn(Peer, Req, Deadline) -> Rep, notices: &Notices)
where
    Req: DeserializeOwned,
    Rep: Serialize,
{
    let accepted = Instant::now();
    let mut wire = Wire::new(stream);
    let Ok(peer) = wire.peer() else { return };
    if !peer.is_self() {
        refuse(&mut wire, RefusalCode::Stranger, "the guard answers only the user that runs it".to_owned());
        return;
    }
    let mut envelope = match wire.line(accepted + CLIENT_WITHIN).map(|line| line.map(|line| Envelope::open(&line))) {
        Ok(Some(Ok(envelope))) => envelope,
        Ok(Some(Err(error))) => return refuse_envelope(&mut wire, &error),
        Err(LineError::TooLong) => return refuse(&mut wire, RefusalCode::TooLarge, too_large("request")),
        Ok(None) | Err(LineError::Timeout | LineError::Io(_)) => return,
    };
    match envelope.take("subscribe") {
        Ok(Some(true)) => return publish(&mut wire, notices),
        Ok(_) => {}
        Err(error) => return refuse_envelope(&mut wire, &error),
    }
    let (until, request) = match (envelope.take::<Until>("until"), envelope.take::<Req>("request")) {
        (Ok(until), Ok(Some(request))) => (until, request),
        (Ok(_), Ok(None)) => return refuse(&mut wire, RefusalCode::Malformed, "there is no request".to_owned()),
        (Err(error), _) | (_, Err(error)) => return refuse_envelope(&mut wire, &error),
    };
    let deadline = Deadline(Instant::now() + until.map_or(ANSWER_WITHIN, Until::left));
    if deadline.passed() {
        // It waited too long for a place; its client has given up and said so.
        return;
    }
    let reply = handler(peer, request, deadline);
    match wire::seal(&[("reply", &reply)]) {
        Ok(line) => drop(wire.send(&line, Instant::now() + CLIENT_WITHIN)),
        Err(LineError::TooLong) => refuse(&mut wire, RefusalCode::TooLarge, too_large("answer")),
        Err(_) => refuse(&mut wire, RefusalCode::Unknown, "the answer could not be written".to_owned()),
    }
}

fn too_large(what: &str) -> String {
    format!("the {what} is longer than {MAX_MESSAGE} bytes")
}

fn refuse_envelope(wire: &mut Wire, error: &EnvelopeError) {
    match error {
        EnvelopeError::Protocol(theirs) => refuse(
            wire,
            RefusalCode::Protocol,
            format!("the guard speaks protocol {PROTOCOL}, the command {theirs}: restart the older of the two"),
        ),
        EnvelopeError::Malformed(error) => refuse(wire, RefusalCode::Malformed, error.to_string()),
    }
}

fn refuse(wire: &mut Wire, code: RefusalCode, message: String) {
    if let Ok(line) = wire::seal(&[("error", &Refusal { code, message })]) {
        let _ = wire.send(&line, Instant::now() + CLIENT_WITHIN);
    }
}

/// Tells subscribers; clones tell the same ones.
#[derive(Debug, Clone, Default)]
pub struct Notices(Arc<Mutex<Subscribers>>);

#[derive(Debug, Default)]
struct Subscribers {
    closed: bool,
    lines: Vec<(u64, SyncSender<Arc<[u8]>>)>,
    /// The number of the next subscriber.
    next: u64,
}

impl Notices {
    fn subscribers(&self) -> MutexGuard<'_, Subscribers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a notice to every subscriber without waiting; one that is too far behind is cut off. Returns false for a
    /// notice that is too long or cannot be written as JSON.
    pub fn send(&self, notice: &impl Serialize) -> bool {
        let mut subscribers = self.subscribers();
        if subscribers.lines.is_empty() {
            return true;
        }
        let Ok(line) = wire::seal(&[("notice", notice)]) else { return false };
        let line: Arc<[u8]> = line.into();
        subscribers.lines.retain(|(_, subscriber)| subscriber.try_send(Arc::clone(&line)).is_ok());
        true
    }

    fn add(&self) -> Option<(u64, Receiver<Arc<[u8]>>)> {
        let mut subscribers = self.subscribers();
        if subscribers.closed || subscribers.lines.len() >= MAX_SUBSCRIBERS {
            return None;
        }
        let (sender, lines) = sync_channel(MAX_BEHIND);
        let number = subscribers.next;
        subscribers.next += 1;
        subscribers.lines.push((number, sender));
        Some((number, lines))
    }

    fn remove(&self, number: u64) {
        self.subscribers().lines.retain(|(other, _)| *other != number);
    }

    fn close(&self) {
        let mut subscribers = self.subscribers();
        subscribers.closed = true;
        subscribers.lines.clear();
    }
}

fn publish(wire: &mut Wire, notices: &Notices) {
    let Some((number, lines)) = notices.add() else {
        return refuse(wire, RefusalCode::Busy, format!("{MAX_SUBSCRIBERS} programs listen already"));
    };
    deliver(wire, &lines);
    notices.remove(number);
}

fn deliver(wire: &mut Wire, lines: &Receiver<Arc<[u8]>>) {
    // Said only now: what happens after this line is heard.
    let Ok(mut line) = wire::seal(&[("subscribed", &true)]).map(Arc::<[u8]>::from) else { return };
    while wire.send(&line, Instant::now() + CLIENT_WITHIN).is_ok() {
        line = match lines.recv_timeout(HEARTBEAT) {
            Ok(line) => line,
            // Tells the client that the guard lives, and the guard when the client does not.
            Err(RecvTimeoutError::Timeout) => Arc::from(*b"\n"),
            Err(RecvTimeoutError::Disconnected) => return,
        };
    }
}
