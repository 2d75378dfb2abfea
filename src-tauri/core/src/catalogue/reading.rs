//! The list of known connectors, as `cargo xtask catalogue` writes it.

use super::{Catalogue, Entry, Kind, Standing, Vendor, brands};

/// Owners of repositories in which many others have something.
const SHARED_OWNERS: [&str; 2] = ["modelcontextprotocol", "docker"];

/// Reads the list. A line that it does not know says nothing.
pub(super) fn read(text: &str) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut standing = Standing::Community;
    for line in text.lines() {
        match line.as_bytes().first() {
            None | Some(b'#') => {}
            Some(b'=') => {
                standing = Standing::Official;
                let names = line[1..].split('|').map(|name| name.trim().to_owned()).collect();
                let mut vendor = Vendor { names, ..Vendor::default() };
                for name in vendor.names.clone() {
                    brands::add_word(&mut vendor, &name);
                }
                catalogue.vendors.push(vendor);
            }
            Some(b'~') => {
                standing = Standing::Reference;
                let names = vec!["Model Context Protocol".to_owned()];
                let scopes = ["modelcontextprotocol".to_owned()];
                catalogue.vendors.push(Vendor {
                    names,
                    words: scopes.clone().into(),
                    owners: scopes.clone().into(),
                    scopes: scopes.into(),
                    domains: ["modelcontextprotocol.io".to_owned()].into(),
                });
            }
            Some(b'-') => standing = Standing::Community,
            Some(_) => {
                if let Some(entry) = entry(line, standing, catalogue.vendors.len().checked_sub(1)) {
                    if let (Standing::Official, Some(vendor)) = (standing, catalogue.vendors.last_mut()) {
                        take_up(vendor, &entry);
                    }
                    catalogue.entries.push(entry);
                }
            }
        }
    }
    catalogue
}

fn entry(line: &str, standing: Standing, vendor: Option<usize>) -> Option<Entry> {
    let mut cells = line.split(' ');
    let kind = match cells.next()? {
        "npm" => Kind::Npm,
        "pypi" => Kind::Pypi,
        "oci" => Kind::Oci,
        "nuget" => Kind::Nuget,
        "remote" => Kind::Remote,
        "github" => Kind::Github,
        _ => return None,
    };
    let name = cells.next()?.to_owned();
    let used = cells.next()?.parse().ok()?;
    let repository = cells.next()?;
    let repository = if kind == Kind::Github { Some(name.clone()) } else { Some(repository.to_owned()) };
    let is_retired = cells.next() == Some("!");
    let vendor = vendor.filter(|_| standing != Standing::Community);
    Some(Entry { kind, name, vendor, standing, used, repository: repository.filter(|it| it != "."), is_retired })
}

/// What a row tells of its vendor.
fn take_up(vendor: &mut Vendor, entry: &Entry) {
    let scope = entry.name.strip_prefix('@').and_then(|it| it.split_once('/')).map(|(scope, _)| scope.to_lowercase());
    if let Some(scope) = scope.filter(|_| entry.kind == Kind::Npm) {
        brands::add_word(vendor, &scope);
        vendor.scopes.insert(scope);
    }
    let owner = entry.repository.as_deref().and_then(|it| it.split('/').next()).map(str::to_lowercase);
    if let Some(owner) = owner.filter(|it| !SHARED_OWNERS.contains(&it.as_str())) {
        brands::add_word(vendor, &owner);
        vendor.owners.insert(owner);
    }
    if entry.kind == Kind::Remote
        && let Some(domain) = psl::domain_str(&entry.name)
    {
        brands::add_word(vendor, domain.split('.').next().unwrap_or_default());
        vendor.domains.insert(domain.to_owned());
    }
}
