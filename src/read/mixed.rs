//! Text whose lines are in two encodings: files that somebody put together, lines that another program appended.
//!
//! Chinese text in UTF-8 and in GB18030 is told apart line by line. A line that could be either goes with the lines
//! before it; a file in which not both kinds stand beyond doubt is left to the rule for whole files.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// Chinese letters in a row that are no accident in the other encoding.
const BEYOND_DOUBT: usize = 4;

/// Lines of one encoding.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) encoding: &'static Encoding,
    /// Where in the bytes it ends.
    pub(super) end: usize,
    /// 1-based lines, both ends included.
    pub(super) first_line: u32,
    pub(super) last_line: u32,
}

/// What a line can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ascii,
    Utf8,
    Gb,
    /// Either of the two, or damaged.
    Unsure,
}

/// What the lines of a file are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Some in UTF-8 and some in GB18030, in stretches; and the encoding of most of them.
    Mixed(Vec<Stretch>, &'static Encoding),
    /// Some in UTF-8 beyond doubt, none in GB18030.
    Utf8,
    Other,
}

pub(super) fn lines(bytes: &[u8]) -> Lines {
    let (utf8, gb) = Rows(bytes).fold((0usize, 0usize), |(utf8, gb), line| match kind(line) {
        Kind::Utf8 => (utf8 + 1, gb),
        Kind::Gb => (utf8, gb + 1),
        Kind::Ascii | Kind::Unsure => (utf8, gb),
    });
    if utf8 == 0 || gb == 0 {
        return if utf8 > 0 { Lines::Utf8 } else { Lines::Other };
    }
    let most = if utf8 >= gb { UTF_8 } else { GB18030 };
    let mut found: Vec<Stretch> = Vec::new();
    let (mut end, mut number) = (0, 0u32);
    for line in Rows(bytes) {
        end += line.len();
        number = number.saturating_add(1);
        let before = found.last().map(|stretch| stretch.encoding);
        let encoding = match kind(line) {
            Kind::Utf8 => UTF_8,
            Kind::Gb => GB18030,
            Kind::Ascii | Kind::Unsure => before.unwrap_or(most),
        };
        match found.last_mut() {
            Some(stretch) if stretch.encoding == encoding => (stretch.end, stretch.last_line) = (end, number),
            _ => found.push(Stretch { encoding, end, first_line: number, last_line: number }),
        }
    }
    Lines::Mixed(found, most)
}

fn kind(line: &[u8]) -> Kind {
    if line.is_ascii() {
        return Kind::Ascii;
    }
    let gb = || GB18030.decode_without_bom_handling_and_without_replacement(line);
    if let Ok(text) = std::str::from_utf8(line) {
        let wide = text.chars().filter(|c| c.len_utf8() >= 3).count();
        return if wide >= BEYOND_DOUBT || gb().is_none() { Kind::Utf8 } else { Kind::Unsure };
    }
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in line.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if bad > good && is_everyday(line) && gb().is_some() { Kind::Gb } else { Kind::Unsure }
}

/// Whether most of a line's letters, read as GB18030, are among the 3,755 that everybody writes: UTF-8 with a byte
/// missing reads as rare ones.
fn is_everyday(line: &[u8]) -> bool {
    let (mut usual, mut rare, mut at) = (0usize, 0usize, 0);
    while at < line.len() {
        let (lead, trail) = (line[at], line.get(at + 1).copied().unwrap_or_default());
        at += if lead < 0x80 { 1 } else { 2 };
        match lead {
            0xB0..=0xD7 if trail >= 0xA1 => usual += 1,
            // Punctuation and full-width letters tell nothing.
            0xA1..=0xA9 | 0..=0x80 => {}
            _ => rare += 1,
        }
    }
    usual * 10 >= (usual + rare) * 6
}

/// Lines with their ends: LF, CRLF or CR, as the rows of a text file are numbered.
struct Rows<'b>(&'b [u8]);

impl<'b> Iterator for Rows<'b> {
    type Item = &'b [u8];

    fn next(&mut self) -> Option<&'b [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.iter().position(|b| *b == b'\n' || *b == b'\r');
        let length = match end {
            None => self.0.len(),
            Some(at) if self.0[at] == b'\r' && self.0.get(at + 1) == Some(&b'\n') => at + 2,
            Some(at) => at + 1,
        };
        let (line, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn seen(bytes: &[u8]) -> Option<Vec<(&'static str, u32, u32)>> {
        let Lines::Mixed(list, _) = lines(bytes) else { return None };
        Some(list.iter().map(|s| (s.encoding.name(), s.first_line, s.last_line)).collect())
    }

    #[test]
    fn two_files_put_together_fall_into_two_stretches() {
        let mut bytes = "单号,付款人,金额\r\nA1,张三,1\r\nA2,李四,2\r\n".as_bytes().to_vec();
        bytes.extend(gb("A3,王五,3\r\n12,34\r\nA4,赵六丰田,4\r\n"));
        assert_eq!(seen(&bytes), Some(vec![("UTF-8", 1, 3), ("gb18030", 4, 6)]));
    }

    #[test]
    fn a_single_line_is_told_and_the_rest_stays() {
        let mut bytes = gb("单号,付款人\nA1,张三\n");
        bytes.extend("A2,转账的李四\n".as_bytes());
        bytes.extend(gb("A3,王五\n"));
        assert_eq!(seen(&bytes), Some(vec![("gb18030", 1, 2), ("UTF-8", 3, 3), ("gb18030", 4, 4)]));
    }

    #[test]
    fn one_encoding_is_one_also_with_a_damaged_line() {
        assert_eq!(seen(&gb("单号,付款人\nA1,张三\nA2,婷,骞,楼\n")), None);
        let mut damaged = "收款方式,付款人的名字\n现金,张三丰收\n".as_bytes().to_vec();
        damaged.extend(&"转账,李四光明\n".as_bytes()[1..]);
        assert_eq!(seen(&damaged), None);
        assert_eq!(lines(&damaged), Lines::Utf8);
    }
}
