//! Goes through a zip container before a spreadsheet library does: counts what it unpacks to, checks its checksums,
//! and notes on the way what the library would have to be asked for with a second parse.
//!
//! The declared sizes are not believed. Unpacking without parsing costs about a tenth of parsing, and it is the only
//! way to check the checksum of a sheet: a streaming reader stops at the last cell, before the sum.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limits::{Limits, ZIP_ENTRIES};
use super::problems::Refusal;
use super::raw::{Merge, ProblemCode};
use super::uncalculated::{self, Results};

/// What was noted on the way.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Merged regions of each xlsx worksheet part that was seen.
    pub(super) merges: Vec<Vec<Merge>>,
    /// Whether results that an xlsx workbook stores are any.
    pub(super) results: Results,
}

/// Bytes of text without a tag that no cell holds, however its letters are written.
const LONGEST_TEXT: usize = 1 << 20;

/// Bytes of a workbook part that are looked at.
const WORKBOOK_PART: usize = 16 << 20;

/// Opens a container; its end is missing if it was cut off.
pub(super) fn open<R: Read + Seek>(reader: R) -> Result<ZipArchive<R>, Refusal> {
    ZipArchive::new(reader).map_err(|e| Refusal::new(ProblemCode::FileDamaged, e))
}

/// Goes through all parts that a reader may unpack.
pub(super) fn check<R: Read + Seek>(archive: &mut ZipArchive<R>, limits: &Limits) -> Result<Noted, Refusal> {
    if archive.len() > ZIP_ENTRIES {
        return Err(Refusal::new(ProblemCode::FileTooLarge, format!("{} zip entries", archive.len())));
    }
    let mut noted = Noted::default();
    let mut left = limits.unpacked_bytes;
    let mut buffer = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(refusal)?;
        let name = entry.name().map_err(refusal)?.to_ascii_lowercase();
        let is = |ending: &str| name.ends_with(ending);
        if !(is(".xml") || is(".rels") || is(".vml")) {
            // Pictures and the like are never unpacked.
            continue;
        }
        if is(".xml") && name.contains("xl/worksheets/") {
            let mut tail = Tail::default();
            let mut stretch = Stretch::default();
            drain(&mut entry, &mut left, &mut buffer, |bytes| {
                tail.take(bytes);
                stretch.take(bytes)
            })?;
            noted.merges.push(tail.merges());
        } else if name.starts_with("xl/workbook") && is(".xml") {
            let mut part = Vec::new();
            drain(&mut entry, &mut left, &mut buffer, |bytes| {
                part.extend_from_slice(&bytes[..bytes.len().min(WORKBOOK_PART.saturating_sub(part.len()))]);
                Ok(())
            })?;
            noted.results = uncalculated::results(&String::from_utf8_lossy(&part));
        } else if name == "content.xml" {
            let mut tables = Tables::default();
            let mut stretch = Stretch::default();
            drain(&mut entry, &mut left, &mut buffer, |bytes| {
                tables.take(bytes);
                stretch.take(bytes)
            })?;
            tables.check()?;
        } else if name.contains("sharedstrings") {
            let mut stretch = Stretch::default();
            drain(&mut entry, &mut left, &mut buffer, |bytes| stretch.take(bytes))?;
        } else {
            drain(&mut entry, &mut left, &mut buffer, |_| Ok(()))?;
        }
    }
    Ok(noted)
}

fn refusal(error: ZipError) -> Refusal {
    let code = match &error {
        ZipError::UnsupportedArchive(said) if *said == ZipError::PASSWORD_REQUIRED => ProblemCode::FileEncrypted,
        _ => ProblemCode::FileDamaged,
    };
    Refusal::new(code, error)
}

fn drain(
    entry: &mut impl Read,
    left: &mut u64,
    buffer: &mut [u8],
    mut see: impl FnMut(&[u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    loop {
        let read = entry.read(buffer).map_err(|e| Refusal::new(ProblemCode::FileDamaged, e))?;
        if read == 0 {
            return Ok(());
        }
        *left =
            left.checked_sub(read as u64).ok_or_else(|| Refusal::new(ProblemCode::FileTooLarge, "unpacked bytes"))?;
        see(&buffer[..read])?;
    }
}

/// Finds `needle` in `haystack`, eight bytes at a time.
fn find(haystack: &[u8], needle: &[u8; 8]) -> Option<usize> {
    haystack.windows(8).position(|w| w == needle)
}

/// Keeps what stands in a worksheet part from the first `mergeCell` on.
#[derive(Debug, Default)]
struct Tail {
    kept: Vec<u8>,
    found: bool,
}

impl Tail {
    fn take(&mut self, bytes: &[u8]) {
        if self.found {
            self.kept.extend_from_slice(bytes);
            return;
        }
        // The word may lie across two pieces: the last seven bytes stay for the next look.
        let carried = self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(7)]);
        if let Some(at) = find(&self.kept, b"mergeCel") {
            self.kept.drain(..at);
            self.kept.extend_from_slice(&bytes[bytes.len().min(7)..]);
            self.found = true;
        } else if let Some(at) = find(bytes, b"mergeCel") {
            self.kept.clear();
            self.kept.extend_from_slice(&bytes[at..]);
            self.found = true;
        } else if bytes.len() >= 7 {
            self.kept.clear();
            self.kept.extend_from_slice(&bytes[bytes.len() - 7..]);
        } else {
            let excess = (carried + bytes.len()).saturating_sub(7);
            self.kept.drain(..excess);
        }
    }

    /// The regions of all `<mergeCell ref="A1:B2"/>`, whatever prefix and attributes they have.
    fn merges(&self) -> Vec<Merge> {
        if !self.found {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(&self.kept);
        let elements = text.split('<').filter(|e| e.split([' ', '\t', '\r', '\n']).next().is_some_and(is_merge));
        elements.filter_map(|e| region(e.split_once("ref=")?.1.get(1..)?.split(['"', '\'']).next()?)).collect()
    }
}

fn is_merge(tag: &str) -> bool {
    tag == "mergeCell" || tag.ends_with(":mergeCell")
}

/// `A1:B2`.
fn region(reference: &str) -> Option<Merge> {
    let (first, last) = reference.split_once(':')?;
    let ((first_column, first_row), (last_column, last_row)) = (corner(first)?, corner(last)?);
    Some(Merge { first_row, last_row, first_column, last_column })
}

/// `$AB$12` as a 0-based column and a 1-based row.
fn corner(reference: &str) -> Option<(u32, u32)> {
    let bare: String = reference.chars().filter(|c| *c != '$').collect();
    let letters = bare.find(|c: char| c.is_ascii_digit())?;
    let column = bare[..letters].chars().try_fold(0u32, |n, c| {
        let digit = c.to_ascii_uppercase().to_digit(36)?.checked_sub(9)?;
        n.checked_mul(26)?.checked_add(digit)
    })?;
    Some((column.checked_sub(1)?, bare[letters..].parse().ok()?))
}

/// Measures text between tags: a string of hundreds of megabytes packs into one, and a library holds it several times.
#[derive(Debug, Default)]
struct Stretch {
    length: usize,
}

impl Stretch {
    fn take(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        for (at, piece) in bytes.split(|b| *b == b'<').enumerate() {
            self.length = if at == 0 { self.length + piece.len() } else { piece.len() };
            if self.length > LONGEST_TEXT {
                return Err(Refusal::new(
                    ProblemCode::FileTooLarge,
                    format!("{LONGEST_TEXT}+ bytes of text in one cell"),
                ));
            }
        }
        Ok(())
    }
}

/// Counts the tables of an ods: the library waits for ever for an end tag that is not there.
#[derive(Debug, Default)]
struct Tables {
    carried: Vec<u8>,
    opened: u64,
    closed: u64,
}

const TABLE: &[u8] = b"table:table";

impl Tables {
    fn take(&mut self, bytes: &[u8]) {
        let before = self.carried.len();
        self.carried.extend_from_slice(bytes);
        // Behind the last `<` a tag may still be cut off. Only the new piece is searched, so that this stays linear.
        let Some(end) = bytes.iter().rposition(|b| *b == b'<').map(|at| at + before) else { return };
        for tag in self.carried[..end].split(|b| *b == b'<') {
            let (closing, name) = match tag.strip_prefix(b"/") {
                Some(name) => (true, name),
                None => (false, tag),
            };
            let Some(rest) = name.strip_prefix(TABLE) else { continue };
            match rest.first() {
                Some(b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n') if closing => self.closed += 1,
                Some(b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n') => {
                    self.opened += 1;
                    let whole = tag.iter().position(|b| *b == b'>').is_some_and(|at| tag[..at].ends_with(b"/"));
                    self.closed += u64::from(whole);
                }
                _ => {}
            }
        }
        self.carried.drain(..end);
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.opened == self.closed {
            return Ok(());
        }
        Err(Refusal::new(ProblemCode::FileDamaged, "</table:table>"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_are_found_across_pieces() {
        let xml = b"<sheetData/><mergeCells count=\"2\"><x:mergeCell ref=\"A1:C1\"/><mergeCell a='1' ref='$B$2:AA30'/>";
        let merge = |r1, r2, c1, c2| Merge { first_row: r1, last_row: r2, first_column: c1, last_column: c2 };
        for size in [1, 3, 7, 8, 20, 1_000] {
            let mut tail = Tail::default();
            for piece in xml.chunks(size) {
                tail.take(piece);
            }
            assert_eq!(tail.merges(), [merge(1, 1, 0, 2), merge(2, 30, 1, 26)], "pieces of {size}");
        }
    }

    #[test]
    fn text_is_measured_between_tags_and_across_pieces() {
        let half = vec![b'x'; LONGEST_TEXT / 2 + 1];
        let mut stretch = Stretch::default();
        assert!([&half[..], b"<t>", &half[..]].iter().all(|piece| stretch.take(piece).is_ok()));
        assert_eq!(stretch.take(&half).map_err(|refusal| refusal.code), Err(ProblemCode::FileTooLarge));
    }

    #[test]
    fn tables_are_counted_across_pieces() {
        let good = b"<a><table:table x='1'><table:table-row/></table:table><table:table y='2'/></a>";
        let cut = b"<a><table:table x='1'><table:table-row/></a>";
        for size in [1, 5, 1_000] {
            for (xml, fine) in [(good.as_slice(), true), (cut.as_slice(), false)] {
                let mut tables = Tables::default();
                xml.chunks(size).for_each(|piece| tables.take(piece));
                assert_eq!(tables.check().is_ok(), fine);
            }
        }
    }
}
