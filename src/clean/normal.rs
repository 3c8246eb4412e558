//! Text as people type it, brought to one form: blanks, full width, heading units.

pub use crate::model::keys::{folded, half_width, is_invisible, key, trimmed};

/// A word of an enumeration: half width, no blanks at all, upper case.
pub fn word(text: &str) -> String {
    folded(text).collect()
}

/// A heading: as a word, without units in brackets or behind a mark, stars and colons: `工时费 (元)：` is `工时费`. What is left out is
/// read by [`super::units`].
pub fn heading(text: &str) -> String {
    super::units::Heading::read(text).name
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
        assert_eq!(heading("收款金额_万元"), "收款金额");
    }

    #[test]
    fn letters() {
        assert_eq!((column_letters(0), column_letters(25), column_letters(26)), ("A".into(), "Z".into(), "AA".into()));
        assert_eq!(column_letters(701), "ZZ");
    }
}
