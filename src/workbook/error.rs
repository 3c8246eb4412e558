//! Why a book could not be printed.

use std::error::Error;
use std::fmt;

use rust_xlsxwriter::XlsxError;

/// A book that cannot be a workbook.
#[derive(Debug)]
pub enum BookError {
    /// The book contradicts itself; a fault of the report that made it.
    Shape { sheet: String, what: String },
    /// The writer refused, e.g. more rows than a sheet has. `place` is a sheet or the book.
    Writer { place: String, source: XlsxError },
}

impl BookError {
    pub(super) fn shape(sheet: &str, what: impl Into<String>) -> BookError {
        BookError::Shape { sheet: sheet.to_owned(), what: what.into() }
    }

    pub(super) fn writer(place: &str, source: XlsxError) -> BookError {
        BookError::Writer { place: place.to_owned(), source }
    }
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BookError::Shape { sheet, what } => write!(f, "sheet {sheet}: {what}"),
            BookError::Writer { place, .. } => write!(f, "{place}: the workbook could not be written"),
        }
    }
}

impl Error for BookError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            BookError::Shape { .. } => None,
            BookError::Writer { source, .. } => Some(source),
        }
    }
}
