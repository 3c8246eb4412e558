//! Cells of any content on their way through a real file: written as a workbook, read again as an export is.

use std::io::Write as _;

use crate::read::{self, Cell, Format, Limits, ProblemCode, RawFile, RawSheet};
use crate::sample::{self, Content, File, Form, Grid};

/// The longest text that a cell of a workbook holds.
const LONGEST: usize = 2_000;

/// The sheet as the reader gives it out of a workbook of this format; none where no workbook holds it.
///
/// A panic of the reader is one of the program, though a child of it takes the blow.
pub fn through(sheet: &RawSheet, format: Format) -> Option<RawFile> {
    let form = match format {
        Format::Xlsx => Form::Xlsx,
        Format::Xls => Form::Xls,
        _ => return None,
    };
    let rows = sheet.rows.iter().map(|row| row.cells.iter().map(cell).collect()).collect();
    let content = Content::Table(Grid { rows, merges: Vec::new() }, form);
    let bytes = File { name: String::new(), content }.bytes().ok()?;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let raw = read::read_file(file.path(), &Limits::default());
    let failed = raw.problems.iter().find(|problem| problem.code == ProblemCode::ReaderFailed);
    assert!(failed.is_none(), "{failed:?}");
    Some(raw)
}

fn cell(cell: &Cell) -> sample::Cell {
    match cell {
        Cell::Empty | Cell::NoValue => sample::Cell::Empty,
        Cell::Text(text) | Cell::Error(text) => sample::Cell::text(text.chars().take(LONGEST).collect::<String>()),
        Cell::Bool(is) => sample::Cell::text(is.to_string()),
        Cell::Date(day) => sample::Cell::Date(*day),
        Cell::DateTime(at) => sample::Cell::Time(*at),
        Cell::Number(number) => number_cell(*number),
    }
}

/// A number as digits and decimals; what has more than 64 bits becomes the largest there is, what is small keeps none.
fn number_cell(number: f64) -> sample::Cell {
    let decimals = (0..6).rev().find(|decimals| (number * 10_f64.powi(*decimals)).abs() < 9e17).unwrap_or(0);
    let units = (number * 10_f64.powi(decimals)).round() as i64; // saturates
    sample::Cell::Number(units, u32::try_from(decimals).unwrap_or(0))
}
