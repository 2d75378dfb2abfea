//! `clients`: judges holds by real clients. Every entry runs a marker, a script that adds its name to a file; what a client
//! started can be read there.
//!
//! For each client and each place where an entry can stand:
//! 1. control: without a guard the client starts the marker, or its absence would say nothing;
//! 2. held: the entry is written below a running guard, and no command of the client starts it;
//! 3. namesake: an entry of the same name in another scope is started meanwhile;
//! 4. approved: the same command starts it again.

mod installation;
mod table;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::json;

use crate::guard::RunningGuard;
use crate::home::{self, Home};
use crate::{Failure, Outcome, machine};
use table::{Place, RealClient, Run};

/// A client command that takes longer hangs; those of the table take about a second.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn run() -> Result<Outcome, Failure> {
    if cfg!(windows) {
        return Ok(not_run("markers are shell scripts"));
    }
    let gatehouse = machine::build("dev")?;
    let mut lines = Vec::new();
    let mut outcome = Outcome::Good;
    for client in table::REAL_CLIENTS {
        let Some(program) = installation::program(client)? else {
            outcome = match outcome {
                Outcome::Failed => Outcome::Failed,
                _ => not_run(&format!("{} cannot be installed: the registry does not answer", client.package)),
            };
            continue;
        };
        println!("Judging by {} {}", client.package, client.version);
        for judged in judge(client, &program, &gatehouse)? {
            if !judged.is_good() {
                outcome = Outcome::Failed;
            }
            lines.push(judged.line(client));
        }
    }
    if lines.is_empty() {
        return Ok(outcome);
    }
    println!("\n{:<14}{:<10}{:<10}{:<10}{:<10}{:<10}", "client", "scope", "control", "held", "namesake", "approved");
    println!("{}", lines.join("\n"));
    Ok(outcome)
}

fn not_run(why: &str) -> Outcome {
    println!("\n!!! NOT RUN: {why}. Nothing was judged by a real client. !!!\n");
    Outcome::NotRun
}

/// What was seen of one place; `None` where it was not reached.
struct Judged {
    scope: &'static str,
    control: Option<bool>,
    held: Option<bool>,
    namesake: Option<bool>,
    approved: Option<bool>,
    trouble: Option<String>,
}

impl Judged {
    fn is_good(&self) -> bool {
        [self.control, self.held, self.namesake, self.approved].iter().all(|seen| *seen == Some(true))
    }

    fn line(&self, client: &RealClient) -> String {
        let [control, held, namesake, approved] =
            [self.control, self.held, self.namesake, self.approved].map(|seen| match seen {
                Some(true) => "ok",
                Some(false) => "FAILED",
                None => "-",
            });
        let trouble = self.trouble.as_deref().map(|text| format!("\n  {text}")).unwrap_or_default();
        let scope = self.scope;
        format!("{:<14}{scope:<10}{control:<10}{held:<10}{namesake:<10}{approved:<10}{trouble}", client.id)
    }
}

fn judge(client: &RealClient, program: &[PathBuf], gatehouse: &Path) -> Result<Vec<Judged>, Failure> {
    let mut judged: Vec<Judged> = (client.places.iter())
        .map(|p| Judged { scope: p.scope, control: None, held: None, namesake: None, approved: None, trouble: None })
        .collect();
    let control = Stage::set(client, program, "control")?;
    for place in client.places {
        control.write(place)?;
    }
    let started = control.run_all(&control.project)?;
    for (seen, place) in judged.iter_mut().zip(client.places) {
        seen.control = Some(started.has_each(place, client));
    }
    // A guard that does not come up or does not hold is a result, told in the table beside the control.
    if let Err(Failure(text)) = guarded(client, program, gatehouse, &mut judged)
        && let Some(seen) = judged.iter_mut().find(|seen| seen.approved.is_none())
    {
        seen.trouble = Some(text);
    }
    Ok(judged)
}

fn guarded(client: &RealClient, program: &[PathBuf], gatehouse: &Path, judged: &mut [Judged]) -> Result<(), Failure> {
    let stage = Stage::set(client, program, "guarded")?;
    for place in client.places {
        // Known from the start, so it is never held.
        (client.write_namesake)(&stage, place)?;
    }
    let mut guard = RunningGuard::start(gatehouse, &stage.home)?;
    for place in client.places {
        stage.write(place)?;
        guard.wait_held(place.name)?;
    }
    let started = stage.run_all(&stage.project)?;
    let elsewhere = stage.run_all(&stage.other_project)?;
    for (seen, place) in judged.iter_mut().zip(client.places) {
        seen.held = Some(!started.has_any(place.name) && !elsewhere.has_any(place.name));
        seen.namesake = Some(elsewhere.has_any(&namesake(place)));
    }
    for place in client.places {
        let id = stage.home.connector(gatehouse, &(place.file)(&stage), place.name, "held")?;
        stage.home.gatehouse(gatehouse, &["approve", &id, "--only-here"])?;
    }
    let started = stage.run_all(&stage.project)?;
    for (seen, place) in judged.iter_mut().zip(client.places) {
        seen.approved = Some(started.has_each(place, client));
    }
    guard.stop()
}

/// The label under which the entry of the same name in another scope leaves its mark.
fn namesake(place: &Place) -> String {
    format!("{}-elsewhere", place.name)
}

/// A made-up home with a client in it, two projects and the marker.
struct Stage<'a> {
    client: &'a RealClient,
    program: &'a [PathBuf],
    home: Home,
    project: PathBuf,
    other_project: PathBuf,
    marker: PathBuf,
}

/// Which labels a set of commands left, by command.
struct Started(Vec<(&'static Run, Vec<String>)>);

impl Started {
    fn has_any(&self, label: &str) -> bool {
        self.0.iter().any(|(_, labels)| labels.iter().any(|l| l == label))
    }

    /// Whether each command that starts entries of this scope did so.
    fn has_each(&self, place: &Place, client: &RealClient) -> bool {
        assert!(client.runs.iter().any(|run| run.starts.contains(&place.scope)), "no command starts {}", place.scope);
        let mut runs = self.0.iter().filter(|(run, _)| run.starts.contains(&place.scope));
        runs.all(|(_, labels)| labels.iter().any(|l| l == place.name))
    }
}

impl<'a> Stage<'a> {
    fn set(client: &'a RealClient, program: &'a [PathBuf], name: &str) -> Result<Self, Failure> {
        let home = Home::fresh(machine::target()?.join("clients").join(client.id).join(name))?;
        let [project, other_project] = ["work/here", "work/elsewhere"].map(|below| home.path.join(below));
        for folder in [&project, &other_project] {
            fs::create_dir_all(folder)?;
            // Clients name a project by the root of its repository, and this home may lie in one.
            machine::run(home.command(Path::new("git")).args(["init", "--quiet"]).current_dir(folder))?;
        }
        let marker = home.path.join("marker.sh");
        fs::write(&marker, "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$2\"\n")?;
        let stage = Self { client, program, home, project, other_project, marker };
        (client.trust)(&stage)?;
        Ok(stage)
    }

    fn write(&self, place: &Place) -> Result<(), Failure> {
        let route = (place.route)(&self.project);
        self.add((place.file)(self), &route, place.name, place.name)
    }

    fn add(&self, file: PathBuf, route: &[String], name: &str, label: &str) -> Result<(), Failure> {
        let entry = json!({"command": "/bin/sh", "args": [self.marker, label, self.marks()]});
        home::add_entry(&file, &route.iter().map(String::as_str).collect::<Vec<_>>(), name, entry)
    }

    fn marks(&self) -> PathBuf {
        self.home.path.join("marks")
    }

    /// Runs each command of the client in a folder, to its end.
    fn run_all(&self, folder: &Path) -> Result<Started, Failure> {
        let mut started = Vec::new();
        for run in self.client.runs {
            if self.marks().exists() {
                fs::remove_file(self.marks())?;
            }
            self.run(run, folder)?;
            let marks = fs::read_to_string(self.marks()).unwrap_or_default();
            started.push((run, marks.lines().map(str::to_owned).collect()));
        }
        Ok(Started(started))
    }

    /// A client without an account ends with an error after it has started its servers, so its exit code says nothing.
    fn run(&self, run: &Run, folder: &Path) -> Result<(), Failure> {
        let out = File::create(self.home.path.join("client.out"))?;
        let mut command = self.home.command(&self.program[0]);
        command.args(&self.program[1..]).args(run.args).current_dir(folder);
        command.envs(self.client.env.iter().copied());
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
        let words = run.args.join(" ");
        Err(Failure(format!("{} {words} did not end within {} s", self.client.id, PATIENCE.as_secs())))
    }
}
