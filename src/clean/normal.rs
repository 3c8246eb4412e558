//! Text as people type it, brought to one form: blanks, full width, heading units.

pub use crate::model::keys::{half_width, is_invisible, key, trimmed};

/// A word of an enumeration: half width, no blanks at all, upper case.
pub fn word(text: &str) -> String {
    text.chars()
        .filter(|c| !is_invisible(*c))
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect()
}

/// A heading: as a word, without units in brackets, stars and colons: `工时费 (元)：` is `工时费`.
pub fn heading(text: &str) -> String {
    let word = word(text);
    let mut out = String::with_capacity(word.len());
    let mut depth = 0_u32;
    for c in word.chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' => {}
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    if out.is_empty() { word } else { out }
}

/// Column letters as a spreadsheet shows them, from a 0-based index.
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        letters.push(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)); // below 26
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    String::from_utf8(letters).unwrap_or_default() // letters are ASCII
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings() {
        assert_eq!(heading("工时费\n（元）："), "工时费");
        assert_eq!(heading(" 客户 名称 "), "客户名称");
        assert_eq!(heading("(元)"), "(元)");
    }

    #[test]
    fn letters() {
        assert_eq!((column_letters(0), column_letters(25), column_letters(26)), ("A".into(), "Z".into(), "AA".into()));
        assert_eq!(column_letters(701), "ZZ");
    }
}
