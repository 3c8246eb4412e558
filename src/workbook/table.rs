//! One table on a sheet: an Excel table with filter, or its headings and a word where it has no rows.

use rust_xlsxwriter::{DataValidation, Formula, IgnoreError, TableColumn, TableStyle, Worksheet, XlsxError};

use super::cell::{self, UNKNOWN, number_width, printed, printed_width};
use super::grid::{Grid, ROW_PIXELS, height_of};
use super::names::{headings, table_name};
use super::styles::{Look, Part};
use super::text::{lines, looks_like_formula, width};
use super::total::{self, Answer, Place, TotalCell};
use super::{BookError, Shared};
use crate::model::sheet::{Cell, Column, Kind, Table, Total};

/// Room for the filter's button beside a heading.
const BUTTON_CHARS: usize = 4;
/// A heading longer than this is wrapped instead of widening its column.
const HEADING_CHARS: usize = 20;
/// A table with more columns than this folds its headings and wraps its texts, to be read on paper.
const WIDE_COLUMNS: usize = 10;
/// Widest text of such a table.
const WIDE_CHARS: usize = 34;
/// A heading up to this width is not folded.
const SHORT_HEADING_CHARS: usize = 8;
/// Headings get a little air.
const HEADING_AIR_PIXELS: u32 = 6;
/// Room around a printed value.
const PADDING_CHARS: usize = 2;
/// A column that is empty is filled in by hand.
const BY_HAND_CHARS: usize = 14;
/// Widest text in a column that holds figures in another table of the sheet; the rest is wrapped.
const SHARED_CHARS: usize = 24;

/// Where a table came to lie.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub heading_row: u32,
    /// First row of the body, and last row without the total.
    pub body: (u32, u32),
    /// First free row below.
    pub next_row: u32,
    /// Height from the heading to there.
    pub pixels: u32,
}

/// Checks what the types cannot say: every row has one cell a column, and totals and charts name columns that exist.
pub fn check(table: &Table, sheet: &str) -> Result<(), BookError> {
    let columns = table.columns.len();
    let fail = |what: String| Err(BookError::shape(sheet, what));
    if columns == 0 {
        return fail("a table without columns".to_owned());
    }
    if let Some(index) = table.rows.iter().position(|row| row.len() != columns) {
        return fail(format!("row {} has {} cells for {columns} columns", index + 1, table.rows[index].len()));
    }
    for column in &table.columns {
        if let Total::Ratio { numerator, denominator } = column.total
            && numerator.max(denominator) >= columns
        {
            return fail(format!("the rate {} names a column that is not there", column.title));
        }
    }
    match &table.chart {
        Some(chart) if chart.values.iter().chain([&chart.category]).any(|&column| column >= columns) => {
            fail(format!("the chart {} names a column that is not there", chart.title))
        }
        _ => Ok(()),
    }
}

/// Makes the columns wide enough for the table. Tables below each other share them: in columns for which
/// `is_shared`, a text gives way to the figures of the other tables.
pub fn measure(table: &Table, grid: &mut Grid, is_shared: impl Fn(usize) -> bool) {
    let is_wide = table.columns.len() > WIDE_COLUMNS;
    for (index, column) in table.columns.iter().enumerate() {
        let heading = if is_wide { folded(&column.title) } else { width(&column.title) };
        let heading = heading.min(HEADING_CHARS) + BUTTON_CHARS;
        let widest = table.rows.iter().map(|row| printed_width(&printed(&row[index]))).max().unwrap_or(0);
        let by_hand = column.choices.is_empty() && table.rows.iter().all(|row| matches!(row[index], Cell::Empty));
        let shown = match column.kind {
            Kind::Text if by_hand && !table.rows.is_empty() => BY_HAND_CHARS,
            Kind::Text if is_shared(index) => widest.min(SHARED_CHARS),
            Kind::Text if is_wide => widest.min(WIDE_CHARS),
            _ => widest,
        };
        let needed = shown.max(total_width(table, index, column)) + PADDING_CHARS;
        grid.widen(index, needed.max(heading));
    }
}

/// Width of a heading on two lines: broken at a space, or between two characters of a script without spaces; a short one
/// stays on one.
fn folded(title: &str) -> usize {
    let whole = width(title);
    if whole <= SHORT_HEADING_CHARS {
        return whole;
    }
    let breaks = title.char_indices().filter(|(at, c)| *at > 0 && (*c == ' ' || width(&c.to_string()) > 1));
    let halves = breaks.map(|(at, _)| width(title[..at].trim()).max(width(title[at..].trim())));
    halves.min().unwrap_or(whole)
}

/// Bold digits are a little wider, and a total has more of them than any row.
fn total_width(table: &Table, index: usize, column: &Column) -> usize {
    match &column.total {
        _ if !table.has_total => 0,
        Total::Sum => {
            let cells = table.rows.iter().filter_map(|row| super::figure::number(&row[index]));
            number_width(cells.sum(), if column.kind == Kind::Count { Look::Whole } else { Look::Money }) + 1
        }
        Total::Value(cell) => printed_width(&printed(cell)) + 1,
        Total::Ratio { .. } => 8,
        Total::None => 0,
    }
}

/// Writes the table with its first heading in the row `top`.
pub fn write(
    sheet: &mut Worksheet,
    shared: &mut Shared,
    table: &Table,
    grid: &Grid,
    top: u32,
) -> Result<Placed, BookError> {
    let sheet_name = sheet.name();
    let writer_error = |error| BookError::writer(&sheet_name, error);
    let titles = headings(table.columns.iter().map(|column| column.title.as_str()));
    let heading_lines =
        titles.iter().enumerate().map(|(i, t)| lines(t, grid.chars(i).saturating_sub(BUTTON_CHARS))).max();
    let heading_pixels = height_of(heading_lines.unwrap_or(1)) + HEADING_AIR_PIXELS;
    sheet.set_row_height_pixels(top, heading_pixels).map_err(writer_error)?;
    if table.rows.is_empty() {
        write_empty(sheet, shared, &titles, top).map_err(writer_error)?;
        let (body, pixels) = ((top + 1, top + 1), heading_pixels + ROW_PIXELS);
        return Ok(Placed { heading_row: top, body, next_row: top + 2, pixels });
    }

    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let body = (top + 1, top.saturating_add(rows));
    shared.tables += 1;
    let name = table_name(shared.tables);
    let place = Place { table_name: &name, headings: &titles, first_row: body.0, last_row: body.1 };
    let totals = match table.has_total {
        true => total::row(table, &place, &shared.words().total).map_err(|what| BookError::shape(&sheet_name, what))?,
        false => Vec::new(),
    };
    add_table(sheet, shared, &place, &totals).map_err(writer_error)?;
    let body_pixels = write_body(sheet, shared, table, grid, body.0).map_err(writer_error)?;
    offer_choices(sheet, table, body).map_err(writer_error)?;
    for (column, total) in (0_u16..).zip(&totals) {
        write_total(sheet, shared, (body.1 + 1, column), total).map_err(writer_error)?;
    }
    let total_rows = u32::from(table.has_total);
    let pixels = heading_pixels.saturating_add(body_pixels) + ROW_PIXELS * total_rows;
    Ok(Placed { heading_row: top, body, next_row: body.1 + 1 + total_rows, pixels })
}

/// A list to choose from in the cells of the columns that have one.
fn offer_choices(sheet: &mut Worksheet, table: &Table, body: (u32, u32)) -> Result<(), XlsxError> {
    for (column, choices) in (0_u16..).zip(table.columns.iter().map(|c| &c.choices)) {
        if !choices.is_empty() {
            let validation = DataValidation::new().allow_list_strings(choices)?;
            sheet.add_data_validation(body.0, column, body.1, column, &validation)?;
        }
    }
    Ok(())
}

/// Excel has no table without rows, so the headings stand alone and one line says that there is nothing.
fn write_empty(sheet: &mut Worksheet, shared: &mut Shared, titles: &[String], top: u32) -> Result<(), XlsxError> {
    let heading = shared.styles.heading();
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write_string_with_format(top, column, title, &heading)?;
    }
    let row = top + 1;
    let last = last_column(titles);
    let format = shared.styles.no_rows();
    if last == 0 {
        sheet.write_string_with_format(row, 0, &shared.words().no_rows, &format)?;
    } else {
        sheet.merge_range(row, 0, row, last, &shared.words().no_rows, &format)?;
    }
    Ok(())
}

fn add_table(sheet: &mut Worksheet, shared: &mut Shared, place: &Place, totals: &[TotalCell]) -> Result<(), XlsxError> {
    let heading = shared.styles.heading();
    let declare = |(index, title): (usize, &String)| {
        let column = TableColumn::new().set_header(title).set_header_format(&heading);
        match totals.get(index) {
            Some(total) => total.declare(column),
            None => column,
        }
    };
    let columns: Vec<TableColumn> = place.headings.iter().enumerate().map(declare).collect();
    let table = rust_xlsxwriter::Table::new()
        .set_name(place.table_name)
        .set_style(TableStyle::Medium2)
        .set_banded_rows(true)
        .set_autofilter(true)
        .set_columns(&columns)
        .set_total_row(!totals.is_empty());
    let (top, last_row) = (place.first_row - 1, place.last_row + u32::from(!totals.is_empty()));
    let last = last_column(place.headings);
    sheet.add_table(top, 0, last_row, last, &table)?;
    // Keys are digits that must stay text; Excel would put a green triangle into every one of them.
    sheet.ignore_error_range(top, 0, last_row, last, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// Writes the rows and returns how high they are.
fn write_body(
    sheet: &mut Worksheet,
    shared: &mut Shared,
    table: &Table,
    grid: &Grid,
    first_row: u32,
) -> Result<u32, XlsxError> {
    let mut pixels = 0_u32;
    for (row, cells) in (first_row..).zip(&table.rows) {
        let mut most_lines = 1;
        for (column, cell) in cells.iter().enumerate() {
            let at = (row, u16::try_from(column).unwrap_or(u16::MAX));
            cell::put(sheet, shared, at, cell, Part::Body)?;
            most_lines = most_lines.max(cell_lines(cell, grid.chars(column)));
        }
        if most_lines > 1 {
            sheet.set_row_height_pixels(row, height_of(most_lines))?;
        }
        pixels = pixels.saturating_add(height_of(most_lines));
    }
    Ok(pixels)
}

/// Lines of a cell's text; only long ones, or those with line ends, take more than one.
fn cell_lines(cell: &Cell, chars: usize) -> usize {
    match cell {
        Cell::Text(text) | Cell::Link { text, .. } if text.len() > SHARED_CHARS || text.contains('\n') => {
            lines(text, chars.saturating_sub(PADDING_CHARS - 1))
        }
        _ => 1,
    }
}

/// Puts the computed value where the table left a formula without one.
fn write_total(sheet: &mut Worksheet, shared: &mut Shared, at: (u32, u16), total: &TotalCell) -> Result<(), XlsxError> {
    let (row, column) = at;
    match total {
        TotalCell::Blank => cell::put(sheet, shared, at, &Cell::Empty, Part::Total),
        TotalCell::Fixed(cell) => cell::put(sheet, shared, at, cell, Part::Total),
        TotalCell::Label(label) => {
            let format = shared.styles.cell(Look::LongText, Part::Total, looks_like_formula(label));
            sheet.write_string_with_format(row, column, label, format)?;
            Ok(())
        }
        TotalCell::Formula { formula, result, look, .. } => {
            let cached = match result {
                Answer::Number(number) => number.to_string(),
                Answer::Unknown => UNKNOWN.to_owned(),
            };
            let format = shared.styles.cell(*look, Part::Total, false);
            sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(cached), format)?;
            Ok(())
        }
    }
}

fn last_column(headings: &[String]) -> u16 {
    u16::try_from(headings.len() - 1).unwrap_or(u16::MAX)
}
