//! The bytes of a file: opened in the parent, read in the child, within the limit on its size.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FileType, OFlags, fstat};

use super::limits::Limits;
use super::problems::Refusal;
use super::raw::ProblemCode;

/// Opens a file that is to be read. What is no regular file, or is over the limit on size, is refused before a byte of
/// it is read.
pub(super) fn open(path: &Path, limits: &Limits) -> Result<File, Refusal> {
    // A pipe must not wait for somebody who writes.
    let file = File::options().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path);
    let file = file.map_err(failed)?;
    fits(&file, limits)?;
    Ok(file)
}

/// The whole content of an open file.
pub(super) fn load(file: &File, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let size = fits(file, limits)?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
    // The file may be growing: its size is only what it was a moment ago.
    file.take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limits.file_bytes { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

/// Its size, if it is a regular file within the limit.
fn fits(file: &File, limits: &Limits) -> Result<u64, Refusal> {
    // Not the standard library's way: that asks by a call that could also look at other files, which a child may not.
    let known = fstat(file).map_err(|error| failed(error.into()))?;
    let size = u64::try_from(known.st_size).unwrap_or(0);
    match FileType::from_raw_mode(known.st_mode) {
        FileType::RegularFile if size > limits.file_bytes => Err(too_large(size)),
        FileType::RegularFile => Ok(size),
        _ => Err(Refusal::new(ProblemCode::FileUnknown, "not a regular file")),
    }
}

/// The system's refusal says nothing of the file's content.
fn failed(error: io::Error) -> Refusal {
    Refusal::new(ProblemCode::ReaderFailed, error)
}

fn too_large(size: u64) -> Refusal {
    Refusal::new(ProblemCode::FileTooLarge, format!("{size} bytes"))
}
