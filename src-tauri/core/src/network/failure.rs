//! Why a look-up has no answer. A failure never counts as an answer.

use serde::{Deserialize, Serialize};

/// Each has a message in the Fluent files (`look-up-…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    #[error("look-ups are off")]
    Off,
    #[error("nobody has asked yet")]
    NotAsked,
    #[error("the name may be private")]
    Private,
    #[error("no registry is named in the settings")]
    NoRegistry,
    #[error("the address cannot be asked")]
    NoAddress,
    #[error("the registry does not know it")]
    NotFound,
    #[error("the server wants a name and a password")]
    Unauthorised,
    #[error("the server was asked too often")]
    RateLimited,
    #[error("the server reports an error")]
    Server,
    #[error("the server answers with something unexpected")]
    Unexpected,
    #[error("the server did not answer in time")]
    TimedOut,
    #[error("the server cannot be reached")]
    Unreachable,
    #[error("the answer broke off")]
    Truncated,
    #[error("the answer is too large")]
    TooLarge,
    #[error("the answer cannot be understood")]
    Unreadable,
    #[error("the server leads elsewhere, again and again or to an open line")]
    Redirected,
    #[error("the bytes are not those that the registry names")]
    OtherBytes,
    #[error("this system offers no secure connection")]
    Unusable,
}

impl Failure {
    pub const ALL: &[Self] = &[
        Self::Off,
        Self::NotAsked,
        Self::Private,
        Self::NoRegistry,
        Self::NoAddress,
        Self::NotFound,
        Self::Unauthorised,
        Self::RateLimited,
        Self::Server,
        Self::Unexpected,
        Self::TimedOut,
        Self::Unreachable,
        Self::Truncated,
        Self::TooLarge,
        Self::Unreadable,
        Self::Redirected,
        Self::OtherBytes,
        Self::Unusable,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::NotAsked => "not-asked",
            Self::Private => "private",
            Self::NoRegistry => "no-registry",
            Self::NoAddress => "no-address",
            Self::NotFound => "not-found",
            Self::Unauthorised => "unauthorised",
            Self::RateLimited => "rate-limited",
            Self::Server => "server",
            Self::Unexpected => "unexpected",
            Self::TimedOut => "timed-out",
            Self::Unreachable => "unreachable",
            Self::Truncated => "truncated",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
            Self::Redirected => "redirected",
            Self::OtherBytes => "other-bytes",
            Self::Unusable => "unusable",
        }
    }

    /// Of a request that brought no answer at all.
    pub(super) fn of(error: &reqwest_middleware::Error) -> Self {
        // The error of the request itself lies below those of what stands between.
        let mut below: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(one) = below {
            // The outermost shows what it wraps as its own.
            let wrapped = match one.downcast_ref::<reqwest_middleware::Error>() {
                Some(reqwest_middleware::Error::Reqwest(error)) => Some(error),
                _ => one.downcast_ref::<reqwest::Error>(),
            };
            if wrapped.is_some_and(reqwest::Error::is_timeout) {
                return Self::TimedOut;
            }
            below = one.source();
        }
        Self::Unreachable
    }

    /// Of an answer that broke off.
    pub(super) fn of_body(error: &reqwest::Error) -> Self {
        if error.is_timeout() { Self::TimedOut } else { Self::Truncated }
    }

    /// Of an answer that is none; `None` for 200.
    pub(super) fn of_status(status: u16) -> Option<Self> {
        Some(match status {
            200 => return None,
            401 | 403 | 407 => Self::Unauthorised,
            404 | 410 => Self::NotFound,
            429 => Self::RateLimited,
            500..=599 => Self::Server,
            _ => Self::Unexpected,
        })
    }
}
