//! What was reported: every revision of every date, with the hash of each of its files.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::journal::Event;
use super::store::Ledger;

/// A report folder that was published.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Published {
    #[serde(with = "crate::model::written::date")]
    pub as_of: NaiveDate,
    pub revision: i64,
    /// Digest of the facts it rests on.
    pub digest: String,
    pub manifest_sha256: String,
    /// Hash of every file of the folder, by its name.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Tables that its reports lacked.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Line of the log up to which it knows what has come.
    #[serde(default)]
    pub knows: i64,
    /// False where the day had not ended: it is no report, and what comes later is no late change.
    #[serde(default)]
    pub ended: bool,
    /// What it was published incomplete for, in words.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Digest of the shop's own settings and specs; empty where a program of before did not write it down.
    #[serde(default)]
    pub own: String,
    /// Digest of the program and its built-in specs.
    #[serde(default)]
    pub made_by: String,
    /// Entries of the inbox that could not be taken when it was made: it is made again, whatever has come since.
    #[serde(default)]
    pub entries: i64,
}

/// Columns of [`of_row`].
const COLUMNS: &str =
    "as_of, revision, digest, manifest_sha256, files, lacks, knows, ended, missing, own, made_by, entries";

impl Ledger {
    /// What was published and not taken back, oldest first.
    pub fn published(&self) -> Result<Vec<Published>, LedgerError> {
        self.publications("WHERE taken_back IS NULL")
    }

    /// Every revision ever, those that were taken back too.
    pub fn ever_published(&self) -> Result<Vec<Published>, LedgerError> {
        self.publications("")
    }

    /// Revisions that a newer one of their date replaced, but those that are lost on the record.
    pub fn former_revisions(&self) -> Result<Vec<Published>, LedgerError> {
        let newest =
            "SELECT max(revision) FROM published newer WHERE newer.as_of = published.as_of AND taken_back IS NULL";
        self.publications(&format!("WHERE NOT lost AND (taken_back IS NOT NULL OR revision < ({newest}))"))
    }

    fn publications(&self, which: &str) -> Result<Vec<Published>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM published {which} ORDER BY as_of, revision");
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([], of_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Dates whose reports were taken back and not made again.
    pub fn taken_back(&self) -> Result<Vec<NaiveDate>, LedgerError> {
        let sql = "SELECT as_of FROM published GROUP BY as_of HAVING count(*) = count(taken_back) ORDER BY as_of";
        let mut statement = self.connection.prepare(sql)?;
        let dates = statement.query_map([], |row| date(row, 0))?;
        Ok(dates.collect::<Result<_, _>>()?)
    }

    /// Newest revisions that were taken back, of dates that have no report now.
    pub fn withdrawn_reports(&self) -> Result<Vec<Published>, LedgerError> {
        let standing = "SELECT 1 FROM published p WHERE p.as_of = published.as_of AND p.taken_back IS NULL";
        let newest = "SELECT max(revision) FROM published p WHERE p.as_of = published.as_of";
        self.publications(&format!("WHERE NOT EXISTS ({standing}) AND revision = ({newest})"))
    }

    /// Dates that were asked for and have no report yet.
    pub fn asked(&self) -> Result<Vec<NaiveDate>, LedgerError> {
        let mut statement = self.connection.prepare("SELECT as_of FROM asked ORDER BY as_of")?;
        let dates = statement.query_map([], |row| date(row, 0))?;
        Ok(dates.collect::<Result<_, _>>()?)
    }

    /// Writes down that these dates are to be made.
    pub fn note_asked(&mut self, dates: &[NaiveDate]) -> Result<(), LedgerError> {
        let (asked, published) = (self.asked()?, self.published()?);
        let is_known = |date: &&NaiveDate| asked.contains(date) || published.iter().any(|p| p.as_of == **date);
        let new: Vec<NaiveDate> = dates.iter().filter(|date| !is_known(date)).copied().collect();
        if !new.is_empty() {
            self.note(Event::Asked { dates: new })?;
        }
        Ok(())
    }

    /// Writes down what is about to be published; where it stands there already, that it was made anew if `was_owed`.
    pub fn record_published(&mut self, report: &Published, was_owed: bool) -> Result<(), LedgerError> {
        let held = self.published()?.into_iter().rfind(|p| p.as_of == report.as_of);
        let same = held.is_some_and(|h| h.revision == report.revision && h.manifest_sha256 == report.manifest_sha256);
        match (same, was_owed) {
            (false, _) => self.note(Event::Published(report.clone()))?,
            (true, true) => self.note(Event::Unchanged { as_of: report.as_of })?,
            (true, false) => {}
        }
        Ok(())
    }

    pub(super) fn put_published(&self, report: &Published, n: i64) -> Result<(), LedgerError> {
        self.connection.execute(
            "INSERT INTO published (as_of, revision, digest, manifest_sha256, files, lacks, knows, ended, n, \
             missing, own, made_by, entries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (as_of, revision) DO UPDATE SET \
             digest = ?3, manifest_sha256 = ?4, files = ?5, lacks = ?6, knows = ?7, ended = ?8, taken_back = NULL, \
             missing = ?10, own = ?11, made_by = ?12, entries = ?13",
            params![
                report.as_of.to_string(),
                report.revision,
                report.digest,
                report.manifest_sha256,
                serde_json::to_string(&report.files).unwrap_or_default(), // texts only
                serde_json::to_string(&report.lacks).unwrap_or_default(),
                report.knows,
                report.ended,
                n,
                serde_json::to_string(&report.missing).unwrap_or_default(),
                report.own,
                report.made_by,
                report.entries,
            ],
        )?;
        self.connection.execute("DELETE FROM asked WHERE as_of = ?1", [report.as_of.to_string()])?;
        Ok(())
    }
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Published> {
    let json = |error: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, error.into())
    };
    Ok(Published {
        as_of: date(row, 0)?,
        revision: row.get(1)?,
        digest: row.get(2)?,
        manifest_sha256: row.get(3)?,
        files: serde_json::from_str(&row.get::<_, String>(4)?).map_err(json)?,
        lacks: serde_json::from_str(&row.get::<_, String>(5)?).map_err(json)?,
        knows: row.get(6)?,
        ended: row.get(7)?,
        missing: serde_json::from_str(&row.get::<_, String>(8)?).map_err(json)?,
        own: row.get(9)?,
        made_by: row.get(10)?,
        entries: row.get(11)?,
    })
}

pub(super) fn date(row: &Row<'_>, at: usize) -> rusqlite::Result<NaiveDate> {
    let text: String = row.get(at)?;
    NaiveDate::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, error.into()))
}
