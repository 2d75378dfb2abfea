//! `clients`: judges holds by real clients. Every entry runs a marker, a script that adds its name to a file; what a client
//! started can be read there.
//!
//! For each client and each place where an entry can stand:
//! 1. control: without a guard the client starts the marker, or its absence would say nothing;
//! 2. held: the entry is written below a running guard, and no command of the client starts it;
//! 3. namesake: an entry of the same name in another scope is started meanwhile;
//! 4. rewrite: the client writes the file itself, and the entry stays held; once more after its release, and it is started;
//! 5. approved: the same commands start it again.
//!
//! What was seen is kept in `docs/reference/real-clients.json`, from which the page of clients is made.

mod entry;
pub(crate) mod installation;
mod judgement;
mod record;
mod stage;
mod table;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use crate::{Failure, Outcome, machine};
use judgement::Judged;
use table::RealClient;

/// Clients know nothing of each other: each has a home and a guard of its own. They wait about half of their time.
const AT_ONCE: usize = 2;

/// A client and what was seen of its places; `None` where it could not be installed.
struct Tried {
    client: &'static RealClient,
    places: Option<Vec<Judged>>,
}

impl Tried {
    /// The client's id, and what was set up otherwise.
    fn name(&self) -> String {
        let RealClient { id, with, .. } = self.client;
        if with.is_empty() { (*id).to_owned() } else { format!("{id} {with}") }
    }

    fn is_good(&self) -> bool {
        self.places.as_ref().is_none_or(|places| places.iter().all(Judged::is_good))
    }
}

/// Judges by every client. With `record`, what was seen is written down; without, it is compared with what is written.
pub(crate) fn run(record: bool) -> Result<Outcome, Failure> {
    if cfg!(windows) {
        return Ok(not_run("markers are shell scripts; nothing was judged by a real client"));
    }
    let gatehouse = machine::build("dev")?;
    let mut installed = Vec::new();
    for client in table::REAL_CLIENTS {
        installed.push((client, installation::program(client)?));
    }
    let mut tried = Vec::new();
    for some in installed.chunks(AT_ONCE) {
        let judged = thread::scope(|scope| {
            let judges: Vec<_> = some.iter().map(|one| scope.spawn(|| judge(one, &gatehouse))).collect();
            judges.into_iter().map(|judge| judge.join().expect("it does not panic")).collect::<Result<Vec<_>, _>>()
        })?;
        tried.extend(judged);
    }
    print(&tried);
    let is_good = tried.iter().all(Tried::is_good);
    let is_whole = tried.iter().all(|tried| tried.places.is_some());
    if record && is_good && is_whole {
        record::write(&tried)?;
        return Ok(Outcome::Good);
    }
    if record {
        println!("Not recorded: only what every client agrees with is.");
    }
    let differences = if record { Vec::new() } else { record::differences(&tried)? };
    for difference in &differences {
        println!("{difference}; `cargo xtask clients --record` writes what was seen");
    }
    for Tried { client, .. } in tried.iter().filter(|tried| tried.places.is_none()) {
        not_run(&format!("the registry does not answer; nothing was judged by {}", client.package));
    }
    Ok(match (is_good && differences.is_empty(), is_whole) {
        (false, _) => Outcome::Failed,
        (true, false) => Outcome::NotRun,
        (true, true) => Outcome::Good,
    })
}

fn judge((client, program): &(&'static RealClient, Option<Vec<PathBuf>>), gatehouse: &Path) -> Result<Tried, Failure> {
    let Some(program) = program else { return Ok(Tried { client, places: None }) };
    println!("Judging by {} {}", client.package, client.version);
    let start = Instant::now();
    let places = judgement::judge(client, program, gatehouse)?;
    println!("Judged by {} ({:.1} s)", client.package, start.elapsed().as_secs_f64());
    Ok(Tried { client, places: Some(places) })
}

fn not_run(why: &str) -> Outcome {
    println!("\n!!! NOT RUN: {why}. !!!\n");
    Outcome::NotRun
}

fn print(tried: &[Tried]) {
    let row = |words: [&str; 9]| {
        let [client, scope, file, by, control, held, namesake, rewrite, approved] = words;
        println!(
            "{client:<12} {scope:<8} {file:<38} {by:<7} {control:<8} {held:<7} {namesake:<9} {rewrite:<8} {approved}"
        );
    };
    println!();
    row(["client", "scope", "file", "held by", "control", "held", "namesake", "rewrite", "approved"]);
    for Tried { client, places } in tried {
        for place in places.iter().flatten() {
            let [control, held, namesake, rewrite, approved] = place.steps().map(|seen| match seen {
                Some(true) => "ok",
                Some(false) => "FAILED",
                None => "-",
            });
            let method = place.held_by.as_deref().unwrap_or("-");
            row([client.id, place.scope, &place.file, method, control, held, namesake, rewrite, approved]);
            if let Some(trouble) = &place.trouble {
                println!("  {trouble}");
            }
        }
    }
}
