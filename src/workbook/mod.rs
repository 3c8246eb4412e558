//! Sheets to xlsx: turns a [`Book`] into the bytes of one workbook.
//!
//! The only user of `rust_xlsxwriter`, and it knows no dealership. Four promises hold for every book:
//! equal books give equal bytes; no text is ever a formula or a link; every formula carries its computed value;
//! a text that Excel cannot hold is made harmless instead of costing the reader the whole file.

mod cell;
mod chart;
mod error;
mod figure;
mod grid;
mod names;
mod page;
mod print;
mod properties;
mod styles;
mod table;
mod text;
mod total;
mod trend;

#[cfg(test)]
mod tests;

use rust_xlsxwriter::Workbook;

use crate::model::sheet::{Book, BookWords};

pub use error::BookError;
use names::SheetNames;
use styles::Styles;
use trend::Trends;

/// What the sheets of one book share while they are written.
struct Shared<'a> {
    book: &'a Book,
    styles: Styles,
    names: SheetNames,
    trends: Trends,
    /// Tables written so far; numbers them, because a table's name is unique in the book.
    tables: usize,
}

impl Shared<'_> {
    fn words(&self) -> &BookWords {
        &self.book.words
    }
}

/// Prints a book as xlsx.
///
/// # Errors
///
/// Where the book contradicts itself (a row with too few cells, a total over a column that is not there)
/// or is larger than a sheet can be. Odd texts and names are no error: they are made to fit.
pub fn write(book: &Book) -> Result<Vec<u8>, BookError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new(&book.words.font);
    let writer_error = |error| BookError::writer(&book.name, error);
    workbook.set_default_format(styles.base(), grid::ROW_PIXELS, grid::DEFAULT_COLUMN_PIXELS).map_err(writer_error)?;
    workbook.set_properties(&properties::of(book).map_err(writer_error)?);

    let names = SheetNames::new(book.sheets.iter().map(|sheet| sheet.name.as_str()));
    let trends = Trends::new(names.trend_sheet());
    let mut shared = Shared { book, styles, names, trends, tables: 0 };
    for (index, sheet) in book.sheets.iter().enumerate() {
        page::write(workbook.add_worksheet(), &mut shared, sheet, index)?;
    }
    if !shared.trends.is_empty() {
        shared.trends.write(workbook.add_worksheet()).map_err(writer_error)?;
    }
    workbook.save_to_buffer().map_err(writer_error)
}
