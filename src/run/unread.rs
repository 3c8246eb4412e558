//! Files that gave nothing, told under every name under which they came and in every month that they are named after;
//! and entries of the inbox that could not be taken.

use chrono::{Datelike, NaiveDate};

use super::missing::Missing;
use super::{Books, Request, Shop};
use crate::clean::stated_by_name;
use crate::finding::Finding;
use crate::ledger::FileRecord;

/// What is said of files without a usable row beyond what the files of a date say themselves: of every further name of
/// the same bytes, for each stands for an export that is not there; and of a month's file before the month's end, for
/// nobody knows how far a file goes that cannot be read.
pub fn findings(records: &[FileRecord], as_of: NaiveDate) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in records.iter().filter(|record| gave_nothing(record) && !record.replaced) {
        let names = std::iter::once(&record.name).chain(&record.other_names);
        for name in names.filter(|name| speaks_for(name, as_of)) {
            findings.extend(record.findings.iter().cloned().map(|mut finding| {
                (finding.file_id, finding.file) = (None, name.clone());
                finding
            }));
        }
    }
    findings
}

/// What this run says of the inbox on a date: of entries whose name states no date, on each date that was asked for; of
/// others, on the dates of their name.
pub fn of_inbox<'b>(books: &'b Books<'_>, request: &Request, as_of: NaiveDate) -> impl Iterator<Item = &'b Finding> {
    let is_asked = request.dates.contains(&as_of);
    books.inbox.iter().filter(move |finding| match stated_by_name(&finding.file) {
        None => is_asked,
        Some(_) => speaks_for(&finding.file, as_of),
    })
}

/// Entries of the inbox in which an export may be lost: nobody knows what it would have fed, so every report of the date
/// that it is named after, or of those that were asked for, is incomplete.
pub fn lost_in_inbox(shop: &Shop, books: &Books<'_>, request: &Request, as_of: NaiveDate) -> Vec<Missing> {
    let is_of_date =
        |finding: &&Finding| stated_by_name(&finding.file).is_none_or(|s| s.whole_month || s.date == as_of);
    let lost = of_inbox(books, request, as_of).filter(|finding| finding.code.is_unread()).filter(is_of_date);
    let missing = |finding: &Finding| Missing {
        day: as_of,
        what: format!("{}（{}）", finding.file, finding.code.meaning().title.get(shop.lang)),
        tables: shop.reading.tables.tables.iter().map(|t| t.id.clone()).collect(),
        is_owed: true,
        finding: finding.clone(),
    };
    lost.map(missing).collect()
}

/// Whether not one row of a file could be taken; an export of a day on which nothing happened has none.
fn gave_nothing(record: &FileRecord) -> bool {
    let mut tables = record.sheets.iter().flat_map(|sheet| &sheet.tables);
    record.sheets.is_empty() || (tables.clone().all(|t| t.rows_taken == 0) && tables.any(|t| t.rows_read > 0))
}

/// Whether a file's name speaks for a date: it has none, states one up to it, or a month that has begun.
fn speaks_for(name: &str, as_of: NaiveDate) -> bool {
    let first = |date: NaiveDate| date.with_day(1).unwrap_or(date);
    stated_by_name(name).is_none_or(|stated| match stated.whole_month {
        true => first(stated.date) <= as_of,
        false => stated.date <= as_of,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_speaks_for_its_days_and_a_month_from_its_first() {
        let speaks = |name: &str, date: &str| speaks_for(name, day(date));
        assert!(speaks("代金券.xlsx", "2026-10-01"));
        assert!(speaks("代金券_202610.xlsx", "2026-10-01") && !speaks("代金券_202610.xlsx", "2026-09-30"));
        assert!(speaks("代金券_20261020.xlsx", "2026-10-20") && !speaks("代金券_20261020.xlsx", "2026-10-19"));
    }

    #[test]
    fn every_name_of_an_empty_file_is_told() {
        let record = FileRecord {
            id: 1,
            sha256: String::new(),
            name: "收银_20261020.csv".to_owned(),
            other_names: vec!["代金券_202610.xlsx".to_owned()],
            format: String::new(),
            encoding: String::new(),
            export_date: None,
            made_at: None,
            taken_after: None,
            replaced: false,
            repeats: None,
            ranked: crate::ledger::Ranked::default(),
            sheets: Vec::new(),
            findings: vec![Finding::new(Code::FileEmpty, "")],
        };
        let told = findings(&[record], day("2026-10-20"));
        assert_eq!(
            told.iter().map(|f| f.file.as_str()).collect::<Vec<_>>(),
            ["收银_20261020.csv", "代金券_202610.xlsx"]
        );
    }
}
