//! Running sums of a sheet's money columns, held against the totals that the export writes itself.

use std::collections::BTreeMap;

use super::cells::{decimal, fen, is_blank, text_of};
use super::direction::Way;
use super::export::Control;
use super::normal::{self, column_letters};
use super::plan::{Headings, OutputPlan};
use super::summary;
use super::units::Scale;
use super::words::Sums;
use crate::read::RawRow;

/// Sums of one column: as written, without void rows, and with what went out as a minus. Exports differ in which of
/// these their own totals say. In 128 bits, for a column may hold card numbers.
type Running = [i128; 3];

/// Totals further back than this are not looked at as beginnings of a part.
const BOUNDARIES: usize = 24;

/// One money column.
#[derive(Default)]
struct Column {
    /// Whether it is the amount that the table's control totals are shown for.
    primary: bool,
    /// How its numbers are read.
    scale: Option<Scale>,
    sums: Running,
    /// The sums at the last totals, the newest last.
    boundaries: Vec<Running>,
    /// The sums at the last 合计.
    whole: Running,
    /// What pages before this file brought (承前页), in fen.
    brought: i128,
    rows: u64,
    /// Amounts that cannot be read.
    unread: u64,
}

/// The money columns of one sheet, by place.
pub struct Totals {
    columns: BTreeMap<usize, Column>,
}

impl Totals {
    pub fn new(plans: &[OutputPlan<'_>]) -> Totals {
        let mut columns: BTreeMap<usize, Column> = BTreeMap::new();
        for plan in plans {
            for (place, column) in plan.money() {
                let entry = columns.entry(place).or_default();
                entry.primary |= plan.table.amount == Some(column);
                entry.scale.get_or_insert_with(|| plan.scale_of(place, column));
            }
            if let Some(out) = plan.ways().and_then(|ways| ways.out) {
                columns.entry(out).or_default();
            }
        }
        Totals { columns }
    }

    /// Counts a record, taken or rejected.
    pub fn add(&mut self, row: &RawRow, way: Option<Way>) {
        for (place, column) in &mut self.columns {
            column.rows += 1;
            let Some(cell) = row.cells.get(*place).filter(|c| !is_blank(c)) else { continue };
            let Some(fen) = column.fen(row, *place) else {
                column.unread += u64::from(!text_of(cell).is_empty());
                continue;
            };
            let fen = i128::from(fen);
            let live = if way == Some(Way::Void) { 0 } else { fen };
            let signed = if way == Some(Way::Out) { -live.abs() } else { live };
            for (sum, part) in column.sums.iter_mut().zip([fen, live, signed]) {
                *sum += part;
            }
        }
    }

    /// Counts a record whose cells do not stand in their columns.
    pub fn add_unread(&mut self) {
        for column in self.columns.values_mut() {
            column.rows += 1;
            column.unread += 1;
        }
    }

    /// Holds a total row against what it sums.
    pub fn total(&mut self, row: &RawRow, sums: Sums, headings: &RawRow, controls: &mut Vec<Control>) {
        if sums == Sums::NoSum {
            return;
        }
        for (place, column) in &mut self.columns {
            let stated = column.stated(row, *place);
            let first_page = sums == Sums::Carried && column.rows == 0 && column.brought == 0;
            if let Some(stated) = stated.filter(|_| first_page) {
                column.brought = stated;
            } else if let Some(stated) = stated {
                let sum = column.summed(sums, stated);
                if sum == stated || sums != Sums::ToDate {
                    controls.push(Control {
                        row: row.number,
                        heading: headings.cells.get(*place).map_or_else(String::new, text_of),
                        column: column_letters(*place),
                        sum_fen: bounded(sum),
                        total_fen: bounded(stated),
                        primary: column.primary,
                        grand: sums == Sums::Whole,
                        unread: column.unread,
                    });
                }
            }
            column.close(sums);
        }
    }

    /// The values of a summary with headings of its own, each against the column that its heading sums.
    pub fn summary(&mut self, row: &RawRow, of: &RawRow, headings: &Headings, controls: &mut Vec<Control>) {
        for (at, cell) in of.cells.iter().enumerate() {
            let heading = text_of(cell);
            let names = summary::summed(&normal::heading(&heading));
            let place = names.iter().filter_map(|h| headings.find(h)).find(|p| self.columns.contains_key(p));
            let column = place.and_then(|p| self.columns.get_mut(&p));
            let Some(column) = column else { continue };
            let Some(total_fen) = column.fen(row, at) else { continue };
            let sum = column.summed(Sums::Whole, i128::from(total_fen));
            column.close(Sums::Whole);
            controls.push(Control {
                row: row.number,
                heading,
                column: column_letters(at),
                sum_fen: bounded(sum),
                total_fen,
                primary: column.primary,
                grand: true,
                unread: column.unread,
            });
        }
    }

    /// A sum in a comment line: 收入合计 is that of the column 收入金额. Bills differ in whether they repeat the minus.
    pub fn comment(&mut self, row: &RawRow, line: &str, headings: &Headings, controls: &mut Vec<Control>) {
        let Some((word, total)) = summary::of_comment(line) else { return };
        let Some(place) = headings.find(&format!("{word}金额")) else { return };
        let Some(column) = self.columns.get_mut(&place) else { return };
        let sum_fen = bounded(column.sums[0]);
        let sign = if sum_fen < 0 { -1 } else { 1 };
        controls.push(Control {
            row: row.number,
            heading: format!("{word}合计"),
            column: column_letters(0),
            sum_fen,
            total_fen: total.saturating_abs() * sign,
            primary: column.primary,
            grand: true,
            unread: column.unread,
        });
    }
}

impl Column {
    fn fen(&self, row: &RawRow, place: usize) -> Option<i64> {
        fen_of(row, place, self.scale.as_ref().unwrap_or(&Scale::PLAIN))
    }

    /// What a total says, however large: one that no rows can sum must not go unseen.
    fn stated(&self, row: &RawRow, place: usize) -> Option<i128> {
        let beyond = || {
            let number = row.cells.get(place).and_then(decimal)?;
            let is_read = matches!(self.scale, None | Some(Scale::Times(..)));
            is_read.then(|| number.to_units(2).map_or(i64::MAX, |(units, _)| units))
        };
        self.fen(row, place).or_else(beyond).map(i128::from)
    }

    /// The sum that a total states if any of those that it may mean is it; else the one that its word means.
    fn summed(&self, sums: Sums, stated: i128) -> i128 {
        let since = |from: &Running| -> [i128; 3] { std::array::from_fn(|at| self.sums[at] - from[at]) };
        let mut begins: Vec<Running> = vec![[0; 3], self.whole];
        if sums != Sums::Whole {
            begins.extend(self.boundaries.iter().rev());
        }
        let meant = begins.iter().flat_map(since).find(|sum| *sum == stated || *sum + self.brought == stated);
        if meant.is_some() {
            return stated;
        }
        match (sums, self.boundaries.last()) {
            (Sums::Part, Some(last)) => since(last)[0],
            (Sums::Carried, _) => self.sums[0] + self.brought,
            _ => self.sums[0],
        }
    }

    fn close(&mut self, sums: Sums) {
        if self.boundaries.len() == BOUNDARIES {
            self.boundaries.remove(0);
        }
        self.boundaries.push(self.sums);
        if sums == Sums::Whole {
            self.whole = self.sums;
        }
    }
}

/// In 64 bits; beyond them nothing holds anyway.
fn bounded(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

/// The amount of a cell in fen, where it is one.
pub fn fen_of(row: &RawRow, place: usize, scale: &Scale) -> Option<i64> {
    let cell = row.cells.get(place).filter(|c| !is_blank(c))?;
    fen(cell, scale).ok()
}
