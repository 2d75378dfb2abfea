//! Who signed a program, by the tool of the system that tells: `codesign` on macOS, Authenticode on Windows. Linux has
//! none.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value as Json;

use super::{Host, Os};

/// What the tool says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// There is no tool here, or it did not answer.
    Untold,
    /// Not at all, or by nobody in particular.
    Unsigned,
    /// Its chain ends at a root that the system trusts.
    Signed { by: String },
    /// It is signed, and that does not hold.
    Broken,
}

/// A tool that has not answered within this is not waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most that is read of an answer.
const MOST_BYTES: u64 = 64 * 1024;

/// Looks for the file by the environment, so that no name can be taken for a part of the script.
const SCRIPT: &str = "$s = Get-AuthenticodeSignature -LiteralPath $env:GATEHOUSE_FILE; \
    @{status = $s.Status.ToString(); by = $s.SignerCertificate.Subject} | ConvertTo-Json -Compress";

/// Asks about a program. Scripts are not signed and not asked about.
pub fn of(host: &Host, file: &Path) -> Answer {
    match host.os {
        Os::Linux => Answer::Untold,
        _ if !is_program(host.os, file) => Answer::Unsigned,
        Os::Macos => {
            let tool = host.root.join("usr/bin/codesign");
            let verified = run(Command::new(&tool).args(["--verify", "--strict", "--"]).arg(file));
            let told = run(Command::new(&tool).args(["--display", "--verbose=2", "--"]).arg(file));
            verified.zip(told).map_or(Answer::Untold, |((holds, _), (_, text))| of_codesign(holds, &text))
        }
        Os::Windows => {
            let tool = host.root.join("Windows/System32/WindowsPowerShell/v1.0/powershell.exe");
            let flags = ["-NoProfile", "-NonInteractive", "-Command", SCRIPT];
            let told = run(Command::new(tool).args(flags).env("GATEHOUSE_FILE", file));
            told.map_or(Answer::Untold, |(_, text)| of_authenticode(&text))
        }
    }
}

/// By its first bytes.
fn is_program(os: Os, file: &Path) -> bool {
    let mut first = [0; 4];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut first));
    let marks: &[&[u8]] = match os {
        Os::Macos => &[&[0xfe, 0xed, 0xfa], &[0xce, 0xfa, 0xed, 0xfe], &[0xcf, 0xfa, 0xed, 0xfe], &[0xca, 0xfe, 0xba]],
        _ => &[b"MZ"],
    };
    read.is_ok() && marks.iter().any(|mark| first.starts_with(mark))
}

/// Whether a tool ended well, and what it said on both of its ways out.
fn run(command: &mut Command) -> Option<(bool, String)> {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().ok()?;
    let (out, err) = (child.stdout.take()?, child.stderr.take()?);
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read =
            out.take(MOST_BYTES).read_to_end(&mut text).and_then(|_| err.take(MOST_BYTES).read_to_end(&mut text));
        let _ = tell.send(read.ok().map(|_| String::from_utf8_lossy(&text).into_owned()));
    });
    let text = told.recv_timeout(PATIENCE).ok().flatten();
    if text.is_none() {
        let _ = child.kill();
    }
    let ended = child.wait().ok()?;
    Some((ended.success(), text?))
}

/// `codesign` names the signer in the first of its `Authority` lines; a signature made on the spot has none.
fn of_codesign(holds: bool, text: &str) -> Answer {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    if text.contains("code object is not signed") || value("Signature=") == Some("adhoc") {
        return Answer::Unsigned;
    }
    match (holds, value("Authority=")) {
        (true, Some(by)) => Answer::Signed { by: by.to_owned() },
        (true, None) => Answer::Unsigned,
        (false, _) if text.contains("Identifier=") => Answer::Broken,
        (false, _) => Answer::Untold,
    }
}

fn of_authenticode(text: &str) -> Answer {
    let Ok(told) = serde_json::from_str::<Json>(text.trim()) else { return Answer::Untold };
    match (told["status"].as_str(), told["by"].as_str()) {
        (Some("Valid"), Some(by)) => Answer::Signed { by: common_name(by).to_owned() },
        (Some("NotSigned" | "NotSupportedFileFormat"), _) => Answer::Unsigned,
        (Some("HashMismatch" | "NotTrusted"), _) => Answer::Broken,
        _ => Answer::Untold,
    }
}

/// `CN="Example, Inc.", O=…` → `Example, Inc.`
fn common_name(subject: &str) -> &str {
    let Some(rest) = subject.split_once("CN=").map(|(_, rest)| rest) else { return subject };
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(quoted),
        None => rest.split(',').next().unwrap_or(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVELOPER: &str = "Executable=/opt/mail\nIdentifier=example.mail\nFormat=Mach-O thin (arm64)\n\
        Authority=Developer ID Application: Example Corp (ABCDE12345)\nAuthority=Developer ID Certification Authority\n\
        Authority=Apple Root CA\nTeamIdentifier=ABCDE12345\n";

    #[test]
    fn codesign_is_read() {
        let by = "Developer ID Application: Example Corp (ABCDE12345)".to_owned();
        assert_eq!(of_codesign(true, DEVELOPER), Answer::Signed { by });
        assert_eq!(of_codesign(false, DEVELOPER), Answer::Broken);
        assert_eq!(
            of_codesign(true, "Identifier=mail-5555\nSignature=adhoc\nTeamIdentifier=not set\n"),
            Answer::Unsigned
        );
        assert_eq!(of_codesign(false, "/opt/mail: code object is not signed at all\n"), Answer::Unsigned);
        assert_eq!(of_codesign(false, "/opt/mail: No such file or directory\n"), Answer::Untold);
    }

    #[test]
    fn authenticode_is_read() {
        let told =
            |status: &str, by: &str| of_authenticode(&serde_json::json!({"status": status, "by": by}).to_string());
        let signed = |by: &str| Answer::Signed { by: by.to_owned() };
        assert_eq!(told("Valid", "CN=\"Example, Inc.\", O=Example, C=US"), signed("Example, Inc."));
        assert_eq!(told("Valid", "CN=Example GmbH, C=DE"), signed("Example GmbH"));
        assert_eq!(told("HashMismatch", "CN=Example"), Answer::Broken);
        assert_eq!(of_authenticode(r#"{"status":"NotSigned","by":null}"#), Answer::Unsigned);
        for rubbish in ["", "Get-AuthenticodeSignature : denied", r#"{"status":"UnknownError","by":null}"#] {
            assert_eq!(of_authenticode(rubbish), Answer::Untold, "{rubbish}");
        }
    }

    /// A stand-in for the tool: it knows one program.
    #[cfg(unix)]
    #[test]
    fn the_tool_of_the_system_is_asked_about_programs_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).expect("written");
            path
        };
        let (program, script) = (write("mail", b"\xcf\xfa\xed\xfe...."), write("mail.sh", b"#!/bin/sh\n"));
        let other = write("other", b"\xca\xfe\xba\xbe....");
        let host = |os| {
            let clock = std::sync::Arc::new(jiff::Timestamp::now);
            Host::new(os, dir.path().to_owned(), std::collections::BTreeMap::new(), clock)
                .with_root(dir.path().to_owned())
        };
        assert_eq!(of(&host(Os::Macos), &program), Answer::Untold, "there is no tool");
        std::fs::create_dir_all(dir.path().join("usr/bin")).expect("folders");
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codesign.sh");
        std::os::unix::fs::symlink(stand_in, dir.path().join("usr/bin/codesign")).expect("linked");
        let by = "Developer ID Application: Example Corp (ABCDE12345)".to_owned();
        assert_eq!(of(&host(Os::Macos), &program), Answer::Signed { by });
        assert_eq!(of(&host(Os::Macos), &other), Answer::Broken);
        assert_eq!(of(&host(Os::Macos), &script), Answer::Unsigned);
        assert_eq!(of(&host(Os::Linux), &program), Answer::Untold);
    }
}
