//! Totals within a row that are not the sum of the row's parts: one of them is wrong, and nobody knows which.

use super::export::CleanRow;
use crate::finding::{Code, Finding};
use crate::model::table::AddsUp;
use crate::model::{Fen, Value};

/// Findings of one sheet beyond this many are counted, not listed.
const LISTED: usize = 20;

/// The rows of one sheet whose total is not what its parts come to. `column` is where the totals stand. Rows that leave a
/// part blank are not held against it: their export may tell the total alone.
pub fn differ(adds_up: &AddsUp, rows: &[CleanRow], sheet: &str, column: &str) -> Vec<Finding> {
    let rows = rows.iter().filter(|row| !row.void);
    let told = rows.filter_map(|row| {
        let (total, parts) = (row.values[adds_up.total].int()?, sum(adds_up, row)?);
        (i128::from(total) != parts).then_some((row, total, parts))
    });
    let told: Vec<(&CleanRow, i64, i128)> = told.collect();
    let finding = |(row, total, parts): &(&CleanRow, i64, i128)| {
        let parts = i64::try_from(*parts).map_or_else(|_| "–".to_owned(), |fen| Fen(fen).to_string());
        Finding::new(Code::PartsDiffer, Fen(*total).to_string()).with(parts).at(sheet, row.row, column)
    };
    let mut findings: Vec<Finding> = told.iter().take(LISTED).map(finding).collect();
    if let Some(last) = findings.last_mut() {
        last.count += told.len().saturating_sub(LISTED) as u64;
    }
    findings
}

/// What the parts of a row come to; none where one of them is blank.
fn sum(adds_up: &AddsUp, row: &CleanRow) -> Option<i128> {
    let of = |columns: &[usize]| -> Option<i128> {
        columns.iter().map(|at| Value::int(&row.values[*at]).map(i128::from)).sum()
    };
    Some(of(&adds_up.plus)? - of(&adds_up.minus)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Price, fee, trade-in, total.
    fn told(values: [Option<i64>; 4]) -> usize {
        let adds_up = AddsUp { total: 3, plus: vec![0, 1], minus: vec![2] };
        let values = values.iter().map(|fen| fen.map_or(Value::Null, Value::Int)).collect();
        let row = CleanRow { row: 2, twin: 0, void: false, counted: false, values };
        differ(&adds_up, &[row], "S", "D").len()
    }

    #[test]
    fn a_total_is_held_against_all_its_parts_or_none() {
        assert_eq!(told([Some(900), Some(50), Some(100), Some(850)]), 0);
        assert_eq!(told([Some(900), Some(-50), Some(100), Some(850)]), 1);
        assert_eq!(told([Some(900), None, Some(100), Some(850)]), 0);
        assert_eq!(told([Some(900), Some(50), Some(100), None]), 0);
    }
}
