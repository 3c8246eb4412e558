//! Zip, gzip and tar: each entry is read like a file of its own, under the limits of the one file that it lies in.
//!
//! Sizes that an archive declares are not believed: unpacking stops where the limit is reached. What cannot be read is a
//! problem of its entry, and the others are read all the same.

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use encoding_rs::GB18030;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::file::{self, Opening};
use super::limits::ZIP_ENTRIES;
use super::problems::{Problems, Refusal};
use super::raw::{Format, ProblemCode, RawFile, RawSheet};

/// Archives in archives: a platform's zip of a day's zips is read, what lies deeper is not.
const DEEPEST: u8 = 2;

/// Unpacks what a gzip file holds, one file without a name of its own.
pub(super) fn gunzip(bytes: &[u8], opening: &mut Opening<'_>) -> Result<Vec<u8>, Refusal> {
    deeper(opening)?;
    unpack(MultiGzDecoder::new(bytes), opening)
}

/// Reads the exports of a zip file, in its own order.
pub(super) fn read_zip<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    opening: &mut Opening<'_>,
    problems: &mut Problems,
) -> Result<Entries, Refusal> {
    deeper(opening)?;
    if archive.len() > ZIP_ENTRIES {
        return Err(Refusal::new(ProblemCode::FileTooLarge, format!("{} zip entries", archive.len())));
    }
    let mut entries = Entries::default();
    for index in 0..archive.len() {
        let (name, encrypted) = match archive.by_index_raw(index) {
            Ok(entry) if entry.is_dir() || entry.is_symlink() => continue,
            Ok(entry) => (name_of(entry.name_raw()), entry.encrypted()),
            Err(e) => return Err(Refusal::new(ProblemCode::FileDamaged, e)),
        };
        if is_leftover(&name) {
            continue;
        }
        let content = if encrypted {
            Err(Refusal::new(ProblemCode::FileEncrypted, ""))
        } else {
            archive.by_index(index).map_err(unopened).and_then(|entry| unpack(entry, opening))
        };
        entries.take(&name, content, opening, problems)?;
    }
    entries.none_is_empty()
}

/// Reads the exports of a tar file.
pub(super) fn read_tar(bytes: &[u8], opening: &mut Opening<'_>, problems: &mut Problems) -> Result<Entries, Refusal> {
    deeper(opening)?;
    let mut entries = Entries::default();
    let (mut at, mut long_name, mut count) = (0usize, None, 0);
    while let Some(header) = bytes.get(at..at + 512).filter(|header| header[0] != 0) {
        let damaged = || Refusal::new(ProblemCode::FileDamaged, "tar");
        let size = octal(&header[124..136]).ok_or_else(damaged)?;
        let start = at + 512;
        let content = start.checked_add(size).and_then(|end| bytes.get(start..end)).ok_or_else(damaged)?;
        at = start + size.div_ceil(512) * 512;
        count += 1;
        if count > ZIP_ENTRIES {
            return Err(Refusal::new(ProblemCode::FileTooLarge, format!("{count} tar entries")));
        }
        match header[156] {
            b'0' | 0 => {
                let name = long_name.take().unwrap_or_else(|| short_name(header));
                if !is_leftover(&name) {
                    entries.take(&name, Ok(content.to_vec()), opening, problems)?;
                }
            }
            // A long name stands in an entry of its own before the file.
            b'L' => long_name = Some(name_of(content.split(|b| *b == 0).next().unwrap_or_default())),
            b'x' => long_name = path_of(content),
            _ => long_name = None,
        }
    }
    entries.none_is_empty()
}

fn short_name(header: &[u8]) -> String {
    let text = |field: &[u8]| name_of(field.split(|b| *b == 0).next().unwrap_or_default());
    let (name, folder) = (text(&header[..100]), text(&header[345..500]));
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

/// The path in a list of `LENGTH KEY=VALUE` lines.
fn path_of(content: &[u8]) -> Option<String> {
    let line = content.split(|b| *b == b'\n').find(|line| line.windows(6).any(|w| w == b" path="))?;
    let at = line.windows(6).position(|w| w == b" path=")?;
    Some(name_of(&line[at + 6..]))
}

fn octal(field: &[u8]) -> Option<usize> {
    let mut digits = field.iter().skip_while(|b| **b == b' ').take_while(|b| (b'0'..=b'7').contains(b));
    digits.try_fold(0usize, |n, b| n.checked_mul(8)?.checked_add(usize::from(b - b'0')))
}

/// What the entries of an archive gave.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) sheets: Vec<RawSheet>,
    /// Of the first text among them.
    pub(super) encoding: String,
    seen: usize,
}

impl Entries {
    fn take(
        &mut self,
        name: &str,
        content: Result<Vec<u8>, Refusal>,
        opening: &mut Opening<'_>,
        problems: &mut Problems,
    ) -> Result<(), Refusal> {
        self.seen += 1;
        let bytes = match content {
            Ok(bytes) => bytes,
            // The limit of the whole is reached: nothing more can be unpacked.
            Err(refusal) if opening.unpacked_left == 0 => return Err(refusal),
            Err(refusal) => {
                problems.sheet(refusal.code, name, &refusal.said);
                return Ok(());
            }
        };
        let depth = opening.depth;
        // Nothing that a panic leaves half-done is looked at again: what the entry gave is dropped as a whole.
        let read = catch_unwind(AssertUnwindSafe(|| file::read_content(bytes, opening)));
        opening.depth = depth;
        let read = read
            .unwrap_or_else(|panic| RawFile::refused(Format::Unknown, ProblemCode::ReaderFailed, &file::said(&*panic)));
        if self.encoding.is_empty() {
            self.encoding = read.encoding;
        }
        let within = |sheet: &str| if sheet.is_empty() { name.to_owned() } else { format!("{name}/{sheet}") };
        problems.absorb(read.problems, within);
        self.sheets.extend(read.sheets.into_iter().map(|sheet| RawSheet { name: within(&sheet.name), ..sheet }));
        Ok(())
    }

    fn none_is_empty(self) -> Result<Entries, Refusal> {
        if self.seen == 0 { Err(Refusal::new(ProblemCode::FileEmpty, "no entries")) } else { Ok(self) }
    }
}

fn deeper(opening: &mut Opening<'_>) -> Result<(), Refusal> {
    opening.depth += 1;
    if opening.depth <= DEEPEST {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::ArchiveUnread, "archive in an archive in an archive"))
}

fn unpack(mut from: impl Read, opening: &mut Opening<'_>) -> Result<Vec<u8>, Refusal> {
    let most = opening.limits.file_bytes.min(opening.unpacked_left);
    let mut bytes = Vec::new();
    let read = from.by_ref().take(most.saturating_add(1)).read_to_end(&mut bytes);
    let length = bytes.len() as u64;
    opening.unpacked_left = opening.unpacked_left.saturating_sub(length);
    if length > most {
        return Err(Refusal::new(ProblemCode::FileTooLarge, format!("{most}+ unpacked bytes")));
    }
    read.map_err(|e| Refusal::new(ProblemCode::FileDamaged, e))?;
    Ok(bytes)
}

fn unopened(error: ZipError) -> Refusal {
    let code = match &error {
        ZipError::UnsupportedArchive(said) if *said == ZipError::PASSWORD_REQUIRED => ProblemCode::FileEncrypted,
        ZipError::UnsupportedArchive(_) => ProblemCode::ArchiveUnread,
        _ => ProblemCode::FileDamaged,
    };
    Refusal::new(code, error)
}

/// A name as it was written: programs of this country often write GBK and do not say so.
pub fn name_of(bytes: &[u8]) -> String {
    let name = match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    };
    name.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect::<String>().replace('\\', "/")
}

/// What file managers and office programs leave in an archive.
fn is_leftover(path: &str) -> bool {
    let own = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "__MACOSX")
        || own.starts_with(['.', '~'])
        || ["thumbs.db", "desktop.ini"].contains(&own.to_ascii_lowercase().as_str())
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
