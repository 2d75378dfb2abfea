use std::fs;
use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::{EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// An entry whose name is not looked at by who writes it.
fn entry(raw: &[u8], kind: EntryType, size: u64, link: &str) -> Header {
    let mut header = Header::new_gnu();
    header.as_mut_bytes()[..raw.len()].copy_from_slice(raw);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    if !link.is_empty() {
        header.set_link_name(link).expect("a short name");
    }
    header.set_cksum();
    header
}

fn packed(tar: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(tar).expect("memory");
    out.finish().expect("memory")
}

/// A tar of these entries, not yet compressed.
fn tar_of(entries: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (raw, kind, bytes) in entries {
        let link = if matches!(kind, EntryType::Symlink | EntryType::Link) { "/etc/passwd" } else { "" };
        out.append(&entry(raw, *kind, bytes.len() as u64, link), *bytes).expect("memory");
    }
    out.into_inner().expect("memory")
}

fn tgz(entries: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    packed(&tar_of(entries))
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        out.start_file(*name, SimpleFileOptions::default()).expect("memory");
        out.write_all(bytes).expect("memory");
    }
    out.finish().expect("memory").into_inner()
}

/// The same bytes with a text put in the place of another of its length, wherever it stands.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = memchr::memmem::find_iter(&bytes, from).collect();
    assert!(!places.is_empty(), "the text stands there");
    for at in places {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}

fn fault(bytes: &[u8]) -> Fault {
    read("p-1.0.0", bytes).expect_err("refused").fault
}

const FILE: EntryType = EntryType::Regular;

#[test]
fn an_honest_archive_is_read() {
    let contents = read(
        "p",
        &tgz(&[
            (b"package/", EntryType::Directory, b""),
            (b"package/package.json", FILE, b"{}"),
            (b"./package/dist/index.js", FILE, b"let a = 1\n"),
            (b"package/addon.node", FILE, b"\x7fELF\0\0"),
        ]),
    )
    .expect("honest");
    let paths: Vec<_> = contents.files().map(|(path, _)| path).collect();
    assert_eq!(paths, ["addon.node", "dist/index.js", "package.json"]);
    assert_eq!(contents.text("dist/index.js").as_deref(), Some("let a = 1\n"));
    let addon = contents.get("addon.node").expect("there");
    assert!(addon.is_machine_code && addon.text.is_none());

    let wheel = read("w", &zip_of(&[("p/__init__.py", b"a = 1\n"), ("p-1.dist-info/METADATA", b"Name: p\n")]));
    let wheel = wheel.expect("honest");
    assert_eq!(wheel.text("p/__init__.py").as_deref(), Some("a = 1\n"));
}

#[test]
fn long_names_are_read_whole() {
    let long = format!("package/{}/index.js", "d".repeat(180));
    let mut out = tar::Builder::new(Vec::new());
    let mut header = entry(b"", FILE, 2, "");
    out.append_data(&mut header, &long, &b"ok"[..]).expect("memory");
    let contents = read("p", &packed(&out.into_inner().expect("memory"))).expect("honest");
    assert_eq!(contents.files().next().map(|(path, _)| path.len()), Some(long.len() - "package/".len()));
}

#[test]
fn a_path_that_leaves_the_package_is_refused() {
    for (raw, expect) in [
        (&b"../evil.js"[..], Fault::Escapes),
        (b"package/../../evil.js", Fault::Escapes),
        (b"package/a/..", Fault::Escapes),
        (b"/etc/cron.d/evil", Fault::Absolute),
        (b"C:/evil.js", Fault::Absolute),
        (b"c:evil.js", Fault::Absolute),
        (b"package\\..\\evil.js", Fault::Backslash),
        (b"package/\xff\xfe.js", Fault::Encoding),
    ] {
        let refused = read("p-1.0.0", &tgz(&[(b"package/ok.js", FILE, b"1"), (raw, FILE, b"2")])).expect_err("refused");
        assert_eq!(refused.fault, expect, "{}", raw.escape_ascii());
        assert!(refused.entry.is_some() && refused.to_string().contains("nothing of it was unpacked"), "{refused}");
    }
}

#[test]
fn a_zip_that_slips_is_refused() {
    let honest = || zip_of(&[("AAAAAAAAAA", b"x")]);
    for (name, expect) in [
        (b"../../../e", Fault::Escapes),
        (b"/etc/evil1", Fault::Absolute),
        (b"C:/windows", Fault::Absolute),
        (b"..\\..\\evil", Fault::Backslash),
        (b"a/\xff\xfe\xff.pyy\0", Fault::ZeroByte),
        (b"a/\xff\xfe\xff.pyy~", Fault::Encoding),
    ] {
        assert_eq!(fault(&patched(honest(), b"AAAAAAAAAA", name)), expect, "{}", name.escape_ascii());
    }
}

#[test]
fn a_name_that_steers_is_kept_and_shown_by_chips() {
    let name = "package/cod\u{202e}sj.exe";
    let contents = read("p", &tgz(&[(name.as_bytes(), FILE, b"1")])).expect("read");
    let (path, _) = contents.files().next().expect("one");
    assert_eq!(crate::sentences::chips::visible(path), "cod⟦U+202E⟧sj.exe");
}

#[test]
fn what_is_no_file_is_refused() {
    for (kind, expect) in [
        (EntryType::Symlink, Fault::Link),
        (EntryType::Link, Fault::Link),
        (EntryType::Char, Fault::Special),
        (EntryType::Block, Fault::Special),
        (EntryType::Fifo, Fault::Special),
        (EntryType::new(b'8'), Fault::Special),
    ] {
        assert_eq!(fault(&tgz(&[(b"package/a", kind, b"")])), expect, "{kind:?}");
    }
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.add_symlink("a", "/etc/passwd", SimpleFileOptions::default()).expect("memory");
    assert_eq!(fault(&out.finish().expect("memory").into_inner()), Fault::Link);
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let zeros = vec![0; 20 * MIB as usize];
    // Twenty megabytes of nothing are a thousandth of that in the archive.
    assert_eq!(fault(&tgz(&[(b"package/a", FILE, &zeros)])), Fault::Ratio);
    assert_eq!(fault(&zip_of(&[("a", &zeros)])), Fault::Ratio);
    let small = Limits { unpacked: 1_000, one_file: 600, ..LIMITS };
    let within = |bytes: &[u8]| read_within("p", bytes, &small).expect_err("refused").fault;
    assert_eq!(within(&tgz(&[(b"p/a", FILE, &[b'x'; 601])])), Fault::OneFile);
    assert_eq!(within(&tgz(&[(b"p/a", FILE, &[b'x'; 600]), (b"p/b", FILE, &[b'x'; 600])])), Fault::UnpacksTooLarge);
    assert_eq!(within(&zip_of(&[("a", &[b'x'; 600]), ("b", &[b'x'; 600])])), Fault::UnpacksTooLarge);
    let tiny = Limits { packed: 10, ..LIMITS };
    assert_eq!(read_within("p", &tgz(&[]), &tiny).expect_err("refused").fault, Fault::TooLarge);
}

#[test]
fn a_bomb_behind_the_end_or_before_a_file_is_refused() {
    let zeros = vec![0; 40 * MIB as usize];
    let mut behind = tar_of(&[(b"package/a", FILE, b"1")]);
    behind.extend_from_slice(&zeros);
    let limits = Limits { entries: 10, ..LIMITS };
    let fault = |bytes: &[u8]| read_within("p", bytes, &limits).expect_err("refused").fault;
    assert_eq!(fault(&packed(&behind)), Fault::Ratio);
    // A folder has no bytes; one that says it has makes the reader skip them.
    assert_eq!(fault(&tgz(&[(b"package/a", EntryType::Directory, &zeros)])), Fault::Ratio);
}

#[test]
fn a_million_files_are_refused() {
    let header = entry(b"package/a", FILE, 0, "");
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..LIMITS.entries + 1 {
        gz.write_all(header.as_bytes()).expect("memory");
    }
    // The first comes twice, so the names differ by their folders' number instead: folders may come twice.
    let folder = entry(b"package/a/", EntryType::Directory, 0, "");
    let mut folders = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..LIMITS.entries + 1 {
        folders.write_all(folder.as_bytes()).expect("memory");
    }
    let limits = Limits { ratio: u64::MAX, ..LIMITS };
    let fault = |bytes: &[u8]| read_within("p", bytes, &limits).expect_err("refused").fault;
    assert_eq!(fault(&gz.finish().expect("memory")), Fault::Twice);
    assert_eq!(fault(&folders.finish().expect("memory")), Fault::Entries);
    let few = Limits { entries: 3, ..LIMITS };
    let zip = zip_of(&[("a", b""), ("b", b""), ("c", b""), ("d", b"")]);
    assert_eq!(read_within("p", &zip, &few).expect_err("refused").fault, Fault::Entries);
}

#[test]
fn a_path_that_comes_twice_is_refused() {
    assert_eq!(fault(&tgz(&[(b"package/a", FILE, b"1"), (b"package/a", FILE, b"2")])), Fault::Twice);
    // npm drops the first folder whatever it is called: the same file again.
    assert_eq!(fault(&tgz(&[(b"package/a", FILE, b"1"), (b"other/a", FILE, b"2")])), Fault::Twice);
    assert_eq!(fault(&tgz(&[(b"package/a", FILE, b"1"), (b"package/./a", FILE, b"2")])), Fault::Twice);
    let zip = patched(zip_of(&[("AAAA.py", b"1"), ("BBBB.py", b"2")]), b"BBBB.py", b"AAAA.py");
    assert!(matches!(fault(&zip), Fault::Twice | Fault::Damaged));
}

#[test]
fn a_long_or_deep_path_is_refused() {
    let long = "a/".repeat(600) + "b";
    let deep = "a/".repeat(70) + "b";
    let zip = |name: &str| zip_of(&[(name, b"1")]);
    assert_eq!(fault(&zip(&long)), Fault::PathLength);
    assert_eq!(fault(&zip(&deep)), Fault::Depth);
}

#[test]
fn what_is_cut_short_or_damaged_is_refused() {
    let whole = tgz(&[(b"package/a", FILE, &[b'x'; 5_000]), (b"package/b", FILE, b"noise: 81723 98123 kjh kjasd")]);
    for cut in [3, 20, whole.len() / 2, whole.len() - 1] {
        assert_eq!(fault(&whole[..cut]), Fault::Damaged, "cut at {cut}");
    }
    let mut flipped = whole.clone();
    let at = flipped.len() - 6;
    flipped[at] ^= 0xff;
    assert_eq!(fault(&flipped), Fault::Damaged, "the checksum is looked at");
    let zip = zip_of(&[("a.py", b"some text that is long enough")]);
    assert_eq!(fault(&zip[..zip.len() - 8]), Fault::Damaged);
    assert_eq!(fault(b"PK\x03\x04 and nothing more"), Fault::Damaged);
    assert_eq!(fault(b"#!/bin/sh\n"), Fault::Format);
    assert_eq!(fault(&tgz(&[])), Fault::Empty);
}

#[test]
fn what_is_encrypted_is_refused() {
    let zip = zip_of(&[("a.py", b"print()")]);
    let flagged =
        [(&b"PK\x03\x04"[..], 6), (b"PK\x01\x02", 8)].iter().fold(zip.clone(), |mut bytes, (mark, behind)| {
            let at = memchr::memmem::find(&bytes, mark).expect("a header") + behind;
            bytes[at] |= 1;
            bytes
        });
    assert_ne!(flagged, zip);
    assert_eq!(fault(&flagged), Fault::Encrypted);
}

#[test]
fn a_size_that_lies_is_refused() {
    // Stored, so that the sizes stand in the clear: 29 bytes, said to be 5.
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("a.py", SimpleFileOptions::default()).expect("memory");
    out.write_all(&[b'x'; 400]).expect("memory");
    let zip = out.finish().expect("memory").into_inner();
    for lie in [5_u32, 4_000, u32::MAX - 1] {
        let bytes = patched(zip.clone(), &400_u32.to_le_bytes(), &lie.to_le_bytes());
        let fault = fault(&bytes);
        assert!(matches!(fault, Fault::Size | Fault::Damaged | Fault::OneFile | Fault::UnpacksTooLarge), "{fault:?}");
    }
    // A tar entry of more bytes than are there.
    let header = entry(b"package/a", FILE, 1 << 20, "");
    assert!(matches!(fault(&packed(header.as_bytes())), Fault::Size | Fault::Damaged));
}

#[test]
fn nothing_is_written_anywhere() {
    let dir = tempfile::tempdir().expect("a folder");
    let before = dir.path().join("before");
    fs::create_dir(&before).expect("made");
    let names = || fs::read_dir(dir.path()).expect("there").count();
    for bytes in [
        tgz(&[(b"../../../../tmp/evil", FILE, b"1")]),
        tgz(&[(b"package/a", EntryType::Symlink, b"")]),
        tgz(&[(b"package/ok.js", FILE, b"1")]),
    ] {
        let path = dir.path().join("before/p.tgz").to_string_lossy().into_owned();
        let _ = read(&path, &bytes);
        assert_eq!((names(), fs::read_dir(&before).expect("there").count()), (1, 0));
    }
}

#[test]
fn each_fault_is_said_in_both_languages() {
    use crate::wording::{Language, Wording};
    let ids: std::collections::BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.message()).collect();
    assert_eq!(ids.len(), Fault::ALL.len());
    for language in [Language::English, Language::Spanish] {
        let wording = Wording::new(language);
        for id in &ids {
            assert_ne!(wording.text(id, &[]), *id, "{language:?}");
        }
    }
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("GATEHOUSE_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(256);
    ProptestConfig::with_cases(cases)
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever the bytes: an answer, and no path that leads out.
    #[test]
    fn any_bytes_are_answered(start in 0_usize..3, bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        let head: &[u8] = [&b"PK\x03\x04"[..], &b"\x1f\x8b\x08\0"[..], b""][start];
        stays_inside(&[head, &bytes].concat())?;
        stays_inside(&packed(&bytes))?;
    }

    /// Honest archives with some of their bytes changed.
    #[test]
    fn damaged_archives_are_answered(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        is_zip in any::<bool>(),
    ) {
        let mut bytes = if is_zip {
            zip_of(&[("p/a.py", b"a = 1"), ("p/b.py", &[b'x'; 300])])
        } else {
            tar_of(&[(b"package/a.js", FILE, b"let a"), (b"package/b/c.js", FILE, &[b'x'; 700])])
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        stays_inside(&if is_zip { bytes } else { packed(&bytes) })?;
    }
}

fn stays_inside(bytes: &[u8]) -> Result<(), TestCaseError> {
    for (path, _) in read("p", bytes).iter().flat_map(Contents::files) {
        prop_assert!(!path.starts_with('/') && !path.contains('\\') && !path.contains('\0'), "{path:?}");
        prop_assert!(!path.split('/').any(|part| part == ".."), "{path:?}");
    }
    Ok(())
}
