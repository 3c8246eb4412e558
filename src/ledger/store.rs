//! ledger.db: writing a run's files, reading rows back.

use std::collections::HashMap;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::error::LedgerError;
use super::files::{self, FileRecord, Ranked, SheetRecord, TableRecord};
use super::headings;
use super::journal::Journal;
use super::open::Notice;
use super::repeats;
use super::schema;
use super::values::value_of;
use super::version::{COUNTED, Version, content_of};
use crate::clean::{CleanRow, CleanSheet, Control, Export, Source, key_text};
use crate::finding::{Code, Finding};
use crate::model::{Origin, Row, TableDef, Value};
use crate::spec::tables::Tables;

const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// ledger.db and its log, in the middle of a transaction.
pub struct Ledger {
    pub(super) connection: Connection,
    pub(super) journal: Journal,
    /// Number and seal of the newest line.
    pub(super) last: i64,
    pub(super) seal: String,
    /// Lines that the log does not have yet.
    pub(super) unwritten: Vec<String>,
    /// When they are written.
    pub(super) at: String,
    pub(super) notices: Vec<Notice>,
}

impl Ledger {
    /// Whether the derived tables were made by these very specs.
    pub fn is_derived_by(&self, digest: &str) -> Result<bool, LedgerError> {
        let held: Option<String> = self
            .connection
            .query_row("SELECT value FROM meta WHERE name = 'specs'", [], |row| row.get(0))
            .optional()?;
        Ok(held.as_deref() == Some(digest))
    }

    /// Drops all derived rows and makes their tables anew, for these specs.
    pub fn start_derivation(&mut self, tables: &Tables, digest: &str) -> Result<(), LedgerError> {
        for name in schema::derived_tables(&self.connection)? {
            self.connection.execute_batch(&format!("DROP TABLE \"{name}\""))?;
        }
        self.connection.execute_batch(schema::DERIVED)?;
        for table in &tables.tables {
            self.connection.execute_batch(&schema::create_rows(table))?;
        }
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('specs', ?1)", [digest])?;
        Ok(())
    }

    /// What the database says of damage to itself; nothing where it is sound.
    pub fn integrity(&self) -> Result<Vec<String>, LedgerError> {
        let mut said = self.connection.prepare("SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'")?;
        Ok(said.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Writes what an export gave: its sheets, controls, findings and rows.
    pub fn add_export(
        &mut self,
        file: i64,
        export: &Export,
        sources: &[Source],
        tables: &Tables,
    ) -> Result<(), LedgerError> {
        self.connection
            .prepare_cached(
                "INSERT INTO exports (file, format, encoding, export_date, made_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                file,
                format!("{:?}", export.format).to_lowercase(),
                export.encoding,
                export.date.map(|d| d.to_string()),
                export.made_at.map(|t| t.format(TIME).to_string()),
            ])?;
        for sheet in &export.sheets {
            self.add_sheet(file, sheet, &sources[sheet.source].id, tables)?;
            headings::put(&self.connection, file, sheet, &sources[sheet.source].id)?;
        }
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO findings (file, code, sheet, row, column_letters, value, args, count) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for f in &export.findings {
            let count = i64::try_from(f.count).unwrap_or(i64::MAX);
            let (code, args) = (f.code.id(), f.args.join("\u{1f}"));
            insert.execute(params![file, code, f.sheet, f.row, f.column, f.value, args, count])?;
        }
        Ok(())
    }

    fn add_sheet(&self, file: i64, sheet: &CleanSheet, source: &str, tables: &Tables) -> Result<(), LedgerError> {
        for rows in &sheet.tables {
            let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
            let table = &tables.tables[rows.table];
            self.connection
                .prepare_cached(
                    "INSERT INTO sheets (file, sheet, source, table_id, heading_row, rows_sheet, rows_no_record, rows_read, \
                     rows_taken, rows_rejected, refused_fen, refused_unread, rows_digest) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                )?
                .execute(params![
                    file,
                    sheet.name,
                    source,
                    table.id,
                    sheet.heading_row,
                    count(rows.rows_sheet),
                    count(rows.rows_no_record()),
                    count(rows.rows_read),
                    count(rows.rows_taken),
                    count(rows.rows_rejected),
                    rows.refused_fen,
                    count(rows.refused_unread),
                    repeats::digest(table, &rows.rows),
                ])?;
            self.add_rows(file, &sheet.name, table, &rows.rows)?;
        }
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO controls (file, sheet, row, heading, column_letters, sum_fen, total_fen, is_primary, is_grand, \
             unread) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for c in &sheet.controls {
            insert.execute(params![
                file,
                sheet.name,
                c.row,
                c.heading,
                c.column,
                c.sum_fen,
                c.total_fen,
                c.primary,
                c.grand,
                i64::try_from(c.unread).unwrap_or(i64::MAX)
            ])?;
        }
        Ok(())
    }

    fn add_rows(&self, file: i64, sheet: &str, table: &TableDef, rows: &[CleanRow]) -> Result<(), LedgerError> {
        let marks: Vec<String> = (1..=6 + table.columns.len()).map(|n| format!("?{n}")).collect();
        let sql = format!("INSERT INTO \"{}\" VALUES ({})", schema::rows_table(table), marks.join(", "));
        let mut insert = self.connection.prepare_cached(&sql)?;
        let mut equal: HashMap<String, u32> = HashMap::new();
        for row in rows {
            let content = content_of(table, &row.values).filter(|_| row.counted);
            let key = match content {
                Some(content) => {
                    let place = equal.entry(content.clone()).or_insert(0);
                    *place += 1;
                    format!("{content}{COUNTED}{}", *place - 1)
                }
                None => key_text(&row.values, &table.key),
            };
            bind_row(&mut insert, file, sheet, row, &key)?;
            insert.raw_execute()?;
        }
        Ok(())
    }

    /// Every version of every record of a table.
    pub fn versions(&self, table: &TableDef) -> Result<Vec<Version>, LedgerError> {
        let mut statement = self.connection.prepare(&format!("SELECT * FROM \"{}\"", schema::rows_table(table)))?;
        let mut rows = statement.query([])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(table.columns.len());
            for (index, column) in table.columns.iter().enumerate() {
                values.push(value_of(row.get_ref(6 + index)?, column.kind));
            }
            versions.push(Version {
                key: row.get(4)?,
                twin: row.get(3)?,
                void: row.get(5)?,
                record: 0,
                ended: None,
                row: Row { origin: Origin { file: row.get(0)?, sheet: row.get(1)?, row: row.get(2)? }, values },
            });
        }
        Ok(versions)
    }

    /// All files with their sheets, controls and findings, in order of taking.
    pub fn files(&self) -> Result<Vec<FileRecord>, LedgerError> {
        self.files_at(self.last)
    }

    /// The same as the ledger knew it when the log had so many lines.
    pub fn files_at(&self, line: i64) -> Result<Vec<FileRecord>, LedgerError> {
        let mut files = self.file_heads(line)?;
        let place: HashMap<i64, usize> = files.iter().enumerate().map(|(i, f)| (f.id, i)).collect();
        self.read_names(&mut files, &place, line)?;
        files::replace(&mut files);
        self.read_sheets(&mut files, &place)?;
        self.read_controls(&mut files, &place)?;
        self.read_findings(&mut files, &place)?;
        repeats::tell(&mut files);
        Ok(files)
    }

    fn file_heads(&self, line: i64) -> Result<Vec<FileRecord>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT f.id, f.sha256, f.name, e.format, e.encoding, e.export_date, e.made_at, f.taken_after \
             FROM files f JOIN exports e ON e.file = f.id WHERE f.n <= ?1 AND f.gone IS NULL ORDER BY f.id",
        )?;
        let heads = statement.query_map([line], |row| {
            let date: Option<String> = row.get(5)?;
            let made: Option<String> = row.get(6)?;
            let taken_after: Option<String> = row.get(7)?;
            Ok(FileRecord {
                id: row.get(0)?,
                sha256: row.get(1)?,
                name: row.get(2)?,
                other_names: Vec::new(),
                format: row.get(3)?,
                encoding: row.get(4)?,
                export_date: date.and_then(|d| NaiveDate::from_str(&d).ok()),
                made_at: made.and_then(|t| NaiveDateTime::parse_from_str(&t, TIME).ok()),
                ranked: Ranked::default(),
                taken_after: taken_after.and_then(|d| NaiveDate::from_str(&d).ok()),
                replaced: false,
                repeats: None,
                sheets: Vec::new(),
                findings: Vec::new(),
            })
        })?;
        Ok(heads.collect::<Result<_, _>>()?)
    }

    fn read_names(&self, files: &mut [FileRecord], place: &Places, line: i64) -> Result<(), LedgerError> {
        let sql = "SELECT file, name FROM names WHERE n <= ?1 ORDER BY name, file";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([line])?;
        while let Some(row) = rows.next()? {
            if let Some(at) = place.get(&row.get(0)?) {
                files[*at].other_names.push(row.get(1)?);
            }
        }
        Ok(())
    }

    fn read_sheets(&self, files: &mut [FileRecord], place: &Places) -> Result<(), LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT file, sheet, source, table_id, heading_row, rows_sheet, rows_no_record, rows_read, rows_taken, \
             rows_rejected, refused_fen, refused_unread, rows_digest FROM sheets ORDER BY file, rowid",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (file, sheet, source): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let Some(file) = place.get(&file).map(|p| &mut files[*p]) else { continue };
            let count = |index: usize| row.get::<_, i64>(index).map(i64::unsigned_abs);
            let table = TableRecord {
                table: row.get(3)?,
                rows_sheet: count(5)?,
                rows_no_record: count(6)?,
                rows_read: count(7)?,
                rows_taken: count(8)?,
                rows_rejected: count(9)?,
                refused_fen: row.get(10)?,
                refused_unread: count(11)?,
                digest: row.get(12)?,
            };
            let heading: u32 = row.get(4)?;
            match file.sheets.last_mut().filter(|s| s.name == sheet && s.heading_row == heading) {
                Some(held) => held.tables.push(table),
                None => {
                    let (tables, controls) = (vec![table], Vec::new());
                    file.sheets.push(SheetRecord { name: sheet, source, heading_row: heading, tables, controls });
                }
            }
        }
        Ok(())
    }

    fn read_controls(&self, files: &mut [FileRecord], place: &Places) -> Result<(), LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT file, sheet, row, heading, column_letters, sum_fen, total_fen, is_primary, is_grand, unread \
             FROM controls ORDER BY file, rowid",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (file, sheet): (i64, String) = (row.get(0)?, row.get(1)?);
            let control = Control {
                row: row.get(2)?,
                heading: row.get(3)?,
                column: row.get(4)?,
                sum_fen: row.get(5)?,
                total_fen: row.get(6)?,
                primary: row.get(7)?,
                grand: row.get(8)?,
                unread: row.get::<_, i64>(9)?.unsigned_abs(),
            };
            let above = |s: &&mut SheetRecord| s.name == sheet && s.heading_row < control.row;
            let sheets = place.get(&file).map(|p| &mut files[*p].sheets);
            if let Some(held) = sheets.and_then(|s| s.iter_mut().rfind(above)) {
                held.controls.push(control);
            }
        }
        Ok(())
    }

    fn read_findings(&self, files: &mut [FileRecord], place: &Places) -> Result<(), LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT file, code, sheet, row, column_letters, value, args, count FROM findings ORDER BY file, rowid",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (file, code, args): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(6)?);
            let Some(file) = place.get(&file).map(|p| &mut files[*p]) else { continue };
            // Codes are written by this very version of the specs and the program, or derived anew.
            let Some(code) = Code::from_id(&code) else { continue };
            file.findings.push(Finding {
                code,
                file: file.name.clone(),
                file_id: None,
                sheet: row.get(2)?,
                row: row.get(3)?,
                column: row.get(4)?,
                value: row.get(5)?,
                args: if args.is_empty() { Vec::new() } else { args.split('\u{1f}').map(str::to_owned).collect() },
                count: row.get::<_, i64>(7)?.unsigned_abs(),
            });
        }
        Ok(())
    }
}

type Places = HashMap<i64, usize>;

fn bind_row(insert: &mut Statement<'_>, file: i64, sheet: &str, row: &CleanRow, key: &str) -> rusqlite::Result<()> {
    insert.raw_bind_parameter(1, file)?;
    insert.raw_bind_parameter(2, sheet)?;
    insert.raw_bind_parameter(3, row.row)?;
    insert.raw_bind_parameter(4, row.twin)?;
    insert.raw_bind_parameter(5, key)?;
    insert.raw_bind_parameter(6, row.void)?;
    for (index, value) in row.values.iter().enumerate() {
        match value {
            Value::Null => insert.raw_bind_parameter(7 + index, rusqlite::types::Null)?,
            Value::Text(text) => insert.raw_bind_parameter(7 + index, text)?,
            Value::Int(number) => insert.raw_bind_parameter(7 + index, number)?,
            Value::Date(date) => insert.raw_bind_parameter(7 + index, date.to_string())?,
            Value::Time(time) => insert.raw_bind_parameter(7 + index, time.format(TIME).to_string())?,
        }
    }
    Ok(())
}
