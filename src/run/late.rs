//! Late exports: dates that were published as incomplete and can now be made again.

use std::fs;

use chrono::{Days, NaiveDate};

use super::{Request, Shop};
use crate::ledger::FileRecord;
use crate::publish::MANIFEST;

/// How far back an incomplete date is made again: two months and a day, so that a month's reports wait for the whole
/// next month.
const DAYS: u64 = 63;

/// Dates before the newest one asked for whose reports lacked a table that a newly taken file feeds, oldest first.
///
/// A date that was complete is not touched: what a newer export changes in it is another matter.
pub fn dates(shop: &Shop, records: &[FileRecord], newest_known: i64, request: &Request) -> Vec<NaiveDate> {
    let new: Vec<&FileRecord> = records.iter().filter(|r| r.id > newest_known).collect();
    let Some(newest) = request.dates.iter().max().filter(|_| !new.is_empty()) else { return Vec::new() };
    let from = newest.checked_sub_days(Days::new(DAYS)).unwrap_or(*newest);
    let candidates = from.iter_days().take_while(|d| d < newest).filter(|d| !request.dates.contains(d));
    candidates.filter(|date| lacking(shop, *date).iter().any(|table| has_come(&new, table, *date))).collect()
}

fn has_come(new: &[&FileRecord], table: &str, date: NaiveDate) -> bool {
    let feeds = |file: &FileRecord| file.sheets.iter().flat_map(|s| &s.tables).any(|t| t.table == table);
    new.iter().any(|file| file.export_date.is_none_or(|d| d <= date) && feeds(file))
}

/// Tables that the published reports of a date lacked; none where the date was never published.
fn lacking(shop: &Shop, date: NaiveDate) -> Vec<String> {
    let path = shop.reports.join(date.to_string()).join(MANIFEST);
    let manifest: Option<serde_json::Value> = fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(manifest) = manifest else { return Vec::new() };
    let reports = manifest["reports"].as_array().map_or(&[][..], Vec::as_slice);
    let tables = reports.iter().filter_map(|r| r["lacks"].as_array()).flatten();
    tables.filter_map(|t| t.as_str().map(str::to_owned)).collect()
}
