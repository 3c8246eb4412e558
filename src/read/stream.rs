//! Large plain text, row by row, in this process: nothing of the file is kept, so there is nothing to fence.
//!
//! Only text in UTF-8 with a delimiter comes this way; whatever else a file turns out to be, [`stream`] says so and the
//! fenced reader takes it from the start.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
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
    /// It is no plain UTF-8 text: use [`super::read_all`]. Rows that were handed over already count for nothing.
    NotPlain,
}

/// Bytes that tell what a file is.
const SAMPLE: u64 = 64 << 10;

/// Hands every record of a delimited text file to `take`: its line and its fields as they stand. `take` returns whether
/// it wants more.
pub fn stream(path: &Path, take: &mut dyn FnMut(u32, &csv::StringRecord) -> bool) -> std::io::Result<Streamed> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Ok(Streamed::NotPlain);
    }
    let mut sample = Vec::new();
    Read::by_ref(&mut file).take(SAMPLE).read_to_end(&mut sample)?;
    let Some((delimiter, skip)) = plain(&sample) else { return Ok(Streamed::NotPlain) };
    file.seek(SeekFrom::Start(skip))?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 18)
        .from_reader(BufReader::with_capacity(1 << 18, file));
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(Streamed::Whole),
            Ok(true) => {
                let line = record.position().map_or(0, |p| u32::try_from(p.line()).unwrap_or(u32::MAX));
                if !take(line, &record) {
                    return Ok(Streamed::Stopped);
                }
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(error),
                _ => return Ok(Streamed::NotPlain),
            },
        }
    }
}

/// The delimiter of plain UTF-8 text and where it begins.
fn plain(sample: &[u8]) -> Option<(u8, u64)> {
    let marked = sample.starts_with(&[0xEF, 0xBB, 0xBF]);
    let body = if marked { &sample[3..] } else { sample };
    if sniff::kind(sample) != Kind::Text || sniff::utf16(sample).is_some() || body.contains(&0) {
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
            rows.push((line, record.iter().map(|f| field(f).to_owned()).collect()));
            true
        });
        (end.unwrap(), rows)
    }

    #[test]
    fn plain_text_comes_row_by_row() {
        let (end, rows) = rows("\u{feff}单号;金额\n=\"007\";\"1;5\"\n\n8;2\n".as_bytes());
        assert_eq!(end, Streamed::Whole);
        let texts: Vec<Vec<&str>> = rows.iter().map(|r| r.1.iter().map(String::as_str).collect()).collect();
        assert_eq!(texts, [vec!["单号", "金额"], vec!["007", "1;5"], vec!["8", "2"]]);
        assert_eq!(rows[2].0, 4);
    }

    #[test]
    fn anything_else_is_left_to_the_fenced_reader() {
        let gb = encoding_rs::GB18030.encode("单号,金额\n1,2\n").0.into_owned();
        let mut late = b"a,b\n".repeat(30_000);
        late.extend([0xFF, b',', b'1', b'\n']);
        for bytes in [gb, b"PK\x03\x04".to_vec(), b"<html><table>".to_vec(), Vec::new(), late] {
            assert_eq!(rows(&bytes).0, Streamed::NotPlain);
        }
    }
}
