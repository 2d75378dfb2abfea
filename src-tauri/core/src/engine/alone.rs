//! A verb of the command line: through the running guard, or, where none runs, here under the lock.

use std::sync::mpsc;

use crate::host::Host;
use crate::ipc::{self, ANSWER_WITHIN, AskError, GuardKind, GuardLock, LockError, Turn};
use crate::policy::Mode;
use crate::record::{Origin, Record};
use crate::request::{Notice, Reply, Request};

use super::event_loop::Event;
use super::start::{Opening, guard_info, lock_error, open, origin_of_process, prepare, runtime};
use super::{ActError, Acted, StartError};

pub(super) fn act(host: &Host, request: &Request) -> Result<Acted, ActError> {
    prepare(host)?;
    let dir = host.data_dir();
    let info = guard_info(GuardKind::Command, Mode::Ask);
    match ipc::take_turn(&dir, runtime(host).as_deref(), &info, request, ANSWER_WITHIN) {
        Ok(Turn::Answered(reply)) => Ok(Acted { reply, by_guard: true }),
        Ok(Turn::Ours(lock)) => Ok(Acted { reply: here(host, request.clone(), lock)?, by_guard: false }),
        Err(AskError::Protocol { theirs, ours }) => Err(ActError::Protocol { theirs, ours }),
        Err(AskError::Gone) => Err(ActError::Gone),
        Err(error) => {
            tracing::warn!(%error, "the guard does not answer");
            let pid = GuardLock::peek(&dir).map(|info| info.pid).filter(|pid| *pid != 0);
            Err(ActError::NoAnswer { pid })
        }
    }
}

fn here(host: &Host, request: Request, lock: Result<GuardLock, LockError>) -> Result<Reply, StartError> {
    let lock = lock.map_err(lock_error)?;
    let (events, inbox) = mpsc::channel();
    let tell = Box::new(|notice: Notice| tracing::info!(?notice, "done without a guard"));
    let key_arrived = move |answer| drop(events.send(Event::Key(answer)));
    let Opening { mut engine, ask_key, keys_done } = open(host, false, tell, Box::new(|_| {}), key_arrived)?;
    engine.first_look_at_all();
    let origin: Origin = origin_of_process(std::process::id());
    let reply = engine.answer(request, &origin);
    // The old files of the edits have to go before the lock does.
    engine.settle_all_old(&inbox);
    engine.note(Record::Stopped);
    let _ = engine.flush();
    drop((ask_key, keys_done, engine));
    drop(lock);
    Ok(reply)
}
