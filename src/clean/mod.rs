//! Raw cells to typed values, by a source spec.
//!
//! Parsing gives rows *and* findings, never an error: a bad cell or row is counted and said, and the run goes on.

mod across;
mod adding;
pub mod amounts;
mod blocks;
mod capitals;
pub mod cells;
mod condition;
mod covers;
pub mod dates;
mod dating;
mod direction;
mod epoch;
pub mod export;
mod former;
mod gather;
mod grids;
mod heading_rows;
mod kinds;
mod nearest;
pub mod normal;
mod notes;
mod pivot;
mod plan;
mod recognise;
mod register;
mod reversal;
mod rows;
mod running;
mod sheet;
pub mod source;
mod summary;
mod totals;
pub mod units;
mod unread;
mod watch;
mod width;
mod words;

pub use covers::Covers;
pub use dating::{stated_by_name, stem};
pub use direction::Lexicon;
pub use export::{CleanRow, CleanSheet, Control, Export, NoRecord, TableRows, clean, problem};
pub use rows::key_text;
pub use source::Source;
pub use unread::Unread;
pub use words::{is_below, total_word};
