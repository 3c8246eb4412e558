//! Which columns each sheet had: an export that lacks one which the export before it had is seen by that.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::error::LedgerError;
use super::store::Ledger;
use crate::clean::CleanSheet;

/// A sheet of a file that a source reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetColumns {
    pub file: i64,
    pub sheet: String,
    pub source: String,
    /// Columns of tables (`receipts.amount`), each with the heading that fills it.
    pub columns: BTreeMap<String, String>,
}

/// Writes down what the headings of a sheet fill.
pub fn put(connection: &Connection, file: i64, sheet: &CleanSheet, source: &str) -> Result<(), LedgerError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO headings (file, sheet, source, heading, column_name) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (heading, column) in &sheet.mapped {
        insert.execute(params![file, sheet.name, source, heading, column])?;
    }
    Ok(())
}

impl Ledger {
    /// The columns of every sheet, in order of taking.
    pub fn headings(&self) -> Result<Vec<SheetColumns>, LedgerError> {
        let sql = "SELECT file, sheet, source, heading, column_name FROM headings ORDER BY rowid";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut sheets: Vec<SheetColumns> = Vec::new();
        while let Some(row) = rows.next()? {
            let (file, sheet, source): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (heading, column) = (row.get(3)?, row.get(4)?);
            match sheets.last_mut().filter(|s| s.file == file && s.sheet == sheet && s.source == source) {
                Some(held) => drop(held.columns.entry(column).or_insert(heading)),
                None => sheets.push(SheetColumns { file, sheet, source, columns: [(column, heading)].into() }),
            }
        }
        Ok(sheets)
    }
}
