//! A made-up home with a client in it, two projects and the marker.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::entry;
use super::table::{Place, RealClient, Run, Spot};
use crate::home::Home;
use crate::{Failure, machine};

/// A client command that takes longer hangs; those of the table take some seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// No client is to reach anything, wherever it is tried: nothing answers at this proxy.
const NO_NETWORK: &[(&str, &str)] = &[("HTTP_PROXY", "http://127.0.0.1:9"), ("HTTPS_PROXY", "http://127.0.0.1:9")];

pub(super) struct Stage<'a> {
    pub(super) client: &'a RealClient,
    program: &'a [PathBuf],
    pub(super) home: Home,
    pub(super) project: PathBuf,
    pub(super) other_project: PathBuf,
    marker: PathBuf,
}

/// Which labels a set of commands left, by command.
pub(super) struct Started(Vec<(&'static Run, Vec<String>)>);

impl Started {
    pub(super) fn has_any(&self, label: &str) -> bool {
        self.0.iter().any(|(_, labels)| labels.iter().any(|l| l == label))
    }

    /// Whether each command that starts entries of this scope left the label.
    pub(super) fn has_each(&self, scope: &str, label: &str) -> bool {
        let mut runs = self.0.iter().filter(|(run, _)| run.starts.contains(&scope)).peekable();
        assert!(runs.peek().is_some(), "no command starts entries of {scope} scope");
        runs.all(|(_, labels)| labels.iter().any(|l| l == label))
    }
}

impl<'a> Stage<'a> {
    pub(super) fn set(client: &'a RealClient, program: &'a [PathBuf], name: &str) -> Result<Self, Failure> {
        let home = Home::fresh(
            machine::target()?
                .join("clients")
                .join(format!("{} {}", client.id, client.with).trim_end().replace(' ', "-"))
                .join(name),
        )?;
        let [project, other_project] = ["work/here", "work/elsewhere"].map(|below| home.path.join(below));
        for folder in [&project, &other_project] {
            fs::create_dir_all(folder)?;
            // Clients name a project by the root of its repository, and this home may lie in one.
            machine::run(home.command(Path::new("git")).args(["init", "--quiet"]).current_dir(folder))?;
        }
        let marker = home.path.join("marker.sh");
        fs::write(&marker, "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$2\"\n")?;
        let stage = Self { client, program, home, project, other_project, marker };
        (client.prepare)(&stage)?;
        Ok(stage)
    }

    pub(super) fn write(&self, place: &Place) -> Result<(), Failure> {
        self.add(&(place.at.spot)(self), place.name, place.name)
    }

    pub(super) fn add(&self, spot: &Spot, name: &str, label: &str) -> Result<(), Failure> {
        entry::add(&spot.file, &spot.route, name, (self.client.entry)(&self.marks_as(label)))
    }

    /// Approves the held entry of this name in this file, and no other.
    pub(super) fn approve(&self, gatehouse: &Path, file: &Path, name: &str) -> Result<(), Failure> {
        let id = self.home.connector(gatehouse, file, name, "held")?;
        self.home.gatehouse(gatehouse, &["approve", &id, "--only-here"]).map(drop)
    }

    /// The command line that leaves a label.
    fn marks_as(&self, label: &str) -> Vec<String> {
        let [marker, marks] = [&self.marker, &self.marks()].map(|path| path.to_string_lossy().into_owned());
        vec!["/bin/sh".to_owned(), marker, label.to_owned(), marks]
    }

    fn marks(&self) -> PathBuf {
        self.home.path.join("marks")
    }

    /// A file's path as the page shows it.
    pub(super) fn shown(&self, file: &Path) -> String {
        let below = |folder: &Path| file.strip_prefix(folder).map(|path| path.display().to_string());
        below(&self.project)
            .or_else(|_| below(&self.home.path).map(|path| format!("~/{path}")))
            .unwrap_or_else(|_| file.display().to_string())
    }

    /// A command line of the table with an entry's name and the command that leaves this name put in.
    pub(super) fn words(&self, words: &[&str], name: &str) -> Vec<String> {
        let marks = self.marks_as(name);
        let put_in = |word: &&str| match *word {
            "{name}" => vec![name.to_owned()],
            "{command}" => marks[..1].to_vec(),
            "{args}" => marks[1..].to_vec(),
            word => vec![word.to_owned()],
        };
        words.iter().flat_map(put_in).collect()
    }

    /// Runs each command of the client in a folder, to its end.
    pub(super) fn run_all(&self, folder: &Path) -> Result<Started, Failure> {
        let mut started = Vec::new();
        for run in self.client.runs {
            if self.marks().exists() {
                fs::remove_file(self.marks())?;
            }
            self.run_words(&self.words(run.args, ""), folder)?;
            let marks = fs::read_to_string(self.marks()).unwrap_or_default();
            started.push((run, marks.lines().map(str::to_owned).collect()));
        }
        Ok(Started(started))
    }

    /// A client without an account ends with an error after it has started its servers, so its exit code says nothing.
    pub(super) fn run_words(&self, words: &[String], folder: &Path) -> Result<(), Failure> {
        let out = File::create(self.home.path.join("client.out"))?;
        let mut command = self.home.command(&self.program[0]);
        command.args(&self.program[1..]).args(words).current_dir(folder);
        command.envs(NO_NETWORK.iter().chain(self.client.env).copied());
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let group = format!("-{}", child.id());
        let (tell, ended) = channel();
        std::thread::spawn(move || tell.send(child.wait()));
        if let Ok(status) = ended.recv_timeout(PATIENCE) {
            status?;
            return Ok(());
        }
        machine::run(Command::new("kill").args(["-KILL", "--", &group]))?;
        let (id, words) = (self.client.id, words.join(" "));
        Err(Failure(format!("{id} {words} did not end within {} s", PATIENCE.as_secs())))
    }
}
