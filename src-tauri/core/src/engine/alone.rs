//! A verb of the command line: through the running guard, or, where none runs, here under the lock.

use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use crate::host::Host;
use crate::ipc::{self, ANSWER_WITHIN, AskError, GuardKind, GuardLock, LockError, Turn};
use crate::policy::Mode;
use crate::record::{Origin, Record};
use crate::request::{Notice, Request};

use super::event_loop::{Event, KeyRequest};
use super::start::{ANCHOR_WAIT, Opening, guard_info, lock_error, open, origin_of_process, prepare, runtime};
use super::{ActError, Acted, StartError};

pub(super) fn act(host: &Host, request: &Request) -> Result<Acted, ActError> {
    prepare(host)?;
    let dir = host.data_dir();
    let info = guard_info(GuardKind::Command, Mode::Ask);
    match ipc::take_turn(&dir, runtime(host).as_deref(), &info, request, ANSWER_WITHIN) {
        Ok(Turn::Answered(reply)) => Ok(Acted { reply, by_guard: true, alarms: Vec::new() }),
        Ok(Turn::Ours(lock)) => Ok(here(host, request.clone(), lock)?),
        Err(AskError::Protocol { theirs, ours }) => Err(ActError::Protocol { theirs, ours }),
        Err(AskError::Gone) => Err(ActError::Gone),
        Err(error) => {
            tracing::warn!(%error, "the guard does not answer");
            let pid = GuardLock::peek(&dir).map(|info| info.pid).filter(|pid| *pid != 0);
            Err(ActError::NoAnswer { pid })
        }
    }
}

fn here(host: &Host, request: Request, lock: Result<GuardLock, LockError>) -> Result<Acted, StartError> {
    let lock = lock.map_err(lock_error)?;
    let (events, inbox) = mpsc::channel();
    let alarms: Arc<Mutex<Vec<Notice>>> = Arc::default();
    let tell = {
        let alarms = Arc::clone(&alarms);
        Box::new(move |notice: Notice| {
            tracing::info!(?notice, "done without a guard");
            if matches!(notice, Notice::Ledger { .. }) {
                alarms.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
            }
        })
    };
    let key_arrived = move |answer| drop(events.send(Event::Key(answer)));
    let Opening { mut engine, ask_key, keys_done, .. } = open(host, false, tell, Box::new(|_| {}), key_arrived)?;
    engine.walk();
    engine.follow_settings();
    engine.first_look_at_all();
    engine.renew_ledger();
    let origin: Origin = origin_of_process(std::process::id());
    let reply = engine.answer(request, &origin);
    // The old files of the edits have to go before the lock does.
    engine.settle_all_old(&inbox);
    engine.note(Record::Stopped);
    let _ = engine.flush();
    if engine.ledger.due() {
        engine.checkpoint();
    }
    if let Some(anchor) = engine.take_anchor() {
        let _ = ask_key.send(KeyRequest::Anchor(anchor));
        drop(ask_key);
        let _ = keys_done.recv_timeout(ANCHOR_WAIT);
    }
    drop(engine);
    drop(lock);
    let alarms = std::mem::take(&mut *alarms.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Acted { reply, by_guard: false, alarms })
}
