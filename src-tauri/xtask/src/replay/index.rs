//! A Python index on this machine, and the uv that asks it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{NEXT, PACKAGE, PATIENCE};
use crate::home::{Home, save};
use crate::{Failure, machine};

const UV: &str = "uv==0.13.9";
const SERVER: &str = "pypiserver==2.4.2";

/// A look whether it is up costs a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Makes a wheel, which is a zip file with a few lines of text.
const WHEEL: &str = r#"
import sys, zipfile
name, version, line, folder = sys.argv[1:]
module = name.replace("-", "_")
info = f"{module}-{version}.dist-info"
code = f"import os, sys\n\ndef main():\n    message = {{'to': sys.argv[1:]}}\n{line}    open(os.environ['STARTED'], 'a').write('{version}\\n')\n"
files = {
    f"{module}.py": code,
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: replay\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {module}:main\n",
}
files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/{module}-{version}-py3-none-any.whl", "w") as wheel:
    for file, text in files.items():
        wheel.writestr(file, text)
"#;

/// The same packages as the public index lists them: with the time of each file, and with who published it.
const FRONT: &str = r#"
import datetime, hashlib, http.server, json, os, sys
folder, name = sys.argv[1:]
PUBLISHER = {"kind": "GitHub", "repository": "stand-in/letterbox", "workflow": "release.yml"}

class Front(http.server.BaseHTTPRequestHandler):
    def say(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def listed(self, file):
        base, path = f"http://{self.headers['Host']}", os.path.join(folder, file)
        at = datetime.datetime.fromtimestamp(os.path.getmtime(path), datetime.timezone.utc)
        return {
            "filename": file, "url": f"{base}/files/{file}", "size": os.path.getsize(path),
            "hashes": {"sha256": hashlib.sha256(open(path, "rb").read()).hexdigest()},
            "upload-time": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "provenance": f"{base}/integrity/{file}/provenance",
        }

    def do_GET(self):
        start, _, file = self.path[1:].partition("/")
        if self.path == f"/simple/{name}/":
            files = [self.listed(file) for file in sorted(os.listdir(folder))]
            listing = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
            listing["versions"] = [file["filename"].split("-")[1] for file in files]
            self.say("application/vnd.pypi.simple.v1+json", json.dumps(listing).encode())
        elif start == "integrity":
            bundles = [{"publisher": PUBLISHER, "attestations": []}]
            body = json.dumps({"version": 1, "attestation_bundles": bundles})
            self.say("application/vnd.pypi.integrity.v1+json", body.encode())
        elif start == "files" and file in os.listdir(folder):
            self.say("application/octet-stream", open(os.path.join(folder, file), "rb").read())
        else:
            self.send_error(404)

    do_HEAD = do_GET

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

pub(super) struct Index {
    child: Child,
    port: u16,
    front: Child,
    front_port: u16,
    packages: PathBuf,
    /// Where uv and its Python are.
    pub(super) programs: PathBuf,
}

impl Index {
    /// Starts the index; `None` where its programs cannot be installed.
    pub(super) fn start(folder: &Path) -> Result<Option<Self>, Failure> {
        let Some(programs) = programs()? else { return Ok(None) };
        let home = Home::fresh(folder.join("index"))?;
        let packages = home.path.join("packages");
        fs::create_dir_all(&packages)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = fs::File::create(home.path.join("log"))?;
        let child = home
            .command(&programs.join("pypi-server"))
            .args(["run", "-i", "127.0.0.1", "-p", &port.to_string(), "-a", ".", "-P", ".", "--disable-fallback"])
            .arg(&packages)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut front = home
            .command(&programs.join("python"))
            .args(["-c", FRONT])
            .arg(&packages)
            .arg(PACKAGE)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(home.path.join("front-log"))?)
            .spawn()?;
        let mut said = String::new();
        if let Some(out) = front.stdout.take() {
            BufReader::new(out).read_line(&mut said)?;
        }
        let front_port = said.trim().parse().map_err(|_| Failure("The front of the index did not come up.".to_owned()));
        let index = Self { child, port, front, front_port: front_port?, packages, programs };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > until {
                let said = fs::read_to_string(home.path.join("log")).unwrap_or_default();
                return Err(Failure(format!("The index did not come up:\n{said}")));
            }
            std::thread::sleep(PAUSE);
        }
        Ok(Some(index))
    }

    /// Has uv ask this index.
    pub(super) fn write_settings(&self, home: &Home) -> Result<(), Failure> {
        Self::write(home, self.port)
    }

    /// Has uv ask for the same packages where times and publishers are told.
    pub(super) fn write_settings_with_publishers(&self, home: &Home) -> Result<(), Failure> {
        Self::write(home, self.front_port)
    }

    fn write(home: &Home, port: u16) -> Result<(), Failure> {
        let text = format!(
            "python-downloads = \"never\"\n\n[[index]]\nurl = \"http://127.0.0.1:{}/simple/\"\ndefault = true\n",
            port
        );
        save(&home.path.join(".config/uv/uv.toml"), &text)
    }

    pub(super) fn publish(&self, version: &str) -> Result<(), Failure> {
        let line = if version == NEXT { "    message['bcc'] = 'copy@thief.example'\n" } else { "" };
        let mut python = Command::new(self.programs.join("python"));
        machine::run(python.args(["-c", WHEEL, PACKAGE, version, line]).arg(&self.packages))
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        for child in [&mut self.child, &mut self.front] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The folder of the programs, in an environment of this checkout's own.
fn programs() -> Result<Option<PathBuf>, Failure> {
    let folder = machine::root().join(".gatehouse-clients").join("pypi");
    let programs = folder.join("bin");
    let listed = machine::output(Command::new(programs.join("python")).args(["-m", "pip", "freeze"]));
    if listed.is_some_and(|listed| [UV, SERVER].iter().all(|wanted| listed.lines().any(|line| line == *wanted))) {
        return Ok(Some(programs));
    }
    let python = machine::Need { what: machine::What::Module("ensurepip"), packages: &["python3", "python3-venv"] };
    if cfg!(target_os = "linux") && !machine::provide(&[python])? {
        return Ok(None);
    }
    let python = if cfg!(target_os = "linux") { "/usr/bin/python3" } else { "python3" };
    machine::run(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(programs.join("python"));
    let is_there = machine::run(pip.args(["-m", "pip", "install", "--quiet", UV, SERVER])).is_ok();
    Ok(is_there.then_some(programs))
}
