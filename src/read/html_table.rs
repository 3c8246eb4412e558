//! One HTML table while its tags go by: where a cell stands, given the spans of those before it.

use super::html_value::Stored;
use super::limits::{Budget, OverBudget};
use super::raw::{Cell, Merge, RawRow, RawSheet};

/// What the HTML standard allows for `colspan` and `rowspan`; more is cut.
const MOST_COLUMNS: usize = 1_000;
const MOST_ROWS: u32 = 65_534;
/// Columns of a spreadsheet; cells beyond are lost.
const WIDTH: usize = 16_384;

/// `colspan` and `rowspan` of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spans {
    columns: usize,
    rows: u32,
}

impl Default for Spans {
    fn default() -> Self {
        Spans { columns: 1, rows: 1 }
    }
}

impl Spans {
    pub(super) fn set_columns(&mut self, value: &[u8]) {
        self.columns = digits(value).clamp(1, MOST_COLUMNS as u64) as usize;
    }

    pub(super) fn set_rows(&mut self, value: &[u8]) {
        self.rows = digits(value).clamp(1, u64::from(MOST_ROWS)) as u32;
    }
}

/// The number at the beginning of an attribute; 0 if there is none.
fn digits(value: &[u8]) -> u64 {
    let digits = value.trim_ascii_start().iter().take_while(|b| b.is_ascii_digit());
    digits.fold(0, |n: u64, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')))
}

/// A cell beyond the last column, with its text.
#[derive(Debug)]
pub(super) struct Lost(pub(super) String);

/// A cell whose end has not been seen.
#[derive(Debug, Default)]
struct OpenCell {
    spans: Spans,
    stored: Stored,
    text: String,
    /// White space was seen since the last letter.
    space: bool,
}

/// One table.
#[derive(Debug)]
pub(super) struct Table {
    number: usize,
    rows: Vec<RawRow>,
    /// The row being filled, or filled last; 0 before the first.
    row: u32,
    in_row: bool,
    cells: Vec<Cell>,
    column: usize,
    cell: Option<OpenCell>,
    /// For every column the last row that a cell from above reaches down to.
    taken: Vec<u32>,
    merges: Vec<Merge>,
    /// Where in `merges` the current section begins: a span ends with its section.
    section: usize,
}

impl Table {
    pub(super) fn new(number: usize) -> Self {
        Table {
            number,
            rows: Vec::new(),
            row: 0,
            in_row: false,
            cells: Vec::new(),
            column: 0,
            cell: None,
            taken: Vec::new(),
            merges: Vec::new(),
            section: 0,
        }
    }

    /// Its place among the tables of the file, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    pub(super) fn name(&self) -> String {
        format!("表{}", self.number)
    }

    pub(super) fn in_cell(&self) -> bool {
        self.cell.is_some()
    }

    pub(super) fn start_row(&mut self, budget: &mut Budget) -> Result<(), OverBudget> {
        self.end_row(budget)?;
        self.row = self.row.saturating_add(1);
        self.column = 0;
        self.in_row = true;
        Ok(())
    }

    pub(super) fn end_row(&mut self, budget: &mut Budget) -> Result<(), OverBudget> {
        if !std::mem::take(&mut self.in_row) {
            return Ok(());
        }
        while matches!(self.cells.last(), Some(Cell::Empty)) {
            self.cells.pop();
        }
        if !self.cells.is_empty() {
            budget.spend(self.cells.len() as u64)?;
            let next = Vec::with_capacity(self.cells.len());
            self.rows.push(RawRow { number: self.row, cells: std::mem::replace(&mut self.cells, next), width: 0 });
        }
        Ok(())
    }

    /// Ends a `thead`, `tbody` or `tfoot`: cells that reach further down are cut off here.
    pub(super) fn end_section(&mut self, budget: &mut Budget) -> Result<(), OverBudget> {
        self.end_row(budget)?;
        self.taken.clear();
        for merge in &mut self.merges[self.section..] {
            merge.last_row = merge.last_row.min(self.row);
        }
        self.section = self.merges.len();
        Ok(())
    }

    /// Starts a cell; a row is started too if its tag is missing.
    pub(super) fn start_cell(&mut self, spans: Spans, stored: Stored, budget: &mut Budget) -> Result<(), OverBudget> {
        if !self.in_row {
            self.start_row(budget)?;
        }
        while self.taken.get(self.column).is_some_and(|last| *last >= self.row) {
            self.column += 1;
        }
        self.cell = Some(OpenCell { spans, stored, ..OpenCell::default() });
        Ok(())
    }

    /// Text of the open cell: white space of the source is one space, a no-break space is a plain one.
    pub(super) fn text(&mut self, value: &str) {
        let Some(cell) = &mut self.cell else { return };
        for (i, piece) in value.split([' ', '\t', '\n', '\r', '\x0C']).enumerate() {
            cell.space |= i > 0;
            if piece.is_empty() {
                continue;
            }
            if std::mem::take(&mut cell.space) && !cell.text.is_empty() && !cell.text.ends_with('\n') {
                cell.text.push(' ');
            }
            if piece.contains('\u{A0}') {
                cell.text.push_str(&piece.replace('\u{A0}', " "));
            } else {
                cell.text.push_str(piece);
            }
        }
    }

    pub(super) fn line_break(&mut self) {
        if let Some(cell) = &mut self.cell {
            cell.space = false;
            cell.text.push('\n');
        }
    }

    /// A paragraph begins on a line of its own.
    pub(super) fn block(&mut self) {
        if let Some(cell) = &mut self.cell
            && !cell.text.is_empty()
            && !cell.text.ends_with('\n')
        {
            cell.space = false;
            cell.text.push('\n');
        }
    }

    /// The open cell's text, trimmed, with its row and 0-based column. [`Table::put`] must follow.
    pub(super) fn take_text(&mut self) -> Option<(String, u32, usize)> {
        let cell = self.cell.as_mut()?;
        let mut text = std::mem::take(&mut cell.text);
        text.truncate(text.trim_end().len());
        let leading = text.len() - text.trim_start().len();
        text.drain(..leading);
        Some((text, self.row, self.column))
    }

    /// Closes the open cell, its text being `text`.
    pub(super) fn put(&mut self, text: String, budget: &mut Budget) -> Result<Result<(), Lost>, OverBudget> {
        let Some(OpenCell { spans, stored, .. }) = self.cell.take() else { return Ok(Ok(())) };
        if self.column >= WIDTH {
            return Ok(if text.is_empty() { Ok(()) } else { Err(Lost(text)) });
        }
        let cell = stored.cell(text);
        if !matches!(cell, Cell::Empty) {
            self.cells.resize(self.column, Cell::Empty);
            self.cells.push(cell);
        }
        let end = (self.column + spans.columns).min(WIDTH);
        let last_row = self.row.saturating_add(spans.rows - 1);
        if spans.rows > 1 {
            self.taken.resize(self.taken.len().max(end), 0);
            self.taken[self.column..end].fill(last_row);
        }
        if spans.rows > 1 || spans.columns > 1 {
            budget.spend(1)?;
            self.merges.push(Merge {
                first_row: self.row,
                last_row,
                first_column: self.column as u32,
                last_column: end as u32 - 1,
            });
        }
        self.column = end;
        Ok(Ok(()))
    }

    /// The sheet of a closed table; nothing if it has no text.
    pub(super) fn into_sheet(self) -> Option<RawSheet> {
        if self.rows.is_empty() {
            return None;
        }
        Some(RawSheet { name: self.name(), rows: self.rows, merges: self.merges, ..RawSheet::default() })
    }
}
