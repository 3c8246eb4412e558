//! Large plain text, row by row, in this process: nothing of the file is kept, so there is nothing to fence.
//!
//! Only text in UTF-8 with a delimiter comes this way; whatever else a file turns out to be, [`stream`] says so and the
//! fenced reader takes it from the start.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::delimited;
use super::sniff::{self, Kind, Markup};

/// What became of a file that was to be streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streamed {
    /// Every row was handed over.
    Whole,
    /// The caller had enough.
    Stopped,
    /// It is no plain UTF-8 text, or its quotes are odd: use [`super::read_all`]. Rows that were handed over already count
    /// for nothing.
    NotPlain,
}

/// One row of a text file: its fields as they stand, quotes taken away.
#[derive(Debug, Default)]
pub struct Record {
    text: String,
    /// Where each field begins and ends.
    fields: Vec<(u32, u32)>,
    /// Whether a line end stands behind it.
    ended: bool,
}

impl Record {
    pub fn get(&self, place: usize) -> Option<&str> {
        self.fields.get(place).map(|(start, end)| &self.text[*start as usize..*end as usize])
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether a line end stands behind it: the last record of a file that was cut off has none.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Bytes that it takes in its file, about.
    pub fn bytes(&self) -> usize {
        self.text.len() + 1
    }
}

/// Bytes that tell what a file is.
const SAMPLE: u64 = 64 << 10;

/// Bytes of a record beyond which a file is no table of rows.
const LONGEST_LINE: u64 = 1 << 24;

/// Hands every record of a delimited text file to `take`: its line and its fields. `take` returns whether it wants more.
pub fn stream(path: &Path, take: &mut dyn FnMut(u32, &Record) -> bool) -> std::io::Result<Streamed> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Ok(Streamed::NotPlain);
    }
    let mut sample = Vec::new();
    Read::by_ref(&mut file).take(SAMPLE).read_to_end(&mut sample)?;
    let Some((delimiter, skip)) = plain(&sample) else { return Ok(Streamed::NotPlain) };
    file.seek(SeekFrom::Start(skip))?;
    let mut lines = BufReader::with_capacity(1 << 18, file);
    let (mut raw, mut record, mut line) = (Vec::new(), Record::default(), 0_u32);
    loop {
        raw.clear();
        let first = line + 1;
        loop {
            let read = Read::by_ref(&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut raw)?;
            line = line.saturating_add(1);
            if raw.len() as u64 >= LONGEST_LINE {
                return Ok(Streamed::NotPlain); // no export has such a line: the fenced reader has limits for it
            }
            if read == 0 {
                // A quote that never closes is the fenced reader's to tell.
                return Ok(if raw.is_empty() { Streamed::Whole } else { Streamed::NotPlain });
            }
            match cut(&raw, delimiter, &mut record) {
                Cut::Whole => break,
                Cut::Open => {} // a field goes on in the next line
                Cut::Odd => return Ok(Streamed::NotPlain),
            }
        }
        record.ended = raw.last() == Some(&b'\n');
        if !record.is_empty() && !take(first, &record) {
            return Ok(Streamed::Stopped);
        }
    }
}

/// Whether some lines are a whole record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Whole,
    /// A quoted field has not closed yet.
    Open,
    /// Not UTF-8, or text behind the quote that closes a field of several lines: most likely another field's quote.
    Odd,
}

fn cut(raw: &[u8], delimiter: u8, record: &mut Record) -> Cut {
    record.text.clear();
    record.fields.clear();
    let Ok(line) = std::str::from_utf8(raw) else { return Cut::Odd };
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Cut::Whole;
    }
    if !line.contains('"') {
        record.text.push_str(line);
        let mut start = 0;
        for (at, _) in line.bytes().enumerate().filter(|(_, byte)| *byte == delimiter) {
            record.fields.push((start, at as u32)); // a line is far shorter than four billion bytes
            start = at as u32 + 1;
        }
        record.fields.push((start, line.len() as u32));
        return Cut::Whole;
    }
    let mut rest = line;
    loop {
        let start = record.text.len() as u32;
        let Some(behind) = field_of(rest, delimiter, &mut record.text) else { return Cut::Open };
        record.fields.push((start, record.text.len() as u32));
        match behind {
            Behind::Field(next) => rest = next,
            Behind::Nothing => return Cut::Whole,
            Behind::Text => return Cut::Odd,
        }
    }
}

/// What comes behind a field.
enum Behind<'t> {
    Field(&'t str),
    Nothing,
    Text,
}

/// Appends one field without its quotes; nothing where its quote does not close.
fn field_of<'t>(text: &'t str, delimiter: u8, into: &mut String) -> Option<Behind<'t>> {
    let mut rest = text;
    let mut spans_lines = false;
    if let Some(quoted) = text.strip_prefix('"') {
        rest = quoted;
        loop {
            let close = rest.find('"')?;
            spans_lines |= rest[..close].contains('\n');
            into.push_str(&rest[..close]);
            rest = &rest[close + 1..];
            match rest.strip_prefix('"') {
                Some(more) => {
                    into.push('"');
                    rest = more;
                }
                None => break,
            }
        }
    } else if let Some(close) = text.strip_prefix("=\"").and_then(|inner| inner.find('"')) {
        // `="1,5"`: the delimiter inside belongs to the text.
        into.push_str(&text[..close + 3]);
        rest = &text[close + 3..];
    }
    let end = rest.bytes().position(|byte| byte == delimiter);
    into.push_str(&rest[..end.unwrap_or(rest.len())]);
    Some(match end {
        Some(0) => Behind::Field(&rest[1..]),
        Some(_) if spans_lines => Behind::Text,
        Some(end) => Behind::Field(&rest[end + 1..]),
        None if spans_lines && !rest.is_empty() => Behind::Text,
        None => Behind::Nothing,
    })
}

/// The delimiter of plain UTF-8 text and where it begins.
fn plain(sample: &[u8]) -> Option<(u8, u64)> {
    let marked = sample.starts_with(&[0xEF, 0xBB, 0xBF]);
    let body = if marked { &sample[3..] } else { sample };
    if sniff::kind(sample) != Kind::Text || sniff::utf16(sample).is_some() || body.contains(&0) {
        return None;
    }
    // Lines of old systems that end in CR alone.
    if body.contains(&b'\r') && !body.contains(&b'\n') {
        return None;
    }
    // The sample may end inside a character.
    let valid = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(error) if body.len() - error.valid_up_to() < 4 => {
            std::str::from_utf8(&body[..error.valid_up_to()]).unwrap_or_default() // valid up to there
        }
        Err(_) => return None,
    };
    if sniff::markup(valid) != Markup::No || valid.starts_with("sep=") {
        return None;
    }
    Some((delimited::delimiter_of(valid), if marked { 3 } else { 0 }))
}

/// The text of a field: `="00123"`, with which exports keep Excel from making a number of it, is 00123.
pub fn field(text: &str) -> &str {
    text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> (Streamed, Vec<(u32, Vec<String>)>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut rows = Vec::new();
        let end = stream(file.path(), &mut |line, record| {
            rows.push((line, (0..record.len()).filter_map(|at| record.get(at)).map(|f| field(f).to_owned()).collect()));
            true
        });
        (end.unwrap(), rows)
    }

    fn rows_of(text: &str) -> Vec<Vec<String>> {
        rows(text.as_bytes()).1.into_iter().map(|row| row.1).collect()
    }

    #[test]
    fn plain_text_comes_row_by_row() {
        let (end, rows) = rows("\u{feff}单号;金额\n=\"007\";\"1;5\"\n\n8;2\n".as_bytes());
        assert_eq!(end, Streamed::Whole);
        let texts: Vec<Vec<&str>> = rows.iter().map(|r| r.1.iter().map(String::as_str).collect()).collect();
        assert_eq!(texts, [vec!["单号", "金额"], vec!["007", "1;5"], vec!["8", "2"]]);
        assert_eq!(rows[2].0, 4);
        let quoted = rows_of("a,b,c\n\"x \"\"y\"\"\",=\"1,5\",5\" pipe\n\"two\nlines\",,\n");
        assert_eq!(quoted[1], ["x \"y\"", "1,5", "5\" pipe"]);
        assert_eq!(quoted[2], ["two\nlines", "", ""]);
    }

    #[test]
    fn a_row_knows_its_line() {
        for (text, lines) in [
            ("a,b\n1,2\n3,4", vec![1, 2, 3]),
            ("a,b\r\n1,2\r\n\r\n3,4\r\n", vec![1, 2, 4]),
            ("a,b\n\n\n\"x\ny\",2\n\n3,4\n", vec![1, 4, 7]),
        ] {
            let numbers: Vec<u32> = rows(text.as_bytes()).1.iter().map(|row| row.0).collect();
            assert_eq!(numbers, lines, "{text:?}");
        }
    }

    #[test]
    fn anything_else_is_left_to_the_fenced_reader() {
        let gb = encoding_rs::GB18030.encode("单号,金额\n1,2\n").0.into_owned();
        let mut late = b"a,b\n".repeat(30_000);
        late.extend([0xFF, b',', b'1', b'\n']);
        let open = b"a,b\n1,\"never closed\n2,3\n".to_vec();
        let other = b"a,b\n\"1,x\n2,y\"z,3\n".to_vec();
        for bytes in [
            gb,
            b"PK\x03\x04".to_vec(),
            b"<html><table>".to_vec(),
            Vec::new(),
            late,
            open,
            other,
            b"a,b\r1,2\r".to_vec(),
        ] {
            assert_eq!(rows(&bytes).0, Streamed::NotPlain);
        }
    }
}
