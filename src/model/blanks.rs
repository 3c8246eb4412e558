//! Words for nothing: one notion of an empty cell for every column, reference, approver and key.

use std::collections::BTreeMap;

use super::keys::folded;

/// The words and marks that mean an empty cell. Every other text means something.
#[derive(Debug, Clone, Default)]
pub struct Blanks {
    /// Folded words, by their first character.
    words: BTreeMap<char, Vec<String>>,
    /// A text of nothing but these is empty too: dashes of every length, `//`, `***`.
    marks: Vec<char>,
    /// The ASCII characters with which a word or a mark begins, one bit each: most cells are told by their first byte.
    begins: u128,
}

impl Blanks {
    /// Adds a word, however it is written.
    pub fn add_word(&mut self, word: &str) {
        let word: String = folded(word).collect();
        let Some(first) = word.chars().next() else { return };
        self.begins_with(first);
        let words = self.words.entry(first).or_default();
        if !words.contains(&word) {
            words.push(word);
        }
    }

    /// Adds marks: a cell that holds nothing else is empty.
    pub fn add_marks(&mut self, marks: &str) {
        for mark in folded(marks) {
            self.begins_with(mark);
            if !self.marks.contains(&mark) {
                self.marks.push(mark);
            }
        }
        self.marks.sort_unstable();
    }

    fn begins_with(&mut self, first: char) {
        for c in [first, first.to_ascii_lowercase()].into_iter().filter(char::is_ascii) {
            self.begins |= 1 << u32::from(c);
        }
    }

    /// Whether a text says nothing: empty, blanks, marks only, or a word for nothing.
    pub fn is_nothing(&self, text: &str) -> bool {
        match text.as_bytes().first() {
            None => return true,
            Some(byte) if byte.is_ascii_graphic() && self.begins >> *byte & 1 == 0 => return false,
            Some(_) => {}
        }
        let Some(first) = folded(text).next() else { return true };
        if self.marks.binary_search(&first).is_ok() && folded(text).all(|c| self.marks.binary_search(&c).is_ok()) {
            return true;
        }
        let of_first = self.words.get(&first);
        of_first.is_some_and(|words| words.iter().any(|word| folded(text).eq(word.chars())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_marks_of_every_width_and_case() {
        let mut blanks = Blanks::default();
        blanks.add_marks("-/*");
        for word in ["无", "N/A", "(空)", "0000-00-00 00:00:00"] {
            blanks.add_word(word);
        }
        for text in [
            "",
            " ",
            "\u{3000}",
            "\u{200b}",
            "-",
            "—",
            "－－",
            "- -",
            "//",
            "＊",
            "无",
            " 无 ",
            "n/a",
            "Ｎ／Ａ",
            "（空）",
            "0000-00-00 00:00:00",
        ] {
            assert!(blanks.is_nothing(text), "{text:?}");
        }
        for text in ["0", "-1", "无锡", "n", "N/A1", "空", "W-1", "a", "0000-00-01", "张无"] {
            assert!(!blanks.is_nothing(text), "{text:?}");
        }
    }
}
