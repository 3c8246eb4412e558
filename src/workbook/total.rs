//! The total row: formulas that a reader can trace, each with the exact value it will compute.

use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{Formula, TableColumn, TableFunction};

use super::cell::{Printed, UNKNOWN, column_look, printed};
use super::figure::{self, Exact};
use super::styles::Look;
use super::text::one_line;
use crate::model::sheet::{Cell, Column, Kind, Table, Total};

/// Millionths of one.
const WHOLE: i128 = 1_000_000;
/// Longest word for a total, in UTF-16 units.
const LABEL_UNITS: usize = 255;

/// One cell of the total row.
#[derive(Debug, Clone, PartialEq)]
pub enum TotalCell {
    Blank,
    /// A word, e.g. `合计`.
    Label(String),
    Formula {
        formula: String,
        function: Function,
        result: Answer,
        look: Look,
    },
    /// A value that no formula can say, e.g. a light or a text.
    Fixed(Cell),
}

/// What the table itself calls the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Sum,
    Custom,
}

/// What a formula computes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    Number(f64),
    /// `–`: the denominator is 0 or not known.
    Unknown,
}

/// Where the table lies, as its formulas must say it.
pub struct Place<'a> {
    pub table_name: &'a str,
    pub headings: &'a [String],
    pub first_row: u32,
    pub last_row: u32,
}

impl Place<'_> {
    fn total_address(&self, column: usize) -> String {
        row_col_to_cell(self.last_row + 1, narrow(column))
    }

    /// The column's body: by its heading where that is plain in every program, otherwise by address.
    fn body(&self, column: usize) -> String {
        let heading = &self.headings[column];
        if heading.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return format!("{}[{heading}]", self.table_name);
        }
        let (first, last) = (self.first_row, self.last_row);
        format!("{}:{}", row_col_to_cell(first, narrow(column)), row_col_to_cell(last, narrow(column)))
    }
}

impl TotalCell {
    /// What the table's definition says about this total; it must agree with the cell.
    pub fn declare(&self, column: TableColumn) -> TableColumn {
        match self {
            TotalCell::Label(label) => column.set_total_label(label.as_str()),
            TotalCell::Formula { function: Function::Sum, .. } => column.set_total_function(TableFunction::Sum),
            TotalCell::Formula { formula, .. } => {
                column.set_total_function(TableFunction::Custom(Formula::new(formula)))
            }
            TotalCell::Fixed(cell) => match printed(cell) {
                Printed::Text(text, _) | Printed::Link { text, .. } => column.set_total_label(text),
                _ => column,
            },
            TotalCell::Blank => column,
        }
    }

    fn answer(&self) -> Option<Answer> {
        match self {
            TotalCell::Formula { result, .. } => Some(*result),
            // Only cells without a number stay fixed.
            TotalCell::Fixed(_) => Some(Answer::Unknown),
            TotalCell::Blank | TotalCell::Label(_) => None,
        }
    }
}

/// The total row of a table, or what is wrong with it.
pub fn row(table: &Table, place: &Place, word: &str) -> Result<Vec<TotalCell>, String> {
    // Ratios are made of the other totals, so those come first.
    let mut cells = Vec::with_capacity(table.columns.len());
    for (index, column) in table.columns.iter().enumerate() {
        cells.push(match &column.total {
            Total::None | Total::Ratio { .. } => TotalCell::Blank,
            Total::Sum => sum(table, index, place)?,
            Total::Value(cell) => value(cell, column.kind),
        });
    }
    for (index, column) in table.columns.iter().enumerate() {
        if let Total::Ratio { numerator, denominator } = column.total {
            cells[index] = ratio(&cells, column, numerator, denominator, place)?;
        }
    }
    if table.columns.first().is_some_and(|column| column.total == Total::None) {
        cells[0] = TotalCell::Label(one_line(word, LABEL_UNITS));
    }
    Ok(cells)
}

/// Sums exactly; the formula rounds to the column's own decimals, because doubles added up miss by a last bit.
fn sum(table: &Table, index: usize, place: &Place) -> Result<TotalCell, String> {
    let column = &table.columns[index];
    let mut total = Exact { micro: 0, decimals: 0 };
    let (mut knows, mut is_whole) = (table.rows.is_empty(), true);
    for row in &table.rows {
        match figure::exact(&row[index]) {
            Some(amount) => {
                knows = true;
                is_whole &= amount.decimals == 0 || amount.micro % WHOLE == 0;
                total.micro += amount.micro;
                total.decimals = total.decimals.max(amount.decimals);
            }
            None if figure::number(&row[index]).is_some() => {
                return Err(format!("column {} cannot be summed: it holds rates or dates", column.title));
            }
            // Texts, lights and unknown values: the formula passes them over too.
            None => {}
        }
    }
    if !knows {
        return Ok(TotalCell::Fixed(Cell::NotKnown)); // nothing known adds up to nothing known, not to 0
    }
    let body = place.body(index);
    let plain = format!("SUBTOTAL(109,{body})");
    let (formula, function) = match total.decimals {
        0 if body.contains('[') => (plain, Function::Sum),
        0 => (plain, Function::Custom),
        decimals => (format!("ROUND({plain},{decimals})"), Function::Custom),
    };
    let result = Answer::Number(total.to_f64());
    let decimals = if is_whole { 0 } else { total.decimals };
    Ok(TotalCell::Formula { formula, function, result, look: sum_look(column.kind, decimals) })
}

fn sum_look(kind: Kind, decimals: u8) -> Look {
    match (kind, decimals) {
        (Kind::Quantity | Kind::Mixed, 6) => Look::Fraction,
        (Kind::Quantity | Kind::Mixed, 0) => Look::Whole,
        _ => column_look(kind),
    }
}

/// A computed value. A number becomes a formula that says it, the only way a table keeps a number of its own there.
fn value(cell: &Cell, kind: Kind) -> TotalCell {
    let look = match (cell, kind) {
        (Cell::Rate { .. }, _) => Look::Rate,
        (Cell::Count(_), _) => Look::Whole,
        (Cell::Money(_) | Cell::MoneyRate { .. }, _) => Look::Money,
        (Cell::Quantity(micro), _) if micro % 1_000_000 == 0 => Look::Whole,
        (Cell::Quantity(_), _) => Look::Fraction,
        (Cell::Date(_), _) => Look::Date,
        (Cell::DateTime(_), _) => Look::DateTime,
        _ => Look::Number,
    };
    match (figure::literal(cell), figure::number(cell)) {
        (Some(formula), Some(number)) => {
            TotalCell::Formula { formula, function: Function::Custom, result: Answer::Number(number), look }
        }
        _ if *cell == Cell::Empty => TotalCell::Blank,
        _ => TotalCell::Fixed(cell.clone()),
    }
}

fn ratio(
    totals: &[TotalCell],
    column: &Column,
    numerator: usize,
    denominator: usize,
    place: &Place,
) -> Result<TotalCell, String> {
    let answer = |index: usize| {
        let total = totals.get(index).and_then(TotalCell::answer);
        total.ok_or_else(|| format!("the rate {} needs a total in column {}", column.title, index + 1))
    };
    let (over, under) = match (answer(numerator)?, answer(denominator)?) {
        (Answer::Number(over), Answer::Number(under)) => (over, under),
        // Dividing by a `–` would print an error.
        _ => return Ok(TotalCell::Fixed(Cell::NotKnown)),
    };
    let (over_at, under_at) = (place.total_address(numerator), place.total_address(denominator));
    let formula = format!("IF({under_at}=0,\"{UNKNOWN}\",{over_at}/{under_at})");
    let result = if under == 0.0 { Answer::Unknown } else { Answer::Number(over / under) };
    let look = if column.kind == Kind::Mixed { Look::Rate } else { column_look(column.kind) };
    Ok(TotalCell::Formula { formula, function: Function::Custom, result, look })
}

/// Columns of a table are checked against the sheet's 16,384 when the table is added.
fn narrow(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
