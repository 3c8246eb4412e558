//! One sheet from top to bottom: head, blocks, sign-off, and how it opens.

use rust_xlsxwriter::{Format, ObjectMovement, Url, Worksheet, XlsxError};

use super::grid::{Grid, ROW_PIXELS, height_of, rows_under};
use super::names::link_target;
use super::print::{self, Extent, Unit};
use super::table::{self, Placed};
use super::text::{clean, lines, looks_like_formula, one_line, width};
use super::{BookError, Shared, cell, chart, styles};
use crate::model::sheet::{Block, Kind, Note, Sheet, Table};

/// A title or heading is one line; longer than this it would be none.
const LINE_UNITS: usize = 255;
/// Notes get at least this many characters, whatever the width of the tables.
const NOTE_CHARS: usize = 76;
/// A sheet of notes alone: as wide as a page upright.
const PAGE_CHARS: usize = 88;
/// Tables this narrow leave room for a chart beside them.
const BESIDE_CHARS: usize = 56;
const CHART_HEIGHT_PIXELS: u32 = 308;
/// Narrowest and widest chart beside a table and below one.
const CHART_BESIDE_PIXELS: (u32, u32) = (460, 640);
const CHART_BELOW_PIXELS: (u32, u32) = (480, 900);
/// Free space between a table and its chart.
const CHART_GAP_PIXELS: u32 = 12;
/// A heading below this row would fill the screen when frozen.
const DEEPEST_FROZEN_ROW: u32 = 14;
/// With other tables below, a table of so many rows is still the sheet's own and keeps its heading in sight.
const LARGE_ROWS: u32 = 15;
/// A table longer than this fills pages, and its heading is printed on each though others follow.
const LONG_ROWS: u32 = 80;
/// A table shorter than this is not cut by the end of a page; a longer one begins with so many rows at least.
const SHORT_ROWS: u32 = 24;
const BEGINNING_ROWS: u32 = 5;
/// A table with more columns than this keeps its first one in sight, unless that is wider than `FROZEN_CHARS`.
const FROZEN_COLUMNS: usize = 10;
const FROZEN_CHARS: usize = 24;

/// A sheet being written.
struct Page<'a, 'b> {
    sheet: &'a mut Worksheet,
    shared: &'a mut Shared<'b>,
    grid: Grid,
    /// Columns that lines of text run across.
    span: usize,
    /// Columns of the widest table, and of all there is to print.
    table_columns: usize,
    columns: usize,
    /// Next free row, and its distance from the top.
    row: u32,
    pixels: u32,
    first_table: Option<Placed>,
    /// What a printed page should not cut.
    units: Vec<Unit>,
}

pub fn write(sheet: &mut Worksheet, shared: &mut Shared, content: &Sheet, index: usize) -> Result<(), BookError> {
    let name = shared.names.at(index).to_owned();
    let place = |error| BookError::writer(&content.name, error);
    sheet.set_name(&name).map_err(place)?;
    for table in tables(content) {
        table::check(table, &content.name)?;
    }
    let (grid, table_columns, span) = lay_out(content);
    let mut page = Page {
        sheet,
        shared,
        grid,
        span,
        table_columns,
        columns: span,
        row: 0,
        pixels: 0,
        first_table: None,
        units: Vec::new(),
    };
    page.set_widths().map_err(place)?;
    page.head(content, index).map_err(place)?;
    page.blocks(content)?;
    page.finish(content, index).map_err(place)
}

fn tables(content: &Sheet) -> impl Iterator<Item = &Table> {
    content.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Notes(_) => None,
    })
}

/// Widths of the columns, columns of the widest table, and the columns that lines of text run across.
fn lay_out(content: &Sheet) -> (Grid, usize, usize) {
    let mut grid = Grid::default();
    let figures = |column: usize| {
        tables(content).any(|table| table.columns.get(column).is_some_and(|column| column.kind != Kind::Text))
    };
    for table in tables(content) {
        table::measure(table, &mut grid, figures);
    }
    let table_columns = tables(content).map(|table| table.columns.len()).max().unwrap_or(0);
    let least = if table_columns == 0 { PAGE_CHARS } else { NOTE_CHARS };
    let span = grid.columns_for(least, table_columns);
    (grid, table_columns, span)
}

impl Page<'_, '_> {
    fn set_widths(&mut self) -> Result<(), XlsxError> {
        for (column, chars) in self.grid.set_columns() {
            self.sheet.set_column_width(column, chars)?;
        }
        // The frames of the tables do the work of the grid, and the sheet looks like paper.
        self.sheet.set_screen_gridlines(false);
        Ok(())
    }

    fn head(&mut self, content: &Sheet, index: usize) -> Result<(), XlsxError> {
        let book = self.shared.book;
        let title = if index == 0 { &book.title } else { &content.title };
        self.line(title, &self.shared.styles.title(), 32)?;
        self.line(&book.subtitle, &self.shared.styles.subtitle(), 20)?;
        if index > 0 {
            self.back_link()?;
        }
        if !content.notes.is_empty() {
            self.gap()?;
            self.notes(&content.notes)?;
        }
        if index == 0 && content.title != book.title && !content.title.trim().is_empty() {
            self.gap()?;
            self.line(&content.title, &self.shared.styles.block_heading(), 26)?;
        }
        Ok(())
    }

    fn blocks(&mut self, content: &Sheet) -> Result<(), BookError> {
        let place = |error| BookError::writer(&content.name, error);
        for block in &content.blocks {
            self.gap().map_err(place)?;
            match block {
                Block::Notes(notes) => self.notes(notes).map_err(place)?,
                Block::Table(table) => self.table(table, &content.name)?,
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &Table, name: &str) -> Result<(), BookError> {
        let place = |error| BookError::writer(name, error);
        let (first_row, top) = (self.row, self.pixels);
        if let Some(heading) = &table.heading {
            self.line(heading, &self.shared.styles.block_heading(), 26).map_err(place)?;
        }
        let placed = table::write(self.sheet, self.shared, table, &self.grid, self.row)?;
        self.first_table.get_or_insert(placed);
        self.row = placed.next_row;
        let heading_end = self.pixels.saturating_add(ROW_PIXELS * BEGINNING_ROWS);
        self.pixels = self.pixels.saturating_add(placed.pixels);
        let (table_row, table_end) = (self.row, self.pixels);
        self.chart(table, &placed).map_err(place)?;
        let is_short = placed.body.1 - placed.body.0 < SHORT_ROWS;
        let end = if is_short { table_end } else { heading_end };
        self.units.push(Unit { row: first_row, top, end });
        if self.pixels > table_end {
            self.units.push(Unit { row: table_row, top: table_end, end: self.pixels });
        }
        Ok(())
    }

    /// Puts the chart beside a narrow table, otherwise below it; the next block begins below both.
    fn chart(&mut self, table: &Table, placed: &Placed) -> Result<(), XlsxError> {
        let Some(chart) = table.chart.as_ref().filter(|c| !c.values.is_empty() && !table.rows.is_empty()) else {
            return Ok(());
        };
        let columns = table.columns.len();
        let beside = self.grid.total_chars(columns) <= BESIDE_CHARS;
        let (row, column, width) = if beside {
            // Ends where a wider table of the sheet ends.
            let rest = self.grid.total_pixels(self.table_columns.max(columns)) - self.grid.total_pixels(columns);
            let width = rest.saturating_sub(2 * CHART_GAP_PIXELS).clamp(CHART_BESIDE_PIXELS.0, CHART_BESIDE_PIXELS.1);
            (placed.heading_row, columns, width)
        } else {
            let width = self.grid.total_pixels(columns).clamp(CHART_BELOW_PIXELS.0, CHART_BELOW_PIXELS.1);
            (placed.next_row, 0, width)
        };
        let size = (width, CHART_HEIGHT_PIXELS);
        let sheet_name = self.sheet.name();
        let mut picture = chart::build(chart, table, placed, &sheet_name, &self.shared.words().font, size);
        // Filtering the table must not squeeze the chart.
        picture.set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
        let offset = if beside { (CHART_GAP_PIXELS, 0) } else { (0, CHART_GAP_PIXELS) };
        let at = u16::try_from(column).unwrap_or(u16::MAX);
        self.sheet.insert_chart_with_offset(row, at, &picture, offset.0, offset.1)?;

        let end = row + rows_under(size.1 + offset.1);
        self.pixels = self.pixels.saturating_add(end.saturating_sub(self.row) * ROW_PIXELS);
        self.row = self.row.max(end);
        self.columns = self.columns.max(column + self.grid.columns_under(column, width + offset.0));
        Ok(())
    }

    fn back_link(&mut self) -> Result<(), XlsxError> {
        let text = clean(&self.shared.words().back).into_owned();
        if !text.trim().is_empty() {
            let url = Url::new(link_target(self.shared.names.at(0))).set_text(text);
            self.set_height(ROW_PIXELS)?;
            self.sheet.write_url_with_format(self.row, 0, url, &self.shared.styles.back_link())?;
            self.row += 1;
        }
        Ok(())
    }

    fn notes(&mut self, notes: &[Note]) -> Result<(), XlsxError> {
        for note in notes {
            let text = cell::note_text(&note.text, note.light);
            let format = self.shared.styles.note(note.light, looks_like_formula(&text));
            let height = height_of(lines(&text, self.grid.total_chars(self.span).saturating_sub(2)));
            self.across(&text, &format, height)?;
        }
        Ok(())
    }

    /// A line that stands alone and may run over the cells beside it.
    fn line(&mut self, text: &str, format: &Format, pixels: u32) -> Result<(), XlsxError> {
        let text = one_line(text, LINE_UNITS);
        let format = if looks_like_formula(&text) { format.clone().set_quote_prefix() } else { format.clone() };
        self.set_height(pixels)?;
        self.sheet.write_string_with_format(self.row, 0, &text, &format)?;
        // What runs out of the print area would be cut on paper.
        self.columns = self.columns.max(self.grid.columns_for(width(&text), 1));
        self.row += 1;
        Ok(())
    }

    /// A text in one cell across the page, so that it wraps on the screen and on paper.
    fn across(&mut self, text: &str, format: &Format, pixels: u32) -> Result<(), XlsxError> {
        self.set_height(pixels)?;
        match u16::try_from(self.span - 1).unwrap_or(u16::MAX) {
            0 => self.sheet.write_string_with_format(self.row, 0, text, format)?,
            last => self.sheet.merge_range(self.row, 0, self.row, last, text, format)?,
        };
        self.row += 1;
        Ok(())
    }

    /// An empty row, lower than the others.
    fn gap(&mut self) -> Result<(), XlsxError> {
        self.set_height(12)?;
        self.row += 1;
        Ok(())
    }

    fn set_height(&mut self, pixels: u32) -> Result<(), XlsxError> {
        self.sheet.set_row_height_pixels(self.row, pixels)?;
        self.pixels = self.pixels.saturating_add(pixels);
        Ok(())
    }

    fn finish(&mut self, content: &Sheet, index: usize) -> Result<(), XlsxError> {
        let sign_off = clean(&self.shared.words().sign_off).into_owned();
        if content.sign_off && !sign_off.trim().is_empty() {
            self.gap()?;
            self.across(&sign_off, &self.shared.styles.sign_off(), 30)?;
        }
        if index == 0 {
            self.sheet.set_tab_color(styles::NAVY).set_active(true);
        }
        let heading_row = self.heading_to_keep(tables(content).count());
        if let Some(row) = heading_row {
            let keep_column = self.table_columns > FROZEN_COLUMNS && self.grid.chars(0) <= FROZEN_CHARS;
            self.sheet.set_freeze_panes(row + 1, u16::from(keep_column))?;
        }
        let extent = Extent {
            last_row: self.row.saturating_sub(1),
            columns: self.columns,
            chars: self.grid.total_chars(self.columns),
            pixels: (self.grid.total_pixels(self.columns), self.pixels),
            table_columns: self.table_columns,
            heading_row: heading_row.filter(|_| self.repeats(tables(content).count())),
            units: std::mem::take(&mut self.units),
        };
        print::set_up(self.sheet, &extent, &self.shared.words().page_footer)
    }

    /// Whether the first table's heading is printed on every page: not above other tables.
    fn repeats(&self, tables: usize) -> bool {
        tables == 1 || self.first_table.is_some_and(|placed| placed.body.1 - placed.body.0 >= LONG_ROWS)
    }

    /// The heading that stays in sight: that of the sheet's only or large first table, if it is near the top.
    fn heading_to_keep(&self, tables: usize) -> Option<u32> {
        let placed = self.first_table?;
        let large = placed.body.1 - placed.body.0 >= LARGE_ROWS;
        let near = placed.heading_row <= DEEPEST_FROZEN_ROW;
        (near && (tables == 1 || large)).then_some(placed.heading_row)
    }
}
