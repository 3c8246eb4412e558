//! Exports that came and cannot be used: damaged, unknown, or of which most rows had to be refused.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::Shop;
use super::missing::{Missing, Owed, name_of};
use crate::finding::{Code, Finding, Severity};
use crate::ledger::{FileRecord, SheetRecord, TableRecord, TooLarge};
use crate::model::Fen;

/// Files of the stretch that came and are as good as missing.
///
/// What cannot be read at all is told on its own date, for nobody knows what it would have fed; what gave too few rows
/// on every date whose reports cover its day.
pub fn unusable(
    shop: &Shop,
    records: &[FileRecord],
    from: NaiveDate,
    as_of: NaiveDate,
    owed: &Owed<'_>,
) -> Vec<Missing> {
    let mut unusable = Vec::new();
    for record in records.iter().filter(|r| !r.replaced) {
        unusable.extend(unreadable(shop, record, as_of).or_else(|| not_used(shop, records, record, as_of)));
        let day = record.export_date.unwrap_or(as_of);
        if (from..=as_of).contains(&day) {
            unusable.extend(refused(shop, record, day, owed));
        }
    }
    unusable
}

/// Rows of the stretch that are in no figure because their numbers are too large to be summed: what rests on their tables
/// is incomplete. Of a table without days they are missed on every date.
pub fn left_out(
    shop: &Shop,
    files: &[&FileRecord],
    rows: &[&TooLarge],
    (from, as_of): (NaiveDate, NaiveDate),
) -> Vec<Missing> {
    let missing = |row: &&TooLarge| {
        let file = files.iter().find(|file| row.finding.file_id == Some(file.id))?;
        let day = row.day.unwrap_or(as_of);
        let what = titled(shop, file, &row.finding.sheet, row.finding.code);
        let (tables, finding) = (vec![row.table.clone()], row.finding.clone());
        (from..=as_of).contains(&day).then_some(Missing { day, what, tables, is_owed: true, finding })
    };
    let mut missing: Vec<Missing> = rows.iter().filter_map(missing).collect();
    // One a sheet and table: each row stands among the findings.
    missing.dedup_by(|a, b| a.what == b.what && a.tables == b.tables && a.day == b.day);
    missing
}

/// A file of this date, or of no date, that should have given rows and could not be read.
fn unreadable(shop: &Shop, record: &FileRecord, as_of: NaiveDate) -> Option<Missing> {
    let is_empty = |f: &Finding| f.code == Code::FileEmpty;
    let is_of_date = |f: &Finding| record.export_date.map_or(!is_empty(f), |d| d == as_of);
    let finding = record.findings.iter().find(|f| f.code.is_unread() && is_of_date(f))?;
    // Which table it would have fed is not known: every report of the date is marked.
    let tables = shop.reading.tables.tables.iter().map(|t| t.id.clone()).collect();
    let what = titled(shop, record, "", finding.code);
    Some(Missing { day: as_of, what, tables, is_owed: true, finding: finding.clone() })
}

/// A file of the date of which nothing is known but its name: it is missed where its name is that of an export of
/// which no other came for the day. A photo, a letter or a printed copy beside the export is nobody's fault.
fn not_used(shop: &Shop, records: &[FileRecord], record: &FileRecord, as_of: NaiveDate) -> Option<Missing> {
    if record.export_date != Some(as_of) || !record.sheets.is_empty() {
        return None;
    }
    let is_unknown = |f: &&Finding| matches!(f.code, Code::ExportUnknown | Code::FileUnknown);
    let seen = record.findings.iter().find(is_unknown)?;
    let tables = tables_by_name(shop, &record.name);
    let has_come = |table: &String| {
        records.iter().any(|other| feeds(other, table) && !other.replaced && other.days().any(|day| day == as_of))
    };
    let first = tables.iter().next().filter(|_| !tables.iter().any(has_come))?;
    let name = shop.reading.tables.get(first).map_or(first.as_str(), |table| name_of(shop, table));
    let mut finding = Finding::new(Code::ExportNotUsed, name).at(&seen.sheet, 0, "");
    finding.file.clone_from(&record.name);
    let what = titled(shop, record, "", Code::ExportNotUsed);
    Some(Missing { day: as_of, what, tables: tables.into_iter().collect(), is_owed: true, finding })
}

/// Tables that an export of this name feeds, by the patterns of the sources and by the tables' own names.
fn tables_by_name(shop: &Shop, file: &str) -> BTreeSet<String> {
    let tables = &shop.reading.tables.tables;
    let mut found = BTreeSet::new();
    for source in shop.reading.sources.iter().filter(|s| !s.returned && s.names.iter().any(|n| n.is_match(file))) {
        found.extend(source.outputs.iter().map(|output| tables[output.table].id.clone()));
    }
    found.extend(tables.iter().filter(|table| file.contains(&table.zh)).map(|table| table.id.clone()));
    found
}

/// Tables of which a file's sheets hold rows that bear a key, and fewer than half of them could be taken.
fn refused(shop: &Shop, record: &FileRecord, day: NaiveDate, owed: &Owed<'_>) -> Vec<Missing> {
    let is_form = |sheet: &SheetRecord| shop.reading.sources.iter().any(|s| s.returned && s.id == sheet.source);
    let mut refused = Vec::new();
    for sheet in record.sheets.iter().filter(|sheet| !is_form(sheet)) {
        for table in sheet.tables.iter().filter(|table| is_refused(record, sheet, table)) {
            let name = shop.reading.tables.get(&table.table).map_or(table.table.as_str(), |t| name_of(shop, t));
            let mut finding = Finding::new(Code::ExportRefused, name)
                .with(table.rows_taken.to_string())
                .with(keyed(record, sheet, table).to_string())
                .at(&sheet.name, sheet.heading_row, "");
            finding.file.clone_from(&record.name);
            let what = titled(shop, record, &sheet.name, Code::ExportRefused);
            let is_owed = owed.contains(&(table.table.as_str(), day)) || is_not_understood(record, sheet);
            refused.push(Missing { day, what, tables: vec![table.table.clone()], is_owed, finding });
        }
        refused.extend(sheet.tables.iter().filter_map(|table| partly_refused(shop, record, sheet, table, day)));
    }
    refused
}

/// A table of which the sheet's own total proves that rows bearing money were refused: the taken ones count, but what
/// rests on the table is incomplete.
fn partly_refused(
    shop: &Shop,
    record: &FileRecord,
    sheet: &SheetRecord,
    table: &TableRecord,
    day: NaiveDate,
) -> Option<Missing> {
    let bears_money = table.refused_fen != 0 || table.refused_unread > 0;
    if !bears_money || sheet.controls.is_empty() || is_refused(record, sheet, table) {
        return None;
    }
    let name = shop.reading.tables.get(&table.table).map_or(table.table.as_str(), |t| name_of(shop, t));
    let money = if table.refused_unread > 0 { "–".to_owned() } else { Fen(table.refused_fen).to_string() };
    let finding = Finding::new(Code::ExportPartlyRefused, name).with(table.rows_rejected.to_string()).with(money);
    let mut finding = finding.at(&sheet.name, sheet.heading_row, "");
    finding.file.clone_from(&record.name);
    let what = titled(shop, record, &sheet.name, Code::ExportPartlyRefused);
    Some(Missing { day, what, tables: vec![table.table.clone()], is_owed: true, finding })
}

fn is_refused(record: &FileRecord, sheet: &SheetRecord, table: &TableRecord) -> bool {
    2 * table.rows_taken < keyed(record, sheet, table)
}

/// Whether rows were refused for what they say, not only for what they lack: cells that are empty, formulas that no
/// spreadsheet program has calculated, numbers that one has damaged. These are missed only where the export is due.
fn is_not_understood(record: &FileRecord, sheet: &SheetRecord) -> bool {
    let lacks = [Code::RequiredMissing, Code::NoneFilled, Code::FormulaWithoutValue, Code::KeyDamaged];
    let mut of_sheet = record.findings.iter().filter(|f| f.sheet == sheet.name);
    of_sheet.any(|f| f.severity() == Severity::Error && !lacks.contains(&f.code))
}

/// Rows that bear a key, those left aside that only repeat another row.
fn keyed(record: &FileRecord, sheet: &SheetRecord, table: &TableRecord) -> u64 {
    let is_repeated = |f: &&Finding| f.code == Code::RepeatedRow && f.sheet == sheet.name;
    let repeated: u64 = record.findings.iter().filter(is_repeated).map(|f| f.count).sum();
    table.rows_read - table.rows_rejected.min(repeated)
}

/// Whether a file holds usable rows of a table, or an honest nothing.
fn feeds(record: &FileRecord, table: &str) -> bool {
    let usable = |sheet: &&SheetRecord| {
        let mut of_table = sheet.tables.iter().filter(|t| t.table == table);
        of_table.any(|t| !is_refused(record, sheet, t))
    };
    record.sheets.iter().any(|sheet| usable(&sheet))
}

/// `收银流水_20261031.csv 收银（大半的行被拒收）`
fn titled(shop: &Shop, record: &FileRecord, sheet: &str, code: Code) -> String {
    let place = [record.name.as_str(), sheet].join(" ");
    format!("{}（{}）", place.trim_end(), code.meaning().title.get(shop.lang))
}
