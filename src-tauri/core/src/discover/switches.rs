//! Other files that say whether what a file brings along is on. What cannot be told is taken for on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::clients::{Client, SwitchFile};
use crate::document::{Document, Route};
use crate::host::Host;

use super::{Location, Row, document_at, known_projects, starts};

const PLUGINS: &str = "enabledPlugins";

/// Whether what a file brings along is on, where another file has a say in that.
pub(super) fn is_switched_on(host: &Host, location: &Location) -> Option<bool> {
    location.row.file.switched_in.map(|switch| !is_off(host, location, switch))
}

fn is_off(host: &Host, location: &Location, switch: SwitchFile) -> bool {
    let file = &location.path;
    match switch {
        SwitchFile::Beside { folder, switch } => {
            let path = file.parent().and_then(|own| Some((own.file_name()?.to_str()?, own.parent()?)));
            let path = path.map(|(name, beside)| beside.with_file_name(folder).join(format!("{name}.json")));
            let document = path.and_then(|path| document_at(&path));
            let set =
                document.and_then(|document| document.node(&Route::root())?.value.get(switch.key)?.value.as_bool());
            set == Some(switch.off)
        }
        SwitchFile::OfPlugins { settings, in_projects } => plugin_of(file).is_some_and(|(folder, plugin)| {
            let of_user = document_at(&folder.join(settings));
            let is_on_in = |project: &PathBuf| {
                // The first that says something is the one that counts.
                let mut set =
                    in_projects.iter().filter_map(|below| enabled(&document_at(&project.join(below))?, &plugin));
                set.next() == Some(true)
            };
            of_user.and_then(|settings| enabled(&settings, &plugin)) == Some(false)
                && !projects_of(host, location.row.client).iter().any(is_on_in)
        }),
    }
}

fn enabled(settings: &Document, plugin: &str) -> Option<bool> {
    settings.node(&Route::root())?.value.get(PLUGINS)?.value.get(plugin)?.value.as_bool()
}

/// The client's folder that a plugin's file lies in, and the plugin as its settings call it.
fn plugin_of(file: &Path) -> Option<(&Path, String)> {
    let cache = file.ancestors().find(|folder| folder.ends_with("plugins/cache"))?;
    let mut below = file.strip_prefix(cache).ok()?.iter();
    let (marketplace, plugin) = (below.next()?.to_str()?, below.next()?.to_str()?);
    Some((cache.parent()?.parent()?, format!("{plugin}@{marketplace}")))
}

/// The projects that the client's own file lists: it starts in no other without writing it there.
fn projects_of(host: &Host, client: &'static Client) -> BTreeSet<PathBuf> {
    let lists = client.files.iter().filter(|file| file.known_projects.is_some() && file.systems.contains(&host.os));
    let places = lists.flat_map(|file| {
        let row = Row { client, file };
        starts(host, file).into_iter().map(move |at| Location { path: at.folder.join(at.below), row, project: None })
    });
    places.filter_map(|list| Some(known_projects(host, &list, &document_at(&list.path)?))).flatten().collect()
}
