//! The files that a date rests on: their rows, their own totals, their findings.

use std::collections::{BTreeMap, HashMap};

use crate::finding::{Code, Finding};
use crate::ledger::FileRecord;
use crate::reconcile::ControlTotal;
use crate::report::Input;

/// What each file, sheet and table gave.
pub fn inputs(files: &[&FileRecord]) -> Vec<Input> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let mut inputs = Vec::new();
    for file in files {
        for sheet in &file.sheets {
            for (at, table) in sheet.tables.iter().enumerate() {
                // The export's own total is of the sheet: it stands with the first table that the sheet feeds.
                let own = sheet.controls.iter().rfind(|c| c.grand && c.primary && at == 0);
                inputs.push(Input {
                    file: file.name.clone(),
                    sha256: file.sha256.clone(),
                    source: sheet.source.clone(),
                    table: table.table.clone(),
                    sheet: sheet.name.clone(),
                    encoding: file.encoding.clone(),
                    rows_sheet: count(table.rows_sheet),
                    rows_no_record: count(table.rows_no_record),
                    rows_read: count(table.rows_read),
                    rows_taken: count(table.rows_taken),
                    rows_rejected: count(table.rows_rejected),
                    refused_fen: table.refused_fen,
                    control_total_fen: own.map(|c| c.total_fen),
                    control_total_holds: own.map(|_| sheet.controls.iter().all(crate::clean::Control::holds)),
                });
            }
        }
        if file.sheets.is_empty() {
            inputs.push(nothing(file));
        }
    }
    inputs.sort_by(|a, b| (&a.file, &a.sheet, &a.table).cmp(&(&b.file, &b.sheet, &b.table)));
    inputs
}

/// A file that gave nothing is an input too: it is said, not dropped.
fn nothing(file: &FileRecord) -> Input {
    Input {
        file: file.name.clone(),
        sha256: file.sha256.clone(),
        source: String::new(),
        table: String::new(),
        sheet: String::new(),
        encoding: file.encoding.clone(),
        rows_sheet: 0,
        rows_no_record: 0,
        rows_read: 0,
        rows_taken: 0,
        rows_rejected: 0,
        refused_fen: 0,
        control_total_fen: None,
        control_total_holds: None,
    }
}

/// Rows of the sheets = no record + read, and read = taken + rejected, over all files; every 合计 and 小计 of an export
/// that was not replaced.
pub fn controls(files: &[&FileRecord]) -> Vec<ControlTotal> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let tables: Vec<_> = files.iter().flat_map(|f| &f.sheets).flat_map(|s| &s.tables).collect();
    let read = tables.iter().map(|t| count(t.rows_read)).sum();
    let kept = tables.iter().map(|t| count(t.rows_taken) + count(t.rows_rejected)).sum();
    let of_sheets = tables.iter().map(|t| count(t.rows_sheet)).sum();
    let told = tables.iter().map(|t| count(t.rows_no_record) + count(t.rows_read)).sum();
    let mut totals = vec![
        ControlTotal::new("rows of sheets = rows that are no record + rows read", of_sheets, told),
        ControlTotal::new("rows read = rows taken + rows rejected", read, kept),
    ];
    let (mut checked, mut held) = (0, 0);
    for file in files.iter().filter(|f| !f.replaced) {
        for sheet in &file.sheets {
            for control in &sheet.controls {
                checked += 1;
                // Where an amount cannot be read, a difference may be its own: that is told, and no total that fails.
                held += i64::from(!control.fails());
                if control.fails() {
                    let place = format!("{} {}{} {}", file.name, control.column, control.row, control.heading);
                    totals.push(ControlTotal::new(place, control.sum_fen, control.total_fen));
                }
            }
        }
    }
    totals.push(ControlTotal::new("totals of exports: stated = equal to their rows", checked, held));
    totals
}

/// All findings of a date in order of severity, code and place, with the names of their files.
pub fn findings(
    files: &[&FileRecord],
    names: &HashMap<i64, String>,
    more: impl Iterator<Item = Finding>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files.iter().flat_map(|f| f.findings.iter().cloned()).collect();
    for file in files.iter().filter(|f| f.replaced) {
        let mut finding = Finding::new(Code::ExportReplaced, "");
        finding.file.clone_from(&file.name);
        findings.push(finding);
    }
    findings.extend(more);
    for finding in &mut findings {
        if let Some(name) = finding.file_id.take().and_then(|id| names.get(&id)) {
            finding.file.clone_from(name);
        }
    }
    findings.sort_by(|a, b| (a.severity(), a).cmp(&(b.severity(), b)));
    findings.dedup();
    findings
}

/// Number of findings by code.
pub fn by_code(findings: &[Finding]) -> BTreeMap<&'static str, i64> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code.id()).or_insert(0) += i64::try_from(finding.count).unwrap_or(i64::MAX);
    }
    counts
}
