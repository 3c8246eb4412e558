//! What should have come and did not, or came and cannot be read.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::Shop;
use crate::finding::{Code, Finding};
use crate::ledger::FileRecord;

/// An export that is missing or unreadable, and the tables that go without it.
pub struct Missing {
    pub what: String,
    pub tables: Vec<String>,
    pub finding: Finding,
}

/// Exports that were due on the date and are missing, and files of the date that cannot be read.
pub fn missing(shop: &Shop, records: &[FileRecord], as_of: NaiveDate) -> Vec<Missing> {
    let mut missing = Vec::new();
    for table in &shop.reading.tables.tables {
        let came = days_of(records, &table.id, as_of);
        let due = match &shop.config.expected_daily {
            Some(expected) => expected.contains(&table.id),
            None => is_due(&came, as_of),
        };
        if due && !came.contains(&as_of) {
            let name = if shop.lang == crate::model::Lang::Zh { &table.zh } else { &table.en };
            let finding = Finding::new(Code::ExportMissing, name).with(as_of.to_string());
            missing.push(Missing { what: format!("{name} {as_of}"), tables: vec![table.id.clone()], finding });
        }
    }
    missing.extend(records.iter().filter(|r| !r.replaced).filter_map(|r| unreadable(shop, r, as_of)));
    missing
}

/// Dates up to D for which an export that feeds the table has come, whichever system wrote it.
fn days_of(records: &[FileRecord], table: &str, as_of: NaiveDate) -> BTreeSet<NaiveDate> {
    let feeds = |r: &&FileRecord| r.sheets.iter().flat_map(|s| &s.tables).any(|t| t.table == table);
    records.iter().filter(feeds).flat_map(FileRecord::days).filter(|d| *d <= as_of).collect()
}

/// Learnt from the past: an export that came on nearly every one of the last 14 days, and on this weekday a week ago
/// where it was known then, is due today.
fn is_due(came: &BTreeSet<NaiveDate>, as_of: NaiveDate) -> bool {
    let window: Vec<&NaiveDate> = came.range(as_of - Days::new(14)..as_of).collect();
    let Some(first) = window.first() else { return false };
    let days = as_of.signed_duration_since(**first).num_days();
    let often = window.len() >= 3 && i64::try_from(window.len()).unwrap_or(0) * 10 >= days * 8;
    let week_ago = as_of - Days::new(7);
    often && (**first > week_ago || came.contains(&week_ago))
}

/// A file of this date, or of no date, that should have given rows and could not be read.
fn unreadable(shop: &Shop, record: &FileRecord, as_of: NaiveDate) -> Option<Missing> {
    let fatal = |f: &&Finding| match f.code {
        Code::FileDamaged
        | Code::FileEncrypted
        | Code::FileTooLarge
        | Code::ReaderFailed
        | Code::SheetUnreadable
        | Code::ExportAmbiguous => record.export_date.is_none_or(|d| d == as_of),
        Code::FileEmpty => record.export_date == Some(as_of),
        _ => false,
    };
    let finding = record.findings.iter().find(fatal)?;
    let title = finding.code.meaning().title.get(shop.lang);
    // Which table it would have fed is not known: every report of the date is marked.
    let tables = shop.reading.tables.tables.iter().map(|t| t.id.clone()).collect();
    Some(Missing { what: format!("{}（{title}）", record.name), tables, finding: finding.clone() })
}
