//! Raw cells to typed values, by a source spec.
//!
//! Parsing gives rows *and* findings, never an error: a bad cell or row is counted and said, and the run goes on.

pub mod amounts;
mod capitals;
pub mod cells;
mod covers;
pub mod dates;
mod dating;
pub mod export;
pub mod normal;
mod pivot;
mod plan;
mod recognise;
mod register;
mod rows;
mod sheet;
pub mod source;
mod summary;
pub mod units;
mod watch;

pub use covers::Covers;
pub use dating::stated_by_name;
pub use export::{CleanRow, CleanSheet, Control, Export, TableRows, clean, problem};
pub use plan::total_word;
pub use rows::key_text;
pub use source::Source;
