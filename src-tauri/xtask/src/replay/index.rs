//! A Python index on this machine, and the uv that asks it.

use std::fs;
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

pub(super) struct Index {
    child: Child,
    port: u16,
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
        let index = Self { child, port, packages, programs };
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

    pub(super) fn write_settings(&self, home: &Home) -> Result<(), Failure> {
        let text = format!(
            "python-downloads = \"never\"\n\n[[index]]\nurl = \"http://127.0.0.1:{}/simple/\"\ndefault = true\n",
            self.port
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
        let _ = self.child.kill();
        let _ = self.child.wait();
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
