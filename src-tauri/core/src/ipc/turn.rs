//! A command's turn: the guard answers it, or the lock is free and the command acts itself.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::{AskError, ask};
use super::lock::{GuardInfo, GuardLock, LockError};

/// Pause before the next try, while a guard is starting or another command has the lock.
const RETRY: Duration = Duration::from_millis(10);

/// How a command's turn came.
#[derive(Debug)]
pub enum Turn<Rep> {
    /// The running guard did it.
    Answered(Rep),
    /// No guard runs: the lock is this command's, or could not be taken for another reason than a guard.
    Ours(Result<GuardLock, LockError>),
}

/// Sends a request to the running guard, or takes the lock where none runs. Waits, at most `timeout`, for a guard that
/// is starting and for another command that acts itself: both hold the lock without a socket for a moment.
pub fn take_turn<Req: Serialize, Rep: DeserializeOwned>(
    data_dir: &Path,
    runtime: Option<&Path>,
    info: &GuardInfo,
    request: &Req,
    timeout: Duration,
) -> Result<Turn<Rep>, AskError> {
    let until = Instant::now() + timeout;
    loop {
        if GuardLock::peek(data_dir).is_some() {
            let left = until.saturating_duration_since(Instant::now());
            match ask(data_dir, runtime, request, left) {
                Ok(reply) => return Ok(Turn::Answered(reply)),
                Err(AskError::NoGuard) => {}
                Err(error) => return Err(error),
            }
        } else {
            match GuardLock::acquire(data_dir, info) {
                Err(LockError::Busy { .. }) => {}
                taken => return Ok(Turn::Ours(taken)),
            }
        }
        if Instant::now() >= until {
            return Err(AskError::Timeout);
        }
        std::thread::sleep(RETRY);
    }
}
