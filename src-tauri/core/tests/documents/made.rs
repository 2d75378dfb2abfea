//! Files made up from a sequence of choices, so that a failing one shrinks to the simplest.

use gatehouse_core::document::{Format, Route};
use proptest::prelude::*;

/// Answers questions from a list of bytes; when they run out, every answer is the first.
pub(crate) struct Choices(std::vec::IntoIter<u8>);

impl Choices {
    pub(crate) fn of(&mut self, n: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % n
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.of(from.len())]
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.of(n) == n - 1
    }
}

pub(crate) fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u8>(), 0..160).prop_map(|bytes| Choices(bytes.into_iter()))
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Choices")
    }
}

/// A made-up file and the routes of its entries.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) format: Format,
    pub(crate) text: String,
    pub(crate) entries: Vec<Route>,
}

const KEYS: &[&str] =
    &["github", "a.b", "quo\\\"te", "\\u0067ithub", "ключ", "@scope/x", "", "tab\\there", "#hash", "// no comment"];
/// As they are written and as they are read.
const KEYS5: &[(&str, &str)] = &[
    ("github", "github"),
    ("'a.b'", "a.b"),
    ("\"quo\\\"te\"", "quo\"te"),
    ("'it\\'s \"it\"'", "it's \"it\""),
    ("$_x1", "$_x1"),
    ("ключ", "ключ"),
    ("\\u0067ithub", "github"),
    ("''", ""),
    ("'two \\\nlines'", "two lines"),
    ("'\\x41\\v\\0'", "A\u{b}\0"),
    ("Infinity", "Infinity"),
    ("'// no comment'", "// no comment"),
];
const VALUES5: &[&str] = &[
    "{command: 'npx', args: ['-y', \"x\",],}",
    "{}",
    "{\n      url: 'https://example.test/mcp // not a comment',\n      headers: {A: \"b\"},\n    }",
    "{env:{K:'v, } ]'},enabled:true,disabled:false}",
    "{ command : 'x' , /* inside */ args : [ ] }",
    "{disabled: false // why\n}",
    "null",
    "'one \\\ntwo'",
    "[+1, -.5, 2., 0xFF, 1e3, true]",
    "{'disabled': false}",
];
const CONTAINERS: &[&[&str]] = &[&["mcpServers"], &[], &["projects", "/home/a b", "mcpServers"], &["mcp", "servers"]];
const VALUES: &[&str] = &[
    "{\"command\": \"npx\", \"args\": [\"-y\", \"x\"]}",
    "{}",
    "{\n      \"url\": \"https://example.test/mcp // not a comment\",\n      \"headers\": {\"A\": \"b\"}\n    }",
    "{\"env\":{\"K\":\"v, } ]\"},\"enabled\":true,\"disabled\":false}",
    "{ \"command\" : \"x\" , /* inside */ \"args\" : [ ] }",
    "{\"disabled\": false // why\n}",
    "null",
    "\"text\\u00e9\\\\\"",
    "[1, -2.5e+10, {\"a\": []}]",
];

/// JSON with anything between the tokens.
pub(crate) fn messy_json(c: &mut Choices) -> Made {
    messy(c, Format::Jsonc)
}

/// JSON5 with anything between the tokens.
pub(crate) fn messy_json5(c: &mut Choices) -> Made {
    messy(c, Format::Json5)
}

fn messy(c: &mut Choices, format: Format) -> Made {
    let mut out = String::new();
    if c.one_in(5) {
        out.push('\u{feff}');
    }
    gap(c, &mut out);
    let container = CONTAINERS[c.of(CONTAINERS.len())];
    let mut entries = Vec::new();
    open(c, format, &mut out, container, &Route::root(), &mut entries);
    gap(c, &mut out);
    finish(c, format, out, entries)
}

/// A key as it is written and as it is read.
fn key_of(c: &mut Choices, format: Format, fixed: Option<&str>) -> (String, String) {
    if format == Format::Json5 {
        return match fixed {
            Some(name) if name.bytes().all(|b| b.is_ascii_alphanumeric()) && c.one_in(2) => (name.into(), name.into()),
            Some(name) => (format!("'{name}'"), name.into()),
            None => {
                let (written, read) = KEYS5[c.of(KEYS5.len())];
                (written.into(), read.into())
            }
        };
    }
    let written = fixed.unwrap_or_else(|| c.pick(KEYS));
    let written = format!("\"{written}\"");
    let read = serde_json::from_str(&written).expect("a key");
    (written, read)
}

fn finish(c: &mut Choices, format: Format, mut text: String, entries: Vec<Route>) -> Made {
    if c.one_in(3) {
        text = text.replace('\n', "\r\n");
    }
    Made { format, text, entries }
}

fn gap(c: &mut Choices, out: &mut String) {
    const GAPS: &[&str] =
        &["", " ", "\n", "\n  ", "\t", " /* c, } */ ", " // line \"{\n", "\n    // own line\n    ", "/**/", "\n\n"];
    out.push_str(c.pick(GAPS));
}

fn open(
    c: &mut Choices,
    format: Format,
    out: &mut String,
    container: &[&str],
    route: &Route,
    entries: &mut Vec<Route>,
) {
    let n = if container.is_empty() { 1 + c.of(4) } else { 1 + c.of(3) };
    let on_route = if container.is_empty() { n } else { c.of(n) };
    let mut seen: Vec<String> = Vec::new();
    out.push('{');
    for i in 0..n {
        gap(c, out);
        let (written, key) = key_of(c, format, (i == on_route).then(|| container[0]));
        seen.push(key.clone());
        let nth = seen.iter().filter(|k| **k == key).count();
        let here = route.nth_key(&key, u32::try_from(nth).expect("few"));
        out.push_str(&written);
        gap(c, out);
        out.push(':');
        gap(c, out);
        if i == on_route {
            open(c, format, out, &container[1..], &here, entries);
        } else {
            out.push_str(c.pick(if format == Format::Json5 { VALUES5 } else { VALUES }));
            if container.is_empty() {
                entries.push(here);
            }
        }
        gap(c, out);
        if i + 1 < n || c.one_in(3) {
            out.push(',');
        }
    }
    gap(c, out);
    out.push('}');
}

/// JSON as programs write it, all keys different.
pub(crate) fn tidy_json(c: &mut Choices) -> Made {
    tidy(c, false)
}

/// As [`tidy_json`], with comments on lines of their own.
pub(crate) fn commented_json(c: &mut Choices) -> Made {
    Made { format: Format::Jsonc, ..tidy(c, true) }
}

/// As [`tidy_json`], with names that need no quotes and strings in single ones.
pub(crate) fn tidy_json5(c: &mut Choices) -> Made {
    in_five(tidy(c, false))
}

/// As [`commented_json`], in JSON5.
pub(crate) fn commented_json5(c: &mut Choices) -> Made {
    in_five(tidy(c, true))
}

fn in_five(made: Made) -> Made {
    let text = made.text.replace("\"command\"", "command").replace("\"other\"", "other").replace('"', "'");
    Made { format: Format::Json5, text, ..made }
}

fn tidy(c: &mut Choices, commented: bool) -> Made {
    let (eol, unit, colon) =
        [("\n", "  ", ": "), ("\n", "    ", ": "), ("\n", "\t", ": "), ("\r\n", "  ", ": "), ("", "", ":")][c.of(5)];
    let container = CONTAINERS[c.of(CONTAINERS.len())];
    let trailing = c.one_in(4);
    let mut out = String::new();
    if c.one_in(5) {
        out.push('\u{feff}');
    }
    let line = |depth: usize| format!("{eol}{}", unit.repeat(depth));
    let mut route = Route::root();
    out.push('{');
    for (depth, name) in container.iter().enumerate() {
        if c.one_in(2) {
            out.push_str(&format!("{}\"other\"{colon}1,", line(depth + 1)));
        }
        out.push_str(&format!("{}\"{name}\"{colon}{{", line(depth + 1)));
        route = route.key(name);
    }
    let depth = container.len() + 1;
    let n = 1 + c.of(6);
    let mut entries = Vec::new();
    for i in 0..n {
        let name = format!("{}{i}", c.pick(&["s", "a.b", "ключ ", "@x/"]));
        for at in 0..if commented && !eol.is_empty() { c.of(3) } else { 0 } {
            out.push_str(&format!("{}// about {i}, {at}", line(depth)));
        }
        let body = format!("{{{}\"command\"{colon}\"x{i}\"{}}}", line(depth + 1), line(depth));
        out.push_str(&format!("{}\"{name}\"{colon}{body}", line(depth)));
        entries.push(route.key(&name));
        if i + 1 < n || trailing {
            out.push(',');
        }
    }
    for depth in (0..depth).rev() {
        out.push_str(&format!("{}}}", line(depth)));
    }
    if c.one_in(2) {
        out.push_str(eol);
    }
    Made { format: if trailing { Format::Jsonc } else { Format::Json }, text: out, entries }
}

const TOML_KEYS: &[&str] = &["github", "\"a.b\"", "'quo\"te'", "\"ключ\"", "\"\"", "x-y_1", "\"tab\\there\"", "1"];

fn toml_name(written: &str) -> String {
    let text = format!("{written} = 1");
    let table: toml_edit::DocumentMut = text.parse().expect("a key");
    table.iter().next().expect("one key").0.to_owned()
}

fn toml_trivia(c: &mut Choices, out: &mut String) {
    for _ in 0..c.of(3) {
        out.push_str(c.pick(&["\n", "# a comment [x]\n", "  \n", "  # indented = 1\n", "\n\n"]));
    }
}

/// TOML with entries in all ways of writing.
pub(crate) fn messy_toml(c: &mut Choices) -> Made {
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..1 + c.of(4) {
        let name = c.pick(TOML_KEYS);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut out = String::new();
    let bom = c.one_in(5);
    toml_trivia(c, &mut out);
    if c.one_in(2) {
        out.push_str("model = \"m\" # why\n");
    }
    match c.of(4) {
        0 => toml_inline(c, &names, &mut out),
        1 => toml_dotted(c, &names, &mut out),
        _ => toml_tables(c, &names, &mut out),
    }
    if c.one_in(4) && out.ends_with('\n') {
        out.pop();
    }
    let entries = names.iter().map(|n| Route::root().key("mcp_servers").key(&toml_name(n))).collect();
    let mut made = finish(c, Format::Toml, out, entries);
    if bom {
        made.text.insert(0, '\u{feff}');
    }
    made
}

fn toml_pairs(c: &mut Choices, prefix: &str, out: &mut String) {
    const PAIRS: &[&str] = &[
        "command = \"npx\"",
        "args = [\"-y\", \"[x]\"]",
        "enabled = true",
        "startup = 1_000",
        "env = { A = \"b\", 'c.d' = \"}\" }",
        "text = \"\"\"\n[not.a.header]\nx = 1 \"\" \\\n\"\"\"",
        "raw = '''\n# no comment\n'''",
        "list = [ # c\n  \"a\",\n  \"b\", # d\n]",
        "when = 2020-01-02 03:04:05Z",
        "sub.deep = 1",
        "tls . \"x\" = inf",
    ];
    let start = c.of(PAIRS.len());
    for i in 0..1 + c.of(4) {
        let indent = if prefix.is_empty() { c.pick(&["", "  "]) } else { "" };
        out.push_str(&format!("{indent}{prefix}{}{}", PAIRS[(start + i) % PAIRS.len()], c.pick(&["", " # x"])));
        out.push('\n');
        if c.one_in(4) {
            toml_trivia(c, out);
        }
    }
}

fn toml_tables(c: &mut Choices, names: &[&str], out: &mut String) {
    let mut headers = Vec::new();
    let section = c.one_in(2);
    if section {
        out.push_str("[mcp_servers]\n");
    }
    for name in names {
        match c.of(if section { 4 } else { 2 }) {
            3 => out.push_str(&format!("{name} = {{ command = \"x\", args = [\"y\"] }}{}\n", c.pick(&["", " # c"]))),
            2 => toml_pairs(c, &format!("{name}."), out),
            _ => headers.push(*name),
        }
    }
    let mut subs = Vec::new();
    for name in headers {
        toml_trivia(c, out);
        let only_sub = c.one_in(5);
        if !only_sub {
            out.push_str(&format!("{}[mcp_servers.{name}]{}\n", c.pick(&["", "", " "]), c.pick(&["", " # h"])));
            if !c.one_in(6) {
                toml_pairs(c, "", out);
            }
        }
        if only_sub || c.one_in(2) {
            let sub = format!("[mcp_servers.{name}.tools]\na = \"b\"\n");
            if c.one_in(2) { subs.push(sub) } else { out.push_str(&sub) }
        }
        if c.one_in(4) {
            let i = subs.len() + out.len();
            out.push_str(&format!("\n[other{i}]\nx = 1\n\n[[list{i}]]\ny = 2\n"));
        }
    }
    for sub in subs {
        toml_trivia(c, out);
        out.push_str(&sub);
    }
    toml_trivia(c, out);
}

fn toml_dotted(c: &mut Choices, names: &[&str], out: &mut String) {
    for name in names {
        toml_trivia(c, out);
        toml_pairs(c, &format!("mcp_servers.{name}."), out);
    }
    if c.one_in(2) {
        out.push_str("\n[other]\nx = 1\n");
    }
}

fn toml_inline(c: &mut Choices, names: &[&str], out: &mut String) {
    const GAPS: &[&str] = &["", " ", "  ", "\t"];
    out.push_str("mcp_servers = {");
    for (i, name) in names.iter().enumerate() {
        out.push_str(c.pick(GAPS));
        out.push_str(name);
        out.push_str(c.pick(&[" = ", "="]));
        out.push_str(c.pick(&["{ command = \"x\", enabled = true }", "{}", "{url=\"u, }\"}", "{ a.b = 1, a.c = 2 }"]));
        out.push_str(c.pick(GAPS));
        if i + 1 < names.len() {
            out.push(',');
        }
    }
    out.push_str("}\n");
    if c.one_in(2) {
        out.push_str("[other]\nx = 1\n");
    }
}

/// TOML as people and programs write it for Codex.
pub(crate) fn tidy_toml(c: &mut Choices) -> Made {
    toml_of_programs(c, false)
}

/// As [`tidy_toml`], with comments on lines of their own in front of entries.
pub(crate) fn commented_toml(c: &mut Choices) -> Made {
    toml_of_programs(c, true)
}

fn toml_of_programs(c: &mut Choices, commented: bool) -> Made {
    let mut out = String::new();
    if c.one_in(2) {
        out.push_str("model = \"m\"\n\n");
    }
    let n = 1 + c.of(5);
    let inline = c.one_in(3);
    let blank = c.pick(&["\n", "", "\n\n"]);
    if inline {
        out.push_str("[mcp_servers]\n");
    }
    let mut entries = Vec::new();
    for i in 0..n {
        let name = format!("s{i}");
        let comments: String =
            (0..if commented { c.of(3) } else { 0 }).map(|at| format!("# about {i}, {at}\n")).collect();
        if inline {
            out.push_str(&comments);
            out.push_str(&format!("{name} = {{ command = \"x{i}\" }}\n"));
        } else {
            if i > 0 {
                out.push_str(blank);
            }
            out.push_str(&comments);
            out.push_str(&format!("[mcp_servers.{name}]\ncommand = \"x{i}\"\n"));
            if c.one_in(2) {
                out.push_str(&format!("{blank}[mcp_servers.{name}.env]\nK = \"v\"\n"));
            }
        }
        entries.push(Route::root().key("mcp_servers").key(&name));
    }
    if c.one_in(2) {
        out.push_str("\n[tui]\nx = 1\n");
    }
    finish(c, Format::Toml, out, entries)
}

const YAML_KEYS: &[&str] = &[
    "github",
    "a.b",
    "quo\"te",
    "two words",
    "ключ",
    "'@scope/x'",
    "\"\"",
    "\"tab\\there\"",
    "\"#hash\"",
    "x#y",
    "42",
    "true",
];

/// Of an entry: behind its colon, `^` standing for its indentation and `_` for one step.
const YAML_VALUES: &[&str] = &[
    " {cmd: npx, args: [-y, \"x, }\"], enabled: true} # why\n",
    "\n^_cmd: npx\n^_args:\n^_- -y\n^_- 'it''s'\n^_enabled: true\n",
    " # of the entry\n^_# inside\n^_cmd: \"a # b\"\n\n^_env:\n^__KEY: |\n^___line: one\n^___  # no comment\n",
    "\n^_type: stdio\n^_enabled: no # a word\n^_envs: {}\n",
    "\n^_note: |+\n^__kept\n\n",
    " {}\n",
    "\n",
    " null # none\n",
    " some \"text\" of it\n",
    " >-\n^_folded\n^_text\n",
    " [1, -2.5e+10, {a: [], b: 0x1F}]\n",
    " \"two\n^_lines\"\n",
    "\n^_- 1\n^_- b: c\n^_  d: e\n",
    "   {\n^_url: 'https://example.test/mcp#x', # here\n^_headers: {A: b}\n^_}\n",
];

fn yaml_gap(c: &mut Choices, out: &mut String, indent: &str) {
    match c.of(6) {
        0 => out.push_str(&format!("{indent}# a comment: {{\n")),
        1 => out.push('\n'),
        2 => out.push_str(&format!("\n{indent}# one\n  \n# two\n")),
        _ => {}
    }
}

/// YAML in lines or in one flow mapping, with comments and blank lines between.
pub(crate) fn messy_yaml(c: &mut Choices) -> Made {
    const CONTAINERS: &[&[&str]] = &[&["extensions"], &["mcp", "servers"], &["two words", "mcpServers"]];
    let mut out = String::new();
    if c.one_in(5) {
        out.push('\u{feff}');
    }
    if c.one_in(4) {
        out.push_str("---\n");
    }
    let container = CONTAINERS[c.of(CONTAINERS.len())];
    let step = ["  ", "    ", " "][c.of(3)];
    let mut route = Route::root();
    for (depth, name) in container.iter().enumerate() {
        let indent = step.repeat(depth);
        yaml_gap(c, &mut out, &indent);
        if c.one_in(3) {
            out.push_str(&format!("{indent}before: [1, a] # 1\n"));
        }
        out.push_str(&format!("{indent}{name}:"));
        out.push_str(if depth + 1 < container.len() { c.pick(&["\n", " # names\n"]) } else { "" });
        route = route.key(name);
    }
    let depth = container.len();
    let n = 1 + c.of(4);
    let mut entries = Vec::new();
    // A repeated key is an error for most clients: it has a test of its own.
    let mut names: Vec<&str> = (0..n).map(|_| c.pick(YAML_KEYS)).collect();
    names.sort_unstable();
    names.dedup();
    let n = names.len();
    let mut add = |written: &str| {
        let name = match written.chars().next() {
            Some('"') => serde_json::from_str(written).expect("a string"),
            Some('\'') => written.trim_matches('\'').to_owned(),
            _ => written.to_owned(),
        };
        entries.push(route.key(&name));
    };
    if c.one_in(5) {
        out.push_str(c.pick(&[" {", " { "]));
        for (i, name) in names.iter().enumerate() {
            add(name);
            let value = c.pick(&["{cmd: npx, enabled: true}", "{\"url\": \"x, y\"}", "[a]", "text", "null", "{}"]);
            out.push_str(&format!("{name}: {value}"));
            out.push_str(if i + 1 < n { c.pick(&[", ", " ,", ", # c }\n      "]) } else { c.pick(&["", " ", ","]) });
        }
        out.push_str(c.pick(&["}\n", "} # end\n"]));
    } else {
        out.push_str(c.pick(&["\n", " # entries\n"]));
        let indent = step.repeat(depth);
        for name in names {
            yaml_gap(c, &mut out, &indent);
            add(name);
            let value = c.pick(YAML_VALUES).replace('^', &indent).replace('_', step);
            out.push_str(&format!("{indent}{name}:{value}"));
        }
    }
    if c.one_in(3) {
        out.push_str("# behind\n");
    }
    if c.one_in(3) {
        out.push_str("after:\n- x: 1\n");
    }
    // Readers differ in what a block of lines means that ends with the file.
    if c.one_in(4) && !out.contains("|\n") && !out.contains(">-") && !out.contains("|+") {
        out.truncate(out.trim_end_matches('\n').len());
    }
    finish(c, Format::Yaml, out, entries)
}

/// YAML as programs write it, with comments on lines of their own in front of entries.
pub(crate) fn tidy_yaml(c: &mut Choices) -> Made {
    let step = ["  ", "    "][c.of(2)];
    let mut out = String::from(c.pick(&["", "model: m\n", "# mine\n"]));
    out.push_str("extensions:\n");
    let mut entries = Vec::new();
    for i in 0..1 + c.of(6) {
        let name = format!("{}{i}", c.pick(&["s", "a.b", "ключ "]));
        for at in 0..c.of(3) {
            out.push_str(&format!("{step}# about {i}, {at}\n"));
        }
        out.push_str(&format!("{step}{name}:\n{step}{step}cmd: x{i}\n{step}{step}enabled: true\n"));
        entries.push(Route::root().key("extensions").key(&name));
    }
    out.push_str(c.pick(&["", "after: 1\n", "# behind\n"]));
    finish(c, Format::Yaml, out, entries)
}

/// Names of items, as they are written: what is no text is no name.
const ITEM_NAMES: &[&str] = &[
    "github",
    "a.b",
    "quo\"te",
    "two words",
    "ключ 🔑",
    "'@scope/x'",
    "\"\"",
    "\"tab\\there\"",
    "\"#hash\"",
    "x#y",
    "'42'",
    "\"uses\"",
];

/// Of an item, its dash included: `@` stands for its name, `^` for the indentation of the dash.
const ITEMS: &[&str] = &[
    "- name: @\n^  cmd: npx\n^  args:\n^  - -y\n^  - 'it''s'\n^  enabled: true\n",
    "-   name: @ # why\n^    # inside\n^    cmd: \"a # b\"\n\n^    env:\n^      KEY: |\n^        line: one\n^          # no comment\n",
    "- {name: @, cmd: npx, args: [-y, \"x, }\"], enabled: true} # why\n",
    "- # of the item\n^  cmd: x\n^  name: @\n",
    "-\n^  name: @\n\n^  cmd: x # why\n",
    "- cmd: x\n^  'name': @\n^  note: |+\n^    kept\n\n",
    "- name: @\n",
    "-  name: @\n^   note: >-\n^     folded\n^     text\n",
    "- enabled: false\n^  text: \"two\n^    lines\"\n^  name: @\n",
    "- {\n^  'name': @, # here\n^  url: 'https://example.test/mcp#x'\n^  }\n",
];

/// Items without a name, some of them more than once.
const UNNAMED: &[&str] = &[
    "- uses: example/files\n",
    "- uses: example/files # again\n",
    "- text - of it\n",
    "- [a, {name: x}]\n",
    "-\n",
    "- - nested\n^  - name: inner\n",
    "- name: [no, text]\n",
];

fn name_written(written: &str) -> String {
    match written.chars().next() {
        Some('"') => serde_json::from_str(written).expect("a string"),
        Some('\'') => written.trim_matches('\'').to_owned(),
        _ => written.to_owned(),
    }
}

/// A YAML list in lines or between brackets, with items of a name and others, comments and blank lines between.
pub(crate) fn messy_yaml_list(c: &mut Choices) -> Made {
    const CONTAINERS: &[&[&str]] = &[&["mcpServers"], &["mcp", "two words"]];
    let mut out = String::from(if c.one_in(5) { "\u{feff}" } else { "" });
    out.push_str(c.pick(&["", "---\n", "name: mine\n"]));
    let container = CONTAINERS[c.of(CONTAINERS.len())];
    let step = ["  ", "    ", " "][c.of(3)];
    let mut route = Route::root();
    for (depth, name) in container.iter().enumerate() {
        let indent = step.repeat(depth);
        yaml_gap(c, &mut out, &indent);
        out.push_str(&format!("{indent}{name}:"));
        out.push_str(if depth + 1 < container.len() { c.pick(&["\n", " # names\n"]) } else { "" });
        route = route.key(name);
    }
    // The dashes may stand right below the key.
    let indent = step.repeat(container.len() - usize::from(c.one_in(3)));
    let mut names: Vec<&str> = (0..1 + c.of(4)).map(|_| c.pick(ITEM_NAMES)).collect();
    names.sort_unstable();
    names.dedup();
    let entries = names.iter().map(|name| route.named(&name_written(name), 1)).collect();
    if c.one_in(4) {
        out.push_str(c.pick(&[" [", " [ "]));
        for (i, name) in names.iter().enumerate() {
            if c.one_in(4) {
                out.push_str(c.pick(&["text, ", "{uses: a}, ", "a: b, ", "[1], "]));
            }
            let value = c.pick(&["{name: @, cmd: npx, enabled: true}", "{\"name\": @}", "{url: \"x, ]\",name: @ }"]);
            out.push_str(&value.replace('@', name));
            out.push_str(if i + 1 < names.len() {
                c.pick(&[", ", " ,", ", # c ]\n      "])
            } else {
                c.pick(&["", " ", ","])
            });
        }
        out.push_str(c.pick(&["]\n", "] # end\n"]));
    } else {
        out.push_str(c.pick(&["\n", " # entries\n"]));
        for name in names {
            if c.one_in(4) {
                yaml_gap(c, &mut out, &indent);
                out.push_str(&format!("{indent}{}", c.pick(UNNAMED).replace('^', &indent)));
            }
            yaml_gap(c, &mut out, &indent);
            out.push_str(&format!("{indent}{}", c.pick(ITEMS).replace('@', name).replace('^', &indent)));
        }
    }
    if c.one_in(3) {
        out.push_str("# behind\n");
    }
    if c.one_in(3) {
        out.push_str("after:\n- x: 1\n");
    }
    if c.one_in(4) && !out.contains("|\n") && !out.contains(">-") && !out.contains("|+") {
        out.truncate(out.trim_end_matches('\n').len());
    }
    finish(c, Format::Yaml, out, entries)
}

/// Items as programs and people write them, each with the lines of comments before it, and what stands around them.
pub(crate) struct Listed {
    pub(crate) head: String,
    pub(crate) items: Vec<(Route, String)>,
    pub(crate) tail: String,
}

impl Listed {
    pub(crate) fn text(&self) -> String {
        let items: String = self.items.iter().map(|(_, text)| text.as_str()).collect();
        format!("{}{items}{}", self.head, self.tail)
    }

    pub(crate) fn made(&self) -> Made {
        let entries = self.items.iter().map(|(route, _)| route.clone()).collect();
        Made { format: Format::Yaml, text: self.text(), entries }
    }
}

pub(crate) fn tidy_yaml_list(c: &mut Choices) -> Listed {
    let eol = c.pick(&["\n", "\r\n"]).to_owned();
    let dash = ["  ", "", "    "][c.of(3)];
    let head = format!("{}mcpServers:\n", c.pick(&["", "name: m\n", "# mine\n"])).replace('\n', &eol);
    let mut items = Vec::new();
    for i in 0..1 + c.of(6) {
        let name = format!("{}{i}", c.pick(&["s", "a.b", "ключ "]));
        let comments: String = (0..c.of(3)).map(|at| format!("{dash}# about {i}, {at}\n")).collect();
        let text = format!("{comments}{dash}- name: {name}\n{dash}  cmd: x{i}\n{dash}  args:\n{dash}  - -y\n");
        items.push((Route::root().key("mcpServers").named(&name, 1), text.replace('\n', &eol)));
    }
    Listed { head, items, tail: c.pick(&["", "rules: []\n", "# behind\n"]).replace('\n', &eol) }
}
