//! Whether a shop's ledger still is what it was: every file by its hash, every published folder by its manifest, every
//! control total computed anew.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use super::inputs;
use crate::config::Config;
use crate::ledger::{Archive, Close, Ledger, LedgerError, Published, ReadingSpecs, hash_of};
use crate::model::Fen;
use crate::model::dates::last_of_month;
use crate::publish::MANIFEST;
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
    /// A published folder has no manifest any more.
    NoManifest(NaiveDate),
    /// A published file is not the one that was published: date, name.
    Edited(NaiveDate, String),
    /// A control total fails: name, left, right.
    Control(String, i64, i64),
    /// The pack of a closed month is not the one that it was closed with.
    Close(NaiveDate),
}

/// Checks everything; reads only.
pub fn verify(
    root: &Path,
    ledger: &Ledger,
    specs: &ReadingSpecs,
    config: &Config,
    as_of: NaiveDate,
) -> Result<Verdict, LedgerError> {
    let mut verdict = Verdict::default();
    verdict.wrong.extend(ledger.integrity()?.into_iter().map(Wrong::Database));
    archive(root, ledger, &mut verdict)?;
    for published in newest(&ledger.published()?) {
        folder(&root.join("reports").join(published.as_of.to_string()), published, &mut verdict);
    }
    for (month, close) in &ledger.closed()? {
        verdict.closed += 1;
        verdict.wrong.extend(closed_month(root, ledger, *month, close)?);
    }
    let controls = controls(ledger, specs, config, as_of)?;
    verdict.controls = controls.len();
    let failing = controls.into_iter().filter(|c| !c.holds());
    verdict.wrong.extend(failing.map(|c| Wrong::Control(c.name, c.left, c.right)));
    Ok(verdict)
}

fn archive(root: &Path, ledger: &Ledger, verdict: &mut Verdict) -> Result<(), LedgerError> {
    let archive = Archive::open(&root.join("ledger"))?;
    for (_, file) in ledger.taken()? {
        verdict.files += 1;
        match fs::read(archive.path(&file.sha256)) {
            Ok(bytes) if hash_of(&bytes) == file.sha256 => {}
            Ok(_) => verdict.wrong.push(Wrong::Changed(file.name, file.sha256)),
            Err(_) => verdict.wrong.push(Wrong::Gone(file.name, file.sha256)),
        }
    }
    Ok(())
}

/// A closed month's pack is the one recorded, and its open items sum to what was recorded of them.
fn closed_month(root: &Path, ledger: &Ledger, month: NaiveDate, close: &Close) -> Result<Vec<Wrong>, LedgerError> {
    let manifest = root.join("reports").join(last_of_month(month).to_string()).join(MANIFEST);
    let stands = fs::read(manifest).is_ok_and(|bytes| hash_of(&bytes) == close.manifest_sha256);
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
fn newest(published: &[Published]) -> impl Iterator<Item = &Published> {
    let is_last = |at: usize| published.get(at + 1).is_none_or(|next| next.as_of != published[at].as_of);
    (0..published.len()).filter(move |at| is_last(*at)).map(|at| &published[at])
}

/// The manifest is the one recorded, and every file that it names has the hash that it says.
fn folder(folder: &Path, published: &Published, verdict: &mut Verdict) {
    verdict.dates += 1;
    let Ok(bytes) = fs::read(folder.join(MANIFEST)) else {
        verdict.wrong.push(Wrong::NoManifest(published.as_of));
        return;
    };
    let mut edited = |name: &str| verdict.wrong.push(Wrong::Edited(published.as_of, name.to_owned()));
    if hash_of(&bytes) != published.manifest_sha256 {
        edited(MANIFEST);
    }
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let mut files: Vec<(String, String)> = Vec::new();
    for report in manifest["reports"].as_array().map_or(&[][..], Vec::as_slice) {
        let text = |key: &str| report[key].as_str().unwrap_or_default().to_owned();
        files.push((text("file"), text("sha256")));
    }
    files.sort();
    files.dedup();
    for (name, sha256) in &files {
        if !fs::read(folder.join(name)).is_ok_and(|bytes| hash_of(&bytes) == *sha256) {
            edited(name);
        }
    }
    verdict.published_files += files.len();
}

/// The control totals of the exports and of the clearing, computed anew from the ledger.
fn controls(
    ledger: &Ledger,
    specs: &ReadingSpecs,
    config: &Config,
    as_of: NaiveDate,
) -> Result<Vec<ControlTotal>, LedgerError> {
    let books = super::Books::load(ledger, specs)?;
    let moment = books.moment(as_of);
    let state = books.state(&moment, specs);
    let mut controls = inputs::controls(&moment.files(&state.files()));
    let reconciled = reconcile::reconcile(state.facts(&specs.tables), as_of, &config.settings);
    controls.extend(reconciled.controls);
    Ok(controls)
}
