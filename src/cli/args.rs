//! The arguments that all commands share, the list of commands, and the help that groups them.

use std::fmt::Write as _;

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::{check, close, completions, explain, init, keep, man, matching, report, run, sample, status, verify};

/// Settles a car dealership's books every day: clears each order's settlements against its receipts,
/// and publishes the workbooks.
#[derive(Debug, Parser)]
#[command(name = "hesuan", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Log and progress")]
pub struct Global {
    /// No progress bar, no log but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: log what is done; twice: in detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// How the log on standard error is written; json: one object a line
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

// `read-files`, the hidden command of the fenced reader, is answered before arguments are parsed.
#[derive(Debug, Subcommand)]
pub enum Command {
    Run(run::Args),
    Check(check::Args),
    Status(status::Args),
    Match(matching::Args),
    Close(close::CloseArgs),
    Reopen(close::ReopenArgs),
    Withdraw(keep::WithdrawArgs),
    Unpublish(keep::UnpublishArgs),
    Rebuild(keep::RebuildArgs),
    Backup(keep::BackupArgs),
    Restore(keep::RestoreArgs),
    Explain(explain::Args),
    Report(report::Args),
    Verify(verify::Args),
    Init(init::Args),
    Sample(sample::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The commands in the groups in which `--help` shows them.
const GROUPS: &[(&str, &[&str])] = &[
    ("Every day", &["run", "check", "status"]),
    ("Reconcile", &["match"]),
    ("Every month", &["close", "reopen"]),
    ("Look up", &["explain", "report", "verify"]),
    ("Put right", &["withdraw", "unpublish", "rebuild", "backup", "restore"]),
    ("Set up", &["init", "sample"]),
    ("About the program", &["completions", "man"]),
];

const EXIT_CODES: &str = "\
Exit codes:
  0   published, or nothing was due (exceptions for people are content, not failure)
  1   an internal error
  2   wrong arguments, configuration or spec
  3   an export is missing or cannot be read; what can be made is published and marked incomplete
  4   a control total fails; nothing new is published
  5   --fail-on exceptions was asked for and there are some
  74  the disk is full or cannot be written; nothing new is published
  75  another run holds the shop's lock";

/// The parser, with its commands in groups: clap groups options by itself, commands not.
pub fn command() -> clap::Command {
    let plain = Cli::command();
    let style = plain.get_styles();
    let (head, name) = (*style.get_header(), *style.get_literal());
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n\n");
    for (title, names) in GROUPS {
        let _ = writeln!(text, "{head}{title}:{head:#}"); // a string always takes it
        for own in *names {
            let about = plain.find_subcommand(own).and_then(clap::Command::get_about).cloned().unwrap_or_default();
            let _ = writeln!(text, "  {name}{own:<12}{name:#} {about}");
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{head}Options:{head:#}");
    text.push_str("{options}{after-help}");
    plain.help_template(text).after_help(EXIT_CODES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_command_stands_in_one_group_of_the_help() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        let command = command();
        let mut known: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        grouped.sort_unstable();
        known.sort_unstable();
        assert_eq!(grouped, known);
    }
}
