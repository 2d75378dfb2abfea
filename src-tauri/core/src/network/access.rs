//! Who asks: anybody, a guest with a token that the server hands out to everybody, or the holder of a token.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::HeaderValue;
use http::header::{HeaderMap, WWW_AUTHENTICATE};
use serde::Deserialize;
use url::Url;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Access {
    #[default]
    Anybody,
    /// Where the server wants a token that anybody may have, it is fetched. Questions under the same name share it.
    Guest(String),
    Holder(Token),
}

/// A secret of the user's. It goes to the host that is asked over a line that nobody reads, and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(HeaderValue);

impl Token {
    /// `None` of a text that can be none.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_token = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let value = is_token.then(|| bearer(text))??;
        Some(Self(value))
    }
}

/// Tells nothing.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The tokens of guests, for as long as one way out is open.
#[derive(Default)]
pub(super) struct Guests(Mutex<HashMap<String, HeaderValue>>);

impl Guests {
    pub(super) fn of(&self, name: &str) -> Option<HeaderValue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(super) fn keep(&self, name: &str, token: HeaderValue) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), token);
    }
}

impl Access {
    /// What is sent with a question that began at `asked` and has come to `url`.
    pub(super) fn authorization(&self, guests: &Guests, asked: &Url, url: &Url) -> Option<HeaderValue> {
        if asked.origin() != url.origin() {
            return None;
        }
        match self {
            Self::Anybody => None,
            Self::Guest(name) => guests.of(name),
            Self::Holder(Token(value)) => is_closed(url).then(|| value.clone()),
        }
    }
}

/// A line that nobody reads, or one of this machine.
fn is_closed(url: &Url) -> bool {
    let is_own = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    url.scheme() == "https" || is_own
}

/// Where a server that wants a token has guests' ones handed out. Nobody is asked who is not of the same domain: else any
/// server could have this machine ask another.
pub(super) fn counter(url: &Url, headers: &HeaderMap) -> Option<Url> {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let all: Vec<_> = challenges.filter_map(|text| http_auth::parse_challenges(text).ok()).flatten().collect();
    let challenge = all.iter().find(|it| it.scheme.eq_ignore_ascii_case("bearer"))?;
    let told = |name: &str| {
        let found = challenge.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_unescaped())
    };
    let mut counter = Url::parse(&told("realm")?).ok()?;
    let is_near = counter.origin() == url.origin()
        || counter.scheme() == "https" && url.scheme() == "https" && is_of_one_domain(&counter, url);
    if !is_near {
        return None;
    }
    for name in ["service", "scope"] {
        if let Some(value) = told(name) {
            counter.query_pairs_mut().append_pair(name, &value);
        }
    }
    Some(counter)
}

fn is_of_one_domain(one: &Url, other: &Url) -> bool {
    let domain = |url: &Url| url.domain().and_then(psl::domain_str).map(str::to_ascii_lowercase);
    domain(one).is_some_and(|it| Some(it) == domain(other))
}

#[derive(Deserialize)]
struct HandedOut {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
}

/// The token in what a counter says.
pub(super) fn handed_out(body: &[u8]) -> Option<HeaderValue> {
    let told: HandedOut = serde_json::from_slice(body).ok()?;
    Token::new(&told.token.or(told.access_token)?).map(|Token(value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn a_guest_is_sent_nowhere_but_to_the_same_domain() {
        let at = |asked: &str, challenge: &str| {
            let headers = [(WWW_AUTHENTICATE, challenge.parse().expect("a header"))].into_iter().collect();
            counter(&url(asked), &headers).map(String::from)
        };
        let asked = "https://registry-1.example.com/v2/acme/mail/manifests/latest";
        let challenge = |realm: &str| {
            format!(r#"Bearer realm="{realm}",service="registry.example.com",scope="repository:acme/mail:pull""#)
        };
        assert_eq!(
            at(asked, &challenge("https://auth.example.com/token")).as_deref(),
            Some("https://auth.example.com/token?service=registry.example.com&scope=repository%3Aacme%2Fmail%3Apull")
        );
        for realm in [
            "https://auth.example.org/token",
            "http://auth.example.com/token",
            "https://example.com.evil.org/",
            "/token",
            "",
        ] {
            assert_eq!(at(asked, &challenge(realm)), None, "{realm}");
        }
        // Everybody below it is a domain of its own.
        assert_eq!(at("https://a.github.io/v2/", &challenge("https://b.github.io/token")), None);
        for other in ["Basic realm=\"https://auth.example.com/token\"", "Bearer", "Bearer service=x", "\"", ""] {
            assert_eq!(at(asked, other), None, "{other}");
        }
        let own = "http://127.0.0.1:4000/v2/";
        assert!(at(own, &challenge("http://127.0.0.1:4000/token")).is_some());
        assert_eq!(at(own, &challenge("http://127.0.0.1:4001/token")), None);
    }

    #[test]
    fn a_token_goes_to_the_host_that_is_asked_alone() {
        let token = Access::Holder(Token::new(" github_pat_x \n").expect("a token"));
        let asked = url("https://api.example/repos/a/b");
        let sent = |to: &str| token.authorization(&Guests::default(), &asked, &url(to)).is_some();
        assert!(sent("https://api.example/repositories/1"));
        for other in ["https://api.example:444/", "http://api.example/", "https://other.example/"] {
            assert!(!sent(other), "{other}");
        }
        let open = url("http://api.example/");
        assert_eq!(token.authorization(&Guests::default(), &open, &open), None);
        assert_eq!(format!("{token:?}"), "Holder(Token)");
        assert!(["", " ", "two words", "line\nbreak", "ümlaut"].iter().all(|text| Token::new(text).is_none()));
    }

    #[test]
    fn a_counter_hands_out_under_either_name() {
        for body in [r#"{"token": "abc"}"#, r#"{"access_token": "abc", "expires_in": 300}"#] {
            assert_eq!(handed_out(body.as_bytes()), HeaderValue::from_str("Bearer abc").ok(), "{body}");
        }
        for body in ["", "{}", r#"{"token": ""}"#, r#"{"token": 3}"#, r#"{"token": "a b"}"#, "<html>"] {
            assert_eq!(handed_out(body.as_bytes()), None, "{body}");
        }
    }
}
