//! The hidden command of the fenced reader: reads the files whose paths come on standard input.

use std::process::ExitCode;

use crate::read::{Limits, serve};

/// The limits as arguments, as [`crate::read::child_args`] writes them.
pub fn run(args: &[String]) -> ExitCode {
    let Some(limits) = Limits::from_args(args) else { return ExitCode::from(2) };
    match serve(&limits) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(1),
    }
}
