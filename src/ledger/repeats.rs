//! Yesterday's export under today's name: it is told, and is no export of its date.
//!
//! Only exports whose events are all of one day are held against each other: a stock list may well be the same on two
//! days, a receipt is of one.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::archive::hash_of;
use super::files::FileRecord;
use crate::clean::{CleanRow, key_text, stated_by_name};
use crate::finding::{Code, Finding};
use crate::model::TableDef;

/// What the rows of an export of one day's events say, whatever their order; empty where there are none, where they are
/// of several days (a register that has not grown says the same again) and for tables without a day.
pub(super) fn digest(table: &TableDef, rows: &[CleanRow]) -> String {
    let day = |row: &CleanRow| table.date.and_then(|at| row.values[at].date());
    let first = rows.first().and_then(day);
    if first.is_none() || rows.iter().any(|row| day(row) != first) {
        return String::new();
    }
    let said = |row: &CleanRow| {
        let all: Vec<usize> = (0..row.values.len()).collect();
        format!("{}\u{1f}{}", key_text(&row.values, &all), row.void)
    };
    let mut lines: Vec<String> = rows.iter().map(said).collect();
    lines.sort();
    hash_of(lines.join("\n").as_bytes())
}

/// Finds the files that only repeat the events of one with an earlier date, and says so with each.
pub(super) fn tell(files: &mut [FileRecord]) {
    let mut first: HashMap<Vec<String>, (NaiveDate, String)> = HashMap::new();
    let mut order: Vec<usize> = (0..files.len()).filter(|at| files[*at].has_events()).collect();
    order.sort_by_key(|at| (files[*at].export_date, files[*at].id));
    for at in order {
        let file = &mut files[at];
        copies(file);
        let Some(date) = file.export_date else { continue };
        let (earlier, name) = first.entry(events(file)).or_insert_with(|| (date, file.name.clone())).clone();
        if earlier < date && name != file.name && !file.replaced {
            let finding = Finding::new(Code::ExportRepeated, &name).with(earlier.to_string()).with(date.to_string());
            file.findings.push(named(finding, &file.name));
            file.repeats = Some(name);
        }
    }
}

/// What it says: source and events of each of its tables.
fn events(file: &FileRecord) -> Vec<String> {
    let tables = file.sheets.iter().flat_map(|s| s.tables.iter().map(move |t| (s, t)));
    tables.map(|(sheet, table)| format!("{} {} {}", sheet.source, table.table, table.digest)).collect()
}

/// The very bytes under a name with a later date than that of another of its names.
fn copies(file: &mut FileRecord) {
    let names = std::iter::once(&file.name).chain(&file.other_names);
    let dated = names.filter_map(|name| Some((stated_by_name(name).filter(|s| !s.whole_month)?.date, name.clone())));
    let dated: Vec<(NaiveDate, String)> = dated.collect();
    let Some((earliest, of)) = dated.iter().min().cloned() else { return };
    for (date, name) in dated.iter().filter(|(date, _)| *date > earliest) {
        let finding = Finding::new(Code::ExportRepeated, &of).with(earliest.to_string()).with(date.to_string());
        file.findings.push(named(finding, name));
    }
}

fn named(mut finding: Finding, file: &str) -> Finding {
    file.clone_into(&mut finding.file);
    finding
}
