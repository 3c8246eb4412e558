//! What should have come and did not, or came and cannot be read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::Shop;
use crate::finding::{Code, Finding};
use crate::ledger::FileRecord;

/// An export that is missing or unreadable, and the tables that go without it.
pub struct Missing {
    /// The date for which it was due.
    pub day: NaiveDate,
    pub what: String,
    pub tables: Vec<String>,
    pub finding: Finding,
}

/// Exports that were due on a day of the stretch and are missing, and files of the date that cannot be read.
///
/// Reports of the day ask for the day only, those of a week or a month for each of its days.
pub fn missing(shop: &Shop, records: &[FileRecord], from: NaiveDate, as_of: NaiveDate) -> Vec<Missing> {
    let mut missing = Vec::new();
    // A form comes when somebody has something to say: none is ever due by habit.
    let forms = shop.reading.sources.iter().filter(|source| source.returned).flat_map(|source| &source.outputs);
    let forms: BTreeSet<usize> = forms.map(|output| output.table).collect();
    for (at, table) in shop.reading.tables.tables.iter().enumerate() {
        if forms.contains(&at) {
            continue;
        }
        let came = days_of(records, &table.id, as_of);
        let expected = shop.config.expected_daily.as_ref().map(|expected| expected.contains(&table.id));
        // Days before the first export of a table are before its time.
        let begun = came.first().map_or(as_of, |first| from.max(*first));
        for day in begun.iter_days().take_while(|day| *day <= as_of) {
            if expected.unwrap_or_else(|| is_due(&came, day)) && !came.contains(&day) {
                let name = if shop.lang == crate::model::Lang::Zh { &table.zh } else { &table.en };
                let finding = Finding::new(Code::ExportMissing, name).with(day.to_string());
                missing.push(Missing { day, what: format!("{name} {day}"), tables: vec![table.id.clone()], finding });
            }
        }
    }
    missing.extend(records.iter().filter(|r| !r.replaced).filter_map(|r| unreadable(shop, r, as_of)));
    missing
}

/// How far the exports of each table reach: the newest date in the names of its files that count, or nothing where a
/// file tells no date in its name and may reach further.
pub fn reach(files: &[&FileRecord]) -> BTreeMap<String, Option<NaiveDate>> {
    let mut reach: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    for record in files {
        let newest = crate::clean::date_of_name(&record.name).and_then(|_| record.days().max());
        for table in record.sheets.iter().flat_map(|s| &s.tables) {
            let known = reach.entry(table.table.clone()).or_insert(newest);
            *known = known.zip(newest).map(|(a, b)| a.max(b));
        }
    }
    reach
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
    Some(Missing { day: as_of, what: format!("{}（{title}）", record.name), tables, finding: finding.clone() })
}
