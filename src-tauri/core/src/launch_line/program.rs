//! Names and places of programs and files, as they stand in a launch.

/// The name of a program without its folder and its Windows ending, in lower case.
pub(super) fn name(path: &str) -> String {
    let base = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    // `${/}` is a path separator of some clients.
    let base = base.strip_prefix('}').unwrap_or(base).to_ascii_lowercase();
    for ending in [".exe", ".cmd", ".bat", ".com"] {
        if let Some(stem) = base.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
            return stem.to_owned();
        }
    }
    base
}

/// Whether a word names a place in the file system rather than a program on the search path.
pub(super) fn is_path(word: &str) -> bool {
    word.contains(['/', '\\']) || word == "." || word == ".." || word == "~"
}

/// Whether a file is looked for in the working folder. Placeholders that stand for that folder count.
pub(super) fn is_relative(file: &str) -> bool {
    const WORKING: [&str; 7] = ["${workspaceFolder", "${workspaceRoot", "${PWD", "$PWD", "$(pwd)", "%CD%", "%cd%"];
    if WORKING.iter().any(|start| file.starts_with(start)) {
        return true;
    }
    !(file.starts_with(['/', '\\', '~', '$', '%', '{', '<']) || has_drive(file) || file.contains("://"))
}

/// Whether a word starts as `C:\` or `c:/` do.
pub(super) fn has_drive(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/')
}

/// Whether the client or a shell puts something else in the place of a part of this word.
pub(super) fn has_placeholder(word: &str) -> bool {
    let bytes = word.as_bytes();
    let last_close = word.rfind('>');
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'$' => bytes
            .get(at + 1)
            .is_some_and(|next| matches!(next, b'{' | b'(' | b'@' | b'*' | b'_') || next.is_ascii_alphanumeric()),
        b'{' | b'`' => true,
        // `<your-key>` is one, the `<2` of a range is none.
        b'<' => last_close.is_some_and(|close| close > at) && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic),
        b'%' => {
            let name = &word.as_bytes()[at + 1..];
            let end = name.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_')).unwrap_or(name.len());
            // `%20` is an escape, `%NAME%` a variable.
            end > 0 && name.get(end) == Some(&b'%') && !name[0].is_ascii_digit()
        }
        _ => false,
    })
}

/// Whether an operand is a file of code rather than the name of a task.
pub(super) fn is_code_file(word: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx", ".py", ".pyz", ".sh", ".bash", ".rb", ".pl",
        ".php", ".ps1",
    ];
    let tail = word.char_indices().rev().nth(5).map_or(word, |(at, _)| &word[at..]).to_ascii_lowercase();
    ENDINGS.iter().any(|ending| tail.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_last_part() {
        for (path, expected) in [
            ("npx", "npx"),
            ("/opt/homebrew/bin/npx", "npx"),
            (r"C:\Program Files\nodejs\NPX.CMD", "npx"),
            ("${HOME}/.cargo/bin/uvx", "uvx"),
            ("${extensionPath}${/}bin${/}node", "node"),
            ("python3.11", "python3.11"),
            (".exe", ".exe"),
            ("", ""),
        ] {
            assert_eq!(name(path), expected, "{path}");
        }
    }

    #[test]
    fn a_file_is_relative_unless_it_says_otherwise() {
        for (file, expected) in [
            ("build/index.js", true),
            ("./x", true),
            ("..\\x.exe", true),
            ("x.py", true),
            ("${workspaceFolder}/x.py", true),
            ("${workspaceFolder:a}/x.py", true),
            ("/x.py", false),
            ("~/x.py", false),
            ("${HOME}/x.py", false),
            ("%APPDATA%\\x.js", false),
            ("C:\\x.js", false),
            ("c:/x.js", false),
            ("\\\\host\\share\\x.js", false),
            ("https://a.test/x.js", false),
        ] {
            assert_eq!(is_relative(file), expected, "{file}");
        }
    }

    #[test]
    fn placeholders_are_told_from_plain_text() {
        for (word, expected) in [
            ("${input:x}", true),
            ("$HOME/x", true),
            ("$(op read x)", true),
            ("$@", true),
            ("%APPDATA%", true),
            ("{env:KEY}", true),
            ("<your-key>", true),
            ("`which x`", true),
            (">=1,<2", false),
            ("a%20b%20c", false),
            ("50%", false),
            ("costs 5$", false),
            ("plain", false),
        ] {
            assert_eq!(has_placeholder(word), expected, "{word}");
        }
    }
}
