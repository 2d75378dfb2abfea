//! Gzipped tar: what npm's registry keeps, and the sources of Python packages.

use std::io::{self, Read as _};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::intake::{Intake, Meter};
use super::{Contents, Fault, Limits, Refused};

pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Contents, Refused> {
    let packed = bytes.len() as u64;
    let mut intake = Intake::new(name, packed, limits);
    let meter = Meter::new(MultiGzDecoder::new(bytes), packed, limits);
    let exceeded = Rc::clone(&meter.exceeded);
    let mut archive = Archive::new(meter);
    // What failed because of the meter failed for the meter's reason.
    let cause = |fault| exceeded.get().unwrap_or(fault);
    let damaged = |intake: &Intake<'_>, raw: Option<&[u8]>| intake.refuse(raw, cause(Fault::Damaged));
    let entries = archive.entries().map_err(|_| damaged(&intake, None))?;
    for entry in entries {
        let mut entry = entry.map_err(|_| damaged(&intake, None))?;
        let kind = entry.header().entry_type();
        if kind == EntryType::XGlobalHeader {
            continue;
        }
        let raw = entry.path_bytes().into_owned();
        let parts = intake.admit(&raw)?;
        let fault = match kind {
            EntryType::Regular | EntryType::Continuous | EntryType::Directory => None,
            EntryType::Symlink | EntryType::Link => Some(Fault::Link),
            _ => Some(Fault::Special),
        };
        if let Some(fault) = fault {
            return Err(intake.refuse(Some(&raw), fault));
        }
        // Old archives mark a folder by its name alone. A file beside the archive's folder is part of no package.
        if kind == EntryType::Directory || raw.ends_with(b"/") || parts.len() < 2 {
            continue;
        }
        let path = parts[1..].join("/");
        let size = entry.size();
        let taken = intake.take(&raw, path, size, &mut entry);
        taken.map_err(|refused| Refused { fault: cause(refused.fault), ..refused })?;
    }
    // The rest of the stream: its checksum, and whatever may hide behind the end.
    let mut rest = archive.into_inner();
    if io::copy(&mut rest.by_ref(), &mut io::sink()).is_err() {
        return Err(damaged(&intake, None));
    }
    Ok(intake.done())
}
