//! Passes over the plain text of a string, eight bytes at a time: most strings are too short for a vectorised search to
//! be worth its call.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Returns where the first byte stands that is no plain text: the quote, a backslash or a control character that is no
/// tab.
#[inline]
pub(super) fn end_of_plain(text: &[u8], quote: u8) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + first(text.get(from..)?, quote)?;
        if text[at] != b'\t' {
            return Some(at);
        }
        from = at + 1;
    }
}

/// As [`end_of_plain`], tabs included.
#[inline]
fn first(text: &[u8], quote: u8) -> Option<usize> {
    let quotes = ONES * u64::from(quote);
    let (words, rest) = text.as_chunks::<8>();
    for (nth, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The high bit of each byte that is meant, and perhaps of some above the lowest such: that one counts.
        let hits = zeros(word ^ quotes) | zeros(word ^ (ONES * b'\\' as u64)) | below_space(word);
        if hits != 0 {
            return Some(nth * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    let ends = |byte: &u8| *byte == quote || *byte == b'\\' || *byte < 0x20;
    Some(words.len() * 8 + rest.iter().position(ends)?)
}

#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH_BITS
}

#[inline]
fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGH_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_judged_as_by_itself() {
        for quote in [b'"', b'\''] {
            for byte in 0..=u8::MAX {
                let ends = byte == quote || byte == b'\\' || byte < 0x20 && byte != b'\t';
                for (before, after) in (0..20).flat_map(|before| [(before, 0), (before, 3), (before, 20)]) {
                    for filler in [b'a', b'\t', 0x7F, 0xC3, b'!', b'#'] {
                        let mut text = vec![filler; before];
                        text.push(byte);
                        text.extend(vec![filler; after]);
                        assert_eq!(end_of_plain(&text, quote), ends.then_some(before), "{byte:#x} {before} {after}");
                        text.push(quote);
                        let end = if ends { before } else { before + 1 + after };
                        assert_eq!(end_of_plain(&text, quote), Some(end), "{byte:#x} {before} {after} {filler:#x}");
                    }
                }
            }
        }
    }
}
