//! Bytes to text, strictly: a byte that does not decode is told where it stands, never guessed away.

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8};

use super::{mixed, sniff};

/// A text file decoded.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text without byte order mark. Each sequence that does not decode is U+FFFD followed by a marker character
    /// of plane 16 that numbers it, so that whoever cuts the text into cells finds out which sequence a cell got.
    pub(super) text: String,
    pub(super) encoding: &'static str,
    /// Lines in another encoding than the rest, read all the same.
    pub(super) others: Vec<OtherLines>,
    bad: Vec<Vec<u8>>,
    needs_mending: bool,
}

/// A stretch of lines, both ends included, in another encoding than most of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OtherLines {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) encoding: &'static str,
}

/// What was wrong in one cell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// The bytes that did not decode, in hexadecimal; empty if all did.
    pub(super) undecodable: String,
    /// There were NUL characters, now U+FFFD.
    pub(super) nul: bool,
}

/// First of the marker characters; private use, so that no export has them.
const MARKER: u32 = 0x10_0000;
/// As many markers as the plane has room for; sequences beyond are U+FFFD without their bytes.
const MARKERS: usize = 0xFFFD;

/// Decodes a text file: byte order mark, UTF-16 by its zero bytes, UTF-8 if all of it is, the charset an HTML file
/// names, UTF-8 and GB18030 line by line where both stand in it, else GB18030.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some(encoding) = sniff::utf16(&bytes) {
        return strict(&bytes, encoding);
    }
    let marked = bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if marked {
                text.drain(..3);
            }
            // The control character of old systems that ends a file.
            if text.ends_with('\u{1A}') {
                text.pop();
            }
            let needs_mending = text.contains('\0');
            Decoded { text, encoding: UTF_8.name(), others: Vec::new(), bad: Vec::new(), needs_mending }
        }
        Err(error) => not_all_utf8(&error.into_bytes(), marked),
    }
}

fn not_all_utf8(bytes: &[u8], marked: bool) -> Decoded {
    let named = named(bytes);
    let lines = if named.is_none_or(|e| e == GB18030) { mixed::lines(bytes) } else { mixed::Lines::Other };
    let is_utf8 = match &lines {
        mixed::Lines::Mixed(stretches, most) => return line_by_line(bytes, stretches, most),
        mixed::Lines::Utf8 => named.is_none(),
        mixed::Lines::Other => false,
    };
    strict(bytes, if is_utf8 || marked || damaged_utf8(bytes) { UTF_8 } else { named.unwrap_or(GB18030) })
}

fn line_by_line(bytes: &[u8], stretches: &[mixed::Stretch], most: &'static Encoding) -> Decoded {
    let mut decoding = Decoding::of(bytes.len());
    let (mut at, mut others) = (0, Vec::new());
    for stretch in stretches {
        decoding.add(&bytes[at..stretch.end], stretch.encoding);
        at = stretch.end;
        if stretch.encoding != most {
            let (first, last) = (stretch.first_line, stretch.last_line);
            others.push(OtherLines { first, last, encoding: label(stretch.encoding) });
        }
    }
    Decoded { others, ..decoding.finish(most) }
}

/// UTF-8 with a few bad bytes in it: GB18030 would decode most of it, to nonsense.
/// Text in GB18030 is hardly ever valid UTF-8 for ten letters to one that is not.
fn damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 10 * bad
}

/// The charset that an HTML file names in its first kilobytes. All Chinese ones are read as GB18030, their superset.
fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(4 << 10)].to_ascii_lowercase();
    let start = head.iter().position(|b| !b.is_ascii_whitespace())?;
    if head[start] != b'<' {
        return None;
    }
    let at = head.windows(8).position(|w| w == b"charset=")? + 8;
    let label: Vec<u8> = head[at..]
        .iter()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .copied()
        .collect();
    let encoding = Encoding::for_label(&label)?;
    // UTF-8 has been tried, UTF-16 cannot be named in bytes: whoever names them is wrong.
    if encoding == UTF_8 || encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE {
        return None;
    }
    Some(if encoding == encoding_rs::GBK { GB18030 } else { encoding })
}

fn strict(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    let mut decoding = Decoding::of(bytes.len());
    decoding.add(bytes, encoding);
    decoding.finish(encoding)
}

/// Text as it grows, with the sequences that do not decode.
struct Decoding {
    text: String,
    bad: Vec<Vec<u8>>,
}

impl Decoding {
    fn of(bytes: usize) -> Decoding {
        Decoding { text: String::with_capacity(bytes + bytes / 2 + 16), bad: Vec::new() }
    }

    fn add(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        let mut decoder = encoding.new_decoder_with_bom_removal();
        let mut at = 0;
        loop {
            let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut self.text, true);
            at += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => self.text.reserve(bytes.len() - at + 64),
                DecoderResult::Malformed(length, after) => {
                    let end = at.saturating_sub(usize::from(after));
                    let start = end.saturating_sub(usize::from(length));
                    self.text.reserve(16);
                    self.text.push(char::REPLACEMENT_CHARACTER);
                    if self.bad.len() < MARKERS {
                        // MARKER + MARKERS is the last character of plane 16.
                        self.text.extend(char::from_u32(MARKER + self.bad.len() as u32));
                        self.bad.push(bytes[start..end].to_vec());
                    }
                }
            }
        }
    }

    fn finish(mut self, encoding: &'static Encoding) -> Decoded {
        if self.text.ends_with('\u{1A}') {
            self.text.pop();
        }
        let needs_mending = !self.bad.is_empty() || self.text.contains('\0');
        Decoded { text: self.text, encoding: label(encoding), others: Vec::new(), bad: self.bad, needs_mending }
    }
}

/// The name that people know the encoding by.
fn label(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB18030" } else { encoding.name() }
}

impl Decoded {
    /// Whether any cell has to go through [`Decoded::mend`].
    pub(super) fn needs_mending(&self) -> bool {
        self.needs_mending
    }

    /// Whether the text ends with bytes that are the beginning of a letter only: more was to come.
    pub(super) fn ends_inside_a_letter(&self) -> bool {
        // Bytes that do not decode stand at the end with their marker, or without one where there are too many.
        self.needs_mending
            && self.text.trim_end_matches(|c| u32::from(c) >= MARKER).ends_with(char::REPLACEMENT_CHARACTER)
    }

    /// Takes the markers out of a cell's text and says what was wrong with it.
    pub(super) fn mend(&self, cell: &mut String) -> Faults {
        let mut faults = Faults::default();
        if !cell.contains(['\0', char::REPLACEMENT_CHARACTER]) {
            return faults;
        }
        let mut mended = String::with_capacity(cell.len());
        for c in cell.chars() {
            let after_bad = mended.ends_with(char::REPLACEMENT_CHARACTER);
            match u32::from(c).checked_sub(MARKER).and_then(|i| self.bad.get(i as usize)) {
                Some(bytes) if after_bad => {
                    for byte in bytes {
                        faults.undecodable.push_str(&format!("{byte:02X}"));
                    }
                    faults.undecodable.push(' ');
                }
                _ if c == '\0' => {
                    faults.nul = true;
                    mended.push(char::REPLACEMENT_CHARACTER);
                }
                _ => mended.push(c),
            }
        }
        faults.undecodable.truncate(faults.undecodable.trim_end().len());
        *cell = mended;
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_recognised() {
        let text = "结算单号\t金额\r\nJS0001\t12.50\r\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut be_marked = vec![0xFE, 0xFF];
        be_marked.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        let mut marked = vec![0xEF, 0xBB, 0xBF];
        marked.extend(text.as_bytes());
        let gb = GB18030.encode(text).0.into_owned();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (marked, "UTF-8"),
            (le, "UTF-16LE"),
            (be_marked, "UTF-16BE"),
            (gb, "GB18030"),
        ] {
            let decoded = decode(bytes);
            assert_eq!((decoded.text.as_str(), decoded.encoding), (text, name));
            assert!(!decoded.needs_mending());
        }
    }

    #[test]
    fn a_bad_byte_is_kept_as_hex_and_does_not_eat_its_neighbour() {
        let mut bytes = GB18030.encode("张三,").0.into_owned();
        bytes.extend([0xB5, b',', 0xFF]);
        bytes.extend(GB18030.encode("李四").0.iter());
        let decoded = decode(bytes);
        let mut cells: Vec<String> = decoded.text.split(',').map(str::to_owned).collect();
        let faults: Vec<Faults> = cells.iter_mut().map(|c| decoded.mend(c)).collect();
        assert_eq!(cells, ["张三", "\u{FFFD}", "\u{FFFD}李四"]);
        assert_eq!(faults[1].undecodable, "B5");
        assert_eq!(faults[2].undecodable, "FF");
    }

    #[test]
    fn utf8_with_one_bad_byte_stays_utf8() {
        let mut bytes = "这是一份用万国码写的收款记录其中有一个坏字节,".as_bytes().to_vec();
        bytes.push(0xE4);
        bytes.extend("后面".as_bytes());
        assert_eq!(decode(bytes).encoding, "UTF-8");
    }

    #[test]
    fn lines_of_two_encodings_are_all_read_and_told() {
        let mut bytes = "单号,付款人的名字\nA1,转账张三\n".as_bytes().to_vec();
        bytes.extend(GB18030.encode("A2,现金李四\n").0.iter());
        let decoded = decode(bytes);
        assert_eq!(decoded.text, "单号,付款人的名字\nA1,转账张三\nA2,现金李四\n");
        assert_eq!(decoded.encoding, "UTF-8");
        assert_eq!(decoded.others, [OtherLines { first: 3, last: 3, encoding: "GB18030" }]);
    }

    #[test]
    fn html_may_name_its_charset() {
        let mut bytes = b"<html><meta content=\"text/html; charset=big5\">".to_vec();
        bytes.extend(encoding_rs::BIG5.encode("維修").0.iter());
        let decoded = decode(bytes);
        assert_eq!(decoded.encoding, "Big5");
        assert!(decoded.text.ends_with("維修"));
    }
}
