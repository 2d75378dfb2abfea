//! Everything else: each line is one text.

use std::borrow::Cow;

use super::{Piece, Token};

/// Lines whose first sign is `#` are left out of scripts; data has no comments that all its formats agree on.
pub(super) fn read<'t>(text: &'t str, has_comments: bool, out: &mut dyn FnMut(Piece<'t>)) {
    for (line, number) in text.lines().zip(1..) {
        let code = line.trim();
        let is_comment = has_comments && code.starts_with('#');
        if !code.is_empty() && !is_comment {
            out(Piece { token: Token::Text(Cow::Borrowed(code), 0), line: number });
        }
    }
}
