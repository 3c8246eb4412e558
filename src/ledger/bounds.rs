//! Sums that can be counted: what files say is bounded here, once, so that no sum over rows can leave the range in which
//! whole numbers are exact, neither here nor in a spreadsheet.
//!
//! A row whose number is so large that its column could not be summed is left out and told at its place. Everything
//! behind the ledger may add up rows without asking again.

use chrono::NaiveDate;

use super::version::Version;
use crate::finding::{Code, Finding};
use crate::model::{ColumnKind, Fen, TableDef};

/// What the absolute values of a column of money, hours or counts may sum to: 10 trillion yuan. A few such columns added
/// up are still exact in a spreadsheet's number (2^53).
const LARGEST_SUM: u64 = 1_000_000_000_000_000;

/// What quantities and unit prices, in millionths, may sum to.
const LARGEST_MICRO_SUM: u64 = 100 * LARGEST_SUM;

/// A row that is in no figure because a number of it is too large for its column to be summed.
#[derive(Debug, Clone)]
pub struct TooLarge {
    pub table: String,
    /// The row's own day, where its table has one.
    pub day: Option<NaiveDate>,
    pub finding: Finding,
}

/// Takes out the rows whose numbers are too large for their column to be summed, and says which.
pub fn bound(table: &TableDef, versions: &mut Vec<Version>) -> Vec<TooLarge> {
    let mut findings = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let Some(limit) = limit(column.kind) else { continue };
        let size = |version: &Version| version.row.values[at].int().map_or(0, i64::unsigned_abs);
        let Some(too_large) = smallest_too_large(versions.iter().map(size), limit) else { continue };
        versions.retain(|version| {
            if size(version) < too_large {
                return true;
            }
            let number = version.row.values[at].int().unwrap_or_default();
            let finding = Finding::new(Code::SumTooLarge, shown(number, column.kind)).with(&column.zh);
            let limit = shown(i64::try_from(limit).unwrap_or(i64::MAX), column.kind);
            findings.push(TooLarge {
                table: table.id.clone(),
                day: table.date.and_then(|at| version.row.values[at].date()),
                finding: finding.with(limit).at_row(&version.row.origin),
            });
            false
        });
    }
    findings
}

fn limit(kind: ColumnKind) -> Option<u64> {
    match kind {
        ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Int => Some(LARGEST_SUM),
        ColumnKind::Micro => Some(LARGEST_MICRO_SUM),
        ColumnKind::Text
        | ColumnKind::Key
        | ColumnKind::Word(_)
        | ColumnKind::Date
        | ColumnKind::Time
        | ColumnKind::Bool => None,
    }
}

/// From which size on numbers must be left out for the rest to sum to no more than the limit; none where all may stay.
fn smallest_too_large(sizes: impl Iterator<Item = u64> + Clone, limit: u64) -> Option<u64> {
    let mut sum: u128 = sizes.clone().map(u128::from).sum();
    if sum <= u128::from(limit) {
        return None;
    }
    let mut sizes: Vec<u64> = sizes.collect();
    sizes.sort_unstable();
    while let Some(largest) = sizes.pop() {
        sum -= u128::from(largest);
        if sum <= u128::from(limit) {
            return Some(largest);
        }
    }
    None
}

/// The number as its column's people write it.
fn shown(number: i64, kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Fen | ColumnKind::Hours => Fen(number).to_string(),
        ColumnKind::Micro => (number / 1_000_000).to_string(),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_sums_to_the_limit_at_most() {
        let sizes = [5_u64, 7, 1, 7, 3];
        assert_eq!(smallest_too_large(sizes.iter().copied(), 23), None);
        assert_eq!(smallest_too_large(sizes.iter().copied(), 22), Some(7));
        assert_eq!(smallest_too_large(sizes.iter().copied(), 8), Some(5));
        assert_eq!(smallest_too_large([u64::MAX; 3].into_iter(), 9), Some(u64::MAX));
    }
}
