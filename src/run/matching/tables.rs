//! Rows of a table of the ledger's kind, as a side: typed values by the names of the table's columns.

use std::path::Path;

use super::{LoadedFile, MatchingError, name_of, plain};
use crate::clean;
use crate::ledger::{Reader, ReadingSpecs};
use crate::model::{Origin, Row};
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{Columns, Rules, Side, Symbols};

/// Reads one side of an export through its source spec.
pub fn load(
    rules: &Rules,
    side: usize,
    table: &str,
    path: &Path,
    reader: &Reader,
    specs: &ReadingSpecs,
    symbols: &mut Symbols,
) -> Result<(Side, LoadedFile), MatchingError> {
    let Some(at) = specs.tables.index(table) else {
        return Err(MatchingError::Rules { what: format!("an unknown table `{table}`") });
    };
    let def = &specs.tables.tables[at];
    let file = name_of(path);
    let raw = plain::fenced(path, reader)?;
    let export = clean::clean(&specs.sources, &specs.tables, &file, raw);
    let mut rows: Vec<Row> = Vec::new();
    let mut controls = Vec::new();
    let (mut is_of_table, mut is_unread) = (false, false);
    for sheet in export.sheets {
        for control in &sheet.controls {
            let name = format!("{} {}{}", control.heading, control.column, control.row);
            controls.push(ControlTotal::new(name, control.total_fen, control.sum_fen));
        }
        for part in sheet.tables.into_iter().filter(|part| part.table == at) {
            is_of_table = true;
            is_unread |= part.rows_rejected > part.rows_taken;
            rows.extend(part.rows.into_iter().filter(|row| !row.void).map(|row| Row {
                origin: Origin { file: 0, sheet: sheet.name.clone(), row: row.row },
                values: row.values,
            }));
        }
    }
    if !is_of_table {
        return Err(MatchingError::NotOfTable { file, table: table.to_owned() });
    }
    let columns = Columns::find(rules, side, def).map_err(|what| MatchingError::Rules { what })?;
    let mut findings = export.findings;
    findings.iter_mut().for_each(|finding| finding.file.clone_from(&file));
    Ok((columns.side(rules, &rows, symbols), LoadedFile { name: file, findings, controls, is_unread }))
}
