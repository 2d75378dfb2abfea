//! A registry of images for tests: it hands out what was put into it under its digest, to guests with a token alone.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::network::web::{Asked, Says, Web};

pub(super) const LIST: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const FORM: &str = "application/vnd.oci.image.manifest.v1+json";

/// What it has, by path.
#[derive(Clone, Default)]
pub(super) struct Shelf(BTreeMap<String, Says>);

impl Shelf {
    /// Puts something under its digest, and under another name if it has one.
    pub(super) fn put(&mut self, place: &str, kind: &str, body: &[u8], name: Option<&str>) -> String {
        let digest = format!("sha256:{}", hex::encode(Sha256::digest(body)));
        for name in [Some(digest.as_str()), name].into_iter().flatten() {
            self.say(&format!("{place}/{name}"), Says::typed(kind, body));
        }
        digest
    }

    pub(super) fn say(&mut self, path: &str, says: Says) {
        self.0.insert(format!("/v2/acme/mail/{path}"), says);
    }

    /// An image with these labels, in two forms behind a list; its digest.
    pub(super) fn image(&mut self, labels: &Json, tag: &str) -> String {
        let config = json!({"created": "2026-10-01T02:03:04Z", "config": {"Labels": labels}}).to_string();
        let config = self.put("blobs", "application/octet-stream", config.as_bytes(), None);
        let form = json!({"schemaVersion": 2, "mediaType": FORM, "config": {"digest": config}, "layers": []});
        let form = self.put("manifests", FORM, form.to_string().as_bytes(), None);
        let list = json!({"schemaVersion": 2, "mediaType": LIST, "manifests": [
            {"digest": "sha256:00", "platform": {"os": "unknown", "architecture": "unknown"}},
            {"digest": form, "platform": {"os": "linux", "architecture": "amd64"}},
        ]});
        self.put("manifests", LIST, list.to_string().as_bytes(), Some(tag))
    }

    /// Opens the registry.
    pub(super) fn open(self) -> Web {
        Web::new(move |asked: &Asked| {
            if asked.path.starts_with("/token?") {
                let is_whole = asked.path.contains("scope=repository%3Aacme%2Fmail%3Apull");
                return if is_whole { Says::json(r#"{"token": "guest"}"#) } else { Says::status(400) };
            }
            if asked.headers.get("authorization").map(String::as_str) != Some("Bearer guest") {
                let realm = format!(
                    r#"Bearer realm="http://{}/token",service="registry",scope="repository:acme/mail:pull""#,
                    asked.headers["host"]
                );
                return Says::status(401).with("www-authenticate", &realm);
            }
            self.0.get(&asked.path).cloned().unwrap_or_else(|| Says::status(404))
        })
    }
}
