//! The path of an entry: judged as its raw bytes, before anything is made of them.

use super::{Fault, Limits};

/// Returns the parts of a path that stays inside its package.
pub(super) fn parts<'a>(raw: &'a [u8], limits: &Limits) -> Result<Vec<&'a str>, Fault> {
    if raw.len() > limits.path {
        return Err(Fault::PathLength);
    }
    if raw.contains(&0) {
        return Err(Fault::ZeroByte);
    }
    let path = str::from_utf8(raw).map_err(|_| Fault::Encoding)?;
    if path.contains('\\') {
        return Err(Fault::Backslash);
    }
    // `C:` and `C:/…` both leave the folder on Windows.
    let has_drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if path.starts_with('/') || has_drive {
        return Err(Fault::Absolute);
    }
    let parts: Vec<_> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return Err(Fault::Escapes);
    }
    if parts.len() > limits.depth {
        return Err(Fault::Depth);
    }
    Ok(parts)
}
