//! One file per command; what a person asked for becomes a call, and its outcome an exit code.
//!
//! Results go to standard output, progress and log to standard error. This is the only place that prints.

mod args;
mod check;
mod check_file;
mod check_text;
mod clock;
mod close;
mod close_text;
mod completions;
mod date;
mod explain;
mod explain_text;
mod failure;
mod init;
mod keep;
mod logging;
mod man;
mod match_json;
mod match_text;
mod matching;
mod output;
mod progress;
pub mod read_files;
mod reading;
mod report;
mod report_text;
mod run;
mod run_text;
mod sample;
mod shop;
mod status;
mod status_text;
mod surroundings;
mod verify;

use std::process::ExitCode;

use clap::FromArgMatches;

use args::{Cli, Command};
use failure::Failure;

/// What a command ends with where nothing went wrong: 0, or one of 3, 4 and 5.
type Done = Result<u8, Failure>;

/// The whole program: from the arguments to the exit code.
pub fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    // The fenced reader is started often and must be ready at once: no parser, no log.
    if words.get(1).map(String::as_str) == Some("read-files") {
        return read_files::run(&words[2..]);
    }
    let cli = match parse() {
        Ok(cli) => cli,
        Err(said) => {
            let _ = said.print(); // a closed pipe is no reason for another code
            return ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2));
        }
    };
    logging::start(&cli.global);
    #[cfg(feature = "forgettings")]
    if let Ok(rule) = std::env::var("HESUAN_FORGETS") {
        crate::model::forget::forget(&rule);
    }
    // The panic itself is told by the standard hook, with its place.
    let bug = |_| Err(Failure::internal("this is a bug of hesuan; nothing was published"));
    match std::panic::catch_unwind(|| dispatch(&cli)).unwrap_or_else(bug) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.tell(cli.global.log_format);
            ExitCode::from(failure.code)
        }
    }
}

fn parse() -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&args::command().try_get_matches()?)
}

fn dispatch(cli: &Cli) -> Done {
    // Where it cannot be set the signal stays what it was.
    if let Err(error) = surroundings::let_writes_fail() {
        tracing::debug!(%error, "files over a limit on size end the program");
    }
    if !matches!(cli.command, Command::Init(_) | Command::Completions(_) | Command::Man(_)) {
        surroundings::enough_memory()?;
        surroundings::enough_files()?;
    }
    match &cli.command {
        Command::Run(args) => run::run(args, &cli.global),
        Command::Check(args) => check::run(args, &cli.global),
        Command::Status(args) => status::run(args),
        Command::Match(args) => matching::run(args, &cli.global),
        Command::Close(args) => close::close(args, &cli.global),
        Command::Reopen(args) => close::reopen(args),
        Command::Withdraw(args) => keep::withdraw(args),
        Command::Unpublish(args) => keep::unpublish(args),
        Command::Rebuild(args) => keep::rebuild(args, &cli.global),
        Command::Backup(args) => keep::backup(args),
        Command::Restore(args) => keep::restore(args, &cli.global),
        Command::Explain(args) => explain::run(args),
        Command::Report(args) => report::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Init(args) => init::run(args),
        Command::Sample(args) => sample::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
