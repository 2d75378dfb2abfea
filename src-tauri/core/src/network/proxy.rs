//! Which proxy the requests go through: that of the user's environment, else that of the system.

use reqwest::{ClientBuilder, NoProxy, Proxy};

use crate::host::{Host, Os};

/// Sets the proxies. Linux has none but those of the environment, which comes in with the [`Host`]; the other systems keep
/// theirs elsewhere, where the library looks.
pub(super) fn of(host: &Host, client: ClientBuilder) -> ClientBuilder {
    let var = |name: &str| host.var(name).or_else(|| host.var(&name.to_ascii_uppercase()));
    let except = var("no_proxy").and_then(NoProxy::from_string);
    let all = var("all_proxy");
    // `HTTP_PROXY` in capitals can come from a request where a program runs below a web server; this one never does.
    let of_https = var("https_proxy").or(all).and_then(|to| Proxy::https(to).ok());
    let of_http = var("http_proxy").or(all).and_then(|to| Proxy::http(to).ok());
    let told: Vec<_> = [of_https, of_http].into_iter().flatten().collect();
    let client = if told.is_empty() && host.os != Os::Linux { client } else { client.no_proxy() };
    told.into_iter().fold(client, |client, proxy| client.proxy(proxy.no_proxy(except.clone())))
}
