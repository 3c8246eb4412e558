//! Ledgers of programs of before: what they know is written as lines of the log, in one transaction.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::closes::{Close, ClosedItem};
use super::error::LedgerError;
use super::journal::Event;
use super::open::Notice;
use super::publications::{self, Published};
use super::schema;
use super::store::Ledger;

/// What a ledger of version 1 to 3 knows.
pub(super) struct Former {
    /// Files that it could not read.
    unread: Vec<i64>,
    version: i64,
    files: Vec<FormerFile>,
    names: Vec<(String, i64)>,
    published: Vec<Published>,
    closes: Vec<(Close, bool, Vec<ClosedItem>)>,
}

struct FormerFile {
    id: i64,
    name: String,
    sha256: String,
    bytes: u64,
    taken_after: Option<NaiveDate>,
}

/// Keeps the old ledger beside the new one, once.
pub(super) fn keep_copy(connection: &Connection, folder: &Path, version: i64) -> Result<(), LedgerError> {
    let copy = folder.join(format!("ledger-v{version}.db"));
    if !copy.exists() {
        let part = copy.with_extension("part");
        let _ = fs::remove_file(&part); // of a run that was killed here
        connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
        fs::rename(&part, &copy).map_err(LedgerError::at(&copy))?;
    }
    Ok(())
}

impl Former {
    pub(super) fn read(db: &Connection, version: i64) -> Result<Former, LedgerError> {
        let (taken_after, done_by) =
            (if version == 1 { "NULL" } else { "taken_after" }, if version == 3 { "done_by" } else { "''" });
        let mut statement =
            db.prepare(&format!("SELECT id, name, sha256, bytes, {taken_after} FROM files ORDER BY id"))?;
        let files = statement.query_map([], |row| {
            Ok(FormerFile {
                id: row.get(0)?,
                name: row.get(1)?,
                sha256: row.get(2)?,
                bytes: row.get::<_, i64>(3)?.unsigned_abs(),
                taken_after: row.get::<_, Option<String>>(4)?.and_then(|date| NaiveDate::from_str(&date).ok()),
            })
        })?;
        let files = files.collect::<Result<_, _>>()?;
        let mut statement = db.prepare("SELECT name, file FROM names ORDER BY file, name")?;
        let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut statement =
            db.prepare("SELECT as_of, revision, digest, manifest_sha256 FROM published ORDER BY revision, as_of")?;
        let published = statement.query_map([], |row| {
            let as_of = publications::date(row, 0)?;
            let (revision, digest, manifest_sha256) = (row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(Published { as_of, revision, digest, manifest_sha256, ended: true, ..Published::default() })
        })?;
        let published = published.collect::<Result<_, _>>()?;
        let closes = if version == 1 { Vec::new() } else { closes(db, done_by)? };
        // What could not be read may have been a failure of a moment: it is no property of the file.
        let mut statement = db.prepare(
            "SELECT DISTINCT file FROM findings WHERE code IN ('reader_failed', 'file_too_large') ORDER BY file",
        )?;
        let unread = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Former { version, unread, files, names, published, closes })
    }

    /// The same as lines of the log. Revisions stand before the first file that was taken after their date.
    pub(super) fn write(self, ledger: &mut Ledger) -> Result<(), LedgerError> {
        let mut published = self.published.into_iter().peekable();
        let mut closes = self.closes.into_iter().peekable();
        let mut said: std::collections::HashMap<String, String> = std::collections::HashMap::new();
        for file in self.files {
            while let Some(report) = published.next_if(|p| file.taken_after.is_some_and(|after| p.as_of <= after)) {
                ledger.note(Event::Published(report))?;
            }
            while let Some((close, done, items)) = closes.next_if(|(close, ..)| close.last_file < file.id) {
                write_close(ledger, close, done, items)?;
            }
            let replaced = said.insert(file.name.clone(), file.sha256.clone());
            let FormerFile { id, name, sha256, bytes, .. } = file;
            ledger.note(Event::Arrival { file: id, name, sha256, bytes, replaced })?;
            for (name, _) in self.names.iter().filter(|(_, of)| *of == id) {
                ledger.note(Event::Name { file: id, name: name.clone() })?;
            }
        }
        for report in published {
            ledger.note(Event::Published(report))?;
        }
        for (close, done, items) in closes {
            write_close(ledger, close, done, items)?;
        }
        ledger.notices.push(Notice::Upgraded { schema: self.version, unread: self.unread });
        Ok(())
    }
}

fn write_close(ledger: &mut Ledger, close: Close, done: bool, items: Vec<ClosedItem>) -> Result<(), LedgerError> {
    if !close.is_close {
        return ledger.note(Event::Reopened { close });
    }
    let id = close.id;
    ledger.note(Event::CloseBegun { close, items })?;
    if done { ledger.note(Event::CloseDone { close: id }) } else { Ok(()) }
}

fn closes(db: &Connection, done_by: &str) -> Result<Vec<(Close, bool, Vec<ClosedItem>)>, LedgerError> {
    let mut statement = db.prepare(&format!(
        "SELECT id, month, action, at, reason, accepted, digest, manifest_sha256, last_file, items, amount_fen, \
         {done_by}, state FROM closes ORDER BY id"
    ))?;
    let mut rows = statement.query([])?;
    let mut closes = Vec::new();
    while let Some(row) = rows.next()? {
        let close = super::closes::of_row(row)?;
        let items = super::closes::items_of(db, close.id)?;
        closes.push((close, row.get::<_, String>(12)? == "done", items));
    }
    Ok(closes)
}

/// Tables of a ledger of before are dropped; what was derived is derived anew.
pub(super) fn clear(db: &Connection) -> Result<(), LedgerError> {
    db.execute_batch("DELETE FROM meta WHERE name = 'specs';")?;
    let fixed = schema::FIXED_TABLES.map(str::to_owned);
    for name in schema::derived_tables(db)?.into_iter().chain(fixed) {
        db.execute_batch(&format!("DROP TABLE IF EXISTS \"{name}\""))?;
    }
    Ok(())
}
