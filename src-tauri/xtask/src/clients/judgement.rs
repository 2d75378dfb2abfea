//! The steps of one client: what its commands start before, during and after a hold.

use std::path::{Path, PathBuf};

use super::stage::Stage;
use super::table::{Place, RealClient, Rewrite};
use crate::Failure;
use crate::guard::RunningGuard;

/// What was seen of one place; `None` where it was not reached.
pub(super) struct Judged {
    pub(super) scope: &'static str,
    /// The command lines that start its entries.
    pub(super) commands: Vec<String>,
    /// Below `~`, or below the project folder.
    pub(super) file: String,
    /// The client in whose row Gatehouse has the file.
    pub(super) row: Option<String>,
    pub(super) held_by: Option<String>,
    control: Option<bool>,
    held: Option<bool>,
    namesake: Option<bool>,
    rewrite: Option<bool>,
    approved: Option<bool>,
    /// The client writes the file itself, so that the step can be taken.
    is_rewritten: bool,
    pub(super) trouble: Option<String>,
}

impl Judged {
    pub(super) fn steps(&self) -> [Option<bool>; 5] {
        [self.control, self.held, self.namesake, self.rewrite, self.approved]
    }

    pub(super) fn is_good(&self) -> bool {
        let rewrite = if self.is_rewritten { self.rewrite } else { Some(true) };
        let is_seen = [self.control, self.held, self.namesake, rewrite, self.approved].iter().all(|s| *s == Some(true));
        is_seen && self.trouble.is_none()
    }
}

pub(super) fn judge(client: &RealClient, program: &[PathBuf], gatehouse: &Path) -> Result<Vec<Judged>, Failure> {
    let stage = Stage::set(client, program, "control")?;
    for place in client.places {
        stage.write(place)?;
    }
    let started = stage.run_all(&stage.project)?;
    let mut judged: Vec<Judged> = (client.places.iter())
        .map(|place| Judged {
            scope: place.at.scope,
            commands: commands(client, place.at.scope),
            file: stage.shown(&(place.at.spot)(&stage).file),
            row: None,
            held_by: None,
            control: Some(started.has_each(place.at.scope, place.name)),
            held: None,
            namesake: None,
            rewrite: None,
            approved: None,
            is_rewritten: place.rewrite.is_some(),
            trouble: None,
        })
        .collect();
    // A guard that does not come up or does not hold is a result, told in the table beside the control.
    if let Err(Failure(text)) = guarded(client, program, gatehouse, &mut judged) {
        let at = judged.iter().position(|seen| seen.approved.is_none()).unwrap_or(judged.len() - 1);
        judged[at].trouble = Some(text);
    }
    Ok(judged)
}

fn guarded(client: &RealClient, program: &[PathBuf], gatehouse: &Path, judged: &mut [Judged]) -> Result<(), Failure> {
    let stage = Stage::set(client, program, "guarded")?;
    for place in client.places {
        // There before the guard, so it runs.
        stage.add(&(place.namesake.spot)(&stage), place.name, &namesake(place))?;
    }
    if !client.names_projects {
        for project in [&stage.project, &stage.other_project] {
            stage.home.gatehouse(gatehouse, &["folder", &project.to_string_lossy(), "ask"])?;
        }
    }
    let mut guard = RunningGuard::start(gatehouse, &stage.home)?;
    if !client.names_projects {
        // In a folder that Gatehouse is told of everything is new, and held when the guard stands.
        for place in client.places.iter().filter(|place| place.namesake.scope == "project") {
            stage.approve(gatehouse, &(place.namesake.spot)(&stage).file, place.name)?;
        }
    }
    for place in client.places {
        stage.write(place)?;
        guard.wait_held(place.name)?;
    }

    let started = stage.run_all(&stage.project)?;
    let elsewhere = stage.run_all(&stage.other_project)?;
    for (seen, place) in judged.iter_mut().zip(client.places) {
        seen.held = Some(!started.has_any(place.name) && !elsewhere.has_any(place.name));
        seen.namesake = Some(elsewhere.has_each(place.namesake.scope, &namesake(place)));
    }

    rewrite(&stage, &mut guard, "beside")?;
    let started = stage.run_all(&stage.project)?;
    for (seen, place) in judged.iter_mut().zip(client.places).filter(|(seen, _)| seen.is_rewritten) {
        seen.rewrite = Some(!started.has_any(place.name) && !started.has_any(&neighbour(place, "beside")));
    }

    for (seen, place) in judged.iter_mut().zip(client.places) {
        let file = (place.at.spot)(&stage).file;
        let row = stage.home.row(gatehouse, &file, place.name, "held")?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        (seen.row, seen.held_by) = (text(&row["client"]), text(&row["hold"]["method"]));
        stage.approve(gatehouse, &file, place.name)?;
    }
    let started = stage.run_all(&stage.project)?;
    for (seen, place) in judged.iter_mut().zip(client.places) {
        seen.approved = Some(started.has_each(place.at.scope, place.name));
    }

    rewrite(&stage, &mut guard, "later")?;
    let started = stage.run_all(&stage.project)?;
    for (seen, place) in judged.iter_mut().zip(client.places).filter(|(seen, _)| seen.is_rewritten) {
        let is_as_approved =
            started.has_each(place.at.scope, place.name) && !started.has_any(&neighbour(place, "later"));
        seen.rewrite = seen.rewrite.map(|before| before && is_as_approved);
    }
    guard.stop()
}

fn commands(client: &RealClient, scope: &str) -> Vec<String> {
    client.runs.iter().filter(|run| run.starts.contains(&scope)).map(|run| run.args.join(" ")).collect()
}

/// Lets the client write each file that it writes; returns when it is seen to have done so.
fn rewrite(stage: &Stage<'_>, guard: &mut RunningGuard, which: &str) -> Result<(), Failure> {
    for place in stage.client.places {
        match place.rewrite {
            Some(Rewrite::Command(words)) => {
                let name = neighbour(place, which);
                stage.run_words(&stage.words(words, &name), &stage.project)?;
                // What it added is held like anything new, and so it is known that it wrote.
                guard.wait_held(&name)?;
            }
            Some(Rewrite::Run { adds }) => {
                let file = (place.at.spot)(stage).file;
                if !std::fs::read_to_string(&file)?.contains(adds) {
                    let (id, file) = (stage.client.id, stage.shown(&file));
                    return Err(Failure(format!("{id} was run and has not written {adds} into {file}")));
                }
            }
            None => {}
        }
    }
    Ok(())
}

/// The label under which the entry of the same name in another scope leaves its mark.
fn namesake(place: &Place) -> String {
    format!("{}-elsewhere", place.name)
}

/// Name and label of an entry that the client adds to the place itself.
fn neighbour(place: &Place, which: &str) -> String {
    format!("{}-{which}", place.name)
}
