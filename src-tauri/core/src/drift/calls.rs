//! What code can do, told by the names that it uses: no understanding, so a name is enough, and one that is made up while
//! the code runs is not seen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lexer::{Language, Piece, Token};

/// A kind of thing that code can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum CallKind {
    /// Starts programs.
    Process,
    /// Speaks to the network.
    Network,
    /// Names a file in which secrets, or the settings of shells and clients, are kept.
    Credentials,
    /// Runs text as code.
    Evaluation,
    /// Runs text as code in a file that also decodes text.
    DecodedCode,
    /// Loads code whose name is made while it runs.
    DynamicLoad,
    /// Takes all variables of the environment at once.
    Environment,
    /// Is written so that it cannot be read.
    Obfuscated,
}

impl CallKind {
    pub const ALL: &[Self] = &[
        Self::Process,
        Self::Network,
        Self::Credentials,
        Self::Evaluation,
        Self::DecodedCode,
        Self::DynamicLoad,
        Self::Environment,
        Self::Obfuscated,
    ];
}

#[rustfmt::skip]
const JS_PROCESS: &[&str] = &["child_process", "cross-spawn", "execa", "node-pty", "shelljs", "tinyexec", "zx"];
#[rustfmt::skip]
const JS_NETWORK: &[&str] = &[
    "axios", "dgram", "dns", "got", "http", "http2", "https", "ky", "needle", "net", "node-fetch", "nodemailer",
    "request", "superagent", "tls", "undici", "ws",
];
const JS_NETWORK_NAMES: &[&str] = &["EventSource", "WebSocket", "XMLHttpRequest", "fetch", "sendBeacon"];
const JS_EVALUATION: &[&str] = &["compileFunction", "eval", "runInContext", "runInNewContext", "runInThisContext"];
#[rustfmt::skip]
const PY_PROCESS: &[&str] = &["pexpect", "pty", "subprocess"];
const PY_PROCESS_MEMBERS: &[&str] = &["execl", "execv", "execve", "execvp", "popen", "posix_spawn", "spawnv", "system"];
#[rustfmt::skip]
const PY_NETWORK: &[&str] = &[
    "aiohttp", "ftplib", "httpx", "paramiko", "requests", "smtplib", "socket", "urllib", "urllib3", "websocket",
    "websockets",
];
const PY_EVALUATION: &[&str] = &["compile", "eval", "exec"];

/// What a text names that holds secrets or is started by itself, with the name that is shown.
#[rustfmt::skip]
const CREDENTIALS: &[&str] = &[
    ".aws/credentials", ".bash_history", ".bashrc", ".claude.json", ".config/gcloud", ".cursor/mcp.json",
    ".docker/config.json", ".git-credentials", ".gnupg", ".kube/config", ".mcp.json", ".netrc", ".npmrc", ".pgpass",
    ".pypirc", ".ssh", ".zsh_history", ".zshrc", "/etc/passwd", "/etc/shadow", "LaunchAgents", "Local Extension Settings",
    "Login Data", "authorized_keys", "claude_desktop_config.json", "crontab", "find-generic-password", "id_ed25519",
    "id_rsa", "login.keychain", "wallet.dat",
];

/// Strings with so many characters written as numbers are not meant to be read.
const MOST_NUMBERS: usize = 120;
/// Words of the form `_0x1a2b`.
const MOST_MANGLED: usize = 40;
/// A text of this length and of such an entropy, in bits a character, is packed or encrypted.
const PACKED_LENGTH: usize = 4_000;
const PACKED_ENTROPY: f64 = 5.7;

/// Reads the pieces of one file.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    language: Language,
    /// The last words and signs, newest first; nothing for a text.
    before: [&'t str; 3],
    /// A call that opened and whose first argument is not known yet.
    loading: Option<(&'static str, u32)>,
    decodes: bool,
    evaluates: Option<u32>,
    mangled: usize,
    escaped: usize,
    /// `process.env`, until what follows it is known.
    environment: Option<u32>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(language: Language) -> Self {
        Self {
            language,
            before: Default::default(),
            loading: None,
            decodes: false,
            evaluates: None,
            mangled: 0,
            escaped: 0,
            environment: None,
        }
    }

    /// Takes the next piece; `found` is told of what it shows.
    pub(super) fn take(&mut self, piece: &Piece<'t>, found: &mut dyn FnMut(CallKind, String, u32)) {
        let line = piece.line;
        self.settle(piece, found);
        match &piece.token {
            Token::Word(word) => self.word(word, line, found),
            Token::Text(text, numbers) => self.text(text, *numbers, line, found),
            Token::Sign(b'(') => self.opened(line, found),
            Token::Sign(_) => {}
        }
        let name = match &piece.token {
            Token::Word(word) => word,
            Token::Sign(b'.') => ".",
            Token::Sign(b'(') => "(",
            Token::Sign(b',') => ",",
            // No other sign is asked for.
            Token::Sign(_) => ";",
            Token::Text(..) => "",
        };
        self.before.rotate_right(1);
        self.before[0] = name;
    }

    /// What depends on the piece that follows.
    fn settle(&mut self, piece: &Piece<'_>, found: &mut dyn FnMut(CallKind, String, u32)) {
        if let Some((name, line)) = self.loading.take()
            && !matches!(piece.token, Token::Text(..) | Token::Sign(b')'))
        {
            found(CallKind::DynamicLoad, name.to_owned(), line);
        }
        if let Some(line) = self.environment.take()
            && !matches!(piece.token, Token::Sign(b'.' | b'[' | b'?'))
        {
            let name = if self.language == Language::Python { "os.environ" } else { "process.env" };
            found(CallKind::Environment, name.to_owned(), line);
        }
    }

    fn word(&mut self, word: &str, line: u32, found: &mut dyn FnMut(CallKind, String, u32)) {
        if word.starts_with("_0x") && word.len() > 5 {
            self.mangled += 1;
            if self.mangled == MOST_MANGLED {
                found(CallKind::Obfuscated, "names".to_owned(), line);
            }
        }
        let [last, before, _] = self.before;
        let is_member_of = |owner: &str| last == "." && before == owner;
        match self.language {
            Language::Javascript => {
                if word == "env" && (is_member_of("process") || is_member_of("Bun")) {
                    self.environment = Some(line);
                }
                if (matches!(word, "spawn" | "spawnSync") && is_member_of("Bun"))
                    || (word == "Command" && is_member_of("Deno"))
                {
                    found(CallKind::Process, format!("{before}.{word}"), line);
                }
                if word == "Function" && last == "new" {
                    self.evaluate("new Function", line, found);
                }
                if JS_NETWORK_NAMES.contains(&word) && word != "fetch" && word != "sendBeacon" && last == "new" {
                    found(CallKind::Network, word.to_owned(), line);
                }
                if word == "atob" {
                    self.decodes = true;
                }
            }
            Language::Python => {
                if word == "environ" && is_member_of("os") {
                    self.environment = Some(line);
                }
                if matches!(last, "import" | "from") {
                    self.python_import(word, line, found);
                }
                if PY_PROCESS_MEMBERS.contains(&word) && is_member_of("os") {
                    found(CallKind::Process, format!("os.{word}"), line);
                }
                if matches!(word, "b64decode" | "a85decode" | "unhexlify" | "decompress") {
                    self.decodes = true;
                }
                if word == "loads" && (is_member_of("marshal") || is_member_of("pickle")) {
                    self.evaluate(if before == "marshal" { "marshal.loads" } else { "pickle.loads" }, line, found);
                }
            }
            Language::Script | Language::Data => {}
        }
    }

    fn python_import(&self, module: &str, line: u32, found: &mut dyn FnMut(CallKind, String, u32)) {
        if PY_PROCESS.contains(&module) {
            found(CallKind::Process, module.to_owned(), line);
        } else if PY_NETWORK.contains(&module) {
            found(CallKind::Network, module.to_owned(), line);
        }
    }

    /// A call begins; the word in front is its name.
    fn opened(&mut self, line: u32, found: &mut dyn FnMut(CallKind, String, u32)) {
        let [name, before, _] = self.before;
        // A definition, or a method of something else, is another thing of the same name.
        let is_own = !matches!(before, "." | "function" | "def" | "class");
        match self.language {
            Language::Javascript => {
                if JS_EVALUATION.contains(&name) && (is_own || name != "eval") && before != "function" {
                    self.evaluate(name, line, found);
                }
                if name == "Function" && is_own && before != "new" {
                    self.evaluate("Function", line, found);
                }
                if name == "fetch" && (is_own || matches!(self.before[2], "globalThis" | "window" | "self")) {
                    found(CallKind::Network, name.to_owned(), line);
                }
                if name == "sendBeacon" {
                    found(CallKind::Network, name.to_owned(), line);
                }
                if name == "import" || (name == "require" && is_own) {
                    self.loading = Some((if name == "import" { "import()" } else { "require()" }, line));
                }
            }
            Language::Python => {
                if PY_EVALUATION.contains(&name) && is_own {
                    self.evaluate(name, line, found);
                }
                if name == "__import__" {
                    self.loading = Some(("__import__()", line));
                }
                if name == "import_module" {
                    self.loading = Some(("import_module()", line));
                }
            }
            Language::Script | Language::Data => {}
        }
    }

    fn evaluate(&mut self, name: &str, line: u32, found: &mut dyn FnMut(CallKind, String, u32)) {
        found(CallKind::Evaluation, name.to_owned(), line);
        self.evaluates.get_or_insert(line);
    }

    fn text(&mut self, text: &str, numbers: usize, line: u32, found: &mut dyn FnMut(CallKind, String, u32)) {
        if self.language == Language::Javascript {
            let module = text.strip_prefix("node:").unwrap_or(text);
            // `require("x")`, `import "x"`, `from "x"`; not any text that happens to be a module's name.
            let [last, before, _] = self.before;
            let is_import = matches!(last, "from" | "import")
                || (last == "(" && matches!(before, "require" | "import"))
                // What bundlers call their own `require`.
                || (last == "(" && before.starts_with("__"));
            if is_import && JS_PROCESS.contains(&module) {
                found(CallKind::Process, module.to_owned(), line);
            } else if is_import && JS_NETWORK.contains(&module) {
                found(CallKind::Network, module.to_owned(), line);
            } else if is_import && module == "vm" {
                self.evaluate("vm", line, found);
            }
            if text == "base64" && last == "," {
                self.decodes = true;
            }
        }
        self.escaped += numbers;
        if numbers >= MOST_NUMBERS && numbers * 2 > text.len() {
            found(CallKind::Obfuscated, "escapes".to_owned(), line);
        }
        if self.language != Language::Data && text.len() >= PACKED_LENGTH && is_packed(text) {
            found(CallKind::Obfuscated, "packed".to_owned(), line);
        }
        if text.len() < PACKED_LENGTH {
            for name in CREDENTIALS {
                if names_file(text, name) {
                    found(CallKind::Credentials, (*name).to_owned(), line);
                }
            }
        }
    }

    /// What only the whole file shows.
    pub(super) fn done(self, found: &mut dyn FnMut(CallKind, String, u32)) {
        if let Some(line) = self.evaluates.filter(|_| self.decodes) {
            found(CallKind::DecodedCode, "decoded".to_owned(), line);
        }
    }
}

/// Whether a text names a file: with nothing in front or behind that would make it another name.
fn names_file(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        !before.is_some_and(is_part) && !behind.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// One unbroken text whose characters are nearly equally frequent.
fn is_packed(text: &str) -> bool {
    if text.bytes().any(|b| b.is_ascii_whitespace()) {
        return false;
    }
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let all = text.len() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / all);
    shares.map(|share| -share * share.log2()).sum::<f64>() > PACKED_ENTROPY
}

#[cfg(test)]
mod tests {
    use super::super::lexer;
    use super::*;

    fn calls(language: Language, code: &str) -> String {
        let mut out = Vec::new();
        let mut reader = Reader::new(language);
        let mut found = |kind: CallKind, name: String, line: u32| out.push(format!("{kind:?} {name}:{line}"));
        lexer::read(language, code, &mut |piece| reader.take(&piece, &mut found));
        reader.done(&mut found);
        out.join(", ")
    }

    #[test]
    fn what_javascript_can_do_is_told() {
        let check = |code: &str, expect: &str| assert_eq!(calls(Language::Javascript, code), expect, "{code}");
        check("import { spawn } from 'node:child_process'", "Process child_process:1");
        check("\nconst a = require(\"child_process\")", "Process child_process:2");
        check("const a = __require('https')", "Network https:1");
        check("await fetch(url); new WebSocket(u)", "Network fetch:1, Network WebSocket:1");
        check("api.fetch(x); globalThis.fetch(y)", "Network fetch:1");
        check("eval(x); model.eval(); new Function('a')", "Evaluation eval:1, Evaluation new Function:1");
        check("eval(atob(x))", "Evaluation eval:1, DecodedCode decoded:1");
        check(
            "const m = await import(name); import('x'); require(y)",
            "DynamicLoad import():1, DynamicLoad require():1",
        );
        check("read(join(home, '.ssh', 'id_rsa'))", "Credentials .ssh:1, Credentials id_rsa:1");
        check("send(JSON.stringify(process.env)); process.env.PATH; process.env['A']", "Environment process.env:1");
        check("// child_process eval(x)\nlog('https')", "");
        check(&format!("x = '{}'", "\\x41".repeat(200)), "Obfuscated escapes:1");
        check("a('x.ssha'); b('my.npmrc'); c('~/.npmrc')", "Credentials .npmrc:1");
    }

    #[test]
    fn what_python_can_do_is_told() {
        let check = |code: &str, expect: &str| assert_eq!(calls(Language::Python, code), expect, "{code}");
        check("import subprocess\nfrom urllib.request import urlopen", "Process subprocess:1, Network urllib:2");
        check("os.system('x')", "Process os.system:1");
        check("exec(base64.b64decode(x))", "Evaluation exec:1, DecodedCode decoded:1");
        check("re.compile(x); cursor.exec(y)", "");
        check("dict(os.environ); os.environ['A']; os.environ.get('B')", "Environment os.environ:1");
        check("importlib.import_module(name); __import__('os')", "DynamicLoad import_module():1");
        check("# import socket\n\"\"\"import socket\"\"\"", "");
    }

    #[test]
    fn packed_text_is_told_from_long_text() {
        let mixed: String =
            (0..5_000_u32).map(|n| char::from(b'!' + u8::try_from(n * 7919 % 90).expect("small"))).collect();
        assert!(is_packed(&mixed));
        assert!(!is_packed(&"lorem ipsum dolor ".repeat(400)));
        assert!(!is_packed(&"0123456789abcdef".repeat(400)));
    }
}
