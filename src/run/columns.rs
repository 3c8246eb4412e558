//! Columns that are gone: an export lacks what the one before it had, because a heading was renamed or a column left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::clean::stem;
use crate::finding::{Code, Finding};
use crate::ledger::{FileRecord, SheetColumns};

/// One finding for every column that an export lacks and the export before it had: of the same source, under a name that
/// differs in digits and marks only. It is told of the first export without the column, and not where the one before the
/// former lacked it too: two layouts that take turns are no change.
pub fn gone(files: &[&FileRecord], sheets: &[SheetColumns]) -> Vec<Finding> {
    let mut of_file: BTreeMap<i64, Vec<&SheetColumns>> = BTreeMap::new();
    for sheet in sheets {
        of_file.entry(sheet.file).or_default().push(sheet);
    }
    let mut ordered = files.to_vec();
    ordered.sort_by(|a, b| a.age().cmp(&b.age()));
    let mut before: BTreeMap<(String, &str), Vec<(&FileRecord, Columns<'_>)>> = BTreeMap::new();
    let mut findings = Vec::new();
    for file in ordered {
        let sheets = of_file.get(&file.id).map_or(&[][..], Vec::as_slice);
        let sources: BTreeSet<&str> = sheets.iter().map(|sheet| sheet.source.as_str()).collect();
        for source in sources {
            let own = || sheets.iter().filter(|sheet| sheet.source == source);
            let columns: Columns<'_> =
                own().flat_map(|s| &s.columns).map(|(column, heading)| (column.as_str(), heading.as_str())).collect();
            let earlier = before.entry((stem(&file.name), source)).or_default();
            earlier.push((file, columns.clone()));
            let [older @ .., (former, had), _] = &earlier[..] else { continue };
            let Some(first) = own().next() else { continue };
            let is_gone = |column: &str| {
                !columns.contains_key(column) && older.last().is_none_or(|(_, older)| older.contains_key(column))
            };
            let headings: BTreeSet<&str> =
                had.iter().filter(|(column, _)| is_gone(column)).map(|(_, heading)| *heading).collect();
            // A heading that fills several columns and still fills one of them has only changed its use.
            for heading in headings.into_iter().filter(|heading| !columns.values().any(|own| own == heading)) {
                let row = file.sheets.iter().find(|s| s.name == first.sheet).map_or(0, |s| s.heading_row);
                let mut finding = Finding::new(Code::ColumnGone, heading).with(&former.name).at(&first.sheet, row, "");
                finding.file.clone_from(&file.name);
                findings.push(finding);
            }
        }
    }
    findings
}

/// Columns of tables with the headings that fill them.
type Columns<'a> = BTreeMap<&'a str, &'a str>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::SheetRecord;

    fn file(id: i64, name: &str, date: &str) -> FileRecord {
        let sheet = SheetRecord {
            name: "S".to_owned(),
            source: "receipts".to_owned(),
            heading_row: 2,
            tables: Vec::new(),
            controls: Vec::new(),
        };
        FileRecord {
            id,
            sha256: id.to_string(),
            name: name.to_owned(),
            other_names: Vec::new(),
            format: "csv".to_owned(),
            encoding: String::new(),
            export_date: date.parse().ok(),
            made_at: None,
            taken_after: None,
            replaced: false,
            repeats: None,
            ranked: crate::ledger::Ranked::default(),
            sheets: vec![sheet],
            findings: Vec::new(),
        }
    }

    fn sheet(file: i64, columns: &[(&str, &str)]) -> SheetColumns {
        let columns = columns.iter().map(|(column, heading)| ((*column).to_owned(), (*heading).to_owned())).collect();
        SheetColumns { file, sheet: "S".to_owned(), source: "receipts".to_owned(), columns }
    }

    #[test]
    fn a_column_that_the_export_before_had_is_told_once() {
        let files = [file(1, "收银_20261018.csv", "2026-10-18"), file(2, "收银_20261019.csv", "2026-10-19")];
        let third = file(3, "收银_20261020.csv", "2026-10-20");
        let with = [("receipts.amount", "金额"), ("receipts.purpose", "类型")];
        let sheets = [sheet(1, &with), sheet(2, &with[..1]), sheet(3, &with[..1])];
        let found = gone(&[&files[0], &files[1], &third], &sheets);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].file.as_str(), found[0].row, found[0].value.as_str()), ("收银_20261019.csv", 2, "类型"));
        assert_eq!(found[0].args, ["收银_20261018.csv"]);
    }

    #[test]
    fn two_layouts_that_take_turns_are_told_of_once() {
        let files: Vec<FileRecord> = (1..=6).map(|day| file(day, "收银.csv", &format!("2026-10-1{day}"))).collect();
        let with = [("receipts.amount", "金额"), ("receipts.purpose", "类型")];
        let sheets: Vec<SheetColumns> = (1..=6).map(|at| sheet(at, &with[..1 + usize::from(at % 2 == 1)])).collect();
        let found = gone(&files.iter().collect::<Vec<_>>(), &sheets);
        assert_eq!(found.iter().map(|f| f.args[0].as_str()).collect::<Vec<_>>(), ["收银.csv"]);
    }

    #[test]
    fn another_kind_of_file_and_a_heading_that_fills_something_else_are_none() {
        let files = [file(1, "收银_20261018.csv", "2026-10-18"), file(2, "门店收银_20261019.csv", "2026-10-19")];
        let sheets = [sheet(1, &[("receipts.amount", "金额")]), sheet(2, &[])];
        assert_eq!(gone(&[&files[0], &files[1]], &sheets), []);
        let files = [file(1, "a1.csv", "2026-10-18"), file(2, "a2.csv", "2026-10-19")];
        let sheets = [sheet(1, &[("receipts.amount", "金额")]), sheet(2, &[("receipts.refund", "金额")])];
        assert_eq!(gone(&[&files[0], &files[1]], &sheets), []);
    }
}
