//! Zip: wheels of Python, and what yarn keeps.

use std::io::Cursor;

use zip::ZipArchive;
use zip::result::ZipError;

use super::intake::Intake;
use super::{Contents, Fault, Limits, Refused};

/// The shortest record of a directory; no archive has more entries than room for them.
const SHORTEST_RECORD: usize = 46;

pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Contents, Refused> {
    let mut intake = Intake::new(name, bytes.len() as u64, limits);
    // The parser reads the whole directory at once, so it is counted first.
    if records(bytes) > limits.entries {
        return Err(intake.refuse(None, Fault::Entries));
    }
    let damaged = |intake: &Intake<'_>| intake.refuse(None, Fault::Damaged);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(&intake))?;
    if archive.len() > limits.entries {
        return Err(intake.refuse(None, Fault::Entries));
    }
    if archive.has_duplicate_names() {
        return Err(intake.refuse(None, Fault::Twice));
    }
    if archive.has_overlapping_entries().map_err(|_| damaged(&intake))? {
        return Err(intake.refuse(None, Fault::Overlap));
    }
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(ZipError::InvalidPassword) => return Err(intake.refuse(None, Fault::Encrypted)),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(intake.refuse(None, Fault::Encrypted));
            }
            Err(_) => return Err(damaged(&intake)),
        };
        let raw = entry.name_raw().to_owned();
        let parts = intake.admit(&raw)?;
        let fault = match entry.unix_mode().unwrap_or(0) & 0o170_000 {
            0 | 0o100_000 | 0o040_000 => None,
            0o120_000 => Some(Fault::Link),
            _ => Some(Fault::Special),
        };
        if let Some(fault) = fault {
            return Err(intake.refuse(Some(&raw), fault));
        }
        if raw.ends_with(b"/") || parts.is_empty() {
            continue;
        }
        let (path, size) = (parts.join("/"), entry.size());
        intake.take(&raw, path, size, &mut entry)?;
    }
    Ok(intake.done())
}

/// How many records of the directory the bytes hold, counted by their signature. Compressed data may look like one by
/// chance, which is rare enough not to matter beside the limit.
fn records(bytes: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(bytes.len() / SHORTEST_RECORD + 1).count()
}
