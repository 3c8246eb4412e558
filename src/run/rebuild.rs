//! A ledger made anew from archive and log, held against what was published; backups and their way back.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::{Books, Request, RunError, Shop, day};
use crate::disk;
use crate::ledger::{self, Ledger, LedgerError, Published, hash_of, replay};
use crate::publish;

/// What came of it.
#[derive(Debug, Default)]
pub struct Rebuilt {
    pub files: usize,
    pub lines: usize,
    /// Dates whose facts come to the digest that they were published with.
    pub proven: usize,
    /// Dates that come to another one: other settings, specs or another program since, or the books were not these.
    pub other: Vec<NaiveDate>,
    /// Kept revisions that are gone or changed and cannot be made again: they are on the record now.
    pub lost: Vec<(NaiveDate, i64)>,
    /// Folders of reports that the log does not know.
    pub unknown: Vec<String>,
}

/// Makes the ledger anew and puts it in place of the old one in one step.
pub fn rebuild(request: &Request, progress: &mut dyn FnMut(usize, usize)) -> Result<Rebuilt, RunError> {
    let shop = Shop::open(request)?;
    let _lock = shop.lock()?;
    let lines = replay::lines_of(&shop.ledger)?;
    if lines.is_empty() {
        let path = shop.ledger.join("journal.log");
        let error = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no log; restore one from a backup");
        return Err(RunError::Shop { path, error });
    }
    let fresh = shop.ledger.join("rebuild");
    if fresh.exists() {
        disk::remove_dir_all(&fresh).map_err(LedgerError::at(&fresh))?; // of one that was killed
    }
    let mut ledger = derived(&shop, &lines, &fresh, progress)?;
    let mut rebuilt = Rebuilt { files: ledger.taken()?.len(), lines: lines.len(), ..Rebuilt::default() };
    prove(&shop, &ledger, &mut rebuilt)?;
    rebuilt.unknown = unknown_folders(&shop, &ledger.ever_published()?);
    ledger.finish()?;
    replay::put_in_place(&shop.ledger, &fresh, &lines)?;
    ledger = Ledger::open(&shop.ledger)?.stamped(&request.at);
    rebuilt.lost = note_lost(&shop, &mut ledger)?;
    ledger.commit()?;
    Ok(rebuilt)
}

/// A ledger in a folder of its own, with everything that the lines say and everything read from the archive.
pub fn derived(
    shop: &Shop,
    lines: &[String],
    folder: &Path,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Ledger, RunError> {
    let mut ledger = Ledger::replayed(folder, lines)?;
    ledger::intake::prepare(&mut ledger, &shop.reading)?;
    ledger::intake::read_all(&mut ledger, &shop.archive()?, &shop.reader, &shop.reading, progress)?;
    Ok(ledger)
}

/// Holds every date's digest against what it comes to with the books as they were then.
fn prove(shop: &Shop, ledger: &Ledger, rebuilt: &mut Rebuilt) -> Result<(), RunError> {
    let newest: BTreeMap<NaiveDate, Published> =
        ledger.published()?.into_iter().map(|published| (published.as_of, published)).collect();
    for (date, published) in newest {
        let books = Books::known_at(ledger, &shop.reading, published.knows)?;
        match day::facts_digest(shop, &books, date) == published.digest {
            true => rebuilt.proven += 1,
            false => rebuilt.other.push(date),
        }
    }
    Ok(())
}

/// Folders with a manifest that no line of the log speaks of.
fn unknown_folders(shop: &Shop, published: &[Published]) -> Vec<String> {
    let names = fs::read_dir(&shop.reports).into_iter().flatten().flatten();
    let names = names.filter(|entry| entry.path().join(publish::MANIFEST).exists());
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let known: Vec<String> = published.iter().map(|p| p.as_of.to_string()).collect();
    let mut unknown: Vec<String> = names.filter(|name| !name.starts_with('.') && !known.contains(name)).collect();
    unknown.sort();
    unknown
}

/// Kept revisions that are not what was published stand on the record as lost; the newest of a date is made again by a
/// run of the date.
fn note_lost(shop: &Shop, ledger: &mut Ledger) -> Result<Vec<(NaiveDate, i64)>, RunError> {
    let mut lost = Vec::new();
    for published in ledger.former_revisions()? {
        let folder = publish::kept(&shop.reports, &published.as_of.to_string(), published.revision);
        if publish::changed_files(&folder, &published.files).is_empty() {
            continue;
        }
        let Published { as_of, revision, .. } = published;
        ledger.note(ledger::Event::Lost { as_of, revision })?;
        lost.push((as_of, revision));
    }
    Ok(lost)
}

/// Copies the whole ledger into a backup's folder; returns where it lies.
pub fn back_up(request: &Request) -> Result<PathBuf, RunError> {
    let shop = Shop::open(request)?;
    let _lock = shop.lock()?;
    shop.back_up_whole()?;
    shop.config.backup.clone().ok_or(RunError::NoBackup)
}

/// Brings log, decisions and lost files back from a backup and makes the ledger anew.
pub fn restore(
    request: &Request,
    from: &Path,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(Restored, Rebuilt), RunError> {
    let restored = {
        let shop = Shop::open(request)?;
        let _lock = shop.lock()?;
        bring_back(&shop, from)?
    };
    Ok((restored, rebuild(request, progress)?))
}

/// What a backup gave.
#[derive(Debug, Default)]
pub struct Restored {
    /// Lines of the log that were taken from the backup.
    pub lines: usize,
    /// Lines of the shop's own log that the backup does not have: they went; they are kept aside.
    pub dropped: usize,
    /// Files of the archive that were brought back.
    pub files: usize,
}

fn bring_back(shop: &Shop, from: &Path) -> Result<Restored, RunError> {
    let theirs = replay::lines_of(from)?;
    if theirs.is_empty() {
        let error = std::io::Error::new(std::io::ErrorKind::NotFound, "it holds neither journal.log nor ledger.db");
        return Err(RunError::Shop { path: from.to_path_buf(), error });
    }
    let ours = replay::lines_of(&shop.ledger)?;
    let mut restored = Restored::default();
    if !ours.starts_with(&theirs) {
        let common = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        (restored.lines, restored.dropped) = (theirs.len() - common, ours.len() - common);
        replay::replace_log(&shop.ledger, &theirs)?;
    }
    let archive = ledger::Archive::open(&shop.ledger)?;
    for path in files_below(&from.join("archive")) {
        let bytes = fs::read(&path).map_err(LedgerError::at(&path))?;
        let sha256 = hash_of(&bytes);
        if path.file_name().is_some_and(|name| name.to_string_lossy() == sha256) && !archive.is_sound(&sha256) {
            archive.keep(&sha256, &bytes)?;
            restored.files += 1;
        }
    }
    archive.sync()?;
    Ok(restored)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = folders.flat_map(|entry| fs::read_dir(entry.path()).into_iter().flatten().flatten());
    let mut files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
    files.sort();
    files
}

impl Shop {
    /// After every run: what cannot be derived (the log and the decisions) goes to the backup's folder.
    pub fn back_up(&self) -> Result<(), RunError> {
        let Some(folder) = &self.config.backup else { return Ok(()) };
        let archive = ledger::Archive::look_at(&self.ledger);
        let copy = |from: &Path, to: &Path| -> Result<(), LedgerError> {
            disk::create_dir_all(to.parent().unwrap_or(folder)).map_err(LedgerError::at(to))?;
            fs::read(from).and_then(|bytes| disk::put(to, &bytes)).map_err(LedgerError::at(to))
        };
        copy(&self.ledger.join("journal.log"), &folder.join("journal.log"))?;
        let Some(ledger) = Ledger::open_read(&self.ledger)? else { return Ok(()) };
        for sha256 in ledger.files_of_tables(&self.forms())? {
            let to = folder.join("archive").join(&sha256[..2]).join(&sha256);
            if !to.exists() {
                copy(&archive.path(&sha256), &to)?;
            }
        }
        Ok(())
    }

    /// After a close and when asked for: the whole ledger too.
    pub fn back_up_whole(&self) -> Result<(), RunError> {
        let Some(folder) = &self.config.backup else { return Ok(()) };
        self.back_up()?;
        if let Some(ledger) = Ledger::open_read(&self.ledger)? {
            ledger.copy_to(&folder.join("ledger.db"))?;
        }
        Ok(())
    }
}
