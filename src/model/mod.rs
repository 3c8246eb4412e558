//! The exact part's vocabulary: money, dates, periods, tables, rows and the typed records of the clearing.
//!
//! Imports nothing of ours, touches no file, no clock and no floating point but the cells of a trend.

pub mod blanks;
pub mod calendar;
pub mod dates;
pub mod fen;
pub mod forget;
pub mod keys;
pub mod lang;
pub mod records;
pub mod sheet;
pub mod strangers;
pub mod table;
pub mod written;

pub use blanks::Blanks;
pub use calendar::Calendar;
pub use dates::Period;
pub use fen::Fen;
pub use lang::{Lang, Text};
pub use table::{ColumnDef, ColumnKind, Counts, Origin, Row, TableDef, Value, WordList};
