//! A ledger made anew from the lines of its log, and two ledgers held against each other.

use std::fs;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use super::error::LedgerError;
use super::journal::{self, Journal};
use super::open::DATABASE;
use super::schema;
use super::store::Ledger;
use crate::disk;

/// Where two ledgers differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The SQL table.
    pub table: String,
    /// The file whose rows differ, where the table tells.
    pub file: Option<i64>,
}

impl Ledger {
    /// A new ledger in a folder of its own, in which everything has happened that the lines say; nothing is read yet.
    pub fn replayed(folder: &Path, lines: &[String]) -> Result<Ledger, LedgerError> {
        disk::create_dir_all(folder).map_err(LedgerError::at(folder))?;
        let connection = Connection::open(folder.join(DATABASE))?;
        // It is thrown away should anything fail: nothing of it needs to be durable before it is moved into place.
        connection
            .execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;")?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let mut ledger = Ledger::over(connection, folder);
        ledger.take_over(0)?;
        for (entry, line) in journal::parse(lines, 0, String::new()).map_err(LedgerError::Journal)?.iter().zip(lines) {
            ledger.enter(entry, line)?;
        }
        Ok(ledger)
    }

    /// Ends the transaction of a replayed ledger and makes its file durable.
    pub fn finish(self) -> Result<(), LedgerError> {
        self.connection.execute_batch("COMMIT")?;
        let path = self.connection.path().map(std::path::PathBuf::from).unwrap_or_default();
        drop(self.connection);
        fs::File::open(&path).and_then(|file| disk::sync(&file)).map_err(LedgerError::at(&path))
    }

    /// The tables, and in each the files, in which two ledgers do not hold the same rows.
    ///
    /// The log itself is compared by [`Ledger::lines`]; dates that were asked for are no fact of the files.
    pub fn differences(&self, other: &Ledger) -> Result<Vec<Difference>, LedgerError> {
        let mut found = Vec::new();
        let (ours, theirs) = (self.tables()?, other.tables()?);
        for table in ours.iter().chain(theirs.iter().filter(|table| !ours.contains(table))) {
            if !(ours.contains(table) && theirs.contains(table)) {
                found.push(Difference { table: table.clone(), file: None });
                continue;
            }
            found.extend(compare(&self.connection, &other.connection, table)?);
        }
        Ok(found)
    }

    fn tables(&self) -> Result<Vec<String>, LedgerError> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('journal', 'asked', 'meta') \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
        let mut statement = self.connection.prepare(sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// The whole ledger as one file, for a backup.
    pub fn copy_to(&self, path: &Path) -> Result<(), LedgerError> {
        let part = path.with_extension("part");
        let _ = fs::remove_file(&part); // of a run that was killed here
        let from = Connection::open(self.connection.path().unwrap_or_default())?;
        from.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
        fs::File::open(&part).and_then(|file| file.sync_all()).map_err(LedgerError::at(&part))?;
        fs::rename(&part, path).map_err(LedgerError::at(path))
    }
}

/// Rows of a file stand in the order in which they were written; all others in that of their columns.
fn ordered<'c>(connection: &'c Connection, table: &str) -> Result<(Statement<'c>, Option<usize>), LedgerError> {
    let probe = connection.prepare(&format!("SELECT * FROM \"{table}\" LIMIT 0"))?;
    let file = probe.column_names().into_iter().position(|name| name == "file");
    let count = probe.column_count();
    let is_derived = schema::DERIVED_TABLES.contains(&table) || table.starts_with("rows_");
    let order = match file {
        Some(_) if is_derived => "file, rowid".to_owned(),
        _ => (1..=count).map(|n| n.to_string()).collect::<Vec<_>>().join(", "),
    };
    let statement = connection.prepare(&format!("SELECT * FROM \"{table}\" ORDER BY {order}"))?;
    Ok((statement, file))
}

fn compare(ours: &Connection, theirs: &Connection, table: &str) -> Result<Vec<Difference>, LedgerError> {
    let ((mut left, file), (mut right, _)) = (ordered(ours, table)?, ordered(theirs, table)?);
    let columns = left.column_count();
    let mut found: Vec<Difference> = Vec::new();
    if columns != right.column_count() {
        return Ok(vec![Difference { table: table.to_owned(), file: None }]);
    }
    let (mut left, mut right) = (left.query([])?, right.query([])?);
    loop {
        let (l, r) = (left.next()?, right.next()?);
        let at = |row: Option<&rusqlite::Row<'_>>| -> Result<Option<i64>, LedgerError> {
            Ok(row.zip(file).map(|(row, at)| row.get(at)).transpose()?)
        };
        let same = match (l, r) {
            (None, None) => break,
            (Some(l), Some(r)) => equal(l, r, columns)?,
            _ => false,
        };
        if !same {
            // What follows is out of step: the first file in which they differ is named.
            let file = [at(l)?, at(r)?].into_iter().flatten().min();
            found.push(Difference { table: table.to_owned(), file });
            break;
        }
    }
    Ok(found)
}

fn equal(left: &rusqlite::Row<'_>, right: &rusqlite::Row<'_>, columns: usize) -> Result<bool, LedgerError> {
    for at in 0..columns {
        let (l, r): (ValueRef<'_>, ValueRef<'_>) = (left.get_ref(at)?, right.get_ref(at)?);
        if l != r {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Puts a database in the place of a ledger's, in one step.
pub fn put_in_place(ledger: &Path, fresh: &Path, lines: &[String]) -> Result<(), LedgerError> {
    // The write-ahead log of the old database must not be taken for that of the new one.
    for name in ["ledger.db-wal", "ledger.db-shm"] {
        let path = ledger.join(name);
        disk::remove_file(&path).map_err(LedgerError::at(&path))?;
    }
    let journal = Journal::of(ledger);
    let standing = journal.lines().map_err(LedgerError::at(journal.path()))?;
    if standing != lines {
        journal.replace(lines).map_err(LedgerError::at(journal.path()))?;
    }
    let path = ledger.join(DATABASE);
    disk::rename(&fresh.join(DATABASE), &path).map_err(LedgerError::at(&path))?;
    disk::sync_folder(ledger).map_err(LedgerError::at(ledger))?;
    disk::remove_dir_all(fresh).map_err(LedgerError::at(fresh))
}

/// The lines of a shop's log; where the log is gone, those that its database knows.
pub fn lines_of(ledger: &Path) -> Result<Vec<String>, LedgerError> {
    let journal = Journal::of(ledger);
    let lines = journal.lines().map_err(LedgerError::at(journal.path()))?;
    let path = ledger.join(DATABASE);
    if !path.exists() {
        return Ok(lines);
    }
    let held = || -> Result<Vec<String>, LedgerError> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let db = Connection::open_with_flags(&path, flags)?;
        let mut statement = db.prepare("SELECT line FROM journal ORDER BY n")?;
        let lines = statement.query_map([], |row| row.get(0))?;
        Ok(lines.collect::<Result<_, _>>()?)
    };
    // A database that cannot be read says nothing; one that knows more than a log that was cut does.
    let held = held().unwrap_or_default();
    let is_more = held.len() > lines.len() && journal::parse(&held, 0, String::new()).is_ok();
    Ok(if is_more && held.starts_with(&lines) { held } else { lines })
}

/// Puts another log in the place of a shop's; its own is kept aside.
pub fn replace_log(ledger: &Path, lines: &[String]) -> Result<(), LedgerError> {
    let journal = Journal::of(ledger);
    if journal.path().exists() {
        let aside = (1..).map(|n| ledger.join(format!("journal-before-restore-{n}.log"))).find(|path| !path.exists());
        let aside = aside.unwrap_or_else(|| ledger.join("journal-before-restore.log"));
        fs::copy(journal.path(), &aside).map_err(LedgerError::at(&aside))?;
    }
    // The database of the other log must not be held against this one.
    let path = ledger.join(DATABASE);
    if path.exists() {
        disk::remove_file(&path).map_err(LedgerError::at(&path))?;
    }
    journal.replace(lines).map_err(LedgerError::at(journal.path()))
}
