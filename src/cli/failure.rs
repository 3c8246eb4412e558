//! Why a command stopped: its exit code, and what is said on standard error.

use std::io::{self, IsTerminal, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, Report};

use super::args::LogFormat;
use crate::model::strangers::escaped;

/// An internal error: a bug.
pub const INTERNAL: u8 = 1;
/// Wrong arguments, configuration or spec.
pub const USAGE: u8 = 2;
/// An export is missing or cannot be read.
pub const INCOMPLETE: u8 = 3;
/// A control total fails.
pub const CONTROL: u8 = 4;
/// Exceptions were to count as failure, and there are some.
pub const EXCEPTIONS: u8 = 5;
/// The disk is full or cannot be written.
pub const DISK: u8 = 74;

/// A command that stopped.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    report: Report,
}

impl Failure {
    pub fn new(code: u8, error: impl Diagnostic + Send + Sync + 'static) -> Failure {
        Failure { code, report: Report::new(error) }
    }

    /// Wrong arguments or configuration, in words.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure::with_help(USAGE, message, help)
    }

    /// A message and what to do about it.
    pub fn with_help(code: u8, message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure { code, report: miette::miette!(help = help.into(), "{}", message.into()) }
    }

    /// A file or folder that cannot be written.
    pub fn disk(what: impl std::fmt::Display, error: &io::Error) -> Failure {
        Failure { code: DISK, report: miette::miette!("{what}: {error}") }
    }

    /// A file or folder that was named and cannot be read.
    pub fn unreadable(what: impl std::fmt::Display, error: &io::Error) -> Failure {
        Failure { code: USAGE, report: miette::miette!("{what} cannot be read: {error}") }
    }

    pub fn internal(message: impl Into<String>) -> Failure {
        Failure { code: INTERNAL, report: miette::miette!("{}", message.into()) }
    }

    /// Says it on standard error: drawn on a terminal, in plain lines elsewhere, as a log record in a JSON log.
    pub fn tell(&self, format: LogFormat) {
        let text = match format {
            LogFormat::Json => {
                let help = self.report.help().map(|h| h.to_string()).unwrap_or_default();
                tracing::error!(exit = self.code, help, "{}", self.message());
                return;
            }
            LogFormat::Text if io::stderr().is_terminal() => self.drawn(),
            LogFormat::Text => self.plain(),
        };
        let _ = io::stderr().write_all(text.as_bytes()); // nowhere left to say it
    }

    /// The error and what it comes from, on one line.
    fn message(&self) -> String {
        let mut words = escaped(&self.report.to_string()).into_owned();
        for cause in self.report.chain().skip(1) {
            let cause = cause.to_string();
            if !words.contains(&cause) {
                words = format!("{words}: {cause}");
            }
        }
        words
    }

    fn plain(&self) -> String {
        let help = self.report.help().map_or_else(String::new, |help| format!("  help: {help}\n"));
        format!("hesuan: {}\n{help}", self.message().trim_end())
    }

    fn drawn(&self) -> String {
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let theme = if colours { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let mut text = String::new();
        match GraphicalReportHandler::new_themed(theme).render_report(&mut text, self.report.as_ref()) {
            Ok(()) => text,
            Err(_) => self.plain(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_carry_message_and_help() {
        let failure = Failure::usage("x.toml:3: unknown column `ordr_no`", "did you mean `order_no`?");
        assert_eq!(failure.code, USAGE);
        assert_eq!(failure.plain(), "hesuan: x.toml:3: unknown column `ordr_no`\n  help: did you mean `order_no`?\n");
    }
}
