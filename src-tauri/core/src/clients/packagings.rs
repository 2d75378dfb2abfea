//! Packagings of programs that give each a home of its own, on Linux: what stands in the settings of the user elsewhere
//! stands there.

/// The folder of settings of one program, and the names it is packaged under.
#[derive(Debug)]
pub struct Packaging {
    /// The first part of the paths below the settings of the user, by all clients that have a file there.
    pub settings: &'static str,
    /// Application ids of flatpaks.
    pub flatpaks: &'static [&'static str],
    /// Names of snaps.
    pub snaps: &'static [&'static str],
}

/// Every program of which such a home is known, in order.
pub const PACKAGINGS: &[Packaging] = &[
    Packaging { settings: "Code", flatpaks: &["com.visualstudio.code"], snaps: &["code"] },
    Packaging { settings: "Code - Insiders", flatpaks: &[], snaps: &["code-insiders"] },
    Packaging { settings: "VSCodium", flatpaks: &["com.vscodium.codium"], snaps: &["codium"] },
    Packaging { settings: "zed", flatpaks: &["dev.zed.Zed"], snaps: &[] },
];

impl Packaging {
    /// The places of the settings of the user in its homes, below the user's own.
    pub fn places(&self) -> impl Iterator<Item = String> {
        let flatpaks = self.flatpaks.iter().map(|id| format!(".var/app/{id}/config"));
        let of_snap = |name: &&str| ["current", "common"].map(|which| format!("snap/{name}/{which}/.config"));
        flatpaks.chain(self.snaps.iter().flat_map(of_snap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::{CLIENTS, Root};
    use crate::host::Base;

    #[test]
    fn each_is_of_some_client_and_stands_once() {
        assert!(PACKAGINGS.is_sorted_by(|a, b| a.settings < b.settings));
        let files = || CLIENTS.iter().flat_map(|client| client.files);
        for packaging in PACKAGINGS {
            let is_its = |path: &str| path.split_once('/').is_some_and(|(first, _)| first == packaging.settings);
            let of_settings = |root| matches!(root, Root::Base(Base::AppConfig | Base::XdgConfig));
            assert!(files().any(|file| of_settings(file.root) && is_its(file.path)), "{}", packaging.settings);
            assert!(packaging.places().count() > 0, "{} has no home", packaging.settings);
        }
    }
}
