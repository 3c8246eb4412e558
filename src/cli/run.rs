//! `hesuan run`: takes what is new and publishes what is due, once for each date asked for.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::ValueEnum;

use super::args::Global;
use super::failure::{CONTROL, EXCEPTIONS, Failure, INCOMPLETE};
use super::progress::Bar;
use super::{Done, clock, date, output, reading, run_text};
use crate::model::Lang;
use crate::run::{Outcome, Request};

/// Take new exports, reconcile, publish what is due
///
/// Takes what is new in SHOP/inbox, clears settlements against receipts and publishes the reports that are due:
/// daily ones for every date, weekly ones for a Sunday, monthly ones for the last day of a month.
/// Dates that are owed are made too, oldest first: those that a run was killed in, that a late file touched, that lacked
/// an export which has come since and, where no date is given, those that were never made.
/// A run that finds nothing new prints nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shop folder
    shop: PathBuf,
    /// The reporting date (default: yesterday in China)
    #[arg(long, value_name = "DATE", value_parser = date::parse, conflicts_with_all = ["from", "to"])]
    as_of: Option<NaiveDate>,
    /// First of several reporting dates
    #[arg(long, value_name = "DATE", value_parser = date::parse, requires = "to")]
    from: Option<NaiveDate>,
    /// Last of several reporting dates
    #[arg(long, value_name = "DATE", value_parser = date::parse, requires = "from")]
    to: Option<NaiveDate>,
    /// Make this report too, though it is not due on the date; may be given several times
    #[arg(long = "report", value_name = "ID")]
    reports: Vec<String>,
    /// Language of workbooks and summary (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Do everything but write
    #[arg(long)]
    dry_run: bool,
    /// End with exit code 5 where open items are left or checks fired
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// Print the outcome as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    // Open items, or checks that fired.
    Exceptions,
}

pub fn run(args: &Args, global: &Global) -> Done {
    let request = request(args)?;
    let mut bar = Bar::new(global);
    let result = crate::run::run(&request, &mut |done, all| bar.show(done, all));
    bar.clear();
    let outcome = result.map_err(|error| Failure::new(error.exit_code(), error))?;
    let code = exit_code(&outcome, args.fail_on);
    let quiet = code == 0 && !args.dry_run && is_idle(&outcome);
    match (args.json, quiet) {
        (true, _) => output::print_json(&run_text::json(&outcome, code))?,
        (false, true) => tracing::info!("nothing new"),
        (false, false) => output::print(&run_text::summary(&outcome, args.dry_run))?,
    }
    Ok(code)
}

fn request(args: &Args) -> Result<Request, Failure> {
    Ok(Request {
        dates: dates(args)?,
        is_ordinary: args.as_of.is_none() && args.from.is_none(),
        tells_all: args.json || args.fail_on.is_some(),
        reports: args.reports.clone(),
        dry_run: args.dry_run,
        ..reading::request(&args.shop, args.lang)?
    })
}

fn dates(args: &Args) -> Result<Vec<NaiveDate>, Failure> {
    let (Some(from), Some(to)) = (args.from, args.to) else {
        return Ok(vec![args.as_of.unwrap_or_else(clock::yesterday)]);
    };
    if from > to {
        return Err(Failure::usage(format!("--from {from} is after --to {to}"), "give the earlier date first"));
    }
    Ok(from.iter_days().take_while(|date| *date <= to).collect())
}

/// The gravest of what the dates say: 4, then 3, then 5.
fn exit_code(outcome: &Outcome, fail_on: Option<FailOn>) -> u8 {
    let dates = &outcome.dates;
    if dates.iter().any(|date| !date.failed_controls.is_empty()) {
        CONTROL
    } else if dates.iter().any(|date| !date.missing.is_empty()) {
        INCOMPLETE
    } else if fail_on.is_some() && dates.iter().any(|date| !date.open_items.is_empty() || !date.checks.is_empty()) {
        EXCEPTIONS
    } else {
        0
    }
}

/// Nothing taken, nothing published: under cron, nothing is said.
fn is_idle(outcome: &Outcome) -> bool {
    outcome.files_taken == 0
        && outcome.notices.is_empty()
        && outcome.dates.iter().all(|date| !date.published && !date.is_closed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::run_text::tests::outcome;

    #[test]
    fn the_gravest_outcome_decides_the_exit_code() {
        let mut outcome = outcome();
        assert_eq!(exit_code(&outcome, Some(FailOn::Exceptions)), CONTROL);
        outcome.dates[0].failed_controls.clear();
        assert_eq!(exit_code(&outcome, Some(FailOn::Exceptions)), INCOMPLETE);
        outcome.dates[0].missing.clear();
        assert_eq!(exit_code(&outcome, Some(FailOn::Exceptions)), EXCEPTIONS);
        assert_eq!(exit_code(&outcome, None), 0);
    }

    #[test]
    fn a_run_that_did_nothing_is_idle() {
        let mut outcome = outcome();
        assert!(!is_idle(&outcome));
        outcome.files_taken = 0;
        assert!(!is_idle(&outcome));
        outcome.dates[0].published = false;
        assert!(is_idle(&outcome));
    }
}
