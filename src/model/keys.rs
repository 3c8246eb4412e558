//! Numbers that name something, brought to one form: an order number is the same in every export.

/// A full-width character as its half-width twin; blanks of every kind as a plain space; others as they are.
///
/// Only width is folded. NFKC would also turn ① into 1 and ㎡ into m2 and so damage names and part numbers.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\t' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c), // the range is contiguous
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// Characters that nobody sees and that make two equal numbers differ.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}')
}

/// Trimmed, blanks made plain; the characters inside stay as typed. A backtick that payment bills put before every value,
/// so that a spreadsheet leaves it alone, is no part of the value.
pub fn trimmed(text: &str) -> &str {
    // Nearly every text begins and ends with a plain character.
    if let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last())
        && first.is_ascii_graphic()
        && *first != b'`'
        && last.is_ascii_graphic()
    {
        return text;
    }
    let blank = |c: char| c.is_whitespace() || is_invisible(c) || c == '\u{3000}' || c == '\u{a0}';
    let body = text.trim_matches(blank);
    body.strip_prefix('`').map_or(body, |rest| rest.trim_matches(blank))
}

/// A number that names something: half width, upper case, no blanks around it, no leading apostrophe or backtick, no `.0`.
pub fn key(text: &str) -> String {
    let simple = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-' || b == b'_';
    if !text.is_empty() && text.bytes().all(simple) {
        return text.to_owned();
    }
    let folded: String = text.chars().filter(|c| !is_invisible(*c)).map(half_width).collect();
    let body = folded.trim().trim_start_matches(['\'', '`']).trim_start();
    let body = match body.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => body,
    };
    body.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(key("　Ｗ２０２６０９０１００１ "), "W20260901001");
        assert_eq!(key("'00123"), "00123");
        assert_eq!(key("`4200001\t"), "4200001");
        assert_eq!((trimmed("`2.50 "), trimmed("`"), trimmed("a`b")), ("2.50", "", "a`b"));
        assert_eq!(key("123.0"), "123");
        assert_eq!(key("w1\u{a0}"), "W1");
        assert_eq!(key("A.0"), "A.0");
    }
}
