//! Reads a line that a shell would take apart, and finds the one program that the line is there to start.

/// Whose quoting rules a line follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Posix,
    Cmd,
    PowerShell,
}

/// What joins a command to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Next,
    And,
    Or,
    Pipe,
}

/// The program that a line is there to start.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) words: Vec<String>,
    /// Variables set in front of the program, as written.
    pub(super) assignments: Vec<String>,
    /// More than one command, or text that the shell replaces by the output of another.
    pub(super) is_compound: bool,
    /// What else the line does that a reader of the program alone would miss.
    pub(super) remark: Option<&'static str>,
}

struct Command {
    joint: Joint,
    words: Vec<String>,
}

struct Lexer {
    dialect: Dialect,
    commands: Vec<Command>,
    word: Option<String>,
    /// The next word is the file of a redirection, which is no word of the command.
    skips_word: bool,
    is_compound: bool,
}

/// Reads a line; the error says why it has no single program.
pub(super) fn read(line: &str, dialect: Dialect) -> Result<Outcome, &'static str> {
    let (commands, is_compound) = Lexer::split(line, dialect)?;
    let (mut at, remark) = choose(&commands, dialect)?;
    let mut words = commands.into_iter().nth(at).expect("the chosen command is one of the list").words;
    at = words.iter().take_while(|word| is_assignment(word)).count();
    let mut rest = words.split_off(at);
    let assignments = words;
    let builtins = rest
        .iter()
        .take_while(|word| matches!(word.as_str(), "exec" | "command" | "builtin" | "&" | "@" | "call"))
        .count();
    rest.drain(..builtins);
    if rest.is_empty() {
        Err("the line starts no program")
    } else {
        Ok(Outcome { words: rest, assignments, is_compound, remark })
    }
}

/// Whether a line holds what only a shell understands: operators or substitutions.
pub(super) fn is_compound(line: &str, dialect: Dialect) -> bool {
    Lexer::split(line, dialect).map_or(true, |(commands, is_compound)| is_compound || commands.len() > 1)
}

/// Whether a word is `NAME=value` (or `$env:NAME=value`).
pub(super) fn is_assignment(word: &str) -> bool {
    let word = word.strip_prefix("$env:").unwrap_or(word);
    word.split_once('=').is_some_and(|(name, _)| {
        name.bytes().enumerate().all(|(at, b)| b == b'_' || b.is_ascii_alphabetic() || at > 0 && b.is_ascii_digit())
            && !name.is_empty()
    })
}

/// Whether a variable makes interpreters load further code.
pub(super) fn preloads(assignment: &str) -> bool {
    let Some((name, value)) = assignment.split_once('=') else { return false };
    match name.trim_start_matches("$env:") {
        "NODE_OPTIONS" | "BUN_OPTIONS" => ["--require", "--import", "--loader", "--experimental-loader", "-r ", "-r="]
            .iter()
            .any(|it| value.contains(it)),
        "LD_PRELOAD"
        | "LD_AUDIT"
        | "DYLD_INSERT_LIBRARIES"
        | "PYTHONSTARTUP"
        | "BASH_ENV"
        | "PERL5OPT"
        | "RUBYOPT"
        | "JAVA_TOOL_OPTIONS" => true,
        _ => false,
    }
}

/// Finds the command that counts: the last of a chain, the one that is no filter of a pipe.
fn choose(commands: &[Command], dialect: Dialect) -> Result<(usize, Option<&'static str>), &'static str> {
    const WORDS_OF_PROGRAMS: [&str; 12] =
        ["if", "for", "while", "until", "case", "select", "function", "then", "do", "[[", "!", "foreach"];
    let mut end = commands.len();
    // `… || exit 1` and `… || true` say what happens after the program, not which one it is.
    while end > 1 && commands[end - 1].joint == Joint::Or && is_quiet(&commands[end - 1].words) {
        end -= 1;
    }
    let list = &commands[..end];
    if list.is_empty() {
        return Err("the line starts no program");
    }
    if dialect != Dialect::Cmd
        && list.iter().any(|it| it.words.first().is_some_and(|word| WORDS_OF_PROGRAMS.contains(&word.as_str())))
    {
        return Err("the line is a program of its own");
    }
    let start = list.iter().rposition(|it| it.joint == Joint::Next).unwrap_or(0);
    let mut at = list[start..].iter().rposition(|it| it.joint == Joint::And).map_or(start, |it| start + it);
    if list[at..].iter().skip(1).any(|it| it.joint == Joint::Or)
        || list[start..at].iter().any(|it| it.joint == Joint::Or && !is_quiet(&it.words))
    {
        return Err("the line names alternatives");
    }
    let pipeline = &list[at..];
    let before = &list[..at];
    if pipeline.len() > 1 {
        let mut programs = pipeline.iter().enumerate().filter(|(_, it)| !is_filter(&it.words));
        match (programs.next(), programs.next()) {
            (Some((offset, _)), None) => at += offset,
            _ => return Err("several programs are joined by a pipe"),
        }
    }
    let remark = before.iter().any(|it| !is_quiet(&it.words)).then_some("other programs run before it");
    Ok((at, remark))
}

/// Whether a command only prepares the ground: changes folder, sets variables, says something.
fn is_quiet(words: &[String]) -> bool {
    const QUIET: [&str; 26] = [
        "cd",
        "chdir",
        "pushd",
        "popd",
        "set",
        "export",
        "unset",
        "source",
        ".",
        "echo",
        "printf",
        "test",
        "[",
        "true",
        ":",
        "exit",
        "sleep",
        "umask",
        "ulimit",
        "mkdir",
        "chcp",
        "@echo",
        "setlocal",
        "set-location",
        "false",
        "rem",
    ];
    match words.iter().find(|word| !is_assignment(word)) {
        Some(word) => QUIET.contains(&word.to_ascii_lowercase().as_str()),
        None => true,
    }
}

/// Whether a command of a pipe only reads text and passes it on.
fn is_filter(words: &[String]) -> bool {
    const FILTERS: [&str; 14] =
        ["tee", "cat", "grep", "sed", "awk", "jq", "tr", "head", "tail", "echo", "printf", "stdbuf", "yes", "out-host"];
    words
        .iter()
        .find(|word| !is_assignment(word))
        .is_some_and(|word| FILTERS.contains(&super::program::name(word).as_str()))
}

impl Lexer {
    fn split(line: &str, dialect: Dialect) -> Result<(Vec<Command>, bool), &'static str> {
        let mut lexer = Self {
            dialect,
            commands: vec![Command { joint: Joint::Next, words: Vec::new() }],
            word: None,
            skips_word: false,
            is_compound: false,
        };
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            at = lexer.step(&chars, at)?;
        }
        lexer.end_word();
        lexer.commands.retain(|command| !command.words.is_empty());
        Ok((lexer.commands, lexer.is_compound))
    }

    /// Reads one character outside quotes, and all of what it opens. Returns where to go on.
    fn step(&mut self, chars: &[char], at: usize) -> Result<usize, &'static str> {
        let next = chars.get(at + 1).copied();
        let posix = self.dialect == Dialect::Posix;
        match chars[at] {
            '\n' | '\r' => self.end_command(Joint::Next),
            c if c.is_whitespace() => self.end_word(),
            '\'' if self.dialect != Dialect::Cmd => return self.quoted(chars, at + 1),
            '"' => return self.double_quoted(chars, at + 1),
            '\\' if posix => {
                match next {
                    Some('\n') => {}
                    Some(c) => self.push(c),
                    None => self.push('\\'),
                }
                return Ok(at + 2);
            }
            '^' if self.dialect == Dialect::Cmd => {
                next.into_iter().for_each(|c| self.push(c));
                return Ok(at + 2);
            }
            '`' if self.dialect == Dialect::PowerShell => {
                next.into_iter().for_each(|c| self.push(c));
                return Ok(at + 2);
            }
            '`' if posix => return self.substitution(chars, at, at + 1, '`'),
            '$' if self.dialect != Dialect::Cmd && next == Some('(') => {
                return self.substitution(chars, at, at + 2, ')');
            }
            '$' if self.dialect != Dialect::Cmd && next == Some('{') => return self.braces(chars, at),
            '#' if self.dialect != Dialect::Cmd && self.word.is_none() => {
                return Ok(chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |it| at + it));
            }
            ';' if self.dialect != Dialect::Cmd => self.end_command(Joint::Next),
            '&' if next == Some('&') => {
                self.end_command(Joint::And);
                return Ok(at + 2);
            }
            '&' if next == Some('>') => {
                self.end_word();
                return Ok(at + 1);
            }
            // The call operator of PowerShell stands in front of a program.
            '&' if self.dialect == Dialect::PowerShell && self.word.is_none() => {}
            '&' => self.end_command(Joint::Next),
            '|' if next == Some('|') => {
                self.end_command(Joint::Or);
                return Ok(at + 2);
            }
            '|' => self.end_command(Joint::Pipe),
            '<' if posix && next == Some('<') => return Err("the line holds a document of its own"),
            '<' | '>' => return Ok(self.redirection(chars, at)),
            '(' | ')' if posix => return Err("the line is a program of its own"),
            '{' | '}' if posix && self.word.is_none() && next.is_none_or(char::is_whitespace) => {
                self.is_compound = true
            }
            '{' | '}' if self.dialect == Dialect::PowerShell && self.word.is_none() => {
                return Err("the line is a program of its own");
            }
            c => self.push(c),
        }
        Ok(at + 1)
    }

    fn quoted(&mut self, chars: &[char], from: usize) -> Result<usize, &'static str> {
        let end = chars[from..].iter().position(|c| *c == '\'').ok_or("a quote is not closed")? + from;
        self.word.get_or_insert_default().extend(&chars[from..end]);
        Ok(end + 1)
    }

    fn double_quoted(&mut self, chars: &[char], from: usize) -> Result<usize, &'static str> {
        self.word.get_or_insert_default();
        let mut at = from;
        while let Some(&c) = chars.get(at) {
            let next = chars.get(at + 1).copied();
            match (c, self.dialect) {
                ('"', _) => return Ok(at + 1),
                ('\\', Dialect::Posix) if matches!(next, Some('"' | '\\' | '$' | '`')) => {
                    next.into_iter().for_each(|c| self.push(c));
                    at += 2;
                }
                ('\\', Dialect::Cmd) if next == Some('"') => {
                    self.push('"');
                    at += 2;
                }
                ('`', Dialect::PowerShell) => {
                    next.into_iter().for_each(|c| self.push(c));
                    at += 2;
                }
                ('`', Dialect::Posix) => at = self.substitution(chars, at, at + 1, '`')?,
                ('$', Dialect::Posix | Dialect::PowerShell) if next == Some('(') => {
                    at = self.substitution(chars, at, at + 2, ')')?;
                }
                _ => {
                    self.push(c);
                    at += 1;
                }
            }
        }
        Err("a quote is not closed")
    }

    /// Keeps `$(…)` as one literal part of the word. Quotes inside nest, hence the stack; it is no recursion, so depth
    /// costs memory only.
    fn substitution(&mut self, chars: &[char], start: usize, from: usize, close: char) -> Result<usize, &'static str> {
        self.is_compound = true;
        let mut open = vec![close];
        let mut at = from;
        while let Some(&c) = chars.get(at) {
            let innermost = *open.last().expect("the loop ends with the last open part");
            at += 1;
            if c == innermost {
                open.pop();
                if open.is_empty() {
                    self.word.get_or_insert_default().extend(&chars[start..at]);
                    return Ok(at);
                }
                continue;
            }
            match (c, innermost) {
                (_, '\'') => {}
                ('\\', _) => at += 1,
                ('$', _) if chars.get(at) == Some(&'(') => {
                    open.push(')');
                    at += 1;
                }
                ('(', ')') => open.push(')'),
                ('\'', ')' | '`') => open.push('\''),
                ('"', ')' | '`') => open.push('"'),
                _ => {}
            }
        }
        Err("a substitution is not closed")
    }

    /// Keeps `${…}` as one literal part of the word.
    fn braces(&mut self, chars: &[char], start: usize) -> Result<usize, &'static str> {
        let end = chars[start..].iter().position(|c| *c == '}').ok_or("a substitution is not closed")? + start;
        self.word.get_or_insert_default().extend(&chars[start..=end]);
        Ok(end + 1)
    }

    /// Leaves out `2>&1`, `>file` and the like.
    fn redirection(&mut self, chars: &[char], mut at: usize) -> usize {
        if self.word.as_deref().is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit())) {
            self.word = None;
        }
        self.end_word();
        while matches!(chars.get(at), Some('<' | '>' | '&')) {
            at += 1;
        }
        self.skips_word = true;
        at
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take() {
            if std::mem::take(&mut self.skips_word) {
                return;
            }
            self.commands.last_mut().expect("there is always a command open").words.push(word);
        }
    }

    fn end_command(&mut self, joint: Joint) {
        self.end_word();
        self.skips_word = false;
        let open = self.commands.last_mut().expect("there is always a command open");
        if open.words.is_empty() {
            // A blank line or a second separator: what joins is the stronger of the two.
            if joint != Joint::Next {
                open.joint = joint;
            }
        } else {
            self.commands.push(Command { joint, words: Vec::new() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, dialect: Dialect, expected: Result<&[&str], &str>) {
        let outcome = read(line, dialect);
        match (&outcome, expected) {
            (Ok(outcome), Ok(words)) => assert_eq!(outcome.words, words, "{line}"),
            (Err(reason), Err(expected)) => assert_eq!(*reason, expected, "{line}"),
            _ => panic!("{line}: {outcome:?}"),
        }
    }

    #[test]
    fn the_last_command_of_a_chain_counts() {
        use Dialect::Posix;
        check("npx -y a@1", Posix, Ok(&["npx", "-y", "a@1"]));
        check("cd '/a b' && npx a", Posix, Ok(&["npx", "a"]));
        check(r#"cd "$(git rev-parse --show-toplevel)" && exec bash x.sh"#, Posix, Ok(&["bash", "x.sh"]));
        check("A=1 B=$(op read 'op://x y') npx a", Posix, Ok(&["npx", "a"]));
        check("A=\"$(f \"a b\" | g)\" npx a", Posix, Ok(&["npx", "a"]));
        check("cd x; npx a 2>&1 | tee log", Posix, Ok(&["npx", "a"]));
        check("npx a 2>/dev/null || true", Posix, Ok(&["npx", "a"]));
        check("cd x || exit 1; npx a", Posix, Ok(&["npx", "a"]));
        check("npx a > log # b", Posix, Ok(&["npx", "a"]));
        check("npx a\\ b \"c \\\" d\"", Posix, Ok(&["npx", "a b", "c \" d"]));
        check("npx a\n", Posix, Ok(&["npx", "a"]));
        check("{ npx a; }", Posix, Ok(&["npx", "a"]));
    }

    #[test]
    fn what_is_no_single_program_says_why() {
        use Dialect::Posix;
        check("", Posix, Err("the line starts no program"));
        check("A=1", Posix, Err("the line starts no program"));
        check("npx 'a", Posix, Err("a quote is not closed"));
        check("npx $(a", Posix, Err("a substitution is not closed"));
        check("a | b", Posix, Err("several programs are joined by a pipe"));
        check("curl x | sh", Posix, Err("several programs are joined by a pipe"));
        check("a || b", Posix, Err("the line names alternatives"));
        check("if true; then a; fi", Posix, Err("the line is a program of its own"));
        check("(a; b)", Posix, Err("the line is a program of its own"));
        check("cat <<X\na\nX", Posix, Err("the line holds a document of its own"));
    }

    #[test]
    fn windows_shells_leave_backslashes_alone() {
        check(r#"C:\n\node.exe "C:\a b\x.js""#, Dialect::Cmd, Ok(&[r"C:\n\node.exe", r"C:\a b\x.js"]));
        check("cd x && npx a^&b", Dialect::Cmd, Ok(&["npx", "a&b"]));
        check("$env:A='1'; & npx -y a", Dialect::PowerShell, Ok(&["npx", "-y", "a"]));
        check(r#"& "C:\a b\x.exe""#, Dialect::PowerShell, Ok(&[r"C:\a b\x.exe"]));
    }

    #[test]
    fn programs_in_front_are_remarked() {
        let remark = |line| read(line, Dialect::Posix).expect("the line has a program").remark;
        assert_eq!(remark("cd x && . ./env && npx a"), None);
        assert_eq!(remark("curl -O x && npx a"), Some("other programs run before it"));
    }
}
