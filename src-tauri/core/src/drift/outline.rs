//! What is remembered of a package's code, so that the next version can be compared with it when the bytes are gone: which
//! addresses stand in it, what it can do, what it says of itself, digests of its files. No text of the code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::archive::{Contents, File};

use super::calls::{CallKind, Reader};
use super::lexer::{self, Language, Token};
use super::literals::{self, LiteralKind};
use super::manifest::Manifest;

/// Outlines of another form are not understood; the present code is outlined anew.
pub const FORM: u32 = 1;

/// More is left out of an outline, which says so.
const MOST_FILES: usize = 20_000;
const MOST_LITERALS: usize = 20_000;

/// Texts that are put together in the code are read together up to this length.
const JOINED: usize = 1_000;

/// The code of one version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outline {
    pub form: u32,
    pub manifest: Manifest,
    /// 32 hex digits of the SHA-256 of each file.
    pub files: BTreeMap<String, String>,
    /// Programs for processors among them.
    pub machine_code: Vec<String>,
    pub literals: BTreeMap<LiteralKind, BTreeMap<String, Place>>,
    pub calls: BTreeMap<CallKind, BTreeMap<String, Place>>,
    /// There is more than was read.
    pub partly: bool,
}

/// Where something stands that the code says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    /// From 1.
    pub line: u32,
    /// The file is only read by what is run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_data: bool,
    /// It is written in base64.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_encoded: bool,
    /// The file is one of the package's own tests, and nothing else of the package names a test.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_test: bool,
}

impl Outline {
    pub fn of(contents: &Contents) -> Self {
        let mut outline =
            Self { form: FORM, manifest: Manifest::of(contents), partly: contents.partly, ..Self::default() };
        // What runs a test may hide in one.
        let named = outline.manifest.programs.values().any(|path| is_test(path));
        let has_tests = contents.files().any(|(path, _)| is_test(path));
        let tests_run = named || has_tests && contents.files().any(|(path, file)| names_test(path, file));
        for (path, file) in contents.files() {
            if outline.files.len() >= MOST_FILES {
                outline.partly = true;
                break;
            }
            outline.files.insert(path.to_owned(), file.digest.clone());
            if file.is_machine_code {
                outline.machine_code.push(path.to_owned());
            }
            let Some(language) = file.text.as_ref().and_then(|text| Language::of(path, text)) else { continue };
            // What a manifest says counts by its members.
            if !is_manifest(path) {
                let is_test = !tests_run && is_test(path);
                outline.read(path, language, is_test, &contents.text(path).unwrap_or_default());
            }
        }
        outline
    }

    fn read(&mut self, path: &str, language: Language, is_test: bool, text: &str) {
        let is_data = language == Language::Data;
        let mut reader = Reader::new(language);
        let mut calls: Vec<(CallKind, String, u32)> = Vec::new();
        let mut addresses: Vec<(LiteralKind, String, Place)> = Vec::new();
        let mut found = |text: &str, line: u32, is_encoded: bool| {
            let place = || Place { file: path.to_owned(), line, is_data, is_encoded, is_test };
            literals::find(text, &mut |kind, literal| addresses.push((kind, literal, place())));
        };
        // What stands in front of a `+`.
        let mut joined = String::new();
        let mut joins = false;
        lexer::read(language, text, &mut |piece| {
            reader.take(&piece, &mut |kind, name, line| calls.push((kind, name, line)));
            match &piece.token {
                Token::Text(text, _) => {
                    found(text, piece.line, false);
                    if let Some(decoded) = literals::decoded(text) {
                        found(&decoded, piece.line, true);
                    }
                    if !joins {
                        joined.clear();
                    }
                    if joined.len() + text.len() > JOINED {
                        joined.clear();
                    } else {
                        let is_longer = !joined.is_empty();
                        joined.push_str(text);
                        if is_longer {
                            found(&joined, piece.line, false);
                        }
                    }
                    joins = false;
                }
                Token::Sign(b'+') => joins = true,
                _ => {
                    joined.clear();
                    joins = false;
                }
            }
        });
        reader.done(&mut |kind, name, line| calls.push((kind, name, line)));
        for (kind, literal, place) in addresses {
            let all = self.literals.entry(kind).or_default();
            if all.len() >= MOST_LITERALS && !all.contains_key(&literal) {
                self.partly = true;
                continue;
            }
            // Code says more than tests and data, and what is hidden says most.
            let rank = |place: &Place| (place.is_data, place.is_test, !place.is_encoded);
            let known = all.entry(literal).or_insert_with(|| place.clone());
            if rank(&place) < rank(known) {
                *known = place;
            }
        }
        for (kind, name, line) in calls {
            let place = Place { file: path.to_owned(), line, is_data, is_encoded: false, is_test };
            let known = self.calls.entry(kind).or_default().entry(name).or_insert_with(|| place.clone());
            if known.is_test && !place.is_test {
                *known = place;
            }
        }
    }

    /// The domains that this version already has to do with.
    pub(super) fn domains(&self) -> std::collections::BTreeSet<String> {
        let literals = self.literals.iter().flat_map(|(kind, all)| all.keys().map(move |text| (*kind, text)));
        let hosts = literals.filter_map(|(kind, text)| literals::host_in(kind, text)).map(literals::registrable);
        hosts.chain(self.manifest.homes.iter().cloned()).collect()
    }
}

/// `a.test.js`, `test/a.py`, `__tests__/a.js`, `test_a.py`
fn is_test(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_folder = |part: &str| matches!(part, "test" | "tests" | "__tests__" | "e2e" | "fixtures");
    let is_name = name.contains(".test.") || name.contains(".spec.") || name.contains("_test.");
    folders.split('/').any(is_folder) || is_name || name.starts_with("test_") || name.starts_with("test-")
}

/// Whether code that is no test says a text that could be the path of one.
fn names_test(path: &str, file: &File) -> bool {
    let Some(language) = file.text.as_ref().and_then(|text| Language::of(path, text)) else { return false };
    if is_test(path) || matches!(language, Language::Data) {
        return false;
    }
    let mut is_named = false;
    let text = file.text.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
    lexer::read(language, &text, &mut |piece| {
        if let Token::Text(text, _) = &piece.token {
            let is_path = text.len() < 200 && !text.contains(' ') && (text.contains('/') || text.contains(".test."));
            let bare = text.trim_end_matches('/');
            is_named |= is_path && (is_test(bare) || is_test(&format!("{bare}/x")));
        }
    });
    is_named
}

fn is_manifest(path: &str) -> bool {
    matches!(
        path,
        "package.json"
            | "package-lock.json"
            | "npm-shrinkwrap.json"
            | "yarn.lock"
            | "pnpm-lock.yaml"
            | "bun.lock"
            | "tsconfig.json"
            | "pyproject.toml"
            | "uv.lock"
            | "poetry.lock"
            | "server.json"
    ) || path.contains(".dist-info/")
}
