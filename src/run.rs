//! The conductor: one run of one shop, one call a hop.

mod books;
mod changes;
pub mod close;
mod columns;
mod dates;
mod day;
mod exchanged;
pub mod explain;
mod forms;
#[cfg(test)]
mod fuzz_files_tests;
#[cfg(test)]
mod fuzz_tests;
mod inputs;
mod kept;
pub mod matching;
mod missing;
mod months;
pub mod owed;
mod put;
mod quantities;
pub mod rebuild;
pub mod reckoning;
mod rolls;
mod shop;
pub mod shown;
mod totals;
mod unread;
mod unusable;
pub mod verify;
mod voids;
pub mod withdraw;

use std::collections::{BTreeMap, BTreeSet};
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

/// Takes what is new, then reconciles and publishes each date asked for and each that is owed, oldest first; stops at the
/// first whose control totals fail.
pub fn run(request: &Request, progress: &mut dyn FnMut(usize, usize)) -> Result<Outcome, RunError> {
    let shop = Shop::open(request)?;
    let lock = shop.lock()?;
    let mut ledger = open(&shop, request)?;
    let archive = shop.archive()?;
    tracing::debug!("shop opened");
    let mut inbox = shop.look(&lock)?;
    let files_taken = ledger::intake::take(&mut ledger, &archive, &mut inbox, &shop.reader, &shop.reading, progress)?;
    tracing::debug!(files_taken, "inbox taken");
    let books = Books { inbox: inbox.findings, ..Books::load(&ledger, &shop.reading)? };
    tracing::debug!("books read");
    let asked = dates::sensible(&books, request);
    let owed = owed::dates(&shop, &ledger, request, Some(books.inbox.len()))?;
    if !request.dry_run {
        // What was taken and what is owed for it are safe together, before anything rests on them.
        ledger.note_asked(asked.as_deref().unwrap_or_default())?;
        ledger.save()?;
    }
    let asked = asked?;
    let mut outcome = Outcome { lang: shop.lang, files_taken, dates: Vec::new(), notices: ledger.notices() };
    let all: BTreeSet<NaiveDate> = asked.iter().chain(owed.keys()).copied().collect();
    for date in all {
        if books.months.is_closed(date) {
            outcome.dates.push(books.months.outcome(&shop, &books, date));
            continue; // the reports of a closed month are never rewritten
        }
        if let Some(kept) = kept::kept(&shop, &books, date, request).filter(|_| !owed.contains_key(&date)) {
            outcome.dates.push(kept);
            continue;
        }
        // Recorded before the folder takes its name: a full disk is met while nothing is published yet.
        let mut record = |published: &ledger::Published, _: &crate::reconcile::Clearing| {
            ledger.record_published(published, owed.contains_key(&date))?;
            ledger.save()
        };
        let mut day = day::report(&shop, &books, date, request, day::Purpose::Report, &mut record)?;
        day.owed = owed.get(&date).copied();
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
        shop.back_up().map_err(|error| RunError::Backup(Box::new(error)))?;
    }
    Ok(outcome)
}

/// Opens a shop's ledger and ends what a run before began and was killed in: a folder that was written down takes its
/// name, and a close is made where its pack stands.
fn open(shop: &Shop, request: &Request) -> Result<Ledger, RunError> {
    if let Some(date) = reported_without_ledger(shop) {
        return Err(LedgerError::Lost(format!("reports/{date} was published")).into());
    }
    let mut ledger = Ledger::open(&shop.ledger)?.stamped(&request.at);
    if !request.dry_run {
        settle(shop, &mut ledger)?;
    }
    Ok(ledger)
}

/// A published date of a shop that has no ledger at all.
fn reported_without_ledger(shop: &Shop) -> Option<String> {
    if shop.ledger.join("ledger.db").exists() || shop.ledger.join("journal.log").exists() {
        return None;
    }
    let entries = std::fs::read_dir(&shop.reports).into_iter().flatten().flatten();
    let dated = entries.filter(|entry| entry.path().join(publish::MANIFEST).exists());
    let mut names: Vec<String> = dated.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.into_iter().find(|name| name.parse::<NaiveDate>().is_ok())
}

fn settle(shop: &Shop, ledger: &mut Ledger) -> Result<(), RunError> {
    let newest: BTreeMap<String, String> =
        ledger.published()?.into_iter().map(|p| (p.as_of.to_string(), p.manifest_sha256)).collect();
    ledger.note_upgrade(&shop.own)?;
    publish::sweep(&shop.reports, &|date, sha256| newest.get(date).is_some_and(|held| held == sha256))?;
    for published in ledger.withdrawn_reports()? {
        let date = published.as_of.to_string();
        if publish::holds_manifest(&shop.reports.join(&date), &published.manifest_sha256) {
            publish::take_back(&shop.reports, &date, published.revision)?;
        }
    }
    close::settle_begun(shop, ledger)?;
    Ok(())
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
    #[error("hesuan.toml names no folder for backups: add `[backup]` with `folder = \"...\"`")]
    NoBackup,
    #[error("everything was published, but not copied to the backup's folder: {0}")]
    Backup(Box<RunError>),
    #[error("another run holds the shop's lock ({0})")]
    Locked(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("cannot publish: {0}")]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Date(#[from] dates::DateError),
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
            RunError::Publish(_) | RunError::Backup(_) => 74,
            RunError::Ledger(error) => error.exit_code(),
            RunError::Date(_) | RunError::NoBackup => 2,
            RunError::Report(_) | RunError::Book(_) => 1,
        }
    }
}

/// What a person or cron asked for.
#[derive(Debug, Clone)]
pub struct Request {
    pub shop: PathBuf,
    /// Reporting dates, oldest first; one run takes what is new once and publishes each date in turn.
    pub dates: Vec<NaiveDate>,
    /// No date was typed: what cron asks for every night. Dates that were never made are made too.
    pub is_ordinary: bool,
    /// Today in the shop: a date that has not ended is never complete.
    pub today: NaiveDate,
    /// Now, in words: it stands in the log and decides nothing.
    pub at: String,
    /// What the dates come to is to be told, also of those that nothing has changed in.
    pub tells_all: bool,
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
    /// What was put right before anything was taken.
    pub notices: Vec<ledger::Notice>,
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
    /// The date was not asked for: why it was made.
    pub owed: Option<owed::Why>,
    /// Nothing has come since it was published: it was left as it is, and nothing was counted.
    pub is_kept: bool,
    /// On a dry run: hash of the manifest that its newest revision would have.
    pub would_be: Option<String>,
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
            owed: None,
            is_kept: false,
            would_be: None,
        }
    }
}
