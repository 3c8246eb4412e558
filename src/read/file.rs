//! One file, whatever it is, to raw tables. Never fails: what is wrong is in the result.

use std::cell::Cell as Shared;
use std::fs::File;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::compound::{Compound, compound};
use super::limits::{Budget, Limits};
use super::problems::{Problems, Refusal};
use super::raw::{Format, ProblemCode, RawFile, RawSheet};
use super::sniff::{Kind, Markup, Zipped};
use super::text::Decoded;
use super::{archive, boxed, delimited, guard, html, load, long_cells, sniff, text, xlsx, xml2003};

/// Reads a file in this process.
///
/// A library's panic is caught and becomes a problem. What cannot be caught (an allocation that aborts, a loop without
/// end) is what [`super::read_all`] is for; this one is what its children run, and tests.
pub fn read_file(path: &Path, limits: &Limits) -> RawFile {
    match load::open(path, limits) {
        Ok(file) => read_open(&file, limits),
        Err(refusal) => RawFile::refused(Format::Unknown, refusal.code, &refusal.said),
    }
}

/// Reads an open file.
pub(super) fn read_open(file: &File, limits: &Limits) -> RawFile {
    let bytes = match load::load(file, limits) {
        Ok(bytes) => bytes,
        Err(refusal) => return RawFile::refused(Format::Unknown, refusal.code, &refusal.said),
    };
    let format = Shared::new(Format::Unknown);
    let mut opening = Opening {
        limits,
        budget: Budget::new(limits),
        unpacked_left: limits.unpacked_bytes,
        depth: 0,
        format: &format,
    };
    // Nothing that a panic leaves half-done is looked at again: the format is one word, the rest is dropped.
    let read = catch_unwind(AssertUnwindSafe(|| read_content(bytes, &mut opening)));
    read.unwrap_or_else(|panic| RawFile::refused(format.get(), ProblemCode::ReaderFailed, &said(&*panic)))
}

/// What one file may still cost, while it and what lies in it is read.
pub(super) struct Opening<'l> {
    pub(super) limits: &'l Limits,
    pub(super) budget: Budget,
    /// Bytes that its archives may still unpack to.
    pub(super) unpacked_left: u64,
    /// Archives around what is being read.
    pub(super) depth: u8,
    /// The format of what is being read, as far as it is known.
    pub(super) format: &'l Shared<Format>,
}

pub(super) fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("?"))
}

/// Reads the content of a file or of an archive's entry.
pub(super) fn read_content(bytes: Vec<u8>, opening: &mut Opening<'_>) -> RawFile {
    let mut problems = Problems::default();
    let mut encoding = String::new();
    let read = match sniff::kind(&bytes) {
        Kind::Empty => Err(Refusal::new(ProblemCode::FileEmpty, "0 bytes")),
        Kind::Unknown(what) => Err(Refusal::new(ProblemCode::FileUnknown, what)),
        Kind::Archive(what) => Err(Refusal::new(ProblemCode::ArchiveUnread, what)),
        Kind::Zip => read_zip(&bytes, &mut encoding, opening, &mut problems),
        Kind::Tar => archive::read_tar(&bytes, opening, &mut problems).map(|e| of_archive(e, &mut encoding, opening)),
        Kind::Gzip => match archive::gunzip(&bytes, opening) {
            Ok(unpacked) => return read_content(unpacked, opening),
            Err(refusal) => Err(refusal),
        },
        Kind::Compound => read_compound(&bytes, opening, &mut problems),
        Kind::Text => read_text(bytes, &mut encoding, opening, &mut problems),
    };
    let mut sheets = read.unwrap_or_else(|refusal| {
        problems.file(refusal.code, &refusal.said);
        Vec::new()
    });
    long_cells::cut(&mut sheets, &mut problems);
    RawFile { format: opening.format.get(), encoding, sheets, problems: problems.finish() }
}

fn of_archive(entries: archive::Entries, encoding: &mut String, opening: &Opening<'_>) -> Vec<RawSheet> {
    // Its entries have left their own formats there.
    opening.format.set(Format::Archive);
    *encoding = entries.encoding;
    entries.sheets
}

fn read_zip(
    bytes: &[u8],
    encoding: &mut String,
    opening: &mut Opening<'_>,
    problems: &mut Problems,
) -> Result<Vec<RawSheet>, Refusal> {
    let cut = |_: &Refusal| opening.format.set(sniff::cut_zip(bytes));
    let mut archive = guard::open(Cursor::new(bytes)).inspect_err(cut)?;
    let kind = match sniff::zipped(&mut archive) {
        Zipped::Workbook(format) => format,
        Zipped::Other(what) => return Err(Refusal::new(ProblemCode::FileUnknown, what)),
        Zipped::Archive => {
            let entries = archive::read_zip(&mut archive, opening, problems)?;
            return Ok(of_archive(entries, encoding, opening));
        }
    };
    opening.format.set(kind);
    let limits = Limits { unpacked_bytes: opening.unpacked_left, ..*opening.limits };
    let noted = guard::check(&mut archive, &limits)?;
    if kind == Format::Ods {
        boxed::read_ods(bytes, &mut opening.budget, problems)
    } else {
        xlsx::read(bytes, noted, &mut opening.budget, problems)
    }
}

fn read_compound(bytes: &[u8], opening: &mut Opening<'_>, problems: &mut Problems) -> Result<Vec<RawSheet>, Refusal> {
    match compound(bytes) {
        Compound::Workbook => {
            opening.format.set(Format::Xls);
            boxed::read_xls(bytes, &mut opening.budget, problems)
        }
        Compound::Encrypted => {
            opening.format.set(Format::Xlsx);
            Err(Refusal::new(ProblemCode::FileEncrypted, ""))
        }
        Compound::CutOff => Err(Refusal::new(ProblemCode::FileDamaged, "the end is missing")),
        Compound::Other => Err(Refusal::new(ProblemCode::FileUnknown, "OLE")),
    }
}

fn read_text(
    bytes: Vec<u8>,
    encoding: &mut String,
    opening: &mut Opening<'_>,
    problems: &mut Problems,
) -> Result<Vec<RawSheet>, Refusal> {
    let decoded = text::decode(bytes);
    decoded.encoding.clone_into(encoding);
    if decoded.text.trim().is_empty() {
        return Err(Refusal::new(ProblemCode::FileEmpty, "white space only"));
    }
    match sniff::markup(&decoded.text) {
        Markup::Html => {
            opening.format.set(Format::Html);
            tell_other_lines(&decoded, false, problems);
            html::read(&decoded, &mut opening.budget, problems)
        }
        Markup::Xml2003 => {
            opening.format.set(Format::Xml2003);
            xml2003::read(&decoded, &mut opening.budget, problems)
        }
        Markup::Unknown(what) => Err(Refusal::new(ProblemCode::FileUnknown, what)),
        Markup::No => {
            opening.format.set(Format::Csv);
            tell_other_lines(&decoded, true, problems);
            let (kind, sheet) = delimited::read(&decoded, &mut opening.budget, problems)?;
            opening.format.set(kind);
            Ok(vec![sheet])
        }
    }
}

/// Lines in another encoding than the rest; they are rows where lines are.
fn tell_other_lines(decoded: &Decoded, lines_are_rows: bool, problems: &mut Problems) {
    for lines in &decoded.others {
        let which = if lines.first == lines.last {
            lines.first.to_string()
        } else {
            format!("{}–{}", lines.first, lines.last)
        };
        let row = if lines_are_rows { lines.first } else { 0 };
        problems.row(ProblemCode::EncodingMixed, row, &format!("{which} {}", lines.encoding));
    }
}

impl RawFile {
    /// A file of which nothing can be used.
    pub(super) fn refused(format: Format, code: ProblemCode, value: &str) -> Self {
        let mut problems = Problems::default();
        problems.file(code, value);
        RawFile { format, encoding: String::new(), sheets: Vec::new(), problems: problems.finish() }
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
