//! Files that are read once more though nothing of them has changed: what was said of them was of a moment or of a limit.

use rusqlite::{OptionalExtension, params};

use super::error::LedgerError;
use super::schema;
use super::store::Ledger;
use crate::finding::Code;
use crate::read::Limits;

/// The files to be read once more, whose derived rows are dropped: those whose reading failed for the moment, and, where
/// the reading limits are others than before, those that a limit refused. Notes the limits.
pub fn again(ledger: &mut Ledger, limits: &Limits) -> Result<Vec<i64>, LedgerError> {
    let limits = limits.to_args().join(" ");
    let connection = &ledger.connection;
    let held: Option<String> =
        connection.query_row("SELECT value FROM meta WHERE name = 'limits'", [], |row| row.get(0)).optional()?;
    let is_same = held.as_deref() == Some(limits.as_str());
    // One code twice is one code: nothing refused by a limit is read again under the same limits.
    let codes = [Code::ReaderFailed, if is_same { Code::ReaderFailed } else { Code::FileTooLarge }];
    let files: Vec<i64> = connection
        .prepare("SELECT DISTINCT file FROM findings WHERE code IN (?1, ?2) ORDER BY file")?
        .query_map(codes.map(Code::id), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'rows\\_%' ESCAPE '\\'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for file in &files {
        for table in tables.iter().map(String::as_str).chain(schema::DERIVED_TABLES) {
            connection.execute(&format!("DELETE FROM \"{table}\" WHERE file = ?1"), [file])?;
        }
    }
    if !is_same {
        connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('limits', ?1)", params![limits])?;
    }
    Ok(files)
}
