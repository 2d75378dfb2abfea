//! First run or loss: three witnesses outside the database say whether there was a ledger before.

use std::fs;
use std::io;
use std::path::Path;

use super::folder::{self, FolderError};

const MARKER: &str = "installed";
const HOLDS: &str = "holds";

/// Something outside the database that only an earlier run can have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The key in the system's secret store.
    Keyring,
    /// The `installed` file in the settings folder.
    Marker,
    /// Stashed bytes in the hold store.
    Holds,
}

/// What the three witnesses say; `true` = was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Witnesses {
    pub keyring: bool,
    pub marker: bool,
    pub holds: bool,
}

/// Whether this is the first run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstRun {
    /// No database and no witness: everything found is a baseline.
    Yes,
    /// There is a database.
    No,
    /// There is no database, but these say that there was one.
    Lost(Vec<Witness>),
}

impl Witnesses {
    /// Asks the two witnesses on disk. A place that cannot be read counts as a witness: doubt is no first run.
    pub fn on_disk(config_dir: &Path, data_dir: &Path) -> Self {
        let marker = !matches!(
            fs::symlink_metadata(config_dir.join(MARKER)),
            Err(error) if error.kind() == io::ErrorKind::NotFound
        );
        let holds = match fs::read_dir(data_dir.join(HOLDS)) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        Self { keyring: false, marker, holds }
    }
}

/// Tells a first run from a lost database.
pub fn first_run(db_exists: bool, witnesses: Witnesses) -> FirstRun {
    if db_exists {
        return FirstRun::No;
    }
    let seen =
        [(witnesses.keyring, Witness::Keyring), (witnesses.marker, Witness::Marker), (witnesses.holds, Witness::Holds)];
    let seen: Vec<_> = seen.into_iter().filter_map(|(there, witness)| there.then_some(witness)).collect();
    if seen.is_empty() { FirstRun::Yes } else { FirstRun::Lost(seen) }
}

/// Leaves the marker in the settings folder. That folder may be a link into somebody's dotfiles: it holds nothing secret.
pub fn mark_installed(config_dir: &Path) -> Result<(), FolderError> {
    fs::create_dir_all(config_dir).map_err(|error| FolderError::Io { path: config_dir.to_owned(), error })?;
    let path = config_dir.join(MARKER);
    if fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
        return Ok(());
    }
    let file = folder::open_private(&path)?;
    file.sync_all().map_err(|error| FolderError::Io { path, error })?;
    folder::sync_dir(config_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_witness_means_loss() {
        let check = |db, (keyring, marker, holds), expect: FirstRun| {
            assert_eq!(first_run(db, Witnesses { keyring, marker, holds }), expect);
        };
        check(false, (false, false, false), FirstRun::Yes);
        check(true, (true, true, true), FirstRun::No);
        check(false, (true, false, false), FirstRun::Lost(vec![Witness::Keyring]));
        check(false, (false, true, false), FirstRun::Lost(vec![Witness::Marker]));
        check(false, (false, false, true), FirstRun::Lost(vec![Witness::Holds]));
        check(false, (true, true, true), FirstRun::Lost(vec![Witness::Keyring, Witness::Marker, Witness::Holds]));
    }

    #[test]
    fn the_witnesses_on_disk_are_seen() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (config, data) = (home.path().join("config"), home.path().join("data"));
        assert_eq!(Witnesses::on_disk(&config, &data), Witnesses::default());
        mark_installed(&config).expect("own folder");
        fs::create_dir_all(data.join("holds")).expect("own folder");
        assert_eq!(Witnesses::on_disk(&config, &data), Witnesses { marker: true, ..Witnesses::default() });
        fs::write(data.join("holds/1"), "x").expect("own folder");
        assert_eq!(Witnesses::on_disk(&config, &data), Witnesses { marker: true, holds: true, keyring: false });
    }
}
