//! Bytes to raw tables.
//!
//! Reads what a dealer system exports (xlsx, xls, ods, HTML and XML that call themselves xls, comma and tab text in any of
//! the encodings in use, and zip, gzip and tar files of them) into [`RawFile`]s: cells as they stand, row numbers as people see them, and everything that was
//! wrong on the way as data. Knows no dealership. Formats are told by content, never by a name's ending.
//!
//! The way of a file: [`read_all`] opens it and hands it to a fenced child ([`serve`]), which can do nothing but read it
//! and send the tables back. A file that kills its reader costs that child and itself, nothing else; and what is said then
//! is of the moment, not of the file ([`ProblemCode::ReaderFailed`]).

mod archive;
mod biff;
mod boxed;
mod cells;
mod compound;
mod confine;
mod delimited;
mod error_cells;
mod fence;
mod file;
mod guard;
mod handover;
mod html;
mod html_table;
mod html_value;
mod layout;
mod limits;
mod load;
mod long_cells;
mod mixed;
mod ods_shown;
mod problems;
mod queue;
mod raw;
mod serve;
mod sheet;
mod shown;
mod sniff;
pub mod stream;
mod text;
mod text_formula;
mod uncalculated;
mod wire;
mod worker;
mod xlsx;
mod xml2003;

pub use archive::name_of;
pub use fence::read_all;
pub use file::read_file;
pub use limits::Limits;
pub use raw::{Cell, Format, Merge, ProblemCode, RawFile, RawRow, RawSheet, ReadProblem};
pub use serve::serve;

/// The hidden command of this program that serves as a reading child: `hesuan read-files LIMIT...`.
pub const CHILD_COMMAND: &str = "read-files";

/// The arguments that make a child of this program read within `limits`.
pub fn child_args(limits: &Limits) -> Vec<String> {
    std::iter::once(CHILD_COMMAND.to_owned()).chain(limits.to_args()).collect()
}
