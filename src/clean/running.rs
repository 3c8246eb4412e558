//! Balances that do not follow from the row before: an amount is missing, doubled, or stands in another column.

use std::collections::BTreeMap;

use super::export::CleanRow;
use crate::finding::{Code, Finding};
use crate::model::table::Running;
use crate::model::{Fen, Value};

/// Findings of one sheet beyond this many are counted, not listed.
const LISTED: usize = 20;

/// The rows of one sheet whose balance is not that of the row before and what they say of money in and out. `column` is
/// where the balances stand. An export may begin with its newest row.
pub fn breaks(running: &Running, rows: &[CleanRow], sheet: &str, column: &str) -> Vec<Finding> {
    let mut groups: BTreeMap<&str, Vec<&CleanRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.void) {
        groups.entry(running.within.map_or("", |at| row.values[at].text())).or_default().push(row);
    }
    let pairs: Vec<[&CleanRow; 2]> = groups.values().flat_map(|rows| rows.windows(2)).map(|p| [p[0], p[1]]).collect();
    let broken = |is_upwards: bool| {
        let mut broken: Vec<(&CleanRow, i64)> = Vec::new();
        for [first, second] in &pairs {
            let (before, row) = if is_upwards { (*second, *first) } else { (*first, *second) };
            let wanted = after(running, before, row).filter(|wanted| Some(*wanted) != balance(running, row));
            broken.extend(wanted.map(|wanted| (row, wanted)));
        }
        broken
    };
    let (down, up) = (broken(false), broken(true));
    let mut told = if up.len() < down.len() { up } else { down };
    told.sort_by_key(|(row, _)| row.row);
    let finding = |(row, wanted): &(&CleanRow, i64)| {
        let held = balance(running, row).map_or_else(String::new, |fen| Fen(fen).to_string());
        let finding = Finding::new(Code::BalanceBreaks, held).with(Fen(*wanted).to_string());
        finding.at(sheet, row.row, column)
    };
    // Where hardly any follows, the list is no journal, or an excerpt of one: said once.
    let listed = if told.len() * 4 > pairs.len() * 3 { told.len().min(1) } else { told.len().min(LISTED) };
    let mut findings: Vec<Finding> = told.iter().take(listed).map(finding).collect();
    if let Some(last) = findings.last_mut() {
        last.count += (told.len() - listed) as u64;
    }
    findings
}

fn balance(running: &Running, row: &CleanRow) -> Option<i64> {
    row.values[running.balance].int()
}

/// What the balance of a row must be, by that of the row before it.
fn after(running: &Running, before: &CleanRow, row: &CleanRow) -> Option<i64> {
    let sum = |columns: &[usize]| -> i128 {
        columns.iter().filter_map(|at| Value::int(&row.values[*at])).map(i128::from).sum()
    };
    let wanted = i128::from(balance(running, before)?) + sum(&running.plus) - sum(&running.minus);
    i64::try_from(wanted).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In, out, balance, account; the row that breaks and what it should say.
    fn told(rows: &[(i64, i64, i64, &str)]) -> Vec<(u32, String)> {
        let running = Running { balance: 2, plus: vec![0], minus: vec![1], within: Some(3) };
        let row = |(at, (paid_in, paid_out, balance, account)): (u32, &(i64, i64, i64, &str))| CleanRow {
            row: at,
            twin: 0,
            void: false,
            counted: false,
            values: vec![
                Value::Int(*paid_in),
                Value::Int(*paid_out),
                Value::Int(*balance),
                Value::Text((*account).to_owned()),
            ],
        };
        let rows: Vec<CleanRow> = (2..).zip(rows).map(row).collect();
        breaks(&running, &rows, "S", "C").into_iter().map(|f| (f.row, f.args[0].clone())).collect()
    }

    #[test]
    fn a_row_shifted_under_its_amounts_breaks_the_balance() {
        let sound =
            [(0, 0, 1_000, "a"), (500, 0, 1_500, "a"), (7, 0, 7, "b"), (0, 200, 1_300, "a"), (0, 100, 1_200, "a")];
        assert_eq!(told(&sound), []);
        let mut reversed = sound;
        reversed.reverse();
        assert_eq!(told(&reversed), []);
        let mut shifted = sound;
        shifted[3] = (0, 0, 200, "a");
        assert_eq!(told(&shifted), [(5, "15.00".to_owned()), (6, "1.00".to_owned())]);
    }

    #[test]
    fn a_list_in_which_hardly_any_balance_follows_is_told_once() {
        let excerpt = [(1, 0, 10, "a"), (1, 0, 20, "a"), (1, 0, 30, "a"), (1, 0, 40, "a")];
        assert_eq!(told(&excerpt).len(), 1);
    }
}
