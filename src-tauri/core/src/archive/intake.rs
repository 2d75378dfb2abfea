//! What an archive may still bring, while it is read.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::{Contents, Fault, Limits, Refused, names};

/// The contents so far, and the budget.
pub(super) struct Intake<'a> {
    name: &'a str,
    limits: &'a Limits,
    packed: u64,
    unpacked: u64,
    entries: usize,
    contents: Contents,
}

impl<'a> Intake<'a> {
    pub(super) fn new(name: &'a str, packed: u64, limits: &'a Limits) -> Self {
        Self { name, limits, packed, unpacked: 0, entries: 0, contents: Contents::default() }
    }

    pub(super) fn refuse(&self, entry: Option<&[u8]>, fault: Fault) -> Refused {
        let entry = entry.map(|raw| String::from_utf8_lossy(&raw[..raw.len().min(self.limits.path)]).into_owned());
        Refused { archive: self.name.to_owned(), entry, fault }
    }

    /// Judges the next entry by its path.
    pub(super) fn admit<'p>(&mut self, raw: &'p [u8]) -> Result<Vec<&'p str>, Refused> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(self.refuse(None, Fault::Entries));
        }
        names::parts(raw, self.limits).map_err(|fault| self.refuse(Some(raw), fault))
    }

    /// Reads a file of a size that the archive tells.
    pub(super) fn take(&mut self, raw: &[u8], path: String, size: u64, from: &mut impl Read) -> Result<(), Refused> {
        let refuse = |intake: &Self, fault| Err(intake.refuse(Some(raw), fault));
        if size > self.limits.one_file {
            return refuse(self, Fault::OneFile);
        }
        if let Err(fault) = within(self.unpacked.saturating_add(size), self.packed, self.limits) {
            return refuse(self, fault);
        }
        // What it says is not taken for granted: a word about a size reserves no memory, and one byte more is a lie.
        let mut bytes = Vec::new();
        match from.take(size + 1).read_to_end(&mut bytes) {
            Ok(read) if read as u64 == size => {}
            Ok(_) => return refuse(self, Fault::Size),
            Err(_) => return refuse(self, Fault::Damaged),
        }
        self.unpacked += size;
        if self.contents.add(path, bytes) { Ok(()) } else { refuse(self, Fault::Twice) }
    }

    pub(super) fn done(self) -> Contents {
        self.contents
    }
}

/// Whether so many bytes may come out of so many.
fn within(unpacked: u64, packed: u64, limits: &Limits) -> Result<(), Fault> {
    if unpacked > limits.unpacked {
        return Err(Fault::UnpacksTooLarge);
    }
    if unpacked > limits.ratio_from && unpacked / packed.max(1) > limits.ratio {
        return Err(Fault::Ratio);
    }
    Ok(())
}

/// Counts all that comes out of a compressed stream, padding and what lies between files included.
pub(super) struct Meter<'a, R> {
    inner: R,
    packed: u64,
    passed: u64,
    limits: &'a Limits,
    /// Set where more came than may come.
    pub(super) exceeded: Rc<Cell<Option<Fault>>>,
}

impl<'a, R> Meter<'a, R> {
    pub(super) fn new(inner: R, packed: u64, limits: &'a Limits) -> Self {
        Self { inner, packed, passed: 0, limits, exceeded: Rc::default() }
    }
}

impl<R: Read> Read for Meter<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.passed += read as u64;
        // Headers and padding come on top of the files.
        let overhead = self.limits.entries as u64 * 1_024;
        let limits = Limits { unpacked: self.limits.unpacked.saturating_add(overhead), ..*self.limits };
        match within(self.passed, self.packed, &limits) {
            Ok(()) => Ok(read),
            Err(fault) => {
                self.exceeded.set(Some(fault));
                Err(io::Error::other("more than is read"))
            }
        }
    }
}
