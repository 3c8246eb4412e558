//! Whether a shop's ledger still is what it was: every file by its hash, everything derived anew and compared, every
//! published file of every revision, every control total computed anew.

use chrono::NaiveDate;

use super::day::Purpose;
use super::rebuild::derived;
use super::{Books, Request, RunError, Shop};
use crate::ledger::{Archive, Close, Ledger, LedgerError, Published};
use crate::model::Fen;
use crate::model::dates::last_of_month;
use crate::publish::{self, MANIFEST};
use crate::reconcile::{self, ControlTotal};

/// What was checked, and what does not hold.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Files of the archive.
    pub files: usize,
    /// Published dates, each in its newest revision.
    pub dates: usize,
    /// Workbooks and lists of those dates.
    pub published_files: usize,
    /// Control totals as of the last published date.
    pub controls: usize,
    /// Months that are closed.
    pub closed: usize,
    /// Lines of the log.
    pub lines: usize,
    /// Whether everything was derived anew and compared: not where the specs have changed since the last run.
    pub is_compared: bool,
    pub wrong: Vec<Wrong>,
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A file of the archive is gone: name, hash.
    Gone(String, String),
    /// A file of the archive has other content: name, hash.
    Changed(String, String),
    /// The database itself is damaged: what SQLite says.
    Database(String),
    /// The log beside the archive does not say what the database says, from this line on.
    Log(usize),
    /// A table does not hold what the archive gives; the first file in which it differs.
    Rows(String, String),
    /// A former revision that was kept is gone or edited.
    Kept(NaiveDate, i64),
    /// A published folder has no manifest any more.
    NoManifest(NaiveDate),
    /// A published file is not the one that was published: date, name.
    Edited(NaiveDate, String),
    /// A control total fails: name, left, right.
    Control(String, i64, i64),
    /// The pack of a closed month is not the one that it was closed with.
    Close(NaiveDate),
}

/// Checks everything; reads only. `quick` leaves out what must be derived anew.
pub fn verify(
    shop: &Shop,
    ledger: &Ledger,
    as_of: NaiveDate,
    request: &Request,
    quick: bool,
) -> Result<Verdict, RunError> {
    let mut verdict = Verdict::default();
    verdict.wrong.extend(ledger.integrity()?.into_iter().map(Wrong::Database));
    archive(shop, ledger, &mut verdict)?;
    let lines = log(shop, ledger, &mut verdict)?;
    let is_whole = verdict.wrong.is_empty();
    let newest = newest(&ledger.published()?);
    for published in &newest {
        verdict.dates += 1;
        folder(shop, published, &mut verdict);
    }
    for published in ledger.former_revisions()? {
        let folder = publish::kept(&shop.reports, &published.as_of.to_string(), published.revision);
        verdict.published_files += published.files.len();
        if !publish::changed_files(&folder, &published.files).is_empty() {
            verdict.wrong.push(Wrong::Kept(published.as_of, published.revision));
        }
    }
    for (month, close) in &ledger.closed()? {
        verdict.closed += 1;
        verdict.wrong.extend(closed_month(shop, ledger, *month, close)?);
    }
    // With a damaged archive or log there is nothing to go by.
    if !quick && is_whole {
        verdict.is_compared = ledger.is_derived_by(&shop.reading.digest)?;
        if verdict.is_compared {
            compare(shop, ledger, &lines, &mut verdict)?;
        }
    }
    let controls = super::day::controls(shop, &Books::load(ledger, &shop.reading)?, as_of, request)?;
    verdict.controls = controls.len();
    let failing = controls.into_iter().filter(|c| !c.holds());
    verdict.wrong.extend(failing.map(|c| Wrong::Control(c.name, c.left, c.right)));
    Ok(verdict)
}

/// Dates that would come out otherwise with this program than with the one that published them, made but not written.
pub fn since_upgrade(shop: &Shop, ledger: &Ledger, request: &Request) -> Result<Vec<NaiveDate>, RunError> {
    let books = Books::load(ledger, &shop.reading)?;
    let mut other = Vec::new();
    for published in newest(&ledger.published()?).into_iter().filter(|p| p.made_by != shop.made_by) {
        let request = Request { dates: vec![published.as_of], dry_run: true, ..request.clone() };
        let mut nothing = |_: &Published, _: &reconcile::Clearing| Ok(());
        let day = super::day::report(shop, &books, published.as_of, &request, Purpose::Report, &mut nothing)?;
        if day.would_be.as_ref() != Some(&published.manifest_sha256) {
            other.push(published.as_of);
        }
    }
    Ok(other)
}

fn archive(shop: &Shop, ledger: &Ledger, verdict: &mut Verdict) -> Result<(), LedgerError> {
    let archive = Archive::look_at(&shop.ledger);
    for (_, file) in ledger.taken()? {
        verdict.files += 1;
        if !archive.is_sound(&file.sha256) {
            let is_there = archive.path(&file.sha256).exists();
            let wrong = if is_there { Wrong::Changed } else { Wrong::Gone };
            verdict.wrong.push(wrong(file.name, file.sha256));
        }
    }
    Ok(())
}

/// The log beside the archive says what the database says.
fn log(shop: &Shop, ledger: &Ledger, verdict: &mut Verdict) -> Result<Vec<String>, LedgerError> {
    let held = ledger.lines()?;
    let journal = crate::ledger::Journal::of(&shop.ledger);
    let lines = journal.lines().map_err(LedgerError::at(journal.path()))?;
    verdict.lines = held.len();
    let differs = held.iter().zip(&lines).position(|(a, b)| a != b);
    if let Some(at) = differs.or((held.len() != lines.len()).then_some(held.len().min(lines.len()))) {
        verdict.wrong.push(Wrong::Log(at + 1));
    }
    Ok(held)
}

/// Everything derived anew from archive and log gives the rows that the database holds.
fn compare(shop: &Shop, ledger: &Ledger, lines: &[String], verdict: &mut Verdict) -> Result<(), RunError> {
    let scratch = tempfile::tempdir().map_err(LedgerError::at(&std::env::temp_dir()))?;
    let anew = derived(shop, lines, scratch.path(), &mut |_, _| ())?;
    let names: std::collections::HashMap<i64, String> =
        ledger.taken()?.into_iter().map(|(id, meta)| (id, meta.name)).collect();
    for difference in ledger.differences(&anew)? {
        let file = difference.file.and_then(|file| names.get(&file).cloned()).unwrap_or_default();
        verdict.wrong.push(Wrong::Rows(difference.table, file));
    }
    Ok(())
}

/// A closed month's pack is the one recorded, and its open items sum to what was recorded of them.
fn closed_month(shop: &Shop, ledger: &Ledger, month: NaiveDate, close: &Close) -> Result<Vec<Wrong>, LedgerError> {
    let manifest = shop.reports.join(last_of_month(month).to_string()).join(MANIFEST);
    let stands = std::fs::read(manifest).is_ok_and(|bytes| crate::ledger::hash_of(&bytes) == close.manifest_sha256);
    let mut wrong = if stands { Vec::new() } else { vec![Wrong::Close(month)] };
    let items = ledger.closed_items(close)?;
    let (count, sum) = (i64::try_from(items.len()).unwrap_or(i64::MAX), items.iter().map(|i| i.diff).sum::<Fen>());
    let name = |what: &str| format!("{}: open items carried forward ({what})", super::close::name_of(month));
    for control in
        [ControlTotal::new(name("items"), close.items, count), ControlTotal::new(name("amount"), close.amount.0, sum.0)]
    {
        if !control.holds() {
            wrong.push(Wrong::Control(control.name, control.left, control.right));
        }
    }
    Ok(wrong)
}

/// The newest revision of each date.
fn newest(published: &[Published]) -> Vec<Published> {
    let is_last = |at: usize| published.get(at + 1).is_none_or(|next| next.as_of != published[at].as_of);
    (0..published.len()).filter(|at| is_last(*at)).map(|at| published[at].clone()).collect()
}

/// Every file of a date is the one that was published.
fn folder(shop: &Shop, published: &Published, verdict: &mut Verdict) {
    let folder = shop.reports.join(published.as_of.to_string());
    if !folder.join(MANIFEST).exists() {
        verdict.wrong.push(Wrong::NoManifest(published.as_of));
        return;
    }
    // A program of before wrote down the manifest's hash alone.
    let alone = [(MANIFEST.to_owned(), published.manifest_sha256.clone())];
    let files = if published.files.is_empty() { alone.into_iter().collect() } else { published.files.clone() };
    verdict.published_files += files.len();
    let edited = publish::changed_files(&folder, &files);
    verdict.wrong.extend(edited.into_iter().map(|name| Wrong::Edited(published.as_of, name)));
}
