//! The log on standard error: errors and warnings by default, what is done with `-v`.

use std::io::{self, IsTerminal};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use super::args::{Global, LogFormat};

/// Starts the log. Libraries speak only when something is wrong with them.
pub fn start(global: &Global) {
    let level = match global.verbose {
        _ if global.quiet => Level::ERROR,
        0 => Level::WARN,
        1 => Level::INFO,
        2 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let targets = Targets::new().with_default(level.min(Level::WARN)).with_target("hesuan", level);
    let registry = tracing_subscriber::registry().with(targets);
    // Fails only where a log was started already, as in a test.
    let _ = match global.log_format {
        LogFormat::Text => registry.with(text()).try_init(),
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(io::stderr)).try_init(),
    };
}

/// Without times: cron and systemd write their own.
fn text<S>() -> impl tracing_subscriber::Layer<S>
where
    S: tracing::Subscriber + for<'span> tracing_subscriber::registry::LookupSpan<'span>,
{
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    fmt::layer().with_writer(io::stderr).with_ansi(colours).without_time().with_target(false)
}
