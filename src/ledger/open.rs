//! Opening ledger.db and its log: what each knows, the other knows too.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use super::error::LedgerError;
use super::journal::{self, Event, Journal, seal};
use super::schema::{self, SCHEMA_VERSION};
use super::store::Ledger;
use super::upgrade::{self, Former};
use crate::disk;

/// The database's name below `ledger/`.
pub const DATABASE: &str = "ledger.db";

impl Ledger {
    /// Opens or makes the ledger and begins the run's one transaction.
    ///
    /// Lines that the log has and the database lacks are taken over: a run was killed between the two. A log that was
    /// cut is written again from the database.
    pub fn open(folder: &Path) -> Result<Ledger, LedgerError> {
        disk::create_dir_all(folder).map_err(LedgerError::at(folder))?;
        let path = folder.join(DATABASE);
        if fs::metadata(&path).map_or(0, |m| m.len()) == 0
            && let Some(known) = known_of(folder)?
        {
            return Err(LedgerError::Lost(known));
        }
        let connection = Connection::open(&path)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        let found = version_of(&connection)?;
        if found > SCHEMA_VERSION {
            return Err(LedgerError::Newer { found, known: SCHEMA_VERSION });
        }
        let setting = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
        connection.execute_batch(setting).map_err(damaged)?;
        if (1..SCHEMA_VERSION).contains(&found) {
            upgrade::keep_copy(&connection, folder, found)?;
        }
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let mut ledger = Ledger::over(connection, folder);
        ledger.take_over(found)?;
        ledger.agree()?;
        Ok(ledger)
    }

    /// A ledger over a database, before its log has been looked at.
    pub(super) fn over(connection: Connection, folder: &Path) -> Ledger {
        Ledger {
            connection,
            journal: Journal::of(folder),
            last: 0,
            seal: String::new(),
            unwritten: Vec::new(),
            at: String::new(),
            notices: Vec::new(),
        }
    }

    /// When the lines of the log that follow are written, in words for people.
    pub fn stamped(mut self, at: &str) -> Ledger {
        at.clone_into(&mut self.at);
        self
    }

    /// Makes the tables; those of a program of before become lines of the log.
    pub(super) fn take_over(&mut self, found: i64) -> Result<(), LedgerError> {
        if found == SCHEMA_VERSION {
            return Ok(());
        }
        let former = if found == 0 { None } else { Some(Former::read(&self.connection, found)?) };
        if former.is_some() {
            upgrade::clear(&self.connection)?;
        }
        self.connection.execute_batch(schema::FIXED)?;
        self.connection.execute_batch(schema::DERIVED)?;
        self.connection.execute_batch(&format!("PRAGMA user_version = {SCHEMA_VERSION}"))?;
        if let Some(former) = former {
            former.write(self)?;
        }
        Ok(())
    }

    /// Database and log come to the same lines.
    fn agree(&mut self) -> Result<(), LedgerError> {
        if !self.unwritten.is_empty() {
            return Ok(()); // a ledger of before: its log is written with the first commit
        }
        let newest = "SELECT n, line FROM journal ORDER BY n DESC LIMIT 1";
        let newest: Option<(i64, String)> =
            self.connection.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(damaged)?;
        if let Some((n, line)) = newest {
            (self.last, self.seal) = (n, seal(&line));
        }
        let lines = self.journal.lines().map_err(LedgerError::at(self.journal.path()))?;
        let held = usize::try_from(self.last).unwrap_or(usize::MAX);
        let common = held.min(lines.len());
        if common > 0 {
            let sql = "SELECT line FROM journal WHERE n = ?1";
            let line: Option<String> = self.connection.query_row(sql, [number(common)], |row| row.get(0)).optional()?;
            if line.as_ref() != Some(&lines[common - 1]) {
                return Err(LedgerError::Journal(format!("line {common}")));
            }
        }
        if lines.len() < held {
            self.unwritten = self.lines_from(lines.len())?;
            self.notices.push(Notice::LogCut(lines.len(), held));
        }
        for entry in journal::parse(&lines[common..], self.last, self.seal.clone()).map_err(LedgerError::Journal)? {
            let line = &lines[usize::try_from(entry.n - 1).unwrap_or_default()];
            self.enter(&entry, line)?;
        }
        Ok(())
    }

    fn lines_from(&self, after: usize) -> Result<Vec<String>, LedgerError> {
        let mut statement = self.connection.prepare("SELECT line FROM journal WHERE n > ?1 ORDER BY n")?;
        let lines = statement.query_map([number(after)], |row| row.get(0))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Every line that the database knows.
    pub fn lines(&self) -> Result<Vec<String>, LedgerError> {
        self.lines_from(0)
    }

    /// Opens the ledger to look at it, beside a run if one is going on; `None` where no run has made one yet.
    ///
    /// A database in WAL mode cannot be opened by who may not write beside it: it is then read as it stands, which is
    /// right as long as no run is going on.
    pub fn open_read(folder: &Path) -> Result<Option<Ledger>, LedgerError> {
        let path = folder.join(DATABASE);
        if fs::metadata(&path).map_or(0, |m| m.len()) == 0 {
            return known_of(folder)?.map_or(Ok(None), |known| Err(LedgerError::Lost(known)));
        }
        let connection = open_to_read(&path)?;
        let found = version_of(&connection)?;
        match found {
            0 => return Ok(None), // its first run has not committed
            _ if found > SCHEMA_VERSION => return Err(LedgerError::Newer { found, known: SCHEMA_VERSION }),
            _ if found < SCHEMA_VERSION => return Err(LedgerError::Older),
            _ => {}
        }
        connection.execute_batch("PRAGMA query_only = ON; BEGIN")?;
        let mut ledger = Ledger::over(connection, folder);
        ledger.last = ledger.connection.query_row("SELECT coalesce(max(n), 0) FROM journal", [], |row| row.get(0))?;
        Ok(Some(ledger))
    }

    /// Makes everything so far durable, the log first, and begins the next transaction.
    pub fn save(&mut self) -> Result<(), LedgerError> {
        self.write_log()?;
        disk::commit().map_err(LedgerError::at(self.journal.path()))?;
        Ok(self.connection.execute_batch("COMMIT; BEGIN IMMEDIATE")?)
    }

    /// Ends the transaction; without it everything since the last `save` is as if it had not happened.
    pub fn commit(mut self) -> Result<(), LedgerError> {
        self.write_log()?;
        disk::commit().map_err(LedgerError::at(self.journal.path()))?;
        self.connection.execute_batch("COMMIT")?;
        Ok(())
    }

    fn write_log(&mut self) -> Result<(), LedgerError> {
        self.journal.append(&self.unwritten).map_err(LedgerError::at(self.journal.path()))?;
        self.unwritten.clear();
        Ok(())
    }

    /// Where this opening took over a ledger of before: puts on the record that what stands was published with these
    /// settings of the shop's own, whose digest is given.
    pub fn note_upgrade(&mut self, own: &str) -> Result<(), LedgerError> {
        for notice in self.notices.clone() {
            if let Notice::Upgraded { schema, unread } = notice {
                self.note(Event::Upgraded { schema, own: own.to_owned() })?;
                for file in unread {
                    self.note(Event::Read { file })?; // it is read again by this run
                }
            }
        }
        Ok(())
    }

    /// What was found out and done at the opening; told once.
    pub fn notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}

/// Something that the opening of a ledger put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The ledger was of a program of before, with this schema; these files it could not read.
    Upgraded { schema: i64, unread: Vec<i64> },
    /// The log had so many lines of so many: it was written again from the database.
    LogCut(usize, usize),
}

/// What a ledger folder without a usable database holds; none where it may be a new shop's.
fn known_of(folder: &Path) -> Result<Option<String>, LedgerError> {
    let journal = Journal::of(folder);
    let lines = journal.lines().map_err(LedgerError::at(journal.path()))?.len();
    if lines > 0 {
        return Ok(Some(format!("ledger/journal.log has {lines} lines")));
    }
    let holds_files = |path: &Path| {
        let folders = fs::read_dir(path).into_iter().flatten().flatten();
        folders.flat_map(|entry| fs::read_dir(entry.path())).flatten().flatten().next().is_some()
    };
    Ok(holds_files(&folder.join("archive")).then(|| "ledger/archive holds files".to_owned()))
}

fn open_to_read(path: &Path) -> Result<Connection, LedgerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(30))?; // who is busy can be waited for, and is no reason to read it as it stands
    match connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => return Ok(connection),
        Err(error)
            if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) =>
        {
            return Err(damaged(error));
        }
        Err(_) => drop(connection),
    }
    // No right to write beside it: as it stands.
    let whole = std::path::absolute(path).map_err(LedgerError::at(path))?;
    let address = format!(
        "file:{}?immutable=1",
        whole.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
    );
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(address, flags)?)
}

/// A number of lines, as the database counts them.
fn number(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}

fn version_of(connection: &Connection) -> Result<i64, LedgerError> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(damaged)
}

/// A database that is none, or that is damaged, is told with its remedy.
fn damaged(error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => LedgerError::Damaged(error.to_string()),
        _ => LedgerError::Sqlite(error),
    }
}
