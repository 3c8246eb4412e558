//! Files that gave nothing, told under every name under which they came and in every month that they are named after.

use chrono::{Datelike, NaiveDate};

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
