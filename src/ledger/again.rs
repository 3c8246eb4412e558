//! Files that are read once more though nothing of them has changed: what was said of them was of a moment or of a limit.

use rusqlite::{OptionalExtension, params};

use super::error::LedgerError;
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
    for file in &files {
        ledger.forget_reading(*file)?;
    }
    if !is_same {
        ledger
            .connection
            .execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('limits', ?1)", params![limits])?;
    }
    Ok(files)
}

impl Ledger {
    /// Whether a file could not be read for reasons of a moment or of a limit.
    pub fn could_not_be_read(&self, file: i64) -> Result<bool, LedgerError> {
        let sql = "SELECT count(*) FROM findings WHERE file = ?1 AND code IN (?2, ?3)";
        let codes = params![file, Code::ReaderFailed.id(), Code::FileTooLarge.id()];
        Ok(self.connection.query_row(sql, codes, |row| row.get::<_, i64>(0))? > 0)
    }
}
