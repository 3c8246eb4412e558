//! One file, whatever it is, to raw tables. Never fails: what is wrong is in the result.

use std::cell::Cell as Shared;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::compound::{Compound, compound};
use super::limits::{Budget, Limits};
use super::problems::{Problems, Refusal};
use super::raw::{Format, ProblemCode, RawFile, RawSheet};
use super::sniff::{Kind, Markup};
use super::{boxed, delimited, guard, html, sniff, text, xlsx};

/// Reads a file in this process.
///
/// A library's panic is caught and becomes a problem. What cannot be caught (an allocation that aborts, a loop without
/// end) is what [`super::read_all`] is for; this one is what its children run, and tests.
pub fn read_file(path: &Path, limits: &Limits) -> RawFile {
    let bytes = match load(path, limits) {
        Ok(bytes) => bytes,
        Err(refusal) => return RawFile::refused(Format::Unknown, refusal.code, &refusal.said),
    };
    let format = Shared::new(Format::Unknown);
    // Nothing that a panic leaves half-done is looked at again: the format is one word, the rest is dropped.
    let read = catch_unwind(AssertUnwindSafe(|| read_bytes(bytes, limits, &format)));
    read.unwrap_or_else(|panic| RawFile::refused(format.get(), ProblemCode::ReaderFailed, &said(&*panic)))
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panic: {}", text.unwrap_or("?"))
}

fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let failed = |e: std::io::Error| Refusal::new(ProblemCode::ReaderFailed, e);
    let too_large = |size: u64| Refusal::new(ProblemCode::FileTooLarge, format!("{size} bytes"));
    let known = std::fs::metadata(path).map_err(failed)?;
    // A pipe or a device would be read for ever.
    if !known.is_file() {
        return Err(Refusal::new(ProblemCode::FileUnknown, "not a regular file"));
    }
    if known.len() > limits.file_bytes {
        return Err(too_large(known.len()));
    }
    let mut bytes = Vec::with_capacity(known.len() as usize + 1);
    let file = std::fs::File::open(path).map_err(failed)?;
    // The file may be growing: its size is only what it was a moment ago.
    file.take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limits.file_bytes { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

fn read_bytes(bytes: Vec<u8>, limits: &Limits, format: &Shared<Format>) -> RawFile {
    let mut problems = Problems::default();
    let mut encoding = "";
    let budget = &mut Budget::new(limits);
    let read = match sniff::kind(&bytes) {
        Kind::Empty => Err(Refusal::new(ProblemCode::FileEmpty, "0 bytes")),
        Kind::Unknown(what) => Err(Refusal::new(ProblemCode::FileUnknown, what)),
        Kind::Zip => read_zip(&bytes, limits, format, budget, &mut problems),
        Kind::Compound => read_compound(&bytes, format, budget, &mut problems),
        Kind::Text => read_text(bytes, &mut encoding, format, budget, &mut problems),
    };
    let sheets = read.unwrap_or_else(|refusal| {
        problems.file(refusal.code, &refusal.said);
        Vec::new()
    });
    RawFile { format: format.get(), encoding: encoding.to_owned(), sheets, problems: problems.finish() }
}

fn read_zip(
    bytes: &[u8],
    limits: &Limits,
    format: &Shared<Format>,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<Vec<RawSheet>, Refusal> {
    let mut archive = guard::open(Cursor::new(bytes)).inspect_err(|_| format.set(sniff::cut_zip(bytes)))?;
    let kind = sniff::zipped(&mut archive).map_err(|what| Refusal::new(ProblemCode::FileUnknown, what))?;
    format.set(kind);
    let noted = guard::check(&mut archive, limits)?;
    if kind == Format::Ods {
        boxed::read_ods(bytes, budget, problems)
    } else {
        xlsx::read(bytes, noted, budget, problems)
    }
}

fn read_compound(
    bytes: &[u8],
    format: &Shared<Format>,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<Vec<RawSheet>, Refusal> {
    match compound(bytes) {
        Compound::Workbook => {
            format.set(Format::Xls);
            boxed::read_xls(bytes, budget, problems)
        }
        Compound::Encrypted => {
            format.set(Format::Xlsx);
            Err(Refusal::new(ProblemCode::FileEncrypted, ""))
        }
        Compound::CutOff => Err(Refusal::new(ProblemCode::FileDamaged, "the end is missing")),
        Compound::Other => Err(Refusal::new(ProblemCode::FileUnknown, "OLE")),
    }
}

fn read_text(
    bytes: Vec<u8>,
    encoding: &mut &'static str,
    format: &Shared<Format>,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<Vec<RawSheet>, Refusal> {
    let decoded = text::decode(bytes);
    *encoding = decoded.encoding;
    if decoded.text.trim().is_empty() {
        return Err(Refusal::new(ProblemCode::FileEmpty, "white space only"));
    }
    match sniff::markup(&decoded.text) {
        Markup::Html => {
            format.set(Format::Html);
            html::read(&decoded, budget, problems)
        }
        Markup::Unknown(what) => Err(Refusal::new(ProblemCode::FileUnknown, what)),
        Markup::No => {
            format.set(Format::Csv);
            let (kind, sheet) = delimited::read(&decoded, budget, problems)?;
            format.set(kind);
            Ok(vec![sheet])
        }
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
