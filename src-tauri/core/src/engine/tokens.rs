//! The user's token for the host of repositories: with one, that host answers more often. It is in the system's secret store
//! alone, beside the host that it was given for, so that no file of settings can send it elsewhere.

use crate::host::Host;
use crate::ledger::{NotKept, TokenItem};
use crate::network::Token;
use crate::provenance::{Mirrors, Registries};

/// Why a token is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenTrouble {
    #[error("this is no token")]
    NoToken,
    #[error("the settings name no host of repositories")]
    NoHost,
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

/// Keeps a token for the host that is asked about repositories now; that host.
pub fn keep_token(host: &Host, text: &str) -> Result<String, TokenTrouble> {
    let text = text.trim();
    Token::new(text).ok_or(TokenTrouble::NoToken)?;
    let of = asked(&registries(host)).ok_or(TokenTrouble::NoHost)?;
    item(host).set(&format!("{of}\n{text}"))?;
    Ok(of)
}

/// Forgets it; `false` = none was there.
pub fn forget_token(host: &Host) -> Result<bool, TokenTrouble> {
    Ok(item(host).remove()?)
}

/// The host that a token is kept for.
pub fn token_host(host: &Host) -> Option<String> {
    Some(item(host).get()?.split_once('\n')?.0.to_owned())
}

/// The token for the host that is asked, if it was given for that one.
pub(super) fn token(host: &Host, registries: &Registries) -> Option<Token> {
    let of = asked(registries)?;
    let kept = item(host).get()?;
    let (given_for, text) = kept.split_once('\n')?;
    (given_for == of).then(|| Token::new(text))?
}

fn asked(registries: &Registries) -> Option<String> {
    Some(registries.repositories()?.origin().ascii_serialization())
}

fn registries(host: &Host) -> Registries {
    let memory = super::survey::recall(host).memory;
    let policy = super::settings::policy_now(host, &memory);
    Registries::of(host, &Mirrors::of(&policy.managed.addresses))
}

fn item(host: &Host) -> TokenItem {
    TokenItem::new(&host.data_dir())
}
