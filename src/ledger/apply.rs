//! What an event of the log does to the ledger: the only way in which what is not derived from files changes.

use chrono::NaiveDate;
use rusqlite::params;

use super::error::LedgerError;
use super::journal::{Entry, Event, seal};
use super::store::Ledger;

impl Ledger {
    /// Lets something happen: the ledger changes and, with the next commit, the log says so.
    pub fn note(&mut self, event: Event) -> Result<(), LedgerError> {
        let entry = Entry { n: self.last + 1, at: self.at.clone(), prev: self.seal.clone(), event };
        let line = entry.text();
        self.enter(&entry, &line)?;
        self.unwritten.push(line);
        Ok(())
    }

    /// Number of the newest line of the log.
    pub fn newest_line(&self) -> i64 {
        self.last
    }

    /// Takes over a line that stands in the log.
    pub(super) fn enter(&mut self, entry: &Entry, line: &str) -> Result<(), LedgerError> {
        let mut insert = self.connection.prepare_cached("INSERT INTO journal (n, line) VALUES (?1, ?2)")?;
        insert.execute(params![entry.n, line])?;
        drop(insert);
        self.apply(entry)?;
        (self.last, self.seal) = (entry.n, seal(line));
        Ok(())
    }

    fn apply(&self, entry: &Entry) -> Result<(), LedgerError> {
        let (db, n) = (&self.connection, entry.n);
        match &entry.event {
            Event::Arrival { file, name, sha256, bytes, .. } => {
                // What it changes up to the newest day reported by then is a late change.
                let reported = "SELECT max(as_of) FROM published WHERE ended AND taken_back IS NULL";
                let sql = "INSERT INTO files (id, sha256, name, bytes, taken_after, n) VALUES (?1, ?2, ?3, ?4, (";
                let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
                db.prepare_cached(&format!("{sql}{reported}), ?5)"))?.execute(params![file, sha256, name, bytes, n])?;
            }
            Event::Name { file, name } => {
                db.prepare_cached("INSERT OR IGNORE INTO names (name, file, n) VALUES (?1, ?2, ?3)")?
                    .execute(params![name, file, n])?;
            }
            Event::Read { file } => {
                db.execute("UPDATE files SET read_n = ?2 WHERE id = ?1", params![file, n])?;
            }
            Event::Removed { file, date } => self.let_go(*file, "removed", *date, n)?,
            Event::Withdrawn { file, name, date, .. } => self.withdraw_name(*file, name, *date, n)?,
            Event::Asked { dates } => {
                for date in dates {
                    db.execute("INSERT OR IGNORE INTO asked (as_of) VALUES (?1)", [date.to_string()])?;
                }
            }
            Event::Published(report) => self.put_published(report, n)?,
            Event::Unchanged { as_of } => {
                let newest = "SELECT max(revision) FROM published WHERE as_of = ?1 AND taken_back IS NULL";
                let sql = format!("UPDATE published SET knows = ?2 WHERE as_of = ?1 AND revision = ({newest})");
                db.execute(&sql, params![as_of.to_string(), n])?;
            }
            Event::Unpublished { as_of, .. } => self.take_back(&as_of.to_string(), n)?,
            Event::CloseBegun { close, items } => self.put_close(close, Some(items), n)?,
            Event::CloseDone { close } => self.end_close(*close, true)?,
            Event::CloseDropped { close } => self.end_close(*close, false)?,
            Event::Reopened { close } => self.put_close(close, None, n)?,
            // What a program of before published stays as it is until something comes that touches it.
            Event::Upgraded { own, .. } => {
                db.execute("UPDATE published SET knows = ?1, own = ?2", params![n, own])?;
            }
            Event::Lost { as_of, revision } => {
                let sql = "UPDATE published SET lost = 1 WHERE as_of = ?1 AND revision = ?2";
                db.execute(sql, params![as_of.to_string(), revision])?;
            }
        }
        Ok(())
    }

    /// One name of a file goes; the file itself with its last one.
    fn withdraw_name(&self, file: i64, name: &str, date: Option<NaiveDate>, n: i64) -> Result<(), LedgerError> {
        let db = &self.connection;
        if db.execute("DELETE FROM names WHERE file = ?1 AND name = ?2", params![file, name])? > 0 {
            db.execute("UPDATE files SET read_n = ?2 WHERE id = ?1", params![file, n])?;
            return Ok(());
        }
        let other = "SELECT min(name) FROM names WHERE file = ?1";
        match db.query_row(other, [file], |row| row.get::<_, Option<String>>(0))? {
            Some(other) => {
                db.execute("UPDATE files SET name = ?2, read_n = ?3 WHERE id = ?1", params![file, other, n])?;
                db.execute("DELETE FROM names WHERE file = ?1 AND name = ?2", params![file, other])?;
                self.forget_reading(file)?; // its date may be another under this name
            }
            None => self.let_go(file, "withdrawn", date, n)?,
        }
        Ok(())
    }

    /// A file counts no more, and what it gave is forgotten.
    fn let_go(&self, file: i64, how: &str, date: Option<NaiveDate>, n: i64) -> Result<(), LedgerError> {
        let date = date.map(|date| date.to_string());
        let sql = "UPDATE files SET gone = ?2, gone_date = ?3, gone_n = ?4 WHERE id = ?1";
        self.connection.execute(sql, params![file, how, date, n])?;
        self.forget_reading(file)
    }

    /// Nothing later rests on a date that was taken back: files that came since are not late because of it.
    fn take_back(&self, as_of: &str, n: i64) -> Result<(), LedgerError> {
        let db = &self.connection;
        db.execute("UPDATE published SET taken_back = ?2 WHERE as_of = ?1 AND taken_back IS NULL", params![as_of, n])?;
        db.execute("DELETE FROM asked WHERE as_of = ?1", [as_of])?;
        let reported = "SELECT max(p.as_of) FROM published p WHERE p.ended AND p.taken_back IS NULL AND p.n < files.n";
        db.execute(&format!("UPDATE files SET taken_after = ({reported}) WHERE taken_after >= ?1"), [as_of])?;
        Ok(())
    }
}
