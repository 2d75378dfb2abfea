//! A verb of the command line: through the running guard, or, where none runs, here under the lock.

use crate::host::Host;
use crate::ipc::{self, ANSWER_WITHIN, AskError, GuardKind, GuardLock};
use crate::record::{Origin, Record};
use crate::request::{Notice, Reply, Request};

use super::start::{Opening, acquire, open, origin_of_process, runtime};
use super::{ActError, Acted, StartError};

pub(super) fn act(host: &Host, request: &Request) -> Result<Acted, ActError> {
    let dir = host.data_dir();
    // A guard that ends right now, or a second command, is met at the lock; then the other way is tried once more.
    for _ in 0..2 {
        if GuardLock::peek(&dir).is_some() {
            match ipc::ask::<Request, Reply>(&dir, runtime(host).as_deref(), request, ANSWER_WITHIN) {
                Ok(reply) => return Ok(Acted { reply, by_guard: true }),
                Err(AskError::NoGuard) => {}
                Err(AskError::Protocol { theirs, ours }) => return Err(ActError::Protocol { theirs, ours }),
                Err(AskError::Gone) => return Err(ActError::Gone),
                Err(error) => {
                    tracing::warn!(%error, "the guard does not answer");
                    let pid = GuardLock::peek(&dir).map(|info| info.pid).filter(|pid| *pid != 0);
                    return Err(ActError::NoAnswer { pid });
                }
            }
        }
        match here(host, request.clone()) {
            Ok(reply) => return Ok(Acted { reply, by_guard: false }),
            Err(StartError::Busy { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Another command is at work without a socket; it is short.
    wait_and_act(host, request)
}

/// A command that acts itself has no socket: the lock is waited for, as long as a guard would be.
fn wait_and_act(host: &Host, request: &Request) -> Result<Acted, ActError> {
    let until = std::time::Instant::now() + ANSWER_WITHIN;
    loop {
        let dir = host.data_dir();
        if let Ok(reply) = ipc::ask::<Request, Reply>(&dir, runtime(host).as_deref(), request, ANSWER_WITHIN) {
            return Ok(Acted { reply, by_guard: true });
        }
        match here(host, request.clone()) {
            Ok(reply) => return Ok(Acted { reply, by_guard: false }),
            Err(StartError::Busy { pid, .. }) if std::time::Instant::now() >= until => {
                return Err(ActError::NoAnswer { pid });
            }
            Err(StartError::Busy { .. }) => std::thread::sleep(std::time::Duration::from_millis(20)),
            Err(error) => return Err(error.into()),
        }
    }
}

fn here(host: &Host, request: Request) -> Result<Reply, StartError> {
    let lock = acquire(host, GuardKind::Command)?;
    let tell = Box::new(|notice: Notice| tracing::info!(?notice, "done without a guard"));
    let opening = open(host, false, tell, Box::new(|_| {}), |_| {})?;
    let Opening { mut engine, ask_key, keys_done } = opening;
    engine.first_look_at_all();
    let origin: Origin = origin_of_process(std::process::id());
    let reply = engine.answer(request, &origin);
    // The old files of the edits have to go before the lock does.
    engine.settle_all_old();
    engine.note(Record::Stopped);
    let _ = engine.flush();
    drop(ask_key);
    drop(keys_done);
    drop(engine);
    drop(lock);
    Ok(reply)
}
