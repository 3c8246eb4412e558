//! Writes a grid as xlsx.

use super::cell::{Cell, Grid};
use super::number::{cell_number, serial};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The bytes of a workbook with one sheet. The creation time is fixed: the same grid gives the same bytes.
pub fn write(grid: &Grid) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let formats = Formats {
        date: Format::new().set_num_format("yyyy-mm-dd"),
        time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
    };
    let sheet = workbook.add_worksheet().set_name("Sheet1")?;
    for (row, cells) in (0..).zip(&grid.rows) {
        for (column, cell) in (0..).zip(cells) {
            put(sheet, row, column, cell, &formats)?;
        }
    }
    for merge in &grid.merges {
        merge_cells(sheet, grid, *merge)?;
    }
    workbook.save_to_buffer()
}

struct Formats {
    date: Format,
    time: Format,
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Money(fen) => sheet.write_number(row, column, cell_number(fen.0, 2))?,
        Cell::Number(units, decimals) => sheet.write_number(row, column, cell_number(*units, *decimals))?,
        Cell::Date(day) => {
            sheet.write_number_with_format(row, column, serial(day.and_time(chrono::NaiveTime::MIN)), &formats.date)?
        }
        Cell::Time(at) => sheet.write_number_with_format(row, column, serial(*at), &formats.time)?,
    };
    Ok(())
}

/// Merging writes the text of the first cell again: the library wants it so.
fn merge_cells(sheet: &mut Worksheet, grid: &Grid, [top, left, bottom, right]: [usize; 4]) -> Result<(), XlsxError> {
    let text = match &grid.rows[top][left] {
        Cell::Text(text) => text.as_str(),
        _ => "",
    };
    let row = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let column = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    sheet.merge_range(row(top), column(left), row(bottom), column(right), text, &Format::new())?;
    Ok(())
}
