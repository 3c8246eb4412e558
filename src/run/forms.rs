//! Sheets of decisions that could not be read, as a whole or in a row: what somebody decided there is an exception until
//! decisions come again.

use std::collections::BTreeMap;

use super::Shop;
use crate::finding::{Code, Finding, Severity};
use crate::ledger::FileRecord;
use crate::model::{Fen, Origin};
use crate::reconcile::{Check, CheckKind};

/// The table that decisions come back into.
const DECISIONS: &str = "decisions";

/// One check a row that could not be read, or a sheet; none where a later file brought decisions that can be.
pub fn checks(shop: &Shop, files: &[&FileRecord]) -> Vec<Check> {
    let decides = |file: &&&FileRecord| {
        let mut tables = file.sheets.iter().flat_map(|sheet| &sheet.tables);
        tables.any(|table| table.table == DECISIONS && table.rows_taken > 0)
    };
    let newest = files.iter().filter(decides).map(|file| file.id).max();
    let is_last = |file: &&&FileRecord| !file.replaced && newest.is_none_or(|newest| newest <= file.id);
    files.iter().filter(is_last).flat_map(|file| of_file(shop, file)).collect()
}

fn of_file(shop: &Shop, file: &FileRecord) -> Vec<Check> {
    let is_form = |sheet: &str| {
        let mut tables = file.sheets.iter().filter(|s| s.name == sheet).flat_map(|s| &s.tables);
        tables.any(|table| table.table == DECISIONS)
    };
    let is_lost = |finding: &&Finding| match finding.code {
        Code::FormDamaged => true,
        _ => finding.severity() == Severity::Error && finding.row > 0 && is_form(&finding.sheet),
    };
    // The first thing that is wrong with a row says enough.
    let mut rows: BTreeMap<(&str, u32), &Finding> = BTreeMap::new();
    for finding in file.findings.iter().filter(is_lost) {
        rows.entry((&finding.sheet, finding.row)).or_insert(finding);
    }
    let check = |((sheet, row), finding): ((&str, u32), &Finding)| {
        let origin = Origin { file: file.id, sheet: sheet.to_owned(), row };
        let detail = format!("{}: {}", origin.place(&file.name), finding.message(shop.lang));
        Check::new(CheckKind::DecisionUnfit, "", Fen::ZERO, file.export_date, detail).from([&origin])
    };
    rows.into_iter().map(check).collect()
}
