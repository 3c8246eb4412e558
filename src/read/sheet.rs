//! Puts the cells of one sheet together, wherever they come from, without paying for emptiness.

use super::limits::{Budget, OverBudget};
use super::problems::Problems;
use super::raw::{Cell, Merge, ProblemCode, RawRow, RawSheet};

/// Columns up to here are taken without a question.
const NEAR: usize = 512;
/// A cell in a column beyond [`NEAR`] belongs to the table if no more columns than this are empty before it.
const GAP: usize = 256;

/// Collects cells by position.
///
/// Rows cost nothing where they are empty, columns do, as a row is padded from column A on. So a lone cell far to the
/// right, mostly a slip of the keyboard, is left out and reported; one far down is kept.
#[derive(Debug)]
pub(super) struct SheetBuilder<'b> {
    budget: &'b mut Budget,
    rows: Vec<RawRow>,
    sorted: bool,
    far: Vec<(u32, usize, Cell)>,
    widest: usize,
}

impl<'b> SheetBuilder<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        SheetBuilder { budget, rows: Vec::new(), sorted: true, far: Vec::new(), widest: 0 }
    }

    /// Puts `cell` at the 1-based `row` and the 0-based `column`; an empty one is nothing.
    pub(super) fn put(&mut self, row: u32, column: usize, cell: Cell) -> Result<(), OverBudget> {
        if matches!(cell, Cell::Empty) {
            return Ok(());
        }
        if let Cell::Text(text) | Cell::Error(text) = &cell {
            self.budget.spend_text(text.len())?;
        }
        if column >= NEAR {
            self.budget.spend(1)?;
            self.far.push((row, column, cell));
            return Ok(());
        }
        self.place(row, column, cell)
    }

    /// Whether something stands there; rows must have come in order.
    pub(super) fn has(&self, row: u32, column: usize) -> bool {
        let far = self.far.binary_search_by_key(&(row, column), |(row, column, _)| (*row, *column)).is_ok();
        let near = self.rows.binary_search_by_key(&row, |r| r.number).ok();
        far || near.is_some_and(|at| !matches!(self.rows[at].cells.get(column), None | Some(Cell::Empty)))
    }

    fn place(&mut self, row: u32, column: usize, cell: Cell) -> Result<(), OverBudget> {
        match self.rows.last() {
            Some(last) if last.number == row => {}
            last => {
                self.sorted &= last.is_none_or(|l| l.number < row);
                // Rows of a table are about as wide as the one before.
                let width = last.map_or(8, |l| l.cells.len());
                self.rows.push(RawRow { number: row, cells: Vec::with_capacity(width), width: 0 });
            }
        }
        let at = self.rows.len() - 1;
        self.set(at, column, cell)
    }

    fn set(&mut self, at: usize, column: usize, cell: Cell) -> Result<(), OverBudget> {
        self.widest = self.widest.max(column + 1);
        let cells = &mut self.rows[at].cells;
        if column < cells.len() {
            cells[column] = cell;
            return Ok(());
        }
        self.budget.spend((column + 1 - cells.len()) as u64)?;
        cells.resize(column, Cell::Empty);
        cells.push(cell);
        Ok(())
    }

    /// The sheet, rows in order, and the far-away cells reported.
    pub(super) fn finish(
        mut self,
        name: String,
        hidden: bool,
        merges: Vec<Merge>,
        problems: &mut Problems,
    ) -> Result<RawSheet, OverBudget> {
        self.sort();
        if !self.far.is_empty() {
            self.settle_far(&name, problems)?;
        }
        Ok(RawSheet { name, hidden, is_1904: false, rows: self.rows, merges })
    }

    /// A well-formed sheet is in order; one that names a row twice has its cells put together, the later ones above.
    fn sort(&mut self) {
        if self.sorted {
            return;
        }
        self.rows.sort_by_key(|row| row.number);
        self.rows.dedup_by(|later, kept| {
            if later.number != kept.number {
                return false;
            }
            kept.cells.resize(kept.cells.len().max(later.cells.len()), Cell::Empty);
            for (into, from) in kept.cells.iter_mut().zip(later.cells.drain(..)) {
                if !matches!(from, Cell::Empty) {
                    *into = from;
                }
            }
            true
        });
    }

    fn settle_far(&mut self, name: &str, problems: &mut Problems) -> Result<(), OverBudget> {
        let far = std::mem::take(&mut self.far);
        let mut columns: Vec<usize> = far.iter().map(|(_, column, _)| *column).collect();
        columns.sort_unstable();
        let mut reach = self.widest;
        for column in columns {
            if column <= reach + GAP {
                reach = reach.max(column + 1);
            }
        }
        for (number, column, cell) in far {
            if column >= reach {
                problems.cell(ProblemCode::CellFarAway, name, number, column, &shown(&cell));
                continue;
            }
            // Behind the other rows first: inserting each where it belongs would cost the square of them.
            self.place(number, column, cell)?;
        }
        self.sort();
        Ok(())
    }
}

/// A cell's value for a problem's text.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::NoValue => String::new(),
        Cell::Text(s) | Cell::Error(s) => s.clone(),
        Cell::Number(n) => n.to_string(),
        Cell::Date(d) => d.to_string(),
        Cell::DateTime(d) => d.to_string(),
        Cell::Bool(b) => b.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Limits;

    fn text(s: &str) -> Cell {
        Cell::Text(s.into())
    }

    #[test]
    fn rows_out_of_order_are_put_in_order_and_together() {
        let mut budget = Budget::new(&Limits::default());
        let mut sheet = SheetBuilder::new(&mut budget);
        for (row, column, value) in [(5, 1, "e"), (2, 0, "b"), (5, 0, "d"), (2, 2, "c")] {
            sheet.put(row, column, text(value)).expect("within the budget");
        }
        let sheet = sheet.finish("s".into(), false, vec![], &mut Problems::default()).expect("within the budget");
        let rows: Vec<(u32, usize)> = sheet.rows.iter().map(|r| (r.number, r.cells.len())).collect();
        assert_eq!(rows, [(2, 3), (5, 2)]);
        assert_eq!(sheet.rows[0].cells, [text("b"), Cell::Empty, text("c")]);
    }

    #[test]
    fn a_lone_far_cell_is_left_out_and_a_wide_table_is_not() {
        let mut budget = Budget::new(&Limits::default());
        let mut sheet = SheetBuilder::new(&mut budget);
        for column in 0..700 {
            sheet.put(1, column, text("x")).expect("within the budget");
        }
        sheet.put(1_048_576, 16_383, text("slip")).expect("within the budget");
        let mut problems = Problems::default();
        let sheet = sheet.finish("s".into(), false, vec![], &mut problems).expect("within the budget");
        assert_eq!((sheet.rows.len(), sheet.rows[0].cells.len()), (1, 700));
        let problems = problems.finish();
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].code, problems[0].column.as_str()), (ProblemCode::CellFarAway, "XFD"));
    }

    #[test]
    fn padding_counts() {
        let limits = Limits { cells: 1_000, ..Limits::default() };
        let mut budget = Budget::new(&limits);
        let mut sheet = SheetBuilder::new(&mut budget);
        assert_eq!(sheet.put(1, 500, text("x")), Ok(()));
        assert_eq!(sheet.put(2, 500, text("x")), Err(OverBudget));
    }
}
