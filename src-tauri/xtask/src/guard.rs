//! A guard without a terminal, started for a run and ended with it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::home::Home;

/// Longer than anything should take; reached only when something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct RunningGuard {
    child: Child,
    lines: Receiver<String>,
    /// Printed and not yet asked for: notices of one save come in any order.
    unclaimed: Vec<String>,
    errors: PathBuf,
}

impl RunningGuard {
    /// Starts `gatehouse watch` and returns when all its watches stand.
    pub(crate) fn start(program: &Path, home: &Home) -> Result<Self, Failure> {
        let errors = home.path.join("guard.stderr");
        let mut child = home
            .command(program)
            .args(["watch", "--format", "json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&errors)?)
            .spawn()?;
        let stdout = child.stdout.take().expect("it is piped");
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let mut guard = Self { child, lines, unclaimed: Vec::new(), errors };
        // Its first line, whatever the format, is printed when all watches stand.
        guard.wait("its first line", |_| true)?;
        Ok(guard)
    }

    /// Waits until the guard says that the connector of this name was taken out of its client's reach.
    pub(crate) fn wait_held(&mut self, name: &str) -> Result<(), Failure> {
        let name = format!("\"{name}\"");
        self.wait(&format!("that {name} is held"), |line| line.contains("\"notice\":\"held\"") && line.contains(&name))
    }

    /// Waits until registries were asked.
    pub(crate) fn wait_looked_up(&mut self) -> Result<(), Failure> {
        self.wait("that registries were asked", |line| line.contains("\"notice\":\"looked-up\""))
    }

    fn wait(&mut self, what: &str, is_it: impl Fn(&str) -> bool) -> Result<(), Failure> {
        if let Some(at) = self.unclaimed.iter().position(|line| is_it(line)) {
            self.unclaimed.remove(at);
            return Ok(());
        }
        let end = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if is_it(&line) => return Ok(()),
                Ok(line) => self.unclaimed.push(line),
                Err(reason) => {
                    let how = match reason {
                        RecvTimeoutError::Timeout => format!("within {} s", PATIENCE.as_secs()),
                        RecvTimeoutError::Disconnected => "before it ended".to_owned(),
                    };
                    let errors = std::fs::read_to_string(&self.errors).unwrap_or_default();
                    let said = self.unclaimed.join("\n");
                    return Err(Failure(format!("The guard did not say {what} {how}. It said:\n{said}\n{errors}")));
                }
            }
        }
    }

    /// Ends it the way a session does, and expects it to end well.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        terminate(&mut self.child)?;
        // Its output ends when it does.
        let end = Instant::now() + PATIENCE;
        while self.lines.recv_timeout(end.saturating_duration_since(Instant::now()))
            != Err(RecvTimeoutError::Disconnected)
        {
            if Instant::now() >= end {
                return Err(Failure("The guard did not end.".to_owned()));
            }
        }
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(Failure(format!("The guard ended with {status}."))) }
    }
}

impl Drop for RunningGuard {
    fn drop(&mut self) {
        // Already ended after `stop`; else the run failed, and what became of the guard matters to nobody.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn terminate(child: &mut Child) -> Result<(), Failure> {
    if cfg!(unix) {
        crate::machine::run(Command::new("kill").args(["-TERM", &child.id().to_string()]))
    } else {
        Ok(child.kill()?)
    }
}
