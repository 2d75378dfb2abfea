//! What leaves the machine, as a proxy sees it that everything goes through: with look-ups off nothing, with them on public
//! names and versions, from a home full of things that are nobody's business.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Sandbox, servers};
use crate::web::{Asked, Says, Web};

/// Stands in everything that must not leave.
const PRIVATE: &str = "hush";

/// Plain HTTP everywhere, so that the proxy sees all there is.
fn services(asked: &Asked) -> Says {
    let release = |name: &str| {
        json!({
            "name": name, "version": "1.0.15", "_npmUser": { "name": "someone", "email": "someone@acme.dev" },
            "mcpName": "io.github.acme/mail", "repository": { "url": "git+https://github.com/acme/mail.git" },
            "dist": {
                "integrity": "sha512-AAAA", "signatures": [{ "keyid": "SHA256:one", "sig": "AAAA" }],
                "attestations": {
                    "url": format!("http://registry.example/-/npm/v1/attestations/{name}@1.0.15"),
                    "provenance": { "predicateType": "https://slsa.dev/provenance/v1" },
                },
            },
        })
    };
    let packument = |name: &str| {
        let time = json!({ "1.0.15": "2026-01-01T00:00:00Z" });
        let all = json!({ "name": name, "dist-tags": { "latest": "1.0.15" }, "time": time, "versions": { "1.0.15": release(name) } });
        Says::json(all.to_string())
    };
    match asked.path.as_str() {
        "http://registry.example/mail-mcp" => packument("mail-mcp"),
        "http://registry.example/@scope%2fmail-mcp" => packument("@scope/mail-mcp"),
        "http://osv.example/v1/querybatch" => {
            let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
            let results: Vec<_> = body["queries"].as_array().into_iter().flatten().map(|_| json!({})).collect();
            Says::json(json!({ "results": results }).to_string())
        }
        _ => Says::status(404),
    }
}

/// A home whose every name, path, address, token and argument is private, but for two packages and one host.
fn full_home(proxy: &Web) -> Sandbox {
    let mut home = Sandbox::new();
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        home.env.push((name.to_owned(), proxy.base()));
    }
    home.env.push(("HUSH_TOKEN".to_owned(), "hush".to_owned()));
    home.write(
        ".npmrc",
        "registry=http://registry.example/\n@hush:registry=http://hush.example/\n//hush.example/:_authToken=hush\n\
         //registry.example/:_authToken=hush\n",
    );
    home.write(
        ".config/pip/pip.conf",
        "[global]\nindex-url = http://hush:hush@hush.example/simple\nextra-index-url = http://hush.example/\n",
    );
    let settings = json!({
        "advisoryService": "http://osv.example/", "connectorRegistry": "http://list.example/",
        "imageRegistry": "http://images.example/", "lookUpDomains": "on",
        "lookUpOpinions": "on", "nameService": "http://names.example/", "opinionService": "http://index.example/",
        "registrationService": "http://register.example/", "repositoryService": "http://hub.example/",
    });
    home.write(".config/gatehouse/settings.json", &settings.to_string());
    let of_project = home.path("work/hush-project");
    let folder = of_project.to_str().expect("a path");
    home.write("work/hush-project/.npmrc", "registry=http://hush.example/\n");
    let entry = |command: &str, args: &[&str]| json!({ "command": command, "args": args });
    let npx = |spec: &str| entry("npx", &["-y", spec]);
    let all = [
        (
            "hush-public",
            json!({
                "command": "npx", "args": ["-y", "mail-mcp", "--key", "hush", "/home/hush/notes"],
                "env": { "TOKEN": "hush", "HUSH": "x" }, "cwd": "/home/hush",
            }),
        ),
        ("hush-scoped", npx("@scope/mail-mcp@^1")),
        ("hush-own-scope", npx("@hush/mail-mcp")),
        (
            "hush-of-env",
            json!({
                "command": "npx", "args": ["-y", "hush-of-env"], "env": { "npm_config_registry": "http://hush.example/" },
            }),
        ),
        ("hush-flag", entry("npx", &["--registry=http://hush.example/", "-y", "hush-of-flag"])),
        ("hush-path", npx("/home/me/hush")),
        ("hush-git", npx("github:hush/hush")),
        ("hush-public-git", npx("github:modelcontextprotocol/servers")),
        ("hush-tarball", npx("http://hush.example/hush.tgz")),
        ("hush-file", entry("node", &["/home/me/hush.js"])),
        ("hush-python", entry("uvx", &["hush-python"])),
        ("hush-image", entry("docker", &["run", "-i", "hush.example/hush:1", "-e", "KEY=hush"])),
        (
            "hush-public-image",
            entry("docker", &["run", "-i", "-e", "KEY=hush", "-v", "/home/hush:/hush", "acme/mail:1"]),
        ),
        ("hush-eval", entry("sh", &["-c", "curl http://hush.example/hush"])),
        ("hush-placeholder", npx("${HUSH_PACKAGE}")),
        (
            "hush-remote",
            json!({
                "url": "https://hush-team.vendor.example/hush?token=hush", "headers": { "Authorization": "Bearer hush" },
            }),
        ),
        ("hush-internal", json!({ "url": "https://mcp.hush.internal/mcp" })),
        ("hush-local", json!({ "url": "http://hush.local:8080/" })),
        ("hush-bare", json!({ "url": "http://hush/" })),
        ("hush-address", json!({ "url": "http://10.1.2.3/hush" })),
        ("hush-user", json!({ "url": "https://hush:hush@mcp.hush.corp/" })),
    ];
    let all: Vec<_> = all.iter().map(|(name, body)| (*name, body.to_string())).collect();
    let all: Vec<_> = all.iter().map(|(name, body)| (*name, body.as_str())).collect();
    home.write(".cursor/mcp.json", &servers("mcpServers", &all));
    let in_project = json!({ "projects": { folder: { "mcpServers": { "hush-project": npx("hush-of-project") } } } });
    home.write(".claude.json", &in_project.to_string());
    home.write(".codex/config.toml", "[mcp_servers.hush-codex]\ncommand = \"npx\"\nargs = [\"-y\", \"@hush/codex\"]\n");
    home
}

#[test]
fn a_proxy_sees_public_names_alone_and_with_look_ups_off_nothing() {
    let proxy = Web::new(services);
    let home = full_home(&proxy);
    let mut guard = home.watch();
    home.scan();
    home.run(&["show", "cursor/hush-public"]).ok();
    home.run(&["approve", "cursor/hush-scoped"]).ok();
    home.run(&["doctor"]);
    home.run(&["diff", "cursor/hush-public"]);
    assert!(home.refused(&["look-ups", "now"]).contains("off"));
    assert_eq!(proxy.asked().len(), 0, "{:?}", proxy.asked());
    home.run(&["look-ups", "on"]).ok();
    guard.wait("looked-up");
    // Once more, now that versions are known.
    home.run(&["look-ups", "now"]).ok();
    guard.wait("looked-up");
    let asked = proxy.asked();
    let paths: BTreeSet<&str> = asked.iter().map(|one| one.path.as_str()).collect();
    let expected = [
        "http://hub.example/repos/acme/mail",
        "http://hub.example/repos/modelcontextprotocol/servers",
        "http://hub.example/users/acme",
        "http://hub.example/users/modelcontextprotocol",
        "http://images.example/v2/acme/mail/manifests/1",
        "http://index.example/v3/systems/npm/packages/%40scope%2Fmail-mcp/versions/1.0.15",
        "http://index.example/v3/systems/npm/packages/mail-mcp/versions/1.0.15",
        "http://list.example/v0.1/servers/io.github.acme%2Fmail/versions/latest",
        "http://list.example/v0.1/servers?search=example.vendor&version=latest&limit=100",
        "http://names.example/resolve?name=_dmarc.acme.dev&type=TXT",
        "http://names.example/resolve?name=_dmarc.vendor.example&type=TXT",
        "http://names.example/resolve?name=acme.dev&type=MX",
        "http://names.example/resolve?name=acme.dev&type=TXT",
        "http://names.example/resolve?name=vendor.example&type=MX",
        "http://names.example/resolve?name=vendor.example&type=TXT",
        "http://osv.example/v1/querybatch",
        "http://register.example/domain/acme.dev",
        "http://register.example/domain/vendor.example",
        "http://registry.example/-/npm/v1/attestations/@scope/mail-mcp@1.0.15",
        "http://registry.example/-/npm/v1/attestations/mail-mcp@1.0.15",
        "http://registry.example/-/npm/v1/keys",
        "http://registry.example/@scope%2fmail-mcp",
        "http://registry.example/mail-mcp",
    ];
    assert_eq!(paths, expected.into());
    for one in &asked {
        let text = format!("{one:?}").to_lowercase();
        assert!(!text.contains(PRIVATE), "{text}");
        // What programs are asked with in general, and nothing that tells one user from another.
        let known = [
            "accept",
            "accept-encoding",
            "cache-control",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "if-none-match",
            "if-modified-since",
        ];
        let names: Vec<_> = one.headers.keys().filter(|name| !known.contains(&name.as_str())).collect();
        assert!(names.is_empty(), "{names:?}");
    }
    let bodies = asked.iter().filter(|one| !one.body.is_empty());
    for body in bodies.map(|one| serde_json::from_str::<Value>(&one.body).expect("JSON")) {
        for query in body["queries"].as_array().expect("questions") {
            let keys: BTreeSet<_> = query.as_object().expect("an object").keys().map(String::as_str).collect();
            assert_eq!(keys, BTreeSet::from(["package", "version"]), "{query}");
        }
    }
    // The list of requests has each of them, and no others.
    let listed = home.run(&["log", "--network", "--format", "json"]).ok().json();
    let listed = listed["requests"].as_array().expect("a list").iter();
    let listed: BTreeSet<_> = listed.map(|one| one["url"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(listed, expected.map(str::to_owned).into());
}
