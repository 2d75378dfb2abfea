//! The user's own mark: made at the first start, shown on every question, so that a forged one can be told.
//!
//! Its seed is a file in the data folder that only this user may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use gatehouse_core::host::Host;
use gatehouse_core::wording::Language;

use crate::dto::Mark;

mod words;

/// Bytes of a seed: eight for the pattern, two for the words.
const SEED: usize = 10;

const FILE: &str = "mark";

/// What a mark is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seed([u8; SEED]);

impl Seed {
    /// Reads the seed, or makes one where there is none.
    pub(crate) fn of(host: &Host) -> io::Result<Self> {
        let path = host.data_dir().join(FILE);
        match fs::read(&path) {
            Ok(bytes) if bytes.len() == SEED => {
                let mut seed = [0; SEED];
                seed.copy_from_slice(&bytes);
                Ok(Self(seed))
            }
            Ok(_) => Self::make(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::make(&path),
            Err(error) => Err(error),
        }
    }

    fn make(path: &Path) -> io::Result<Self> {
        let seed = Self::random()?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(&seed.0)?;
        Ok(seed)
    }

    /// A seed that is not kept: for a data folder that takes no file.
    pub(crate) fn random() -> io::Result<Self> {
        let mut seed = [0; SEED];
        getrandom::fill(&mut seed)?;
        Ok(Self(seed))
    }

    /// The mark in a language; the pattern is the same in all.
    pub(crate) fn mark(self, language: Language) -> Mark {
        // Mirrored, because a pattern with an axis is remembered better.
        let cell = |at: usize| {
            let (row, column) = (at / 4, at % 4);
            self.0[row * 2 + column.min(3 - column)] % 4
        };
        let mut cells: Vec<u8> = (0..16).map(cell).collect();
        // Without light and dark in it a pattern is none.
        let row = usize::from(self.0[0]) / 4 % 4;
        for (shade, column) in [(3, 0), (0, 1)] {
            if !cells.contains(&shade) {
                cells[row * 4 + column] = shade;
                cells[row * 4 + 3 - column] = shade;
            }
        }
        if !cells.contains(&3) {
            cells[row * 4] = 3;
            cells[row * 4 + 3] = 3;
        }
        Mark { cells, words: words::pair(language, self.0[8], self.0[9]) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_mark_is_made_once_and_kept_private() {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let env = BTreeMap::from([("XDG_DATA_HOME".to_owned(), scratch.path().display().to_string())]);
        let clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let host = Host::new(gatehouse_core::host::Os::Linux, scratch.path().into(), env, clock);
        fs::create_dir_all(host.data_dir()).expect("the folder is made");
        let first = Seed::of(&host).expect("a seed is made");
        assert_eq!(Seed::of(&host).expect("it is read"), first);
        let path = host.data_dir().join(FILE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "short").expect("it is written");
        assert_eq!(Seed::of(&host).expect("a seed is made").0.len(), SEED);
    }

    #[test]
    fn a_mark_has_a_pattern_in_four_shades_and_two_words() {
        for byte in 0..=u8::MAX {
            let seed = Seed([byte, 255 - byte, byte / 2, 7, byte, 1, 2, byte, byte, 255 - byte]);
            for language in Language::ALL {
                let mark = seed.mark(*language);
                assert_eq!(mark.cells.len(), 16);
                assert!(mark.cells.iter().all(|shade| *shade < 4));
                assert!(mark.cells.contains(&0) && mark.cells.contains(&3), "{byte}: {:?}", mark.cells);
                assert_eq!(mark.words.split(' ').count(), 2, "{}", mark.words);
            }
        }
    }
}
