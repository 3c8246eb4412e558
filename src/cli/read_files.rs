//! The hidden command of the fenced reader: reads the files whose paths come on standard input.

use std::process::ExitCode;

use crate::read::{Limits, serve};

/// The limits as arguments, in the order in which [`args`] writes them.
pub fn run(args: &[String]) -> ExitCode {
    let mut limits = Limits::default();
    let fields: [&mut u64; 5] = [
        &mut limits.file_bytes,
        &mut limits.unpacked_bytes,
        &mut limits.cells,
        &mut limits.memory_bytes,
        &mut limits.seconds_per_file,
    ];
    for (field, text) in fields.into_iter().zip(args) {
        match text.parse() {
            Ok(number) => *field = number,
            Err(_) => return ExitCode::from(2),
        }
    }
    match serve(&limits) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(1),
    }
}

/// The arguments that make a child of this program read within `limits`.
pub fn args(limits: &Limits) -> Vec<String> {
    let numbers =
        [limits.file_bytes, limits.unpacked_bytes, limits.cells, limits.memory_bytes, limits.seconds_per_file];
    std::iter::once("read-files".to_owned()).chain(numbers.iter().map(u64::to_string)).collect()
}
