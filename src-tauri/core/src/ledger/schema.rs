//! The tables of the ledger and the way from every released version of them to the present one.

use rusqlite::{Connection, ffi};
use rusqlite_migration::{M, Migrations};

use super::LedgerError;

/// The first released schema. Never edited: a change is a further migration.
///
/// The triggers stop nobody who can write the file, but nobody changes a row by accident or by a plain statement, and
/// a schema without them is told as altered.
const V1: &str = "
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    seal INTEGER NOT NULL,
    mac BLOB
) STRICT;
CREATE INDEX entries_unsealed ON entries (seq) WHERE mac IS NULL;
CREATE TABLE checkpoints (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    head BLOB NOT NULL,
    digest BLOB NOT NULL,
    mac BLOB,
    snapshot TEXT
) STRICT;
CREATE TABLE chain (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key_check BLOB NOT NULL
) STRICT;
CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entries)
    BEGIN SELECT RAISE(ABORT, 'entries are appended in order'); END;
CREATE TRIGGER entries_sealed_once BEFORE UPDATE ON entries
    WHEN NOT (OLD.mac IS NULL AND NEW.mac IS NOT NULL AND NEW.seal = 2 AND NEW.seq IS OLD.seq AND NEW.at IS OLD.at
        AND NEW.body IS OLD.body AND NEW.prev IS OLD.prev AND NEW.hash IS OLD.hash)
    BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_kept BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER checkpoints_thinned BEFORE UPDATE ON checkpoints
    WHEN NOT (NEW.snapshot IS NULL AND NEW.id IS OLD.id AND NEW.seq IS OLD.seq AND NEW.at IS OLD.at
        AND NEW.head IS OLD.head AND NEW.digest IS OLD.digest AND NEW.mac IS OLD.mac)
    BEGIN SELECT RAISE(ABORT, 'checkpoints only lose their snapshot'); END;
CREATE TRIGGER checkpoints_kept BEFORE DELETE ON checkpoints
    BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;
CREATE TRIGGER chain_fixed BEFORE UPDATE ON chain
    BEGIN SELECT RAISE(ABORT, 'a chain keeps its key'); END;
CREATE TRIGGER chain_kept BEFORE DELETE ON chain
    BEGIN SELECT RAISE(ABORT, 'a chain keeps its key'); END;
";

const STEPS: &[M<'static>] = &[M::up(V1)];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// The schema version that this program writes.
pub const VERSION: u32 = STEPS.len() as u32;

/// Returns the schema version of a database; 0 = nothing written yet.
pub(super) fn version(connection: &Connection) -> Result<u32, LedgerError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Brings a database to [`VERSION`], or refuses one that a newer program wrote.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), LedgerError> {
    let found = version(connection)?;
    if found > VERSION {
        return Err(LedgerError::Newer { found, known: VERSION });
    }
    if found == 0 && !definitions(connection)?.is_empty() {
        // Tables without a version are no new database: the version was overwritten.
        let detail = Some("the database has tables and no version".to_owned());
        return Err(LedgerError::Damaged(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), detail)));
    }
    if found < VERSION {
        MIGRATIONS.to_latest(connection).map_err(|error| LedgerError::Migration(error.to_string()))?;
    }
    Ok(())
}

fn definitions(connection: &Connection) -> Result<Vec<(String, String)>, LedgerError> {
    let mut statement = connection
        .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// True if tables, indexes or triggers are not those that the migrations make.
pub(super) fn is_altered(connection: &Connection) -> Result<bool, LedgerError> {
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh)?;
    Ok(definitions(connection)? != definitions(&fresh)?)
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    #[test]
    fn the_migrations_are_valid() {
        MIGRATIONS.validate().expect("every migration runs on the one before");
    }
}
