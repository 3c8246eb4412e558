//! Closed months: what each was closed with, and the record of every close and reopening.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::journal::Event;
use super::publications::date;
use super::store::Ledger;
use crate::model::Fen;

/// One entry of the record: a month was closed, or opened again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Close {
    pub id: i64,
    /// First day of the month.
    #[serde(with = "crate::model::written::date")]
    pub month: NaiveDate,
    /// A close; else a reopening.
    pub is_close: bool,
    /// The day on which it was done.
    #[serde(with = "crate::model::written::date")]
    pub at: NaiveDate,
    /// Who did it; empty where a version of before did not ask.
    pub by: String,
    /// Why the month was opened again.
    pub reason: String,
    /// What was accepted at the close: code and reason.
    pub accepted: Vec<(String, String)>,
    /// Digest of the exports, decisions and settings that the month rests on.
    pub digest: String,
    /// Hash of the manifest of the close pack, and so of every file in it.
    pub manifest_sha256: String,
    /// The newest file that the ledger held: what came later changes nothing of the month.
    pub last_file: i64,
    pub items: i64,
    /// received − due + written off of the open items.
    pub amount: Fen,
}

/// An open item with which a month was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedItem {
    /// A receipt without an order; else an order or sale.
    pub is_receipt: bool,
    pub key: String,
    pub number: String,
    pub category: String,
    pub diff: Fen,
    #[serde(with = "crate::model::written::maybe_date")]
    pub changed_on: Option<NaiveDate>,
}

/// The months that are closed, by their first day.
pub type Closed = BTreeMap<NaiveDate, Close>;

const DONE: &str = "done";
/// Written before the pack takes its name; becomes `done` when it has.
const BEGUN: &str = "begun";

impl Ledger {
    /// Every close and reopening that was done, oldest first.
    pub fn closes(&self) -> Result<Vec<Close>, LedgerError> {
        self.closes_in(DONE)
    }

    /// Closes that were begun and not ended: a run died between its record and its pack.
    pub fn begun_closes(&self) -> Result<Vec<Close>, LedgerError> {
        self.closes_in(BEGUN)
    }

    /// The months that are closed.
    pub fn closed(&self) -> Result<Closed, LedgerError> {
        let mut closed = Closed::new();
        for close in self.closes()? {
            match close.is_close {
                true => closed.insert(close.month, close),
                false => closed.remove(&close.month),
            };
        }
        Ok(closed)
    }

    fn closes_in(&self, state: &str) -> Result<Vec<Close>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT id, month, action, at, reason, accepted, digest, manifest_sha256, last_file, items, amount_fen, \
             done_by FROM closes WHERE state = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([state])?;
        let mut closes = Vec::new();
        while let Some(row) = rows.next()? {
            closes.push(of_row(row)?);
        }
        Ok(closes)
    }

    /// The open items with which a month was closed.
    pub fn closed_items(&self, close: &Close) -> Result<Vec<ClosedItem>, LedgerError> {
        items_of(&self.connection, close.id)
    }

    /// Writes down a close that is about to be published, with its open items.
    pub fn begin_close(&mut self, close: &Close, items: &[ClosedItem]) -> Result<(), LedgerError> {
        let id = self.next_close()?;
        self.note(Event::CloseBegun { close: Close { id, ..close.clone() }, items: items.to_vec() })
    }

    /// The pack stands: the month is closed.
    pub fn finish_close(&mut self, id: i64) -> Result<(), LedgerError> {
        self.note(Event::CloseDone { close: id })
    }

    /// The pack never took its name: the month was never closed.
    pub fn drop_close(&mut self, id: i64) -> Result<(), LedgerError> {
        self.note(Event::CloseDropped { close: id })
    }

    /// Opens a closed month again.
    pub fn reopen(&mut self, close: &Close, at: NaiveDate, by: &str, reason: &str) -> Result<(), LedgerError> {
        let (id, by, reason) = (self.next_close()?, by.to_owned(), reason.to_owned());
        let reopened = Close { id, is_close: false, at, by, reason, accepted: Vec::new(), ..close.clone() };
        self.note(Event::Reopened { close: reopened })
    }

    /// Numbers are never used twice, those of closes that were dropped neither.
    fn next_close(&self) -> Result<i64, LedgerError> {
        let last = "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE name = 'last_close'";
        Ok(self.connection.query_row(last, [], |row| row.get::<_, i64>(0))? + 1)
    }

    pub(super) fn put_close(&self, close: &Close, items: Option<&[ClosedItem]>, n: i64) -> Result<(), LedgerError> {
        let accepted = serde_json::to_string(&close.accepted).unwrap_or_default(); // pairs of texts
        self.connection.execute(
            "INSERT INTO closes (id, month, action, state, at, reason, accepted, digest, manifest_sha256, last_file, \
             items, amount_fen, done_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                close.id,
                close.month.to_string(),
                if close.is_close { "close" } else { "reopen" },
                if items.is_some() { BEGUN } else { DONE },
                close.at.to_string(),
                close.reason,
                accepted,
                close.digest,
                close.manifest_sha256,
                close.last_file,
                close.items,
                close.amount.0,
                close.by,
            ],
        )?;
        let mut insert = self.connection.prepare(
            "INSERT INTO closed_items (close_id, is_receipt, key, number, category, diff_fen, changed_on) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for item in items.unwrap_or_default() {
            let changed_on = item.changed_on.map(|d| d.to_string());
            let ClosedItem { is_receipt, key, number, category, diff, .. } = item;
            insert.execute(params![close.id, is_receipt, key, number, category, diff.0, changed_on])?;
        }
        for (name, value) in [("last_close", close.id), ("close_line", n)] {
            let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)";
            self.connection.execute(sql, params![name, value.to_string()])?;
        }
        Ok(())
    }

    pub(super) fn end_close(&self, id: i64, stands: bool) -> Result<(), LedgerError> {
        if stands {
            self.connection.execute("UPDATE closes SET state = ?2 WHERE id = ?1", params![id, DONE])?;
        } else {
            self.connection.execute("DELETE FROM closed_items WHERE close_id = ?1", [id])?;
            self.connection.execute("DELETE FROM closes WHERE id = ?1", [id])?;
        }
        Ok(())
    }
}

/// A row of `id, month, action, at, reason, accepted, digest, manifest_sha256, last_file, items, amount_fen, done_by`.
pub(super) fn of_row(row: &Row<'_>) -> rusqlite::Result<Close> {
    let accepted: String = row.get(5)?;
    Ok(Close {
        id: row.get(0)?,
        month: date(row, 1)?,
        is_close: row.get::<_, String>(2)? == "close",
        at: date(row, 3)?,
        reason: row.get(4)?,
        accepted: serde_json::from_str(&accepted).unwrap_or_default(), // written by this program
        digest: row.get(6)?,
        manifest_sha256: row.get(7)?,
        last_file: row.get(8)?,
        items: row.get(9)?,
        amount: Fen(row.get(10)?),
        by: row.get(11)?,
    })
}

pub(super) fn items_of(db: &Connection, close: i64) -> Result<Vec<ClosedItem>, LedgerError> {
    let mut statement = db.prepare(
        "SELECT is_receipt, key, number, category, diff_fen, changed_on FROM closed_items WHERE close_id = ?1 \
         ORDER BY is_receipt, key",
    )?;
    let items = statement.query_map([close], |row| {
        let changed_on: Option<String> = row.get(5)?;
        Ok(ClosedItem {
            is_receipt: row.get(0)?,
            key: row.get(1)?,
            number: row.get(2)?,
            category: row.get(3)?,
            diff: Fen(row.get(4)?),
            changed_on: changed_on.and_then(|d| NaiveDate::from_str(&d).ok()),
        })
    })?;
    Ok(items.collect::<Result<_, _>>()?)
}
