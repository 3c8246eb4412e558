//! The child's side of the fence: limits itself, reads the files it is told, answers, ends with its input.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::file::read_file;
use super::limits::Limits;
use super::wire;

/// What a child says first, so that its parent knows that it is one.
pub(super) const HELLO: &[u8; 16] = b"hesuan reader 1\n";

/// Reads files for a parent process until it closes standard input.
///
/// In: for each file the length of its path (4 bytes, little-endian) and the path.
/// Out: [`HELLO`] once, then for each file in turn the length of the record (8 bytes) and the record.
///
/// Address space and, file by file, processor time are limited by the kernel: whoever runs into them dies, and the
/// parent draws the conclusion. This must be the only thing that its process does.
pub fn serve(limits: &Limits) -> io::Result<()> {
    let started = Instant::now();
    limit(Resource::Core, 0)?;
    limit(Resource::As, limits.memory_bytes)?;
    // A caught panic is in the answer; its message on standard error would only fill the pipe.
    std::panic::set_hook(Box::new(|_| {}));
    let mut input = BufReader::new(io::stdin().lock());
    // Past the line buffer of `Stdout`, which would cut the records at every byte 10.
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    output.write_all(HELLO)?;
    let mut answer = Vec::new();
    while let Some(path) = next_path(&mut input)? {
        // A process has used no more processor time than has passed, so this never comes too early.
        let passed = started.elapsed().as_secs();
        limit(Resource::Cpu, passed.saturating_add(limits.seconds_per_file).saturating_add(2))?;
        let file = read_file(Path::new(OsStr::from_bytes(&path)), limits);
        answer.clear();
        answer.extend_from_slice(&[0; 8]);
        wire::encode(&file, &mut answer);
        // Freed before the write: the parent builds the same tables from the answer at this very time.
        drop(file);
        let length = (answer.len() as u64 - 8).to_le_bytes();
        answer[..8].copy_from_slice(&length);
        output.write_all(&answer)?;
        answer.shrink_to(16 << 20);
    }
    Ok(())
}

/// The next path, or nothing at the end of the input.
fn next_path(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    // An end in the middle of a request is one too: the parent has gone.
    match input.read_exact(&mut length) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut path = Vec::new();
    input.take(u64::from(u32::from_le_bytes(length))).read_to_end(&mut path)?;
    Ok(Some(path))
}

/// Lowers a soft limit, as far as the hard one of the surroundings lets it stand.
fn limit(resource: Resource, value: u64) -> io::Result<()> {
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(value, |most| value.min(most)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}
