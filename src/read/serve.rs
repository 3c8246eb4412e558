//! The child's side of the fence: limits and confines itself, reads the files it is handed, answers, ends with its input.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::confine::confine;
use super::file::read_open;
use super::handover;
use super::limits::Limits;
use super::raw::{ProblemCode, RawFile};
use super::wire;

/// What a child says first, so that its parent knows that it is one; a byte on its fences follows.
pub(super) const HELLO: &[u8; 16] = b"hesuan reader 2\n";

/// Reads files for a parent process until it closes standard input.
///
/// In: a socket, over which each file comes as an open descriptor ([`handover`]).
/// Out: [`HELLO`] and the mark of [`super::confine::Confined`] once, then for each file in turn the length of the record
/// (8 bytes) and the record.
///
/// Address space and, file by file, processor time are limited by the kernel: whoever runs into them dies, and the
/// parent draws the conclusion. This must be the only thing that its process does.
pub fn serve(limits: &Limits) -> io::Result<()> {
    let started = Instant::now();
    limit(Resource::Core, 0)?;
    limit(Resource::As, limits.memory_bytes)?;
    // A caught panic is in the answer; its message on standard error would only fill the pipe.
    std::panic::set_hook(Box::new(|_| {}));
    let input = io::stdin();
    // Past the line buffer of `Stdout`, which would cut the records at every byte 10.
    let mut output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let confined = confine();
    output.write_all(HELLO)?;
    output.write_all(&[confined.mark()])?;
    let mut answer = Vec::new();
    while let Some(file) = handover::take(&input)? {
        // A process has used no more processor time than has passed, so this never comes too early.
        let passed = started.elapsed().as_secs();
        limit(Resource::Cpu, passed.saturating_add(limits.seconds_per_file).saturating_add(2))?;
        encode(&read_open(&file, limits), limits, &mut answer);
        output.write_all(&answer)?;
        answer.shrink_to(16 << 20);
    }
    Ok(())
}

/// Puts the record of `file`, its length before it, into `answer`; one that is longer than a parent takes is refused.
fn encode(file: &RawFile, limits: &Limits, answer: &mut Vec<u8>) {
    let put = |file: &RawFile, answer: &mut Vec<u8>| {
        answer.clear();
        answer.extend_from_slice(&[0; 8]);
        wire::encode(file, answer);
        answer.len() as u64 - 8
    };
    let mut length = put(file, answer);
    if length > limits.answer_bytes() {
        let refused = RawFile::refused(file.format, ProblemCode::FileTooLarge, &format!("{length} bytes of cells"));
        length = put(&refused, answer);
    }
    answer[..8].copy_from_slice(&length.to_le_bytes());
}

/// Lowers a soft limit, as far as the hard one of the surroundings lets it stand.
fn limit(resource: Resource, value: u64) -> io::Result<()> {
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(value, |most| value.min(most)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}
