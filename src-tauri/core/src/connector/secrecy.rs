//! What may not leave the configuration file: values that look like secrets.

/// Stands where a secret-looking value stood.
pub const MASK: &str = "‹secret›";

/// Words in a name that make its value a secret.
const SECRET_NAMES: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "private-key",
    "credential",
    "authorization",
    "bearer",
    "cookie",
    "session_id",
    "client_secret",
    "signature",
    "passphrase",
    "auth_key",
    "authkey",
    "connection_string",
    "database_url",
    "dsn",
];

/// Beginnings by which issuers mark their tokens.
const SECRET_PREFIXES: &[&str] = &[
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "pk_live_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "eyJ",
    "npm_",
    "pypi-AgE",
    "hf_",
    "ntn_",
    "secret_",
    "lin_api_",
    "dop_v1_",
    "figd_",
    "shpat_",
    "SG.",
    "tvly-",
    "fc-",
    "Bearer ",
    "Basic ",
    "-----BEGIN",
];

/// Whether a value looks like a secret, by the name it stands under or by its own form.
///
/// A reference such as `${TOKEN}` is none: it holds nothing.
pub fn looks_secret(name: &str, value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || is_reference(value) {
        return false;
    }
    has_secret_name(name) || has_secret_form(value)
}

fn has_secret_name(name: &str) -> bool {
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    // `bearer_token_env_var` holds the name of a variable; another name sends another secret, and that has to be seen.
    if name.ends_with("_env_var") {
        return false;
    }
    if SECRET_NAMES.iter().any(|word| name.contains(word)) {
        return true;
    }
    // `key`, `auth` and `pat` only as words of their own: `keyboard`, `author` and `path` hold no secrets.
    name.split(['_', '-', '.', ' ']).any(|word| matches!(word, "key" | "auth" | "pat" | "pass" | "jwt" | "pin"))
}

fn is_reference(value: &str) -> bool {
    let inner = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("Basic ")).unwrap_or(value).trim();
    let whole = |open: &str, close: char| {
        inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|name| !name.contains(close))
    };
    whole("${", '}')
        || whole("{env:", '}')
        || whole("%", '%')
        // What a shell puts in from the output of another program.
        || inner.starts_with("$(")
        || inner.strip_prefix('$').is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        })
}

fn has_secret_form(value: &str) -> bool {
    if SECRET_PREFIXES.iter().any(|p| value.len() >= p.len() + 8 && value.starts_with(p)) {
        return true;
    }
    // Long, unbroken, of mixed case with digits: nobody types that. Plain hex is left: it is as often an id.
    let unbroken = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'='));
    let kinds = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    value.len() >= 24 && unbroken && kinds.iter().all(|kind| value.bytes().filter(kind).count() >= 3)
}

/// Flags of single programs whose value is a secret although nothing in its name says so, and whether the value may be the
/// next argument. `mysql -p name` asks for the password, and names a database.
const OWN_FLAGS: &[(&str, &str, bool)] = &[
    ("ldapsearch", "-w", true),
    ("mariadb", "-p", false),
    ("mariadb-dump", "-p", false),
    ("mongo", "-p", true),
    ("mongosh", "-p", true),
    ("mysql", "-p", false),
    ("mysqladmin", "-p", false),
    ("mysqldump", "-p", false),
    ("redis-cli", "-a", true),
    ("sshpass", "-p", true),
];

/// Flags behind which user and password stand as `user:password`.
const USER_FLAGS: &[&str] = &["-u", "--user", "-U", "--proxy-user"];

/// Returns the arguments of a command with their secret-looking parts masked.
pub fn mask_arguments(command: Option<&str>, args: &[String]) -> Vec<String> {
    let mut program = command.unwrap_or_default();
    let mut before: Option<&str> = None;
    let mut out = Vec::with_capacity(args.len());
    for arg in args {
        let own = mask_own_flag(program, before, arg);
        // What follows may be another program's: `sshpass -p … ssh -p 22`.
        if own.is_some() {
            program = "";
        } else if own_flag(arg).is_some() {
            program = arg;
        }
        out.push(own.unwrap_or_else(|| mask_argument(before, arg)));
        before = Some(arg);
    }
    out
}

/// The flag of a program that a secret stands behind, and whether it may be the next argument.
fn own_flag(program: &str) -> Option<(&'static str, bool)> {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    OWN_FLAGS.iter().find(|(of, ..)| *of == name).map(|(_, flag, apart)| (*flag, *apart))
}

fn mask_own_flag(program: &str, before: Option<&str>, argument: &str) -> Option<String> {
    let (flag, apart) = own_flag(program)?;
    if apart && before == Some(flag) && !is_reference(argument) {
        return Some(MASK.to_owned());
    }
    let glued = argument.strip_prefix(flag).filter(|value| !value.is_empty() && !is_reference(value))?;
    // `-pX` is a password, `-port` of another program's line would be none; after one dash there is no long name here.
    (!glued.starts_with('-')).then(|| format!("{flag}{MASK}"))
}

/// Masks the password of `user:password`. Numbers are an owner and a group, as for containers, and so are equal words.
fn mask_user(text: &str) -> Option<String> {
    let (user, password) = text.split_once(':')?;
    let plain = !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.@%+$\\{}".contains(&b));
    let is_secret = !password.is_empty()
        && !password.bytes().all(|b| b.is_ascii_digit())
        && password != user
        && !password.starts_with("//")
        && !is_reference(password);
    (plain && is_secret).then(|| format!("{user}:{MASK}"))
}

/// Returns one argument with its secret-looking part masked; `before` is the argument in front of it.
pub fn mask_argument(before: Option<&str>, argument: &str) -> String {
    // `--config '{"apiKey":"…"}'`, alone or behind the `=` of a flag.
    let (head, json) = argument.find('{').map_or((argument, ""), |at| argument.split_at(at));
    if (head.is_empty() || head.ends_with('='))
        && let Ok(object @ serde_json::Value::Object(_)) = serde_json::from_str(json)
    {
        let masked = mask_json("", &object);
        return if masked == object { argument.to_owned() } else { format!("{head}{masked}") };
    }
    if let Some((name, value)) = argument.split_once('=') {
        let plain_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        // Behind a flag the value reaches to the end; behind a variable a shell line may follow.
        let one_value = name.starts_with('-') || !value.contains(char::is_whitespace);
        if plain_name && one_value && looks_secret(name, value) {
            return format!("{name}={MASK}");
        }
        if USER_FLAGS.contains(&name)
            && let Some(masked) = mask_user(value)
        {
            return format!("{name}={masked}");
        }
        // `--header=X-Api-Key:…`, without a space.
        if plain_name
            && name.starts_with('-')
            && let Some(header) = mask_header(value).filter(|_| !value.contains(char::is_whitespace))
        {
            return format!("{name}={header}");
        }
    }
    // `--header "Authorization: Bearer …"`
    if let Some(header) = mask_header(argument) {
        return header;
    }
    // `curl -u user:password`, and `-uuser:password`.
    let behind = before.filter(|flag| USER_FLAGS.contains(flag)).and_then(|_| mask_user(argument));
    let glued = || Some(format!("-u{}", mask_user(argument.strip_prefix("-u")?)?));
    if let Some(user) = behind.or_else(glued) {
        return user;
    }
    let flag = before.filter(|flag| flag.starts_with('-') && !flag.contains('='));
    if !is_flag(argument) && flag.is_some_and(|flag| looks_secret(flag, argument)) {
        return MASK.to_owned();
    }
    if looks_secret("", argument) {
        return MASK.to_owned();
    }
    if argument.contains(char::is_whitespace) {
        return mask_line(argument);
    }
    if argument.contains("://") { mask_url(argument) } else { argument.to_owned() }
}

fn mask_header(text: &str) -> Option<String> {
    let (name, value) = text.split_once(':')?;
    let is_header = !value.starts_with("//") && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (is_header && looks_secret(name, value)).then(|| format!("{name}: {MASK}"))
}

/// Whether a word is a flag rather than a value that happens to start with a dash, as base64 for addresses may.
fn is_flag(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or_default();
    name.len() > 1 && name.starts_with('-') && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

/// Masks the strings of a JSON value, by the names that they stand under and by their own form.
pub(super) fn mask_json(name: &str, value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) if looks_secret(name, text) => MASK.into(),
        serde_json::Value::String(text) => mask_argument(None, text).into(),
        serde_json::Value::Array(items) => {
            let mut before: Option<&str> = None;
            let mut out = Vec::with_capacity(items.len());
            for item in items {
                out.push(match item.as_str() {
                    Some(text) if !looks_secret(name, text) => mask_argument(before, text).into(),
                    _ => mask_json(name, item),
                });
                before = item.as_str();
            }
            out.into()
        }
        serde_json::Value::Object(members) => {
            // `{"name": "API_KEY", "value": "…"}`
            let named = ["name", "key", "id"].iter().find_map(|it| members.get(*it)).and_then(|it| it.as_str());
            let masked = members.iter().map(|(key, value)| {
                let name = if key == "value" { named.unwrap_or(key) } else { key };
                (key.clone(), mask_json(name, value))
            });
            serde_json::Value::Object(masked.collect())
        }
        other => other.clone(),
    }
}

/// A whole shell line in one argument: its words are masked one by one.
fn mask_line(line: &str) -> String {
    const QUOTES: [char; 2] = ['"', '\''];
    let mut out = String::with_capacity(line.len());
    let mut before = "";
    let mut program = "";
    for piece in line.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let bare = word.trim_matches(QUOTES);
        if bare.is_empty() {
            out.push_str(piece);
            continue;
        }
        // `Authorization: Bearer …` in three words.
        let is_scheme = |word: &str| ["bearer", "basic"].iter().any(|it| word.eq_ignore_ascii_case(it));
        let is_value = is_scheme(before)
            || !is_scheme(bare) && before.strip_suffix(':').is_some_and(|name| looks_secret(name, bare));
        let own = mask_own_flag(program, Some(before), bare);
        if own.is_some() {
            program = "";
        } else if own_flag(bare).is_some() {
            program = bare;
        }
        let masked = if is_value && !is_reference(bare) {
            MASK.to_owned()
        } else {
            own.unwrap_or_else(|| mask_argument(Some(before), bare))
        };
        if masked == bare {
            out.push_str(piece);
        } else {
            out.push_str(&masked);
            out.push_str(&piece[word.len()..]);
        }
        // `--header=Authorization:` goes on with what follows its `=`.
        let tail = bare.rsplit_once('=').map_or(bare, |(_, tail)| tail.trim_matches(QUOTES));
        before = if tail.ends_with(':') || is_scheme(tail) { tail } else { bare };
    }
    out
}

/// Returns an address without user-info and with secret-looking query values masked. Placeholders stay literal.
pub fn mask_url(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, tail) = split_authority(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (tail, fragment) = tail.split_once('#').map_or((tail, None), |(t, f)| (t, Some(f)));
    let (path, query) = tail.split_once('?').map_or((tail, None), |(p, q)| (p, Some(q)));
    let path: Vec<_> = path.split('/').map(|part| if has_secret_form(part) { MASK } else { part }).collect();
    let mut out = format!("{scheme}://{authority}{}", path.join("/"));
    if let Some(query) = query {
        out.push('?');
        out.push_str(&mask_pairs(query));
    }
    if let Some(fragment) = fragment {
        out.push('#');
        out.push_str(&mask_pairs(fragment));
    }
    out
}

/// Splits what follows the scheme in front of the path. A password may hold unescaped slashes and question marks.
fn split_authority(rest: &str) -> (&str, &str) {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    let is_port = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) || text.contains(['$', '{', '<', '%']);
    let cut_short =
        !host.contains('@') && !host.starts_with('[') && host.split_once(':').is_some_and(|(_, port)| !is_port(port));
    match rest[end..].rfind('@') {
        Some(at) if cut_short => {
            let from = end + at;
            let end = rest[from..].find(['/', '?', '#']).map_or(rest.len(), |it| from + it);
            rest.split_at(end)
        }
        _ => rest.split_at(end),
    }
}

/// Masks the values of `a=1&b=2`, and texts without a name by their form.
fn mask_pairs(text: &str) -> String {
    let pairs: Vec<_> = text
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if looks_secret(name, value) => format!("{name}={MASK}"),
            None if looks_secret("", pair) => MASK.to_owned(),
            _ => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_name_or_form() {
        let check = |name, value, expect| assert_eq!(looks_secret(name, value), expect, "{name}={value}");
        check("POSTMARK_TOKEN", "x", true);
        check("OPENAI_API_KEY", "anything", true);
        check("OPENAI_API_KEY", "${OPENAI_API_KEY}", false);
        check("OPENAI_API_KEY", "$(op read x)", false);
        check("Authorization", "Bearer ${TOKEN}", false);
        check("Authorization", "Bearer abcdef", true);
        check("KEYBOARD", "us", false);
        check("PATH", "/usr/bin", false);
        check("AUTHOR", "somebody", false);
        check("bearer_token_env_var", "ISSUES_TOKEN", false);
        check("bearer_token_env_var", "ghp_0123456789abcdefghij", true);
        check("", "ghp_0123456789abcdefghij", true);
        check("", "0f83c25b15591b149a60b545a80a47a3b73370830f83c25b15591b149a60b545", false);
        check("", "server-filesystem", false);
        check("", "Zk3x9QpLm2Vt7Rw8Yb4Nc6Hd", true);
    }

    #[test]
    fn arguments_lose_their_secrets_only() {
        let check = |before, arg, expect: &str| assert_eq!(mask_argument(before, arg), expect);
        check(Some("--api-key"), "plainlooking", "‹secret›");
        check(Some("--api-key"), "${KEY}", "${KEY}");
        check(None, "--token=abc", "--token=‹secret›");
        check(Some("-e"), "GITHUB_TOKEN=abc", "GITHUB_TOKEN=‹secret›");
        check(Some("--header"), "Authorization: Bearer abc", "Authorization: ‹secret›");
        check(None, "https://u:p@h.example/x?api_key=1&b=2", "https://h.example/x?api_key=‹secret›&b=2");
        check(None, "postgres://u:p@h.example/db", "postgres://h.example/db");
        check(None, "TOKEN=abc npx -y thing --key 'k1'", "TOKEN=‹secret› npx -y thing --key ‹secret›");
        check(
            None,
            "curl -H 'Authorization: Bearer abc' https://h.example/x",
            "curl -H 'Authorization: Bearer ‹secret› https://h.example/x",
        );
        check(None, "curl -H X-Api-Key: abc https://h.example/x", "curl -H X-Api-Key: ‹secret› https://h.example/x");
        check(None, "--header=Authorization: Bearer abc", "--header=Authorization: Bearer ‹secret›");
        check(None, "--header=Authorization: Bearer ${A}", "--header=Authorization: Bearer ${A}");
        check(None, "--password=my pass phrase", "--password=‹secret›");
        check(None, "postgres://u:p/q?r@h.example/db", "postgres://h.example/db");
        check(None, "https://h.example:8080/@scope/x", "https://h.example:8080/@scope/x");
        check(
            None,
            "https://h.example/cb#access_token=abc&state=1",
            "https://h.example/cb#access_token=‹secret›&state=1",
        );
        check(None, r#"{"apiKey":"abc","depth":2}"#, r#"{"apiKey":"‹secret›","depth":2}"#);
        check(None, r#"--config={"a": {"token": "abc"}}"#, r#"--config={"a":{"token":"‹secret›"}}"#);
        check(None, r#"{"depth": 2}"#, r#"{"depth": 2}"#);
        check(None, "${workspaceFolder}/a", "${workspaceFolder}/a");
        check(Some("-y"), "@scope/pkg@1.2.3", "@scope/pkg@1.2.3");
        check(Some("--repository"), "/home/a/b", "/home/a/b");
        check(Some("-u"), "ann:hunter2", "ann:‹secret›");
        check(Some("--user"), "ann@example.com:p:w/d", "ann@example.com:‹secret›");
        check(None, "--user=ann:hunter2", "--user=ann:‹secret›");
        check(Some("--proxy-user"), "ann:hunter2", "ann:‹secret›");
        check(None, "-uann:hunter2", "-uann:‹secret›");
        check(Some("-u"), "${USER}:${PASSWORD}", "${USER}:${PASSWORD}");
        check(None, "curl -u ann:hunter2 https://h.example/x", "curl -u ann:‹secret› https://h.example/x");
        check(Some("-H"), "Authorization: abc", "Authorization: ‹secret›");
        check(None, "-HAuthorization: Bearer abc", "-HAuthorization: ‹secret›");
        check(None, "--header=X-Api-Key:abc", "--header=X-Api-Key: ‹secret›");
        check(Some("--password"), "hunter2", "‹secret›");
        check(None, "mysql -phunter2 -u root shop", "mysql -p‹secret› -u root shop");
        check(None, "sshpass -p hunter2 ssh -p 22 h.example", "sshpass -p ‹secret› ssh -p 22 h.example");
    }

    #[test]
    fn what_only_looks_like_user_and_password_stays() {
        let check = |before, arg: &str| assert_eq!(mask_argument(before, arg), arg);
        check(Some("-u"), "1000:1000");
        check(Some("--user"), "node:node");
        check(Some("-u"), "root");
        check(Some("-U"), "http://proxy.example:3128");
        check(Some("-p"), "8080:8080");
        check(Some("-p"), "hunter2");
        check(Some("-v"), "/a/b:/c/d");
        check(Some("--mount"), "type=bind,src=/a,dst=/b");
        check(Some("-H"), "Accept: text/plain");
        check(None, "-update");
        check(None, "-u");
        check(Some("-u"), "./server.py");
        check(None, "--url=redis:6379");
        check(None, "--user=ann");
    }

    #[test]
    fn some_programs_have_flags_of_their_own_for_secrets() {
        let check = |line: &str, expect: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let masked = mask_arguments(Some(&words[0]), &words[1..]);
            assert_eq!(masked.join(" "), expect.split_once(' ').expect("arguments").1);
        };
        check("/usr/bin/mysql -phunter2 shop", "mysql -p‹secret› shop");
        // The password is asked for; `shop` is the database.
        check("mysql -p shop", "mysql -p shop");
        check("docker exec db mysqldump -phunter2 shop", "docker exec db mysqldump -p‹secret› shop");
        check("redis-cli -a hunter2 -p 6379", "redis-cli -a ‹secret› -p 6379");
        check("docker run -p 8080:80 x", "docker run -p 8080:80 x");
        check("npx -y x -p hunter2 -a b", "npx -y x -p hunter2 -a b");
    }
}
