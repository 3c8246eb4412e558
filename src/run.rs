//! The conductor: one run of one shop, one call a hop.

mod books;
mod changes;
pub mod close;
mod columns;
mod day;
mod exchanged;
pub mod explain;
mod forms;
#[cfg(test)]
mod fuzz_files_tests;
#[cfg(test)]
mod fuzz_tests;
mod inputs;
mod late;
pub mod matching;
mod missing;
mod months;
mod quantities;
mod rolls;
mod shop;
pub mod shown;
mod totals;
mod unread;
mod unusable;
pub mod verify;
mod voids;

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::config::ConfigError;
use crate::ledger::{self, Ledger, LedgerError};
use crate::model::Lang;
use crate::publish::{self, PublishError};
use crate::reconcile::ControlTotal;
use crate::report::ReportError;
use crate::spec::SpecError;

pub use books::Books;
pub use months::Months;
pub use shop::Shop;

/// Takes what is new, then reconciles and publishes each date in turn, and once more those that were incomplete for want
/// of a file that has come now; stops at the first whose control totals fail.
pub fn run(request: &Request, progress: &mut dyn FnMut(usize, usize)) -> Result<Outcome, RunError> {
    let shop = Shop::open(request)?;
    let lock = shop.lock()?;
    publish::sweep(&shop.reports)?;
    let mut ledger = Ledger::open(&shop.ledger)?;
    close::settle_begun(&shop, &mut ledger)?;
    let archive = shop.archive()?;
    tracing::debug!("shop opened");
    let newest_known = ledger.taken()?.last().map_or(0, |(id, _)| *id);
    let mut inbox = shop.look(&lock)?;
    let files_taken = ledger::intake::take(&mut ledger, &archive, &mut inbox, &shop.reader, &shop.reading, progress)?;
    if !request.dry_run {
        ledger.save()?; // what was taken is safe before anything rests on it
    }
    tracing::debug!(files_taken, "inbox taken");
    let books = Books { inbox: inbox.findings, ..Books::load(&ledger, &shop.reading)? };
    tracing::debug!("books read");
    let mut outcome = Outcome { lang: shop.lang, files_taken, dates: Vec::new() };
    let late = late::dates(&shop, &books.records, newest_known, request);
    for date in request.dates.iter().chain(&late) {
        if books.months.is_closed(*date) {
            outcome.dates.extend(request.dates.contains(date).then(|| books.months.outcome(&shop, *date)));
            continue; // the reports of a closed month are never rewritten
        }
        // Recorded before the folder takes its name: a full disk is met while nothing is published yet.
        let mut record = |published: &ledger::Published, _: &crate::reconcile::Clearing| {
            ledger.record_published(published)?;
            ledger.save()
        };
        let day = day::report(&shop, &books, *date, request, day::Purpose::Report, &mut record)?;
        let failed = !day.failed_controls.is_empty();
        outcome.dates.push(day);
        if failed {
            break;
        }
    }
    tracing::debug!("dates reported");
    if !request.dry_run {
        ledger.commit()?;
        tracing::debug!("ledger committed");
    }
    Ok(outcome)
}

/// Why a run could not be made at all; what is wrong with data is in the [`Outcome`].
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RunError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Spec(#[from] SpecError),
    #[error("no report is called `{0}`")]
    UnknownReport(String),
    #[error("{path} cannot be read: {error}")]
    Shop { path: PathBuf, error: std::io::Error },
    #[error("another run holds the shop's lock ({0})")]
    Locked(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("cannot publish: {0}")]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Order(#[from] close::Order),
    #[error("a figure cannot be computed: {0}")]
    Report(#[from] ReportError),
    #[error("a workbook cannot be written: {0}")]
    Book(#[from] crate::workbook::BookError),
}

impl RunError {
    /// The exit code of DESIGN section 3.
    pub fn exit_code(&self) -> u8 {
        match self {
            RunError::Order(_) => 2,
            RunError::Config(_) | RunError::Spec(_) | RunError::UnknownReport(_) | RunError::Shop { .. } => 2,
            RunError::Locked(_) => 75,
            RunError::Publish(_) => 74,
            RunError::Ledger(LedgerError::Newer { .. }) => 2,
            RunError::Ledger(error) if error.is_disk() => 74,
            RunError::Ledger(_) | RunError::Report(_) | RunError::Book(_) => 1,
        }
    }
}

/// What a person or cron asked for.
#[derive(Debug, Clone)]
pub struct Request {
    pub shop: PathBuf,
    /// Reporting dates, oldest first; one run takes what is new once and publishes each date in turn.
    pub dates: Vec<NaiveDate>,
    /// Reports to make though they are not due on the date, beside those that are.
    pub reports: Vec<String>,
    /// Overrides the shop's own language.
    pub lang: Option<Lang>,
    /// Do everything but write: nothing is taken, nothing published.
    pub dry_run: bool,
    /// This program, for the fenced reader.
    pub program: PathBuf,
}

/// What a run did, date by date.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The language people are spoken to in.
    pub lang: Lang,
    /// Files taken from the inbox.
    pub files_taken: usize,
    pub dates: Vec<DateOutcome>,
}

#[derive(Debug, Clone)]
pub struct DateOutcome {
    pub as_of: NaiveDate,
    /// The folder of the date, e.g. `SHOP/reports/2026-10-31`.
    pub folder: PathBuf,
    pub revision: i64,
    /// False where every byte stood there already (or on a dry run).
    pub published: bool,
    /// File name of each workbook and what it holds, e.g. (`收银与销号.xlsx`, titles of its reports).
    pub workbooks: Vec<(String, Vec<String>)>,
    /// Open items by category: title, number of items, sum of differences in fen. Cleared ones are left out.
    pub open_items: Vec<(String, i64, i64)>,
    /// Orders cleared (已销号).
    pub cleared: i64,
    /// Checks that fired: title and number.
    pub checks: Vec<(String, i64)>,
    /// Findings by severity: errors, warnings, infos.
    pub findings: (i64, i64, i64),
    /// Messages of what is missing or unreadable: the date is published as incomplete (exit 3).
    pub missing: Vec<String>,
    /// Control totals that fail, with messages: nothing of this date was published (exit 4).
    pub failed_controls: Vec<ControlTotal>,
    /// What changed against the revision before, in words; empty on the first.
    pub changed: Vec<String>,
    /// What stands in the way of a close, accepted or not; empty for a run.
    pub obstacles: Vec<close::Obstacle>,
    /// The month is closed: its reports stay as they are.
    pub is_closed: bool,
}

impl DateOutcome {
    /// A date of a closed month: nothing was done.
    fn untouched(as_of: NaiveDate, folder: PathBuf, revision: i64) -> DateOutcome {
        DateOutcome {
            as_of,
            folder,
            revision,
            published: false,
            workbooks: Vec::new(),
            open_items: Vec::new(),
            cleared: 0,
            checks: Vec::new(),
            findings: (0, 0, 0),
            missing: Vec::new(),
            failed_controls: Vec::new(),
            changed: Vec::new(),
            obstacles: Vec::new(),
            is_closed: true,
        }
    }
}
