//! Real sockets, and a second process where one has to be killed: this very test program, run for [`child`] alone.

use super::*;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::Instant;

/// A bound on how long an answer may take, not a wait.
const BOUND: Duration = Duration::from_secs(30);

const CHILD_ROLE: &str = "GATEHOUSE_TEST_ROLE";
const CHILD_DIR: &str = "GATEHOUSE_TEST_DIR";

fn info() -> GuardInfo {
    GuardInfo { pid: std::process::id(), version: "1".into(), kind: GuardKind::Tray, mode: "ask".into() }
}

fn guard(dir: &Path) -> (Server, GuardLock) {
    let lock = GuardLock::acquire(dir, &info()).expect("free");
    let answer = |peer: Peer, request: String, _: Deadline| format!("{request} from {}", peer.pid.expect("told"));
    (serve(&lock, None, answer).expect("served"), lock)
}

/// Asks something and compares the answer.
fn check(dir: &Path, request: &str) {
    let reply: String = ask(dir, None, &request, BOUND).expect("answered");
    assert_eq!(reply, format!("{request} from {}", std::process::id()));
}

fn asked(dir: &Path, timeout: Duration) -> Result<String, AskError> {
    ask(dir, None, &"?", timeout)
}

/// Runs [`child`] in a process of its own and waits until it says that it stands.
fn spawn(role: &str, dir: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().expect("known"))
        .args(["--exact", "ipc::tests::child", "--nocapture"])
        .env(CHILD_ROLE, role)
        .env(CHILD_DIR, dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("spawned");
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    wait_for(&mut lines, "standing");
    (child, lines)
}

fn wait_for(lines: &mut impl std::io::BufRead, what: &str) {
    let mut line = String::new();
    while !line.contains(what) {
        line.clear();
        assert_ne!(lines.read_line(&mut line).expect("read"), 0, "{what:?} comes");
    }
}

fn say(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{what}").and_then(|()| out.flush()).expect("said");
}

/// The second process: does nothing unless told its role.
#[test]
fn child() {
    let (Ok(role), Ok(dir)) = (std::env::var(CHILD_ROLE), std::env::var(CHILD_DIR)) else { return };
    let dir = Path::new(&dir);
    let lock = GuardLock::acquire(dir, &info()).expect("free");
    let _server = (role == "guard").then(|| {
        serve(&lock, None, |_, _: String, _| -> String {
            say("asked");
            loop {
                std::thread::park();
            }
        })
        .expect("served")
    });
    say("standing");
    // Until killed, or until the parent is gone.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

#[test]
fn a_killed_holder_frees_the_lock() {
    let temp = tempfile::tempdir().expect("temp");
    let (mut child, _lines) = spawn("holder", temp.path());
    assert_eq!(GuardLock::peek(temp.path()).map(|info| info.pid), Some(child.id()));
    match GuardLock::acquire(temp.path(), &info()) {
        Err(LockError::Busy { info: Some(info) }) => assert_eq!(info.pid, child.id()),
        other => panic!("{other:?}"),
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert_eq!(GuardLock::peek(temp.path()), None);
    GuardLock::acquire(temp.path(), &info()).expect("free");
}

#[test]
fn a_guard_that_is_killed_with_the_request_in_hand() {
    let temp = tempfile::tempdir().expect("temp");
    let (mut child, mut lines) = spawn("guard", temp.path());
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| asked(temp.path(), BOUND));
        wait_for(&mut lines, "asked");
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert!(matches!(asking.join().expect("ended"), Err(AskError::Gone)));
    });
    // Its socket is still there, and nobody behind it.
    assert!(temp.path().join("guard.sock").exists());
    assert!(matches!(asked(temp.path(), BOUND), Err(AskError::NoGuard)));
    let (_server, _lock) = guard(temp.path());
    check(temp.path(), "again");
}

#[test]
fn requests_are_answered_and_the_socket_is_removed() {
    let temp = tempfile::tempdir().expect("temp");
    let dir = temp.path();
    assert!(matches!(asked(&dir.join("none"), BOUND), Err(AskError::NoGuard)));
    assert!(matches!(asked(dir, BOUND), Err(AskError::NoGuard)));
    let (server, lock) = guard(dir);
    check(dir, "one");
    check(dir, "two\nlines \u{202e}");
    check(dir, &"x".repeat(MAX_MESSAGE - 100));
    drop(server);
    assert!(!dir.join("guard.sock").exists());
    assert!(matches!(asked(dir, BOUND), Err(AskError::NoGuard)));
    // Another's socket in its place stays.
    let server = serve(&lock, None, |_, (): (), _| ()).expect("served");
    std::fs::remove_file(dir.join("guard.sock")).expect("removed");
    std::fs::write(dir.join("guard.sock"), "other").expect("written");
    drop(server);
    assert!(dir.join("guard.sock").exists());
}

#[test]
fn a_stuck_guard_times_out_and_knows_it() {
    let temp = tempfile::tempdir().expect("temp");
    let lock = GuardLock::acquire(temp.path(), &info()).expect("free");
    let (go, wait) = channel::<()>();
    let (enter, entered) = channel();
    let (tell, told) = channel();
    let wait = Mutex::new(wait);
    let _server = serve(&lock, None, move |_, _: String, deadline: Deadline| {
        let _ = enter.send(deadline.passed());
        let _ = wait.lock().expect("whole").recv();
        let _ = tell.send(deadline.passed());
        String::new()
    })
    .expect("served");
    loop {
        let start = Instant::now();
        assert!(matches!(asked(temp.path(), Duration::from_millis(100)), Err(AskError::Timeout)));
        assert!(start.elapsed() >= Duration::from_millis(100));
        // A busy machine may take a request up too late: then the handler rightly never sees it.
        if entered.try_recv().is_ok() {
            break;
        }
    }
    go.send(()).expect("heard");
    assert!(told.recv_timeout(BOUND).expect("told"), "the handler sees that nobody waits any more");
}

#[test]
fn what_is_no_request_is_refused_in_words() {
    let temp = tempfile::tempdir().expect("temp");
    let (_server, _lock) = guard(temp.path());
    let say = |bytes: &[u8]| {
        let mut stream = UnixStream::connect(temp.path().join("guard.sock")).expect("connected");
        stream.set_read_timeout(Some(BOUND)).expect("set");
        // The guard may have heard enough before the end.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    };
    let check = |bytes: &[u8], code: &str, words: &[&str]| {
        let answer = say(bytes);
        let value: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(value["protocol"], PROTOCOL);
        assert_eq!(value["error"]["code"], code, "{answer}");
        let message = value["error"]["message"].as_str().expect("text");
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    };
    check(b"GET / HTTP/1.1\r\n\r\n", "malformed", &[]);
    check(b"\n", "malformed", &[]);
    check(b"\xff\xfe\n", "malformed", &[]);
    check(b"[]\n", "malformed", &[]);
    check(b"{\"request\":\"x\"}\n", "malformed", &["protocol"]);
    check(b"{\"protocol\":1}\n", "malformed", &["no request"]);
    check(b"{\"protocol\":1,\"request\":7}\n", "malformed", &["string"]);
    check(b"{\"protocol\":1,\"until\":-1,\"request\":\"x\"}\n", "malformed", &[]);
    check(b"{\"protocol\":2,\"request\":{\"new\":[]}}\n", "protocol", &["1", "2"]);
    check(&[b"{\"protocol\":1,\"request\":".as_slice(), &b"[".repeat(100_000), b"\n"].concat(), "malformed", &[]);
    check(&vec![b'x'; MAX_MESSAGE + 1], "too-large", &["1048576"]);
    assert_eq!(say(b"{\"protocol\":1,\"request\":\"no line end\"}"), "");
    // The client has given up by now: nothing may be done for it.
    assert_eq!(say(b"{\"protocol\":1,\"until\":{\"within_ms\":5000,\"at_ms\":1},\"request\":\"late\"}\n"), "");
    // A clock that was set back does not make a request eternal, nor one that was not set.
    assert!(
        say(b"{\"protocol\":1,\"until\":{\"within_ms\":5000,\"at_ms\":9999999999999},\"request\":\"x\"}\n")
            .contains("reply")
    );
    assert_eq!(say(b"{\"protocol\":1,\"until\":{\"within_ms\":0,\"at_ms\":9999999999999},\"request\":\"x\"}\n"), "");
    assert!(say(b"{\"protocol\":1,\"request\":\"x\",\"later\":1}\n").contains("reply"));
}

#[test]
fn a_message_that_is_too_long_is_not_sent() {
    let temp = tempfile::tempdir().expect("temp");
    let (_server, _lock) = guard(temp.path());
    match ask::<_, String>(temp.path(), None, &"x".repeat(MAX_MESSAGE), BOUND) {
        Err(AskError::Refused(refusal)) => assert_eq!(refusal.code, RefusalCode::TooLarge),
        other => panic!("{other:?}"),
    }
}

/// Answers one connection with fixed bytes, as a guard of another make would.
fn stand_in(dir: &Path, answer: &'static str) -> std::thread::JoinHandle<()> {
    let _ = std::fs::remove_file(dir.join("guard.sock"));
    let listener = std::os::unix::net::UnixListener::bind(dir.join("guard.sock")).expect("bound");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("accepted");
        let mut reader = BufReader::new(&stream);
        reader.read_line(&mut String::new()).expect("read");
        (&stream).write_all(answer.as_bytes()).expect("written");
    })
}

#[test]
fn answers_of_other_guards_are_told_apart() {
    let temp = tempfile::tempdir().expect("temp");
    let check = |answer: &'static str, expect: &str| {
        let thread = stand_in(temp.path(), answer);
        let error = asked(temp.path(), BOUND).expect_err("no answer");
        assert!(format!("{error:?}").contains(expect), "{error:?}");
        thread.join().expect("ended");
    };
    check("{\"protocol\":7,\"whatever\":[]}\n", "Protocol { theirs: 7, ours: 1 }");
    check("{\"protocol\":1,\"error\":{\"code\":\"new-reason\",\"message\":\"no\"}}\n", "Unknown");
    check("{\"protocol\":1}\n", "InvalidData");
    check("rubbish\n", "Io");
    check("{\"protocol\":1,\"reply\":\"cut o", "Gone");
    check("", "Gone");
}

#[test]
fn fifty_clients_at_once() {
    let temp = tempfile::tempdir().expect("temp");
    let (_server, _lock) = guard(temp.path());
    std::thread::scope(|scope| {
        for n in 0..50 {
            let dir = temp.path();
            scope.spawn(move || check(dir, &format!("request {n}")));
        }
    });
}

#[test]
fn silent_clients_do_not_keep_others_out() {
    let temp = tempfile::tempdir().expect("temp");
    let (_server, _lock) = guard(temp.path());
    let silent: Vec<UnixStream> =
        (0..20).map(|_| UnixStream::connect(temp.path().join("guard.sock")).expect("connected")).collect();
    check(temp.path(), "at last");
    drop(silent);
}

#[test]
fn a_guard_stops_in_spite_of_its_clients() {
    let temp = tempfile::tempdir().expect("temp");
    let (server, _lock) = guard(temp.path());
    let _silent: Vec<UnixStream> =
        (0..20).map(|_| UnixStream::connect(temp.path().join("guard.sock")).expect("connected")).collect();
    drop(server);
}

#[test]
fn homes_that_are_too_deep_for_a_socket() {
    let temp = tempfile::tempdir().expect("temp");
    let dir = temp.path().join("d".repeat(200)).join("e".repeat(200));
    let runtime = temp.path().join("run");
    std::fs::create_dir(&runtime).expect("made");
    let lock = GuardLock::acquire(&dir, &info()).expect("free");
    let server = serve(&lock, Some(&runtime), |_, request: String, _| request).expect("served");
    let reply: String = ask(&dir, Some(&runtime), &"deep", BOUND).expect("answered");
    assert_eq!(reply, "deep");
    if cfg!(target_os = "linux") {
        assert!(dir.join("guard.sock").exists());
    }
    drop(server);
    assert!(!dir.join("guard.sock").exists());
    assert_eq!(std::fs::read_dir(&runtime).expect("listed").count(), 0);
}

#[test]
fn subscribers_hear_everything_in_order_until_the_guard_stops() {
    let temp = tempfile::tempdir().expect("temp");
    let (server, _lock) = guard(temp.path());
    let notices = server.notices();
    assert!(notices.send(&"nobody listens"));
    let mut first = subscribe::<u32>(temp.path(), None).expect("subscribed");
    let mut second = subscribe::<u32>(temp.path(), None).expect("subscribed");
    for n in 0..100 {
        assert!(notices.send(&n));
    }
    assert!(!notices.send(&"x".repeat(MAX_MESSAGE)));
    for n in 0..100 {
        assert_eq!(first.next().expect("more").expect("heard"), n);
    }
    drop(server);
    assert!(notices.send(&100), "nobody listens any more");
    assert_eq!(second.by_ref().take(100).filter_map(Result::ok).count(), 100);
    assert!(matches!(second.next(), Some(Err(AskError::Gone))));
    assert!(second.next().is_none());
}

#[test]
fn subscribers_are_few_and_leave_room() {
    let temp = tempfile::tempdir().expect("temp");
    let (server, _lock) = guard(temp.path());
    let listening: Vec<_> = (0..8).map(|_| subscribe::<u32>(temp.path(), None).expect("subscribed")).collect();
    match subscribe::<u32>(temp.path(), None) {
        Err(AskError::Refused(refusal)) => assert_eq!(refusal.code, RefusalCode::Busy),
        other => panic!("{other:?}"),
    }
    check(temp.path(), "still answered");
    // Nobody reads: more than the queue and the socket hold cuts them off, and the guard never waits.
    let notices = server.notices();
    for _ in 0..10_000 {
        assert!(notices.send(&"x".repeat(1_000)));
    }
    for mut cut_off in listening {
        let error = cut_off.find_map(Result::err).expect("an end");
        assert!(matches!(error, AskError::Gone | AskError::Io(_)), "{error:?}");
    }
    subscribe::<u32>(temp.path(), None).expect("there is room again");
}

#[test]
fn only_this_user_is_answered() {
    let me = rustix::process::geteuid().as_raw();
    let check = |uid: Option<u32>, expect: bool| assert_eq!(Peer { pid: Some(1), uid }.is_self(), expect);
    check(Some(me), true);
    check(Some(me + 1), false);
    check(None, false);
}
