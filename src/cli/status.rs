//! `hesuan status`: the last run, what is missing, what is open and how old it is, what is due next. Changes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};

use super::failure::Failure;
use super::{Done, clock, output, reading, status_text};
use crate::finding::Code;
use crate::ledger::{Close, Ledger, LedgerError};
use crate::model::Lang;
use crate::reconcile::{AGE_BUCKETS, age_bucket};
use crate::report::Span;
use crate::run::Request;
use crate::run::owed::{self, Why};

/// Show the last run, missing exports, open exceptions by age and what is due next
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shop folder
    shop: PathBuf,
    /// Language (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// How a shop stands.
#[derive(Debug, Default)]
pub struct Status {
    pub code: String,
    pub name: String,
    pub today: NaiveDate,
    /// Files that the ledger holds.
    pub files: usize,
    pub last: Option<LastRun>,
    /// Dates that the next run makes beside yesterday, and why.
    pub owed: BTreeMap<NaiveDate, Why>,
    /// Every close and reopening, oldest first.
    pub closes: Vec<Close>,
    /// Closes that a run was killed in: the next run makes them or drops them.
    pub begun: Vec<Close>,
    /// Monthly reports with a day on which they are handed in: the day of the next month, their titles in both languages.
    pub handed_in: BTreeMap<u32, Vec<(String, String)>>,
}

/// The newest date that was published.
#[derive(Debug, Default)]
pub struct LastRun {
    pub as_of: NaiveDate,
    pub revision: i64,
    /// Whether the folder of that date can still be read.
    pub folder: PathBuf,
    pub is_readable: bool,
    /// Messages of missing exports, and of files that could not be read.
    pub missing: Vec<String>,
    /// By kind (`clearing`, `check`) and code: numbers by age, differences in fen.
    pub open: BTreeMap<(String, String), Open>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Open {
    pub by_age: [u64; AGE_BUCKETS.len()],
    pub fen: i64,
}

pub fn run(args: &Args) -> Done {
    let shop = reading::open(&args.shop, args.lang)?;
    let (code, name) = (shop.config.code.clone(), shop.config.name.clone());
    let mut status = Status { code, name, today: clock::today(), ..Status::default() };
    for report in &shop.catalogue.reports {
        if let Some(day) = report.due_day {
            status.handed_in.entry(day).or_default().push((report.zh.clone(), report.en.clone()));
        }
    }
    if let Some(ledger) = Ledger::open_read(&args.shop.join("ledger")).map_err(failure)? {
        status.files = ledger.taken().map_err(failure)?.len();
        status.closes = ledger.closes().map_err(failure)?;
        status.begun = ledger.begun_closes().map_err(failure)?;
        status.last = last_run(&args.shop, &ledger)?;
        let cron =
            Request { dates: vec![clock::yesterday()], is_ordinary: true, ..reading::request(&args.shop, None)? };
        status.owed = owed::dates(&shop, &ledger, &cron, None).map_err(failure)?;
    }
    match args.json {
        true => output::print_json(&status_text::json(&status))?,
        false => output::print(&status_text::text(&status, shop.lang))?,
    }
    Ok(0)
}

fn failure(error: LedgerError) -> Failure {
    Failure::from(error)
}

fn last_run(shop: &Path, ledger: &Ledger) -> Result<Option<LastRun>, Failure> {
    let published = ledger.published().map_err(failure)?;
    let Some(newest) = published.last() else { return Ok(None) };
    let folder = shop.join("reports").join(newest.as_of.to_string());
    let mut last = LastRun { as_of: newest.as_of, revision: newest.revision, folder, ..LastRun::default() };
    let missing = rows(&last.folder.join("findings.csv"), &["code", "message", "file"]);
    let open = rows(&last.folder.join("exceptions.csv"), &["kind", "code", "diff_fen", "age_days"]);
    if let (Some(missing), Some(open)) = (missing, open) {
        last.is_readable = true;
        last.missing = missing.iter().filter_map(|row| message(row)).collect();
        for row in &open {
            add(&mut last.open, row);
        }
    }
    Ok(Some(last))
}

/// The message of a finding that makes a date incomplete.
fn message(row: &[String]) -> Option<String> {
    let [code, message, file] = row else { return None };
    let is_unread = Code::from_id(code).is_some_and(Code::is_unread);
    let words = if file.is_empty() { message.clone() } else { format!("{file}: {message}") };
    is_unread.then_some(words)
}

fn add(open: &mut BTreeMap<(String, String), Open>, row: &[String]) {
    let [kind, code, fen, age] = row else { return };
    let entry = open.entry((kind.clone(), code.clone())).or_default();
    let bucket = age_bucket(age.parse().unwrap_or_default());
    let place = AGE_BUCKETS.iter().position(|b| *b == bucket).unwrap_or_default();
    entry.by_age[place] += 1;
    entry.fen = entry.fen.saturating_add(fen.parse().unwrap_or_default());
}

/// Some columns of a published csv file; `None` where it is gone or not ours.
fn rows(path: &Path, columns: &[&str]) -> Option<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(path).ok()?;
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().ok()?.clone();
    let places: Option<Vec<usize>> = columns.iter().map(|c| headings.iter().position(|h| h == *c)).collect();
    let places = places?;
    let row =
        |record: csv::StringRecord| places.iter().map(|p| record.get(*p).unwrap_or_default().to_owned()).collect();
    reader.into_records().map(|record| record.ok().map(row)).collect()
}

/// The next dates that daily, weekly and monthly reports are due for, after the last published one.
pub fn next_due(status: &Status) -> [NaiveDate; 3] {
    let yesterday = status.today.checked_sub_days(Days::new(1)).unwrap_or(status.today);
    let daily = match &status.last {
        Some(last) => last.as_of.checked_add_days(Days::new(1)).unwrap_or(last.as_of),
        None => yesterday,
    };
    [Span::Daily, Span::Weekly, Span::Monthly]
        .map(|span| daily.iter_days().take(31).find(|date| span.is_due(*date)).unwrap_or(daily))
}

/// The next day of that number, today included: when the reports of the month before are handed in.
pub fn next_day(today: NaiveDate, day: u32) -> NaiveDate {
    today.iter_days().take(62).find(|date| date.day() == day).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_due_dates_follow_the_last_published_one() {
        let last = LastRun { as_of: "2026-10-28".parse().unwrap(), ..LastRun::default() };
        let status = Status { today: "2026-11-02".parse().unwrap(), last: Some(last), ..Status::default() };
        assert_eq!(next_due(&status).map(|d| d.to_string()), ["2026-10-29", "2026-11-01", "2026-10-31"]);
    }

    #[test]
    fn what_is_handed_in_on_the_third_is_due_on_the_next_third() {
        let on = |today: &str| next_day(today.parse().unwrap(), 3).to_string();
        assert_eq!([on("2026-11-03"), on("2026-11-04"), on("2026-12-31")], ["2026-11-03", "2026-12-03", "2027-01-03"]);
    }

    #[test]
    fn exceptions_are_counted_by_age() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("exceptions.csv");
        let text = "\u{feff}kind,code,order_no,receipt_no,amount_fen,due_fen,received_fen,diff_fen,event_date,age_days,source,detail\r\n\
                    clearing,unpaid,J1,,0,500,0,500,2026-10-01,30,a.xlsx,\r\n\
                    clearing,unpaid,J2,,0,700,0,700,2026-10-31,0,a.xlsx,\"x, y\"\r\n";
        std::fs::write(&path, text).unwrap();
        let mut open = BTreeMap::new();
        for row in rows(&path, &["kind", "code", "diff_fen", "age_days"]).unwrap() {
            add(&mut open, &row);
        }
        let unpaid = &open[&("clearing".to_owned(), "unpaid".to_owned())];
        assert_eq!(*unpaid, Open { by_age: [1, 0, 0, 1, 0, 0], fen: 1200 });
        assert_eq!(rows(&path, &["kind", "no such column"]), None);
    }
}
