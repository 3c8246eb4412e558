//! Files as they came: what each name says, what must still be read, what was taken back, and what a report has not seen.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use chrono::NaiveDate;
use rusqlite::params;

use super::error::LedgerError;
use super::files::FileMeta;
use super::journal::Event;
use super::schema;
use super::store::Ledger;
use crate::clean::stated_by_name;
use crate::spec::tables::Tables;

/// Something that came, or went, and what it may concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The line of the log at which it happened.
    pub n: i64,
    /// The line at which the file came first.
    pub came: i64,
    pub name: String,
    /// It concerns every date from this one on; none where the file tells no date.
    pub date: Option<NaiveDate>,
    /// Tables that it feeds.
    pub tables: Vec<String>,
    /// Whether the file counts no more.
    pub is_gone: bool,
}

impl Ledger {
    /// The newest content of every name that ever came; a name whose damaged file was removed says nothing.
    pub fn named(&self) -> Result<HashMap<String, String>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT name, sha256, n FROM files WHERE gone IS NOT 'removed' UNION ALL \
             SELECT names.name, sha256, names.n FROM names JOIN files ON files.id = names.file \
             WHERE gone IS NOT 'removed' ORDER BY 3",
        )?;
        let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(names.collect::<Result<_, _>>()?) // the last one of a name stays
    }

    /// All files that ever came, in order.
    pub fn taken(&self) -> Result<Vec<(i64, FileMeta)>, LedgerError> {
        self.metas("")
    }

    /// The files that were not taken back and not removed.
    pub fn counting(&self) -> Result<Vec<(i64, FileMeta)>, LedgerError> {
        self.metas("WHERE gone IS NULL")
    }

    /// Files that have not been read.
    pub fn unread(&self) -> Result<Vec<(i64, FileMeta)>, LedgerError> {
        self.metas("WHERE gone IS NULL AND NOT EXISTS (SELECT 1 FROM exports WHERE exports.file = files.id)")
    }

    fn metas(&self, which: &str) -> Result<Vec<(i64, FileMeta)>, LedgerError> {
        let sql = format!("SELECT id, sha256, name, bytes FROM files {which} ORDER BY id");
        let mut statement = self.connection.prepare(&sql)?;
        let files = statement.query_map([], |row| {
            let bytes: i64 = row.get(3)?;
            Ok((row.get(0)?, FileMeta { sha256: row.get(1)?, name: row.get(2)?, bytes: bytes.unsigned_abs() }))
        })?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// Number of the newest file; 0 where none has come.
    pub fn newest_file(&self) -> Result<i64, LedgerError> {
        Ok(self.connection.query_row("SELECT coalesce(max(id), 0) FROM files", [], |row| row.get(0))?)
    }

    /// The newest line of the log that a report rests on: a file that came or went, a month that was closed or opened.
    pub fn newest_fact(&self) -> Result<i64, LedgerError> {
        let sql = "SELECT max(coalesce((SELECT max(max(n, coalesce(read_n, 0), coalesce(gone_n, 0))) FROM files), 0), \
             coalesce((SELECT max(n) FROM names), 0), \
             coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'close_line'), 0))";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Registers a file; its rows come with [`Ledger::add_export`].
    pub fn add_file(&mut self, meta: &FileMeta, replaced: Option<&String>) -> Result<i64, LedgerError> {
        let file = self.newest_file()? + 1;
        let FileMeta { sha256, name, bytes } = meta.clone();
        self.note(Event::Arrival { file, name, sha256, bytes, replaced: replaced.cloned() })?;
        Ok(file)
    }

    /// Notes a further name under which a file came.
    pub fn add_name(&mut self, file: i64, name: &str) -> Result<(), LedgerError> {
        self.note(Event::Name { file, name: name.to_owned() })
    }

    /// Files that count, of which no sheet could be used: number and every name.
    pub fn unusable(&self) -> Result<BTreeMap<i64, Vec<String>>, LedgerError> {
        let useless = "SELECT id FROM files JOIN exports ON exports.file = id WHERE gone IS NULL \
             AND NOT EXISTS (SELECT 1 FROM sheets WHERE sheets.file = id)";
        let mut statement = self.connection.prepare(&format!(
            "SELECT id, name FROM files WHERE id IN ({useless}) UNION ALL \
             SELECT file, name FROM names WHERE file IN ({useless}) ORDER BY 1, 2"
        ))?;
        let mut rows = statement.query([])?;
        let mut unusable: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            unusable.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(unusable)
    }

    /// Hashes of the files that feed one of these tables, in order.
    pub fn files_of_tables(&self, tables: &[&str]) -> Result<Vec<String>, LedgerError> {
        let sql = "SELECT DISTINCT sha256, table_id FROM files JOIN sheets ON sheets.file = id ORDER BY sha256";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut hashes: Vec<String> = Vec::new();
        while let Some(row) = rows.next()? {
            let table: String = row.get(1)?;
            if tables.contains(&table.as_str()) {
                hashes.push(row.get(0)?);
            }
        }
        hashes.dedup();
        Ok(hashes)
    }

    /// What a file gave is forgotten: it is read again.
    pub fn forget_reading(&self, file: i64) -> Result<(), LedgerError> {
        let db = &self.connection;
        for table in schema::derived_tables(db)? {
            db.execute(&format!("DELETE FROM \"{table}\" WHERE file = ?1"), [file])?;
        }
        Ok(())
    }

    /// A person takes a file back. Its bytes stay in the archive; while they lie in the inbox they are not taken again.
    pub fn withdraw(&mut self, name: &str, by: &str, reason: &str) -> Result<(), LedgerError> {
        let sql = "SELECT id FROM (SELECT id, name, n FROM files WHERE gone IS NULL UNION ALL \
             SELECT file, names.name, names.n FROM names JOIN files ON files.id = file WHERE gone IS NULL) \
             WHERE name = ?1 ORDER BY n DESC LIMIT 1";
        let mut statement = self.connection.prepare(sql)?;
        let found: Option<i64> = statement.query_map([name], |row| row.get(0))?.next().transpose()?;
        drop(statement);
        let file = found.ok_or_else(|| LedgerError::NoSuchFile(name.to_owned()))?;
        let date = self.export_date(file)?;
        self.open_for_withdrawal(file, name, date)?;
        let (name, by, reason) = (name.to_owned(), by.to_owned(), reason.to_owned());
        self.note(Event::Withdrawn { file, name, by, reason, date })
    }

    /// A file of which nothing can be used is no longer in the inbox: it marks nothing any more.
    pub fn note_removed(&mut self, file: i64) -> Result<(), LedgerError> {
        let date = self.export_date(file)?;
        self.note(Event::Removed { file, date })
    }

    fn export_date(&self, file: i64) -> Result<Option<NaiveDate>, LedgerError> {
        let mut statement = self.connection.prepare("SELECT export_date FROM exports WHERE file = ?1")?;
        let date: Option<Option<String>> = statement.query_map([file], |row| row.get(0))?.next().transpose()?;
        Ok(date.flatten().and_then(|date| NaiveDate::from_str(&date).ok()))
    }

    /// What a closed month rests on stays.
    fn open_for_withdrawal(&self, file: i64, name: &str, date: Option<NaiveDate>) -> Result<(), LedgerError> {
        for (month, close) in self.closed()? {
            let last = crate::model::dates::last_of_month(month);
            if close.last_file >= file && date.is_none_or(|date| date <= last) {
                let month = month.format("%Y-%m").to_string();
                return Err(LedgerError::Closed { file: name.to_owned(), month });
            }
        }
        Ok(())
    }

    /// Everything that came or went after a line, in order. Forms are left out: what people fill in speaks for the dates
    /// in its rows, and no report waits for it.
    pub fn touches(&self, after: i64, tables: &Tables, forms: &[&str]) -> Result<Vec<Touch>, LedgerError> {
        let mut touches = Vec::new();
        let mut statement = self.connection.prepare(
            "SELECT id, name, n, coalesce(read_n, n), gone_n, coalesce(gone_date, export_date) FROM files \
             LEFT JOIN exports ON exports.file = id WHERE max(n, coalesce(read_n, 0), coalesce(gone_n, 0)) > ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([after])?;
        while let Some(row) = rows.next()? {
            let (file, name): (i64, String) = (row.get(0)?, row.get(1)?);
            let (came, stood, gone): (i64, i64, Option<i64>) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let date: Option<String> = row.get(5)?;
            let date = date.and_then(|date| NaiveDate::from_str(&date).ok());
            let fed = self.tables_of(file)?;
            if fed.is_empty() || fed.iter().any(|table| !forms.contains(&table.as_str())) {
                let tables = fed.into_iter().filter(|id| tables.get(id).is_some()).collect();
                touches.push(Touch { n: gone.unwrap_or(stood), came, name, date, tables, is_gone: gone.is_some() });
            }
        }
        let mut statement = self.connection.prepare("SELECT name, file, n FROM names WHERE n > ?1 ORDER BY n")?;
        let mut rows = statement.query(params![after])?;
        while let Some(row) = rows.next()? {
            let (name, file, n): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let date = stated_by_name(&name).map(|stated| stated.date);
            touches.push(Touch { n, came: n, date, tables: self.tables_of(file)?, name, is_gone: false });
        }
        touches.sort_by_key(|touch| touch.n);
        Ok(touches)
    }

    fn tables_of(&self, file: i64) -> Result<Vec<String>, LedgerError> {
        let mut statement =
            self.connection.prepare_cached("SELECT DISTINCT table_id FROM sheets WHERE file = ?1 ORDER BY 1")?;
        let tables = statement.query_map([file], |row| row.get(0))?;
        Ok(tables.collect::<Result<_, _>>()?)
    }
}
