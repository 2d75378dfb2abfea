use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::web::{Asked, How, Says, Web};
use super::*;
use crate::host::Os;

const NOW: &str = "2026-11-28T12:00:00Z";

struct Desk {
    home: TempDir,
    env: std::collections::BTreeMap<String, String>,
}

impl Desk {
    fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a folder"), env: Default::default() }
    }

    fn host(&self, now: &str) -> Host {
        let now: Timestamp = now.parse().expect("a time");
        Host::new(Os::Linux, self.home.path().to_owned(), self.env.clone(), Arc::new(move || now))
    }

    fn network(&self, now: &str) -> Network {
        let short = Duration::from_millis(1_500);
        let patience = Patience { connect: short, total: short, retries: 1, pause: Duration::from_millis(4) };
        Network::new(self.host(now), None, patience).expect("a client")
    }

    fn ask(&self, url: &str) -> Result<Answer, Failure> {
        self.network(NOW).ask(vec![ask(url)]).remove(0)
    }
}

fn ask(url: &str) -> Ask {
    let url = Url::parse(url).expect("an address");
    Ask {
        url,
        accept: "application/json",
        purpose: Purpose::Versions,
        most_bytes: 10_000,
        anew: false,
        holds_for: std::time::Duration::ZERO,
        access: Access::Anybody,
    }
}

#[test]
fn whatever_a_server_does_ends_as_an_answer_or_a_failure() {
    let table: &[(&str, Says, Result<&str, Failure>)] = &[
        ("good", Says::json("{}"), Ok("{}")),
        ("missing", Says::status(404), Err(Failure::NotFound)),
        ("gone", Says::status(410), Err(Failure::NotFound)),
        ("closed", Says::status(401), Err(Failure::Unauthorised)),
        ("forbidden", Says::status(403), Err(Failure::Unauthorised)),
        ("often", Says::status(429), Err(Failure::RateLimited)),
        ("broken", Says::status(500), Err(Failure::Server)),
        ("busy", Says::status(503), Err(Failure::Server)),
        ("odd", Says::status(206), Err(Failure::Unexpected)),
        ("unchanged-without-a-question", Says::status(304), Err(Failure::Redirected)),
        ("long", Says::json("x".repeat(10_001)), Err(Failure::TooLarge)),
        ("cut", Says { how: How::CutAt(1), ..Says::json("{}") }, Err(Failure::Truncated)),
        ("silent", Says { how: How::Never, ..Says::json("{}") }, Err(Failure::TimedOut)),
        ("deaf", Says { how: How::HangUp, ..Says::json("{}") }, Err(Failure::Unreachable)),
        ("nowhere", Says::status(302), Err(Failure::Redirected)),
    ];
    let answers: Vec<_> = table.iter().map(|(path, says, _)| (format!("/{path}"), says.clone())).collect();
    let web =
        Web::new(move |asked: &Asked| answers.iter().find(|(path, _)| *path == asked.path).expect("a row").1.clone());
    let desk = Desk::new();
    for (path, _, expected) in table {
        let found = desk.ask(&format!("{}/{path}", web.base()));
        let found = found.map(|answer| String::from_utf8(answer.body).expect("text"));
        assert_eq!(found, expected.map(str::to_owned), "{path}");
    }
    // Nobody listens there.
    assert_eq!(desk.ask("http://127.0.0.1:9/x"), Err(Failure::Unreachable));
    assert_eq!(desk.ask("file:///etc/passwd"), Err(Failure::NoAddress));
}

#[test]
fn a_compressed_answer_is_measured_as_it_unfolds() {
    // Ten thousand letters and a few more, as gzip.
    let bomb: Vec<u8> = {
        use std::io::Write as _;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b'a'; 5_000_000]).expect("packed");
        packed.finish().expect("packed")
    };
    assert!(bomb.len() < 10_000);
    let web = Web::new(move |_| Says::typed("application/json", bomb.clone()).with("content-encoding", "gzip"));
    assert_eq!(Desk::new().ask(&web.base()), Err(Failure::TooLarge));
}

/// Servers say of a `.tgz` that it was packed for the way.
#[test]
fn an_archive_comes_as_it_was_published() {
    let packed = b"\x1f\x8b not gzip at all".to_vec();
    let served = packed.clone();
    let web = Web::new(move |asked: &Asked| {
        assert!(!asked.headers.contains_key("accept-encoding"), "{asked:?}");
        Says::typed("application/octet-stream", served.clone()).with("content-encoding", "gzip")
    });
    let one = Ask { purpose: Purpose::Archive, ..ask(&web.base()) };
    let answer = Desk::new().network(NOW).ask(vec![one]).remove(0).expect("an answer");
    assert_eq!(answer.body, packed);
}

#[test]
fn what_failed_in_passing_is_asked_again_and_each_attempt_is_listed() {
    let times = AtomicUsize::new(0);
    let web = Web::new(move |_| match times.fetch_add(1, Ordering::SeqCst) {
        0 => Says::status(503),
        _ => Says::json("{}"),
    });
    let desk = Desk::new();
    assert!(desk.ask(&format!("{}/a", web.base())).is_ok());
    let lines = journal::read(&desk.host(NOW));
    assert_eq!(lines.iter().map(|line| line.status).collect::<Vec<_>>(), [Some(503), Some(200)]);
    assert_eq!(lines[0].url, format!("{}/a", web.base()));
}

#[test]
fn an_answer_is_kept_as_long_as_it_may_be_and_then_asked_about_in_a_word() {
    let web = Web::new(|asked: &Asked| match asked.headers.get("if-none-match").map(String::as_str) {
        Some("\"one\"") => Says::status(304).with("etag", "\"one\"").with("cache-control", "max-age=300"),
        _ => Says::json("{\"n\":1}").with("etag", "\"one\"").with("cache-control", "max-age=300"),
    });
    let desk = Desk::new();
    let at = |now: &str, anew: bool| {
        let one = Ask { anew, ..ask(&format!("{}/a", web.base())) };
        desk.network(now).ask(vec![one]).remove(0).expect("an answer")
    };
    let first = at("2026-11-28T12:00:00Z", false);
    assert_eq!((web.asked().len(), first.body.as_slice()), (1, b"{\"n\":1}".as_slice()));
    // Young enough: nobody is asked.
    assert_eq!(at("2026-11-28T12:04:00Z", false).body, first.body);
    assert_eq!(web.asked().len(), 1);
    // Too old: the server says that it still holds, without saying it all again.
    let confirmed = at("2026-11-28T12:06:00Z", false);
    assert_eq!((web.asked().len(), &confirmed.body), (2, &first.body));
    assert!(confirmed.at > first.at);
    // And that counts for the next five minutes.
    assert_eq!(at("2026-11-28T12:10:00Z", false).body, first.body);
    assert_eq!(web.asked().len(), 2);
    // Unless the question is to be asked anew.
    at("2026-11-28T12:10:01Z", true);
    assert_eq!(web.asked().len(), 3);
    let statuses: Vec<_> = journal::read(&desk.host(NOW)).iter().map(|line| line.status).collect();
    assert_eq!(statuses, [Some(200), Some(304), Some(304)]);
}

/// Of a file whose time alone it tells, and which it does not tell again.
#[test]
fn what_may_be_a_day_old_is_asked_for_once_a_day() {
    let web = Web::new(|_| Says::json("{}").with("cache-control", "max-age=60"));
    let desk = Desk::new();
    let day = Duration::from_secs(24 * 60 * 60);
    let asked = |now: &str, anew: bool, holds_for: Duration| {
        let ask = Ask { anew, holds_for, ..ask(&web.base()) };
        desk.network(now).ask(vec![ask]).remove(0).expect("an answer");
        web.asked().len()
    };
    assert_eq!(asked("2026-11-28T12:00:00Z", false, day), 1);
    assert_eq!(asked("2026-11-29T11:59:59Z", false, day), 1);
    assert_eq!(asked("2026-11-29T11:59:59Z", true, day), 2);
    assert_eq!(asked("2026-11-30T11:59:59Z", false, day), 3);
    // Without that the server's own word counts.
    assert_eq!(asked("2026-11-30T12:01:00Z", false, Duration::ZERO), 4);
}

#[test]
fn a_server_that_only_says_unchanged_is_understood() {
    let web = Web::new(|asked: &Asked| match asked.headers.contains_key("if-modified-since") {
        true => Says::status(304),
        false => Says::json("{}").with("last-modified", "Sat, 28 Nov 2026 11:59:00 GMT"),
    });
    let desk = Desk::new();
    for at in ["2026-11-28T12:00:00Z", "2026-11-28T13:00:00Z", "2026-11-28T14:00:00Z"] {
        let answer = desk.network(at).ask(vec![ask(&web.base())]).remove(0).expect("an answer");
        assert_eq!(answer.body, b"{}");
    }
    assert_eq!(web.asked().len(), 3);
}

#[test]
fn what_must_not_be_kept_is_not() {
    let web = Web::new(|_| Says::json("{}").with("cache-control", "no-store"));
    let desk = Desk::new();
    for _ in 0..2 {
        desk.ask(&web.base()).expect("an answer");
    }
    assert_eq!(web.asked().len(), 2);
}

#[test]
fn nothing_of_anybody_is_sent() {
    let web = Web::new(|_| Says::json("{}").with("set-cookie", "who=you"));
    let desk = Desk::new();
    let with_password = web.base().replace("http://", "http://me:secret@");
    for path in ["/a", "/b#part"] {
        desk.ask(&format!("{with_password}{path}")).expect("an answer");
    }
    for asked in web.asked() {
        let names: Vec<_> = asked.headers.keys().map(String::as_str).collect();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"], "{asked:?}");
        assert!(!asked.path.contains("part"));
    }
    let listed = std::fs::read_to_string(desk.host(NOW).data_dir().join("network/requests.jsonl")).expect("the list");
    assert!(!listed.contains("secret") && !listed.contains("me:"), "{listed}");
}

#[test]
fn an_answer_may_lead_on_but_not_round_and_round() {
    let web = Web::new(|asked: &Asked| match asked.path.as_str() {
        "/round" => Says::status(302).with("location", "/round"),
        "/away" => Says::status(301).with("location", "/here"),
        "/out" => Says::status(302).with("location", "file:///etc/passwd"),
        _ => Says::json("{}"),
    });
    let desk = Desk::new();
    assert!(desk.ask(&format!("{}/away", web.base())).is_ok());
    assert_eq!(web.asked().len(), 2);
    assert_eq!(desk.ask(&format!("{}/round", web.base())), Err(Failure::Redirected));
    assert_eq!(web.asked().len(), 2 + 1 + HOPS);
    assert_eq!(desk.ask(&format!("{}/out", web.base())), Err(Failure::NoAddress));
    // Each hop is in the list.
    assert_eq!(journal::read(&desk.host(NOW)).len(), web.asked().len());
}

#[test]
fn requests_go_through_the_users_proxy() {
    let proxy = Web::new(|_| Says::json("{\"by\":\"proxy\"}"));
    let mut desk = Desk::new();
    desk.env.insert("http_proxy".to_owned(), proxy.base());
    desk.env.insert("NO_PROXY".to_owned(), "direct.example".to_owned());
    let answer = desk.ask("http://registry.example/a").expect("an answer");
    assert_eq!(
        (answer.body.as_slice(), proxy.asked()[0].path.as_str()),
        (b"{\"by\":\"proxy\"}".as_slice(), "http://registry.example/a")
    );
    assert_eq!(desk.ask("http://direct.example/a"), Err(Failure::Unreachable));
}

#[test]
fn the_answers_come_in_the_order_of_the_questions() {
    let web = Web::new(|asked: &Asked| Says::json(asked.path.clone()));
    let desk = Desk::new();
    let all = (0..30).map(|at| ask(&format!("{}/{at}", web.base()))).collect();
    let answers = desk.network(NOW).ask(all);
    for (at, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.expect("an answer").body, format!("/{at}").into_bytes());
    }
}

/// What hangs for one hangs for all: nobody waits for it a hundred times. One that has answered is asked on.
#[test]
fn a_server_that_never_answered_is_not_waited_for_again() {
    let silent = Web::new(|_| Says { how: How::Never, ..Says::json("{}") });
    let half = Web::new(|asked: &Asked| match asked.path.as_str() {
        "/good" => Says::json("{}"),
        _ => Says { how: How::HangUp, ..Says::json("{}") },
    });
    let desk = Desk::new();
    let network = desk.network(NOW);
    let all = |web: &Web, paths: &[&str]| -> Vec<_> {
        let asks = paths.iter().map(|path| ask(&format!("{}/{path}", web.base())));
        network.ask(asks.collect()).into_iter().map(|it| it.map(|_| ())).collect()
    };
    let many: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(all(&silent, &many), vec![Err(Failure::TimedOut); 40]);
    // The first four were on their way together, each with its second try.
    assert_eq!(silent.asked().len(), 2 * AT_ONCE);
    assert_eq!(all(&half, &["good"]), [Ok(())]);
    assert_eq!(all(&half, &["bad", "good"]), [Err(Failure::Unreachable), Ok(())]);
    // Another server is asked all the same, and so is this one in the next round.
    let before = silent.asked().len();
    assert_eq!(desk.ask(&format!("{}/again", silent.base())).map(|_| ()), Err(Failure::TimedOut));
    assert_eq!(silent.asked().len(), before + 2);
}

#[test]
fn every_failure_has_its_own_word() {
    let words: std::collections::BTreeSet<_> = Failure::ALL.iter().map(|failure| failure.name()).collect();
    assert_eq!(words.len(), Failure::ALL.len());
    for failure in Failure::ALL {
        assert_eq!(serde_json::to_value(failure).expect("plain"), failure.name());
    }
}

/// A server that lets nobody in without a token, which anybody may fetch.
fn with_counter(hands_out: &'static str) -> Web {
    Web::new(move |asked: &Asked| match (asked.path.as_str(), asked.headers.get("authorization").map(String::as_str)) {
        ("/token?service=mail&scope=pull", None) => Says::json(hands_out),
        ("/mail", Some("Bearer guest")) => Says::json("{}"),
        ("/elsewhere", Some("Bearer guest")) => Says::status(302).with(
            "location",
            &format!("http://localhost:{}/bare", asked.headers["host"].rsplit(':').next().unwrap_or_default()),
        ),
        ("/bare", None) => Says::json("{}"),
        ("/mail" | "/elsewhere", _) => {
            let realm = format!(r#"Bearer realm="http://{}/token",service="mail",scope="pull""#, asked.headers["host"]);
            Says::status(401).with("www-authenticate", &realm)
        }
        _ => Says::status(500),
    })
}

#[test]
fn a_guest_fetches_a_token_once_and_takes_it_nowhere_else() {
    let machine = Desk::new();
    let web = with_counter(r#"{"token": "guest"}"#);
    let network = machine.network(NOW);
    let guest = |path: &str| {
        let access = Access::Guest("mail".to_owned());
        network.ask(vec![Ask { access, anew: true, ..ask(&format!("{}{path}", web.base())) }]).remove(0)
    };
    assert!(guest("/mail").is_ok());
    assert!(guest("/mail").is_ok());
    assert_eq!(web.asked().len(), 4);
    // Another host is asked without it.
    assert!(guest("/elsewhere").is_ok());
    assert_eq!(machine.ask(&format!("{}/mail", web.base())), Err(Failure::Unauthorised));
    let closed = Web::new(|asked: &Asked| match asked.path.as_str() {
        "/mail" => {
            let realm = format!(r#"Bearer realm="http://{}/token""#, asked.headers["host"]);
            Says::status(401).with("www-authenticate", &realm)
        }
        _ => Says::status(404),
    });
    let access = Access::Guest("mail".to_owned());
    let one = Ask { access, ..ask(&format!("{}/mail", closed.base())) };
    assert_eq!(machine.network(NOW).ask(vec![one]).remove(0), Err(Failure::Unauthorised));
    for (hands_out, failure) in [("{}", Failure::Unauthorised), (r#"{"token": "other"}"#, Failure::Unauthorised)] {
        let web = with_counter(hands_out);
        let access = Access::Guest("mail".to_owned());
        let one = Ask { access, ..ask(&format!("{}/mail", web.base())) };
        assert_eq!(machine.network(NOW).ask(vec![one]).remove(0), Err(failure), "{hands_out}");
    }
}

#[test]
fn the_holder_of_a_token_shows_it_to_whom_it_asks() {
    let machine = Desk::new();
    let web = Web::new(|asked: &Asked| match asked.headers.get("authorization").map(String::as_str) {
        Some("Bearer secret") => Says::json("{}"),
        _ => Says::status(401),
    });
    let access = Access::Holder(Token::new("secret").expect("a token"));
    let one = Ask { access, ..ask(&web.base()) };
    assert!(machine.network(NOW).ask(vec![one]).remove(0).is_ok());
    let listed = journal::read(&machine.host(NOW));
    assert!(!format!("{listed:?}").contains("secret"));
}
