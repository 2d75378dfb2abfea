//! Values of secrets: compared by keyed digests, so a keyring is needed, here one of its own on a private bus.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use crate::support::{Sandbox, servers};

/// Starts the keyring, says where the bus is, and lasts as long as its input.
const START: &str = r#"
printf pass | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
daemon=$!
tries=0
until dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do
    tries=$((tries + 1)); [ $tries -lt 2000 ] || exit 99
done
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
kill $daemon; wait $daemon
"#;

/// A bus that starts nothing by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

/// A running keyring; it ends with this value.
struct Keyring(Child);

impl Keyring {
    /// `None` where this machine has no keyring to start, which is said.
    fn start(home: &mut Sandbox) -> Option<Self> {
        let tools = ["dbus-run-session", "dbus-send", "gnome-keyring-daemon"];
        let runs = |tool: &&str| Command::new(tool).arg("--version").stdout(Stdio::null()).status().is_ok();
        if !tools.iter().all(runs) {
            let required = std::env::var_os("GATEHOUSE_KEYRING").is_some_and(|value| value == "required");
            assert!(!required, "the keyring tests are required, but one of {tools:?} cannot be started");
            let text = format!("SKIPPED: the keyring tests need {tools:?}\n");
            std::io::stderr().write_all(text.as_bytes()).expect("standard error is open");
            return None;
        }
        let runtime = home.path("run");
        std::fs::create_dir_all(&runtime).expect("a folder");
        rustix::fs::chmod(&runtime, rustix::fs::Mode::RWXU).expect("a folder of our own");
        home.write("bus.conf", BUS);
        let mut command = Command::new("dbus-run-session");
        command.arg("--config-file").arg(home.path("bus.conf")).args(["--", "sh", "-c", START]);
        command.env_clear().env("HOME", home.home()).env("XDG_RUNTIME_DIR", &runtime);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the bus starts");
        let mut address = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut address).expect("an address");
        assert!(!address.trim().is_empty(), "the keyring does not start");
        home.env.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address.trim().to_owned()));
        Some(Self(child))
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // Its input ends, and the script with it.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

const FILE: &str = ".cursor/mcp.json";

fn mail(token: &str, bearer: &str) -> String {
    let mail =
        format!(r#"{{ "command": "mail", "args": ["--api-key", "{bearer}"], "env": {{ "MAIL_TOKEN": "{token}" }} }}"#);
    servers("mcpServers", &[("mail", &mail)])
}

#[test]
fn a_new_secret_value_is_noted_and_asks_nothing() {
    let mut home = Sandbox::new();
    let Some(_keyring) = Keyring::start(&mut home) else { return };
    home.write(FILE, &mail("tk-first-value", "sk-first-value"));
    let mut guard = home.watch();
    home.run(&["approve", "cursor/mail"]).ok();
    for (token, bearer, place) in
        [("tk-second-value", "sk-first-value", "env.MAIL_TOKEN"), ("tk-second-value", "sk-second-value", "args[1]")]
    {
        home.save(FILE, &mail(token, bearer));
        assert_eq!(guard.wait_about("values-changed", "mail")["places"], serde_json::json!([place]));
        assert_eq!((home.status("cursor/mail"), home.waiting()), ("approved".to_owned(), 0));
    }
    // Compared with what the last guard knew, too.
    guard.end();
    home.save(FILE, &mail("tk-third-value", "sk-second-value"));
    let mut guard = home.watch();
    assert_eq!(guard.count(&home, "values-changed", "mail"), 1);
    assert_eq!(guard.count(&home, "asked", "mail"), 0);
    guard.end();
    let log = home.run(&["log", "--format", "json"]).ok().out;
    assert!(log.contains("env.MAIL_TOKEN") && !log.contains("-value"), "no value is in the ledger");
}
