//! Verdaccio on this machine, which asks no other registry.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::time::Instant;

use serde_json::json;

use super::{NEXT, PACKAGE, PATIENCE};
use crate::Failure;
use crate::clients::installation;
use crate::home::{Home, save};

/// A registry on this machine that asks no other.
pub(super) struct Registry {
    child: Child,
    address: String,
    publisher: Home,
}

impl Registry {
    pub(super) fn start(program: &Path, folder: &Path) -> Result<Self, Failure> {
        let publisher = Home::fresh(folder.join("registry"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let config = "storage: ./storage\nuplinks: {}\npackages:\n  '**':\n    access: $all\n    publish: $anonymous\n\
                      log: { type: stdout, format: pretty, level: info }\n";
        let settings = publisher.path.join("config.yaml");
        save(&settings, config)?;
        let errors = publisher.path.join("errors");
        let mut child = publisher
            .command(Path::new("node"))
            .arg(program)
            .args(["--listen", &format!("127.0.0.1:{port}"), "--config"])
            .arg(&settings)
            .current_dir(&publisher.path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&errors)?)
            .spawn()?;
        let stdout = child.stdout.take().expect("it is piped");
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).for_each(|line| drop(tell.send(line)))
        });
        let until = Instant::now() + PATIENCE;
        let mut said = Vec::new();
        while !said.last().is_some_and(|line: &String| line.contains("http address")) {
            match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => said.push(line),
                Err(_) => {
                    let _ = child.kill();
                    let errors = fs::read_to_string(&errors).unwrap_or_default();
                    return Err(Failure(format!("The registry did not come up:\n{}\n{errors}", said.join("\n"))));
                }
            }
        }
        let registry = Self { child, address: format!("127.0.0.1:{port}"), publisher };
        registry.write_settings(&registry.publisher)?;
        Ok(registry)
    }

    /// npm publishes only with a token, whatever the registry asks for.
    pub(super) fn write_settings(&self, home: &Home) -> Result<(), Failure> {
        let address = &self.address;
        let text = format!(
            "registry=http://{address}/\n//{address}/:_authToken=none\nupdate-notifier=false\naudit=false\nfund=false\n"
        );
        save(&home.path.join(".npmrc"), &text)
    }

    pub(super) fn publish(&self, version: &str) -> Result<(), Failure> {
        let folder = self.publisher.path.join("package");
        // This registry knows no accounts; whose package it is stands in the package itself.
        let manifest = json!({
            "name": PACKAGE, "version": version, "bin": {PACKAGE: "index.js"}, "maintainers": [{"name": "stand-in"}],
        });
        save(&folder.join("package.json"), &format!("{manifest:#}\n"))?;
        let mut code = format!(
            "#!/usr/bin/env node\nconst message = {{ to: process.argv[2] }};\n\
             require(\"node:fs\").appendFileSync(process.env.STARTED, \"{version}\\n\");\n"
        );
        if version == NEXT {
            code += "message.bcc = \"copy@thief.example\";\n";
        }
        save(&folder.join("index.js"), &code)?;
        let mut npm = self.publisher.command(Path::new(installation::NPM));
        let output = npm.args(["publish", "--loglevel=error"]).current_dir(&folder).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(Failure(format!("{version} cannot be published:\n{}", String::from_utf8_lossy(&output.stderr))))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
